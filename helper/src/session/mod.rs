//! The recovery of one phone, from the file to the verified phone.
//!
//! [`machine`] is the journey without I/O and clock: events and the time go in, actions come
//! out. [`runner`] is its rim: it does what the machine asks with the rooms `phone`,
//! `firmware` and `serve`, and feeds back what happened; [`surroundings`] looks at what lies between
//! the phone and our servers. [`repairs`] wraps it with what is changed on this computer meanwhile. [`desk`] keeps all phones of this run
//! and tells the pages. [`ways`] keeps what worked for the next phone.

pub mod desk;
pub mod event;
pub mod machine;
pub mod meter;
pub mod patience;
pub mod repairs;
pub mod runner;
mod surroundings;
pub mod ways;

use std::time::{SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970-01-01 UTC; 0 for a clock that stands before it.
fn now_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
}
