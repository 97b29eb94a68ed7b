//! Finds phones on this computer's cables, without their display (case C12).
//!
//! Who was spoken to lately is looked up, for the maker's hardware addresses. A direct link, that
//! is a cable with no router behind it, is asked by ARP for the addresses that a phone may have;
//! where that right is missing, what is in its own subnet is tried by HTTP. Nothing is sent off
//! the link, and no more than a boot loader can bear. Whoever answers is only asked for its page.

mod targets;

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use serde::Serialize;
use shared::address::{PHONE_HTTP_PORT, PhoneAddress};
use tokio::net::TcpStream;
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

/// What is known of a phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Its recovery page was read.
    Recovery,
    /// It takes a firmware already.
    Busy,
    /// It runs its normal software.
    Normal,
    /// It was started with the wrong keys.
    TestMode,
    /// It is there, and no page answers.
    Silent,
    /// It is on the cable, and this computer has no address beside it.
    OutOfReach,
}

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

/// How far it is looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Who was spoken to lately, and what is asked for first: seconds.
    Near,
    /// And every link-local address: minutes.
    Far,
}

/// Somebody who may be a phone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Suspect {
    mac: Option<Mac>,
    interface: Option<String>,
    /// On a cable with nobody else behind it.
    direct: bool,
}

type Suspects = BTreeMap<Ipv4Addr, Suspect>;

/// Finds them. `shown` are the numbers of the address that can be read on the display.
///
/// # Errors
/// What the system says when it does not tell its interfaces.
pub async fn find(system: &'static dyn System, shown: &[u8], depth: Depth) -> std::io::Result<Vec<Found>> {
    let (snapshot, neighbours) = tokio::task::spawn_blocking(move || {
        system.snapshot().map(|snapshot| (snapshot, system.neighbours()))
    })
    .await??;
    let mut suspects = Suspects::new();
    let links: Vec<Interface> = snapshot.interfaces.iter().filter(|link| is_direct(link)).cloned().collect();
    for neighbour in neighbours {
        let direct =
            neighbour.interface.as_ref().is_some_and(|name| links.iter().any(|link| link.name == *name));
        add_neighbour(&mut suspects, neighbour, direct);
    }
    let mut asked = JoinSet::new();
    for link in links {
        let shown = shown.to_vec();
        asked.spawn(async move {
            let heard = ask(&link, &shown, depth).await;
            (link, heard)
        });
    }
    for (link, heard) in asked.join_all().await {
        for Heard { ip, mac } in heard {
            let suspect = suspects.entry(ip).or_default();
            suspect.mac = suspect.mac.or(Some(mac).filter(|mac| mac.is_a_device()));
            (suspect.interface, suspect.direct) = (Some(link.name.clone()), true);
        }
    }
    suspects.retain(|ip, _| snapshot.with_address(*ip).is_none());
    let mut looks = JoinSet::new();
    for (ip, suspect) in suspects {
        let reached = is_reached(&snapshot, ip);
        looks.spawn(async move { judge(ip, suspect, if reached { Some(look(ip).await) } else { None }) });
    }
    let mut found: Vec<Found> = looks.join_all().await.into_iter().flatten().collect();
    found.sort_by_key(|found| found.address);
    Ok(found)
}

/// Looks at one address whose device has just been heard on this cable; none, and it is no phone
/// or its page is not there yet.
pub async fn look_at(ip: Ipv4Addr, mac: Mac, interface: &str) -> Option<Found> {
    let suspect = Suspect { mac: Some(mac), interface: Some(interface.to_owned()), direct: true };
    judge(ip, suspect, Some(look(ip).await))
}

/// A cable with no router behind it: nobody is there but the phone, and perhaps a switch.
fn is_direct(link: &Interface) -> bool {
    link.may_hold_the_phone() && link.link != Some(false) && link.gateway.is_none()
}

fn add_neighbour(suspects: &mut Suspects, neighbour: Neighbour, direct: bool) {
    if neighbour.mac.maker().is_some() {
        let Neighbour { ip, mac, interface } = neighbour;
        suspects.insert(ip, Suspect { mac: Some(mac), interface, direct });
    }
}

fn is_reached(snapshot: &Snapshot, ip: Ipv4Addr) -> bool {
    matches!(way(snapshot, source_for(ip), ip), Way::OnLink { .. })
}

/// Everybody who answers on a direct link. The wide range of link-local addresses is only asked
/// for when nobody has answered before; a phone of the maker ends it.
async fn ask(link: &Interface, shown: &[u8], depth: Depth) -> Vec<Heard> {
    let (near, far) = (targets::near(link, shown), targets::far(link, shown));
    let asked = {
        let (link, near) = (link.clone(), near.clone());
        tokio::task::spawn_blocking(move || {
            let heard = arp::ask(&link, near, LISTEN, |_| false)?;
            match heard.is_empty() && depth == Depth::Far {
                true => arp::ask(&link, far, LISTEN, |heard| heard.mac.maker().is_some()),
                false => Ok(heard),
            }
        })
        .await
    };
    match asked {
        Ok(Ok(heard)) => heard,
        Ok(Err(error)) => {
            tracing::info!(%error, interface = %link, "nobody can be asked by ARP, so what is near is tried");
            knock(near.into_iter().filter(|ip| link.reaches(*ip)).take(MOST_TRIED)).await
        }
        Err(_) => Vec::new(),
    }
}

/// Those whose port 80 is open. Their hardware addresses are not told by that.
async fn knock(targets: impl Iterator<Item = Ipv4Addr>) -> Vec<Heard> {
    let mut knocking = JoinSet::new();
    let mut heard = Vec::new();
    let knock = |ip: Ipv4Addr| async move {
        let opened = timeout(CONNECT, TcpStream::connect(SocketAddr::from((ip, PHONE_HTTP_PORT)))).await;
        matches!(opened, Ok(Ok(_))).then_some(Heard { ip, mac: Mac([0; 6]) })
    };
    for ip in targets {
        if knocking.len() >= AT_ONCE {
            heard.extend(knocking.join_next().await.and_then(Result::ok).flatten());
        }
        knocking.spawn(knock(ip));
    }
    heard.extend(knocking.join_all().await.into_iter().flatten());
    heard
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
mod tests {
    use super::*;
    use crate::pc::interface::Kind;

    const IP: Ipv4Addr = Ipv4Addr::new(192, 168, 1, 5);
    const AASTRA: Mac = Mac([0, 8, 0x5d, 0, 0, 1]);
    const OTHER: Mac = Mac([2, 0, 0, 0, 0, 1]);

    fn suspect(mac: Mac, direct: bool) -> Suspect {
        Suspect { mac: Some(mac), interface: Some("eth0".into()), direct }
    }

    fn state(ip: Ipv4Addr, suspect: Suspect, seen: Option<Result<Answer, ExchangeError>>) -> Option<State> {
        let found = judge(ip, suspect, seen)?;
        assert!(!found.why.is_empty(), "everything that is found has its reason");
        Some(found.state)
    }

    #[test]
    fn what_answers_is_a_phone_by_its_page_or_by_its_maker() {
        let silent = || Some(Err(ExchangeError::Silent(SocketAddr::from((IP, 80)))));
        let normal = || Some(Ok(Answer::Normal { name: "Aastra 57i".into() }));
        let stranger = || Some(Ok(Answer::Stranger { seen: "Toner".into() }));
        for (mac, seen, expected) in [
            (OTHER, normal(), Some(State::Normal)),
            (OTHER, Some(Ok(Answer::Busy)), Some(State::Busy)),
            (OTHER, stranger(), None),
            (OTHER, silent(), None),
            (AASTRA, stranger(), Some(State::Silent)),
            (AASTRA, silent(), Some(State::Silent)),
            (AASTRA, None, Some(State::OutOfReach)),
            (OTHER, None, Some(State::OutOfReach)),
        ] {
            assert_eq!(state(IP, suspect(mac, true), seen.clone()), expected, "{mac} {seen:?}");
        }
        assert_eq!(state(IP, suspect(OTHER, false), None), None, "somebody in the office");
        assert_eq!(state(TEST_MODE, suspect(OTHER, true), silent()), Some(State::TestMode));
    }

    #[test]
    fn only_neighbours_of_the_maker_are_suspects() {
        let mut suspects = Suspects::new();
        for (mac, last) in [(AASTRA, 5), (OTHER, 6)] {
            let ip = Ipv4Addr::new(192, 168, 1, last);
            add_neighbour(&mut suspects, Neighbour { ip, mac, interface: None }, false);
        }
        assert_eq!(suspects.keys().copied().collect::<Vec<_>>(), [IP]);
    }

    #[test]
    fn only_a_cable_without_a_router_is_asked() {
        let cable = Interface { kind: Kind::Cable, link: Some(true), ..Interface::named("eth0") };
        assert!(is_direct(&cable));
        assert!(!is_direct(&Interface { gateway: Some(IP), ..cable.clone() }));
        assert!(!is_direct(&Interface { link: Some(false), ..cable.clone() }));
        assert!(!is_direct(&Interface { kind: Kind::Wifi, ..cable }));
    }
}
