//! What is measured against the budgets of design.md: `cargo xtask bench tftp` and `bench page`
//! (see [`page`]).
//!
//! `cargo xtask bench tftp`: our TFTP engine against the limit of the machine and against other
//! servers, side by side in one run with the same client, and against the budgets of design.md.
//!
//! Every figure is measured in this run. The rounds go around between the servers, so that what
//! else the computer does meets all of them alike; a disturbance only ever makes slower, which
//! is why the best round's speed is compared and the median stands beside it. What must never
//! happen is judged by the worst round: a failure, a client that starves, the peak memory.

mod budgets;
mod client;
mod page;
mod report;
mod servers;
mod usage;

use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};

use crate::run::{must, target, tell};
use crate::setup::{self, Tool};
use client::{Ended, Load};
pub(crate) use page::page;
use report::Table;
use servers::{Folder, Kind, Server};

/// What can be measured.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum What {
    /// The TFTP engine on loopback (Linux only: it reads processor time and memory from /proc)
    Tftp,
    /// The page and the helper behind it: weight, speed, memory (Linux only, for the same reason)
    Page,
}

#[derive(Args)]
pub(crate) struct Options {
    /// How often everything is measured
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// Fail when a budget is not met
    #[arg(long)]
    strict: bool,
}

/// The servers that Debian has, and what starts and places all of them.
const TOOLS: [Tool; 4] = [
    Tool { program: "in.tftpd", package: "tftpd-hpa", purpose: "a TFTP server to compare with" },
    Tool { program: "dnsmasq", package: "dnsmasq-base", purpose: "a TFTP server to compare with" },
    Tool { program: "setpriv", package: "util-linux", purpose: "servers that end with the bench" },
    Tool { program: "taskset", package: "util-linux", purpose: "client and server on cores of their own" },
];

/// Bytes that one client fetches: the firmware image of a small phone.
const IMAGE: usize = 4 << 20;
/// Bytes that each of many clients fetches: long enough that all of them are under way at once.
const SMALL_IMAGE: usize = 512 << 10;

/// One phone, as a boot loader and as an eager client.
const ONE: [Load; 4] = [
    Load { title: "Lock-step, 512 bytes", block: 512, window: 1, clients: 1, files: 1, turns: 3 },
    Load { title: "Lock-step, 1428 bytes", block: 1428, window: 1, clients: 1, files: 2, turns: 1 },
    Load { title: "Window 16, 1428 bytes", block: 1428, window: 16, clients: 1, files: 16, turns: 1 },
    Load { title: "Window 64, 1428 bytes", block: 1428, window: 64, clients: 1, files: 16, turns: 1 },
];
/// A rack of phones.
const RACK: [Load; 1] = [Load {
    title: "200 clients at once, lock-step, 512 bytes",
    block: 512,
    window: 1,
    clients: 200,
    files: 1,
    turns: 1,
}];

/// Measures, prints the tables and the budgets.
pub(crate) fn tftp(options: &Options) -> Result<ExitCode> {
    if !cfg!(target_os = "linux") {
        bail!("this bench runs on Linux only: it reads the servers' processor time and memory from /proc");
    }
    if !setup::is_root() {
        bail!("run this as root: dnsmasq serves TFTP on port 69 only, and in.tftpd wants its own user");
    }
    if setup::system_tools(&TOOLS)?.contains(&"tftpd-hpa") {
        // It was not started, and shall not be at the next boot either.
        must("update-rc.d", &["tftpd-hpa", "disable"])?;
    }
    build()?;

    // One client: it has a core of its own, as a phone has. Otherwise the scheduler's choice,
    // made anew each time, decides more than the server does.
    let cores = std::thread::available_parallelism()?.get();
    let apart = (cores > 1).then(|| format!("1-{}", cores - 1));
    let mut tables = measure(&ONE, IMAGE, options.rounds, apart.as_deref())?;
    tables.extend(measure(&RACK, SMALL_IMAGE, options.rounds.min(3), None)?);

    for table in &tables {
        table.print();
    }
    let met = budgets::print(&tables);
    Ok(if options.strict && !met { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn build() -> Result<()> {
    tell("Building our server, the client and the servers to compare with");
    must("cargo", &["build", "--release", "--package", "tftp-server", "--example", "serve"])?;
    must("cargo", &["build", "--release", "--package", "xtask", "--bin", "measure"])?;
    let peers = target().join("peers");
    let peers = peers.to_string_lossy();
    let manifest = "xtask/peers/Cargo.toml";
    must("cargo", &["build", "--release", "--locked", "--manifest-path", manifest, "--target-dir", &peers])
}

/// Every load on every server, round by round.
fn measure(loads: &[Load], bytes: usize, rounds: u32, cores: Option<&str>) -> Result<Vec<Table>> {
    let folder = Folder::with_image(bytes)?;
    let mut servers = Vec::new();
    for kind in Kind::ALL {
        servers.push(Server::start(kind, &folder, cores)?);
    }
    let mut tables: Vec<Table> = loads.iter().map(|load| Table::new(*load, rounds)).collect();
    for round in 0..rounds {
        tell(&format!(
            "Measuring up to {} clients, round {} of {rounds}",
            loads[0].clients.max(1),
            round + 1
        ));
        for table in &mut tables {
            for turn in 0..servers.len() * table.load.turns {
                // Nobody always comes behind the same neighbour's heat.
                let server = &servers[(turn + round as usize) % servers.len()];
                // Asked once: a server does not learn an option from one round to the next.
                if table.lacks(server.kind) {
                    continue;
                }
                let ended = client::run(&table.load, server, &folder, cores.is_some())?;
                if let Ended::Failed(why) = &ended {
                    println!("{}: {why}", server.kind.name());
                }
                table.add(server.kind, ended);
            }
        }
    }
    Ok(tables)
}
