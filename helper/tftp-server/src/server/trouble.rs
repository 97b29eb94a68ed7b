//! What an error of a socket means: most are about one datagram and pass.

use std::io;

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
            // How a wait that ran out is told differs between the systems.
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => Self::Empty,
            io::ErrorKind::Interrupted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused => Self::Passing,
            _ if is_too_long(error) || error.raw_os_error() == Some(WSAENETRESET) => Self::Passing,
            _ => Self::Serious,
        }
    }
}

/// Whether a datagram is longer than the buffer, or than can be sent.
pub(super) fn is_too_long(error: &io::Error) -> bool {
    let code = if cfg!(windows) { WSAEMSGSIZE } else { EMSGSIZE };
    error.raw_os_error() == Some(code)
}
