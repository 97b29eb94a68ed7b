//! Arbitrary datagrams on the listening port, several in a row: none may break it, and what it
//! agrees to must be what was asked or less.
//!
//! `cargo fuzz run --sanitizer none request`

#![no_main]

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use tftp_server::machine::{Outbox, Reception, ReceptionConfig, Verdict};
use tftp_server::packet::{Packet, foreign_tid_answer};
use tftp_server::{Memory, OptionPolicy, Peers, Request, Staged, Terms, Timing};

/// Cuts the input into datagrams: a byte for the peer, one for the length.
fn datagrams(mut input: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    std::iter::from_fn(move || {
        let (&[peer, length], rest) = input.split_first_chunk::<2>()?;
        let (datagram, rest) = rest.split_at(rest.len().min(usize::from(length)));
        input = rest;
        Some((peer, datagram))
    })
}

fuzz_target!(|input: &[u8]| {
    let _ = Packet::parse(input);
    let _ = foreign_tid_answer(input);
    if let Some((_, Ok(request))) = Request::parse(input) {
        let terms = Terms::negotiate(&request, 1_000_000, &OptionPolicy::default());
        assert!((8..=65_464).contains(&terms.block_size()));
        assert!((1..=64).contains(&terms.window()));
        assert!(terms.oack().is_none() || !request.options.is_empty());
        let agreed = (terms.block_size(), terms.window(), terms.timeout());
        assert!(terms.oack().is_some() || agreed == (512, 1, None));
    }
    let config = ReceptionConfig {
        max_transfers: 3,
        peers: Peers::Any,
        options: OptionPolicy::default(),
        timing: Timing::default(),
    };
    let source = Staged::new("f", Memory::new(vec![3; 2000]));
    let mut reception = Reception::new(config, Arc::new(source));
    let mut outbox = Outbox::new();
    for (peer, datagram) in datagrams(input) {
        let address: SocketAddr = ([192, 0, 2, peer % 8], u16::from(peer / 8)).into();
        let verdict = reception.datagram(datagram, address, Duration::ZERO, drop);
        match verdict {
            Verdict::Begin(_, mut transfer) => {
                assert!(transfer.transmit(&mut outbox, Duration::ZERO), "there is always a first packet");
            }
            Verdict::Replace { old, mut transfer, .. } => {
                assert!(reception.running() <= 4, "the old one has not ended yet");
                assert!(transfer.transmit(&mut outbox, Duration::ZERO), "there is always a first packet");
                reception.ended(old, address);
            }
            Verdict::Answer { packet, .. } => assert_eq!(packet[..2], [0, 5]),
            Verdict::Ignore | Verdict::StartOver(_) | Verdict::Deliver(_) => {}
        }
        assert!(reception.running() <= 3);
    }
});
