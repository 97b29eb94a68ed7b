//! The events that wait to be fetched, and how often the frequent ones are told.

use std::collections::VecDeque;

use crate::event::{EventKind, RepeatCause};
use crate::machine::Moment;

/// Events of one transfer.
#[derive(Debug)]
pub(super) struct Telling {
    /// Least time between two events of the same frequent kind.
    pause: Moment,
    repeat_told: Option<Moment>,
    progress_told: Option<Moment>,
    /// There are acknowledged bytes that no event has told yet.
    pub(super) progress_due: bool,
    events: VecDeque<EventKind>,
}

impl Telling {
    pub(super) fn new(pause: Moment, first: EventKind) -> Self {
        Self {
            pause,
            repeat_told: None,
            progress_told: None,
            progress_due: false,
            events: VecDeque::from([first]),
        }
    }

    /// The next event, if there is one.
    pub(super) fn next(&mut self) -> Option<EventKind> {
        self.events.pop_front()
    }

    /// An event that is told in any case.
    pub(super) fn event(&mut self, event: EventKind) {
        self.events.push_back(event);
    }

    /// When progress that nobody knows yet is to be told.
    pub(super) fn deadline(&self) -> Option<Moment> {
        self.progress_told.filter(|_| self.progress_due).map(|told| told.saturating_add(self.pause))
    }

    /// Something was sent again.
    pub(super) fn repeat(&mut self, cause: RepeatCause, block: u64, count: u32, now: Moment) {
        if self.is_due(self.repeat_told, now) {
            self.repeat_told = Some(now);
            self.event(EventKind::Repeat { cause, block, count });
        }
    }

    /// Progress, unless it was told a moment ago.
    pub(super) fn progress_if_due(&mut self, acknowledged: u64, total: u64, now: Moment) {
        if self.is_due(self.progress_told, now) {
            self.progress(acknowledged, total, now);
        }
    }

    /// Progress, in any case.
    pub(super) fn progress(&mut self, acknowledged: u64, total: u64, now: Moment) {
        self.progress_due = false;
        self.progress_told = Some(now);
        self.event(EventKind::Progress { acknowledged, total });
    }

    fn is_due(&self, told: Option<Moment>, now: Moment) -> bool {
        told.is_none_or(|told| now.saturating_sub(told) >= self.pause)
    }
}
