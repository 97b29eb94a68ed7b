//! The listening port: who is served, what is refused, what a repeated request means.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tftp_server::machine::{Reception, ReceptionConfig, Verdict};
use tftp_server::{EventKind, Memory, OptionPolicy, Peers, RefusalReason, RequestError, Staged, Timing};

use crate::rig::{Sent, ack, error, rrq};

struct Desk {
    reception: Reception,
    now: Duration,
    events: Vec<EventKind>,
}

impl Desk {
    fn new(max_transfers: usize, peers: Peers) -> Self {
        let config = ReceptionConfig {
            max_transfers,
            peers,
            options: OptionPolicy::default(),
            timing: Timing::default(),
        };
        let source = Staged::new("57i.st", Memory::new(vec![1; 5000]));
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
