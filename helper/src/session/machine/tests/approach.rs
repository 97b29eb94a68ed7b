//! Prepare, Find and Preflight: what is refused before the phone is touched.

use std::net::Ipv6Addr;

use super::*;
use crate::phone::client::Sighting;

/// Two fields that nothing but their place tells apart.
const RIDDLE: &str = "<h1>Web Recovery</h1><form method=post><input name=a><input name=b></form>";
/// One field is known, the other is known only by its place.
const GUESS: &str = "<h1>Web Recovery</h1><form method=post><input name=file><input name=b></form>";
/// Two fields that both say "server".
const TIE: &str = "<h1>Web Recovery</h1><form method=post>\
    Server <input name=x1> Server <input name=x2> <input name=file></form>";

fn planned(model: &str) -> Plan {
    Plan { model: Model::find(model), ..Plan::default() }
}

fn found(html: &str, plan: Plan) -> Journey {
    let mut journey = Journey::begin(plan);
    journey.feed(inspected("57i.st")).feed(page(html));
    journey
}

#[test]
fn refused_firmware_ends_before_the_phone_is_looked_at() {
    let mut journey = Journey::begin(Plan::default());
    journey.feed(Event::Inspected(Err(failure(FailureCode::FirmwareArchive))));
    journey.ends(FailureCode::FirmwareArchive);
    journey.finds(CheckName::Firmware, CheckResult::Fail);
    assert_eq!(journey.phases(), [Phase::Prepare]);
}

#[test]
fn a_file_of_another_model_is_refused_before_the_phone_is_looked_at() {
    let mut journey = Journey::begin(planned("57i"));
    journey.feed(inspected("53i.st"));
    let seen = journey.ends(FailureCode::FirmwareOtherModel);
    assert!(seen.contains("53i.st") && seen.contains("57i"), "{seen}");
    journey.finds(CheckName::FirmwareFitsModel, CheckResult::Fail);
}

#[test]
fn a_file_of_an_unusual_size_or_name_goes_on_with_what_is_known() {
    for (name, bytes, plan, result) in [
        ("57i.st", 5_000, Plan::default(), CheckResult::Warn),
        ("57i.st", BYTES, Plan::default(), CheckResult::Pass),
        ("6757i.st", BYTES, planned("57i"), CheckResult::Pass),
        ("image.bin", BYTES, planned("57i"), CheckResult::Unknown),
        ("image.bin", BYTES, Plan::default(), CheckResult::Unknown),
    ] {
        let mut journey = Journey::begin(plan);
        journey.feed(Event::Inspected(Ok(firmware(name, bytes)))).asks(&["look after 0ns"]);
        journey.finds(CheckName::FirmwareFitsModel, result);
    }
}

#[test]
fn a_phone_named_by_its_page_alone_is_asked_for_its_own_file() {
    let mut journey = Journey::begin(Plan::default());
    journey.feed(inspected("my image.bin")).feed(page(&format!("<title>Aastra 6757i</title>{FORM}")));
    let Some(Action::Serve { names, .. }) = journey.asked.first() else { panic!() };
    assert_eq!(names.first().map(String::as_str), Some("57i.st"));
    assert!(names.iter().any(|name| name == "my image.bin") && names.iter().any(|name| name == "6757i.st"));
    assert!(journey.told.contains(&Update::Model("57i".into())));
}

#[test]
fn a_name_that_a_boot_loader_cannot_say_gets_a_plain_one_on_the_form() {
    let mut journey = Journey::begin(Plan::default());
    journey.feed(inspected("my image.bin")).feed(recovery());
    let Some(Action::Serve { names, .. }) = journey.asked.first() else { panic!() };
    assert_eq!(names, &["firmware.st", "my image.bin"]);
}

#[test]
fn a_page_that_names_another_model_is_a_warning() {
    let mut journey = found(&format!("<title>Aastra 53i</title>{FORM}"), Plan::default());
    journey.asks(&["serve by tftp"]).finds(CheckName::FirmwareFitsModel, CheckResult::Warn);
}

#[test]
fn a_silent_address_is_tried_as_often_as_patience_says() {
    let mut journey = Journey::begin(Plan::default());
    journey.feed(inspected("57i.st")).asks(&["look after 0ns"]);
    for _ in 1..Patience::default().looks {
        journey.feed(dark()).asks(&["look after 1s"]).goes_on();
    }
    journey.feed(dark()).ends(FailureCode::PhoneNotFound);
    journey.finds(CheckName::PhoneAnswers, CheckResult::Fail);
}

#[test]
fn a_phone_that_answers_at_the_second_try_is_found() {
    let mut journey = Journey::begin(Plan::default());
    journey.feed(inspected("57i.st")).feed(Event::Looked(Err(ExchangeError::Refused(PHONE))));
    journey.feed(recovery()).asks(&["serve by tftp"]);
}

#[test]
fn a_phone_that_refuses_the_first_request_of_all_is_asked_again() {
    let mut journey = Journey::begin(Plan::default());
    journey.feed(inspected("57i.st")).feed(looked(answer(503, &[], "not now"))).goes_on();
    journey.feed(recovery()).asks(&["serve by tftp"]);
}

#[test]
fn a_model_that_only_the_page_names_is_no_reason_to_call_the_phone_another() {
    let html = format!("<title>Aastra</title>e.g. 57i{FORM}");
    let mut journey = Journey::begin(Plan::default());
    journey.feed(inspected("fw.bin")).feed(page(&html)).feed(served()).feed(taken()).feed(requested(1));
    journey.feed(complete(1)).feed(dark()).feed(normal());
    let identity = Identity { platform: Some("53i Revision 0".into()), version: Some("3.2.2".into()) };
    journey.feed(logged_in(identity)).asks(&["read settings"]);
}

#[test]
fn the_name_that_the_form_fixes_is_served() {
    let html = "<h1>Web Recovery</h1><form method=post><input type=hidden name=file value=image.st>\
        <input name=tftp></form>";
    let mut journey = Journey::begin(Plan::default());
    journey.feed(inspected("57i.st")).feed(page(html));
    let Some(Action::Serve { names, .. }) = journey.asked.first() else { panic!("{:?}", journey.asked) };
    assert!(names.iter().any(|name| name == "image.st"), "{names:?}");
}

#[test]
fn an_address_that_refuses_or_has_no_name_is_not_found() {
    for error in [
        ExchangeError::Refused(PHONE),
        ExchangeError::NoAnswer(PHONE),
        ExchangeError::NoSuchName("phone".into()),
        ExchangeError::Other(PHONE, "broken".into()),
    ] {
        let mut journey = Journey::begin(Plan::default());
        journey.feed(inspected("57i.st"));
        for _ in 0..Patience::default().looks {
            journey.feed(Event::Looked(Err(error.clone())));
        }
        journey.ends(FailureCode::PhoneNotFound);
    }
}

#[test]
fn c10_a_phone_that_is_certainly_not_reached_is_not_even_looked_at() {
    let seen = "192.168.1.5 is not in a network of this computer's cable";
    let mut journey = Journey::begin(Plan { unreached: Some(seen.into()), ..Plan::default() });
    journey.feed(inspected("57i.st"));
    assert!(journey.asked.is_empty(), "{:?}", journey.asked);
    journey.ends(FailureCode::PcNoRoute);
}

#[test]
fn without_a_route_there_is_nothing_to_try_again() {
    let mut journey = Journey::begin(Plan::default());
    journey.feed(inspected("57i.st")).feed(Event::Looked(Err(ExchangeError::NoRoute(PHONE))));
    journey.ends(FailureCode::PcNoRoute);
    journey.finds(CheckName::Route, CheckResult::Fail);
}

#[test]
fn what_is_no_phone_in_recovery_is_told_for_what_it_is() {
    let looks = Patience::default().looks;
    for (event, times, code) in [
        (stranger as fn() -> Event, looks, FailureCode::PhoneNotAPhone),
        (normal, 1, FailureCode::PhoneNormalMode),
    ] {
        let mut journey = Journey::begin(Plan::default());
        journey.feed(inspected("57i.st"));
        for _ in 1..times {
            journey.feed(event()).asks(&["look after 1s"]).goes_on();
        }
        journey.feed(event()).ends(code);
        journey.finds(CheckName::PhoneAnswers, CheckResult::Pass);
        journey.finds(CheckName::RecoveryMode, CheckResult::Fail).is_in(Phase::Find);
    }
}

#[test]
fn a_form_without_any_role_is_not_sent() {
    let html = "<h1>Web Recovery</h1><form><input type=checkbox name=x></form>";
    let mut journey = found(html, Plan { accept_guess: true, ..Plan::default() });
    journey.ends(FailureCode::PhoneFormUnknown);
    journey.finds(CheckName::Form, CheckResult::Fail);
}

#[test]
fn a_guess_is_sent_only_when_the_person_said_yes_and_a_tie_never() {
    for (html, accept_guess) in [(GUESS, false), (TIE, false), (TIE, true)] {
        let seen = found(html, Plan { accept_guess, ..Plan::default() }).ends(FailureCode::PhoneFormUnknown);
        assert!(seen.contains("fields: "), "{seen}");
    }
    found(GUESS, Plan { accept_guess: true, ..Plan::default() }).asks(&["serve by tftp"]);
}

#[test]
fn a_form_of_which_only_the_places_are_known_is_never_sent() {
    for accept_guess in [false, true] {
        let seen =
            found(RIDDLE, Plan { accept_guess, ..Plan::default() }).ends(FailureCode::PhoneFormUnknown);
        assert!(seen.contains("\"a\"") && seen.contains("\"b\""), "{seen}");
    }
}

#[test]
fn a_protocol_that_the_form_lacks_ends_before_anything_is_sent() {
    let ftp_only = "<h1>Web Recovery</h1><form method=post><input name=file><input name=server>\
        <select name=protocol><option>FTP</select></form>";
    for (html, protocol) in
        [(FORM, Some(Protocol::Http)), (FORM, Some(Protocol::Upload)), (ftp_only, Some(Protocol::Tftp))]
    {
        let mut journey = found(html, Plan { protocol, ..Plan::default() });
        journey.ends(FailureCode::PhoneNoProtocol);
        journey.finds(CheckName::Form, CheckResult::Fail);
    }
    found(FORM, Plan { protocol: Some(Protocol::Tftp), ..Plan::default() }).asks(&["serve by tftp"]);
    found(ftp_only, Plan::default()).asks(&["serve by ftp"]);
}

#[test]
fn a_port_that_cannot_be_had_ends_before_anything_is_sent() {
    for code in [FailureCode::PcPortTaken, FailureCode::PcPortForbidden] {
        let mut journey = found(FORM, Plan::default());
        journey.feed(not_served(code)).ends(code);
        journey.finds(CheckName::Serving, CheckResult::Fail).is_in(Phase::Preflight);
    }
}

#[test]
fn an_answer_that_nobody_waits_for_changes_nothing() {
    let mut journey = Journey::begin(Plan::default());
    journey.feed(served()).feed(Event::Tick).goes_on();
    journey.feed(inspected("57i.st")).asks(&["look after 0ns"]);
    journey.feed(inspected("57i.st")).asks(&[]).feed(served()).goes_on();
    journey.feed(recovery()).asks(&["serve by tftp"]);
}

#[test]
fn over_ipv6_no_form_is_sent_but_one_that_takes_the_file_itself() {
    let over_ipv6 = |html: &str| {
        let local = Ipv6Addr::LOCALHOST.into();
        Event::Looked(Ok(Sighting { answer: answer(200, &[], html), local }))
    };
    let mut journey = Journey::begin(Plan::default());
    journey.feed(inspected("57i.st")).feed(over_ipv6(FORM));
    let seen = journey.ends(FailureCode::PcNoRoute);
    assert!(seen.contains("::1") && seen.contains("four numbers"), "{seen}");
    journey.finds(CheckName::Route, CheckResult::Fail);
    let upload = "<h1>Web Recovery</h1><form method=post action=/go enctype=multipart/form-data>\
        <input type=file name=image><input type=submit value=Upload></form>";
    let mut journey = Journey::begin(Plan::default());
    journey.feed(inspected("6867i.st")).feed(over_ipv6(upload)).feed(served()).goes_on();
    journey.is_in(Phase::Send);
}
