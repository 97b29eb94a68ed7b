//! The judges, each against computers that people had.

use std::net::{Ipv4Addr, Ipv6Addr};

use shared::check::{Check, CheckName, CheckResult};

use super::super::interface::{Interface, Kind, Snapshot};
use super::super::ports::{Holder, Port, PortState};
use super::super::power::{Idle, Lid, Power, Supply};
use super::super::subnet::Network;
use super::super::wall::{Finding, Inlet, Verdict, WallKind, WallReport};
use super::super::way::way;
use super::{Facts, Room};

const PHONE: Ipv4Addr = Ipv4Addr::new(192, 168, 1, 5);

fn interface(name: &str, kind: Kind, link: bool, address: Option<[u8; 4]>) -> Interface {
    let addresses = address.map(|address| Network::new(address.into(), 24)).into_iter().collect();
    Interface { kind, link: Some(link), addresses, ..Interface::named(name) }
}

/// A computer with these interfaces that would use this address of its own.
fn facts(interfaces: Vec<Interface>, source: Option<[u8; 4]>, answers: bool) -> Facts {
    let snapshot = Snapshot { interfaces, routes: Vec::new() };
    Facts {
        way: Some(way(&snapshot, source.map(Into::into), PHONE)),
        snapshot: Some(snapshot),
        phone: Some(PHONE),
        other_address: None,
        answers: Some(answers),
        ports: [Port::TFTP, Port::FTP, Port::HTTP].map(|port| (port, PortState::Free)).into(),
        port_right: Some("sudo setcap x".into()),
        wall: wall(Verdict::LetsIn),
        journal: Ok(()),
        room: Room { free: Some(1 << 40), firmware: None },
        power: Power { supply: Supply::Mains, lid: Lid::None, idle: Idle::Unknown },
        keeps_awake: Some(true),
        repair: Some(("an address".into(), vec!["sudo ip address add".into()])),
    }
}

fn wall(verdict: Verdict) -> WallReport {
    let inlet = Inlet { phone: Some(PHONE), ours: None, interface: None, ports: vec![Port::TFTP] };
    WallReport::of(Some(WallKind::Defender), &inlet, &Finding::new(verdict, "the reason"))
}

pub(super) fn ready() -> Facts {
    facts(vec![interface("eth0", Kind::Cable, true, Some([192, 168, 1, 4]))], Some([192, 168, 1, 4]), true)
}

fn found(facts: &Facts, name: CheckName) -> Check {
    facts.report().into_iter().find(|check| check.name == name).unwrap()
}

#[track_caller]
fn check(facts: &Facts, name: CheckName, result: CheckResult, seen: &str) {
    let found = found(facts, name);
    assert_eq!(found.result, result, "{found:?}");
    assert!(found.detail.contains(seen), "{found:?}");
    if result == CheckResult::Fail {
        assert!(found.next.is_some_and(|next| next.len() > 10), "a failure has a way out");
    }
}

#[test]
fn a_computer_that_is_ready_passes_every_check() {
    for check in ready().report() {
        assert_eq!(check.result, CheckResult::Pass, "{check:?}");
    }
}

#[test]
fn c13_a_cable_without_a_link_is_told_with_what_to_plug_where() {
    let unplugged = facts(vec![interface("eth0", Kind::Cable, false, None)], None, false);
    check(&unplugged, CheckName::Cable, CheckResult::Fail, "eth0");
    let next = found(&unplugged, CheckName::Cable).next.unwrap();
    assert!(next.contains("PC port") && next.contains("other port"), "{next}");
    let without = facts(vec![interface("wlan0", Kind::Wifi, true, None)], None, false);
    check(&without, CheckName::Cable, CheckResult::Fail, "no network card");
}

#[test]
fn c10_another_subnet_is_told_with_the_command_that_helps() {
    let other = facts(vec![interface("eth0", Kind::Cable, true, Some([10, 0, 0, 7]))], None, false);
    check(&other, CheckName::Route, CheckResult::Fail, "192.168.1.5 is not in a network");
    assert!(found(&other, CheckName::Route).next.unwrap().contains("sudo ip address add"));
}

#[test]
fn c09_the_interface_over_which_it_really_goes_is_named() {
    let mut wlan = interface("wlan0", Kind::Wifi, true, Some([10, 0, 0, 7]));
    wlan.gateway = Some(Ipv4Addr::new(10, 0, 0, 1));
    let laptop = facts(vec![wlan, interface("eth0", Kind::Cable, true, None)], Some([10, 0, 0, 7]), false);
    check(&laptop, CheckName::Route, CheckResult::Fail, "leaves on wlan0 to the router 10.0.0.1");
    check(&laptop, CheckName::Shadow, CheckResult::Fail, "wlan0 (Wi-Fi)");
    check(&laptop, CheckName::Overlap, CheckResult::Pass, "at most one");
}

#[test]
fn c10_wifi_in_the_same_subnet_is_in_the_way_only_of_a_phone_that_does_not_answer() {
    let wlan = || interface("wlan0", Kind::Wifi, true, Some([192, 168, 1, 20]));
    let eth = || interface("eth0", Kind::Cable, true, Some([192, 168, 1, 30]));
    for (answers, result) in [(false, CheckResult::Fail), (true, CheckResult::Warn)] {
        let laptop = facts(vec![wlan(), eth()], Some([192, 168, 1, 20]), answers);
        check(&laptop, CheckName::Overlap, result, "wlan0, eth0");
        check(&laptop, CheckName::Shadow, result, "wlan0");
        check(&laptop, CheckName::Route, result, "192.168.1.20 on wlan0 (Wi-Fi)");
    }
}

#[test]
fn a_port_that_is_taken_names_the_program_and_only_tftp_is_in_the_way() {
    let taken = |number: usize| {
        let mut facts = ready();
        let holder = Holder { pid: Some(812), program: Some("in.tftpd".into()) };
        facts.ports[number].1 = PortState::Taken(Some(holder));
        facts
    };
    check(&taken(0), CheckName::Ports, CheckResult::Fail, "UDP port 69 is held by in.tftpd (process 812)");
    check(&taken(1), CheckName::Ports, CheckResult::Warn, "TCP port 21 is held by in.tftpd");
    check(&taken(0), CheckName::PortRights, CheckResult::Pass, "may open");
}

#[test]
fn a_right_that_is_missing_is_told_with_the_command_that_gives_it() {
    let mut facts = ready();
    facts.ports[0].1 = PortState::Forbidden;
    check(&facts, CheckName::PortRights, CheckResult::Fail, "UDP port 69");
    assert_eq!(found(&facts, CheckName::PortRights).next.as_deref(), Some("Run once: sudo setcap x"));
    check(&facts, CheckName::Ports, CheckResult::Unknown, "UDP port 69");
}

#[test]
fn c08_a_firewall_is_named_with_what_it_does_and_why() {
    for (verdict, result) in [
        (Verdict::LetsIn, CheckResult::Pass),
        (Verdict::Unknown, CheckResult::Unknown),
        (Verdict::KeepsOut, CheckResult::Fail),
    ] {
        let facts = Facts { wall: wall(verdict), ..ready() };
        check(&facts, CheckName::Firewall, result, "Windows Defender Firewall");
        check(&facts, CheckName::Firewall, result, "the reason");
    }
}

#[test]
fn what_was_not_looked_at_never_passes() {
    let mut facts = ready();
    (facts.snapshot, facts.way, facts.wall) = (None, None, wall(Verdict::Unknown));
    for name in
        [CheckName::Cable, CheckName::Route, CheckName::Overlap, CheckName::Shadow, CheckName::Firewall]
    {
        check(&facts, name, CheckResult::Unknown, "");
    }
    let mut facts = ready();
    (facts.phone, facts.way, facts.answers) = (None, None, None);
    for name in [CheckName::Route, CheckName::Overlap, CheckName::Shadow] {
        check(&facts, name, CheckResult::Unknown, "not known yet");
    }
}

#[test]
fn of_an_ipv6_address_is_said_that_nothing_can_be_said() {
    let mut facts = ready();
    (facts.phone, facts.way, facts.other_address) = (None, None, Some(Ipv6Addr::LOCALHOST));
    for name in [CheckName::Route, CheckName::Overlap, CheckName::Shadow] {
        check(&facts, name, CheckResult::Unknown, "::1 is an IPv6 address");
    }
}

#[test]
fn a_cable_that_has_only_ipv6_addresses_is_given_one_for_the_phone() {
    let silent = interface("eth0", Kind::Cable, true, None);
    check(&facts(vec![silent], None, false), CheckName::Route, CheckResult::Fail, "is not in a network");
    let next = found(&facts(vec![], None, false), CheckName::Route).next;
    assert!(next.is_some_and(|next| next.contains("sudo ip address add")));
}

#[test]
fn a_disk_that_takes_nothing_is_told() {
    let mut facts = ready();
    facts.journal = Err("no space left".into());
    check(&facts, CheckName::Disk, CheckResult::Warn, "no space left");
}
