//! What is seen and done on this computer, in words: for the preflight's report, and before
//! anything is changed.

use std::fmt::Display;

/// What a person does when no cable leads to the phone.
pub const NOWHERE_NEXT: &str = "Check that the cable goes from this computer to the phone's PC port, that the phone has power, and that the address is the one on its display. If it is, try the phone's other port.";
/// What a person does without a cable that has a link.
pub const CABLE_NEXT: &str = "Plug the cable into this computer and into the phone's PC port, and give the phone power. If no light comes on at the plug, try another cable, and then the phone's other port.";
/// What a person does about Wi-Fi or a VPN in the way.
pub const SHADOW_NEXT: &str = "Switch it off until the phone is back, or let hookflash add an address for the phone alone: recover with --yes.";
/// What a person does about two interfaces in the phone's network.
pub const OVERLAP_NEXT: &str = "Unplug or switch off the one without the phone, or let hookflash add an address for the phone alone: recover with --yes.";
/// What a person does about a firewall.
pub const FIREWALL_NEXT: &str = "If the phone takes the form and never asks for its file, switch the firewall off for the cable to the phone until the phone is back.";
/// What a person does about another program at a port.
pub const PORTS_NEXT: &str = "Close that program, or stop its service, until the phone is back.";

/// What stands for a cable in practice.
pub const PRACTICE_CABLE: &str = "a simulated cable";
/// Why a simulated phone is thought to be one.
pub const PRACTICE_WHY: &str = "it is simulated on this computer";

/// There is no way to the phone.
pub fn not_reached(phone: impl Display) -> String {
    format!("{phone} is not in a network of this computer's cable")
}

/// What could be done about it.
pub fn may_add(change: &str, by_hand: &[String]) -> String {
    format!("With --yes hookflash adds {change}, and takes it away at the end. By hand: {}", joined(by_hand))
}

/// What is about to be done.
pub fn adding(phone: impl Display, change: &str) -> String {
    format!("{phone} is not in a network of this computer's cable: adding {change}, until the end")
}

/// It was not done.
pub fn not_done(change: &str, said: &str) -> String {
    format!("{change}: {said}")
}

/// It could not be taken back.
pub fn still_there(change: &str, said: &str) -> String {
    format!("{change} is still there: {said}")
}

/// How a person does it.
pub fn by_hand(commands: &[String]) -> String {
    format!("By hand: {}", joined(commands))
}

/// Nothing answered on any cable.
pub fn nowhere(phone: impl Display) -> String {
    format!("no cable of this computer leads to {phone}")
}

/// Commands, one after the other.
fn joined(commands: &[String]) -> String {
    commands.join(" ; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_names_what_it_is_about() {
        let commands = ["sudo a".to_owned(), "sudo b".to_owned()];
        for sentence in [
            not_reached("1.2.3.4"),
            adding("1.2.3.4", "an address"),
            nowhere("1.2.3.4"),
            not_done("1.2.3.4", "not permitted"),
            still_there("1.2.3.4", "not permitted"),
        ] {
            assert!(sentence.contains("1.2.3.4"), "{sentence}");
        }
        for sentence in [may_add("an address", &commands), by_hand(&commands)] {
            assert!(sentence.ends_with("By hand: sudo a ; sudo b"), "{sentence}");
        }
        for sentence in [NOWHERE_NEXT, CABLE_NEXT, SHADOW_NEXT, OVERLAP_NEXT, FIREWALL_NEXT, PORTS_NEXT] {
            assert!(sentence.ends_with('.') && sentence.len() > 30, "{sentence}");
        }
    }
}
