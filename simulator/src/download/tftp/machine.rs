//! How the client decides: what came, and what it does about it. No socket, no clock.
//!
//! Two clients, as in the two columns of domain.md 5.1. The strict one: no options; the first
//! DATA's port is the server's; a wrong opcode is ignored; the block before means "say it
//! again"; any other block ends everything; its counter does not wrap. The tolerant one ignores
//! wrong blocks, wraps its counter, and may ask for options.

use std::time::Duration;

use super::packet::{self, Packet};
use crate::{Timing, event::DownloadFailure, quirks::TftpClient};

/// Bytes in a block, RFC 1350 section 2.
const BLOCK: usize = 512;
/// Bytes in a block asked for by option: an Ethernet frame less the headers of IP, UDP and TFTP
/// and some reserve, the usual choice.
const BIG_BLOCK: &str = "1428";
/// BusyBox's first wait (domain.md 5.1); it grows by half each time.
const BUSYBOX_WAIT: Duration = Duration::from_millis(100);
/// BusyBox gives up after so many waits (domain.md 5.1).
const BUSYBOX_TRIES: u32 = 12;

/// What is to be done about a packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict<'a> {
    /// Nothing; the wait goes on.
    Ignore,
    /// [`Machine::last`] goes out: it is new.
    Answer,
    /// What else has come is thrown away, [`Machine::last`] goes out again.
    DrainAndRepeat,
    /// The data is taken, then [`Machine::last`] goes out.
    Take { data: &'a [u8], last: bool },
    /// It is over.
    Abort(DownloadFailure),
}

/// One transfer.
#[derive(Debug)]
pub(super) struct Machine {
    client: TftpClient,
    /// The packet sent last, for sending it again.
    last: Vec<u8>,
    /// The block that is due, never wrapped.
    expected: u32,
    block: usize,
    server_port: Option<u16>,
    quiet: u32,
}

impl Machine {
    pub(super) fn new(client: TftpClient, name: &str) -> Self {
        let mode = if client == TftpClient::NetAscii { "netascii" } else { "octet" };
        let options: &[(&str, &str)] = match client {
            TftpClient::VxWorks | TftpClient::BusyBox | TftpClient::NetAscii => &[],
            TftpClient::Options => &[("blksize", BIG_BLOCK), ("tsize", "0")],
        };
        Self {
            client,
            last: packet::request(name, mode, options),
            expected: 1,
            block: BLOCK,
            server_port: None,
            quiet: 0,
        }
    }

    pub(super) fn last(&self) -> &[u8] {
        &self.last
    }

    /// Whether the server has not answered at all.
    pub(super) fn waits_for_first(&self) -> bool {
        self.server_port.is_none()
    }

    /// How long to wait before the last packet goes out again; asked once a packet.
    pub(super) fn patience(&mut self, timing: &Timing) -> Duration {
        match self.client {
            TftpClient::VxWorks | TftpClient::NetAscii => timing.tftp_resend,
            TftpClient::BusyBox | TftpClient::Options => {
                let grown = (0..self.quiet).fold(BUSYBOX_WAIT, |wait, _| wait * 3 / 2);
                self.quiet += 1;
                grown.min(timing.tftp_give_up / BUSYBOX_TRIES)
            }
        }
    }

    /// Whether a silence of this length is the end.
    pub(super) fn gives_up(&self, silence: Duration, timing: &Timing) -> bool {
        match self.client {
            TftpClient::VxWorks | TftpClient::NetAscii => silence >= timing.tftp_give_up,
            TftpClient::BusyBox | TftpClient::Options => self.quiet >= BUSYBOX_TRIES,
        }
    }

    /// What a packet from this port means.
    pub(super) fn on_packet<'a>(&mut self, port: u16, bytes: &'a [u8]) -> Verdict<'a> {
        if self.server_port.is_some_and(|known| known != port) {
            return Verdict::Ignore;
        }
        match packet::read(bytes) {
            Packet::Data { block, data } => self.on_data(port, block, data),
            Packet::Error { code, text } => {
                Verdict::Abort(DownloadFailure::Refused(format!("error {code} {text}")))
            }
            Packet::Options(options) => self.on_options(port, &options),
            Packet::Other(opcode) => self.on_other(opcode),
        }
    }

    fn on_data<'a>(&mut self, port: u16, block: u16, data: &'a [u8]) -> Verdict<'a> {
        let strict = matches!(self.client, TftpClient::VxWorks | TftpClient::NetAscii);
        // The counter is compared as it is: past 65535 no block can equal it.
        let due = if strict { self.expected } else { self.expected & 0xFFFF };
        if u32::from(block) != due {
            let before = self.expected > 1 && u32::from(block) + 1 == self.expected;
            return match (strict, before) {
                (true, true) => Verdict::DrainAndRepeat,
                (true, false) => {
                    Verdict::Abort(DownloadFailure::UnexpectedBlock { expected: self.expected, got: block })
                }
                (false, _) => Verdict::Ignore,
            };
        }
        if data.len() > self.block {
            return Verdict::Abort(DownloadFailure::UnexpectedPacket(block));
        }
        self.server_port = Some(port);
        self.quiet = 0;
        self.last = packet::ack(block);
        self.expected += 1;
        Verdict::Take { data, last: data.len() < self.block }
    }

    fn on_options<'a>(&mut self, port: u16, options: &[(String, String)]) -> Verdict<'a> {
        const OACK: u16 = 6;
        if self.client != TftpClient::Options || self.expected != 1 {
            return self.on_other(OACK);
        }
        if self.server_port.is_some() {
            return Verdict::DrainAndRepeat;
        }
        for (name, value) in options {
            let number = value.parse::<usize>();
            match (name.as_str(), number) {
                ("blksize", Ok(size)) if (8..=1428).contains(&size) => self.block = size,
                ("tsize", Ok(_)) => {}
                _ => {
                    let text = format!("option {name}={value} was not asked for");
                    return Verdict::Abort(DownloadFailure::Refused(text));
                }
            }
        }
        self.server_port = Some(port);
        self.quiet = 0;
        self.last = packet::ack(0);
        Verdict::Answer
    }

    fn on_other<'a>(&self, opcode: u16) -> Verdict<'a> {
        match self.client {
            TftpClient::VxWorks | TftpClient::NetAscii => Verdict::Ignore,
            TftpClient::BusyBox | TftpClient::Options => {
                Verdict::Abort(DownloadFailure::UnexpectedPacket(opcode))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(block: u16, length: usize) -> Vec<u8> {
        [&[0, 3], block.to_be_bytes().as_slice(), &vec![7; length]].concat()
    }

    fn at_block(client: TftpClient, expected: u32) -> Machine {
        let mut machine = Machine::new(client, "57i.st");
        machine.server_port = Some(9);
        machine.expected = expected;
        machine
    }

    #[test]
    fn the_first_datas_port_is_the_servers() {
        let mut machine = Machine::new(TftpClient::VxWorks, "57i.st");
        let first = data(1, 512);
        assert!(matches!(machine.on_packet(9, &first), Verdict::Take { last: false, .. }));
        assert_eq!(machine.last(), [0, 4, 0, 1]);
        assert_eq!(machine.on_packet(8, &data(2, 512)), Verdict::Ignore);
        let short = data(2, 511);
        assert!(matches!(machine.on_packet(9, &short), Verdict::Take { last: true, .. }));
    }

    #[test]
    fn the_strict_client_repeats_for_the_block_before_and_dies_of_any_other() {
        let mut machine = at_block(TftpClient::VxWorks, 5);
        assert_eq!(machine.on_packet(9, &data(4, 512)), Verdict::DrainAndRepeat);
        for wrong in [3, 6, 0, 65535] {
            let verdict = at_block(TftpClient::VxWorks, 5).on_packet(9, &data(wrong, 512)).clone_failure();
            assert_eq!(verdict, Some(DownloadFailure::UnexpectedBlock { expected: 5, got: wrong }));
        }
    }

    #[test]
    fn the_strict_client_ignores_options_it_did_not_ask_for() {
        let mut machine = Machine::new(TftpClient::VxWorks, "57i.st");
        assert_eq!(machine.on_packet(9, b"\0\x06tsize\x005\0"), Verdict::Ignore);
        assert!(machine.waits_for_first());
    }

    #[test]
    fn the_strict_counter_does_not_wrap_and_the_tolerant_one_does() {
        let mut strict = at_block(TftpClient::VxWorks, 65_536);
        let wrapped = data(0, 512);
        assert!(matches!(strict.on_packet(9, &wrapped), Verdict::Abort(_)));
        let mut tolerant = at_block(TftpClient::BusyBox, 65_536);
        assert!(matches!(tolerant.on_packet(9, &wrapped), Verdict::Take { .. }));
    }

    #[test]
    fn the_tolerant_client_ignores_wrong_blocks_and_refuses_unasked_options() {
        let mut machine = at_block(TftpClient::BusyBox, 5);
        assert_eq!(machine.on_packet(9, &data(4, 512)), Verdict::Ignore);
        assert_eq!(machine.on_packet(9, &data(7, 512)), Verdict::Ignore);
        assert!(matches!(machine.on_packet(9, b"\0\x06tsize\x005\0"), Verdict::Abort(_)));
    }

    #[test]
    fn the_asking_client_takes_options_and_plain_data() {
        let mut machine = Machine::new(TftpClient::Options, "57i.st");
        assert_eq!(machine.on_packet(9, b"\0\x06blksize\x001024\0"), Verdict::Answer);
        assert_eq!(machine.last(), [0, 4, 0, 0]);
        let big = data(1, 1024);
        assert!(matches!(machine.on_packet(9, &big), Verdict::Take { last: false, .. }));
        let mut other = Machine::new(TftpClient::Options, "57i.st");
        let plain = data(1, 512);
        assert!(matches!(other.on_packet(9, &plain), Verdict::Take { last: false, .. }));
    }

    impl Verdict<'_> {
        fn clone_failure(&self) -> Option<DownloadFailure> {
            match self {
                Verdict::Abort(failure) => Some(failure.clone()),
                _ => None,
            }
        }
    }
}
