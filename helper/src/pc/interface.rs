//! Network interfaces, routes and neighbours as data.

use std::collections::BTreeSet;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr};

use serde::Serialize;

use super::mac::Mac;
use super::subnet::Network;

/// What an interface is, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A network card with a socket for a cable.
    Cable,
    /// Wi-Fi.
    Wifi,
    /// A tunnel.
    Vpn,
    /// Made by software: bridges of containers and virtual machines, and the like.
    Virtual,
    /// Nobody says.
    Unknown,
}

impl Kind {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Kind::Cable => "cable",
            Kind::Wifi => "Wi-Fi",
            Kind::Vpn => "VPN",
            Kind::Virtual => "virtual",
            Kind::Unknown => "of unknown kind",
        }
    }
}

/// One interface. Loopback is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Interface {
    /// The name in commands.
    pub name: String,
    /// The name in the system's own settings, where it has another one.
    pub shown: Option<String>,
    /// Its number in the system.
    pub index: Option<u32>,
    /// What it is.
    pub kind: Kind,
    /// Whether something is at the other end of the cable.
    pub link: Option<bool>,
    /// Its hardware address.
    pub mac: Option<Mac>,
    /// Its IPv4 addresses. Phones in recovery speak no other (domain.md 2).
    pub addresses: Vec<Network>,
    /// The router behind it that leads everywhere.
    pub gateway: Option<Ipv4Addr>,
    /// Whether it is a port of a bridge or a bond, and has no say of its own.
    pub enslaved: bool,
}

impl Interface {
    /// An interface of which only the name is known.
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            shown: None,
            index: None,
            kind: Kind::Unknown,
            link: None,
            mac: None,
            addresses: Vec::new(),
            gateway: None,
            enslaved: false,
        }
    }

    /// Whether a phone's cable can be in it, as far as anybody knows.
    pub fn may_hold_the_phone(&self) -> bool {
        matches!(self.kind, Kind::Cable | Kind::Unknown) && !self.enslaved
    }

    /// Whether this address is in one of its networks.
    pub fn reaches(&self, address: Ipv4Addr) -> bool {
        self.addresses.iter().any(|network| network.contains(address))
    }

    /// Whether this address is its own.
    pub fn has(&self, address: Ipv4Addr) -> bool {
        self.addresses.iter().any(|network| network.address == address)
    }
}

impl fmt::Display for Interface {
    /// The name that a person finds in the settings.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.shown {
            Some(shown) if *shown != self.name => write!(f, "{shown} ({})", self.name),
            _ => f.write_str(&self.name),
        }
    }
}

/// Where packets for a network leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// By which interface.
    pub interface: String,
    /// To which network.
    pub network: Network,
    /// Over which router; none, and the network is on the link itself.
    pub gateway: Option<Ipv4Addr>,
}

/// Everything at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// The interfaces, loopback left out.
    pub interfaces: Vec<Interface>,
    /// The routes, as far as the system tells them.
    pub routes: Vec<Route>,
}

impl Snapshot {
    /// The interface with this address of ours.
    pub fn with_address(&self, address: Ipv4Addr) -> Option<&Interface> {
        self.interfaces.iter().find(|interface| interface.has(address))
    }

    /// The interface with this name.
    pub fn named(&self, name: &str) -> Option<&Interface> {
        self.interfaces.iter().find(|interface| interface.name == name)
    }

    /// Every address that is ours or a router's.
    pub fn taken(&self) -> BTreeSet<Ipv4Addr> {
        let ours = self.interfaces.iter().flat_map(|interface| &interface.addresses);
        let routers = self.interfaces.iter().filter_map(|interface| interface.gateway);
        ours.map(|network| network.address).chain(routers).collect()
    }

    /// Writes the addresses that the system tells into the interfaces; one that is not among
    /// them yet is added. Loopback stays outside.
    pub(super) fn add_addresses(&mut self) -> std::io::Result<()> {
        for found in if_addrs::get_if_addrs()? {
            let (IpAddr::V4(address), if_addrs::IfAddr::V4(v4)) = (found.ip(), &found.addr) else { continue };
            if address.is_loopback() {
                continue;
            }
            let network = Network::new(address, v4.prefixlen);
            let same = |known: &&mut Interface| {
                known.name == found.name || (known.index.is_some() && known.index == found.index)
            };
            match self.interfaces.iter_mut().find(same) {
                Some(known) => {
                    known.index = known.index.or(found.index);
                    known.addresses.push(network);
                }
                None => self.interfaces.push(Interface {
                    index: found.index,
                    addresses: vec![network],
                    ..Interface::named(found.name.clone())
                }),
            }
        }
        Ok(())
    }

    /// Gives each interface the router of its default route.
    pub(super) fn add_gateways(&mut self) {
        for route in self.routes.iter().filter(|route| route.network.prefix == 0) {
            if let Some(interface) = self.interfaces.iter_mut().find(|known| known.name == route.interface) {
                interface.gateway = interface.gateway.or(route.gateway);
            }
        }
    }
}

/// Somebody on the same link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbour {
    /// Its address.
    pub ip: Ipv4Addr,
    /// Its hardware address.
    pub mac: Mac,
    /// On which interface it was seen, where the system says it.
    pub interface: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interface_is_called_as_the_settings_call_it() {
        let mut interface = Interface::named("en5");
        assert_eq!(interface.to_string(), "en5");
        interface.shown = Some("USB 10/100/1000 LAN".into());
        assert_eq!(interface.to_string(), "USB 10/100/1000 LAN (en5)");
    }

    #[test]
    fn only_what_may_be_a_cable_may_hold_the_phone() {
        let of = |kind, enslaved| Interface { kind, enslaved, ..Interface::named("x") }.may_hold_the_phone();
        assert!(of(Kind::Cable, false) && of(Kind::Unknown, false));
        assert!(!of(Kind::Wifi, false) && !of(Kind::Vpn, false) && !of(Kind::Virtual, false));
        assert!(!of(Kind::Cable, true), "a port of a bridge");
    }

    #[test]
    fn gateways_come_from_default_routes() {
        let route = |prefix, gateway: &str| Route {
            interface: "x".into(),
            network: Network::new(Ipv4Addr::UNSPECIFIED, prefix),
            gateway: gateway.parse().ok(),
        };
        let mut snapshot = Snapshot {
            interfaces: vec![Interface::named("x")],
            routes: vec![route(24, "10.0.0.9"), route(0, "10.0.0.1"), route(0, "10.0.0.2")],
        };
        snapshot.add_gateways();
        assert_eq!(snapshot.interfaces[0].gateway, Some(Ipv4Addr::new(10, 0, 0, 1)));
        assert!(snapshot.taken().contains(&Ipv4Addr::new(10, 0, 0, 1)));
    }
}
