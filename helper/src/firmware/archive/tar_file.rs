//! A tar (POSIX.1-1988 ustar, GNU, pax), entry by entry. The library is asked for the raw entries:
//! long names are read here, within our limits, and everything that is no file ends it.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use shared::failure::{Failure, FailureCode};
use tar::{Archive, Entry, EntryType};

use super::limits::LONGEST_NAME;
use super::place::{Place, harmless};
use super::{Walk, unsafe_archive};

/// Bytes of a tar's blocks.
const BLOCK: u64 = 512;
/// Bytes of pax records that are read: some lines of `length key=value` for one file.
const PAX_BYTES: u64 = 64 * 1024;

pub(super) fn walk<R: Read>(walk: &mut Walk<'_>, reader: R, place: &Place) -> Result<(), Failure> {
    let taken = Rc::new(Cell::new(0));
    let mut archive = Archive::new(Counted { inner: reader, taken: Rc::clone(&taken) });
    let mut end = 0;
    let mut long_name = None;
    let entries = archive.entries().map_err(|error| walk.broken(place, &error))?;
    for entry in entries.raw(true) {
        let mut entry = entry.map_err(|error| walk.broken(place, &error))?;
        walk.count(1, place)?;
        let size = entry.header().entry_size().map_err(|error| walk.broken(place, &error))?;
        end = entry.raw_file_position().saturating_add(size.div_ceil(BLOCK).saturating_mul(BLOCK));
        match entry.header().entry_type() {
            EntryType::Regular | EntryType::Continuous => {
                let name = name(&entry, &mut long_name, place)?;
                walk.file(&mut entry, &place.inside(&name), false)?;
            }
            EntryType::Directory => {
                name(&entry, &mut long_name, place)?;
            }
            EntryType::GNULongName => {
                let bytes = read(walk, &mut entry, LONGEST_NAME as u64 + 1, place)?;
                long_name = Some(bytes.split(|byte| *byte == 0).next().unwrap_or_default().to_vec());
            }
            EntryType::XHeader => {
                let records = read(walk, &mut entry, PAX_BYTES, place)?;
                long_name = pax_path(&records).or(long_name);
            }
            EntryType::XGlobalHeader => {}
            EntryType::GNUSparse => {
                let seen = format!("{}: it holds a file with holes", place.path);
                return Err(Failure::new(FailureCode::FirmwareArchive, seen));
            }
            _ => {
                let name = name(&entry, &mut long_name, place)?;
                return Err(unsafe_archive(&place.inside(&name), "a link or a device, and no file"));
            }
        }
    }
    // A block of zeros ends an archive: without it, it ends where the download did.
    if taken.get() < end.saturating_add(BLOCK) {
        return Err(walk.broken(place, &"it is cut off: the mark at its end is missing"));
    }
    Ok(())
}

fn name<R: Read>(
    entry: &Entry<'_, R>,
    long_name: &mut Option<Vec<u8>>,
    place: &Place,
) -> Result<String, Failure> {
    let name = long_name.take().unwrap_or_else(|| entry.header().path_bytes().into_owned());
    harmless(&name).map_err(|what| unsafe_archive(place, &what))
}

fn read<R: Read>(
    walk: &Walk,
    entry: &mut Entry<'_, R>,
    most: u64,
    place: &Place,
) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    entry.take(most).read_to_end(&mut bytes).map_err(|error| walk.broken(place, &error))?;
    Ok(bytes)
}

/// The value of `path` in pax records: `length key=value`, each on a line (POSIX.1-2001, pax).
fn pax_path(records: &[u8]) -> Option<Vec<u8>> {
    let mut rest = records;
    let mut path = None;
    while let Some(blank) = rest.iter().position(|byte| *byte == b' ') {
        let length: usize = std::str::from_utf8(&rest[..blank]).ok()?.parse().ok()?;
        let record = rest.get(blank + 1..length)?;
        if let Some(value) = record.strip_prefix(b"path=") {
            path = Some(value.strip_suffix(b"\n").unwrap_or(value).to_vec());
        }
        rest = rest.get(length..)?;
    }
    path
}

/// Counts what was read.
struct Counted<R> {
    inner: R,
    taken: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.taken.set(self.taken.get().saturating_add(read as u64));
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_is_found_among_pax_records() {
        assert_eq!(pax_path(b"20 path=a/long/name\n").as_deref(), Some(&b"a/long/name"[..]));
        assert_eq!(pax_path(b"12 mtime=12\n15 path=57i.st\n").as_deref(), Some(&b"57i.st"[..]));
        for nonsense in [&b""[..], b" ", b"x path=1\n", b"99 path=1\n", b"0 path=1\n", b"1 \n", b"5"] {
            assert_eq!(pax_path(nonsense), None);
        }
    }
}
