//! The room of this computer: its network interfaces, and whatever is changed on it.
//!
//! Most of the hours that people lost were lost here: another subnet, the wrong interface,
//! Wi-Fi in the way, a firewall, a port that another program holds (docs/cases.md, C08 to C13).
//! What is read comes from a [`System`], of which there is one for each operating system; all
//! three are compiled everywhere, so that their readers and command lines are tested everywhere.
//! What follows from it is pure: [`way`] says how the phone is reached, [`subnet`] which address
//! would fit, [`preflight`] what is in the way. What is changed is a [`change::Change`] that
//! stands in the [`journal`] on disk before it is made.

pub mod arp;
pub mod awake;
pub mod change;
pub mod changes;
pub mod command;
pub mod dhcp;
pub mod find;
pub mod interface;
pub mod journal;
pub mod keeper;
mod linux;
pub mod mac;
mod macos;
pub mod ports;
pub mod power;
pub mod preflight;
pub mod reach;
pub mod subnet;
mod sys;
pub mod wall;
pub mod watch;
pub mod way;
mod windows;

use std::fmt::Debug;
use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;

use change::{HostAddress, NetworkAddress};
use command::CommandLine;
use interface::{Neighbour, Snapshot};
use ports::{Holder, Port};
use power::{Means, Power};
use wall::{Finding, Inlet, Verdict, WallReport};

/// What differs from one operating system to the next. Reading blocks for milliseconds (Linux)
/// up to seconds (Windows): call it where that is allowed.
pub trait System: Debug + Send + Sync {
    /// The interfaces and the routes, as they are now.
    ///
    /// # Errors
    /// What the system says when it does not tell its addresses.
    fn snapshot(&self) -> io::Result<Snapshot>;

    /// Who was spoken to lately on the same link. What cannot be read is not there.
    fn neighbours(&self) -> Vec<Neighbour>;

    /// The commands that add an address for the phone alone.
    fn add(&self, address: &HostAddress) -> Vec<CommandLine>;

    /// The commands that take it away again.
    fn remove(&self, address: &HostAddress) -> Vec<CommandLine>;

    /// The commands that add an address with a network of its own.
    fn add_network(&self, address: &NetworkAddress) -> Vec<CommandLine>;

    /// The commands that take it away again.
    fn remove_network(&self, address: &NetworkAddress) -> Vec<CommandLine>;

    /// Whether this program may run such commands itself.
    fn may_change(&self) -> bool;

    /// The same commands, with the system's own question for an administrator before them.
    fn elevated(&self, lines: &[CommandLine]) -> Vec<CommandLine>;

    /// A command as a person types it where the right is missing.
    fn by_hand(&self, line: &CommandLine) -> String;

    /// Which program holds this port, as far as the system tells.
    fn holder(&self, port: Port) -> Option<Holder>;

    /// Whether the firewall lets the phone in, and the rule that would. With `ask`, the system may
    /// ask the person for the right to read it.
    fn wall(&self, inlet: &Inlet, _ask: bool) -> WallReport {
        WallReport::of(None, inlet, &Finding::new(Verdict::Unknown, shared::text::pc::NOT_LOOKED_AT))
    }

    /// How this program gets the right to open ports below 1024, where the system asks for one.
    fn port_right(&self, program: &Path) -> Option<String>;

    /// What it runs on, and what puts it to sleep.
    fn power(&self) -> Power {
        Power::default()
    }

    /// What keeps it awake, the best first.
    fn keep_awake(&self) -> Vec<Means> {
        Vec::new()
    }
}

/// The system that this program runs on.
pub fn here() -> &'static dyn System {
    if cfg!(windows) {
        &windows::Windows
    } else if cfg!(target_os = "macos") {
        &macos::Macos
    } else {
        &linux::Linux
    }
}

/// An address as the phones of this family speak it, also one in the clothes of IPv6 (RFC 4291,
/// 2.5.5.2); none for any other.
pub fn v4(ip: IpAddr) -> Option<Ipv4Addr> {
    match ip.to_canonical() {
        IpAddr::V4(ip) => Some(ip),
        IpAddr::V6(_) => None,
    }
}
