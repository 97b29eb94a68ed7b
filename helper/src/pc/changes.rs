//! What happens to this computer's network while a phone is recovered, worth a sentence: a cable
//! that is pulled, an address that goes, a router that comes, another interface in the phone's
//! network, packets that leave in another way. Pure: two moments go in, and what lies between
//! them comes out, each once.
//!
//! What has nothing to do with the phone is not told: interfaces that software makes and takes
//! away again, addresses of other networks.

use std::net::Ipv4Addr;

use shared::check::CheckResult::{Pass, Warn};
use shared::check::{Check, CheckName};
use shared::text::pc as words;

use super::interface::{Interface, Kind, Snapshot};
use super::way::{Way, way};

/// The network at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// Its interfaces and routes.
    pub snapshot: Snapshot,
    /// How a packet for the phone would leave.
    pub way: Way,
}

impl Moment {
    /// A moment. `source` is the address of ours that the system would use for the phone.
    pub fn new(snapshot: Snapshot, source: Option<Ipv4Addr>, phone: Ipv4Addr) -> Self {
        let way = way(&snapshot, source, phone);
        Self { snapshot, way }
    }
}

/// Something that happened. Interfaces are called as the settings call them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happened {
    /// Nothing is at the other end of a cable any more.
    LinkDown(String),
    /// Something is, again.
    LinkUp(String),
    /// An interface is gone: an adapter was pulled.
    Gone(String),
    /// An interface came.
    Came(String),
    /// An address of ours is gone that the phone could reach.
    AddressGone(String, Ipv4Addr),
    /// An address of ours came that the phone can reach.
    AddressCame(String, Ipv4Addr),
    /// A router came on an interface.
    RouterCame(String, Ipv4Addr),
    /// It is gone.
    RouterGone(String, Ipv4Addr),
    /// A second interface is in the phone's network now.
    AlsoThere(String, Kind),
    /// What is for the phone goes straight to it now.
    Straight(String),
    /// What is for the phone leaves over a router now, or over another interface.
    Turned(String),
    /// What is for the phone goes nowhere now.
    Nowhere,
}

/// What happened between two moments. `ours` are the addresses that we have added: whoever added
/// them tells of them.
pub fn between(before: &Moment, now: &Moment, phone: Ipv4Addr, ours: &[Ipv4Addr]) -> Vec<Happened> {
    let mut all = Vec::new();
    let names: Vec<&str> = (before.snapshot.interfaces.iter())
        .chain(now.snapshot.interfaces.iter().filter(|new| before.snapshot.named(&new.name).is_none()))
        .map(|interface| interface.name.as_str())
        .collect();
    for name in names {
        let (then, here) = (before.snapshot.named(name), now.snapshot.named(name));
        let used = used(&before.way) == Some(name) || used(&now.way) == Some(name);
        of_one(&mut all, then, here, used, phone, ours);
    }
    all.extend(turned(before, now));
    all
}

/// What happened to one interface.
fn of_one(
    all: &mut Vec<Happened>,
    then: Option<&Interface>,
    here: Option<&Interface>,
    used: bool,
    phone: Ipv4Addr,
    ours: &[Ipv4Addr],
) {
    let Some(known) = here.or(then) else { return };
    let shown = known.to_string();
    let concerns_the_phone = used || known.may_hold_the_phone();
    match (then, here) {
        (Some(_), None) if concerns_the_phone => all.push(Happened::Gone(shown.clone())),
        (None, Some(_)) if concerns_the_phone => all.push(Happened::Came(shown.clone())),
        (Some(then), Some(here)) if concerns_the_phone => match (then.link, here.link) {
            (Some(true) | None, Some(false)) => all.push(Happened::LinkDown(shown.clone())),
            (Some(false), Some(true) | None) => all.push(Happened::LinkUp(shown.clone())),
            (Some(true) | None, Some(true) | None) | (Some(false), Some(false)) => {}
        },
        _ => {}
    }
    let reaching = |interface: Option<&Interface>| -> Vec<Ipv4Addr> {
        let networks = interface.into_iter().flat_map(|interface| &interface.addresses);
        networks.filter(|network| network.contains(phone)).map(|network| network.address).collect()
    };
    let (had, has) = (reaching(then), reaching(here));
    let is_told = |address: &&Ipv4Addr| !ours.contains(address);
    for address in had.iter().filter(is_told).filter(|address| !has.contains(address)) {
        all.push(Happened::AddressGone(shown.clone(), *address));
    }
    for address in has.iter().filter(is_told).filter(|address| !had.contains(address)) {
        all.push(Happened::AddressCame(shown.clone(), *address));
    }
    if had.is_empty() && has.iter().any(|address| !ours.contains(address)) && !used {
        all.push(Happened::AlsoThere(shown.clone(), known.kind));
    }
    if known.kind == Kind::Virtual && !used {
        return;
    }
    let router = |interface: Option<&Interface>| interface.and_then(|interface| interface.gateway);
    match (router(then), router(here)) {
        (then, here) if then == here => {}
        (_, Some(router)) => all.push(Happened::RouterCame(shown, router)),
        (Some(router), None) => all.push(Happened::RouterGone(shown, router)),
        (None, None) => {}
    }
}

/// What happened to the way to the phone.
fn turned(before: &Moment, now: &Moment) -> Option<Happened> {
    let shown = |name: &str| now.snapshot.named(name).map_or_else(|| name.to_owned(), ToString::to_string);
    match (&before.way, &now.way) {
        (Way::OnLink { interface: then, .. }, Way::OnLink { interface, .. }) if then == interface => None,
        (Way::Router { interface: then, via: over, .. }, Way::Router { interface, via, .. })
            if then == interface && over == via =>
        {
            None
        }
        (then, now) if then == now => None,
        (Way::OnLink { .. }, Way::OnLink { interface, .. }) | (_, Way::Router { interface, .. }) => {
            Some(Happened::Turned(shown(interface)))
        }
        (_, Way::OnLink { interface, .. }) => Some(Happened::Straight(shown(interface))),
        (_, Way::Nowhere) => Some(Happened::Nowhere),
        (_, Way::Here | Way::Unknown { .. }) => None,
    }
}

fn used(way: &Way) -> Option<&str> {
    match way {
        Way::OnLink { interface, .. } | Way::Router { interface, .. } => Some(interface),
        Way::Here | Way::Unknown { .. } | Way::Nowhere => None,
    }
}

impl Happened {
    /// What is told of it: a check that is made again, with its new finding.
    pub fn check(&self) -> Check {
        let of = |name, result, seen: String| Check::new(name, result, seen);
        match self {
            Happened::LinkDown(interface) => {
                of(CheckName::Cable, Warn, words::link_down(interface)).with_next(words::CABLE_NEXT)
            }
            Happened::LinkUp(interface) => of(CheckName::Cable, Pass, words::link_up(interface)),
            Happened::Gone(interface) => {
                of(CheckName::Cable, Warn, words::interface_gone(interface)).with_next(words::CABLE_NEXT)
            }
            Happened::Came(interface) => of(CheckName::Cable, Pass, words::interface_came(interface)),
            Happened::AddressGone(interface, address) => {
                of(CheckName::Route, Warn, words::address_gone(address, interface))
                    .with_next(words::ADDRESS_NEXT)
            }
            Happened::AddressCame(interface, address) => {
                of(CheckName::Route, Pass, words::address_came(address, interface))
            }
            // By itself it changes nothing: what it changes is told by its own sentence.
            Happened::RouterCame(interface, router) => {
                of(CheckName::Route, Pass, words::router_came(router, interface))
            }
            Happened::RouterGone(interface, router) => {
                of(CheckName::Route, Pass, words::router_gone(router, interface))
            }
            Happened::AlsoThere(interface, kind) => {
                of(CheckName::Overlap, Warn, words::also_there(interface, kind.words()))
                    .with_next(words::OVERLAP_NEXT)
            }
            Happened::Straight(interface) => of(CheckName::Route, Pass, words::straight(interface)),
            Happened::Turned(interface) => {
                of(CheckName::Route, Warn, words::turned(interface)).with_next(words::SHADOW_NEXT)
            }
            Happened::Nowhere => {
                of(CheckName::Route, Warn, words::NOWHERE_NOW.into()).with_next(words::CABLE_NEXT)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::subnet::Network;
    use super::*;

    const PHONE: Ipv4Addr = Ipv4Addr::new(192, 168, 1, 5);
    const OURS: Ipv4Addr = Ipv4Addr::new(192, 168, 1, 4);
    const ROUTER: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 1);

    fn eth0() -> Interface {
        let addresses = vec![Network::new(OURS, 24)];
        Interface { kind: Kind::Cable, link: Some(true), addresses, ..Interface::named("eth0") }
    }

    fn wlan0() -> Interface {
        let addresses = vec![Network::new(Ipv4Addr::new(10, 0, 0, 7), 24)];
        let gateway = Some(ROUTER);
        Interface { kind: Kind::Wifi, link: Some(true), addresses, gateway, ..Interface::named("wlan0") }
    }

    /// A computer with these interfaces; the system uses the first address that reaches the
    /// phone, and else the one beside a router.
    fn moment(interfaces: &[Interface]) -> Moment {
        let reaching = interfaces.iter().flat_map(|one| &one.addresses).find(|one| one.contains(PHONE));
        let routed = || interfaces.iter().find(|one| one.gateway.is_some())?.addresses.first();
        let source = reaching.or_else(routed).map(|network| network.address);
        Moment::new(Snapshot { interfaces: interfaces.to_vec(), routes: Vec::new() }, source, PHONE)
    }

    #[track_caller]
    fn check(before: &[Interface], now: &[Interface], expected: &[Happened]) {
        assert_eq!(between(&moment(before), &moment(now), PHONE, &[]), expected);
    }

    fn eth(text: &str) -> String {
        text.into()
    }

    #[test]
    fn nothing_happens_between_two_moments_that_are_the_same() {
        check(&[eth0(), wlan0()], &[eth0(), wlan0()], &[]);
    }

    #[test]
    fn a_cable_that_is_pulled_and_put_in_again_is_told_and_one_that_nobody_sees_is_not() {
        let with = |link| [Interface { link, ..eth0() }];
        check(&with(Some(true)), &with(Some(false)), &[Happened::LinkDown(eth("eth0"))]);
        check(&with(Some(false)), &with(Some(true)), &[Happened::LinkUp(eth("eth0"))]);
        check(&with(None), &with(Some(true)), &[]);
        check(&with(Some(true)), &with(None), &[]);
    }

    #[test]
    fn an_adapter_that_is_pulled_takes_its_address_and_the_way_with_it() {
        let gone = [
            Happened::Gone(eth("eth0")),
            Happened::AddressGone(eth("eth0"), OURS),
            Happened::Turned(eth("wlan0")),
        ];
        check(&[eth0(), wlan0()], &[wlan0()], &gone);
        let back = [
            Happened::Came(eth("eth0")),
            Happened::AddressCame(eth("eth0"), OURS),
            Happened::Straight(eth("eth0")),
        ];
        check(&[wlan0()], &[eth0(), wlan0()], &back);
    }

    #[test]
    fn an_address_that_goes_leaves_no_way_and_ours_is_told_by_whoever_added_it() {
        let without = Interface { addresses: Vec::new(), ..eth0() };
        let (before, now) = (moment(&[eth0()]), moment(&[without]));
        let gone = [Happened::AddressGone(eth("eth0"), OURS), Happened::Nowhere];
        assert_eq!(between(&before, &now, PHONE, &[]), gone);
        assert_eq!(between(&before, &now, PHONE, &[OURS]), gone[1..]);
        assert_eq!(between(&now, &before, PHONE, &[OURS]), [Happened::Straight(eth("eth0"))]);
    }

    #[test]
    fn a_router_that_comes_is_told_and_the_way_only_when_it_turns() {
        let routed = Interface { gateway: Some(ROUTER), ..eth0() };
        let came = Happened::RouterCame(eth("eth0"), ROUTER);
        check(&[eth0()], std::slice::from_ref(&routed), &[came]);
        let gone = Happened::RouterGone(eth("eth0"), ROUTER);
        check(&[routed], &[eth0()], &[gone]);
        let without = Interface { gateway: None, addresses: Vec::new(), ..wlan0() };
        check(&[eth0(), without], &[eth0(), wlan0()], &[Happened::RouterCame(eth("wlan0"), ROUTER)]);
    }

    #[test]
    fn a_second_interface_in_the_phones_network_is_told_with_its_kind() {
        let there = Ipv4Addr::new(192, 168, 1, 20);
        let wlan = Interface { addresses: vec![Network::new(there, 24)], gateway: None, ..wlan0() };
        check(
            &[eth0(), Interface { addresses: Vec::new(), ..wlan.clone() }],
            &[eth0(), wlan],
            &[Happened::AddressCame(eth("wlan0"), there), Happened::AlsoThere(eth("wlan0"), Kind::Wifi)],
        );
    }

    #[test]
    fn what_software_makes_and_takes_away_is_not_told() {
        let docker = Interface {
            kind: Kind::Virtual,
            link: Some(true),
            addresses: vec![Network::new(Ipv4Addr::new(172, 17, 0, 1), 16)],
            gateway: Some(ROUTER),
            ..Interface::named("docker0")
        };
        check(&[eth0()], &[eth0(), docker.clone()], &[]);
        check(&[eth0(), docker], &[eth0()], &[]);
        let other = Network::new(Ipv4Addr::new(172, 16, 0, 7), 24);
        let mut more = eth0();
        more.addresses.push(other);
        check(&[eth0()], &[more], &[]);
    }

    #[test]
    fn each_has_a_sentence_and_what_is_bad_a_way_out() {
        let name = || eth("eth0");
        let bad = [
            Happened::LinkDown(name()),
            Happened::Gone(name()),
            Happened::AddressGone(name(), OURS),
            Happened::AlsoThere(name(), Kind::Wifi),
            Happened::Turned(name()),
            Happened::Nowhere,
        ];
        let good = [
            Happened::LinkUp(name()),
            Happened::Came(name()),
            Happened::AddressCame(name(), OURS),
            Happened::RouterCame(name(), ROUTER),
            Happened::RouterGone(name(), ROUTER),
            Happened::Straight(name()),
        ];
        for (all, result) in [(&bad, Warn), (&good, Pass)] {
            for check in all.iter().map(Happened::check) {
                assert_eq!((check.result, check.next.is_some()), (result, result == Warn), "{check:?}");
                assert!(check.detail.contains("eth0") || check.detail.contains("phone"), "{check:?}");
            }
        }
    }
}
