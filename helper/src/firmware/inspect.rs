//! The inspection: from bytes that somebody gave to all that can be said of them, and to the
//! firmware that a phone would get. Pure but for the reader, which is read and sought in.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

use shared::catalogue::Confidence;
use shared::catalogue::archives::{ARCHIVES, Archive};
use shared::failure::{Failure, FailureCode};
use shared::firmware::{
    Container, Finding, HEAD_BYTES, Inspection, LARGEST_BYTES, Subject, other_model, refusal,
};
use shared::model::Model;

use super::archive::{Contents, Taken, unpack};
use super::identify::{Provenance, identify, known_archive, unknown};
use super::wanted::Wanted;
use super::{Firmware, hash};

/// All that an inspection brings.
#[derive(Debug)]
pub struct Inspected {
    /// What can be told.
    pub report: Inspection,
    /// The firmware, when there is one and nothing speaks against it.
    pub firmware: Option<Firmware>,
    /// Bytes that were unpacked on the way.
    pub unpacked: u64,
}

impl Inspected {
    /// A file of which nothing is told but why it is refused.
    pub(super) fn refused(name: &str, bytes: Option<u64>, failure: Failure) -> Self {
        let report =
            Inspection { name: name.to_owned(), bytes, refused: Some(failure), ..Inspection::default() };
        Self { report, firmware: None, unpacked: 0 }
    }

    /// The firmware.
    ///
    /// # Errors
    /// Why there is none.
    pub fn into_firmware(self) -> Result<Firmware, Failure> {
        match (self.firmware, self.report.refused) {
            (Some(firmware), None) => Ok(firmware),
            (_, Some(failure)) => Err(failure),
            (None, None) => Err(Failure::new(
                FailureCode::HelperFault,
                "an inspection without firmware and without a reason",
            )),
        }
    }
}

/// Inspects what a reader of so many bytes holds, for a phone of which this is known.
pub fn inspect<'a, R: Read + Seek>(
    name: &str,
    bytes: u64,
    mut reader: R,
    wanted: impl Into<Wanted<'a>>,
) -> Inspected {
    let name = super::base_name(name);
    // By its size alone: a gigabyte is not read.
    if bytes == 0 || bytes > LARGEST_BYTES {
        let (code, what) =
            refusal(&[], bytes).unwrap_or((FailureCode::HelperFault, format!("{bytes} bytes")));
        return Inspected::refused(&name, Some(bytes), Failure::new(code, format!("{name}: {what}")));
    }
    match read(&name, bytes, &mut reader, wanted.into()) {
        Ok(inspected) => inspected,
        Err(error) => {
            let failure = Failure::new(FailureCode::FirmwareUnreadable, format!("{name}: {error}"));
            Inspected::refused(&name, Some(bytes), failure)
        }
    }
}

fn read<R: Read + Seek>(name: &str, bytes: u64, reader: &mut R, wanted: Wanted<'_>) -> io::Result<Inspected> {
    let mut head = Vec::new();
    reader.seek(SeekFrom::Start(0))?;
    reader.by_ref().take(HEAD_BYTES as u64).read_to_end(&mut head)?;
    let container = Container::of(&head);
    // An archive may be large and is read again; an image is read once, so that its sums are those
    // of the bytes that a phone gets, whatever happens to the file meanwhile.
    let mut image = Vec::new();
    if container.is_none() {
        image.clone_from(&head);
        reader.by_ref().take(LARGEST_BYTES + 1 - head.len() as u64).read_to_end(&mut image)?;
    }
    reader.seek(SeekFrom::Start(0))?;
    let (sha1, sha256, read) = match container {
        Some(_) => hash::both(&mut reader.by_ref().take(LARGEST_BYTES + 1))?,
        None => hash::both(&mut image.as_slice())?,
    };
    let mut report = Inspection {
        name: name.to_owned(),
        bytes: Some(read),
        sha1: Some(sha1.clone()),
        sha256: Some(sha256),
        ..Inspection::default()
    };
    if read != bytes {
        let seen = format!("{name}: it had {bytes} bytes, and then {read}");
        report.refused = Some(Failure::new(FailureCode::FirmwareGrowing, seen));
        return Ok(Inspected { report, firmware: None, unpacked: 0 });
    }
    if let Some(kind) = container {
        reader.seek(SeekFrom::Start(0))?;
        report.findings = archive_findings(name, &head, bytes, kind, &sha1);
        let (mut contents, taken) = unpack(name, kind, reader, bytes, wanted);
        if let Some(archive) = Archive::by_sha1(&sha1) {
            contents.known.insert(0, (name.to_owned(), archive));
        }
        return Ok(from_archive(report, contents, taken));
    }
    if let Some((code, what)) = refusal(&head, bytes) {
        let begin: Vec<String> = head.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let evidence = format!("it begins with {}", begin.join(" "));
        report.findings.push(Finding::new(Subject::Kind, what.as_str(), evidence, Confidence::Documented));
        report.refused = Some(Failure::new(code, format!("{name}: {what}")));
        return Ok(Inspected { report, firmware: None, unpacked: 0 });
    }
    report.refused = wanted.model.and_then(|model| other(name, model));
    let sums = report.sha1.clone().zip(report.sha256.clone());
    let provenance = Provenance { sums, ..Provenance::default() };
    Ok(with_image(report, name.to_owned(), image, &provenance, 0))
}

fn from_archive(mut report: Inspection, contents: Contents, taken: Result<Taken, Failure>) -> Inspected {
    report.members = contents.members;
    let Taken { path, name, bytes } = match taken {
        Ok(taken) => taken,
        Err(failure) => {
            report.refused = Some(failure);
            return Inspected { report, firmware: None, unpacked: contents.unpacked };
        }
    };
    let head = &bytes[..bytes.len().min(HEAD_BYTES)];
    if let Some((code, what)) = refusal(head, bytes.len() as u64) {
        report.refused = Some(Failure::new(code, format!("{path}: {what}")));
        return Inspected { report, firmware: None, unpacked: contents.unpacked };
    }
    let provenance = Provenance { path: Some(path), known: &contents.known, sums: None };
    with_image(report, super::base_name(&name), bytes, &provenance, contents.unpacked)
}

fn with_image(
    mut report: Inspection,
    name: String,
    bytes: Vec<u8>,
    provenance: &Provenance<'_>,
    unpacked: u64,
) -> Inspected {
    let view = identify(name, &bytes, provenance);
    report.firmware = Some(view.clone());
    let firmware = report.refused.is_none().then(|| Firmware { view, bytes: Arc::new(bytes) });
    Inspected { report, firmware, unpacked }
}

fn other(name: &str, model: &'static Model) -> Option<Failure> {
    let other = other_model(name, model)?;
    let seen = format!("{name} is for the {}, the phone is a {}", other.name, model.name);
    Some(Failure::new(FailureCode::FirmwareOtherModel, seen))
}

fn archive_findings(name: &str, head: &[u8], bytes: u64, kind: Container, sha1: &str) -> Vec<Finding> {
    let begin: Vec<String> = head.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    let evidence = match kind {
        Container::Tar => "its first block has the sum that a tar's has".to_owned(),
        Container::Zip | Container::Gzip => format!("it begins with {}", begin.join(" ")),
    };
    let says = format!("a {} archive", kind.name());
    let mut findings = vec![Finding::new(Subject::Kind, says, evidence, Confidence::Documented)];
    findings.push(match Archive::by_sha1(sha1) {
        Some(archive) => known_archive(name, archive),
        None => {
            let evidence = format!("none of the {} known archives has the sha1 {sha1}", ARCHIVES.len());
            unknown(Subject::Archive, evidence)
        }
    });
    let namesakes: Vec<&Archive> = ARCHIVES.iter().filter(|archive| archive.name == name).collect();
    if !namesakes.is_empty() && Archive::by_sha1(sha1).is_none() {
        let sizes: Vec<String> = namesakes.iter().map(|archive| archive.bytes.to_string()).collect();
        let evidence = format!("archives of this name have {} bytes; this one has {bytes}", sizes.join(", "));
        let says = "another version, or changed on its way";
        findings.push(Finding::new(Subject::Archive, says, evidence, Confidence::Inferred));
    }
    findings
}
