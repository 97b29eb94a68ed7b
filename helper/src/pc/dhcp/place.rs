//! Where a server of ours may run, and with which address. Pure.
//!
//! A second DHCP server in somebody's network takes the network away from whoever asks it. So
//! everything that looks like a network is refused: a router behind the interface, Wi-Fi, a VPN,
//! a port of a bridge; and what cannot be looked at is refused as well.

use std::fmt;
use std::net::Ipv4Addr;

use shared::text;

use super::packet::PROBE_CLASS;
use super::packet::{ClientMessage, Heard};
use crate::pc::interface::{Interface, Kind, Snapshot};
use crate::pc::mac::Mac;
use crate::pc::subnet::Network;

/// Networks are only handed out from addresses for private use (RFC 1918), the least usual first:
/// the higher numbers of 192.168, then of 172.31 and of 10.231.
const PRIVATE: [[u8; 2]; 3] = [[192, 168], [172, 31], [10, 231]];
/// Their size, which everything understands.
const PREFIX: u8 = 24;
/// The last number of our address in one.
const OURS: u8 = 1;
/// A network of ours has room for a phone from this prefix on: /31 and /32 have none (RFC 3021).
const NARROWEST: u8 = 30;

/// Why there is no server on an interface, or not any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It is no cable, but this.
    NotACable(Kind),
    /// It is a part of a bridge or a bond.
    Enslaved,
    /// Nothing is at the other end.
    NoLink,
    /// A router is behind it: this one, where its address is known.
    Router(Option<Ipv4Addr>),
    /// It is gone.
    Gone,
    /// Its hardware address is not known, and who has none cannot ask.
    NoHardwareAddress,
    /// Another DHCP server is there: this one, where its address is known.
    OtherServer(Ipv4Addr),
    /// Every network for private use is in use.
    NoNetwork,
    /// It needs an address, and it could not be added: what the system said.
    NoAddress(String),
    /// The port is held by another program, perhaps a DHCP server on this computer.
    PortTaken,
    /// The system does not let us, or has no way: what it said.
    NotLet(String),
}

impl Refusal {
    /// Whether it may pass by itself: the phone is not plugged in or has no power yet.
    pub fn may_pass(&self) -> bool {
        *self == Refusal::NoLink
    }

    /// What a person does about it.
    pub fn next(&self) -> &'static str {
        match self {
            Refusal::NotACable(_) | Refusal::Enslaved => text::dhcp::NO_CABLE_NEXT,
            Refusal::NoLink | Refusal::Gone => text::dhcp::NO_LINK_NEXT,
            Refusal::Router(_) | Refusal::OtherServer(_) => text::dhcp::NETWORK_NEXT,
            Refusal::PortTaken => text::dhcp::PORT_NEXT,
            Refusal::NotLet(_) | Refusal::NoAddress(_) => text::dhcp::RIGHT_NEXT,
            Refusal::NoHardwareAddress | Refusal::NoNetwork => text::dhcp::BY_HAND_NEXT,
        }
    }
}

impl fmt::Display for Refusal {
    /// The reason, for the middle of a sentence.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::NotACable(kind) => f.write_str(&text::dhcp::not_a_cable(kind.words())),
            Refusal::Enslaved => f.write_str(text::dhcp::ENSLAVED),
            Refusal::NoLink => f.write_str(text::dhcp::NO_LINK),
            Refusal::Router(router) => f.write_str(&text::dhcp::router(*router)),
            Refusal::Gone => f.write_str(text::dhcp::GONE),
            Refusal::NoHardwareAddress => f.write_str(text::dhcp::NO_HARDWARE_ADDRESS),
            Refusal::OtherServer(server) => {
                let known = (!server.is_unspecified()).then_some(*server);
                f.write_str(&text::dhcp::other_server(known))
            }
            Refusal::NoNetwork => f.write_str(text::dhcp::NO_NETWORK),
            Refusal::NoAddress(said) => f.write_str(&text::dhcp::no_address(said)),
            Refusal::PortTaken => f.write_str(text::dhcp::PORT_TAKEN),
            Refusal::NotLet(said) => f.write_str(&text::dhcp::not_let(said)),
        }
    }
}

/// Whether a server may run on an interface, as far as this computer knows; a server that is
/// there already does not show in this.
///
/// # Errors
/// The reason why not.
pub fn may_serve(snapshot: &Snapshot, interface: &Interface) -> Result<Mac, Refusal> {
    match interface.kind {
        Kind::Cable | Kind::Unknown => {}
        kind @ (Kind::Wifi | Kind::Vpn | Kind::Virtual) => return Err(Refusal::NotACable(kind)),
    }
    if interface.enslaved {
        return Err(Refusal::Enslaved);
    }
    if interface.link == Some(false) {
        return Err(Refusal::NoLink);
    }
    // A default route without a router's address counts, and so does any route over one.
    let leads_on = snapshot.routes.iter().find(|route| {
        route.interface == interface.name && (route.gateway.is_some() || route.network.prefix == 0)
    });
    if interface.gateway.is_some() || leads_on.is_some() {
        return Err(Refusal::Router(interface.gateway.or_else(|| leads_on?.gateway)));
    }
    interface.mac.filter(|mac| mac.is_a_device()).ok_or(Refusal::NoHardwareAddress)
}

/// The address of ours that has room for phones beside it. Not a link-local one: those are never
/// given by a server (RFC 3927, 1.6).
pub fn own_network(interface: &Interface) -> Option<Network> {
    let fits = |network: &&Network| network.prefix <= NARROWEST && !network.address.is_link_local();
    interface.addresses.iter().find(fits).copied()
}

/// Networks that this computer uses nowhere, with the address that would be ours.
pub fn free_networks(snapshot: &Snapshot) -> impl Iterator<Item = Network> {
    let own = snapshot.interfaces.iter().flat_map(|interface| &interface.addresses);
    // The default route leads everywhere and uses nothing.
    let routed = snapshot.routes.iter().map(|route| &route.network).filter(|network| network.prefix > 0);
    let used: Vec<Network> = own.chain(routed).copied().collect();
    let all =
        PRIVATE.into_iter().flat_map(|[a, b]| (1..=254).rev().map(move |c| Ipv4Addr::new(a, b, c, OURS)));
    all.map(|address| Network::new(address, PREFIX))
        .filter(move |network| !used.iter().any(|used| overlap(*used, *network)))
}

fn overlap(one: Network, other: Network) -> bool {
    let wider = one.prefix.min(other.prefix);
    Network::new(one.address, wider).contains(other.address)
}

/// Whether what was heard on the cable before we serve is another server: one that answers, or
/// another hookflash that is about to start.
pub fn is_other_server(heard: &Heard, our_mac: Mac) -> Option<Ipv4Addr> {
    match heard {
        Heard::Server(server) => Some(*server),
        Heard::Client(ClientMessage { class: Some(class), mac, .. }) if class == PROBE_CLASS => {
            (*mac != our_mac).then_some(Ipv4Addr::UNSPECIFIED)
        }
        Heard::Client(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pc::interface::Route;

    const MAC: Mac = Mac([2, 0, 0, 0, 0, 1]);

    fn ip(text: &str) -> Ipv4Addr {
        text.parse().unwrap()
    }

    fn cable() -> Interface {
        Interface { kind: Kind::Cable, link: Some(true), mac: Some(MAC), ..Interface::named("eth0") }
    }

    fn judged(interface: Interface) -> Result<Mac, Refusal> {
        may_serve(&Snapshot::default(), &interface)
    }

    #[test]
    fn only_a_cable_that_leads_nowhere_is_served() {
        assert_eq!(judged(cable()), Ok(MAC));
        assert_eq!(judged(Interface { kind: Kind::Unknown, link: None, ..cable() }), Ok(MAC));
        for kind in [Kind::Wifi, Kind::Vpn, Kind::Virtual] {
            assert_eq!(judged(Interface { kind, ..cable() }), Err(Refusal::NotACable(kind)));
        }
        let router = ip("10.0.0.1");
        for (interface, refusal) in [
            (Interface { enslaved: true, ..cable() }, Refusal::Enslaved),
            (Interface { link: Some(false), ..cable() }, Refusal::NoLink),
            (Interface { gateway: Some(router), ..cable() }, Refusal::Router(Some(router))),
            (Interface { mac: None, ..cable() }, Refusal::NoHardwareAddress),
        ] {
            assert_eq!(judged(interface), Err(refusal));
        }
    }

    #[test]
    fn every_route_that_leads_on_is_a_router() {
        for (gateway, prefix, refused) in [
            (None, 0, Some(Refusal::Router(None))),
            (Some(ip("10.0.0.9")), 16, Some(Refusal::Router(Some(ip("10.0.0.9"))))),
            (None, 24, None),
        ] {
            let route =
                Route { interface: "eth0".into(), network: Network::new(ip("10.0.0.0"), prefix), gateway };
            let other =
                Route { interface: "eth1".into(), network: Network::new(ip("0.0.0.0"), 0), gateway: None };
            let snapshot = Snapshot { interfaces: vec![cable()], routes: vec![other, route] };
            assert_eq!(may_serve(&snapshot, &cable()).err(), refused);
        }
    }

    #[test]
    fn every_refusal_has_its_reason_and_the_next_step() {
        let said = || "said".to_owned();
        for refusal in [
            Refusal::NotACable(Kind::Wifi),
            Refusal::Enslaved,
            Refusal::NoLink,
            Refusal::Router(None),
            Refusal::Router(Some(ip("10.0.0.1"))),
            Refusal::Gone,
            Refusal::NoHardwareAddress,
            Refusal::OtherServer(ip("10.0.0.1")),
            Refusal::OtherServer(Ipv4Addr::UNSPECIFIED),
            Refusal::NoNetwork,
            Refusal::NoAddress(said()),
            Refusal::PortTaken,
            Refusal::NotLet(said()),
        ] {
            let sentence = refusal.to_string();
            assert!(sentence.len() > 10 && !sentence.contains("0.0.0.0"), "{sentence}");
            assert!(refusal.next().ends_with('.'), "{sentence}");
            assert_eq!(refusal.may_pass(), refusal == Refusal::NoLink, "{sentence}");
        }
    }

    #[test]
    fn an_address_of_ours_serves_when_there_is_room_beside_it() {
        let with = |addresses: &[(&str, u8)]| {
            let addresses =
                addresses.iter().map(|(address, prefix)| Network::new(ip(address), *prefix)).collect();
            own_network(&Interface { addresses, ..cable() }).map(|network| network.to_string())
        };
        assert_eq!(with(&[]), None);
        assert_eq!(with(&[("169.254.7.7", 16), ("10.0.0.7", 32)]), None);
        assert_eq!(with(&[("169.254.7.7", 16), ("192.168.1.4", 24)]).as_deref(), Some("192.168.1.4/24"));
    }

    #[test]
    fn a_free_network_is_one_that_nothing_of_this_computer_is_in() {
        let first = |snapshot: &Snapshot| free_networks(snapshot).next().map(|network| network.to_string());
        assert_eq!(first(&Snapshot::default()).as_deref(), Some("192.168.254.1/24"));
        let address = Network::new(ip("192.168.254.77"), 32);
        let mut snapshot =
            Snapshot { interfaces: vec![Interface { addresses: vec![address], ..cable() }], routes: vec![] };
        assert_eq!(first(&snapshot).as_deref(), Some("192.168.253.1/24"));
        let route = |network: &str, prefix| Route {
            interface: "tun0".into(),
            network: Network::new(ip(network), prefix),
            gateway: None,
        };
        snapshot.routes = vec![route("0.0.0.0", 0), route("192.168.0.0", 16), route("172.31.254.0", 23)];
        assert_eq!(first(&snapshot).as_deref(), Some("172.31.253.1/24"));
        snapshot.routes = vec![route("0.0.0.0", 1), route("128.0.0.0", 1)];
        assert_eq!(first(&snapshot), None, "a VPN has everything");
    }

    #[test]
    fn a_server_and_another_hookflash_are_other_servers_and_a_client_is_none() {
        let client = |class: &str, mac| {
            let wish = super::super::packet::Wish::Discover;
            let nobody = Ipv4Addr::UNSPECIFIED;
            Heard::Client(ClientMessage {
                wish,
                xid: 1,
                flags: 0,
                ciaddr: nobody,
                mac,
                requested: None,
                server: None,
                class: Some(class.into()),
                client_id: None,
            })
        };
        let other = Mac([2, 0, 0, 0, 0, 2]);
        assert_eq!(is_other_server(&Heard::Server(ip("10.0.0.1")), MAC), Some(ip("10.0.0.1")));
        assert!(is_other_server(&client(PROBE_CLASS, other), MAC).is_some());
        assert_eq!(is_other_server(&client(PROBE_CLASS, MAC), MAC), None, "our own question");
        assert_eq!(is_other_server(&client("AastraIPPhone57i", other), MAC), None);
    }
}
