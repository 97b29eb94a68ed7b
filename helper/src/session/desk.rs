//! All phones of this run, what is known of them, and everybody who watches.
//!
//! The state lives here and not in a page: a reload, a second tab, a closed browser never
//! disturb a phone that is writing its flash. Every change has a number; who connects gets a
//! snapshot and the changes that follow it, without a gap between the two.

mod computer;
mod files;
mod rhythm;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use shared::catalogue::version::Version;
use shared::firmware::FirmwareView;
use shared::model::Model;
use shared::protocol::{
    Change, ComputerView, HelperView, Job, Moment, PhoneId, PhoneView, PracticeView, Rejection, State,
};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::sync::{broadcast, oneshot};

use super::event::Update;
use super::machine::Plan;
use super::now_ms;
use super::patience::Patience;
use super::repairs::{Ended, Repairs, left};
use super::runner::{FirmwareSource, Ports, Recovery};
use crate::firmware::Firmware;
use crate::firmware::held::{Held, HeldFile};
use crate::firmware::uploads::Uploads;
use crate::pc::{self, System, journal};
use crate::phone::exchange_log::RecordedExchange;
use crate::report::Evidence;
use crate::serve::Hub;

/// Changes that a slow page may lie behind before it gets a new snapshot instead.
const BACKLOG: usize = 256;

/// A numbered change.
pub type Numbered = (u64, Change);

/// Why something that a page asked for is not done, and what it was about.
pub type Refused = (Rejection, String);

/// The phones of this run. Cheap to clone: all clones are the same desk.
#[derive(Clone, Debug)]
pub struct Desk(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    inner: Mutex<Inner>,
    changes: broadcast::Sender<Numbered>,
    /// Locked before `inner`, never after it.
    held: Mutex<Held>,
    uploads: Uploads,
    /// Held while a file that has come whole is in memory.
    finishing: Mutex<()>,
}

#[derive(Debug)]
struct Inner {
    seq: u64,
    state: State,
    /// When it was told how far the uploads are, and whether somebody waits to tell it again.
    uploads_told: Option<Instant>,
    uploads_wait: bool,
    running: HashMap<PhoneId, oneshot::Sender<()>>,
    last_phone: u32,
    practice_firmware: Option<Firmware>,
    /// Our ports for phones at certain HTTP ports; practice has several phones on one address.
    ports: HashMap<u16, Ports>,
    /// The servers of all phones of this run.
    hub: Hub,
    /// Where it is kept what worked.
    memory: Option<PathBuf>,
    pages: usize,
    /// What is looked at while a page is connected, and what the page wishes to be searched.
    surroundings: Option<&'static dyn System>,
    watching: Option<UnboundedSender<Vec<u8>>>,
    /// What is changed on this computer for the phones.
    repairs: Repairs,
    /// What is kept of each phone for its report.
    kept: HashMap<PhoneId, Kept>,
}

/// What is kept of a phone beside the state that every page hears.
#[derive(Debug, Clone, Default)]
struct Kept {
    /// Its file, also when that was deleted since.
    firmware: Option<FirmwareView>,
    /// What was sent to it, and what it answered.
    exchanges: Vec<RecordedExchange>,
}

impl Default for Desk {
    fn default() -> Self {
        let helper = HelperView {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            system: std::env::consts::OS.to_owned(),
        };
        let state = State {
            helper,
            firmware: Vec::new(),
            uploads: Vec::new(),
            phones: Vec::new(),
            practice: None,
            computer: ComputerView::default(),
        };
        let inner = Inner {
            seq: 0,
            state,
            uploads_told: None,
            uploads_wait: false,
            running: HashMap::new(),
            last_phone: 0,
            practice_firmware: None,
            ports: HashMap::new(),
            hub: Hub::new(),
            memory: None,
            pages: 0,
            surroundings: None,
            watching: None,
            repairs: Repairs::new(pc::here(), journal::usual_place()),
            kept: HashMap::new(),
        };
        Self(Arc::new(Shared {
            inner: Mutex::new(inner),
            changes: broadcast::channel(BACKLOG).0,
            held: Mutex::default(),
            uploads: Uploads::default(),
            finishing: Mutex::default(),
        }))
    }
}

impl Desk {
    /// The state now, the number of its last change, and all changes after it.
    pub fn watch(&self) -> (u64, State, broadcast::Receiver<Numbered>) {
        let inner = self.lock();
        (inner.seq, inner.state.clone(), self.0.changes.subscribe())
    }

    /// Turns practice mode on, or tells what the simulated phones show now.
    pub fn practise(&self, practice: PracticeView) {
        let mut inner = self.lock();
        self.change(&mut inner, Change::Practice { practice });
    }

    /// Keeps what worked in this file from now on, for the next phone.
    pub fn remember_in(&self, file: Option<PathBuf>) {
        self.lock().memory = file;
    }

    /// The file that [`Desk::use_practice_firmware`] puts among the files, and our ports for
    /// each simulated phone, by the phone's HTTP port.
    pub fn set_practice(&self, firmware: Firmware, ports: HashMap<u16, Ports>) {
        let mut inner = self.lock();
        inner.practice_firmware = Some(firmware);
        inner.ports = ports;
    }

    /// Puts the practice firmware among the files.
    ///
    /// # Errors
    /// [`Rejection::NotPractising`].
    pub fn use_practice_firmware(&self) -> Result<(), Refused> {
        let firmware = self.lock().practice_firmware.clone();
        match firmware {
            Some(firmware) => {
                self.hold(firmware);
                Ok(())
            }
            None => Err((Rejection::NotPractising, "there is no practice firmware".into())),
        }
    }

    /// Starts a recovery.
    ///
    /// # Errors
    /// [`Rejection::NoSuchFirmware`], or [`Rejection::Busy`] when this phone is being
    /// recovered already.
    pub fn start(&self, job: Job) -> Result<PhoneId, Refused> {
        let file = self.held().find(&job.firmware);
        let mut inner = self.lock();
        let id = PhoneId(inner.last_phone + 1);
        let model = job.model.as_deref().and_then(Model::find).map(|model| model.name.to_owned());
        let phone = PhoneView::new(id, job, model);
        self.launch(&mut inner, phone, file)?;
        inner.last_phone = id.0;
        Ok(id)
    }

    /// Runs the job of an ended recovery again.
    ///
    /// # Errors
    /// [`Rejection::NoSuchPhone`] and those of [`Desk::start`].
    pub fn retry(&self, id: PhoneId) -> Result<(), Refused> {
        let known = self.lock().state.phone(id).cloned().ok_or_else(|| no_such_phone(id))?;
        let file = self.held().find(&known.job.firmware);
        let mut inner = self.lock();
        // Looked at again: it may have been taken off the list meanwhile.
        let known = inner.state.phone(id).ok_or_else(|| no_such_phone(id))?;
        let fresh = PhoneView::new(id, known.job.clone(), known.model.clone());
        self.launch(&mut inner, fresh, file)
    }

    /// Stops a running recovery.
    ///
    /// # Errors
    /// [`Rejection::NoSuchPhone`] when none runs for this phone.
    pub fn stop(&self, id: PhoneId) -> Result<(), Refused> {
        let cancel = self.lock().running.remove(&id).ok_or_else(|| no_such_phone(id))?;
        // The recovery may have ended in this moment: then there is nothing to stop.
        cancel.send(()).ok();
        Ok(())
    }

    /// Takes an ended recovery off the list.
    ///
    /// # Errors
    /// [`Rejection::NoSuchPhone`], or [`Rejection::Busy`] while it runs.
    pub fn forget(&self, id: PhoneId) -> Result<(), Refused> {
        let mut inner = self.lock();
        let known = inner.state.phone(id).ok_or_else(|| no_such_phone(id))?;
        if known.is_running() {
            return Err((Rejection::Busy, format!("phone {} is being recovered", id.0)));
        }
        inner.kept.remove(&id);
        self.change(&mut inner, Change::PhoneGone { id });
        Ok(())
    }

    /// The phone as it is known, its file, and every exchange with it that is kept.
    pub fn evidence(&self, id: PhoneId) -> Option<Evidence> {
        let inner = self.lock();
        let Kept { firmware, exchanges } = inner.kept.get(&id).cloned().unwrap_or_default();
        Some(Evidence { phone: inner.state.phone(id)?.clone(), firmware, exchanges })
    }

    /// A page has connected, until what this returns is dropped.
    pub fn page_connected(&self) -> PageConnected {
        let mut inner = self.lock();
        inner.pages += 1;
        if let (Some(system), None) = (inner.surroundings, &inner.watching) {
            let (wishes, heard) = unbounded_channel();
            inner.watching = Some(wishes);
            tokio::spawn(computer::watch(self.clone(), system, heard));
        }
        drop(inner);
        PageConnected(self.clone())
    }

    /// Whether no page is connected and no recovery runs.
    pub fn is_idle(&self) -> bool {
        let inner = self.lock();
        inner.pages == 0 && !inner.state.phones.iter().any(PhoneView::is_running)
    }

    fn launch(&self, inner: &mut Inner, phone: PhoneView, file: Option<HeldFile>) -> Result<(), Refused> {
        let same = |other: &PhoneView| other.is_running() && other.job.address == phone.job.address;
        if let Some(other) = inner.state.phones.iter().find(|other| same(other)) {
            return Err((Rejection::Busy, format!("phone {} has this address", other.id.0)));
        }
        let file = file.ok_or_else(|| (Rejection::NoSuchFirmware, phone.job.firmware.clone()))?;
        let recovery = Recovery {
            address: phone.job.address.clone(),
            firmware: FirmwareSource::Held(file),
            plan: Plan {
                model: phone.job.model.as_deref().and_then(Model::find),
                protocol: phone.job.protocol,
                keep_config: phone.job.keep_config,
                accept_guess: false,
                side_door: phone.job.side_door,
                present: phone.job.present_version.as_deref().and_then(Version::parse),
                confirmed: phone.job.confirmed_model.as_deref().and_then(Model::find),
                ..Plan::default()
            },
            patience: Patience::default(),
            ports: inner.ports.get(&phone.job.address.port).copied().unwrap_or_default(),
            hub: inner.hub.clone(),
            memory: inner.memory.clone(),
        };
        let (id, may, repairs) = (phone.id, phone.job.repair, inner.repairs.clone());
        let (cancel, cancelled) = oneshot::channel();
        inner.running.insert(id, cancel);
        // What was kept belongs to the try before.
        inner.kept.remove(&id);
        self.change(inner, Change::Phone { phone: Box::new(phone) });
        let desk = self.clone();
        tokio::spawn(async move {
            let cancelled = async {
                // A desk that drops the sender has no wish to stop.
                if cancelled.await.is_err() {
                    std::future::pending::<()>().await;
                }
            };
            let Ended { troubles, .. } =
                repairs.run(recovery, may, cancelled, |update| desk.take(id, update)).await;
            troubles.iter().for_each(|trouble| desk.take(id, Update::Check(left(trouble))));
        });
        Ok(())
    }

    fn take(&self, id: PhoneId, update: Update) {
        let mut inner = self.lock();
        let update = match update {
            Update::Exchanges(exchanges) => {
                inner.kept.entry(id).or_default().exchanges = exchanges;
                return;
            }
            Update::Firmware(firmware) => {
                inner.kept.entry(id).or_default().firmware = Some(*firmware);
                return;
            }
            update => update,
        };
        let Some(known) = inner.state.phone(id) else { return };
        if let Update::Transfer(transfer) = &update
            && known.transfer.as_ref().is_some_and(|before| before.file == transfer.file)
        {
            let transfer = transfer.clone();
            return self.change(&mut inner, Change::Progress { id, transfer });
        }
        let mut phone = Box::new(known.clone());
        // In the same breath as it is told: whoever hears of the end may start the next one.
        let is_the_end = matches!(update, Update::Finished(_));
        if is_the_end {
            inner.running.remove(&id);
        }
        apply(&mut phone, update);
        self.change(&mut inner, Change::Phone { phone });
        if is_the_end {
            self.note_end(id);
        }
    }

    fn change(&self, inner: &mut Inner, change: Change) {
        inner.seq += 1;
        inner.state.apply(change.clone());
        // Nobody watching is no fault.
        self.0.changes.send((inner.seq, change)).ok();
    }

    /// A panic elsewhere must not take the phones with it.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connected page; dropping it is the page's leave.
#[derive(Debug)]
pub struct PageConnected(Desk);

impl Drop for PageConnected {
    fn drop(&mut self) {
        self.0.lock().pages -= 1;
    }
}

fn no_such_phone(id: PhoneId) -> Refused {
    (Rejection::NoSuchPhone, format!("phone {}", id.0))
}

/// Brings one phone up to date.
pub fn apply(phone: &mut PhoneView, update: Update) {
    match update {
        Update::Phase(phase) => {
            phone.phase = phase;
            phone.timeline.push(Moment { phase, at_ms: now_ms() });
        }
        Update::Check(check) => {
            match phone.checks.iter_mut().find(|known| known.name == check.name) {
                Some(known) => *known = check,
                None => phone.checks.push(check),
            }
            phone.checks.sort_by_key(|check| check.name);
        }
        Update::Model(model) => phone.model = Some(model),
        Update::Rung(rung) => phone.rung = Some(rung),
        Update::Form(form) => phone.form = Some(form),
        Update::Transfer(transfer) => phone.transfer = Some(transfer),
        Update::Configuration(request) => phone.configuration_asked.push(request),
        Update::Identity(identity) => phone.identity = Some(identity),
        Update::Repairs(repairs) => phone.repairs = repairs,
        // Kept beside the state: it is too much for every page to hear.
        Update::Firmware(_) | Update::Exchanges(_) => {}
        Update::Finished(outcome) => phone.outcome = Some(outcome),
    }
}

#[cfg(test)]
mod tests;
