//! The preflight: is this computer ready for the phone? Facts are gathered at the rim, and
//! judged by pure functions. What could not be looked at is unknown, never a pass.
//!
//! How a finding is meant: `fail` is in the way of a recovery, `warn` may be, or is only in the
//! way of the second or third road.

mod places;
mod services;
mod sleep;
#[cfg(test)]
mod tests;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::Path;

use shared::check::Check;

use super::System;
use super::change::{Change, HostAddress};
use super::interface::Snapshot;
use super::journal::Journal;
use super::ports::{Port, PortState, look};
use super::power::{Means, Power};
use super::reach::source_for;
use super::subnet::addresses_beside;
use super::sys;
use super::wall::{Inlet, WallReport};
use super::way::{Way, candidates, way};

/// Where a phone asks, without being told another port, in the order in which it is tried.
const PORTS: [Port; 3] = [Port::TFTP, Port::FTP, Port::HTTP];

pub use sleep::Room;

/// Everything that is judged.
#[derive(Debug)]
pub struct Facts {
    /// The interfaces; none, and the system did not tell.
    pub snapshot: Option<Snapshot>,
    /// The phone, when its address is known.
    pub phone: Option<Ipv4Addr>,
    /// Its address, when that is an IPv6 one, of which nothing more can be told.
    pub other_address: Option<Ipv6Addr>,
    /// How it would be reached.
    pub way: Option<Way>,
    /// Whether it answers.
    pub answers: Option<bool>,
    /// The ports that a phone asks.
    pub ports: Vec<(Port, PortState)>,
    /// The command or the clicks that let us open them, where the system wants some.
    pub port_right: Option<String>,
    /// What the firewall does to the phone.
    pub wall: WallReport,
    /// Whether the journal of changes takes a line, or what the system says.
    pub journal: Result<(), String>,
    /// What the disk has room for.
    pub room: Room,
    /// What it runs on, and what puts it to sleep.
    pub power: Power,
    /// Whether it can be kept awake: none, and nothing does it; else whether that counts with a
    /// closed lid as well. What is there is known at once, and what works by
    /// [`awake::keep`](super::awake::keep).
    pub keeps_awake: Option<bool>,
    /// The commands that would add an address for the phone, as they are typed.
    pub repair: Option<(String, Vec<String>)>,
}

impl Facts {
    /// Looks at everything. Blocks. `answers` says whether the phone does, where it was asked.
    pub fn gather(
        system: &dyn System,
        phone: Option<Ipv4Addr>,
        answers: Option<bool>,
        folder: Option<&Path>,
    ) -> Self {
        let snapshot = system.snapshot().ok();
        let source = phone.and_then(source_for);
        let way = match (&snapshot, phone) {
            (Some(snapshot), Some(phone)) => Some(way(snapshot, source, phone)),
            _ => None,
        };
        let ours = match (&way, phone) {
            (Some(Way::Here), Some(phone)) => phone,
            (Some(Way::OnLink { ours, .. }), _) => *ours,
            _ => Ipv4Addr::UNSPECIFIED,
        };
        let state = |port| (port, look(system, IpAddr::V4(ours), port));
        let inlet = inlet(phone, way.as_ref());
        let journal = match folder {
            None => Err("this system has no folder for it".to_owned()),
            Some(folder) => Journal::begin(folder)
                .map(Journal::end)
                .map_err(|error| format!("{}: {error}", folder.display())),
        };
        Self {
            repair: repair(system, snapshot.as_ref(), way.as_ref(), phone),
            snapshot,
            phone,
            other_address: None,
            way,
            answers,
            ports: PORTS.into_iter().map(state).collect(),
            port_right: std::env::current_exe().ok().and_then(|program| system.port_right(&program)),
            wall: system.wall(&inlet, false),
            journal,
            room: Room { free: folder.and_then(free_bytes), firmware: None },
            power: system.power(),
            keeps_awake: system.keep_awake().iter().find(|means| means.is_there()).map(Means::holds_the_lid),
        }
    }

    /// The report, in the order in which a person looks.
    pub fn report(&self) -> Vec<Check> {
        vec![
            places::cable(self),
            places::route(self),
            places::overlap(self),
            places::shadow(self),
            services::ports(self),
            services::port_rights(self),
            services::firewall(self),
            sleep::disk(self),
            sleep::sleep(self),
        ]
    }

    /// Whether the phone was asked and did not answer.
    fn is_silent(&self) -> bool {
        self.answers == Some(false)
    }
}

/// Who would come in, as far as it is known.
fn inlet(phone: Option<Ipv4Addr>, way: Option<&Way>) -> Inlet {
    let (ours, interface) = match way {
        Some(Way::OnLink { interface, ours }) => (Some(*ours), Some(interface.clone())),
        Some(Way::Here | Way::Router { .. } | Way::Unknown { .. } | Way::Nowhere) | None => (None, None),
    };
    Inlet { phone, ours, interface, ports: PORTS.to_vec() }
}

/// What is free where the folder is, or will be.
fn free_bytes(folder: &Path) -> Option<u64> {
    let there = folder.ancestors().find(|ancestor| ancestor.exists())?;
    sys::free_bytes(there).ok()
}

fn repair(
    system: &dyn System,
    snapshot: Option<&Snapshot>,
    way: Option<&Way>,
    phone: Option<Ipv4Addr>,
) -> Option<(String, Vec<String>)> {
    let (snapshot, phone) = (snapshot?, phone?);
    let place = *candidates(snapshot, way?).first()?;
    let ours = addresses_beside(phone, &snapshot.taken()).into_iter().next()?;
    let address = HostAddress { interface: place.name.clone(), index: place.index, ours, phone };
    let change = Change::Address(address);
    let by_hand = change.apply(system).iter().map(|line| system.by_hand(line)).collect();
    Some((change.to_string(), by_hand))
}
