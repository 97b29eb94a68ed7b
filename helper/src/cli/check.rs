//! `hookflash check`: the preflight alone. Nothing is sent to the phone but the question for its
//! page, and nothing is changed on this computer.

use std::net::IpAddr;
use std::process::ExitCode;

use serde_json::json;
use shared::address::PhoneAddress;
use shared::check::CheckResult::{Fail, Pass, Unknown, Warn};
use shared::check::{Check, CheckName};
use shared::failure::{Failure, FailureCode};
use shared::firmware::FirmwareView;
use shared::form::{Certainty, Protocol};
use shared::model::Model;
use shared::protocol::Outcome;
use shared::text;

use super::args;
use super::show::{JsonLines, Sentences, Show, print};
use crate::firmware::Firmware;
use crate::pc::journal::usual_place;
use crate::pc::preflight::Facts;
use crate::pc::{awake, here};
use crate::phone::answer::{Answer, RecoveryPage};
use crate::phone::client::{PhoneClient, Sighting};
use crate::phone::exchange::ExchangeError;
use crate::session::event::Update;
use crate::session::machine::TEST_MODE;

/// The checks so far, and the first one that is in the way.
#[derive(Default)]
struct Report {
    checks: Vec<Check>,
    failure: Option<Failure>,
}

impl Report {
    fn add(&mut self, check: Check) {
        if check.result == Fail {
            let code = code_of(check.name);
            self.failure.get_or_insert_with(|| Failure::new(code, check.detail.clone()));
        }
        self.checks.push(check);
    }

    fn fail(&mut self, name: CheckName, failure: Failure) {
        self.checks
            .push(Check::new(name, Fail, failure.seen.clone()).with_next(text::failure(failure.code).next));
        self.failure.get_or_insert(failure);
    }
}

/// Looks at everything and tells it. The order of what is in the way is the one of the exit
/// codes: the file, this computer, the phone.
pub(super) async fn run(options: args::Check) -> anyhow::Result<ExitCode> {
    let mut report = Report::default();
    let firmware = match options.firmware {
        None => None,
        Some(path) => tokio::task::spawn_blocking(move || Firmware::load(&path)).await?.map_or_else(
            |failure| {
                report.fail(CheckName::Firmware, failure);
                None
            },
            |firmware| Some(firmware.view),
        ),
    };
    if let Some(view) = &firmware {
        let detail = format!("{}, {} bytes, sha1 {}", view.name, view.bytes, view.sha1);
        report.add(Check::new(CheckName::Firmware, Pass, detail));
    }
    let (address, seen) = match options.phone {
        None => (None, None),
        Some(address) => {
            let client = PhoneClient::at(address.clone()).await;
            (client.ip().map(|ip| (address, ip)), Some(client.look().await))
        }
    };
    let page = seen.as_ref().and_then(page_of);
    if let Some(view) = &firmware {
        report.add(fits(view, page));
    }
    let answers = seen.as_ref().map(is_a_phone);
    let (phone, other) = match address.as_ref().map(|(_, ip)| *ip) {
        Some(IpAddr::V4(ip)) => (Some(ip), None),
        Some(IpAddr::V6(ip)) => (None, Some(ip)),
        None => (None, None),
    };
    let folder = usual_place();
    let looked =
        tokio::task::spawn_blocking(move || Facts::gather(here(), phone, answers, folder.as_deref()));
    let mut looked = looked.await?;
    looked.other_address = other;
    // Tried for a moment: that the program for it is there says little.
    looked.keeps_awake = awake::keep(here()).await.ok().map(|awake| awake.holds_the_lid);
    looked.room.firmware = firmware.as_ref().map(|view| view.bytes);
    looked.report().into_iter().for_each(|check| report.add(check));
    if let Some(seen) = seen {
        judge(&mut report, seen, address.map(|(address, _)| address));
    }
    Ok(tell(&report, options.json))
}

fn page_of(seen: &Result<Sighting, ExchangeError>) -> Option<&RecoveryPage> {
    match seen {
        Ok(Sighting { answer: Answer::Recovery(page), .. }) => Some(page),
        _ => None,
    }
}

fn is_a_phone(seen: &Result<Sighting, ExchangeError>) -> bool {
    seen.as_ref().is_ok_and(|seen| !matches!(seen.answer, Answer::Stranger { .. }))
}

/// What is in the way, by the check that found it.
fn code_of(name: CheckName) -> FailureCode {
    match name {
        CheckName::Firmware => FailureCode::FirmwareNotFirmware,
        CheckName::FirmwareFitsModel => FailureCode::FirmwareOtherModel,
        CheckName::FirmwareRules => FailureCode::FirmwareMakesUnusable,
        CheckName::Cable | CheckName::Route | CheckName::Overlap | CheckName::Shadow => {
            FailureCode::PcNoRoute
        }
        CheckName::Ports | CheckName::Serving => FailureCode::PcPortTaken,
        CheckName::PortRights => FailureCode::PcPortForbidden,
        CheckName::PhoneAnswers => FailureCode::PhoneNotFound,
        CheckName::RecoveryMode => FailureCode::PhoneNotAPhone,
        CheckName::Form => FailureCode::PhoneFormUnknown,
        CheckName::Firewall => FailureCode::PcFirewall,
        CheckName::Disk
        | CheckName::Sleep
        | CheckName::Login
        | CheckName::Identity
        | CheckName::LocalConfiguration => FailureCode::HelperFault,
    }
}

/// The model is known by the phone's page, as far as it names one: that is a hint, no proof.
fn fits(firmware: &FirmwareView, page: Option<&RecoveryPage>) -> Check {
    let of = |result, detail: String| Check::new(CheckName::FirmwareFitsModel, result, detail);
    let named = page.and_then(RecoveryPage::model);
    let Some(model) = Model::by_file(&firmware.name) else {
        return of(Unknown, "the file's name belongs to no model that we know".into());
    };
    if let Some(named) = named.filter(|named| *named != model) {
        let seen =
            format!("the phone's page names the {}, the firmware is for the {}", named.name, model.name);
        return of(Warn, seen).with_next(text::failure(FailureCode::FirmwareOtherModel).next);
    }
    let (result, detail) = shared::firmware::fits(firmware, model, true);
    of(result, detail)
}

/// The phone itself.
fn judge(report: &mut Report, seen: Result<Sighting, ExchangeError>, address: Option<PhoneAddress>) {
    let is_test_mode = address.and_then(|address| address.ip()) == Some(TEST_MODE);
    let test_mode = |seen: String| Failure::new(FailureCode::PhoneTestMode, seen);
    let (answer, local) = match seen {
        Ok(seen) => (seen.answer, seen.local),
        Err(error) if is_test_mode => {
            return report.fail(CheckName::PhoneAnswers, test_mode(error.to_string()));
        }
        Err(error) => {
            let failure = Failure::new(FailureCode::PhoneNotFound, error.to_string());
            return report.fail(CheckName::PhoneAnswers, failure);
        }
    };
    report.add(Check::new(CheckName::PhoneAnswers, Pass, "its page answers"));
    let failure = match answer {
        Answer::Recovery(page) => {
            report.add(Check::new(CheckName::RecoveryMode, Pass, "its recovery page is there"));
            if local.is_ipv6() && !page.protocols().contains(&Protocol::Upload) {
                let failure = Failure::new(FailureCode::PcNoRoute, text::pc::over_ipv6(local));
                return report.fail(CheckName::Route, failure);
            }
            return report.add(form(&page));
        }
        _ if is_test_mode => test_mode("what answers is not a recovery page".into()),
        Answer::Busy => Failure::new(FailureCode::PhoneBusy, "its page says that it is downloading already"),
        Answer::Normal { name } => {
            Failure::new(FailureCode::PhoneNormalMode, format!("it says \"{name}\" and asks for a password"))
        }
        Answer::Stranger { seen } => Failure::new(FailureCode::PhoneNotAPhone, seen),
    };
    report.fail(CheckName::RecoveryMode, failure);
}

/// Whether a recovery would fill in the form without asking.
fn form(page: &RecoveryPage) -> Check {
    let mapping = &page.mapping;
    let offered = page.protocols();
    let is_clear = |protocol: &shared::form::Protocol| {
        !mapping.is_tied(*protocol) && mapping.certainty(*protocol) != Some(Certainty::Guess)
    };
    if !offered.iter().any(is_clear) {
        let next = text::failure(FailureCode::PhoneFormUnknown).next;
        return Check::new(CheckName::Form, Fail, page.question()).with_next(next);
    }
    let roads = offered.iter().map(|protocol| protocol.name()).collect::<Vec<_>>().join(", ");
    let (fields, understood) = (page.form.controls.len(), mapping.mapped.len());
    let detail = format!("{fields} fields, {understood} of them understood; it offers {roads}");
    Check::new(CheckName::Form, Pass, detail)
}

fn tell(report: &Report, json: bool) -> ExitCode {
    let checks = || report.checks.iter().cloned().map(Update::Check);
    match (json, &report.failure) {
        (true, failure) => {
            let mut lines = JsonLines::new();
            checks().for_each(|check| lines.show(&check));
            match failure {
                None => lines.line(json!({"event": "finished", "outcome": "ready", "code": null, "exit": 0})),
                Some(failure) => lines.show(&Update::Finished(Outcome::Failed(failure.clone()))),
            }
        }
        (false, failure) => {
            let mut sentences = Sentences::new();
            checks().for_each(|check| sentences.show(&check));
            match failure {
                None => print("\nReady, as far as it can be seen."),
                Some(failure) => sentences.show(&Update::Finished(Outcome::Failed(failure.clone()))),
            }
        }
    }
    report.failure.as_ref().map_or(ExitCode::SUCCESS, |failure| ExitCode::from(failure.code.exit_code()))
}
