//! What was changed on this computer and not yet taken back, on disk before it is made.
//!
//! Each run that changes something has a file of its own in the user's data folder, and holds
//! its lock. The system lets go of the lock when the run ends, however it ends: a file that can
//! be locked was left by a crash. Lines are only ever added, each is on disk before the change is
//! made, and a last line that is torn was written before anything was done.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use directories::ProjectDirs;
use serde::{Deserialize, Serialize};

use super::change::Change;

/// The ending of the files.
const ENDING: &str = "changes";
/// No run writes as much, in bytes; a file that is larger is not ours.
const MOST_BYTES: u64 = 1024 * 1024;
/// Tries to find a name that nobody has; two are needed when another run looks at the same time.
const TRIES: u32 = 8;

/// One line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    /// This is about to be made.
    Make(Change),
    /// The same is taken back.
    TakenBack(Change),
}

/// The journal of one run, or one that a crash left. Its lock is held as long as it lives.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
    pending: Vec<Change>,
}

/// Where the files are, if this system has a place for them.
pub fn usual_place() -> Option<PathBuf> {
    Some(ProjectDirs::from("", "", "hookflash")?.data_local_dir().join("changes"))
}

/// Whether a run that still runs has a journal in this folder.
pub fn is_in_use(folder: &Path) -> bool {
    let taken = |path: &PathBuf| {
        let file = OpenOptions::new().read(true).append(true).open(path);
        file.is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
    };
    files(folder).iter().any(taken)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut found: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    found.retain(|path| path.extension().is_some_and(|ending| ending == ENDING));
    found.sort();
    found
}

impl Journal {
    /// A new journal in this folder.
    ///
    /// # Errors
    /// What the system says when the folder takes no file: nothing may be changed then.
    pub fn begin(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        for number in 0..TRIES {
            let path = folder.join(format!("{}-{number}.{ENDING}", std::process::id()));
            let mut options = OpenOptions::new();
            options.read(true).append(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let file = match options.open(&path) {
                Ok(file) => file,
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                Err(error) => return Err(error),
            };
            // Another run that looks for what crashes left may have got hold of it, or have
            // removed it, before it was locked.
            if file.try_lock().is_ok() && path.exists() {
                return Ok(Self { path, file, pending: Vec::new() });
            }
        }
        Err(io::Error::new(io::ErrorKind::ResourceBusy, "no journal of changes could be begun"))
    }

    /// The journals in this folder whose runs have ended without taking everything back. Empty
    /// ones are removed on the way; a file that cannot be read is left where it is.
    pub fn abandoned(folder: &Path) -> Vec<Self> {
        let mut journals = Vec::new();
        for path in files(folder) {
            match Self::take_over(&path) {
                Ok(Some(journal)) if journal.pending.is_empty() => journal.end(),
                Ok(Some(journal)) => journals.push(journal),
                Ok(None) => {}
                Err(error) => tracing::warn!(path = %path.display(), %error, "cannot read what was changed"),
            }
        }
        journals
    }

    /// None, when its run still runs.
    fn take_over(path: &Path) -> io::Result<Option<Self>> {
        let mut file = OpenOptions::new().read(true).append(true).open(path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        let mut text = Vec::new();
        file.seek(SeekFrom::Start(0))?;
        (&mut file).take(MOST_BYTES).read_to_end(&mut text)?;
        let pending = pending(&String::from_utf8_lossy(&text));
        Ok(Some(Self { path: path.to_owned(), file, pending }))
    }

    /// What is made and not taken back, oldest first.
    pub fn pending(&self) -> &[Change] {
        &self.pending
    }

    /// Writes down what is about to be made. Only then it may be made.
    ///
    /// # Errors
    /// What the system says: the change must not be made then.
    pub fn about_to_make(&mut self, change: &Change) -> io::Result<()> {
        self.write(&Line::Make(change.clone()))?;
        self.pending.push(change.clone());
        Ok(())
    }

    /// Writes down that it is taken back.
    ///
    /// # Errors
    /// What the system says: it will be taken back once more, which does no harm.
    pub fn taken_back(&mut self, change: &Change) -> io::Result<()> {
        self.pending.retain(|known| known != change);
        self.write(&Line::TakenBack(change.clone()))
    }

    fn write(&mut self, line: &Line) -> io::Result<()> {
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        self.file.write_all(&text)?;
        self.file.sync_all()?;
        #[cfg(unix)]
        if let Some(folder) = self.path.parent() {
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    }

    /// Removes the file, unless something is left to take back.
    pub fn end(self) {
        if self.pending.is_empty()
            && let Err(error) = fs::remove_file(&self.path)
        {
            tracing::warn!(path = %self.path.display(), %error, "an empty journal stays");
        }
    }
}

/// What these lines leave to be taken back, oldest first. A line that cannot be read is passed
/// over: the last one may be torn.
fn pending(text: &str) -> Vec<Change> {
    let mut pending: Vec<Change> = Vec::new();
    for line in text.lines() {
        match serde_json::from_str(line) {
            Ok(Line::Make(change)) => pending.push(change),
            Ok(Line::TakenBack(change)) => pending.retain(|known| *known != change),
            Err(error) => tracing::debug!(line, %error, "a line of the journal is none"),
        }
    }
    pending
}

#[cfg(test)]
mod tests {
    use super::super::change::HostAddress;
    use super::*;
    use std::net::Ipv4Addr;

    fn change(last: u8) -> Change {
        Change::Address(HostAddress {
            interface: "eth0".into(),
            index: None,
            ours: Ipv4Addr::new(192, 168, 1, last),
            phone: Ipv4Addr::new(192, 168, 1, 5),
        })
    }

    fn count(folder: &Path) -> usize {
        fs::read_dir(folder).unwrap().count()
    }

    #[test]
    fn what_a_crash_left_is_found_by_the_next_run_and_a_living_run_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = Journal::begin(folder.path()).unwrap();
        journal.about_to_make(&change(1)).unwrap();
        journal.about_to_make(&change(2)).unwrap();
        journal.taken_back(&change(1)).unwrap();
        assert!(Journal::abandoned(folder.path()).is_empty(), "its run still runs");
        assert!(is_in_use(folder.path()));
        // A crash: the lock goes, the file stays.
        drop(journal);
        let mut left = Journal::abandoned(folder.path());
        assert_eq!(left.len(), 1);
        assert_eq!(left[0].pending(), [change(2)]);
        assert!(Journal::abandoned(folder.path()).is_empty(), "one run at a time takes it back");
        let mut left = left.remove(0);
        left.taken_back(&change(2)).unwrap();
        left.end();
        assert_eq!(count(folder.path()), 0);
    }

    #[test]
    fn a_torn_last_line_and_a_strange_one_are_passed_over() {
        let line = |line: &Line| serde_json::to_string(line).unwrap();
        let make = line(&Line::Make(change(1)));
        let torn = &make[..make.len() - 7];
        assert_eq!(pending(&format!("{make}\nwhat?\n{torn}")), [change(1)]);
        let back = line(&Line::TakenBack(change(1)));
        assert_eq!(pending(&format!("{make}\n{back}\n{back}\n")), []);
        assert_eq!(pending(""), []);
    }

    #[test]
    fn an_empty_journal_of_a_dead_run_is_removed_and_other_files_are_not() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("1-0.changes"), "").unwrap();
        fs::write(folder.path().join("notes.txt"), "mine").unwrap();
        assert!(Journal::abandoned(folder.path()).is_empty());
        assert_eq!(count(folder.path()), 1);
        assert!(Journal::abandoned(Path::new("/no/such/folder")).is_empty());
    }

    #[test]
    fn a_journal_that_ends_with_something_left_stays() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = Journal::begin(folder.path()).unwrap();
        journal.about_to_make(&change(1)).unwrap();
        let second = Journal::begin(folder.path()).unwrap();
        assert_eq!(count(folder.path()), 2, "two runs of one process have a file each");
        second.end();
        journal.end();
        assert_eq!(count(folder.path()), 1);
    }

    #[test]
    fn where_nothing_can_be_written_nothing_begins() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(Journal::begin(&file).is_err());
    }
}
