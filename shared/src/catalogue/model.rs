//! The phones we know: names, firmware file, size of that file.
//!
//! The facts stand in `data/models.tsv` (domain.md 3.1 file names, 3.2 sizes, 2 keys and login, 5.1
//! TFTP). The 5xi and the 675xi are the same phone under two names, and share one file.

use std::ops::RangeInclusive;

use super::Origin;
pub use super::{Confidence, MODELS};

/// A line of phones that share their firmware's generation (domain.md 3.1, 3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Line {
    /// The first ones, with firmware 1.4.
    Early,
    /// 5i, 9xxxi, 6730i, 6731i: VxWorks, firmware 2.6 to 3.3.1.
    Classic,
    /// 6735i, 6737i, 6739i: firmware 3.2.2 to 3.3.1, several times as large.
    Late67,
    /// 68xxi: Linux, firmware 3.3.1 to 6.x.
    Line68xx,
    /// 69xx: Linux, MiNET when new.
    Line69xx,
}

/// What a phone's TFTP client can take (domain.md 5.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TftpLimit {
    /// So many bytes and no more: it compares block numbers unwrapped.
    Bytes(u64),
    /// Any size: its block numbers begin again.
    Wraps,
    /// Nobody has said.
    Unknown,
}

/// One model of phone: a row of `data/models.tsv`.
#[derive(Debug)]
pub struct Model {
    /// The name on the phone, and the key of this model everywhere.
    pub name: &'static str,
    /// Other names of the same phone.
    pub second_names: &'static [&'static str],
    /// The name of its firmware file, as the phone expects it.
    pub file: &'static str,
    /// The line it belongs to.
    pub line: Line,
    /// Bytes that a bare `.st` of this model plausibly has: outside of it is a warning, never a
    /// refusal. None when no file of it is known.
    pub plausible_bytes: Option<RangeInclusive<u64>>,
    /// Name and password at the factory.
    pub login: (&'static str, &'static str),
    /// What is held while the phone starts, for Web Recovery.
    pub keys: &'static str,
    /// What its TFTP client can take.
    pub tftp: TftpLimit,
    /// The key of the drawing that shows it.
    pub picture: &'static str,
    /// How sure we are of each of these, and who said it.
    pub origins: Origins,
}

/// Models are the same when their first names are: that is their key everywhere.
impl PartialEq for Model {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Model {}

/// The origins of a model's facts.
#[derive(Debug, PartialEq, Eq)]
pub struct Origins {
    /// Of its other names.
    pub second_names: Origin,
    /// Of the file's name, its case included.
    pub file: Origin,
    /// Of the line.
    pub line: Origin,
    /// Of the plausible size.
    pub bytes: Origin,
    /// Of the login.
    pub login: Origin,
    /// Of the keys.
    pub keys: Origin,
    /// Of what its TFTP client can take.
    pub tftp: Origin,
}

impl Model {
    /// The model of this name, first or second, in any case, with or without spaces and
    /// without the maker's name: `6757i ct`, `57iCT`, `Aastra 57i`.
    pub fn find(name: &str) -> Option<&'static Model> {
        let wanted = plain(name);
        MODELS.iter().find(|model| model.names().any(|known| plain(known) == wanted))
    }

    /// The model whose firmware file has this name, in any case, whatever folder it is in.
    pub fn by_file(file_name: &str) -> Option<&'static Model> {
        let base = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
        let stem = base.get(..base.len().checked_sub(3)?)?;
        let ending = base.get(base.len() - 3..)?;
        if !ending.eq_ignore_ascii_case(".st") {
            return None;
        }
        Self::find(stem)
    }

    /// The model that a text names, such as a page's title or a login's realm: the one with
    /// the longest name in it, so that `57i CT` is not taken for a `57i`.
    pub fn in_text(text: &str) -> Option<&'static Model> {
        let words = words(text);
        let named = MODELS.iter().flat_map(|model| model.names().map(move |name| (name, model)));
        named
            .filter(|(name, _)| {
                let name = self::words(name);
                words.windows(name.len()).any(|window| window == name)
            })
            .max_by_key(|(name, _)| name.len())
            .map(|(_, model)| model)
    }

    /// Whether its TFTP client can take a file of this size, if anybody knows.
    pub fn takes_by_tftp(&self, bytes: u64) -> Option<bool> {
        match self.tftp {
            TftpLimit::Bytes(most) => Some(bytes <= most),
            TftpLimit::Wraps => Some(true),
            TftpLimit::Unknown => None,
        }
    }

    /// Its first name, then the others.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.name).chain(self.second_names.iter().copied())
    }
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect()
}

fn plain(name: &str) -> String {
    let plain: String =
        name.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect();
    let bare = plain.strip_prefix("aastra").or_else(|| plain.strip_prefix("mitel"));
    bare.map(str::to_owned).unwrap_or(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_names_of_a_phone_are_the_same_phone() {
        for (name, file) in [
            ("57i", "57i.st"),
            ("6757i", "57i.st"),
            ("Aastra 6757i", "57i.st"),
            ("6757i CT", "57iCT.st"),
            ("57iCT", "57iCT.st"),
            ("9480i ct", "9480iCT.st"),
            ("Mitel 6867i", "6867i.st"),
        ] {
            assert_eq!(Model::find(name).map(|model| model.file), Some(file), "{name}");
        }
        assert_eq!(Model::find("Aastra 480i ct").map(|model| model.file), Some("480iCT.st"));
        assert_eq!(Model::find("5757i"), None);
        assert_eq!(Model::find(""), None);
    }

    #[test]
    fn every_model_is_found_by_its_own_file() {
        for model in MODELS {
            assert_eq!(Model::by_file(model.file), Some(model));
            assert_eq!(Model::by_file(&format!("Aastra\\{}", model.file.to_uppercase())), Some(model));
        }
        for stranger in ["", "st", ".st", "57i.zip", "57i", "firmware.st", "ü.st"] {
            assert_eq!(Model::by_file(stranger), None, "{stranger}");
        }
    }

    #[test]
    fn a_model_is_found_in_a_sentence_and_the_longer_name_wins() {
        let found = |text| Model::in_text(text).map(|model| model.name);
        assert_eq!(found("Aastra 6757i CT: Web Recovery"), Some("57i CT"));
        assert_eq!(found("Basic realm=\"Aastra 6757i\""), Some("57i"));
        assert_eq!(found("157i or 57ix"), None);
        assert_eq!(found(""), None);
    }

    #[test]
    fn no_two_models_share_a_name_or_a_file() {
        let mut names: Vec<String> = MODELS.iter().flat_map(Model::names).map(plain).collect();
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
