//! The firmware file: inspected, unpacked if it lay in an archive, and never changed afterwards.
//!
//! What the phone gets is held in memory (the largest image known has 64 MB, domain.md 3.2), so
//! that nothing that happens to the file on disk can reach a phone that is half-way through it.
//!
//! - [`inspect`]: what a file is, from its bytes
//! - [`on_disk`]: the same for a file on a disk, which may still be growing
//! - [`archive`]: zip, tar and gz, in one another, within limits
//! - [`wanted`]: what is wanted of an archive with more than one firmware
//! - [`strings`]: models and versions that an image names
//! - [`identify`]: what is said of an image, each with its evidence
//! - [`uploads`], [`store`], [`held`]: its way from the page, what is kept for the next phone, and both
//!   for a run

pub mod archive;
mod hash;
pub mod held;
mod identify;
pub mod inspect;
pub mod on_disk;
pub mod store;
pub mod strings;
#[cfg(test)]
mod tests;
pub mod uploads;
pub mod wanted;

use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

use shared::failure::Failure;
use shared::firmware::FirmwareView;
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
    /// Inspects bytes that came under a name: an image, or an archive with only one.
    ///
    /// # Errors
    /// A `firmware::…` failure when this is surely not firmware, or when it may be several.
    pub fn from_bytes(name: &str, bytes: Vec<u8>) -> Result<Self, Failure> {
        inspect::inspect(name, bytes.len() as u64, Cursor::new(bytes), None).into_firmware()
    }

    /// Loads and inspects a file. Blocks: call it where that is allowed.
    ///
    /// # Errors
    /// A `firmware::…` failure: not there, not readable, surely not firmware, or several.
    pub fn load(path: &Path) -> Result<Self, Failure> {
        Self::load_for(path, None)
    }

    /// The same for a phone of this model, if it is known: from an archive its file is taken.
    ///
    /// # Errors
    /// A `firmware::…` failure: not there, not readable, or surely not firmware for it.
    pub fn load_for(path: &Path, model: Option<&'static Model>) -> Result<Self, Failure> {
        on_disk::inspect_file(path, model).into_firmware()
    }
}

/// The last part of a path of either kind, without control characters, and not endless.
fn base_name(name: &str) -> String {
    /// As long as file systems allow a name to be.
    const LONGEST: usize = 255;
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    base.chars().filter(|c| !c.is_control()).take(LONGEST).collect()
}
