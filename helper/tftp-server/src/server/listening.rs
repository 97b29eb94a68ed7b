//! The listening socket, and a socket for each transfer.
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

#[cfg(target_os = "linux")]
use super::linux::{self, Destination};
use super::sending::{Datagrams, send_or_lose};
use super::task::TaskSocket;

/// Receive buffer of the listening socket, bytes: 200 phones that ask at the same instant, at
/// about 1 kB of kernel memory for each small datagram, fit several times over.
const LISTEN_BUFFER: usize = 1 << 20;

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
            linux::tell_destination(&socket, bound.is_ipv6())?;
        }
        Ok(Self { socket: Arc::new(socket), bound })
    }

    /// The address that is listened on.
    pub(super) fn local_addr(&self) -> SocketAddr {
        self.bound
    }

    /// Waits for a datagram; `None` is one that was sent to everybody (RFC 1123 section 4.2.3.5
    /// has such a request ignored in silence).
    pub(super) async fn receive(&self, buffer: &mut [u8]) -> io::Result<Option<(usize, Asker)>> {
        #[cfg(target_os = "linux")]
        if self.bound.ip().is_unspecified() {
            let receive = || linux::receive(&self.socket, buffer);
            let received = self.socket.async_io(Interest::READABLE, receive).await?;
            let asked = match received.to {
                Destination::Everybody => return Ok(None),
                Destination::One(address) => Some(address),
                Destination::Untold => None,
            };
            return Ok(Some((received.length, Asker { peer: received.from, asked })));
        }
        let (length, peer) = self.socket.recv_from(buffer).await?;
        Ok(Some((length, Asker { peer, asked: None })))
    }

    /// Sends one datagram from the address that was asked, or loses it: the peer will ask
    /// again. It leaves from the listening port, but where the system does not tell which of
    /// several addresses was asked: there it has a port of its own.
    pub(super) fn answer(&self, datagram: &[u8], asker: Asker) {
        if self.bound.ip().is_unspecified() && asker.asked.is_none() {
            match self.open_socket(asker) {
                Ok(socket) => send_or_lose(&socket, datagram, canonical(asker.peer)),
                Err(error) => tracing::debug!(peer = %asker.peer, %error, "answer lost"),
            }
        } else {
            send_or_lose(&SharedPort::new(self.clone(), asker), datagram, asker.peer);
        }
    }

    /// A socket for a transfer to this peer, on the address that the peer has asked. It does not
    /// wait.
    pub(super) fn open_socket(&self, asker: Asker) -> io::Result<std::net::UdpSocket> {
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
}

/// Who has sent a datagram to the listening port.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asker {
    /// The address as the socket tells it.
    pub(super) peer: SocketAddr,
    /// The address that was asked, where it is not the one that is listened on and the system
    /// tells it.
    pub(super) asked: Option<SocketAddr>,
}

/// The listening socket as one transfer has it in single-port mode: it sends from the address
/// that was asked, and what arrives there comes by way of the listener.
#[derive(Debug)]
pub(super) struct SharedPort {
    port: ListeningPort,
    #[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "only Linux tells it"))]
    asked: Option<SocketAddr>,
}

impl SharedPort {
    pub(super) fn new(port: ListeningPort, asker: Asker) -> Self {
        Self { port, asked: asker.asked }
    }

    #[cfg(target_os = "linux")]
    fn send_from(
        &self,
        bytes: &[u8],
        segment: Option<u16>,
        to: SocketAddr,
        from: SocketAddr,
    ) -> io::Result<()> {
        let send = || linux::send_from(&*self.port.socket, bytes, segment, to, from);
        self.port.socket.try_io(Interest::WRITABLE, send)
    }
}

impl Datagrams for SharedPort {
    fn send_one(&self, datagram: &[u8], to: SocketAddr) -> io::Result<()> {
        #[cfg(target_os = "linux")]
        if let Some(asked) = self.asked {
            return self.send_from(datagram, None, to, asked);
        }
        self.port.socket.send_one(datagram, to)
    }

    #[cfg(target_os = "linux")]
    fn send_segments(&self, bytes: &[u8], segment: u16, to: SocketAddr) -> io::Result<()> {
        match self.asked {
            Some(asked) => self.send_from(bytes, Some(segment), to, asked),
            None => self.port.socket.send_segments(bytes, segment, to),
        }
    }
}

impl TaskSocket for SharedPort {
    fn poll_readable(&self, _context: &mut Context<'_>) -> Poll<()> {
        Poll::Pending
    }

    fn try_receive(&self, _buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        Err(io::ErrorKind::WouldBlock.into())
    }

    async fn room(&self) {
        self.port.socket.room().await;
    }

    fn own(self) -> Option<UdpSocket> {
        None
    }
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
