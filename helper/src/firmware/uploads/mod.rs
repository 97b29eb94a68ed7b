//! Files on their way from the page, piece by piece ([`shared::protocol::UploadRequest`]).
//!
//! What has come lies in a file without a name, which the system removes when it is let go:
//! half a file never stands anywhere, whatever becomes of the helper. It waits for the rest
//! until the person goes on, gives it up, or forgets it; a reload of the page is no loss. There
//! is a bound on how many wait and on how much, and a bound on what a piece is in memory.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};
use shared::failure::{Failure, FailureCode};
use shared::firmware::LARGEST_BYTES;
use shared::protocol::{PIECE_BYTES, UploadRefused, UploadRequest, UploadView};

use super::base_name;
use super::hash::hex;
use super::store::is_id;

/// Uploads that are open at once: a person with several tabs has two, and four are no list yet
/// that anybody reads.
const MOST_OPEN: usize = 4;
/// Bytes that they may become together: two of the largest files that are taken at all.
const MOST_BYTES: u64 = 2 * LARGEST_BYTES;
/// A page that is there sends many pieces in a second; one that said nothing for this long may
/// have to give its place to another.
const QUIET: Duration = Duration::from_secs(10);
/// Half an upload waits this long for its page: a coffee break, and not a night.
const IDLE: Duration = Duration::from_secs(30 * 60);

/// All files that are not here whole.
#[derive(Debug, Default)]
pub struct Uploads {
    /// Where they lie; without one, where the system keeps what is temporary.
    folder: Mutex<Option<PathBuf>>,
    open: Mutex<Vec<Arc<Upload>>>,
}

#[derive(Debug)]
struct Upload {
    id: String,
    bytes: u64,
    name: Mutex<String>,
    /// Beside the file, so that who only looks never waits for the disk.
    received: AtomicU64,
    touched: Mutex<Instant>,
    file: Mutex<File>,
}

/// A file that is whole.
#[derive(Debug, PartialEq, Eq)]
pub struct Whole {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Uploads {
    /// Puts what comes from now on into this folder.
    pub fn lie_in(&self, folder: PathBuf) {
        *lock(&self.folder) = Some(folder);
    }

    /// Begins an upload, or finds the one of the same file again.
    ///
    /// # Errors
    /// A file that is never taken is refused by its size alone; [`UploadRefused::TooMany`] while
    /// others are on their way.
    pub fn open(&self, request: UploadRequest, now: Instant) -> Result<UploadView, UploadRefused> {
        let name = base_name(&request.name);
        if request.bytes == 0 {
            return Err(Failure::new(FailureCode::FirmwareEmpty, format!("{name}: 0 bytes")).into());
        }
        if request.bytes > LARGEST_BYTES {
            let seen = format!("{name}: {} bytes", request.bytes);
            return Err(Failure::new(FailureCode::FirmwareTooLarge, seen).into());
        }
        if !is_id(&request.fingerprint) {
            return Err(not_understood("the fingerprint is no sha256 in hex"));
        }
        let id = format!("{}-{}", request.bytes, request.fingerprint);
        let mut open = lock(&self.open);
        open.retain(|upload| now.saturating_duration_since(upload.touched()) < IDLE);
        if let Some(known) = open.iter().find(|upload| upload.id == id) {
            *lock(&known.name) = name;
            known.touch(now);
            return Ok(known.view());
        }
        make_room(&mut open, request.bytes, now)?;
        let file = self.new_file().map_err(|error| no_room(&name, &error))?;
        let upload = Upload {
            id,
            bytes: request.bytes,
            name: Mutex::new(name),
            received: AtomicU64::new(0),
            touched: Mutex::new(now),
            file: Mutex::new(file),
        };
        let view = upload.view();
        open.push(Arc::new(upload));
        Ok(view)
    }

    /// Takes a piece: whole or not at all. `sha256` is in hex.
    ///
    /// # Errors
    /// Every [`UploadRefused`] but `TooMany`; what was here before stays.
    pub fn piece(
        &self,
        id: &str,
        offset: u64,
        sha256: &str,
        piece: &[u8],
        now: Instant,
    ) -> Result<UploadView, UploadRefused> {
        let upload = self.find(id)?;
        upload.touch(now);
        // Held until it is written: of two tabs with the same file one comes after the other.
        let mut file = lock(&upload.file);
        let received = upload.received.load(Ordering::Acquire);
        if offset != received {
            return Err(UploadRefused::OtherOffset { received });
        }
        let length = piece.len() as u64;
        if length == 0 || length > PIECE_BYTES || length > upload.bytes - received {
            return Err(not_understood(format!("a piece of {length} bytes at {offset} of {}", upload.bytes)));
        }
        if hex(&Sha256::digest(piece)) != sha256 {
            return Err(UploadRefused::DamagedPiece);
        }
        let written = file.seek(SeekFrom::Start(offset)).and_then(|_| file.write_all(piece));
        written.map_err(|error| no_room(lock(&upload.name).as_str(), &error))?;
        upload.received.store(received + length, Ordering::Release);
        Ok(upload.view())
    }

    /// Ends an upload: the file, if it is what the page read.
    ///
    /// # Errors
    /// [`UploadRefused::OtherOffset`] when some of it is missing. Otherwise the upload is over:
    /// [`FailureCode::FirmwareChanged`] when it is another file.
    pub fn finish(&self, id: &str, sha256: &str) -> Result<Whole, UploadRefused> {
        let upload = self.find(id)?;
        let mut file = lock(&upload.file);
        let received = upload.received.load(Ordering::Acquire);
        if received != upload.bytes {
            return Err(UploadRefused::OtherOffset { received });
        }
        // Of two that end it one comes first, and the other finds nothing.
        self.close(id)?;
        let name = lock(&upload.name).clone();
        let mut bytes = Vec::with_capacity(usize::try_from(upload.bytes).unwrap_or_default());
        let read = file.seek(SeekFrom::Start(0)).and_then(|_| file.read_to_end(&mut bytes));
        read.map_err(|error| no_room(&name, &error))?;
        let found = hex(&Sha256::digest(&bytes));
        if found != sha256 {
            let seen = format!("{name}: the page read sha256 {sha256}, and {found} arrived");
            return Err(Failure::new(FailureCode::FirmwareChanged, seen).into());
        }
        Ok(Whole { name, bytes })
    }

    /// Gives an upload up.
    ///
    /// # Errors
    /// [`UploadRefused::NoSuchUpload`].
    pub fn close(&self, id: &str) -> Result<(), UploadRefused> {
        let mut open = lock(&self.open);
        let before = open.len();
        open.retain(|upload| upload.id != id);
        if open.len() == before { Err(UploadRefused::NoSuchUpload) } else { Ok(()) }
    }

    /// Lets go what nobody went on with; whether there was any.
    pub fn forget_idle(&self, now: Instant) -> bool {
        let mut open = lock(&self.open);
        let before = open.len();
        open.retain(|upload| now.saturating_duration_since(upload.touched()) < IDLE);
        open.len() < before
    }

    /// All that are open, in the order in which they were begun.
    pub fn views(&self) -> Vec<UploadView> {
        lock(&self.open).iter().map(|upload| upload.view()).collect()
    }

    fn find(&self, id: &str) -> Result<Arc<Upload>, UploadRefused> {
        let open = lock(&self.open);
        open.iter().find(|upload| upload.id == id).cloned().ok_or(UploadRefused::NoSuchUpload)
    }

    fn new_file(&self) -> io::Result<File> {
        match lock(&self.folder).as_ref() {
            Some(folder) => tempfile::tempfile_in(folder),
            None => tempfile::tempfile(),
        }
    }
}

/// Makes room for one more of this size; the one that was quiet for the longest time goes first.
fn make_room(open: &mut Vec<Arc<Upload>>, bytes: u64, now: Instant) -> Result<(), UploadRefused> {
    let is_full = |open: &[Arc<Upload>]| {
        let all: u64 = open.iter().map(|upload| upload.bytes).sum();
        open.len() >= MOST_OPEN || all + bytes > MOST_BYTES
    };
    while is_full(open) {
        let quietest = open.iter().enumerate().min_by_key(|(_, upload)| upload.touched());
        match quietest {
            Some((at, upload)) if now.saturating_duration_since(upload.touched()) >= QUIET => {
                open.remove(at);
            }
            _ => return Err(UploadRefused::TooMany),
        }
    }
    Ok(())
}

impl Upload {
    fn view(&self) -> UploadView {
        UploadView {
            id: self.id.clone(),
            name: lock(&self.name).clone(),
            bytes: self.bytes,
            received: self.received.load(Ordering::Acquire),
        }
    }

    fn touched(&self) -> Instant {
        *lock(&self.touched)
    }

    fn touch(&self, now: Instant) {
        *lock(&self.touched) = now;
    }
}

fn not_understood(detail: impl Into<String>) -> UploadRefused {
    UploadRefused::NotUnderstood { detail: detail.into() }
}

fn no_room(name: &str, error: &io::Error) -> UploadRefused {
    Failure::new(FailureCode::FirmwareNoRoom, format!("{name}: {error}")).into()
}

/// A panic elsewhere must not take the uploads with it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
