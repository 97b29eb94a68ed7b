//! A request that comes again from the TID of a running transfer.
//!
//! It comes in at the listening port, and what the client sent before it may still lie unread at
//! the transfer's own port. An ACK or an ERROR there belongs to the old run: the client that
//! refuses an OACK with ERROR 8 asks again right behind it. So the transfer takes what lies there
//! first, and then starts over; if it has ended by then, the request goes back to the listening
//! port, and is a new one.

use super::listening::Asker;
use super::work::Work;

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

impl Work {
    /// The request came again; what the client sent before it was taken already. Gives it back
    /// when that has ended the transfer.
    pub(super) fn request_again(&mut self, request: Box<[u8]>, asker: Asker) -> Leftover {
        if self.is_over() {
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
