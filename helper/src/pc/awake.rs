//! Keeps this computer awake while a phone is recovered: the rim of [`power`](super::power).
//!
//! It ends with whatever holds it, and all phones of a run share it. Nothing of it is written to
//! the journal, for nothing of it is left after a crash: the programs end when the pipe to them
//! does, or when our process does, and a call of Windows counts as long as its thread lives.

use std::process::Stdio;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Weak};
use std::thread;

use shared::check::{Check, CheckName, CheckResult};
use shared::text::pc as words;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::{Mutex, oneshot};

use super::System;
use super::command::{CommandLine, found};
use super::power::Means;
use super::sys;

/// The computer is awake until this is dropped.
#[derive(Debug)]
pub struct Awake {
    /// Whether that is so with a closed lid.
    pub holds_the_lid: bool,
    _hold: Hold,
}

#[derive(Debug)]
#[expect(dead_code, reason = "they are held, and nothing else is done with them")]
enum Hold {
    /// A program, and the pipe whose end is its end.
    Program(ChildStdin, Box<Child>),
    /// A thread that waits for the other end of this.
    Thread(Sender<()>),
}

/// Why it is not kept awake.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAwake {
    /// This system has nothing for it that we know.
    #[error("nothing here is known to keep this computer awake")]
    NoMeans,
    /// What there is did not do it.
    #[error("{0}")]
    Refused(String),
}

/// The one that this process holds.
static HELD: Mutex<Weak<Awake>> = Mutex::const_new(Weak::new());

/// Keeps the computer awake as long as somebody has what this returns.
///
/// # Errors
/// A [`NotAwake`]; the computer may sleep then.
pub async fn keep(system: &dyn System) -> Result<Arc<Awake>, NotAwake> {
    let mut held = HELD.lock().await;
    if let Some(awake) = held.upgrade() {
        return Ok(awake);
    }
    let awake = Arc::new(start(system.keep_awake()).await?);
    *held = Arc::downgrade(&awake);
    Ok(awake)
}

/// What is told of it.
pub fn told(awake: &Result<Arc<Awake>, NotAwake>) -> Check {
    let of = |result, detail: String| Check::new(CheckName::Sleep, result, detail);
    match awake {
        Ok(awake) if awake.holds_the_lid => of(CheckResult::Pass, words::AWAKE.into()),
        Ok(_) => of(CheckResult::Pass, words::AWAKE.into()).with_next(words::LID_NEXT),
        Err(NotAwake::NoMeans) => {
            of(CheckResult::Unknown, words::NO_AWAKE.into()).with_next(words::AWAKE_NEXT)
        }
        Err(NotAwake::Refused(said)) => {
            of(CheckResult::Warn, words::not_awake(said)).with_next(words::AWAKE_NEXT)
        }
    }
}

async fn start(all: Vec<Means>) -> Result<Awake, NotAwake> {
    let mut refused = None;
    for means in all.into_iter().filter(Means::is_there) {
        let holds_the_lid = means.holds_the_lid();
        let hold = match means {
            Means::Program { line, answers, .. } => program(&line, answers).await,
            Means::Call => call().await,
        };
        match hold {
            Ok(hold) => return Ok(Awake { holds_the_lid, _hold: hold }),
            // The first one is the best one, and so is its reason.
            Err(said) => refused = refused.or(Some(said)),
        }
    }
    Err(refused.map_or(NotAwake::NoMeans, NotAwake::Refused))
}

/// What is written to a program that repeats it.
const WORD: u8 = b'\n';

async fn program(line: &CommandLine, answers: bool) -> Result<Hold, String> {
    let mut child = Command::new(found(&line.program))
        .args(&line.args)
        .stdin(Stdio::piped())
        .stdout(if answers { Stdio::piped() } else { Stdio::null() })
        .stderr(if answers { Stdio::piped() } else { Stdio::null() })
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| format!("{}: {error}", line.program))?;
    let mut pipe = child.stdin.take().ok_or("it has no input")?;
    if let (Some(mut said), Some(mut complained)) = (child.stdout.take(), child.stderr.take()) {
        // One that has ended hears nothing; its last words follow.
        pipe.write_all(&[WORD]).await.ok();
        if said.read_u8().await.ok() != Some(WORD) {
            drop(pipe);
            let mut why = String::new();
            complained.read_to_string(&mut why).await.ok();
            let last = why.lines().rfind(|line| !line.trim().is_empty());
            return Err(format!("{}: {}", line.program, last.unwrap_or("it ended").trim()));
        }
    }
    Ok(Hold::Program(pipe, Box::new(child)))
}

async fn call() -> Result<Hold, String> {
    let (end, ended) = channel();
    let (tell, told) = oneshot::channel();
    let keep = move || {
        let taken = sys::stay_awake(true);
        if tell.send(taken).is_ok() && taken {
            // Until the other end is dropped.
            ended.recv().ok();
            sys::stay_awake(false);
        }
    };
    thread::Builder::new().name("awake".into()).spawn(keep).map_err(|error| error.to_string())?;
    match told.await {
        Ok(true) => Ok(Hold::Thread(end)),
        Ok(false) | Err(_) => Err("SetThreadExecutionState: 0".into()),
    }
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;

    fn program(line: &str, answers: bool, lid: bool) -> Means {
        Means::Program { line: CommandLine::new("sh", ["-c", line]), answers, lid }
    }

    /// Until a process is no more, or a bound for one that never ends.
    fn wait_for_the_end_of(pid: &str) {
        for _ in 0..600 {
            if std::fs::read_to_string(format!("/proc/{pid}/stat")).is_err() {
                return;
            }
            thread::sleep(std::time::Duration::from_millis(50));
        }
        panic!("process {pid} is still there");
    }

    #[tokio::test]
    async fn what_holds_the_computer_awake_ends_when_it_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let note = folder.path().join("pid");
        let line = format!("echo $$ > {}; exec cat", note.display());
        let awake = start(vec![program(&line, true, true)]).await.unwrap();
        assert!(awake.holds_the_lid);
        let pid = std::fs::read_to_string(&note).unwrap();
        assert!(std::fs::exists(format!("/proc/{}", pid.trim())).unwrap(), "it runs");
        drop(awake);
        tokio::task::spawn_blocking(move || wait_for_the_end_of(pid.trim())).await.unwrap();
    }

    #[tokio::test]
    async fn one_that_is_refused_gives_way_to_the_next_and_the_first_reason_is_told() {
        let refused = "echo 'Failed to inhibit: Access denied' >&2; exit 1";
        let awake = start(vec![program(refused, true, true), program("exec cat", true, false)]).await;
        assert!(!awake.unwrap().holds_the_lid);
        let both = start(vec![program(refused, true, true), program("exit 3", true, false)]).await;
        assert_eq!(both.unwrap_err(), NotAwake::Refused("sh: Failed to inhibit: Access denied".into()));
    }

    #[tokio::test]
    async fn without_any_means_it_is_unknown() {
        let missing = CommandLine::of("no-such-program-here");
        let means = Means::Program { line: missing, answers: true, lid: true };
        let none = start(vec![means, Means::Call]).await.map(Arc::new);
        assert_eq!(told(&none).result, CheckResult::Unknown);
        assert!(told(&none).next.is_some());
    }

    #[tokio::test]
    async fn what_is_told_names_the_lid_only_where_it_is_not_held() {
        for (answers, lid) in [(true, true), (true, false), (false, false)] {
            let check = told(&start(vec![program("exec cat", answers, lid)]).await.map(Arc::new));
            assert_eq!((check.result, check.next.is_none()), (CheckResult::Pass, lid), "{check:?}");
        }
        let refused = told(&Err(NotAwake::Refused("x: no".into())));
        assert_eq!(refused.result, CheckResult::Warn);
        assert!(refused.detail.contains("x: no"), "{refused:?}");
    }
}
