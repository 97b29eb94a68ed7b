//! One staged file under any spelling of its name.
//!
//! Phones and people write the name in many ways: `57i.st`, `/57i.st`, `\57i.st`,
//! `Aastra/57i.st`, `57I.ST`. All of them mean the one file that is staged; any other name
//! means that the phone wants something else, and that must be said and not hidden.

use std::net::SocketAddr;

use super::{Content, Refusal, Source};
use crate::request::Request;

/// One file that answers to its name and aliases: with a leading slash, with backslashes, with
/// folders in front, with blanks around it, in upper and lower case. No other name is answered.
#[derive(Debug, Clone)]
pub struct Staged<S> {
    names: Vec<String>,
    content: S,
}

impl<S: Source> Staged<S> {
    /// Stages what this source gives, a [`super::Memory`] or a [`super::FileSource`], under
    /// this name. Folders in the name itself do not count.
    pub fn new(name: impl AsRef<str>, content: S) -> Self {
        Self { names: vec![base_name(name.as_ref())], content }
    }

    /// Answers to this name as well.
    #[must_use]
    pub fn alias(mut self, name: impl AsRef<str>) -> Self {
        self.names.push(base_name(name.as_ref()));
        self
    }

    /// Whether a request for this name gets the file.
    #[must_use]
    pub fn answers_to(&self, name: &str) -> bool {
        let wanted = base_name(name);
        !wanted.is_empty() && self.names.contains(&wanted)
    }
}

impl<S: Source> Source for Staged<S> {
    fn open(&self, request: &Request, peer: SocketAddr) -> Result<Box<dyn Content>, Refusal> {
        if self.answers_to(&request.name) { self.content.open(request, peer) } else { Err(Refusal::NotFound) }
    }
}

/// The last part of a path of either spelling, in lower case and without blanks around it.
fn base_name(name: &str) -> String {
    name.rsplit(['/', '\\']).next().unwrap_or(name).trim().to_lowercase()
}
