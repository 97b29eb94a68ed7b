//! A phone that runs its normal software from the start: the side door, and the wrong keys.

use super::*;
use crate::phone::request::Login;
use crate::session::event::Key;

fn open() -> Plan {
    Plan { side_door: true, ..Plan::default() }
}

fn at_the_door(plan: Plan) -> Journey {
    let mut journey = Journey::begin(plan);
    journey.feed(inspected("57i.st")).feed(normal());
    journey
}

fn restarts(journey: &mut Journey) -> &mut Journey {
    journey.feed(Event::ResetSent(Ok(()))).wait_secs(1).feed(dark()).wait_secs(60).feed(normal())
}

#[test]
fn c22_without_a_yes_a_phone_in_normal_mode_is_left_alone() {
    for plan in [Plan::default(), Plan { accept_guess: true, ..Plan::default() }] {
        let seen = at_the_door(plan).ends(FailureCode::PhoneNormalMode);
        assert!(seen.contains("Aastra 57i"), "{seen}");
    }
    let next = shared::text::failure(FailureCode::PhoneNormalMode).next;
    assert!(
        next.contains("1 and #") && next.contains("--yes") && next.contains("without firmware"),
        "{next}"
    );
}

#[test]
fn a_phone_that_takes_the_login_is_wiped_and_verified_without_firmware() {
    let mut journey = at_the_door(open());
    journey.asks(&["serve by ", "log in after 0ns"]).feed(served()).asks(&[]).is_in(Phase::Verify);
    journey.feed(identified()).asks(&["read settings"]).is_in(Phase::Wipe);
    journey.finds(CheckName::RecoveryMode, CheckResult::Warn);
    let says_so = |update: &Update| match update {
        Update::Check(check) => check.detail.contains("the firmware was not sent and is not needed"),
        _ => false,
    };
    assert!(journey.told.iter().any(says_so));
    journey.feed(settings(&["sip proxy ip"])).asks(&["reset 1"]);
    restarts(&mut journey).asks(&["reset 2"]);
    restarts(&mut journey).asks(&["log in after 0ns"]);
    journey.feed(identified()).feed(settings(&[])).ends_verified();
    assert_eq!(journey.phases(), [Phase::Prepare, Phase::Find, Phase::Verify, Phase::Wipe, Phase::Done]);
    assert!(journey.remembered.is_empty(), "no way of sending worked");
}

#[test]
fn no_name_of_the_firmware_is_served_at_the_side_door() {
    let journey = at_the_door(open());
    let Some(Action::Serve { protocols, names, .. }) = journey.asked.first() else { panic!() };
    assert!(protocols.is_empty() && names.is_empty());
}

#[test]
fn c22_a_side_door_that_is_locked_is_normal_mode_with_the_reason() {
    for (password, part) in [(None, "not the factory password"), (Some("4711"), "nor the typed one")] {
        let password = password.map(|digits| digits.parse().unwrap());
        let mut journey = at_the_door(Plan { password, ..open() });
        let seen = journey.feed(Event::LoggedIn(Err(password_refused()))).ends(FailureCode::PhoneNormalMode);
        assert!(seen.contains(part) && seen.contains("Aastra 57i") && !seen.contains("4711"), "{seen}");
        journey.finds(CheckName::RecoveryMode, CheckResult::Fail).finds(CheckName::Login, CheckResult::Fail);
    }
}

#[test]
fn a_phone_of_another_model_is_not_even_asked_for_its_password() {
    let mut journey = Journey::begin(open());
    journey.feed(inspected("53i.st")).feed(normal()).ends(FailureCode::PhoneOtherModel);
}

#[test]
fn a_phone_that_says_its_model_only_after_the_login_is_not_wiped_when_it_is_another() {
    let mut journey = Journey::begin(open());
    let nameless =
        answer(401, &[("www-authenticate", "Basic realm=\"Please enter User name and password\"")], "");
    journey.feed(inspected("53i.st")).feed(looked(nameless)).asks(&["serve by ", "log in after 0ns"]);
    journey.feed(identified()).ends(FailureCode::PhoneOtherModel);
}

#[test]
fn kept_settings_stay_at_the_side_door_too() {
    let mut journey = at_the_door(Plan { keep_config: true, ..open() });
    journey.feed(identified()).feed(settings(&["sip proxy ip"])).ends_verified();
    assert!(!journey.phases().contains(&Phase::Wipe));
}

#[test]
fn a_phone_that_leaves_its_recovery_while_the_form_is_sent_is_not_wiped() {
    let mut journey = Journey::sending_on(FORM, open());
    journey.feed(refused()).feed(normal()).ends(FailureCode::PhoneNormalMode);
}

#[test]
fn a_typed_password_opens_the_door_for_the_wipe_and_the_factory_one_is_proved_after_it() {
    let password: crate::phone::password::Password = "4711".parse().unwrap();
    assert_eq!(password.login(), Login { password: "4711".into(), ..Login::factory() });
    let mut journey = at_the_door(Plan { password: Some(password), ..open() });
    journey.asks(&["serve by ", "log in with [Factory, Typed] after 0ns"]);
    let identity = Identity { platform: Some("57i".into()), version: Some("3.3.1".into()) };
    journey.feed(Event::LoggedIn(Ok((identity, Key::Typed)))).asks(&["read settings as typed"]);
    journey.finds(CheckName::Login, CheckResult::Warn);
    journey.feed(settings(&["admin password"])).asks(&["reset as typed 1"]);
    restarts(&mut journey).asks(&["reset 2"]);
    restarts(&mut journey).asks(&["log in after 0ns"]);
    journey.feed(identified()).asks(&["read settings"]).feed(settings(&[])).ends_verified();
    journey.finds(CheckName::Login, CheckResult::Pass);
}

#[test]
fn a_reset_that_never_left_is_sent_again_with_the_same_password() {
    let password = Some("4711".parse().unwrap());
    let mut journey = at_the_door(Plan { password, ..open() });
    let identity = Identity { platform: Some("57i".into()), version: None };
    journey.feed(Event::LoggedIn(Ok((identity, Key::Typed)))).feed(settings(&[])).asks(&["reset as typed 1"]);
    journey.feed(Event::ResetSent(Err(gone()))).wait_secs(2).feed(normal()).asks(&["reset as typed 1"]);
}

#[test]
fn the_typed_password_is_in_no_word_that_is_told() {
    let password = Some("4711".parse().unwrap());
    let plan = Plan { password, ..open() };
    assert!(!format!("{plan:?}").contains("4711"));
    let mut journey = at_the_door(plan);
    journey.feed(Event::LoggedIn(Err(password_refused())));
    assert!(!format!("{:?}", journey.told).contains("4711"));
}

#[test]
fn c22_the_address_of_the_test_mode_means_the_wrong_keys_whatever_answers() {
    for answer in
        [normal as fn() -> Event, stranger, dark, || Event::Looked(Err(ExchangeError::NoRoute(PHONE)))]
    {
        let address = Some("10.30.102.102".parse().unwrap());
        let mut journey = Journey::begin(Plan { address, ..open() });
        journey.feed(inspected("57i.st"));
        while journey.outcome().is_none() {
            journey.feed(answer());
        }
        let seen = journey.ends(FailureCode::PhoneTestMode);
        assert!(seen.contains("10.30.102.102"), "{seen}");
    }
    assert_eq!(FailureCode::PhoneTestMode.exit_code(), 12);
    let text = shared::text::failure(FailureCode::PhoneTestMode);
    assert!(text.meaning.contains("* and #") && text.next.contains("1 and #"));
}

#[test]
fn a_recovery_page_at_that_address_is_a_recovery_page() {
    let address = Some("10.30.102.102".parse().unwrap());
    let mut journey = Journey::begin(Plan { address, ..Plan::default() });
    journey.feed(inspected("57i.st")).feed(recovery()).asks(&["serve by tftp"]);
}
