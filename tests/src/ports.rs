//! Ports for a phone and for the program that serves it, many pairs at once.
//!
//! They are taken below the range from which systems give out ports by themselves (Linux from
//! 32768, the others from 49152: RFC 6335 section 6): a port that was free when it was chosen
//! could otherwise be somebody's connection a moment later.

use std::net::{Ipv4Addr, TcpListener, UdpSocket};
use std::sync::atomic::{AtomicU32, Ordering};

/// The first port that is handed out.
const FIRST: u32 = 10_000;
/// How many there are before it begins anew.
const MANY: u32 = 20_000;
/// Between the beginnings of two test programs that run side by side. Prime, so that numbers
/// which follow each other begin far apart.
const STRIDE: u32 = 1_777;

static NEXT: AtomicU32 = AtomicU32::new(0);

/// The ports of one phone and of its servers.
#[derive(Clone, Copy, Debug)]
pub struct Ports {
    /// The phone's own page.
    pub phone: u16,
    /// Where it asks by TFTP.
    pub tftp: u16,
    /// Where it asks by HTTP.
    pub http: u16,
    /// Where it asks by FTP.
    pub ftp: u16,
}

impl Ports {
    /// Four that nobody has at the moment, and that no other phone of this test program gets.
    pub fn free() -> Self {
        Self { phone: free_port(), tftp: free_port(), http: free_port(), ftp: free_port() }
    }

    /// As options; they are the same for the phone and for `hookflash recover`.
    pub fn options(&self) -> [String; 6] {
        let number = |port: u16| port.to_string();
        [
            "--tftp-port".to_owned(),
            number(self.tftp),
            "--http-port".to_owned(),
            number(self.http),
            "--ftp-port".to_owned(),
            number(self.ftp),
        ]
    }
}

/// A port that nobody listens to, neither by TCP nor by UDP.
pub fn free_port() -> u16 {
    for _ in 0..MANY {
        let turn = NEXT.fetch_add(1, Ordering::Relaxed).wrapping_add(std::process::id().wrapping_mul(STRIDE));
        let port = u16::try_from(FIRST + turn % MANY).expect("they end below 32768");
        let here = (Ipv4Addr::LOCALHOST, port);
        if TcpListener::bind(here).is_ok() && UdpSocket::bind(here).is_ok() {
            return port;
        }
    }
    panic!("there is no free port");
}
