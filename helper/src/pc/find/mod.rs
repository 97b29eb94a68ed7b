//! Finds phones on this computer's cables, without their display (case C12).
//!
//! Who was spoken to lately is looked up, for the maker's hardware addresses. A direct link, that
//! is a cable with no router behind it, is asked by ARP for the addresses that a phone may have;
//! where that right is missing, what is in its own subnet is tried by HTTP. Nothing is sent off
//! the link, and no more than a boot loader can bear. Whoever answers is only asked for its page.

mod targets;

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde::Serialize;
use shared::address::{PHONE_HTTP_PORT, PhoneAddress};
use tokio::net::TcpStream;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::System;
use super::arp::{self, Heard};
use super::interface::{Interface, Neighbour, Snapshot};
use super::mac::Mac;
use super::reach::source_for;
use super::way::{Way, way};
use crate::phone::answer::Answer;
use crate::phone::client::PhoneClient;
use crate::phone::exchange::ExchangeError;

pub use shared::protocol::FoundState as State;

/// Where a phone is in its manufacturing test mode (domain.md 2, SYSS-2022-021).
const TEST_MODE: Ipv4Addr = Ipv4Addr::new(10, 30, 102, 102);
/// So long the last answer to ARP may take.
const LISTEN: Duration = Duration::from_secs(1);
/// So long an open port on a cable may take to answer; Linux gives up on ARP after three.
const CONNECT: Duration = Duration::from_millis(1500);
/// Connections that are tried at the same time where ARP cannot be asked.
const AT_ONCE: usize = 32;
/// Addresses that are tried so: the system itself remembers no more neighbours (Linux'
/// `gc_thresh2`).
const MOST_TRIED: usize = 512;

/// A phone, and why it is thought to be one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Found {
    /// Its address.
    pub address: Ipv4Addr,
    /// Its hardware address, where it was seen.
    pub mac: Option<Mac>,
    /// The interface with its cable, where it is known.
    pub interface: Option<String>,
    /// What is known of it.
    pub state: State,
    /// The model that it names, as far as it does.
    pub model: Option<&'static str>,
    /// Why, a sentence each.
    pub why: Vec<String>,
}

impl Found {
    /// Whether it is somebody to go on with: a page that was understood, or a device of the maker's
    /// that answers on the cable. A silent one may have gone long ago.
    pub fn is_there(&self) -> bool {
        match self.state {
            State::Recovery | State::Busy | State::Normal | State::TestMode => true,
            State::OutOfReach => self.mac.is_some_and(|mac| mac.maker().is_some()),
            State::Silent => false,
        }
    }
}

/// Somebody who may be a phone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Suspect {
    mac: Option<Mac>,
    interface: Option<String>,
    /// On a cable with nobody else behind it.
    direct: bool,
}

type Tell = UnboundedSender<(Ipv4Addr, Suspect)>;

/// How far a search goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Nobody is asked: who was spoken to lately, and who speaks by himself within
    /// [`LISTEN_ONLY`].
    Listen,
    /// The addresses that a phone most likely has are asked for: a second or two.
    Near,
    /// Where nobody answers there, every link-local address as well: two minutes more.
    Whole,
}

/// So long a search that asks nobody listens.
pub const LISTEN_ONLY: Duration = Duration::from_secs(3);
/// And in such pieces: whoever ends it does not wait for longer.
const LISTEN_PIECE: Duration = Duration::from_millis(500);

/// Finds them all. `shown` are the numbers of the address that can be read on the display.
///
/// # Errors
/// What the system says when it does not tell its interfaces.
pub async fn find(system: &'static dyn System, shown: &[u8], extent: Extent) -> std::io::Result<Vec<Found>> {
    let mut found = Vec::new();
    search(system, shown, extent, BTreeSet::new(), |one| found.push(one)).await?;
    found.sort_by_key(|found| found.address);
    Ok(found)
}

/// Finds them, and tells each as soon as it is found. Who is `known` already is left alone.
/// Dropping it ends it.
///
/// # Errors
/// What the system says when it does not tell its interfaces.
pub async fn search(
    system: &'static dyn System,
    shown: &[u8],
    extent: Extent,
    known: BTreeSet<Ipv4Addr>,
    mut tell: impl FnMut(Found),
) -> std::io::Result<()> {
    let (snapshot, neighbours) = tokio::task::spawn_blocking(move || {
        system.snapshot().map(|snapshot| (snapshot, system.neighbours()))
    })
    .await??;
    let links: Vec<Interface> = snapshot.interfaces.iter().filter(|link| is_direct(link)).cloned().collect();
    let (sender, mut suspects) = unbounded_channel();
    for neighbour in neighbours {
        let direct =
            neighbour.interface.as_ref().is_some_and(|name| links.iter().any(|link| link.name == *name));
        // We hold the other end.
        by_maker(neighbour, direct).map(|suspect| sender.send(suspect));
    }
    let stop = Stop::default();
    let mut asked = JoinSet::new();
    for link in links {
        asked.spawn(ask(link, shown.to_vec(), extent, sender.clone(), Arc::clone(&stop.0)));
    }
    drop(sender);
    let mut seen = known;
    let mut looks = JoinSet::new();
    loop {
        tokio::select! {
            Some((ip, suspect)) = suspects.recv() => {
                if snapshot.with_address(ip).is_none() && seen.insert(ip) {
                    let reached = is_reached(&snapshot, ip);
                    looks.spawn(look_at_suspect(ip, suspect, reached));
                }
            }
            Some(looked) = looks.join_next() => looked.ok().flatten().into_iter().for_each(&mut tell),
            else => return Ok(()),
        }
    }
}

/// Looks once more at what was found; none, and it is not there any more, or no phone. Who has no
/// page is asked by ARP whether he is there at all, where that can be asked.
///
/// # Errors
/// What the system says when it does not tell its interfaces.
pub async fn look_again(system: &'static dyn System, found: Found) -> std::io::Result<Option<Found>> {
    let snapshot = tokio::task::spawn_blocking(move || system.snapshot()).await??;
    let Found { address, mac, interface, .. } = found;
    let reached = is_reached(&snapshot, address);
    let link = interface.as_ref().and_then(|name| snapshot.named(name)).cloned();
    let seen = look_at_suspect(address, Suspect { mac, interface, direct: true }, reached).await;
    if let Some(link) = link
        && seen.as_ref().is_none_or(|seen| matches!(seen.state, State::Silent | State::OutOfReach))
    {
        let is_it = move |heard: &Heard| heard.ip == address;
        let asked = tokio::task::spawn_blocking(move || arp::ask(&link, [address], LISTEN, is_it)).await?;
        if asked.is_ok_and(|heard| !heard.iter().any(is_it)) {
            return Ok(None);
        }
    }
    Ok(seen)
}

async fn look_at_suspect(ip: Ipv4Addr, suspect: Suspect, reached: bool) -> Option<Found> {
    judge(ip, suspect, if reached { Some(look(ip).await) } else { None })
}

/// Tells the threads of a search that nobody waits for them any more.
#[derive(Default)]
struct Stop(Arc<AtomicBool>);

impl Drop for Stop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Looks at one address whose device has just been heard on this cable; none, and it is no phone
/// or its page is not there yet.
pub async fn look_at(ip: Ipv4Addr, mac: Mac, interface: &str) -> Option<Found> {
    let suspect = Suspect { mac: Some(mac), interface: Some(interface.to_owned()), direct: true };
    judge(ip, suspect, Some(look(ip).await))
}

/// A cable with no router behind it: nobody is there but the phone, and perhaps a switch.
pub fn is_direct(link: &Interface) -> bool {
    link.may_hold_the_phone() && link.link != Some(false) && link.gateway.is_none()
}

/// Only neighbours of the maker are suspects.
fn by_maker(neighbour: Neighbour, direct: bool) -> Option<(Ipv4Addr, Suspect)> {
    let Neighbour { ip, mac, interface } = neighbour;
    mac.maker().map(|_| (ip, Suspect { mac: Some(mac), interface, direct }))
}

fn is_reached(snapshot: &Snapshot, ip: Ipv4Addr) -> bool {
    matches!(way(snapshot, source_for(ip), ip), Way::OnLink { .. })
}

/// Everybody who answers on a direct link. The wide range of link-local addresses is only asked
/// for when nobody has answered before; a phone of the maker ends it.
async fn ask(link: Interface, shown: Vec<u8>, extent: Extent, tell: Tell, stop: Arc<AtomicBool>) {
    let near = match extent {
        Extent::Listen => Vec::new(),
        Extent::Near | Extent::Whole => targets::near(&link, &shown),
    };
    let asking = {
        let (link, near, tell) = (link.clone(), near.clone(), tell.clone());
        move || -> std::io::Result<()> {
            let goes_on = || !stop.load(Ordering::Relaxed);
            let told = |heard: &Heard| {
                let mac = Some(heard.mac).filter(|mac| mac.is_a_device());
                // Nobody waits for it any more.
                tell.send((heard.ip, Suspect { mac, interface: Some(link.name.clone()), direct: true })).ok();
                false
            };
            if extent == Extent::Listen {
                let end = Instant::now() + LISTEN_ONLY;
                while goes_on() && Instant::now() < end {
                    arp::ask(&link, [], LISTEN_PIECE, told)?;
                }
                return Ok(());
            }
            let asked = |addresses: Vec<Ipv4Addr>| addresses.into_iter().take_while(|_| goes_on());
            let heard = arp::ask(&link, asked(near), LISTEN, told)?;
            if extent == Extent::Whole && heard.is_empty() {
                let is_enough = |heard: &Heard| told(heard) || heard.mac.maker().is_some();
                arp::ask(&link, asked(targets::far(&link, &shown)), LISTEN, is_enough)?;
            }
            Ok(())
        }
    };
    if let Ok(Err(error)) = tokio::task::spawn_blocking(asking).await
        && extent != Extent::Listen
    {
        tracing::info!(%error, interface = %link, "nobody can be asked by ARP, so what is near is tried");
        knock(near.into_iter().filter(|ip| link.reaches(*ip)).take(MOST_TRIED), &link, &tell).await;
    }
}

/// Tells those whose port 80 is open. Their hardware addresses are not known by that.
async fn knock(targets: impl Iterator<Item = Ipv4Addr>, link: &Interface, tell: &Tell) {
    let mut knocking = JoinSet::new();
    let knock = |ip: Ipv4Addr| async move {
        let opened = timeout(CONNECT, TcpStream::connect(SocketAddr::from((ip, PHONE_HTTP_PORT)))).await;
        matches!(opened, Ok(Ok(_))).then_some(ip)
    };
    let told = |opened: Option<Result<Option<Ipv4Addr>, _>>| {
        if let Some(Ok(Some(ip))) = opened {
            // Nobody waits for it any more.
            tell.send((ip, Suspect { mac: None, interface: Some(link.name.clone()), direct: true })).ok();
        }
    };
    for ip in targets {
        if knocking.len() >= AT_ONCE {
            told(knocking.join_next().await);
        }
        knocking.spawn(knock(ip));
    }
    while let Some(opened) = knocking.join_next().await {
        told(Some(opened));
    }
}

async fn look(ip: Ipv4Addr) -> Result<Answer, ExchangeError> {
    let address = PhoneAddress { host: IpAddr::V4(ip).to_string(), port: PHONE_HTTP_PORT };
    PhoneClient::at(address).await.look().await.map(|seen| seen.answer)
}

/// Whether somebody is a phone, and why. `seen` is what its page is; none, and it could not be
/// asked for it.
fn judge(ip: Ipv4Addr, suspect: Suspect, seen: Option<Result<Answer, ExchangeError>>) -> Option<Found> {
    let mut why = Vec::new();
    let mut model = None;
    let maker = suspect.mac.and_then(Mac::maker);
    if let (Some(maker), Some(mac)) = (maker, suspect.mac) {
        why.push(format!("{mac} is a hardware address of {maker}"));
    }
    let state = match seen {
        _ if ip == TEST_MODE => {
            why.push("this is the address of the maker's test mode: wrong keys were held".into());
            State::TestMode
        }
        Some(Ok(Answer::Recovery(page))) => {
            why.push("its page is a recovery page".into());
            model = page.model().map(|model| model.name);
            why.extend(model.map(|name| format!("its page names the {name}")));
            State::Recovery
        }
        Some(Ok(Answer::Busy)) => {
            why.push("its page says that it is downloading".into());
            State::Busy
        }
        Some(Ok(Answer::Normal { name })) => {
            why.push(format!("it says \"{name}\" and asks for a password"));
            State::Normal
        }
        Some(Ok(Answer::Stranger { .. }) | Err(_)) if maker.is_some() => State::Silent,
        // Something else: a printer, a router, another computer.
        Some(Ok(Answer::Stranger { .. }) | Err(_)) => return None,
        None if maker.is_some() || suspect.direct => {
            why.push("it answers on the cable, and this computer has no address beside it".into());
            State::OutOfReach
        }
        None => return None,
    };
    Some(Found { address: ip, mac: suspect.mac, interface: suspect.interface, state, model, why })
}

#[cfg(test)]
mod tests;
