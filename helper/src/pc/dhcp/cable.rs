//! One cable: asked first, then served by a [`Machine`] until it stops. The rim of both.

use std::io;
use std::net::Ipv4Addr;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until, timeout_at};

use super::looking::{Looking, Step};
use super::machine::{Action, Event, Machine, Told};
use super::packet::{Reply, question, read};
use super::place::{Refusal, may_serve};
use super::wire::{Ears, Mouth};
use crate::pc::System;
use crate::pc::arp;
use crate::pc::interface::Interface;
use crate::pc::mac::Mac;
use crate::pc::subnet::Network;

/// So long somebody who has an address may take to say so. On a cable it takes milliseconds, and
/// a phone waits for its first offer for four seconds (RFC 2131, 4.1).
const LISTEN: Duration = Duration::from_millis(400);
/// So long it is waited after the socket has complained: a cable that is pulled out does that.
const AFTER_TROUBLE: Duration = Duration::from_millis(200);

/// A cable on which nobody else hands out addresses.
#[derive(Debug)]
pub(super) struct Clear {
    pub(super) interface: Interface,
    mac: Mac,
    ears: Ears,
}

/// Asks a cable for other servers.
pub(super) async fn look(interface: Interface, mac: Mac) -> Result<Clear, Refusal> {
    let ears = Ears::open(&interface).map_err(not_let)?;
    let question = our_question(mac)?;
    let (mut looking, start) = (Looking::new(mac), Instant::now());
    loop {
        match looking.step(start.elapsed()) {
            Step::Clear => return Ok(Clear { interface, mac, ears }),
            Step::Ask => ears.ask(&question).await.map_err(not_let)?,
            Step::ListenUntil(then) => {
                if let Ok(heard) = timeout_at(start + then, ears.hear()).await {
                    let (message, source) = heard.map_err(not_let)?;
                    if let Some(heard) = read(&message, source) {
                        looking.heard(&heard)?;
                    }
                }
            }
        }
    }
}

fn our_question(mac: Mac) -> Result<Vec<u8>, Refusal> {
    let number = getrandom::u32().map_err(|error| Refusal::NotLet(error.to_string()))?;
    question(mac, number).ok_or_else(|| Refusal::NotLet("the question cannot be written".into()))
}

fn not_let(error: io::Error) -> Refusal {
    match error.kind() {
        io::ErrorKind::NetworkDown => Refusal::NoLink,
        io::ErrorKind::AddrInUse => Refusal::PortTaken,
        _ => Refusal::NotLet(error.to_string()),
    }
}

/// A server that may begin.
#[derive(Debug)]
pub(super) struct Ready {
    cable: Clear,
    mouth: Mouth,
    ours: Network,
}

impl Clear {
    /// Takes the port at our address, which must be there.
    pub(super) fn with(self, ours: Network) -> Result<Ready, Refusal> {
        let mouth = Mouth::open(&self.interface, ours.address).map_err(not_let)?;
        Ok(Ready { cable: self, mouth, ours })
    }
}

impl Ready {
    /// Serves until another server is heard, or until this is dropped.
    pub(super) async fn serve(self, system: &'static dyn System, tell: UnboundedSender<(String, Told)>) {
        let Self { cable: Clear { interface, mac, ears }, mouth, ours } = self;
        let start = Instant::now();
        let mut machine = Machine::new(ours, mac);
        let mut work: JoinSet<Option<Event>> = JoinSet::new();
        while let Some(deadline) = machine.deadline() {
            let event = tokio::select! {
                heard = ears.hear() => understood(heard).await,
                heard = mouth.hear() => understood(heard).await,
                Some(done) = work.join_next() => done.ok().flatten(),
                () = sleep_until(start + deadline) => Some(Event::Tick),
            };
            let Some(event) = event else { continue };
            for action in machine.take(event, start.elapsed()) {
                match action {
                    Action::Send(reply) => say(&mouth, &reply).await,
                    Action::Ask(ip) => {
                        let interface = interface.clone();
                        work.spawn_blocking(move || Some(Event::Asked { ip, by: who_has(&interface, ip) }));
                    }
                    Action::LookAround => {
                        let asked = match our_question(mac) {
                            Ok(question) => ears.ask(&question).await.map_err(|error| error.to_string()),
                            Err(refusal) => Err(refusal.to_string()),
                        };
                        if let Err(error) = asked {
                            // The phone restarts, and so does the link.
                            tracing::info!(%error, %interface, "the cable cannot be asked just now");
                        }
                        let interface = interface.clone();
                        work.spawn_blocking(move || unfit(system, &interface).map(Event::Unfit));
                    }
                    // Whoever listened may have gone; then nobody wants to know.
                    Action::Tell(told) => drop(tell.send((interface.name.clone(), told))),
                }
            }
        }
    }
}

async fn understood(heard: io::Result<(Vec<u8>, Ipv4Addr)>) -> Option<Event> {
    match heard {
        Ok((message, source)) => read(&message, source).map(Event::Heard),
        Err(error) => {
            tracing::debug!(%error, "nothing is heard");
            sleep(AFTER_TROUBLE).await;
            None
        }
    }
}

async fn say(mouth: &Mouth, reply: &Reply) {
    let Some(bytes) = reply.bytes() else { return };
    if let Err(error) = mouth.say(&bytes, reply.destination()).await {
        // The phone asks again, and our address may be back by then.
        tracing::warn!(%error, to = %reply.destination(), "an answer did not leave");
    }
}

/// Who has an address; where nobody can be asked, nobody is said to have it.
pub(super) fn who_has(interface: &Interface, ip: Ipv4Addr) -> Option<Mac> {
    match arp::ask(interface, [ip], LISTEN, |heard| heard.ip == ip) {
        Ok(heard) => heard.into_iter().find(|heard| heard.ip == ip).map(|heard| heard.mac),
        Err(error) => {
            tracing::info!(%error, %interface, "nobody can be asked whether an address is free");
            None
        }
    }
}

/// Why a server may not stay. A link that is down for a while is a phone that restarts.
fn unfit(system: &dyn System, interface: &Interface) -> Option<Refusal> {
    let snapshot = system.snapshot().ok()?;
    let Some(now) = snapshot.named(&interface.name) else { return Some(Refusal::Gone) };
    may_serve(&snapshot, now).err().filter(|refusal| *refusal != Refusal::NoLink)
}
