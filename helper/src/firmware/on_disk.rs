//! A file on this computer's disk: opened once, and looked at again afterwards, for a browser may
//! still be writing it.

use std::fs::{File, Metadata};
use std::io;
use std::path::Path;

use shared::failure::{Failure, FailureCode};
use shared::model::Model;

use super::inspect::{Inspected, inspect};

/// How browsers and download managers call what they have not finished: Chromium, Firefox, Safari,
/// Opera, Edge of old, wget and others.
const UNFINISHED: [&str; 6] = [".crdownload", ".part", ".download", ".opdownload", ".partial", ".filepart"];

/// Inspects a file, for a phone of this model, if it is known. Blocks: call it where that is
/// allowed.
pub fn inspect_file(path: &Path, model: Option<&'static Model>) -> Inspected {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let refused = |bytes, code, seen: String| Inspected::refused(&name, bytes, Failure::new(code, seen));
    let shown = path.display();
    let unreadable = |error: io::Error| {
        let code = match error.kind() {
            io::ErrorKind::NotFound => FailureCode::FirmwareMissing,
            _ => FailureCode::FirmwareUnreadable,
        };
        refused(None, code, format!("{shown}: {error}"))
    };
    // Asked before it is opened: opening a pipe would wait for its writer for ever.
    let before = match std::fs::metadata(path) {
        Ok(before) => before,
        Err(error) => return unreadable(error),
    };
    if !before.is_file() {
        return refused(None, FailureCode::FirmwareUnreadable, format!("{shown} is not a file"));
    }
    if let Some(seen) = unfinished(path) {
        return refused(Some(before.len()), FailureCode::FirmwareGrowing, seen);
    }
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) => return unreadable(error),
    };
    let inspected = inspect(&name, before.len(), &file, model);
    let after = file.metadata();
    match after.ok().and_then(|after| changed(&before, &after)) {
        Some(what) => {
            refused(inspected.report.bytes, FailureCode::FirmwareGrowing, format!("{shown}: {what}"))
        }
        None => inspected,
    }
}

/// What differs between two looks at a file.
fn changed(before: &Metadata, after: &Metadata) -> Option<String> {
    if before.len() != after.len() {
        return Some(format!("it had {} bytes, and then {}", before.len(), after.len()));
    }
    match (before.modified(), after.modified()) {
        (Ok(before), Ok(after)) if before != after => Some("it was written to while we read it".to_owned()),
        _ => None,
    }
}

/// Why a file is surely not finished, by its name or by what lies beside it.
fn unfinished(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_string_lossy().into_owned();
    let lower = name.to_ascii_lowercase();
    if let Some(ending) = UNFINISHED.iter().find(|ending| lower.ends_with(**ending)) {
        return Some(format!("{name}: {ending} is how an unfinished download is called"));
    }
    // Firefox puts an empty file under the right name, and its bytes beside it.
    let beside = path.with_file_name(format!("{name}.part"));
    beside.is_file().then(|| format!("{name}: beside it lies {name}.part"))
}
