//! The file goes to the phone with its form (68xx and 69xx, case C25): streamed from where it
//! lies in memory, while the phone's answer is listened for.
//!
//! A phone may answer before it has everything, and close: its words must not get lost in the
//! reset that follows. And it may stop for a while in the middle, because it writes its flash.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{Instant, sleep, timeout_at};

use super::exchange::{ExchangeError, connect, failed};
use super::ladder::{Outgoing, Segments};
use super::reply::is_whole;
use super::verdict::Verdict;

/// No byte was taken for so long: stalls of 20 s while flash is written are to be expected
/// (issue 4, "stops for 20 s"), three times that is a phone that died.
const STALL: Duration = Duration::from_secs(60);
/// The same once the phone has answered: whatever it does not take now, it does not want.
const STALL_AFTER_ANSWER: Duration = Duration::from_secs(5);
/// From the last byte to the answer: the phone may check and write 64 MB before it says a word
/// (domain.md 3.2, 6940w; users tell of minutes, 3.4).
const ANSWER: Duration = Duration::from_secs(180);
/// Once words came, this much silence means that no more will come.
const SILENCE: Duration = Duration::from_secs(2);
/// The first bytes of the file that go out with the head: about what fits into the head's own
/// segment (H1: Ethernet's 1460 bytes without the head).
const WITH_HEAD: usize = 512;
/// One write: small enough for a smooth progress.
const CHUNK: usize = 16 * 1024;
/// Progress is told at most ten times a second (the wire protocol's rule).
const BETWEEN_REPORTS: Duration = Duration::from_millis(100);
/// Between head and body, where they shall not share a segment.
const BETWEEN_SEGMENTS: Duration = Duration::from_millis(50);
/// More than any answer of a phone.
const MOST_ANSWER: usize = 256 * 1024;

/// How an upload ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uploaded {
    /// What the phone said.
    pub verdict: Verdict,
    /// Bytes of the file that were handed to the connection.
    pub sent: u64,
    /// Whether that is the whole file. Then the phone may be writing, whatever it said.
    pub whole: bool,
}

/// Why an upload brought no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UploadError {
    /// The phone was not reached.
    #[error(transparent)]
    Exchange(#[from] ExchangeError),
    /// The phone took no byte for a minute.
    #[error("the phone stopped taking the file after {sent} bytes")]
    Stalled {
        /// Bytes of the file that it took.
        sent: u64,
    },
    /// The phone closed the connection in the middle of the file without a word.
    #[error("the phone closed the connection after {sent} bytes")]
    Broke {
        /// Bytes of the file that it took.
        sent: u64,
    },
}

/// What came back for an upload: raw, and how much of the file went out.
#[derive(Debug)]
pub(super) struct Answered {
    pub(super) raw: Vec<u8>,
    pub(super) sent: u64,
}

/// Sends head, fields and file, and listens all the while.
pub(super) async fn send(
    phone: SocketAddr,
    outgoing: &Outgoing,
    file: &Arc<Vec<u8>>,
    progress: &(impl Fn(u64) + Sync),
) -> Result<Answered, UploadError> {
    let mut stream = connect(phone).await?;
    let (mut reader, mut writer) = stream.split();
    let with_head = file.len().min(WITH_HEAD);
    let mut first = outgoing.head.clone();
    if outgoing.segments == Segments::Two {
        writer.write_all(&first).await.map_err(|error| failed(phone, &error))?;
        sleep(BETWEEN_SEGMENTS).await;
        first.clear();
    }
    first.extend_from_slice(&outgoing.body);
    let in_front = first.len();
    first.extend_from_slice(&file[..with_head]);

    let mut meter = Meter { sent: 0, told: None, progress };
    let mut raw = Vec::new();
    let mut buffer = [0_u8; 4096];
    let mut taken = Instant::now();
    let pieces: [(&[u8], usize); 3] =
        [(&first, in_front), (&file[with_head..], 0), (&outgoing.after, usize::MAX)];
    'sending: for (piece, in_front) in pieces {
        let mut at = 0;
        while at < piece.len() {
            let end = if at == 0 && in_front > 0 { piece.len() } else { piece.len().min(at + CHUNK) };
            let patience = if is_whole(&raw) { STALL_AFTER_ANSWER } else { STALL };
            tokio::select! {
                written = timeout_at(taken + patience, writer.write(&piece[at..end])) => match written {
                    Ok(Ok(count)) if count > 0 => {
                        at += count;
                        taken = Instant::now();
                        let of_file = at.saturating_sub(in_front);
                        meter.moved(of_file - (at - count).saturating_sub(in_front));
                    }
                    // It listens no more; what it said may still be on its way.
                    Ok(_) => break 'sending,
                    Err(_) if raw.is_empty() => return Err(UploadError::Stalled { sent: meter.sent }),
                    Err(_) => break 'sending,
                },
                read = reader.read(&mut buffer), if raw.len() < MOST_ANSWER => match read {
                    Ok(count) if count > 0 => {
                        raw.extend_from_slice(&buffer[..count]);
                        if refuses(&raw) {
                            break 'sending;
                        }
                    }
                    _ => break 'sending,
                },
            }
        }
    }
    meter.tell();
    let sent = meter.sent;
    let whole = sent == file.len() as u64;
    let limit = Instant::now() + if whole { ANSWER } else { SILENCE };
    while raw.len() < MOST_ANSWER && !is_whole(&raw) {
        let until = if raw.is_empty() { limit } else { limit.min(Instant::now() + SILENCE) };
        match timeout_at(until, reader.read(&mut buffer)).await {
            Ok(Ok(count)) if count > 0 => raw.extend_from_slice(&buffer[..count]),
            _ => break,
        }
    }
    if raw.is_empty() && !whole {
        return Err(UploadError::Broke { sent });
    }
    Ok(Answered { raw, sent })
}

/// Whether the phone has said no already: a whole answer with an error status.
fn refuses(raw: &[u8]) -> bool {
    is_whole(raw) && super::reply::Reply::read(raw).status >= 400
}

struct Meter<'a, P> {
    sent: u64,
    told: Option<(Instant, u64)>,
    progress: &'a P,
}

impl<P: Fn(u64)> Meter<'_, P> {
    fn moved(&mut self, bytes: usize) {
        self.sent += bytes as u64;
        if bytes > 0 && self.told.is_none_or(|(at, _)| at.elapsed() >= BETWEEN_REPORTS) {
            self.tell();
        }
    }

    fn tell(&mut self) {
        if self.told.is_none_or(|(_, sent)| sent != self.sent) {
            (self.progress)(self.sent);
            self.told = Some((Instant::now(), self.sent));
        }
    }
}
