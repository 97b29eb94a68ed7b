//! Transfer: the phone reads the file. Several requests in a row are normal (case C05), so a
//! broken one is not the end until nothing follows it.

use std::time::Duration;

use shared::failure::{Failure, FailureCode};
use shared::form::Protocol;
use shared::phase::Phase;
use shared::protocol::TransferView;

use super::{Machine, Stage, restart};
use crate::phone::answer::Answer;
use crate::phone::exchange::ExchangeError;
use crate::serve::{FileEvent, TransferNumber};
use crate::session::event::Update;
use crate::session::meter::Meter;
use crate::session::patience::Patience;

/// What the machine remembers while the phone reads.
#[derive(Debug)]
pub(super) struct Transferring {
    transfer: TransferNumber,
    view: TransferView,
    meter: Meter,
    /// The phone's own error, which explains the end that follows it.
    error: Option<(u16, String)>,
    /// Why the transfer broke, and when that is final.
    broken: Option<(Failure, Duration)>,
    tail: Tail,
    /// The wait for a phone that had the whole file before it asked again: a new firmware that
    /// compares itself with ours, or a loader that reads it twice. If nothing comes of this
    /// transfer, that wait goes on; nothing is sent to a phone that may be writing.
    waited: Option<restart::Restarting>,
}

/// Whether only the last receipt may be missing. A phone may start again without it (RFC 1350,
/// 6, the last ACK is not acknowledged), so it is looked at as soon as it falls silent there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tail {
    Far,
    /// A look is due then, unless more comes.
    Silent(Duration),
    Looking,
}

/// The largest block, in bytes (RFC 2348): which one was agreed on is not known here.
const LARGEST_BLOCK: u64 = 65_464;

impl Transferring {
    pub(super) fn deadline(&self) -> Option<Duration> {
        let broken = self.broken.as_ref().map(|(_, until)| *until);
        let silent = if let Tail::Silent(until) = self.tail { Some(until) } else { None };
        broken.into_iter().chain(silent).min()
    }

    /// Whether the phone reads by this transfer, as far as is known.
    fn moves(&self) -> bool {
        self.view.bytes > 0 && self.broken.is_none()
    }

    /// Of several transfers the one that moves counts: a phone that asks twice takes what comes
    /// first, and ends the other with an error (RFC 1350, 4).
    fn turn_to(&mut self, transfer: TransferNumber) {
        self.transfer = transfer;
        self.view.repeats = 0;
        self.meter = Meter::default();
        self.error = None;
        self.broken = None;
        self.tail = Tail::Far;
    }

    /// Whether all but the last block has arrived. An upload's connection is not to be disturbed
    /// by another one.
    fn lacks_a_receipt(&self) -> bool {
        let left = self.view.total.saturating_sub(self.view.bytes);
        self.view.protocol != Protocol::Upload && self.view.bytes > 0 && left <= LARGEST_BLOCK
    }

    /// Looks later, or not at all.
    fn await_silence(&mut self, until: Duration) {
        self.tail = if self.lacks_a_receipt() { Tail::Silent(until) } else { Tail::Far };
    }

    /// When a break is final. A client that fell silent was waited for already; one that hung up
    /// or sent an error may be back in a moment, and one that has the file owes us nothing.
    fn patience_after(&self, error: bool, patience: &Patience) -> Duration {
        match self.view.protocol {
            _ if self.waited.is_some() => Duration::ZERO,
            Protocol::Tftp if !error => patience.after_silence,
            _ => patience.after_error,
        }
    }

    fn refresh(&mut self) -> TransferView {
        self.view.bytes_per_second = self.meter.bytes_per_second();
        self.view.seconds_left = self.meter.seconds_left(self.view.total);
        self.view.clone()
    }
}

impl Machine {
    pub(super) fn file_event(&mut self, event: FileEvent) {
        match (&mut self.stage, event) {
            (
                Stage::Sending(_) | Stage::Transferring(_) | Stage::Restarting(_),
                FileEvent::Requested { transfer, protocol, name, total },
            ) => {
                let view = TransferView {
                    protocol,
                    file: name,
                    bytes: 0,
                    total,
                    bytes_per_second: None,
                    seconds_left: None,
                    repeats: 0,
                };
                self.begin_transfer(transfer, view);
            }
            // Of this transfer alone: what it says to a copy of its request is not about the file.
            (Stage::Restarting(_), FileEvent::PeerError { transfer, code, text })
                if self.completed == Some(transfer) =>
            {
                let bytes = self.file.bytes;
                let seen = format!("the phone's error {code} \"{text}\" behind the last of {bytes} bytes");
                self.refused_at_the_end(Failure::new(FailureCode::PhoneRefusedFile, seen));
            }
            (Stage::Sending(sending), FileEvent::OtherName { name }) => sending.other_name = Some(name),
            (Stage::Transferring(_), event) => self.transfer_event(event),
            _ => {}
        }
    }

    fn begin_transfer(&mut self, transfer: TransferNumber, view: TransferView) {
        let mut meter = Meter::default();
        meter.record(self.now, 0);
        self.came_in(view.protocol);
        self.enter(Phase::Transfer);
        self.tell(Update::Transfer(view.clone()));
        let waited = match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Restarting(restarting) => Some(restarting),
            Stage::Transferring(before) => before.waited,
            Stage::Sending(sending) => {
                self.worked = sending.way();
                self.left = Some(sending);
                None
            }
            _ => None,
        };
        // It may start at any moment, and leave this request where it is.
        let is_back_for_more = waited.is_some();
        self.stage = Stage::Transferring(Box::new(Transferring {
            transfer,
            view,
            meter,
            error: None,
            broken: None,
            tail: Tail::Far,
            waited,
        }));
        if is_back_for_more {
            self.look(self.patience.probe);
        }
    }

    fn transfer_event(&mut self, event: FileEvent) {
        let (now, patience) = (self.now, self.patience.clone());
        let Stage::Transferring(current) = &mut self.stage else { return };
        if let FileEvent::Progress { transfer, bytes: 1.. } = event
            && transfer != current.transfer
            && !current.moves()
        {
            current.turn_to(transfer);
        }
        match event {
            FileEvent::Progress { transfer, bytes } if transfer == current.transfer => {
                current.view.bytes = bytes;
                current.meter.record(now, bytes);
                current.await_silence(now + patience.probe);
                let view = current.refresh();
                self.tell(Update::Transfer(view));
            }
            FileEvent::Repeat { transfer, count } if transfer == current.transfer => {
                current.view.repeats = count;
            }
            // An old transfer may end by itself, without its last receipt, long after the phone
            // began anew: that says nothing about the one that moves now.
            FileEvent::Complete { transfer, bytes } if transfer == current.transfer || !current.moves() => {
                current.view.bytes = bytes;
                current.meter.record(now, bytes);
                let view = current.refresh();
                self.completed = Some(transfer);
                self.tell(Update::Transfer(view));
                self.wait_for_phone();
            }
            FileEvent::PeerError { transfer, code, text } if transfer == current.transfer => {
                current.error = Some((code, text));
            }
            FileEvent::Broken { transfer, reason } if transfer == current.transfer => {
                let (bytes, total) = (current.view.bytes, current.view.total);
                let error = current.error.take();
                let wait = current.patience_after(error.is_some(), &patience);
                let failure = match error {
                    Some((code, text)) => {
                        let seen =
                            format!("the phone's error {code} \"{text}\" after {bytes} of {total} bytes");
                        Failure::new(FailureCode::PhoneRefusedFile, seen)
                    }
                    None => {
                        let seen = format!("{reason}; {bytes} of {total} bytes were taken");
                        Failure::new(FailureCode::PhoneTransferBroke, seen)
                    }
                };
                // Every byte was handed over, and the connection did not end well: what became of
                // the last of them only the phone can show.
                if bytes >= total && current.view.protocol != Protocol::Tftp {
                    return self.wait_in_doubt(failure);
                }
                current.broken = Some((failure, now + wait));
            }
            _ => {}
        }
    }

    pub(super) fn transfer_ran_out(&mut self) {
        let now = self.now;
        let Stage::Transferring(current) = &mut self.stage else { return };
        if let Some((failure, _)) = current.broken.take_if(|(_, until)| *until <= now) {
            return match current.waited.take() {
                Some(waited) => self.go_on_waiting(waited, failure),
                None => self.next_road(failure),
            };
        }
        if let Tail::Silent(_) = current.tail {
            current.tail = Tail::Looking;
            self.look(Duration::ZERO);
        }
    }

    /// A phone that shows its normal pages has the whole file, whatever became of its last
    /// receipt.
    pub(super) fn looked_at_the_tail(&mut self, answer: Result<Answer, ExchangeError>) {
        let until = self.now + self.patience.probe;
        let Stage::Transferring(current) = &mut self.stage else { return };
        if current.waited.is_some() {
            return match current.waited.take_if(|_| matches!(answer, Ok(Answer::Normal { .. }))) {
                Some(waited) => {
                    self.stage = Stage::Restarting(waited);
                    self.probed(answer);
                }
                None => self.look(self.patience.probe),
            };
        }
        // Or it is the look of an earlier stage, which says nothing about the file.
        if current.tail != Tail::Looking {
            return;
        }
        if matches!(answer, Ok(Answer::Normal { .. })) {
            self.enter(Phase::Write);
            let until = self.now + self.patience.write;
            self.stage = Stage::Restarting(restart::Restarting::new(until));
            return self.probed(answer);
        }
        current.await_silence(until);
    }

    /// Whether the phone gets the file by an upload.
    pub(super) fn is_uploading(&self) -> bool {
        matches!(&self.stage, Stage::Transferring(current) if current.view.protocol == Protocol::Upload)
    }

    /// The transfer is over and did not reach its end.
    pub(super) fn transfer_failed(&mut self, code: FailureCode, reason: &str) {
        let Stage::Transferring(current) = &self.stage else { return };
        let (bytes, total) = (current.view.bytes, current.view.total);
        self.next_road(Failure::new(code, format!("{reason}; {bytes} of {total} bytes were taken")));
    }

    pub(super) fn wait_for_phone(&mut self) {
        self.wait_at(restart::Restarting::new(self.now + self.patience.write));
    }

    /// The same when it is not certain that the phone has the file.
    fn wait_in_doubt(&mut self, failure: Failure) {
        let doubt = (failure, self.now + self.patience.recovery_again);
        if let Some(left) = &mut self.left {
            left.given = true;
        }
        self.wait_at(restart::Restarting::in_doubt(self.now + self.patience.write, doubt));
    }

    /// The phone has every byte and says that it cannot use them: it is believed unless it leaves
    /// its recovery page all the same.
    fn refused_at_the_end(&mut self, failure: Failure) {
        let doubt = (failure, self.now + self.patience.after_error);
        if let Stage::Restarting(restarting) = &mut self.stage {
            restarting.doubt(doubt);
        }
    }

    /// The phone asked again although it had everything, and nothing came of it.
    fn go_on_waiting(&mut self, waited: restart::Restarting, failure: Failure) {
        // Its own word tells why it may stay where it is; that it hung up tells nothing.
        if failure.code == FailureCode::PhoneRefusedFile {
            self.note_ended(failure);
        }
        self.wait_at(waited);
    }

    fn wait_at(&mut self, restarting: restart::Restarting) {
        self.enter(Phase::Write);
        self.stage = Stage::Restarting(restarting);
        self.look(self.patience.probe);
    }
}
