//! The listening port: who is served, what is refused, what a repeated request means.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tftp_server::machine::{Reception, ReceptionConfig, Verdict};
use tftp_server::{
    AbandonReason, Content, ErrorCode, EventKind, Memory, OptionPolicy, Peers, Refusal, RefusalReason,
    Request, RequestError, Source, Staged, Timing,
};

use crate::rig::{Sent, ack, error, rrq};

struct Desk {
    reception: Reception,
    now: Duration,
    events: Vec<EventKind>,
}

impl Desk {
    fn new(max_transfers: usize, peers: Peers) -> Self {
        Self::with(Staged::new("57i.st", Memory::new(vec![1; 5000])), max_transfers, peers)
    }

    fn with(source: impl Source + 'static, max_transfers: usize, peers: Peers) -> Self {
        let config = ReceptionConfig {
            max_transfers,
            peers,
            options: OptionPolicy::default(),
            timing: Timing::default(),
        };
        let reception = Reception::new(config, Arc::new(source));
        Self { reception, now: Duration::ZERO, events: Vec::new() }
    }

    fn take(&mut self, packet: &[u8], peer: SocketAddr) -> Verdict {
        let events = &mut self.events;
        self.reception.datagram(packet, peer, self.now, |event| events.push(event.kind))
    }

    fn refused(&mut self, packet: &[u8]) -> (Sent, RefusalReason) {
        self.events.clear();
        let Verdict::Answer { packet, .. } = self.take(packet, peer(1000)) else { panic!("not refused") };
        let Some(EventKind::Refused { why }) = self.events.pop() else { panic!("not told") };
        (Sent::parse(&packet), why)
    }
}

fn peer(port: u16) -> SocketAddr {
    ([192, 0, 2, 1], port).into()
}

#[test]
fn a_write_is_refused_with_error_2() {
    let mut desk = Desk::new(4, Peers::Any);
    let (answer, why) = desk.refused(b"\0\x0257i.st\0octet\0");
    assert_eq!(answer, Sent::Error(2, "this server is read-only".into()));
    assert_eq!(why, RefusalReason::Write);
    assert!(matches!(desk.refused(b"\0\x02").0, Sent::Error(2, _)));
    assert_eq!(desk.reception.running(), 0);
}

#[test]
fn another_name_is_refused_with_error_1_and_told_as_sent() {
    let mut desk = Desk::new(4, Peers::Any);
    let (answer, why) = desk.refused(&rrq("Aastra\\55i.st", "octet", &[]));
    assert_eq!(answer, Sent::Error(1, "file not found".into()));
    assert_eq!(why, RefusalReason::NotFound);
    assert!(matches!(&desk.events[..], [EventKind::Requested(request)] if request.name == "Aastra\\55i.st"));
}

#[test]
fn a_malformed_request_and_an_unknown_mode_are_refused_with_error_4() {
    let mut desk = Desk::new(4, Peers::Any);
    let (answer, why) = desk.refused(b"\0\x0157i.st");
    assert!(matches!(answer, Sent::Error(4, _)));
    assert_eq!(why, RefusalReason::Malformed(RequestError::Malformed));
    let (answer, why) = desk.refused(&rrq("57i.st", "mail", &[]));
    assert!(matches!(answer, Sent::Error(4, _)));
    assert_eq!(why, RefusalReason::Malformed(RequestError::UnknownMode));
}

#[test]
fn whatever_is_no_request_gets_no_answer() {
    let mut desk = Desk::new(4, Peers::Any);
    for packet in [&b""[..], b"\0", b"\0\x04\0\x01", b"\0\x05\0\0no\0", b"\0\x03\0\x01x", b"GET / HTTP/1.0"] {
        assert!(matches!(desk.take(packet, peer(1000)), Verdict::Ignore), "{packet:?}");
    }
    assert!(matches!(desk.take(&rrq("57i.st", "octet", &[]), peer(0)), Verdict::Ignore));
    assert!(desk.events.is_empty());
}

#[test]
fn a_stranger_gets_no_answer_but_is_told() {
    let phone: IpAddr = [192, 0, 2, 1].into();
    let mut desk = Desk::new(4, Peers::only(phone));
    let request = rrq("57i.st", "octet", &[]);
    assert!(matches!(desk.take(&request, ([192, 0, 2, 2], 1000).into()), Verdict::Ignore));
    assert_eq!(desk.events, [EventKind::Refused { why: RefusalReason::Stranger }]);
    assert!(matches!(desk.take(&request, peer(1000)), Verdict::Begin(..)));
    desk.reception.set_peers(Peers::Only([].into()));
    assert!(matches!(desk.take(&request, peer(1001)), Verdict::Ignore));
    let inside: IpAddr = "::ffff:192.0.2.1".parse().unwrap();
    desk.reception.set_peers(Peers::only(inside));
    assert!(matches!(desk.take(&request, peer(1002)), Verdict::Begin(..)), "IPv4 inside IPv6");
}

#[test]
fn one_transfer_too_many_is_refused_with_a_clear_error() {
    let mut desk = Desk::new(2, Peers::Any);
    let request = rrq("57i.st", "octet", &[]);
    let Verdict::Begin(first, _) = desk.take(&request, peer(2000)) else { panic!() };
    assert!(matches!(desk.take(&request, peer(2001)), Verdict::Begin(..)));
    let (answer, why) = desk.refused(&request);
    assert_eq!(answer, Sent::Error(0, "server is busy with 2 transfers, try again later".into()));
    assert_eq!(why, RefusalReason::Busy);
    // Those that run may still repeat themselves.
    assert!(matches!(desk.take(&request, peer(2001)), Verdict::StartOver(_)));
    desk.reception.ended(first, peer(2000));
    assert!(matches!(desk.take(&request, peer(2002)), Verdict::Begin(..)));
}

#[test]
fn the_same_request_from_the_same_tid_starts_over() {
    let mut desk = Desk::new(2, Peers::Any);
    let request = rrq("57i.st", "octet", &[]);
    let Verdict::Begin(id, _) = desk.take(&request, peer(2000)) else { panic!() };
    assert!(matches!(desk.take(&request, peer(2000)), Verdict::StartOver(again) if again == id));
    desk.reception.ended(id, peer(2000));
    assert!(matches!(desk.take(&request, peer(2000)), Verdict::Begin(new, _) if new != id));
}

#[test]
fn rfc2347_a_client_that_refuses_the_oack_asks_again_without_options() {
    let mut desk = Desk::new(2, Peers::Any);
    let with = rrq("57i.st", "octet", &[("blksize", "1428")]);
    let Verdict::Begin(old, mut transfer) = desk.take(&with, peer(2000)) else { panic!() };
    transfer.datagram(&error(8, "no options"), desk.now);
    assert!(transfer.is_over());
    // Its new request may overtake the end of the old transfer.
    let without = rrq("57i.st", "octet", &[]);
    let Verdict::Replace { old: ended, new, mut transfer } = desk.take(&without, peer(2000)) else {
        panic!()
    };
    assert_eq!(ended, old);
    desk.reception.ended(old, peer(2000));
    assert_eq!(desk.reception.running(), 1, "the late end of the old one leaves the new one alone");
    let mut outbox = tftp_server::machine::Outbox::new();
    assert!(transfer.transmit(&mut outbox, desk.now));
    assert!(matches!(Sent::parse(outbox.datagrams().next().unwrap()), Sent::Data(1, _)));
    desk.reception.ended(new, peer(2000));
    assert_eq!(desk.reception.running(), 0);
}

#[test]
fn a_request_for_another_file_that_is_not_there_ends_the_old_transfer() {
    let mut desk = Desk::new(2, Peers::Any);
    let Verdict::Begin(old, _) = desk.take(&rrq("57i.st", "octet", &[]), peer(2000)) else { panic!() };
    let Verdict::Answer { ends, .. } = desk.take(&rrq("aastra.cfg", "octet", &[]), peer(2000)) else {
        panic!()
    };
    assert_eq!(ends, Some(old));
}

#[test]
fn a_peer_that_alternates_between_two_requests_is_bounded_in_transfers_and_in_events() {
    let mut desk = Desk::new(2, Peers::Any);
    let requests = [rrq("57i.st", "octet", &[]), rrq("57i.st", "octet", &[("tsize", "0")])];
    // The old transfer ends at once, as it does in the server.
    for count in 0..10_000 {
        if let Verdict::Replace { old, .. } = desk.take(&requests[count % 2], peer(2000)) {
            desk.reception.ended(old, peer(2000));
        }
        assert_eq!(desk.reception.running(), 1);
    }
    assert!(desk.events.len() < 100, "{}", desk.events.len());
    desk.now += Duration::from_secs(1);
    let (next, other) = (&requests[0], &requests[1]);
    let answered =
        [next, other].map(|request| matches!(desk.take(request, peer(2000)), Verdict::Replace { .. }));
    assert!(answered.contains(&true), "heard again after a while");
}

#[test]
fn a_transfer_that_was_replaced_counts_until_it_has_ended() {
    let mut desk = Desk::new(1, Peers::Any);
    let ask = |desk: &mut Desk, blksize: &str| {
        desk.take(&rrq("57i.st", "octet", &[("blksize", blksize)]), peer(2000))
    };
    let Verdict::Begin(first, _) = ask(&mut desk, "100") else { panic!() };
    let Verdict::Replace { old, new: second, .. } = ask(&mut desk, "200") else { panic!() };
    assert_eq!((old, desk.reception.running()), (first, 2));
    // Neither has ended: a third socket is one too many, and the client has left the second.
    let Verdict::Answer { packet, ends } = ask(&mut desk, "300") else { panic!() };
    assert!(matches!(Sent::parse(&packet), Sent::Error(0, text) if text.contains("busy")));
    assert_eq!(ends, Some(second));
    desk.reception.ended(first, peer(2000));
    desk.reception.ended(second, peer(2000));
    assert!(matches!(ask(&mut desk, "300"), Verdict::Begin(..)));
}

#[test]
fn a_flood_from_strangers_does_not_hide_what_a_phone_is_refused() {
    let mut desk = Desk::new(4, Peers::only([192, 0, 2, 1].into()));
    for count in 0..10_000_u16 {
        desk.take(&rrq("57i.st", "octet", &[]), ([192, 0, 2, 2], count).into());
    }
    let told = desk.events.len();
    assert!(told < 300, "{told}");
    let (_, why) = desk.refused(&rrq("other", "octet", &[]));
    assert_eq!(why, RefusalReason::NotFound);
}

/// Refuses in every way that a source can.
struct Refusing;

impl Source for Refusing {
    fn open(&self, request: &Request, _: SocketAddr) -> Result<Box<dyn Content>, Refusal> {
        Err(match request.name.as_str() {
            "denied" => Refusal::Denied("not for you".into()),
            "failed" => Refusal::Failed("disk on fire".into()),
            _ => Refusal::NotFound,
        })
    }
}

#[test]
fn what_a_source_refuses_is_answered_with_error_1_2_or_0() {
    let mut desk = Desk::with(Refusing, 4, Peers::Any);
    let text = |text: &str| text.to_owned();
    for (name, answer, why) in [
        ("denied", Sent::Error(2, text("not for you")), RefusalReason::Source(text("not for you"))),
        ("failed", Sent::Error(0, text("disk on fire")), RefusalReason::Source(text("disk on fire"))),
        ("absent", Sent::Error(1, text("file not found")), RefusalReason::NotFound),
    ] {
        assert_eq!(desk.refused(&rrq(name, "octet", &[])), (answer, why));
    }
}

#[test]
fn a_name_that_is_no_utf8_is_told_byte_by_byte() {
    let mut desk = Desk::new(4, Peers::Any);
    desk.refused(b"\0\x01Ger\xe4t.st\0octet\0");
    let [EventKind::Requested(request)] = &desk.events[..] else { panic!("{:?}", desk.events) };
    assert_eq!((&request.name[..], &request.raw_name[..]), ("Ger\u{fffd}t.st", &b"Ger\xe4t.st"[..]));
    // Two names that look alike are not the same request.
    let mut desk = Desk::with(Memory::new("x"), 4, Peers::Any);
    assert!(matches!(desk.take(b"\0\x01\xe4\0octet\0", peer(2000)), Verdict::Begin(..)));
    assert!(matches!(desk.take(b"\0\x01\xe5\0octet\0", peer(2000)), Verdict::Replace { .. }));
}

#[test]
fn a_stray_nul_behind_the_request_brings_data_1_and_no_oack() {
    for tail in [&b"\0"[..], b"\0\0\0\0\0\0\0"] {
        let mut desk = Desk::new(4, Peers::Any);
        let request = [&b"\0\x0157i.st\0octet\0"[..], tail].concat();
        let Verdict::Begin(_, mut transfer) = desk.take(&request, peer(2000)) else { panic!("{tail:?}") };
        let mut outbox = tftp_server::machine::Outbox::new();
        assert!(transfer.transmit(&mut outbox, desk.now));
        let sent: Vec<Sent> = outbox.datagrams().map(Sent::parse).collect();
        assert_eq!(sent, [Sent::Data(1, vec![1; 512])], "{tail:?}");
    }
}

#[test]
fn c07_another_name_a_phone_that_breaks_off_and_one_that_refuses_are_told_apart() {
    let mut desk = Desk::new(4, Peers::Any);
    let (_, why) = desk.refused(&rrq("aastra.cfg", "octet", &[]));
    assert_eq!(why, RefusalReason::NotFound, "a request for another name");
    let endings = [
        (None, AbandonReason::Silent { after_block: 2 }),
        (Some(error(3, "flash full")), AbandonReason::Refused { code: ErrorCode::DiskFull }),
    ];
    for (last_words, wanted) in endings {
        let mut rig = crate::rig::Rig::plain(5000);
        rig.feed(&ack(1));
        rig.feed(&ack(2));
        match last_words {
            Some(packet) => drop(rig.feed(&packet)),
            None => drop(rig.wait(Duration::from_secs(100))),
        }
        assert_eq!(rig.events().last(), Some(&EventKind::Abandoned { reason: wanted }));
    }
}

#[test]
fn in_single_port_mode_packets_of_a_known_peer_are_delivered() {
    let mut desk = Desk::new(2, Peers::Any);
    let Verdict::Begin(id, _) = desk.take(&rrq("57i.st", "octet", &[]), peer(2000)) else { panic!() };
    assert!(matches!(desk.take(&ack(1), peer(2000)), Verdict::Deliver(to) if to == id));
    assert!(matches!(desk.take(&ack(1), peer(2001)), Verdict::Ignore));
}

#[test]
fn a_flood_of_requests_is_bounded_in_memory_and_in_events() {
    let mut desk = Desk::new(8, Peers::Any);
    let request = rrq("57i.st", "octet", &[]);
    for count in 0..100_000_u32 {
        let [_, a, b, c] = count.to_be_bytes();
        desk.take(&request, ([10, a, b, c], 1000).into());
    }
    assert_eq!(desk.reception.running(), 8);
    assert!(desk.events.len() < 300, "{}", desk.events.len());
    desk.now += Duration::from_secs(1);
    desk.events.clear();
    desk.take(&request, peer(1));
    assert_eq!(desk.events.len(), 2, "told again when the flood is over");
}

#[test]
fn an_ipv6_peer_is_served_and_filtered_alike() {
    let mut desk = Desk::new(2, Peers::only("2001:db8::1".parse().unwrap()));
    let request = rrq("57i.st", "octet", &[]);
    assert!(matches!(desk.take(&request, "[2001:db8::1]:99".parse().unwrap()), Verdict::Begin(..)));
    assert!(matches!(desk.take(&request, "[2001:db8::2]:99".parse().unwrap()), Verdict::Ignore));
}
