//! One transfer at work: its machine, and what its task or its thread needs besides a socket.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use super::listening::Asker;
use crate::event::{Event, Observer, TransferId};
use crate::machine::{Moment, StopReason, Transfer};

/// Bytes of a datagram that are looked at: an ACK has 4, an ERROR its text.
pub(super) const ANSWER_BYTES: usize = 516;

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

/// What the listening port has for a transfer.
#[derive(Debug)]
pub(super) enum Delivery {
    /// A packet from the peer (single-port mode).
    Packet(Box<[u8]>),
    /// The same request again, and where it came from.
    RequestAgain(Box<[u8]>, Asker),
}

/// A request that came too late for its transfer: it is a new one.
pub(super) type Leftover = Option<(Box<[u8]>, Asker)>;

/// A transfer and its surroundings.
pub(super) struct Work {
    pub(super) id: TransferId,
    pub(super) peer: SocketAddr,
    pub(super) transfer: Box<Transfer>,
    pub(super) observer: Arc<dyn Observer>,
    pub(super) clock: Clock,
    pub(super) deliveries: mpsc::Receiver<Delivery>,
    pub(super) stopped: oneshot::Receiver<StopReason>,
}

impl Work {
    /// Tells all events that the machine has.
    pub(super) fn tell(&mut self) {
        while let Some(kind) = self.transfer.next_event() {
            self.observer.event(Event { transfer: self.id, peer: self.peer, kind });
        }
    }

    /// The request came again; what the client sent before it was taken already. Gives it back
    /// when that has ended the transfer: an ERROR must end the old one and not the new one.
    pub(super) fn request_again(&mut self, request: Box<[u8]>, asker: Asker) -> Leftover {
        if self.transfer.is_over() {
            return Some((request, asker));
        }
        self.transfer.start_over(self.clock.now());
        None
    }

    /// What was delivered after the transfer's end.
    pub(super) fn leftover(mut self, before: Leftover) -> Leftover {
        self.deliveries.close();
        let mut again = before;
        while let Ok(delivery) = self.deliveries.try_recv() {
            if let Delivery::RequestAgain(request, asker) = delivery {
                again = Some((request, asker));
            }
        }
        again
    }
}
