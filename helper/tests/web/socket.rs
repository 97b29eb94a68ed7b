//! The conversation with a page: snapshot, changes, and everything that a page may say wrongly.

use shared::protocol::{
    Change, Command, MESSAGE_LIMIT_BYTES, Message, Mirror, PhoneId, PracticeView, Rejection, State, Took,
    encode,
};

use super::websocket::{BINARY, CLOSE, Page};
use super::*;

fn practice(scenario: &str) -> PracticeView {
    PracticeView { scenario: scenario.into(), phones: Vec::new() }
}

#[track_caller]
fn snapshot(message: Message) -> (u64, State) {
    let Message::Snapshot { seq, state } = message else { panic!("a snapshot, not {message:?}") };
    (seq, *state)
}

#[track_caller]
fn change(message: Message) -> (u64, Change) {
    let Message::Change { seq, change } = message else { panic!("a change, not {message:?}") };
    (seq, change)
}

#[tokio::test]
async fn a_page_gets_a_snapshot_and_then_numbered_changes() {
    let helper = Helper::start().await;
    helper.desk.practise(practice("before"));
    let mut page = Page::open(&helper).await;
    let (seq, state) = snapshot(page.hear().await);
    assert_eq!((seq, &state), (1, &helper.desk.watch().1));
    assert_eq!(state.practice, Some(practice("before")));
    for (number, words) in [(2, "one"), (3, "two"), (4, "three")] {
        helper.desk.practise(practice(words));
        let expected = (number, Change::Practice { practice: practice(words) });
        assert_eq!(change(page.hear().await), expected);
    }
}

#[tokio::test]
async fn what_is_not_understood_is_answered_and_the_conversation_goes_on() {
    let helper = Helper::start().await;
    let mut page = Page::open(&helper).await;
    snapshot(page.hear().await);
    let job = r#"{"address":{"host":"127.0.0.1","port":1},"firmware":"none"}"#;
    for (text, expected) in [
        ("nonsense", Rejection::NotUnderstood),
        ("", Rejection::NotUnderstood),
        ("[1,2]", Rejection::NotUnderstood),
        (r#"{"v":1}"#, Rejection::NotUnderstood),
        (r#"{"v":0,"type":"get_snapshot"}"#, Rejection::OtherVersion),
        (r#"{"v":2,"type":"get_snapshot"}"#, Rejection::OtherVersion),
        (r#"{"v":1,"type":"dance"}"#, Rejection::UnknownMessage),
        (r#"{"v":1,"type":"stop"}"#, Rejection::UnknownMessage),
        (r#"{"v":1,"type":"stop","phone":7}"#, Rejection::NoSuchPhone),
        (r#"{"v":1,"type":"retry","phone":7}"#, Rejection::NoSuchPhone),
        (r#"{"v":1,"type":"forget","phone":7}"#, Rejection::NoSuchPhone),
        (&format!(r#"{{"v":1,"type":"start","job":{job}}}"#), Rejection::NoSuchFirmware),
        (r#"{"v":1,"type":"use_practice_firmware"}"#, Rejection::NotPractising),
    ] {
        page.say(text).await;
        let message = page.hear().await;
        let Message::Rejected { reason, detail } = message else { panic!("{text}: {message:?}") };
        assert_eq!(reason, expected, "{text}");
        assert!(!detail.is_empty(), "{text}");
    }
    page.send(BINARY, b"{}").await;
    let message = page.hear().await;
    assert!(matches!(message, Message::Rejected { reason: Rejection::NotUnderstood, .. }), "{message:?}");
    page.say(&encode(&Command::GetSnapshot)).await;
    assert_eq!(snapshot(page.hear().await).0, 0, "nothing was changed by all of it");
}

#[tokio::test]
async fn a_message_over_the_limit_closes_this_page_and_no_other() {
    let helper = Helper::start().await;
    let (mut loud, mut other) = (Page::open(&helper).await, Page::open(&helper).await);
    snapshot(loud.hear().await);
    snapshot(other.hear().await);
    // Exactly at the limit is allowed.
    let longest = encode(&Command::GetSnapshot);
    let longest = longest.clone() + &" ".repeat(MESSAGE_LIMIT_BYTES - longest.len());
    loud.say(&longest).await;
    snapshot(loud.hear().await);
    loud.say(&format!("{longest} ")).await;
    assert_eq!(loud.hear_or_end().await, None);
    helper.desk.practise(practice("still here"));
    change(other.hear().await);
    snapshot(Page::open(&helper).await.hear().await);
}

#[tokio::test]
async fn two_pages_see_the_same() {
    let helper = Helper::start().await;
    let mut pages = [Page::open(&helper).await, Page::open(&helper).await];
    let mut mirrors = [Mirror::default(), Mirror::default()];
    for (page, mirror) in pages.iter_mut().zip(&mut mirrors) {
        mirror.take(page.hear().await);
    }
    helper.desk.add_firmware("57i.st", firmware(0)).unwrap();
    helper.desk.practise(practice("two pages"));
    helper.desk.add_firmware("53i.st", firmware(1)).unwrap();
    for (page, mirror) in pages.iter_mut().zip(&mut mirrors) {
        for _ in 0..3 {
            assert_eq!(mirror.take(page.hear().await), Took::Updated);
        }
    }
    assert_eq!(mirrors[0].state(), Some(&helper.desk.watch().1));
    assert_eq!(mirrors[0], mirrors[1]);
}

/// The test's own thread is the helper's too: it hears nothing until all changes are made.
#[tokio::test]
async fn a_page_that_was_too_slow_gets_the_whole_state_instead() {
    let helper = Helper::start().await;
    let mut page = Page::open(&helper).await;
    let mut mirror = Mirror::default();
    mirror.take(page.hear().await);
    for number in 0..1000 {
        helper.desk.practise(practice(&number.to_string()));
    }
    let (last, state, _) = helper.desk.watch();
    let (seq, caught_up) = snapshot(page.hear().await);
    assert_eq!((seq, caught_up), (last, state));
    helper.desk.practise(practice("and on"));
    assert_eq!(change(page.hear().await).0, last + 1);
}

#[tokio::test]
async fn a_page_that_leaves_in_any_manner_is_gone() {
    let helper = Helper::start().await;
    assert!(helper.desk.is_idle());
    let mut polite = Page::open(&helper).await;
    snapshot(polite.hear().await);
    assert!(!helper.desk.is_idle());
    polite.send(CLOSE, &1000_u16.to_be_bytes()).await;
    while polite.hear_or_end().await.is_some() {}
    let mut rude = Page::open(&helper).await;
    snapshot(rude.hear().await);
    drop(rude);
    // Nothing tells when the helper has noticed: ask until it has.
    let gone = async {
        while !helper.desk.is_idle() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(HANGS, gone).await.expect("both pages are gone");
}

/// A phone that takes the call and never answers: the recovery runs until it is stopped.
#[tokio::test]
async fn a_recovery_is_started_stopped_and_forgotten_from_the_page() {
    let helper = Helper::start().await;
    let phone = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let view = helper.desk.add_firmware("57i.st", firmware(0)).unwrap();
    let mut page = Page::open(&helper).await;
    let mut mirror = Mirror::default();
    mirror.take(page.hear().await);
    let job = shared::protocol::Job {
        model: Some("57i".into()),
        ..shared::protocol::Job::new(phone.local_addr().unwrap().to_string().parse().unwrap(), view.id)
    };
    page.say(&encode(&Command::Start { job: job.clone() })).await;
    page.say(&encode(&Command::Start { job })).await;
    page.say(&encode(&Command::Forget { phone: PhoneId(1) })).await;
    page.say(&encode(&Command::Stop { phone: PhoneId(1) })).await;
    let mut rejections = Vec::new();
    let ended = |mirror: &Mirror| {
        mirror.state().and_then(|state| state.phone(PhoneId(1))).is_some_and(|phone| !phone.is_running())
    };
    while !ended(&mirror) {
        match mirror.take(page.hear().await) {
            Took::Updated => {}
            Took::Rejected(reason, _) => rejections.push(reason),
            Took::Gap => panic!("a change is missing"),
        }
    }
    assert_eq!(rejections, [Rejection::Busy, Rejection::Busy]);
    page.say(&encode(&Command::Forget { phone: PhoneId(1) })).await;
    assert_eq!(change(page.hear().await).1, Change::PhoneGone { id: PhoneId(1) });
}
