//! The phones we know: names, firmware file, size of that file.
//!
//! Facts from domain.md 3.1 (file names) and 3.2 (sizes). The 5xi and the 675xi are the same
//! phone under two names, and share one file.

use std::ops::RangeInclusive;

/// How sure we are of a fact (domain.md, "Confidence words").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confidence {
    /// Vendor text, or source code read directly.
    Documented,
    /// Seen by users, or in code that was run against real phones.
    Observed,
    /// Concluded from the above.
    Inferred,
}

/// One model of phone.
#[derive(Debug, PartialEq, Eq)]
pub struct Model {
    /// The name on the phone, and the key of this model everywhere.
    pub name: &'static str,
    /// Other names of the same phone.
    pub second_names: &'static [&'static str],
    /// The name of its firmware file, as the phone expects it.
    pub file: &'static str,
    /// How sure we are of the file's name, its case included.
    pub file_confidence: Confidence,
    /// Bytes that a bare `.st` of this model plausibly has (domain.md 3.2, inferred): outside
    /// of it is a warning, never a refusal.
    pub plausible_bytes: RangeInclusive<u64>,
}

/// 1.5 to 8 MB: the VxWorks phones (domain.md 3.2).
const VXWORKS: RangeInclusive<u64> = 1_500_000..=8_000_000;

/// 10 to 80 MB: the Linux phones (domain.md 3.2).
const LINUX: RangeInclusive<u64> = 10_000_000..=80_000_000;

/// Every model, in the order in which people look for them.
pub const MODELS: &[Model] = &[
    Model {
        name: "51i",
        second_names: &["6751i"],
        file: "51i.st",
        file_confidence: Confidence::Documented,
        plausible_bytes: VXWORKS,
    },
    Model {
        name: "53i",
        second_names: &["6753i"],
        file: "53i.st",
        file_confidence: Confidence::Documented,
        plausible_bytes: VXWORKS,
    },
    Model {
        name: "55i",
        second_names: &["6755i"],
        file: "55i.st",
        file_confidence: Confidence::Documented,
        plausible_bytes: VXWORKS,
    },
    Model {
        name: "57i",
        second_names: &["6757i"],
        file: "57i.st",
        file_confidence: Confidence::Documented,
        plausible_bytes: VXWORKS,
    },
    Model {
        name: "57i CT",
        second_names: &["6757i CT"],
        file: "57iCT.st",
        file_confidence: Confidence::Inferred,
        plausible_bytes: VXWORKS,
    },
    Model {
        name: "9480i CT",
        second_names: &[],
        file: "9480iCT.st",
        file_confidence: Confidence::Inferred,
        plausible_bytes: VXWORKS,
    },
    Model {
        name: "6730i",
        second_names: &[],
        file: "6730i.st",
        file_confidence: Confidence::Documented,
        plausible_bytes: VXWORKS,
    },
    Model {
        name: "6731i",
        second_names: &[],
        file: "6731i.st",
        file_confidence: Confidence::Documented,
        plausible_bytes: VXWORKS,
    },
    Model {
        name: "6739i",
        second_names: &[],
        file: "6739i.st",
        file_confidence: Confidence::Documented,
        plausible_bytes: 4_000_000..=10_000_000,
    },
    Model {
        name: "6867i",
        second_names: &[],
        file: "6867i.st",
        file_confidence: Confidence::Documented,
        plausible_bytes: LINUX,
    },
    Model {
        name: "9143i",
        second_names: &[],
        file: "9143i.st",
        file_confidence: Confidence::Documented,
        plausible_bytes: VXWORKS,
    },
    Model {
        name: "9480i",
        second_names: &[],
        file: "9480i.st",
        file_confidence: Confidence::Documented,
        plausible_bytes: VXWORKS,
    },
    Model {
        name: "6735i",
        second_names: &[],
        file: "6735i.st",
        file_confidence: Confidence::Documented,
        plausible_bytes: 10_000_000..=25_000_000,
    },
    Model {
        name: "6737i",
        second_names: &[],
        file: "6737i.st",
        file_confidence: Confidence::Documented,
        plausible_bytes: 10_000_000..=25_000_000,
    },
    Model {
        name: "6863i",
        second_names: &[],
        file: "6863i.st",
        file_confidence: Confidence::Documented,
        plausible_bytes: LINUX,
    },
    Model {
        name: "6865i",
        second_names: &[],
        file: "6865i.st",
        file_confidence: Confidence::Documented,
        plausible_bytes: LINUX,
    },
    Model {
        name: "6869i",
        second_names: &[],
        file: "6869i.st",
        file_confidence: Confidence::Documented,
        plausible_bytes: LINUX,
    },
    Model {
        name: "6873i",
        second_names: &[],
        file: "6873i.st",
        file_confidence: Confidence::Documented,
        plausible_bytes: LINUX,
    },
    Model {
        name: "6920",
        second_names: &[],
        file: "6920.st",
        file_confidence: Confidence::Documented,
        plausible_bytes: LINUX,
    },
    Model {
        name: "6930",
        second_names: &[],
        file: "6930.st",
        file_confidence: Confidence::Documented,
        plausible_bytes: LINUX,
    },
    Model {
        name: "6940",
        second_names: &[],
        file: "6940.st",
        file_confidence: Confidence::Documented,
        plausible_bytes: LINUX,
    },
    Model {
        name: "6905",
        second_names: &[],
        file: "6905.st",
        file_confidence: Confidence::Inferred,
        plausible_bytes: LINUX,
    },
    Model {
        name: "6910",
        second_names: &[],
        file: "6910.st",
        file_confidence: Confidence::Inferred,
        plausible_bytes: LINUX,
    },
    Model {
        name: "6915",
        second_names: &[],
        file: "6915.st",
        file_confidence: Confidence::Inferred,
        plausible_bytes: LINUX,
    },
    Model {
        name: "6920w",
        second_names: &[],
        file: "6920w.st",
        file_confidence: Confidence::Inferred,
        plausible_bytes: LINUX,
    },
    Model {
        name: "6930w",
        second_names: &[],
        file: "6930w.st",
        file_confidence: Confidence::Inferred,
        plausible_bytes: LINUX,
    },
    Model {
        name: "6940w",
        second_names: &[],
        file: "6940w.st",
        file_confidence: Confidence::Inferred,
        plausible_bytes: LINUX,
    },
    Model {
        name: "6970",
        second_names: &[],
        file: "6970.st",
        file_confidence: Confidence::Inferred,
        plausible_bytes: LINUX,
    },
];

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
