//! The TFTP clients over real sockets, and what can go wrong between first and last byte
//! (domain.md 5.1).

use crate::play::{event, get, post_whole};
use crate::servers::{Manners, tftp_server};
use crate::{forms, play};
use simulator::{
    Event, Phone,
    event::{DownloadFailure, Mode},
    practice_firmware,
};

fn file() -> Vec<u8> {
    let mut file = practice_firmware(&"57i".parse().unwrap());
    file.truncate(60_000);
    file
}

async fn submit(phone: &Phone) -> String {
    post_whole(phone.address(), "/recovery.cgi", "", &forms::plain("TFTP", 80)).await
}

async fn started(quirks: &str, manners: Manners) -> Phone {
    let phone = play::phone(quirks, tftp_server(file(), manners).await).await;
    assert!(submit(&phone).await.contains("Please Wait"));
    phone
}

async fn back(phone: &Phone) {
    event(phone, |event| matches!(event, Event::Back { mode: Mode::Normal })).await;
}

async fn failure(phone: &Phone) -> DownloadFailure {
    match event(phone, |event| matches!(event, Event::DownloadFailed { .. })).await {
        Event::DownloadFailed { failure } => failure,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_block_before_is_answered_again_and_any_other_is_the_end() {
    let phone = started("", Manners { double: Some(3), ..Manners::default() }).await;
    back(&phone).await;
    let phone = started("", Manners { renumber: Some((5, 9)), ..Manners::default() }).await;
    assert_eq!(failure(&phone).await, DownloadFailure::UnexpectedBlock { expected: 5, got: 9 });
    assert!(get(phone.address(), "/").await.contains("firmware download failed"));
}

#[tokio::test]
async fn unasked_options_are_ignored_by_one_and_refused_by_the_other() {
    let manners = Manners { unasked_oack: true, ..Manners::default() };
    back(&started("tftp=vxworks", manners.clone()).await).await;
    let phone = started("tftp=busybox", manners).await;
    assert_eq!(failure(&phone).await, DownloadFailure::UnexpectedPacket(6));
}

#[tokio::test]
async fn all_three_clients_fetch_the_same_bytes() {
    let mut sums = Vec::new();
    for quirks in ["tftp=vxworks", "tftp=busybox", "tftp=options", "lossy=20 tftp=busybox", "asks-twice"] {
        let phone = started(quirks, Manners::default()).await;
        let received = event(&phone, |event| matches!(event, Event::FileReceived { .. })).await;
        sums.push(received);
    }
    assert!(sums.iter().all(|sum| *sum == sums[0]), "{sums:?}");
}

#[tokio::test]
async fn a_silent_server_is_asked_again_and_then_given_up() {
    // A socket that nobody reads from keeps the port quiet.
    let quiet = tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let phone = play::phone("", quiet.local_addr().unwrap().port()).await;
    submit(&phone).await;
    assert_eq!(failure(&phone).await, DownloadFailure::NoAnswer);
    let asked = |event: &&Event| matches!(event, Event::FileRequested { .. });
    assert_eq!(phone.log().iter().filter(asked).count(), 5, "25 s of silence, asked every 5 s");
    let mut request = [0; 64];
    let (length, _) = quiet.recv_from(&mut request).await.unwrap();
    assert_eq!(&request[..length], b"\0\x0157i.st\0octet\0");
}

#[tokio::test]
async fn a_server_that_is_late_is_served_by_repeats() {
    let quiet = tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let phone = play::phone("", quiet.local_addr().unwrap().port()).await;
    submit(&phone).await;
    event(&phone, |event| matches!(event, Event::FileRequested { attempt: 2, .. })).await;
    let mut request = [0; 64];
    let (_, from) = quiet.recv_from(&mut request).await.unwrap();
    quiet.send_to(b"\0\x03\0\x01all of it", from).await.unwrap();
    back(&phone).await;
}

#[tokio::test]
async fn error_0_comes_at_its_byte() {
    let phone = started("error-at=10000", Manners::default()).await;
    assert_eq!(failure(&phone).await, DownloadFailure::Rejected);
    let sent = event(&phone, |event| matches!(event, Event::ErrorSent { .. })).await;
    assert_eq!(sent, Event::ErrorSent { code: 0, bytes: 10_240 });
}

#[tokio::test]
async fn the_first_time_may_fail_and_the_second_not() {
    let phone = started("rejects-file first-time-only", Manners::default()).await;
    assert_eq!(failure(&phone).await, DownloadFailure::Rejected);
    assert!(submit(&phone).await.contains("Please Wait"));
    back(&phone).await;
}

#[tokio::test]
async fn a_stall_is_survived() {
    let phone = started("stall-at=20000", Manners::default()).await;
    back(&phone).await;
    assert!(phone.log().iter().any(|event| matches!(event, Event::Stalled { bytes } if *bytes >= 20_000)));
}

#[tokio::test]
async fn a_file_for_another_model_is_refused() {
    let port = tftp_server(file(), Manners::default()).await;
    let config =
        simulator::Config { model: "9480iCT".parse().unwrap(), ..play::config("checks-model", port) };
    let phone = Phone::start(config).await.unwrap();
    submit(&phone).await;
    assert_eq!(failure(&phone).await, DownloadFailure::Rejected);
    let phone = started("checks-model", Manners::default()).await;
    back(&phone).await;
}

#[tokio::test]
async fn names_are_asked_for_in_many_ways() {
    for (quirk, name) in [
        ("asks=slash", "/57i.st"),
        ("asks=dot-slash", "./57i.st"),
        ("asks=backslash", "\\57i.st"),
        ("asks=upper", "57I.ST"),
        ("asks=folder", "Aastra/57i.st"),
        ("asks=alias", "6757i.st"),
        ("asks=other", "boot.bin"),
    ] {
        let phone = started(quirk, Manners::default()).await;
        let asked = event(&phone, |event| matches!(event, Event::FileRequested { .. })).await;
        assert!(matches!(&asked, Event::FileRequested { name: it, .. } if it == name), "{asked:?}");
    }
}

#[tokio::test]
async fn blocked_tftp_asks_nobody() {
    let phone = started("blocks-tftp", Manners::default()).await;
    assert_eq!(failure(&phone).await, DownloadFailure::NoAnswer);
    assert!(!phone.log().iter().any(|event| matches!(event, Event::FileRequested { .. })));
}

#[tokio::test]
async fn a_stuck_page_says_please_wait_for_ever_and_still_takes_the_form() {
    let phone = started("stuck-page rejects-file first-time-only", Manners::default()).await;
    failure(&phone).await;
    assert!(get(phone.address(), "/").await.contains("Please Wait"));
    assert!(submit(&phone).await.contains("Please Wait"));
    back(&phone).await;
}
