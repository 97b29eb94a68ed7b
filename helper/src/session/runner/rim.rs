//! What runs for one recovery: each action of the machine becomes a task, and each result an event.

use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use shared::failure::{Failure, FailureCode};
use shared::form::{Protocol, Submission};
use shared::model::Model;
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::sleep;

use super::{FirmwareSource, Ports};
use crate::firmware::Firmware;
use crate::pc;
use crate::pc::ports::{Port, Transport};
use crate::phone::answer::RecoveryPage;
use crate::phone::client::PhoneClient;
use crate::phone::ladder::Rung;
use crate::phone::password::Password;
use crate::phone::request::Login;
use crate::serve::{FileEvent, Hub, Offer, Serving, TransferNumber};
use crate::session::event::{Action, Event, Key, Offering};
use crate::session::now_ms;
use crate::session::surroundings::Surroundings;
use crate::session::ways::{Way, Ways};

/// The running parts. Dropping it ends them all.
pub(super) struct Rim {
    pub(super) client: Arc<PhoneClient>,
    pub(super) source: FirmwareSource,
    pub(super) firmware: Option<Firmware>,
    pub(super) ports: Ports,
    pub(super) hub: Hub,
    pub(super) memory: Option<PathBuf>,
    pub(super) surroundings: Surroundings,
    /// The model, when the person said it: from an archive its file is taken.
    pub(super) model: Option<&'static Model>,
    /// What the person typed.
    pub(super) password: Option<Password>,
    pub(super) serving: Vec<Serving>,
    /// The number of the last upload. They are counted down, for the servers count their
    /// transfers up.
    pub(super) uploads: TransferNumber,
    /// Whether the phone has begun to fetch: a rung that sends twice must not go on then.
    pub(super) fetching: Arc<AtomicBool>,
    pub(super) tasks: JoinSet<()>,
    pub(super) sender: UnboundedSender<(Option<u64>, Event)>,
    /// How many looks were asked for, and the one that is under way: only the last one counts.
    pub(super) looks: u64,
    pub(super) looking: Option<AbortHandle>,
}

impl Rim {
    pub(super) fn note(&mut self, event: &Event) {
        if let Event::File(FileEvent::Requested { .. }) = event {
            self.fetching.store(true, Ordering::Relaxed);
        }
    }

    pub(super) async fn perform(&mut self, action: Action) {
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
