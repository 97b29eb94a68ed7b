//! While it runs, and how it ended.

use shared::failure::Remedy;

use super::{FIRMWARE_CHOOSE_OTHER, RETRY};

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
