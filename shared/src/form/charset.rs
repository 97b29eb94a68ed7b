//! The characters of the phone's page, as bytes and back.
//!
//! A hidden value must go back byte for byte as it came, in whatever character set the page
//! was written. Two are enough: UTF-8, and windows-1252, which browsers also mean when a page
//! says latin-1 (WHATWG Encoding, 4.2) and in which every byte is a character, so that a page in
//! any other character set passes through unharmed.

use serde::{Deserialize, Serialize};

/// How characters are bytes on one page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Charset {
    /// UTF-8.
    #[default]
    Utf8,
    /// windows-1252, and what stands for every other character set.
    Windows1252,
}

/// What the bytes 0x80 to 0x9f are; five of them are nothing and stay as they are (WHATWG
/// Encoding, index windows-1252).
const HIGH: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

impl Charset {
    /// The character set that a page or a header names.
    pub fn named(label: &str) -> Option<Self> {
        let label = label.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\''));
        match label.to_ascii_lowercase().as_str() {
            "" => None,
            "utf-8" | "utf8" | "unicode-1-1-utf-8" => Some(Charset::Utf8),
            _ => Some(Charset::Windows1252),
        }
    }

    /// The character set in which these bytes can be read without losing any: the one that is
    /// claimed, unless they are no UTF-8.
    pub fn of(bytes: &[u8], claimed: Option<Charset>) -> Self {
        match claimed {
            Some(Charset::Windows1252) => Charset::Windows1252,
            _ if std::str::from_utf8(bytes).is_ok() => Charset::Utf8,
            _ => Charset::Windows1252,
        }
    }

    /// The characters of these bytes.
    pub fn decode(self, bytes: &[u8]) -> String {
        match self {
            Charset::Utf8 => String::from_utf8_lossy(bytes).into_owned(),
            Charset::Windows1252 => bytes
                .iter()
                .map(|byte| match byte {
                    0x80..=0x9f => HIGH[usize::from(byte - 0x80)],
                    _ => char::from(*byte),
                })
                .collect(),
        }
    }

    /// The bytes of these characters. One that the character set does not have goes out as a
    /// reference, as browsers do (WHATWG Encoding, "html" error mode).
    pub fn encode(self, text: &str) -> Vec<u8> {
        if self == Charset::Utf8 {
            return text.as_bytes().to_vec();
        }
        let mut bytes = Vec::with_capacity(text.len());
        for character in text.chars() {
            match (u8::try_from(character), HIGH.iter().position(|known| *known == character)) {
                (_, Some(at)) => bytes.push(0x80 + at as u8),
                (Ok(byte), None) if !(0x80..=0x9f).contains(&byte) => bytes.push(byte),
                _ => bytes.extend_from_slice(format!("&#{};", u32::from(character)).as_bytes()),
            }
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_comes_back_as_it_came() {
        let all: Vec<u8> = (0..=255).collect();
        let charset = Charset::of(&all, None);
        assert_eq!(charset, Charset::Windows1252);
        assert_eq!(charset.encode(&charset.decode(&all)), all);
        assert_eq!(Charset::Windows1252.decode(b"\x80\xe9"), "€é");
    }

    #[test]
    fn a_claim_holds_unless_the_bytes_say_otherwise() {
        assert_eq!(Charset::of("é".as_bytes(), None), Charset::Utf8);
        assert_eq!(Charset::of(b"\xe9", Some(Charset::Utf8)), Charset::Windows1252);
        assert_eq!(Charset::of(b"plain", Charset::named("ISO-8859-1")), Charset::Windows1252);
        assert_eq!(Charset::named(" \"UTF-8\""), Some(Charset::Utf8));
        assert_eq!(Charset::named(""), None);
    }

    #[test]
    fn a_character_that_is_not_there_becomes_a_reference() {
        assert_eq!(Charset::Windows1252.encode("a→é\u{85}"), b"a&#8594;\xe9&#133;");
        assert_eq!(Charset::Utf8.encode("→"), "→".as_bytes());
    }
}
