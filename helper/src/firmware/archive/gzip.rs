//! A gz (RFC 1952): a tar, or one file. It is read to its end, for only there stands its sum.

use std::io::{self, BufReader, Cursor, Read};

use flate2::bufread::MultiGzDecoder;
use shared::failure::Failure;
use shared::firmware::Container;

use super::limits::Metered;
use super::place::{Place, harmless};
use super::{Walk, tar_file, unsafe_archive};

/// Bytes of a tar's header, by which it is known.
const HEAD_BYTES: u64 = 512;

pub(super) fn walk<R: Read>(
    walk: &mut Walk<'_>,
    reader: R,
    packed: u64,
    place: &Place,
) -> Result<(), Failure> {
    let decoder = MultiGzDecoder::new(BufReader::new(reader));
    let mut unpacked = Metered::new(decoder, &walk.budget, packed);
    let mut head = Vec::new();
    let read = (&mut unpacked).take(HEAD_BYTES).read_to_end(&mut head);
    read.map_err(|error| walk.broken(place, &words(&error)))?;
    let is_tar = Container::of(&head) == Some(Container::Tar);
    let stated = unpacked.inner.header().and_then(|header| header.filename()).map(<[u8]>::to_vec);
    let mut whole = Cursor::new(head).chain(unpacked);
    if is_tar {
        tar_file::walk(walk, &mut whole, &place.deeper())?;
    } else {
        let name = match stated {
            Some(name) if !name.is_empty() => harmless(&name).map_err(|what| unsafe_archive(place, &what))?,
            _ => without_ending(place.base()),
        };
        walk.count(1, place)?;
        walk.file(&mut whole, &place.inside(&name), true)?;
    }
    io::copy(&mut whole, &mut io::sink()).map_err(|error| walk.broken(place, &words(&error)))?;
    Ok(())
}

fn words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => "it is cut off: its end is missing".to_owned(),
        _ => error.to_string(),
    }
}

/// What `57i.st.gz` holds when it does not say so itself.
fn without_ending(name: &str) -> String {
    let ending = name.len().checked_sub(3).and_then(|at| name.get(at..));
    match ending {
        Some(ending) if ending.eq_ignore_ascii_case(".gz") => name[..name.len() - 3].to_owned(),
        _ => name.to_owned(),
    }
}
