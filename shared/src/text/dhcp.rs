//! Handing out an address on the direct cable, in words.

use std::fmt::Display;

/// What a person does when there is no cable to serve.
pub const NO_CABLE_NEXT: &str = "Plug the phone's PC port straight into a network socket of this computer, or into a USB adapter with one.";
/// What a person does when the phone is not there yet.
pub const NO_LINK_NEXT: &str = "Plug the cable into this computer and into the phone's PC port, and give the phone power. If no light comes on at the plug, try another cable.";
/// What a person does when the cable leads into a network.
pub const NETWORK_NEXT: &str = "Plug the phone straight into this computer, with nothing else on that cable, unplug the phone's other network cable, and try again.";
/// What a person does when the port is taken.
pub const PORT_NEXT: &str = "Stop the program on this computer that hands out addresses, such as internet sharing, a virtual machine's network or dnsmasq, until the phone is back.";
/// What a person does without the right.
pub const RIGHT_NEXT: &str =
    "Start hookflash as administrator (on Linux and macOS with sudo), and try again.";
/// What a person does when nothing else helps.
pub const BY_HAND_NEXT: &str = "Find the phone's address on its display, and start again with it: --phone.";
/// What a person may say yes to.
pub const MAY: &str = "With --yes hookflash gives the phone an address itself, on a cable with no other network, and takes everything back at the end.";

/// It was not tried, for nobody could say yes.
pub const NOT_ASKED: &str = "no phone answers nearby, and no address is handed out without a yes";
/// The place of a cable that is not plugged in yet.
pub const YOUR_CABLE: &str = "the cable, as soon as it is plugged in";

/// A reason: it is part of something else.
pub const ENSLAVED: &str = "it is part of a bridge";
/// A reason: nothing is plugged in.
pub const NO_LINK: &str = "nothing is at the other end of the cable";
/// A reason: it was pulled out.
pub const GONE: &str = "it is not there any more";
/// A reason: it cannot say who it is.
pub const NO_HARDWARE_ADDRESS: &str = "its hardware address is not known";
/// A reason: there is no network left.
pub const NO_NETWORK: &str = "every network for private use is in use on this computer";
/// A reason: somebody else is at the port.
pub const PORT_TAKEN: &str =
    "another program on this computer hands out addresses already (UDP port 67 is taken)";
/// There is no cable at all.
pub const NO_CABLE: &str = "this computer has no network socket where a phone could be";

/// The question before it begins.
pub fn question(interfaces: &str) -> String {
    format!(
        "No phone answers yet. Shall hookflash give it an address itself, on {interfaces}? It first makes sure that nothing else does so there, serves only Aastra and Mitel phones, and takes everything back at the end. [y/N] "
    )
}

/// A reason: it is no cable.
pub fn not_a_cable(kind: &str) -> String {
    format!("it is no cable ({kind})")
}

/// A reason: there is a network behind it.
pub fn router(router: Option<impl Display>) -> String {
    match router {
        Some(router) => format!("a router is behind it ({router}), so it is no direct cable"),
        None => "it leads to other networks, so it is no direct cable".into(),
    }
}

/// A reason: somebody else does it.
pub fn other_server(server: Option<impl Display>) -> String {
    match server {
        Some(server) => format!("another DHCP server answers there ({server})"),
        None => "another DHCP server, or another hookflash, is there".into(),
    }
}

/// A reason: our own address could not be added.
pub fn no_address(said: &str) -> String {
    format!("it needs an address of its own, and that could not be added: {said}")
}

/// A reason: the system said no.
pub fn not_let(said: &str) -> String {
    format!("this computer does not let us: {said}")
}

/// It does not begin, and why.
pub fn refused(interface: impl Display, reason: impl Display) -> String {
    format!("no address is handed out on {interface}: {reason}")
}

/// It ended early, and why.
pub fn stopped(interface: impl Display, reason: impl Display) -> String {
    format!("no more addresses are handed out on {interface}: {reason}")
}

/// It is looked whether it may begin.
pub fn looking(interface: impl Display) -> String {
    format!("asking on {interface} whether anybody else hands out addresses")
}

/// An address of ours is about to be added.
pub fn adding(change: impl Display) -> String {
    format!("adding {change}, until the end")
}

/// It has begun.
pub fn serving(interface: impl Display, network: impl Display) -> String {
    format!("an address waits for the phone on {interface} (this computer is {network})")
}

/// A phone has taken one.
pub fn leased(mac: impl Display, address: impl Display, class: Option<&str>) -> String {
    match class {
        Some(class) => format!("{mac} asked as \"{class}\" and has the address {address}"),
        None => format!("{mac} asked and has the address {address}"),
    }
}

/// Somebody else has an address that we wanted to give.
pub fn taken(address: impl Display) -> String {
    format!("{address} is in use already, and is left alone")
}

/// A phone came too late.
pub fn exhausted(mac: impl Display) -> String {
    format!("there is no address left for {mac}")
}

/// More than one phone is there.
pub fn several(addresses: &str) -> String {
    format!("several phones answer: {addresses}; give the address of one of them with --phone")
}

/// Nobody came.
pub fn nobody_asked(minutes: u64) -> String {
    format!("no phone asked for an address in {minutes} minutes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_names_what_it_is_about() {
        for sentence in [
            refused("eth0", NO_LINK),
            stopped("eth0", other_server(Some("10.0.0.1"))),
            looking("eth0"),
            serving("eth0", "192.168.254.1/24"),
            question("eth0"),
        ] {
            assert!(sentence.contains("eth0"), "{sentence}");
        }
        assert!(leased("M", "A", Some("AastraIPPhone57i")).contains("AastraIPPhone57i"));
        assert!(
            leased("M", "A", None).contains("M") && taken("A").contains('A') && exhausted("M").contains('M')
        );
        assert!(
            router(Some("10.0.0.1")).contains("10.0.0.1") && other_server(None::<&str>).contains("hookflash")
        );
        assert!(several("A, B").contains("A, B"));
        assert!(nobody_asked(5).contains('5') && adding("an address").contains("an address"));
        for next in [NO_CABLE_NEXT, NO_LINK_NEXT, NETWORK_NEXT, PORT_NEXT, RIGHT_NEXT, BY_HAND_NEXT, MAY] {
            assert!(next.ends_with('.') && next.len() > 30, "{next}");
        }
    }
}
