//! Subnets, and which address in the phone's would be ours.
//!
//! Nobody knows the phone's own mask before its page is read. Link-local addresses are /16 by
//! RFC 3927, 2.1; elsewhere /24 is what nearly everybody has at home, and only the last number
//! of ours differs then, which fits into every wider mask as well.

use std::collections::BTreeSet;
use std::fmt;
use std::net::Ipv4Addr;

use serde::Serialize;

/// The prefix of link-local addresses (RFC 3927, 2.1).
const LINK_LOCAL_PREFIX: u8 = 16;
/// The prefix that is supposed where nobody knows it.
const USUAL_PREFIX: u8 = 24;

/// An address and how many of its bits name the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Network {
    /// An address in it.
    pub address: Ipv4Addr,
    /// Bits that name the network, 0 to 32.
    pub prefix: u8,
}

impl Network {
    /// A network by one of its addresses.
    pub fn new(address: Ipv4Addr, prefix: u8) -> Self {
        Self { address, prefix: prefix.min(32) }
    }

    /// The mask.
    pub fn mask(self) -> Ipv4Addr {
        Ipv4Addr::from_bits(u32::MAX.checked_shl(32 - u32::from(self.prefix)).unwrap_or(0))
    }

    /// Whether this address is in it.
    pub fn contains(self, address: Ipv4Addr) -> bool {
        let mask = self.mask().to_bits();
        self.address.to_bits() & mask == address.to_bits() & mask
    }

    /// The addresses that a device can have in it, in rising order: without the network's own
    /// and the broadcast address, where the prefix leaves room for them (RFC 3021).
    pub fn hosts(self) -> impl Iterator<Item = Ipv4Addr> {
        let mask = self.mask().to_bits();
        let (first, last) = (self.address.to_bits() & mask, self.address.to_bits() | !mask);
        let edge = u32::from(self.prefix < 31);
        (first + edge..=last - edge).map(Ipv4Addr::from_bits)
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

/// The network that a phone with this address is most likely in.
pub fn supposed(phone: Ipv4Addr) -> Network {
    Network::new(phone, if phone.is_link_local() { LINK_LOCAL_PREFIX } else { USUAL_PREFIX })
}

/// Addresses that differ from the phone's only in the last number, nearest first (case C11: the
/// phone had .234, the computer .233). Left out are those that are taken, and the first and the
/// last of the network, where routers live.
pub fn addresses_beside(phone: Ipv4Addr, taken: &BTreeSet<Ipv4Addr>) -> Vec<Ipv4Addr> {
    let last = phone.octets()[3];
    let mut beside: Vec<Ipv4Addr> = Network::new(phone, USUAL_PREFIX)
        .hosts()
        .filter(|address| !matches!(address.octets()[3], 1 | 254))
        .filter(|address| *address != phone && !taken.contains(address))
        .collect();
    beside.sort_by_key(|address| (address.octets()[3].abs_diff(last), address.octets()[3] > last));
    beside
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ip(text: &str) -> Ipv4Addr {
        text.parse().unwrap()
    }

    #[test]
    fn a_network_knows_its_addresses() {
        let network = Network::new(ip("192.168.1.20"), 24);
        assert!(network.contains(ip("192.168.1.255")) && !network.contains(ip("192.168.2.1")));
        assert_eq!(network.mask(), ip("255.255.255.0"));
        assert_eq!(network.hosts().count(), 254);
        assert!(Network::new(ip("10.0.0.1"), 0).contains(ip("192.168.1.1")));
        assert_eq!(Network::new(ip("10.0.0.7"), 32).hosts().collect::<Vec<_>>(), [ip("10.0.0.7")]);
        assert_eq!(Network::new(ip("10.0.0.7"), 31).hosts().count(), 2);
    }

    #[test]
    fn link_local_is_wide_and_the_rest_is_usual() {
        assert_eq!(supposed(ip("169.254.168.234")).prefix, 16);
        assert_eq!(supposed(ip("192.168.1.5")).prefix, 24);
    }

    #[test]
    fn c11_the_nearest_free_address_is_the_one_that_worked_in_the_story() {
        let none = BTreeSet::new();
        assert_eq!(addresses_beside(ip("169.254.168.234"), &none)[0], ip("169.254.168.233"));
        let taken = BTreeSet::from([ip("169.254.168.233"), ip("169.254.168.235")]);
        assert_eq!(addresses_beside(ip("169.254.168.234"), &taken)[0], ip("169.254.168.232"));
        assert_eq!(addresses_beside(ip("192.168.1.2"), &none)[0], ip("192.168.1.3"), ".1 is the router's");
    }

    proptest! {
        #[test]
        fn what_is_chosen_is_free_and_beside_the_phone(bits: u32, last in proptest::collection::btree_set(any::<u8>(), 0..40)) {
            let phone = Ipv4Addr::from_bits(bits);
            let [a, b, c, _] = phone.octets();
            let taken: BTreeSet<Ipv4Addr> = last.into_iter().map(|d| Ipv4Addr::new(a, b, c, d)).collect();
            let beside = addresses_beside(phone, &taken);
            prop_assert!(beside.len() >= 210);
            for address in beside {
                prop_assert!(!taken.contains(&address) && address != phone);
                prop_assert!(supposed(phone).contains(address));
                prop_assert!(!matches!(address.octets()[3], 0 | 1 | 254 | 255));
            }
        }
    }
}
