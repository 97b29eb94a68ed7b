//! The journey, rule by rule, in virtual time: no socket, no clock, no phone.
//!
//! A [`Journey`] feeds the machine events and keeps what it was told to do. Time moves only by
//! [`Journey::wait`], which also ticks the machine at each of its deadlines, as the rim does.
//! What the machine asks for is compared as words (`look after 1s`), so that a test reads like
//! the log of a recovery.

mod approach;
mod asked;
mod cancel;
mod events;
mod journey;
mod normal_mode;
mod property;
mod restart;
mod roads;
mod rules;
mod sending;
mod transfer;
mod wall;
mod wipe;
mod wording;

use std::time::Duration;

use shared::check::{CheckName, CheckResult};
use shared::failure::FailureCode;
use shared::form::Protocol;
use shared::model::Model;
use shared::phase::Phase;
use shared::protocol::{Identity, Outcome, TransferView};

use super::{Machine, Plan};
use crate::phone::client::LoginError;
use crate::phone::exchange::ExchangeError;
use crate::serve::FileEvent;
use crate::session::event::{Action, Event, Offering, Update};
use crate::session::patience::Patience;
use crate::session::ways::{Way, Ways};
use events::*;

/// One recovery in the making.
struct Journey {
    machine: Machine,
    now: Duration,
    told: Vec<Update>,
    /// What the last event made it do, besides telling.
    asked: Vec<Action>,
    /// What it wants to be kept for the next phone.
    remembered: Vec<Way>,
}

impl Journey {
    fn begin(plan: Plan) -> Self {
        let (machine, actions) = Machine::start(plan, Patience::default());
        let mut journey = Self {
            machine,
            now: Duration::ZERO,
            told: Vec::new(),
            asked: Vec::new(),
            remembered: Vec::new(),
        };
        journey.sort(actions);
        journey
    }

    /// The form has been sent the first time; the phone has not answered yet.
    fn sending() -> Self {
        Self::sending_on(FORM, Plan::default())
    }

    fn sending_on(html: &str, plan: Plan) -> Self {
        let mut journey = Self::sending_first(html, plan);
        journey.asks(&["submit R1"]);
        journey
    }

    /// The same with whatever is sent first.
    fn sending_first(html: &str, plan: Plan) -> Self {
        let mut journey = Self::begin(plan);
        journey.feed(inspected("57i.st")).feed(page(html)).feed(served());
        journey
    }

    /// The phone reads the file, as transfer 1.
    fn transferring() -> Self {
        let mut journey = Self::sending();
        journey.feed(taken()).feed(requested(1));
        journey
    }

    /// With one road alone, what broke is tried once more: the phone asks again, as transfer 9.
    fn once_more(&mut self) -> &mut Self {
        self.asks(&["look after 2.5s"]).feed(recovery()).asks(&["submit R1"]);
        self.feed(taken()).feed(requested(9)).feed(progress(9, 51_200))
    }

    /// The phone has every byte.
    fn writing() -> Self {
        let mut journey = Self::transferring();
        journey.feed(complete(1)).asks(&["look after 1s"]);
        journey
    }

    /// The phone is back and somebody logs in.
    fn verifying(plan: Plan) -> Self {
        let mut journey = Self::sending_on(FORM, plan);
        journey.feed(taken()).feed(requested(1)).feed(complete(1)).feed(dark()).feed(normal());
        journey.asks(&["log in after 0ns"]);
        journey
    }

    /// The phone has been asked for its factory defaults.
    fn wiping() -> Self {
        let mut journey = Self::verifying(Plan::default());
        journey.feed(identified()).feed(settings(&["sip proxy ip"])).asks(&["reset 1"]);
        journey
    }

    fn feed(&mut self, event: Event) -> &mut Self {
        let actions = self.machine.take(event, self.now);
        self.sort(actions);
        self
    }

    fn sort(&mut self, actions: Vec<Action>) {
        self.asked.clear();
        for action in actions {
            match action {
                Action::Tell(update) => self.told.push(update),
                Action::Remember(way) => self.remembered.push(way),
                action => self.asked.push(action),
            }
        }
    }

    /// Lets time pass, with a tick at each deadline, until something is asked for or told.
    fn wait(&mut self, time: Duration) -> &mut Self {
        let until = self.now + time;
        while let Some(deadline) = self.machine.deadline().filter(|deadline| *deadline <= until) {
            self.now = self.now.max(deadline);
            self.feed(Event::Tick);
            assert_ne!(self.machine.deadline(), Some(deadline), "a deadline that never passes");
        }
        self.now = until;
        self
    }

    fn wait_secs(&mut self, seconds: u64) -> &mut Self {
        self.wait(Duration::from_secs(seconds))
    }

    /// What the last event made the machine ask for.
    #[track_caller]
    fn asks(&mut self, expected: &[&str]) -> &mut Self {
        let asked: Vec<String> = self.asked.iter().map(wording::action).collect();
        assert_eq!(asked, expected);
        self
    }

    /// The phases so far, in order.
    fn phases(&self) -> Vec<Phase> {
        self.told
            .iter()
            .filter_map(|update| match update {
                Update::Phase(phase) => Some(*phase),
                _ => None,
            })
            .collect()
    }

    #[track_caller]
    fn is_in(&mut self, phase: Phase) -> &mut Self {
        assert_eq!(self.phases().last(), Some(&phase));
        self
    }

    /// The last finding of a check, if it was made.
    fn finding(&self, name: CheckName) -> Option<CheckResult> {
        self.told.iter().rev().find_map(|update| match update {
            Update::Check(check) if check.name == name => Some(check.result),
            _ => None,
        })
    }

    #[track_caller]
    fn finds(&mut self, name: CheckName, result: CheckResult) -> &mut Self {
        assert_eq!(self.finding(name), Some(result), "{name:?}");
        self
    }

    /// The rungs that were told, as `name number/of`.
    fn rungs(&self) -> Vec<String> {
        self.told
            .iter()
            .filter_map(|update| match update {
                Update::Rung(rung) => Some(format!("{} {}/{}", rung.name, rung.number, rung.of)),
                _ => None,
            })
            .collect()
    }

    #[track_caller]
    fn transfer(&self) -> &TransferView {
        self.told
            .iter()
            .rev()
            .find_map(|update| match update {
                Update::Transfer(transfer) => Some(transfer),
                _ => None,
            })
            .expect("a transfer was told")
    }

    fn outcome(&self) -> Option<&Outcome> {
        let finished: Vec<&Outcome> = self
            .told
            .iter()
            .filter_map(|update| match update {
                Update::Finished(outcome) => Some(outcome),
                _ => None,
            })
            .collect();
        assert!(finished.len() <= 1, "ended more than once: {finished:?}");
        finished.first().copied()
    }

    #[track_caller]
    fn goes_on(&mut self) -> &mut Self {
        assert_eq!(self.outcome(), None);
        self
    }

    #[track_caller]
    fn ends_verified(&mut self) {
        assert_eq!(self.outcome(), Some(&Outcome::Verified));
        self.is_in(Phase::Done).is_over();
    }

    /// Ends with this code; gives what was seen.
    #[track_caller]
    fn ends(&mut self, code: FailureCode) -> String {
        let Some(Outcome::Failed(failure)) = self.outcome().cloned() else {
            panic!("{code:?} expected, not {:?}", self.outcome());
        };
        assert_eq!(failure.code, code, "{}", failure.seen);
        assert!(!failure.seen.is_empty());
        self.is_over();
        failure.seen
    }

    #[track_caller]
    fn is_over(&mut self) {
        assert!(self.machine.is_over());
        assert_eq!(self.machine.deadline(), None);
        self.asks(&[]);
        assert!(matches!(self.told.last(), Some(Update::Finished(_))), "the end is told last");
    }
}
