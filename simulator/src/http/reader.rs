//! Reads requests off one connection, read by read, so that the phone can be as short-sighted
//! as it likes (domain.md 1.4, quirk 1 and hypothesis H1).

use std::{io, time::Duration};

use tokio::{
    io::AsyncReadExt,
    net::TcpStream,
    time::{Instant, sleep, timeout},
};

use super::request::{METHODS, Request};
use crate::Timing;

/// Bytes; the payload of one full TCP segment on Ethernet (1500 less IP and TCP headers). A
/// phone that looks into one segment only sees no more than this.
const SEGMENT: usize = 1460;
/// Bytes; a longer head is no request of a browser.
const LONGEST_HEAD: usize = 16 * 1024;
/// Bytes; more than any firmware (domain.md 3.2: 64 MB).
const LONGEST_BODY: usize = 96 * 1024 * 1024;
/// Bytes; a longer body is a file.
const LONG_BODY: usize = 64 * 1024;
/// Bytes; the longest known method and a blank.
const METHOD_BYTES: usize = 5;

/// How the phone treats a POST's body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyRule {
    /// Waits for all of it.
    Whole,
    /// Takes only what came with the head; the rest stays in the line.
    WithHead,
    /// Throws away what came with the head, takes what comes later.
    AfterHead,
}

/// What a read brought.
#[derive(Debug)]
pub(crate) enum Incoming {
    Request(Box<Request>),
    /// Bytes that are no request.
    Stray(usize),
    /// The client is gone, silent or too long-winded.
    Closed,
}

/// One connection and the bytes not used yet.
#[derive(Debug)]
pub(crate) struct Reader {
    stream: TcpStream,
    buffer: Vec<u8>,
    patience: Duration,
    /// Bytes a second of a long body, at most.
    speed: Option<u32>,
    requests: u32,
}

impl Reader {
    /// `stray` are bytes that an earlier connection left behind.
    pub(crate) fn new(stream: TcpStream, stray: Vec<u8>, timing: &Timing) -> Self {
        Self {
            stream,
            buffer: stray,
            patience: timing.idle_client,
            speed: timing.bytes_per_second,
            requests: 0,
        }
    }

    pub(crate) fn stream(&mut self) -> &mut TcpStream {
        &mut self.stream
    }

    /// The next request.
    pub(crate) async fn next(&mut self, rule: BodyRule) -> Incoming {
        let mut reads = 0;
        // Bytes of another connection come before this one's first segment, not instead of it.
        if self.requests == 0 && !self.buffer.is_empty() && self.read().await.is_err() {
            return Incoming::Closed;
        }
        let head = loop {
            self.skip_empty_lines();
            if no_request(&self.buffer) {
                return Incoming::Stray(std::mem::take(&mut self.buffer).len());
            }
            if let Some(end) = head_end(&self.buffer) {
                break end;
            }
            if self.buffer.len() > LONGEST_HEAD {
                return Incoming::Closed;
            }
            match self.read().await {
                Ok(0) | Err(_) => return Incoming::Closed,
                Ok(_) => reads += 1,
            }
        };
        let rest = self.buffer.split_off(head);
        let parsed = Request::parse(&self.buffer);
        self.buffer = rest;
        let Some(mut request) = parsed else {
            return Incoming::Stray(head + std::mem::take(&mut self.buffer).len());
        };
        self.requests += 1;
        request.nth = self.requests;
        request.reads = reads;
        if request.content_length > LONGEST_BODY {
            return Incoming::Closed;
        }
        request.body_with_head = self.buffer.len().min(request.content_length);
        match self.body(&mut request, rule, reads).await {
            Ok(()) => Incoming::Request(Box::new(request)),
            Err(_) => Incoming::Closed,
        }
    }

    async fn body(&mut self, request: &mut Request, rule: BodyRule, reads: u32) -> io::Result<()> {
        let due = request.content_length;
        match rule {
            BodyRule::WithHead if reads <= 1 => {
                request.body = self.take(due);
                return Ok(());
            }
            BodyRule::WithHead => return Ok(()),
            BodyRule::AfterHead => {
                drop(self.take(due));
                if request.body_with_head > 0 {
                    return Ok(());
                }
            }
            BodyRule::Whole => {}
        }
        let started = Instant::now();
        while self.buffer.len() < due {
            self.pace(started, due).await;
            if self.read().await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            request.reads += 1;
        }
        request.body = self.take(due);
        Ok(())
    }

    /// No faster than the phone's speed, for people to see an upload's progress.
    async fn pace(&self, started: Instant, due: usize) {
        let Some(speed) = self.speed.filter(|_| due > LONG_BODY) else {
            return;
        };
        let micros = self.buffer.len() as u64 * 1_000_000 / u64::from(speed.max(1));
        let ahead = Duration::from_micros(micros).saturating_sub(started.elapsed());
        // Below a timer's grain a pause would slow down more than it should.
        if ahead > Duration::from_millis(5) {
            sleep(ahead).await;
        }
    }

    /// What still comes for a moment after the last reply, with what was never used.
    pub(crate) async fn rest(&mut self, linger: Duration) -> Vec<u8> {
        self.patience = linger;
        while self.buffer.len() < LONGEST_HEAD {
            match self.read().await {
                Ok(0) | Err(_) => break,
                Ok(_) => {}
            }
        }
        std::mem::take(&mut self.buffer)
    }

    /// Old browsers end a body with a line end that is not counted.
    fn skip_empty_lines(&mut self) {
        let start = self.buffer.iter().position(|byte| !byte.is_ascii_whitespace());
        drop(self.take(start.unwrap_or(self.buffer.len())));
    }

    fn take(&mut self, bytes: usize) -> Vec<u8> {
        let rest = self.buffer.split_off(bytes.min(self.buffer.len()));
        std::mem::replace(&mut self.buffer, rest)
    }

    /// One read of at most one segment.
    async fn read(&mut self) -> io::Result<usize> {
        let mut segment = [0; SEGMENT];
        let got = timeout(self.patience, self.stream.read(&mut segment)).await??;
        self.buffer.extend(segment.iter().take(got));
        Ok(got)
    }
}

/// Where the head ends: behind the first empty line.
fn head_end(bytes: &[u8]) -> Option<usize> {
    let find = |mark: &[u8]| {
        let at = bytes.windows(mark.len()).position(|part| part == mark)?;
        Some(at + mark.len())
    };
    match (find(b"\r\n\r\n"), find(b"\n\n")) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// Whether these bytes cannot become a request any more.
fn no_request(bytes: &[u8]) -> bool {
    let known = |method: &&str| {
        let start: Vec<u8> = format!("{method} ").into_bytes();
        let seen = bytes.len().min(start.len()).min(METHOD_BYTES);
        bytes.iter().take(seen).eq(start.iter().take(seen))
    };
    !METHODS.iter().any(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_that_can_become_a_request_is_waited_for() {
        for start in ["", "G", "GE", "GET", "GET / HT", "POST", "POST /x"] {
            assert!(!no_request(start.as_bytes()), "{start}");
        }
        for start in ["f", "file=57i.st", "GOT /", "PUT / HTTP/1.1", "\x16\x03\x01"] {
            assert!(no_request(start.as_bytes()), "{start:?}");
        }
    }

    #[test]
    fn the_head_ends_at_the_first_empty_line() {
        assert_eq!(head_end(b"GET / HTTP/1.0\r\n\r\nx\n\n"), Some(18));
        assert_eq!(head_end(b"GET / HTTP/1.0\n\n"), Some(16));
        assert_eq!(head_end(b"GET / HTTP/1.0\r\n"), None);
    }
}
