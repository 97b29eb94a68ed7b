//! One transfer: the sender's half of RFC 1350 with the window of RFC 7440. What arrives is taken
//! in [`acks`], what leaves is made in [`packets`], what is told about it waits in [`telling`].
//!
//! The rules that old boot loaders depend on: DATA goes out only for a new ACK or after a
//! silence, never for a duplicate ACK (RFC 1123 section 4.2.3.1, the Sorcerer's Apprentice);
//! an OACK only if the request holds options; an ERROR is never answered; a block number is 16
//! bits wide and 65535 is followed by 0.

mod acks;
mod packets;
mod telling;

use std::fmt;
use std::time::Duration;

use super::Moment;
use super::blocks::Blocks;
use crate::event::{AbandonReason, EventKind, RepeatCause};
use crate::options::Terms;
use crate::packet::{ErrorCode, error_packet};
use crate::request::Mode;
use crate::source::Content;
use crate::timing::{ResendTimer, Timing};
use telling::Telling;

/// Why a transfer is ended from our side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopReason {
    /// Somebody cancelled it; the peer is told.
    Cancelled,
    /// The server shuts down; the peer is told.
    ShutDown,
    /// The same TID asks for something else; the peer is not told, it would take the ERROR for
    /// an answer to its new request.
    Superseded,
}

/// Where a transfer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// The OACK is out, or about to go out; ACK 0 is awaited (RFC 2347).
    Greeting,
    /// DATA flows.
    Flowing,
    /// Finished or abandoned.
    Over,
}

/// A request this soon after the first may be its second copy: sent twice at once, or doubled by
/// the network. The answer to the first is on its way, and a VxWorks client that gets it twice
/// empties its socket of whatever came behind it (domain.md 5.1, "drains socket").
const SECOND_COPY: Duration = Duration::from_millis(500);

/// So long an ACK may take to show that it was only a copy; without one the client means it, and
/// all begins anew. Many round trips on a cable, and shorter than any client's patience.
const COPY_PATIENCE: Duration = Duration::from_millis(200);

/// One running transfer. Feed it with [`Transfer::datagram`] and [`Transfer::tick`]; after each,
/// take all that [`Transfer::transmit`] and [`Transfer::next_event`] have.
pub struct Transfer {
    blocks: Blocks,
    terms: Terms,
    timing: Timing,
    phase: Phase,
    /// The OACK waits to be sent.
    oack_due: bool,
    /// The highest block acknowledged.
    acknowledged: u64,
    /// The next block to send.
    next: u64,
    /// The highest block that was ever sent.
    highest: u64,
    /// When the first packet of the running flight (window or OACK) left.
    flight_sent: Moment,
    /// When the last packet left; the resend timer runs from here.
    last_sent: Moment,
    /// Something in the running flight was sent before: its round trip tells nothing.
    flight_repeated: bool,
    /// A duplicate ACK has already caused a repeat of this window.
    gap_answered: bool,
    resend: ResendTimer,
    /// When the transfer began, or began anew.
    begun: Moment,
    /// When all begins anew, unless the client goes on before.
    anew_due: Option<Moment>,
    /// When the peer was last heard.
    heard: Moment,
    /// When the transfer last moved on.
    moved: Moment,
    repeats: u32,
    telling: Telling,
    /// The ERROR that ends the transfer.
    farewell: Option<Vec<u8>>,
}

impl fmt::Debug for Transfer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Transfer")
            .field("phase", &self.phase)
            .field("terms", &self.terms)
            .field("acknowledged", &self.acknowledged)
            .field("next", &self.next)
            .field("highest", &self.highest)
            .field("repeats", &self.repeats)
            .finish_non_exhaustive()
    }
}

impl Transfer {
    /// Begins a transfer on these terms; the first packets are ready at once. `now` is the time
    /// since a start of the caller's choice, the same one for all calls.
    #[must_use]
    pub fn new(content: Box<dyn Content>, mode: Mode, terms: Terms, timing: Timing, now: Moment) -> Self {
        let timing = timing.clamped();
        let blocks = Blocks::new(content, mode, terms.block_size);
        let options = terms.oack.is_some();
        let negotiated = EventKind::Negotiated {
            block_size: terms.block_size,
            window: terms.window,
            timeout: terms.timeout,
            options,
            total: blocks.total(),
            mode,
        };
        Self {
            blocks,
            phase: if options { Phase::Greeting } else { Phase::Flowing },
            oack_due: options,
            acknowledged: 0,
            next: 1,
            highest: 0,
            flight_sent: now,
            last_sent: now,
            begun: now,
            anew_due: None,
            flight_repeated: false,
            gap_answered: false,
            resend: ResendTimer::new(&timing, options, terms.timeout),
            heard: now,
            moved: now,
            repeats: 0,
            telling: Telling::new(timing.progress, negotiated),
            farewell: None,
            terms,
            timing,
        }
    }

    /// Whether the transfer has ended. What [`Transfer::transmit`] and [`Transfer::next_event`]
    /// still have must be taken nevertheless.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.phase == Phase::Over
    }

    /// When [`Transfer::tick`] must be called at the latest.
    #[must_use]
    pub fn deadline(&self) -> Option<Moment> {
        if self.is_over() {
            return None;
        }
        let patience = if self.only_last_ack_missing() { self.last_ack() } else { self.silence() };
        let deadline = self
            .last_sent
            .saturating_add(self.resend.wait())
            .min(self.heard.saturating_add(patience))
            .min(self.moved.saturating_add(self.stall()));
        Some([self.telling.deadline(), self.anew_due].into_iter().flatten().fold(deadline, Moment::min))
    }

    /// The time has come, or may have: resends and gives up.
    pub fn tick(&mut self, now: Moment) {
        if self.is_over() {
            return;
        }
        if self.telling.deadline().is_some_and(|deadline| deadline <= now) {
            self.tell_progress(now);
        }
        if self.anew_due.is_some_and(|due| due <= now) {
            return self.begin_anew(now);
        }
        let silent = now.saturating_sub(self.heard);
        if self.only_last_ack_missing() && silent >= self.last_ack() {
            self.finish(false, now);
        } else if silent >= self.silence() {
            self.tell_progress(now);
            self.abandon(AbandonReason::Silent { after_block: self.acknowledged });
        } else if now.saturating_sub(self.moved) >= self.stall() {
            self.tell_progress(now);
            self.give_notice("no progress");
            self.abandon(AbandonReason::Stalled { after_block: self.acknowledged });
        } else if now.saturating_sub(self.last_sent) >= self.resend.wait() {
            self.resend.expired();
            self.repeat(RepeatCause::Silence, now);
        }
    }

    /// The client has sent its request again from the same TID: all begins anew, from the
    /// same port, because the client may already have locked on to it. A request right behind
    /// the first may be only its second copy: then the client goes on by itself in a moment.
    pub fn start_over(&mut self, now: Moment) {
        if self.is_over() {
            return;
        }
        if now.saturating_sub(self.begun) < SECOND_COPY {
            self.anew_due = Some(now.saturating_add(COPY_PATIENCE));
        } else {
            self.begin_anew(now);
        }
    }

    fn begin_anew(&mut self, now: Moment) {
        self.anew_due = None;
        self.begun = now;
        self.blocks.rewind();
        self.acknowledged = 0;
        self.highest = 0;
        self.gap_answered = false;
        self.heard = now;
        self.moved = now;
        self.phase = if self.terms.oack.is_some() { Phase::Greeting } else { Phase::Flowing };
        self.resend.progressed();
        self.telling.progress_due = false;
        self.repeat(RepeatCause::Request, now);
    }

    /// Ends the transfer from our side.
    pub fn stop(&mut self, reason: StopReason, now: Moment) {
        if self.is_over() {
            return;
        }
        let reason = match reason {
            // The client has all it wants, or it would not ask for more.
            StopReason::Superseded if self.only_last_ack_missing() => {
                return self.finish(false, now);
            }
            StopReason::Superseded => AbandonReason::Superseded,
            StopReason::Cancelled => {
                self.give_notice("cancelled by the server");
                AbandonReason::Cancelled
            }
            StopReason::ShutDown => {
                self.give_notice("the server shuts down");
                AbandonReason::ShutDown
            }
        };
        self.tell_progress(now);
        self.abandon(reason);
    }

    /// The packets cannot be sent, and will not be sendable later.
    pub fn unsendable(&mut self, detail: String, now: Moment) {
        if self.is_over() {
            return;
        }
        self.tell_progress(now);
        self.give_notice("the packets cannot be sent, ask for smaller blocks");
        self.abandon(AbandonReason::Unsendable { detail });
    }

    /// The next event, if there is one.
    pub fn next_event(&mut self) -> Option<EventKind> {
        self.telling.next()
    }

    /// Everything was sent, and all but the last window acknowledged. An ACK of the OACK alone
    /// says nothing about the file.
    fn only_last_ack_missing(&self) -> bool {
        self.acknowledged > 0 && self.phase == Phase::Flowing && self.blocks.last() == Some(self.highest)
    }

    /// A client that waits long between its own resends is given as much time.
    fn silence(&self) -> Moment {
        self.timing.silence.max(self.terms.timeout.unwrap_or_default() * 3)
    }

    fn last_ack(&self) -> Moment {
        self.timing.last_ack.max(self.terms.timeout.unwrap_or_default() * 3)
    }

    fn stall(&self) -> Moment {
        self.timing.stall.max(self.silence())
    }

    /// Tells the acknowledged bytes if nobody knows them yet.
    fn tell_progress(&mut self, now: Moment) {
        if self.telling.progress_due {
            let bytes = self.blocks.acknowledged(self.acknowledged);
            self.telling.progress(bytes, self.blocks.total(), now);
        }
    }

    fn finish(&mut self, confirmed: bool, now: Moment) {
        self.tell_progress(now);
        self.phase = Phase::Over;
        self.telling.event(EventKind::Finished { bytes: self.blocks.total(), confirmed });
    }

    fn give_notice(&mut self, text: &str) {
        self.farewell = Some(error_packet(ErrorCode::Undefined, text));
    }

    fn abandon(&mut self, reason: AbandonReason) {
        self.phase = Phase::Over;
        self.telling.event(EventKind::Abandoned { reason });
    }
}
