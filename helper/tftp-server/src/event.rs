//! What the engine tells about each transfer: enough to say on a page what a phone does, and
//! why it failed (cases C05, C07 and C14 of the project: a repeated request, a request for
//! another name, an error that the phone itself sent).

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use crate::packet::ErrorCode;
use crate::request::{Mode, Request};

/// One request and what became of it. Unique within one server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TransferId(pub(crate) u64);

impl TransferId {
    /// The number behind the id: counts up from 1 for each server.
    #[must_use]
    pub fn number(self) -> u64 {
        self.0
    }
}

impl fmt::Display for TransferId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// Something that happened in one transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The transfer.
    pub transfer: TransferId,
    /// The client's address and TID.
    pub peer: SocketAddr,
    /// What happened.
    pub kind: EventKind,
}

/// What happened. A transfer begins with `Requested` and ends with exactly one of `Finished`,
/// `Abandoned` and `Refused`. What cannot be read, or comes from a stranger, has only `Refused`:
/// there is no request to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventKind {
    /// A file was asked for.
    Requested(Request),
    /// The terms stand and the first packet goes out.
    Negotiated {
        /// Bytes in a block.
        block_size: u16,
        /// Blocks in a window; 1 is lock-step.
        window: u16,
        /// The time between resends that the client asked for.
        timeout: Option<Duration>,
        /// Whether an OACK was sent: the client had options.
        options: bool,
        /// The file's length in bytes.
        total: u64,
        /// How the bytes travel; netascii is suspicious for firmware.
        mode: Mode,
    },
    /// More of the file is acknowledged. At most one in [`crate::Timing::progress`], except for
    /// the last one, which always comes before the end of the transfer. It counts from 0 again
    /// behind a `Repeat` whose cause is [`RepeatCause::Request`].
    Progress {
        /// Bytes of the file that the client has acknowledged.
        acknowledged: u64,
        /// The file's length in bytes.
        total: u64,
    },
    /// Something had to be sent again. At most one in [`crate::Timing::progress`].
    Repeat {
        /// Why.
        cause: RepeatCause,
        /// The first block that is sent again; 0 is the OACK.
        block: u64,
        /// How often this transfer has repeated itself by now.
        count: u32,
    },
    /// The client has sent an ERROR; `Abandoned` follows. In the first seconds behind `Finished`
    /// it is the last word of a client that checked the whole file and cannot use it; nothing
    /// follows then (not in single-port mode, and not for hundreds of clients at once).
    PeerError {
        /// The code as sent.
        code: ErrorCode,
        /// The text as sent; bytes that are no UTF-8 are replaced.
        text: String,
        /// The text as sent, byte by byte.
        raw: Vec<u8>,
    },
    /// The whole file was sent.
    Finished {
        /// The file's length in bytes.
        bytes: u64,
        /// Whether the last ACK came. Without it the client has everything but perhaps the
        /// last block (or window): it may well have all, since many clients leave at once. A
        /// client that has acknowledged no block at all is never believed to have the file,
        /// not even one that fits into a single block or window: it is
        /// [`AbandonReason::Silent`] after block 0.
        confirmed: bool,
    },
    /// The transfer has ended before the end of the file.
    Abandoned {
        /// Why.
        reason: AbandonReason,
    },
    /// The request was not served.
    Refused {
        /// Why.
        why: RefusalReason,
    },
}

/// Why something was sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RepeatCause {
    /// No answer in time.
    Silence,
    /// The client has acknowledged only a part of a window (RFC 7440).
    Gap,
    /// The client has sent its request again from the same TID: the transfer starts over.
    Request,
}

/// Why a transfer ended before the end of the file.
#[derive(Debug, Clone, PartialEq, Eq, Hash, thiserror::Error)]
pub enum AbandonReason {
    /// Nothing was heard for [`crate::Timing::silence`]. After block 0 the client never
    /// answered: its packets, or ours, do not get through.
    #[error("the client fell silent after block {after_block}")]
    Silent {
        /// The last block that was acknowledged.
        after_block: u64,
    },
    /// The client repeats itself, but for [`crate::Timing::stall`] the file has not moved on.
    #[error("the client makes no progress after block {after_block}")]
    Stalled {
        /// The last block that was acknowledged.
        after_block: u64,
    },
    /// The client has sent an ERROR: it refuses the options (8), or the file, or it could not
    /// write its flash (0).
    #[error("the client ended the transfer with error {}", code.number())]
    Refused {
        /// The code as sent.
        code: ErrorCode,
    },
    /// The handle was told to cancel this transfer.
    #[error("the transfer was cancelled")]
    Cancelled,
    /// The server was told to shut down.
    #[error("the server shuts down")]
    ShutDown,
    /// The same TID has asked for something else.
    #[error("the client asked for something else")]
    Superseded,
    /// The content could not be read, or is shorter than it said.
    #[error("the file cannot be read: {detail}")]
    Unreadable {
        /// What the system says.
        detail: String,
    },
    /// A datagram could not be sent for good, for example because it is too long for the
    /// system.
    #[error("the network refuses the packets: {detail}")]
    Unsendable {
        /// What the system says.
        detail: String,
    },
}

/// Why a request was not served.
#[derive(Debug, Clone, PartialEq, Eq, Hash, thiserror::Error)]
pub enum RefusalReason {
    /// The address is not in the allow-list. Such a peer gets no answer.
    #[error("the address is not allowed")]
    Stranger,
    /// A write; this server cannot take files.
    #[error("writing is not possible")]
    Write,
    /// The request cannot be read, or the mode is unknown.
    #[error("the request is malformed: {0}")]
    Malformed(#[from] crate::request::RequestError),
    /// The source does not have this file.
    #[error("there is no such file")]
    NotFound,
    /// The source does not give this file.
    #[error("the source refuses: {0}")]
    Source(String),
    /// [`crate::Config::max_transfers`] are running.
    #[error("too many transfers at once")]
    Busy,
    /// The operating system gave no port for the answer.
    #[error("no port for the answer: {0}")]
    NoPort(String),
}

/// Who is told. It is called inline, between two packets: it must be quick and must not block
/// (hand the event to a channel). One that panics is a line in the trace and harms no transfer.
///
/// ```
/// use std::sync::Arc;
/// use tftp_server::{Config, Event, Memory, Server};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), tftp_server::BindError> {
/// let (sender, mut events) = tokio::sync::mpsc::unbounded_channel();
/// let observer = move |event: Event| drop(sender.send(event));
/// let config = Config::new(([127, 0, 0, 1], 0).into());
/// let server = Server::bind(config, Arc::new(Memory::new("file")), Arc::new(observer)).await?;
/// let handle = server.handle();
/// let running = tokio::spawn(server.run());
/// handle.shut_down();
/// // The channel closes when the server and all its transfers are gone.
/// while let Some(event) = events.recv().await {
///     println!("{} {}: {:?}", event.transfer, event.peer, event.kind);
/// }
/// # running.await.ok();
/// # Ok(())
/// # }
/// ```
pub trait Observer: Send + Sync {
    /// Takes one event.
    fn event(&self, event: Event);
}

impl<F: Fn(Event) + Send + Sync> Observer for F {
    fn event(&self, event: Event) {
        self(event);
    }
}

/// For a server whose events nobody wants.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoObserver;

impl Observer for NoObserver {
    fn event(&self, _event: Event) {}
}
