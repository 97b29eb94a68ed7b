//! What is known of a kept file beside its bytes: a small file next to it.

use std::path::Path;
use std::{fs, io};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::firmware::FirmwareView;
use shared::protocol::Worked;

use super::disk::write_whole;

/// No note of ours is longer, in bytes: one that is was not written by us.
const MOST_BYTES: u64 = 64 * 1024;
/// One file is for one model, or for a few that share it (51i and 6751i); the last ones count.
const MOST_WORKED: usize = 8;

/// The note of one file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Note {
    /// The name that the person knows it by.
    pub(super) name: String,
    /// When it was added or used last, in milliseconds since 1970-01-01 UTC.
    pub(super) used_ms: u64,
    /// The phones that came back with it, newest first.
    #[serde(default)]
    pub(super) worked: Vec<Worked>,
    /// What its inspection said, so that a list needs no inspection. Kept as it was written: a
    /// later version that says more inspects the file again.
    #[serde(default)]
    view: Value,
}

impl Note {
    /// A note of a file that no phone has had.
    pub(super) fn new(view: &FirmwareView, used_ms: u64) -> Self {
        let mut note = Self { name: view.name.clone(), used_ms, worked: Vec::new(), view: Value::Null };
        note.says(view);
        note
    }

    /// Takes over what an inspection said.
    pub(super) fn says(&mut self, view: &FirmwareView) {
        self.name.clone_from(&view.name);
        self.view = serde_json::to_value(view).unwrap_or_default();
    }

    /// What its inspection said, as far as this version understands it.
    pub(super) fn view(&self, id: &str) -> Option<FirmwareView> {
        let view: FirmwareView = serde_json::from_value(self.view.clone()).ok()?;
        (view.id == id).then_some(view)
    }

    /// A phone came back with it.
    pub(super) fn worked(&mut self, model: &str, at_ms: u64) {
        note_worked(&mut self.worked, model, at_ms);
        self.used_ms = self.used_ms.max(at_ms);
    }

    /// Reads a note; none if there is none, or none of ours.
    pub(super) fn read(path: &Path) -> Option<Self> {
        let known = fs::symlink_metadata(path).ok()?;
        if !known.is_file() || known.len() > MOST_BYTES {
            return None;
        }
        serde_json::from_slice(&fs::read(path).ok()?).ok()
    }

    /// Writes it: whole or not at all.
    pub(super) fn write(&self, path: &Path) -> io::Result<()> {
        write_whole(path, &serde_json::to_vec(self)?)
    }
}

/// Adds a phone that came back, before the others; each model once.
pub(in crate::firmware) fn note_worked(worked: &mut Vec<Worked>, model: &str, at_ms: u64) {
    worked.retain(|known| known.model != model);
    worked.insert(0, Worked { model: model.to_owned(), at_ms });
    worked.truncate(MOST_WORKED);
}
