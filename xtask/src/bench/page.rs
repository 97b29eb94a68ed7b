//! `cargo xtask bench page`: what the page weighs, how soon it is there, what the helper takes
//! while it waits, and how soon the phone is served after the click, beside the budgets of
//! design.md.
//!
//! The times are taken by `page-times` of the crate `tests`, in a real browser. A budget is
//! compared with the median of the rounds, and the worst round stands beside it: what else the
//! computer does only ever makes slower.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::UdpSocket;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use super::report::middle;
use super::usage::{processor, status};
use super::{Options, budgets};
use crate::run::{must, root, target, tell};
use crate::{build, setup};

/// Bytes of the page, gzipped, at most.
const PAGE: u64 = 300_000;
/// From the start of the program to a page that can be used, at most.
const INTERACTIVE_MS: f64 = 500.0;
/// From the click to the first bytes of the file, at most.
const SERVED_MS: f64 = 300.0;
/// Resident memory of a helper that waits, bytes, at most.
const RESTING: u64 = 20 << 20;
/// Bytes of the program, at most.
const PROGRAM: u64 = 12 << 20;
/// How long a helper is let alone before it counts as resting, and how long it is watched then.
/// A tick is 10 ms, so one of them is a fiftieth of a percent.
const SETTLES: Duration = Duration::from_secs(2);
const WATCHED: Duration = Duration::from_secs(20);
/// What a browser loads to show the page.
const LOADED: [&str; 4] = ["wasm", "js", "css", "html"];

/// Measures, prints the figures and the budgets.
pub(crate) fn page(options: &Options) -> Result<ExitCode> {
    if !cfg!(target_os = "linux") {
        bail!("this bench runs on Linux only: it reads the helper's processor time and memory from /proc");
    }
    if UdpSocket::bind("127.0.0.1:69").is_err() {
        bail!("run this as root, while no other program has UDP port 69: phones ask for their file there");
    }
    setup::system_tools(&setup::BROWSER)?;
    build::release()?;
    must("cargo", &["build", "--release", "--package", "simulator"])?;
    must("cargo", &["build", "--package", "tests", "--bin", "page-times"])?;
    let program = target().join("release/hookflash");

    let mut judged = vec![weight()?];
    let bytes = fs::metadata(&program)?.len();
    let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
    judged.push((bytes <= PROGRAM, format!("program: {:.1} MiB, at most {:.0}", mib(bytes), mib(PROGRAM))));
    let times = times(&program, options.rounds)?;
    let (memory, processor) = times.resting;
    judged.push((
        memory <= RESTING,
        format!("helper at rest: {:.1} MiB, at most {:.0}", mib(memory), mib(RESTING)),
    ));
    judged.push((
        processor.is_zero(),
        format!(
            "helper at rest: {} ms of processor time in {} s, at most 0",
            processor.as_millis(),
            WATCHED.as_secs()
        ),
    ));
    judged.push(judge(
        "from the start of the helper to a page that can be used",
        times.interactive,
        INTERACTIVE_MS,
    )?);
    judged.push(judge("from the click to the first bytes", times.served, SERVED_MS)?);
    let met = budgets::tell("times: the median round; in brackets, the worst one", judged);
    Ok(if options.strict && !met { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// What each file of the page weighs, and all of them together.
fn weight() -> Result<(bool, String)> {
    let folder = root().join("frontend/dist");
    println!("\n\u{1b}[1mThe page\u{1b}[0m (bytes, as they are and gzipped)");
    let mut all = 0;
    let mut files: Vec<_> = fs::read_dir(&folder)?.collect::<Result<_, _>>()?;
    files.sort_by_key(fs::DirEntry::file_name);
    for file in files {
        let path = file.path();
        if !path.extension().is_some_and(|end| LOADED.iter().any(|loaded| end == *loaded)) {
            continue;
        }
        let zipped = gzipped(&path)?;
        let name = file.file_name();
        println!("{:22}{:>9}{zipped:>9}", name.to_string_lossy(), file.metadata()?.len());
        all += zipped;
    }
    Ok((all <= PAGE, format!("page: {all} bytes gzipped, at most {PAGE}")))
}

fn gzipped(path: &Path) -> Result<u64> {
    let zipped = Command::new("gzip").args(["--best", "--stdout", "--no-name"]).arg(path).output();
    let zipped = zipped.context("gzip could not be started; on Debian and Ubuntu its package is gzip")?;
    if !zipped.status.success() {
        bail!("gzip {} ended with {}", path.display(), zipped.status);
    }
    Ok(zipped.stdout.len() as u64)
}

/// Milliseconds of each round, and what the helper took while it waited: bytes, and time.
#[derive(Default)]
struct Times {
    interactive: Vec<f64>,
    served: Vec<f64>,
    resting: (u64, Duration),
}

fn times(program: &Path, rounds: u32) -> Result<Times> {
    tell(&format!("Measuring in {rounds} rounds, each with a new helper and a new browser"));
    let mut child = Command::new(target().join("debug/page-times"))
        .arg(program)
        .arg(target().join("release/simulated-phone"))
        .arg(rounds.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("page-times could not be started")?;
    let mut go_on = child.stdin.take().context("its input is ours")?;
    let lines = BufReader::new(child.stdout.take().context("its output is ours")?).lines();
    let mut times = Times::default();
    for line in lines {
        let line = line?;
        match line.split_once(' ') {
            Some(("interactive", ms)) => times.interactive.push(ms.parse()?),
            Some(("served", ms)) => times.served.push(ms.parse()?),
            Some(("resting", process)) => {
                times.resting = rest(process.parse()?)?;
                writeln!(go_on)?;
            }
            _ => bail!("page-times said {line:?}"),
        }
    }
    let ended = child.wait()?;
    if !ended.success() {
        bail!("page-times ended with {ended}");
    }
    Ok(times)
}

/// What a helper takes that has nothing to do but to keep a page's line open.
fn rest(process: u32) -> Result<(u64, Duration)> {
    let used = || processor(process).context("the helper has no processor time in /proc");
    thread::sleep(SETTLES);
    let before = used()?;
    thread::sleep(WATCHED);
    let memory = status(process, "VmRSS:").context("the helper has no memory in /proc")?;
    Ok((memory, used()? - before))
}

fn judge(what: &str, mut milliseconds: Vec<f64>, most: f64) -> Result<(bool, String)> {
    milliseconds.sort_by(f64::total_cmp);
    let median = middle(&milliseconds).with_context(|| format!("nothing was measured {what}"))?;
    let worst = milliseconds.last().copied().unwrap_or(median);
    Ok((median <= most, format!("{what}: {median:.0} ms ({worst:.0} ms), at most {most:.0}")))
}
