//! The person stops it: at any moment, at once, and for good.

use super::*;

/// One of each event, for what comes after the end.
fn every_event() -> Vec<Event> {
    vec![
        inspected("57i.st"),
        Event::Inspected(Err(failure(FailureCode::FirmwareEmpty))),
        recovery(),
        normal(),
        dark(),
        stranger(),
        served(),
        not_served(FailureCode::PcPortTaken),
        taken(),
        refused(),
        unclear(),
        requested(9),
        other_name("x"),
        progress(1, 512),
        complete(1),
        peer_error(1),
        broken(1),
        identified(),
        Event::LoggedIn(Err(password_refused())),
        settings(&["sip proxy ip"]),
        Event::SettingsRead(Err(gone())),
        Event::ResetSent(Ok(())),
        Event::ResetSent(Err(gone())),
        Event::Tick,
        Event::Cancel,
    ]
}

#[track_caller]
fn check(stage: &str, mut journey: Journey) {
    let phase = journey.phases().last().copied();
    journey.goes_on().feed(Event::Cancel).ends(FailureCode::SessionCancelled);
    assert_eq!(journey.phases().last().copied(), phase, "{stage}: the phase stays the one it was");
    let told = journey.told.len();
    for event in every_event() {
        journey.wait_secs(1000).feed(event).asks(&[]);
        assert_eq!(journey.told.len(), told, "{stage}: told something after the end");
    }
}

#[test]
fn a_stop_ends_every_stage_and_nothing_follows() {
    check("inspecting", Journey::begin(Plan::default()));
    let mut journey = Journey::begin(Plan::default());
    journey.feed(inspected("57i.st"));
    check("finding", journey);
    let mut journey = Journey::begin(Plan::default());
    journey.feed(inspected("57i.st")).feed(recovery());
    check("offering", journey);
    check("sending", Journey::sending());
    let mut journey = Journey::sending();
    journey.feed(refused());
    check("between two rungs", journey);
    let mut journey = Journey::sending();
    journey.feed(taken());
    check("waiting for a request", journey);
    check("transferring", Journey::transferring());
    let mut journey = Journey::transferring();
    journey.feed(peer_error(1)).feed(broken(1));
    check("after an error", journey);
    check("writing", Journey::writing());
    let mut journey = Journey::writing();
    journey.feed(dark());
    check("dark", journey);
    check("logging in", Journey::verifying(Plan::default()));
    let mut journey = Journey::verifying(Plan::default());
    journey.feed(identified());
    check("reading settings", journey);
    check("resetting", Journey::wiping());
    let mut journey = Journey::wiping();
    journey.feed(Event::ResetSent(Ok(())));
    check("going dark", journey);
    let mut journey = Journey::wiping();
    journey.feed(Event::ResetSent(Ok(()))).feed(dark());
    check("coming back", journey);
}

#[test]
fn nothing_follows_a_good_end_either() {
    let mut journey = Journey::verifying(Plan { keep_config: true, ..Plan::default() });
    journey.feed(identified()).feed(settings(&[])).ends_verified();
    for event in every_event() {
        journey.feed(event).ends_verified();
    }
}
