//! The engine without sockets and clocks: packets and the time go in, packets and events come
//! out. [`Reception`] is the listening port, [`Transfer`] one running transfer; the same two
//! serve in the server, in the tests with virtual time and in the fuzz targets.
//!
//! ```
//! use std::sync::Arc;
//! use std::time::Duration;
//! use tftp_server::machine::{Outbox, Reception, ReceptionConfig, Verdict};
//! use tftp_server::{EventKind, Memory, OptionPolicy, Peers, Timing};
//!
//! let config = ReceptionConfig {
//!     max_transfers: 1,
//!     peers: Peers::Any,
//!     options: OptionPolicy::default(),
//!     timing: Timing::default(),
//! };
//! let mut reception = Reception::new(config, Arc::new(Memory::new(vec![7; 700])));
//! let phone = ([192, 0, 2, 1], 1024).into();
//! let mut now = Duration::ZERO;
//!
//! // A request comes in at the listening port …
//! let request = b"\0\x0157i.st\0octet\0";
//! let Verdict::Begin(id, mut transfer) = reception.datagram(request, phone, now, drop) else {
//!     panic!("not served");
//! };
//! // … and its transfer is fed with what the phone sends, and with the time.
//! let mut outbox = Outbox::new();
//! let mut sent = Vec::new();
//! for ack in [[0, 4, 0, 1], [0, 4, 0, 2]] {
//!     while transfer.transmit(&mut outbox, now) {
//!         sent.extend(outbox.datagrams().map(<[u8]>::len));
//!     }
//!     // The phone writes its flash. Nobody waits for it.
//!     now += Duration::from_millis(2500);
//!     if transfer.deadline().is_some_and(|deadline| deadline <= now) {
//!         transfer.tick(now);
//!     }
//!     transfer.datagram(&ack, now);
//! }
//! let mut events = Vec::new();
//! while let Some(event) = transfer.next_event() {
//!     events.push(event);
//! }
//! assert_eq!(sent, [4 + 512, 4 + 188]);
//! assert_eq!(events.last(), Some(&EventKind::Finished { bytes: 700, confirmed: true }));
//! assert!(transfer.is_over());
//! reception.ended(id, phone);
//! ```

mod blocks;
mod bucket;
mod outbox;
mod reception;
mod transfer;

use std::time::Duration;

pub use outbox::Outbox;
pub use reception::{Reception, ReceptionConfig, Verdict};
pub use transfer::{StopReason, Transfer};

/// A point in time, as the time since some fixed start: handed in by whoever has a clock.
pub type Moment = Duration;
