//! A client as the RFCs have it, with the manners of the phones' own clients. It never trusts:
//! every byte is compared with the file that it asked for.

use std::time::Duration;

use crate::link::LISTENING;
use crate::rig::{Pattern, Sent, ack, error, rrq};

/// What a client does with a packet that it does not expect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// Ignores it, as BusyBox does.
    Ignore,
    /// Acknowledges the last good block again, as RFC 1350 clients do.
    AckAgain,
    /// Acknowledges the block before the expected one again and aborts on any other, as VxWorks
    /// does.
    Abort,
}

/// How the client fared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Still at it.
    Running,
    /// The whole file, every byte as it should be.
    Complete,
    /// Bytes that are not the file's: this must never happen.
    Wrong(String),
    /// The server said so.
    Error(u16, String),
    /// No answer for longer than its patience.
    GaveUp,
    /// A packet that it cannot bear.
    Surprised(String),
}

#[derive(Debug)]
pub(crate) struct Client {
    /// The file's length, as tsize has it.
    length: u64,
    /// The bytes as they travel, when they are not the pattern itself.
    converted: Option<Vec<u8>>,
    options: bool,
    manner: Manner,
    block_size: usize,
    window: u64,
    resend: Duration,
    patience: Duration,
    /// Pauses once at this block for this long, as a phone that writes its flash.
    pause: Option<(u64, Duration)>,
    paused_until: Option<Duration>,
    waiting: Vec<(u16, Vec<u8>)>,
    server: Option<u16>,
    /// The last block taken.
    taken: u64,
    since_ack: u64,
    last_packet: Vec<u8>,
    last_sent: Duration,
    last_heard: Option<Duration>,
    gap_told: bool,
    outgoing: Vec<(u16, Vec<u8>)>,
    outcome: Outcome,
}

impl Client {
    pub(crate) fn new(length: u64, options: &[(&str, &str)], manner: Manner) -> Self {
        let request = rrq("57i.st", "octet", options);
        Self {
            length,
            converted: None,
            outgoing: vec![(LISTENING, request.clone())],
            last_packet: request,
            options: !options.is_empty(),
            manner,
            block_size: 512,
            window: 1,
            resend: Duration::from_secs(5),
            patience: Duration::from_secs(120),
            pause: None,
            paused_until: None,
            waiting: Vec::new(),
            server: None,
            taken: 0,
            since_ack: 0,
            last_sent: Duration::from_secs(1),
            last_heard: None,
            gap_told: false,
            outcome: Outcome::Running,
        }
    }

    /// A client that asks for netascii.
    pub(crate) fn netascii(length: u64, options: &[(&str, &str)], manner: Manner) -> Self {
        let mut client = Self::new(length, options, manner);
        let request = rrq("57i.st", "netascii", options);
        let mut converted = Vec::new();
        for byte in Pattern(length).bytes() {
            converted.push(if byte == b'\n' { b'\r' } else { byte });
            match byte {
                b'\n' => converted.push(b'\n'),
                b'\r' => converted.push(0),
                _ => {}
            }
        }
        client.converted = Some(converted);
        client.outgoing = vec![(LISTENING, request.clone())];
        client.last_packet = request;
        client
    }

    pub(crate) fn resends_every(mut self, time: Duration) -> Self {
        self.resend = time;
        self
    }

    pub(crate) fn gives_up_after(mut self, time: Duration) -> Self {
        self.patience = time;
        self
    }

    pub(crate) fn pauses_at(mut self, block: u64, time: Duration) -> Self {
        self.pause = Some((block, time));
        self
    }

    pub(crate) fn outcome(&self) -> Outcome {
        self.outcome.clone()
    }

    pub(crate) fn outgoing(&mut self, now: Duration) -> Vec<(u16, Vec<u8>)> {
        let outgoing = std::mem::take(&mut self.outgoing);
        if !outgoing.is_empty() {
            self.last_sent = now;
        }
        outgoing
    }

    pub(crate) fn deadline(&self) -> Option<Duration> {
        if self.outcome != Outcome::Running {
            return None;
        }
        Some(self.paused_until.unwrap_or(self.last_sent + self.resend))
    }

    pub(crate) fn tick(&mut self, now: Duration) {
        if self.outcome != Outcome::Running {
            return;
        }
        if let Some(until) = self.paused_until {
            if now >= until {
                self.paused_until = None;
                for (port, bytes) in std::mem::take(&mut self.waiting) {
                    self.datagram(port, &bytes, now);
                }
            }
            return;
        }
        let heard = *self.last_heard.get_or_insert(now);
        if now >= heard + self.patience {
            self.outcome = Outcome::GaveUp;
        } else if now >= self.last_sent + self.resend {
            self.outgoing.push((self.server.unwrap_or(LISTENING), self.last_packet.clone()));
            self.last_sent = now;
        }
    }

    pub(crate) fn datagram(&mut self, port: u16, bytes: &[u8], now: Duration) {
        if self.paused_until.is_some() {
            self.waiting.push((port, bytes.to_vec()));
            return;
        }
        match self.outcome {
            Outcome::Running => {}
            // It stays a little to answer a repeated last block.
            Outcome::Complete if self.manner == Manner::AckAgain => {
                if let (Sent::Data(..), true) = (Sent::parse(bytes), self.server == Some(port)) {
                    self.outgoing.push((port, self.last_packet.clone()));
                }
                return;
            }
            _ => return,
        }
        let server = *self.server.get_or_insert(port);
        if server != port {
            self.outgoing.push((port, error(5, "unknown transfer id")));
            return;
        }
        match Sent::parse(bytes) {
            Sent::Error(code, text) => self.outcome = Outcome::Error(code, text),
            Sent::Oack(options) => self.oack(&options, now),
            Sent::Data(number, payload) => self.data(number, &payload, now),
        }
    }

    fn oack(&mut self, options: &[(String, String)], now: Duration) {
        if !self.options {
            self.outcome = Outcome::Surprised("an OACK without options".into());
            return;
        }
        if self.taken > 0 {
            return;
        }
        for (name, value) in options {
            match name.as_str() {
                "blksize" => self.block_size = value.parse().unwrap(),
                "windowsize" => self.window = value.parse().unwrap(),
                "tsize" if value.parse() != Ok(self.length) => {
                    self.outcome = Outcome::Wrong(format!("tsize {value}"));
                }
                _ => {}
            }
        }
        self.last_heard = Some(now);
        self.acknowledge();
    }

    fn data(&mut self, number: u16, payload: &[u8], now: Duration) {
        let expected = self.taken + 1;
        if number != (expected & 0xffff) as u16 {
            return self.unexpected(number);
        }
        let offset = self.taken * self.block_size as u64;
        if payload != self.wanted(offset) {
            self.outcome = Outcome::Wrong(format!("block {expected}"));
            return;
        }
        self.taken = expected;
        self.last_heard = Some(now);
        self.since_ack += 1;
        self.gap_told = false;
        let last = payload.len() < self.block_size;
        if last || self.since_ack == self.window {
            self.acknowledge();
        }
        if last {
            self.outcome = Outcome::Complete;
        } else if let Some((block, time)) = self.pause
            && block == expected
        {
            self.pause = None;
            self.outgoing.clear();
            self.waiting.clear();
            self.paused_until = Some(now + time);
            // It acknowledges only when the flash is written.
            self.last_sent = now + time - self.resend;
        }
    }

    /// What belongs into the block that begins here.
    fn wanted(&self, offset: u64) -> Vec<u8> {
        if let Some(converted) = &self.converted {
            let rest = &converted[(offset as usize).min(converted.len())..];
            return rest[..rest.len().min(self.block_size)].to_vec();
        }
        let mut wanted = vec![0; self.block_size.min((self.length.saturating_sub(offset)) as usize)];
        Pattern::fill(offset, &mut wanted);
        wanted
    }

    fn unexpected(&mut self, number: u16) {
        let before = number == (self.taken & 0xffff) as u16;
        match self.manner {
            Manner::Ignore if self.window == 1 => {}
            Manner::AckAgain if self.window == 1 => self.acknowledge(),
            Manner::Abort if before => self.acknowledge(),
            Manner::Abort => {
                self.outcome = Outcome::Surprised(format!("block {number} after {}", self.taken));
            }
            // RFC 7440: one ACK for a gap, not one for each block behind it.
            Manner::Ignore | Manner::AckAgain => {
                if !self.gap_told {
                    self.gap_told = true;
                    self.acknowledge();
                }
            }
        }
    }

    fn acknowledge(&mut self) {
        self.since_ack = 0;
        self.last_packet = ack((self.taken & 0xffff) as u16);
        if let Some(server) = self.server {
            self.outgoing.push((server, self.last_packet.clone()));
        }
    }
}
