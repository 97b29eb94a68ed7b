//! The sockets of one cable: [`Ears`], with which it is also asked, and a [`Mouth`] that answers.
//!
//! Linux listens with a packet socket: a kernel that checks where packets may come from
//! (`rp_filter`, which most distributions switch on) throws away what a server says to an
//! interface without an address, and then nobody would be heard. The other systems listen at
//! the client's port. Nobody has run that there yet.

#[cfg(target_os = "linux")]
mod datagram;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod other;

#[cfg(target_os = "linux")]
pub(super) use linux::{Ears, Mouth};
#[cfg(not(target_os = "linux"))]
pub(super) use other::{Ears, Mouth};

/// Where servers listen, and where clients do (RFC 2131, 4.1).
const SERVER: u16 = 67;
const CLIENT: u16 = 68;
/// More than any message: an Ethernet packet.
const MOST_BYTES: usize = 1500;
