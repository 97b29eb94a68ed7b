//! Which phone it is: the name in realm, platform row and User-Agent, and the file it wants.
//! Names and files follow domain.md 3.1; both names of a pair (57i, 6757i) are known.

use std::{fmt, str::FromStr};

use thiserror::Error;

/// (name, the name in its firmware file). Sorted by age; domain.md 3.1.
const KNOWN: &[(&str, &str)] = &[
    ("480i", "480i"),
    ("9133i", "9133i"),
    ("51i", "51i"),
    ("6751i", "51i"),
    ("53i", "53i"),
    ("6753i", "53i"),
    ("55i", "55i"),
    ("6755i", "55i"),
    ("57i", "57i"),
    ("6757i", "57i"),
    ("57i CT", "57iCT"),
    ("6757i CT", "57iCT"),
    ("9143i", "9143i"),
    ("9480i", "9480i"),
    ("9480i CT", "9480iCT"),
    ("6730i", "6730i"),
    ("6731i", "6731i"),
    ("6735i", "6735i"),
    ("6737i", "6737i"),
    ("6739i", "6739i"),
    ("6863i", "6863i"),
    ("6865i", "6865i"),
    ("6867i", "6867i"),
    ("6869i", "6869i"),
    ("6873i", "6873i"),
    ("6920", "6920"),
    ("6930", "6930"),
    ("6940", "6940"),
];

/// One of the known phones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Model {
    name: &'static str,
    file: &'static str,
}

/// Asked for a phone that is not in the list.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("no phone is called {0:?}; known are {known}", known = names().join(", "))]
pub struct UnknownModel(pub String);

impl Model {
    /// The name as on the case: `57i`, `9480i CT`.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The firmware file it wants: `57i.st`.
    pub fn file_name(&self) -> String {
        format!("{}.st", self.file)
    }

    /// The file by the phone's other name, where it has two: `6757i.st` for a 57i.
    pub(crate) fn other_file_name(&self) -> String {
        let twin = KNOWN.iter().find(|(name, file)| *file == self.file && *name != self.name);
        format!("{}.st", twin.map_or(self.name, |(name, _)| name).replace(' ', ""))
    }

    /// The name inside its firmware file: `57i` for both 57i and 6757i.
    pub fn firmware_name(&self) -> &'static str {
        self.file
    }

    /// Who is named in the realm: Mitel from the 69xx on, Aastra before (domain.md 1.3).
    pub fn maker(&self) -> &'static str {
        if self.name.starts_with("69") { "Mitel" } else { "Aastra" }
    }

    /// The Basic realm of normal mode.
    pub fn realm(&self) -> String {
        format!("{} {}", self.maker(), self.name)
    }

    /// What it calls itself in option 60 of DHCP (domain.md 4.1, "DHCP 60").
    pub(crate) fn class(&self) -> String {
        format!("{}IPPhone{}", self.maker(), self.file)
    }

    /// The User-Agent of its HTTP download (domain.md 5.1, "HTTP download").
    pub(crate) fn user_agent(&self, mac: &str, version: &str) -> String {
        let maker = self.maker();
        format!("{maker}{} MAC:{mac} V:{version}-SIP", self.file)
    }
}

impl Default for Model {
    fn default() -> Self {
        Self { name: "57i", file: "57i" }
    }
}

impl FromStr for Model {
    type Err = UnknownModel;

    /// Case and blanks do not matter: `57ict` is the 57i CT.
    fn from_str(text: &str) -> Result<Self, UnknownModel> {
        let plain = |name: &str| name.replace(' ', "").to_ascii_lowercase();
        KNOWN
            .iter()
            .find(|(name, _)| plain(name) == plain(text))
            .map(|&(name, file)| Self { name, file })
            .ok_or_else(|| UnknownModel(text.to_owned()))
    }
}

impl fmt::Display for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// All names that [`Model`] can be read from.
pub fn names() -> Vec<&'static str> {
    KNOWN.iter().map(|(name, _)| *name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_names_of_a_pair_share_a_file() {
        let new: Model = "6757i".parse().unwrap();
        assert_eq!(new.file_name(), "57i.st");
        assert_eq!(new.realm(), "Aastra 6757i");
        let old: Model = "57i".parse().unwrap();
        assert_eq!(old.file_name(), new.file_name());
    }

    #[test]
    fn blanks_and_case_do_not_matter() {
        assert_eq!("9480iCT".parse::<Model>().unwrap().name(), "9480i CT");
        assert!("toaster".parse::<Model>().is_err());
    }
}
