//! Asking a link who has an address (RFC 826), also where no address of ours fits: a probe has
//! no sender's address (RFC 5227, 2.1.1), so it asks in any subnet and changes nothing.
//!
//! The packets stand in [`packet`], pure. Sending them needs a right that on Linux root has; elsewhere, and
//! without it, nobody is asked, and that is said by an error, never by an empty answer.

pub mod packet;
#[cfg(target_os = "linux")]
pub(super) mod socket;

use std::io;
use std::net::Ipv4Addr;
use std::time::Duration;

use super::interface::Interface;
use super::mac::Mac;

/// Addresses that are asked for in a second at most: a phone's boot loader has other things to
/// do, and 500 packets of 64 bytes are a quarter of a percent of a link of 100 Mbit/s.
pub const A_SECOND: u32 = 500;

/// Who has said that an address is its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Heard {
    /// The address.
    pub ip: Ipv4Addr,
    /// Who it was.
    pub mac: Mac,
}

/// Asks a link for these addresses, and listens for as long after the last one. Ends as soon as
/// it has heard `enough`. Whatever else speaks on the link meanwhile is heard as well. Blocks.
///
/// # Errors
/// When this system has no way to ask, or does not let us.
pub fn ask(
    interface: &Interface,
    targets: impl IntoIterator<Item = Ipv4Addr>,
    listen: Duration,
    enough: impl Fn(&Heard) -> bool,
) -> io::Result<Vec<Heard>> {
    #[cfg(target_os = "linux")]
    return socket::ask(interface, targets, listen, enough);
    #[cfg(not(target_os = "linux"))]
    {
        drop((interface, targets.into_iter(), listen, enough));
        Err(io::ErrorKind::Unsupported.into())
    }
}
