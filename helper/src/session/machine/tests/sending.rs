//! Send: the ladder, and requests at every moment of it.

use super::*;

/// The values of the hidden field `token` in the form that was just submitted.
#[track_caller]
fn submitted_token(journey: &Journey) -> String {
    let Some(Action::Submit { rung, page, submission }) = journey.asked.first() else { panic!() };
    let token = rung.pairs(page, submission).into_iter().find(|pair| pair.name == "token");
    token.expect("the token goes out").value
}

fn with_token(token: u32) -> String {
    FORM.replace("</form>", &format!("<input type=hidden name=token value={token}></form>"))
}

#[test]
fn a_refusal_leads_to_the_next_rung_after_a_pause_and_a_fresh_page() {
    let mut journey = Journey::sending();
    for rung in ["submit R2", "submit R3"] {
        journey.feed(refused()).asks(&["look after 2.5s"]);
        journey.wait_secs(3).feed(recovery()).asks(&[rung]);
    }
    journey.feed(taken()).asks(&[]).feed(requested(1)).is_in(Phase::Transfer);
    assert_eq!(journey.rungs(), ["R1 1/14", "R2 2/14", "R3 3/14"]);
}

#[test]
fn the_hidden_token_of_the_fresh_page_is_used() {
    let mut journey = Journey::sending_on(&with_token(1), Plan::default());
    assert_eq!(submitted_token(&journey), "1");
    journey.feed(refused()).feed(page(&with_token(2))).asks(&["submit R2"]);
    assert_eq!(submitted_token(&journey), "2");
}

#[test]
fn a_page_that_fails_or_changed_between_two_rungs_leaves_the_form_as_it_was() {
    let mut journey = Journey::sending_on(&with_token(1), Plan::default());
    journey.feed(refused()).feed(dark()).asks(&["submit R2"]);
    journey.feed(refused()).feed(page("<h1>Recovery</h1><form><input name=y></form>")).asks(&["submit R3"]);
    assert_eq!(submitted_token(&journey), "1");
}

#[test]
fn a_phone_that_started_as_usual_between_two_rungs_is_left_alone() {
    let mut journey = Journey::sending();
    journey.feed(refused()).feed(normal()).ends(FailureCode::PhoneNormalMode);
    journey.finds(CheckName::RecoveryMode, CheckResult::Fail);
}

#[test]
fn all_rungs_refused_end_with_the_last_refusal() {
    let mut journey = Journey::sending();
    for _ in 1..RUNGS {
        journey.feed(refused()).feed(recovery()).goes_on();
    }
    // The last rung gets a moment for a request, like the others.
    journey.feed(refused()).wait_secs(2).goes_on();
    let seen = journey.wait_secs(1).ends(FailureCode::PhoneFormRefused);
    assert!(seen.contains("14 ways") && seen.contains("Invalid Parameters"), "{seen}");
    assert_eq!(journey.rungs().last().map(String::as_str), Some("R8f 14/14"));
}

#[test]
fn an_unclear_answer_gives_the_phone_time_before_the_next_rung() {
    let mut journey = Journey::sending();
    journey.feed(unclear()).asks(&[]).wait_secs(9).asks(&[]);
    journey.wait_secs(1).asks(&["look after 2.5s"]).feed(recovery()).asks(&["submit R2"]);
}

#[test]
fn nothing_but_unclear_answers_end_as_no_request() {
    for event in [unclear, || Event::Submitted(Err(ExchangeError::NoAnswer(PHONE)))] {
        let mut journey = Journey::sending();
        for _ in 1..RUNGS {
            journey.feed(event()).wait_secs(10).feed(recovery());
        }
        // After the last rung nothing else is left to try: as long as after a yes.
        journey.feed(event()).wait_secs(29).goes_on();
        journey.wait_secs(1).ends(FailureCode::PhoneNoRequest);
    }
}

#[test]
fn c05_a_yes_without_a_request_is_asked_for_once_more_and_in_no_other_way() {
    let mut journey = Journey::sending();
    journey.feed(taken()).wait_secs(29).asks(&[]).wait_secs(1).asks(&["look after 2.5s"]);
    journey.feed(recovery()).asks(&["submit R1"]).feed(taken()).wait_secs(29).goes_on();
    let seen = journey.wait_secs(1).ends(FailureCode::PhoneNoRequest);
    assert!(seen.contains("169.254.168.233"), "{seen}");
    assert_eq!(journey.rungs().len(), 2);
}

#[test]
fn a_request_for_another_name_alone_ends_with_that_name() {
    let mut journey = Journey::sending();
    journey.feed(taken()).feed(other_name("53i.st")).wait_secs(29).goes_on();
    let seen = journey.wait_secs(1).ends(FailureCode::PhoneOtherFile);
    assert!(seen.contains("53i.st") && seen.contains("57i.st"), "{seen}");
}

#[test]
fn a_request_for_another_name_explains_a_ladder_without_success() {
    let mut journey = Journey::sending();
    journey.feed(other_name("aastra.cfg"));
    for _ in 1..RUNGS {
        journey.feed(refused()).feed(recovery());
    }
    journey.feed(refused()).wait_secs(3).ends(FailureCode::PhoneOtherFile);
}

#[test]
fn a_request_for_another_name_first_and_for_ours_later_is_a_transfer() {
    let mut journey = Journey::sending();
    journey.feed(taken()).feed(other_name("aastra.cfg")).feed(requested(1)).is_in(Phase::Transfer);
}

#[test]
fn a_request_counts_whenever_it_comes() {
    let mut while_awaited = Journey::sending();
    while_awaited.feed(requested(1)).is_in(Phase::Transfer);
    // The answer to the form comes when nobody needs it any more.
    while_awaited.feed(refused()).asks(&[]).goes_on().is_in(Phase::Transfer);

    let mut in_the_pause = Journey::sending();
    in_the_pause.feed(refused()).feed(requested(1)).is_in(Phase::Transfer);
    in_the_pause.wait_secs(3).feed(recovery()).asks(&[]).is_in(Phase::Transfer);
    assert_eq!(in_the_pause.rungs(), ["R1 1/14"], "no rung while the phone reads");

    let mut after_an_unclear_answer = Journey::sending();
    after_an_unclear_answer.feed(unclear()).wait_secs(9).feed(requested(1)).is_in(Phase::Transfer);

    let mut late = Journey::sending();
    late.feed(taken()).wait_secs(29).feed(requested(1)).is_in(Phase::Transfer);
    late.wait_secs(3600).goes_on();
}

#[test]
fn an_answer_without_the_form_is_given_as_long_as_a_yes_the_first_time() {
    let noted = || Event::Submitted(Ok(crate::phone::verdict::Verdict::Noted("Request accepted".into())));
    let mut journey = Journey::sending();
    journey.feed(noted()).wait_secs(29).asks(&[]).wait_secs(1).asks(&["look after 2.5s"]);
    journey.feed(recovery()).asks(&["submit R2"]).feed(noted());
    journey.wait_secs(9).asks(&[]).wait_secs(1).asks(&["look after 2.5s"]);
}
