//! Where something lies: the archives around it, and its name in the last. Names are data that a
//! stranger wrote; nothing is ever written under them, and those that only an attack has are
//! refused all the same.

use super::limits::LONGEST_NAME;

/// A place in archives in archives.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// `bundle.zip > 6757i-fw.zip > 57i.st`.
    pub(super) path: String,
    /// How many archives are around it.
    pub(super) depth: usize,
}

impl Place {
    /// The file that the person gave.
    pub(super) fn outermost(name: &str) -> Self {
        Self { path: shown(name), depth: 0 }
    }

    /// Something in the archive that lies here.
    pub(super) fn inside(&self, name: &str) -> Self {
        Self { path: format!("{} > {}", self.path, shown(name)), depth: self.depth + 1 }
    }

    /// The same with one more layer that has no name of its own: the tar in a `.tar.gz`.
    pub(super) fn deeper(&self) -> Self {
        Self { path: self.path.clone(), depth: self.depth + 1 }
    }

    /// The last part of the name, without folders.
    pub(super) fn base(&self) -> &str {
        let last = self.path.rsplit(" > ").next().unwrap_or(&self.path);
        last.rsplit('/').next().unwrap_or(last)
    }
}

/// What a name lets expect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Interest {
    /// It ends in `.st`.
    Firmware,
    /// It ends like an archive that we open.
    Archive,
    /// Something else, or what a Mac leaves beside each file.
    Nothing,
}

/// What a name lets expect.
pub(super) fn interest(name: &str) -> Interest {
    let mut parts = name.rsplit('/');
    let base = parts.next().unwrap_or(name).to_ascii_lowercase();
    if base.starts_with("._") || parts.any(|folder| folder == "__MACOSX") {
        Interest::Nothing
    } else if base.ends_with(".st") {
        Interest::Firmware
    } else if [".zip", ".gz", ".tgz", ".tar"].iter().any(|ending| base.ends_with(ending)) {
        Interest::Archive
    } else {
        Interest::Nothing
    }
}

/// A name in an archive as we go on with it: parts with `/` between them.
///
/// # Errors
/// What is wrong with it, when it is none that the maker's archives have.
pub(super) fn harmless(name: &[u8]) -> Result<String, String> {
    if name.len() > LONGEST_NAME {
        return Err(format!("a name of {} bytes", name.len()));
    }
    let name = String::from_utf8_lossy(name).replace('\\', "/");
    let drive = name.as_bytes().get(1) == Some(&b':') && name.starts_with(|c: char| c.is_ascii_alphabetic());
    if name.chars().any(char::is_control) {
        Err(format!("a name with control characters: {}", shown(&name)))
    } else if name.starts_with('/') || drive {
        Err(format!("a name that says where on a computer it goes: {}", shown(&name)))
    } else if name.split('/').any(|part| part == "..") {
        Err(format!("a name that leads out of its folder: {}", shown(&name)))
    } else {
        Ok(name.strip_prefix("./").unwrap_or(&name).to_owned())
    }
}

/// A name that can be shown: no control characters, and not endless.
pub(super) fn shown(name: &str) -> String {
    /// As long as file systems allow a name to be.
    const LONGEST: usize = 255;
    name.chars().map(|c| if c.is_control() { '?' } else { c }).take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_only_an_attack_has_are_refused() {
        for name in [
            "../57i.st",
            "a/../../57i.st",
            "..\\57i.st",
            "/etc/57i.st",
            "\\\\server\\57i.st",
            "C:\\57i.st",
            "c:57i.st",
            "57i\n.st",
            "57i\0.st",
            "..",
        ] {
            assert!(harmless(name.as_bytes()).is_err(), "{name}");
        }
        assert!(harmless(&[b'x'; LONGEST_NAME + 1]).is_err());
        for (name, taken) in [
            ("57i.st", "57i.st"),
            ("./57i.st", "57i.st"),
            ("fw\\3.3.1\\57i.st", "fw/3.3.1/57i.st"),
            ("..57i.st", "..57i.st"),
            ("5:7i.st", "5:7i.st"),
        ] {
            assert_eq!(harmless(name.as_bytes()).as_deref(), Ok(taken));
        }
    }

    #[test]
    fn what_a_mac_leaves_beside_a_file_is_no_firmware() {
        for (name, expected) in [
            ("fw/57i.ST", Interest::Firmware),
            ("57i.tar.gz", Interest::Archive),
            ("fw/57i.Zip", Interest::Archive),
            ("__MACOSX/57i.st", Interest::Nothing),
            ("fw/._57i.st", Interest::Nothing),
            ("readme.txt", Interest::Nothing),
            ("57i.st.txt", Interest::Nothing),
        ] {
            assert_eq!(interest(name), expected, "{name}");
        }
    }
}
