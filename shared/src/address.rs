//! The phone's address, as a person reads it off the display and types it.
//!
//! The display says `WEB RECOVERY AT: 192.168.1.5` or `http://169.254.168.234/`, and some
//! displays clip it (`http://192.168.6/`, case C12), so a clipped address has a problem of
//! its own instead of being "wrong".

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The port of a phone's own web page (domain.md 1.3: port 80 in every mode seen).
pub const PHONE_HTTP_PORT: u16 = 80;

/// Where the phone's own web page answers.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PhoneAddress {
    /// An IPv4 or IPv6 address, or a host name, without brackets.
    pub host: String,
    /// The phone's HTTP port.
    pub port: u16,
}

/// Why a typed address cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AddressProblem {
    /// Nothing was typed.
    Empty,
    /// One to three of the four numbers: the display shows only a part (C12).
    Clipped,
    /// The part after the colon is no port between 1 and 65535.
    BadPort,
    /// Anything else.
    NotAnAddress,
}

impl fmt::Display for AddressProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(crate::text::address_problem(*self))
    }
}

impl std::error::Error for AddressProblem {}

impl PhoneAddress {
    /// The address without its port, when it is a numeric one.
    pub fn ip(&self) -> Option<IpAddr> {
        self.host.parse().ok()
    }
}

impl fmt::Display for PhoneAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let v6 = self.host.contains(':');
        match (v6, self.port) {
            (true, port) => write!(f, "[{}]:{port}", self.host),
            (false, PHONE_HTTP_PORT) => f.write_str(&self.host),
            (false, port) => write!(f, "{}:{port}", self.host),
        }
    }
}

impl FromStr for PhoneAddress {
    type Err = AddressProblem;

    /// Reads what people type: `192.168.1.5`, `192.168.1.5:8080`, `http://192.168.1.5/`,
    /// `WEB RECOVERY AT: 192.168.1.5`.
    fn from_str(typed: &str) -> Result<Self, AddressProblem> {
        let text = strip_what_the_display_adds(typed);
        if text.is_empty() {
            return Err(AddressProblem::Empty);
        }
        if let Some(ip) = read_ip(text) {
            return Ok(Self { host: ip.to_string(), port: PHONE_HTTP_PORT });
        }
        // An IPv6 address that is none: its colons stand before no port.
        if text.matches(':').count() > 1 && !text.contains(']') {
            return Err(AddressProblem::NotAnAddress);
        }
        let (host, port) = split_port(text)?;
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        if let Some(ip) = read_ip(bare) {
            return Ok(Self { host: ip.to_string(), port });
        }
        if is_clipped(bare) {
            return Err(AddressProblem::Clipped);
        }
        if is_host_name(bare) {
            return Ok(Self { host: bare.to_ascii_lowercase(), port });
        }
        Err(AddressProblem::NotAnAddress)
    }
}

/// The numbers of an address of which the display shows only the beginning (case C12). The last
/// one may be cut as well.
pub fn clipped(typed: &str) -> Option<Vec<u8>> {
    let text = strip_what_the_display_adds(typed);
    let numbers = || text.split('.').map(|number| number.parse().ok());
    is_clipped(text).then(|| numbers().collect()).flatten()
}

/// An IPv4 address in an IPv6 one's clothes (RFC 4291, 2.5.5.2) is the IPv4 address.
fn read_ip(text: &str) -> Option<IpAddr> {
    text.parse::<IpAddr>().ok().map(|ip| ip.to_canonical())
}

fn strip_what_the_display_adds(typed: &str) -> &str {
    let mut text = typed.trim();
    for opening in ["web recovery at", "http://", "https://"] {
        if text.get(..opening.len()).is_some_and(|start| start.eq_ignore_ascii_case(opening)) {
            text = text[opening.len()..].trim_start_matches([':', ' ']);
        }
    }
    text.split(['/', '?', '#']).next().unwrap_or("").trim_end_matches('.').trim()
}

fn split_port(text: &str) -> Result<(&str, u16), AddressProblem> {
    let port_at = match text.rfind(']') {
        Some(bracket) => text[bracket..].find(':').map(|colon| bracket + colon),
        None => text.find(':'),
    };
    let Some(colon) = port_at else { return Ok((text, PHONE_HTTP_PORT)) };
    match text[colon + 1..].parse::<u16>() {
        Ok(port) if port > 0 => Ok((&text[..colon], port)),
        _ => Err(AddressProblem::BadPort),
    }
}

fn is_clipped(text: &str) -> bool {
    let numbers: Vec<&str> = text.split('.').collect();
    numbers.len() < 4 && numbers.iter().all(|number| number.parse::<u8>().is_ok())
}

/// RFC 1123 2.1, and at least one letter, so that a mistyped number is not taken for a name.
fn is_host_name(text: &str) -> bool {
    text.len() <= 253
        && text.chars().any(|c| c.is_ascii_alphabetic())
        && text.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(typed: &str, expected: Result<(&str, u16), AddressProblem>) {
        let read = typed.parse::<PhoneAddress>();
        let read = read.as_ref().map(|a| (a.host.as_str(), a.port)).map_err(|p| *p);
        assert_eq!(read, expected, "typed: {typed:?}");
    }

    #[test]
    fn reads_what_people_type_from_the_display() {
        check("192.168.1.5", Ok(("192.168.1.5", 80)));
        check("  192.168.1.5. ", Ok(("192.168.1.5", 80)));
        check("http://169.254.168.234/", Ok(("169.254.168.234", 80)));
        check("HTTP://169.254.168.234/upgrade.html?x=1", Ok(("169.254.168.234", 80)));
        check("WEB RECOVERY AT: 192.168.1.5", Ok(("192.168.1.5", 80)));
        check("Web Recovery at http://192.168.1.5/", Ok(("192.168.1.5", 80)));
        check("127.0.0.1:8080", Ok(("127.0.0.1", 8080)));
        check("localhost:8080", Ok(("localhost", 8080)));
        check("[::1]:8080", Ok(("::1", 8080)));
        check("::1", Ok(("::1", 80)));
        check("[::ffff:192.168.1.5]:8080", Ok(("192.168.1.5", 8080)));
        check("::ffff:192.168.1.5", Ok(("192.168.1.5", 80)));
    }

    #[test]
    fn names_what_is_wrong_with_an_address() {
        check("", Err(AddressProblem::Empty));
        check("http:///", Err(AddressProblem::Empty));
        check("192.168.6", Err(AddressProblem::Clipped));
        check("http://192.168.6/", Err(AddressProblem::Clipped));
        check("192.168.1.5:0", Err(AddressProblem::BadPort));
        check("192.168.1.5:http", Err(AddressProblem::BadPort));
        check("192.168.1.5:99999", Err(AddressProblem::BadPort));
        check("192.168.1.500", Err(AddressProblem::NotAnAddress));
        check("fe80::1%eth0", Err(AddressProblem::NotAnAddress));
        check("00:08:5d:19:e4:01", Err(AddressProblem::NotAnAddress));
        check("1.2.3.4.5", Err(AddressProblem::NotAnAddress));
        check("the phone", Err(AddressProblem::NotAnAddress));
        check("über.example", Err(AddressProblem::NotAnAddress));
    }

    #[test]
    fn c12_the_numbers_of_a_clipped_address_are_read() {
        for (typed, numbers) in [
            ("http://192.168.6/", Some(vec![192, 168, 6])),
            ("WEB RECOVERY AT: 169.254.", Some(vec![169, 254])),
            ("192.168.1.5", None),
            ("", None),
            ("phone", None),
        ] {
            assert_eq!(clipped(typed), numbers, "{typed}");
        }
    }

    #[test]
    fn shows_the_port_only_when_it_is_not_the_phones_own() {
        let shown = |typed: &str| typed.parse::<PhoneAddress>().map(|a| a.to_string());
        assert_eq!(shown("192.168.1.5:80"), Ok("192.168.1.5".into()));
        assert_eq!(shown("127.0.0.1:8080"), Ok("127.0.0.1:8080".into()));
        assert_eq!(shown("[::1]:8080"), Ok("[::1]:8080".into()));
    }
}
