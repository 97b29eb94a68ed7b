//! The end of a zip, before anybody opens it: is the directory there, and how much does it say is
//! in it? (APPNOTE.TXT 4.3.16 end of central directory, 4.3.14 and 4.3.15 for zip64.) A download
//! that stopped has no end, and one entry too many is noticed before memory is taken for it.

use std::io::{self, Read, Seek, SeekFrom};

/// Bytes of the end record without its remark (4.3.16).
const END_BYTES: usize = 22;
/// The longest remark that its length field can say.
const LONGEST_REMARK: usize = 65_535;
/// Bytes of the pointer to zip64's end record (4.3.15).
const LOCATOR_BYTES: usize = 20;
/// Bytes that an entry of the directory has at least (4.3.12).
const ENTRY_BYTES: u64 = 46;

/// How many entries the directory says it has.
///
/// # Errors
/// What is missing, in words.
pub(super) fn entries<R: Read + Seek>(reader: &mut R, length: u64) -> Result<u64, String> {
    let words = |error: io::Error| format!("it cannot be read: {error}");
    let tail_bytes = length.min((END_BYTES + LONGEST_REMARK) as u64);
    let tail = part(reader, length - tail_bytes, tail_bytes).map_err(words)?;
    let at = (0..=tail.len().saturating_sub(END_BYTES))
        .rev()
        .find(|at| tail.get(*at..at + 4) == Some(b"PK\x05\x06") && remark_fits(&tail, *at))
        .ok_or("it is cut off: the directory at its end is missing")?;
    let end = length - tail_bytes + at as u64;
    let (mut entries, mut size, mut begin) =
        (number(&tail, at + 10, 2), number(&tail, at + 12, 4), number(&tail, at + 16, 4));
    let mut limit = end;
    if entries == 0xffff || size == 0xffff_ffff || begin == 0xffff_ffff {
        let locator = end.checked_sub(LOCATOR_BYTES as u64).ok_or("its directory has no place to be")?;
        let pointer = part(reader, locator, LOCATOR_BYTES as u64).map_err(words)?;
        if pointer.starts_with(b"PK\x06\x07") {
            limit = number(&pointer, 8, 8);
            /// Bytes of zip64's end record (4.3.14).
            const END64_BYTES: u64 = 56;
            let record =
                part(reader, limit, END64_BYTES).map_err(|_| "it is cut off before its directory")?;
            (entries, size, begin) = (number(&record, 32, 8), number(&record, 40, 8), number(&record, 48, 8));
        }
    }
    match begin.checked_add(size) {
        Some(directory_end) if directory_end <= limit && entries.saturating_mul(ENTRY_BYTES) <= size => {
            Ok(entries)
        }
        _ => Err(format!(
            "its directory of {entries} files should take {size} bytes from byte {begin} on, and ends at {limit}: \
             a part is missing"
        )),
    }
}

fn remark_fits(tail: &[u8], at: usize) -> bool {
    at as u64 + END_BYTES as u64 + number(tail, at + 20, 2) <= tail.len() as u64
}

fn part<R: Read + Seek>(reader: &mut R, from: u64, bytes: u64) -> io::Result<Vec<u8>> {
    reader.seek(SeekFrom::Start(from))?;
    let mut part = Vec::new();
    reader.take(bytes).read_to_end(&mut part)?;
    if part.len() as u64 == bytes { Ok(part) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

/// A little-endian number; what lies beyond the end counts as zero.
fn number(bytes: &[u8], at: usize, width: usize) -> u64 {
    (at..at + width).rev().fold(0, |sum, at| sum << 8 | u64::from(bytes.get(at).copied().unwrap_or(0)))
}
