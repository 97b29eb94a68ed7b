//! The addresses that a link is asked for, in useful order. Pure, and bounded.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use super::super::interface::Interface;
use super::super::subnet::Network;
use super::TEST_MODE;

/// Link-local addresses that phones in recovery have shown (domain.md 2, observed). An address is
/// made from the hardware address (RFC 3927, 2.1), so others will not have just these.
const SEEN: [Ipv4Addr; 2] = [Ipv4Addr::new(169, 254, 168, 234), Ipv4Addr::new(169, 254, 193, 29)];
/// Link-local addresses that may be chosen: the first and the last 256 are reserved
/// (RFC 3927, 2.1).
const FIRST: Ipv4Addr = Ipv4Addr::new(169, 254, 1, 0);
const LAST: Ipv4Addr = Ipv4Addr::new(169, 254, 254, 255);
/// A wider subnet of ours is asked only around our own address.
const WIDEST: u8 = 22;
/// And no narrower piece of it than this.
const AROUND: u8 = 24;
/// Numbers that the third place most often has where only two can be read.
const USUAL_THIRDS: [u8; 6] = [0, 1, 2, 10, 100, 178];

/// What is asked for first: what the display shows, the test mode, what phones have had before,
/// and our own subnets. A few thousand at most.
pub(super) fn near(link: &Interface, shown: &[u8]) -> Vec<Ipv4Addr> {
    let own = link.addresses.iter().filter(|network| network.prefix < 31).flat_map(|network| {
        let prefix = if network.prefix < WIDEST { AROUND } else { network.prefix };
        Network::new(network.address, prefix).hosts()
    });
    let all = begins_with(shown).into_iter().chain([TEST_MODE]).chain(SEEN).chain(own);
    once(all, link)
}

/// The whole of the link-local addresses, where a phone without a DHCP server is: two minutes'
/// worth. Not where the display shows something else.
pub(super) fn far(link: &Interface, shown: &[u8]) -> Vec<Ipv4Addr> {
    if !SEEN[0].octets().starts_with(&shown[..shown.len().min(2)]) {
        return Vec::new();
    }
    once((FIRST.to_bits()..=LAST.to_bits()).map(Ipv4Addr::from_bits), link)
}

/// Each of them once, and none that is ours.
fn once(all: impl Iterator<Item = Ipv4Addr>, link: &Interface) -> Vec<Ipv4Addr> {
    let mut before: BTreeSet<Ipv4Addr> = link.addresses.iter().map(|network| network.address).collect();
    all.filter(|ip| before.insert(*ip)).collect()
}

/// The addresses of which the display shows the beginning. Its last number may be cut, too:
/// 192.168.6 may be the beginning of 192.168.60.1.
fn begins_with(shown: &[u8]) -> Vec<Ipv4Addr> {
    let hosts = |a, b, c| Network::new(Ipv4Addr::new(a, b, c, 0), AROUND).hosts();
    match *shown {
        [a, b, c, d] => {
            let longer = longer(d).map(|d| Ipv4Addr::new(a, b, c, d));
            std::iter::once(Ipv4Addr::new(a, b, c, d)).chain(longer).collect()
        }
        [a, b, c] => hosts(a, b, c).chain(longer(c).flat_map(|c| hosts(a, b, c))).collect(),
        [a, b] if SEEN[0].octets().starts_with(&[a, b]) => Vec::new(),
        [a, b] => USUAL_THIRDS.into_iter().flat_map(|c| hosts(a, b, c)).collect(),
        _ => Vec::new(),
    }
}

/// The numbers to 255 that begin with these digits and have more.
fn longer(number: u8) -> impl Iterator<Item = u8> {
    let begins = number.to_string();
    (0..=u8::MAX).filter(move |longer| *longer > number && longer.to_string().starts_with(&begins))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> Ipv4Addr {
        text.parse().unwrap()
    }

    fn link(address: &str, prefix: u8) -> Interface {
        Interface { addresses: vec![Network::new(ip(address), prefix)], ..Interface::named("eth0") }
    }

    #[test]
    fn c12_what_the_display_shows_of_the_address_is_asked_for_first() {
        let targets = near(&Interface::named("eth0"), &[192, 168, 6]);
        assert_eq!(targets[0], ip("192.168.6.1"));
        let place = |wanted: &str| targets.iter().position(|target| *target == ip(wanted));
        assert!(place("192.168.6.254") < place("192.168.60.1"), "the last number may be cut as well");
        assert!(place("192.168.69.254").is_some() && place("192.168.7.1").is_none());
        assert!(targets.len() < 4000, "{}", targets.len());
        assert_eq!(
            near(&Interface::named("eth0"), &[192, 168, 6, 25])[..2],
            [ip("192.168.6.25"), ip("192.168.6.250")]
        );
    }

    #[test]
    fn the_own_subnet_is_asked_for_without_our_own_address() {
        let targets = near(&link("192.168.1.4", 24), &[]);
        assert!(targets.contains(&ip("192.168.1.5")) && !targets.contains(&ip("192.168.1.4")));
        assert!(targets.contains(&TEST_MODE), "wrong keys are found in any subnet");
        assert_eq!(targets.len(), 253 + 3);
        assert!(near(&link("10.0.0.1", 8), &[]).len() < 300, "a wide subnet is not swept");
    }

    #[test]
    fn every_link_local_address_comes_once_and_not_where_the_display_shows_another() {
        let all = far(&link("169.254.9.9", 16), &[]);
        assert_eq!(all.len(), 254 * 256 - 1, "RFC 3927: 65024 addresses, one of them ours");
        assert!(all.iter().all(|ip| ip.is_link_local()));
        assert!(far(&Interface::named("eth0"), &[192]).is_empty());
        assert_eq!(far(&Interface::named("eth0"), &[169, 254]).len(), 65_024);
    }

    #[test]
    fn two_numbers_are_tried_in_the_usual_places_and_one_says_nothing() {
        assert_eq!(begins_with(&[192, 168]).len(), USUAL_THIRDS.len() * 254);
        assert!(begins_with(&[192]).is_empty());
        assert!(begins_with(&[]).is_empty());
        assert_eq!(longer(2).count(), 10 + 56);
        assert_eq!(longer(30).count(), 0);
    }
}
