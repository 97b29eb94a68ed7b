//! The journey of one phone as a pure machine: no I/O, no clock.
//!
//! Events and the time since the start go in, actions come out, [`Machine::deadline`] says
//! when the machine wants to be woken. The stages stand in files of their own, in the order of
//! the journey: [`approach`] (with [`rules`]), [`sending`], [`transfer`], [`restart`], [`verify`], [`wipe`]; [`asked`] listens all the while,
//! and [`wall`] knows the firewall.

mod approach;
mod asked;
mod attempt;
mod restart;
mod roads;
mod rules;
mod sending;
#[cfg(test)]
mod tests;
mod transfer;
mod verify;
mod wall;
mod wipe;

pub use verify::TEST_MODE;

use std::net::IpAddr;
use std::time::Duration;

use shared::catalogue::version::Version;
use shared::check::{Check, CheckName, CheckResult};
use shared::failure::{Failure, FailureCode};
use shared::form::Protocol;
use shared::model::Model;
use shared::phase::Phase;
use shared::protocol::Outcome;

use super::event::{Action, Event, Update};
use super::patience::Patience;
use super::ways::{Way, Ways};
use crate::phone::answer::{Answer, RecoveryPage};
use crate::phone::client::Sighting;
use crate::phone::exchange::ExchangeError;
use crate::phone::password::Password;
use crate::serve::TransferNumber;

/// What a recovery is asked to do.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// The model, when the person said it.
    pub model: Option<&'static Model>,
    /// One protocol alone; none means what the form offers.
    pub protocol: Option<Protocol>,
    /// Leave the settings on the phone as they are.
    pub keep_config: bool,
    /// The person answered yes to every question beforehand: a form whose fields are known
    /// only by their place is sent all the same.
    pub accept_guess: bool,
    /// The person agreed that a phone which is found in normal mode is reset without firmware, if
    /// it takes the login.
    pub side_door: bool,
    /// The administrator's password, as the person typed it.
    pub password: Option<Password>,
    /// The version on the phone, when the person is certain of it.
    pub present: Option<Version>,
    /// The model, typed once more as a confirmation (`catalogue::rules`). No other yes stands in
    /// for it.
    pub confirmed: Option<&'static Model>,
    /// The phone's address; the rim fills it in.
    pub address: Option<IpAddr>,
    /// Why this computer cannot reach the phone, when that is certain: it is not even tried then.
    pub unreached: Option<String>,
    /// What worked before.
    pub ways: Ways,
    /// The firewall of this computer may be opened for the phone, until the end.
    pub open_wall: bool,
}

/// The machine.
#[derive(Debug)]
pub struct Machine {
    plan: Plan,
    patience: Patience,
    stage: Stage,
    phase: Option<Phase>,
    actions: Vec<Action>,
    now: Duration,
    file: File,
    /// The ladder while the phone reads, for the case that it breaks off.
    left: Option<Box<attempt::Sending>>,
    /// How the phone was told to fetch what it fetches, and by which rung.
    worked: Option<(Protocol, &'static str)>,
    /// The model that is to come back, as far as it is known.
    expected: Option<&'static Model>,
    /// The same, or else the one that the phone's page names: by it is remembered what worked.
    named: Option<&'static Model>,
    /// The transfer by which the phone got the whole file.
    completed: Option<TransferNumber>,
    /// Our own address on the phone's side.
    local: Option<IpAddr>,
    /// What the phone asked us besides its firmware.
    asked: asked::Asked,
    /// What is known of the firewall, and of our own servers behind it.
    wall: wall::Wall,
}

/// The firmware file, as far as the machine needs it.
#[derive(Debug, Default)]
struct File {
    /// As the person knows it.
    name: String,
    bytes: u64,
    sha1: String,
    /// The version, or all that it may be.
    versions: Vec<Version>,
    /// The model that its strings name.
    inside: Option<&'static Model>,
}

/// Where the machine stands, with what it must remember there.
#[derive(Debug)]
enum Stage {
    Inspecting,
    Finding { looks: u32 },
    Offering(Box<Approach>),
    Sending(Box<attempt::Sending>),
    Transferring(Box<transfer::Transferring>),
    Restarting(restart::Restarting),
    Wiping(wipe::Wiping),
    Over,
}

/// All that is known when the form has been read.
#[derive(Debug)]
struct Approach {
    page: RecoveryPage,
    local: IpAddr,
    roads: Vec<Protocol>,
    file: String,
}

impl Machine {
    /// A machine and its first actions.
    pub fn start(plan: Plan, patience: Patience) -> (Self, Vec<Action>) {
        let mut machine = Self {
            plan,
            patience,
            stage: Stage::Inspecting,
            phase: None,
            actions: Vec::new(),
            now: Duration::ZERO,
            file: File::default(),
            left: None,
            worked: None,
            expected: None,
            named: None,
            completed: None,
            local: None,
            asked: asked::Asked::default(),
            wall: wall::Wall::default(),
        };
        machine.enter(Phase::Prepare);
        machine.act(Action::Inspect);
        let actions = std::mem::take(&mut machine.actions);
        (machine, actions)
    }

    /// Takes an event at a time and says what to do.
    pub fn take(&mut self, event: Event, now: Duration) -> Vec<Action> {
        self.now = now;
        match event {
            Event::Cancel => self.fail(FailureCode::SessionCancelled, "stopped by the person"),
            Event::Tick => self.tick(),
            Event::Inspected(inspected) => self.inspected(inspected),
            Event::Looked(looked) => self.looked(looked),
            Event::Proved(proofs) => self.proved(proofs),
            Event::Walled(report) => self.walled(report),
            Event::WallOpened(opened) => self.wall_opened(opened),
            Event::Served(served) => {
                self.note_servers(&served);
                self.served(served);
            }
            Event::Submitted(answered) => self.answered(answered),
            Event::Uploaded(uploaded) => self.uploaded(uploaded),
            Event::File(event) => {
                self.note_request(&event);
                self.file_event(event);
            }
            Event::LoggedIn(result) => self.logged_in(result),
            Event::SettingsRead(result) => self.settings_read(result),
            Event::ResetSent(result) => self.reset_sent(result),
        }
        std::mem::take(&mut self.actions)
    }

    /// Asks for a look at the phone's page. One that is still under way belongs to an earlier
    /// stage and is forgotten: there is never more than one.
    fn look(&mut self, after: Duration) {
        self.act(Action::Look(after));
    }

    fn looked(&mut self, looked: Result<Sighting, ExchangeError>) {
        match &self.stage {
            Stage::Finding { .. } => self.found(looked),
            Stage::Sending(_) => self.looked_again(looked.map(|sighting| sighting.answer)),
            Stage::Restarting(_) => self.probed(looked.map(|sighting| sighting.answer)),
            Stage::Wiping(_) => self.settling(looked.map(|sighting| sighting.answer)),
            Stage::Transferring(_) => self.looked_at_the_tail(looked.map(|sighting| sighting.answer)),
            Stage::Inspecting | Stage::Offering(_) | Stage::Over => {}
        }
    }

    /// When the machine wants a [`Event::Tick`], if nothing happens before.
    pub fn deadline(&self) -> Option<Duration> {
        match &self.stage {
            Stage::Sending(sending) => sending.deadline(),
            Stage::Transferring(transferring) => transferring.deadline(),
            Stage::Restarting(restarting) => Some(restarting.deadline()),
            Stage::Wiping(wiping) => wiping.deadline(),
            Stage::Inspecting | Stage::Finding { .. } | Stage::Offering(_) | Stage::Over => None,
        }
    }

    /// Whether it has ended.
    pub fn is_over(&self) -> bool {
        matches!(self.stage, Stage::Over)
    }

    fn tick(&mut self) {
        if self.deadline().is_none_or(|deadline| self.now < deadline) {
            return;
        }
        match &self.stage {
            Stage::Sending(_) => self.sending_ran_out(),
            Stage::Transferring(_) => self.transfer_ran_out(),
            Stage::Restarting(_) => self.restart_ran_out(),
            Stage::Wiping(_) => self.wipe_ran_out(),
            Stage::Inspecting | Stage::Finding { .. } | Stage::Offering(_) | Stage::Over => {}
        }
    }

    fn act(&mut self, action: Action) {
        self.actions.push(action);
    }

    fn tell(&mut self, update: Update) {
        self.act(Action::Tell(update));
    }

    fn check(&mut self, name: CheckName, result: CheckResult, detail: impl Into<String>) {
        self.tell(Update::Check(Check::new(name, result, detail)));
    }

    /// Begins a phase, unless it is the present one.
    fn enter(&mut self, phase: Phase) {
        if self.phase != Some(phase) {
            self.phase = Some(phase);
            self.tell(Update::Phase(phase));
        }
    }

    fn fail(&mut self, code: FailureCode, seen: impl Into<String>) {
        self.fail_with(Failure::new(code, seen));
    }

    fn fail_with(&mut self, failure: Failure) {
        if !self.is_over() {
            self.stage = Stage::Over;
            self.tell(Update::Finished(Outcome::Failed(failure)));
        }
    }

    /// What worked for this model and firmware before, if the model is known.
    fn known_way(&self) -> Option<&Way> {
        self.plan.ways.known(self.named?.name, &self.file.sha1)
    }

    /// Keeps what worked for the next phone of this model.
    fn remember(&mut self) {
        if let (Some(model), Some((protocol, rung))) = (self.named, self.worked) {
            let (model, firmware) = (model.name.to_owned(), self.file.sha1.clone());
            self.act(Action::Remember(Way { model, firmware, protocol, rung: rung.to_owned() }));
        }
    }

    fn finish(&mut self) {
        self.remember();
        self.enter(Phase::Done);
        self.stage = Stage::Over;
        self.tell(Update::Finished(Outcome::Verified));
    }
}

/// What a phone looked like, for the stages that wait for it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Look {
    Dark,
    Recovery,
    Normal(String),
    Strange,
}

impl Look {
    fn of<E>(answer: Result<Answer, E>) -> Self {
        match answer {
            Err(_) => Look::Dark,
            Ok(Answer::Recovery(_)) => Look::Recovery,
            Ok(Answer::Normal { name }) => Look::Normal(name),
            Ok(Answer::Stranger { .. } | Answer::Busy) => Look::Strange,
        }
    }
}
