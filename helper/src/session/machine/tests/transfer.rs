//! Transfer: repeated requests, errors, silence, and several transfers beside each other.

use super::*;

#[test]
fn progress_is_told_with_rate_time_left_and_repeats() {
    let mut journey = Journey::transferring();
    journey.feed(Event::File(FileEvent::Repeat { transfer: 1, count: 3 }));
    journey.wait_secs(1).feed(progress(1, 200_000));
    let view = journey.transfer();
    assert_eq!((view.bytes, view.total, view.repeats), (200_000, BYTES, 3));
    assert_eq!((view.bytes_per_second, view.seconds_left), (Some(200_000), Some(12)));
    assert_eq!(view.file, "/57i.st", "as the phone asked for it");
}

#[test]
fn several_requests_in_a_row_are_one_phone_that_is_impatient() {
    let mut journey = Journey::transferring();
    for transfer in 2..6 {
        journey.wait_secs(1).feed(requested(transfer)).is_in(Phase::Transfer).goes_on();
    }
    journey.feed(progress(5, 512)).feed(complete(5)).is_in(Phase::Write);
    assert_eq!(journey.phases().iter().filter(|phase| **phase == Phase::Transfer).count(), 1);
}

#[test]
fn an_error_and_then_a_new_request_is_no_failure() {
    let mut journey = Journey::transferring();
    journey.feed(progress(1, 51_200)).feed(peer_error(1)).feed(broken(1)).wait_secs(9).goes_on();
    journey.feed(requested(2)).wait_secs(60).goes_on();
    assert_eq!(journey.transfer().bytes, 0, "it starts over");
    journey.feed(progress(2, BYTES)).feed(complete(2)).is_in(Phase::Write);
}

#[test]
fn an_error_and_then_nothing_is_a_refused_file_with_the_bytes_that_were_sent() {
    let mut journey = Journey::transferring();
    journey.feed(progress(1, 51_200)).feed(peer_error(1)).feed(broken(1)).wait_secs(29).asks(&[]);
    journey.wait_secs(1).once_more().feed(peer_error(9)).feed(broken(9)).wait_secs(29).goes_on();
    let seen = journey.wait_secs(1).ends(FailureCode::PhoneRefusedFile);
    for part in ["error 0", "undefined error", "51200", "2600000"] {
        assert!(seen.contains(part), "{part} in {seen}");
    }
}

#[test]
fn silence_in_the_middle_is_a_broken_transfer() {
    let mut journey = Journey::transferring();
    journey.feed(progress(1, 51_200)).wait_secs(60).goes_on();
    journey.feed(broken(1)).wait_secs(4).asks(&[]).wait_secs(1).once_more();
    let seen = journey.feed(broken(9)).wait_secs(5).ends(FailureCode::PhoneTransferBroke);
    assert!(seen.contains("silent") && seen.contains("51200"), "{seen}");
}

#[test]
fn what_broke_once_may_work_the_second_time() {
    let mut journey = Journey::transferring();
    journey.feed(progress(1, 51_200)).feed(broken(1)).wait_secs(5).once_more();
    journey.feed(complete(9)).is_in(Phase::Write);
}

#[test]
fn the_last_byte_counts_also_when_its_receipt_was_never_seen() {
    let mut journey = Journey::transferring();
    journey.feed(progress(1, BYTES - 512)).feed(complete(1)).is_in(Phase::Write);
    assert_eq!(journey.transfer().bytes, BYTES);
}

/// A client that repeats its request takes the answer that came first, and says ERROR 5 to
/// the others (RFC 1350, 4).
#[test]
fn the_transfer_that_moves_counts_and_not_the_one_that_was_asked_for_last() {
    let mut journey = Journey::transferring();
    journey.feed(requested(2)).feed(progress(1, 51_200));
    assert_eq!(journey.transfer().bytes, 51_200);
    journey.feed(peer_error(2)).feed(broken(2)).wait_secs(30).goes_on();
    journey.feed(progress(1, BYTES)).feed(complete(1)).is_in(Phase::Write);
}

#[test]
fn a_transfer_that_goes_on_after_another_one_broke_is_not_cut_off() {
    let mut journey = Journey::transferring();
    journey.feed(requested(2)).feed(peer_error(2)).feed(broken(2));
    journey.wait_secs(1).feed(progress(1, 51_200)).wait_secs(30).goes_on();
    journey.feed(complete(1)).is_in(Phase::Write);
}

/// An old transfer that lacked only its last receipt ends by itself half a minute later: the
/// phone that asked again meanwhile does not have the file.
#[test]
fn an_old_transfer_does_not_end_one_that_moves() {
    let mut journey = Journey::transferring();
    journey.feed(progress(1, BYTES - 512)).feed(requested(2)).feed(progress(2, 51_200));
    journey.feed(complete(1)).is_in(Phase::Transfer);
    assert_eq!(journey.transfer().bytes, 51_200);
    journey.feed(complete(2)).is_in(Phase::Write);
}

#[test]
fn an_old_transfer_ends_one_that_never_moved() {
    let mut journey = Journey::transferring();
    journey.feed(progress(1, BYTES - 512)).feed(requested(2)).feed(complete(1)).is_in(Phase::Write);
}

#[test]
fn a_complete_file_ends_the_wait_after_a_broken_one() {
    let mut journey = Journey::transferring();
    journey.feed(broken(1)).wait_secs(3).feed(requested(2)).feed(complete(2)).is_in(Phase::Write);
    journey.wait_secs(100).goes_on();
}

/// The phone started again without its last receipt, and the server still waits for it.
#[test]
fn a_phone_that_is_back_without_its_last_receipt_has_the_file() {
    for left in [0, 300, 512, 65_464] {
        let mut journey = Journey::transferring();
        journey.feed(progress(1, BYTES - left)).asks(&[]).wait_secs(1).asks(&["look after 0ns"]);
        journey.feed(dark()).asks(&[]).is_in(Phase::Transfer);
        journey.wait_secs(1).asks(&["look after 0ns"]);
        journey.feed(normal()).asks(&["log in after 0ns"]);
        assert!(journey.phases().ends_with(&[Phase::Transfer, Phase::Write, Phase::Restart, Phase::Verify]));
        // What the server says of it later changes nothing.
        journey.feed(broken(1)).feed(complete(1)).wait_secs(60).goes_on().is_in(Phase::Verify);
    }
}

#[test]
fn a_phone_that_still_reads_is_not_looked_at() {
    let mut journey = Journey::transferring();
    journey.feed(progress(1, BYTES - 65_465)).wait_secs(60).asks(&[]);
    for left in (0..10).rev() {
        journey.wait(Duration::from_millis(900)).feed(progress(1, BYTES - left * 512)).asks(&[]);
    }
    journey.feed(complete(1)).asks(&["look after 1s"]);
}

#[test]
fn a_small_file_of_which_nothing_was_taken_is_not_almost_there() {
    let mut journey = Journey::begin(Plan::default());
    journey
        .feed(Event::Inspected(Ok(firmware("57i.st", 5_000))))
        .feed(page(FORM))
        .feed(served())
        .feed(taken());
    let name = "57i.st".into();
    journey.feed(Event::File(FileEvent::Requested {
        transfer: 1,
        protocol: Protocol::Tftp,
        name,
        total: 5_000,
    }));
    journey.wait_secs(60).asks(&[]).goes_on();
}

#[test]
fn an_error_in_the_last_block_is_still_a_refused_file() {
    let mut journey = Journey::transferring();
    journey.feed(progress(1, BYTES - 512)).feed(peer_error(1)).feed(broken(1));
    for _ in 0..29 {
        journey.wait_secs(1).feed(recovery());
    }
    journey.goes_on().wait_secs(1).once_more().feed(peer_error(9)).feed(broken(9)).wait_secs(30);
    journey.ends(FailureCode::PhoneRefusedFile);
}

#[test]
fn a_look_of_an_earlier_stage_is_not_one_at_the_tail() {
    let mut journey = Journey::sending();
    journey.feed(refused()).asks(&["look after 2.5s"]);
    journey.feed(requested(1)).feed(progress(1, BYTES - 512)).feed(normal()).asks(&[]).is_in(Phase::Transfer);
    journey.wait_secs(1).asks(&["look after 0ns"]);
}

#[test]
fn an_upload_is_not_disturbed_by_looks() {
    let mut journey = Journey::sending();
    let name = "57i.st".into();
    let transfer = u64::MAX;
    journey.feed(Event::File(FileEvent::Requested {
        transfer,
        protocol: Protocol::Upload,
        name,
        total: BYTES,
    }));
    journey.feed(progress(transfer, BYTES)).wait_secs(60).asks(&[]);
}

/// A new firmware compares itself with ours when it starts, or a loader reads the file twice.
#[test]
fn a_phone_that_has_the_file_and_asks_again_in_vain_is_waited_for_and_sent_nothing() {
    let mut journey = Journey::writing();
    journey.feed(dark()).feed(requested(2)).feed(progress(2, 512)).feed(peer_error(2)).feed(broken(2));
    journey.wait_secs(1).asks(&["look after 1s"]).goes_on();
    journey.feed(normal()).asks(&["log in after 0ns"]).is_in(Phase::Verify);
}

#[test]
fn a_phone_that_starts_and_leaves_its_second_request_where_it_is_is_back() {
    let mut journey = Journey::writing();
    journey.feed(dark()).feed(requested(2)).asks(&["look after 1s"]).feed(progress(2, 65_536));
    journey.wait_secs(1).feed(dark()).asks(&["look after 1s"]);
    journey.wait_secs(1).feed(normal()).asks(&["log in after 0ns"]).is_in(Phase::Verify);
}

#[test]
fn asking_again_does_not_make_the_wait_longer() {
    let mut journey = Journey::writing();
    for transfer in 2..12 {
        journey.wait_secs(59).feed(requested(transfer)).feed(broken(transfer)).wait_secs(1);
    }
    let seen = journey.feed(dark()).ends(FailureCode::PhoneDidNotReturn);
    assert!(seen.contains("600 s"), "{seen}");
}

#[test]
fn a_file_that_is_read_twice_is_written_after_the_second_time() {
    let mut journey = Journey::writing();
    journey.wait_secs(500).feed(requested(2)).feed(complete(2)).asks(&["look after 1s"]);
    journey.wait_secs(300).feed(recovery()).goes_on();
}

fn by_http(event: Event) -> Event {
    match event {
        Event::File(FileEvent::Requested { transfer, name, total, .. }) => {
            Event::File(FileEvent::Requested { transfer, protocol: Protocol::Http, name, total })
        }
        other => other,
    }
}

/// A loader that reads the header, hangs up, erases its flash, and reads the file then.
#[test]
fn a_phone_that_hangs_up_may_come_back_half_a_minute_later() {
    let mut journey = Journey::sending();
    journey.feed(taken()).feed(by_http(requested(1))).feed(progress(1, 4_096)).feed(broken(1));
    journey.wait_secs(29).goes_on();
    journey.feed(by_http(requested(2))).feed(complete(2)).is_in(Phase::Write);
}

#[test]
fn a_connection_that_ends_badly_after_the_last_byte_is_a_doubt_that_the_phone_clears_up() {
    let in_doubt = || {
        let mut journey = Journey::sending();
        journey.feed(taken()).feed(by_http(requested(1))).feed(progress(1, BYTES)).feed(broken(1));
        journey.asks(&["look after 1s"]).is_in(Phase::Write);
        journey
    };
    let mut gone = in_doubt();
    gone.feed(recovery()).feed(dark()).wait_secs(120).feed(normal()).asks(&["log in after 0ns"]);
    let mut idle = in_doubt();
    idle.feed(recovery()).wait_secs(59).feed(recovery()).goes_on();
    idle.wait_secs(1).feed(recovery()).once_more().feed(broken(9)).wait_secs(30);
    let seen = idle.ends(FailureCode::PhoneTransferBroke);
    assert!(seen.contains("2600000 of 2600000"), "{seen}");
}

/// A phone that checks the whole file says so behind its last ACK (domain.md 3.3).
#[test]
fn c14_an_error_behind_the_last_byte_is_a_refused_file_unless_the_phone_restarts() {
    let mut believed = Journey::writing();
    believed.feed(peer_error(1)).goes_on();
    believed.wait_secs(29).feed(recovery()).asks(&["look after 1s"]);
    believed.wait_secs(1).feed(recovery()).once_more().feed(peer_error(9)).feed(broken(9)).wait_secs(30);
    let seen = believed.ends(FailureCode::PhoneRefusedFile);
    assert!(seen.contains("undefined error") && seen.contains("the last of 2600000 bytes"), "{seen}");
    let mut restarted = Journey::writing();
    restarted.feed(peer_error(1)).feed(dark()).wait_secs(60).feed(normal()).asks(&["log in after 0ns"]);
}

#[test]
fn what_a_phone_says_to_a_copy_of_its_request_is_not_about_its_file() {
    let mut journey = Journey::writing();
    journey.feed(peer_error(2)).wait_secs(29).feed(recovery()).wait_secs(30).feed(recovery());
    journey.asks(&["look after 1s"]).is_in(Phase::Write).goes_on();
}
