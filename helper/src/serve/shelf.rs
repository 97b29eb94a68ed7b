//! What one phone can get: the staged file, and in quarantine two small configurations.
//! Nothing else exists, so no name from the wire is ever used as a path.
//!
//! Phones and people write the name in many ways: `57i.st`, `/57i.st`, `\57i.st`,
//! `Aastra/57i.st`, `57I.ST` (domain.md 5.1, 7.7). The last part counts, in any case. Any other
//! name means that the phone wants something else, and that is said and not hidden.

use std::fmt;
use std::sync::Arc;

use super::quarantine;

/// The names and the bytes; clones share the bytes.
#[derive(Clone)]
pub struct Shelf {
    /// As they are shown.
    names: Vec<String>,
    bytes: Arc<Vec<u8>>,
    quarantine: bool,
}

/// What lies under a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// The staged file.
    Firmware,
    /// A configuration. Without text there is none, and the phone is told so.
    Configuration(Option<&'static str>),
    /// Nothing.
    Nothing,
}

impl fmt::Debug for Shelf {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Shelf")
            .field("names", &self.names)
            .field("bytes", &self.bytes.len())
            .field("quarantine", &self.quarantine)
            .finish()
    }
}

impl Shelf {
    /// A shelf with one file on it. In quarantine, two configurations lie beside it.
    #[must_use]
    pub fn new(names: Vec<String>, bytes: Arc<Vec<u8>>, quarantine: bool) -> Self {
        Self { names, bytes, quarantine }
    }

    /// Looks for a name in any spelling.
    #[must_use]
    pub fn find(&self, name: &str) -> Found {
        let wanted = base_name(name);
        if !wanted.is_empty() && self.names.iter().any(|staged| base_name(staged) == wanted) {
            Found::Firmware
        } else if quarantine::is_configuration(&wanted) {
            Found::Configuration(quarantine::answer(&wanted).filter(|_| self.quarantine))
        } else {
            Found::Nothing
        }
    }

    /// The bytes of the staged file.
    #[must_use]
    pub fn bytes(&self) -> &Arc<Vec<u8>> {
        &self.bytes
    }

    /// Its length in bytes.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// The name that is shown in a listing: the first one, without folders.
    #[must_use]
    pub fn shown(&self) -> &str {
        self.names.first().map_or("", |name| last_part(name))
    }
}

fn last_part(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name).trim()
}

/// The last part of a path of either spelling, in lower case and without blanks around it.
fn base_name(name: &str) -> String {
    last_part(name).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shelf(quarantine: bool) -> Shelf {
        Shelf::new(vec!["57i.st".into(), "6757i.st".into()], Arc::new(vec![1, 2, 3]), quarantine)
    }

    #[test]
    fn the_file_answers_to_its_names_in_every_spelling() {
        for name in [
            "57i.st",
            "/57i.st",
            "\\57i.st",
            "./57i.st",
            "Aastra/57i.st",
            "a\\b/57I.ST",
            " 57i.st ",
            "6757I.st",
            "../../57i.st",
            "//57i.st",
        ] {
            assert_eq!(shelf(false).find(name), Found::Firmware, "{name:?}");
        }
    }

    #[test]
    fn no_other_name_gets_anything() {
        for name in ["", "/", "57i.st/", "57i", "57i.st2", "x57i.st", "etc/passwd", "57i.st\0", "*"] {
            assert_eq!(shelf(true).find(name), Found::Nothing, "{name:?}");
        }
    }

    #[test]
    fn a_shelf_without_names_answers_to_none() {
        let empty = Shelf::new(vec![String::new()], Arc::new(vec![1]), false);
        assert_eq!(empty.find(""), Found::Nothing);
    }

    #[test]
    fn quarantine_answers_the_two_files_that_every_phone_asks_for() {
        for name in ["aastra.cfg", "/AASTRA.CFG", "cfg\\startup.cfg"] {
            let Found::Configuration(Some(text)) = shelf(true).find(name) else { panic!("{name:?}") };
            assert!(text.lines().any(|line| line == "contact rcs: 0"), "{text}");
            assert_eq!(shelf(false).find(name), Found::Configuration(None), "{name:?}");
        }
    }

    #[test]
    fn quarantine_has_no_configuration_for_one_phone_or_model() {
        for name in ["00085D19E401.cfg", "57i.cfg", "aastra.tuz", "00085D19E401.tuz", "/x/6757i.CFG"] {
            assert_eq!(shelf(true).find(name), Found::Configuration(None), "{name:?}");
        }
    }
}
