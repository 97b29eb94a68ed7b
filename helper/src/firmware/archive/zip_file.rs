//! A zip (APPNOTE.TXT): its directory is read first, and only what may be firmware is unpacked.

use std::io::{Read, Seek};

use shared::failure::{Failure, FailureCode};
use shared::firmware::LARGEST_BYTES;
use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

use super::limits::Metered;
use super::place::{Interest, Place, harmless, interest};
use super::{Walk, directory, unsafe_archive};

/// The kind of a file in a Unix mode, and the two kinds that an archive of firmware has.
const KIND: u32 = 0o170_000;
const FOLDER: u32 = 0o040_000;
const REGULAR: u32 = 0o100_000;

/// Something in the directory that may be firmware.
struct Entry {
    index: usize,
    place: Place,
    packed: u64,
}

pub(super) fn walk<R: Read + Seek>(
    walk: &mut Walk<'_>,
    mut reader: R,
    packed: u64,
    place: &Place,
) -> Result<(), Failure> {
    let entries = directory::entries(&mut reader, packed).map_err(|what| walk.broken(place, &what))?;
    walk.count(entries, place)?;
    let mut archive = ZipArchive::new(reader).map_err(|error| failed(walk, place, error))?;
    if archive.len() as u64 != entries {
        return Err(unsafe_archive(place, "two files of the same name, or a directory that lies"));
    }
    let mut wanted = Vec::new();
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(|error| failed(walk, place, error))?;
        if let Some(entry) = look_at(walk, &entry, index, place)? {
            wanted.push(entry);
        }
    }
    for Entry { index, place, packed } in wanted {
        let entry = archive.by_index(index).map_err(|error| failed(walk, &place, error))?;
        let mut unpacked = Metered::new(entry, &walk.budget, packed);
        walk.file(&mut unpacked, &place, false)?;
    }
    Ok(())
}

/// What the directory says of an entry.
fn look_at<R: Read>(
    walk: &mut Walk<'_>,
    entry: &ZipFile<'_, R>,
    index: usize,
    place: &Place,
) -> Result<Option<Entry>, Failure> {
    let name = harmless(entry.name_raw()).map_err(|what| unsafe_archive(place, &what))?;
    let here = place.inside(&name);
    if entry.unix_mode().is_some_and(|mode| !matches!(mode & KIND, 0 | FOLDER | REGULAR)) {
        return Err(unsafe_archive(&here, "a link or a device, and no file"));
    }
    if entry.encrypted() {
        let seen = format!("{}: it is encrypted", here.path);
        return Err(Failure::new(FailureCode::FirmwareEncrypted, seen));
    }
    if entry.is_dir() {
        return Ok(None);
    }
    if interest(&name) == Interest::Nothing {
        walk.pass(&here);
        return Ok(None);
    }
    if entry.size() > LARGEST_BYTES {
        let seen = format!("{}: {} bytes", here.path, entry.size());
        return Err(Failure::new(FailureCode::FirmwareTooLarge, seen));
    }
    Ok(Some(Entry { index, place: here, packed: entry.compressed_size() }))
}

fn failed(walk: &Walk, place: &Place, error: ZipError) -> Failure {
    match error {
        ZipError::UnsupportedArchive(what) => {
            Failure::new(FailureCode::FirmwareArchive, format!("{}: {what}", place.path))
        }
        error => walk.broken(place, &error),
    }
}
