//! What keeps the folder in order: the lock that all helpers share, what goes when there is too
//! much, and what a crash left.

use std::fs::{self, File, TryLockError};
use std::io;
use std::time::{Duration, Instant, SystemTime};

use super::disk::{PART, remove_file};
use super::{FILE, NOTE, Store};

/// The lock is held for renames and notes, which take milliseconds. Whoever holds it longer is
/// stopped or hangs, and our person does not wait for that.
const LOCK_PATIENCE: Duration = Duration::from_secs(5);
/// Between two looks at the lock.
const LOCK_LOOK: Duration = Duration::from_millis(20);
/// A part that nobody has written to for this long is what a crash left: the largest file is
/// written in seconds.
pub(super) const ABANDONED: Duration = Duration::from_secs(60 * 60);

pub(super) const LOCK: &str = "lock";

impl Store {
    /// Lets the oldest go until the rest is within the limits. The newest always stays.
    pub(super) fn shrink(&self, newest: &str) -> io::Result<()> {
        let mut kept: Vec<(u64, String, u64)> = self
            .notes()
            .into_iter()
            .map(|(id, note)| {
                let bytes = fs::metadata(self.path(&id, FILE)).map_or(0, |file| file.len());
                (note.used_ms, id, bytes)
            })
            .collect();
        kept.sort();
        let (mut bytes, mut files) = (kept.iter().map(|(.., bytes)| bytes).sum::<u64>(), kept.len());
        for (_, id, its_bytes) in kept.iter().filter(|(_, id, _)| id != newest) {
            if bytes <= self.limits.bytes && files <= self.limits.files {
                break;
            }
            self.remove_locked(id)?;
            bytes -= its_bytes;
            files -= 1;
        }
        Ok(())
    }

    /// Removes what belongs to nothing. Files that we would not write are not touched.
    pub(super) fn tidy(&self) -> io::Result<()> {
        for id in self.ids(NOTE)? {
            if self.note(&id).is_none() {
                self.remove_locked(&id)?;
            }
        }
        for id in self.ids(FILE)? {
            if !self.has(&id) {
                remove_file(&self.path(&id, FILE))?;
            }
        }
        let now = SystemTime::now();
        for path in self.entries(PART)? {
            let changed = fs::symlink_metadata(&path).and_then(|part| part.modified()).unwrap_or(now);
            if now.duration_since(changed).unwrap_or_default() > ABANDONED {
                remove_file(&path)?;
            }
        }
        Ok(())
    }

    /// The lock of all helpers, until what this returns is dropped. The system lets it go for a
    /// helper that dies.
    pub(super) fn lock(&self) -> io::Result<File> {
        let lock = File::options().create(true).truncate(false).write(true).open(self.folder.join(LOCK))?;
        let start = Instant::now();
        loop {
            match lock.try_lock() {
                Ok(()) => return Ok(lock),
                Err(TryLockError::WouldBlock) if start.elapsed() < LOCK_PATIENCE => {
                    std::thread::sleep(LOCK_LOOK);
                }
                Err(TryLockError::WouldBlock) => return Err(io::ErrorKind::TimedOut.into()),
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
    }
}
