//! Every cable that may have the phone, served as one. What the rest of the program uses.
//!
//! Nobody is asked to pick an interface: whatever looks like a direct cable is looked at, each
//! gets a server and a network of its own, and the one with the phone shows itself.

use shared::check::{Check, CheckName, CheckResult};
use shared::text;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinSet;

use super::cable::{Clear, Ready, look, who_has};
use super::machine::Told;
use super::place::{Refusal, free_networks, may_serve, own_network};
use crate::pc::System;
use crate::pc::change::{Change, NetworkAddress};
use crate::pc::interface::{Kind, Snapshot};
use crate::pc::keeper::Keeper;
use crate::pc::subnet::Network;

/// Networks that are tried before it is given up to find one that nobody on the cable uses.
const MOST_TRIED: usize = 4;

/// An interface without a server, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Its name, as the person finds it in the settings.
    pub interface: String,
    /// Why.
    pub why: Refusal,
}

impl Refused {
    /// As it is told.
    pub fn check(&self) -> Check {
        let seen = text::dhcp::refused(&self.interface, &self.why);
        Check::new(CheckName::Route, CheckResult::Fail, seen).with_next(self.why.next())
    }
}

/// The servers that run. They stop when this is dropped.
#[derive(Debug)]
pub struct Servers {
    told: UnboundedReceiver<(String, Told)>,
    running: JoinSet<()>,
}

/// The interfaces on which a server may begin, as far as this computer knows, and the cables on
/// which none may. Nothing is sent. Blocks.
///
/// # Errors
/// What the system says when it does not tell its interfaces.
pub fn may_begin_on(system: &dyn System) -> std::io::Result<(Vec<String>, Vec<Refused>)> {
    let snapshot = system.snapshot()?;
    let mut fit = Vec::new();
    let mut refused = Vec::new();
    for interface in &snapshot.interfaces {
        match may_serve(&snapshot, interface) {
            Ok(_) => fit.push(interface.to_string()),
            Err(why) => refused.push(Refused { interface: interface.to_string(), why }),
        }
    }
    // Wi-Fi and bridges are no news to anybody, unless there is nothing else.
    if refused.iter().any(|refused| !matches!(refused.why, Refusal::NotACable(_))) || !fit.is_empty() {
        refused.retain(|refused| !matches!(refused.why, Refusal::NotACable(_)));
    }
    Ok((fit, refused))
}

impl Servers {
    /// Looks at every cable, and serves where nobody else does. Takes some eight seconds. The
    /// person must have said yes. What is added to this computer is added by `keeper`, and `tell`
    /// hears each sentence before it is done. Dropping the future stops it at any point. Blocks
    /// between: the runtime must have more than one thread.
    ///
    /// # Errors
    /// When there is no cable to serve, with the reason for each.
    pub async fn begin(
        system: &'static dyn System,
        keeper: &mut Keeper,
        mut tell: impl FnMut(Check),
    ) -> Result<Self, Vec<Refused>> {
        let snapshot = blocking(|| system.snapshot()).map_err(|error| {
            let why = Refusal::NotLet(error.to_string());
            vec![Refused { interface: "this computer".into(), why }]
        })?;
        let mut refused = Vec::new();
        let mut looks = JoinSet::new();
        for interface in snapshot
            .interfaces
            .iter()
            .filter(|interface| matches!(interface.kind, Kind::Cable | Kind::Unknown))
        {
            match may_serve(&snapshot, interface) {
                Ok(mac) => {
                    tell(pass(text::dhcp::looking(interface)));
                    let interface = interface.clone();
                    looks.spawn(async move {
                        let name = interface.to_string();
                        look(interface, mac).await.map_err(|why| Refused { interface: name, why })
                    });
                }
                Err(why) => refused.push(Refused { interface: interface.to_string(), why }),
            }
        }
        let (sender, told) = unbounded_channel();
        let mut running = JoinSet::new();
        for looked in looks.join_all().await {
            let name =
                looked.as_ref().map_or_else(|no| no.interface.clone(), |clear| clear.interface.to_string());
            match looked.and_then(|clear| {
                blocking(|| ready(system, clear, keeper, &mut tell))
                    .map_err(|why| Refused { interface: name.clone(), why })
            }) {
                Ok((ready, ours)) => {
                    tell(pass(text::dhcp::serving(&name, ours)));
                    running.spawn(ready.serve(system, sender.clone()));
                }
                Err(no) => refused.push(no),
            }
        }
        match running.is_empty() {
            true => Err(refused),
            false => {
                refused.iter().filter(|refused| !refused.why.may_pass()).for_each(|no| tell(no.check()));
                Ok(Self { told, running })
            }
        }
    }

    /// What happens next, and on which interface; none, and every server has stopped.
    pub async fn next(&mut self) -> Option<(String, Told)> {
        self.told.recv().await
    }

    /// Whether every server has stopped, as far as was told.
    pub fn is_empty(&mut self) -> bool {
        while self.running.try_join_next().is_some() {}
        self.running.is_empty() || self.told.is_closed()
    }

    /// What has happened already, if anything.
    pub fn heard(&mut self) -> Option<(String, Told)> {
        self.told.try_recv().ok()
    }
}

/// Sees to our address, and takes the port.
fn ready(
    system: &'static dyn System,
    clear: Clear,
    keeper: &mut Keeper,
    tell: &mut impl FnMut(Check),
) -> Result<(Ready, Network), Refusal> {
    if let Some(ours) = own_network(&clear.interface) {
        return clear.with(ours).map(|ready| (ready, ours));
    }
    let snapshot = system.snapshot().map_err(|error| Refusal::NotLet(error.to_string()))?;
    let ours = unused(&snapshot, &clear)?;
    let Network { address, prefix } = ours;
    let (interface, index) = (clear.interface.name.clone(), clear.interface.index);
    let change = Change::Network(NetworkAddress { interface, index, ours: address, prefix });
    tell(Check::new(CheckName::Route, CheckResult::Warn, text::dhcp::adding(&change)));
    keeper.make(&change).map_err(|trouble| {
        Refusal::NoAddress(format!("{}. {}", trouble.said, text::pc::by_hand(&trouble.by_hand)))
    })?;
    clear.with(ours).map(|ready| (ready, ours)).inspect_err(|_| {
        if let Err(trouble) = keeper.unmake(&change) {
            tracing::error!(change = %trouble.change, said = %trouble.said, "not taken back");
        }
    })
}

/// A network that neither this computer nor anybody on the cable uses, as far as can be asked.
fn unused(snapshot: &Snapshot, clear: &Clear) -> Result<Network, Refusal> {
    free_networks(snapshot)
        .take(MOST_TRIED)
        .find(|network| who_has(&clear.interface, network.address).is_none())
        .ok_or(Refusal::NoNetwork)
}

fn pass(detail: String) -> Check {
    Check::new(CheckName::Route, CheckResult::Pass, detail)
}

/// Runs what blocks, without holding up what else is to be done.
fn blocking<T>(work: impl FnOnce() -> T) -> T {
    tokio::task::block_in_place(work)
}
