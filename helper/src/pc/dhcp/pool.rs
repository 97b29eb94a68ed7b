//! The few addresses that are handed out, and who has them. Pure.
//!
//! A lease belongs to a hardware address, not to the client identifier that RFC 2131, 4.2 prefers:
//! a phone is two clients, its boot loader and its software, and both are to have the one address
//! at which its recovery runs. So a lease is remembered beyond its end, for as long as there is
//! another address for whoever comes.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::time::Duration;

use crate::pc::mac::Mac;
use crate::pc::subnet::Network;

/// Addresses that are handed out at most: the six phones of case C19 on one switch, as many again
/// after a restart with another hardware address, and some that others have.
pub const MOST: usize = 16;

/// What is known of one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Nobody has it.
    Free,
    /// It is this device's until then.
    Of(Mac, Duration),
    /// Somebody has it who did not get it from us.
    Taken,
}

/// The addresses.
#[derive(Debug, Clone)]
pub struct Pool {
    places: BTreeMap<Ipv4Addr, Place>,
}

impl Pool {
    /// The addresses of this network that follow ours, and from its beginning where they end.
    /// Ours is the network's address.
    pub fn new(ours: Network) -> Self {
        let (behind, before): (Vec<_>, Vec<_>) =
            near(ours).into_iter().filter(|ip| *ip != ours.address).partition(|ip| *ip > ours.address);
        let chosen = behind.into_iter().chain(before).take(MOST);
        Self { places: chosen.map(|ip| (ip, Place::Free)).collect() }
    }

    /// Every address, in rising order.
    pub fn addresses(&self) -> impl Iterator<Item = Ipv4Addr> {
        self.places.keys().copied()
    }

    /// Whether this address is one of ours to give.
    pub fn has(&self, ip: Ipv4Addr) -> bool {
        self.places.contains_key(&ip)
    }

    /// The address that is this device's, also after its time.
    pub fn of(&self, mac: Mac) -> Option<Ipv4Addr> {
        let of = |place: &Place| matches!(place, Place::Of(known, _) if *known == mac);
        self.places.iter().find(|(_, place)| of(place)).map(|(ip, _)| *ip)
    }

    /// The address for a device: its own; else what it wishes, a free one, the one whose time is
    /// over for longest. None, and all are in use.
    pub fn choose(&self, mac: Mac, wished: Option<Ipv4Addr>, now: Duration) -> Option<Ipv4Addr> {
        let is_free = |ip: &Ipv4Addr| self.places.get(ip) == Some(&Place::Free);
        let over = || {
            let ended = self.places.iter().filter_map(|(ip, place)| match place {
                Place::Of(_, until) if *until <= now => Some((*until, *ip)),
                _ => None,
            });
            ended.min().map(|(_, ip)| ip)
        };
        self.of(mac)
            .or_else(|| wished.filter(is_free))
            .or_else(|| self.addresses().find(is_free))
            .or_else(over)
    }

    /// Gives an address to a device until then. False: it is another's, or none of ours.
    pub fn give(&mut self, ip: Ipv4Addr, mac: Mac, until: Duration, now: Duration) -> bool {
        let may = match self.places.get(&ip) {
            Some(Place::Free) => true,
            Some(Place::Of(known, end)) => *known == mac || *end <= now,
            Some(Place::Taken) | None => false,
        };
        if may {
            // One device, one address.
            self.places.values_mut().for_each(|place| {
                if matches!(place, Place::Of(known, _) if *known == mac) {
                    *place = Place::Free;
                }
            });
            self.places.insert(ip, Place::Of(mac, until));
        }
        may
    }

    /// The device needs it no more; it is kept for it as long as there are others.
    pub fn release(&mut self, mac: Mac, now: Duration) {
        if let Some(ip) = self.of(mac) {
            self.places.insert(ip, Place::Of(mac, now));
        }
    }

    /// Somebody else has it: it is never given again. False: it is none of ours.
    pub fn take_out(&mut self, ip: Ipv4Addr) -> bool {
        self.has(ip) && self.places.insert(ip, Place::Taken) != Some(Place::Taken)
    }
}

/// Addresses around ours: of a wide network no more than are looked at anyway.
fn near(ours: Network) -> Vec<Ipv4Addr> {
    let narrow = Network::new(ours.address, ours.prefix.max(24));
    // The edges of the narrow piece are hosts of the wide network, and left out all the same.
    narrow.hosts().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HOUR: Duration = Duration::from_secs(3600);

    fn network(text: &str, prefix: u8) -> Network {
        Network::new(text.parse().unwrap(), prefix)
    }

    fn mac(last: u8) -> Mac {
        Mac([0, 8, 0x5d, 0, 0, last])
    }

    fn all(pool: &Pool) -> Vec<String> {
        pool.addresses().map(|ip| ip.to_string()).collect()
    }

    #[test]
    fn it_is_tiny_and_beside_ours() {
        let pool = Pool::new(network("192.168.254.1", 24));
        assert_eq!(pool.addresses().count(), MOST);
        assert_eq!((&*all(&pool)[0], &*all(&pool)[MOST - 1]), ("192.168.254.2", "192.168.254.17"));
        assert_eq!(
            all(&Pool::new(network("10.0.0.6", 29))),
            ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5"]
        );
        assert_eq!(all(&Pool::new(network("10.0.0.1", 30))), ["10.0.0.2"]);
        assert_eq!(all(&Pool::new(network("10.0.0.1", 32))), [""; 0]);
        assert!(!all(&Pool::new(network("10.1.2.250", 8))).contains(&"10.1.2.255".to_owned()));
    }

    #[test]
    fn a_device_keeps_its_address_beyond_its_time() {
        let mut pool = Pool::new(network("10.0.0.1", 30));
        let ip = pool.choose(mac(1), None, Duration::ZERO).unwrap();
        assert!(pool.give(ip, mac(1), HOUR, Duration::ZERO));
        assert_eq!(pool.choose(mac(2), None, HOUR / 2), None, "all are in use");
        assert_eq!(pool.choose(mac(1), None, HOUR * 2), Some(ip));
        assert_eq!(pool.choose(mac(2), None, HOUR), Some(ip), "its time is over, and there is no other");
        assert!(pool.give(ip, mac(2), HOUR * 2, HOUR));
        assert_eq!(pool.of(mac(1)), None);
        assert!(!pool.give(ip, mac(1), HOUR * 2, HOUR));
    }

    #[test]
    fn a_wish_is_heard_where_the_address_is_free() {
        let mut pool = Pool::new(network("10.0.0.1", 24));
        let wish: Ipv4Addr = "10.0.0.9".parse().unwrap();
        assert_eq!(pool.choose(mac(1), Some(wish), Duration::ZERO), Some(wish));
        assert!(pool.give(wish, mac(1), HOUR, Duration::ZERO));
        assert_ne!(pool.choose(mac(2), Some(wish), Duration::ZERO), Some(wish));
        let elsewhere = "192.168.1.5".parse().ok();
        assert_eq!(pool.choose(mac(2), elsewhere, Duration::ZERO), "10.0.0.2".parse().ok());
        pool.release(mac(1), Duration::ZERO);
        assert_eq!(pool.of(mac(1)), Some(wish), "it may come again");
    }

    #[test]
    fn what_somebody_else_has_is_never_given() {
        let mut pool = Pool::new(network("10.0.0.1", 30));
        let ip: Ipv4Addr = "10.0.0.2".parse().unwrap();
        assert!(pool.give(ip, mac(1), HOUR, Duration::ZERO));
        assert!(pool.take_out(ip) && !pool.take_out(ip), "it is told once");
        assert!(!pool.take_out("10.0.0.9".parse().unwrap()));
        assert_eq!(pool.choose(mac(1), Some(ip), HOUR * 9), None);
        assert!(!pool.give(ip, mac(1), HOUR, HOUR * 9));
    }

    proptest! {
        #[test]
        fn no_two_devices_have_one_address(
            steps in proptest::collection::vec((0..9u8, 0..4u8, 0..20u8, 0..100u64), 1..80),
        ) {
            let ours = network("10.0.0.1", 29);
            let mut pool = Pool::new(ours);
            let mut now = Duration::ZERO;
            for (device, what, ip, later) in steps {
                now += Duration::from_secs(later);
                let wished = Ipv4Addr::new(10, 0, 0, ip);
                match what {
                    0 | 1 => if let Some(ip) = pool.choose(mac(device), Some(wished), now) {
                        prop_assert!(pool.give(ip, mac(device), now + HOUR / 60, now), "what is chosen can be given");
                    },
                    2 => pool.release(mac(device), now),
                    _ => drop(pool.take_out(wished)),
                }
                let mut owners: Vec<Mac> = pool.places.values().filter_map(|place| match place {
                    Place::Of(mac, _) => Some(*mac),
                    _ => None,
                }).collect();
                let count = owners.len();
                owners.sort();
                owners.dedup();
                prop_assert_eq!(owners.len(), count, "one device, one address");
                prop_assert!(!pool.has(ours.address));
            }
        }
    }
}
