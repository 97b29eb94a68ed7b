//! Arbitrary packets at arbitrary times leave the machines sane.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use tftp_server::machine::{Outbox, Reception, ReceptionConfig, Transfer, Verdict};
use tftp_server::packet::{Packet, foreign_tid_answer};
use tftp_server::{Memory, OptionPolicy, Peers, Request, Timing};

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

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    /// 1000 times 100 packets.
    #[test]
    fn a_hundred_thousand_arbitrary_packets_leave_the_machine_sane(
        storm in proptest::collection::vec((packets(), 0_u16..4, 0_u64..3000), 100),
    ) {
        let config = ReceptionConfig {
            max_transfers: 2,
            peers: Peers::Any,
            options: OptionPolicy::default(),
            timing: Timing::default(),
        };
        let mut reception = Reception::new(config, Arc::new(Memory::new(vec![5; 3000])));
        let mut transfers: Vec<(tftp_server::TransferId, SocketAddr, Transfer)> = Vec::new();
        let mut now = Duration::ZERO;
        let mut outbox = Outbox::new();
        for (packet, port, pause) in storm {
            now += Duration::from_millis(pause);
            let peer: SocketAddr = ([10, 0, 0, 1], 1000 + port).into();
            drop((Packet::parse(&packet), Request::parse(&packet), foreign_tid_answer(&packet)));
            match reception.datagram(&packet, peer, now, drop) {
                Verdict::Begin(id, transfer) => transfers.push((id, peer, *transfer)),
                Verdict::Replace { old, new, transfer } => {
                    transfers.retain(|(id, ..)| *id != old);
                    reception.ended(old, peer);
                    transfers.push((new, peer, *transfer));
                }
                Verdict::StartOver(again) => {
                    for (id, _, transfer) in &mut transfers {
                        if *id == again {
                            transfer.start_over(now);
                        }
                    }
                }
                Verdict::Answer { packet, .. } => prop_assert!(matches!(Sent::parse(&packet), Sent::Error(..))),
                Verdict::Ignore | Verdict::Deliver(_) => {}
            }
            for (id, own, transfer) in &mut transfers {
                transfer.datagram(&packet, now);
                transfer.tick(now);
                while transfer.transmit(&mut outbox, now) {
                    for datagram in outbox.datagrams() {
                        Sent::parse(datagram);
                    }
                }
                let mut told = 0;
                while transfer.next_event().is_some() {
                    told += 1;
                }
                prop_assert!(told < 8);
                if transfer.is_over() {
                    prop_assert_eq!(transfer.deadline(), None);
                    reception.ended(*id, *own);
                } else {
                    prop_assert!(transfer.deadline().is_some_and(|deadline| deadline >= now));
                }
            }
            transfers.retain(|(_, _, transfer)| !transfer.is_over());
            prop_assert_eq!(transfers.len(), reception.running());
            prop_assert!(reception.running() <= 2);
        }
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
