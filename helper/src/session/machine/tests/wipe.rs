//! Verify and Wipe: the login, the resets, and what is left on the phone.

use super::*;
use crate::phone::normal::{Setting, Stored};

/// A reset that is accepted, with a restart that is seen.
fn restarts(journey: &mut Journey) -> &mut Journey {
    journey.feed(Event::ResetSent(Ok(()))).asks(&["look after 250ms"]);
    journey.wait_secs(1).feed(dark()).wait_secs(60).feed(normal())
}

/// A reset that is accepted, without any restart.
fn stays_up(journey: &mut Journey) -> &mut Journey {
    journey.feed(Event::ResetSent(Ok(())));
    for _ in 0..6 {
        journey.feed(normal()).asks(&["look after 250ms"]).wait_secs(1);
    }
    journey.feed(normal())
}

/// A whole round of removal, up to the settings that are read after it.
fn round(journey: &mut Journey, left: &[&str]) {
    restarts(journey).asks(&["reset 2"]);
    restarts(journey).asks(&["log in after 0ns"]);
    journey.feed(identified()).feed(settings(left));
}

#[test]
fn another_password_ends_at_once_because_the_client_has_already_tried_again() {
    let mut journey = Journey::verifying(Plan::default());
    journey.feed(Event::LoggedIn(Err(password_refused()))).ends(FailureCode::PhoneOtherPassword);
    journey.finds(CheckName::Login, CheckResult::Fail);
}

#[test]
fn pages_that_fail_while_the_phone_starts_are_read_again() {
    let mut journey = Journey::verifying(Plan::default());
    for error in [gone(), status(503), gone()] {
        journey.feed(Event::LoggedIn(Err(error))).asks(&["log in after 2s"]).wait_secs(2);
    }
    journey.feed(identified()).asks(&["read settings"]);
    for error in [gone(), status(503)] {
        journey.feed(Event::SettingsRead(Err(error))).asks(&["log in after 2s"]).wait_secs(2);
        journey.feed(identified()).asks(&["read settings"]);
    }
    journey.feed(settings(&[])).asks(&["reset 1"]);
}

#[test]
fn pages_that_fail_for_ever_are_not_verified() {
    let mut journey = Journey::verifying(Plan::default());
    journey.wait_secs(59).feed(Event::LoggedIn(Err(gone()))).asks(&["log in after 2s"]);
    journey.wait_secs(2).feed(Event::LoggedIn(Err(gone()))).ends(FailureCode::PhoneNotVerified);
    journey.finds(CheckName::Login, CheckResult::Unknown);
}

#[test]
fn a_page_without_a_version_is_unknown() {
    let mut journey = Journey::verifying(Plan::default());
    let identity = Identity { platform: Some("57i".into()), version: None };
    journey.feed(logged_in(identity)).asks(&["read settings"]);
    journey.finds(CheckName::Identity, CheckResult::Unknown);
}

#[test]
fn what_takes_the_login_and_says_nothing_of_itself_is_not_wiped() {
    let mut journey = Journey::verifying(Plan::default());
    let seen = journey
        .feed(logged_in(Identity { platform: None, version: None }))
        .ends(FailureCode::PhoneNotVerified);
    assert!(seen.contains("neither a platform nor a version"), "{seen}");
}

#[test]
fn factory_defaults_come_first_and_the_local_configuration_second() {
    let mut journey = Journey::wiping();
    restarts(&mut journey).asks(&["reset 2"]);
    restarts(&mut journey).asks(&["log in after 0ns"]);
    journey.feed(identified()).feed(settings(&["firmware md5"])).ends_verified();
    journey.finds(CheckName::LocalConfiguration, CheckResult::Pass);
}

#[test]
fn a_phone_that_does_not_restart_by_itself_is_restarted() {
    let mut journey = Journey::wiping();
    stays_up(&mut journey).asks(&["reset 0"]);
    restarts(&mut journey).asks(&["reset 2"]);
    stays_up(&mut journey).asks(&["reset 0"]);
    restarts(&mut journey).asks(&["log in after 0ns"]);
    journey.feed(identified()).feed(settings(&[])).ends_verified();
}

#[test]
fn a_phone_that_never_restarts_is_looked_at_all_the_same() {
    let mut journey = Journey::wiping();
    for next in ["reset 0", "reset 2", "reset 0", "log in after 0ns"] {
        stays_up(&mut journey).asks(&[next]);
    }
    journey.feed(identified()).feed(settings(&[])).ends_verified();
}

/// Only a restart after the last removal proves that nothing comes back.
#[test]
fn a_restart_before_the_removal_does_not_stand_for_one_after_it() {
    let mut journey = Journey::wiping();
    restarts(&mut journey).asks(&["reset 2"]);
    stays_up(&mut journey).asks(&["reset 0"]);
}

#[test]
fn a_reset_that_never_left_is_sent_again_and_not_taken_as_done() {
    let mut journey = Journey::wiping();
    journey.feed(Event::ResetSent(Err(gone()))).asks(&["look after 2s"]);
    journey.wait_secs(2).feed(dark()).asks(&["look after 250ms"]).feed(normal()).asks(&["reset 1"]);
    restarts(&mut journey).asks(&["reset 2"]);
    journey.feed(Event::ResetSent(Err(gone()))).wait_secs(2).feed(normal()).asks(&["reset 2"]);
    restarts(&mut journey).asks(&["log in after 0ns"]);
}

#[test]
fn a_reset_that_never_leaves_is_given_up() {
    let mut journey = Journey::wiping();
    for _ in 0..20 {
        journey.feed(Event::ResetSent(Err(gone()))).asks(&["look after 2s"]);
        journey.wait_secs(3).feed(normal()).asks(&["reset 1"]);
    }
    journey.feed(Event::ResetSent(Err(gone()))).ends(FailureCode::PhoneNotVerified);
}

#[test]
fn a_reset_that_is_refused_is_not_verified() {
    for error in [password_refused(), status(404)] {
        let mut journey = Journey::wiping();
        journey.feed(Event::ResetSent(Err(error))).ends(FailureCode::PhoneNotVerified);
    }
}

#[test]
fn settings_that_come_back_once_are_removed_once_more() {
    let mut journey = Journey::wiping();
    round(&mut journey, &["sip proxy ip"]);
    journey.asks(&["reset 1"]).goes_on();
    round(&mut journey, &[]);
    journey.ends_verified();
}

#[test]
fn settings_that_come_back_twice_are_told() {
    let mut journey = Journey::wiping();
    round(&mut journey, &["sip proxy ip"]);
    round(&mut journey, &["sip proxy ip", "time zone name"]);
    let seen = journey.ends(FailureCode::PhoneSettingsRemain);
    assert!(seen.contains("sip proxy ip"), "{seen}");
    journey.finds(CheckName::LocalConfiguration, CheckResult::Fail);
}

#[test]
fn harmless_settings_are_a_warning() {
    let mut journey = Journey::wiping();
    round(&mut journey, &["time zone name", "firmware md5"]);
    journey.ends_verified();
    journey.finds(CheckName::LocalConfiguration, CheckResult::Warn);
}

#[test]
fn settings_that_nobody_could_see_are_removed_but_not_verified() {
    let mut journey = Journey::verifying(Plan::default());
    journey.feed(identified()).feed(Event::SettingsRead(Err(status(404)))).asks(&["reset 1"]);
    restarts(&mut journey).asks(&["reset 2"]);
    restarts(&mut journey).feed(identified());
    journey.feed(Event::SettingsRead(Err(status(404)))).ends(FailureCode::PhoneNotVerified);
    journey.finds(CheckName::LocalConfiguration, CheckResult::Unknown);
}

fn configuration(name: &str, answered: bool) -> Event {
    Event::File(FileEvent::Configuration { protocol: Protocol::Tftp, name: name.into(), answered })
}

#[test]
fn c16_a_refused_password_is_told_with_the_reason_that_fits() {
    for (asked, parts) in [
        (None, ["not known", "asked this computer for no configuration"]),
        (Some(("aastra.cfg", true)), ["our own configuration sets none", "took aastra.cfg from us"]),
        (Some(("00085D19E401.cfg", false)), ["not known", "asked us for 00085D19E401.cfg"]),
    ] {
        let mut journey = Journey::verifying(Plan::default());
        if let Some((name, answered)) = asked {
            journey.feed(configuration(name, answered));
        }
        let seen =
            journey.feed(Event::LoggedIn(Err(password_refused()))).ends(FailureCode::PhoneOtherPassword);
        for part in parts {
            assert!(seen.contains(part), "{part} in {seen}");
        }
    }
}

#[test]
fn what_could_not_have_been_heard_is_no_evidence() {
    let mut journey = Journey::begin(Plan::default());
    journey.feed(inspected("57i.st")).feed(recovery());
    let ftp = Offering { protocol: Protocol::Ftp, port: Ok(21), expected: true };
    let tftp = Offering { protocol: Protocol::Tftp, port: Ok(6969), expected: false };
    journey.machine.asked = Default::default();
    journey.machine.note_servers(&[ftp, tftp]);
    assert_eq!(journey.machine.asked.words(), None);
}

#[test]
fn c17_a_password_that_is_back_between_the_two_removals_came_from_the_local_configuration() {
    let mut journey = Journey::wiping();
    restarts(&mut journey).asks(&["reset 2"]);
    let seen = journey.feed(Event::ResetSent(Err(password_refused()))).ends(FailureCode::PhoneOtherPassword);
    assert!(seen.contains("local configuration"), "{seen}");
}

#[test]
fn c18_settings_that_a_server_sent_after_the_removal_are_told_with_the_server() {
    let mut journey = Journey::verifying(Plan::default());
    journey.feed(identified()).feed(stored(&["sip proxy ip"], Some(&["http server"]))).asks(&["reset 1"]);
    journey.finds(CheckName::LocalConfiguration, CheckResult::Warn);
    for answer in ["reset 1", ""] {
        restarts(&mut journey).asks(&["reset 2"]);
        restarts(&mut journey).feed(identified()).feed(stored(&[], Some(&["http server", "sip proxy ip"])));
        if !answer.is_empty() {
            journey.asks(&[answer]).goes_on();
        }
    }
    let seen = journey.ends(FailureCode::PhoneProvisionedAgain);
    assert!(seen.contains("http server x") && seen.contains("sip proxy ip"), "{seen}");
    assert_eq!(FailureCode::PhoneProvisionedAgain.exit_code(), 17);
    journey.finds(CheckName::LocalConfiguration, CheckResult::Fail);
}

#[test]
fn c18_a_password_that_came_from_a_server_is_told_with_the_server_that_was_seen_before() {
    let mut journey = Journey::verifying(Plan::default());
    journey.feed(identified()).feed(stored(&[], Some(&["configuration server"])));
    restarts(&mut journey);
    restarts(&mut journey).feed(Event::LoggedIn(Err(password_refused())));
    let seen = journey.ends(FailureCode::PhoneProvisionedAgain);
    assert!(seen.contains("configuration server x"), "{seen}");
}

#[test]
fn our_own_configuration_or_none_at_all_is_nobody_elses() {
    let rcs = |value: &str| Setting { key: "contact rcs".into(), value: value.into() };
    for (server, verified) in
        [(None, true), (Some(vec![]), true), (Some(vec![rcs("0")]), true), (Some(vec![rcs("1")]), false)]
    {
        let mut journey = Journey::wiping();
        for _ in 0..2 {
            if journey.outcome().is_some() {
                break;
            }
            restarts(&mut journey);
            restarts(&mut journey).feed(identified());
            let local = Vec::new();
            journey.feed(Event::SettingsRead(Ok(Stored { local, server: server.clone() })));
        }
        assert_eq!(journey.outcome() == Some(&Outcome::Verified), verified, "{server:?}");
    }
}

#[test]
fn harmless_settings_of_a_server_are_a_warning() {
    let mut journey = Journey::wiping();
    restarts(&mut journey);
    restarts(&mut journey).feed(identified()).feed(stored(&[], Some(&["time zone name"]))).ends_verified();
    journey.finds(CheckName::LocalConfiguration, CheckResult::Warn);
}

#[test]
fn a_password_that_came_back_after_the_removal_is_told() {
    let mut journey = Journey::wiping();
    restarts(&mut journey);
    restarts(&mut journey).feed(Event::LoggedIn(Err(password_refused())));
    journey.ends(FailureCode::PhoneProvisionedAgain);
}

#[test]
fn a_phone_that_does_not_come_back_from_a_reset_did_not_return() {
    for answer in [dark as fn() -> Event, recovery, stranger] {
        let mut journey = Journey::wiping();
        journey.feed(Event::ResetSent(Ok(()))).feed(dark());
        journey.wait_secs(599).feed(answer()).goes_on();
        journey.wait_secs(1).ends(FailureCode::PhoneDidNotReturn);
    }
}
