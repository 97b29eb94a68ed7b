//! What a server on the direct cable answers, and when it stops (RFC 2131, 4.3). Pure: events
//! and the time go in, actions come out.
//!
//! - **Only phones are answered**: by their hardware address, or by what they call themselves in
//!   option 60. A computer or a printer that hangs on the same switch must not lose its network
//!   because a phone is being recovered; it hears nothing from us.
//! - **Nobody is put on somebody's address**: the cable is asked by ARP before an address is
//!   offered for the first time, and one that a phone declines is given no more.
//! - **Another server ends it**, for good: one that is heard, one that answers the question that is
//!   asked from time to time, or one that a phone names. So does a router behind the interface.
//! - **Only so many are answered in a second**, whatever comes in.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;
use std::time::Duration;

use shared::model::Model;

use super::packet::{ClientMessage, Heard, Kind, PROBE_CLASS, Reply, Wish};
use super::place::Refusal;
use super::pool::Pool;
use crate::pc::mac::Mac;
use crate::pc::subnet::Network;

/// How long an address is a phone's. Longer than a whole recovery (up to ten minutes of writing,
/// and a slow transfer before it), for nobody knows whether a boot loader can ask for more time;
/// and no longer, so that nothing of it is left when the phone is back in its network.
pub const LEASE: Duration = Duration::from_secs(3600);
/// How long an address that was offered waits to be taken. A client may collect offers for some
/// seconds, and asks up to four times in a minute (RFC 2131, 4.1: 4, 8, 16, 32 s).
const OFFERED: Duration = Duration::from_secs(60);
/// How often the cable is asked for other servers while ours runs. Whoever answers phones is
/// heard at once; this finds one that waits.
pub const ASK_AGAIN: Duration = Duration::from_secs(30);
/// Answers in a second at most, and at once: six phones that start together ask a dozen times.
const A_SECOND: u32 = 10;
const AT_ONCE: u32 = 20;
/// What these phones call themselves begins with one of these (domain.md 4.1, DHCP 60); any case.
const MAKERS: [&str; 2] = ["aastra", "mitel"];
/// What stands between that and the model's name.
const BEFORE_MODEL: [&str; 2] = ["AastraIPPhone", "MitelIPPhone"];

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A message was heard on the cable.
    Heard(Heard),
    /// The cable was asked who has an address; nobody has it, or nobody can be asked.
    Asked {
        /// The address.
        ip: Ipv4Addr,
        /// Who has it.
        by: Option<Mac>,
    },
    /// It was looked at the interface once more, and we may not stay.
    Unfit(Refusal),
    /// The deadline has come.
    Tick,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Send this.
    Send(Reply),
    /// Ask the cable who has this address.
    Ask(Ipv4Addr),
    /// Ask for other servers, and look at the interface once more.
    LookAround,
    /// Tell this.
    Tell(Told),
}

/// What is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// A phone has an address. Told each time that it asks for it anew.
    Phone(Guest),
    /// A phone asked, and there is no address left.
    Exhausted(Mac),
    /// An address of ours is somebody else's.
    Taken(Ipv4Addr),
    /// It has ended, and why.
    Stopped(Refusal),
}

/// A phone that has an address from us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guest {
    /// The address.
    pub ip: Ipv4Addr,
    /// Who it is.
    pub mac: Mac,
    /// What it calls itself, as it came.
    pub class: Option<String>,
    /// The model that this names.
    pub model: Option<&'static Model>,
}

/// The server of one cable.
#[derive(Debug)]
pub struct Machine {
    ours: Network,
    our_mac: Mac,
    pool: Pool,
    /// Addresses that were asked for on the cable, and are nobody's.
    asked: BTreeSet<Ipv4Addr>,
    /// Who waits for the answer to that.
    waiting: BTreeMap<Ipv4Addr, ClientMessage>,
    look: Duration,
    answers: u32,
    filled: Duration,
    /// That there is no address left is told once.
    exhausted: bool,
    stopped: bool,
}

impl Machine {
    /// A server with our address and its network. The cable was looked at just now.
    pub fn new(ours: Network, our_mac: Mac) -> Self {
        Self {
            ours,
            our_mac,
            pool: Pool::new(ours),
            asked: BTreeSet::new(),
            waiting: BTreeMap::new(),
            look: ASK_AGAIN,
            answers: AT_ONCE,
            filled: Duration::ZERO,
            exhausted: false,
            stopped: false,
        }
    }

    /// When it wants to be woken; none: never again.
    pub fn deadline(&self) -> Option<Duration> {
        (!self.stopped).then_some(self.look)
    }

    /// Takes an event, `now` after the start.
    pub fn take(&mut self, event: Event, now: Duration) -> Vec<Action> {
        if self.stopped {
            return Vec::new();
        }
        match event {
            Event::Heard(Heard::Server(server)) if server == self.ours.address => Vec::new(),
            Event::Heard(Heard::Server(server)) => self.stop(Refusal::OtherServer(server)),
            Event::Heard(Heard::Client(message)) => self.heard(message, now),
            Event::Asked { ip, by } => self.was_asked(ip, by, now),
            Event::Unfit(refusal) => self.stop(refusal),
            Event::Tick if now >= self.look => {
                self.look = now + ASK_AGAIN;
                vec![Action::LookAround]
            }
            Event::Tick => Vec::new(),
        }
    }

    fn stop(&mut self, why: Refusal) -> Vec<Action> {
        self.stopped = true;
        vec![Action::Tell(Told::Stopped(why))]
    }

    fn heard(&mut self, message: ClientMessage, now: Duration) -> Vec<Action> {
        if message.mac == self.our_mac {
            return Vec::new();
        }
        let is_probe = message.class.as_deref() == Some(PROBE_CLASS);
        if !is_probe && !is_phone(&message) || !self.may_answer(now) {
            return Vec::new();
        }
        if is_probe {
            // Another hookflash, which must not start: any offer tells it that we are here.
            let yours = self.pool.addresses().next().unwrap_or(self.ours.address);
            let answers = message.wish == Wish::Discover;
            return answers.then(|| self.reply(self.offer_of(yours), message)).into_iter().collect();
        }
        match message.wish {
            Wish::Discover => self.offer(message, now),
            Wish::Request => self.request(message, now),
            Wish::Inform => vec![self.reply(Kind::Informed, message)],
            Wish::Decline => self.decline(&message),
            Wish::Release => {
                if self.is_with_us(&message) && self.pool.of(message.mac) == Some(message.ciaddr) {
                    self.pool.release(message.mac, now);
                }
                Vec::new()
            }
        }
    }

    /// RFC 2131, 4.3.1.
    fn offer(&mut self, message: ClientMessage, now: Duration) -> Vec<Action> {
        let Some(ip) = self.pool.choose(message.mac, message.requested, now) else {
            let first = !std::mem::replace(&mut self.exhausted, true);
            return first.then_some(Action::Tell(Told::Exhausted(message.mac))).into_iter().collect();
        };
        // What is its own already keeps its time.
        if self.pool.of(message.mac) != Some(ip) {
            self.pool.give(ip, message.mac, now + OFFERED, now);
            self.asked.remove(&ip);
        }
        if self.asked.contains(&ip) {
            return vec![self.reply(self.offer_of(ip), message)];
        }
        // The last message counts: it has the number that is waited for.
        match self.waiting.insert(ip, message) {
            None => vec![Action::Ask(ip)],
            Some(_) => Vec::new(),
        }
    }

    fn offer_of(&self, yours: Ipv4Addr) -> Kind {
        Kind::Offer { yours, lease: seconds(LEASE) }
    }

    fn was_asked(&mut self, ip: Ipv4Addr, by: Option<Mac>, now: Duration) -> Vec<Action> {
        let Some(message) = self.waiting.remove(&ip) else { return Vec::new() };
        match by.filter(|mac| *mac != message.mac) {
            None => {
                self.asked.insert(ip);
                vec![self.reply(self.offer_of(ip), message)]
            }
            Some(_) => {
                let mut actions = self.take_out(ip);
                actions.extend(self.offer(message, now));
                actions
            }
        }
    }

    /// RFC 2131, 4.3.2. We are the only server on this cable, so what is wrong is told (NAK): the
    /// phone asks anew then, and does not go on with an address of its old network.
    fn request(&mut self, message: ClientMessage, now: Duration) -> Vec<Action> {
        if let Some(server) = message.server.filter(|server| *server != self.ours.address) {
            // It has had an offer of somebody else's.
            return self.stop(Refusal::OtherServer(server));
        }
        let uses = Some(message.ciaddr).filter(|ip| !ip.is_unspecified());
        let Some(wanted) = uses.or(message.requested) else { return Vec::new() };
        // Its own; or, after a crash of ours, what it had from us before.
        let known = self.pool.of(message.mac);
        let fits = known.is_none_or(|ip| ip == wanted) && (known.is_some() || message.server.is_none());
        if !fits || !self.pool.give(wanted, message.mac, now + LEASE, now) {
            return vec![self.reply(Kind::Nak, message)];
        }
        let model = message.class.as_deref().and_then(model_of);
        let guest = Guest { ip: wanted, mac: message.mac, class: message.class.clone(), model };
        let ack = Kind::Ack { yours: wanted, lease: seconds(LEASE) };
        vec![self.reply(ack, message), Action::Tell(Told::Phone(guest))]
    }

    fn decline(&mut self, message: &ClientMessage) -> Vec<Action> {
        match message.requested.filter(|ip| self.pool.of(message.mac) == Some(*ip)) {
            Some(ip) if self.is_with_us(message) => self.take_out(ip),
            _ => Vec::new(),
        }
    }

    fn take_out(&mut self, ip: Ipv4Addr) -> Vec<Action> {
        self.asked.remove(&ip);
        let told = self.pool.take_out(ip).then_some(Action::Tell(Told::Taken(ip)));
        told.into_iter().collect()
    }

    fn is_with_us(&self, message: &ClientMessage) -> bool {
        message.server == Some(self.ours.address)
    }

    fn reply(&self, kind: Kind, to: ClientMessage) -> Action {
        Action::Send(Reply { kind, to, ours: self.ours.address, mask: self.ours.mask() })
    }

    fn may_answer(&mut self, now: Duration) -> bool {
        let earned =
            (now.saturating_sub(self.filled).as_millis() * u128::from(A_SECOND) / 1000).min(AT_ONCE.into());
        if earned > 0 {
            let earned = u32::try_from(earned).unwrap_or(AT_ONCE);
            (self.answers, self.filled) = ((self.answers + earned).min(AT_ONCE), now);
        }
        let may = self.answers > 0;
        self.answers = self.answers.saturating_sub(1);
        may
    }
}

fn seconds(time: Duration) -> u32 {
    u32::try_from(time.as_secs()).unwrap_or(u32::MAX)
}

/// Whether a client is a phone of the maker's.
fn is_phone(message: &ClientMessage) -> bool {
    let names = |class: &String| {
        let class = class.to_ascii_lowercase();
        MAKERS.iter().any(|maker| class.starts_with(maker))
    };
    message.mac.maker().is_some() || message.class.as_ref().is_some_and(names)
}

/// The model that option 60 names: `AastraIPPhone57i`.
fn model_of(class: &str) -> Option<&'static Model> {
    let name = BEFORE_MODEL.iter().find_map(|before| class.strip_prefix(before))?;
    Model::find(name.trim())
}

#[cfg(test)]
#[path = "machine_tests.rs"]
mod tests;
