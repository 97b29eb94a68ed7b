//! The whole journey as it should be, phase by phase.

use super::*;

#[test]
fn the_good_journey_passes_every_phase_in_order() {
    let mut journey = Journey::begin(Plan::default());
    journey.asks(&["inspect"]).is_in(Phase::Prepare);
    journey.feed(inspected("57i.st")).asks(&["look after 0ns"]).is_in(Phase::Find);
    journey.feed(recovery()).asks(&["serve by tftp"]).is_in(Phase::Preflight);
    journey.feed(served()).asks(&["submit R1"]).is_in(Phase::Send);
    journey.feed(taken()).asks(&[]).is_in(Phase::Send);
    journey.feed(requested(1)).asks(&[]).is_in(Phase::Transfer);
    journey.wait_secs(5).feed(progress(1, BYTES / 2)).asks(&[]).is_in(Phase::Transfer);
    journey.wait_secs(5).feed(complete(1)).asks(&["look after 1s"]).is_in(Phase::Write);
    journey.wait_secs(1).feed(recovery()).asks(&["look after 1s"]).is_in(Phase::Write);
    journey.wait_secs(1).feed(dark()).asks(&["look after 1s"]).is_in(Phase::Restart);
    journey.wait_secs(60).feed(normal()).asks(&["log in after 0ns"]).is_in(Phase::Verify);
    journey.feed(identified()).asks(&["read settings"]).is_in(Phase::Wipe);
    journey.feed(settings(&["sip proxy ip"])).asks(&["reset 1"]);
    for option in ["reset 2", "log in after 0ns"] {
        journey.feed(Event::ResetSent(Ok(()))).asks(&["look after 250ms"]);
        journey.wait_secs(1).feed(dark()).asks(&["look after 250ms"]);
        journey.wait_secs(60).feed(normal()).asks(&[option]);
    }
    journey.feed(identified()).asks(&["read settings"]);
    journey.feed(settings(&[])).ends_verified();

    assert_eq!(journey.phases(), Phase::ALL);
    assert_eq!(journey.rungs(), ["R1 1/14"]);
    for name in CheckName::ALL.into_iter().filter(|name| !name.is_of_the_computer()) {
        journey.finds(name, CheckResult::Pass);
    }
}

#[test]
fn the_phone_is_told_our_address_and_its_own_file_name() {
    let mut journey = Journey::begin(Plan::default());
    journey.feed(inspected("57i.st")).feed(recovery());
    let Some(Action::Serve { local, names, .. }) = journey.asked.first() else { panic!() };
    assert_eq!(*local, LOCAL);
    assert_eq!(names.first().map(String::as_str), Some("57i.st"), "the name on the form comes first");
    journey.feed(served());
    let form = journey.told.iter().find_map(|update| match update {
        Update::Form(form) => Some(form.clone()),
        _ => None,
    });
    let sent: Vec<_> = form.unwrap().fields.into_iter().map(|field| (field.name, field.value)).collect();
    let pairs = [("file", "57i.st"), ("tftp", "169.254.168.233"), ("go", "Save")];
    assert_eq!(sent, pairs.map(|(name, value)| (name.to_owned(), value.to_owned())));
}

#[test]
fn kept_settings_end_the_journey_without_a_wipe() {
    let mut journey = Journey::verifying(Plan { keep_config: true, ..Plan::default() });
    journey.feed(identified()).asks(&["read settings"]);
    journey.feed(settings(&["sip proxy ip"])).ends_verified();
    journey.finds(CheckName::LocalConfiguration, CheckResult::Warn);
    assert!(!journey.phases().contains(&Phase::Wipe));
}

#[test]
fn kept_settings_that_cannot_be_read_are_unknown_and_stay() {
    let mut journey = Journey::verifying(Plan { keep_config: true, ..Plan::default() });
    journey.feed(identified()).feed(Event::SettingsRead(Err(status(404)))).ends_verified();
    journey.finds(CheckName::LocalConfiguration, CheckResult::Unknown);
}
