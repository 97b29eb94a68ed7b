//! Windows and macOS: UDP at the client's port for the ears, at the server's for the mouth.
//!
//! Windows hands a socket that is bound to an interface's address the broadcasts of that
//! interface, and sends its own there (Winsock, "SO_BROADCAST"); macOS does neither, and has
//! `IP_BOUND_IF` instead (ip(4)). Nobody has run this there yet.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::UdpSocket;

use super::{CLIENT, MOST_BYTES, SERVER};
use crate::pc::interface::Interface;

/// What servers say on a cable, and the question for them.
#[derive(Debug)]
pub(in crate::pc::dhcp) struct Ears(UdpSocket);

impl Ears {
    /// Listens on this interface alone. The system's own client may sit there as well.
    pub(in crate::pc::dhcp) fn open(interface: &Interface) -> io::Result<Self> {
        let ours = interface.addresses.first().map(|network| network.address);
        open(interface, ours.ok_or(io::ErrorKind::AddrNotAvailable)?, CLIENT, true).map(Self)
    }

    /// The next message of a server, and who sent it.
    pub(in crate::pc::dhcp) async fn hear(&self) -> io::Result<(Vec<u8>, Ipv4Addr)> {
        hear(&self.0).await
    }

    /// Asks everybody on the cable.
    pub(in crate::pc::dhcp) async fn ask(&self, question: &[u8]) -> io::Result<()> {
        self.0.send_to(question, (Ipv4Addr::BROADCAST, SERVER)).await.map(drop)
    }
}

/// What answers, and hears clients.
#[derive(Debug)]
pub(in crate::pc::dhcp) struct Mouth(UdpSocket);

impl Mouth {
    /// Takes the server's port at our address on this interface.
    pub(in crate::pc::dhcp) fn open(interface: &Interface, ours: Ipv4Addr) -> io::Result<Self> {
        open(interface, ours, SERVER, false).map(Self)
    }

    /// Says something to a client.
    pub(in crate::pc::dhcp) async fn say(&self, message: &[u8], to: Ipv4Addr) -> io::Result<()> {
        self.0.send_to(message, (to, CLIENT)).await.map(drop)
    }

    /// The next message of a client, and who sent it.
    pub(in crate::pc::dhcp) async fn hear(&self) -> io::Result<(Vec<u8>, Ipv4Addr)> {
        hear(&self.0).await
    }
}

fn open(interface: &Interface, ours: Ipv4Addr, port: u16, shared: bool) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::IPV4, Type::DGRAM, Some(Protocol::UDP))?;
    socket.set_reuse_address(shared)?;
    socket.set_broadcast(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&SocketAddr::from((place(&socket, interface, ours, shared)?, port)).into())?;
    UdpSocket::from_std(socket.into())
}

#[cfg(target_os = "macos")]
fn place(socket: &Socket, interface: &Interface, _ours: Ipv4Addr, shared: bool) -> io::Result<Ipv4Addr> {
    socket.set_reuse_port(shared)?;
    let index = interface.index.and_then(std::num::NonZeroU32::new);
    socket.bind_device_by_index_v4(Some(index.ok_or(io::ErrorKind::AddrNotAvailable)?))?;
    Ok(Ipv4Addr::UNSPECIFIED)
}

#[cfg(not(target_os = "macos"))]
fn place(_socket: &Socket, _interface: &Interface, ours: Ipv4Addr, _shared: bool) -> io::Result<Ipv4Addr> {
    Ok(ours)
}

async fn hear(socket: &UdpSocket) -> io::Result<(Vec<u8>, Ipv4Addr)> {
    let mut message = [0; MOST_BYTES];
    loop {
        let (length, from) = socket.recv_from(&mut message).await?;
        if let IpAddr::V4(source) = from.ip() {
            return Ok((message[..length].to_vec(), source));
        }
    }
}
