//! Arbitrary packets at arbitrary times leave the machines sane.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use tftp_server::machine::{Outbox, Reception, ReceptionConfig, Transfer, Verdict};
use tftp_server::packet::{Packet, foreign_tid_answer};
use tftp_server::{Memory, OptionPolicy, Peers, Request, Timing, TransferId};

use crate::rig::{Pattern, Rig, Sent, ack, numbers, rrq};

/// A packet that is likely to get past the first look.
fn packets() -> impl Strategy<Value = Vec<u8>> {
    let tail = proptest::collection::vec(any::<u8>(), 0..600);
    prop_oneof![
        tail.clone(),
        (0_u8..9, tail.clone()).prop_map(|(code, tail)| [vec![0, code], tail].concat()),
        (0_u8..9, 0_u16..30, tail)
            .prop_map(|(code, number, tail)| { [&[0, code], &number.to_be_bytes()[..], &tail].concat() }),
        ("[ -~]{0,20}", "[a-z]{0,9}", "[a-z]{0,9}", "[0-9]{0,6}").prop_map(|(name, mode, option, value)| {
            rrq(&name, &mode, &[(&option, &value), ("blksize", &value)])
        }),
    ]
}

/// A whole server without sockets, and what it is bombarded with.
struct Sandbox {
    reception: Reception,
    transfers: Vec<(TransferId, SocketAddr, Transfer)>,
    now: Duration,
}

impl Sandbox {
    fn new() -> Self {
        let config = ReceptionConfig {
            max_transfers: 2,
            peers: Peers::Any,
            options: OptionPolicy::default(),
            timing: Timing::default(),
        };
        let reception = Reception::new(config, Arc::new(Memory::new(Pattern(3000).bytes())));
        Self { reception, transfers: Vec::new(), now: Duration::ZERO }
    }

    /// A packet at the listening port, and at that of each transfer.
    fn take(&mut self, packet: &[u8], port: u16, pause: u64) {
        self.now += Duration::from_millis(pause);
        let peer: SocketAddr = ([10, 0, 0, 1], 1000 + port).into();
        drop((Packet::parse(packet), Request::parse(packet), foreign_tid_answer(packet)));
        self.request(packet, peer);
        for (_, _, transfer) in &mut self.transfers {
            transfer.datagram(packet, self.now);
        }
        self.settle();
    }

    fn request(&mut self, packet: &[u8], peer: SocketAddr) {
        match self.reception.datagram(packet, peer, self.now, drop) {
            Verdict::Begin(id, transfer) => self.transfers.push((id, peer, *transfer)),
            Verdict::Replace { old, new, transfer } => {
                self.transfers.retain(|(id, ..)| *id != old);
                self.reception.ended(old, peer);
                self.transfers.push((new, peer, *transfer));
            }
            Verdict::StartOver(again) => {
                for (id, _, transfer) in &mut self.transfers {
                    if *id == again {
                        transfer.start_over(self.now);
                    }
                }
            }
            Verdict::Answer { packet, .. } => assert!(matches!(Sent::parse(&packet), Sent::Error(..))),
            Verdict::Ignore | Verdict::Deliver(_) => {}
        }
    }

    /// The time for all, what they send and tell, and whether they are sane. Gives what was sent.
    fn settle(&mut self) -> Vec<Sent> {
        let (mut outbox, mut sent) = (Outbox::new(), Vec::new());
        for (id, own, transfer) in &mut self.transfers {
            transfer.tick(self.now);
            while transfer.transmit(&mut outbox, self.now) {
                sent.extend(outbox.datagrams().map(Sent::parse));
            }
            let told = std::iter::from_fn(|| transfer.next_event()).count();
            assert!(told < 8, "{told} events at once");
            if transfer.is_over() {
                assert_eq!(transfer.deadline(), None);
                self.reception.ended(*id, *own);
            } else {
                assert!(transfer.deadline().is_some_and(|deadline| deadline >= self.now));
            }
        }
        self.transfers.retain(|(_, _, transfer)| !transfer.is_over());
        assert_eq!(self.transfers.len(), self.reception.running());
        assert!(self.reception.running() <= 2);
        sent
    }

    /// Whoever is left gives up in time; then a client comes and gets its file.
    fn still_serves(&mut self) {
        while let Some(deadline) =
            self.transfers.iter().filter_map(|(_, _, transfer)| transfer.deadline()).min()
        {
            self.now = self.now.max(deadline);
            self.settle();
        }
        assert_eq!(self.reception.running(), 0);
        let peer = ([10, 0, 0, 2], 1000).into();
        self.request(&rrq("57i.st", "octet", &[]), peer);
        let mut file = Vec::new();
        for block in 1..=6 {
            let sent = self.settle();
            let [Sent::Data(number, bytes)] = &sent[..] else { panic!("{sent:?}") };
            assert_eq!(*number, block);
            file.extend_from_slice(bytes);
            self.transfers[0].2.datagram(&ack(block), self.now);
        }
        assert_eq!(self.settle(), []);
        assert_eq!(file, Pattern(3000).bytes());
        assert_eq!(self.reception.running(), 0);
    }
}

/// One machine, and all of them.
#[test]
fn a_hundred_thousand_arbitrary_packets_leave_the_machine_sane() {
    let mut runner = TestRunner::new(ProptestConfig::default());
    let arbitrary = (packets(), 0_u16..4, 0_u64..3000);
    let mut sandbox = Sandbox::new();
    for _ in 0..100_000 {
        let (packet, port, pause) = arbitrary.new_tree(&mut runner).unwrap().current();
        sandbox.take(&packet, port, pause);
    }
    sandbox.still_serves();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// The same in short, so that what breaks it is found and made small.
    #[test]
    fn a_hundred_arbitrary_packets_leave_the_machine_sane(
        storm in proptest::collection::vec((packets(), 0_u16..4, 0_u64..3000), 100),
    ) {
        let mut sandbox = Sandbox::new();
        for (packet, port, pause) in storm {
            sandbox.take(&packet, port, pause);
        }
        sandbox.still_serves();
    }

    /// Spoofed ACKs never get more than the file, and only in order.
    #[test]
    fn arbitrary_acks_never_get_more_than_the_window(acks in proptest::collection::vec(any::<u16>(), 1..200)) {
        let mut rig = Rig::new(Pattern(512 * 100), "octet", &[("windowsize", "8")]);
        rig.sent();
        rig.feed(&ack(0));
        for number in acks {
            let sent = rig.feed(&ack(number));
            prop_assert!(numbers(&sent).len() <= 8);
        }
    }
}

#[test]
fn datagrams_of_any_length_are_looked_at() {
    let mut rig = Rig::plain(5000);
    for length in (0..70_000).step_by(997) {
        rig.feed(&vec![0xa5; length]);
        rig.feed(&[&[0, 4, 9, 9][..], &vec![0; length]].concat());
    }
    assert!(!rig.transfer.is_over());
    let long = [b"\0\x01".to_vec(), vec![b'x'; 65_000], b"\0octet\0".to_vec()].concat();
    assert_eq!(Request::parse(&long).unwrap().1.unwrap().name.len(), 65_000);
    let many = [b"\0\x01f\0octet\0".to_vec(), b"a\0b\0".repeat(10_000)].concat();
    assert!(Request::parse(&many).unwrap().1.unwrap().options.len() <= 16);
}
