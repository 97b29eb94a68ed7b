//! Prepare, Find and Preflight: everything before the phone is touched.

use shared::check::{CheckName, CheckResult};
use shared::failure::{Failure, FailureCode};
use shared::firmware::{FirmwareView, other_model};
use shared::form::{Certainty, Protocol};
use shared::model::Model;
use shared::phase::Phase;
use shared::protocol::{FormView, SentField};

use super::sending::Sending;
use super::{Approach, Machine, Stage};
use crate::phone::answer::{Answer, RecoveryPage};
use crate::phone::client::Sighting;
use crate::phone::exchange::ExchangeError;
use crate::phone::ladder::{Rung, ladder};
use crate::session::event::{Action, Update};

/// The protocols that we can serve, in our order.
pub(crate) const SERVED: [Protocol; 1] = [Protocol::Tftp];
/// The name on the form when the person's file has one that a phone may not be able to say.
const PLAIN_NAME: &str = "firmware.st";

impl Machine {
    pub(super) fn inspected(&mut self, inspected: Result<FirmwareView, Failure>) {
        if !matches!(self.stage, Stage::Inspecting) {
            return;
        }
        let firmware = match inspected {
            Ok(firmware) => firmware,
            Err(failure) => {
                self.check(CheckName::Firmware, CheckResult::Fail, failure.seen.clone());
                return self.fail_with(failure);
            }
        };
        let detail = format!("{}, {} bytes, sha1 {}", firmware.name, firmware.bytes, firmware.sha1);
        self.check(CheckName::Firmware, CheckResult::Pass, detail);
        if let Err(failure) = self.compare_with_model(&firmware) {
            self.check(CheckName::FirmwareFitsModel, CheckResult::Fail, failure.seen.clone());
            return self.fail_with(failure);
        }
        self.file = (firmware.name, firmware.bytes);
        self.stage = Stage::Finding { looks: 1 };
        self.enter(Phase::Find);
        self.look(std::time::Duration::ZERO);
    }

    fn compare_with_model(&mut self, firmware: &FirmwareView) -> Result<(), Failure> {
        let of_file = Model::by_file(&firmware.name);
        let Some(model) = self.plan.model.or(of_file) else {
            let detail = "the file's name belongs to no model that we know";
            self.check(CheckName::FirmwareFitsModel, CheckResult::Unknown, detail);
            return Ok(());
        };
        self.tell(Update::Model(model.name.to_owned()));
        if let Some(other) = other_model(&firmware.name, model) {
            let seen = format!("{} is for the {}, the phone is a {}", firmware.name, other.name, model.name);
            return Err(Failure::new(FailureCode::FirmwareOtherModel, seen));
        }
        let range = &model.plausible_bytes;
        let (result, detail) = match (range.contains(&firmware.bytes), of_file) {
            (false, _) => (
                CheckResult::Warn,
                format!(
                    "{} bytes; a {} usually has {} to {}",
                    firmware.bytes,
                    model.name,
                    range.start(),
                    range.end()
                ),
            ),
            (true, Some(_)) => {
                (CheckResult::Pass, format!("{} is the file of the {}", model.file, model.name))
            }
            (true, None) => {
                (CheckResult::Unknown, format!("the usual name for the {} is {}", model.name, model.file))
            }
        };
        self.check(CheckName::FirmwareFitsModel, result, detail);
        Ok(())
    }

    pub(super) fn found(&mut self, looked: Result<Sighting, ExchangeError>) {
        let Stage::Finding { looks } = &mut self.stage else { return };
        let sighting = match looked {
            Ok(sighting) => sighting,
            Err(ExchangeError::NoRoute(phone)) => {
                let seen = format!("this computer knows no way to {phone}");
                self.check(CheckName::Route, CheckResult::Fail, seen.clone());
                return self.fail(FailureCode::PcNoRoute, seen);
            }
            Err(_) if *looks < self.patience.looks => {
                *looks += 1;
                return self.look(self.patience.between_looks);
            }
            Err(error) => {
                self.check(CheckName::PhoneAnswers, CheckResult::Fail, error.to_string());
                return self.fail(FailureCode::PhoneNotFound, error.to_string());
            }
        };
        self.check(CheckName::PhoneAnswers, CheckResult::Pass, "its page answers");
        match sighting.answer {
            Answer::Normal { name } => self.in_normal_mode(&name),
            Answer::Busy => {
                let seen = "its page says that it is downloading already";
                self.check(CheckName::RecoveryMode, CheckResult::Fail, seen);
                self.fail(FailureCode::PhoneBusy, seen);
            }
            Answer::Stranger { seen } => {
                self.check(CheckName::RecoveryMode, CheckResult::Fail, seen.clone());
                self.fail(FailureCode::PhoneNotAPhone, seen);
            }
            Answer::Recovery(page) => {
                self.check(CheckName::RecoveryMode, CheckResult::Pass, "its recovery page is there");
                self.enter(Phase::Preflight);
                self.check(
                    CheckName::Route,
                    CheckResult::Pass,
                    format!("this computer is {}", sighting.local),
                );
                self.read_form(*page, sighting.local);
            }
        }
    }

    pub(super) fn in_normal_mode(&mut self, name: &str) {
        let seen = format!("it says \"{name}\" and asks for a password");
        self.check(CheckName::RecoveryMode, CheckResult::Fail, seen.clone());
        self.fail(FailureCode::PhoneNormalMode, seen);
    }

    fn read_form(&mut self, page: RecoveryPage, local: std::net::IpAddr) {
        self.compare_with_page(&page);
        let protocol = match self.choose_protocol(&page) {
            Ok(protocol) => protocol,
            Err(failure) => {
                self.check(CheckName::Form, CheckResult::Fail, failure.seen.clone());
                return self.fail_with(failure);
            }
        };
        let fields = page.form.controls.len();
        let detail = format!("{fields} fields, {} of them understood", page.mapping.mapped.len());
        self.check(CheckName::Form, CheckResult::Pass, detail);
        let model = self.plan.model.or_else(|| Model::by_file(&self.file.0)).or_else(|| page.model());
        self.expected = model;
        let file = model.map_or_else(|| sayable(&self.file.0), |model| model.file.to_owned());
        let mut names = vec![file.clone(), self.file.0.clone()];
        names.extend(
            model.into_iter().flat_map(Model::names).map(|name| format!("{}.st", name.replace(' ', ""))),
        );
        self.act(Action::Serve { protocol, local, names });
        self.stage = Stage::Offering(Box::new(Approach { page, local, protocol, file }));
    }

    /// The page's own words about the model are a hint: they may name several.
    fn compare_with_page(&mut self, page: &RecoveryPage) {
        let Some(on_page) = page.model() else { return };
        let known = self.plan.model.or_else(|| Model::by_file(&self.file.0));
        match known {
            None => self.tell(Update::Model(on_page.name.to_owned())),
            Some(known) if known != on_page => {
                let detail = format!(
                    "the phone's page names the {}, the firmware is for the {}",
                    on_page.name, known.name
                );
                self.check(CheckName::FirmwareFitsModel, CheckResult::Warn, detail);
            }
            Some(_) => {}
        }
    }

    fn choose_protocol(&self, page: &RecoveryPage) -> Result<Protocol, Failure> {
        let offered = page.protocols();
        let words =
            |protocols: &[Protocol]| protocols.iter().map(|p| p.name()).collect::<Vec<_>>().join(", ");
        if offered.is_empty() {
            let seen = page.question();
            return Err(Failure::new(FailureCode::PhoneFormUnknown, seen));
        }
        let usable = offered.iter().copied().filter(|protocol| SERVED.contains(protocol));
        let chosen = match self.plan.protocol {
            Some(wanted) => usable.into_iter().find(|protocol| *protocol == wanted),
            None => usable.into_iter().next(),
        };
        let Some(protocol) = chosen else {
            let seen = format!(
                "its form offers {}; asked for: {}",
                words(&offered),
                self.plan.protocol.map_or("any that we serve", Protocol::name)
            );
            return Err(Failure::new(FailureCode::PhoneNoProtocol, seen));
        };
        let mapping = &page.mapping;
        let guessed = mapping.certainty(protocol) == Some(Certainty::Guess) || mapping.is_tied(protocol);
        // What nothing but places on the page speaks for might be a form for anything.
        let allowed = self.plan.accept_guess && page.speaks && !mapping.is_blind(protocol);
        if guessed && !allowed {
            return Err(Failure::new(FailureCode::PhoneFormUnknown, page.question()));
        }
        Ok(protocol)
    }

    pub(super) fn served(&mut self, served: Result<u16, Failure>) {
        let approach = match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Offering(approach) => approach,
            // Nobody waits for it: everything stays as it is.
            stage => return self.stage = stage,
        };
        match served {
            Err(failure) => {
                self.stage = Stage::Offering(approach);
                self.check(CheckName::Serving, CheckResult::Fail, failure.seen.clone());
                self.fail_with(failure);
            }
            Ok(port) => {
                let detail = format!(
                    "the file is offered at {} by {}, port {port}",
                    approach.local,
                    approach.protocol.name()
                );
                self.check(CheckName::Serving, CheckResult::Pass, detail);
                self.enter(Phase::Send);
                let submission = approach.submission(port);
                let rungs = ladder(&approach.page, &[approach.protocol], None);
                if let Some(first) = rungs.first() {
                    self.tell(Update::Form(form_view(first, &approach.page, &submission)));
                }
                self.stage = Stage::Sending(Box::new(Sending::new(approach.page, submission, rungs)));
                self.climb();
            }
        }
    }
}

/// A name that any boot loader can say: letters, digits and `.-_`, as in RFC 1350's examples.
fn sayable(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let plain = base.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
    if plain && !base.is_empty() { base.to_owned() } else { PLAIN_NAME.to_owned() }
}

pub(super) fn form_view(rung: &Rung, page: &RecoveryPage, submission: &shared::form::Submission) -> FormView {
    let label = |name: &str| {
        page.form.controls.iter().find(|control| control.name == name).map(|control| control.label.clone())
    };
    let fields = rung
        .pairs(page, submission)
        .into_iter()
        .map(|pair| SentField {
            label: label(&pair.name).unwrap_or_default(),
            name: pair.name,
            value: pair.value,
            ours: pair.ours,
        })
        .collect();
    FormView { action: page.form.action.clone(), fields }
}
