//! Configurations that the phone asks for, and its own word about its model.

use super::*;
use crate::serve::Agent;

fn configuration(name: &str, answered: bool) -> Event {
    Event::File(FileEvent::Configuration { protocol: Protocol::Tftp, name: name.into(), answered })
}

fn introduced(agent: &str) -> Event {
    Event::File(FileEvent::Introduced { agent: Agent::read(agent) })
}

fn configurations(journey: &Journey) -> Vec<(String, bool)> {
    let told = journey.told.iter().filter_map(|update| match update {
        Update::Configuration(request) => Some((request.name.clone(), request.answered)),
        _ => None,
    });
    told.collect()
}

#[test]
fn c18_a_configuration_is_told_once_at_whatever_stage_it_is_asked_for() {
    for begin in [Journey::sending, Journey::transferring, Journey::writing, Journey::wiping, || {
        Journey::verifying(Plan::default())
    }] {
        let mut journey = begin();
        journey.feed(configuration("aastra.cfg", true)).asks(&[]);
        journey.feed(configuration("00085D19E401.cfg", false)).feed(configuration("aastra.cfg", true));
        let expected = [("aastra.cfg".to_owned(), true), ("00085D19E401.cfg".to_owned(), false)];
        assert_eq!(configurations(&journey), expected);
        journey.goes_on();
    }
}

#[test]
fn a_program_that_tries_names_is_cut_off_and_so_are_its_names() {
    let mut journey = Journey::writing();
    journey.feed(configuration(&format!("\u{7}{}.cfg", "x".repeat(100_000)), false));
    for number in 0..200 {
        journey.feed(configuration(&format!("{number}.cfg"), false));
    }
    let told = configurations(&journey);
    assert_eq!(told.len(), 32);
    assert!(told.iter().all(|(name, _)| name.chars().count() <= 120 && !name.contains(char::is_control)));
}

#[test]
fn nothing_is_told_after_the_end() {
    let mut journey = Journey::writing();
    journey.feed(Event::Cancel).feed(configuration("aastra.cfg", true)).feed(introduced("Aastra53i V:1"));
    journey.ends(FailureCode::SessionCancelled);
}

#[test]
fn a_model_that_nobody_knew_is_learnt_from_the_phones_own_word() {
    let mut journey = Journey::begin(Plan::default());
    journey.feed(inspected("image.st")).feed(recovery()).feed(served()).feed(taken());
    journey.feed(introduced("Aastra57i MAC:00-08-5D-19-E4-01 V:2.6.0.1008-SIP")).feed(requested(1));
    assert!(journey.told.contains(&Update::Model("57i".into())));
    // From now on it is the one that is to come back.
    journey.feed(complete(1)).feed(dark()).feed(normal());
    let other = Identity { platform: Some("53i Revision 0".into()), version: None };
    journey.feed(logged_in(other)).ends(FailureCode::PhoneOtherModel);
}

#[test]
fn a_word_that_contradicts_is_a_warning_and_is_told_once() {
    let mut journey = Journey::sending();
    for _ in 0..3 {
        journey.feed(introduced("Aastra53i MAC:00-08-5D-19-E4-01 V:2.6.0.1008-SIP"));
    }
    let warnings = journey.told.iter().filter(|update| match update {
        Update::Check(check) => {
            check.name == CheckName::FirmwareFitsModel && check.result == CheckResult::Warn
        }
        _ => false,
    });
    assert_eq!(warnings.count(), 1);
    journey.goes_on();
}

#[test]
fn a_word_that_agrees_or_says_nothing_changes_nothing() {
    let mut journey = Journey::sending();
    journey.feed(introduced("Aastra57i V:2.6")).feed(introduced("Wget")).feed(introduced("Aastra99x"));
    journey.finds(CheckName::FirmwareFitsModel, CheckResult::Pass).goes_on();
}
