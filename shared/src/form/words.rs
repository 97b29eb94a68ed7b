//! Words in the names, labels and buttons of a form, in the languages that the phones speak.
//!
//! A form can be for anything, and a phone's page may hold several (domain.md 1.1, "firmware" is
//! one choice of more): so there are words for firmware, and words for every other file that
//! must not be taken for it.

/// Words for the phone's software.
pub(super) const FIRMWARE: &[&str] = &[
    "firmware",
    "firmeware",
    "=fw",
    "fwname",
    "fwfile",
    "fwimage",
    "micrologiciel",
    "microprogram",
    "betriebssoftware",
    "phone software",
    "=st",
];
/// The same, less exact: believed when nothing speaks of another file.
pub(super) const SOFTWARE: &[&str] =
    &["application", "=app", "software", "logiciel", "program", "image", "abbild", "imagen"];
/// Files that a phone takes and that are no firmware.
pub(super) const OTHER_FILES: &[&str] = &[
    "config",
    "konfig",
    "cfg",
    "langu",
    "=lang",
    "langpack",
    "langfile",
    "sprach",
    "idioma",
    "certif",
    "zertifik",
    "=cert",
    "ringtone",
    "=ring",
    "klingel",
    "sonnerie",
    "=tono",
    "timbre",
    "=logo",
    "backup",
    "sauvegarde",
    "sicherung",
    "respaldo",
    "copia de seguridad",
    "dialplan",
    "dial plan",
    "wählplan",
    "phonebook",
    "phone book",
    "telefonbuch",
    "annuaire",
    "agenda",
    "contact",
    "kontakt",
    "wallpaper",
    "background",
    "hintergrund",
    "fond d écran",
    "licen",
    "lizenz",
];
/// The part of the phone that loads its firmware. Its file may be called so; as one of several
/// kinds of file it is the wrong one.
pub(super) const BOOT: &[&str] = &["=boot", "bootload", "bootrom", "bootcode", "bootstrap"];
/// That something is taken away from the phone.
pub(super) const ERASES: &[&str] = &[
    "erase",
    "=format",
    "formatt",
    "formatier",
    "formater",
    "formatear",
    "delete",
    "clear",
    "default",
    "factory",
    "reset",
    "wipe",
    "lösch",
    "loesch",
    "zurücksetz",
    "zuruecksetz",
    "werkseinstellung",
    "effac",
    "réinit",
    "supprim",
    "usine",
    "borra",
    "restablec",
    "elimin",
    "fábrica",
];
/// That a page or a form is there to bring a phone back or up to date.
pub(super) const RECOVER: &[&str] = &[
    "recover",
    "rescue",
    "upgrade",
    "update",
    "=flash",
    "wiederherstell",
    "aktualis",
    "récupér",
    "recuper",
    "mise à jour",
    "actualiza",
];

/// Whether a text says that something is taken away from the phone.
pub fn speaks_of_erasing(text: &str) -> bool {
    text.split(['.', '!', '?', '\n']).any(|sentence| Text::new(sentence).any(ERASES))
}

/// As much of a text as is looked at: more than any label has.
const MOST_CHARACTERS: usize = 300;

/// A text as its words: lower case, split where a sign or a capital letter stands, so that
/// `fileName`, `file_name` and "File name:" are the same.
pub(super) struct Text {
    plain: String,
    tokens: Vec<String>,
}

impl Text {
    pub(super) fn new(text: &str) -> Self {
        let mut spread = String::new();
        let mut after_small = false;
        for character in text.chars().take(MOST_CHARACTERS) {
            if character.is_uppercase() && after_small {
                spread.push(' ');
            }
            after_small = character.is_lowercase();
            spread.push(character);
        }
        let spread = spread.to_lowercase();
        let tokens = spread.split(|c: char| !c.is_alphanumeric()).filter(|token| !token.is_empty());
        Self::of(tokens.map(str::to_owned).collect())
    }

    /// Several texts as one.
    pub(super) fn all(texts: &[&str]) -> Self {
        Self::of(texts.iter().flat_map(|text| Self::new(text).tokens).collect())
    }

    fn of(tokens: Vec<String>) -> Self {
        Self { plain: tokens.join(" "), tokens }
    }

    /// The same without the words that hold one of these.
    pub(super) fn without(self, words: &[&str]) -> Self {
        let keep = |token: &String| !words.iter().any(|word| token.contains(word));
        Self::of(self.tokens.into_iter().filter(keep).collect())
    }

    /// The same without these phrases.
    pub(super) fn without_phrases(self, phrases: &[&str]) -> Self {
        let plain = phrases.iter().fold(self.plain, |plain, phrase| plain.replace(phrase, " "));
        Self::of(plain.split_whitespace().map(str::to_owned).collect())
    }

    /// What stands before the first of these words, when it is not the first itself.
    pub(super) fn before(&self, words: &[&str]) -> Option<Self> {
        let at = self.tokens.iter().position(|token| words.contains(&token.as_str()))?;
        (at > 0).then(|| Self::of(self.tokens[..at].to_vec()))
    }

    pub(super) fn starts_with(&self, start: &str) -> bool {
        self.plain.starts_with(start)
    }

    /// Whether a word is in it. One behind `=` must stand alone, a number behind it left aside;
    /// a short one counts only at the edge of a word: `ftp` is in `ftpserv`, `port` is not in
    /// `supporter`.
    fn has(&self, word: &str) -> bool {
        const SHORT: usize = 4;
        if let Some(whole) = word.strip_prefix('=') {
            let is_whole = |token: &String| token.trim_end_matches(|c: char| c.is_ascii_digit()) == whole;
            return self.tokens.iter().any(is_whole);
        }
        if word.chars().count() > SHORT {
            return self.plain.contains(word);
        }
        self.tokens.iter().any(|token| token.starts_with(word) || token.ends_with(word))
    }

    /// The first of these words that is in it.
    pub(super) fn find(&self, words: &[&'static str]) -> Option<&'static str> {
        words.iter().find(|word| self.has(word)).map(|word| word.trim_start_matches('='))
    }

    /// Whether one of these words is in it.
    pub(super) fn any(&self, words: &[&'static str]) -> bool {
        self.find(words).is_some()
    }

    /// Whether it speaks of a file that is no firmware, and of no firmware.
    pub(super) fn says_other_file(&self) -> bool {
        self.any(OTHER_FILES) && !self.any(FIRMWARE)
    }
}

/// A text without what stands in brackets: an aside such as "(overrides DHCP)" says what a field
/// is not.
pub(super) fn without_brackets(text: &str) -> String {
    let mut depth = 0_usize;
    let mut kept = String::new();
    for character in text.chars() {
        match character {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth == 0 => kept.push(character),
            _ => {}
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_like_a_label() {
        for text in ["fileName", "file_name", "File name:", "FILE-NAME"] {
            assert!(Text::new(text).any(&["file name"]), "{text}");
        }
        assert!(Text::new("FTPServer").any(&["ftp"]));
        assert!(!Text::new("description").any(&["=ip"]));
        assert!(Text::new("ip2").any(&["=ip"]));
    }

    #[test]
    fn another_file_is_told_from_firmware() {
        for other in
            ["cfgFile", "Konfigurationsdatei", "Fichier de langue", "Ring tone", "logo1", "CA certificate"]
        {
            assert!(Text::new(other).says_other_file(), "{other}");
        }
        for right in ["Firmware or configuration", "string", "Bootfile", "Login", "Restoring the file"] {
            assert!(!Text::new(right).says_other_file(), "{right}");
        }
    }

    #[test]
    fn asides_are_left_out() {
        assert_eq!(without_brackets("TFTP server (overrides DHCP)"), "TFTP server ");
        assert_eq!(without_brackets("a)b[c"), "ab");
    }
}
