//! A second start finds the first: one helper for a person, and its page is opened again.
//!
//! The address of the running helper, key included, stands in a file that only this user can
//! read. A file left by a crash is noticed, because nobody answers at its address.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use crate::phone::exchange::exchange;
use crate::web::ALIVE;
use directories::ProjectDirs;

/// The note of a running helper; it is removed when this is dropped.
#[derive(Debug)]
pub(super) struct Note {
    path: PathBuf,
    url: String,
}

/// The address of the helper that runs already, if one answers.
pub(super) async fn running() -> Option<String> {
    let url = fs::read_to_string(path()?).ok()?;
    let authority = url.strip_prefix("http://")?.split('/').next()?;
    let address: SocketAddr =
        authority.parse().ok().filter(|address: &SocketAddr| address.ip().is_loopback())?;
    let request = format!("GET /api/alive HTTP/1.0\r\nHost: {authority}\r\n\r\n");
    let answer = exchange(address, request.as_bytes()).await.ok()?;
    (answer.reply.body == ALIVE).then_some(url)
}

/// Leaves a note for later starts. Without a folder for it there is no note, and a second
/// start is simply a second helper.
pub(super) fn leave(url: &str) -> Option<Note> {
    let path = path()?;
    match write(&path, url) {
        Ok(()) => Some(Note { path, url: url.to_owned() }),
        Err(error) => {
            tracing::warn!(path = %path.display(), %error, "no note for a second start");
            None
        }
    }
}

impl Drop for Note {
    fn drop(&mut self) {
        // Another helper may have left its own note since.
        if fs::read_to_string(&self.path).is_ok_and(|found| found == self.url) {
            fs::remove_file(&self.path).ok();
        }
    }
}

fn path() -> Option<PathBuf> {
    let folders = ProjectDirs::from("", "", "hookflash")?;
    let folder = folders.runtime_dir().unwrap_or(folders.data_local_dir());
    Some(folder.join("page"))
}

fn write(path: &PathBuf, url: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    io::Write::write_all(&mut options.open(path)?, url.as_bytes())
}
