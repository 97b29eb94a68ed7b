//! The page's copy of the helper's state: snapshot, then changes, and a gap is noticed.

use super::{Message, Rejection, State};

/// What a message did to the copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Took {
    /// The copy is up to date.
    Updated,
    /// A change is missing: ask for a snapshot.
    Gap,
    /// The helper did not act on something we sent.
    Rejected(Rejection, String),
}

/// The state as the page knows it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Mirror {
    seq: u64,
    state: Option<State>,
}

impl Mirror {
    /// The state, once a snapshot came.
    pub fn state(&self) -> Option<&State> {
        self.state.as_ref()
    }

    /// Takes a message of the helper.
    pub fn take(&mut self, message: Message) -> Took {
        match message {
            Message::Snapshot { seq, state } => {
                self.seq = seq;
                self.state = Some(*state);
                Took::Updated
            }
            Message::Change { seq, change } => match &mut self.state {
                Some(state) if seq == self.seq + 1 => {
                    self.seq = seq;
                    state.apply(change);
                    Took::Updated
                }
                // A change that the snapshot already holds: it was on its way when we asked.
                Some(_) if seq <= self.seq => Took::Updated,
                _ => Took::Gap,
            },
            Message::Rejected { reason, detail } => Took::Rejected(reason, detail),
        }
    }
}
