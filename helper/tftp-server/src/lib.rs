//! A read-only TFTP server that boot loaders and engineers can trust.
//!
//! It exists because a desk phone without firmware can do nothing but TFTP, and does it in the
//! way of 1992: lock-step, without options, and it aborts on any packet that it does not
//! expect. This engine follows RFC 1350, 2347, 2348, 2349, 7440 and section 4.2.3 of RFC 1123
//! to the letter, tells all that a client does in [`Event`]s, and has no code that could write.
//!
//! - [`machine`] is the engine without sockets and clocks: packets and the time go in, packets
//!   and events come out.
//! - [`Server`] is the thin rim around it, on tokio: a listening socket, and a socket and task
//!   of its own for each transfer.
//! - [`Source`] says which file is given; [`Memory`], [`FileSource`] and [`Staged`] are ready.
//!
//! ```
//! use std::sync::Arc;
//! use tftp_server::{Config, Event, Memory, Server, Staged};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), tftp_server::BindError> {
//! let config = Config::new(([127, 0, 0, 1], 0).into());
//! let firmware = Staged::new("57i.st", Memory::new(b"firmware".to_vec()));
//! let observer = |event: Event| drop(event);
//! let server = Server::bind(config, Arc::new(firmware), Arc::new(observer)).await?;
//! let handle = server.handle();
//! let address = server.local_addr();
//! let running = tokio::spawn(server.run());
//! // … phones fetch the file from `address` …
//! handle.shut_down();
//! running.await.ok();
//! # drop(address);
//! # Ok(())
//! # }
//! ```
//!
//! What is deliberately absent: writing (a WRQ is refused with ERROR 2 and there is no switch),
//! folders (a name from the wire is never used as a path), and congestion control beyond
//! backing off, which RFC 7440 leaves to the small window.

mod event;
pub mod machine;
mod options;
pub mod packet;
mod peers;
mod request;
mod server;
mod source;
mod timing;

pub use event::{AbandonReason, Event, EventKind, Observer, RefusalReason, RepeatCause, Silent, TransferId};
pub use options::{DEFAULT_BLOCK_SIZE, MAX_BLOCK_SIZE, MIN_BLOCK_SIZE, OptionPolicy, Terms};
pub use packet::ErrorCode;
pub use peers::Peers;
pub use request::{Direction, Mode, Request, RequestError, RequestOption};
pub use server::{BindError, Config, Handle, Server};
pub use source::{Content, FileSource, Memory, Refusal, Source, Staged};
pub use timing::Timing;
