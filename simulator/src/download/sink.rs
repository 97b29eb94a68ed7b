//! Where the file's bytes go, and what can go wrong with them: a write error, a pause, a file
//! for another model (domain.md 3.3: refused only after part of the transfer).

use sha2::{Digest, Sha256};
use tokio::time::{Duration, Instant, sleep};

use crate::{Event, Quirk, event::DownloadFailure, phone::Core};

/// Bytes between two events of progress.
const PROGRESS_STEP: u64 = 64 * 1024;
/// Bytes from the start that are kept: model and version are looked for there, the rest is only
/// counted and summed, so that many phones fit into one computer.
const LOOK_AT: usize = 64 * 1024;

/// A file that is in.
#[derive(Debug)]
pub(super) struct Received {
    pub(super) length: u64,
    /// Its SHA-256.
    pub(super) sum: Vec<u8>,
    /// Its start.
    pub(super) head: Vec<u8>,
}

/// A file that grows.
#[derive(Debug)]
pub(super) struct Sink<'a> {
    core: &'a Core,
    head: Vec<u8>,
    length: u64,
    sum: Sha256,
    /// Whether the faults that may happen once happen now.
    faulty: bool,
    stalled: bool,
    checked: bool,
    started: Option<Instant>,
    told: u64,
}

impl<'a> Sink<'a> {
    pub(super) fn new(core: &'a Core, faulty: bool) -> Self {
        Self {
            core,
            head: Vec::new(),
            length: 0,
            sum: Sha256::new(),
            faulty,
            stalled: false,
            checked: false,
            started: None,
            told: 0,
        }
    }

    pub(super) fn len(&self) -> u64 {
        self.length
    }

    /// The whole file.
    pub(super) fn finish(self) -> Received {
        Received { length: self.length, sum: self.sum.finalize().to_vec(), head: self.head }
    }

    /// Takes some bytes; `last` says that the file ends with them.
    pub(super) async fn take(&mut self, bytes: &[u8], last: bool) -> Result<(), DownloadFailure> {
        self.sum.update(bytes);
        self.length += bytes.len() as u64;
        let room = LOOK_AT.saturating_sub(self.head.len());
        self.head.extend(bytes.iter().take(room));
        self.tell(last);
        let quirks = &self.core.config.quirks;
        if self.faulty {
            let full = quirks.error_at().is_some_and(|limit| self.len() >= limit);
            if full || (last && quirks.has(&Quirk::RejectsFile)) {
                return Err(DownloadFailure::Rejected);
            }
        }
        if last && self.length == 0 {
            return Err(DownloadFailure::Rejected);
        }
        self.check_model(last)?;
        self.stall().await;
        self.pace().await;
        Ok(())
    }

    fn tell(&mut self, last: bool) {
        if last || self.len() >= self.told + PROGRESS_STEP {
            self.told = self.len();
            self.core.say(Event::Progress { bytes: self.told });
        }
    }

    fn check_model(&mut self, last: bool) -> Result<(), DownloadFailure> {
        let enough = last || self.head.len() >= LOOK_AT;
        if self.checked || !enough || !self.core.config.quirks.has(&Quirk::ChecksModel) {
            return Ok(());
        }
        self.checked = true;
        let start = &self.head;
        // What the phone is in truth, not what it says.
        let quirks = &self.core.config.quirks;
        let model = quirks.other_model().unwrap_or(self.core.config.model);
        let found = [model.firmware_name(), model.name()]
            .into_iter()
            .any(|name| start.windows(name.len()).any(|part| part == name.as_bytes()));
        if found { Ok(()) } else { Err(DownloadFailure::Rejected) }
    }

    async fn stall(&mut self) {
        let due = self.core.config.quirks.stall_at();
        if !self.stalled && due.is_some_and(|at| self.len() >= at) {
            self.stalled = true;
            self.core.say(Event::Stalled { bytes: self.len() });
            sleep(self.core.config.timing.stall).await;
        }
    }

    /// No faster than the phone's speed.
    async fn pace(&mut self) {
        let Some(speed) = self.core.config.timing.bytes_per_second else {
            return;
        };
        let started = *self.started.get_or_insert_with(Instant::now);
        let due = Duration::from_micros(self.len() * 1_000_000 / u64::from(speed.max(1)));
        let ahead = due.saturating_sub(started.elapsed());
        // Below a timer's grain a pause would slow down more than it should.
        if ahead > Duration::from_millis(5) {
            sleep(ahead).await;
        }
    }
}
