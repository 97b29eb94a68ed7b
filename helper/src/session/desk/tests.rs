//! The desk's rules: who may start what and when, which files it holds, and that nobody who
//! watches ever misses a change.
//!
//! The phones here are listeners that take the call and never answer, so that a recovery runs
//! exactly until the test stops it.

use std::net::SocketAddr;
use std::time::Duration;

use shared::failure::FailureCode;
use shared::phase::Phase;
use shared::protocol::{KeptFirmware, Message, Mirror, Outcome, Took};
use tokio::net::TcpListener;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::timeout;

use super::*;
use crate::firmware::held::MOST_IN_MEMORY;

/// A test that hangs ends by this; none waits for it to pass.
const HANGS: Duration = Duration::from_secs(60);

fn bytes(seed: u8) -> Vec<u8> {
    (0..2_000_u32).map(|i| (i * 7 % 251) as u8 ^ seed).collect()
}

async fn mute_phone() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

fn job(address: SocketAddr, firmware: &str) -> Job {
    Job::new(address.to_string().parse().unwrap(), firmware)
}

fn reason<T>(result: Result<T, Refused>) -> Option<Rejection> {
    result.err().map(|(reason, detail)| {
        assert!(!detail.is_empty());
        reason
    })
}

fn phone(desk: &Desk, id: PhoneId) -> Option<PhoneView> {
    desk.watch().1.phone(id).cloned()
}

/// Waits for the change that ends this recovery.
async fn ended(changes: &mut broadcast::Receiver<Numbered>, id: PhoneId) -> Outcome {
    let end = async {
        loop {
            let (_, change) = changes.recv().await.unwrap();
            if let Change::Phone { phone } = change
                && phone.id == id
                && let Some(outcome) = phone.outcome
            {
                return outcome;
            }
        }
    };
    timeout(HANGS, end).await.expect("the recovery does not end")
}

#[track_caller]
fn is_cancelled(outcome: &Outcome) {
    let Outcome::Failed(failure) = outcome else { panic!("{outcome:?}") };
    assert_eq!(failure.code, FailureCode::SessionCancelled);
}

#[tokio::test]
async fn a_recovery_is_started_watched_stopped_and_forgotten() {
    let desk = Desk::default();
    let (_phone, address) = mute_phone().await;
    let file = desk.add_firmware("57i.st", bytes(0)).unwrap();
    let (_, _, mut changes) = desk.watch();
    let id = desk.start(Job { model: Some("6757i".into()), ..job(address, &file.id) }).unwrap();
    let view = phone(&desk, id).unwrap();
    assert!(view.is_running() && !desk.is_idle());
    assert_eq!(view.model.as_deref(), Some("57i"), "by its first name");
    assert_eq!(reason(desk.forget(id)), Some(Rejection::Busy));
    assert_eq!(reason(desk.retry(id)), Some(Rejection::Busy));

    desk.stop(id).unwrap();
    is_cancelled(&ended(&mut changes, id).await);
    assert!(desk.is_idle());
    assert_eq!(reason(desk.stop(id)), Some(Rejection::NoSuchPhone), "there is nothing to stop");
    desk.forget(id).unwrap();
    assert_eq!(phone(&desk, id), None);
    assert_eq!(reason(desk.forget(id)), Some(Rejection::NoSuchPhone));
    assert_eq!(reason(desk.retry(id)), Some(Rejection::NoSuchPhone));
}

#[tokio::test]
async fn a_job_carries_the_confirmation_that_a_version_needs() {
    let desk = Desk::default();
    let (_phone, address) = mute_phone().await;
    let image = [bytes(0), b"\0Mitel 6867i 5.0.0.2036\0".to_vec()].concat();
    let file = desk.add_firmware("6867i.st", image).unwrap();
    let (_, _, mut changes) = desk.watch();
    let id = desk.start(job(address, &file.id)).unwrap();
    let Outcome::Failed(failure) = ended(&mut changes, id).await else { panic!() };
    assert_eq!(failure.code, FailureCode::FirmwarePresentUnknown);

    let present_version = Some("4.2.0.2023".to_owned());
    let confirmed_model = Some("6867i".to_owned());
    let id = desk.start(Job { present_version, confirmed_model, ..job(address, &file.id) }).unwrap();
    // It goes on to the phone, which is mute.
    desk.stop(id).unwrap();
    is_cancelled(&ended(&mut changes, id).await);
}

#[tokio::test]
async fn one_address_has_one_recovery_and_other_addresses_their_own() {
    let desk = Desk::default();
    let (_one, first) = mute_phone().await;
    let (_other, second) = mute_phone().await;
    let file = desk.add_firmware("57i.st", bytes(0)).unwrap();
    let (_, _, mut changes) = desk.watch();
    let id = desk.start(job(first, &file.id)).unwrap();
    assert_eq!(reason(desk.start(job(first, &file.id))), Some(Rejection::Busy));
    let other = desk.start(job(second, &file.id)).unwrap();
    assert_ne!(id, other);
    desk.stop(id).unwrap();
    ended(&mut changes, id).await;
    let again = desk.start(job(first, &file.id)).unwrap();
    assert!(again > other, "no number is used twice");
    assert_eq!(reason(desk.retry(id)), Some(Rejection::Busy), "a newer recovery has its address");
    assert_eq!(desk.watch().1.phones.len(), 3);
}

#[tokio::test]
async fn a_refused_start_leaves_no_trace() {
    let desk = Desk::default();
    let (_phone, address) = mute_phone().await;
    assert_eq!(reason(desk.start(job(address, "none"))), Some(Rejection::NoSuchFirmware));
    assert_eq!(reason(desk.use_practice_firmware()), Some(Rejection::NotPractising));
    let (seq, state, _) = desk.watch();
    assert_eq!((seq, state.phones.len()), (0, 0));
    assert!(desk.is_idle());
}

#[tokio::test]
async fn a_retry_is_the_same_phone_from_the_beginning() {
    let desk = Desk::default();
    let (_phone, address) = mute_phone().await;
    let file = desk.add_firmware("57i.st", bytes(0)).unwrap();
    let (_, _, mut changes) = desk.watch();
    let id = desk.start(job(address, &file.id)).unwrap();
    desk.stop(id).unwrap();
    ended(&mut changes, id).await;
    desk.retry(id).unwrap();
    let view = phone(&desk, id).unwrap();
    assert_eq!((view.outcome, view.phase, view.timeline.len()), (None, Phase::Prepare, 0));
    desk.stop(id).unwrap();
    is_cancelled(&ended(&mut changes, id).await);
}

/// The page may ask for the retry in the same moment in which it hears of the end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_retry_right_after_the_end_can_be_stopped_too() {
    let desk = Desk::default();
    let (_phone, address) = mute_phone().await;
    let file = desk.add_firmware("57i.st", bytes(0)).unwrap();
    let (_, _, mut changes) = desk.watch();
    let id = desk.start(job(address, &file.id)).unwrap();
    for round in 0..300 {
        assert_eq!(reason(desk.stop(id)), None, "round {round}");
        ended(&mut changes, id).await;
        desk.retry(id).unwrap();
    }
}

#[tokio::test]
async fn a_retry_without_its_file_is_refused_and_changes_nothing() {
    let desk = Desk::default();
    let (_phone, address) = mute_phone().await;
    let file = desk.add_firmware("57i.st", bytes(0)).unwrap();
    let (_, _, mut changes) = desk.watch();
    let id = desk.start(job(address, &file.id)).unwrap();
    desk.stop(id).unwrap();
    ended(&mut changes, id).await;
    for seed in 1..=MOST_IN_MEMORY as u8 {
        desk.add_firmware("57i.st", bytes(seed)).unwrap();
    }
    let before = desk.watch().1;
    assert_eq!(reason(desk.retry(id)), Some(Rejection::NoSuchFirmware));
    assert_eq!(desk.watch().1, before);
}

#[test]
fn without_a_store_the_newest_files_are_held_and_each_once() {
    let desk = Desk::default();
    let ids: Vec<String> = (0..6).map(|seed| desk.add_firmware("57i.st", bytes(seed)).unwrap().id).collect();
    let held = || desk.watch().1.firmware.into_iter().map(|kept| kept.file.id).collect::<Vec<_>>();
    assert_eq!(held(), ids[6 - MOST_IN_MEMORY..]);
    let with_bytes = ids.iter().filter(|id| desk.held().find(id).is_some()).count();
    assert_eq!(with_bytes, MOST_IN_MEMORY, "the bytes go with the view");
    // Given once more, under another name: the newest, and still one file.
    desk.add_firmware("renamed.st", bytes(2)).unwrap();
    assert_eq!(held(), [&ids[3], &ids[4], &ids[5], &ids[2]].map(Clone::clone));
    assert_eq!(desk.watch().1.firmware.last().map(|kept| kept.file.name.clone()), Some("renamed.st".into()));
    let (seq, ..) = desk.watch();
    assert!(desk.add_firmware("page.st", b"<html>".to_vec()).is_err());
    assert_eq!(desk.watch().0, seq, "refused firmware changes nothing");
}

#[test]
fn the_practice_firmware_is_put_among_the_files_like_any_other() {
    let desk = Desk::default();
    let firmware = Firmware::from_bytes("57i.st", bytes(0)).unwrap();
    let view = firmware.view.clone();
    desk.set_practice(firmware, HashMap::new());
    assert_eq!(desk.watch().1.firmware, []);
    desk.use_practice_firmware().unwrap();
    desk.use_practice_firmware().unwrap();
    assert_eq!(desk.watch().1.firmware, [KeptFirmware { file: view, worked: Vec::new() }]);
}

#[test]
fn a_desk_with_a_page_is_not_idle() {
    let desk = Desk::default();
    assert!(desk.is_idle());
    let (one, other) = (desk.page_connected(), desk.page_connected());
    drop(one);
    assert!(!desk.is_idle());
    drop(other);
    assert!(desk.is_idle());
}

#[test]
fn a_finding_is_kept_once_and_in_the_order_of_the_journey() {
    use shared::check::{Check, CheckName, CheckResult};
    let mut view = PhoneView::new(PhoneId(1), job(([127, 0, 0, 1], 80).into(), "x"), None);
    for (name, result) in [
        (CheckName::Form, CheckResult::Pass),
        (CheckName::Firmware, CheckResult::Pass),
        (CheckName::Form, CheckResult::Warn),
    ] {
        apply(&mut view, Update::Check(Check::new(name, result, "")));
    }
    let found: Vec<_> = view.checks.iter().map(|check| (check.name, check.result)).collect();
    assert_eq!(found, [(CheckName::Firmware, CheckResult::Pass), (CheckName::Form, CheckResult::Warn)]);
}

/// Several threads change things while others come and watch: whoever follows the changes from
/// any snapshot on never sees a gap, and ends with the same state.
#[test]
fn no_change_is_lost_between_a_snapshot_and_what_follows_it() {
    const LAST: &str = "last";
    let practice = |scenario: &str| PracticeView { scenario: scenario.into(), phones: Vec::new() };
    let desk = Desk::default();
    std::thread::scope(|scope| {
        let changers: Vec<_> = (0..3_u8)
            .map(|changer| {
                let desk = desk.clone();
                scope.spawn(move || {
                    for number in 0..100_u8 {
                        desk.practise(practice(&format!("{changer}.{number}")));
                        desk.add_firmware("57i.st", bytes(number % 7)).unwrap();
                    }
                })
            })
            .collect();
        let watchers: Vec<_> = (0..4)
            .map(|_| {
                let desk = desk.clone();
                scope.spawn(move || follow(&desk, LAST))
            })
            .collect();
        for changer in changers {
            changer.join().unwrap();
        }
        desk.practise(practice(LAST));
        let (_, state, _) = desk.watch();
        for watcher in watchers {
            assert_eq!(watcher.join().unwrap().state(), Some(&state));
        }
    });
}

/// Comes to watch again and again, and stays with the last of it until the practice has this
/// name.
fn follow(desk: &Desk, last: &str) -> Mirror {
    let is_last = |mirror: &Mirror| {
        let practice = mirror.state().and_then(|state| state.practice.as_ref());
        practice.is_some_and(|practice| practice.scenario == last)
    };
    loop {
        let (seq, state, mut changes) = desk.watch();
        let mut mirror = Mirror::default();
        mirror.take(Message::Snapshot { seq, state: Box::new(state) });
        let mut before = seq;
        for _ in 0..50 {
            if is_last(&mirror) {
                return mirror;
            }
            match changes.blocking_recv() {
                Ok((seq, change)) => {
                    assert_eq!(seq, before + 1);
                    before = seq;
                    assert_eq!(mirror.take(Message::Change { seq, change }), Took::Updated);
                }
                // Too slow for the backlog: a page gets a new snapshot then, and so do we.
                Err(RecvError::Lagged(_)) => break,
                Err(RecvError::Closed) => panic!("the desk is gone"),
            }
        }
    }
}
