//! A transfer as a thread: waits in the receive call itself, so that a block costs two system
//! calls and nothing that the rest of the process does delays it.
//!
//! In lock-step the turn-around of the server is half of a transfer's time. A task needs a wait
//! of the runtime besides, and a receive that finds nothing; `cargo xtask bench tftp` measures
//! both.

use std::io;
use std::net::UdpSocket;
use std::time::Duration;

use super::again::{Delivery, Leftover};
use super::transfers::TROUBLE_WAIT;
use super::work::{ANSWER_BYTES, Flushed, NO_ROOM, Taken, Work};
use crate::machine::Moment;

/// So long a receive waits before orders and the time are looked at: short enough for an order
/// to be followed at once in a person's eyes, and idle for all but a few dozen wake-ups a
/// second.
const LOOK_UP: Duration = Duration::from_millis(20);

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
    let mut thread = Thread { work, socket };
    let again = thread.run();
    thread.work.leftover(again)
}

struct Thread {
    work: Work,
    socket: UdpSocket,
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
        let received = self.socket.recv_from(buffer);
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
