//! Firewalls (case C08): which one is on, whether it lets the phone in, and the rule that would.
//!
//! [`filter`] follows a packet through rules as a kernel would; [`nft`] and [`iptables`] read
//! them. What is not understood may go either way, and is told as unknown, never as open. The
//! [`rule`] that lets a phone in is a change like any other: written down, made, taken back.

pub mod application;
pub mod defender;
pub mod filter;
pub mod firewalld;
pub mod gate;
pub mod iptables;
pub mod nft;
pub mod rule;
pub mod ufw;

use std::net::Ipv4Addr;

use shared::check::CheckResult::{Fail, Pass, Unknown, Warn};
use shared::check::{Check, CheckName, CheckResult};
use shared::text::pc as words;

use super::ports::Port;
use rule::HostRule;

/// The firewalls that are known by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WallKind {
    /// Ubuntu's.
    Ufw,
    /// Fedora's and Red Hat's.
    Firewalld,
    /// Rules of the Linux kernel that nobody manages whom we know.
    Nftables,
    /// The same of the older kind.
    Iptables,
    /// Windows'.
    Defender,
    /// macOS's.
    ApplicationFirewall,
}

impl WallKind {
    /// Its name, as its users know it.
    pub fn name(self) -> &'static str {
        match self {
            WallKind::Ufw => "ufw",
            WallKind::Firewalld => "firewalld",
            WallKind::Nftables => "nftables",
            WallKind::Iptables => "iptables",
            WallKind::Defender => "Windows Defender Firewall",
            WallKind::ApplicationFirewall => "the macOS application firewall",
        }
    }
}

/// Who wants to come in, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inlet {
    /// The phone, when its address is known.
    pub phone: Option<Ipv4Addr>,
    /// Our address on the phone's side, when that is known.
    pub ours: Option<Ipv4Addr>,
    /// The interface that has it.
    pub interface: Option<String>,
    /// The ports that the phone will ask, the likeliest first.
    pub ports: Vec<Port>,
}

/// Whether a port is open to the phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Nothing keeps the phone out.
    LetsIn,
    /// It could not be read, or not be understood.
    Unknown,
    /// The phone is kept out.
    KeepsOut,
}

/// The same, with what says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Whether.
    pub verdict: Verdict,
    /// The rule, the policy or the setting; or why it is not known.
    pub why: String,
}

/// What is known of this computer's firewall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WallReport {
    /// Which one is on or would be; none, and none is known here.
    pub kind: Option<WallKind>,
    /// For each port that was asked for, in that order.
    pub findings: Vec<(Port, Finding)>,
    /// What would let the phone in, as far as it is known without asking for a right.
    pub rules: Vec<HostRule>,
    /// The same as a person does it; or how a person reads what we could not.
    pub by_hand: Vec<String>,
}

impl Finding {
    /// A finding.
    pub fn new(verdict: Verdict, why: impl Into<String>) -> Self {
        Self { verdict, why: why.into() }
    }
}

impl WallReport {
    /// One finding for all ports.
    pub fn of(kind: Option<WallKind>, inlet: &Inlet, finding: &Finding) -> Self {
        let findings = inlet.ports.iter().map(|port| (*port, finding.clone())).collect();
        Self { kind, findings, rules: Vec::new(), by_hand: Vec::new() }
    }

    /// What is known of a port.
    pub fn at(&self, port: Port) -> Option<&Finding> {
        self.findings.iter().find(|(known, _)| *known == port).map(|(_, finding)| finding)
    }

    /// Whether it is certain that the phone is kept out of this port.
    pub fn keeps_out(&self, port: Port) -> bool {
        self.at(port).is_some_and(|finding| finding.verdict == Verdict::KeepsOut)
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        self.kind.map_or(words::SOME_FIREWALL, WallKind::name)
    }

    /// What was seen, of one port.
    pub fn seen(&self, port: Port) -> String {
        match self.at(port) {
            Some(Finding { verdict: Verdict::LetsIn, why }) => words::lets_in(self.name(), port, why),
            Some(Finding { verdict: Verdict::KeepsOut, why }) => words::keeps_out(self.name(), port, why),
            Some(Finding { verdict: Verdict::Unknown, why }) => words::may_keep_out(self.name(), port, why),
            None => words::may_keep_out(self.name(), port, words::NOT_LOOKED_AT),
        }
    }

    /// The same when its rules were made.
    pub(super) fn opened(mut self) -> Self {
        let why = self.rules.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        for (_, finding) in &mut self.findings {
            *finding = Finding::new(Verdict::LetsIn, why.clone());
        }
        self.rules.clear();
        self.by_hand.clear();
        self
    }

    /// As a line of the report. The first port is the phone's first road: kept out there is in the
    /// way, kept out elsewhere may be.
    pub fn check(&self) -> Check {
        let worst = self.findings.iter().max_by_key(|(_, finding)| finding.verdict);
        let (Some((first, finding)), Some((port, worst))) = (self.findings.first(), worst) else {
            return Check::new(CheckName::Firewall, Unknown, words::NOT_LOOKED_AT);
        };
        let (port, result): (Port, CheckResult) = match (finding.verdict, worst.verdict) {
            (Verdict::KeepsOut, _) => (*first, Fail),
            (_, Verdict::KeepsOut) => (*port, Warn),
            (_, Verdict::Unknown) => (*port, Unknown),
            (_, Verdict::LetsIn) => (*first, Pass),
        };
        let check = Check::new(CheckName::Firewall, result, self.seen(port));
        match (result, self.by_hand.is_empty(), self.rules.is_empty()) {
            (Pass, ..) => check,
            (_, true, _) => check.with_next(words::FIREWALL_NEXT),
            (_, false, true) => check.with_next(words::may_look(&self.by_hand)),
            (_, false, false) => check.with_next(words::may_open(&self.by_hand)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(verdicts: [Verdict; 2], by_hand: &[&str]) -> WallReport {
        let ports = [Port::TFTP, Port::HTTP];
        let findings = ports.into_iter().zip(verdicts.map(|verdict| Finding::new(verdict, "policy drop")));
        let by_hand = by_hand.iter().map(|line| (*line).to_owned()).collect();
        WallReport { kind: Some(WallKind::Ufw), findings: findings.collect(), rules: Vec::new(), by_hand }
    }

    #[test]
    fn c08_only_the_first_road_is_in_the_way_and_what_is_unknown_never_passes() {
        use Verdict::{KeepsOut, LetsIn};
        for (verdicts, result, seen) in [
            ([LetsIn, LetsIn], Pass, "UDP port 69"),
            ([LetsIn, KeepsOut], Warn, "TCP port 80"),
            ([LetsIn, Verdict::Unknown], Unknown, "TCP port 80"),
            ([Verdict::Unknown, LetsIn], Unknown, "UDP port 69"),
            ([KeepsOut, LetsIn], Fail, "UDP port 69"),
        ] {
            let check = report(verdicts, &[]).check();
            assert_eq!(check.result, result, "{check:?}");
            assert!(check.detail.contains(seen) && check.detail.contains("ufw"), "{check:?}");
            assert_eq!(check.next.is_some(), result != Pass, "{check:?}");
        }
        let next = report([Verdict::Unknown; 2], &["sudo nft list ruleset"]).check().next.unwrap();
        assert!(next.contains("sudo nft list ruleset"), "{next}");
        assert_eq!(WallReport { findings: Vec::new(), ..report([LetsIn; 2], &[]) }.check().result, Unknown);
    }
}
