//! Following a packet of the phone through the rules of the Linux kernel (nft(8), iptables(8)).
//!
//! Each rule says yes, no, or something that we do not understand. Then both ways are followed,
//! so that the end is what the packet can come to: only let in, only dropped, or either. A
//! packet that is dropped in one base chain is gone, whatever another one says.

use std::fmt;
use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

use super::super::ports::{Port, Transport};
use super::{Finding, Inlet, Verdict};

/// How deep chains may jump into one another (the kernel's own limit, `NFT_JUMP_STACK_SIZE`).
const DEEPEST: usize = 16;
/// Below it are the ports of services; the port of a transfer of ours is never one of them
/// (RFC 6335, 6: system ports).
const FIRST_FREE_PORT: u16 = 1024;

/// A packet of the phone.
#[derive(Debug, Clone)]
pub struct Packet {
    /// UDP or TCP.
    pub transport: Transport,
    /// The phone.
    pub from: Option<Ipv4Addr>,
    /// Us.
    pub to: Option<Ipv4Addr>,
    /// Over which interface it comes.
    pub interface: Option<String>,
    /// Our port; none is one that the system chose for a transfer.
    pub port: Option<u16>,
    /// Whether it is the first one of its connection (conntrack's `new`), else it belongs to one
    /// that is there (`established`).
    pub begins: bool,
}

/// A chain's whole name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainId {
    /// `ip`, `inet`, …
    pub family: String,
    /// Its table.
    pub table: String,
    /// Its own name.
    pub chain: String,
}

/// What a rule looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// The protocol above IP, by name or number.
    Protocol(Vec<String>),
    /// The sender's address, in these ranges.
    From(Vec<(Ipv4Addr, Ipv4Addr)>),
    /// The receiver's.
    To(Vec<(Ipv4Addr, Ipv4Addr)>),
    /// Our port, in these ranges.
    Port(Vec<(u16, u16)>),
    /// The interface; a star at the end stands for anything.
    Interface(Vec<String>),
    /// What conntrack knows of the connection.
    State(Vec<String>),
    /// Something that is so, or not so, for each packet that we ask about.
    Always(bool),
    /// Something that we do not understand, by its name.
    Other(String),
}

/// A condition of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// What it looks at.
    pub what: What,
    /// Whether it wants the opposite.
    pub not: bool,
}

/// What becomes of a packet that fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// It passes this base chain.
    Accept,
    /// It is gone; so it is when its sender is told.
    Drop,
    /// The rules of another chain come first.
    Jump(String),
    /// They come instead of the rest of this chain.
    Goto(String),
    /// The rest of this chain is left out.
    Return,
    /// Nothing; it is counted or logged.
    Next,
    /// Something that we do not understand.
    Other,
}

/// One rule.
#[derive(Debug, Clone)]
pub struct Rule {
    /// All of them must fit.
    pub matches: Vec<Match>,
    /// What becomes of the packet.
    pub target: Target,
    /// The rule in words.
    pub words: String,
}

/// Where the kernel enters a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base {
    /// `prerouting`, `input`, …
    pub hook: String,
    /// Lower comes first.
    pub priority: i64,
    /// Whether it is made for filtering (and not for changing addresses).
    pub filters: bool,
    /// Whether what no rule decides passes.
    pub accepts: bool,
}

/// A chain and its rules.
#[derive(Debug, Clone)]
pub struct Chain {
    /// Its name.
    pub id: ChainId,
    /// None, and only other chains lead to it.
    pub base: Option<Base>,
    /// In order.
    pub rules: Vec<Rule>,
}

/// All chains of one reading.
#[derive(Debug, Clone, Default)]
pub struct Ruleset {
    /// In the order in which they were told.
    pub chains: Vec<Chain>,
}

/// What a packet can come to, each with the rule that says so.
#[derive(Debug, Clone, Default)]
struct Ends {
    accepted: Option<String>,
    dropped: Option<String>,
    /// The rest of the calling chain decides.
    falls: bool,
}

impl fmt::Display for ChainId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.family, self.table, self.chain)
    }
}

impl fmt::Display for Match {
    /// In the words of nft(8).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let not = if self.not { "!= " } else { "" };
        match &self.what {
            What::Protocol(names) => write!(f, "{not}{}", names.join(",")),
            What::From(ranges) => write!(f, "ip saddr {not}{}", spans(ranges)),
            What::To(ranges) => write!(f, "ip daddr {not}{}", spans(ranges)),
            What::Port(ranges) => write!(f, "dport {not}{}", spans(ranges)),
            What::Interface(names) => write!(f, "iifname {not}{}", names.join(",")),
            What::State(states) => write!(f, "ct state {not}{}", states.join(",")),
            What::Always(_) => Ok(()),
            What::Other(words) => f.write_str(words),
        }
    }
}

fn spans<T: fmt::Display + PartialEq>(ranges: &[(T, T)]) -> String {
    let span = |(from, to): &(T, T)| match from == to {
        true => from.to_string(),
        false => format!("{from}-{to}"),
    };
    ranges.iter().map(span).collect::<Vec<_>>().join(",")
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Accept => f.write_str("accept"),
            Target::Drop => f.write_str("drop"),
            Target::Jump(chain) => write!(f, "jump {chain}"),
            Target::Goto(chain) => write!(f, "goto {chain}"),
            Target::Return => f.write_str("return"),
            Target::Next => Ok(()),
            Target::Other => f.write_str("…"),
        }
    }
}

impl Ends {
    fn add(&mut self, other: Ends) {
        self.accepted = self.accepted.take().or(other.accepted);
        self.dropped = self.dropped.take().or(other.dropped);
    }
}

/// The packets by which a phone fetches a file at this port: the first, and those that follow.
/// By TFTP the latter come to a port of the transfer's own (RFC 1350, 4).
pub fn packets(inlet: &Inlet, port: Port) -> [Packet; 2] {
    let first = Packet {
        transport: port.transport,
        from: inlet.phone,
        to: inlet.ours,
        interface: inlet.interface.clone(),
        port: Some(port.number),
        begins: true,
    };
    let own_port = port.transport == Transport::Udp;
    let next = Packet { port: first.port.filter(|_| !own_port), begins: false, ..first.clone() };
    [first, next]
}

impl Ruleset {
    /// Whether the phone can fetch a file at this port.
    pub fn judge(&self, inlet: &Inlet, port: Port) -> Finding {
        let (mut lets_in, mut unknown) = (None, None);
        for packet in packets(inlet, port) {
            for chain in self.bases() {
                match self.through_base(chain, &packet) {
                    Ends { dropped: Some(why), accepted: None, .. } => {
                        return Finding::new(Verdict::KeepsOut, why);
                    }
                    Ends { dropped: Some(why), .. } => unknown = unknown.or(Some(why)),
                    Ends { accepted, .. } => {
                        lets_in = lets_in.or(accepted.filter(|_| is_filter_of_input(chain)));
                    }
                }
            }
        }
        match (unknown, lets_in) {
            (Some(why), _) => Finding::new(Verdict::Unknown, why),
            (None, Some(why)) => Finding::new(Verdict::LetsIn, why),
            (None, None) => Finding::new(Verdict::LetsIn, shared::text::pc::NO_RULE),
        }
    }

    /// The base chains in which the phone's packets are or may be dropped, and where a rule at
    /// the head would let them pass.
    pub fn droppers(&self, inlet: &Inlet) -> Vec<ChainId> {
        let packets: Vec<Packet> = inlet.ports.iter().flat_map(|port| packets(inlet, *port)).collect();
        let drops = |chain: &&Chain| {
            let of_ip = matches!(chain.id.family.as_str(), "ip" | "inet");
            let filters = chain.base.as_ref().is_some_and(|base| base.filters);
            of_ip
                && filters
                && packets.iter().any(|packet| self.through_base(chain, packet).dropped.is_some())
        };
        self.bases().into_iter().filter(drops).map(|chain| chain.id.clone()).collect()
    }

    /// The chains that a packet for this computer passes, in that order.
    fn bases(&self) -> Vec<&Chain> {
        let place =
            |base: &Base| ["ingress", "prerouting", "input"].iter().position(|hook| *hook == base.hook);
        let with_place = |chain: &'_ Chain| {
            let base = chain.base.as_ref()?;
            Some((place(base)?, base.priority))
        };
        let is_ours = |chain: &&Chain| !matches!(chain.id.family.as_str(), "ip6" | "arp");
        let mut bases: Vec<&Chain> =
            self.chains.iter().filter(is_ours).filter(|chain| with_place(chain).is_some()).collect();
        bases.sort_by_key(|chain| with_place(chain));
        bases
    }

    fn through_base(&self, chain: &Chain, packet: &Packet) -> Ends {
        let mut ends = self.through(chain, packet, 0);
        if std::mem::take(&mut ends.falls) {
            let accepts = chain.base.as_ref().is_none_or(|base| base.accepts);
            let words = shared::text::pc::policy(accepts, &chain.id);
            ends.add(match accepts {
                true => Ends { accepted: Some(words), ..Ends::default() },
                false => Ends { dropped: Some(words), ..Ends::default() },
            });
        }
        // Frames of a bridge or of another card may pass there, or not.
        if matches!(chain.id.family.as_str(), "netdev" | "bridge") && ends.dropped.is_some() {
            ends.accepted.get_or_insert_default();
        }
        ends
    }

    fn through(&self, chain: &Chain, packet: &Packet, depth: usize) -> Ends {
        let mut ends = Ends::default();
        for rule in &chain.rules {
            let fits = rule.fits(packet);
            if fits == Some(false) {
                continue;
            }
            let words = || Some(shared::text::pc::rule_in(&rule.words, &chain.id));
            let result = match &rule.target {
                Target::Next => continue,
                Target::Accept => Ends { accepted: words(), ..Ends::default() },
                Target::Drop => Ends { dropped: words(), ..Ends::default() },
                Target::Return => Ends { falls: true, ..Ends::default() },
                Target::Other => Ends { accepted: words(), dropped: words(), falls: true },
                Target::Jump(to) | Target::Goto(to) => match self.chain_beside(chain, to) {
                    Some(other) if depth < DEEPEST => self.through(other, packet, depth + 1),
                    _ => Ends { accepted: words(), dropped: words(), falls: true },
                },
            };
            let falls = result.falls;
            ends.add(result);
            let leaves = matches!(rule.target, Target::Return | Target::Goto(_));
            ends.falls |= leaves && falls;
            if fits == Some(true) && (leaves || !falls) {
                return ends;
            }
        }
        ends.falls = true;
        ends
    }

    fn chain_beside(&self, chain: &Chain, name: &str) -> Option<&Chain> {
        let (family, table) = (&chain.id.family, &chain.id.table);
        self.chains
            .iter()
            .find(|other| other.id.chain == name && other.id.family == *family && other.id.table == *table)
    }
}

fn is_filter_of_input(chain: &Chain) -> bool {
    chain.base.as_ref().is_some_and(|base| base.filters && base.hook == "input")
}

impl Rule {
    /// Whether it is for this packet; none, and nobody knows.
    fn fits(&self, packet: &Packet) -> Option<bool> {
        let truths: Vec<Option<bool>> = self.matches.iter().map(|each| each.fits(packet)).collect();
        match truths.contains(&Some(false)) {
            true => Some(false),
            false => truths.iter().all(Option::is_some).then_some(true),
        }
    }
}

impl Match {
    /// A condition.
    pub fn new(what: What) -> Self {
        Self { what, not: false }
    }

    fn fits(&self, packet: &Packet) -> Option<bool> {
        let fits = match &self.what {
            What::Protocol(names) => {
                let ours = match packet.transport {
                    Transport::Udp => ["udp", "17"],
                    Transport::Tcp => ["tcp", "6"],
                };
                Some(names.iter().any(|name| ours.contains(&name.as_str()) || name == "all"))
            }
            What::From(ranges) => packet.from.map(|from| contains(ranges, from)),
            What::To(ranges) => packet.to.map(|to| contains(ranges, to)),
            What::Port(ranges) => fits_port(ranges, packet.port),
            What::Interface(names) => {
                packet.interface.as_ref().map(|ours| names.iter().any(|name| is_named(ours, name)))
            }
            What::State(states) => {
                let state = if packet.begins { "new" } else { "established" };
                Some(states.iter().any(|known| known == state))
            }
            What::Always(fits) => Some(*fits),
            What::Other(_) => None,
        };
        fits.map(|fits| fits != self.not)
    }
}

fn contains<T: PartialOrd + Copy>(ranges: &[(T, T)], value: T) -> bool {
    ranges.iter().any(|(from, to)| (*from..=*to).contains(&value))
}

fn fits_port(ranges: &[(u16, u16)], port: Option<u16>) -> Option<bool> {
    match port {
        Some(port) => Some(contains(ranges, port)),
        None if ranges.iter().any(|(from, to)| *from <= FIRST_FREE_PORT && *to == u16::MAX) => Some(true),
        None if ranges.iter().all(|(_, to)| *to < FIRST_FREE_PORT) => Some(false),
        None => None,
    }
}

fn is_named(ours: &str, name: &str) -> bool {
    match name.strip_suffix('*') {
        Some(beginning) => ours.starts_with(beginning),
        None => ours == name,
    }
}

#[cfg(test)]
mod tests;
