//! The file, or a part of it, over one TCP connection.
//!
//! What a TCP server knows is how many bytes it handed to the system, not how many arrived. So
//! the system is told to hold back little ([`SEND_BUFFER`]), and the end counts only when the
//! phone has closed the connection too, or at least said nothing against it.

use std::io;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use shared::form::Protocol;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};

use super::guest::Guest;
use super::{FileEvent, TransferNumber};

/// Bytes that the system may hold for a phone (`SO_SNDBUF`; Linux takes twice as many). Enough
/// for a cable at full speed, little enough that progress is what the phone really takes.
pub const SEND_BUFFER: u32 = 64 * 1024;
/// Bytes in one write.
const CHUNK: usize = 16 * 1024;
/// Between two reports of progress: ten a second are more than a person sees.
const PROGRESS: Duration = Duration::from_millis(100);
/// A phone that takes no byte for so long is gone. It may stall while it writes its flash; TFTP
/// gives up after a minute (domain.md 5.1), and waiting costs TCP nothing.
const STALL: Duration = Duration::from_secs(120);
/// So long the phone may take to close after the last byte. A client that closes only when it
/// heard the end on another connection (FTP's 226) must not wait longer for it.
const PARTING: Duration = Duration::from_secs(5);
/// Bytes that are still read from a client that goes on sending. Without reading them, closing
/// would be a reset, and a reset takes the answer with it.
const PARTING_BYTES: u64 = 1024 * 1024;

/// Why bytes could not be handed over.
#[derive(Debug, thiserror::Error)]
pub(super) enum Breakage {
    #[error("no byte was taken for {} s", STALL.as_secs())]
    Stalled,
    #[error("the connection broke: {0}")]
    Broke(#[from] io::Error),
    #[error("the connection was reset after the last byte")]
    ResetAtEnd,
}

/// Hands bytes over; `told` hears how many so far.
pub(super) async fn write(
    stream: &mut TcpStream,
    bytes: &[u8],
    mut told: impl FnMut(u64),
) -> Result<(), Breakage> {
    let mut done = 0;
    while done < bytes.len() {
        let chunk = &bytes[done..bytes.len().min(done + CHUNK)];
        let written = timeout(STALL, stream.write(chunk)).await.map_err(|_| Breakage::Stalled)??;
        if written == 0 {
            return Err(io::Error::from(io::ErrorKind::WriteZero).into());
        }
        done += written;
        told(done as u64);
    }
    Ok(())
}

/// Closes our side, and waits a little for the other.
pub(super) async fn part(stream: &mut TcpStream) -> Result<(), Breakage> {
    if stream.shutdown().await.is_err() {
        return Err(Breakage::ResetAtEnd);
    }
    let limit = Instant::now() + PARTING;
    let mut rest = stream.take(PARTING_BYTES);
    let mut buffer = [0; 1024];
    loop {
        match timeout_at(limit, rest.read(&mut buffer)).await {
            Ok(Ok(0)) | Err(_) => return Ok(()),
            Ok(Ok(_)) => {}
            Ok(Err(_)) => return Err(Breakage::ResetAtEnd),
        }
    }
}

/// A transfer that was asked for and is not over. Dropping it says that it broke.
#[derive(Debug)]
pub(super) struct Delivery {
    guest: Arc<Guest>,
    transfer: TransferNumber,
    part: Range<usize>,
    over: bool,
}

impl Delivery {
    /// The phone asks for this part of the file.
    pub(super) fn begin(guest: Arc<Guest>, protocol: Protocol, name: String, part: Range<usize>) -> Self {
        let transfer = guest.next_transfer();
        guest.tell(FileEvent::Requested { transfer, protocol, name, total: guest.shelf.total() });
        Self { guest, transfer, part, over: false }
    }

    /// Sends the part and closes the connection.
    pub(super) async fn pour(mut self, stream: &mut TcpStream) -> Result<(), Breakage> {
        let poured = self.pour_part(stream).await;
        let reason = match &poured {
            Ok(()) => {
                let (from, until, total) = (self.from(), self.until(), self.guest.shelf.total());
                let whole = self.guest.has(from, until) && until == total;
                (!whole).then(|| format!("only the bytes {from} to {until} of {total} were asked for"))
            }
            Err(breakage) => Some(breakage.to_string()),
        };
        match reason {
            None => {
                self.over = true;
                let (transfer, bytes) = (self.transfer, self.until());
                self.guest.tell(FileEvent::Complete { transfer, bytes });
            }
            Some(reason) => self.fail(reason),
        }
        poured
    }

    async fn pour_part(&self, stream: &mut TcpStream) -> Result<(), Breakage> {
        let bytes = Arc::clone(self.guest.shelf.bytes());
        let (from, until, transfer) = (self.from(), self.until(), self.transfer);
        let mut last: Option<Instant> = None;
        write(stream, &bytes[self.part.clone()], |done| {
            let at = from + done;
            self.guest.has(from, at);
            // The last one is told below.
            if at < until && last.is_none_or(|last| last.elapsed() >= PROGRESS) {
                last = Some(Instant::now());
                self.guest.tell(FileEvent::Progress { transfer, bytes: at });
            }
        })
        .await?;
        self.guest.tell(FileEvent::Progress { transfer, bytes: until });
        part(stream).await
    }

    /// It came to nothing.
    pub(super) fn fail(&mut self, reason: impl Into<String>) {
        if !std::mem::replace(&mut self.over, true) {
            self.guest.tell(FileEvent::Broken { transfer: self.transfer, reason: reason.into() });
        }
    }

    fn from(&self) -> u64 {
        self.part.start as u64
    }

    fn until(&self) -> u64 {
        self.part.end as u64
    }
}

impl Drop for Delivery {
    fn drop(&mut self) {
        self.fail("the transfer was given up");
    }
}
