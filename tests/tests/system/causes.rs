//! "Firmware download failed", over and over: which of the causes it is, from what was seen on
//! the wire (C07), and the phone's own error (C14).

use tests::many::each;
use tests::phone::SimulatedPhone;
use tests::recovery::{Recovery, firmware};

/// A phone that never comes back shall not hold up the others for ten minutes.
const WRITE_TIMEOUT: [&str; 2] = ["--write-timeout", "60"];

const BYTES: usize = 1_600_000;

fn recover(phone_options: &[&str]) -> (SimulatedPhone, Recovery) {
    let folder = tempfile::tempdir().unwrap();
    let file = firmware(folder.path(), "57i.st", BYTES);
    let phone = SimulatedPhone::start(phone_options);
    let recovery = Recovery::of(&phone, &file, &WRITE_TIMEOUT);
    (phone, recovery)
}

fn seen(recovery: &Recovery) -> &str {
    recovery.finished()["seen"].as_str().unwrap()
}

#[test]
fn c07_no_request_came_and_the_firewall_is_named() {
    let (phone, recovery) = recover(&["--quirk", "no-request"]);
    recovery.assert_failed(14, "phone::no_request");
    assert!(!phone.events_of("post_accepted").is_empty(), "it did take the form");
    let next = recovery.finished()["next"].as_str().unwrap();
    assert!(next.contains("firewall"), "{next}");
}

#[test]
fn c07_another_file_was_asked_for_and_both_names_are_told() {
    let (phone, recovery) = recover(&["--quirk", "asks=other"]);
    recovery.assert_failed(14, "phone::other_file");
    assert!(
        seen(&recovery).contains("boot.bin") && seen(&recovery).contains("57i.st"),
        "{}",
        seen(&recovery)
    );
    assert_eq!(phone.events_of("file_received").len(), 0);
}

#[test]
fn c07_the_transfer_broke_in_the_middle_and_the_bytes_are_told() {
    // Over HTTP a phone that cannot go on hangs up, and says nothing.
    let phone = SimulatedPhone::start(&["--quirk", "only=http", "--quirk", "error-at=300000"]);
    let folder = tempfile::tempdir().unwrap();
    let file = firmware(folder.path(), "57i.st", BYTES);
    let recovery = Recovery::of(&phone, &file, &[&WRITE_TIMEOUT[..], &["--protocol", "http"]].concat());
    recovery.assert_failed(15, "phone::transfer_broke");
    assert!(seen(&recovery).contains("of 1600000 bytes"), "{}", seen(&recovery));
}

#[test]
fn c07_the_phone_refused_the_file_of_another_model() {
    let (_phone, recovery) = recover(&["--scenario", "wrong-model"]);
    recovery.assert_failed(15, "phone::refused_file");
    let next = recovery.finished()["next"].as_str().unwrap();
    assert!(next.contains("model"), "{next}");
}

#[test]
fn c14_the_phones_error_is_told_while_its_page_says_please_wait_for_ever() {
    let (phone, recovery) = recover(&["--quirk", "error-at=300000", "--quirk", "stuck-page"]);
    recovery.assert_failed(15, "phone::refused_file");
    assert!(!phone.events_of("error_sent").is_empty());
    let seen = seen(&recovery);
    assert!(seen.contains("error 0") && seen.contains("undefined error"), "{seen}");
    assert!(seen.contains("of 1600000 bytes"), "{seen}");
}

#[test]
fn c14_a_file_that_is_refused_at_its_end_is_not_taken_for_a_phone_that_writes() {
    each(
        [&["--quirk", "rejects-file"][..], &["--quirk", "rejects-file", "--quirk", "only=http"]],
        |quirks| {
            let (_phone, recovery) = recover(quirks);
            recovery.assert_failed(15, "phone::refused_file");
        },
    );
}
