//! The rim of the session machine: does what it asks, and tells it what happened.

use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use shared::address::PhoneAddress;
use shared::failure::{Failure, FailureCode};
use shared::form::{Protocol, Submission};
use shared::model::Model;
use shared::protocol::Outcome;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{Instant, sleep, sleep_until};

use super::event::{Action, Event, Key, Offering, Update};
use super::machine::{Machine, Plan};
use super::now_ms;
use super::patience::Patience;
use super::surroundings::Surroundings;
use super::ways::{Way, Ways};
use crate::firmware::Firmware;
use crate::firmware::held::HeldFile;
use crate::pc::ports::{Port, Transport};
use crate::pc::wall::gate::Gate;
use crate::pc::{self, awake};
use crate::phone::answer::RecoveryPage;
use crate::phone::client::PhoneClient;
use crate::phone::ladder::Rung;
use crate::phone::password::Password;
use crate::phone::request::Login;
use crate::serve::{FileEvent, Hub, Offer, Serving, TransferNumber};

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

/// The running parts. Dropping it ends them all.
struct Rim {
    client: Arc<PhoneClient>,
    source: FirmwareSource,
    firmware: Option<Firmware>,
    ports: Ports,
    hub: Hub,
    memory: Option<PathBuf>,
    surroundings: Surroundings,
    /// The model, when the person said it: from an archive its file is taken.
    model: Option<&'static Model>,
    /// What the person typed.
    password: Option<Password>,
    serving: Vec<Serving>,
    /// The number of the last upload. They are counted down, for the servers count their
    /// transfers up.
    uploads: TransferNumber,
    /// Whether the phone has begun to fetch: a rung that sends twice must not go on then.
    fetching: Arc<AtomicBool>,
    tasks: JoinSet<()>,
    sender: UnboundedSender<(Option<u64>, Event)>,
    /// How many looks were asked for, and the one that is under way: only the last one counts.
    looks: u64,
    looking: Option<AbortHandle>,
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
                let inspected = inspect(self.source.clone(), self.model).await;
                let view = inspected.map(|firmware| self.firmware.insert(firmware).view.clone());
                self.send(Event::Inspected(view));
            }
            Action::Look(after) => self.look(client, after),
            Action::Serve { protocols, local, names } => {
                let offerings = self.serve(&protocols, local, &names).await;
                self.look_around(&protocols, local, names, offerings);
            }
            Action::OpenWall => {
                let opened = self.surroundings.open(client.ip());
                self.spawn(async move { Event::WallOpened(opened.await) });
            }
            Action::Submit { rung, page, submission } => self.submit(client, rung, page, submission),
            Action::LogIn { after, keys } => {
                let logins: Vec<Login> = keys.iter().map(|key| self.login(*key)).collect();
                self.spawn(async move {
                    sleep(after).await;
                    let found = client.log_in(&logins).await;
                    Event::LoggedIn(found.map(|(identity, taken)| (identity, keys[taken])))
                });
            }
            Action::ReadSettings(key) => {
                let login = self.login(key);
                self.spawn(async move { Event::SettingsRead(client.settings(&login).await) });
            }
            Action::Reset(option, key) => {
                let login = self.login(key);
                self.spawn(async move { Event::ResetSent(client.reset(option, &login).await) });
            }
            Action::Remember(way) => self.remember(way),
        }
    }

    fn login(&self, key: Key) -> Login {
        match (key, &self.password) {
            (Key::Typed, Some(password)) => password.login(),
            (Key::Factory | Key::Typed, _) => Login::factory(),
        }
    }

    /// Starts a server for each of these protocols, and the others where they can be had: a phone
    /// may fetch by a way that its form does not name, and after its restart it is to ask us for a
    /// configuration, and nobody else.
    async fn serve(&mut self, protocols: &[Protocol], local: IpAddr, names: &[String]) -> Vec<Offering> {
        let mut offerings = Vec::new();
        for protocol in [Protocol::Tftp, Protocol::Http, Protocol::Ftp] {
            let offering = self.serve_by(protocol, local, names).await;
            if let (false, Err(failure)) = (protocols.contains(&protocol), &offering.port) {
                tracing::info!(protocol = protocol.name(), seen = %failure.seen, "not served");
            }
            offerings.push(offering);
        }
        offerings
    }

    /// Says that the servers are up, when what can be known of the way to them is known.
    fn look_around(
        &mut self,
        protocols: &[Protocol],
        local: IpAddr,
        names: Vec<String>,
        offerings: Vec<Offering>,
    ) {
        let (Some(firmware), Some(phone)) = (&self.firmware, self.client.ip()) else {
            return self.send(Event::Served(offerings));
        };
        let offer = Offer {
            bind: SocketAddr::new(local, 0),
            peer: local,
            names,
            bytes: Arc::clone(&firmware.bytes),
            quarantine: false,
        };
        let looking = self.surroundings.look(phone, protocols, &offerings, self.hub.clone(), offer);
        let sender = self.sender.clone();
        let tell = move |event| drop(sender.send((None, event)));
        self.tasks.spawn(async move { looking.tell_around(Event::Served(offerings), tell).await });
    }

    async fn serve_by(&mut self, protocol: Protocol, local: IpAddr, names: &[String]) -> Offering {
        let mut offering = Offering {
            protocol,
            port: Err(Failure::new(FailureCode::HelperFault, "there is nothing to serve")),
            expected: true,
        };
        let (Some(firmware), Some(peer)) = (&self.firmware, self.client.ip()) else { return offering };
        for (port, expected) in self.ports.candidates(protocol) {
            let sender = self.sender.clone();
            // The session may have ended while the phone still asks: nobody listens then.
            let tell = move |event| drop(sender.send((None, Event::File(event))));
            let offer = Offer {
                bind: SocketAddr::new(local, port),
                peer,
                names: names.to_vec(),
                bytes: Arc::clone(&firmware.bytes),
                quarantine: true,
            };
            match self.hub.serve(protocol, offer, tell).await {
                Ok(serving) => {
                    offering = Offering { protocol, port: Ok(serving.port), expected };
                    self.serving.push(serving);
                    break;
                }
                Err(failure) => offering.port = Err(name_the_holder(failure, protocol, port).await),
            }
        }
        offering
    }

    fn submit(
        &mut self,
        client: Arc<PhoneClient>,
        rung: Rung,
        page: Box<RecoveryPage>,
        submission: Box<Submission>,
    ) {
        if submission.protocol == Protocol::Upload {
            return self.upload(client, rung, page, submission);
        }
        // No rung begins while a transfer runs: what was fetched before says nothing about it.
        self.fetching.store(false, Ordering::Relaxed);
        let fetching = Arc::clone(&self.fetching);
        self.spawn(
            async move { Event::Submitted(client.submit(&rung, &page, &submission, &fetching).await) },
        );
    }

    /// Sends the form with the file in it. For whoever watches it is a transfer like any other.
    fn upload(
        &mut self,
        client: Arc<PhoneClient>,
        rung: Rung,
        page: Box<RecoveryPage>,
        submission: Box<Submission>,
    ) {
        let Some(firmware) = &self.firmware else { return };
        let bytes = Arc::clone(&firmware.bytes);
        self.uploads -= 1;
        let transfer = self.uploads;
        let requested = FileEvent::Requested {
            transfer,
            protocol: Protocol::Upload,
            name: submission.file.clone(),
            total: bytes.len() as u64,
        };
        let sender = self.sender.clone();
        let begun = AtomicBool::new(false);
        let progress = move |bytes| {
            if !begun.swap(true, Ordering::Relaxed) {
                drop(sender.send((None, Event::File(requested.clone()))));
            }
            drop(sender.send((None, Event::File(FileEvent::Progress { transfer, bytes }))));
        };
        self.spawn(async move {
            Event::Uploaded(client.upload(&rung, &page, &submission, bytes, progress).await)
        });
    }

    fn remember(&self, way: Way) {
        let Some(memory) = &self.memory else { return };
        let mut ways = Ways::load(memory);
        ways.add(way);
        if let Err(error) = ways.save(memory) {
            // The next phone takes a few seconds longer.
            tracing::warn!(path = %memory.display(), %error, "what worked is not kept");
        }
    }

    fn look(&mut self, client: Arc<PhoneClient>, after: Duration) {
        self.looks += 1;
        let (look, sender) = (Some(self.looks), self.sender.clone());
        let task = self.tasks.spawn(async move {
            sleep(after).await;
            drop(sender.send((look, Event::Looked(client.look().await))));
        });
        if let Some(before) = self.looking.replace(task) {
            before.abort();
        }
    }

    fn spawn(&mut self, work: impl Future<Output = Event> + Send + 'static) {
        let sender = self.sender.clone();
        self.tasks.spawn(async move { drop(sender.send((None, work.await))) });
    }

    fn send(&self, event: Event) {
        drop(self.sender.send((None, event)));
    }
}

/// Adds who holds a port that is taken, as far as the system tells.
async fn name_the_holder(mut failure: Failure, protocol: Protocol, number: u16) -> Failure {
    if failure.code == FailureCode::PcPortTaken {
        let transport = if protocol == Protocol::Tftp { Transport::Udp } else { Transport::Tcp };
        let look = move || pc::here().holder(Port { transport, number });
        if let Ok(Some(holder)) = tokio::task::spawn_blocking(look).await {
            failure.seen = format!("{}: {holder}", failure.seen);
        }
    }
    failure
}

async fn inspect(source: FirmwareSource, model: Option<&'static Model>) -> Result<Firmware, Failure> {
    let inspected = tokio::task::spawn_blocking(move || match source {
        FirmwareSource::Held(file) => file.open(now_ms()),
        FirmwareSource::File(path) => Firmware::load_for(&path, model),
    });
    inspected.await.unwrap_or_else(|error| Err(Failure::new(FailureCode::HelperFault, error.to_string())))
}
