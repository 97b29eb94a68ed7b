//! What is changed on this computer: each change knows how it is made and how it is taken back.
//!
//! An address is added for the phone alone: ours counts for nobody else, and packets for any
//! other address go where they went before. So a Wi-Fi in the same subnet goes on working, and
//! loses against the cable only for the phone's own address.
//!
//! Where an address is handed out to the phone ([`dhcp`](super::dhcp)), ours has a whole network
//! of its own, which nothing else of this computer is in.

use std::fmt;
use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

use super::System;
use super::command::{CommandError, CommandLine};
use super::interface::Snapshot;
use super::wall::rule::HostRule;

/// An address of ours beside the phone's, for the phone alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostAddress {
    /// The interface's name.
    pub interface: String,
    /// Its number, where the system's commands want it.
    pub index: Option<u32>,
    /// The address that is added.
    pub ours: Ipv4Addr,
    /// The phone's, the only one that is reached from it.
    pub phone: Ipv4Addr,
}

/// An address of ours with a network of its own, in which the phone gets one from us.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkAddress {
    /// The interface's name.
    pub interface: String,
    /// Its number, where the system's commands want it.
    pub index: Option<u32>,
    /// The address that is added.
    pub ours: Ipv4Addr,
    /// Bits that name its network, 1 to 30.
    pub prefix: u8,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// An address of ours in the phone's subnet.
    Address(HostAddress),
    /// A firewall rule that lets the phone in.
    Rule(HostRule),
    /// An address of ours with a network of its own.
    Network(NetworkAddress),
}

impl Change {
    /// The commands that make it.
    pub fn apply(&self, system: &dyn System) -> Vec<CommandLine> {
        match self {
            Change::Address(address) => system.add(address),
            Change::Rule(rule) => rule.apply(),
            Change::Network(address) => system.add_network(address),
        }
    }

    /// The commands that take it back. Blocks where they must be looked up.
    ///
    /// # Errors
    /// When they cannot be.
    pub fn undo(&self, system: &dyn System) -> Result<Vec<CommandLine>, CommandError> {
        match self {
            Change::Address(address) => Ok(system.remove(address)),
            Change::Network(address) => Ok(system.remove_network(address)),
            Change::Rule(rule) => rule.undo(system),
        }
    }

    /// The same as a person types them.
    pub fn undo_by_hand(&self, system: &dyn System) -> Vec<String> {
        let lines = match self {
            Change::Address(address) => system.remove(address),
            Change::Network(address) => system.remove_network(address),
            Change::Rule(rule) => rule.undo_by_hand(),
        };
        lines.iter().map(|line| system.by_hand(line)).collect()
    }

    /// Whether each of its commands does its whole work or nothing, so that nothing is left when
    /// the first one fails.
    pub fn is_one_step_each(&self) -> bool {
        match self {
            Change::Address(_) | Change::Network(_) => false,
            Change::Rule(rule) => rule.is_one_step_each(),
        }
    }

    /// The phone that it is made for; none, and it is for whatever phone comes.
    pub fn phone(&self) -> Option<Ipv4Addr> {
        match self {
            Change::Address(address) => Some(address.phone),
            Change::Network(_) => None,
            Change::Rule(rule) => Some(rule.phone),
        }
    }

    /// The address of ours that it adds.
    pub fn address(&self) -> Option<Ipv4Addr> {
        match self {
            Change::Address(address) => Some(address.ours),
            Change::Network(address) => Some(address.ours),
            Change::Rule(_) => None,
        }
    }

    /// Whether it is made, as far as that can be seen. Blocks.
    pub fn is_made(&self, system: &dyn System, snapshot: &Snapshot) -> Option<bool> {
        let has = |name: &str, ours| Some(snapshot.named(name).is_some_and(|interface| interface.has(ours)));
        match self {
            Change::Rule(rule) => rule.is_made(system),
            Change::Address(address) => has(&address.interface, address.ours),
            Change::Network(address) => has(&address.interface, address.ours),
        }
    }
}

impl fmt::Display for Change {
    /// What is done, for the middle of a sentence.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Change::Address(HostAddress { interface, ours, phone, .. }) => {
                write!(f, "the address {ours} on {interface}, for {phone} alone")
            }
            Change::Rule(rule) => rule.fmt(f),
            Change::Network(NetworkAddress { interface, ours, prefix, .. }) => {
                write!(f, "the address {ours}/{prefix} on {interface}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::here;
    use super::super::interface::Interface;
    use super::super::subnet::Network;
    use super::*;

    #[test]
    fn a_change_is_kept_as_text_and_read_again() {
        let address = Change::Address(HostAddress {
            interface: "eth0".into(),
            index: Some(3),
            ours: Ipv4Addr::new(192, 168, 1, 4),
            phone: Ipv4Addr::new(192, 168, 1, 5),
        });
        let text = serde_json::to_string(&address).unwrap();
        assert_eq!(serde_json::from_str::<Change>(&text).unwrap(), address, "{text}");
        assert_eq!(address.to_string(), "the address 192.168.1.4 on eth0, for 192.168.1.5 alone");
    }

    #[test]
    fn an_address_with_a_network_is_kept_and_seen_in_the_same_way() {
        let ours = Ipv4Addr::new(192, 168, 254, 1);
        let change =
            Change::Network(NetworkAddress { interface: "eth0".into(), index: Some(3), ours, prefix: 24 });
        let text = serde_json::to_string(&change).unwrap();
        assert_eq!(serde_json::from_str::<Change>(&text).unwrap(), change, "{text}");
        assert_eq!(change.to_string(), "the address 192.168.254.1/24 on eth0");
        let interface = Interface { addresses: vec![Network::new(ours, 24)], ..Interface::named("eth0") };
        let there = Snapshot { interfaces: vec![interface], routes: Vec::new() };
        assert_eq!(change.is_made(here(), &there), Some(true));
        assert_eq!(change.is_made(here(), &Snapshot::default()), Some(false));
    }

    #[test]
    fn whether_an_address_is_there_is_seen_by_interface_and_address() {
        let (ours, phone) = (Ipv4Addr::new(192, 168, 1, 4), Ipv4Addr::new(192, 168, 1, 5));
        let change = Change::Address(HostAddress { interface: "eth0".into(), index: None, ours, phone });
        let with = |name: &str| Snapshot {
            interfaces: vec![Interface { addresses: vec![Network::new(ours, 32)], ..Interface::named(name) }],
            routes: Vec::new(),
        };
        assert_eq!(change.is_made(here(), &with("eth0")), Some(true));
        assert_eq!(change.is_made(here(), &with("eth1")), Some(false));
        assert_eq!(change.is_made(here(), &Snapshot::default()), Some(false));
    }
}
