//! How a transfer ends, and what is told of it.

use shared::form::Protocol;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

use super::talk::Talk;
use super::{PHONE, Stand, bytes};
use hookflash::serve::{FileEvent, Hub};

/// More than any system holds for a connection on its own.
const HUGE: usize = 64 * 1024 * 1024;

fn broken(events: &[FileEvent]) -> &str {
    match events.last() {
        Some(FileEvent::Broken { reason, .. }) => reason,
        other => panic!("{other:?}"),
    }
}

fn last_progress(events: &[FileEvent]) -> u64 {
    let bytes = |event: &FileEvent| match event {
        FileEvent::Progress { bytes, .. } => Some(*bytes),
        _ => None,
    };
    events.iter().filter_map(bytes).next_back().unwrap_or(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn c07_a_phone_that_leaves_in_the_middle_by_http_has_not_the_file() {
    let file = bytes(HUGE, 3);
    let mut stand = Stand::with(&Hub::new(), Protocol::Http, PHONE, (PHONE, 0), file).await;
    let mut phone = Talk::from(PHONE, stand.address).await;
    phone.send(b"GET /57i.st HTTP/1.0\r\n\r\n").await;
    let mut some = vec![0; 1_000_000];
    phone.0.read_exact(&mut some).await.unwrap();
    drop(phone);
    let events = stand.transfer().await;
    assert!(!broken(&events).is_empty());
    assert!(last_progress(&events) < HUGE as u64);
}

#[tokio::test(flavor = "multi_thread")]
async fn c07_a_phone_that_leaves_in_the_middle_by_ftp_has_not_the_file() {
    let file = bytes(HUGE, 3);
    let mut stand = Stand::with(&Hub::new(), Protocol::Ftp, PHONE, (PHONE, 0), file).await;
    let mut phone = Talk::ftp(PHONE, stand.address).await;
    let mut to = stand.address;
    to.set_port(phone.passive().await);
    assert!(phone.ask("RETR 57i.st").await.starts_with("150 "));
    let mut data = Talk::from(PHONE, to).await;
    let mut some = vec![0; 1_000_000];
    data.0.read_exact(&mut some).await.unwrap();
    drop(data);
    assert!(phone.line().await.starts_with("426 "));
    let events = stand.transfer().await;
    assert!(last_progress(&events) < HUGE as u64);
    assert!(!broken(&events).is_empty());
    // And it may try again on the same connection.
    to.set_port(phone.passive().await);
    phone.send(b"RETR 57i.st\r\nQUIT\r\n").await;
    let whole = Talk::from(PHONE, to).await.rest().await;
    assert!(whole == *stand.file);
    stand.whole_transfer().await;
    assert_eq!(String::from_utf8_lossy(&phone.rest().await).matches("\r\n").count(), 3, "150, 226, 221");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_file_of_which_a_part_was_read_is_not_complete() {
    let file = bytes(50_000, 4);
    let mut stand = Stand::with(&Hub::new(), Protocol::Http, PHONE, (PHONE, 0), file).await;
    let mut phone = Talk::from(PHONE, stand.address).await;
    phone.send(b"GET /57i.st HTTP/1.1\r\n\r\n").await;
    let mut some = vec![0; 1000];
    phone.0.read_exact(&mut some).await.unwrap();
    // Closing with bytes unread resets the connection.
    drop(phone);
    assert!(!broken(&stand.transfer().await).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_keeps_the_connection_open_has_the_file_all_the_same() {
    let mut stand = Stand::of(Protocol::Http).await;
    let mut phone = Talk::from(PHONE, stand.address).await;
    phone.send(b"GET /57i.st HTTP/1.0\r\n\r\n").await;
    let answer = phone.rest().await;
    assert!(answer.ends_with(&stand.file));
    stand.whole_transfer().await;
    drop(phone);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_phone_gets_the_file_without_a_head() {
    let mut stand = Stand::of(Protocol::Http).await;
    let mut phone = Talk::from(PHONE, stand.address).await;
    phone.send(b"GET /57i.st\r\n").await;
    assert!(phone.rest().await == *stand.file);
    drop(phone);
    stand.whole_transfer().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_are_the_whole_file_only_when_none_is_missing() {
    let mut stand = Stand::of(Protocol::Http).await;
    let url = stand.url("57i.st");
    for (range, whole) in [
        ("0-0", false),
        ("-1", false),
        ("0-1499999", false),
        ("2000000-", false),
        ("1500000-2500000", false),
        // It overlaps, and nothing is missing any more.
        ("2000000-", true),
    ] {
        stand.curl(&["-r", range, &url]).await.bytes();
        let events = stand.transfer().await;
        assert_eq!(matches!(events.last(), Some(FileEvent::Complete { .. })), whole, "{range}: {events:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn abor_ends_a_transfer_and_the_connection_goes_on() {
    let file = bytes(HUGE, 5);
    let mut stand = Stand::with(&Hub::new(), Protocol::Ftp, PHONE, (PHONE, 0), file).await;
    let mut phone = Talk::ftp(PHONE, stand.address).await;
    let mut to = stand.address;
    to.set_port(phone.passive().await);
    let mut data = Talk::from(PHONE, to).await;
    assert!(phone.ask("RETR 57i.st").await.starts_with("150 "));
    data.0.read_u8().await.unwrap();
    // As Telnet has it: interrupt, and a mark.
    phone.send(b"\xff\xf4\xff\xf2").await;
    assert!(phone.ask("ABOR").await.starts_with("426 "));
    assert!(phone.line().await.starts_with("226 "));
    assert!(!broken(&stand.transfer().await).is_empty());
    assert!(phone.ask("NOOP").await.starts_with("200 "));
    assert!(phone.ask("QUIT").await.starts_with("221 "));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_hangs_up_the_control_connection_early_gets_its_file() {
    let mut stand = Stand::of(Protocol::Ftp).await;
    let mut phone = Talk::ftp(PHONE, stand.address).await;
    let listener = TcpListener::bind((PHONE, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    assert!(phone.ask(&format!("EPRT |1|{PHONE}|{port}|")).await.starts_with("200 "));
    assert!(phone.ask("RETR 57i.st").await.starts_with("150 "));
    drop(phone);
    let (data, from) = listener.accept().await.unwrap();
    assert_eq!(from.ip().to_string(), PHONE);
    assert!(Talk(data).rest().await == *stand.file);
    stand.whole_transfer().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_listens_nowhere_is_told_that_there_is_no_data_connection() {
    let mut stand = Stand::of(Protocol::Ftp).await;
    let mut phone = Talk::ftp(PHONE, stand.address).await;
    let free = TcpListener::bind((PHONE, 0)).await.unwrap().local_addr().unwrap().port();
    assert!(phone.ask(&format!("EPRT |1|{PHONE}|{free}|")).await.starts_with("200 "));
    assert!(phone.ask("RETR 57i.st").await.starts_with("150 "));
    assert!(phone.line().await.starts_with("425 "));
    assert!(broken(&stand.transfer().await).contains("no data connection"));
}
