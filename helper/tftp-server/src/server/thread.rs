//! A transfer as a thread: waits in the receive call itself, so that a block costs two system
//! calls and nothing that the rest of the process does delays it.
//!
//! In lock-step the turn-around of the server is half of a transfer's time. A task needs a wait
//! of the runtime besides, and a receive that finds nothing; `cargo xtask bench tftp` measures
//! both.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use super::again::{Delivery, Leftover};
use super::transfers::TROUBLE_WAIT;
use super::work::{ANSWER_BYTES, Flushed, NO_ROOM, Taken, Work};
use crate::machine::Moment;

/// So long a receive waits before orders and the time are looked at: short enough for an order
/// to be followed at once in a person's eyes, and idle for all but a few dozen wake-ups a
/// second.
const LOOK_UP: Duration = Duration::from_millis(20);

/// So long a thread looks for the next answer without sleeping, when the last ones came as soon:
/// about what falling asleep and being woken takes. A phone on a cable takes several times as long
/// to answer (a round trip and its own interrupt), so for it every thread sleeps.
const AT_ONCE: Duration = Duration::from_micros(50);
/// So many answers in a row must have come at once before a thread looks for the next one. A look
/// in vain costs them anew: where it holds up the very client that it waits for (one processor for
/// both), it stays a tenth of the time.
const EARNED: u8 = 8;

/// Most datagrams that are taken from before a repeated request: more is a flood.
const DRAIN: usize = 16;

/// Makes a socket wait, as [`run`] needs it.
pub(super) fn prepare(socket: &UdpSocket) -> io::Result<()> {
    socket.set_nonblocking(false)?;
    socket.set_read_timeout(Some(LOOK_UP))?;
    socket.set_write_timeout(Some(NO_ROOM))
}

/// Runs a transfer to its end.
pub(super) fn run(work: Work, socket: UdpSocket) -> Leftover {
    let mut thread = Thread { work, socket, at_once: 0 };
    let again = thread.run();
    let socket =
        thread.socket.set_nonblocking(true).and_then(|()| tokio::net::UdpSocket::from_std(thread.socket));
    match socket {
        Ok(socket) => thread.work.hear_late_words(socket),
        Err(error) => tracing::debug!(%error, "late words are not heard"),
    }
    thread.work.leftover(again)
}

struct Thread {
    work: Work,
    socket: UdpSocket,
    /// So many of the last answers came within [`AT_ONCE`], up to [`EARNED`].
    at_once: u8,
}

impl Thread {
    fn run(&mut self) -> Leftover {
        let mut buffer = [0; ANSWER_BYTES];
        let mut again = None;
        self.flush(self.work.clock.now());
        while !self.work.is_over() {
            self.receive(&mut buffer);
            if let Some(stop) = self.work.told_to_stop() {
                self.work.obey(stop);
            }
            if let Ok(Delivery::RequestAgain(request, asker)) = self.work.deliveries.try_recv() {
                self.drain(&mut buffer);
                again = self.work.request_again(request, asker);
            }
            let now = self.work.clock.now();
            self.work.tick_if_due(now);
            self.flush(now);
        }
        again
    }

    /// Waits for a datagram, for a while, and takes it. Says whether there was one.
    fn receive(&mut self, buffer: &mut [u8]) -> bool {
        let received = self.next_datagram(buffer);
        match self.work.take(&self.socket, received, buffer) {
            Taken::Something => {
                self.flush(self.work.clock.now());
                true
            }
            Taken::Nothing => false,
            Taken::Trouble => {
                std::thread::sleep(TROUBLE_WAIT);
                false
            }
        }
    }

    /// The next datagram, or the end of the wait for it.
    fn next_datagram(&mut self, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        let start = Instant::now();
        while self.at_once >= EARNED {
            if start.elapsed() >= AT_ONCE {
                self.at_once = 0;
                break;
            }
            match receive_now(&self.socket, buffer) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => std::hint::spin_loop(),
                received => return received,
            }
        }
        let received = self.socket.recv_from(buffer);
        let is_at_once = received.is_ok() && start.elapsed() < AT_ONCE;
        self.at_once = if is_at_once { EARNED.min(self.at_once + 1) } else { 0 };
        received
    }

    /// Takes what is there already.
    fn drain(&mut self, buffer: &mut [u8]) {
        if self.socket.set_nonblocking(true).is_ok() {
            for _ in 0..DRAIN {
                if self.work.is_over() || !self.receive(buffer) {
                    break;
                }
            }
        }
        if let Err(error) = self.socket.set_nonblocking(false) {
            // Then it looks up all the time, and works.
            tracing::warn!(transfer = %self.work.id, %error, "the socket does not wait");
        }
    }

    fn flush(&mut self, now: Moment) {
        // The socket has waited for room, for as long as it may.
        if self.work.flush(&self.socket, now) == Flushed::NoRoom {
            self.work.lose_rest(now);
        }
    }
}

/// A datagram, if there is one, from a socket that waits.
#[cfg(target_os = "linux")]
fn receive_now(socket: &UdpSocket, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
    super::linux::receive_now(socket, buffer)
}

/// Elsewhere a receive cannot be told not to wait: it does.
#[cfg(not(target_os = "linux"))]
fn receive_now(socket: &UdpSocket, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
    socket.recv_from(buffer)
}
