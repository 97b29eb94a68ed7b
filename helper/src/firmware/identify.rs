//! What an image is, each with the evidence and how sure that is. Nothing is invented: for most
//! of these images no format is published (domain.md 3.3), and that is what is said of them.

use shared::catalogue::Confidence;
use shared::catalogue::archives::Archive;
use shared::catalogue::version::Version;
use shared::firmware::{Finding, FirmwareView, Subject};
use shared::model::Model;
use shared::text::amount;

use super::hash::{sha1, sha256};
use super::strings::{Found, Strings};

/// Where the Linux image of a 6867i begins, and with which letters (SYSS-2022-021).
const LINUX_AT: usize = 347;
const LINUX: &[u8] = b"Linu";

/// Where an image came from.
#[derive(Debug, Default)]
pub(super) struct Provenance<'a> {
    /// Its place in the archive, if it lay in one.
    pub(super) path: Option<String>,
    /// Archives of the maker's around it, with what says so.
    pub(super) known: &'a [(String, &'static Archive)],
    /// Its sha1 and sha256, if they are known.
    pub(super) sums: Option<(String, String)>,
}

/// What an image is.
pub(super) fn identify(name: String, bytes: &[u8], provenance: &Provenance<'_>) -> FirmwareView {
    let strings = Strings::of(bytes);
    let of_name = Model::by_file(&name);
    let path = provenance.path.as_deref().unwrap_or(&name);
    let around = |(place, _): &&(String, &'static Archive)| path.starts_with(place.as_str());
    let known = provenance.known.iter().rfind(around).map(|(_, archive)| *archive);
    let versions = versions(path, &strings, known);
    let mut findings = vec![kind(bytes)];
    findings.extend(provenance.known.iter().map(|(place, archive)| known_archive(place, archive)));
    findings.push(match of_name {
        Some(model) => Finding::new(
            Subject::Model,
            model.name,
            format!("{name} is the name of its file"),
            model.origins.file.confidence,
        ),
        None => unknown(Subject::Model, format!("{name} is the file of no model that we know")),
    });
    findings.push(models_inside(&strings));
    findings.extend(versions.iter().cloned());
    if let Some(model) = of_name.or(strings.only_model()) {
        findings.push(size(bytes.len() as u64, model));
    }
    let (sha1, id) = provenance.sums.clone().unwrap_or_else(|| (sha1(bytes), sha256(bytes)));
    FirmwareView {
        id,
        sha1,
        bytes: bytes.len() as u64,
        model: of_name.map(|model| model.name.to_owned()),
        model_inside: strings.only_model().map(|model| model.name.to_owned()),
        versions: versions
            .into_iter()
            .filter(|finding| finding.confidence != Confidence::Unknown)
            .map(|finding| finding.says)
            .collect(),
        taken_from: provenance.path.clone(),
        findings,
        name,
    }
}

/// That a file is one of the maker's archives.
pub(super) fn known_archive(place: &str, archive: &Archive) -> Finding {
    Finding::new(
        Subject::Archive,
        format!("the maker's {}, of {}", archive.name, archive.set),
        format!("{place} has {} bytes and the sha1 {}", archive.bytes, archive.sha1_hex()),
        Confidence::Documented,
    )
}

fn kind(bytes: &[u8]) -> Finding {
    let at = LINUX_AT..LINUX_AT + LINUX.len();
    if bytes.get(at) == Some(LINUX) {
        return Finding::new(
            Subject::Kind,
            "an image with Linux in it",
            format!("\"Linu\" stands at byte {LINUX_AT}, as in the 6867i's"),
            Confidence::Documented,
        );
    }
    if let Some(first) = bytes.first()
        && bytes.iter().all(|byte| byte == first)
    {
        let evidence = format!("every byte of it is {first:02x}");
        return Finding::new(Subject::Kind, "hardly firmware", evidence, Confidence::Inferred);
    }
    let begin: Vec<String> = bytes.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let evidence =
        format!("it begins with {}, like nothing else that we know; no format is published", begin.join(" "));
    unknown(Subject::Kind, evidence)
}

fn models_inside(strings: &Strings) -> Finding {
    if strings.models.is_empty() {
        return unknown(Subject::Model, "no string inside names a model");
    }
    let names = strings.models.iter().map(|found| found.what.name).collect::<Vec<_>>().join(", ");
    let evidence = strings.models.iter().map(|found| stands(found, found.what.name)).collect::<Vec<_>>();
    let confidence = match strings.only_model() {
        Some(_) => Confidence::Inferred,
        None => Confidence::Unknown,
    };
    Finding::new(Subject::Model, names, evidence.join(", "), confidence)
}

/// Every version that it may be: what the set of a known archive is called after, and what names
/// and strings tell. A set may hold more than the version in its name, so none of them is believed
/// against the others.
fn versions(path: &str, strings: &Strings, known: Option<&Archive>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(archive) = known
        && let Some(version) = archive.version()
    {
        let evidence = format!("{} is known from the set {}", archive.name, archive.set);
        findings.push(Finding::new(Subject::Version, version.to_string(), evidence, Confidence::Inferred));
    }
    for version in in_name(path) {
        let says = version.to_string();
        if findings.iter().all(|finding| finding.says != says) {
            let evidence = format!("the name says so: {path}");
            findings.push(Finding::new(Subject::Version, says, evidence, Confidence::Inferred));
        }
    }
    for found in &strings.versions {
        let says = found.what.to_string();
        if findings.iter().all(|finding| finding.says != says) {
            let evidence = stands(found, &says);
            findings.push(Finding::new(Subject::Version, says, evidence, Confidence::Inferred));
        }
    }
    if findings.is_empty() {
        findings.push(unknown(Subject::Version, "neither a name nor a string inside tells it"));
    }
    findings
}

/// Versions in the names of files and archives: `57i_3.3.1.4365.st`, `mitel_sip_4_2_0_2023_sp2.zip`.
/// A build is written with it or left out; what follows else is no part of it.
pub(super) fn in_name(path: &str) -> Vec<Version> {
    let mut versions = Vec::new();
    let digits: Vec<(usize, &str)> = numbers(path);
    for (index, window) in digits.windows(3).enumerate() {
        let joined = |left: (usize, &str), right: (usize, &str)| {
            right.0 == left.0 + left.1.len() + 1
                && matches!(path.as_bytes().get(right.0 - 1), Some(b'.' | b'_'))
        };
        let [a, b, c] = *window else { continue };
        let is_first = index == 0 || !joined(digits[index - 1], a);
        if !(is_first && joined(a, b) && joined(b, c)) || [a, b, c].iter().any(|(_, text)| text.len() != 1) {
            continue;
        }
        let build = digits.get(index + 3).filter(|next| joined(c, **next) && matches!(next.1.len(), 3..=4));
        let text = match build {
            Some((_, build)) => format!("{}.{}.{}.{build}", a.1, b.1, c.1),
            None => format!("{}.{}.{}", a.1, b.1, c.1),
        };
        if let Some(version) = Version::parse(&text)
            && !versions.contains(&version)
        {
            versions.push(version);
        }
    }
    versions
}

/// The numbers in a text, with where each begins.
fn numbers(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    for part in text.split(|c: char| !c.is_ascii_digit()) {
        if !part.is_empty() {
            found.push((at, part));
        }
        at += part.len();
        at += text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    }
    found
}

fn size(bytes: u64, model: &Model) -> Finding {
    let Some(usual) = &model.plausible_bytes else {
        return unknown(Subject::Size, format!("no size of a {}'s firmware is known", model.name));
    };
    let says = if usual.contains(&bytes) { "usual" } else { "unusual" };
    let evidence = format!(
        "{}; a {} usually has {} to {}",
        amount::bytes(bytes),
        model.name,
        amount::bytes(*usual.start()),
        amount::bytes(*usual.end())
    );
    Finding::new(Subject::Size, says, evidence, model.origins.bytes.confidence)
}

fn stands<T>(found: &Found<T>, name: &str) -> String {
    match found.times {
        1 => format!("{name} stands at byte {}", found.at),
        times => format!("{name} stands {times} times, first at byte {}", found.at),
    }
}

pub(super) fn unknown(about: Subject, evidence: impl Into<String>) -> Finding {
    Finding::new(about, "unknown", evidence, Confidence::Unknown)
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::catalogue::archives::ARCHIVES;

    /// No test has an archive of the maker's: this is what is said when one is recognised.
    #[test]
    fn of_the_makers_own_archive_the_set_is_told_beside_what_the_strings_say() {
        let archive = ARCHIVES.iter().find(|archive| archive.set == "v6_4_0_SP2").unwrap();
        let known = [("all.zip".to_owned(), archive)];
        let provenance =
            Provenance { path: Some("all.zip > 4.2.0 > 6867i.st".into()), known: &known, sums: None };
        let view = identify("6867i.st".into(), b"\0 6867i 4.1.0.1234\0", &provenance);
        assert_eq!(view.versions, ["6.4.0 SP2", "4.2.0", "4.1.0.1234"]);
        let told = view.findings.iter().find(|finding| finding.about == Subject::Archive).unwrap();
        assert_eq!(told.confidence, Confidence::Documented);
        assert!(told.says.contains(archive.name) && told.evidence.contains(&archive.sha1_hex()));
        // One that lay beside it says nothing of it.
        let beside = [("all.zip > other.zip".to_owned(), archive)];
        let provenance = Provenance { path: Some("all.zip > 6867i.st".into()), known: &beside, sums: None };
        assert_eq!(identify("6867i.st".into(), b"\0 6867i\0", &provenance).versions, Vec::<String>::new());
    }

    #[test]
    fn versions_are_read_from_names() {
        for (name, expected) in [
            ("57i_3.3.1.4365.st", vec!["3.3.1.4365"]),
            ("mitel_sip_4_2_0_2023_sp2_ga_all_models_07_2016-(3).zip", vec!["4.2.0.2023"]),
            ("sip_3_3_1_4365_8215_sp4_hf9.zip > 57i.st", vec!["3.3.1.4365"]),
            ("fw/5.1.0/6867i.st", vec!["5.1.0"]),
            ("57i.st", vec![]),
            ("6757i-fw.4322.zip", vec![]),
            ("58015370REV035001018SP16863i.zip", vec![]),
            ("10.1.2.3", vec![]),
            ("1.2.3.4.5", vec!["1.2.3"]),
            ("\u{1f4de}3_3_1.st", vec!["3.3.1"]),
        ] {
            let found: Vec<String> = in_name(name).iter().map(Version::to_string).collect();
            assert_eq!(found, expected, "{name}");
        }
    }
}
