//! What the phone will ask for on this computer: ports, rights, the firewall (case C08).

use shared::check::CheckResult::{Fail, Pass, Unknown, Warn};
use shared::check::{Check, CheckName};
use shared::text::pc as words;

use super::super::ports::{Port, PortState};
use super::Facts;

/// A taken port is in the way where it is the phone's first road, TFTP; the others are second.
pub(super) fn ports(facts: &Facts) -> Check {
    let mut result = Pass;
    let mut taken = false;
    let mut seen = Vec::new();
    for (port, state) in &facts.ports {
        let (found, said) = match state {
            PortState::Free => (Pass, format!("{port} is free")),
            PortState::Taken(holder) => {
                taken = true;
                let holder = holder.as_ref().map_or_else(|| "another program".into(), ToString::to_string);
                (if *port == Port::TFTP { Fail } else { Warn }, format!("{port} is held by {holder}"))
            }
            PortState::Forbidden => (Unknown, format!("{port} may not be opened by this user")),
            PortState::Unknown(said) => (Unknown, format!("{port}: {said}")),
        };
        result = match (result, found) {
            (Fail, _) | (_, Fail) => Fail,
            (Warn, _) | (_, Warn) => Warn,
            (Unknown, _) | (_, Unknown) => Unknown,
            (Pass, Pass) => Pass,
        };
        seen.push(said);
    }
    let check = Check::new(CheckName::Ports, result, seen.join(", "));
    if taken { check.with_next(words::PORTS_NEXT) } else { check }
}

pub(super) fn port_rights(facts: &Facts) -> Check {
    let forbidden: Vec<String> = facts
        .ports
        .iter()
        .filter(|(_, state)| *state == PortState::Forbidden)
        .map(|(port, _)| port.to_string())
        .collect();
    let of = |result, detail: String| Check::new(CheckName::PortRights, result, detail);
    let was_tried = |(_, state): &(Port, PortState)| !matches!(state, PortState::Unknown(_));
    if forbidden.is_empty() {
        return match facts.ports.iter().all(was_tried) {
            true => of(Pass, "this user may open them".into()),
            false => of(Unknown, "they could not all be tried".into()),
        };
    }
    let check = of(Fail, format!("this user may not open {}", forbidden.join(", ")));
    match &facts.port_right {
        Some(command) => check.with_next(format!("Run once: {command}")),
        None => check,
    }
}

pub(super) fn firewall(facts: &Facts) -> Check {
    facts.wall.check()
}
