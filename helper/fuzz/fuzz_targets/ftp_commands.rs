//! Arbitrary bytes on an FTP control connection, cut anywhere, with transfers that end in any
//! way: never a data connection to anybody but the phone, never a reply that is none, never a
//! byte more in memory than is allowed, and nothing that writes.
//!
//! `cargo fuzz run --sanitizer none ftp_commands`

#![no_main]

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use hookflash::serve::FileEvent;
use hookflash::serve::ftp::lines::{Lines, MOST_LINE};
use hookflash::serve::ftp::machine::{Action, Machine, Parcel, Route, TransferEnd};
use hookflash::serve::shelf::Shelf;
use libfuzzer_sys::fuzz_target;

const TOTAL: u64 = 1000;

/// Checks what the machine does, and what the rim would answer it with.
struct Rim {
    machine: Machine,
    peer: IpAddr,
    transferring: bool,
    over: bool,
}

impl Rim {
    fn perform(&mut self, actions: Vec<Action>, port: u16) {
        // At most a reply or two and a transfer for each line that may have waited.
        assert!(actions.len() <= 100, "{} actions", actions.len());
        for action in actions {
            assert!(!self.over, "nothing after the end: {action:?}");
            match action {
                Action::Reply(reply) => well_formed(&reply.text()),
                Action::Listen => {
                    let more = self.machine.listening((port != 0).then_some(port));
                    self.perform(more, port);
                }
                Action::Send(route, parcel) => {
                    assert!(!self.transferring, "one data connection at a time");
                    self.transferring = true;
                    if let Route::Active(to) = route {
                        assert_eq!(to.ip(), self.peer);
                        assert_ne!(to.port(), 0);
                    }
                    match parcel {
                        Parcel::Firmware { from, .. } => assert!(from <= TOTAL),
                        Parcel::Small(text) => assert!(text.len() < 1000),
                    }
                }
                Action::Abort => {
                    assert!(std::mem::take(&mut self.transferring));
                    let more = self.machine.ended(TransferEnd::Aborted);
                    self.perform(more, port);
                }
                Action::Tell(event) => assert!(matches!(
                    event,
                    FileEvent::OtherName { .. }
                        | FileEvent::Configuration { .. }
                        | FileEvent::Refused { .. }
                )),
                Action::Forget => {}
                Action::Close => self.over = true,
            }
        }
        assert_eq!(self.machine.is_transferring(), self.transferring);
    }
}

fn well_formed(text: &str) {
    assert!(text.len() < 5 * MOST_LINE);
    assert!(text.ends_with("\r\n"));
    let lines: Vec<&str> = text.trim_end_matches("\r\n").split("\r\n").collect();
    let code = &text[..3];
    assert!(code.bytes().all(|byte| byte.is_ascii_digit()) && ("1".."6").contains(&&code[..1]));
    for (place, line) in lines.iter().enumerate() {
        assert!(!line.contains(char::is_control), "{line:?}");
        match place {
            _ if place + 1 == lines.len() => assert_eq!(line.get(..4), Some(&*format!("{code} "))),
            0 => assert_eq!(line.get(..4), Some(&*format!("{code}-"))),
            _ => assert!(line.starts_with(' ')),
        }
    }
}

fuzz_target!(|input: &[u8]| {
    let Some((&[shape, port], mut rest)) = input.split_first_chunk::<2>() else { return };
    let peer: SocketAddr = match shape & 3 {
        0 => ([2001, 0xdb8, 0, 0, 0, 0, 0, 1], 40_000).into(),
        1 => ([0, 0, 0, 0, 0, 0xffff, 0xc000, 0x0205], 40_000).into(),
        _ => ([192, 0, 2, 5], 40_000).into(),
    };
    let local: IpAddr = if shape & 3 == 0 { [2001, 0xdb8, 0, 0, 0, 0, 0, 2].into() } else { [192, 0, 2, 1].into() };
    let shelf = Shelf::new(vec!["57i.st".into()], Arc::new(vec![7; TOTAL as usize]), shape & 4 != 0);
    let (machine, greeting) = Machine::begin(peer, local, shelf);
    let mut rim = Rim { machine, peer: peer.ip().to_canonical(), transferring: false, over: false };
    rim.perform(greeting, 0);
    let mut lines = Lines::default();
    while let Some((&length, tail)) = rest.split_first() {
        let (piece, tail) = tail.split_at(tail.len().min(usize::from(length)));
        rest = tail;
        lines.feed(piece);
        while let Some(line) = lines.next_line() {
            assert!(line.len() <= MOST_LINE);
            let actions = rim.machine.line(&line);
            rim.perform(actions, u16::from(port) * 255);
            if rim.over {
                return;
            }
        }
        // A transfer ends between two packets, in one way or another.
        if rim.transferring && length & 1 != 0 {
            rim.transferring = false;
            let ends = [TransferEnd::Sent, TransferEnd::NoConnection, TransferEnd::Broken, TransferEnd::Aborted];
            let actions = rim.machine.ended(ends[usize::from(length >> 1) % ends.len()]);
            rim.perform(actions, u16::from(port) * 255);
            if rim.over {
                return;
            }
        }
    }
});
