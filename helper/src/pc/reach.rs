//! Makes the phone reachable, before a recovery begins (cases C09 to C11).
//!
//! Nothing is done where packets for the phone leave over the only cable already, and nothing
//! where a phone answers. Else an address beside the phone's is added on the interface where it
//! is, for the phone alone: the links are asked first who has the phone's address and whether
//! somebody has ours. Where nobody can be asked, the likeliest cables are tried, one after the
//! other, and what was added in vain is taken back at once.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, UdpSocket};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use shared::check::{Check, CheckName, CheckResult};
use shared::text;

use super::System;
use super::arp;
use super::change::{Change, HostAddress};
use super::interface::{Interface, Snapshot};
use super::keeper::{Keeper, Trouble};
use super::subnet::addresses_beside;
use super::way::{Way, candidates, in_the_phones_subnet, way};

/// A port to which nothing is sent: only the way there is asked for (RFC 863).
const DISCARD: u16 = 9;
/// So long an answer to ARP may take. On a cable it takes milliseconds.
const LISTEN: Duration = Duration::from_millis(800);
/// Cables that are tried where nobody can be asked.
const MOST_TRIES: usize = 3;
/// Addresses of which one shall be free.
const MOST_ASKED: usize = 8;

/// How it went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reached {
    /// Nothing was changed.
    AsItWas,
    /// This was added.
    Added(HostAddress),
    /// It is not reached.
    Not {
        /// What would be of use, where it may not or cannot be done.
        offer: Option<Change>,
        /// Whether packets for the phone leave over no cable at all, so that it need not be tried.
        astray: bool,
    },
}

/// The address of ours that the system would use for the phone, if it knows a way. Nothing is
/// sent.
pub fn source_for(phone: Ipv4Addr) -> Option<Ipv4Addr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect((phone, DISCARD)).ok()?;
    match socket.local_addr().ok()?.ip() {
        std::net::IpAddr::V4(ours) => Some(ours),
        std::net::IpAddr::V6(_) => None,
    }
}

/// Does what is needed. `answers` says whether a phone answers now, `may` whether anything may
/// be changed; `tell` hears each sentence before it is done. Blocks between the looks: the
/// runtime must have more than one thread.
pub async fn reach<Look: Future<Output = bool>>(
    keeper: &Mutex<Keeper>,
    system: &'static dyn System,
    phone: Ipv4Addr,
    may: bool,
    answers: impl Fn() -> Look,
    mut tell: impl FnMut(Check),
) -> Reached {
    if phone.is_loopback() {
        return Reached::AsItWas;
    }
    let Ok(snapshot) = blocking(|| system.snapshot()) else { return Reached::AsItWas };
    let now = way(&snapshot, source_for(phone), phone);
    let places = candidates(&snapshot, &now);
    if now == Way::Here || places.is_empty() || answers().await {
        return Reached::AsItWas;
    }
    let mut taken = snapshot.taken();
    taken.extend(blocking(|| system.neighbours()).into_iter().map(|neighbour| neighbour.ip));
    let not = |offer| Reached::Not { offer, astray: matches!(now, Way::Router { .. } | Way::Nowhere) };
    let (likely, is_there) = blocking(|| where_is(&places, phone));
    if !may {
        let place = likely.first().unwrap_or(&places[0]);
        let Some(address) = blocking(|| free_address(&snapshot, place, phone, &taken)) else {
            return not(None);
        };
        let change = Change::Address(address);
        let next = text::pc::may_add(&change.to_string(), &by_hand(system, &change));
        tell(failed(text::pc::not_reached(phone)).with_next(next));
        return not(Some(change));
    }
    for place in likely {
        let Some(address) = blocking(|| free_address(&snapshot, place, phone, &taken)) else { continue };
        let change = Change::Address(address.clone());
        tell(Check::new(CheckName::Route, CheckResult::Warn, text::pc::adding(phone, &change.to_string())));
        if let Err(trouble) = blocking(|| lock(keeper).make(&change)) {
            tell(told(&trouble));
            return not(Some(change));
        }
        if is_there || answers().await {
            return Reached::Added(address);
        }
        if let Err(trouble) = blocking(|| lock(keeper).unmake(&change)) {
            tell(told(&trouble));
        }
    }
    tell(failed(text::pc::nowhere(phone)).with_next(text::pc::NOWHERE_NEXT));
    not(None)
}

/// What would make a phone reachable that was seen on this interface. The links are asked whether
/// the address is free, and nothing is changed. Blocks.
pub fn offer(system: &dyn System, phone: Ipv4Addr, interface: Option<&str>) -> Option<Change> {
    let snapshot = system.snapshot().ok()?;
    let places = candidates(&snapshot, &way(&snapshot, source_for(phone), phone));
    let seen_on = places.iter().find(|place| Some(place.name.as_str()) == interface);
    let mut taken = snapshot.taken();
    taken.extend(system.neighbours().into_iter().map(|neighbour| neighbour.ip));
    free_address(&snapshot, seen_on.or(places.first())?, phone, &taken).map(Change::Address)
}

/// The commands that make a change, as a person types them.
pub fn by_hand(system: &dyn System, change: &Change) -> Vec<String> {
    change.apply(system).iter().map(|line| system.by_hand(line)).collect()
}

/// A panic elsewhere leaves the keeper with what it has made.
fn lock(keeper: &Mutex<Keeper>) -> MutexGuard<'_, Keeper> {
    keeper.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs what blocks, without holding up what else is to be done.
fn blocking<T>(work: impl FnOnce() -> T) -> T {
    tokio::task::block_in_place(work)
}

fn failed(seen: String) -> Check {
    Check::new(CheckName::Route, CheckResult::Fail, seen)
}

fn told(trouble: &Trouble) -> Check {
    let seen = text::pc::not_done(&trouble.change, &trouble.said);
    failed(seen).with_next(text::pc::by_hand(&trouble.by_hand))
}

/// The interface where the phone has answered; else those where it most likely is, and that
/// nobody knows.
fn where_is<'a>(places: &[&'a Interface], phone: Ipv4Addr) -> (Vec<&'a Interface>, bool) {
    let answers = |place: &&&Interface| {
        let heard = arp::ask(place, [phone], LISTEN, |heard| heard.ip == phone);
        heard.is_ok_and(|heard| heard.iter().any(|heard| heard.ip == phone))
    };
    match places.iter().find(answers) {
        Some(place) => (vec![*place], true),
        None => {
            let direct = places.iter().filter(|place| place.gateway.is_none());
            (direct.take(MOST_TRIES).copied().collect(), false)
        }
    }
}

/// The first address beside the phone's that nobody says is his, neither on this link nor on any
/// other on which this computer would be heard with it: a Wi-Fi in the phone's subnet.
fn free_address(
    snapshot: &Snapshot,
    place: &Interface,
    phone: Ipv4Addr,
    taken: &BTreeSet<Ipv4Addr>,
) -> Option<HostAddress> {
    let beside: Vec<Ipv4Addr> = addresses_beside(phone, taken).into_iter().take(MOST_ASKED).collect();
    let others = in_the_phones_subnet(snapshot, phone).into_iter().filter(|other| other.name != place.name);
    let mut heard = Vec::new();
    for link in std::iter::once(place).chain(others) {
        match arp::ask(link, beside.clone(), LISTEN, |_| false) {
            Ok(answers) => heard.extend(answers),
            Err(error) => {
                tracing::info!(%error, interface = %link, "nobody can be asked whether an address is free");
            }
        }
    }
    let free = beside.into_iter().find(|address| heard.iter().all(|heard| heard.ip != *address));
    change(place, free, phone)
}

fn change(place: &Interface, ours: Option<Ipv4Addr>, phone: Ipv4Addr) -> Option<HostAddress> {
    Some(HostAddress { interface: place.name.clone(), index: place.index, ours: ours?, phone })
}
