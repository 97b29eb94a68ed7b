//! Cable, keys, address: the last question, and what is seen meanwhile.

use shared::protocol::{FoundState, InterfaceKind, InterfaceView, Repair};

use super::RETRY;

pub(crate) const CONNECT_HEADING: &str = "Hold 1 and # and plug the power in";
pub(crate) const CONNECT_LEAD: &str =
    "Keep both keys down until the display says WEB RECOVERY. That takes about twenty seconds.";
pub(crate) const CONNECT_BY_ITSELF_HEADING: &str = "Plug the power in";
pub(crate) const CONNECT_BY_ITSELF_LEAD: &str =
    "It shows WEB RECOVERY and an address by itself. Nothing needs to be held down.";
pub(crate) const CONNECT_BY_ITSELF_HINT: &str =
    "if it does not show it, hold 1 and # while you plug the power in";
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
