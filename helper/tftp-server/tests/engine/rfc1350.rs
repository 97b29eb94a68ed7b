//! RFC 1350 and section 4.2.3 of RFC 1123, rule by rule.

use std::io;
use std::time::Duration;

use tftp_server::machine::StopReason;
use tftp_server::packet::foreign_tid_answer;
use tftp_server::{AbandonReason, Content, ErrorCode, EventKind, OptionPolicy, RepeatCause, Timing};

use crate::rig::{Bytes, Pattern, Rig, Sent, ack, error, numbers, rrq, seconds};

#[test]
fn rfc1350_2_each_block_is_512_bytes_and_waits_for_its_ack() {
    let mut rig = Rig::plain(1200);
    assert_eq!(rig.sent(), [Sent::Data(1, Pattern(1200).bytes()[..512].to_vec())]);
    assert_eq!(rig.feed(&ack(1)), [Sent::Data(2, Pattern(1200).bytes()[512..1024].to_vec())]);
    assert_eq!(rig.feed(&ack(2)), [Sent::Data(3, Pattern(1200).bytes()[1024..].to_vec())]);
    assert_eq!(rig.feed(&ack(3)), []);
    assert!(rig.transfer.is_over());
}

#[test]
fn rfc1350_6_an_exact_multiple_ends_with_an_empty_block() {
    for (length, blocks) in [(0, 1), (511, 1), (512, 2), (513, 2), (1024, 3)] {
        let mut rig = Rig::plain(length);
        let mut count = 0;
        let mut sent = rig.sent();
        while let [Sent::Data(block, bytes)] = &sent[..] {
            count += 1;
            assert_eq!(*block, count);
            assert_eq!(bytes.len() < 512, count == blocks, "length {length}, block {block}");
            sent = rig.feed(&ack(count));
        }
        assert_eq!(count, blocks);
        assert_eq!(rig.events().last(), Some(&EventKind::Finished { bytes: length, confirmed: true }));
    }
}

#[test]
fn rfc1350_6_the_last_block_is_sent_again_until_its_ack_comes() {
    let mut rig = Rig::plain(600);
    rig.sent();
    let last = rig.feed(&ack(1));
    assert_eq!(numbers(&last), [2]);
    assert_eq!(rig.wait(seconds(3)), last);
    assert_eq!(rig.wait(seconds(6)), last);
    assert_eq!(rig.feed(&ack(2)), []);
    assert_eq!(rig.wait(seconds(100)), [], "and not after it");
    assert_eq!(rig.events().last(), Some(&EventKind::Finished { bytes: 600, confirmed: true }));
}

#[test]
fn rfc1350_7_our_own_error_is_sent_once_and_an_answer_to_it_is_ignored() {
    let mut rig = Rig::plain(5000);
    rig.sent();
    assert!(matches!(&rig.stop(StopReason::ShutDown)[..], [Sent::Error(0, _)]));
    assert_eq!(rig.feed(&ack(1)), []);
    assert_eq!(rig.feed(&error(4, "what")), []);
    assert_eq!(rig.wait(seconds(100)), []);
}

#[test]
fn rfc1350_4_a_foreign_tid_gets_error_5_and_an_error_gets_nothing() {
    let answer = foreign_tid_answer(&ack(1)).unwrap();
    assert_eq!(Sent::parse(&answer), Sent::Error(5, "unknown transfer id".into()));
    assert!(foreign_tid_answer(&rrq("x", "octet", &[])).is_some());
    assert_eq!(foreign_tid_answer(&error(5, "unknown")), None);
    assert_eq!(foreign_tid_answer(b"garbage"), None);
}

#[test]
fn rfc1350_7_an_error_ends_the_transfer_and_is_never_answered() {
    let mut rig = Rig::plain(5000);
    rig.sent();
    rig.feed(&ack(1));
    rig.events();
    assert_eq!(rig.feed(&error(0, "undefined error")), []);
    assert!(rig.transfer.is_over());
    let events = rig.events();
    assert_eq!(
        events,
        [
            EventKind::PeerError {
                code: ErrorCode::Undefined,
                text: "undefined error".into(),
                raw: b"undefined error".to_vec(),
            },
            EventKind::Abandoned { reason: AbandonReason::Refused { code: ErrorCode::Undefined } },
        ]
    );
    assert_eq!(rig.feed(&ack(2)), []);
    assert_eq!(rig.wait(seconds(500)), []);
}

#[test]
fn an_error_without_a_last_nul_or_with_an_unknown_code_is_told_as_sent() {
    let mut rig = Rig::plain(5000);
    rig.feed(&[0, 5, 0x12, 0x34, b'f', b'l', b'a', b's', b'h', 0xff]);
    let told = EventKind::PeerError {
        code: ErrorCode::Other(0x1234),
        text: "flash\u{fffd}".into(),
        raw: b"flash\xff".to_vec(),
    };
    assert!(rig.events().contains(&told));
}

#[test]
fn rfc1123_4_2_3_1_a_duplicate_ack_never_sends_data() {
    let mut rig = Rig::plain(5000);
    rig.sent();
    assert_eq!(numbers(&rig.feed(&ack(1))), [2]);
    for _ in 0..100 {
        assert_eq!(rig.feed(&ack(1)), []);
        assert_eq!(rig.feed(&ack(0)), []);
        rig.now += Duration::from_millis(20);
    }
    assert_eq!(numbers(&rig.feed(&ack(2))), [3]);
}

#[test]
fn acks_from_the_past_and_the_future_are_ignored() {
    let mut rig = Rig::plain(50_000);
    rig.sent();
    for block in 1..=10 {
        rig.feed(&ack(block));
    }
    for number in (0..=9).chain([12, 13, 500, 32_767, 32_768, 65_535]) {
        assert_eq!(rig.feed(&ack(number)), [], "ACK {number}");
    }
    assert_eq!(numbers(&rig.feed(&ack(11))), [12]);
}

#[test]
fn rfc1123_4_2_3_2_resends_back_off_and_start_small_again_after_progress() {
    let mut rig = Rig::plain(5000);
    rig.sent();
    rig.wait(seconds(3) - Duration::from_millis(1));
    assert_eq!(rig.sent(), []);
    let mut times = Vec::new();
    let start = rig.now;
    for _ in 0..30_000 {
        if !rig.wait(Duration::from_millis(1)).is_empty() {
            times.push((rig.now - start).as_millis());
        }
    }
    assert_eq!(times, [1, 6001, 12_001, 18_001, 24_001], "3 s, then 6 s each");
    rig.feed(&ack(1));
    rig.wait(seconds(3) - Duration::from_millis(1));
    assert_eq!(rig.sent(), []);
    assert_eq!(numbers(&rig.wait(Duration::from_millis(2))), [2]);
}

#[test]
fn rfc1123_4_2_3_2_the_wait_adapts_to_a_slow_peer() {
    let mut rig = Rig::plain(500_000);
    rig.sent();
    // Each ACK takes 4 s: at first that is over the wait, then it is expected.
    let mut resent = 0;
    for block in 1..=40 {
        resent = rig.wait(seconds(4)).len();
        rig.feed(&ack(block));
    }
    assert!(resent <= 1);
    rig.events();
    let mut quick = Rig::plain(500_000);
    quick.sent();
    let mut late = 0;
    for block in 1..=40 {
        late += quick.wait(Duration::from_millis(2900)).len();
        quick.feed(&ack(block));
    }
    assert_eq!(late, 0, "an ACK after 2.9 s is in time for a lock-step client");
}

/// Whatever times are asked for: no sum overflows, and no resend comes without a pause.
#[test]
fn timings_out_of_bounds_are_brought_into_them() {
    let all = |time: Duration| {
        let mut timing = Timing::default();
        timing.resend = time;
        timing.resend_with_options = time;
        timing.resend_most = time;
        timing.silence = time;
        timing.stall = time;
        timing.last_ack = time;
        timing.progress = time;
        timing
    };
    let policy = OptionPolicy::default();
    let mut endless = Rig::with(Pattern(5000), "octet", &[], &policy, all(Duration::MAX));
    endless.feed(&ack(1));
    assert_eq!(endless.wait(seconds(24 * 3600 - 1)), []);
    assert_eq!(numbers(&endless.feed(&ack(2))), [3]);
    let mut hasty = Rig::with(Pattern(5000), "octet", &[], &policy, all(Duration::ZERO));
    let due = hasty.transfer.deadline().unwrap() - hasty.now;
    assert_eq!(due, Duration::from_millis(10));
    hasty.wait(seconds(1));
    assert!(hasty.transfer.is_over());
    // Resends alone do not fill a second.
    let mut timing = Timing::default();
    (timing.resend, timing.resend_most) = (Duration::ZERO, Duration::ZERO);
    let mut hasty = Rig::with(Pattern(5000), "octet", &[], &policy, timing);
    hasty.sent();
    assert!(hasty.wait(seconds(1)).len() <= 100);
}

#[test]
fn silence_after_block_n_is_given_up_after_60_s_and_says_n() {
    let mut rig = Rig::plain(5000);
    rig.feed(&ack(1));
    rig.feed(&ack(2));
    rig.events();
    rig.wait(seconds(59));
    assert!(!rig.transfer.is_over());
    rig.wait(seconds(2));
    assert!(rig.transfer.is_over());
    assert_eq!(
        rig.events().last(),
        Some(&EventKind::Abandoned { reason: AbandonReason::Silent { after_block: 2 } })
    );
}

#[test]
fn a_client_that_only_repeats_itself_is_given_up_at_last() {
    let mut rig = Rig::plain(5000);
    rig.feed(&ack(1));
    for _ in 0..35 {
        rig.feed(&ack(1));
        rig.wait(seconds(5));
    }
    assert!(!rig.transfer.is_over());
    rig.feed(&ack(1));
    rig.wait(seconds(6));
    assert_eq!(
        rig.events().last(),
        Some(&EventKind::Abandoned { reason: AbandonReason::Stalled { after_block: 1 } })
    );
}

#[test]
fn the_block_number_wraps_to_0_after_65535() {
    let length = 512 * 65_537 + 7;
    let mut rig = Rig::plain(length);
    rig.sent();
    for block in 1..=65_534_u16 {
        rig.feed(&ack(block));
    }
    assert_eq!(numbers(&rig.feed(&ack(65_535))), [0]);
    assert_eq!(rig.feed(&ack(65_535)), [], "a duplicate right at the wrap");
    assert_eq!(numbers(&rig.feed(&ack(0))), [1]);
    assert_eq!(rig.feed(&ack(0)), []);
    let Sent::Data(2, tail) = &rig.feed(&ack(1))[0] else { panic!() };
    assert_eq!(tail, &Pattern(length).bytes()[512 * 65_537..]);
    rig.feed(&ack(2));
    assert_eq!(rig.events().last(), Some(&EventKind::Finished { bytes: length, confirmed: true }));
}

#[test]
fn rfc1350_1_netascii_converts_line_ends_across_block_borders() {
    let text = b"a\nb\r\nc\r".repeat(300);
    let expected: Vec<u8> = text
        .iter()
        .flat_map(|byte| match byte {
            b'\n' => b"\r\n".to_vec(),
            b'\r' => b"\r\0".to_vec(),
            other => vec![*other],
        })
        .collect();
    let mut rig = Rig::new(Bytes(text.clone()), "NetASCII", &[]);
    assert_eq!(rig.fetch(), expected);
    assert_eq!(rig.events().last(), Some(&EventKind::Finished { bytes: text.len() as u64, confirmed: true }));
    for extra in 0..40 {
        let text = [vec![b'x'; 500 + extra], b"\r\n\n\n".to_vec()].concat();
        let mut rig = Rig::new(Bytes(text), "netascii", &[("blksize", "8"), ("windowsize", "3")]);
        let file = rig.fetch();
        assert!(file.ends_with(b"\r\0\r\n\r\n\r\n"));
        assert_eq!(file.len(), 500 + extra + 8);
    }
}

#[test]
fn rfc1350_1_netascii_blocks_can_be_sent_again() {
    let text = b"line\nline\rline".repeat(100);
    let mut rig = Rig::new(Bytes(text), "netascii", &[]);
    let first = rig.sent();
    assert_eq!(rig.wait(seconds(3)), first);
    let second = rig.feed(&ack(1));
    assert_eq!(rig.wait(seconds(6)), second);
    assert_eq!(rig.start_over(), first);
}

#[test]
fn cancelling_is_immediate_and_tells_the_peer() {
    let mut rig = Rig::plain(5000);
    rig.feed(&ack(1));
    assert_eq!(rig.stop(StopReason::Cancelled), [Sent::Error(0, "cancelled by the server".into())]);
    assert!(rig.transfer.is_over());
    assert_eq!(rig.events().last(), Some(&EventKind::Abandoned { reason: AbandonReason::Cancelled }));
    assert_eq!(rig.feed(&ack(2)), []);
}

/// A file that shrinks, or breaks, while it is sent.
struct Broken(u64);

impl Content for Broken {
    fn len(&self) -> u64 {
        5000
    }

    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        if offset >= self.0 { Ok(0) } else { Pattern(self.0).read_at(offset, buffer) }
    }
}

#[test]
fn a_file_that_shrinks_ends_in_an_error_and_never_in_a_short_file() {
    let mut rig = Rig::new(Broken(1000), "octet", &[]);
    rig.sent();
    assert_eq!(rig.feed(&ack(1)), [Sent::Error(0, "the file cannot be read".into())]);
    assert!(matches!(
        rig.events().last(),
        Some(EventKind::Abandoned { reason: AbandonReason::Unreadable { .. } })
    ));
}

#[test]
fn progress_is_told_at_most_every_100_ms_and_always_at_the_end() {
    let mut rig = Rig::plain(512 * 1000);
    rig.sent();
    for block in 1..=1001 {
        rig.now += Duration::from_millis(1);
        rig.feed(&ack(block));
    }
    let events = rig.events();
    let progress: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            EventKind::Progress { acknowledged, total: 512_000 } => Some(*acknowledged),
            _ => None,
        })
        .collect();
    assert!((10..=13).contains(&progress.len()), "{progress:?}");
    assert!(progress.is_sorted());
    assert_eq!(progress.last(), Some(&512_000));
    assert!(matches!(events[events.len() - 2], EventKind::Progress { .. }));
}

#[test]
fn progress_that_was_held_back_is_told_when_the_client_pauses() {
    let mut rig = Rig::plain(5000);
    rig.feed(&ack(1));
    rig.feed(&ack(2));
    rig.events();
    rig.wait(Duration::from_millis(100));
    assert_eq!(rig.events(), [EventKind::Progress { acknowledged: 1024, total: 5000 }]);
}

#[test]
fn a_resend_is_told_with_its_block_and_count() {
    let mut rig = Rig::plain(5000);
    rig.feed(&ack(1));
    rig.events();
    rig.wait(seconds(10));
    let repeats: Vec<_> =
        rig.events().into_iter().filter(|event| matches!(event, EventKind::Repeat { .. })).collect();
    let repeat = |count| EventKind::Repeat { cause: RepeatCause::Silence, block: 2, count };
    assert_eq!(repeats, [repeat(1), repeat(2)]);
}
