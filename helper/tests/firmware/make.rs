//! Files of our own making: images, archives, and what people take for them.

use std::io::{Cursor, Write};

use flate2::{Compression, GzBuilder};
use tar::{EntryType, Header};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// An image: a header with a name and a version, then bytes that look like nothing in particular.
pub(crate) fn image(text: &str, bytes: usize) -> Vec<u8> {
    let seed = text.bytes().fold(7, |sum: u64, byte| sum.wrapping_mul(31) ^ u64::from(byte));
    let mut state = 0x9e37_79b9_7f4a_7c15 ^ seed;
    let mut image = vec![0xa7, 0x01, 0x5e, 0xf1, 0, 0, 1, 0x5b];
    image.extend_from_slice(text.as_bytes());
    image.push(0);
    while image.len() < bytes {
        // xorshift64, Marsaglia 2003: no pattern that a sniffer could mistake for text.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        image.push(state.to_le_bytes()[0]);
    }
    image
}

/// An image of the 57i.
pub(crate) fn image_of(model: &str) -> Vec<u8> {
    image(&format!("Aastra {model}\0 3.3.1.4365"), 40_000)
}

/// A zip of these files.
pub(crate) fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    zip_with(files, CompressionMethod::Deflated, |_| {})
}

/// The same, packed otherwise, with something more in it.
pub(crate) fn zip_with(
    files: &[(&str, &[u8])],
    method: CompressionMethod,
    more: impl FnOnce(&mut ZipWriter<Cursor<Vec<u8>>>),
) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(method);
    for (name, bytes) in files {
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    more(&mut zip);
    zip.finish().unwrap().into_inner()
}

/// A tar of these files.
pub(crate) fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let entries: Vec<_> = files.iter().map(|(name, bytes)| (*name, EntryType::Regular, *bytes)).collect();
    tar_of(&entries)
}

/// A tar of these entries, their names as they are.
pub(crate) fn tar_of(entries: &[(&str, EntryType, &[u8])]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, kind, bytes) in entries {
        let mut header = Header::new_ustar();
        // Past the library's own care: it would refuse the names that we are after.
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_entry_type(*kind);
        header.set_mode(0o644);
        header.set_size(bytes.len() as u64);
        if matches!(kind, EntryType::Symlink | EntryType::Link) {
            header.set_link_name("target").unwrap();
        }
        header.set_cksum();
        tar.append(&header, *bytes).unwrap();
    }
    tar.into_inner().unwrap()
}

/// A gz of these bytes, with the name of the file in it if one is given.
pub(crate) fn gz(name: Option<&str>, bytes: &[u8]) -> Vec<u8> {
    let builder = GzBuilder::new();
    let builder = match name {
        Some(name) => builder.filename(name),
        None => builder,
    };
    let mut writer = builder.write(Vec::new(), Compression::fast());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

/// Every place of a pattern replaced.
pub(crate) fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut out = bytes.to_vec();
    let places: Vec<usize> =
        (0..bytes.len().saturating_sub(from.len() - 1)).filter(|at| bytes[*at..].starts_with(from)).collect();
    assert!(!places.is_empty());
    for at in places {
        out[at..at + to.len()].copy_from_slice(to);
    }
    out
}
