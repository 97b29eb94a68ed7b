//! `hookflash recover`: one phone, from the terminal.

use std::fs;
use std::net::IpAddr;
use std::pin::Pin;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use shared::address::PhoneAddress;
use shared::protocol::{Job, Outcome, PhoneId, PhoneView};

use super::args::Recover;
use super::show::{JsonLines, Sentences, Show};
use super::undo::{complain, take_back_what_was_left};
use crate::pc::keeper::Keeper;
use crate::pc::reach::reach;
use crate::pc::{self, journal};
use crate::phone::answer::Answer;
use crate::phone::client::PhoneClient;
use crate::report::{Evidence, Format};
use crate::serve::Hub;
use crate::session::desk::apply;
use crate::session::event::Update;
use crate::session::machine::Plan;
use crate::session::patience::Patience;
use crate::session::runner::{FirmwareSource, Ports, Recovery, run as run_recovery};
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
    };
    take_back_what_was_left();
    let address = options.phone.clone();
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
            ..Plan::default()
        },
        patience: Patience { write: Duration::from_secs(options.write_timeout), ..Patience::default() },
        ports: Ports { tftp: options.tftp_port, http: options.http_port, ftp: options.ftp_port },
        hub: Hub::new(),
        memory: ways::usual_place(),
    };
    let phone = PhoneView::new(PhoneId(1), job, options.model.map(|model| model.name.to_owned()));
    let mut evidence = Evidence { phone, firmware: None, exchanges: Vec::new() };
    let mut tell = |update: Update| {
        show.show(&update);
        match update {
            Update::Exchanges(all) => evidence.exchanges = all,
            Update::Firmware(file) => evidence.firmware = Some(*file),
            update => apply(&mut evidence.phone, update),
        }
    };
    // Ctrl-C counts from here on: whatever is added now is taken back.
    let mut cancel = Cancel::listen();
    let keeper = Keeper::new(pc::here(), journal::usual_place());
    let keeper = cancel.meanwhile(prepare(keeper, &address, options.yes, &mut tell)).await;
    let keeper = Arc::new(Mutex::new(keeper));
    let mending = tokio::spawn(mend(Arc::clone(&keeper)));
    let outcome = run_recovery(recovery, cancel.cancelled(), tell).await;
    mending.abort();
    let troubles = keeper.lock().unwrap_or_else(PoisonError::into_inner).take_back();
    complain(&troubles);
    if let Some(path) = &options.report {
        let format = Format::of(path).unwrap_or(Format::Json);
        fs::write(path, evidence.written(format))
            .with_context(|| format!("the report cannot be written to {}", path.display()))?;
    }
    Ok(exit_code(&outcome))
}

/// How often it is looked whether what was added is still there: a cable that is replugged may
/// take an address with it.
const MEND_LOOK: Duration = Duration::from_secs(1);

/// Makes the phone reachable, where that is possible and allowed.
async fn prepare(
    mut keeper: Keeper,
    address: &PhoneAddress,
    may: bool,
    tell: &mut impl FnMut(Update),
) -> Keeper {
    // A name leads where it leads, and phones in recovery speak IPv4.
    if let Some(IpAddr::V4(phone)) = address.ip() {
        let answers = async || {
            let seen = PhoneClient::at(address.clone()).await.look().await;
            seen.is_ok_and(|seen| !matches!(seen.answer, Answer::Stranger { .. }))
        };
        reach(&mut keeper, pc::here(), phone, may, answers, |check| tell(Update::Check(check))).await;
    }
    keeper
}

async fn mend(keeper: Arc<Mutex<Keeper>>) {
    loop {
        tokio::time::sleep(MEND_LOOK).await;
        let keeper = Arc::clone(&keeper);
        let look = move || keeper.lock().unwrap_or_else(PoisonError::into_inner).mend();
        for again in tokio::task::spawn_blocking(look).await.unwrap_or_default() {
            tracing::warn!("{again} was gone, and is there again");
        }
    }
}

/// Whether and when the person wants it to end.
struct Cancel {
    wanted: bool,
    interrupted: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl Cancel {
    fn listen() -> Self {
        Self { wanted: false, interrupted: Box::pin(interrupted()) }
    }

    /// Does something to its end, for it must not be left half-way.
    async fn meanwhile<T>(&mut self, work: impl Future<Output = T>) -> T {
        let mut work = std::pin::pin!(work);
        loop {
            tokio::select! {
                done = &mut work => return done,
                () = &mut self.interrupted, if !self.wanted => self.wanted = true,
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
