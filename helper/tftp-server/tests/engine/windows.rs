//! RFC 7440: windows of several blocks.

use tftp_server::{EventKind, OptionPolicy, RepeatCause, Timing};

use crate::rig::{Pattern, Rig, Sent, ack, numbers, seconds};

fn windowed(length: u64, window: &str) -> Rig {
    let mut rig = Rig::new(Pattern(length), "octet", &[("windowsize", window)]);
    assert!(matches!(&rig.sent()[..], [Sent::Oack(_)]));
    rig
}

#[test]
fn rfc7440_4_a_window_goes_out_at_once_and_waits_for_one_ack() {
    let mut rig = windowed(5000, "4");
    assert_eq!(numbers(&rig.feed(&ack(0))), [1, 2, 3, 4]);
    assert_eq!(numbers(&rig.feed(&ack(4))), [5, 6, 7, 8]);
    assert_eq!(numbers(&rig.feed(&ack(8))), [9, 10]);
    assert_eq!(rig.feed(&ack(10)), []);
    assert!(rig.transfer.is_over());
}

#[test]
fn rfc7440_3_the_answer_is_at_most_what_was_asked() {
    for (asked, answered) in [("1", "1"), ("16", "16"), ("64", "64"), ("65535", "64"), ("99999", "64")] {
        let mut rig = Rig::new(Pattern(10), "octet", &[("windowsize", asked)]);
        assert_eq!(rig.sent(), [Sent::Oack(vec![("windowsize".into(), answered.into())])]);
    }
}

#[test]
fn rfc7440_4_an_ack_inside_the_window_begins_a_new_window_behind_it() {
    let mut rig = windowed(50_000, "4");
    rig.feed(&ack(0));
    rig.feed(&ack(4));
    rig.events();
    assert_eq!(numbers(&rig.feed(&ack(6))), [7, 8, 9, 10]);
    assert!(rig.events().contains(&EventKind::Repeat { cause: RepeatCause::Gap, block: 7, count: 1 }));
    assert_eq!(rig.feed(&ack(4)), [], "from the past");
    assert_eq!(rig.feed(&ack(11)), [], "from the future");
    assert_eq!(numbers(&rig.feed(&ack(10))), [11, 12, 13, 14]);
}

#[test]
fn rfc7440_a_lost_first_block_is_sent_again_once_for_many_duplicates() {
    let mut rig = windowed(500_000, "4");
    let trip = std::time::Duration::from_millis(20);
    rig.now += trip;
    rig.feed(&ack(0));
    for block in [4, 8, 12] {
        rig.now += trip;
        rig.feed(&ack(block));
    }
    // A copy of the ACK right behind it is no gap.
    assert_eq!(rig.feed(&ack(12)), []);
    rig.now += trip;
    assert_eq!(numbers(&rig.feed(&ack(12))), [13, 14, 15, 16]);
    for _ in 0..50 {
        rig.now += trip;
        assert_eq!(rig.feed(&ack(12)), [], "no apprentice");
    }
    assert_eq!(numbers(&rig.feed(&ack(16))), [17, 18, 19, 20]);
}

#[test]
fn rfc7440_a_silent_window_is_sent_again_whole() {
    let mut rig = windowed(50_000, "4");
    rig.now += std::time::Duration::from_millis(10);
    assert_eq!(numbers(&rig.feed(&ack(0))), [1, 2, 3, 4]);
    assert_eq!(numbers(&rig.wait(seconds(1))), [1, 2, 3, 4], "after 1 s: the client has options");
    assert_eq!(rig.wait(seconds(1)), []);
    assert_eq!(numbers(&rig.wait(seconds(1))), [1, 2, 3, 4], "then after 2 s");
}

#[test]
fn a_window_crosses_the_wrap() {
    let options = [("windowsize", "16"), ("blksize", "8")];
    let length = 8 * 65_600 + 3;
    let mut rig = Rig::new(Pattern(length), "octet", &options);
    assert_eq!(rig.fetch(), Pattern(length).bytes());
    assert!(matches!(rig.events().last(), Some(EventKind::Finished { confirmed: true, .. })));
}

#[test]
fn an_ack_inside_a_window_that_crosses_the_wrap() {
    let options = [("windowsize", "8"), ("blksize", "8")];
    let mut rig = Rig::new(Pattern(8 * 70_000), "octet", &options);
    rig.feed(&ack(0));
    for block in (8..65_528_u16).step_by(8) {
        rig.feed(&ack(block));
    }
    assert_eq!(numbers(&rig.feed(&ack(65_528))), [65_529, 65_530, 65_531, 65_532, 65_533, 65_534, 65_535, 0]);
    assert_eq!(numbers(&rig.feed(&ack(65_533))), [65_534, 65_535, 0, 1, 2, 3, 4, 5]);
    assert_eq!(numbers(&rig.feed(&ack(0)))[..2], [1, 2]);
}

#[test]
fn the_largest_window_and_block_are_sent_whole() {
    let mut policy = OptionPolicy::default();
    policy.max_window = Some(u16::MAX);
    let options = [("windowsize", "65535"), ("blksize", "65464"), ("tsize", "0")];
    let mut rig = Rig::with(Pattern(20_000_000), "octet", &options, &policy, Timing::default());
    assert!(matches!(&rig.sent()[..], [Sent::Oack(options)] if options[0].1 == "32767"));
    assert_eq!(rig.feed(&ack(0)).len(), 20_000_000 / 65_464 + 1);
}
