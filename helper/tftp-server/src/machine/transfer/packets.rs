//! What leaves: OACK, DATA, and the ERROR that ends a transfer.

use super::{Phase, Transfer};
use crate::event::{AbandonReason, RepeatCause};
use crate::machine::{Moment, Outbox};
use crate::packet::{DATA_HEADER, opcode};

impl Transfer {
    /// Puts the next packets into the outbox and says whether there are any. Call it until it
    /// says no.
    pub fn transmit(&mut self, outbox: &mut Outbox, now: Moment) -> bool {
        outbox.clear();
        if let Some(error) = self.farewell.take() {
            outbox.push(&error);
            return true;
        }
        match self.phase {
            Phase::Over => {}
            Phase::Greeting => {
                if let (true, Some(oack)) = (self.oack_due, &self.terms.oack) {
                    outbox.push(oack);
                    self.oack_due = false;
                    self.flight_sent = now;
                    self.last_sent = now;
                }
            }
            Phase::Flowing => self.transmit_data(outbox, now),
        }
        !outbox.is_empty()
    }

    fn transmit_data(&mut self, outbox: &mut Outbox, now: Moment) {
        let window_end = self.acknowledged + u64::from(self.terms.window);
        let block_size = self.blocks.block_size();
        while self.next <= window_end
            && self.blocks.last().is_none_or(|last| self.next <= last)
            && outbox.has_room(DATA_HEADER + block_size)
        {
            let block = self.next;
            let mut header = [0; DATA_HEADER];
            header[..2].copy_from_slice(&opcode::DATA.to_be_bytes());
            header[2..].copy_from_slice(&wire_number(block).to_be_bytes());
            let blocks = &mut self.blocks;
            let filled = outbox.push_filled(&header, block_size, |body| blocks.read(block, body));
            if let Err(error) = filled {
                self.tell_progress(now);
                self.give_notice("the file cannot be read");
                self.abandon(AbandonReason::Unreadable { detail: error.to_string() });
                outbox.clear();
                if let Some(error) = self.farewell.take() {
                    outbox.push(&error);
                }
                return;
            }
            if block == self.acknowledged + 1 {
                self.flight_sent = now;
            }
            self.last_sent = now;
            self.next += 1;
            self.highest = self.highest.max(block);
        }
    }

    /// Sends the running flight again.
    pub(super) fn repeat(&mut self, cause: RepeatCause, now: Moment) {
        self.flight_repeated = true;
        self.repeats = self.repeats.saturating_add(1);
        let block = if self.phase == Phase::Greeting { 0 } else { self.acknowledged + 1 };
        self.oack_due = self.phase == Phase::Greeting;
        self.next = self.acknowledged + 1;
        self.telling.repeat(cause, block, self.repeats, now);
    }
}

/// A block's number on the wire: 16 bits, 65535 is followed by 0.
pub(super) fn wire_number(block: u64) -> u16 {
    (block & u64::from(u16::MAX)) as u16
}
