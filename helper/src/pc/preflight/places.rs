//! Where the phone is, as far as the interfaces and routes tell (cases C09, C10, C11, C13).

use shared::check::CheckResult::{self, Fail, Pass, Unknown, Warn};
use shared::check::{Check, CheckName};
use shared::text::pc as words;

use super::super::interface::Interface;
use super::super::way::{Way, in_the_phones_subnet, shadows};
use super::Facts;

const NOT_TOLD: &str = "the system does not tell its network interfaces";

/// What cannot be said without an IPv4 address of the phone's.
fn no_address(facts: &Facts, what: &str) -> String {
    match facts.other_address {
        Some(phone) => words::no_ipv4(what, phone),
        None => format!("{what}: the phone's address is not known yet"),
    }
}

pub(super) fn cable(facts: &Facts) -> Check {
    let of = |result, detail: String| Check::new(CheckName::Cable, result, detail);
    if facts.way == Some(Way::Here) {
        return of(Pass, "none is needed: the phone's address is this computer's own".into());
    }
    let Some(snapshot) = &facts.snapshot else { return of(Unknown, NOT_TOLD.into()) };
    let cables: Vec<&Interface> =
        snapshot.interfaces.iter().filter(|interface| interface.may_hold_the_phone()).collect();
    let with = |link| cables.iter().copied().filter(move |cable| cable.link == link).collect::<Vec<_>>();
    if !with(Some(true)).is_empty() {
        return of(Pass, format!("{}: something is at the other end", names(&with(Some(true)))));
    }
    if !with(None).is_empty() {
        return of(Unknown, format!("{}: the system does not say whether a cable is in", names(&with(None))));
    }
    let seen = match cables.is_empty() {
        true => "this computer has no network card for a cable".into(),
        false => format!("{}: nothing is at the other end", names(&cables)),
    };
    // A phone that answers all the same is reached in another way.
    let result = if facts.answers == Some(true) { Warn } else { Fail };
    of(result, seen).with_next(words::CABLE_NEXT)
}

pub(super) fn route(facts: &Facts) -> Check {
    let of = |result, detail: String| Check::new(CheckName::Route, result, detail);
    let Some(phone) = facts.phone else { return of(Unknown, no_address(facts, "the way to the phone")) };
    let in_the_way = if facts.answers == Some(true) { Warn } else { Fail };
    let check = match &facts.way {
        None => return of(Unknown, NOT_TOLD.into()),
        Some(Way::Unknown { ours }) => {
            return of(
                Unknown,
                format!("this computer would use {ours}, on an interface that we do not see"),
            );
        }
        Some(Way::Here) => return of(Pass, format!("{phone} is this computer itself")),
        Some(Way::OnLink { interface, ours }) => {
            let found = facts.snapshot.as_ref().and_then(|snapshot| snapshot.named(interface));
            let kind = found.map_or("", |found| found.kind.words());
            let detail = format!("{ours} on {} ({kind}), straight to {phone}", shown(facts, interface));
            if found.is_some_and(Interface::may_hold_the_phone) {
                return of(Pass, detail);
            }
            of(if facts.is_silent() { Fail } else { Warn }, detail)
        }
        Some(Way::Router { interface, via, .. }) => {
            let router = via.map_or_else(|| "a router".into(), |via| format!("the router {via}"));
            let detail = format!("what is for {phone} leaves on {} to {router}", shown(facts, interface));
            of(in_the_way, detail)
        }
        Some(Way::Nowhere) => of(in_the_way, words::not_reached(phone)),
    };
    match &facts.repair {
        Some((change, by_hand)) => check.with_next(words::may_add(change, by_hand)),
        None => check.with_next(words::CABLE_NEXT),
    }
}

pub(super) fn overlap(facts: &Facts) -> Check {
    let of = |result, detail: String| Check::new(CheckName::Overlap, result, detail);
    let (Some(phone), Some(snapshot)) = (facts.phone, &facts.snapshot) else {
        return of(
            Unknown,
            if facts.phone.is_none() {
                no_address(facts, "two interfaces in its network")
            } else {
                NOT_TOLD.into()
            },
        );
    };
    let there = in_the_phones_subnet(snapshot, phone);
    if there.len() < 2 || facts.way == Some(Way::Here) {
        return of(Pass, format!("at most one interface is in the network of {phone}"));
    }
    let result = if facts.is_silent() { Fail } else { Warn };
    of(result, format!("in the network of {phone} are: {}", names(&there))).with_next(words::OVERLAP_NEXT)
}

pub(super) fn shadow(facts: &Facts) -> Check {
    let of = |result, detail: String| Check::new(CheckName::Shadow, result, detail);
    let (Some(phone), Some(way), Some(snapshot)) = (facts.phone, &facts.way, &facts.snapshot) else {
        return of(
            Unknown,
            if facts.phone.is_none() {
                no_address(facts, "Wi-Fi or VPN in the way")
            } else {
                NOT_TOLD.into()
            },
        );
    };
    let shadows = shadows(snapshot, way, phone);
    if shadows.is_empty() || *way == Way::Here {
        return of(Pass, "no Wi-Fi and no VPN leads there".into());
    }
    let kinds: Vec<String> =
        shadows.iter().map(|interface| format!("{interface} ({})", interface.kind.words())).collect();
    let result: CheckResult = if facts.is_silent() { Fail } else { Warn };
    of(result, format!("{} may draw away what is for {phone}", kinds.join(", ")))
        .with_next(words::SHADOW_NEXT)
}

fn names(interfaces: &[&Interface]) -> String {
    interfaces.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn shown(facts: &Facts, name: &str) -> String {
    let found = facts.snapshot.as_ref().and_then(|snapshot| snapshot.named(name));
    found.map_or_else(|| name.to_owned(), ToString::to_string)
}
