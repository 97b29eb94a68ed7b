//! RFC 2347 (the OACK), 2348 (blksize) and 2349 (timeout, tsize); windows have a file of their
//! own.

use tftp_server::{AbandonReason, ErrorCode, EventKind, MAX_BLOCK_SIZE, Mode, OptionPolicy, Timing};

use crate::rig::{Bytes, Pattern, Rig, Sent, ack, error, numbers, rrq, seconds};

fn oack(sent: &[Sent]) -> Vec<(&str, &str)> {
    match sent {
        [Sent::Oack(options)] => options.iter().map(|(name, value)| (&name[..], &value[..])).collect(),
        other => panic!("no OACK: {other:?}"),
    }
}

#[track_caller]
fn agreed(asked: &[(&str, &str)], answered: &[(&str, &str)]) {
    let mut rig = Rig::new(Pattern(5000), "octet", asked);
    let sent = rig.sent();
    if answered.is_empty() {
        assert_eq!(numbers(&sent), [1], "no OACK for {asked:?}");
    } else {
        assert_eq!(oack(&sent), answered, "for {asked:?}");
        // DATA only after ACK 0.
        assert_eq!(rig.feed(&ack(1)), []);
        assert_eq!(numbers(&rig.feed(&ack(0)))[0], 1);
    }
}

#[test]
fn rfc2347_no_oack_without_options_in_the_request() {
    agreed(&[], &[]);
}

#[test]
fn rfc2347_options_are_answered_in_the_clients_order_and_spelling() {
    agreed(
        &[("TSIZE", "0"), ("BlkSize", "1428"), ("timeout", "6")],
        &[("TSIZE", "5000"), ("BlkSize", "1428"), ("timeout", "6")],
    );
}

#[test]
fn rfc2347_unknown_and_malformed_options_are_left_out() {
    agreed(&[("multicast", ""), ("x", "y"), ("blksize", "1000")], &[("blksize", "1000")]);
    for asked in [
        ("blksize", ""),
        ("blksize", "12x"),
        ("blksize", "-5"),
        ("blksize", "+512"),
        ("blksize", " 512"),
        ("blksize", "7"),
        ("blksize", "99999999999999999999999"),
        ("timeout", "0"),
        ("timeout", "256"),
        ("windowsize", "0"),
        ("tsize", "zero"),
        ("rollover", "1"),
    ] {
        agreed(&[asked], &[]);
    }
}

#[test]
fn rfc2347_the_first_of_two_equal_options_counts() {
    agreed(&[("blksize", "1000"), ("BLKSIZE", "1400")], &[("blksize", "1000")]);
    agreed(&[("blksize", "1000"), ("blksize", "1000")], &[("blksize", "1000")]);
}

#[test]
fn rfc2348_a_block_size_is_taken_as_asked_or_smaller() {
    agreed(&[("blksize", "8")], &[("blksize", "8")]);
    let most = OptionPolicy::default().max_block_size.unwrap();
    let text = most.to_string();
    agreed(&[("blksize", "65464")], &[("blksize", text.as_str())]);
    agreed(&[("blksize", "70000")], &[("blksize", text.as_str())]);
    let mut rig = Rig::new(Pattern(3000), "octet", &[("blksize", "1428")]);
    rig.sent();
    assert!(matches!(&rig.feed(&ack(0))[..], [Sent::Data(1, bytes)] if bytes.len() == 1428));
    assert!(matches!(&rig.feed(&ack(1))[..], [Sent::Data(2, bytes)] if bytes.len() == 1428));
    assert!(matches!(&rig.feed(&ack(2))[..], [Sent::Data(3, bytes)] if bytes.len() == 144));
}

#[test]
fn rfc2348_files_come_whole_in_any_block_size() {
    for size in [8, 511, 512, 1428, 8192, MAX_BLOCK_SIZE] {
        let size = size.to_string();
        let mut rig = Rig::new(Pattern(70_000), "octet", &[("blksize", &size)]);
        assert_eq!(rig.fetch(), Pattern(70_000).bytes());
    }
}

#[test]
fn rfc2349_tsize_is_the_length_and_left_out_in_netascii() {
    agreed(&[("tsize", "0")], &[("tsize", "5000")]);
    let mut rig = Rig::new(Bytes(b"a\n".to_vec()), "netascii", &[("tsize", "0")]);
    assert_eq!(rig.sent(), [Sent::Data(1, b"a\r\n".to_vec())]);
}

#[test]
fn rfc2349_the_clients_timeout_is_the_time_between_resends() {
    let mut rig = Rig::new(Pattern(5000), "octet", &[("timeout", "20")]);
    rig.sent();
    assert_eq!(rig.wait(seconds(19)), []);
    assert_eq!(rig.wait(seconds(1)).len(), 1);
    assert_eq!(rig.wait(seconds(19)), []);
    assert_eq!(rig.wait(seconds(1)).len(), 1, "no backoff: the client has chosen");
}

#[test]
fn rfc2349_a_timeout_of_1_s_to_255_s_is_agreed_to() {
    for timeout in ["1", "255"] {
        agreed(&[("timeout", timeout)], &[("timeout", timeout)]);
    }
    for timeout in ["0", "256", "65536"] {
        agreed(&[("timeout", timeout)], &[]);
    }
}

#[test]
fn rfc2349_a_long_timeout_stretches_the_patience() {
    let mut rig = Rig::new(Pattern(5000), "octet", &[("timeout", "255")]);
    rig.wait(seconds(700));
    assert!(!rig.transfer.is_over());
    rig.wait(seconds(100));
    assert!(rig.transfer.is_over());
}

#[test]
fn rfc2347_a_lost_oack_is_sent_again() {
    let mut rig = Rig::new(Pattern(5000), "octet", &[("tsize", "0")]);
    let first = rig.sent();
    assert_eq!(rig.wait(seconds(3)), first);
    assert_eq!(numbers(&rig.feed(&ack(0))), [1]);
    assert_eq!(rig.feed(&ack(0)), [], "ACK 0 twice sends block 1 once");
}

#[test]
fn rfc2347_error_8_ends_the_transfer() {
    let mut rig = Rig::new(Pattern(5000), "octet", &[("blksize", "1428")]);
    rig.sent();
    assert_eq!(rig.feed(&error(8, "no options please")), []);
    assert_eq!(
        rig.events().last(),
        Some(&EventKind::Abandoned { reason: AbandonReason::Refused { code: ErrorCode::OptionsRefused } })
    );
}

#[test]
fn each_option_can_be_refused_by_itself() {
    let all = [("blksize", "1000"), ("tsize", "0"), ("timeout", "5"), ("windowsize", "4")];
    let refused = |change: fn(&mut OptionPolicy)| {
        let mut policy = OptionPolicy::default();
        change(&mut policy);
        let mut rig = Rig::with(Pattern(10), "octet", &all, &policy, Timing::default());
        match &rig.sent()[..] {
            [Sent::Oack(options)] => options.iter().map(|(name, _)| name.clone()).collect(),
            _ => Vec::new(),
        }
    };
    assert_eq!(refused(|_| ()), ["blksize", "tsize", "timeout", "windowsize"]);
    assert_eq!(refused(|policy| policy.max_block_size = None), ["tsize", "timeout", "windowsize"]);
    assert_eq!(refused(|policy| policy.transfer_size = false), ["blksize", "timeout", "windowsize"]);
    assert_eq!(refused(|policy| policy.timeout = false), ["blksize", "tsize", "windowsize"]);
    assert_eq!(refused(|policy| policy.max_window = None), ["blksize", "tsize", "timeout"]);
    assert_eq!(refused(|policy| *policy = OptionPolicy::none()), [""; 0]);
}

#[test]
fn the_negotiated_terms_are_told() {
    let mut rig = Rig::new(Pattern(5000), "octet", &[("blksize", "1428"), ("timeout", "4")]);
    assert_eq!(
        rig.events(),
        [EventKind::Negotiated {
            block_size: 1428,
            window: 1,
            timeout: Some(seconds(4)),
            options: true,
            total: 5000,
            mode: Mode::Octet,
        }]
    );
}

#[test]
fn requests_are_read_tolerantly() {
    use tftp_server::{Direction, Request, RequestError};
    let read = |bytes: &[u8]| Request::parse(bytes).map(|(_, request)| request);
    let plain = read(&rrq("57i.st", "octet", &[])).unwrap().unwrap();
    assert_eq!((&plain.name[..], plain.mode, plain.options.len()), ("57i.st", Mode::Octet, 0));
    // A stray NUL after the request, many of them, a missing last one.
    for tail in [&b"\0\0"[..], b"\0\0\0\0\0\0", b""] {
        let packet = [b"\0\x0157i.st\0OcTeT", tail].concat();
        assert_eq!(read(&packet).unwrap().unwrap(), plain, "{packet:?}");
    }
    // An option without a value, a value without its NUL.
    assert_eq!(read(b"\0\x01f\0octet\0blksize").unwrap().unwrap().options.len(), 0);
    let open = read(b"\x00\x01f\x00octet\x00\x00blksize\x001400").unwrap().unwrap();
    assert_eq!(open.option("BLKSIZE").unwrap().value, "1400");
    assert_eq!(read(b"\0\x01"), Some(Err(RequestError::Malformed)));
    assert_eq!(read(b"\0\x01\0octet\0"), Some(Err(RequestError::Malformed)));
    assert_eq!(read(b"\0\x01name"), Some(Err(RequestError::Malformed)));
    assert_eq!(read(b"\0\x01name\0\0"), Some(Err(RequestError::Malformed)));
    assert_eq!(read(b"\0\x01name\0mail\0"), Some(Err(RequestError::UnknownMode)));
    assert_eq!(read(b"\0\x04\0\x01"), None);
    assert_eq!(read(b"\0"), None);
    assert_eq!(Request::parse(b"\0\x02f\0octet\0").unwrap().0, Direction::Write);
}
