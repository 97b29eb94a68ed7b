//! The socket that carries ARP on Linux (packet(7)). The kernel writes the Ethernet head.

use std::io::{self, Read};
use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use socket2::{Domain, Protocol, SockAddr, SockAddrStorage, Socket, Type};

use super::packet::{read, request};
use super::{A_SECOND, Heard};
use crate::pc::interface::Interface;
use crate::pc::mac::Mac;

/// `ETH_P_ARP` of if_ether.h, in the order of the network.
const ARP: u16 = 0x0806_u16.to_be();
/// To everybody on the link.
pub(in crate::pc) const EVERYBODY: Mac = Mac([0xff; 6]);
/// Addresses that are asked for at once, before it is listened again.
const BURST: u32 = 25;
/// More than any packet that matters.
const MOST_BYTES: usize = 256;

/// See [`super::ask`].
pub(super) fn ask(
    interface: &Interface,
    targets: impl IntoIterator<Item = Ipv4Addr>,
    listen: Duration,
    enough: impl Fn(&Heard) -> bool,
) -> io::Result<Vec<Heard>> {
    let (Some(index), Some(ours)) = (interface.index, interface.mac) else {
        return Err(io::ErrorKind::AddrNotAvailable.into());
    };
    let socket = Socket::new(Domain::PACKET, Type::DGRAM, Some(Protocol::from(i32::from(ARP))))?;
    let everybody = link_address(ARP, index, EVERYBODY);
    socket.bind(&everybody)?;
    let mut heard = Vec::new();
    let mut targets = targets.into_iter().peekable();
    while targets.peek().is_some() {
        for target in targets.by_ref().take(BURST as usize) {
            // Ours, where it fits: it would be asked for in the same way before a packet is sent.
            let fitting = interface.addresses.iter().find(|network| network.contains(target));
            let sender = fitting.map_or(Ipv4Addr::UNSPECIFIED, |network| network.address);
            socket.send_to(&request(ours, sender, target), &everybody)?;
        }
        if hear(&socket, Duration::from_secs(1) * BURST / A_SECOND, &enough, &mut heard)? {
            return Ok(heard);
        }
    }
    hear(&socket, listen, &enough, &mut heard)?;
    Ok(heard)
}

/// Listens for so long, and says whether it has heard enough.
fn hear(
    socket: &Socket,
    listen: Duration,
    enough: impl Fn(&Heard) -> bool,
    heard: &mut Vec<Heard>,
) -> io::Result<bool> {
    let end = Instant::now() + listen;
    let mut packet = [0; MOST_BYTES];
    loop {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(false);
        }
        socket.set_read_timeout(Some(left))?;
        let length = match (&*socket).read(&mut packet) {
            Ok(length) => length,
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
                return Ok(false);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let Some(found) = read(&packet[..length]) else { continue };
        if !heard.contains(&found) {
            heard.push(found);
        }
        if enough(&found) {
            return Ok(true);
        }
    }
}

/// A place on a link (packet(7), `sockaddr_ll`). The protocol has the order of the network.
#[allow(unsafe_code, reason = "socket2 has no safe way to write an address of this family")]
pub(in crate::pc) fn link_address(protocol: u16, index: u32, mac: Mac) -> SockAddr {
    let mut storage = SockAddrStorage::zeroed();
    // SAFETY: the storage is larger than every address of a socket and zeroed, and a
    // `sockaddr_ll` is plain numbers.
    let link = unsafe { storage.view_as::<libc::sockaddr_ll>() };
    link.sll_family = libc::AF_PACKET as libc::sa_family_t;
    link.sll_protocol = protocol;
    link.sll_ifindex = index.cast_signed();
    link.sll_halen = 6;
    link.sll_addr[..6].copy_from_slice(&mac.0);
    // SAFETY: a `sockaddr_ll` was written, with its family, and this is its length.
    unsafe { SockAddr::new(storage, size_of::<libc::sockaddr_ll>() as libc::socklen_t) }
}
