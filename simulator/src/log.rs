//! The phone's diary: what has happened, for whoever asks later, and what happens, for whoever
//! listens now.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::broadcast;

use crate::Event;

/// Events that a slow reader may be behind before it loses some. A whole recovery with progress
/// every 64 KiB is a few hundred.
const BACKLOG: usize = 4096;

/// The phone's diary: all events so far, and whoever wants to hear the next.
#[derive(Debug)]
pub(crate) struct Log {
    past: Mutex<Vec<Event>>,
    future: broadcast::Sender<Event>,
}

impl Log {
    pub(crate) fn new() -> Self {
        Self { past: Mutex::new(Vec::new()), future: broadcast::Sender::new(BACKLOG) }
    }

    pub(crate) fn say(&self, event: Event) {
        tracing::debug!(?event, "phone");
        let mut past = self.lock();
        past.push(event.clone());
        // Nobody listening is no fault.
        let _ = self.future.send(event);
    }

    /// What was and what will be, without a gap or a double between the two.
    pub(crate) fn follow(&self) -> (Vec<Event>, broadcast::Receiver<Event>) {
        let past = self.lock();
        (past.clone(), self.future.subscribe())
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Event>> {
        self.past.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
