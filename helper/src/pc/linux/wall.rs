//! Linux's firewall: whose rules they are, and what they do to the phone. Rules are read from the
//! kernel, by nft and by iptables: root alone is told. Who manages them says where ours goes, for
//! ufw and firewalld write theirs anew whenever they like.

use std::fs;
use std::net::Ipv4Addr;
use std::path::Path;

use shared::text::pc as words;

use super::super::System;
use super::super::command::{CommandError, CommandLine, is_there};
use super::super::wall::filter::Ruleset;
use super::super::wall::rule::{HostRule, Place, with_right};
use super::super::wall::{Finding, Inlet, Verdict, WallKind, WallReport, firewalld, iptables, nft, ufw};
use super::holder;

/// iptables of the older kind, where both kinds are there; nft does not see its rules.
const LEGACY: &str = "iptables-legacy";

/// Who manages the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manager {
    Ufw,
    Firewalld,
    /// Nobody whom we know.
    Nobody,
}

/// By which program rules were read.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Reader {
    Nft,
    Iptables(String),
}

/// What was read, or why not.
#[derive(Debug)]
struct Reading {
    by: Reader,
    rules: Result<Ruleset, CommandError>,
}

/// Everything that is judged.
#[derive(Debug)]
struct Facts {
    manager: Manager,
    /// Each place in the kernel where rules are; empty, and there is no program that tells them.
    readings: Vec<Reading>,
    /// firewalld's zone of the interface.
    zone: Option<String>,
    /// Whether ufw has a rule like ours, of the person's own.
    has_the_same: bool,
}

/// Looks, and says what was found. Blocks.
pub(super) fn report(system: &dyn System, inlet: &Inlet, ask: bool) -> WallReport {
    let facts = gather(system, inlet, ask);
    let mut report = facts.judge(inlet);
    let lines: Vec<CommandLine> = match report.rules.is_empty() {
        true => facts.look_by_hand(),
        false => report.rules.iter().flat_map(HostRule::apply).collect(),
    };
    report.by_hand = lines.iter().map(|line| system.by_hand(line)).collect();
    report
}

fn gather(system: &dyn System, inlet: &Inlet, ask: bool) -> Facts {
    let ufw_conf = fs::read_to_string("/etc/ufw/ufw.conf").unwrap_or_default();
    let manager = match ufw::is_enabled(&ufw_conf) {
        Some(true) => Manager::Ufw,
        _ if holder::runs(Path::new("/proc"), "firewalld") => Manager::Firewalld,
        _ => Manager::Nobody,
    };
    let may = system.may_change();
    let run = |line: &CommandLine| match may || ask {
        true => with_right(system, line),
        false => Err(CommandError::Failed {
            command: line.to_string(),
            said: words::FOR_ADMINISTRATORS.to_owned(),
        }),
    };
    let said = |line: CommandLine| line.run().ok().filter(|said| !said.is_empty());
    let of_interface = || said(firewalld::zone_of(inlet.interface.as_deref()?));
    Facts {
        readings: readers(manager, is_there, &legacy_tables()).into_iter().map(|by| read(by, run)).collect(),
        zone: (manager == Manager::Firewalld)
            .then(|| of_interface().or_else(|| said(firewalld::default_zone())))
            .flatten(),
        // Whoever may make a rule must know that: else the person's own would be deleted with ours.
        has_the_same: manager == Manager::Ufw
            && inlet.phone.is_some_and(|phone| match run(&ufw::show_added()) {
                Ok(said) => ufw::has_the_same(&said, phone),
                Err(_) => may || ask,
            }),
        manager,
    }
}

/// The tables of the older kind that are in use; root alone is told.
fn legacy_tables() -> String {
    fs::read_to_string("/proc/net/ip_tables_names").unwrap_or_default()
}

/// Who is to read. ufw's rules are iptables', and nft does not understand all of those.
fn readers(manager: Manager, is_there: impl Fn(&str) -> bool, legacy: &str) -> Vec<Reader> {
    let of_iptables = |program: &str| Reader::Iptables(program.to_owned());
    let mut readers = Vec::new();
    match manager {
        Manager::Ufw if is_there("iptables") => readers.push(of_iptables("iptables")),
        _ if is_there("nft") => {
            readers.push(Reader::Nft);
            if !legacy.is_empty() {
                readers.push(of_iptables(if is_there(LEGACY) { LEGACY } else { "iptables" }));
            }
        }
        _ if is_there("iptables") => readers.push(of_iptables("iptables")),
        _ => {}
    }
    readers
}

fn read(by: Reader, run: impl Fn(&CommandLine) -> Result<String, CommandError>) -> Reading {
    let line = by.list();
    let rules = run(&line).and_then(|said| match &by {
        Reader::Nft => nft::read(&said).ok_or_else(|| CommandError::Failed {
            command: line.to_string(),
            said: words::NOT_UNDERSTOOD.to_owned(),
        }),
        Reader::Iptables(_) => Ok(iptables::read(&said)),
    });
    Reading { by, rules }
}

impl Reader {
    fn list(&self) -> CommandLine {
        match self {
            Reader::Nft => nft::list(),
            Reader::Iptables(program) => iptables::list(program),
        }
    }

    fn rule(&self, ruleset: &Ruleset, inlet: &Inlet) -> Option<Place> {
        let chains = ruleset.droppers(inlet);
        match self {
            _ if chains.is_empty() => None,
            Reader::Nft => Some(Place::Nftables { chains }),
            Reader::Iptables(program) => Some(Place::Iptables { program: program.clone() }),
        }
    }
}

impl Facts {
    fn kind(&self) -> Option<WallKind> {
        match (self.manager, self.readings.first().map(|reading| &reading.by)) {
            (Manager::Ufw, _) => Some(WallKind::Ufw),
            (Manager::Firewalld, _) => Some(WallKind::Firewalld),
            (Manager::Nobody, Some(Reader::Nft)) => Some(WallKind::Nftables),
            (Manager::Nobody, Some(Reader::Iptables(_))) => Some(WallKind::Iptables),
            (Manager::Nobody, None) => None,
        }
    }

    fn judge(&self, inlet: &Inlet) -> WallReport {
        let findings: Vec<_> = inlet.ports.iter().map(|port| (*port, self.finding(inlet, *port))).collect();
        let is_open = findings.iter().all(|(_, finding)| finding.verdict == Verdict::LetsIn);
        let rules = match inlet.phone {
            Some(phone) if !is_open => self.rules(inlet, phone),
            _ => Vec::new(),
        };
        WallReport { kind: self.kind(), findings, rules, by_hand: Vec::new() }
    }

    /// The worst of what was read: a packet must pass all of it.
    fn finding(&self, inlet: &Inlet, port: super::super::ports::Port) -> Finding {
        let of = |reading: &Reading| match &reading.rules {
            Ok(ruleset) => ruleset.judge(inlet, port),
            Err(CommandError::Failed { said, .. }) => Finding::new(Verdict::Unknown, said.clone()),
            Err(error @ CommandError::Missing(_)) => Finding::new(Verdict::Unknown, error.to_string()),
        };
        let worst = self.readings.iter().rev().map(of).max_by_key(|finding| finding.verdict);
        worst.unwrap_or_else(|| Finding::new(Verdict::Unknown, words::NO_WALL_PROGRAM))
    }

    fn rules(&self, inlet: &Inlet, phone: Ipv4Addr) -> Vec<HostRule> {
        let read = |reading: &Reading| reading.by.rule(reading.rules.as_ref().ok()?, inlet);
        let places: Vec<Place> = match (self.manager, &self.zone) {
            (Manager::Ufw, _) if self.has_the_same => Vec::new(),
            (Manager::Ufw, _) => vec![Place::Ufw],
            (Manager::Firewalld, Some(zone)) => vec![Place::Firewalld { zone: zone.clone() }],
            (Manager::Firewalld, None) => Vec::new(),
            (Manager::Nobody, _) => self.readings.iter().filter_map(read).collect(),
        };
        places.into_iter().map(|place| HostRule { phone, place }).collect()
    }

    /// How a person sees what is in the way.
    fn look_by_hand(&self) -> Vec<CommandLine> {
        let list = |reading: &Reading| match &reading.by {
            Reader::Nft => nft::list_by_hand(),
            Reader::Iptables(program) => CommandLine::new(program, ["-S"]),
        };
        match (self.manager, &self.zone) {
            (Manager::Ufw, _) => vec![ufw::list()],
            (Manager::Firewalld, Some(zone)) => vec![firewalld::list(zone)],
            _ => self.readings.iter().map(list).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::ports::Port;
    use super::*;

    const PHONE: Ipv4Addr = Ipv4Addr::new(192, 168, 1, 5);

    fn inlet() -> Inlet {
        let ours = Some(Ipv4Addr::new(192, 168, 1, 4));
        Inlet { phone: Some(PHONE), ours, interface: Some("eth0".into()), ports: vec![Port::TFTP] }
    }

    fn facts(manager: Manager, readings: &[(Reader, &str)]) -> Facts {
        let reading = |(by, said): &(Reader, &str)| {
            let said = (*said).to_owned();
            read(by.clone(), |_| match said.is_empty() {
                true => Err(CommandError::Failed { command: "x".into(), said: "for root alone".into() }),
                false => Ok(said.clone()),
            })
        };
        let readings = readings.iter().map(reading).collect();
        Facts { manager, readings, zone: Some("public".into()), has_the_same: false }
    }

    const SHUT: &str = "-P INPUT DROP";
    const OPEN: &str = "-P INPUT ACCEPT";
    const NO_TABLES: &str = r#"{"nftables": []}"#;

    fn iptables() -> Reader {
        Reader::Iptables("iptables".into())
    }

    #[test]
    fn c08_the_rule_goes_where_the_one_who_manages_them_keeps_his() {
        let rule = |manager, said| facts(manager, &[(iptables(), said)]).judge(&inlet()).rules;
        assert_eq!(rule(Manager::Ufw, SHUT), [HostRule { phone: PHONE, place: Place::Ufw }]);
        let zone = Place::Firewalld { zone: "public".into() };
        assert_eq!(rule(Manager::Firewalld, SHUT), [HostRule { phone: PHONE, place: zone }]);
        let place = Place::Iptables { program: "iptables".into() };
        assert_eq!(rule(Manager::Nobody, SHUT), [HostRule { phone: PHONE, place }]);
        for manager in [Manager::Ufw, Manager::Firewalld, Manager::Nobody] {
            assert_eq!(rule(manager, OPEN), [], "nothing is in the way: {manager:?}");
        }
        assert_eq!(rule(Manager::Ufw, "").len(), 1, "it may be in the way");
        assert_eq!(rule(Manager::Nobody, ""), [], "nobody knows where");
        let mut own = facts(Manager::Ufw, &[(iptables(), SHUT)]);
        own.has_the_same = true;
        assert_eq!(own.judge(&inlet()).rules, [], "it would be deleted with ours");
    }

    #[test]
    fn a_packet_must_pass_both_kinds_of_rules_and_each_that_drops_gets_one() {
        let legacy = || Reader::Iptables(LEGACY.into());
        let both = facts(Manager::Nobody, &[(Reader::Nft, NO_TABLES), (legacy(), SHUT)]).judge(&inlet());
        assert_eq!(both.findings[0].1.verdict, Verdict::KeepsOut);
        let place = Place::Iptables { program: LEGACY.into() };
        assert_eq!(both.rules, [HostRule { phone: PHONE, place }]);
        let unread = facts(Manager::Nobody, &[(Reader::Nft, NO_TABLES), (legacy(), "")]).judge(&inlet());
        assert_eq!(unread.findings[0].1, Finding::new(Verdict::Unknown, "for root alone"));
    }

    #[test]
    fn who_reads_follows_from_what_is_there() {
        let both = |_: &str| true;
        assert_eq!(readers(Manager::Ufw, both, ""), [iptables()]);
        assert_eq!(readers(Manager::Nobody, both, ""), [Reader::Nft]);
        let legacy = Reader::Iptables(LEGACY.into());
        assert_eq!(readers(Manager::Firewalld, both, "filter\n"), [Reader::Nft, legacy]);
        assert_eq!(readers(Manager::Nobody, |program| program == "iptables", ""), [iptables()]);
        assert_eq!(readers(Manager::Nobody, |_| false, ""), []);
    }

    #[test]
    fn what_could_not_be_read_is_told_with_the_command_that_shows_it() {
        let shown =
            |facts: Facts| -> Vec<String> { facts.look_by_hand().iter().map(ToString::to_string).collect() };
        assert_eq!(shown(facts(Manager::Nobody, &[(Reader::Nft, "")])), ["nft list ruleset"]);
        assert_eq!(shown(facts(Manager::Ufw, &[(iptables(), "")])), ["ufw status verbose"]);
        let nobody = facts(Manager::Nobody, &[]).judge(&inlet());
        assert_eq!((nobody.kind, nobody.findings[0].1.verdict), (None, Verdict::Unknown));
    }
}
