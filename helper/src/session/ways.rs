//! What worked, for the next phone: by which protocol and in which way of sending the form a
//! model took its firmware.
//!
//! Kept in a small file in the user's data folder, newest first. It only changes the order in
//! which things are tried, so a file that is lost, damaged or wrong costs a few seconds.

use std::path::{Path, PathBuf};
use std::{fs, io};

use directories::ProjectDirs;
use serde::{Deserialize, Serialize};
use shared::form::Protocol;

/// More than there are models and versions in anybody's cupboard.
const MOST_WAYS: usize = 64;
/// No file of that many entries is larger, in bytes; one that is was not written by us.
const MOST_BYTES: u64 = 64 * 1024;

/// A way that worked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    /// The model, by its first name.
    pub model: String,
    /// The firmware, by its SHA-1.
    pub firmware: String,
    /// How the phone fetched it.
    pub protocol: Protocol,
    /// The rung's name.
    pub rung: String,
}

/// The ways that are known, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ways(Vec<Way>);

/// Where the file is, if this system has a place for it.
pub fn usual_place() -> Option<PathBuf> {
    Some(ProjectDirs::from("", "", "hookflash")?.data_local_dir().join("ways.json"))
}

impl Ways {
    /// Reads the file; without one nothing is known.
    pub fn load(path: &Path) -> Self {
        let known = fs::metadata(path).ok().filter(|file| file.len() <= MOST_BYTES);
        let text = known.and_then(|_| fs::read_to_string(path).ok()).unwrap_or_default();
        Self(serde_json::from_str(&text).unwrap_or_default())
    }

    /// What worked for this model: with the same firmware, else with any, for it is the boot
    /// loader of the model that has the moods.
    pub fn known(&self, model: &str, firmware: &str) -> Option<&Way> {
        let of_model = || self.0.iter().filter(|way| way.model == model);
        of_model().find(|way| way.firmware == firmware).or_else(|| of_model().next())
    }

    /// Adds what worked, before everything older.
    pub fn add(&mut self, way: Way) {
        self.0.retain(|known| (&known.model, &known.firmware) != (&way.model, &way.firmware));
        self.0.insert(0, way);
        self.0.truncate(MOST_WAYS);
    }

    /// Writes the file: whole or not at all.
    ///
    /// # Errors
    /// What the system says.
    pub fn save(&self, path: &Path) -> io::Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let part = path.with_extension(format!("{}.part", std::process::id()));
        fs::write(&part, serde_json::to_vec(&self.0)?)?;
        fs::rename(&part, path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(model: &str, firmware: &str, rung: &str) -> Way {
        let (model, firmware, rung) = (model.into(), firmware.into(), rung.into());
        Way { model, firmware, protocol: Protocol::Ftp, rung }
    }

    #[test]
    fn the_same_firmware_counts_first_and_the_same_model_second() {
        let mut ways = Ways::default();
        assert_eq!(ways.known("57i", "a"), None);
        ways.add(way("57i", "a", "R2"));
        ways.add(way("57i", "b", "R5"));
        ways.add(way("53i", "a", "R1"));
        let rung = |model, firmware| ways.known(model, firmware).map(|way| way.rung.as_str());
        assert_eq!(rung("57i", "a"), Some("R2"));
        assert_eq!(rung("57i", "c"), Some("R5"), "the newest of the model");
        assert_eq!(rung("51i", "a"), None);
    }

    #[test]
    fn what_is_saved_is_there_again_and_damage_is_nothing_known() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new").join("ways.json");
        let mut ways = Ways::load(&path);
        for index in 0..=MOST_WAYS {
            ways.add(way("57i", &index.to_string(), "R1"));
        }
        ways.add(way("57i", "1", "R2"));
        ways.save(&path).unwrap();
        assert_eq!(Ways::load(&path), ways);
        assert_eq!(ways.0.len(), MOST_WAYS);
        fs::write(&path, b"{ half a").unwrap();
        assert_eq!(Ways::load(&path), Ways::default());
    }
}
