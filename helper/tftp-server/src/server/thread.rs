//! A transfer as a thread: waits in the receive call itself, so that a block costs two system
//! calls and nothing that the rest of the process does delays it.
//!
//! In lock-step the turn-around of the server is half of a transfer's time. A task needs a wait
//! of the runtime besides, and a receive that finds nothing; the bench tells the difference.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::time::Duration;

use tokio::sync::oneshot::error::TryRecvError;

use super::listener::TROUBLE_WAIT;
use super::sending::{Way, send_or_lose};
use super::trouble::ReceiveTrouble;
use super::work::{ANSWER_BYTES, Delivery, Leftover, Work};
use crate::machine::{Moment, Outbox};
use crate::packet::foreign_tid_answer;

/// So long a receive waits before orders and the time are looked at: short enough for an order
/// to be followed at once in a person's eyes, and idle for all but a few dozen wake-ups a
/// second.
const LOOK_UP: Duration = Duration::from_millis(20);
/// So long the system may have no room for a datagram; then it counts as lost.
const NO_ROOM: Duration = Duration::from_secs(1);

/// Most datagrams that are taken from before a repeated request: more is a flood.
const DRAIN: usize = 16;

/// Makes a socket wait, as [`run`] needs it.
pub(super) fn prepare(socket: &UdpSocket) -> io::Result<()> {
    socket.set_nonblocking(false)?;
    socket.set_read_timeout(Some(LOOK_UP))?;
    socket.set_write_timeout(Some(NO_ROOM))
}

/// Runs a transfer to its end. `peer` is its address as the socket tells it.
pub(super) fn run(work: Work, socket: UdpSocket, peer: SocketAddr) -> Leftover {
    let mut thread = Thread { work, socket, way: Way::to(peer), outbox: Outbox::new() };
    let again = thread.run();
    thread.work.leftover(again)
}

struct Thread {
    work: Work,
    socket: UdpSocket,
    way: Way,
    outbox: Outbox,
}

impl Thread {
    fn run(&mut self) -> Leftover {
        let mut buffer = [0; ANSWER_BYTES];
        let mut again = None;
        self.flush(self.work.clock.now());
        while !self.work.transfer.is_over() {
            self.receive(&mut buffer);
            match self.work.stopped.try_recv() {
                Ok(reason) => self.work.transfer.stop(reason, self.work.clock.now()),
                Err(TryRecvError::Empty) => {}
                // The server was dropped, and with it everybody who would want to know.
                Err(TryRecvError::Closed) => return None,
            }
            if let Ok(Delivery::RequestAgain(request, asker)) = self.work.deliveries.try_recv() {
                self.drain(&mut buffer);
                again = self.work.request_again(request, asker);
            }
            let now = self.work.clock.now();
            if self.work.transfer.deadline().is_some_and(|deadline| deadline <= now) {
                self.work.transfer.tick(now);
            }
            self.flush(now);
        }
        again
    }

    /// Waits for a datagram, for a while, and takes it. Says whether there was one.
    fn receive(&mut self, buffer: &mut [u8]) -> bool {
        match self.socket.recv_from(buffer) {
            Ok((length, from)) if self.way.is_peer(from) => {
                let now = self.work.clock.now();
                self.work.transfer.datagram(&buffer[..length], now);
                self.flush(now);
            }
            Ok((length, from)) => {
                if let Some(answer) = foreign_tid_answer(&buffer[..length]) {
                    send_or_lose(&self.socket, &answer, from);
                }
            }
            Err(error) => match ReceiveTrouble::of(&error) {
                ReceiveTrouble::Empty => return false,
                ReceiveTrouble::Passing => {}
                ReceiveTrouble::Serious => {
                    // The resend timer will try again.
                    tracing::warn!(transfer = %self.work.id, %error, "cannot receive");
                    std::thread::sleep(TROUBLE_WAIT);
                    return false;
                }
            },
        }
        true
    }

    /// Takes what is there already.
    fn drain(&mut self, buffer: &mut [u8]) {
        if self.socket.set_nonblocking(true).is_ok() {
            for _ in 0..DRAIN {
                if self.work.transfer.is_over() || !self.receive(buffer) {
                    break;
                }
            }
        }
        if let Err(error) = self.socket.set_nonblocking(false) {
            // Then it looks up all the time, and works.
            tracing::warn!(transfer = %self.work.id, %error, "the socket does not wait");
        }
    }

    /// Sends all packets and tells all events that the machine has.
    fn flush(&mut self, now: Moment) {
        while self.work.transfer.transmit(&mut self.outbox, now) {
            match self.way.send(&self.socket, &self.outbox) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => self.way.lose_rest(),
                Err(error) => self.work.transfer.unsendable(error.to_string(), now),
            }
        }
        self.work.tell();
    }
}
