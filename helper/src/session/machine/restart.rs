//! Write and Restart: the phone has every byte, and we wait until it is back in normal mode.
//!
//! All bytes acknowledged is not success (domain.md 5.1). A server that stalls while the flash
//! is written looks dark for a moment, so only a phone that shows its recovery form again, and
//! keeps showing it, after it was dark counts as back in recovery.

use std::time::Duration;

use shared::failure::{Failure, FailureCode};
use shared::phase::Phase;

use super::{Look, Machine, Stage, wipe};
use crate::phone::answer::Answer;
use crate::phone::exchange::ExchangeError;

/// As much of a page as a person reads, in characters.
const WORDS: usize = 160;

/// What the machine remembers while it waits.
#[derive(Debug)]
pub(super) struct Restarting {
    until: Duration,
    was_dark: bool,
    /// Since when the phone shows its recovery form after it was dark.
    recovery_since: Option<Duration>,
    last: Look,
    /// Its recovery page says that the download failed.
    failed: Option<SaysFailed>,
    /// Why it may lack the end of the file, and until when it must have left its recovery page
    /// to be believed that it does not.
    doubt: Option<(Failure, Duration)>,
}

/// A recovery page that says that the download failed.
#[derive(Debug)]
struct SaysFailed {
    since: Duration,
    /// In which words.
    words: String,
    /// It said so before this download as well.
    before: bool,
}

/// What a page says when the phone could not use the file, in the languages of the phones
/// (domain.md 1.1: "firmware download failed").
const FAILED: [&str; 5] = ["fail", "fehlgeschlagen", "échec", "échou", "falló"];

impl Restarting {
    pub(super) fn new(until: Duration) -> Self {
        let (was_dark, last) = (false, Look::Recovery);
        Self { until, was_dark, recovery_since: None, last, failed: None, doubt: None }
    }

    pub(super) fn in_doubt(until: Duration, doubt: (Failure, Duration)) -> Self {
        Self { doubt: Some(doubt), ..Self::new(until) }
    }

    pub(super) fn doubt(&mut self, doubt: (Failure, Duration)) {
        self.doubt = Some(doubt);
    }

    pub(super) fn deadline(&self) -> Duration {
        self.until
    }
}

impl Machine {
    pub(super) fn probed(&mut self, answer: Result<Answer, ExchangeError>) {
        let (now, patience) = (self.now, self.patience.clone());
        let words = words_of_failure(&answer);
        let before = self.left.as_ref().is_some_and(|left| says_failed(&left.page.text));
        let Stage::Restarting(restarting) = &mut self.stage else { return };
        restarting.last = Look::of(answer);
        let since = restarting.failed.as_ref().map_or(now, |failed| failed.since);
        restarting.failed = words.map(|words| SaysFailed { since, words, before });
        // As long as for a phone that is back in recovery: it may still be at work.
        if let Some(failed) = &restarting.failed
            && !failed.before
            && now >= failed.since + patience.recovery_again
        {
            let seen = failed.seen();
            return self.fail(FailureCode::PhoneRefusedFile, seen);
        }
        match restarting.last {
            Look::Normal(_) => {
                return self.back();
            }
            Look::Dark => {
                restarting.was_dark = true;
                restarting.recovery_since = None;
                // It restarts, so it had all of the file; its own word against it still counts.
                restarting.doubt.take_if(|(failure, _)| failure.code == FailureCode::PhoneTransferBroke);
                self.enter(Phase::Restart);
            }
            Look::Recovery if restarting.was_dark => {
                let since = *restarting.recovery_since.get_or_insert(now);
                if now >= since + patience.recovery_again {
                    if let Some((failure, _)) = &restarting.doubt {
                        let failure = failure.clone();
                        return self.fail_with(failure);
                    }
                    let seen = "it restarted and shows its recovery page again";
                    return self.fail(FailureCode::PhoneBackInRecovery, seen);
                }
            }
            Look::Recovery => {
                if let Some((failure, _)) = restarting.doubt.take_if(|(_, until)| *until <= now) {
                    return self.next_road(failure);
                }
            }
            Look::Strange => {}
        }
        if self.now >= self.deadline().unwrap_or(Duration::MAX) {
            return self.restart_ran_out();
        }
        self.look(patience.probe);
    }

    /// It has the file and shows its normal pages, so it did restart, seen or not.
    pub(super) fn back(&mut self) {
        self.enter(Phase::Restart);
        self.enter(Phase::Verify);
        self.stage = Stage::Wiping(wipe::Wiping::verifying(self.now + self.patience.starting));
        self.log_in(Duration::ZERO);
    }

    pub(super) fn restart_ran_out(&mut self) {
        let seconds = self.patience.write.as_secs();
        let Stage::Restarting(restarting) = &self.stage else { return };
        // It took the file by a second protocol after it had refused it by the first, and did
        // nothing with it: the refusal is the reason.
        if let Some(failed) = &restarting.failed {
            let seen = failed.seen();
            return self.fail(FailureCode::PhoneRefusedFile, seen);
        }
        if let (Some((failure, _)), Look::Recovery) = (&restarting.doubt, &restarting.last) {
            return self.fail_with(failure.clone());
        }
        let idle = restarting.last == Look::Recovery && !restarting.was_dark;
        if let Some(refused) = self.left.as_ref().filter(|_| idle).and_then(|left| left.ended.clone()) {
            return self.fail_with(refused);
        }
        let (code, now) = match (&restarting.last, restarting.was_dark) {
            (Look::Recovery, true) => (FailureCode::PhoneBackInRecovery, "it shows its recovery page"),
            (Look::Recovery, false) => (FailureCode::PhoneDidNotReturn, "it never left its recovery page"),
            (Look::Dark, _) => (FailureCode::PhoneDidNotReturn, "nothing answers at its address"),
            _ => (FailureCode::PhoneDidNotReturn, "what answers is not its normal page"),
        };
        self.fail(code, format!("after {seconds} s {now}"));
    }
}

impl SaysFailed {
    fn seen(&self) -> String {
        format!("it took every byte, and its page says: {}", self.words)
    }
}

fn says_failed(text: &str) -> bool {
    let text = text.to_lowercase();
    FAILED.iter().any(|word| text.contains(word))
}

/// What a recovery page says about a failed download.
fn words_of_failure(answer: &Result<Answer, ExchangeError>) -> Option<String> {
    match answer {
        Ok(Answer::Recovery(page)) if says_failed(&page.text) => {
            Some(page.text.chars().take(WORDS).collect())
        }
        _ => None,
    }
}
