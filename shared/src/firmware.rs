//! What a file is, judged from its first bytes, its size and its name.
//!
//! No format of the 57i-class image is published (domain.md 3.3), so nothing here can say
//! "this is good firmware". What can be said is what a file surely is not: people save the
//! login page under the name `57i.st`, or offer the vendor's zip as it came.

use serde::{Deserialize, Serialize};

use crate::catalogue::Confidence;
use crate::catalogue::version::Version;
use crate::check::CheckResult;
use crate::failure::{Failure, FailureCode};
use crate::model::Model;

/// Bytes of a file's beginning that [`refusal`] wants to see (or the whole file, if shorter).
pub const HEAD_BYTES: usize = 4096;

/// Smaller than any boot loader's block: not firmware. One KiB is far below the smallest
/// archive known (1.75 MB for the 51i, domain.md 3.2), so nothing real is refused by it.
pub const SMALLEST_BYTES: u64 = 1024;

/// The largest image known is 64 MB (6940w at 6.4, domain.md 3.2); four times that.
pub const LARGEST_BYTES: u64 = 256 * 1024 * 1024;

/// A firmware file that the helper holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirmwareView {
    /// The key of this file in the helper: its sha256, in hex.
    pub id: String,
    /// The name the person knows it by, or its name in the archive.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// sha1, in hex, to compare with published lists.
    pub sha1: String,
    /// The model that a file of this name belongs to, when there is one.
    pub model: Option<String>,
    /// The model that the strings inside name, when it is only one.
    #[serde(default)]
    pub model_inside: Option<String>,
    /// Every version that it may be, as far as anything tells; none is unknown.
    #[serde(default)]
    pub versions: Vec<String>,
    /// The archives that it was taken from, outermost first, and its place in the last:
    /// `bundle.zip > 6757i-fw.zip > 57i.st`. None for a bare file.
    #[serde(default)]
    pub taken_from: Option<String>,
    /// What is known of it, each with its evidence.
    #[serde(default)]
    pub findings: Vec<Finding>,
}

impl FirmwareView {
    /// The versions that it may be, to be compared.
    pub fn may_be(&self) -> Vec<Version> {
        self.versions.iter().filter_map(|version| Version::parse(version)).collect()
    }
}

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// What kind of file it is.
    Kind,
    /// An archive of the maker's.
    Archive,
    /// The model.
    Model,
    /// The version.
    Version,
    /// The size.
    Size,
}

impl Subject {
    /// All of them.
    pub const ALL: [Subject; 5] =
        [Subject::Kind, Subject::Archive, Subject::Model, Subject::Version, Subject::Size];

    /// The stable name, as it stands in `--json`.
    pub fn name(self) -> &'static str {
        match self {
            Subject::Kind => "kind",
            Subject::Archive => "archive",
            Subject::Model => "model",
            Subject::Version => "version",
            Subject::Size => "size",
        }
    }
}

/// Something that is known of a file.
///
/// On the wire it is a list of four texts in this order: an object would cost the page three
/// kilobytes more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Vec<String>", try_from = "Vec<String>")]
pub struct Finding {
    /// What it is about.
    pub about: Subject,
    /// What is known, in few words; `unknown` when it is not.
    pub says: String,
    /// What was seen that says so.
    pub evidence: String,
    /// How sure that is.
    pub confidence: Confidence,
}

impl Finding {
    /// A finding.
    pub fn new(
        about: Subject,
        says: impl Into<String>,
        evidence: impl Into<String>,
        confidence: Confidence,
    ) -> Self {
        Self { about, says: says.into(), evidence: evidence.into(), confidence }
    }
}

impl From<Finding> for Vec<String> {
    fn from(finding: Finding) -> Self {
        let (about, confidence) = (finding.about.name().to_owned(), finding.confidence.name().to_owned());
        vec![about, finding.says, finding.evidence, confidence]
    }
}

impl TryFrom<Vec<String>> for Finding {
    type Error = &'static str;

    fn try_from(texts: Vec<String>) -> Result<Self, Self::Error> {
        let Ok([about, says, evidence, confidence]) = <[String; 4]>::try_from(texts) else {
            return Err("a finding has four texts");
        };
        let about = Subject::ALL.into_iter().find(|known| known.name() == about);
        let confidence = Confidence::ALL.into_iter().find(|known| known.name() == confidence);
        match (about, confidence) {
            (Some(about), Some(confidence)) => Ok(Self { about, says, evidence, confidence }),
            _ => Err("a finding about nothing that is known"),
        }
    }
}

/// A file in an archive that may be a phone's firmware.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Its place: the archives inside which it lies, and its path in the last.
    pub path: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its sha1, in hex.
    pub sha1: String,
    /// The model that a file of this name belongs to.
    pub model: Option<String>,
}

/// All that an inspection tells of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inspection {
    /// The name it came under.
    pub name: String,
    /// Its size in bytes, if it could be asked for.
    pub bytes: Option<u64>,
    /// sha1 of all of it, in hex; none when it was not read.
    pub sha1: Option<String>,
    /// sha256 of all of it, in hex; none when it was not read.
    pub sha256: Option<String>,
    /// The firmware files in an archive.
    pub members: Vec<Member>,
    /// The firmware that a phone would get: the file itself, or the one from the archive.
    pub firmware: Option<FirmwareView>,
    /// What is known of the file itself; what is known of the firmware stands there.
    pub findings: Vec<Finding>,
    /// Why it is refused, if it is.
    pub refused: Option<Failure>,
}

/// An archive that hookflash opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// PKZIP (APPNOTE.TXT, 4.3).
    Zip,
    /// gzip (RFC 1952), often around a tar.
    Gzip,
    /// tar (POSIX.1-1988, GNU, or that of Unix V7, which has no magic but a sum).
    Tar,
}

impl Container {
    /// What begins like this.
    pub fn of(head: &[u8]) -> Option<Self> {
        if is_zip(head) {
            Some(Container::Zip)
        } else if head.starts_with(b"\x1f\x8b\x08") {
            // 8 is deflate, the only method there is (RFC 1952, 2.3.1).
            Some(Container::Gzip)
        } else if is_tar(head) {
            Some(Container::Tar)
        } else {
            None
        }
    }

    /// `zip`, `gz`, `tar`.
    pub fn name(self) -> &'static str {
        match self {
            Container::Zip => "zip",
            Container::Gzip => "gz",
            Container::Tar => "tar",
        }
    }
}

/// A header whose magic or whose sum is that of a tar: the sum of its 512 bytes, those of the sum
/// itself taken as blanks.
fn is_tar(head: &[u8]) -> bool {
    const SUM: std::ops::Range<usize> = 148..156;
    if head.get(257..262) == Some(b"ustar") {
        return true;
    }
    let (Some(header), Some(stated)) = (head.get(..512), head.get(SUM)) else { return false };
    let digits = stated.iter().skip_while(|byte| **byte == b' ').take_while(|byte| byte.is_ascii_digit());
    let stated = digits.fold(0_u32, |sum, digit| (sum * 8).saturating_add(u32::from(digit - b'0')));
    let is_sum = |(at, byte): (usize, &u8)| u32::from(if SUM.contains(&at) { b' ' } else { *byte });
    // A header of zeros alone ends an archive and begins none.
    header.first() != Some(&0) && header.iter().enumerate().map(is_sum).sum::<u32>() == stated
}

/// A local file header that can be one, or the end of an empty archive (APPNOTE.TXT, 4.3.7).
fn is_zip(head: &[u8]) -> bool {
    /// The highest version that APPNOTE.TXT 4.4.3.2 has is 6.3; a few writers say more.
    const NEWEST_VERSION: u16 = 100;
    /// The highest method of APPNOTE.TXT 4.4.5 is 99.
    const LAST_METHOD: u16 = 99;
    if head.starts_with(b"PK\x05\x06") {
        return true;
    }
    let number = |at: usize| Some(u16::from_le_bytes([*head.get(at)?, *head.get(at + 1)?]));
    let version = number(4).is_some_and(|version| version & 0xff <= NEWEST_VERSION && version >> 8 <= 20);
    let method = number(8).is_some_and(|method| method <= LAST_METHOD);
    head.starts_with(b"PK\x03\x04") && version && method
}

/// Why a file of this size and beginning is surely not firmware, with what was seen.
pub fn refusal(head: &[u8], bytes: u64) -> Option<(FailureCode, String)> {
    if bytes == 0 {
        return Some((FailureCode::FirmwareEmpty, "0 bytes".into()));
    }
    if bytes > LARGEST_BYTES {
        return Some((FailureCode::FirmwareTooLarge, format!("{bytes} bytes")));
    }
    let head = &head[..head.len().min(HEAD_BYTES)];
    if let Some(kind) = archive_kind(head) {
        return Some((FailureCode::FirmwareArchive, kind.into()));
    }
    if let Some(kind) = other_kind(head) {
        return Some((FailureCode::FirmwareNotFirmware, kind.into()));
    }
    if bytes < SMALLEST_BYTES {
        return Some((FailureCode::FirmwareTooSmall, format!("{bytes} bytes")));
    }
    None
}

/// Whether a file's name belongs to another model than the person's phone.
pub fn other_model(file_name: &str, model: &Model) -> Option<&'static Model> {
    Model::by_file(file_name).filter(|of_file| *of_file != model)
}

fn archive_kind(head: &[u8]) -> Option<&'static str> {
    const MAGIC: [(&[u8], &str); 14] = [
        (b"PK\x05\x06", "an empty zip archive"),
        (b"PK\x03\x04", "it begins like a zip archive"),
        (b"PK\x07\x08", "a part of a zip archive"),
        (b"\x1f\x8b", "a gzip archive"),
        (b"BZh", "a bzip2 archive"),
        (b"\xfd7zXZ\0", "an xz archive"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
        (b"Rar!\x1a\x07", "a rar archive"),
        (b"\x28\xb5\x2f\xfd", "a zstd archive"),
        (b"MSCF\0\0\0\0", "a cabinet archive"),
        (b"!<arch>\n", "a Debian package or another ar archive"),
        (b"\xed\xab\xee\xdb", "an RPM package"),
        (b"\x1f\x9d", "a compress archive"),
        (b"LZIP", "an lzip archive"),
    ];
    if is_tar(head) {
        return Some("a tar archive");
    }
    MAGIC.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, kind)| *kind)
}

fn other_kind(head: &[u8]) -> Option<&'static str> {
    const MAGIC: [(&[u8], &str); 16] = [
        (b"%PDF-", "a PDF document"),
        (b"MZ", "a Windows program"),
        (b"\x7fELF", "a Linux program"),
        (b"\xcf\xfa\xed\xfe", "a macOS program"),
        (b"\xca\xfe\xba\xbe", "a macOS or Java program"),
        (b"\x89PNG\r\n", "a picture"),
        (b"\xff\xd8\xff", "a picture"),
        (b"GIF8", "a picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Office document"),
        (b"SQLite format 3\0", "a database"),
        (b"bplist00", "an Apple property list"),
        (b"ID3", "a piece of music"),
        (b"OggS", "a piece of music"),
        (b"RIFF", "a sound, a picture or a film"),
        (b"wOFF", "a font"),
        (b"wOF2", "a font"),
    ];
    if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Some(kind);
    }
    if head.get(4..8) == Some(b"ftyp") {
        return Some("a film");
    }
    text_kind(head)
}

fn text_kind(head: &[u8]) -> Option<&'static str> {
    if head.starts_with(b"\xff\xfe") && head.get(3) == Some(&0) || head.starts_with(b"\xfe\xff\0") {
        return Some("a text file");
    }
    let is_text = |byte: &u8| matches!(byte, b'\t' | b'\n' | b'\r' | 0x20..=0x7e | 0x80..);
    let plain = head.iter().filter(|byte| byte.is_ascii()).count();
    if head.is_empty() || !head.iter().all(is_text) || plain * 2 < head.len() {
        return None;
    }
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let opening: String = text.chars().take(256).collect::<String>().to_ascii_lowercase();
    if opening.starts_with("<!doctype html") || opening.contains("<html") || opening.starts_with("<head") {
        return Some("a web page");
    }
    Some("a text file")
}

/// Whether a file fits a phone, by its size, the strings in it and its name.
pub fn fits(firmware: &FirmwareView, model: &Model, is_named: bool) -> (CheckResult, String) {
    let inside = firmware.model_inside.as_deref().filter(|inside| *inside != model.name);
    let unusual = model.plausible_bytes.as_ref().filter(|usual| !usual.contains(&firmware.bytes));
    match (unusual, inside) {
        (Some(usual), _) => {
            let (bytes, name, least, most) = (firmware.bytes, model.name, usual.start(), usual.end());
            (CheckResult::Warn, format!("{bytes} bytes; a {name} usually has {least} to {most}"))
        }
        (None, Some(inside)) => {
            let detail = format!("a string in it names the {inside}, the phone is a {}", model.name);
            (CheckResult::Warn, detail)
        }
        (None, None) if is_named => {
            (CheckResult::Pass, format!("{} is the file of the {}", model.file, model.name))
        }
        (None, None) => {
            (CheckResult::Unknown, format!("the usual name for the {} is {}", model.name, model.file))
        }
    }
}

#[cfg(test)]
mod tests;
