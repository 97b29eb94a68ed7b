//! The computer and the phones on its cables, as the page is told of them.

use shared::protocol::{ComputerView, FoundPhone, FoundState, InterfaceKind, InterfaceView};

use super::{Known, Watcher};
use crate::pc::find::{Extent, Found};
use crate::pc::interface::{Interface, Kind};

impl Watcher {
    /// All of it.
    pub(super) fn view(&self) -> ComputerView {
        let mut interfaces: Vec<InterfaceView> = self.snapshot.interfaces.iter().map(interface).collect();
        interfaces.sort_by_key(|interface| !interface.may_hold_phone);
        ComputerView {
            interfaces,
            found: self.found.values().map(|known| self.phone(known)).collect(),
            looking: self.search.as_ref().is_some_and(|search| search.extent != Extent::Listen),
            in_vain: self.rhythm.is_in_vain() && self.found.is_empty(),
        }
    }

    fn phone(&self, known: &Known) -> FoundPhone {
        let Found { address, interface, state, why, .. } = &known.found;
        let shown = |name: &String| self.snapshot.named(name).map_or(name.clone(), ToString::to_string);
        FoundPhone {
            address: address.to_string(),
            interface: interface.as_ref().map(shown),
            state: *state,
            why: why.clone(),
            repair: known.repair.clone().filter(|_| *state == FoundState::OutOfReach),
        }
    }
}

fn interface(interface: &Interface) -> InterfaceView {
    InterfaceView {
        name: interface.to_string(),
        kind: match interface.kind {
            Kind::Cable => InterfaceKind::Cable,
            Kind::Wifi => InterfaceKind::Wifi,
            Kind::Vpn => InterfaceKind::Vpn,
            Kind::Virtual => InterfaceKind::Virtual,
            Kind::Unknown => InterfaceKind::Unknown,
        },
        may_hold_phone: interface.may_hold_the_phone(),
        link: interface.link,
        addresses: interface.addresses.iter().map(ToString::to_string).collect(),
        gateway: interface.gateway.map(|gateway| gateway.to_string()),
    }
}
