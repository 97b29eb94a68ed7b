//! The phone's address and port, kept while it is dark.
//!
//! A dark phone listens nowhere, but on a shared computer somebody else could take its port
//! meanwhile, and the phone must come back where it was. A bound socket that does not listen
//! keeps the port and refuses every connection.

use std::{io, net::SocketAddr, time::Duration};

use tokio::{
    net::{TcpListener, TcpSocket},
    time::sleep,
};

/// Connections waiting to be accepted. One client is served at a time; the others queue.
const BACKLOG: u32 = 16;
/// How often a port that is not free for the moment is tried again, and how long apart.
const TRIES: u32 = 100;
const PAUSE: Duration = Duration::from_millis(50);

/// A port that is held and not listened to.
#[derive(Debug)]
pub(super) struct Seat {
    address: SocketAddr,
    socket: TcpSocket,
}

impl Seat {
    /// Takes `address`; port 0 takes any.
    pub(super) fn take(address: SocketAddr) -> io::Result<Self> {
        let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        // On Unix this only allows a port whose old connections have not timed out yet. On
        // Windows it would allow to steal one.
        #[cfg(unix)]
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        let address = socket.local_addr()?;
        Ok(Self { address, socket })
    }

    /// Takes `address` again after a listener there was closed.
    pub(super) async fn retake(address: SocketAddr) -> io::Result<Self> {
        let mut tries = 1;
        loop {
            match Self::take(address) {
                Err(_) if tries < TRIES => tries += 1,
                result => return result,
            }
            sleep(PAUSE).await;
        }
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Listens.
    pub(super) fn open(self) -> io::Result<TcpListener> {
        self.socket.listen(BACKLOG)
    }
}
