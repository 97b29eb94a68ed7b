//! `hookflash recover`: one phone, from the terminal.

use std::cell::RefCell;
use std::convert::Infallible;
use std::fs;
use std::net::Ipv4Addr;
use std::pin::Pin;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use shared::address::{PHONE_HTTP_PORT, PhoneAddress};
use shared::check::Check;
use shared::failure::{Failure, FailureCode};
use shared::model::Model;
use shared::protocol::{Job, Outcome, PhoneId, PhoneView};
use shared::text;

use super::args::{PhoneChoice, Recover};
use super::seek::{May, Sought, check, seek};
use super::show::{JsonLines, Sentences, Show};
use super::undo::{complain, take_back_what_was_left};
use crate::firmware::Firmware;
use crate::pc::dhcp::Servers;
use crate::pc::find::{Found, State};
use crate::pc::keeper::Keeper;
use crate::pc::{self, journal};
use crate::report::{Evidence, Format};
use crate::serve::Hub;
use crate::session::desk::apply;
use crate::session::event::Update;
use crate::session::machine::Plan;
use crate::session::patience::Patience;
use crate::session::repairs::{Ended, Repairs};
use crate::session::runner::{FirmwareSource, Ports, Recovery};
use crate::session::ways;

/// Recovers the phone and tells how it went by its exit code.
pub(super) async fn run(mut options: Recover) -> anyhow::Result<ExitCode> {
    let mut show: Box<dyn Show> =
        if options.json { Box::new(JsonLines::new()) } else { Box::new(Sentences::new()) };
    take_back_what_was_left();
    // Ctrl-C counts from here on: whatever is added now is taken back.
    let mut cancel = Cancel::listen();
    let mut keeper = Keeper::new(pc::here(), journal::usual_place());
    let mut checks = Vec::new();
    let mut servers = None;
    let address = match options.phone.clone() {
        PhoneChoice::At(address) => address,
        PhoneChoice::Auto => {
            let mut tell = |check: Check| {
                show.show(&Update::Check(check.clone()));
                checks.push(check);
            };
            match find_phone(&options, &mut keeper, &mut cancel, &mut tell).await? {
                Ok(Phone { address, model, servers: running }) => {
                    options.model = options.model.or(model);
                    servers = running;
                    address
                }
                Err(failure) => {
                    let outcome = Outcome::Failed(failure);
                    complain(&keeper.take_back());
                    show.show(&Update::Finished(outcome.clone()));
                    return Ok(exit_code(&outcome));
                }
            }
        }
    };
    let job = job(&options, address.clone());
    let phone = PhoneView::new(PhoneId(1), job, options.model.map(|model| model.name.to_owned()));
    let mut evidence = Evidence { phone, firmware: None, exchanges: Vec::new() };
    checks.into_iter().for_each(|check| apply(&mut evidence.phone, Update::Check(check)));
    let report_to = options.report.clone();
    let yes = options.yes;
    let recovery = recovery(options, address.clone());
    let tell = |update: Update| {
        show.show(&update);
        match update {
            Update::Exchanges(all) => evidence.exchanges = all,
            Update::Firmware(file) => evidence.firmware = Some(*file),
            update => apply(&mut evidence.phone, update),
        }
    };
    // Both tell, and never at the same time.
    let tell = RefCell::new(tell);
    let repairs = Repairs::around(pc::here(), keeper);
    let recovering = repairs.run(recovery, yes, cancel.cancelled(), |update| tell.borrow_mut()(update));
    let Ended { outcome, mut troubles } = tokio::select! {
        ended = recovering => ended,
        never = tell_of(&mut servers, |check| tell.borrow_mut()(Update::Check(check))) => match never {},
    };
    // What was handed out ends before our own address goes.
    drop(servers);
    troubles.extend(repairs.end().await);
    complain(&troubles);
    if let Some(path) = &report_to {
        let format = Format::of(path).unwrap_or(Format::Json);
        fs::write(path, evidence.written(format))
            .with_context(|| format!("the report cannot be written to {}", path.display()))?;
    }
    Ok(exit_code(&outcome))
}

fn job(options: &Recover, address: PhoneAddress) -> Job {
    Job {
        address,
        firmware: options.firmware.display().to_string(),
        model: options.model.map(|model| model.name.to_owned()),
        protocol: options.protocol.protocol(),
        keep_config: options.keep_config,
        side_door: false,
        present_version: options.present_version.map(|version| version.to_string()),
        confirmed_model: options.confirm_model.map(|model| model.name.to_owned()),
        repair: options.yes,
    }
}

fn recovery(options: Recover, address: PhoneAddress) -> Recovery {
    Recovery {
        address,
        firmware: FirmwareSource::File(options.firmware),
        plan: Plan {
            model: options.model,
            protocol: options.protocol.protocol(),
            keep_config: options.keep_config,
            accept_guess: options.yes,
            side_door: options.yes,
            password: options.password_file,
            present: options.present_version,
            confirmed: options.confirm_model,
            ..Plan::default()
        },
        patience: Patience { write: Duration::from_secs(options.write_timeout), ..Patience::default() },
        ports: Ports { tftp: options.tftp_port, http: options.http_port, ftp: options.ftp_port },
        hub: Hub::new(),
        memory: ways::usual_place(),
    }
}

/// The phone that was found.
struct Phone {
    address: PhoneAddress,
    model: Option<&'static Model>,
    servers: Option<Servers>,
}

/// Looks for the one phone, once the file is known to be good: nobody shall wait for a phone to
/// hear that the file is missing.
async fn find_phone(
    options: &Recover,
    keeper: &mut Keeper,
    cancel: &mut Cancel,
    tell: &mut dyn FnMut(Check),
) -> anyhow::Result<Result<Phone, Failure>> {
    let (file, model) = (options.firmware.clone(), options.model);
    let read = move || Firmware::load_for(&file, model).map(drop);
    if let Err(failure) = tokio::task::spawn_blocking(read).await? {
        return Ok(Err(failure));
    }
    let may = May::of(options.yes, options.json);
    let Some(sought) = cancel.unless(seek(keeper, &[], may, tell)).await.transpose()? else {
        return Ok(Err(Failure::new(FailureCode::SessionCancelled, "stopped while looking for the phone")));
    };
    let Sought { found, model, servers, refused } = sought;
    Ok(the_one(&found, refused).map(|ip| {
        let address = PhoneAddress { host: ip.to_string(), port: PHONE_HTTP_PORT };
        Phone { address, model, servers }
    }))
}

/// The phone in Web Recovery, where there is one; else the only one.
fn the_one(found: &[Found], refused: Option<String>) -> Result<Ipv4Addr, Failure> {
    let in_recovery: Vec<&Found> = found.iter().filter(|found| found.state == State::Recovery).collect();
    let there: Vec<&Found> = found.iter().filter(|found| found.is_there()).collect();
    match (&in_recovery[..], &there[..], found) {
        ([one], _, _) | ([], [one], _) => Ok(one.address),
        ([], [], [one]) => Ok(one.address),
        (_, _, []) => Err(match refused {
            Some(why) => Failure::new(FailureCode::PcNoRoute, why),
            None => Failure::new(FailureCode::PhoneNotFound, "no phone answers on a cable of this computer"),
        }),
        (_, _, several) => {
            let addresses: Vec<String> = several.iter().map(|found| found.address.to_string()).collect();
            let seen = text::dhcp::several(&addresses.join(", "));
            Err(Failure::new(FailureCode::PhoneNotFound, seen))
        }
    }
}

/// Tells what the servers of addresses do, for as long as this is waited for.
async fn tell_of(servers: &mut Option<Servers>, mut tell: impl FnMut(Check)) -> Infallible {
    if let Some(servers) = servers {
        while let Some((interface, told)) = servers.next().await {
            tell(check(&interface, &told));
        }
    }
    std::future::pending().await
}

/// Whether and when the person wants it to end.
pub(super) struct Cancel {
    wanted: bool,
    interrupted: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl Cancel {
    pub(super) fn listen() -> Self {
        Self { wanted: false, interrupted: Box::pin(interrupted()) }
    }

    /// Does something until it is done or the person wants it to end: none then.
    pub(super) async fn unless<T>(&mut self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            done = work => Some(done),
            () = &mut self.interrupted, if !self.wanted => {
                self.wanted = true;
                None
            }
        }
    }

    async fn cancelled(self) {
        if !self.wanted {
            self.interrupted.await;
        }
    }
}

/// The exit code of an outcome (README, "Exit codes").
pub(super) fn exit_code(outcome: &Outcome) -> ExitCode {
    match outcome {
        Outcome::Verified => ExitCode::SUCCESS,
        Outcome::Failed(failure) => ExitCode::from(failure.code.exit_code()),
    }
}

/// Until the person presses Ctrl-C or closes the terminal, or the system asks us to end.
pub(super) async fn interrupted() {
    let ctrl_c = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let both = (signal(SignalKind::terminate()), signal(SignalKind::hangup()));
        if let (Ok(mut terminate), Ok(mut hangup)) = both {
            tokio::select! { () = ctrl_c => {}, _ = terminate.recv() => {}, _ = hangup.recv() => {} }
            return;
        }
    }
    ctrl_c.await;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(last: u8, state: State) -> Found {
        let address = Ipv4Addr::new(10, 0, 0, last);
        Found { address, mac: None, interface: None, state, model: None, why: Vec::new() }
    }

    fn chosen(found: &[Found]) -> Option<u8> {
        the_one(found, None).ok().map(|ip| ip.octets()[3])
    }

    #[test]
    fn the_phone_in_recovery_is_taken_and_of_several_none() {
        assert_eq!(chosen(&[found(1, State::Recovery), found(2, State::Normal)]), Some(1));
        assert_eq!(chosen(&[found(1, State::Silent), found(2, State::Normal)]), Some(2));
        assert_eq!(chosen(&[found(1, State::OutOfReach)]), Some(1));
        assert_eq!(chosen(&[found(1, State::Recovery), found(2, State::Recovery)]), None);
        assert_eq!(chosen(&[found(1, State::Normal), found(2, State::Normal)]), None);
        let several = the_one(&[found(1, State::Recovery), found(2, State::Recovery)], None).unwrap_err();
        assert!(several.seen.contains("10.0.0.1, 10.0.0.2"), "{}", several.seen);
    }

    #[test]
    fn when_nobody_is_there_the_reason_says_what_is_to_be_done() {
        assert_eq!(the_one(&[], None).unwrap_err().code, FailureCode::PhoneNotFound);
        let refused = the_one(&[], Some("why".into())).unwrap_err();
        assert_eq!((refused.code, refused.seen.as_str()), (FailureCode::PcNoRoute, "why"));
    }
}
