//! Prepare, Find and Preflight: everything before the phone is touched.

use std::net::IpAddr;

use shared::check::{CheckName, CheckResult};
use shared::failure::{Failure, FailureCode};
use shared::firmware::{FirmwareView, fits, other_model};
use shared::form::Protocol;
use shared::model::Model;
use shared::phase::Phase;
use shared::protocol::{FormView, SentField};
use shared::text;

use super::{Approach, File, Machine, Stage};
use crate::phone::answer::{Answer, RecoveryPage};
use crate::phone::client::Sighting;
use crate::phone::exchange::ExchangeError;
use crate::phone::ladder::Rung;
use crate::session::event::{Action, Update};

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
        let mut detail = format!("{}, {} bytes, sha1 {}", firmware.name, firmware.bytes, firmware.sha1);
        if let Some(path) = &firmware.taken_from {
            detail.push_str(&format!(", taken from {path}"));
        }
        self.check(CheckName::Firmware, CheckResult::Pass, detail);
        if let Err(failure) = self.compare_with_model(&firmware) {
            self.check(CheckName::FirmwareFitsModel, CheckResult::Fail, failure.seen.clone());
            return self.fail_with(failure);
        }
        let versions = firmware.may_be();
        let inside = firmware.model_inside.as_deref().and_then(Model::find);
        self.file =
            File { name: firmware.name, bytes: firmware.bytes, sha1: firmware.sha1, versions, inside };
        if let Err(failure) = self.ask_rules_for_file() {
            return self.fail_with(failure);
        }
        self.stage = Stage::Finding { looks: 1 };
        self.enter(Phase::Find);
        if let Some(seen) = self.plan.unreached.take() {
            if !self.is_in_test_mode(&seen) {
                self.fail(FailureCode::PcNoRoute, seen);
            }
            return;
        }
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
        let (result, detail) = fits(firmware, model, of_file.is_some());
        self.check(CheckName::FirmwareFitsModel, result, detail);
        Ok(())
    }

    pub(super) fn found(&mut self, looked: Result<Sighting, ExchangeError>) {
        let Stage::Finding { looks } = &mut self.stage else { return };
        let sighting = match looked {
            Ok(sighting) => sighting,
            Err(ExchangeError::NoRoute(phone)) => {
                let seen = format!("this computer knows no way to {phone}");
                if self.is_in_test_mode(&seen) {
                    return;
                }
                self.check(CheckName::Route, CheckResult::Fail, seen.clone());
                return self.fail(FailureCode::PcNoRoute, seen);
            }
            Err(_) if *looks < self.patience.looks => {
                *looks += 1;
                return self.look(self.patience.between_looks);
            }
            Err(error) => {
                if self.is_in_test_mode(&error.to_string()) {
                    return;
                }
                self.check(CheckName::PhoneAnswers, CheckResult::Fail, error.to_string());
                return self.fail(FailureCode::PhoneNotFound, error.to_string());
            }
        };
        // Some servers refuse the first request of all (domain.md 1.4, 3), and some are not up yet.
        if matches!(sighting.answer, Answer::Stranger { .. }) && *looks < self.patience.looks {
            *looks += 1;
            return self.look(self.patience.between_looks);
        }
        self.check(CheckName::PhoneAnswers, CheckResult::Pass, "its page answers");
        let is_recovery = matches!(sighting.answer, Answer::Recovery(_));
        if !is_recovery && self.is_in_test_mode("what answers is not a recovery page") {
            return;
        }
        self.local = Some(sighting.local);
        match sighting.answer {
            Answer::Normal { name } => self.found_normal(&name, sighting.local),
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

    fn read_form(&mut self, page: RecoveryPage, local: IpAddr) {
        self.compare_with_page(&page);
        if let Err(failure) = self.ask_rules_for_page(page.model()) {
            return self.fail_with(failure);
        }
        self.expected = self.plan.model.or_else(|| Model::by_file(&self.file.name));
        // The page may give another model as an example: good enough for a name, and not for a
        // phone to be called another than it is.
        let model = self.expected.or_else(|| page.model());
        self.named = model;
        let roads = match self.choose_roads(&page) {
            Ok(roads) => match over(local, roads) {
                Ok(roads) => roads,
                Err(failure) => {
                    self.check(CheckName::Route, CheckResult::Fail, failure.seen.clone());
                    return self.fail_with(failure);
                }
            },
            Err(failure) => {
                self.check(CheckName::Form, CheckResult::Fail, failure.seen.clone());
                return self.fail_with(failure);
            }
        };
        let fields = page.form.controls.len();
        let detail = format!("{fields} fields, {} of them understood", page.mapping.mapped.len());
        self.check(CheckName::Form, CheckResult::Pass, detail);
        let file = model.map_or_else(|| sayable(&self.file.name), |model| model.file.to_owned());
        let mut names = vec![file.clone(), self.file.name.clone()];
        names.extend(page.fixed_file().map(str::to_owned));
        names.extend(
            model.into_iter().flat_map(Model::names).map(|name| format!("{}.st", name.replace(' ', ""))),
        );
        self.act(Action::Serve { protocols: roads.clone(), local, names });
        self.stage = Stage::Offering(Box::new(Approach { page, local, roads, file }));
    }

    /// The page's own words about the model are a hint: they may name several.
    fn compare_with_page(&mut self, page: &RecoveryPage) {
        let Some(on_page) = page.model() else { return };
        let known = self.plan.model.or_else(|| Model::by_file(&self.file.name));
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
}

/// The roads that are left for our address. Phones in recovery speak IPv4 alone (domain.md 2), and
/// their form has room for nothing else: over IPv6 only a file goes that the form takes itself.
fn over(local: IpAddr, mut roads: Vec<Protocol>) -> Result<Vec<Protocol>, Failure> {
    if local.is_ipv6() {
        roads.retain(|road| *road == Protocol::Upload);
    }
    match roads.is_empty() {
        true => Err(Failure::new(FailureCode::PcNoRoute, text::pc::over_ipv6(local))),
        false => Ok(roads),
    }
}

/// A name that any boot loader can say: letters, digits and `.-_`, as in RFC 1350's examples.
fn sayable(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let plain = base.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
    if plain && !base.is_empty() { base.to_owned() } else { PLAIN_NAME.to_owned() }
}

pub(super) fn form_view(rung: &Rung, page: &RecoveryPage, submission: &shared::form::Submission) -> FormView {
    let (form, _) = page.on(rung.protocol);
    let label = |name: &str| {
        form.controls.iter().find(|control| control.name == name).map(|control| control.label.clone())
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
    FormView { action: rung.action(page).to_owned(), fields, reasons: page.reasons_on(rung.protocol) }
}
