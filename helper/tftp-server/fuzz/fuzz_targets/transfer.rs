//! One transfer under arbitrary packets, pauses and orders: it must stay within its window, send
//! the right bytes under the right numbers, and end at most once.
//!
//! `cargo fuzz run --sanitizer none transfer`

#![no_main]

use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use tftp_server::machine::{Outbox, StopReason, Transfer};
use tftp_server::{EventKind, Memory, OptionPolicy, Request, RequestOption, Source, Terms, Timing};

/// A byte of the file, from its place.
fn byte_at(place: usize) -> u8 {
    (place.wrapping_mul(31) >> 3) as u8
}

/// What the transfer has to send and tell now.
struct Watch {
    file: Vec<u8>,
    block_size: usize,
    octet: bool,
    window: usize,
    endings: usize,
}

impl Watch {
    fn look(&mut self, transfer: &mut Transfer, now: Duration) {
        let mut outbox = Outbox::new();
        let mut data = 0;
        while transfer.transmit(&mut outbox, now) {
            for datagram in outbox.datagrams() {
                match datagram[..2] {
                    [0, 3] => {
                        data += 1;
                        self.check(datagram);
                    }
                    [0, 5 | 6] => assert_eq!(datagram.last(), Some(&0)),
                    _ => panic!("must not be sent: {datagram:?}"),
                }
            }
            if let Some((bytes, segment)) = outbox.segments() {
                assert_eq!(bytes.len().div_ceil(segment), outbox.datagrams().count());
            }
        }
        assert!(data <= self.window);
        while let Some(event) = transfer.next_event() {
            match event {
                EventKind::Finished { .. } | EventKind::Abandoned { .. } => self.endings += 1,
                EventKind::Progress { acknowledged, total } => assert!(acknowledged <= total),
                _ => assert_eq!(self.endings, 0, "nothing after the end"),
            }
        }
        assert_eq!(self.endings, usize::from(transfer.is_over()));
        assert_eq!(transfer.deadline().is_none(), transfer.is_over());
    }

    fn check(&self, datagram: &[u8]) {
        assert!(datagram.len() <= self.block_size + 4);
        if self.octet {
            // The file is short enough that no number comes twice.
            let block = usize::from(u16::from_be_bytes([datagram[2], datagram[3]]));
            let start = (block - 1) * self.block_size;
            let end = (start + self.block_size).min(self.file.len());
            assert_eq!(&datagram[4..], &self.file[start..end]);
        }
    }
}

fuzz_target!(|input: &[u8]| {
    let Some((&[shape, size, block, window], mut rest)) = input.split_first_chunk::<4>() else { return };
    let file: Vec<u8> = (0..usize::from(size) * 7).map(byte_at).collect();
    let option = |name: &str, value: u8| RequestOption { name: name.into(), value: value.to_string() };
    let mut request = Request::parse(b"\0\x01f\0octet\0").and_then(|(_, request)| request.ok()).unwrap();
    if shape & 1 != 0 {
        request.options.push(option("blksize", block));
    }
    if shape & 2 != 0 {
        request.options.push(option("windowsize", window));
    }
    if shape & 4 != 0 {
        request.mode = tftp_server::Mode::Netascii;
    }
    let memory = Memory::new(file.clone());
    let content = memory.open(&request, ([127, 0, 0, 1], 1).into()).unwrap();
    let terms = Terms::negotiate(&request, content.len(), &OptionPolicy::default());
    let mut watch = Watch {
        file,
        block_size: usize::from(terms.block_size()),
        octet: shape & 4 == 0,
        window: usize::from(terms.window()),
        endings: 0,
    };
    let mut now = Duration::ZERO;
    let mut transfer = Transfer::new(content, request.mode, terms, Timing::default(), now);
    watch.look(&mut transfer, now);
    while let Some((&[step, value], tail)) = rest.split_first_chunk::<2>() {
        rest = tail;
        match step % 8 {
            // ACKs are what moves it: near ones often, any number now and then.
            0..=2 => transfer.datagram(&[0, 4, 0, value], now),
            3 => transfer.datagram(&[0, 4, value, step], now),
            4 => now += Duration::from_millis(u64::from(value) * 40),
            5 => transfer.tick(now),
            6 => {
                let (datagram, tail) = rest.split_at(rest.len().min(usize::from(value % 16)));
                transfer.datagram(datagram, now);
                rest = tail;
            }
            _ => match value {
                0..=7 => transfer.start_over(now),
                8 => transfer.stop(StopReason::Cancelled, now),
                9 => transfer.stop(StopReason::Superseded, now),
                10 => transfer.unsendable("fuzz".into(), now),
                _ => {
                    if let Some(deadline) = transfer.deadline() {
                        now = now.max(deadline);
                        transfer.tick(now);
                    }
                }
            },
        }
        watch.look(&mut transfer, now);
    }
});
