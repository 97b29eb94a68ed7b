//! Files that are whole or not there.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// What a file is called that is not whole yet.
pub(super) const PART: &str = "part";

/// Writes a file that takes its place only when it is whole and on the disk.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    write_part(folder, bytes)?.persist(path).map(drop).map_err(|error| error.error)
}

/// A file on the disk that is not in its place yet; dropped, it is gone.
pub(super) fn write_part(folder: &Path, bytes: &[u8]) -> io::Result<tempfile::NamedTempFile> {
    let mut part = tempfile::Builder::new().suffix(&format!(".{PART}")).tempfile_in(folder)?;
    part.write_all(bytes)?;
    part.as_file().sync_all()?;
    Ok(part)
}

/// A rename is on the disk when its folder is. Only Unix lets a folder be opened for that;
/// Windows writes the entry with the file.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    fs::File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

/// Removes a file; whether it was there.
pub(super) fn remove_file(path: &Path) -> io::Result<bool> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// No link, no folder, no pipe: what we wrote.
pub(super) fn is_file(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.is_file())
}
