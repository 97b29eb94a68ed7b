//! What is seen and done on this computer, in words: for the preflight's report, and before
//! anything is changed.

use std::fmt::Display;

use super::amount::{bytes, duration};

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

/// A firewall whose name is not known.
pub const SOME_FIREWALL: &str = "a firewall";
/// It was not looked at.
pub const NOT_LOOKED_AT: &str = "it could not be looked at";
/// A program answered something else than it should.
pub const NOT_UNDERSTOOD: &str = "what it says is not understood";
/// Nothing filters.
pub const NO_RULE: &str = "no rule keeps anything out";
/// It is off.
pub const WALL_IS_OFF: &str = "it is off";
/// It is set to let everything in.
pub const WALL_ALLOWS_ALL: &str = "it is set to let everything in";
/// Windows knows nothing of this program.
pub const NO_PROGRAM_RULE: &str = "no rule of it names this program";
/// macOS keeps everything out.
pub const APPLE_BLOCKS_ALL: &str = "it is set to block all incoming connections";
/// macOS keeps this program from being spoken to.
pub const PROGRAM_IS_BLOCKED: &str = "this program is on its list as blocked";
/// macOS lets this program be spoken to.
pub const PROGRAM_IS_ALLOWED: &str = "this program is on its list as allowed";
/// macOS asks.
pub const APPLE_ASKS: &str = "this program is not on its list, and macOS may ask about it";
/// What is done on macOS.
pub const PROGRAM_LET_IN: &str = "an entry in the macOS application firewall that lets this program be spoken to (it knows no single addresses; hookflash answers the phone alone)";
/// Without a yes nothing is done.
pub const NOTHING_IS_CHANGED: &str = "nothing is changed on this computer without a yes";
/// The rules are told to an administrator alone.
pub const FOR_ADMINISTRATORS: &str = "its rules are told to an administrator alone";
/// There is no program that tells the rules.
pub const NO_WALL_PROGRAM: &str = "there is no program here that tells its rules";
/// What a person does about a rule of Windows' that blocks this program.
pub const BLOCKED_NEXT: &str = "That rule wins over any that allows. Delete it: Windows Defender Firewall with Advanced Security, Inbound Rules, its name, Delete.";
/// Whether what no rule decides passes.
pub fn policy(accepts: bool, chain: impl Display) -> String {
    format!("policy {} of {chain}", if accepts { "accept" } else { "drop" })
}

/// A rule and where it stands.
pub fn rule_in(rule: &str, chain: impl Display) -> String {
    format!("{rule} in {chain}")
}

/// The firewall lets the phone in.
pub fn lets_in(wall: &str, port: impl Display, why: &str) -> String {
    format!("{wall} lets the phone in at {port}: {why}")
}

/// It keeps it out.
pub fn keeps_out(wall: &str, port: impl Display, why: &str) -> String {
    format!("{wall} keeps the phone out of {port}: {why}")
}

/// Nobody knows.
pub fn may_keep_out(wall: &str, port: impl Display, why: &str) -> String {
    format!("{wall}: whether it lets the phone in at {port} is not known: {why}")
}

/// A rule of Windows' blocks this program.
pub fn program_rule_blocks(name: &str) -> String {
    format!("its rule \"{name}\" blocks this program, and wins over any rule that allows it")
}

/// A rule of Windows' allows this program.
pub fn program_rule_allows(name: &str) -> String {
    format!("its rule \"{name}\" allows this program")
}

/// The same for some networks only.
pub fn program_rule_allows_some(name: &str) -> String {
    format!("its rule \"{name}\" allows this program in some networks only")
}

/// A rule for a phone, for the middle of a sentence.
pub fn rule_for(place: &str, phone: impl Display) -> String {
    format!("a firewall rule in {place} that lets {phone} alone in")
}

/// The same in firewalld.
pub fn rule_for_zone(zone: &str, phone: impl Display) -> String {
    format!("a firewall rule in firewalld's zone {zone} that lets {phone} alone in")
}

/// The same in Windows.
pub fn program_rule_for(phone: impl Display) -> String {
    format!("a rule in Windows Defender Firewall that lets {phone} alone in to this program")
}

/// What could be done about a firewall.
pub fn may_open(by_hand: &[String]) -> String {
    format!(
        "With --yes hookflash lets the phone in, and takes that back at the end. By hand: {}",
        joined(by_hand)
    )
}

/// How a person looks.
pub fn may_look(by_hand: &[String]) -> String {
    format!("To see it: {}", joined(by_hand))
}

/// What is about to be done.
pub fn opening(seen: &str, phone: impl Display) -> String {
    format!("{seen}: adding a firewall rule that lets {phone} alone in, until the end")
}

/// The file was fetched as a test.
pub fn fetched(offered: &str, through: &str) -> String {
    format!("{offered}; its beginning was fetched through {through}")
}

/// It could not be.
pub fn not_fetched(offered: &str, through: &str) -> String {
    format!("{offered}; its beginning could not be fetched through {through}")
}

/// An address of ours, and why nothing came from there.
pub fn through(address: impl Display, reason: &str) -> String {
    format!("{address} ({reason})")
}

/// Nothing came.
pub const NOTHING_CAME: &str = "no answer came";
/// Something else came.
pub const OTHER_BYTES: &str = "other bytes came than the file's";

/// What was answered instead of the file.
pub fn it_said(said: &str) -> String {
    format!("it said \"{said}\"")
}

/// What was seen of the firewall, and then what became of the phone.
pub fn first_the_wall(wall: &str, seen: &str) -> String {
    format!("{wall}; {seen}")
}

/// The phone came in.
pub fn came_in(protocol: &str) -> String {
    format!("the phone came in by {protocol}")
}

/// Why this computer may not sleep; the system shows it to whoever asks.
pub const AWAKE_WHY: &str = "A phone is being brought back";
/// It does not go to sleep.
pub const AWAKE: &str = "this computer stays awake until the phone is back";
/// Nothing is known that would keep it awake.
pub const NO_AWAKE: &str = "whether this computer goes to sleep by itself is not known, and nothing is known here that keeps it awake";
/// What a person does then.
pub const AWAKE_NEXT: &str =
    "Plug in this computer's own power, leave its lid open, and do not let it sleep until the phone is back.";
/// What a person does about a full disk.
pub const DISK_NEXT: &str = "Make room on the disk, or let this user write there. Without room the page cannot take or keep a file, and recover in the terminal still can.";
/// How much room there is, nobody says.
pub const ROOM_UNKNOWN: &str = "how much room the disk has is not known";
/// What a person does about a lid.
pub const LID_NEXT: &str = "Leave this computer's lid open until the phone is back.";
/// What a person does about an empty battery.
pub const BATTERY_NEXT: &str = "Plug in this computer's own power until the phone is back.";
/// What it runs on is not told.
pub const SUPPLY_UNKNOWN: &str = "what this computer runs on is not known";
/// It runs on the mains.
pub const MAINS: &str = "it has mains power";
/// Closing the lid is not known to do nothing.
pub const LID_UNKNOWN: &str = "what closing a lid would do is not known";
/// Closing the lid stops everything.
pub const LID_SLEEPS: &str = "closing its lid would put it to sleep";
/// It is kept awake.
pub const KEPT_AWAKE: &str = "it is kept awake while a phone is brought back";
/// It never sleeps by itself.
pub const NEVER_SLEEPS: &str = "it does not go to sleep by itself";

/// What is there does not keep it awake.
pub fn not_awake(said: &str) -> String {
    format!("this computer may go to sleep: {said}")
}

/// It runs on its battery, with this much left in it, in per cent.
pub fn on_battery(percent: Option<u8>) -> String {
    match percent {
        Some(percent) => format!("it runs on its battery, {percent} % full"),
        None => "it runs on its battery".into(),
    }
}

/// Nobody is asked for an administrator's password a second time.
pub const NO_RIGHT: &str = "this program has no right to do it again by itself";
/// What a person does about a program that takes an address away again and again.
pub const AGAIN_NEXT: &str = "Another program on this computer sets the addresses of this cable, too. If the phone does not come back, tell that program to leave the cable alone until it is; with NetworkManager: nmcli device set, the cable's name, managed no.";
/// What a person does about an address of theirs that went.
pub const ADDRESS_NEXT: &str = "Plug the cable in again, or give it its address again. If it does not stay, another program on this computer takes it away.";
/// Nothing for the phone leaves any more.
pub const NOWHERE_NOW: &str = "this computer has no way to the phone any more";

/// What was made has gone by itself, and was made again.
pub fn again(change: &str) -> String {
    format!("{change}, was taken away, and is there again")
}

/// The same, and it could not be made again.
pub fn missing(change: &str, said: &str) -> String {
    format!("{change}, was taken away: {said}")
}

/// A cable was pulled, or the phone has no power.
pub fn link_down(interface: &str) -> String {
    format!("{interface}: nothing is at the other end any more")
}

/// It is in again.
pub fn link_up(interface: &str) -> String {
    format!("{interface}: something is at the other end again")
}

/// An adapter was pulled.
pub fn interface_gone(interface: &str) -> String {
    format!("{interface} is gone")
}

/// An adapter came.
pub fn interface_came(interface: &str) -> String {
    format!("{interface} has come")
}

/// An address that the phone could reach is gone.
pub fn address_gone(address: impl Display, interface: &str) -> String {
    format!("the address {address} on {interface} is gone")
}

/// One came that the phone can reach.
pub fn address_came(address: impl Display, interface: &str) -> String {
    format!("the address {address} has come on {interface}")
}

/// A router came.
pub fn router_came(router: impl Display, interface: &str) -> String {
    format!("{interface} has a router now, {router}")
}

/// A router is gone.
pub fn router_gone(router: impl Display, interface: &str) -> String {
    format!("{interface} has no router any more, it was {router}")
}

/// A second interface is in the phone's network now.
pub fn also_there(interface: &str, kind: &str) -> String {
    format!("{interface} ({kind}) is in the phone's network now, too")
}

/// What is for the phone goes straight to it now.
pub fn straight(interface: &str) -> String {
    format!("what is for the phone leaves on {interface}, straight to it")
}

/// What is for the phone leaves in another way now.
pub fn turned(interface: &str) -> String {
    format!("what is for the phone leaves on {interface} now")
}

/// The phone's page was reached over IPv6, from this address of ours.
pub fn over_ipv6(ours: impl Display) -> String {
    format!(
        "its page answers over IPv6, to {ours}, and a phone in recovery fetches its file by IPv4 alone: \
         the address on its display has four numbers with dots"
    )
}

/// What cannot be looked at for an address like this.
pub fn no_ipv4(what: &str, phone: impl Display) -> String {
    format!("{what}: {phone} is an IPv6 address, and a phone in recovery has IPv4 alone")
}

/// The journal takes no line.
pub fn no_journal(said: &str) -> String {
    format!("nothing can be changed on this computer, for it cannot be written down first: {said}")
}

/// The disk has room for what may be needed, in bytes.
pub fn room(needed: u64) -> String {
    format!(
        "what is changed can be written down, and the disk has more room than the {} that may be needed",
        bytes(needed)
    )
}

/// How much room the disk has, and how much may be needed, in bytes.
pub fn little_room(free: u64, needed: u64) -> String {
    format!("the disk has room for {} only; up to {} may be needed", bytes(free), bytes(needed))
}

/// It sleeps when nobody types for so long, in seconds.
pub fn sleeps_after(seconds: u64) -> String {
    format!("it goes to sleep after {}, and nothing is known here that keeps it awake", duration(seconds))
}
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
            opening("ufw is on", "1.2.3.4"),
            rule_for("ufw", "1.2.3.4"),
            rule_for_zone("public", "1.2.3.4"),
            program_rule_for("1.2.3.4"),
            still_there("1.2.3.4", "not permitted"),
        ] {
            assert!(sentence.contains("1.2.3.4"), "{sentence}");
        }
        for sentence in [may_add("an address", &commands), may_open(&commands), by_hand(&commands)] {
            assert!(sentence.ends_with("By hand: sudo a ; sudo b"), "{sentence}");
        }
        for sentence in
            [NOWHERE_NEXT, CABLE_NEXT, SHADOW_NEXT, OVERLAP_NEXT, FIREWALL_NEXT, BLOCKED_NEXT, PORTS_NEXT]
        {
            assert!(sentence.ends_with('.') && sentence.len() > 30, "{sentence}");
        }
    }
}
