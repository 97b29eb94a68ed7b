//! What stands in the place of a secret: the same for the same secret, so that a reader can follow.

use std::collections::HashMap;

/// The placeholders that are given away: a text that has them is masked already.
pub(super) const KINDS: [&str; 4] = ["host", "address", "user", "mac"];
/// What stands in the place of a password. It has no number: whether two passwords are the same is
/// nobody's business either.
pub(super) const SECRET: &str = "***";
/// What stands in the place of the computer's own name, and of the person's.
pub(super) const OWN: [&str; 2] = ["this-computer", "person"];

/// Numbered placeholders of one kind.
#[derive(Debug)]
pub(super) struct Names {
    kind: &'static str,
    known: HashMap<String, usize>,
}

impl Names {
    pub(super) fn new(kind: &'static str) -> Self {
        Self { kind, known: HashMap::new() }
    }

    /// The placeholder of this one; case makes no difference.
    pub(super) fn of(&mut self, original: &str) -> String {
        let next = self.known.len() + 1;
        let number = *self.known.entry(original.to_lowercase()).or_insert(next);
        format!("{}-{number}", self.kind)
    }

    /// The placeholder, if this one has one. In lower case.
    pub(super) fn known(&self, original: &str) -> Option<String> {
        self.known.get(original).map(|number| format!("{}-{number}", self.kind))
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.known.len()
    }
}

/// Whether this is one of ours.
pub(super) fn is_placeholder(text: &str) -> bool {
    let numbered = |kind: &str| {
        let number = text.strip_prefix(kind).and_then(|rest| rest.strip_prefix('-'));
        number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
    };
    text == SECRET || OWN.contains(&text) || KINDS.into_iter().any(numbered)
}
