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
        Self::judge(error.kind(), error.raw_os_error(), cfg!(windows))
    }

    fn judge(kind: io::ErrorKind, code: Option<i32>, windows: bool) -> Self {
        match kind {
            // How a wait that ran out is told differs between the systems.
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => Self::Empty,
            io::ErrorKind::Interrupted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused => Self::Passing,
            _ if code == Some(too_long(windows)) || (windows && code == Some(WSAENETRESET)) => Self::Passing,
            _ => Self::Serious,
        }
    }
}

/// Whether a datagram is longer than the buffer, or than can be sent.
pub(super) fn is_too_long(error: &io::Error) -> bool {
    error.raw_os_error() == Some(too_long(cfg!(windows)))
}

fn too_long(windows: bool) -> i32 {
    if windows { WSAEMSGSIZE } else { EMSGSIZE }
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use super::*;

    #[test]
    fn icmp_reports_and_windows_over_long_datagrams_pass_and_the_systems_own_trouble_does_not() {
        use ReceiveTrouble::{Empty, Passing, Serious};
        for (kind, code, windows, judged) in [
            (ErrorKind::WouldBlock, None, false, Empty),
            (ErrorKind::TimedOut, None, true, Empty),
            // ICMP port unreachable, as Linux and as Windows tell it.
            (ErrorKind::ConnectionRefused, Some(111), false, Passing),
            (ErrorKind::ConnectionReset, Some(10054), true, Passing),
            // A datagram longer than the buffer, and ICMP time exceeded.
            (ErrorKind::Other, Some(WSAEMSGSIZE), true, Passing),
            (ErrorKind::Other, Some(WSAENETRESET), true, Passing),
            (ErrorKind::Other, Some(EMSGSIZE), false, Passing),
            (ErrorKind::Interrupted, None, false, Passing),
            // The numbers of the one system mean something else on the other.
            (ErrorKind::Other, Some(WSAEMSGSIZE), false, Serious),
            (ErrorKind::Other, Some(WSAENETRESET), false, Serious),
            (ErrorKind::Other, Some(EMSGSIZE), true, Serious),
            (ErrorKind::OutOfMemory, Some(12), false, Serious),
            (ErrorKind::NetworkDown, Some(100), false, Serious),
        ] {
            assert_eq!(ReceiveTrouble::judge(kind, code, windows), judged, "{kind:?} {code:?} {windows}");
        }
    }
}
