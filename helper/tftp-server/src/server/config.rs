//! How a server is set up, and why its port may not be had.

use std::io;
use std::net::SocketAddr;

use crate::machine::ReceptionConfig;
use crate::options::OptionPolicy;
use crate::peers::Peers;
use crate::timing::Timing;

/// Transfers at once by default: a rack of 200 phones and some to spare.
const DEFAULT_MAX_TRANSFERS: usize = 256;

/// Transfers with a thread of their own by default: as many phones as a person recovers by hand.
const DEFAULT_THREADS: usize = if cfg!(windows) { 0 } else { 8 };

/// How to serve. [`Config::new`] has defaults for all but the address.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Config {
    /// Where to listen. Bind it to the address of the phones' interface: the answers come from
    /// the same address. Port 69 needs a privilege on Linux.
    pub bind: SocketAddr,
    /// Transfers that may run at once; one more is refused with an ERROR that says so. Default
    /// 256.
    pub max_transfers: usize,
    /// Answer from the listening port instead of one port for each transfer. For clients behind
    /// a firewall or address translation that lets only port 69 through; RFC 1350 has it
    /// otherwise. Default off.
    pub single_port: bool,
    /// Transfers that get a thread of their own; all others are tasks of the runtime. A thread
    /// turns around an ACK sooner and is delayed by nothing else in the process; hundreds of
    /// tasks get more through than hundreds of threads. Default 8, and none on Windows, whose
    /// receive calls time out half a second late.
    pub threads: usize,
    /// Who is served. Default: everybody.
    pub peers: Peers,
    /// The times of each transfer.
    pub timing: Timing,
    /// Which options are agreed to.
    pub options: OptionPolicy,
}

impl Config {
    /// The defaults, listening on this address.
    #[must_use]
    pub fn new(bind: SocketAddr) -> Self {
        Self {
            bind,
            max_transfers: DEFAULT_MAX_TRANSFERS,
            single_port: false,
            threads: DEFAULT_THREADS,
            peers: Peers::Any,
            timing: Timing::default(),
            options: OptionPolicy::default(),
        }
    }

    pub(super) fn reception(&self) -> ReceptionConfig {
        ReceptionConfig {
            max_transfers: self.max_transfers,
            peers: self.peers.clone(),
            options: self.options.clone(),
            timing: self.timing.clone(),
        }
    }
}

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
