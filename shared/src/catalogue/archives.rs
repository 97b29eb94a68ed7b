//! The maker's archives, as they were once offered: name, size and sha1 of each (domain.md 3.2,
//! `data/firmware-archives.tsv`). A download that is one of them is known for certain.

pub use super::ARCHIVES;
use super::model::{Line, Model};
use super::version::Version;

/// What an archive holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// The firmware of one model.
    Model(&'static Model),
    /// The firmware of the phones of these lines.
    Lines(&'static [Line]),
    /// Language files, and no firmware.
    Languages,
}

/// One archive of the maker's.
#[derive(Debug, PartialEq, Eq)]
pub struct Archive {
    /// Its name as it was offered.
    pub name: &'static str,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its sha1.
    pub sha1: [u8; 20],
    /// The set in which it was seen: a version, as the plugins of Wazo write it.
    pub set: &'static str,
    /// What it holds.
    pub holds: Holds,
}

impl Archive {
    /// The archive of this sha1, in hex.
    pub fn by_sha1(hex: &str) -> Option<&'static Archive> {
        ARCHIVES.iter().find(|archive| archive.sha1_hex().eq_ignore_ascii_case(hex))
    }

    /// Its sha1 in hex.
    pub fn sha1_hex(&self) -> String {
        self.sha1.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The version that its set is named after.
    pub fn version(&self) -> Option<Version> {
        Version::parse(self.set)
    }

    /// Whether it holds the firmware of this model, as far as its name tells.
    pub fn is_for(&self, model: &Model) -> bool {
        match self.holds {
            Holds::Model(of) => of == model,
            Holds::Lines(lines) => lines.contains(&model.line),
            Holds::Languages => false,
        }
    }

    /// Whether it holds the firmware of several models.
    pub fn is_bundle(&self) -> bool {
        matches!(self.holds, Holds::Lines(_))
    }
}
