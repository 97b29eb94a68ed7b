//! The peculiarities of the clients that phones have, one by one.

use tftp_server::machine::StopReason;
use tftp_server::{AbandonReason, ErrorCode, EventKind, RepeatCause};

use crate::rig::{Pattern, Rig, Sent, ack, numbers, seconds};

#[test]
fn a_client_that_stops_for_20_s_while_it_writes_flash_survives() {
    let mut rig = Rig::plain(10_000);
    rig.sent();
    for block in 1..=10 {
        rig.feed(&ack(block));
    }
    let resent = rig.wait(seconds(20));
    assert!(resent.len() <= 4, "{}", resent.len());
    assert!(numbers(&resent).iter().all(|&block| block == 11), "nothing but the block that is due");
    for block in 11..=20 {
        rig.feed(&ack(block));
    }
    assert!(matches!(rig.events().last(), Some(EventKind::Finished { confirmed: true, .. })));
}

#[test]
fn a_pause_of_59_s_is_survived_as_well() {
    let mut rig = Rig::plain(10_000);
    rig.feed(&ack(1));
    rig.wait(seconds(59));
    assert_eq!(numbers(&rig.feed(&ack(2))), [3]);
}

#[test]
fn a_vxworks_client_that_repeats_its_ack_every_5_s_gets_no_flood() {
    let mut rig = Rig::plain(10_000);
    rig.feed(&ack(1));
    let mut resent = 0;
    for _ in 0..4 {
        resent += rig.wait(seconds(5)).len();
        resent += rig.feed(&ack(1)).len();
    }
    assert!((3..=4).contains(&resent), "only the timer resends: {resent}");
}

#[test]
fn the_last_ack_that_never_comes_is_no_failure() {
    let mut rig = Rig::plain(1000);
    rig.feed(&ack(1));
    rig.wait(seconds(29));
    assert!(!rig.transfer.is_over());
    rig.wait(seconds(2));
    assert_eq!(rig.events().last(), Some(&EventKind::Finished { bytes: 1000, confirmed: false }));
}

#[test]
fn a_last_ack_after_a_flash_write_of_20_s_still_counts() {
    let mut rig = Rig::plain(1000);
    rig.feed(&ack(1));
    rig.wait(seconds(20));
    rig.feed(&ack(2));
    assert_eq!(rig.events().last(), Some(&EventKind::Finished { bytes: 1000, confirmed: true }));
}

#[test]
fn a_client_that_never_answered_is_silent_and_not_finished() {
    let mut rig = Rig::plain(100);
    rig.wait(seconds(61));
    assert_eq!(
        rig.events().last(),
        Some(&EventKind::Abandoned { reason: AbandonReason::Silent { after_block: 0 } })
    );
}

/// Nothing but the file's own blocks proves that it came: an ACK of the OACK does not.
#[test]
fn a_file_of_one_window_of_which_nothing_was_acknowledged_is_not_finished() {
    let options = [("blksize", "1000"), ("windowsize", "16")];
    for options in [&options[..], &options[..1], &[]] {
        let greeted = |length| {
            let mut rig = Rig::new(Pattern(length), "octet", options);
            rig.feed(&ack(0));
            rig
        };
        let mut rig = greeted(400);
        rig.wait(seconds(100));
        let silent = EventKind::Abandoned { reason: AbandonReason::Silent { after_block: 0 } };
        assert_eq!(rig.events().last(), Some(&silent), "{options:?}");
        let mut rig = greeted(400);
        rig.stop(StopReason::Superseded);
        let superseded = EventKind::Abandoned { reason: AbandonReason::Superseded };
        assert_eq!(rig.events().last(), Some(&superseded), "{options:?}");
        let mut rig = greeted(400);
        rig.feed(&ack(1));
        assert_eq!(rig.events().last(), Some(&EventKind::Finished { bytes: 400, confirmed: true }));
    }
}

/// A server that is there before, during and long after the click sees the request again and
/// again, and each one is served from the start.
#[test]
fn c05_a_request_that_comes_again_for_minutes_is_served_each_time() {
    let mut rig = Rig::plain(10_000);
    let first = rig.sent();
    for _ in 0..36 {
        rig.wait(seconds(5));
        assert_eq!(rig.start_over(), first);
        assert!(!rig.transfer.is_over());
    }
    assert_eq!(numbers(&rig.feed(&ack(1))), [2]);
}

/// "Peer returns error - undefined error": with the bytes that it had by then.
#[test]
fn c14_the_phones_own_error_is_told_with_its_text_and_the_bytes_before_it() {
    let mut rig = Rig::plain(10_000);
    for block in 1..=3 {
        rig.feed(&ack(block));
    }
    rig.feed(b"\0\x05\0\0undefined error\0");
    let events = rig.events();
    let [.., progress, said, ended] = &events[..] else { panic!("{events:?}") };
    assert_eq!(*progress, EventKind::Progress { acknowledged: 1536, total: 10_000 });
    let (code, text) = (ErrorCode::Undefined, "undefined error");
    assert_eq!(*said, EventKind::PeerError { code, text: text.into(), raw: text.into() });
    assert_eq!(*ended, EventKind::Abandoned { reason: AbandonReason::Refused { code } });
}

#[test]
fn packets_that_can_never_be_sent_end_the_transfer_with_an_error() {
    let mut rig = Rig::new(Pattern(100_000), "octet", &[("blksize", "65464")]);
    rig.feed(&ack(0));
    assert_eq!(
        rig.unsendable("message too long"),
        [Sent::Error(0, "the packets cannot be sent, ask for smaller blocks".into())]
    );
    let reason = AbandonReason::Unsendable { detail: "message too long".into() };
    assert_eq!(rig.events().last(), Some(&EventKind::Abandoned { reason }));
    assert_eq!(rig.unsendable("again"), [], "it has ended");
}

#[test]
fn a_repeated_request_starts_over_at_once() {
    let mut rig = Rig::plain(10_000);
    let first = rig.sent();
    rig.wait(seconds(1));
    assert_eq!(rig.start_over(), first);
    for block in 1..=7 {
        rig.feed(&ack(block));
    }
    rig.wait(seconds(1));
    rig.events();
    assert_eq!(rig.start_over(), first);
    assert_eq!(rig.events(), [EventKind::Repeat { cause: RepeatCause::Request, block: 1, count: 2 }]);
    assert_eq!(rig.feed(&ack(7)), [], "an ACK from before");
    let mut file = first;
    for block in 1..=20 {
        file.extend(rig.feed(&ack(block)));
    }
    let bytes: Vec<u8> = file
        .into_iter()
        .flat_map(|packet| match packet {
            Sent::Data(_, bytes) => bytes,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(bytes, Pattern(10_000).bytes());
}

#[test]
fn a_second_copy_of_a_request_causes_no_second_copy_of_the_answer() {
    let mut rig = Rig::plain(10_000);
    rig.sent();
    assert_eq!(rig.start_over(), []);
    assert_eq!(numbers(&rig.feed(&ack(1))), [2]);
    assert_eq!(rig.start_over(), [], "it may come behind the first ACK");
    assert_eq!(numbers(&rig.feed(&ack(2))), [3]);
}

#[test]
fn a_client_that_asks_again_at_once_and_waits_is_served_from_the_start() {
    let mut rig = Rig::plain(10_000);
    let first = rig.sent();
    rig.feed(&ack(1));
    assert_eq!(rig.start_over(), []);
    assert_eq!(rig.wait(seconds(1)), first);
}

#[test]
fn a_repeated_request_with_options_gets_its_oack_again() {
    let mut rig = Rig::new(Pattern(10_000), "octet", &[("tsize", "0")]);
    let oack = rig.sent();
    rig.feed(&ack(0));
    rig.feed(&ack(1));
    rig.wait(seconds(1));
    assert_eq!(rig.start_over(), oack);
    assert_eq!(numbers(&rig.feed(&ack(0))), [1]);
}

#[test]
fn a_client_that_asks_for_the_next_file_has_the_last_one() {
    let mut rig = Rig::plain(1000);
    rig.feed(&ack(1));
    assert_eq!(rig.stop(StopReason::Superseded), []);
    assert_eq!(rig.events().last(), Some(&EventKind::Finished { bytes: 1000, confirmed: false }));
    let mut rig = Rig::plain(10_000);
    rig.feed(&ack(1));
    rig.sent();
    assert_eq!(rig.stop(StopReason::Superseded), [], "an ERROR would end the new transfer");
    assert_eq!(rig.events().last(), Some(&EventKind::Abandoned { reason: AbandonReason::Superseded }));
}

#[test]
fn packets_that_have_no_business_in_a_transfer_change_nothing() {
    let mut rig = Rig::plain(10_000);
    rig.sent();
    for packet in [
        &b""[..],
        b"\0",
        b"\0\x04",
        b"\0\x04\0",
        b"\0\x01f\0octet\0",
        b"\0\x02f\0octet\0",
        b"\0\x03\0\x01data",
        b"\0\x06tsize\x000\0",
        b"\0\x07\0\x01",
        b"\xff\xff\xff\xff",
        b"\0\x05",
        b"\0\x05\0",
    ] {
        assert_eq!(rig.feed(packet), [], "{packet:?}");
        assert!(!rig.transfer.is_over());
    }
    assert_eq!(numbers(&rig.feed(b"\0\x04\0\x01and the rest of a buffer")), [2]);
}

#[test]
fn rfc1350_an_ack_0_without_an_oack_is_a_duplicate() {
    let mut rig = Rig::plain(10_000);
    rig.sent();
    assert_eq!(rig.feed(&ack(0)), []);
}
