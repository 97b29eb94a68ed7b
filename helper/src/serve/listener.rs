//! The listening port of HTTP and FTP: lets the phones in and nobody else, and survives
//! whatever comes.
//!
//! The system completes a handshake before a program hears of it, so a stranger sees an open
//! port that closes at once, without a byte.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::delivery::SEND_BUFFER;
use super::guest::{Guest, Guests};

/// Connections that may wait to be let in.
const BACKLOG: u32 = 128;
/// Wait after an error of the system itself (no memory, too many open files), so that it is not
/// asked again a million times a second.
const TROUBLE_WAIT: Duration = Duration::from_millis(50);

/// What is done with a connection of a phone.
pub(super) trait Serve: Clone + Send + 'static {
    /// Said to a phone that has too many connections.
    const BUSY: &'static [u8];

    /// Serves one connection to its end.
    fn serve(self, stream: TcpStream, peer: SocketAddr, guest: Arc<Guest>)
    -> impl Future<Output = ()> + Send;
}

/// Listens at this address.
pub(super) fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = socket_like(address)?;
    // Elsewhere than on Windows, this is what lets a port be had again at once.
    #[cfg(not(windows))]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// A socket that holds back little. Connections that are let in inherit it.
pub(super) fn socket_like(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_send_buffer_size(SEND_BUFFER)?;
    Ok(socket)
}

/// Lets phones in until `stop` is dropped, and then waits for the last ones to leave.
pub(super) async fn listen(
    listener: TcpListener,
    guests: Guests,
    mut stop: oneshot::Receiver<()>,
    serve: impl Serve,
) {
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            _ = &mut stop => break,
            Some(_) = connections.join_next() => continue,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => let_in(&mut connections, stream, peer, &guests, &serve),
            Err(error) => {
                tracing::warn!(%error, "cannot accept");
                sleep(TROUBLE_WAIT).await;
            }
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

fn let_in<S: Serve>(
    connections: &mut JoinSet<()>,
    stream: TcpStream,
    peer: SocketAddr,
    guests: &Guests,
    serve: &S,
) {
    let Some(guest) = guests.find(peer.ip()) else {
        tracing::debug!(%peer, "a stranger is not let in");
        return;
    };
    let Ok(seat) = Arc::clone(&guest.seats).try_acquire_owned() else {
        tracing::debug!(%peer, "too many connections");
        // A fresh connection has room for a line; if not, closing says it as well.
        stream.try_write(S::BUSY).ok();
        return;
    };
    let serve = serve.clone();
    connections.spawn(async move {
        serve.serve(stream, peer, guest).await;
        drop(seat);
    });
}
