//! How a packet for the phone would leave, and where the phone's cable may be (cases C09, C10).
//! Pure: what the system says goes in.
//!
//! Nobody picks an interface from a list. The system is asked which of our addresses it would
//! use, and the rest follows.

use std::net::Ipv4Addr;

use super::interface::{Interface, Kind, Snapshot};

/// How a packet for the phone would leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// Not at all: the address is this computer's own.
    Here,
    /// Straight over this interface.
    OnLink {
        /// Its name.
        interface: String,
        /// Our address on it.
        ours: Ipv4Addr,
    },
    /// To a router, which is not where a phone on a cable is.
    Router {
        /// The interface's name.
        interface: String,
        /// Our address on it.
        ours: Ipv4Addr,
        /// The router, where it is known.
        via: Option<Ipv4Addr>,
    },
    /// Somehow: the system uses an address that is on no interface that we see.
    Unknown {
        /// That address.
        ours: Ipv4Addr,
    },
    /// There is none.
    Nowhere,
}

/// How the phone would be reached. `source` is the address of ours that the system would use, if
/// it knows a way.
pub fn way(snapshot: &Snapshot, source: Option<Ipv4Addr>, phone: Ipv4Addr) -> Way {
    if phone.is_loopback() || snapshot.with_address(phone).is_some() {
        return Way::Here;
    }
    let Some(ours) = source else { return Way::Nowhere };
    let Some(interface) = snapshot.with_address(ours) else { return Way::Unknown { ours } };
    let name = interface.name.clone();
    let routed = snapshot
        .routes
        .iter()
        .any(|route| route.interface == name && route.gateway.is_none() && route.network.contains(phone));
    if routed || interface.reaches(phone) {
        Way::OnLink { interface: name, ours }
    } else {
        Way::Router { interface: name, ours, via: interface.gateway }
    }
}

/// The interfaces in whose networks the phone is. More than one, and the phone may be at the
/// other end of the wrong one.
pub fn in_the_phones_subnet(snapshot: &Snapshot, phone: Ipv4Addr) -> Vec<&Interface> {
    snapshot.interfaces.iter().filter(|interface| interface.reaches(phone)).collect()
}

/// Where the phone's cable may be, best first: a card with a socket before what nobody knows, a
/// cable that leads nowhere else before one with a router behind it. The interface over which
/// packets for the phone leave already is not among them: an address there changes nothing.
pub fn candidates<'a>(snapshot: &'a Snapshot, way: &Way) -> Vec<&'a Interface> {
    let used = match way {
        Way::OnLink { interface, .. } => Some(interface.as_str()),
        Way::Here | Way::Router { .. } | Way::Unknown { .. } | Way::Nowhere => None,
    };
    let mut candidates: Vec<&Interface> = snapshot
        .interfaces
        .iter()
        .filter(|interface| interface.may_hold_the_phone() && interface.link != Some(false))
        .filter(|interface| Some(interface.name.as_str()) != used)
        .collect();
    candidates.sort_by_key(|interface| (interface.gateway.is_some(), interface.kind != Kind::Cable));
    candidates
}

/// Interfaces without a cable that could draw away what is meant for the phone: Wi-Fi and VPN
/// that are in the phone's subnet, or over which its packets leave.
pub fn shadows<'a>(snapshot: &'a Snapshot, way: &Way, phone: Ipv4Addr) -> Vec<&'a Interface> {
    let used = match way {
        Way::OnLink { interface, .. } | Way::Router { interface, .. } => Some(interface.as_str()),
        Way::Here | Way::Unknown { .. } | Way::Nowhere => None,
    };
    snapshot
        .interfaces
        .iter()
        .filter(|interface| matches!(interface.kind, Kind::Wifi | Kind::Vpn | Kind::Virtual))
        .filter(|interface| interface.reaches(phone) || Some(interface.name.as_str()) == used)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::interface::Route;
    use super::super::subnet::Network;
    use super::*;

    fn ip(text: &str) -> Ipv4Addr {
        text.parse().unwrap()
    }

    fn interface(name: &str, kind: Kind, address: Option<(&str, u8)>, gateway: Option<&str>) -> Interface {
        Interface {
            kind,
            link: Some(true),
            addresses: address
                .map(|(address, prefix)| Network::new(ip(address), prefix))
                .into_iter()
                .collect(),
            gateway: gateway.map(ip),
            ..Interface::named(name)
        }
    }

    fn of(interfaces: impl IntoIterator<Item = Interface>) -> Snapshot {
        Snapshot { interfaces: interfaces.into_iter().collect(), routes: Vec::new() }
    }

    fn names<'a>(interfaces: &[&'a Interface]) -> Vec<&'a str> {
        interfaces.iter().map(|interface| interface.name.as_str()).collect()
    }

    #[test]
    fn c10_a_laptop_with_wifi_and_an_empty_cable_reaches_the_router_and_not_the_phone() {
        let laptop = of([
            interface("wlan0", Kind::Wifi, Some(("10.0.0.7", 24)), Some("10.0.0.1")),
            interface("eth0", Kind::Cable, None, None),
        ]);
        let phone = ip("192.168.1.5");
        let way = way(&laptop, Some(ip("10.0.0.7")), phone);
        let (interface, ours, via) = ("wlan0".to_owned(), ip("10.0.0.7"), Some(ip("10.0.0.1")));
        assert_eq!(way, Way::Router { interface, ours, via });
        assert_eq!(names(&candidates(&laptop, &way)), ["eth0"]);
        assert_eq!(names(&shadows(&laptop, &way, phone)), ["wlan0"]);
    }

    #[test]
    fn c10_wifi_in_the_phones_own_subnet_is_the_wrong_way() {
        let laptop = of([
            interface("wlan0", Kind::Wifi, Some(("192.168.1.20", 24)), Some("192.168.1.1")),
            interface("eth0", Kind::Cable, Some(("192.168.1.30", 24)), None),
        ]);
        let phone = ip("192.168.1.5");
        let way = way(&laptop, Some(ip("192.168.1.20")), phone);
        assert_eq!(way, Way::OnLink { interface: "wlan0".into(), ours: ip("192.168.1.20") });
        assert_eq!(names(&in_the_phones_subnet(&laptop, phone)), ["wlan0", "eth0"]);
        assert_eq!(names(&candidates(&laptop, &way)), ["eth0"]);
        assert_eq!(names(&shadows(&laptop, &way, phone)), ["wlan0"]);
    }

    #[test]
    fn c09_the_cable_that_leads_nowhere_else_comes_first_and_one_without_link_never() {
        let mut unplugged = interface("eth9", Kind::Cable, None, None);
        unplugged.link = Some(false);
        let desk = of([
            unplugged,
            interface("eth0", Kind::Cable, Some(("10.0.0.7", 24)), Some("10.0.0.1")),
            interface("usb0", Kind::Unknown, None, None),
            interface("eth1", Kind::Cable, None, None),
            interface("docker0", Kind::Virtual, Some(("172.17.0.1", 16)), None),
            interface("tun0", Kind::Vpn, Some(("10.8.0.2", 24)), None),
        ]);
        assert_eq!(names(&candidates(&desk, &Way::Nowhere)), ["eth1", "usb0", "eth0"]);
    }

    #[test]
    fn the_right_subnet_on_the_cable_needs_nothing() {
        let desk = of([interface("eth0", Kind::Cable, Some(("169.254.168.233", 16)), None)]);
        let phone = ip("169.254.168.234");
        let way = way(&desk, Some(ip("169.254.168.233")), phone);
        assert_eq!(way, Way::OnLink { interface: "eth0".into(), ours: ip("169.254.168.233") });
        assert_eq!(names(&candidates(&desk, &way)), [""; 0]);
        assert_eq!(names(&shadows(&desk, &way, phone)), [""; 0]);
    }

    #[test]
    fn a_route_to_the_phone_alone_is_on_the_link() {
        let mut desk = of([interface("eth0", Kind::Cable, Some(("192.168.1.4", 32)), None)]);
        let phone = ip("192.168.1.5");
        let ours = Some(ip("192.168.1.4"));
        assert!(matches!(way(&desk, ours, phone), Way::Router { .. }));
        desk.routes.push(Route { interface: "eth0".into(), network: Network::new(phone, 32), gateway: None });
        assert!(matches!(way(&desk, ours, phone), Way::OnLink { .. }));
    }

    #[test]
    fn an_address_of_this_computer_is_no_way_and_no_way_is_nowhere() {
        let desk = of([interface("eth0", Kind::Cable, Some(("10.0.0.7", 24)), None)]);
        assert_eq!(way(&desk, Some(ip("127.0.0.1")), ip("127.0.0.1")), Way::Here);
        assert_eq!(way(&desk, Some(ip("10.0.0.7")), ip("10.0.0.7")), Way::Here);
        assert_eq!(way(&desk, None, ip("192.168.1.5")), Way::Nowhere);
        assert_eq!(way(&desk, Some(ip("1.1.1.1")), ip("192.168.1.5")), Way::Unknown { ours: ip("1.1.1.1") });
    }
}
