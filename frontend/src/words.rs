//! Every text that only the page says. Phases, failures and addresses have theirs in
//! `shared::text`, which the terminal uses as well.
//!
//! Voice: short, kind, exact. The main path knows no word of the trade; the two folded parts
//! (`WIRE_…`, `FORM_…`) may name things as they are.

use shared::check::CheckName;
use shared::failure::Remedy;
use shared::phase::Phase;
use shared::protocol::{FoundState, InterfaceKind, InterfaceView, Rejection, Repair, Worked};
use shared::text::amount;

use crate::browser;
use crate::components::FactState;
use crate::draft::Symptom;
use crate::journey::Step;

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

// What is wrong?
pub(crate) const SYMPTOM_HEADING: &str = "What is wrong with your phone?";
pub(crate) const SYMPTOM_LEAD: &str = "Choose what comes closest. If you are not sure, take the first.";
pub(crate) fn symptom(symptom: Symptom) -> (&'static str, &'static str) {
    match symptom {
        Symptom::Locked => ("It is locked", "It wants a password that nobody knows."),
        Symptom::NoSoftware => (
            "It only shows WEB RECOVERY",
            "Its software was lost, perhaps when the power failed during an update.",
        ),
        Symptom::Stuck => {
            ("It hangs while it starts", "It stays at “Updating configuration”, or starts over and over.")
        }
        Symptom::Reclaimed => {
            ("Old settings come back", "A former provider's settings are there again after every reset.")
        }
        Symptom::Several => ("I have several phones", "One after the other, or all at once."),
    }
}
pub(crate) fn symptom_note(symptom: Symptom) -> &'static str {
    match symptom {
        Symptom::Locked => {
            "It gets fresh firmware and forgets all its settings. Afterwards its password is the factory's again."
        }
        Symptom::NoSoftware => {
            "It waits for its software and is not broken. Leave it plugged in; nothing needs to be held down."
        }
        Symptom::Stuck => {
            "Fresh firmware and empty settings free it. It does not matter how far it still gets by itself."
        }
        Symptom::Reclaimed => {
            "Keep it away from the internet until it is empty. At the end we say who could claim it again, and whom to ask."
        }
        Symptom::Several => {
            "Begin with one. When it has begun, the next ones can join it, and phones of the same model need the file only once."
        }
    }
}
pub(crate) const SYMPTOM_PRACTISE: &str = "Just practise";
pub(crate) const SYMPTOM_PRACTISE_HINT: &str =
    "With a phone that this computer simulates. Nothing can go wrong.";
pub(crate) const SYMPTOM_PRACTISE_FAILED: &str =
    "The practice did not start. Load this page again, and try once more.";

// Which phone?
pub(crate) const PHONE_HEADING: &str = "Which phone is it?";
pub(crate) const PHONE_LEAD: &str =
    "The name stands on its front or on the label underneath. With it we can tell whether the firmware fits.";
pub(crate) const PHONE_LEGEND: &str = "Model";
pub(crate) const PHONE_UNKNOWN: &str = "I don't know";
pub(crate) const PHONE_UNKNOWN_SECOND: &str = "we find out";

// Which file?
pub(crate) const FIRMWARE_HEADING: &str = "Give it its firmware";
pub(crate) fn firmware_lead(file: Option<&str>) -> String {
    match file {
        Some(file) => {
            format!("That is one file, {file}, from the maker of the phone. It stays on this computer.")
        }
        None => "That is one file from the maker of the phone. Its name is the model's name and .st, such as 57i.st. It stays on this computer.".into(),
    }
}
pub(crate) const FIRMWARE_LABEL: &str = "Drop the file here, or choose it";
pub(crate) const FIRMWARE_CHOOSE: &str = "Choose the file";
pub(crate) const FIRMWARE_CHOOSE_OTHER: &str = "Choose another file";
pub(crate) const FIRMWARE_KEPT: &str = "Here from before";
pub(crate) const FIRMWARE_USE: &str = "Use it";
pub(crate) const FIRMWARE_NOT_USED: &str = "no phone has had it yet";
pub(crate) fn firmware_used(worked: &[Worked]) -> String {
    let each = |worked: &Worked| format!("{} on {}", worked.model, browser::day(worked.at_ms));
    format!("used before: {}", worked.iter().map(each).collect::<Vec<_>>().join(", "))
}
pub(crate) const FIRMWARE_DELETE: &str = "Delete";
pub(crate) const FIRMWARE_DELETE_SURE: &str = "Really delete?";
pub(crate) const FIRMWARE_PRACTICE: &str = "Use the practice firmware";
pub(crate) const FIRMWARE_PRACTICE_HINT: &str = "For the simulated phone only. It is no real firmware.";
pub(crate) const FIRMWARE_UNANSWERED: &str =
    "The file did not arrive. Choose it again; if the helper is not running, wait until it is.";
pub(crate) const FIRMWARE_TOO_MANY: &str =
    "Other files are still on their way, perhaps in another tab. Choose this one again when they are done.";
pub(crate) fn firmware_unreadable(name: &str) -> String {
    format!(
        "This browser cannot read {name}. It may be a folder, or it was moved or changed meanwhile. Choose it again."
    )
}
pub(crate) fn firmware_several(files: u32) -> String {
    format!("These are {files} files. A phone gets one, so drop that one alone.")
}
pub(crate) const FIRMWARE_CHOOSE_MEMBER: &str = "Which phone is yours?";
pub(crate) fn firmware_has_several(name: &str) -> String {
    format!(
        "{name} holds the firmware of more than one. A phone takes only its own, so choose the one that stands on its label."
    )
}
pub(crate) fn whereabouts_heading(file: &str) -> String {
    format!("Where do I get {file}?")
}
pub(crate) fn whereabouts_version(set: &str) -> String {
    format!("version {set}")
}
pub(crate) const WHEREABOUTS_BUNDLE: &str = " (several models)";
pub(crate) fn firmware_reading(name: &str) -> String {
    format!("Reading {name}")
}
pub(crate) const FIRMWARE_SENT: &str = "How much of the file is read";
pub(crate) fn bytes_of(some: u64, all: u64) -> String {
    format!("{} of {}", amount::bytes(some), amount::bytes(all))
}
pub(crate) fn upload_unfinished(name: &str, percent: u8) -> String {
    format!("{percent} % of {name} is here. Choose the same file again, and it goes on from there.")
}
pub(crate) const UPLOAD_FORGET: &str = "Forget it";
pub(crate) const FIRMWARE_ABOUT: &str = "What is known of this file";
pub(crate) const FIRMWARE_NAME: &str = "Name";
pub(crate) const FIRMWARE_SIZE: &str = "Size";
pub(crate) const FIRMWARE_FOR: &str = "Phone";
pub(crate) fn exact_bytes(bytes: u64) -> String {
    format!("{bytes} bytes")
}
pub(crate) fn firmware_refused(name: &str) -> String {
    format!("The file was {name}.")
}
pub(crate) fn firmware_model(model: &str) -> String {
    format!("for the {model}, by its name")
}
pub(crate) const FIRMWARE_NO_MODEL: &str = "its name does not say for which phone";

// Cable, keys, address.
pub(crate) const CONNECT_HEADING: &str = "Hold 1 and # and plug the power in";
pub(crate) const CONNECT_LEAD: &str =
    "Keep both keys down until the display says WEB RECOVERY. That takes about twenty seconds.";
pub(crate) const CONNECT_CABLE_HEADING: &str = "Put the cable into the phone's PC port";
pub(crate) const CONNECT_CABLE_LEAD: &str =
    "Its other end goes into this computer. There is a link as soon as the phone has power.";
pub(crate) const CONNECT_READY_HEADING: &str = "The phone is ready";
pub(crate) const CONNECT_READY_LEAD: &str =
    "It shows its recovery page. One press, and the rest goes by itself.";
pub(crate) const CONNECT_NORMAL_HEADING: &str = "The phone started as usual";
pub(crate) const CONNECT_TEST_MODE_HEADING: &str = "Other keys were held";
pub(crate) const CONNECT_OTHER_NETWORK_HEADING: &str = "The phone is in a network of its own";
pub(crate) const CONNECT_OTHER_NETWORK_LEAD: &str =
    "It answers on the cable. This computer needs an address beside it to talk to it.";
pub(crate) const CONNECT_AGAIN: &str = "Unplug the power, hold 1 and # together, plug the power in, and keep holding until the display says WEB RECOVERY.";
pub(crate) const CONNECT_FACTS: &str = "What we see right now";
pub(crate) const CONNECT_CABLE: &str = "A network cable from the phone's PC port to this computer";
pub(crate) const CONNECT_CABLE_HINT: &str = "not from its LAN port";
pub(crate) const CONNECT_CABLE_OUT: &str = "no cable in this computer has a link yet";
pub(crate) fn cable_in(name: &str) -> String {
    format!("there is a link on {name}")
}
pub(crate) fn cable_to_router(name: &str) -> String {
    format!("{name} leads to a router; the phone may be behind it, or needs a cable of its own")
}
pub(crate) const CONNECT_WAITING: &str = "Waiting for the phone to show itself";
pub(crate) const CONNECT_WAITING_HINT: &str =
    "nothing has answered yet; you can also type the address on its display";
pub(crate) const CONNECT_LOOKING: &str = "looking for it on the cable";
pub(crate) const CONNECT_NOBODY: &str = "Nothing answers on the cable";
pub(crate) const CONNECT_NOBODY_HINT: &str = "If the display shows an address, type it below. If it shows WEB RECOVERY and nothing answers, put the cable into the phone's other port.";
pub(crate) const CONNECT_SEEN: &str = "The phone shows itself";
pub(crate) fn seen_because(address: &str, why: &[String]) -> String {
    match why.is_empty() {
        true => address.to_owned(),
        false => format!("{address}: {}", why.join("; ")),
    }
}
pub(crate) const CONNECT_OTHERS: &str = "Something shows itself on the cable";
pub(crate) const CONNECT_OTHERS_HINT: &str = "if it is your phone, choose it below";
pub(crate) const CONNECT_WAY: &str = "This computer can talk to it";
pub(crate) const CONNECT_OTHER_NETWORK: &str = "This computer has no address beside it";
pub(crate) const CONNECT_OTHER_NETWORK_HINT: &str = "the button below adds one, for this phone alone";
pub(crate) const CONNECT_KEYS: &str = "1 and # held down while the power goes in";
pub(crate) const CONNECT_KEYS_HINT: &str = "if it starts as usual, unplug it and hold them longer";
pub(crate) const CONNECT_RECOVERY: &str = "It is in Web Recovery";
pub(crate) const CONNECT_BUSY: &str = "The phone is already taking a firmware";
pub(crate) const CONNECT_BUSY_HINT: &str = "Leave it plugged in until its display changes.";
pub(crate) const CONNECT_NORMAL: &str = "It started as usual";
pub(crate) const CONNECT_TEST_MODE: &str = "It is in the maker's test mode: other keys were held";
pub(crate) const CONNECT_SILENT: &str = "Its page does not answer yet";
pub(crate) const LOOK_AGAIN: &str = "Look again";
pub(crate) const BY_HAND: &str = "Do it by hand instead";
pub(crate) fn repair_and_go_on(repair: &Repair) -> String {
    match repair {
        Repair::Address { ours, .. } => {
            format!("Add the address {ours} to this computer for as long as it takes, and go on")
        }
        Repair::Firewall => "Let the phone through, and try again".into(),
        Repair::OpenPorts => RETRY.into(),
    }
}
pub(crate) fn repair(repair: &Repair) -> String {
    match repair {
        Repair::Address { interface, .. } => {
            format!(
                "It is added on {interface}, counts for this phone alone, and is taken away again at the end."
            )
        }
        Repair::Firewall => {
            "The firewall gets one rule that lets this phone alone in. It is taken away again at the end."
                .into()
        }
        Repair::OpenPorts => {
            "With this, hookflash may answer the phone. Do it, start hookflash again, and try again.".into()
        }
    }
}
pub(crate) const INTERFACES: &str = "The network of this computer, right now";
pub(crate) fn interface(interface: &InterfaceView) -> String {
    let kind = match interface.kind {
        InterfaceKind::Cable => "cable",
        InterfaceKind::Wifi => "Wi-Fi",
        InterfaceKind::Vpn => "VPN",
        InterfaceKind::Virtual => "made by software",
        InterfaceKind::Unknown => "of unknown kind",
    };
    let link = match interface.link {
        Some(true) => "link",
        Some(false) => "no link",
        None => "link not known",
    };
    let addresses = match interface.addresses.is_empty() {
        true => "no address".to_owned(),
        false => interface.addresses.join(", "),
    };
    let router = interface.gateway.as_ref().map(|router| format!(", router {router}")).unwrap_or_default();
    format!("{kind}, {link}, {addresses}{router}")
}
pub(crate) const CONNECT_PRACTICE_HEADING: &str = "The practice phone waits for you";
pub(crate) const CONNECT_PRACTICE_LEAD: &str = "It is simulated on this computer. Its display shows what a real one would show, and we find it as we would find a real one.";
pub(crate) const ADDRESS_LABEL: &str = "The address on its display";
pub(crate) const ADDRESS_EXAMPLE: &str = "192.168.1.5";
pub(crate) const ADDRESS_GOOD: &str = "This can be the phone's address.";
pub(crate) const ADDRESS_FOUND: &str = "Found by itself.";
pub(crate) fn use_found(address: &str, state: FoundState) -> String {
    let state = match state {
        FoundState::Recovery => return format!("Use {address}"),
        FoundState::Busy => "taking a firmware",
        FoundState::Normal => "started as usual",
        FoundState::TestMode => "other keys were held",
        FoundState::Silent => "no page yet",
        FoundState::OutOfReach => "in another network",
    };
    format!("{address}, {state}")
}
pub(crate) const START: &str = "Get my phone back";
pub(crate) const START_NOTE: &str =
    "First we only look. The phone is not changed before everything is ready.";
pub(crate) const CHANGE: &str = "change";
pub(crate) const FACT_PHONE: &str = "Phone";
pub(crate) const FACT_PHONE_UNKNOWN: &str = "model not said";
pub(crate) const FACT_FIRMWARE: &str = "Firmware";
pub(crate) const FACT_FIRMWARE_NONE: &str = "none yet";

// While it runs.
pub(crate) const KEEP_PLUGGED_IN: &str = "Leave it plugged in";
pub(crate) fn another_way(number: u32, of: u32) -> String {
    format!("Trying another way ({number} of {of})")
}
pub(crate) const ANOTHER_WAY_HINT: &str = "Some phones say no to the first way. This is normal.";
pub(crate) const PROGRESS: &str = "Firmware read by the phone";
pub(crate) const FIGURE_READ: &str = "read so far";
pub(crate) fn figure_of(total: &str) -> String {
    format!("of {total}")
}
pub(crate) const FIGURE_RATE: &str = "now";
pub(crate) const FIGURE_LEFT: &str = "left";
pub(crate) const FIGURE_REPEATS: &str = "sent twice";
pub(crate) fn read_so_far(percent: u8) -> String {
    format!("{percent} percent read by the phone")
}
pub(crate) const BELL_WISH: &str = "Tell me when it is over, with a sound";
pub(crate) const TIMELINE: &str = "What has happened, and what comes";

// Done.
pub(crate) const DONE_VERSION: &str = "Restarted with firmware";
pub(crate) const DONE_VERSION_UNKNOWN: &str = "Restarted; its version could not be read";
pub(crate) const DONE_LOGIN: &str = "Login works: admin, password 22222";
pub(crate) const DONE_SETTINGS: &str = "Old settings removed";
pub(crate) const DONE_SETTINGS_KEPT: &str = "Old settings kept, as you asked";
pub(crate) fn done_took(duration: &str) -> String {
    format!("It took {duration} in all")
}
pub(crate) const DONE_OPEN: &str = "Open the phone's own page";

pub(crate) const DONE_TIMELINE: &str = "How it went";
pub(crate) const DONE_FORGET: &str = "Take it off the list";

// Failed.
pub(crate) const FAILED_SEEN: &str = "What we saw";
pub(crate) const FAILED_CODE: &str = "Code";
pub(crate) const FAILED_SIDE_DOOR: &str = "Reset this phone without firmware";
pub(crate) fn remedy(remedy: Remedy) -> &'static str {
    match remedy {
        Remedy::Retry => RETRY,
        Remedy::OtherFile => FIRMWARE_CHOOSE_OTHER,
        Remedy::OtherAddress => "Type the address again",
        Remedy::WaitThenStartAgain => "It shows WEB RECOVERY again",
    }
}

pub(crate) const CONFIRM_HEADING: &str = "If you are certain";
pub(crate) const CONFIRM_LEAD: &str = "Only a version that you have seen on the phone itself counts: on its display, or on its own page. A guess can cost you the phone.";
pub(crate) const CONFIRM_PRESENT: &str = "The version on the phone now";
pub(crate) const CONFIRM_PRESENT_EXAMPLE: &str = "4.2.0";
pub(crate) const CONFIRM_PRESENT_BAD: &str =
    "Type at least three numbers with dots between them, such as 4.2.0.";
pub(crate) const CONFIRM_MODEL: &str = "The model, as it stands on the phone's label";
pub(crate) const CONFIRM_MODEL_EXAMPLE: &str = "6867i";
pub(crate) const CONFIRM_MODEL_BAD: &str = "No phone that we know has this name.";
pub(crate) const CONFIRM_GO_ON: &str = "I am certain, go on";

// What the phone will be sent.
pub(crate) const FORM_HEADING: &str = "What the phone will be sent";
pub(crate) const FORM_HEADING_SENT: &str = "What the phone was sent";
pub(crate) const FORM_TO: &str = "The phone's own form, sent to";
pub(crate) const FORM_FIELD: &str = "Field";
pub(crate) const FORM_VALUE: &str = "Value";
pub(crate) const FORM_BY: &str = "From";
pub(crate) const FORM_OURS: &str = "hookflash";
pub(crate) const FORM_THEIRS: &str = "the phone, unchanged";
pub(crate) const FORM_EMPTY: &str = "(empty)";

// What is going over the wire.
pub(crate) const WIRE_HEADING: &str = "What is going over the wire";
pub(crate) const WIRE_PHONE: &str = "Phone";
pub(crate) const WIRE_SUBMISSION: &str = "Submission";
pub(crate) const WIRE_TRANSFER: &str = "Transfer";
pub(crate) const WIRE_REPEATS: &str = "sent again";
pub(crate) const WIRE_EXCHANGES: &str = "What was sent to the phone, and what it answered";
pub(crate) const REPORT_KEEP: &str = "Keep the report";
pub(crate) const REPORT_JSON: &str = "as JSON";
pub(crate) const WIRE_FIRMWARE: &str = "Firmware";
pub(crate) const WIRE_CONFIGURATION: &str = "Configuration";
pub(crate) const WIRE_ANSWERED: &str = "answered by us";
pub(crate) const WIRE_NOT_ANSWERED: &str = "not found";

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
