//! Send: the form goes out, one rung of the ladder after the other and one road after the other,
//! until the phone takes the file.

use shared::failure::{Failure, FailureCode};
use shared::phase::Phase;
use shared::protocol::RungView;

use super::attempt::Waiting;
use super::{Machine, Stage};
use crate::phone::answer::{Answer, RecoveryPage};
use crate::phone::exchange::ExchangeError;
use crate::phone::upload::{UploadError, Uploaded};
use crate::phone::verdict::Verdict;
use crate::session::event::{Action, Update};

/// How often a phone that says it is downloading, and asks for nothing, is given its time again.
const MOST_BUSY: u32 = 2;

impl Machine {
    /// Tries the present rung, or gives up when there is none left.
    pub(super) fn climb(&mut self) {
        let Stage::Sending(sending) = &mut self.stage else { return };
        let Some(rung) = sending.climb.rung().copied() else { return self.ladder_ended() };
        sending.waiting = Waiting::Answer;
        sending.open_at = None;
        sending.fresh_road = false;
        let (number, of) = sending.climb.place();
        let view = RungView { name: rung.to_string(), number: number as u32, of: of as u32 };
        let page = Box::new(sending.page.clone());
        let submission = Box::new(sending.submission(rung.protocol));
        self.enter(Phase::Send);
        self.tell(Update::Rung(view));
        self.tell(Update::Form(super::approach::form_view(&rung, &page, &submission)));
        self.act(Action::Submit { rung, page, submission });
    }

    pub(super) fn answered(&mut self, answered: Result<Verdict, ExchangeError>) {
        let (now, patience) = (self.now, self.patience.clone());
        let Stage::Sending(sending) = &mut self.stage else { return };
        let verdict = answered.unwrap_or_else(|error| Verdict::Unknown(error.to_string()));
        let is_noted = matches!(verdict, Verdict::Noted(_));
        // A phone that said no asks for nothing.
        sending.open_at = (!matches!(verdict, Verdict::Refused(_))).then_some(now + patience.wall);
        match verdict {
            Verdict::Taken => sending.waiting = Waiting::Request(now + patience.request),
            Verdict::Refused(words) => {
                sending.refusal = Some(words);
                if !sending.climb.is_last() {
                    return self.next_rung();
                }
                // What it says is a hint: the last rung gets as long for a request as the others.
                sending.waiting = Waiting::Perhaps(now + patience.between_rungs);
            }
            Verdict::Noted(words) | Verdict::Unknown(words) => {
                // Most likely it took the form, in words of its own (domain.md 7.6). The second
                // time they are known to mean nothing.
                let first = is_noted && sending.unclear.as_ref() != Some(&words);
                sending.unclear = Some(words);
                let wait =
                    if first || sending.climb.is_last() { patience.request } else { patience.unclear_answer };
                sending.waiting = Waiting::Perhaps(now + wait);
            }
        }
    }

    /// The upload is over. What the phone says is a hint; the whole file given away is a fact.
    pub(super) fn uploaded(&mut self, uploaded: Result<Uploaded, UploadError>) {
        let uploaded = match uploaded {
            Ok(uploaded) => uploaded,
            Err(UploadError::Exchange(error)) => return self.answered(Err(error)),
            // It hung up in the middle, without a word: perhaps it cannot read this way of sending.
            Err(error @ UploadError::Broke { .. }) if self.is_uploading() => {
                return self.upload_broke(&error);
            }
            Err(error) if self.is_uploading() => {
                return self.transfer_failed(FailureCode::PhoneTransferBroke, &error.to_string());
            }
            Err(error) => return self.answered(Ok(Verdict::Unknown(error.to_string()))),
        };
        if !self.is_uploading() {
            return self.answered(Ok(uploaded.verdict));
        }
        match uploaded.verdict {
            Verdict::Refused(words) => {
                if let Some(left) = &mut self.left {
                    left.given |= uploaded.whole;
                }
                self.upload_refused(words);
            }
            Verdict::Taken => self.wait_for_phone(),
            Verdict::Noted(_) | Verdict::Unknown(_) if uploaded.whole => self.wait_for_phone(),
            Verdict::Noted(words) | Verdict::Unknown(words) => self.upload_refused(words),
        }
    }

    fn upload_broke(&mut self, error: &UploadError) {
        let Some(mut sending) = self.left.take() else { return };
        sending.note_ended(&Failure::new(FailureCode::PhoneTransferBroke, error.to_string()));
        self.stage = Stage::Sending(sending);
        self.next_rung();
    }

    fn upload_refused(&mut self, words: String) {
        let Some(mut sending) = self.left.take() else { return };
        sending.refusal = Some(words);
        self.stage = Stage::Sending(sending);
        self.next_rung();
    }

    /// The page is read again before every rung: the phone's server is stateful
    /// (domain.md 1.4, 2).
    fn next_rung(&mut self) {
        let Stage::Sending(sending) = &mut self.stage else { return };
        sending.climb.refused();
        self.look_before_step();
    }

    fn look_before_step(&mut self) {
        let pause = self.patience.between_rungs;
        let Stage::Sending(sending) = &mut self.stage else { return };
        if sending.climb.rung().is_none() {
            return self.ladder_ended();
        }
        sending.waiting = Waiting::Page;
        self.look(pause);
    }

    /// Goes on with the next protocol that the form offers (domain.md 7.5, R6), or ends with the
    /// first reason for which one did not work.
    pub(super) fn next_road(&mut self, failure: Failure) {
        if !matches!(self.stage, Stage::Sending(_)) {
            match self.left.take() {
                Some(sending) => self.stage = Stage::Sending(sending),
                None => return self.fail_with(failure),
            }
        }
        let Stage::Sending(sending) = &mut self.stage else { return };
        sending.note_ended(&failure);
        let told = sending.ended.clone().unwrap_or_else(|| failure.clone());
        sending.fresh_road = true;
        let rung = sending.climb.rung().copied();
        if is_about_the_transfer(&failure) {
            sending.broke.extend(rung);
        }
        if sending.climb.other_protocol().is_some() {
            return self.look_before_step();
        }
        // A person would click again (C05), and so would one whose phone went farthest on this road;
        // not so where it is certain that a firewall keeps it out.
        let again = match (sending.roads.len(), sending.broke.as_slice()) {
            _ if sending.once_more => None,
            (1, _) => rung
                .filter(|_| is_about_the_transfer(&failure) || failure.code == FailureCode::PhoneNoRequest),
            (_, [only]) => Some(*only),
            _ => None,
        };
        match again {
            Some(rung) => {
                sending.once_more = true;
                sending.climb.once_more(rung);
                self.look_before_step();
            }
            None => self.fail_with(told),
        }
    }

    /// The same while the phone is at work.
    pub(super) fn note_ended(&mut self, failure: Failure) {
        if let Some(left) = &mut self.left {
            left.note_ended(&failure);
        }
    }

    pub(super) fn looked_again(&mut self, answer: Result<Answer, ExchangeError>) {
        let until = self.now + self.patience.request;
        let Stage::Sending(sending) = &mut self.stage else { return };
        if sending.waiting != Waiting::Page {
            return;
        }
        match answer {
            // It said no and took the form all the same, or it is still at the form before: its
            // page has the truth, and no rung is tried while it says so.
            Ok(Answer::Busy) => {
                if !sending.fresh_road {
                    // It took the form of the rung before, whatever it said.
                    sending.waiting = Waiting::Request(until);
                    return;
                }
                sending.busy += 1;
                if sending.busy > MOST_BUSY {
                    let failure = sending.ended.clone();
                    let failure = failure.unwrap_or_else(|| self.no_request());
                    return self.fail_with(failure);
                }
                sending.waiting = Waiting::Busy(until);
                return;
            }
            // A form that carries a token has a new one on each page.
            Ok(Answer::Recovery(page)) if is_same_form(&page, &sending.page) => sending.page = *page,
            // It left its recovery: the form is not for the server that answers now.
            // Unless it has the file, and said no all the same.
            Ok(Answer::Normal { .. }) if sending.given => return self.back(),
            Ok(Answer::Normal { name }) => return self.in_normal_mode(&name),
            Ok(Answer::Recovery(_) | Answer::Stranger { .. }) | Err(_) => {}
        }
        self.climb();
    }

    pub(super) fn sending_ran_out(&mut self) {
        let now = self.now;
        let Stage::Sending(sending) = &mut self.stage else { return };
        let ran_out = sending.request_until().is_some_and(|until| until <= now);
        if sending.open_at.take_if(|open_at| *open_at <= now).is_some() {
            self.open_what_may_keep_out();
        }
        let Stage::Sending(sending) = &self.stage else { return };
        match sending.waiting {
            _ if !ran_out => {}
            // It may have its form again by now.
            Waiting::Busy(_) => self.look_before_step(),
            Waiting::Request(_) => {
                let failure = self.no_request();
                self.next_road(failure);
            }
            Waiting::Perhaps(_) => self.next_rung(),
            Waiting::Wall | Waiting::Answer | Waiting::Page => {}
        }
    }

    fn no_request(&self) -> Failure {
        let Stage::Sending(sending) = &self.stage else {
            return Failure::new(FailureCode::HelperFault, "no form was sent");
        };
        if let Some(name) = &sending.other_name {
            let seen = format!("it asked for \"{name}\", the file is {}", sending.file);
            return Failure::new(FailureCode::PhoneOtherFile, seen);
        }
        let seconds = self.patience.request.as_secs();
        let seen = format!("the phone took the form; no request came to {} for {seconds} s", sending.local);
        self.name_the_wall(Failure::new(FailureCode::PhoneNoRequest, seen))
    }

    fn ladder_ended(&mut self) {
        let Stage::Sending(sending) = &self.stage else { return };
        let failure = match (&sending.ended, &sending.other_name, &sending.refusal, &sending.unclear) {
            (Some(failure), ..) => failure.clone(),
            (None, Some(_), ..) => self.no_request(),
            (None, None, Some(words), _) => {
                let seen = format!("sent in {} ways; its last answer: {words}", sending.climb.place().1);
                Failure::new(FailureCode::PhoneFormRefused, seen)
            }
            (None, None, None, unclear) => {
                let words = unclear.clone().unwrap_or_default();
                let seen = format!("no request came; its last answer: {words}");
                self.name_the_wall(Failure::new(FailureCode::PhoneNoRequest, seen))
            }
        };
        self.fail_with(failure);
    }
}

/// Whether this is the form that was understood before, and still the phone's own.
fn is_same_form(page: &RecoveryPage, before: &RecoveryPage) -> bool {
    page.form.controls.len() == before.form.controls.len() && page.form.elsewhere.is_none()
}

fn is_about_the_transfer(failure: &Failure) -> bool {
    matches!(failure.code, FailureCode::PhoneTransferBroke | FailureCode::PhoneRefusedFile)
}
