//! What only Linux offers: the address that a datagram was sent to, and from which one leaves
//! (`IP_PKTINFO`, ip(7) and ipv6(7)), and several datagrams in one call (`UDP_SEGMENT`, udp(7)).
//!
//! Elsewhere the rim does without: it asks the routing table for the address and sends one by
//! one.

use std::io::{self, IoSlice, IoSliceMut};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::os::fd::AsRawFd;

use nix::libc::{in_addr, in_pktinfo, in6_addr, in6_pktinfo};
use nix::sys::socket::{
    ControlMessage, ControlMessageOwned, MsgFlags, SockaddrStorage, recvmsg, sendmsg, setsockopt, sockopt,
};
use tokio::net::UdpSocket;

/// Asks the system to tell the address that each datagram was sent to.
pub(super) fn tell_destination(socket: &UdpSocket, ipv6: bool) -> io::Result<()> {
    if ipv6 {
        setsockopt(socket, sockopt::Ipv6RecvPacketInfo, &true)?;
    }
    // Of IPv4 inside IPv6 this one alone tells whether everybody was asked.
    setsockopt(socket, sockopt::Ipv4PacketInfo, &true)?;
    Ok(())
}

/// A datagram and where it was sent to.
#[derive(Debug)]
pub(super) struct Received {
    pub(super) length: usize,
    pub(super) from: SocketAddr,
    pub(super) to: Destination,
}

/// Where a datagram was sent to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Destination {
    /// The system does not say.
    Untold,
    /// This address; the port is 0.
    One(SocketAddr),
    /// A broadcast or multicast address.
    Everybody,
}

/// Takes a datagram without waiting.
pub(super) fn receive(socket: &UdpSocket, buffer: &mut [u8]) -> io::Result<Received> {
    let mut control = nix::cmsg_space!(in6_pktinfo, in_pktinfo);
    let mut buffers = [IoSliceMut::new(buffer)];
    let message = recvmsg::<SockaddrStorage>(
        socket.as_raw_fd(),
        &mut buffers,
        Some(&mut control),
        MsgFlags::MSG_DONTWAIT,
    )?;
    let from = message.address.as_ref().and_then(address_of).ok_or(io::ErrorKind::InvalidData)?;
    let mut to = Destination::Untold;
    for information in message.cmsgs()? {
        to = match (information, to) {
            (_, Destination::Everybody) => to,
            (ControlMessageOwned::Ipv4PacketInfo(info), _) => ipv4_destination(&info, to),
            (ControlMessageOwned::Ipv6PacketInfo(info), Destination::Untold) => ipv6_destination(&info),
            _ => to,
        };
    }
    Ok(Received { length: message.bytes, from, to })
}

/// Takes a datagram without waiting from a socket that waits otherwise.
pub(super) fn receive_now(socket: &impl AsRawFd, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
    let mut buffers = [IoSliceMut::new(buffer)];
    let message = recvmsg::<SockaddrStorage>(socket.as_raw_fd(), &mut buffers, None, MsgFlags::MSG_DONTWAIT)?;
    let from = message.address.as_ref().and_then(address_of).ok_or(io::ErrorKind::InvalidData)?;
    Ok((message.bytes, from))
}

/// `known`: the same destination as IPv6 tells it, if it does.
fn ipv4_destination(info: &in_pktinfo, known: Destination) -> Destination {
    let local = Ipv4Addr::from(u32::from_be(info.ipi_spec_dst.s_addr));
    if info.ipi_addr.s_addr != info.ipi_spec_dst.s_addr {
        // In the header stands another address than the one that it came in through.
        Destination::Everybody
    } else if known == Destination::Untold {
        Destination::One(SocketAddrV4::new(local, 0).into())
    } else {
        known
    }
}

fn ipv6_destination(info: &in6_pktinfo) -> Destination {
    let ip = Ipv6Addr::from(info.ipi6_addr.s6_addr);
    let scope = if ip.is_unicast_link_local() { info.ipi6_ifindex } else { 0 };
    if ip.is_multicast() {
        Destination::Everybody
    } else {
        Destination::One(SocketAddrV6::new(ip, 0, 0, scope).into())
    }
}

/// Sends these bytes as datagrams of the length `segment` (the last may be shorter).
pub(super) fn send_segments(
    socket: &impl AsRawFd,
    bytes: &[u8],
    segment: u16,
    to: SocketAddr,
) -> io::Result<()> {
    send(socket, bytes, &[ControlMessage::UdpGsoSegments(&segment)], to)
}

/// Sends these bytes from the local address `from`, as datagrams of the length `segment` or as
/// one.
pub(super) fn send_from(
    socket: &impl AsRawFd,
    bytes: &[u8],
    segment: Option<u16>,
    to: SocketAddr,
    from: SocketAddr,
) -> io::Result<()> {
    let (ipv4, ipv6) = match from.ip() {
        IpAddr::V4(ip) => (Some(ipv4_source(ip)), None),
        IpAddr::V6(ip) => (None, Some(ipv6_source(ip, from))),
    };
    let mut control = Vec::with_capacity(2);
    control.extend(ipv4.as_ref().map(ControlMessage::Ipv4PacketInfo));
    control.extend(ipv6.as_ref().map(ControlMessage::Ipv6PacketInfo));
    control.extend(segment.as_ref().map(ControlMessage::UdpGsoSegments));
    send(socket, bytes, &control, to)
}

fn ipv4_source(ip: Ipv4Addr) -> in_pktinfo {
    let nothing = in_addr { s_addr: 0 };
    in_pktinfo { ipi_ifindex: 0, ipi_spec_dst: in_addr { s_addr: u32::from(ip).to_be() }, ipi_addr: nothing }
}

fn ipv6_source(ip: Ipv6Addr, from: SocketAddr) -> in6_pktinfo {
    let scope = if let SocketAddr::V6(from) = from { from.scope_id() } else { 0 };
    in6_pktinfo { ipi6_addr: in6_addr { s6_addr: ip.octets() }, ipi6_ifindex: scope }
}

fn send(
    socket: &impl AsRawFd,
    bytes: &[u8],
    control: &[ControlMessage<'_>],
    to: SocketAddr,
) -> io::Result<()> {
    let to = SockaddrStorage::from(to);
    sendmsg(socket.as_raw_fd(), &[IoSlice::new(bytes)], control, MsgFlags::empty(), Some(&to))?;
    Ok(())
}

fn address_of(storage: &SockaddrStorage) -> Option<SocketAddr> {
    if let Some(address) = storage.as_sockaddr_in() {
        return Some(SocketAddrV4::from(*address).into());
    }
    storage.as_sockaddr_in6().map(|address| SocketAddrV6::from(*address).into())
}
