//! What a file is, judged from its first bytes, its size and its name.
//!
//! No format of the 57i-class image is published (domain.md 3.3), so nothing here can say
//! "this is good firmware". What can be said is what a file surely is not: people save the
//! login page under the name `57i.st`, or offer the vendor's zip as it came.

use serde::{Deserialize, Serialize};

use crate::failure::FailureCode;
use crate::model::Model;

/// Bytes of a file's beginning that [`refusal`] wants to see (or the whole file, if shorter).
pub const HEAD_BYTES: usize = 4096;

/// Smaller than any boot loader's block: not firmware. One KiB is far below the smallest
/// archive known (1.75 MB for the 51i, domain.md 3.2), so nothing real is refused by it.
pub const SMALLEST_BYTES: u64 = 1024;

/// The largest image known is 64 MB (6940w at 6.4, domain.md 3.2); four times that.
pub const LARGEST_BYTES: u64 = 256 * 1024 * 1024;

/// A firmware file that the helper holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirmwareView {
    /// The key of this file in the helper: its sha256, in hex.
    pub id: String,
    /// The name the person knows it by.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// sha1, in hex, to compare with published lists.
    pub sha1: String,
    /// The model that a file of this name belongs to, when there is one.
    pub model: Option<String>,
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
    const MAGIC: [(&[u8], &str); 7] = [
        (b"PK\x03\x04", "a zip archive"),
        (b"PK\x05\x06", "an empty zip archive"),
        (b"\x1f\x8b", "a gzip archive"),
        (b"BZh", "a bzip2 archive"),
        (b"\xfd7zXZ\0", "an xz archive"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
        (b"Rar!\x1a\x07", "a rar archive"),
    ];
    if head.get(257..262) == Some(b"ustar") {
        return Some("a tar archive");
    }
    MAGIC.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, kind)| *kind)
}

fn other_kind(head: &[u8]) -> Option<&'static str> {
    const MAGIC: [(&[u8], &str); 6] = [
        (b"%PDF-", "a PDF document"),
        (b"MZ", "a Windows program"),
        (b"\x7fELF", "a Linux program"),
        (b"\x89PNG\r\n", "a picture"),
        (b"\xff\xd8\xff", "a picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Office document"),
    ];
    if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Some(kind);
    }
    if !head.iter().all(|byte| matches!(byte, b'\t' | b'\n' | b'\r' | 0x20..=0x7e | 0x80..)) {
        return None;
    }
    let text = std::str::from_utf8(head).ok()?.trim_start_matches('\u{feff}').trim_start();
    let opening = text.get(..text.len().min(256)).unwrap_or("").to_ascii_lowercase();
    if opening.starts_with("<!doctype html") || opening.contains("<html") || opening.starts_with("<head") {
        return Some("a web page");
    }
    Some("a text file")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(head: &[u8], bytes: u64, expected: Option<FailureCode>) {
        assert_eq!(refusal(head, bytes).map(|(code, _)| code), expected);
    }

    #[test]
    fn names_what_is_surely_not_firmware() {
        check(b"", 0, Some(FailureCode::FirmwareEmpty));
        check(&[0; 100], 100, Some(FailureCode::FirmwareTooSmall));
        check(&[0; 4096], 3 << 30, Some(FailureCode::FirmwareTooLarge));
        check(b"PK\x03\x04 and more", 2_600_000, Some(FailureCode::FirmwareArchive));
        check(b"\x1f\x8b\x08 and more", 2_600_000, Some(FailureCode::FirmwareArchive));
        check(b"%PDF-1.4", 2_600_000, Some(FailureCode::FirmwareNotFirmware));
        check(b"\n<HTML><head>", 5_000, Some(FailureCode::FirmwareNotFirmware));
        check("\u{feff}<!DOCTYPE html>".as_bytes(), 5_000, Some(FailureCode::FirmwareNotFirmware));
        check(&b"just words, ".repeat(400), 4_800, Some(FailureCode::FirmwareNotFirmware));
    }

    #[test]
    fn lets_unknown_bytes_pass_because_no_format_is_published() {
        let counted: Vec<u8> = (0..4096_u32).map(|i| (i * 7 % 251) as u8).collect();
        check(&counted, 2_600_000, None);
        check(&[0xff; 4096], 2_600_000, None);
        check(&[0; 4096], 2_600_000, None);
    }

    #[test]
    fn a_tar_is_an_archive_wherever_its_magic_stands() {
        let mut head = vec![0_u8; 512];
        head[257..262].copy_from_slice(b"ustar");
        check(&head, 1 << 20, Some(FailureCode::FirmwareArchive));
    }

    #[test]
    fn a_file_of_another_model_is_noticed_by_its_name() {
        let phone = Model::find("57i").unwrap();
        assert_eq!(other_model("53i.st", phone).map(|m| m.name), Some("53i"));
        assert_eq!(other_model("57I.ST", phone), None);
        assert_eq!(other_model("recovery.bin", phone), None);
    }
}
