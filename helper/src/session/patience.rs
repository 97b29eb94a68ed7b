//! How long each thing may take before something else is tried. All of it in one place, each
//! with its reason; the machine gets it handed in, so that tests can be quick and the command
//! line can change it.

use std::time::Duration;

/// The limits of one recovery.
#[derive(Debug, Clone)]
pub struct Patience {
    /// From the whole file taken, or from a reset, to the phone back in normal mode.
    pub write: Duration,
    /// From "downloading, please wait" to the first request for the file. A VxWorks client
    /// asks every 5 s for 25 s (domain.md 5.1), so nothing can come later.
    pub request: Duration,
    /// From "downloading, please wait" to opening a firewall that may keep the request out: long
    /// enough for the first request and the second (a VxWorks client's comes after 5 s), short
    /// enough for the third to find it open (domain.md 5.1).
    pub wall: Duration,
    /// From an answer that says nothing to the next way of sending the form.
    pub unclear_answer: Duration,
    /// Between two rungs (domain.md 7.5: 2 to 3 s).
    pub between_rungs: Duration,
    /// From a transfer that the phone ended with an error to giving up: several requests in a
    /// row are normal (domain.md 5.1).
    pub after_error: Duration,
    /// The same after a transfer that fell silent: the silence was already a minute.
    pub after_silence: Duration,
    /// Between two looks whether the phone is back.
    pub probe: Duration,
    /// How long the phone must stay in recovery, after it was dark, to be called back in
    /// recovery: a server that stalls while the flash is written also looks dark.
    pub recovery_again: Duration,
    /// From a reset's answer to the phone going dark, if it goes dark at all.
    pub going_dark: Duration,
    /// Between two looks in that time: a restart can be short.
    pub going_dark_probe: Duration,
    /// How long pages of normal mode may fail after the phone is back: it is still starting.
    pub starting: Duration,
    /// Between two tries in that time.
    pub starting_retry: Duration,
    /// How often the phone's page is tried before nothing answers.
    pub looks: u32,
    /// Between those.
    pub between_looks: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            // Users tell of three to five minutes (domain.md 3.4); twice that.
            write: Duration::from_secs(600),
            request: Duration::from_secs(30),
            wall: Duration::from_secs(6),
            unclear_answer: Duration::from_secs(10),
            between_rungs: Duration::from_millis(2500),
            after_error: Duration::from_secs(30),
            after_silence: Duration::from_secs(5),
            probe: Duration::from_secs(1),
            // Long, for a wrong word here makes a person start again while the phone still writes.
            recovery_again: Duration::from_secs(60),
            going_dark: Duration::from_secs(6),
            going_dark_probe: Duration::from_millis(250),
            starting: Duration::from_secs(60),
            starting_retry: Duration::from_secs(2),
            looks: 3,
            between_looks: Duration::from_secs(1),
        }
    }
}
