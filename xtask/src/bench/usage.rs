//! What a server uses, from /proc (proc(5)): processor time with that of its threads and of its
//! child processes, and peak memory.
//!
//! tftpd-hpa has a process for each transfer and does not wait for its end, so their time is
//! nobody's once they are gone: they are looked at while they run.

use std::collections::HashMap;
use std::fs;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Length of a tick in /proc/PID/stat: `USER_HZ` is 100 on all of today's architectures.
const TICK: Duration = Duration::from_millis(10);
/// How often child processes are looked at when one client fetches.
const OFTEN: Duration = Duration::from_millis(10);
/// And when hundreds do, so that looking costs nothing to speak of.
const SELDOM: Duration = Duration::from_millis(200);
/// What a server may still have to do when its client has left.
const AFTERMATH: Duration = Duration::from_millis(30);

/// What a server has used.
#[derive(Default, Clone, Copy)]
pub(super) struct Used {
    pub(super) processor: Duration,
    pub(super) memory: u64,
}

/// Watches a server while a client is at it.
pub(super) struct Watch {
    process: u32,
    before: Duration,
    stop: Sender<()>,
    children: JoinHandle<Used>,
}

impl Watch {
    pub(super) fn start(process: u32, clients: usize) -> Self {
        let every = if clients > 1 { SELDOM } else { OFTEN };
        let (stop, stopped) = mpsc::channel();
        let children = thread::spawn(move || {
            let mut seen: HashMap<u32, Duration> = HashMap::new();
            let mut memory = 0;
            while stopped.recv_timeout(every) == Err(RecvTimeoutError::Timeout) {
                let running = children(process);
                // Their own memory only: the program they share is counted with the parent.
                memory = memory.max(running.iter().filter_map(|child| status(*child, "RssAnon:")).sum());
                seen.extend(running.into_iter().filter_map(|child| Some((child, scheduled(child)?))));
            }
            Used { processor: seen.values().sum(), memory }
        });
        Self { process, before: processor(process).unwrap_or_default(), stop, children }
    }

    pub(super) fn stop(self) -> Used {
        drop(self.stop);
        let children = self.children.join().unwrap_or_default();
        thread::sleep(AFTERMATH);
        let own = processor(self.process).unwrap_or_default().saturating_sub(self.before);
        let memory = status(self.process, "VmHWM:").unwrap_or_default();
        Used { processor: own + children.processor, memory: memory + children.memory }
    }
}

/// The processes that this one has started and that still run.
pub(super) fn children(process: u32) -> Vec<u32> {
    let path = format!("/proc/{process}/task/{process}/children");
    let list = fs::read_to_string(path).unwrap_or_default();
    list.split_whitespace().filter_map(|word| word.parse().ok()).collect()
}

/// User and system time of a process, its ended threads included.
pub(super) fn processor(process: u32) -> Option<Duration> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // Behind the name, which may hold anything: the state is field 3, the times are 14 and 15.
    let (_, fields) = stat.rsplit_once(')')?;
    let mut times = fields.split_whitespace().skip(11).map(str::parse::<u32>);
    let ticks = times.next()?.ok()? + times.next()?.ok()?;
    Some(TICK * ticks)
}

/// Time on a core of a process with one thread, to the nanosecond.
fn scheduled(process: u32) -> Option<Duration> {
    let times = fs::read_to_string(format!("/proc/{process}/schedstat")).ok()?;
    Some(Duration::from_nanos(times.split_whitespace().next()?.parse().ok()?))
}

/// A figure of /proc/PID/status, bytes.
pub(super) fn status(process: u32, field: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(field))?;
    let kibibytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kibibytes << 10)
}
