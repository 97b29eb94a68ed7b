//! The firmware on its way from the page into the store.

use shared::failure::{Failure, FailureCode};
use shared::firmware::{FirmwareView, LARGEST_BYTES};
use tokio::io::AsyncWriteExt;

use super::http::read;
use super::*;

fn stored(helper: &Helper) -> Vec<FirmwareView> {
    helper.desk.watch().1.firmware
}

#[tokio::test]
async fn a_good_file_is_told_and_stored() {
    let helper = Helper::start().await;
    let answer = helper.ask("POST /api/firmware?name=57i.st").send_body(&firmware(0)).await;
    assert_eq!(answer.status, 200);
    let view: FirmwareView = serde_json::from_str(&answer.body).unwrap();
    assert_eq!((view.name.as_str(), view.bytes), ("57i.st", 5_000));
    assert_eq!(view.model.as_deref(), Some("57i"));
    assert_eq!((view.id.len(), view.sha1.len()), (64, 40));
    assert_eq!(stored(&helper), [view]);
}

#[tokio::test]
async fn names_are_taken_as_names() {
    let helper = Helper::start().await;
    for (query, name) in [
        ("?name=my%20image.st", "my image.st"),
        ("?name=..%2F..%2Fetc%2F57i.st", "57i.st"),
        ("?name=C%3A%5Cfakepath%5C57i.st", "57i.st"),
        ("?name=%F0%9F%93%9E.st", "\u{1f4de}.st"),
        ("?name=", ""),
        ("", ""),
    ] {
        let answer = helper.ask(&format!("POST /api/firmware{query}")).send_body(&firmware(0)).await;
        let view: FirmwareView = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(view.name, name, "{query}");
    }
    assert_eq!(stored(&helper).len(), 1, "the same bytes are the same file");
}

#[tokio::test]
async fn what_is_surely_no_firmware_is_refused_with_its_code() {
    let helper = Helper::start().await;
    let html = b"<!DOCTYPE html><html><title>Login</title></html>".repeat(100);
    let zip = [b"PK\x03\x04".as_slice(), &firmware(0)].concat();
    for (body, code) in [
        (Vec::new(), FailureCode::FirmwareEmpty),
        (vec![0; 100], FailureCode::FirmwareTooSmall),
        (html, FailureCode::FirmwareNotFirmware),
        (zip, FailureCode::FirmwareArchive),
    ] {
        let answer = helper.ask("POST /api/firmware?name=57i.st").send_body(&body).await;
        assert_eq!(answer.status, 422, "{code:?}");
        let failure: Failure = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(failure.code, code);
        assert!(failure.seen.contains("57i.st"), "{}", failure.seen);
    }
    assert_eq!(stored(&helper), []);
}

/// The head says how much will come, and nothing of it does: only an answer by the stated
/// length alone can come at all.
#[tokio::test]
async fn a_file_that_says_it_is_too_large_is_refused_before_a_byte_of_it_is_read() {
    let helper = Helper::start().await;
    for length in [LARGEST_BYTES + 1, 1 << 40, u64::MAX / 2] {
        let ask = helper.ask("POST /api/firmware?name=57i.st").with("Content-Length", length);
        let answer = ask.send().await;
        assert_eq!(answer.status, 413, "{length}");
        let failure: Failure = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(failure.code, FailureCode::FirmwareTooLarge);
        assert!(failure.seen.contains(&length.to_string()), "{}", failure.seen);
    }
    assert_eq!(stored(&helper), []);
}

#[tokio::test]
async fn a_body_that_stops_half_way_leaves_nothing_in_the_store() {
    let helper = Helper::start().await;
    let ask = helper.ask("POST /api/firmware?name=57i.st").with("Content-Length", 5_000);
    let mut half = ask.clone().open(&firmware(0)[..2_500]).await;
    half.shutdown().await.unwrap();
    assert_ne!(read(&mut half).await.status, 200);

    // A connection that is torn down, and a body in pieces of which the last never comes.
    drop(ask.open(&firmware(0)[..2_500]).await);
    let chunked = helper.ask("POST /api/firmware").with("Transfer-Encoding", "chunked");
    let body = [b"1000\r\n".as_slice(), &firmware(0)[..4096], b"\r\n"].concat();
    let mut pieces = chunked.open(&body).await;
    pieces.shutdown().await.unwrap();
    assert_ne!(read(&mut pieces).await.status, 200);

    let whole = helper.ask("POST /api/firmware?name=53i.st").send_body(&firmware(1)).await;
    assert_eq!(whole.status, 200, "the helper goes on");
    let names: Vec<String> = stored(&helper).into_iter().map(|view| view.name).collect();
    assert_eq!(names, ["53i.st"]);
}
