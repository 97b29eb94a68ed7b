//! The first three questions: what is wrong, which phone, which file.

use shared::protocol::Worked;
use shared::text::amount;

use crate::browser;
use crate::draft::Symptom;

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
