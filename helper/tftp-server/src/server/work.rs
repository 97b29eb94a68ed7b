//! One transfer at work: its machine, and all that its task or its thread does alike. What is
//! left to them is how they wait.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::sync::oneshot::error::TryRecvError;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use super::again::Delivery;
use super::guard::GuardedObserver;
use super::late;
use super::sending::{Datagrams, Way, send_or_lose};
use super::trouble::ReceiveTrouble;
use crate::event::{Event, EventKind, Observer, TransferId};
use crate::machine::{Moment, Outbox, StopReason, Transfer};
use crate::packet::foreign_tid_answer;
use crate::peers::Peers;

/// Bytes of a datagram that are looked at: an ACK has 4, an ERROR its text.
pub(super) const ANSWER_BYTES: usize = 516;
/// So long the system may have no room for a datagram; then it counts as lost, with all that
/// would have followed it.
pub(super) const NO_ROOM: Duration = Duration::from_secs(1);

/// The clock of one server: time since its start.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock(Instant);

impl Clock {
    pub(super) fn start() -> Self {
        Self(Instant::now())
    }

    pub(super) fn now(self) -> Moment {
        self.0.elapsed()
    }

    pub(super) fn instant(self, moment: Moment) -> Instant {
        self.0 + moment
    }
}

/// What the listener has told a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// To end.
    Because(StopReason),
    /// Nothing ever again: the server was dropped, and with it everybody who would want to know.
    Gone,
}

/// What came of an attempt to receive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    Something,
    Nothing,
    /// The system is in trouble: wait before the next attempt.
    Trouble,
}

/// What came of an attempt to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flushed {
    All,
    /// The system has no room: flush again when it has, or [`Work::lose_rest`].
    NoRoom,
}

/// A transfer and its surroundings.
pub(super) struct Work {
    pub(super) id: TransferId,
    /// The peer as events tell it.
    pub(super) peer: SocketAddr,
    pub(super) transfer: Box<Transfer>,
    pub(super) observer: Arc<GuardedObserver>,
    pub(super) clock: Clock,
    pub(super) deliveries: mpsc::Receiver<Delivery>,
    /// Empty once it has said something.
    pub(super) stop: Option<oneshot::Receiver<StopReason>>,
    /// Who is told that it has the wrong port.
    pub(super) allowed: Peers,
    pub(super) way: Way,
    pub(super) outbox: Outbox,
    /// The outbox holds a batch that has not left, or not as a whole.
    pub(super) unsent: bool,
    pub(super) gone: bool,
    /// The last ACK came.
    pub(super) confirmed: bool,
}

impl Work {
    /// Whether there is nothing left to do.
    pub(super) fn is_over(&self) -> bool {
        self.gone || self.transfer.is_over()
    }

    /// Takes what a receive on the transfer's own port gave.
    pub(super) fn take(
        &mut self,
        socket: &impl Datagrams,
        received: io::Result<(usize, SocketAddr)>,
        buffer: &[u8],
    ) -> Taken {
        match received {
            Ok((length, from)) if self.way.is_peer(from) => {
                self.transfer.datagram(&buffer[..length], self.clock.now());
            }
            Ok((length, from)) => {
                // RFC 1350 section 4 wants it told, but strangers get no answer to anything.
                if self.allowed.allows(from.ip())
                    && let Some(answer) = foreign_tid_answer(&buffer[..length])
                {
                    send_or_lose(socket, &answer, from);
                }
            }
            Err(error) => match ReceiveTrouble::of(&error) {
                ReceiveTrouble::Empty => return Taken::Nothing,
                ReceiveTrouble::Passing => {}
                ReceiveTrouble::Serious => {
                    // The resend timer will try again.
                    tracing::warn!(transfer = %self.id, %error, "cannot receive");
                    return Taken::Trouble;
                }
            },
        }
        Taken::Something
    }

    /// Resends and gives up when it is time, whatever else is going on.
    pub(super) fn tick_if_due(&mut self, now: Moment) {
        if self.transfer.deadline().is_some_and(|deadline| deadline <= now) {
            self.transfer.tick(now);
        }
    }

    /// Sends all packets and tells all events that the machine has.
    pub(super) fn flush(&mut self, socket: &impl Datagrams, now: Moment) -> Flushed {
        while self.unsent || self.transfer.transmit(&mut self.outbox, now) {
            self.unsent = false;
            match self.way.send(socket, &self.outbox) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.unsent = true;
                    return Flushed::NoRoom;
                }
                Err(error) => self.transfer.unsendable(error.to_string(), now),
            }
        }
        self.tell();
        Flushed::All
    }

    /// All that waits to be sent counts as lost.
    pub(super) fn lose_rest(&mut self, now: Moment) {
        self.way.lose_rest();
        self.unsent = false;
        while self.transfer.transmit(&mut self.outbox, now) {}
        self.tell();
    }

    fn tell(&mut self) {
        while let Some(kind) = self.transfer.next_event() {
            self.confirmed |= matches!(kind, EventKind::Finished { confirmed: true, .. });
            self.observer.event(Event { transfer: self.id, peer: self.peer, kind });
        }
    }

    /// Listens for what the client may still say, where that can only be about its file.
    pub(super) fn hear_late_words(&self, socket: tokio::net::UdpSocket) {
        if self.confirmed && !self.gone {
            late::listen(socket, self.id, self.peer, Arc::clone(&self.observer));
        }
    }

    /// Waits until the listener has something to say. It says it once.
    pub(super) fn poll_stop(&mut self, context: &mut Context<'_>) -> Poll<Stop> {
        let Some(stop) = &mut self.stop else { return Poll::Pending };
        let Poll::Ready(told) = Pin::new(stop).poll(context) else { return Poll::Pending };
        self.stop = None;
        Poll::Ready(told.map_or(Stop::Gone, Stop::Because))
    }

    /// What the listener has to say, if it has anything.
    pub(super) fn told_to_stop(&mut self) -> Option<Stop> {
        let told = match self.stop.as_mut()?.try_recv() {
            Ok(reason) => Stop::Because(reason),
            Err(TryRecvError::Empty) => return None,
            Err(TryRecvError::Closed) => Stop::Gone,
        };
        self.stop = None;
        Some(told)
    }

    /// Does what the listener says.
    pub(super) fn obey(&mut self, stop: Stop) {
        match stop {
            Stop::Because(reason) => self.transfer.stop(reason, self.clock.now()),
            Stop::Gone => self.gone = true,
        }
    }
}
