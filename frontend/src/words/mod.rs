//! Every text that only the page says. Phases, failures and addresses have theirs in
//! `shared::text`, which the terminal uses as well.
//!
//! Voice: short, kind, exact. The main path knows no word of the trade; the two folded parts
//! (`WIRE_…`, `FORM_…`) may name things as they are. A file for each stretch of the way; here stands
//! what belongs to all of it.

mod connect;
mod questions;
mod recovery;

use shared::check::CheckName;
use shared::phase::Phase;
use shared::protocol::Rejection;

use crate::components::FactState;
use crate::journey::Step;

pub(crate) use connect::*;
pub(crate) use questions::*;
pub(crate) use recovery::*;

pub(crate) const NAME_FIRST: &str = "hook";
pub(crate) const NAME_SECOND: &str = "flash";
pub(crate) const PRACTICE: &str = "Practice";
pub(crate) fn practice_about(scenario: &str) -> String {
    format!("{PRACTICE}: {scenario}")
}
pub(crate) const STEPS: &str = "Steps";

// The line to the helper.
pub(crate) const LINK_CONNECTING: &str = "connecting";
pub(crate) const LINK_OPEN: &str = "helper running";
pub(crate) const LINK_LOST: &str = "helper not answering, trying again";
pub(crate) const LINK_KEY: &str = "key not valid";
pub(crate) const LINK_VERSION: &str = "another version";
pub(crate) const LOST_HEADING: &str = "hookflash does not answer";
pub(crate) fn lost_since(clock: &str) -> String {
    format!(
        "What you see is what we knew at {clock}. This page connects again by itself. If you closed hookflash, start it again."
    )
}
pub(crate) const LOST_KEEP: &str = "Leave the phone plugged in meanwhile.";
pub(crate) const WAITING_HEADING: &str = "One moment";
pub(crate) const WAITING_LEAD: &str = "The page is connecting to hookflash on this computer.";
pub(crate) const WAITING_LOST_HEADING: &str = "hookflash is not running";
pub(crate) const WAITING_LOST_LEAD: &str =
    "Start it on this computer and open the address that it prints. This page keeps trying meanwhile.";
pub(crate) const KEY_HEADING: &str = "This page's key is no longer valid";
pub(crate) const KEY_LEAD: &str =
    "Open the address that hookflash printed when it started. It holds the new key.";
pub(crate) const ENDED: &str = "hookflash was started again. What it did with your phone ended with that. Leave the phone plugged in, and begin again.";
pub(crate) const VERSION_HEADING: &str = "This page is of another version";
pub(crate) const VERSION_LEAD: &str =
    "hookflash was replaced by another version while this page was open. Load the page again.";
pub(crate) const LOAD_AGAIN: &str = "Load the page again";

// Buttons that many screens have.
pub(crate) const GO_ON: &str = "Go on";
pub(crate) const BACK: &str = "Back";
pub(crate) const STOP: &str = "Stop here";
pub(crate) const RETRY: &str = "Try again";
pub(crate) const START_OVER: &str = "Start over";
pub(crate) const ANOTHER_PHONE: &str = "Another phone";
pub(crate) const PHONES: &str = "Phones";

// The picture.
pub(crate) const STAGE_NOW: &str = "What the phone looks like right now";
pub(crate) const STAGE_SHOULD: &str = "What it should show now";
pub(crate) const STAGE_FIRST: &str = "Your phone, before we begin";
pub(crate) const STAGE_ADDRESS: &str = "What it should show, with its own address";
pub(crate) fn stage_alt(lines: &[String]) -> String {
    match lines.is_empty() {
        true => "The phone. Its display is dark.".into(),
        false => format!("The phone. Its display says: {}", lines.join(", ")),
    }
}

/// The display of a phone in Web Recovery, as real ones write it.
pub(crate) const LCD_RECOVERY: &str = "WEB RECOVERY AT:";
pub(crate) const LCD_DOWNLOADING: &str = "DOWNLOADING";
pub(crate) const LCD_IDLE: &str = "No Service";

pub(crate) fn step(step: Step) -> &'static str {
    match step {
        Step::Phone => "Phone",
        Step::Firmware => "Firmware",
        Step::Connect => "Connect",
        Step::Recover => "Recover",
        Step::Check => "Check",
        Step::Done => "Done",
    }
}

pub(crate) fn step_of(number: usize, all: usize) -> String {
    format!("Step {number} of {all}: ")
}

/// A phase as one line of the list.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Milestone {
    /// Before and while it goes on.
    pub(crate) doing: &'static str,
    /// Afterwards.
    pub(crate) done: &'static str,
    /// How long it takes, where that is worth knowing.
    pub(crate) usual: &'static str,
}

pub(crate) fn milestone(phase: Phase) -> Milestone {
    let (doing, done, usual) = match phase {
        Phase::Prepare => ("Looking at the firmware file", "Firmware file looked at", ""),
        Phase::Find => ("Looking for the phone", "Phone found", ""),
        Phase::Preflight => ("Making sure everything is ready", "Everything ready", ""),
        Phase::Send => {
            ("Asking the phone to take it", "The phone asked for the file", "usually within half a minute")
        }
        Phase::Transfer => ("Reading the file", "Whole file read", "usually less than a minute"),
        Phase::Write => {
            ("Writing it to its memory", "Written to its memory", "usually three to five minutes")
        }
        Phase::Restart => ("Starting again", "Started again", "usually one or two minutes"),
        Phase::Verify => ("Checking login and version", "Login and version checked", ""),
        Phase::Wipe => ("Removing old settings", "Old settings removed", "it restarts once or twice more"),
        Phase::Done => ("Like new", "Like new", ""),
    };
    Milestone { doing, done, usual }
}

pub(crate) fn check(name: CheckName) -> &'static str {
    match name {
        CheckName::Firmware => "The file can be firmware",
        CheckName::FirmwareFitsModel => "The file fits the model",
        CheckName::FirmwareRules => "Nothing is known against this version",
        CheckName::PhoneAnswers => "The phone answers",
        CheckName::RecoveryMode => "It is in Web Recovery",
        CheckName::Cable => "The cable is in",
        CheckName::Route => "This computer can talk to it",
        CheckName::Overlap => "There is one way to it",
        CheckName::Shadow => "No Wi-Fi is in the way",
        CheckName::Ports => "No other program is in the way",
        CheckName::PortRights => "This computer lets us answer it",
        CheckName::Firewall => "No firewall is in the way",
        CheckName::Disk => "Changes can be written down",
        CheckName::Sleep => "This computer stays awake",
        CheckName::Form => "Its form is understood",
        CheckName::Serving => "The file is ready for it",
        CheckName::Login => "The factory password works",
        CheckName::Identity => "It says who it is",
        CheckName::LocalConfiguration => "No old settings are left",
    }
}

/// How a line of a list stands, for those who do not see its sign.
pub(crate) fn fact_state(state: FactState) -> &'static str {
    match state {
        FactState::Done => "done: ",
        FactState::Now => "going on: ",
        FactState::Todo => "still to come: ",
        FactState::Odd => "unusual: ",
        FactState::Unknown => "not known: ",
        FactState::Failed => "failed: ",
    }
}

pub(crate) fn rejection(reason: Rejection) -> &'static str {
    match reason {
        Rejection::NotUnderstood | Rejection::UnknownMessage | Rejection::OtherVersion => {
            "hookflash did not understand this page. Load the page again."
        }
        Rejection::NoSuchPhone => "This phone is no longer on the list.",
        Rejection::NoSuchFirmware => "This firmware file is no longer there. Choose it again.",
        Rejection::Busy => "A phone at this address is being recovered already.",
        Rejection::NotPractising => "This works in practice only.",
    }
}

/// For dates: `24 November 2026`.
pub(crate) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

// The title of the window.
pub(crate) const TITLE: &str = "hookflash";
pub(crate) fn title(what: &str) -> String {
    format!("{what} – {TITLE}")
}
pub(crate) fn title_percent(percent: u8) -> String {
    title(&format!("{percent} %"))
}
