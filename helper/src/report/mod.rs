//! What happened, to keep and to hand on: the phone as it is known, and every raw exchange with
//! it.
//!
//! Nobody has published a recovery page or a capture of one (domain.md 1.1): for a model that
//! hookflash cannot read, this is what helps the next version. So it is made to be handed on:
//! whatever is somebody's own is masked ([`mask`]) before it is written, as one page that needs
//! nothing else ([`html`]) or as JSON.
//!
//! - [`content`]: what goes in; [`texts`]: that all of it is masked; [`own`]: the person's own names
//! - [`form`], [`exchange`], [`rules`], [`clock`]: its parts

mod clock;
mod content;
mod exchange;
mod form;
mod html;
pub mod mask;
mod own;
mod rules;
mod texts;

use std::path::Path;

pub use content::{Evidence, Report};
pub use exchange::{Exchange, plain};
pub use html::html;
pub use own::own_names;

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One page, for people.
    Html,
    /// For programs.
    Json,
}

impl Format {
    /// By the ending of a file's name, in letters of any size.
    pub fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        match ending.as_str() {
            "html" | "htm" => Some(Format::Html),
            "json" => Some(Format::Json),
            _ => None,
        }
    }
}

impl Evidence {
    /// The whole report as a file's content.
    pub fn written(&self, format: Format) -> String {
        let report = Report::of(self, &own_names());
        match format {
            Format::Html => html(&report),
            Format::Json => json(&report),
        }
    }
}

/// The report as JSON.
pub fn json(report: &Report) -> String {
    // Strings, numbers and lists: there is nothing that JSON could not say.
    serde_json::to_string_pretty(report).unwrap_or_default()
}
