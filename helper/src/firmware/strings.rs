//! What the readable strings in an image name: models and versions (domain.md 3.3). No format of
//! these images is published; a name in them is a hint and no more, and none says nothing.

use shared::catalogue::version::Version;
use shared::model::{MODELS, Model};

/// Different ones that are kept of each kind. An image names its own model and version; one that
/// names dozens names what it knows, not what it is.
const MOST: usize = 16;
/// Letters of a name that stands for itself. A shorter one, such as `57i`, comes up by chance in
/// three megabytes of anything, and counts only beside the maker's name or `.st`.
const TELLING_LETTERS: usize = 5;
/// Letters of the longest name without blanks (`9480iCT`).
const LONGEST: usize = 7;
/// How the maker calls itself before a model (domain.md 5.1, 5.2).
const MAKERS: [&str; 2] = ["Aastra", "Mitel"];
/// The fewest readable bytes in a row that are looked at: the shortest name and an `.st`.
const SHORTEST_RUN: usize = 6;

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found<T> {
    /// What.
    pub what: T,
    /// At which byte it stands first.
    pub at: usize,
    /// How often it stands there.
    pub times: u32,
}

/// All that the strings of an image name, first ones first.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Strings {
    /// Models.
    pub models: Vec<Found<&'static Model>>,
    /// Versions.
    pub versions: Vec<Found<Version>>,
}

impl Strings {
    /// Looks through an image.
    pub fn of(bytes: &[u8]) -> Self {
        let mut strings = Self::default();
        let mut at = 0;
        for run in bytes.split(|byte| !matches!(byte, 0x20..=0x7e)) {
            if run.len() >= SHORTEST_RUN {
                for (place, version) in Version::in_bytes(run) {
                    note(&mut strings.versions, version, at + place);
                }
                models(run, |place, model| note(&mut strings.models, model, at + place));
            }
            at += run.len() + 1;
        }
        strings
    }

    /// The model, if only one is named.
    pub fn only_model(&self) -> Option<&'static Model> {
        match self.models.as_slice() {
            [only] => Some(only.what),
            _ => None,
        }
    }
}

fn note<T: PartialEq>(found: &mut Vec<Found<T>>, what: T, at: usize) {
    if let Some(known) = found.iter_mut().find(|known| known.what == what) {
        known.times = known.times.saturating_add(1);
    } else if found.len() < MOST {
        found.push(Found { what, at, times: 1 });
    }
}

fn models(run: &[u8], mut found: impl FnMut(usize, &'static Model)) {
    let mut before: &[u8] = b"";
    let mut at = 0;
    for word in run.split(|byte| !byte.is_ascii_alphanumeric()) {
        let begin = at;
        at += word.len() + 1;
        if word.is_empty() {
            before = b"";
            continue;
        }
        let (core, glued) = without_maker(word);
        let may_be = core.len() <= LONGEST && core.first().is_some_and(u8::is_ascii_digit);
        let after = run.get(begin + word.len()..).unwrap_or_default();
        let beside =
            glued || MAKERS.iter().any(|maker| maker.as_bytes() == before) || after.starts_with(b".st");
        if may_be && (core.len() >= TELLING_LETTERS || beside) {
            let cordless = after.starts_with(b" CT") && !after.get(3).is_some_and(u8::is_ascii_alphanumeric);
            if let Some(model) = named(core, cordless).or_else(|| named(core, false)) {
                found(begin + word.len() - core.len(), model);
            }
        }
        before = word;
    }
}

/// A word without the maker's name in front of it: `Aastra57i`.
fn without_maker(word: &[u8]) -> (&[u8], bool) {
    let glued = MAKERS.iter().find_map(|maker| word.strip_prefix(maker.as_bytes()));
    glued.map_or((word, false), |core| (core, true))
}

fn named(core: &[u8], cordless: bool) -> Option<&'static Model> {
    let is_it = |name: &str| {
        let letters = name.bytes().filter(|byte| *byte != b' ');
        let tail: &[u8] = if cordless { b"CT" } else { b"" };
        letters.eq(core.iter().chain(tail).copied())
    };
    MODELS.iter().find(|model| model.names().any(is_it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], models: &[&str], versions: &[&str]) {
        let strings = Strings::of(bytes);
        let found: Vec<&str> = strings.models.iter().map(|found| found.what.name).collect();
        assert_eq!(found, models, "{}", String::from_utf8_lossy(bytes));
        let found: Vec<String> = strings.versions.iter().map(|found| found.what.to_string()).collect();
        assert_eq!(found, versions, "{}", String::from_utf8_lossy(bytes));
    }

    #[test]
    fn models_and_versions_are_found_in_plain_text() {
        check(b"\0\x01Aastra 57i\0\0 3.3.1.4365\0", &["57i"], &["3.3.1.4365"]);
        check(b"\xffAastra57i MAC:00-08-5D V:2.6.0.1008-SIP\xff", &["57i"], &["2.6.0.1008"]);
        check(b"\0 platform=6867i;\0", &["6867i"], &[]);
        check(b"\0 Mitel 6920 \0 6930.st\0", &["6920", "6930"], &[]);
        check(b"\0 6757i CT, 9480iCT\0", &["57i CT", "9480i CT"], &[]);
        check(b"\0 Aastra 6757i CTX\0", &["57i"], &[]);
    }

    #[test]
    fn what_comes_up_by_chance_is_no_name() {
        check(b"\0  57i   \0 6920 \0 x6867i \0 6867ix \0 57i.stx\0", &["57i"], &[]);
        check(b"\0 version 57i of 6930 things\0", &[], &[]);
        check(b"\0\x016867\0i\0", &[], &[]);
        check(b"", &[], &[]);
    }

    #[test]
    fn it_is_told_where_something_stands_first_and_how_often() {
        let strings = Strings::of(b"\0\0 6867i 6867i\0 6867i\0");
        assert_eq!(strings.models, [Found { what: Model::find("6867i").unwrap(), at: 3, times: 3 }]);
        assert_eq!(strings.only_model().map(|model| model.name), Some("6867i"));
        assert_eq!(Strings::of(b"\0 6867i 6869i \0").only_model(), None);
    }

    #[test]
    fn a_file_that_names_everything_is_held_in_bounds() {
        let text: String = (0..5_000).map(|build| format!(" 5.1.0.{:04} ", build)).collect();
        assert_eq!(Strings::of(text.as_bytes()).versions.len(), MOST);
    }
}
