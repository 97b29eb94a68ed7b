//! The rim of the session machine: does what it asks, and tells it what happened.

mod rim;

use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;

use shared::address::PhoneAddress;
use shared::form::Protocol;
use shared::protocol::Outcome;
use tokio::sync::mpsc::unbounded_channel;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use super::event::{Action, Event, Update};
use super::machine::{Machine, Plan};
use super::patience::Patience;
use super::surroundings::Surroundings;
use super::ways::Ways;
use crate::firmware::held::HeldFile;
use crate::pc::wall::gate::Gate;
use crate::pc::{self, awake};
use crate::phone::client::PhoneClient;
use crate::serve::{Hub, TransferNumber};

use rim::Rim;

/// Everything that one recovery needs.
#[derive(Debug)]
pub struct Recovery {
    /// Where the phone's page answers.
    pub address: PhoneAddress,
    /// The file.
    pub firmware: FirmwareSource,
    /// What is asked for.
    pub plan: Plan,
    /// How long things may take.
    pub patience: Patience,
    /// Our own listening ports.
    pub ports: Ports,
    /// The servers, which phones share that ask at the same port.
    pub hub: Hub,
    /// Where it is kept what worked; nowhere, and nothing is known.
    pub memory: Option<PathBuf>,
}

/// Where the file comes from.
#[derive(Debug, Clone)]
pub enum FirmwareSource {
    /// A file on disk, inspected when the recovery begins.
    File(PathBuf),
    /// A file that was given to the helper before.
    Held(HeldFile),
}

/// Our own listening ports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ports {
    /// TFTP; 69 unless the phone was told otherwise (RFC 1350, 4).
    pub tftp: u16,
    /// HTTP; 0 is 80 where it can be had, else any free one, which serves only a phone whose form
    /// has a field for the port.
    pub http: u16,
    /// FTP; 21 unless the phone was told otherwise (RFC 959, 8).
    pub ftp: u16,
}

/// Port of an HTTP server for phones that are not told another one (RFC 9110, 4.2.1).
const HTTP_PORT: u16 = 80;

impl Default for Ports {
    fn default() -> Self {
        Self { tftp: 69, http: 0, ftp: 21 }
    }
}

impl Ports {
    /// The ports to try for a protocol, and whether the phone comes there without being told.
    fn candidates(self, protocol: Protocol) -> Vec<(u16, bool)> {
        match protocol {
            Protocol::Tftp => vec![(self.tftp, true)],
            Protocol::Ftp => vec![(self.ftp, true)],
            Protocol::Http if self.http == 0 => vec![(HTTP_PORT, true), (0, false)],
            Protocol::Http => vec![(self.http, true)],
            Protocol::Upload => Vec::new(),
        }
    }
}

/// Runs a recovery to its end. `cancel` ends it early; `tell` hears everything. A firewall is
/// looked at and left as it is.
pub async fn run(recovery: Recovery, cancel: impl Future<Output = ()>, tell: impl FnMut(Update)) -> Outcome {
    run_behind(Gate::closed(pc::here()), recovery, cancel, tell).await
}

/// The same behind a firewall that this gate may open, if the plan says so.
pub async fn run_behind(
    gate: Gate,
    recovery: Recovery,
    cancel: impl Future<Output = ()>,
    mut tell: impl FnMut(Update),
) -> Outcome {
    let start = Instant::now();
    let (sender, mut receiver) = unbounded_channel();
    let mut cancel = std::pin::pin!(cancel);
    let mut plan = recovery.plan.clone();
    if let Some(memory) = &recovery.memory {
        plan.ways = Ways::load(memory);
    }
    plan.address = recovery.address.ip();
    let (model, password) = (plan.model, plan.password.clone());
    let (mut machine, mut actions) = Machine::start(plan, recovery.patience.clone());
    let mut rim = Rim {
        client: Arc::new(PhoneClient::at(recovery.address).await),
        source: recovery.firmware,
        firmware: None,
        ports: recovery.ports,
        hub: recovery.hub,
        memory: recovery.memory,
        surroundings: Surroundings::new(gate),
        model,
        password,
        serving: Vec::new(),
        uploads: TransferNumber::MAX,
        fetching: Arc::default(),
        tasks: JoinSet::new(),
        sender,
        looks: 0,
        looking: None,
    };
    // A simulated phone on this computer is nothing to stay awake for.
    let is_away = rim.client.ip().is_some_and(|ip| !ip.is_loopback());
    let mut going_to_keep = std::pin::pin!(awake::keep(pc::here()));
    let mut kept_awake = None;
    let mut outcome = None;
    loop {
        for action in actions.drain(..) {
            match action {
                Action::Tell(update) => {
                    if let Update::Finished(finished) = &update {
                        outcome = Some(finished.clone());
                        tell(Update::Exchanges(rim.client.exchanges()));
                    }
                    tell(update);
                }
                action => rim.perform(action).await,
            }
        }
        if let Some(outcome) = outcome {
            for serving in rim.serving.drain(..) {
                serving.end().await;
            }
            return outcome;
        }
        while rim.tasks.try_join_next().is_some() {}
        let deadline = machine.deadline().map(|deadline| start + deadline);
        let event = tokio::select! {
            () = &mut cancel => Event::Cancel,
            () = wait_until(deadline) => Event::Tick,
            kept = &mut going_to_keep, if is_away && kept_awake.is_none() => {
                tell(Update::Check(awake::told(&kept)));
                kept_awake = Some(kept);
                continue;
            }
            // The rim holds a sender: the channel never closes.
            Some((look, event)) = receiver.recv() => {
                if look.is_some_and(|look| look != rim.looks) {
                    // Another look was asked for since.
                    continue;
                }
                event
            }
        };
        rim.note(&event);
        if let Event::Inspected(Ok(view)) = &event {
            tell(Update::Firmware(Box::new(view.clone())));
        }
        if matches!(event, Event::Submitted(_) | Event::Uploaded(_)) {
            tell(Update::Exchanges(rim.client.exchanges()));
        }
        actions = machine.take(event, start.elapsed());
    }
}

async fn wait_until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}
