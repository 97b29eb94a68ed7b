//! Pieces of a text that are replaced, all at once.

use std::ops::Range;

/// A piece that is replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hole {
    /// Where it is, in bytes.
    pub(super) at: Range<usize>,
    /// What stands there instead.
    pub(super) by: String,
}

impl Hole {
    pub(super) fn new(at: Range<usize>, by: impl Into<String>) -> Self {
        Self { at, by: by.into() }
    }
}

/// The text with the holes filled. One that begins inside another goes with it.
pub(super) fn filled(text: &str, mut holes: Vec<Hole>) -> String {
    holes.sort_by_key(|hole| (hole.at.start, std::cmp::Reverse(hole.at.end)));
    let mut filled = String::with_capacity(text.len());
    let mut from = 0;
    for hole in holes {
        if hole.at.start >= from {
            filled.push_str(text.get(from..hole.at.start).unwrap_or_default());
            filled.push_str(&hole.by);
        }
        from = from.max(hole.at.end);
    }
    filled.push_str(text.get(from..).unwrap_or_default());
    filled
}

/// The character before this place.
pub(super) fn before(text: &str, at: usize) -> Option<char> {
    text.get(..at)?.chars().next_back()
}

/// The character at this place.
pub(super) fn after(text: &str, at: usize) -> Option<char> {
    text.get(at..)?.chars().next()
}

/// Whether a word could go on with this.
pub(super) fn is_in_word(character: Option<char>) -> bool {
    character.is_some_and(char::is_alphanumeric)
}

/// The longest pieces of such characters.
pub(super) fn runs(text: &str, belongs: impl Fn(char) -> bool) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    let mut start = None;
    for (at, character) in text.char_indices() {
        match (belongs(character), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                runs.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    runs.extend(start.map(|from| from..text.len()));
    runs
}
