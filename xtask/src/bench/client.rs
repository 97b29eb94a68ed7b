//! One measurement: the client (the program `measure`) against one server, and what the server
//! used meanwhile.

use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result};

use super::servers::{Folder, Kind, Server};
use super::usage::Watch;
use crate::run::{command, target};

/// Block sizes that there is an echo for.
pub(super) const ECHO_BLOCKS: [usize; 2] = [512, 1428];
/// The unit of the echo's rounds, see the client.
const ECHO_TRIPS: usize = 1000;

/// What the clients do.
#[derive(Clone, Copy)]
pub(super) struct Load {
    pub(super) title: &'static str,
    pub(super) block: usize,
    pub(super) window: usize,
    pub(super) clients: usize,
    /// How often each client fetches the image.
    pub(super) files: usize,
    /// How often each round goes around the servers: a short measurement needs more of them.
    pub(super) turns: usize,
}

/// One measurement.
#[derive(Clone, Copy)]
pub(super) struct Run {
    pub(super) blocks_per_second: f64,
    /// The slowest client's time over the median.
    pub(super) slowest: f64,
    /// What was fetched, in MB (10^6 bytes).
    pub(super) megabytes: f64,
    /// The server's processor time.
    pub(super) processor: Duration,
    /// The server's peak memory since its start, bytes.
    pub(super) memory: u64,
}

/// How a measurement ended.
pub(super) enum Ended {
    Well(Run),
    /// The server does not know the option.
    Lacks,
    Failed(String),
}

/// Runs the client. `apart`: on the first core, which is left to it.
pub(super) fn run(load: &Load, server: &Server, folder: &Folder, apart: bool) -> Result<Ended> {
    let (echo, image) = (server.kind == Kind::Echo, folder.bytes);
    if echo && load.window > 1 {
        return Ok(Ended::Lacks);
    }
    let (address, process) = server.serving(load.block).context("there is no echo for these blocks")?;
    // Whole thousands: the echo makes a few round trips more or less than the image has blocks.
    let trips = (load.files * image / load.block).div_ceil(ECHO_TRIPS);
    let rounds = if echo { trips } else { load.files };
    let expected = load.clients * rounds * if echo { ECHO_TRIPS * load.block } else { image };

    let client = target().join("release/measure").display().to_string();
    let mut fetch = if apart { command("taskset") } else { command(&client) };
    if apart {
        fetch.args(["--cpu-list", "0", &client]);
    }
    fetch.args(["fetch", &address.to_string()]).arg(folder.image());
    fetch.args(["--block", &load.block.to_string()]);
    fetch.args(["--window", &load.window.to_string(), "--clients", &load.clients.to_string()]);
    fetch.args(["--rounds", &rounds.to_string()]).stdin(Stdio::null());
    if echo {
        fetch.arg("--echo");
    }
    let watch = Watch::start(process, load.clients);
    let output = fetch.output().context("the client could not be started")?;
    let used = watch.stop();
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    if !output.status.success() {
        let lacks = said.contains("not agreed");
        return Ok(if lacks { Ended::Lacks } else { Ended::Failed(said) });
    }
    let line = String::from_utf8_lossy(&output.stdout).into_owned();
    let bytes = after(&line, "bytes").context("the client did not say how much came")?;
    if bytes != expected as f64 {
        return Ok(Ended::Failed(format!("{bytes} bytes came, {expected} are right")));
    }
    let blocks = line.split_whitespace().next().and_then(|word| word.parse().ok());
    Ok(Ended::Well(Run {
        blocks_per_second: blocks.context("the client did not say how fast it was")?,
        slowest: after(&line, "slowest/median").context("the client did not compare")?,
        megabytes: bytes / 1e6,
        processor: used.processor,
        memory: used.memory,
    }))
}

/// The number behind a word.
fn after(line: &str, word: &str) -> Option<f64> {
    let mut words = line.split_whitespace().skip_while(|candidate| *candidate != word);
    words.nth(1)?.parse().ok()
}
