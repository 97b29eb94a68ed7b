//! Firmware versions as people, files and archives write them: `3.3.1.4365`, `4.2.0`, `3.3.1-SP4`,
//! `v6_4_0_SP2` (domain.md 3.2, 3.4; the pattern `d.d.d.dddd` of 3.3).

use std::fmt;

use serde::{Serialize, Serializer};

/// A version. Build and service pack say the same in two languages, and nobody has published the
/// dictionary: where one side knows only the one and the other only the other, which of the two is
/// newer is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Version {
    numbers: [u32; 3],
    build: Option<u32>,
    service_pack: Option<u32>,
}

impl Version {
    /// Three numbers, and the build if it is known.
    pub const fn new(numbers: [u32; 3], build: Option<u32>) -> Self {
        Self { numbers, build, service_pack: None }
    }

    /// Reads a version that is all of the text: dots or underscores, then a build, or `SP` and a
    /// number.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        if !text.starts_with(|first: char| first.is_ascii_digit()) {
            return None;
        }
        let mut parts = text.split(['.', '_', '-', ' ']).filter(|part| !part.is_empty());
        let mut number = || parts.next()?.parse::<u16>().ok().map(u32::from);
        let mut version = Self::new([number()?, number()?, number()?], None);
        for part in parts {
            let pack = part.strip_prefix("SP").or_else(|| part.strip_prefix("sp"));
            match (pack, version.build, version.service_pack) {
                (Some(pack), _, None) => version.service_pack = Some(pack.parse::<u8>().ok()?.into()),
                (None, None, None) => version.build = Some(part.parse::<u16>().ok()?.into()),
                _ => return None,
            }
        }
        Some(version)
    }

    /// Whether this is the other one or newer, as far as the two can be compared.
    pub fn at_least(self, other: Version) -> Option<bool> {
        if self.numbers != other.numbers {
            return Some(self.numbers > other.numbers);
        }
        match (other.build, other.service_pack) {
            (None, None | Some(0)) => Some(true),
            (Some(build), _) if self.build.is_some() => self.build.map(|ours| ours >= build),
            (_, Some(pack)) => self.service_pack.map(|ours| ours >= pack),
            (Some(_), None) => None,
        }
    }

    /// For lists: the newest first where it is known, and always the same order.
    pub fn sorted(self) -> impl Ord {
        (self.numbers, self.service_pack.unwrap_or(0), self.build.unwrap_or(0))
    }

    /// Every `d.d.d.dddd` in these bytes, with where it begins. Three digits are taken at the end
    /// as well (`6.4.0.140`): then it may be an address of a network, too.
    pub fn in_bytes(bytes: &[u8]) -> impl Iterator<Item = (usize, Version)> {
        let dots =
            bytes.windows(2).enumerate().filter(|(_, pair)| pair[1] == b'.' && pair[0].is_ascii_digit());
        dots.filter_map(|(at, _)| Some((at, Self::at(bytes, at)?)))
    }

    /// The version that begins at this place.
    fn at(bytes: &[u8], at: usize) -> Option<Self> {
        /// Digits of a build: `6.4.0.140`, `3.3.1.4365`.
        const BUILD_DIGITS: std::ops::RangeInclusive<usize> = 3..=4;
        let goes_on = |byte: &u8| byte.is_ascii_digit() || *byte == b'.';
        if at > 0 && bytes.get(at - 1).is_some_and(goes_on) {
            return None;
        }
        let [a, b'.', b, b'.', c, b'.', ..] = *bytes.get(at..at + 6)? else { return None };
        let build: &[u8] = bytes.get(at + 6..)?;
        let digits = build.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let after = build.get(digits..).unwrap_or_default();
        let another = matches!(after, [b'.', next, ..] if next.is_ascii_digit());
        if !BUILD_DIGITS.contains(&digits) || another || ![a, b, c].iter().all(u8::is_ascii_digit) {
            return None;
        }
        let number = |digit: u8| u32::from(digit - b'0');
        let build = build[..digits].iter().fold(0, |sum, digit| sum * 10 + number(*digit));
        Some(Self::new([number(a), number(b), number(c)], Some(build)))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c] = self.numbers;
        write!(f, "{a}.{b}.{c}")?;
        if let Some(build) = self.build {
            write!(f, ".{build}")?;
        }
        if let Some(pack) = self.service_pack {
            write!(f, " SP{pack}")?;
        }
        Ok(())
    }
}

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_people_and_archives_write_them() {
        for (text, shown) in [
            ("3.3.1.4365", "3.3.1.4365"),
            (" 4.2.0 ", "4.2.0"),
            ("3.3.1-SP4", "3.3.1 SP4"),
            ("v6_4_0_SP2", "6.4.0 SP2"),
            ("v8_2_0", "8.2.0"),
            ("5.0.0 SP2", "5.0.0 SP2"),
            ("4.2.0.2023 sp2", "4.2.0.2023 SP2"),
        ] {
            assert_eq!(Version::parse(text).map(|version| version.to_string()).as_deref(), Some(shown));
        }
        for text in
            ["", "4", "4.2", "4.2.x", "four", "4.2.0.1.2", "4.2.0 SP", "4.2.0 HF1", "99999.0.0", "-1.0.0"]
        {
            assert_eq!(Version::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_newer_one_is_known_only_where_both_speak_the_same_language() {
        for (ours, other, expected) in [
            ("5.0.0", "4.2.0", Some(true)),
            ("4.1.0.128", "4.2.0", Some(false)),
            ("4.2.0", "4.2.0", Some(true)),
            ("4.2.0.2023", "4.2.0", Some(true)),
            ("4.3.0.1063", "4.3.0.1063", Some(true)),
            ("4.3.0.1062", "4.3.0.1063", Some(false)),
            ("4.3.0", "4.3.0.1063", None),
            ("4.3.0 SP1", "4.3.0.1063", None),
            ("3.3.1 SP4", "3.3.1 SP2", Some(true)),
            ("3.3.1.4365", "3.3.1 SP2", None),
            ("10.0.0", "9.9.9", Some(true)),
        ] {
            let version = |text| Version::parse(text).unwrap();
            assert_eq!(version(ours).at_least(version(other)), expected, "{ours} {other}");
        }
    }

    #[test]
    fn versions_stand_out_from_the_bytes_around_them() {
        let found = |text: &str| {
            Version::in_bytes(text.as_bytes())
                .map(|(at, version)| (at, version.to_string()))
                .collect::<Vec<_>>()
        };
        assert_eq!(found("V:2.6.0.1008-SIP"), [(2, "2.6.0.1008".to_owned())]);
        assert_eq!(found("6.4.0.140"), [(0, "6.4.0.140".to_owned())]);
        assert_eq!(
            found("a3.3.1.4365. b3.3.1.4365"),
            [(1, "3.3.1.4365".to_owned()), (14, "3.3.1.4365".to_owned())]
        );
        for none in [
            "",
            "1.",
            "1.2.3",
            "1.2.3.45",
            "1.2.3.45678",
            "12.2.3.4567",
            "1.2.3.4567.8",
            "1.2.33.4567",
            "1..2.3456",
        ] {
            assert_eq!(found(none), [], "{none}");
        }
    }
}
