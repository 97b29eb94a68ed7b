//! What the Connect step makes of what the helper sees: is a cable in, is a phone there, which one
//! is meant, and what is in the way. Pure functions of the helper's state and the typed address.

use std::net::IpAddr;

use shared::address::{PhoneAddress, clipped};
use shared::protocol::{ComputerView, FoundPhone, FoundState, InterfaceView, State};

/// The cable on which a phone can be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Cable {
    /// Nobody tells.
    #[default]
    Unknown,
    /// None has a link.
    Out,
    /// This one has, and leads to nothing but a phone.
    In(String),
    /// Those that have lead to a router: the phone may be behind it.
    ToRouter(String),
}

/// What is seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Reading {
    /// The cable.
    pub(crate) cable: Cable,
    /// The phones that were found, without those that are being recovered.
    pub(crate) phones: Vec<FoundPhone>,
    /// The one that is meant: the one at the typed address, or the only one there is.
    pub(crate) meant: Option<FoundPhone>,
    /// The network interfaces.
    pub(crate) interfaces: Vec<InterfaceView>,
    /// Whether addresses are being asked for right now.
    pub(crate) looking: bool,
    /// Whether it was looked long enough, and nobody is there.
    pub(crate) in_vain: bool,
    /// Whether the person says that it comes up in Web Recovery without any keys.
    pub(crate) by_itself: bool,
}

impl Reading {
    /// Reads it.
    pub(crate) fn of(state: &State, typed: &str) -> Self {
        let ComputerView { interfaces, found, looking, in_vain } = &state.computer;
        let is_recovered = |found: &FoundPhone| {
            let address = found.address.parse::<PhoneAddress>().ok();
            state
                .phones
                .iter()
                .any(|phone| phone.is_running() && Some(&phone.job.address) == address.as_ref())
        };
        let phones: Vec<FoundPhone> = found.iter().filter(|found| !is_recovered(found)).cloned().collect();
        let meant = match typed.trim().is_empty() {
            true if phones.len() == 1 => phones.first(),
            true => None,
            false => phones.iter().find(|phone| is_same(&phone.address, typed)),
        };
        Self {
            meant: meant.cloned(),
            cable: cable(interfaces),
            phones,
            interfaces: interfaces.clone(),
            looking: *looking,
            in_vain: *in_vain,
            by_itself: false,
        }
    }

    /// What is known of the phone that is meant.
    pub(crate) fn state(&self) -> Option<FoundState> {
        self.meant.as_ref().map(|phone| phone.state)
    }

    /// The address that needs nobody to type it: that of the one phone that waits for its recovery,
    /// or of the only phone, where something else than other keys can be done about it.
    pub(crate) fn certain(&self) -> Option<&str> {
        let mut ready = self.phones.iter().filter(|phone| phone.state == FoundState::Recovery);
        match (ready.next(), ready.next(), self.phones.as_slice()) {
            (Some(phone), None, _) => Some(&phone.address),
            (None, _, [phone]) => match phone.state {
                FoundState::Recovery | FoundState::Busy | FoundState::Normal | FoundState::OutOfReach => {
                    Some(&phone.address)
                }
                FoundState::TestMode | FoundState::Silent => None,
            },
            _ => None,
        }
    }

    /// Whether what is typed says where to search, and nobody is known there.
    pub(crate) fn is_worth_a_search(&self, typed: &str) -> bool {
        let is_v4 = |address: PhoneAddress| matches!(address.ip(), Some(IpAddr::V4(_)));
        let is_known = || self.phones.iter().any(|phone| is_same(&phone.address, typed));
        // One number alone says nothing.
        clipped(typed).is_some_and(|numbers| numbers.len() > 1)
            || typed.parse().is_ok_and(is_v4) && !is_known()
    }
}

fn is_same(address: &str, typed: &str) -> bool {
    let read = |text: &str| text.parse::<PhoneAddress>().ok();
    read(address).is_some_and(|address| read(typed) == Some(address))
}

fn cable(interfaces: &[InterfaceView]) -> Cable {
    let cables = || interfaces.iter().filter(|interface| interface.may_hold_phone);
    let linked = || cables().filter(|interface| interface.link != Some(false));
    match (linked().find(|cable| cable.gateway.is_none()), linked().next()) {
        // A system that does not tell may be one where none is in.
        (Some(cable), _) if cable.link.is_none() => Cable::Unknown,
        (Some(cable), _) => Cable::In(cable.name.clone()),
        (None, Some(cable)) => Cable::ToRouter(cable.name.clone()),
        (None, None) if interfaces.is_empty() => Cable::Unknown,
        (None, None) => Cable::Out,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::protocol::{HelperView, InterfaceKind};

    fn found(address: &str, state: FoundState) -> FoundPhone {
        FoundPhone { address: address.into(), interface: None, state, why: Vec::new(), repair: None }
    }

    fn cable(name: &str, link: Option<bool>, gateway: Option<&str>) -> InterfaceView {
        InterfaceView {
            name: name.into(),
            kind: InterfaceKind::Cable,
            may_hold_phone: true,
            link,
            addresses: Vec::new(),
            gateway: gateway.map(str::to_owned),
        }
    }

    fn reading(interfaces: &[InterfaceView], found: &[FoundPhone], typed: &str) -> Reading {
        let state = State {
            helper: HelperView { version: String::new(), system: String::new() },
            firmware: Vec::new(),
            uploads: Vec::new(),
            phones: Vec::new(),
            practice: None,
            computer: ComputerView {
                interfaces: interfaces.to_vec(),
                found: found.to_vec(),
                ..ComputerView::default()
            },
        };
        Reading::of(&state, typed)
    }

    #[test]
    fn c09_the_cable_that_leads_to_nothing_else_is_the_one() {
        let office = || cable("eth0", Some(true), Some("10.0.0.1"));
        let wifi = InterfaceView { may_hold_phone: false, ..cable("wlan0", Some(true), None) };
        for (interfaces, expected) in [
            (vec![], Cable::Unknown),
            (vec![wifi.clone()], Cable::Out),
            (vec![cable("eth1", Some(false), None), wifi], Cable::Out),
            (vec![cable("eth1", None, None)], Cable::Unknown),
            (vec![office()], Cable::ToRouter("eth0".into())),
            (vec![office(), cable("eth1", Some(true), None)], Cable::In("eth1".into())),
        ] {
            assert_eq!(reading(&interfaces, &[], "").cable, expected, "{interfaces:?}");
        }
    }

    #[test]
    fn the_only_phone_is_meant_until_another_address_is_typed() {
        let one = [found("192.168.1.5", FoundState::Recovery)];
        let meant =
            |found: &[FoundPhone], typed: &str| reading(&[], found, typed).meant.map(|one| one.address);
        assert_eq!(meant(&one, ""), Some("192.168.1.5".into()));
        assert_eq!(meant(&one, "http://192.168.1.5/"), Some("192.168.1.5".into()));
        assert_eq!(meant(&one, "192.168.1.6"), None);
        let two = [one[0].clone(), found("10.30.102.102", FoundState::TestMode)];
        assert_eq!(meant(&two, ""), None);
        assert_eq!(meant(&two, "10.30.102.102"), Some("10.30.102.102".into()));
    }

    #[test]
    fn one_phone_that_waits_is_filled_in_and_of_two_none() {
        let (one, other) = (found("1.1.1.1", FoundState::Recovery), found("1.1.1.2", FoundState::Recovery));
        let (normal, test_mode) =
            (found("1.1.1.3", FoundState::Normal), found("10.30.102.102", FoundState::TestMode));
        for (phones, expected) in [
            (vec![normal.clone(), one.clone()], Some("1.1.1.1")),
            (vec![one, other], None),
            (vec![normal.clone()], Some("1.1.1.3")),
            (vec![normal, test_mode.clone()], None),
            (vec![test_mode], None),
        ] {
            assert_eq!(reading(&[], &phones, "").certain(), expected, "{phones:?}");
        }
    }

    #[test]
    fn c12_a_part_of_an_address_is_worth_a_search_and_a_phone_that_is_known_is_not() {
        let one = [found("192.168.1.5", FoundState::Normal)];
        for (typed, expected) in [
            ("", false),
            ("192", false),
            ("192.168", true),
            ("http://192.168.6/", true),
            ("192.168.1.9", true),
            ("192.168.1.5", false),
            ("phone.example", false),
            ("fe80::1", false),
            ("nonsense!", false),
        ] {
            assert_eq!(reading(&[], &one, typed).is_worth_a_search(typed), expected, "{typed}");
        }
    }
}
