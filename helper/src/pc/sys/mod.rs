//! Calls of the system that no library makes for us. The only place of the program where
//! `unsafe` is allowed, and only in the file of the system that wants it.

#[cfg(windows)]
mod windows;

#[cfg(windows)]
pub(super) use windows::{free_bytes, power_status, stay_awake};

/// Bytes that this user may still write to the disk on which this folder is (statvfs(3)).
#[cfg(unix)]
pub(super) fn free_bytes(folder: &std::path::Path) -> std::io::Result<u64> {
    let told = nix::sys::statvfs::statvfs(folder)?;
    // Their widths differ from one system to the next.
    let number = |number: u128| u64::try_from(number).unwrap_or(u64::MAX);
    Ok(number(u128::from(told.blocks_available()) * u128::from(told.fragment_size())))
}

/// Windows alone has this call.
#[cfg(not(windows))]
pub(super) fn power_status() -> Option<super::power::windows::Raw> {
    None
}

/// Windows alone has this call.
#[cfg(not(windows))]
pub(super) fn stay_awake(_wanted: bool) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_disk_tells_what_is_free_and_a_folder_that_is_not_there_an_error() {
        let folder = tempfile::tempdir().unwrap();
        assert!(free_bytes(folder.path()).unwrap() > 0);
        assert!(free_bytes(&folder.path().join("none")).is_err());
    }

    #[test]
    fn only_windows_is_kept_awake_by_a_call() {
        assert_eq!(stay_awake(true), cfg!(windows));
        assert_eq!(stay_awake(false), cfg!(windows));
        assert_eq!(power_status().is_some(), cfg!(windows));
    }
}
