//! `hookflash recover`: one phone, from the terminal.

use std::fs;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use shared::protocol::{Job, Outcome, PhoneId, PhoneView};

use super::args::Recover;
use super::show::{JsonLines, Sentences, Show};
use super::undo::{complain, take_back_what_was_left};
use crate::pc::{self, journal};
use crate::report;
use crate::serve::Hub;
use crate::session::desk::apply;
use crate::session::event::Update;
use crate::session::machine::Plan;
use crate::session::patience::Patience;
use crate::session::repairs::{Ended, Repairs};
use crate::session::runner::{FirmwareSource, Ports, Recovery};
use crate::session::ways;

/// Recovers the phone and tells how it went by its exit code.
pub(super) async fn run(options: Recover) -> anyhow::Result<ExitCode> {
    let mut show: Box<dyn Show> =
        if options.json { Box::new(JsonLines::new()) } else { Box::new(Sentences::new()) };
    let job = Job {
        address: options.phone.clone(),
        firmware: options.firmware.display().to_string(),
        model: options.model.map(|model| model.name.to_owned()),
        protocol: options.protocol.protocol(),
        keep_config: options.keep_config,
        side_door: false,
        present_version: options.present_version.map(|version| version.to_string()),
        confirmed_model: options.confirm_model.map(|model| model.name.to_owned()),
        repair: options.yes,
    };
    take_back_what_was_left();
    let recovery = Recovery {
        address: options.phone,
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
            open_wall: options.yes,
            ..Plan::default()
        },
        patience: Patience { write: Duration::from_secs(options.write_timeout), ..Patience::default() },
        ports: Ports { tftp: options.tftp_port, http: options.http_port, ftp: options.ftp_port },
        hub: Hub::new(),
        memory: ways::usual_place(),
    };
    let mut phone = PhoneView::new(PhoneId(1), job, options.model.map(|model| model.name.to_owned()));
    let mut exchanges = Vec::new();
    let tell = |update: Update| {
        show.show(&update);
        match update {
            Update::Exchanges(all) => exchanges = all,
            update => apply(&mut phone, update),
        }
    };
    let repairs = Repairs::new(pc::here(), journal::usual_place());
    let Ended { outcome, troubles } = repairs.run(recovery, options.yes, interrupted(), tell).await;
    complain(&troubles);
    if let Some(path) = &options.report {
        fs::write(path, report::json(&phone, &exchanges))
            .with_context(|| format!("the report cannot be written to {}", path.display()))?;
    }
    Ok(exit_code(&outcome))
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
