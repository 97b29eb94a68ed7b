//! The firewall before, during and after the form, and the proof that the file can be fetched.

use std::net::SocketAddr;

use super::*;
use crate::pc::keeper::Trouble;
use crate::pc::ports::{Port, Transport};
use crate::pc::wall::{Finding, Verdict, WallKind, WallReport};
use crate::session::event::Proof;

/// The form offers TFTP alone, which is asked at port 69.
fn report(verdict: Verdict) -> WallReport {
    WallReport {
        kind: Some(WallKind::Nftables),
        findings: vec![(Port::TFTP, Finding::new(verdict, "policy drop of inet filter input"))],
        rules: Vec::new(),
        by_hand: vec!["sudo nft list ruleset".into()],
    }
}

pub(super) fn walled(verdict: Verdict) -> Event {
    Event::Walled(report(verdict))
}

pub(super) fn opened() -> Event {
    Event::WallOpened(Ok(report(Verdict::LetsIn)))
}

pub(super) fn not_opened() -> Event {
    let by_hand = vec!["sudo nft insert rule".into()];
    Event::WallOpened(Err(Trouble { change: "a rule".into(), said: "not permitted".into(), by_hand }))
}

fn with_yes() -> Plan {
    Plan { open_wall: true, address: Some(PHONE.ip()), ..Plan::default() }
}

/// The form has been read, and this is known of the firewall when the servers are up.
fn behind(verdict: Verdict, plan: Plan) -> Journey {
    let mut journey = Journey::begin(plan);
    journey.feed(inspected("57i.st")).feed(page(FORM)).feed(walled(verdict)).feed(served());
    journey
}

pub(super) fn proof(fetched: Result<(), String>) -> Event {
    let through = SocketAddr::new(LOCAL, 69);
    Event::Proved(vec![Proof { protocol: Protocol::Tftp, through, fetched }])
}

fn told(journey: &Journey, name: CheckName) -> Vec<(CheckResult, String)> {
    let told = journey.told.iter().filter_map(|update| match update {
        Update::Check(check) if check.name == name => Some((check.result, check.detail.clone())),
        _ => None,
    });
    told.collect()
}

#[test]
fn c08_what_keeps_the_phone_out_is_opened_before_the_form_goes_out_and_told_before() {
    let mut journey = behind(Verdict::KeepsOut, with_yes());
    journey.asks(&["open the wall"]);
    let sentences = told(&journey, CheckName::Firewall);
    assert_eq!(sentences.len(), 1, "{sentences:?}");
    assert_eq!(sentences[0].0, CheckResult::Warn);
    for part in ["nftables", "UDP port 69", "policy drop", "169.254.168.234 alone", "until the end"] {
        assert!(sentences[0].1.contains(part), "{part}: {sentences:?}");
    }
    journey.feed(opened()).asks(&["submit R1"]).finds(CheckName::Firewall, CheckResult::Pass);
    journey.feed(taken()).feed(requested(1)).is_in(Phase::Transfer);
}

#[test]
fn c08_without_a_yes_it_is_named_first_with_what_was_seen() {
    let mut journey = behind(Verdict::KeepsOut, Plan::default());
    journey.asks(&["submit R1"]).finds(CheckName::Firewall, CheckResult::Fail);
    // To ask once more would change nothing.
    let seen = journey.feed(taken()).wait_secs(30).ends(FailureCode::PhoneKeptOut);
    assert!(seen.starts_with("nftables keeps the phone out of UDP port 69: policy drop"), "{seen}");
    assert!(seen.contains("no request came to 169.254.168.233"), "{seen}");
}

#[test]
fn c08_what_is_unknown_is_named_first_as_unknown() {
    let mut journey = behind(Verdict::Unknown, Plan::default());
    journey.asks(&["submit R1"]).finds(CheckName::Firewall, CheckResult::Unknown);
    journey.feed(taken()).wait_secs(30).feed(recovery()).feed(taken());
    let seen = journey.wait_secs(30).ends(FailureCode::PhoneNoRequest);
    assert!(seen.starts_with("nftables") && seen.contains("is not known"), "{seen}");
}

#[test]
fn c08_what_may_keep_it_out_is_opened_when_no_request_comes_and_the_phone_gets_its_time() {
    let mut journey = behind(Verdict::Unknown, with_yes());
    journey.asks(&["submit R1"]).feed(taken()).wait_secs(5).asks(&[]);
    journey.wait_secs(1).asks(&["open the wall"]);
    // A person looks for his password.
    journey.wait_secs(23).feed(opened()).asks(&[]);
    journey.wait_secs(5).goes_on().asks(&[]);
    journey.feed(requested(1)).is_in(Phase::Transfer);
}

#[test]
fn c08_a_phone_that_gave_up_asking_is_sent_the_form_once_more_and_the_wall_opened_once_only() {
    let mut journey = behind(Verdict::Unknown, with_yes());
    journey.feed(taken()).wait_secs(6).asks(&["open the wall"]).feed(opened());
    journey.wait_secs(24).asks(&["look after 2.5s"]).feed(recovery()).asks(&["submit R1"]);
    journey.feed(taken()).wait_secs(29).asks(&[]);
    let seen = journey.wait_secs(1).ends(FailureCode::PhoneNoRequest);
    assert!(seen.starts_with("nftables lets the phone in"), "{seen}");
}

#[test]
fn a_wall_that_lets_it_in_is_left_alone() {
    let mut journey = behind(Verdict::LetsIn, with_yes());
    journey.asks(&["submit R1"]).finds(CheckName::Firewall, CheckResult::Pass);
    journey.feed(taken()).wait_secs(30).asks(&["look after 2.5s"]).feed(recovery()).feed(taken());
    journey.wait_secs(30).ends(FailureCode::PhoneNoRequest);
}

#[test]
fn a_refusal_is_no_reason_to_open_anything() {
    let mut journey = behind(Verdict::Unknown, with_yes());
    journey.feed(refused()).asks(&["look after 2.5s"]).wait_secs(20).goes_on();
    assert_eq!(told(&journey, CheckName::Firewall).len(), 1, "what was seen before");
}

#[test]
fn c08_where_the_right_is_missing_the_commands_are_told_and_the_form_goes_out_all_the_same() {
    let mut journey = behind(Verdict::KeepsOut, with_yes());
    journey.feed(not_opened()).asks(&["submit R1"]).finds(CheckName::Firewall, CheckResult::Fail);
    let next = journey.told.iter().rev().find_map(|update| match update {
        Update::Check(check) if check.name == CheckName::Firewall => check.next.clone(),
        _ => None,
    });
    assert_eq!(next.as_deref(), Some("By hand: sudo nft insert rule"));
    journey.feed(taken()).wait_secs(30).ends(FailureCode::PhoneKeptOut);
}

#[test]
fn what_is_told_late_counts_as_well() {
    let mut journey = Journey::sending_on(FORM, with_yes());
    journey.feed(walled(Verdict::KeepsOut)).asks(&["open the wall"]).feed(opened()).asks(&[]);
    journey.feed(taken()).feed(requested(1)).is_in(Phase::Transfer);
}

#[test]
fn a_request_while_the_wall_is_opened_is_a_request_and_proves_that_it_is_open() {
    let mut journey = behind(Verdict::KeepsOut, with_yes());
    journey.feed(requested(1)).is_in(Phase::Transfer).finds(CheckName::Firewall, CheckResult::Pass);
    journey.feed(opened()).asks(&[]).is_in(Phase::Transfer);
}

#[test]
fn an_upload_needs_no_open_door() {
    let html = "<h1>Web Recovery</h1><form method=post action=/up enctype=multipart/form-data>\
        <input type=file name=firmware><input type=submit value=Upload></form>";
    let mut journey = Journey::begin(with_yes());
    journey.feed(inspected("6867i.st")).feed(page(html)).feed(walled(Verdict::KeepsOut)).feed(served());
    assert!(wording::action(&journey.asked[0]).starts_with("submit"), "{:?}", journey.asked);
}

#[test]
fn what_was_fetched_is_told_with_its_place_and_what_was_not_with_the_reason() {
    for (fetched, result, detail) in [
        (Ok(()), CheckResult::Pass, "fetched through 169.254.168.233:69"),
        (Err("no answer came".into()), CheckResult::Fail, "169.254.168.233:69 (no answer came)"),
    ] {
        let mut journey = Journey::begin(Plan::default());
        journey.feed(inspected("57i.st")).feed(page(FORM)).feed(proof(fetched)).feed(served());
        journey.asks(&["submit R1"]).finds(CheckName::Serving, result);
        let told_first = told(&journey, CheckName::Serving);
        assert!(told_first[0].1.contains(detail), "{told_first:?}");
        // The phone has the last word.
        journey.feed(taken()).feed(requested(1)).finds(CheckName::Serving, CheckResult::Pass);
        let expected = if result == CheckResult::Pass { 1 } else { 2 };
        assert_eq!(told(&journey, CheckName::Serving).len(), expected);
    }
}

#[test]
fn other_ports_say_nothing_about_this_road() {
    let other = Port { transport: Transport::Udp, number: 6969 };
    let findings = vec![(other, Finding::new(Verdict::KeepsOut, "x"))];
    let mut journey = Journey::begin(with_yes());
    journey.feed(inspected("57i.st")).feed(page(FORM));
    journey.feed(Event::Walled(WallReport { findings, ..report(Verdict::LetsIn) })).feed(served());
    journey.asks(&["submit R1"]);
}
