//! What kind of phone is turned on, where, and in which mood.

use std::net::SocketAddr;

use crate::{Dhcp, Model, Quirks, Timing};

/// Port of a TFTP server, RFC 1350 section 4.
const TFTP_PORT: u16 = 69;
/// Port of an FTP server, RFC 959 section 8.
const FTP_PORT: u16 = 21;
/// Port of an HTTP server, used when the form's port field stays empty.
const HTTP_PORT: u16 = 80;
/// A MAC in Aastra's range 00:08:5D (domain.md 5.2), written as the User-Agent writes it.
const MAC: &str = "00-08-5D-19-E4-01";

/// How the phone finds itself when it is turned on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Start {
    /// In Web Recovery: 1 and # were held.
    #[default]
    Recovery,
    /// In normal mode, with a former owner's password and configuration.
    Normal,
    /// Without power, until [`crate::Phone::power_on`].
    Dark,
}

/// Everything that decides how one phone behaves.
#[derive(Clone, Debug)]
pub struct Config {
    /// The phone's own address and HTTP port; port 0 takes a free one and keeps it.
    pub bind: SocketAddr,
    /// Port of the TFTP servers it talks to.
    pub tftp_port: u16,
    /// Port of the FTP servers it talks to.
    pub ftp_port: u16,
    /// Port of the HTTP servers it talks to, where the form's port field is empty.
    pub http_port: u16,
    /// Which phone it is.
    pub model: Model,
    /// Its hardware address, upper case with dashes.
    pub mac: String,
    /// How it gets its address; none, and it has the one that it is bound to.
    pub dhcp: Option<Dhcp>,
    /// What it does when it is turned on.
    pub start: Start,
    /// What is odd about it.
    pub quirks: Quirks,
    /// How long it takes for what.
    pub timing: Timing,
    /// Seed of everything random (packet loss, tokens), so that a run can be repeated.
    pub seed: u64,
}

impl Config {
    /// A well-behaved 57i in Web Recovery at `bind`.
    pub fn new(bind: SocketAddr) -> Self {
        Self { bind, ..Self::default() }
    }

    /// The hardware address; what is not a number in it is nothing.
    pub(crate) fn mac_bytes(&self) -> [u8; 6] {
        let mut bytes = [0; 6];
        for (byte, part) in bytes.iter_mut().zip(self.mac.split(['-', ':'])) {
            *byte = u8::from_str_radix(part, 16).unwrap_or_default();
        }
        bytes
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            bind: SocketAddr::from(([127, 0, 0, 1], 0)),
            tftp_port: TFTP_PORT,
            ftp_port: FTP_PORT,
            http_port: HTTP_PORT,
            model: Model::default(),
            mac: MAC.to_owned(),
            dhcp: None,
            start: Start::default(),
            quirks: Quirks::default(),
            timing: Timing::default(),
            seed: 1,
        }
    }
}
