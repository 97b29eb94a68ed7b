//! Archives: what lies in them, and the one file in them that the phone gets.
//!
//! Nothing is written to a disk. An archive is walked through once, layer by layer, within the
//! limits of [`limits`]; every `.st` in it is named with its size and sum, and of those that may be
//! the right one for the phone the first is kept. What no archive of the maker's has (links,
//! devices, names that lead elsewhere, a password) ends it, wherever in the archive it lies.

mod choice;
mod directory;
mod gzip;
pub mod limits;
mod place;
mod tar_file;
mod zip_file;

use std::io::{Cursor, Read, Seek};
use std::rc::Rc;

use shared::catalogue::archives::Archive;
use shared::failure::{Failure, FailureCode};
use shared::firmware::{Container, LARGEST_BYTES, Member};
use shared::model::Model;

use super::hash::sha1;
use super::wanted::Wanted;
pub(crate) use choice::offered;
use limits::{Budget, DEEPEST};
use place::{Interest, Place, interest};

/// What lay in an archive.
#[derive(Debug, Default)]
pub(super) struct Contents {
    /// Every firmware file in it.
    pub(super) members: Vec<Member>,
    /// Archives of the maker's that lay in it, with their places.
    pub(super) known: Vec<(String, &'static Archive)>,
    /// Bytes that were unpacked for it.
    pub(super) unpacked: u64,
}

/// The firmware that was taken from an archive.
#[derive(Debug)]
pub(super) struct Taken {
    /// Its place.
    pub(super) path: String,
    /// Its own name, without folders.
    pub(super) name: String,
    /// Its bytes.
    pub(super) bytes: Vec<u8>,
}

/// Walks through an archive and takes the wanted firmware from it: the only one, if nothing is
/// known of it.
pub(super) fn unpack<R: Read + Seek>(
    name: &str,
    kind: Container,
    reader: R,
    packed: u64,
    wanted: Wanted<'_>,
) -> (Contents, Result<Taken, Failure>) {
    let mut walk = Walk {
        wanted,
        budget: Rc::default(),
        contents: Contents::default(),
        kept: Vec::new(),
        others: Vec::new(),
    };
    let place = Place::outermost(name);
    let walked = walk.open(kind, reader, packed, &place);
    walk.contents.unpacked = walk.budget.unpacked();
    let Walk { contents, kept, others, .. } = walk;
    let taken = walked.and_then(|()| choice::choose(&place.path, &contents.members, kept, &others, wanted));
    (contents, taken)
}

/// The way through one file.
struct Walk<'a> {
    wanted: Wanted<'a>,
    budget: Rc<Budget>,
    contents: Contents,
    /// The bytes of what may be the right one.
    kept: Vec<Taken>,
    /// Some of what else lay there, to be told when the firmware does not.
    others: Vec<String>,
}

impl Walk<'_> {
    fn open<R: Read + Seek>(
        &mut self,
        kind: Container,
        reader: R,
        packed: u64,
        place: &Place,
    ) -> Result<(), Failure> {
        if place.depth >= DEEPEST {
            let seen = format!("{}: more than {DEEPEST} archives in one another", place.path);
            return Err(Failure::new(FailureCode::FirmwareArchiveTooLarge, seen));
        }
        match kind {
            Container::Zip => zip_file::walk(self, reader, packed, place),
            Container::Gzip => gzip::walk(self, reader, packed, place),
            Container::Tar => tar_file::walk(self, reader, place),
        }
    }

    /// Takes a file of an archive, if its name lets expect anything or it is the only one there can
    /// be.
    fn file(&mut self, reader: &mut dyn Read, place: &Place, is_only: bool) -> Result<(), Failure> {
        let expected = interest(place.base());
        if expected == Interest::Nothing && !is_only {
            self.pass(place);
            return Ok(());
        }
        let mut bytes = Vec::new();
        let read = reader.take(LARGEST_BYTES + 1).read_to_end(&mut bytes);
        read.map_err(|error| self.broken(place, &error))?;
        if bytes.len() as u64 > LARGEST_BYTES {
            let seen = format!("{}: more than {LARGEST_BYTES} bytes", place.path);
            return Err(Failure::new(FailureCode::FirmwareTooLarge, seen));
        }
        match Container::of(&bytes) {
            Some(kind) => {
                if let Some(archive) = Archive::by_sha1(&sha1(&bytes)) {
                    self.contents.known.push((place.path.clone(), archive));
                }
                let packed = bytes.len() as u64;
                self.open(kind, Cursor::new(bytes), packed, place)
            }
            None if expected == Interest::Archive => {
                self.pass(place);
                Ok(())
            }
            None => {
                self.keep(place, bytes);
                Ok(())
            }
        }
    }

    /// Something that is not looked at.
    fn pass(&mut self, place: &Place) {
        /// Enough to see what kind of archive it is.
        const TOLD: usize = 8;
        if self.others.len() < TOLD {
            self.others.push(place.base().to_owned());
        }
    }

    fn keep(&mut self, place: &Place, bytes: Vec<u8>) {
        let name = place.base().to_owned();
        let of_name = Model::by_file(&name);
        let member = Member {
            path: place.path.clone(),
            bytes: bytes.len() as u64,
            sha1: sha1(&bytes),
            model: of_name.map(|model| model.name.to_owned()),
        };
        let Wanted { model, member: chosen } = self.wanted;
        let is_kept = match chosen {
            Some(chosen) => chosen == place.path,
            None => {
                let may_be_it = model.is_none() || of_name.is_none() || of_name == model;
                let is_first = self.kept.iter().all(|kept| Model::by_file(&kept.name) != of_name);
                may_be_it && is_first && (model.is_some() || self.kept.is_empty())
            }
        };
        if is_kept {
            self.kept.push(Taken { path: place.path.clone(), name, bytes });
        }
        self.contents.members.push(member);
    }

    /// Why reading ended: a limit of ours, or a fault of the archive.
    fn broken(&self, place: &Place, error: &dyn std::fmt::Display) -> Failure {
        match self.budget.exceeded() {
            Some(limit) => {
                let seen = format!("{}: {limit}", place.path);
                Failure::new(FailureCode::FirmwareArchiveTooLarge, seen)
            }
            None => Failure::new(FailureCode::FirmwareDamaged, format!("{}: {error}", place.path)),
        }
    }

    fn count(&self, entries: u64, place: &Place) -> Result<(), Failure> {
        self.budget.count(entries).map_err(|limit| {
            Failure::new(FailureCode::FirmwareArchiveTooLarge, format!("{}: {limit}", place.path))
        })
    }
}

/// Something that the maker's archives do not have.
fn unsafe_archive(place: &Place, what: &str) -> Failure {
    Failure::new(FailureCode::FirmwareUnsafeArchive, format!("{}: {what}", place.path))
}
