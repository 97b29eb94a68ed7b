//! The sockets: one to listen on, one for each transfer.
//!
//! Sockets are never connected to their peer: a connected one would hide packets from foreign
//! TIDs, which RFC 1350 wants answered, and would let a forged ICMP message look like an error
//! of the peer.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::task::{Context, Poll};

use socket2::{Domain, Protocol, SockAddr, Socket, Type};
#[cfg(target_os = "linux")]
use tokio::io::Interest;
use tokio::net::UdpSocket;

use crate::machine::Outbox;

/// Receive buffer of the listening socket, bytes: 200 phones that ask at the same instant, at
/// about 1 kB of kernel memory for each small datagram, fit several times over.
const LISTEN_BUFFER: usize = 1 << 20;

/// Windows' code for a datagram that is longer than the buffer, or than can be sent
/// (`WSAEMSGSIZE`). Other systems cut the former silently.
const WSAEMSGSIZE: i32 = 10040;
/// Windows' code for an ICMP "time exceeded" of an earlier datagram (`WSAENETRESET`).
const WSAENETRESET: i32 = 10052;
/// `EMSGSIZE` of Linux.
#[cfg(any(target_os = "linux", target_os = "android"))]
const EMSGSIZE: i32 = 90;
/// `EMSGSIZE` of macOS and the BSDs.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const EMSGSIZE: i32 = 40;

/// The listening socket.
#[derive(Debug, Clone)]
pub(super) struct ListeningPort {
    socket: Arc<UdpSocket>,
    bound: SocketAddr,
}

impl ListeningPort {
    pub(super) fn bind(address: SocketAddr) -> io::Result<Self> {
        let socket = Socket::new(Domain::for_address(address), Type::DGRAM, Some(Protocol::UDP))?;
        if address.is_ipv6() && address.ip().is_unspecified() {
            // Everybody, as asked for; the systems differ in what they do by default.
            socket.set_only_v6(false)?;
        }
        // A wish: the system may give less.
        socket.set_recv_buffer_size(LISTEN_BUFFER).ok();
        socket.set_nonblocking(true)?;
        socket.bind(&SockAddr::from(address))?;
        let socket = UdpSocket::from_std(socket.into())?;
        let bound = socket.local_addr()?;
        #[cfg(target_os = "linux")]
        if bound.ip().is_unspecified() {
            super::linux::tell_destination(&socket, bound.is_ipv6())?;
        }
        Ok(Self { socket: Arc::new(socket), bound })
    }

    pub(super) fn local_addr(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// Waits for a datagram.
    pub(super) async fn receive(&self, buffer: &mut [u8]) -> io::Result<(usize, Asker)> {
        #[cfg(target_os = "linux")]
        if self.bound.ip().is_unspecified() {
            let receive = || super::linux::receive(&self.socket, buffer);
            let received = self.socket.async_io(Interest::READABLE, receive).await?;
            return Ok((received.length, Asker { peer: received.from, asked: received.to }));
        }
        let (length, peer) = self.socket.recv_from(buffer).await?;
        Ok((length, Asker { peer, asked: None }))
    }

    /// Sends one datagram from the address that was asked, or loses it: the peer will ask
    /// again.
    pub(super) fn answer(&self, datagram: &[u8], asker: Asker) {
        let sent = if self.bound.ip().is_unspecified() {
            self.open_socket(asker).and_then(|socket| socket.send_to(datagram, canonical(asker.peer)))
        } else {
            self.socket.try_send_to(datagram, asker.peer)
        };
        if let Err(error) = sent {
            tracing::debug!(peer = %asker.peer, %error, "answer lost");
        }
    }

    /// A port for a transfer to this peer, on the address that the peer has asked.
    pub(super) fn open_transfer(&self, asker: Asker) -> io::Result<TransferPort> {
        let socket = UdpSocket::from_std(self.open_socket(asker)?)?;
        Ok(TransferPort::new(Arc::new(socket), canonical(asker.peer), false))
    }

    fn open_socket(&self, asker: Asker) -> io::Result<std::net::UdpSocket> {
        let mut local = self.bound;
        if local.ip().is_unspecified() {
            // A port of IPv4's own serves IPv4 inside IPv6, too.
            local = match asker.asked.filter(|address| !address.ip().is_unspecified()) {
                Some(asked) => canonical(asked),
                None => local_address_towards(canonical(asker.peer))?,
            };
        }
        local.set_port(0);
        let socket = std::net::UdpSocket::bind(local)?;
        socket.set_nonblocking(true)?;
        Ok(socket)
    }

    /// The listening port itself as the port of a transfer (single-port mode).
    pub(super) fn share_for_transfer(&self, asker: Asker) -> TransferPort {
        TransferPort::new(Arc::clone(&self.socket), asker.peer, true)
    }
}

/// Who has sent a datagram to the listening port.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asker {
    /// The address as the socket tells it.
    pub(super) peer: SocketAddr,
    /// The address that was asked, where it is not the one that is listened on and the system
    /// tells it.
    asked: Option<SocketAddr>,
}

/// The port of one transfer.
#[derive(Debug)]
pub(super) struct TransferPort {
    socket: Arc<UdpSocket>,
    /// Whom it talks to.
    peer: SocketAddr,
    /// It is the listening port: what arrives there comes by another way.
    shared: bool,
    /// The system has refused to send several datagrams in one call.
    one_by_one: bool,
}

impl TransferPort {
    fn new(socket: Arc<UdpSocket>, peer: SocketAddr, shared: bool) -> Self {
        let one_by_one = !cfg!(target_os = "linux");
        Self { socket, peer, shared, one_by_one }
    }

    /// Whom this port talks to.
    pub(super) fn is_peer(&self, address: SocketAddr) -> bool {
        // The scope and flow of IPv6 may be told differently, address and port may not.
        address.ip() == self.peer.ip() && address.port() == self.peer.port()
    }

    /// Waits until something may have arrived.
    pub(super) fn poll_readable(&self, context: &mut Context<'_>) -> Poll<()> {
        if self.shared {
            return Poll::Pending;
        }
        // An error is met again, and dealt with, when the datagram is taken.
        self.socket.poll_recv_ready(context).map(drop)
    }

    /// Takes a datagram if there is one.
    pub(super) fn try_receive(&self, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        if self.shared {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        self.socket.try_recv_from(buffer)
    }

    /// Sends one datagram to anybody, or loses it.
    pub(super) fn send_or_lose(&self, datagram: &[u8], to: SocketAddr) {
        if let Err(error) = self.socket.try_send_to(datagram, to) {
            tracing::debug!(%to, %error, "answer lost");
        }
    }

    /// Sends a batch to the peer. What the system cannot send now counts as lost, the resend
    /// timer sees to it.
    ///
    /// # Errors
    /// Only when the datagrams will never be sendable.
    pub(super) async fn send(&mut self, outbox: &Outbox) -> io::Result<()> {
        if !self.one_by_one && self.send_at_once(outbox).await {
            return Ok(());
        }
        for datagram in outbox.datagrams() {
            self.send_one(datagram).await?;
        }
        Ok(())
    }

    /// Sends several datagrams in one call, if they fit and the system can. Says whether it is
    /// done.
    #[cfg(target_os = "linux")]
    async fn send_at_once(&mut self, outbox: &Outbox) -> bool {
        let Some((bytes, segment)) = outbox.segments() else { return false };
        let Ok(segment) = u16::try_from(segment) else { return false };
        if bytes.len() <= usize::from(segment) {
            return false;
        }
        let send = || super::linux::send_segments(&self.socket, bytes, segment, self.peer);
        match self.socket.async_io(Interest::WRITABLE, send).await {
            Ok(()) => true,
            Err(error) => {
                // Blocks longer than the packets of the interface, an interface or a kernel
                // that cannot, or no route: the plain way works, or says what is wrong.
                tracing::debug!(peer = %self.peer, %error, "datagrams go one by one");
                self.one_by_one = true;
                false
            }
        }
    }

    #[cfg(not(target_os = "linux"))]
    #[expect(clippy::unused_async, reason = "it has something to wait for on Linux only")]
    async fn send_at_once(&mut self, _outbox: &Outbox) -> bool {
        false
    }

    async fn send_one(&self, datagram: &[u8]) -> io::Result<()> {
        let mut result = self.socket.try_send_to(datagram, self.peer);
        if matches!(&result, Err(error) if error.kind() == io::ErrorKind::WouldBlock) {
            result = self.socket.send_to(datagram, self.peer).await;
        }
        match result {
            Err(error) if is_too_long(&error) => Err(error),
            Err(error) => {
                tracing::debug!(peer = %self.peer, %error, "datagram lost");
                Ok(())
            }
            Ok(_) => Ok(()),
        }
    }
}

/// What to do after a failed receive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ReceiveTrouble {
    /// Nothing is there.
    Empty,
    /// A report about one datagram (ICMP unreachable, or one that was too long): the next
    /// datagram is as good as ever.
    Passing,
    /// The system is in trouble: wait a little before the next attempt.
    Serious,
}

impl ReceiveTrouble {
    pub(super) fn of(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::WouldBlock => Self::Empty,
            io::ErrorKind::Interrupted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused => Self::Passing,
            _ if is_too_long(error) || error.raw_os_error() == Some(WSAENETRESET) => Self::Passing,
            _ => Self::Serious,
        }
    }
}

fn is_too_long(error: &io::Error) -> bool {
    let code = if cfg!(windows) { WSAEMSGSIZE } else { EMSGSIZE };
    error.raw_os_error() == Some(code)
}

/// IPv4 inside IPv6 as IPv4.
pub(super) fn canonical(address: SocketAddr) -> SocketAddr {
    match address.ip().to_canonical() {
        IpAddr::V4(ip) => SocketAddr::from((ip, address.port())),
        IpAddr::V6(_) => address,
    }
}

/// The address from which the system would talk to this peer. Nothing is sent.
fn local_address_towards(peer: SocketAddr) -> io::Result<SocketAddr> {
    let any: IpAddr = match peer {
        SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let probe = std::net::UdpSocket::bind((any, 0))?;
    probe.connect(peer)?;
    probe.local_addr()
}
