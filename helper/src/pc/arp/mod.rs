//! Asking a link who has an address (RFC 826), also where no address of ours fits: a probe has
//! no sender's address (RFC 5227, 2.1.1), so it asks in any subnet and changes nothing.
//!
//! The packets are pure. Sending them needs a right that on Linux root has; elsewhere, and
//! without it, nobody is asked, and that is said by an error, never by an empty answer.

#[cfg(target_os = "linux")]
mod socket;

use std::io;
use std::net::Ipv4Addr;
use std::time::Duration;

use super::interface::Interface;
use super::mac::Mac;

/// Bytes of a packet for Ethernet and IPv4.
const BYTES: usize = 28;
/// Ethernet, IPv4, and the lengths of their addresses (RFC 826, "Packet format").
const HEAD: [u8; 6] = [0, 1, 8, 0, 6, 4];
/// `ares_op$REQUEST`.
const REQUEST: u8 = 1;

/// Addresses that are asked for in a second at most: a phone's boot loader has other things to
/// do, and 500 small packets are a thousandth of what its link carries.
pub const A_SECOND: u32 = 500;

/// Who has said that an address is its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Heard {
    /// The address.
    pub ip: Ipv4Addr,
    /// Who it was.
    pub mac: Mac,
}

/// A request. Without a sender's address it is a probe.
fn request(ours: Mac, sender: Ipv4Addr, target: Ipv4Addr) -> [u8; BYTES] {
    let mut packet = [0; BYTES];
    packet[..6].copy_from_slice(&HEAD);
    packet[7] = REQUEST;
    packet[8..14].copy_from_slice(&ours.0);
    packet[14..18].copy_from_slice(&sender.octets());
    packet[24..28].copy_from_slice(&target.octets());
    packet
}

/// What a packet says of its sender, be it a request or a reply. A probe says nothing.
fn read(packet: &[u8]) -> Option<Heard> {
    if packet.len() < BYTES || !packet.starts_with(&HEAD) {
        return None;
    }
    let mac = Mac(packet[8..14].try_into().ok()?);
    let ip = Ipv4Addr::from(<[u8; 4]>::try_from(&packet[14..18]).ok()?);
    (mac.is_a_device() && !ip.is_unspecified()).then_some(Heard { ip, mac })
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const OURS: Mac = Mac([2, 0, 0, 0, 0, 1]);

    #[test]
    fn a_probe_is_laid_out_as_the_rfc_says() {
        let packet = request(OURS, Ipv4Addr::UNSPECIFIED, Ipv4Addr::new(192, 168, 1, 5));
        let expected = [
            0, 1, 8, 0, 6, 4, 0, 1, // Ethernet, IPv4, lengths, request
            2, 0, 0, 0, 0, 1, 0, 0, 0, 0, // the sender: no address
            0, 0, 0, 0, 0, 0, 192, 168, 1, 5, // the target
        ];
        assert_eq!(packet, expected);
        assert_eq!(read(&packet), None, "a probe says nothing of its sender");
    }

    #[test]
    fn requests_and_replies_say_who_their_sender_is() {
        let ip = Ipv4Addr::new(169, 254, 168, 234);
        let mut packet = request(OURS, ip, Ipv4Addr::new(169, 254, 1, 1));
        assert_eq!(read(&packet), Some(Heard { ip, mac: OURS }));
        packet[7] = 2;
        assert_eq!(read(&packet), Some(Heard { ip, mac: OURS }));
        packet[1] = 6;
        assert_eq!(read(&packet), None, "not Ethernet");
    }

    proptest! {
        #[test]
        fn no_packet_is_too_strange(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            if let Some(heard) = read(&bytes) {
                prop_assert!(heard.mac.is_a_device() && bytes.len() >= BYTES);
            }
        }
    }
}
