//! Linux: a packet socket for the ears, UDP for the mouth (packet(7), socket(7), ip(7)).

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use socket2::{Domain, Protocol, SockAddr, SockFilter, SockRef, Socket, Type};
use tokio::io::Interest;
use tokio::net::UdpSocket;

use super::datagram::{broadcast, read};
use super::{CLIENT, MOST_BYTES, SERVER};
use crate::pc::arp::socket::{EVERYBODY, link_address};
use crate::pc::interface::Interface;

/// `ETH_P_IP` of if_ether.h, in the order of the network.
const IP: u16 = 0x0800_u16.to_be();

/// What the kernel hands us: UDP to the ports 67 and 68, and of fragments the first. Nothing else
/// wakes us while a file is being fetched. Offsets are those of the IPv4 header.
const FILTER: [SockFilter; 10] = [
    load_byte(9),
    unless(17, 7),
    load_two(6),
    if_any_bit(0x1fff, 5),
    // The length of the header, in bytes.
    SockFilter::new(0xb1, 0, 0, 0),
    // The port, behind it.
    SockFilter::new(0x48, 0, 0, 2),
    if_equal(67, 1),
    unless(68, 1),
    // All of it.
    SockFilter::new(0x06, 0, 0, u32::MAX),
    // None of it.
    SockFilter::new(0x06, 0, 0, 0),
];

/// Instructions of the packet filter (filter.txt of the kernel).
const fn load_byte(at: u32) -> SockFilter {
    SockFilter::new(0x30, 0, 0, at)
}

const fn load_two(at: u32) -> SockFilter {
    SockFilter::new(0x28, 0, 0, at)
}

const fn unless(value: u32, skip: u8) -> SockFilter {
    SockFilter::new(0x15, 0, skip, value)
}

const fn if_equal(value: u32, skip: u8) -> SockFilter {
    SockFilter::new(0x15, skip, 0, value)
}

const fn if_any_bit(bits: u32, skip: u8) -> SockFilter {
    SockFilter::new(0x45, skip, 0, bits)
}

/// What clients and servers say on a cable, and the question for servers.
#[derive(Debug)]
pub(in crate::pc::dhcp) struct Ears {
    /// tokio has no type for it; it waits for a packet socket as for any other, and `recv` is the
    /// same call.
    socket: UdpSocket,
    everybody: SockAddr,
}

impl Ears {
    /// Listens on this interface alone.
    pub(in crate::pc::dhcp) fn open(interface: &Interface) -> io::Result<Self> {
        let index = interface.index.ok_or(io::ErrorKind::AddrNotAvailable)?;
        // Without a protocol, so that nothing comes in before it is bound and filtered.
        let socket = Socket::new(Domain::PACKET, Type::DGRAM, None)?;
        socket.set_nonblocking(true)?;
        socket.attach_filter(&FILTER)?;
        let everybody = link_address(IP, index, EVERYBODY);
        socket.bind(&everybody)?;
        Ok(Self { socket: UdpSocket::from_std(socket.into())?, everybody })
    }

    /// The next message, and who sent it.
    pub(in crate::pc::dhcp) async fn hear(&self) -> io::Result<(Vec<u8>, Ipv4Addr)> {
        let mut packet = [0; MOST_BYTES];
        loop {
            let length = self.socket.recv(&mut packet).await?;
            let Some(datagram) = read(&packet[..length]) else { continue };
            if matches!(datagram.port, SERVER | CLIENT) {
                return Ok((datagram.content.to_vec(), datagram.source));
            }
        }
    }

    /// Asks everybody on the cable, from no address (RFC 2131, 4.1).
    pub(in crate::pc::dhcp) async fn ask(&self, question: &[u8]) -> io::Result<()> {
        let packet = broadcast(CLIENT, SERVER, question).ok_or(io::ErrorKind::InvalidInput)?;
        let send = || SockRef::from(&self.socket).send_to(&packet, &self.everybody);
        self.socket.async_io(Interest::WRITABLE, send).await.map(drop)
    }
}

/// What answers.
#[derive(Debug)]
pub(in crate::pc::dhcp) struct Mouth(UdpSocket);

impl Mouth {
    /// Takes the server's port at our address on this interface.
    pub(in crate::pc::dhcp) fn open(interface: &Interface, ours: Ipv4Addr) -> io::Result<Self> {
        let socket = Socket::new(Domain::IPV4, Type::DGRAM, Some(Protocol::UDP))?;
        socket.bind_device(Some(interface.name.as_bytes()))?;
        socket.set_broadcast(true)?;
        socket.set_nonblocking(true)?;
        socket.bind(&SocketAddr::from((ours, SERVER)).into())?;
        Ok(Self(UdpSocket::from_std(socket.into())?))
    }

    /// Says something to a client.
    pub(in crate::pc::dhcp) async fn say(&self, message: &[u8], to: Ipv4Addr) -> io::Result<()> {
        self.0.send_to(message, (to, CLIENT)).await.map(drop)
    }

    /// Nothing: the ears hear everything.
    pub(in crate::pc::dhcp) async fn hear(&self) -> io::Result<(Vec<u8>, Ipv4Addr)> {
        std::future::pending().await
    }
}
