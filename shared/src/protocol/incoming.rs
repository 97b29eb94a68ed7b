//! How the page reads a message of the helper.
//!
//! A message is told apart by its `type`, which may stand anywhere in it. What serde makes of
//! that by itself keeps the whole message aside, and reads it a second time from there: each type
//! within it then has its reader twice, and the page carries both. So the parts of all messages
//! are fields of one, and what is made of them is said here.

use serde::Deserialize;

use super::{Change, Message, Rejection, State};

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Snapshot,
    Change,
    Rejected,
}

/// All that messages have in them.
#[derive(Deserialize)]
pub(super) struct Incoming {
    #[serde(rename = "type")]
    kind: Kind,
    seq: Option<u64>,
    state: Option<Box<State>>,
    change: Option<Change>,
    reason: Option<Rejection>,
    detail: Option<String>,
}

impl TryFrom<Incoming> for Message {
    type Error = &'static str;

    fn try_from(incoming: Incoming) -> Result<Self, Self::Error> {
        let Incoming { kind, seq, state, change, reason, detail } = incoming;
        Ok(match (kind, seq, state, change, reason, detail) {
            (Kind::Snapshot, Some(seq), Some(state), ..) => Message::Snapshot { seq, state },
            (Kind::Change, Some(seq), _, Some(change), ..) => Message::Change { seq, change },
            (Kind::Rejected, .., Some(reason), Some(detail)) => Message::Rejected { reason, detail },
            _ => return Err("a part of the message is missing"),
        })
    }
}
