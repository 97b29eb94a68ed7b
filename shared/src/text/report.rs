//! The words of the report that is kept and handed on.

/// The page's own title.
pub const TITLE: &str = "Report of a phone's recovery";
/// Of a recovery that has not ended.
pub const STILL_RUNNING: &str = "This recovery is still under way";
/// What is masked.
pub const MASKED: &str = "Passwords, logins and cookies are masked as ***. Names of computers and people, numbers to call, addresses outside the local network and the second half of hardware addresses have placeholders: the same placeholder is the same name. Private addresses, fields, versions and the maker's own servers are shown as they were.";
/// How to send it on.
pub const SEND_ON: &str = "Please read it through once before you hand it on: what a phone calls a secret in words that we do not know may still be in it. Then it can go to your provider, or be published, so that hookflash learns the page of this model.";
/// Before what was seen.
pub const SEEN: &str = "What we saw";
/// Before the next step.
pub const NEXT: &str = "What to do next";
/// Before the failure's code.
pub const CODE: &str = "Code";
/// Heading: the time line.
pub const TIMELINE: &str = "Time line";
/// Heading: the phone.
pub const PHONE: &str = "The phone";
/// Heading: the firmware.
pub const FIRMWARE: &str = "The firmware";
/// Heading: the checks.
pub const CHECKS: &str = "What was checked";
/// Heading: the way to the phone.
pub const NETWORK: &str = "The way to the phone";
/// Heading: the form.
pub const FORMS: &str = "The phone's form, as it was read";
/// Heading: what was filled in.
pub const SENT: &str = "What was filled in";
/// Heading: the transfer.
pub const TRANSFER: &str = "The transfer";
/// Heading: the configurations.
pub const CONFIGURATIONS: &str = "Configurations that the phone asked for";
/// Heading: the exchanges.
pub const EXCHANGES: &str = "Everything that was sent and answered";
/// Heading: what is masked, and by what it was made.
pub const ABOUT: &str = "About this report";
/// Where there is nothing to tell.
pub const NOTHING: &str = "Nothing is known of it.";
/// For a value that is not known.
pub const UNKNOWN: &str = "unknown";
/// For a field that has no value.
pub const EMPTY: &str = "(empty)";
/// Of a value that is ours.
pub const OURS: &str = "ours";
/// Of a value that the page had.
pub const THEIRS: &str = "as the page had it";
/// Of a field that was taken for nothing.
pub const NOT_TAKEN: &str = "nothing of ours: it goes out as it came";
/// Behind what was cut off.
pub const CUT: &str = "There was more; only the beginning is kept.";
/// Before a request.
pub const REQUEST: &str = "Sent";
/// Before an answer.
pub const ANSWER: &str = "Answered";
/// Instead of an answer.
pub const NO_ANSWER: &str = "No answer";
/// What the maker warns of.
pub const RULES: &str = "What the maker warns of";

/// The names of facts and of columns.
pub mod names {
    /// A phone's model.
    pub const MODEL: &str = "Model";
    /// What it says of itself.
    pub const PLATFORM: &str = "Platform";
    /// Its version.
    pub const VERSION: &str = "Version";
    /// Its hardware address.
    pub const HARDWARE: &str = "Hardware address";
    /// Where its page answers.
    pub const ADDRESS: &str = "Address";
    /// A file's or a field's name.
    pub const NAME: &str = "Name";
    /// Bytes.
    pub const BYTES: &str = "Bytes";
    /// From which archive.
    pub const TAKEN_FROM: &str = "Taken from";
    /// Model of a file.
    pub const FILE_MODEL: &str = "Made for";
    /// What is known.
    pub const KNOWN: &str = "What is known";
    /// By what it is known.
    pub const EVIDENCE: &str = "Evidence";
    /// How sure it is.
    pub const CONFIDENCE: &str = "Confidence";
    /// What was looked at.
    pub const CHECK: &str = "Check";
    /// What was found.
    pub const RESULT: &str = "Result";
    /// What was seen.
    pub const DETAIL: &str = "Detail";
    /// A phase.
    pub const PHASE: &str = "Step";
    /// When.
    pub const BEGAN: &str = "Began";
    /// How long.
    pub const TOOK: &str = "Took";
    /// Kind of a field.
    pub const KIND: &str = "Kind";
    /// Words beside a field.
    pub const LABEL: &str = "Label";
    /// A value.
    pub const VALUE: &str = "Value";
    /// What a field was taken for.
    pub const TAKEN_FOR: &str = "Taken for";
    /// Whose value it is.
    pub const BY: &str = "By";
    /// The page of a form.
    pub const PAGE: &str = "On page";
    /// Where a form goes.
    pub const ACTION: &str = "Goes to";
    /// How a form goes.
    pub const METHOD: &str = "Sent by";
    /// How a file is fetched.
    pub const PROTOCOL: &str = "Protocol";
    /// How often something was sent again.
    pub const REPEATS: &str = "Sent again";
    /// The way of sending.
    pub const WAY: &str = "Way of sending";
}

/// What a report's file may be called.
pub const ENDING: &str = "a report is a .html file, to read and to send on, or a .json file, for programs";

/// By what it was made.
pub fn made_by(version: &str, system: &str) -> String {
    format!("Made by hookflash {version} on {system}.")
}

/// How much was masked.
pub fn masked(hosts: usize, users: usize, addresses: usize, hardware: usize) -> String {
    format!(
        "Masked with a placeholder: {hosts} names of computers, {users} users and numbers, {addresses} addresses, {hardware} hardware addresses."
    )
}

/// The same answer once more.
pub fn same_as(number: usize) -> String {
    format!("The same as the answer number {number}.")
}

/// Bytes that were read, of all.
pub fn bytes_of(bytes: u64, total: u64) -> String {
    format!("{bytes} of {total}")
}

/// A way of sending and its place.
pub fn way(name: &str, number: u32, of: u32) -> String {
    format!("{name}, number {number} of {of}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_masked_and_how_to_send_it_on_are_whole_sentences() {
        for sentence in [MASKED, SEND_ON, &masked(1, 2, 3, 4), &made_by("1.0", "linux"), &same_as(3)] {
            assert!(sentence.ends_with('.') && sentence.len() > 20, "{sentence}");
        }
        assert!(MASKED.contains("Passwords") && SEND_ON.contains("provider"));
    }
}
