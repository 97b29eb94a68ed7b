//! The engine without sockets and clocks: packets and the time go in, packets and events come
//! out. [`Reception`] is the listening port, [`Transfer`] one running transfer; the same two
//! serve in the server, in the tests with virtual time and in the fuzz targets.

mod blocks;
mod outbox;
mod reception;
mod transfer;

use std::time::Duration;

pub use outbox::Outbox;
pub use reception::{Reception, ReceptionConfig, Verdict};
pub use transfer::{StopReason, Transfer};

/// A point in time, as the time since some fixed start: handed in by whoever has a clock.
pub type Moment = Duration;
