//! The firewall of this computer, and the proof that what is served can be fetched (case C08).
//!
//! A firewall that certainly keeps the phone out is opened before the form goes out. One that
//! may is opened when the form was taken and no request comes: the phone goes on asking for a
//! while, and what it asks later finds the way open. Neither is done without a yes, and then the
//! firewall is named first when the phone did not come.

use shared::check::{Check, CheckName, CheckResult};
use shared::failure::{Failure, FailureCode};
use shared::form::Protocol;
use shared::text::pc as words;

use super::attempt::Waiting;
use super::roads::Road;
use super::{Machine, Stage};
use crate::pc::keeper::Trouble;
use crate::pc::ports::Port;
use crate::pc::wall::{Verdict, WallReport};
use crate::session::event::{Action, Proof, Update};

/// What is known.
#[derive(Debug, Default)]
pub(super) struct Wall {
    /// None, and it was not looked at: there is nothing between us and this phone.
    report: Option<WallReport>,
    /// It was opened, or that was tried.
    asked: bool,
    proofs: Vec<Proof>,
    /// The proof failed on the first road.
    doubtful: bool,
}

impl Wall {
    fn keeps_out(&self, port: Port) -> bool {
        self.report.as_ref().is_some_and(|report| report.keeps_out(port))
    }
}

impl Machine {
    pub(super) fn proved(&mut self, proofs: Vec<Proof>) {
        self.wall.proofs = proofs;
    }

    /// That the file is offered, and whether it could be fetched.
    pub(super) fn tell_serving(&mut self, offered: String, roads: &[Road]) {
        let of_road = |proof: &&Proof| roads.iter().any(|road| road.protocol == proof.protocol);
        let proofs: Vec<&Proof> = self.wall.proofs.iter().filter(of_road).collect();
        let through = |wanted: bool| {
            let proofs = proofs.iter().filter(move |proof| proof.fetched.is_ok() == wanted);
            proofs.map(|proof| match &proof.fetched {
                Ok(()) => proof.through.to_string(),
                Err(reason) => words::through(proof.through, reason),
            })
        };
        let (came, failed): (Vec<_>, Vec<_>) = (through(true).collect(), through(false).collect());
        let mut detail = offered;
        if !came.is_empty() {
            detail = words::fetched(&detail, &came.join(", "));
        }
        if !failed.is_empty() {
            detail = words::not_fetched(&detail, &failed.join(", "));
        }
        let first = roads.first().map(|road| road.protocol);
        self.wall.doubtful =
            proofs.iter().any(|proof| Some(proof.protocol) == first && proof.fetched.is_err());
        let result = match (self.wall.doubtful, failed.is_empty()) {
            (true, _) => CheckResult::Fail,
            (false, false) => CheckResult::Warn,
            (false, true) => CheckResult::Pass,
        };
        self.check(CheckName::Serving, result, detail);
    }

    pub(super) fn walled(&mut self, report: WallReport) {
        // A phone that has come in knows better.
        if !matches!(self.stage, Stage::Offering(_) | Stage::Sending(_)) {
            return;
        }
        let first = report.findings.first().map(|(port, _)| *port);
        let check = report.check();
        self.wall.report = Some(report);
        // What is about to be opened is told then.
        let opens = self.plan.open_wall && first.is_some_and(|port| self.wall.keeps_out(port));
        if !opens {
            self.tell(Update::Check(check));
        } else if matches!(self.stage, Stage::Sending(_)) {
            self.open_wall();
        }
    }

    /// Before the first form: what certainly keeps the phone out is opened.
    pub(super) fn open_or_climb(&mut self) {
        let port = self.port_of_road();
        if !(self.plan.open_wall && port.is_some_and(|port| self.wall.keeps_out(port))) {
            return self.climb();
        }
        if let Stage::Sending(sending) = &mut self.stage {
            sending.waiting = Waiting::Wall;
        }
        self.open_wall();
    }

    /// The form was taken, and no request came.
    pub(super) fn open_what_may_keep_out(&mut self) {
        let finding = self.port_of_road().and_then(|port| self.wall.report.as_ref()?.at(port));
        if self.plan.open_wall && finding.is_some_and(|finding| finding.verdict != Verdict::LetsIn) {
            self.open_wall();
        }
    }

    fn open_wall(&mut self) {
        if std::mem::replace(&mut self.wall.asked, true) {
            return;
        }
        let port = self.port_of_road();
        let (Some(report), Some(port)) = (&self.wall.report, port) else { return };
        let phone = self.plan.address.map(|phone| phone.to_string()).unwrap_or_default();
        let sentence = words::opening(&report.seen(port), phone);
        self.check(CheckName::Firewall, CheckResult::Warn, sentence);
        self.act(Action::OpenWall);
    }

    pub(super) fn wall_opened(&mut self, opened: Result<WallReport, Trouble>) {
        match opened {
            _ if self.is_over() => {}
            // It came in all the same.
            Err(_) if !matches!(self.stage, Stage::Sending(_)) => {}
            Ok(report) => {
                self.tell(Update::Check(report.check()));
                self.wall.report = Some(report);
            }
            Err(trouble) => {
                let certain = self.port_of_road().is_some_and(|port| self.wall.keeps_out(port));
                let result = if certain { CheckResult::Fail } else { CheckResult::Warn };
                let check =
                    Check::new(CheckName::Firewall, result, words::not_done(&trouble.change, &trouble.said));
                self.tell(Update::Check(match trouble.by_hand.is_empty() {
                    true => check.with_next(words::FIREWALL_NEXT),
                    false => check.with_next(words::by_hand(&trouble.by_hand)),
                }));
            }
        }
        let least = self.now + self.patience.wall;
        let Stage::Sending(sending) = &mut self.stage else { return };
        if sending.waiting == Waiting::Wall {
            return self.climb();
        }
        sending.wait_at_least(least);
    }

    /// No request came: the firewall is named first, with what was seen of it.
    pub(super) fn name_the_wall(&self, failure: Failure) -> Failure {
        let (Some(report), Some(port)) = (&self.wall.report, self.port_of_road()) else { return failure };
        let code = match report.keeps_out(port) {
            true => FailureCode::PhoneKeptOut,
            false => failure.code,
        };
        Failure::new(code, words::first_the_wall(&report.seen(port), &failure.seen))
    }

    /// The phone itself has asked: whatever was not certain is certain now.
    pub(super) fn came_in(&mut self, protocol: Protocol) {
        if protocol == Protocol::Upload {
            return;
        }
        if std::mem::take(&mut self.wall.doubtful) {
            self.check(CheckName::Serving, CheckResult::Pass, words::came_in(protocol.name()));
        }
        let Some(report) = &mut self.wall.report else { return };
        let is_open = report.findings.iter().all(|(_, finding)| finding.verdict == Verdict::LetsIn);
        if !is_open {
            let seen = words::came_in(protocol.name());
            self.wall.report = None;
            self.check(CheckName::Firewall, CheckResult::Pass, seen);
        }
    }

    /// Where the phone comes on the road that is being tried.
    fn port_of_road(&self) -> Option<Port> {
        let Stage::Sending(sending) = &self.stage else { return None };
        sending.road()?.comes_to()
    }
}
