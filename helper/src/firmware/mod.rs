//! The firmware file: loaded once, inspected, and never changed afterwards.
//!
//! It is held in memory (the largest image known has 64 MB, domain.md 3.2), so that nothing
//! that happens to the file on disk can reach a phone that is half-way through it. [`uploads`]
//! is its way from the page, [`store`] keeps it for the next phone, [`held`] is both for a run.

pub mod held;
pub mod store;
pub mod uploads;

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use sha1::Sha1;
use sha2::{Digest, Sha256};
use shared::failure::{Failure, FailureCode};
use shared::firmware::{FirmwareView, HEAD_BYTES, LARGEST_BYTES, refusal};
use shared::model::Model;

/// An inspected file.
#[derive(Clone)]
pub struct Firmware {
    /// What is told about it.
    pub view: FirmwareView,
    /// Its bytes.
    pub bytes: Arc<Vec<u8>>,
}

impl std::fmt::Debug for Firmware {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Firmware").field("view", &self.view).finish_non_exhaustive()
    }
}

impl Firmware {
    /// Inspects bytes that came under a name.
    ///
    /// # Errors
    /// A `firmware::…` failure when this is surely not firmware.
    pub fn from_bytes(name: &str, bytes: Vec<u8>) -> Result<Self, Failure> {
        let name = base_name(name);
        let head = &bytes[..bytes.len().min(HEAD_BYTES)];
        if let Some((code, what)) = refusal(head, bytes.len() as u64) {
            return Err(Failure::new(code, format!("{name}: {what}")));
        }
        let view = FirmwareView {
            id: hex(&Sha256::digest(&bytes)),
            sha1: hex(&Sha1::digest(&bytes)),
            bytes: bytes.len() as u64,
            model: Model::by_file(&name).map(|model| model.name.to_owned()),
            name,
        };
        Ok(Self { view, bytes: Arc::new(bytes) })
    }

    /// Loads and inspects a file. Blocks: call it where that is allowed.
    ///
    /// # Errors
    /// A `firmware::…` failure: not there, not readable, or surely not firmware.
    pub fn load(path: &Path) -> Result<Self, Failure> {
        let shown = path.display();
        let unreadable = |error: std::io::Error| {
            let code = match error.kind() {
                std::io::ErrorKind::NotFound => FailureCode::FirmwareMissing,
                _ => FailureCode::FirmwareUnreadable,
            };
            Failure::new(code, format!("{shown}: {error}"))
        };
        // Asked before it is opened: opening a pipe would wait for its writer for ever.
        let metadata = std::fs::metadata(path).map_err(unreadable)?;
        if !metadata.is_file() {
            let seen = format!("{shown} is not a file");
            return Err(Failure::new(FailureCode::FirmwareUnreadable, seen));
        }
        if metadata.len() > LARGEST_BYTES {
            let seen = format!("{shown}: {} bytes", metadata.len());
            return Err(Failure::new(FailureCode::FirmwareTooLarge, seen));
        }
        let file = std::fs::File::open(path).map_err(unreadable)?;
        let mut bytes = Vec::new();
        file.take(LARGEST_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Self::from_bytes(&name, bytes)
    }
}

/// The last part of a path of either kind, without control characters, and not endless.
fn base_name(name: &str) -> String {
    /// As long as file systems allow a name to be.
    const LONGEST: usize = 255;
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    base.chars().filter(|c| !c.is_control()).take(LONGEST).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some_bytes() -> Vec<u8> {
        (0..5000_u32).map(|i| (i * 7 % 253) as u8).collect()
    }

    #[test]
    fn a_loaded_file_has_its_name_its_size_and_its_hashes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("57i.st");
        std::fs::write(&path, some_bytes()).unwrap();
        let firmware = Firmware::load(&path).unwrap();
        assert_eq!((firmware.view.name.as_str(), firmware.view.bytes), ("57i.st", 5000));
        assert_eq!(firmware.view.model.as_deref(), Some("57i"));
        assert_eq!(*firmware.bytes, some_bytes());
        // NIST's own test vectors, FIPS 180: the hash of "abc".
        assert_eq!(hex(&Sha1::digest(b"abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert!(hex(&Sha256::digest(b"abc")).starts_with("ba7816bf8f01cfea"));
    }

    #[test]
    fn what_cannot_be_loaded_says_why() {
        let folder = tempfile::tempdir().unwrap();
        let empty = folder.path().join("empty.st");
        std::fs::write(&empty, b"").unwrap();
        let zip = folder.path().join("57i.zip");
        std::fs::write(&zip, [b"PK\x03\x04".as_slice(), &some_bytes()].concat()).unwrap();
        for (path, code) in [
            (folder.path().join("none.st"), FailureCode::FirmwareMissing),
            (folder.path().to_owned(), FailureCode::FirmwareUnreadable),
            (empty, FailureCode::FirmwareEmpty),
            (zip, FailureCode::FirmwareArchive),
        ] {
            let failure = Firmware::load(&path).unwrap_err();
            assert_eq!(failure.code, code, "{}", path.display());
            assert!(!failure.seen.is_empty());
        }
    }

    #[test]
    fn a_gigabyte_is_refused_without_being_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("large.st");
        std::fs::File::create(&path).unwrap().set_len(2 << 30).unwrap();
        assert_eq!(Firmware::load(&path).unwrap_err().code, FailureCode::FirmwareTooLarge);
    }

    #[test]
    fn an_uploaded_name_is_only_a_name() {
        let name = |given: &str| Firmware::from_bytes(given, some_bytes()).unwrap().view.name;
        assert_eq!(name("../../etc/57i.st"), "57i.st");
        assert_eq!(name("C:\\fakepath\\57i.st"), "57i.st");
        assert_eq!(name("57\n\u{7}i.st"), "57i.st");
        assert_eq!(name(&"x".repeat(1000)).len(), 255);
    }
}
