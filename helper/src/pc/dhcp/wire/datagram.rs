//! UDP in IPv4, as it lies on the link (RFC 791, 3.1; RFC 768). Pure.
//!
//! The checksum of what comes is not looked at: between two interfaces of one computer nobody
//! fills it in, and the link has its own.

use std::net::Ipv4Addr;

/// Bytes of an IPv4 header without options, and of a UDP header.
const IP_BYTES: usize = 20;
const UDP_BYTES: usize = 8;
/// The number of UDP (RFC 790).
const UDP: u8 = 17;
/// Routers that a broadcast may pass: it reaches none.
const TIME_TO_LIVE: u8 = 64;
/// A fragment's place and "more fragments" within their 16 bits.
const FRAGMENT: u16 = 0x3fff;

/// Who sent it, to which port, and what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Datagram<'a> {
    pub(super) source: Ipv4Addr,
    pub(super) port: u16,
    pub(super) content: &'a [u8],
}

/// Reads a whole UDP datagram. Fragments and everything else are none.
pub(super) fn read(packet: &[u8]) -> Option<Datagram<'_>> {
    let number = |bytes: &[u8], at: usize| Some(u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]));
    let first = *packet.first()?;
    let head = usize::from(first & 0x0f) * 4;
    let total = usize::from(number(packet, 2)?);
    if first >> 4 != 4 || head < IP_BYTES || number(packet, 6)? & FRAGMENT != 0 || *packet.get(9)? != UDP {
        return None;
    }
    let source = Ipv4Addr::from(<[u8; 4]>::try_from(packet.get(12..16)?).ok()?);
    let udp = packet.get(head..total)?;
    let length = usize::from(number(udp, 4)?);
    Some(Datagram { source, port: number(udp, 2)?, content: udp.get(UDP_BYTES..length)? })
}

/// A broadcast from who has no address; none, and it is too long.
pub(super) fn broadcast(from: u16, to: u16, content: &[u8]) -> Option<Vec<u8>> {
    let udp_length = u16::try_from(UDP_BYTES + content.len()).ok()?;
    let total = u16::try_from(IP_BYTES).ok()?.checked_add(udp_length)?;
    let mut packet = vec![0x45, 0];
    packet.extend(total.to_be_bytes());
    packet.extend([0, 0, 0, 0, TIME_TO_LIVE, UDP, 0, 0]);
    packet.extend(Ipv4Addr::UNSPECIFIED.octets());
    packet.extend(Ipv4Addr::BROADCAST.octets());
    let sum = checksum(&[&packet]);
    packet[10..12].copy_from_slice(&sum.to_be_bytes());
    let mut udp = Vec::with_capacity(usize::from(udp_length));
    for number in [from, to, udp_length, 0] {
        udp.extend(number.to_be_bytes());
    }
    udp.extend(content);
    // The pseudo header of RFC 768: addresses, protocol, length.
    let [high, low] = udp_length.to_be_bytes();
    let sum = checksum(&[&packet[12..20], &[0, UDP, high, low], &udp]);
    // Zero says that there is none.
    let sum = if sum == 0 { u16::MAX } else { sum };
    udp[6..8].copy_from_slice(&sum.to_be_bytes());
    packet.extend(udp);
    Some(packet)
}

/// The Internet checksum over pieces of even length but the last (RFC 1071).
fn checksum(pieces: &[&[u8]]) -> u16 {
    let words = pieces.iter().flat_map(|piece| piece.chunks(2));
    let mut sum: u64 =
        words.map(|word| u64::from(word[0]) << 8 | u64::from(*word.get(1).unwrap_or(&0))).sum();
    while sum > 0xffff {
        sum = (sum >> 16) + (sum & 0xffff);
    }
    !u16::try_from(sum).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_broadcast_is_laid_out_as_the_rfcs_say() {
        let packet = broadcast(68, 67, b"hello").unwrap();
        let head = [0x45, 0, 0, 33, 0, 0, 0, 0, 64, 17, 0x7a, 0xcd, 0, 0, 0, 0, 255, 255, 255, 255];
        assert_eq!(packet[..20], head);
        assert_eq!(packet[20..26], [0, 68, 0, 67, 0, 13]);
        assert_eq!(&packet[28..], b"hello");
        assert_eq!(checksum(&[&packet[..20]]), 0, "RFC 1071: the sum over all is nothing");
        assert_eq!(checksum(&[&packet[12..20], &[0, 17, 0, 13], &packet[20..]]), 0);
        let read = read(&packet).unwrap();
        assert_eq!((read.source, read.port, read.content), (Ipv4Addr::UNSPECIFIED, 67, &b"hello"[..]));
    }

    #[test]
    fn fragments_and_other_protocols_are_none() {
        let packet = broadcast(68, 67, b"hello").unwrap();
        let with = |at: usize, value: u8| {
            let mut packet = packet.clone();
            packet[at] = value;
            read(&packet).map(|read| read.content.len())
        };
        assert_eq!(with(0, 0x46), None, "its end is not where it says");
        assert_eq!(with(0, 0x65), None, "IPv6");
        assert_eq!(with(0, 0x44), None, "a header that is too short");
        assert_eq!(with(6, 0x20), None, "more fragments");
        assert_eq!(with(7, 1), None, "a later fragment");
        assert_eq!(with(9, 6), None, "TCP");
        assert_eq!(with(25, 7), None, "shorter than its own header");
        assert_eq!(with(25, 200), None, "longer than the packet");
        assert_eq!(with(6, 0x40), Some(5), "do not fragment");
    }

    proptest! {
        #[test]
        fn no_packet_is_too_strange(mut bytes in proptest::collection::vec(any::<u8>(), 0..80), good: bool) {
            if let (true, Some(first)) = (good, bytes.first_mut()) {
                *first = 0x45;
            }
            read(&bytes);
        }

        #[test]
        fn what_is_written_is_read(content in proptest::collection::vec(any::<u8>(), 0..1400), from: u16, to: u16) {
            let packet = broadcast(from, to, &content).unwrap();
            let read = read(&packet).unwrap();
            prop_assert_eq!((read.port, read.content), (to, &content[..]));
            prop_assert_eq!(checksum(&[&packet[..20]]), 0);
        }
    }
}
