//! Write and Restart: a phone that is silent, writing, gone, back, or back where it was.

use super::*;

/// Looks once a second for so long, each time with this answer.
fn look_for(journey: &mut Journey, seconds: u64, answer: fn() -> Event) {
    for _ in 0..seconds {
        journey.wait_secs(1).feed(answer());
    }
}

#[test]
fn a_page_that_says_failed_and_stays_is_a_refused_file() {
    const FAILED: &str = "<h1>Web Recovery</h1>firmware download failed<form method=post action=/go>\
        <input name=file><input name=tftp></form>";
    let mut journey = Journey::writing();
    look_for(&mut journey, 60, || page(FAILED));
    journey.goes_on().wait_secs(1).feed(page(FAILED));
    let seen = journey.ends(FailureCode::PhoneRefusedFile);
    assert!(seen.contains("firmware download failed"), "{seen}");
}

#[test]
fn dark_and_then_normal_is_back() {
    let mut journey = Journey::writing();
    look_for(&mut journey, 120, dark);
    journey.is_in(Phase::Restart).feed(normal()).is_in(Phase::Verify);
}

#[test]
fn a_restart_that_nobody_saw_is_still_a_restart() {
    let mut journey = Journey::writing();
    journey.feed(normal()).asks(&["log in after 0ns"]);
    assert!(journey.phases().ends_with(&[Phase::Write, Phase::Restart, Phase::Verify]));
}

#[test]
fn a_server_that_stalls_for_a_moment_while_it_writes_is_not_back_in_recovery() {
    let mut journey = Journey::writing();
    for _ in 0..3 {
        look_for(&mut journey, 9, recovery);
        look_for(&mut journey, 1, dark);
    }
    look_for(&mut journey, 30, dark);
    journey.goes_on().feed(normal()).is_in(Phase::Verify);
}

#[test]
fn a_phone_that_stays_in_recovery_after_it_was_dark_did_not_take_the_file() {
    let mut journey = Journey::writing();
    look_for(&mut journey, 20, dark);
    look_for(&mut journey, 60, recovery);
    journey.goes_on();
    look_for(&mut journey, 1, recovery);
    journey.ends(FailureCode::PhoneBackInRecovery);
}

#[test]
fn a_phone_that_never_goes_dark_is_waited_for_until_the_limit() {
    let mut journey = Journey::writing();
    look_for(&mut journey, 599, recovery);
    journey.goes_on().is_in(Phase::Write);
    let seen = journey.wait_secs(1).ends(FailureCode::PhoneDidNotReturn);
    assert!(seen.contains("600 s") && seen.contains("never left"), "{seen}");
}

#[test]
fn a_phone_that_never_comes_back_is_told_so_at_the_limit() {
    for (answer, part) in [(dark as fn() -> Event, "nothing answers"), (stranger, "not its normal page")] {
        let mut journey = Journey::writing();
        look_for(&mut journey, 599, answer);
        let seen = journey.goes_on().wait_secs(1).ends(FailureCode::PhoneDidNotReturn);
        assert!(seen.contains(part), "{seen}");
        assert_eq!(FailureCode::PhoneDidNotReturn.exit_code(), 16);
    }
}

#[test]
fn a_new_request_while_the_phone_seems_to_write_is_a_new_transfer() {
    let mut journey = Journey::writing();
    journey.feed(recovery()).wait_secs(300).feed(requested(2)).is_in(Phase::Transfer);
    journey.wait_secs(400).goes_on();
    journey.feed(complete(2)).is_in(Phase::Write);
    // The limit counts from the last complete file.
    journey.wait_secs(599).goes_on().wait_secs(1).ends(FailureCode::PhoneDidNotReturn);
}

/// The runner forgets a look that is under way when another is asked for: what it saw before the
/// last byte would say nothing about the writing.
#[test]
fn the_last_byte_asks_for_a_look_of_its_own() {
    let mut journey = Journey::writing();
    journey.feed(requested(2)).feed(complete(2)).asks(&["look after 1s"]);

    let mut journey = Journey::sending();
    journey.feed(refused()).asks(&["look after 2.5s"]);
    journey.feed(requested(1)).feed(complete(1)).asks(&["look after 1s"]);
    journey.feed(dark()).asks(&["look after 1s"]).is_in(Phase::Restart);
}
