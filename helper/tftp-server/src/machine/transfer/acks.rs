//! What the peer says: ACK and ERROR, and what is neither.

use super::packets::wire_number;
use super::{Phase, Transfer};
use crate::event::{AbandonReason, EventKind, RepeatCause};
use crate::machine::Moment;
use crate::packet::Packet;

impl Transfer {
    /// Takes a datagram that the peer has sent to this transfer. One from another address is
    /// not for here, see [`crate::packet::foreign_tid_answer`].
    pub fn datagram(&mut self, datagram: &[u8], now: Moment) {
        if self.is_over() {
            return;
        }
        match Packet::parse(datagram) {
            Some(Packet::Ack(block)) => self.ack(block, now),
            Some(Packet::Error { code, text }) => {
                let (raw, text) = (text.to_vec(), String::from_utf8_lossy(text).into_owned());
                self.tell_progress(now);
                self.telling.event(EventKind::PeerError { code, text, raw });
                self.abandon(AbandonReason::Refused { code });
            }
            // A request, DATA or OACK has no business here and garbage even less; to answer
            // would only help whoever forges it.
            Some(Packet::Unexpected(_)) | None => {}
        }
    }

    fn ack(&mut self, number: u16, now: Moment) {
        if self.phase == Phase::Greeting {
            // Before the OACK is out nothing can be acknowledged.
            if number == 0 && !self.oack_due {
                self.phase = Phase::Flowing;
                self.next = 1;
                self.advanced(now);
            }
            return;
        }
        let in_flight = self.highest - self.acknowledged;
        let ahead = u64::from(number.wrapping_sub(wire_number(self.acknowledged)));
        if ahead == 0 {
            self.heard = now;
            self.duplicate_ack(now);
        } else if ahead <= in_flight {
            self.acknowledged += ahead;
            self.advanced(now);
            self.blocks_acknowledged(ahead < in_flight, now);
        }
        // Anything else is from the past or the future. It proves nothing, not even that the
        // peer is alive.
    }

    /// The peer has acknowledged something new.
    fn advanced(&mut self, now: Moment) {
        if !self.flight_repeated {
            self.resend.measured(now.saturating_sub(self.flight_sent));
        }
        self.flight_repeated = false;
        self.gap_answered = false;
        self.resend.progressed();
        self.heard = now;
        self.moved = now;
        self.anew_due = None;
    }

    fn blocks_acknowledged(&mut self, partly: bool, now: Moment) {
        let bytes = self.blocks.acknowledged(self.acknowledged);
        self.telling.progress_due = true;
        if self.blocks.last() == Some(self.acknowledged) {
            return self.finish(true, now);
        }
        self.telling.progress_if_due(bytes, self.blocks.total(), now);
        if partly {
            // RFC 7440 section 4: the window begins anew behind the acknowledged block.
            self.repeat(RepeatCause::Gap, now);
        } else {
            self.next = self.acknowledged + 1;
        }
    }

    /// An ACK for what was already acknowledged. In lock-step nothing is sent for it, ever. In
    /// a window it can mean that the first block of the window is lost (RFC 7440): that is
    /// believed once per window, and only when it comes late enough to be an answer to this
    /// window and not a copy of the ACK that has set it off.
    fn duplicate_ack(&mut self, now: Moment) {
        if self.terms.window == 1 || self.gap_answered || self.highest == self.acknowledged {
            return;
        }
        let Some(round_trip) = self.resend.round_trip() else { return };
        if now.saturating_sub(self.last_sent) >= round_trip / 2 {
            self.gap_answered = true;
            self.repeat(RepeatCause::Gap, now);
        }
    }
}
