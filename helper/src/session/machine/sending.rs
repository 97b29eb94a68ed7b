//! Send: the form goes out, one rung of the ladder after the other, until the phone asks for
//! the file.

use std::time::Duration;

use shared::failure::FailureCode;
use shared::form::Submission;
use shared::protocol::RungView;

use super::{Machine, Stage};
use crate::phone::answer::{Answer, RecoveryPage};
use crate::phone::exchange::ExchangeError;
use crate::phone::ladder::Rung;
use crate::phone::verdict::Verdict;
use crate::session::event::{Action, Update};

/// What the machine remembers while it sends.
#[derive(Debug)]
pub(super) struct Sending {
    page: RecoveryPage,
    submission: Submission,
    rungs: Vec<Rung>,
    /// The rung that is being tried; one past the last when all were.
    rung: usize,
    waiting: Waiting,
    /// The phone's last refusal, in its own words.
    refusal: Option<String>,
    /// An answer that said neither yes nor no.
    unclear: Option<String>,
    /// A name that the phone asked for and that we do not have.
    pub(super) other_name: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Waiting {
    /// For the phone's answer to the form.
    Answer,
    /// For the page before the next rung.
    Page,
    /// For a request, until then; the phone said that it is downloading.
    Request(Duration),
    /// For a request, until then; the phone said something else.
    Perhaps(Duration),
}

impl Sending {
    pub(super) fn new(page: RecoveryPage, submission: Submission, rungs: Vec<Rung>) -> Self {
        Self {
            page,
            submission,
            rungs,
            rung: 0,
            waiting: Waiting::Answer,
            refusal: None,
            unclear: None,
            other_name: None,
        }
    }

    pub(super) fn deadline(&self) -> Option<Duration> {
        match self.waiting {
            Waiting::Answer | Waiting::Page => None,
            Waiting::Request(until) | Waiting::Perhaps(until) => Some(until),
        }
    }
}

impl Machine {
    /// Tries the present rung, or gives up when there is none left.
    pub(super) fn climb(&mut self) {
        let Stage::Sending(sending) = &mut self.stage else { return };
        let Some(rung) = sending.rungs.get(sending.rung).copied() else { return self.ladder_ended() };
        sending.waiting = Waiting::Answer;
        let view = RungView {
            name: rung.to_string(),
            number: sending.rung as u32 + 1,
            of: sending.rungs.len() as u32,
        };
        let page = Box::new(sending.page.clone());
        let submission = Box::new(sending.submission.clone());
        self.tell(Update::Rung(view));
        self.act(Action::Submit { rung, page, submission });
    }

    pub(super) fn answered(&mut self, answered: Result<Verdict, ExchangeError>) {
        let (now, patience) = (self.now, self.patience.clone());
        let Stage::Sending(sending) = &mut self.stage else { return };
        let verdict = answered.unwrap_or_else(|error| Verdict::Unknown(error.to_string()));
        match verdict {
            Verdict::Taken => sending.waiting = Waiting::Request(now + patience.request),
            Verdict::Refused(words) => {
                sending.refusal = Some(words);
                if sending.rung + 1 < sending.rungs.len() {
                    return self.next_rung();
                }
                // What it says is a hint: the last rung gets as long for a request as the others.
                sending.waiting = Waiting::Perhaps(now + patience.between_rungs);
            }
            Verdict::Unknown(words) => {
                sending.unclear = Some(words);
                let last = sending.rung + 1 >= sending.rungs.len();
                let wait = if last { patience.request } else { patience.unclear_answer };
                sending.waiting = Waiting::Perhaps(now + wait);
            }
        }
    }

    /// The page is read again before every rung: the phone's server is stateful
    /// (domain.md 1.4, 2).
    fn next_rung(&mut self) {
        let pause = self.patience.between_rungs;
        let Stage::Sending(sending) = &mut self.stage else { return };
        sending.rung += 1;
        if sending.rung >= sending.rungs.len() {
            return self.ladder_ended();
        }
        sending.waiting = Waiting::Page;
        self.look(pause);
    }

    pub(super) fn looked_again(&mut self, answer: Result<Answer, ExchangeError>) {
        let until = self.now + self.patience.request;
        let Stage::Sending(sending) = &mut self.stage else { return };
        if sending.waiting != Waiting::Page {
            return;
        }
        match answer {
            // It said no and took the form all the same: its page has the truth.
            Ok(Answer::Busy) => {
                sending.waiting = Waiting::Request(until);
                return;
            }
            // A form that carries a token has a new one on each page.
            Ok(Answer::Recovery(page)) if page.form.controls.len() == sending.page.form.controls.len() => {
                sending.page = *page;
            }
            // It left its recovery: the form is not for the server that answers now.
            Ok(Answer::Normal { name }) => return self.in_normal_mode(&name),
            Ok(Answer::Recovery(_) | Answer::Stranger { .. }) | Err(_) => {}
        }
        self.climb();
    }

    pub(super) fn sending_ran_out(&mut self) {
        let Stage::Sending(sending) = &self.stage else { return };
        match sending.waiting {
            Waiting::Request(_) => self.no_request(),
            Waiting::Perhaps(_) => self.next_rung(),
            Waiting::Answer | Waiting::Page => {}
        }
    }

    fn no_request(&mut self) {
        let Stage::Sending(sending) = &self.stage else { return };
        if let Some(name) = &sending.other_name {
            let seen = format!("it asked for \"{name}\", the file is {}", sending.submission.file);
            return self.fail(FailureCode::PhoneOtherFile, seen);
        }
        let seconds = self.patience.request.as_secs();
        let seen = format!(
            "the phone took the form; no request came to {} for {seconds} s",
            sending.submission.server
        );
        self.fail(FailureCode::PhoneNoRequest, seen);
    }

    fn ladder_ended(&mut self) {
        let Stage::Sending(sending) = &self.stage else { return };
        match (&sending.other_name, &sending.refusal, &sending.unclear) {
            (Some(_), ..) => self.no_request(),
            (None, Some(words), _) => {
                let seen = format!("sent in {} ways; its last answer: {words}", sending.rungs.len());
                self.fail(FailureCode::PhoneFormRefused, seen);
            }
            (None, None, unclear) => {
                let words = unclear.clone().unwrap_or_default();
                let seen = format!("no request came; its last answer: {words}");
                self.fail(FailureCode::PhoneNoRequest, seen);
            }
        }
    }
}
