//! "Where do I get 57i.st?" (case C30): what to look for, and how to know that it is the right one.
//!
//! No links: those that people were given died (domain.md 6.10). What lasts is the name of the
//! file, the names and sums of the maker's archives, and words to search for.

use serde::{Deserialize, Serialize};

use super::Confidence;
use super::archives::{ARCHIVES, Archive};
use super::model::{Line, Model};
use super::rules::{Case, judge};
use super::version::Version;

/// What to look for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Whereabouts {
    /// The model, by its first name.
    pub model: String,
    /// Other names of the same phone.
    pub also: Vec<String>,
    /// The exact name of the file.
    pub file: String,
    /// How sure we are of that name, its case included.
    pub file_confidence: Confidence,
    /// The archives that are known to exist, newest first.
    pub archives: Vec<KnownArchive>,
    /// Words to search for.
    pub search: Vec<String>,
}

/// An archive of the maker's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownArchive {
    /// Its name.
    pub name: String,
    /// The set in which it was seen: the version.
    pub set: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its sha1, in hex.
    pub sha1: String,
    /// Whether it holds the firmware of other models, too.
    pub bundle: bool,
    /// Whether it is refused as long as nobody knows which version is on the phone
    /// ([`rules`](super::rules)).
    pub risky: bool,
}

/// What to look for when somebody needs the firmware of this model.
pub fn whereabouts(model: &'static Model) -> Whereabouts {
    let mut known: Vec<&Archive> = ARCHIVES.iter().filter(|archive| archive.is_for(model)).collect();
    known.sort_by_key(|archive| {
        (
            std::cmp::Reverse(archive.version().map(|version| version.sorted())),
            archive.is_bundle(),
            archive.bytes,
        )
    });
    // The phone's newer name is the one that its packages have.
    let name = model.second_names.first().copied().unwrap_or(model.name);
    let maker = if model.line == Line::Line69xx { "Mitel" } else { "Aastra" };
    let mut search = vec![model.file.to_owned(), format!("{maker} {name} firmware {}", model.file)];
    // Nobody is sent to look for what would be refused.
    if let Some(newest) = known.iter().find(|archive| !is_risky(archive, model)).or(known.first()) {
        search.push(format!(
            "{name} firmware {}",
            newest.version().map_or_else(|| newest.set.to_owned(), |version| version.to_string())
        ));
    }
    for archive in &known {
        let quoted = format!("\"{}\"", archive.name);
        if !search.contains(&quoted) {
            search.push(quoted);
        }
    }
    Whereabouts {
        model: model.name.to_owned(),
        also: model.second_names.iter().map(|name| (*name).to_owned()).collect(),
        file: model.file.to_owned(),
        file_confidence: model.origins.file.confidence,
        archives: known.into_iter().map(|archive| known_archive(archive, model)).collect(),
        search,
    }
}

fn known_archive(archive: &'static Archive, model: &'static Model) -> KnownArchive {
    KnownArchive {
        name: archive.name.to_owned(),
        set: archive.set.to_owned(),
        bytes: archive.bytes,
        sha1: archive.sha1_hex(),
        bundle: archive.is_bundle(),
        risky: is_risky(archive, model),
    }
}

fn is_risky(archive: &Archive, model: &'static Model) -> bool {
    let file: Vec<Version> = archive.version().into_iter().collect();
    let case = Case { models: &[model], file: &file, ..Case::default() };
    judge(&case).iter().any(|verdict| verdict.refusal.is_some())
}
