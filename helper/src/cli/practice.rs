//! `hookflash practice`: the same journey against simulated phones, with nothing to lose.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket};
use std::process::ExitCode;

use anyhow::Context as _;
use shared::address::PhoneAddress;
use shared::protocol::{
    ComputerView, FoundPhone, FoundState, InterfaceKind, InterfaceView, PracticePhone, PracticeView,
};
use shared::text;
use simulator::{Config, Phone, Scenario, practice_firmware};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::args::Practice;
use super::recover::{exit_code, interrupted};
use super::serve;
use super::show::{Sentences, Show, print};
use crate::firmware::Firmware;
use crate::firmware::held::HeldFile;
use crate::serve::Hub;
use crate::session::desk::Desk;
use crate::session::machine::Plan;
use crate::session::patience::Patience;
use crate::session::runner::{FirmwareSource, Ports, Recovery, run as run_recovery};

/// A simulated phone and the port at which it expects us.
struct Practised {
    phone: Phone,
    ports: Ports,
}

/// Practises on the page, or in the terminal.
pub(super) async fn run(options: Practice) -> anyhow::Result<ExitCode> {
    let mut phones = Vec::new();
    for _ in 0..options.phones {
        phones.push(turn_on(options.scenario).await.context("a simulated phone does not start")?);
    }
    let firmware = firmware_for(options.scenario)?;
    if options.unattended {
        unattended(options, phones, firmware).await
    } else {
        attended(options, phones, firmware).await
    }
}

async fn turn_on(scenario: Scenario) -> anyhow::Result<Practised> {
    // The phone must know our ports before we listen: take free ones and let them go again.
    let tftp = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
    let http = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let ftp = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let ports = Ports { tftp, http: http.local_addr()?.port(), ftp: ftp.local_addr()?.port() };
    drop((http, ftp));
    let mut config = Config::new(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
    (config.tftp_port, config.http_port, config.ftp_port) = (ports.tftp, ports.http, ports.ftp);
    scenario.apply(&mut config);
    let phone = Phone::start(config).await?;
    Ok(Practised { phone, ports })
}

fn firmware_for(scenario: Scenario) -> anyhow::Result<Firmware> {
    let mut config = Config::default();
    scenario.apply(&mut config);
    let bytes = practice_firmware(&config.model);
    Firmware::from_bytes(&config.model.file_name(), bytes)
        .map_err(|failure| anyhow::anyhow!("the practice firmware is refused: {}", failure.seen))
}

async fn unattended(
    options: Practice,
    phones: Vec<Practised>,
    firmware: Firmware,
) -> anyhow::Result<ExitCode> {
    print(&format!("Practice: {}", options.scenario.sentence()));
    let mut last = ExitCode::SUCCESS;
    for (number, practised) in phones.iter().enumerate() {
        let address = practised.phone.address();
        print(&format!("\nSimulated phone {} of {} at {address}", number + 1, phones.len()));
        let recovery = Recovery {
            address: PhoneAddress { host: address.ip().to_string(), port: address.port() },
            firmware: FirmwareSource::Held(HeldFile::Memory(firmware.clone())),
            plan: Plan { accept_guess: true, ..Plan::default() },
            patience: Patience::default(),
            ports: practised.ports,
            hub: Hub::new(),
            memory: None,
        };
        let mut show = Sentences::new();
        let outcome = run_recovery(recovery, interrupted(), |update| show.show(&update)).await;
        if outcome != shared::protocol::Outcome::Verified {
            last = exit_code(&outcome);
        }
    }
    Ok(last)
}

async fn attended(options: Practice, phones: Vec<Practised>, firmware: Firmware) -> anyhow::Result<ExitCode> {
    let desk = Desk::default();
    let ports: HashMap<u16, Ports> =
        phones.iter().map(|practised| (practised.phone.address().port(), practised.ports)).collect();
    desk.set_practice(firmware, ports);
    let web = serve::bind(&options.serve, &desk).await?;
    print(&format!("Practice: {}", options.scenario.sentence()));
    for practised in &phones {
        print(&format!("A simulated phone shows WEB RECOVERY AT: {}", practised.phone.address()));
    }
    tokio::select! {
        served = serve::page(web, options.serve, desk.clone()) => served,
        () = show_displays(&phones, options.scenario, desk) => Ok(ExitCode::SUCCESS),
    }
}

/// Tells the page what the simulated phones show, for as long as they live.
async fn show_displays(phones: &[Practised], scenario: Scenario, desk: Desk) {
    let (changed, mut changes) = unbounded_channel();
    for practised in phones {
        tokio::spawn(tell_changes(practised.phone.display(), changed.clone()));
    }
    drop(changed);
    loop {
        let phones: Vec<PracticePhone> = phones
            .iter()
            .map(|practised| PracticePhone {
                address: practised.phone.address().to_string(),
                display: practised.phone.display().borrow().lines.clone(),
            })
            .collect();
        desk.show_computer(computer(&phones));
        desk.practise(PracticeView { scenario: scenario.sentence().to_owned(), phones });
        if changes.recv().await.is_none() {
            return std::future::pending().await;
        }
    }
}

/// The simulated phones, as a real helper would have found them: by what their displays show.
fn computer(phones: &[PracticePhone]) -> ComputerView {
    let cable = || text::pc::PRACTICE_CABLE.to_owned();
    let state = |phone: &PracticePhone| match phone.display.first()?.as_str() {
        line if line.starts_with("WEB RECOVERY") => Some(FoundState::Recovery),
        "DOWNLOADING" | "WRITING FLASH" => Some(FoundState::Busy),
        _ => Some(FoundState::Normal),
    };
    let found = phones.iter().filter_map(|phone| {
        Some(FoundPhone {
            address: phone.address.clone(),
            interface: Some(cable()),
            state: state(phone)?,
            why: vec![text::pc::PRACTICE_WHY.to_owned()],
            repair: None,
        })
    });
    let interface = InterfaceView {
        name: cable(),
        kind: InterfaceKind::Virtual,
        may_hold_phone: true,
        link: Some(true),
        addresses: Vec::new(),
        gateway: None,
    };
    ComputerView { interfaces: vec![interface], found: found.collect(), ..ComputerView::default() }
}

async fn tell_changes(
    mut display: tokio::sync::watch::Receiver<simulator::Display>,
    changed: UnboundedSender<()>,
) {
    while display.changed().await.is_ok() && changed.send(()).is_ok() {}
}
