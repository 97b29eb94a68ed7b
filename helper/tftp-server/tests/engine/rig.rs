//! One transfer on the bench: packets and time go in by hand, packets and events are looked at.

use std::io;
use std::time::Duration;

use tftp_server::machine::{Outbox, Transfer};
use tftp_server::{Content, EventKind, OptionPolicy, Request, Terms, Timing};

/// A file of any length whose bytes follow from their place, so that it needs no memory.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pattern(pub(crate) u64);

impl Pattern {
    /// Writes the bytes from this offset.
    pub(crate) fn fill(offset: u64, buffer: &mut [u8]) {
        let mut place = offset;
        let mut rest = buffer;
        while !rest.is_empty() {
            let word = (place / 8 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes();
            let skip = (place % 8) as usize;
            let count = rest.len().min(8 - skip);
            rest[..count].copy_from_slice(&word[skip..skip + count]);
            place += count as u64;
            rest = &mut rest[count..];
        }
    }

    pub(crate) fn bytes(self) -> Vec<u8> {
        let mut bytes = vec![0; self.0 as usize];
        Self::fill(0, &mut bytes);
        bytes
    }
}

impl Content for Pattern {
    fn len(&self) -> u64 {
        self.0
    }

    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let count = buffer.len().min(self.0.saturating_sub(offset) as usize);
        Self::fill(offset, &mut buffer[..count]);
        Ok(count)
    }
}

/// A packet of the server, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Sent {
    Data(u16, Vec<u8>),
    Oack(Vec<(String, String)>),
    Error(u16, String),
}

impl Sent {
    pub(crate) fn parse(datagram: &[u8]) -> Self {
        let number = u16::from_be_bytes([datagram[2], datagram[3]]);
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        match datagram[..2] {
            [0, 3] => Self::Data(number, datagram[4..].to_vec()),
            [0, 5] => {
                assert_eq!(datagram.last(), Some(&0));
                Self::Error(number, text(&datagram[4..datagram.len() - 1]))
            }
            [0, 6] => {
                assert_eq!(datagram.last(), Some(&0));
                let strings: Vec<_> = datagram[2..datagram.len() - 1].split(|&byte| byte == 0).collect();
                Self::Oack(strings.chunks(2).map(|pair| (text(pair[0]), text(pair[1]))).collect())
            }
            _ => panic!("the server must not send {datagram:?}"),
        }
    }
}

pub(crate) fn ack(block: u16) -> Vec<u8> {
    [&[0, 4], &block.to_be_bytes()[..]].concat()
}

pub(crate) fn error(code: u16, text: &str) -> Vec<u8> {
    [&[0, 5], &code.to_be_bytes()[..], text.as_bytes(), &[0]].concat()
}

pub(crate) fn rrq(name: &str, mode: &str, options: &[(&str, &str)]) -> Vec<u8> {
    let mut packet = vec![0, 1];
    for text in [name, mode].into_iter().chain(options.iter().flat_map(|(name, value)| [*name, *value])) {
        packet.extend_from_slice(text.as_bytes());
        packet.push(0);
    }
    packet
}

/// A transfer with its clock.
pub(crate) struct Rig {
    pub(crate) transfer: Transfer,
    pub(crate) now: Duration,
    sent: Vec<Sent>,
    events: Vec<EventKind>,
}

impl Rig {
    /// A lock-step client without options asks for a file of this length.
    pub(crate) fn plain(length: u64) -> Self {
        Self::new(Pattern(length), "octet", &[])
    }

    pub(crate) fn new(content: impl Content + 'static, mode: &str, options: &[(&str, &str)]) -> Self {
        Self::with(content, mode, options, &OptionPolicy::default(), Timing::default())
    }

    pub(crate) fn with(
        content: impl Content + 'static,
        mode: &str,
        options: &[(&str, &str)],
        policy: &OptionPolicy,
        timing: Timing,
    ) -> Self {
        let (_, request) = Request::parse(&rrq("57i.st", mode, options)).unwrap();
        let request = request.unwrap();
        let terms = Terms::negotiate(&request, content.len(), policy);
        let now = Duration::from_secs(1000);
        let transfer = Transfer::new(Box::new(content), request.mode, terms, timing, now);
        let mut rig = Self { transfer, now, sent: Vec::new(), events: Vec::new() };
        rig.collect();
        rig
    }

    fn collect(&mut self) {
        let mut outbox = Outbox::new();
        while self.transfer.transmit(&mut outbox, self.now) {
            self.sent.extend(outbox.datagrams().map(Sent::parse));
        }
        while let Some(event) = self.transfer.next_event() {
            self.events.push(event);
        }
    }

    /// Feeds a packet of the client and gives the server's answers.
    pub(crate) fn feed(&mut self, packet: &[u8]) -> Vec<Sent> {
        self.transfer.datagram(packet, self.now);
        self.collect();
        self.sent()
    }

    /// Lets time pass; the machine is woken at its deadlines and not otherwise.
    pub(crate) fn wait(&mut self, time: Duration) -> Vec<Sent> {
        let end = self.now + time;
        while let Some(deadline) = self.transfer.deadline().filter(|&deadline| deadline <= end) {
            // One that is past already, as after time that a test let pass by itself, is due now.
            self.now = deadline.max(self.now);
            self.transfer.tick(self.now);
            self.collect();
        }
        self.now = end;
        self.sent()
    }

    pub(crate) fn start_over(&mut self) -> Vec<Sent> {
        self.transfer.start_over(self.now);
        self.collect();
        self.sent()
    }

    pub(crate) fn stop(&mut self, reason: tftp_server::machine::StopReason) -> Vec<Sent> {
        self.transfer.stop(reason, self.now);
        self.collect();
        self.sent()
    }

    pub(crate) fn unsendable(&mut self, detail: &str) -> Vec<Sent> {
        self.sent.clear();
        self.transfer.unsendable(detail.into(), self.now);
        self.collect();
        self.sent()
    }

    pub(crate) fn sent(&mut self) -> Vec<Sent> {
        std::mem::take(&mut self.sent)
    }

    pub(crate) fn events(&mut self) -> Vec<EventKind> {
        std::mem::take(&mut self.events)
    }

    /// Acknowledges everything until the end and gives the payload.
    pub(crate) fn fetch(&mut self) -> Vec<u8> {
        let mut file = Vec::new();
        let mut pending = self.sent();
        while !pending.is_empty() {
            let mut last = 0;
            for packet in pending {
                match packet {
                    Sent::Data(block, bytes) => {
                        last = block;
                        file.extend_from_slice(&bytes);
                    }
                    Sent::Oack(_) => last = 0,
                    Sent::Error(code, text) => panic!("error {code} {text}"),
                }
            }
            pending = self.feed(&ack(last));
        }
        file
    }
}

pub(crate) const fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// DATA blocks by their numbers.
pub(crate) fn numbers(sent: &[Sent]) -> Vec<u16> {
    sent.iter()
        .map(|packet| match packet {
            Sent::Data(block, _) => *block,
            other => panic!("no DATA: {other:?}"),
        })
        .collect()
}

/// A file of the given bytes.
#[derive(Debug, Clone)]
pub(crate) struct Bytes(pub(crate) Vec<u8>);

impl Content for Bytes {
    fn len(&self) -> u64 {
        self.0.len() as u64
    }

    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let rest = &self.0[(offset as usize).min(self.0.len())..];
        // One byte less than asked, as a slow medium would give.
        let count = rest.len().min(buffer.len()).min((buffer.len() / 2).max(1));
        buffer[..count].copy_from_slice(&rest[..count]);
        Ok(count)
    }
}
