//! What only Linux offers: the address that a datagram was sent to (`IP_PKTINFO`, ip(7) and
//! ipv6(7)), and several datagrams in one call (`UDP_SEGMENT`, udp(7)).
//!
//! Elsewhere the rim does without: it asks the routing table for the address and sends one by
//! one.

use std::io::{self, IoSlice, IoSliceMut};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::os::fd::AsRawFd;

use nix::sys::socket::{
    ControlMessage, ControlMessageOwned, MsgFlags, SockaddrStorage, recvmsg, sendmsg, setsockopt, sockopt,
};
use tokio::net::UdpSocket;

/// Asks the system to tell the address that each datagram was sent to.
pub(super) fn tell_destination(socket: &UdpSocket, ipv6: bool) -> io::Result<()> {
    if ipv6 {
        setsockopt(socket, sockopt::Ipv6RecvPacketInfo, &true)?;
    } else {
        setsockopt(socket, sockopt::Ipv4PacketInfo, &true)?;
    }
    Ok(())
}

/// A datagram with the address that it was sent to, if the system tells. Port 0 in the latter.
#[derive(Debug)]
pub(super) struct Received {
    pub(super) length: usize,
    pub(super) from: SocketAddr,
    pub(super) to: Option<SocketAddr>,
}

/// Takes a datagram without waiting.
pub(super) fn receive(socket: &UdpSocket, buffer: &mut [u8]) -> io::Result<Received> {
    let mut control = nix::cmsg_space!(nix::libc::in6_pktinfo, nix::libc::in_pktinfo);
    let mut buffers = [IoSliceMut::new(buffer)];
    let message = recvmsg::<SockaddrStorage>(
        socket.as_raw_fd(),
        &mut buffers,
        Some(&mut control),
        MsgFlags::MSG_DONTWAIT,
    )?;
    let from = message.address.as_ref().and_then(address_of).ok_or(io::ErrorKind::InvalidData)?;
    let mut to = None;
    for information in message.cmsgs()? {
        to = to.or(match information {
            // The local address, also when the request was sent to everybody.
            ControlMessageOwned::Ipv4PacketInfo(info) => {
                let ip = Ipv4Addr::from(u32::from_be(info.ipi_spec_dst.s_addr));
                Some(SocketAddrV4::new(ip, 0).into())
            }
            ControlMessageOwned::Ipv6PacketInfo(info) => {
                let ip = Ipv6Addr::from(info.ipi6_addr.s6_addr);
                let scope = if ip.is_unicast_link_local() { info.ipi6_ifindex } else { 0 };
                (!ip.is_multicast()).then(|| SocketAddrV6::new(ip, 0, 0, scope).into())
            }
            _ => None,
        });
    }
    Ok(Received { length: message.bytes, from, to })
}

/// Sends these bytes as datagrams of this length (the last may be shorter).
pub(super) fn send_segments(
    socket: &impl AsRawFd,
    bytes: &[u8],
    segment: u16,
    peer: SocketAddr,
) -> io::Result<()> {
    let control = [ControlMessage::UdpGsoSegments(&segment)];
    let peer = SockaddrStorage::from(peer);
    let buffers = [IoSlice::new(bytes)];
    sendmsg(socket.as_raw_fd(), &buffers, &control, MsgFlags::empty(), Some(&peer))?;
    Ok(())
}

fn address_of(storage: &SockaddrStorage) -> Option<SocketAddr> {
    if let Some(address) = storage.as_sockaddr_in() {
        return Some(SocketAddrV4::from(*address).into());
    }
    storage.as_sockaddr_in6().map(|address| SocketAddrV6::from(*address).into())
}
