//! From a batch of packets to the wire: several datagrams in one call where the system can
//! (`UDP_SEGMENT`), one by one elsewhere.

use std::io;
use std::net::SocketAddr;

use crate::machine::Outbox;

use super::trouble::is_too_long;

/// `EIO` on every Unix: an interface without checksums of its own says it to `UDP_SEGMENT`.
const EIO: i32 = 5;

/// A socket that sends datagrams. Whether it waits while the system has no room is its own
/// matter: one that does not says [`io::ErrorKind::WouldBlock`].
pub(super) trait Datagrams {
    /// Sends one datagram.
    fn send_one(&self, datagram: &[u8], to: SocketAddr) -> io::Result<()>;

    /// Sends these bytes as datagrams of this length; the last may be shorter.
    fn send_segments(&self, _bytes: &[u8], _segment: u16, _to: SocketAddr) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

impl Datagrams for tokio::net::UdpSocket {
    fn send_one(&self, datagram: &[u8], to: SocketAddr) -> io::Result<()> {
        self.try_send_to(datagram, to).map(drop)
    }

    #[cfg(target_os = "linux")]
    fn send_segments(&self, bytes: &[u8], segment: u16, to: SocketAddr) -> io::Result<()> {
        let send = || super::linux::send_segments(self, bytes, segment, to);
        self.try_io(tokio::io::Interest::WRITABLE, send)
    }
}

impl Datagrams for std::net::UdpSocket {
    fn send_one(&self, datagram: &[u8], to: SocketAddr) -> io::Result<()> {
        self.send_to(datagram, to).map(drop)
    }

    #[cfg(target_os = "linux")]
    fn send_segments(&self, bytes: &[u8], segment: u16, to: SocketAddr) -> io::Result<()> {
        super::linux::send_segments(self, bytes, segment, to)
    }
}

/// The way to one peer.
#[derive(Debug)]
pub(super) struct Way {
    peer: SocketAddr,
    /// The system cannot send several datagrams of this transfer in one call.
    one_by_one: bool,
    /// Datagrams of the present batch that have left.
    gone: usize,
}

impl Way {
    pub(super) fn to(peer: SocketAddr) -> Self {
        Self { peer, one_by_one: false, gone: 0 }
    }

    /// Whether this address is the peer's.
    pub(super) fn is_peer(&self, address: SocketAddr) -> bool {
        // The scope and flow of IPv6 may be told differently, address and port may not.
        address.ip() == self.peer.ip() && address.port() == self.peer.port()
    }

    /// Sends a batch. What the system cannot send now counts as lost, the resend timer sees to
    /// it.
    ///
    /// # Errors
    /// `WouldBlock` from a socket that does not wait: call again with the same batch when there
    /// is room, or [`Way::lose_rest`]. Anything else only when the datagrams will never be
    /// sendable; the batch is done with.
    pub(super) fn send(&mut self, socket: &impl Datagrams, outbox: &Outbox) -> io::Result<()> {
        if self.gone == 0 && !self.one_by_one && self.send_at_once(socket, outbox)? {
            return Ok(());
        }
        for datagram in outbox.datagrams().skip(self.gone) {
            match socket.send_one(datagram, self.peer) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Err(error),
                Err(error) if is_too_long(&error) => {
                    self.gone = 0;
                    return Err(error);
                }
                Err(error) => tracing::debug!(peer = %self.peer, %error, "datagram lost"),
            }
            self.gone += 1;
        }
        self.gone = 0;
        Ok(())
    }

    /// Sends all datagrams in one call, if they fit and the system can. Says whether it is done.
    fn send_at_once(&mut self, socket: &impl Datagrams, outbox: &Outbox) -> io::Result<bool> {
        let Some((bytes, segment)) = outbox.segments() else { return Ok(false) };
        let Ok(segment) = u16::try_from(segment) else { return Ok(false) };
        if bytes.len() <= usize::from(segment) {
            return Ok(false);
        }
        match socket.send_segments(bytes, segment, self.peer) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Err(error),
            Err(error) => {
                // The plain way works, or says what is wrong.
                self.one_by_one = cannot_cut(&error);
                tracing::debug!(peer = %self.peer, %error, for_good = self.one_by_one, "one by one");
                Ok(false)
            }
        }
    }

    /// The rest of the present batch is given up.
    pub(super) fn lose_rest(&mut self) {
        self.gone = 0;
    }
}

/// Whether the system will never cut the batches of this transfer into datagrams: a kernel or an
/// interface that cannot, or blocks longer than the packets of the interface. Anything else (no
/// memory, no route) passes.
fn cannot_cut(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput)
        || is_too_long(error)
        || error.raw_os_error() == Some(EIO)
}

/// Sends one datagram to anybody, or loses it.
pub(super) fn send_or_lose(socket: &impl Datagrams, datagram: &[u8], to: SocketAddr) {
    if let Err(error) = socket.send_one(datagram, to) {
        tracing::debug!(%to, %error, "answer lost");
    }
}
