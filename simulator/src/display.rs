//! What the phone's LCD shows. People go by it (domain.md 1.1: `WEB RECOVERY AT:` and an
//! address, sometimes clipped), so practice mode draws it and tests wait for it.

use std::net::SocketAddr;

use serde::Serialize;

use crate::model::Model;

/// Where a phone's own web server listens when nothing else is said; then it is not shown.
const HTTP_PORT: u16 = 80;

/// Two or three lines of text; none at all while the phone is dark.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize)]
pub struct Display {
    /// The lines, from the top.
    pub lines: Vec<String>,
}

impl Display {
    /// Nothing: no power, or between two programs.
    pub fn dark() -> Self {
        Self::default()
    }

    /// Whether nothing is shown.
    pub fn is_dark(&self) -> bool {
        self.lines.is_empty()
    }

    /// Waiting in Web Recovery at `address`.
    pub(crate) fn recovery(address: SocketAddr, clipped: bool) -> Self {
        Self::of(&["WEB RECOVERY AT:", &spoken(address, clipped)])
    }

    /// Waiting in Web Recovery again, after a download that failed.
    pub(crate) fn failed(address: SocketAddr, clipped: bool) -> Self {
        let address = spoken(address, clipped);
        Self::of(&["WEB RECOVERY AT:", &address, "DOWNLOAD FAILED"])
    }

    /// Fetching the file.
    pub(crate) fn downloading(file: &str) -> Self {
        Self::of(&["DOWNLOADING", file])
    }

    /// The file is taken and goes into the flash.
    pub(crate) fn writing() -> Self {
        Self::of(&["WRITING FLASH", "DO NOT UNPLUG"])
    }

    /// Normal mode, nobody registered: the idle screen.
    pub(crate) fn idle(model: &Model) -> Self {
        Self::of(&[&format!("{} {}", model.maker(), model.name()), "No Service"])
    }

    fn of(lines: &[&str]) -> Self {
        Self { lines: lines.iter().map(|line| (*line).to_owned()).collect() }
    }
}

/// The address as the phone writes it, or with its third number cut away (domain.md 1.1:
/// "http://192.168.6/" was seen).
fn spoken(address: SocketAddr, clipped: bool) -> String {
    let ip = address.ip().to_string();
    if clipped {
        let mut parts: Vec<&str> = ip.split('.').collect();
        if parts.len() == 4 {
            parts.remove(2);
        }
        return format!("http://{}/", parts.join("."));
    }
    if address.port() == HTTP_PORT { ip } else { address.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn port_80_is_not_shown_and_others_are() {
        let usual: SocketAddr = "169.254.168.234:80".parse().unwrap();
        assert_eq!(Display::recovery(usual, false).lines[1], "169.254.168.234");
        let other: SocketAddr = "127.0.0.1:4000".parse().unwrap();
        assert_eq!(Display::recovery(other, false).lines[1], "127.0.0.1:4000");
    }

    #[test]
    fn clipped_address_misses_a_number() {
        let address: SocketAddr = "192.168.1.6:80".parse().unwrap();
        assert_eq!(Display::recovery(address, true).lines[1], "http://192.168.6/");
    }
}
