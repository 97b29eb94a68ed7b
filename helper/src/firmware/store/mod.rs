//! Firmware files that stay for the next phone, in the user's data folder (case C20).
//!
//! A file is kept by what is in it: its name on the disk is its sha256. So the same file is
//! there once, whatever it was called; a file that is damaged shows it by itself; and two
//! helpers that add the same file at once write the same bytes. Beside each stands a note
//! ([`note`]) with the person's name for it, when it was used, and for which phones it worked.
//!
//! Everything is written to a file of its own first and takes its place only when it is whole
//! and on the disk: a helper that dies half-way leaves nothing but a `.part`, which a later
//! start removes. What is read and written again (notes, what goes when there are too many)
//! stands under a lock that all helpers share ([`upkeep`]).

mod disk;
mod note;
mod upkeep;

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use directories::ProjectDirs;
use sha2::{Digest, Sha256};
use shared::failure::{Failure, FailureCode};
use shared::firmware::{FirmwareView, LARGEST_BYTES};
use shared::protocol::KeptFirmware;

use super::Firmware;
use super::hash::hex;
use disk::{is_file, remove_file, sync_folder, write_part};
use note::Note;
pub(in crate::firmware) use note::note_worked;

/// Room for eight of the largest images (64 MB, domain.md 3.2), or for two hundred of the 57i
/// class: more than a company's cupboard has models, and little of any disk of today.
const MOST_BYTES: u64 = 512 * 1024 * 1024;
/// The page lists them all, and their list goes through one message: 32 are twice as many as
/// the models that one maker sold at a time.
const MOST_FILES: usize = 32;
const FILE: &str = "st";
const NOTE: &str = "json";

/// How much is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of all files together.
    pub bytes: u64,
    /// Files.
    pub files: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: MOST_BYTES, files: MOST_FILES }
    }
}

/// The folder with the kept files. All functions block: call them where that is allowed.
#[derive(Debug, Clone)]
pub struct Store {
    folder: PathBuf,
    limits: Limits,
}

/// Where the files are kept, if this system has a place for them.
pub fn usual_place() -> Option<PathBuf> {
    Some(ProjectDirs::from("", "", "hookflash")?.data_local_dir().join("firmware"))
}

impl Store {
    /// Opens the folder, makes it if need be, and removes what a crash left in it.
    ///
    /// # Errors
    /// What the system says.
    pub fn open(folder: &Path, limits: Limits) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let store = Self { folder: folder.to_owned(), limits };
        let _lock = store.lock()?;
        store.tidy()?;
        Ok(store)
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Keeps a file, and lets those go that were not used for the longest time when there are
    /// more than the limits allow. `now_ms` is in milliseconds since 1970-01-01 UTC.
    ///
    /// # Errors
    /// What the system says; nothing has changed then.
    pub fn put(&self, firmware: &Firmware, now_ms: u64) -> io::Result<()> {
        let id = &firmware.view.id;
        // Written also when it is there: the one that is there may be damaged.
        let part = self.part(&firmware.bytes)?;
        let _lock = self.lock()?;
        let mut note = self.note(id).unwrap_or_else(|| Note::new(&firmware.view, now_ms));
        note.says(&firmware.view);
        note.used_ms = now_ms;
        part.persist(self.path(id, FILE)).map_err(|error| error.error)?;
        note.write(&self.path(id, NOTE))?;
        sync_folder(&self.folder)?;
        self.shrink(id)
    }

    /// All that is kept, the one that was used last at the end.
    pub fn list(&self) -> Vec<KeptFirmware> {
        let mut notes: Vec<(String, Note)> = self.notes();
        notes.sort_by(|(_, one), (_, other)| (one.used_ms, &one.name).cmp(&(other.used_ms, &other.name)));
        notes
            .into_iter()
            .filter_map(|(id, note)| Some(KeptFirmware { file: self.view(&id, &note)?, worked: note.worked }))
            .collect()
    }

    /// Whether a file of this key is kept.
    pub fn has(&self, id: &str) -> bool {
        is_id(id) && is_file(&self.path(id, FILE)) && is_file(&self.path(id, NOTE))
    }

    /// A file, compared with its key. One that is not what it was is never given out: it is
    /// removed, and that is the failure.
    ///
    /// # Errors
    /// [`FailureCode::FirmwareMissing`], [`FailureCode::FirmwareUnreadable`],
    /// [`FailureCode::FirmwareKeptDamaged`], or what its inspection says.
    pub fn load(&self, id: &str, now_ms: u64) -> Result<Firmware, Failure> {
        let gone = || Failure::new(FailureCode::FirmwareMissing, format!("sha256 {id} is not kept"));
        let note = self.note(id).ok_or_else(gone)?;
        let bytes = match self.read(id) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(gone()),
            Err(error) => {
                let seen = format!("{}: {error}", self.path(id, FILE).display());
                return Err(Failure::new(FailureCode::FirmwareUnreadable, seen));
            }
        };
        let found = hex(&Sha256::digest(&bytes));
        if found != id {
            self.remove_damaged(id);
            let seen = format!("{}: its sha256 was {id}, and is {found}", note.name);
            return Err(Failure::new(FailureCode::FirmwareKeptDamaged, seen));
        }
        let firmware = Firmware::from_bytes(&note.name, bytes)?;
        self.change(id, |note| note.used_ms = note.used_ms.max(now_ms));
        Ok(firmware)
    }

    /// Notes that a phone of this model came back with it.
    pub fn worked(&self, id: &str, model: &str, at_ms: u64) {
        self.change(id, |note| note.worked(model, at_ms));
    }

    /// Removes a file; whether it was there.
    ///
    /// # Errors
    /// What the system says.
    pub fn remove(&self, id: &str) -> io::Result<bool> {
        if !self.has(id) {
            return Ok(false);
        }
        let _lock = self.lock()?;
        self.remove_locked(id)
    }

    fn remove_locked(&self, id: &str) -> io::Result<bool> {
        // The note first: a file without one is nothing, and removed by the next start.
        let was_there = remove_file(&self.path(id, NOTE))?;
        remove_file(&self.path(id, FILE))?;
        Ok(was_there)
    }

    /// Another helper may have put the file right meanwhile: looked at again under the lock.
    fn remove_damaged(&self, id: &str) {
        let removed = self.lock().and_then(|_lock| {
            let is_right = self.read(id).is_ok_and(|bytes| hex(&Sha256::digest(&bytes)) == id);
            if is_right { Ok(false) } else { self.remove_locked(id) }
        });
        match removed {
            Ok(_) => tracing::warn!(id, "a kept file was damaged"),
            Err(error) => tracing::warn!(id, %error, "a damaged file could not be removed"),
        }
    }

    /// Changes a note under the lock. What cannot be noted is no reason to stop anything.
    fn change(&self, id: &str, change: impl FnOnce(&mut Note)) {
        let written = self.lock().and_then(|_lock| {
            let Some(mut note) = self.note(id) else { return Ok(()) };
            change(&mut note);
            note.write(&self.path(id, NOTE))
        });
        if let Err(error) = written {
            tracing::warn!(id, %error, "what is known of a kept file could not be noted");
        }
    }

    /// What is told of a file; one whose note is of another version is inspected again.
    fn view(&self, id: &str, note: &Note) -> Option<FirmwareView> {
        if let Some(view) = note.view(id) {
            return Some(view);
        }
        let firmware = self.load(id, note.used_ms).ok()?;
        self.change(id, |note| note.says(&firmware.view));
        Some(firmware.view)
    }

    /// Every note whose file is there.
    fn notes(&self) -> Vec<(String, Note)> {
        let ids = self.ids(NOTE).unwrap_or_default();
        ids.into_iter()
            .filter(|id| self.has(id))
            .filter_map(|id| Some((id.clone(), self.note(&id)?)))
            .collect()
    }

    fn note(&self, id: &str) -> Option<Note> {
        if !self.has(id) {
            return None;
        }
        Note::read(&self.path(id, NOTE))
    }

    fn read(&self, id: &str) -> io::Result<Vec<u8>> {
        let path = self.path(id, FILE);
        if !is_file(&path) {
            return Err(io::ErrorKind::NotFound.into());
        }
        let mut bytes = Vec::new();
        // One byte more than can be right is enough to see that it is wrong.
        File::open(path)?.take(LARGEST_BYTES + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn part(&self, bytes: &[u8]) -> io::Result<tempfile::NamedTempFile> {
        write_part(&self.folder, bytes)
    }

    fn ids(&self, kind: &str) -> io::Result<Vec<String>> {
        let stem = |path: PathBuf| Some(path.file_stem()?.to_str()?.to_owned());
        Ok(self.entries(kind)?.into_iter().filter_map(stem).filter(|id| is_id(id)).collect())
    }

    fn entries(&self, kind: &str) -> io::Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == kind) {
                found.push(path);
            }
        }
        Ok(found)
    }

    fn path(&self, id: &str, kind: &str) -> PathBuf {
        self.folder.join(format!("{id}.{kind}"))
    }
}

/// A sha256 in lower-case hex, and so never a path.
pub(in crate::firmware) fn is_id(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests;
