//! Why the listening port may not be had.

use std::io;
use std::net::SocketAddr;

/// Why the listening port cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// Another program has it, mostly another TFTP server: stop that one.
    #[error("{address} is taken by another program")]
    Taken {
        /// The address asked for.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// The system does not let this user have it: on Linux, ports under 1024 need
    /// `CAP_NET_BIND_SERVICE` or a lower `net.ipv4.ip_unprivileged_port_start`.
    #[error("{address} may not be used by this user")]
    Forbidden {
        /// The address asked for.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// The address is not one of this machine: the cable is out, or the address is gone.
    #[error("{address} is no address of this machine")]
    NotHere {
        /// The address asked for.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// Single-port mode on all addresses at once, on a system that does not tell which of them
    /// was asked: the answer could come from another one. Bind one address.
    #[error("single-port mode needs one address to listen on here, not {address}")]
    SinglePortNeedsAddress {
        /// The address asked for.
        address: SocketAddr,
    },
    /// Anything else.
    #[error("{address} cannot be listened on")]
    Other {
        /// The address asked for.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
}

impl BindError {
    pub(super) fn new(address: SocketAddr, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::AddrInUse => Self::Taken { address, source },
            io::ErrorKind::PermissionDenied => Self::Forbidden { address, source },
            io::ErrorKind::AddrNotAvailable => Self::NotHere { address, source },
            _ => Self::Other { address, source },
        }
    }
}
