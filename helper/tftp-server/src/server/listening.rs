//! The listening socket, and a socket for each transfer.
//!
//! Sockets are never connected to their peer: a connected one would hide packets from foreign
//! TIDs, which RFC 1350 wants answered, and would let a forged ICMP message look like an error
//! of the peer.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use socket2::{Domain, Protocol, SockAddr, Socket, Type};
#[cfg(target_os = "linux")]
use tokio::io::Interest;
use tokio::net::UdpSocket;

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

    /// The listening socket itself, for a transfer in single-port mode.
    pub(super) fn share(&self) -> Arc<UdpSocket> {
        Arc::clone(&self.socket)
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
