//! The rim of the session machine: does what it asks, and tells it what happened.

use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use shared::address::PhoneAddress;
use shared::failure::{Failure, FailureCode};
use shared::form::Protocol;
use shared::protocol::Outcome;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};

use super::event::{Action, Event, Update};
use super::machine::{Machine, Plan};
use super::patience::Patience;
use crate::firmware::Firmware;
use crate::phone::client::PhoneClient;
use crate::phone::request::Login;
use crate::serve::{FileEvent, Hub, Offer, Serving};

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
}

/// Where the file comes from.
#[derive(Debug, Clone)]
pub enum FirmwareSource {
    /// A file on disk, inspected when the recovery begins.
    File(PathBuf),
    /// A file that was given to the helper before.
    Held(Firmware),
}

/// Our own listening ports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ports {
    /// TFTP; 69 unless the phone was told otherwise (RFC 1350, 4).
    pub tftp: u16,
}

impl Default for Ports {
    fn default() -> Self {
        Self { tftp: 69 }
    }
}

/// Runs a recovery to its end. `cancel` ends it early; `tell` hears everything.
pub async fn run(
    recovery: Recovery,
    cancel: impl Future<Output = ()>,
    mut tell: impl FnMut(Update),
) -> Outcome {
    let start = Instant::now();
    let (sender, mut receiver) = unbounded_channel();
    let mut cancel = std::pin::pin!(cancel);
    let (mut machine, mut actions) = Machine::start(recovery.plan.clone(), recovery.patience.clone());
    let mut rim = Rim {
        client: Arc::new(PhoneClient::at(recovery.address).await),
        source: recovery.firmware,
        firmware: None,
        ports: recovery.ports,
        hub: recovery.hub,
        serving: None,
        fetching: Arc::default(),
        tasks: JoinSet::new(),
        sender,
    };
    let mut outcome = None;
    loop {
        for action in actions.drain(..) {
            match action {
                Action::Tell(update) => {
                    if let Update::Finished(finished) = &update {
                        outcome = Some(finished.clone());
                    }
                    tell(update);
                }
                action => rim.perform(action).await,
            }
        }
        if let Some(outcome) = outcome {
            if let Some(serving) = rim.serving.take() {
                serving.end().await;
            }
            return outcome;
        }
        while rim.tasks.try_join_next().is_some() {}
        let deadline = machine.deadline().map(|deadline| start + deadline);
        let event = tokio::select! {
            () = &mut cancel => Event::Cancel,
            () = wait_until(deadline) => Event::Tick,
            // The rim holds a sender: the channel never closes.
            Some(event) = receiver.recv() => event,
        };
        rim.note(&event);
        actions = machine.take(event, start.elapsed());
    }
}

async fn wait_until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}

/// The running parts. Dropping it ends them all.
struct Rim {
    client: Arc<PhoneClient>,
    source: FirmwareSource,
    firmware: Option<Firmware>,
    ports: Ports,
    hub: Hub,
    serving: Option<Serving>,
    /// Whether the phone has begun to fetch: a rung that sends twice must not go on then.
    fetching: Arc<AtomicBool>,
    tasks: JoinSet<()>,
    sender: UnboundedSender<Event>,
}

impl Rim {
    fn note(&mut self, event: &Event) {
        if let Event::File(FileEvent::Requested { .. }) = event {
            self.fetching.store(true, Ordering::Relaxed);
        }
    }

    async fn perform(&mut self, action: Action) {
        let client = Arc::clone(&self.client);
        match action {
            // Told by the loop above.
            Action::Tell(_) => {}
            Action::Inspect => {
                let inspected = inspect(self.source.clone()).await;
                let view = inspected.map(|firmware| self.firmware.insert(firmware).view.clone());
                self.send(Event::Inspected(view));
            }
            Action::Look(after) => self.spawn(async move {
                sleep(after).await;
                Event::Looked(client.look().await)
            }),
            Action::Serve { protocol, local, names } => {
                let served = self.serve(protocol, local, names).await;
                self.send(Event::Served(served));
            }
            Action::Submit { rung, page, submission } => {
                let fetching = Arc::clone(&self.fetching);
                self.spawn(async move {
                    Event::Submitted(client.submit(&rung, &page, &submission, &fetching).await)
                });
            }
            Action::LogIn(after) => self.spawn(async move {
                sleep(after).await;
                Event::LoggedIn(client.identity(&Login::factory()).await)
            }),
            Action::ReadSettings => {
                self.spawn(async move { Event::SettingsRead(client.settings(&Login::factory()).await) });
            }
            Action::Reset(option) => {
                self.spawn(async move { Event::ResetSent(client.reset(option, &Login::factory()).await) });
            }
        }
    }

    async fn serve(
        &mut self,
        protocol: Protocol,
        local: std::net::IpAddr,
        names: Vec<String>,
    ) -> Result<u16, Failure> {
        let (Some(firmware), Some(peer), Protocol::Tftp) = (&self.firmware, self.client.ip(), protocol)
        else {
            let seen = format!("asked to serve by {} with nothing to serve", protocol.name());
            return Err(Failure::new(FailureCode::HelperFault, seen));
        };
        let bind = SocketAddr::new(local, self.ports.tftp);
        let offer = Offer { bind, peer, names, bytes: Arc::clone(&firmware.bytes), quarantine: true };
        let sender = self.sender.clone();
        // The session may have ended while the phone still asks: nobody listens then.
        let tell = move |event| drop(sender.send(Event::File(event)));
        let serving = self.hub.serve(protocol, offer, tell).await?;
        let port = serving.port;
        self.serving = Some(serving);
        Ok(port)
    }

    fn spawn(&mut self, work: impl Future<Output = Event> + Send + 'static) {
        let sender = self.sender.clone();
        self.tasks.spawn(async move { drop(sender.send(work.await)) });
    }

    fn send(&self, event: Event) {
        drop(self.sender.send(event));
    }
}

async fn inspect(source: FirmwareSource) -> Result<Firmware, Failure> {
    match source {
        FirmwareSource::Held(firmware) => Ok(firmware),
        FirmwareSource::File(path) => tokio::task::spawn_blocking(move || Firmware::load(&path))
            .await
            .unwrap_or_else(|error| Err(Failure::new(FailureCode::HelperFault, error.to_string()))),
    }
}
