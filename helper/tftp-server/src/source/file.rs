//! A file on disk, opened anew for each transfer and read by position.

use std::fs::File;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use super::{Content, Refusal, Source};
use crate::request::Request;

/// The file at one path, for every name: what a client asks for is never used as a path. Wrap
/// it in [`super::Staged`] to answer to one name only.
///
/// A file that is not there is [`Refusal::NotFound`] (ERROR 1). Whatever else keeps it from being
/// opened, a missing right and a folder in its place included, is [`Refusal::Failed`] (ERROR 0).
#[derive(Debug, Clone)]
pub struct FileSource {
    path: PathBuf,
}

impl FileSource {
    /// Serves the file at this path. It is opened when it is asked for.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }
}

impl Source for FileSource {
    fn open(&self, _request: &Request, _peer: SocketAddr) -> Result<Box<dyn Content>, Refusal> {
        let open = || -> io::Result<FileContent> {
            let file = File::open(&self.path)?;
            let metadata = file.metadata()?;
            if !metadata.is_file() {
                return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
            }
            Ok(FileContent { length: metadata.len(), file, ahead: Vec::new(), ahead_at: 0 })
        };
        match open() {
            Ok(content) => Ok(Box::new(content)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(Refusal::NotFound),
            Err(error) => Err(Refusal::Failed(error.to_string())),
        }
    }
}

/// Bytes read from the file at once: 32 blocks of a lock-step client cost one system call, and
/// 200 phones 3 MiB of memory.
const READ_AHEAD: usize = 16 << 10;

/// An open file and the length it had when it was opened.
#[derive(Debug)]
struct FileContent {
    file: File,
    length: u64,
    /// What was read last.
    ahead: Vec<u8>,
    /// Where in the file that is.
    ahead_at: u64,
}

impl FileContent {
    /// What of the bytes from this place on was read already.
    fn known(&self, offset: u64) -> &[u8] {
        let skip = offset.checked_sub(self.ahead_at).and_then(|skip| usize::try_from(skip).ok());
        skip.and_then(|skip| self.ahead.get(skip..)).unwrap_or_default()
    }
}

impl Content for FileContent {
    fn len(&self) -> u64 {
        self.length
    }

    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.len() >= READ_AHEAD {
            return read_at(&self.file, offset, buffer);
        }
        if self.known(offset).is_empty() {
            self.ahead.resize(READ_AHEAD, 0);
            self.ahead_at = offset;
            let read = read_at(&self.file, offset, &mut self.ahead);
            self.ahead.truncate(*read.as_ref().unwrap_or(&0));
            read?;
        }
        let known = self.known(offset);
        let count = known.len().min(buffer.len());
        buffer[..count].copy_from_slice(&known[..count]);
        Ok(count)
    }
}

#[cfg(unix)]
fn read_at(file: &File, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(windows)]
fn read_at(file: &File, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}
