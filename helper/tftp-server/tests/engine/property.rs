//! For any pattern of loss, duplication, reordering and delay, any size, block size and window:
//! the exact bytes or a typed failure, and never a wrong file.

use std::time::Duration;

use proptest::prelude::*;
use tftp_server::EventKind;

use crate::client::{Client, Manner, Outcome};
use crate::link::{Link, Quality, Run};
use crate::rig::seconds;

/// A transfer ends once, and what it says fits to what the client has.
#[track_caller]
fn check(run: &Run, length: u64) {
    assert!(!matches!(run.client, Outcome::Wrong(_)), "{:?}", run.client);
    assert_ne!(run.client, Outcome::Running, "nobody is left waiting for ever");
    let begun = run.events.iter().filter(|event| matches!(event, EventKind::Negotiated { .. })).count();
    let ended = run
        .events
        .iter()
        .filter(|event| matches!(event, EventKind::Finished { .. } | EventKind::Abandoned { .. }))
        .count();
    assert_eq!(begun, ended, "each transfer ends exactly once");
    for event in &run.events {
        match event {
            EventKind::Finished { bytes, confirmed } => {
                assert_eq!(*bytes, length);
                assert!(!confirmed || run.client == Outcome::Complete, "confirmed, but {:?}", run.client);
            }
            EventKind::Progress { acknowledged, total } => {
                assert!(acknowledged <= total && *total == length);
            }
            _ => {}
        }
    }
}

/// The sizes at which something changes, for a block size.
fn sizes(block: u64) -> impl Strategy<Value = u64> {
    prop_oneof![
        Just(0),
        Just(1),
        Just(block - 1),
        Just(block),
        Just(block + 1),
        Just(511),
        Just(512),
        Just(513),
        0..400 * block.min(4096),
    ]
}

/// Block sizes: those of the clients, and any other. Few of the large ones: 400 blocks of each go
/// over the link.
fn blocks() -> impl Strategy<Value = u64> {
    prop_oneof![
        4 => prop_oneof![Just(8_u64), Just(9), Just(512), Just(1428), 8_u64..3000],
        1 => prop_oneof![Just(8192_u64), Just(65_464), 3000_u64..=65_464],
    ]
}

fn qualities() -> impl Strategy<Value = Quality> {
    (0_u8..=30, 0_u8..=30, 0_u8..=30, 0_u64..=50, 0_u64..=2000).prop_map(
        |(loss, doubled, jittered, delay, jitter)| Quality {
            loss,
            doubled,
            jittered,
            delay: Duration::from_millis(delay),
            jitter: Duration::from_millis(jitter),
        },
    )
}

fn manners() -> impl Strategy<Value = Manner> {
    prop_oneof![Just(Manner::Ignore), Just(Manner::AckAgain), Just(Manner::Abort)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn never_a_wrong_file_in_lock_step(
        length in sizes(512), quality in qualities(), seed: u64, manner in manners(),
        resend in 1_u64..8,
    ) {
        let client = Client::new(length, &[], manner).resends_every(seconds(resend));
        check(&Link::new(length, client, quality, seed).run(), length);
    }

    #[test]
    fn never_a_wrong_file_with_options(
        (block, length) in blocks().prop_flat_map(|block| (Just(block), sizes(block))),
        window in prop_oneof![Just(1_u16), 2_u16..=5, Just(16), Just(64), Just(65_535)],
        timeout in prop_oneof![Just(None), (1_u8..=255).prop_map(Some)],
        quality in qualities(), seed: u64, manner in manners(),
    ) {
        let (block, window) = (block.to_string(), window.to_string());
        let timeout = timeout.map(|timeout| timeout.to_string());
        let mut options = vec![("blksize", &block[..]), ("windowsize", &window[..]), ("tsize", "0")];
        options.extend(timeout.as_ref().map(|timeout| ("timeout", &timeout[..])));
        let client = Client::new(length, &options, manner);
        check(&Link::new(length, client, quality, seed).run(), length);
    }

    #[test]
    fn never_a_wrong_file_in_netascii(
        length in sizes(512), block in prop_oneof![Just(8_u16), Just(512), 8_u16..1500],
        window in 1_u16..=8, quality in qualities(), seed: u64, manner in manners(),
    ) {
        let (block, window) = (block.to_string(), window.to_string());
        let options = [("blksize", &block[..]), ("windowsize", &window[..])];
        let client = Client::netascii(length, &options, manner);
        check(&Link::new(length, client, quality, seed).run(), length);
    }

    #[test]
    fn a_link_that_only_loses_a_little_always_gets_it_through(
        length in 0_u64..40_000, loss in 0_u8..=10, seed: u64,
        window in prop_oneof![Just(1_u16), Just(4), Just(16)],
    ) {
        let window = window.to_string();
        let quality = Quality { loss, ..Quality::PERFECT };
        let client = Client::new(length, &[("windowsize", &window)], Manner::AckAgain)
            .gives_up_after(seconds(500));
        let run = Link::new(length, client, quality, seed).run();
        check(&run, length);
        prop_assert_eq!(run.client, Outcome::Complete);
    }

    #[test]
    fn a_vxworks_client_is_never_surprised_by_loss_alone(
        length in 0_u64..60_000, loss in 0_u8..=30, seed: u64, pause_at in 1_u64..100,
        pause in 0_u64..=20,
    ) {
        let client = Client::new(length, &[], Manner::Abort)
            .gives_up_after(seconds(25))
            .pauses_at(pause_at, seconds(pause).max(seconds(5)));
        let run = Link::new(length, client, Quality { loss, ..Quality::PERFECT }, seed).run();
        check(&run, length);
        prop_assert!(!matches!(run.client, Outcome::Surprised(_)), "{:?}", run.client);
    }
}

proptest! {
    // Each case moves 32 MB in a build without optimisation.
    #![proptest_config(ProptestConfig { cases: 6, max_shrink_iters: 20, ..ProptestConfig::default() })]

    /// The two sizes at the wrap of the block counter, over links as bad as any.
    #[test]
    fn never_a_wrong_large_file(
        length in prop_oneof![Just(65_535 * 512), Just(65_536 * 512 + 1)],
        block in prop_oneof![Just(512_u16), Just(1428), Just(65_464), 512_u16..=65_464],
        window in prop_oneof![Just(1_u16), 2_u16..=64],
        quality in qualities(), seed: u64, manner in manners(),
    ) {
        let (block, window) = (block.to_string(), window.to_string());
        let options = [("blksize", &block[..]), ("windowsize", &window[..]), ("tsize", "0")];
        let client = Client::new(length, &options, manner).gives_up_after(seconds(1000));
        check(&Link::new(length, client, quality, seed).run(), length);
    }
}

/// Past the wrap of the block counter: 65535*512 and 65536*512+1 bytes.
#[test]
fn large_files_in_lock_step_over_a_bad_link() {
    for (length, seed) in [(65_535 * 512, 1), (65_536 * 512 + 1, 2)] {
        let quality = Quality { loss: 2, doubled: 1, ..Quality::PERFECT };
        let client = Client::new(length, &[], Manner::Ignore).gives_up_after(seconds(1000));
        let run = Link::new(length, client, quality, seed).run();
        check(&run, length);
        assert_eq!(run.client, Outcome::Complete, "{length}");
    }
}

#[test]
fn large_files_in_windows_over_a_bad_link() {
    for (window, seed) in [("4", 3), ("16", 4), ("64", 5)] {
        let length = 65_536 * 512 + 1;
        let quality = Quality { loss: 1, jittered: 1, jitter: Duration::from_millis(3), ..Quality::PERFECT };
        let client =
            Client::new(length, &[("windowsize", window)], Manner::AckAgain).gives_up_after(seconds(1000));
        let run = Link::new(length, client, quality, seed).run();
        check(&run, length);
        assert_eq!(run.client, Outcome::Complete, "{window}");
    }
}

#[test]
fn a_doubled_link_never_doubles_the_traffic_for_good() {
    // The Sorcerer's Apprentice: one doubled ACK must not double every block after it.
    let length = 512 * 2000;
    let quality = Quality { doubled: 100, ..Quality::PERFECT };
    let client = Client::new(length, &[], Manner::AckAgain);
    let run = Link::new(length, client, quality, 6).run();
    assert_eq!(run.client, Outcome::Complete);
    let repeats = run.events.iter().filter(|event| {
        matches!(event, EventKind::Repeat { cause, .. } if *cause != tftp_server::RepeatCause::Request)
    });
    assert_eq!(repeats.count(), 0);
}

#[test]
fn the_seeds_are_the_only_chance() {
    let run = |seed| {
        let quality = Quality { loss: 20, doubled: 10, ..Quality::PERFECT };
        let client = Client::new(100_000, &[], Manner::Ignore);
        format!("{:?}", Link::new(100_000, client, quality, seed).run())
    };
    assert_eq!(run(7), run(7));
    assert_ne!(run(7), run(8));
}
