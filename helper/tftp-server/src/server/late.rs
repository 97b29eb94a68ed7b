//! What a client says behind its last ACK. One that checks the file only when it has all of it, and
//! cannot use it, sends an ERROR then: without anybody at the port it would get lost, and with it
//! the only word about why the phone stays where it is.
//!
//! The transfer itself is over: its thread and its place are free for others.

use std::net::SocketAddr;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use tokio::net::UdpSocket;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::guard::GuardedObserver;
use super::work::ANSWER_BYTES;
use crate::event::{Event, EventKind, Observer, TransferId};
use crate::packet::Packet;

/// So long the port of a finished transfer is still listened to: a phone checks 64 MB in less.
const LATE: Duration = Duration::from_secs(5);
/// Ports that are listened to at once. Beyond that nobody hears late words: they are a help and
/// nothing to rely on.
const MOST: usize = 32;

static ROOM: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(MOST)));

/// Listens for a while, beside everything else. An ERROR of this peer is told as an event of its
/// transfer.
pub(super) fn listen(
    socket: UdpSocket,
    transfer: TransferId,
    peer: SocketAddr,
    observer: Arc<GuardedObserver>,
) {
    let Ok(place) = Arc::clone(&ROOM).try_acquire_owned() else { return };
    tokio::spawn(async move {
        let heard = timeout(LATE, error_of(&socket, peer)).await;
        drop(place);
        if let Ok(Some(kind)) = heard {
            observer.event(Event { transfer, peer, kind });
        }
    });
}

/// The next ERROR that this peer sends; none when the socket is of no use.
async fn error_of(socket: &UdpSocket, peer: SocketAddr) -> Option<EventKind> {
    let mut buffer = [0; ANSWER_BYTES];
    // A flood of other packets ends the listening, and hurts nobody.
    for _ in 0..MOST {
        let (length, from) = socket.recv_from(&mut buffer).await.ok()?;
        let is_peer = from.ip().to_canonical() == peer.ip().to_canonical() && from.port() == peer.port();
        if let (true, Some(Packet::Error { code, text })) = (is_peer, Packet::parse(&buffer[..length])) {
            let (raw, text) = (text.to_vec(), String::from_utf8_lossy(text).into_owned());
            return Some(EventKind::PeerError { code, text, raw });
        }
    }
    None
}
