//! What is known of the phones and their firmware: tables with the source of each fact.
//!
//! The tables are the files of `shared/data`; `build.rs` turns them into Rust and refuses a row
//! that is wrong. What can be asked of them:
//!
//! - [`model`]: the phones, with names, file, size, login, keys (domain.md 3.1, 3.2, 2)
//! - [`version`]: what a firmware version is, and which of two is newer
//! - [`rules`]: which version may follow which on which phone (domain.md 3.4)
//! - [`archives`]: the maker's archives, by sha1
//! - [`whereabouts`]: what to look for when the file is missing (case C30)

pub mod archives;
pub mod model;
pub mod rules;
pub mod version;
pub mod whereabouts;

use serde::{Deserialize, Serialize};

use archives::{Archive, Holds};
use model::{Line, Model, Origins, TftpLimit};
use rules::{Rule, Severity, Versions};
use version::Version;

/// How sure we are of a fact (domain.md, "Confidence words").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Vendor text, or source code read directly.
    Documented,
    /// Seen by users, or in code that was run against real phones.
    Observed,
    /// Concluded from the above.
    Inferred,
    /// Searched for, not found: what stands there is at most a sensible first try.
    Unknown,
}

impl Confidence {
    /// All of them, the surest first.
    pub const ALL: [Confidence; 4] =
        [Confidence::Documented, Confidence::Observed, Confidence::Inferred, Confidence::Unknown];

    /// The stable name, as it stands in `--json` and in the tables.
    pub fn name(self) -> &'static str {
        match self {
            Confidence::Documented => "documented",
            Confidence::Observed => "observed",
            Confidence::Inferred => "inferred",
            Confidence::Unknown => "unknown",
        }
    }
}

/// How sure we are of a fact, and who said it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    /// How sure.
    pub confidence: Confidence,
    /// Who said it; nobody, when it is unknown.
    pub sources: &'static [Source],
}

include!(concat!(env!("OUT_DIR"), "/tables.rs"));

#[cfg(test)]
mod tests;
