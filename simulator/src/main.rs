//! The program `simulated-phone`: one phone, its events as JSON lines on stdout.

use std::{
    io::Write,
    net::SocketAddr,
    time::{Duration, Instant},
};

use anyhow::Context;
use clap::{Parser, ValueEnum};
use serde::Serialize;
use simulator::{Config, Dhcp, Event, Model, Phone, Quirk, Scenario, Start, Timing, quirks};
use tokio::sync::broadcast::{Receiver, error::RecvError};

/// A simulated Aastra desk phone.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Options {
    /// The phone's own address and HTTP port; port 0 takes a free one
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:0")]
    bind: SocketAddr,
    /// Port of the TFTP server it will ask
    #[arg(long, value_name = "N", default_value_t = 69)]
    tftp_port: u16,
    /// Port of the FTP server it will ask
    #[arg(long, value_name = "N", default_value_t = 21)]
    ftp_port: u16,
    /// Port of the HTTP server it will ask, where the form names none
    #[arg(long, value_name = "N", default_value_t = 80)]
    http_port: u16,
    /// Which phone, for example 57i, 6757i, "9480i CT", 6867i
    #[arg(long)]
    model: Option<Model>,
    /// Its hardware address, upper case with dashes
    #[arg(long)]
    mac: Option<String>,
    /// Ask for an address on this network interface, which is the phone's plug (Linux)
    #[arg(long, value_name = "INTERFACE")]
    dhcp: Option<String>,
    /// Do not say in that what it is
    #[arg(long, requires = "dhcp")]
    dhcp_nameless: bool,
    /// How it is when it is turned on
    #[arg(long, value_enum)]
    start: Option<StartChoice>,
    /// A named situation; quirks come on top
    #[arg(long, value_name = "NAME")]
    scenario: Option<Scenario>,
    /// One thing that is odd about it; may be given often
    #[arg(long = "quirk", value_name = "NAME[=VALUE]")]
    quirks: Vec<Quirk>,
    /// Tenths of seconds instead of seconds
    #[arg(long)]
    fast: bool,
    /// Minutes instead of seconds
    #[arg(long, conflicts_with = "fast")]
    real: bool,
    /// How long writing the flash takes
    #[arg(long, value_name = "MS")]
    write_ms: Option<u64>,
    /// How long it is dark
    #[arg(long, value_name = "MS")]
    dark_ms: Option<u64>,
    /// Seed of everything random
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Read `unplug`, `plug` and `plug-with-keys` as lines from stdin
    #[arg(long)]
    commands: bool,
    /// Print all quirks and end
    #[arg(long)]
    list_quirks: bool,
    /// Print all scenarios and end
    #[arg(long)]
    list_scenarios: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum StartChoice {
    Recovery,
    Normal,
    Dark,
}

impl Options {
    fn config(self) -> Config {
        let mut config = Config {
            tftp_port: self.tftp_port,
            ftp_port: self.ftp_port,
            http_port: self.http_port,
            seed: self.seed,
            timing: if self.fast {
                Timing::fast()
            } else if self.real {
                Timing::real()
            } else {
                Timing::practice()
            },
            ..Config::new(self.bind)
        };
        if let Some(scenario) = self.scenario {
            scenario.apply(&mut config);
        }
        if let Some(model) = self.model {
            config.model = model;
        }
        if let Some(mac) = self.mac {
            config.mac = mac;
        }
        let says_what_it_is = !self.dhcp_nameless;
        config.dhcp = self.dhcp.map(|interface| Dhcp { interface, says_what_it_is });
        match self.start {
            Some(StartChoice::Recovery) => config.start = Start::Recovery,
            Some(StartChoice::Normal) => config.start = Start::Normal,
            Some(StartChoice::Dark) => config.start = Start::Dark,
            None => {}
        }
        for quirk in self.quirks {
            config.quirks.push(quirk);
        }
        if let Some(millis) = self.write_ms {
            config.timing.write_flash = Duration::from_millis(millis);
        }
        if let Some(millis) = self.dark_ms {
            config.timing.dark = Duration::from_millis(millis);
        }
        config
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .with_writer(std::io::stderr)
        .init();
    let options = Options::parse();
    if options.list_quirks {
        return list(quirks::entries().iter().map(|entry| {
            let name = match (entry.values, entry.default) {
                ("", _) => entry.name.to_owned(),
                (values, None) => format!("{}={values}", entry.name),
                (values, Some(default)) => format!("{}[={values}] (usual: {default})", entry.name),
            };
            format!("{name}: {}", entry.about)
        }));
    }
    if options.list_scenarios {
        let all = Scenario::all().iter();
        return list(all.map(|scenario| format!("{scenario}: {}", scenario.sentence())));
    }
    let commands = options.commands;
    let config = options.config();
    let bind = config.bind;
    let started = Instant::now();
    let phone = Phone::start(config).await.with_context(|| format!("cannot be a phone at {bind}"))?;
    let (past, future) = phone.follow();
    tokio::select! {
        result = tell(past, future, started) => result?,
        result = tokio::signal::ctrl_c() => result?,
        () = obey(&phone, commands) => {}
    }
    phone.stop().await;
    Ok(())
}

/// Pulls and puts the plug as stdin says. Never ends: a closed stdin changes nothing.
async fn obey(phone: &Phone, commands: bool) {
    let (sender, mut receiver) = tokio::sync::mpsc::channel(1);
    if commands {
        // A thread of its own: reading stdin cannot be given up once begun.
        std::thread::spawn(move || {
            let lines = std::io::stdin().lines().map_while(Result::ok);
            for line in lines {
                if sender.blocking_send(line).is_err() {
                    return;
                }
            }
        });
    }
    while let Some(line) = receiver.recv().await {
        match line.trim() {
            "unplug" => phone.unplug().await,
            "plug" => phone.power_on(false).await,
            "plug-with-keys" => phone.power_on(true).await,
            other => tracing::warn!(command = other, "unknown command"),
        }
    }
    std::future::pending().await
}

/// One JSON object a line, for as long as somebody reads it.
async fn tell(past: Vec<Event>, mut future: Receiver<Event>, started: Instant) -> anyhow::Result<()> {
    for event in &past {
        line(event, started)?;
    }
    loop {
        match future.recv().await {
            Ok(event) => line(&event, started)?,
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return Ok(()),
        }
    }
}

/// An event and when it happened.
#[derive(Debug, Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    event: &'a Event,
    at_ms: u128,
}

fn line(event: &Event, started: Instant) -> anyhow::Result<()> {
    let at_ms = started.elapsed().as_millis();
    write(&serde_json::to_string(&Line { event, at_ms })?)
}

fn list(lines: impl Iterator<Item = String>) -> anyhow::Result<()> {
    for line in lines {
        write(&line)?;
    }
    Ok(())
}

fn write(line: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()?;
    Ok(())
}
