//! Hardware addresses, and the ones that phones of this maker have (domain.md 5.2).

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// The first three bytes of the maker's hardware addresses, as registered with IEEE
/// (domain.md 5.2, documented).
const MAKERS: [([u8; 3], &str); 4] = [
    ([0x00, 0x08, 0x5d], "Aastra"),
    ([0x00, 0x10, 0xbc], "Aastra Telecom"),
    ([0x08, 0x00, 0x0f], "Mitel"),
    ([0x14, 0x00, 0xe9], "Mitel Networks"),
];

/// A hardware address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mac(pub [u8; 6]);

/// What was read is no hardware address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a hardware address")]
pub struct NotAMac;

impl Mac {
    /// The maker, when it is the one of our phones.
    pub fn maker(self) -> Option<&'static str> {
        MAKERS.iter().find(|(prefix, _)| self.0.starts_with(prefix)).map(|(_, maker)| *maker)
    }

    /// Whether it names a single device: not nobody's, and not a group's (IEEE 802, 8.2).
    pub fn is_a_device(self) -> bool {
        self.0 != [0; 6] && self.0[0] & 1 == 0
    }
}

impl fmt::Display for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, g] = self.0;
        write!(f, "{a:02X}:{b:02X}:{c:02X}:{d:02X}:{e:02X}:{g:02X}")
    }
}

impl FromStr for Mac {
    type Err = NotAMac;

    /// Reads what the three systems write: colons or dashes; macOS leaves out leading zeros.
    fn from_str(text: &str) -> Result<Self, NotAMac> {
        let mut bytes = [0; 6];
        let mut parts = text.trim().split([':', '-']);
        for byte in &mut bytes {
            let part = parts.next().filter(|part| (1..=2).contains(&part.len())).ok_or(NotAMac)?;
            *byte = u8::from_str_radix(part, 16).map_err(|_| NotAMac)?;
        }
        if parts.next().is_some() { Err(NotAMac) } else { Ok(Self(bytes)) }
    }
}

impl Serialize for Mac {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_of_all_three_systems_are_read() {
        let phone = Mac([0x00, 0x08, 0x5d, 0x19, 0xe4, 0x01]);
        for text in ["00:08:5d:19:e4:01", "00-08-5D-19-E4-01", "0:8:5d:19:e4:1", " 00:08:5D:19:E4:01\n"] {
            assert_eq!(text.parse(), Ok(phone), "{text}");
        }
        assert_eq!(phone.to_string(), "00:08:5D:19:E4:01");
        for text in [
            "",
            "00:08:5d:19:e4",
            "00:08:5d:19:e4:01:02",
            "00:08:5d:19:e4:xx",
            "0008:5d:19:e4:01:1",
            "::::::",
        ] {
            assert_eq!(text.parse::<Mac>(), Err(NotAMac), "{text}");
        }
    }

    #[test]
    fn the_makers_are_known_and_nobody_else() {
        let maker = |text: &str| text.parse::<Mac>().unwrap().maker();
        assert_eq!(maker("00:08:5D:00:00:01"), Some("Aastra"));
        assert_eq!(maker("00:10:BC:00:00:01"), Some("Aastra Telecom"));
        assert_eq!(maker("08:00:0F:00:00:01"), Some("Mitel"));
        assert_eq!(maker("14:00:E9:00:00:01"), Some("Mitel Networks"));
        assert_eq!(maker("00:08:5E:00:00:01"), None);
    }

    #[test]
    fn groups_and_nobody_are_no_devices() {
        let is_a_device = |text: &str| text.parse::<Mac>().unwrap().is_a_device();
        assert!(is_a_device("00:08:5D:00:00:01"));
        assert!(!is_a_device("ff:ff:ff:ff:ff:ff"));
        assert!(!is_a_device("01:00:5e:00:00:fb"));
        assert!(!is_a_device("00:00:00:00:00:00"));
    }
}
