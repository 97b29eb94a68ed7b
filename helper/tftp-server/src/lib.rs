//! A read-only TFTP server that boot loaders and engineers can trust.
//!
//! It exists because a desk phone without firmware can do nothing but TFTP, and does it in the
//! way of 1992: lock-step, without options, and it aborts on any packet that it does not
//! expect. This engine follows RFC 1350, 2347, 2348, 2349, 7440 and section 4.2.3 of RFC 1123
//! to the letter (where it does not, the type says so and why: [`Config::bind`] on broadcasts,
//! [`Peers`] on foreign TIDs), tells all that a client does in [`Event`]s, and has no code that
//! could write.
//!
//! - [`machine`] is the engine without sockets and clocks: packets and the time go in, packets
//!   and events come out.
//! - [`Server`] is the thin rim around it, on tokio: a listening socket, and for each transfer a
//!   socket of its own and a thread or a task.
//! - [`Source`] says which file is given; [`Memory`], [`FileSource`] and [`Staged`] are ready.
//!
//! ```
//! use std::sync::Arc;
//! use tftp_server::{Config, Event, Memory, Server, Staged};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let config = Config::new(([127, 0, 0, 1], 0).into());
//! let firmware = Staged::new("57i.st", Memory::new(b"firmware".to_vec()));
//! let observer = |event: Event| println!("{}: {:?}", event.peer, event.kind);
//! let server = Server::bind(config, Arc::new(firmware), Arc::new(observer)).await?;
//! let handle = server.handle();
//! let address = server.local_addr();
//! let running = tokio::spawn(server.run());
//!
//! // A phone fetches the file.
//! let phone = tokio::net::UdpSocket::bind(("127.0.0.1", 0)).await?;
//! phone.send_to(b"\0\x01/Aastra/57I.ST\0octet\0", address).await?;
//! let mut data = [0; 516];
//! let (length, port) = phone.recv_from(&mut data).await?;
//! assert_eq!(&data[..length], b"\0\x03\0\x01firmware");
//! assert_ne!(port, address);
//! phone.send_to(b"\0\x04\0\x01", port).await?;
//!
//! handle.shut_down();
//! running.await?;
//! # Ok(())
//! # }
//! ```
//!
//! What is deliberately absent: writing (a WRQ is refused with ERROR 2 and there is no switch),
//! folders (a name from the wire is never used as a path), and congestion control beyond
//! backing off, which RFC 7440 leaves to the small window.

// The examples of the crate's README are tests, too.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod event;
pub mod machine;
mod options;
pub mod packet;
mod peers;
mod request;
mod server;
mod source;
mod timing;

pub use event::{
    AbandonReason, Event, EventKind, NoObserver, Observer, RefusalReason, RepeatCause, TransferId,
};
pub use options::{DEFAULT_BLOCK_SIZE, MAX_BLOCK_SIZE, MIN_BLOCK_SIZE, OptionPolicy, Terms};
pub use packet::ErrorCode;
pub use peers::Peers;
pub use request::{Direction, Mode, Request, RequestError, RequestOption};
pub use server::{BindError, Config, Handle, Server};
pub use source::{Content, FileSource, Memory, Refusal, Source, Staged};
pub use timing::Timing;
