//! Packets of ARP for Ethernet and IPv4 (RFC 826).

use std::net::Ipv4Addr;

use super::Heard;
use crate::pc::mac::Mac;

/// Bytes of a packet for Ethernet and IPv4.
pub const BYTES: usize = 28;
/// Ethernet, IPv4, and the lengths of their addresses (RFC 826, "Packet format").
const HEAD: [u8; 6] = [0, 1, 8, 0, 6, 4];
/// `ares_op$REQUEST`.
const REQUEST: u8 = 1;

/// A request. Without a sender's address it is a probe.
pub fn request(ours: Mac, sender: Ipv4Addr, target: Ipv4Addr) -> [u8; BYTES] {
    let mut packet = [0; BYTES];
    packet[..6].copy_from_slice(&HEAD);
    packet[7] = REQUEST;
    packet[8..14].copy_from_slice(&ours.0);
    packet[14..18].copy_from_slice(&sender.octets());
    packet[24..28].copy_from_slice(&target.octets());
    packet
}

/// What a packet says of its sender, be it a request or a reply. A probe says nothing.
pub fn read(packet: &[u8]) -> Option<Heard> {
    if packet.len() < BYTES || !packet.starts_with(&HEAD) {
        return None;
    }
    let mac = Mac(packet[8..14].try_into().ok()?);
    let ip = Ipv4Addr::from(<[u8; 4]>::try_from(&packet[14..18]).ok()?);
    (mac.is_a_device() && !ip.is_unspecified()).then_some(Heard { ip, mac })
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
