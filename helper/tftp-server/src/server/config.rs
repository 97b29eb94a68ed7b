//! How a server is set up.

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
    ///
    /// With `0.0.0.0` or `[::]` all addresses are listened on. On Linux the system then tells
    /// which one was asked: the answers come from it, and a request that was sent to everybody
    /// (broadcast) is ignored, as RFC 1123 section 4.2.3.5 has it. Elsewhere the answers come
    /// from the address that the routing table gives, which may be another one where a machine
    /// has several in one network, and a broadcast is answered like any request.
    pub bind: SocketAddr,
    /// Transfers that may run at once, 0 or more; one more is refused with an ERROR that says so.
    /// Default 256. Each has a socket, of which the system may give only so many.
    pub max_transfers: usize,
    /// Answer from the listening port instead of one port for each transfer. For clients behind
    /// a firewall or address translation that lets only port 69 through; RFC 1350 has it
    /// otherwise. Where the system does not tell which address was asked (all but Linux), it
    /// needs one address to listen on. Default off.
    pub single_port: bool,
    /// Transfers that get a thread of their own; all others are tasks of the runtime. A thread
    /// turns around an ACK sooner and is delayed by nothing else in the process; hundreds of
    /// tasks get more through than hundreds of threads. Default 8, and none on Windows, whose
    /// receive calls time out half a second late. The threads are those that the runtime keeps
    /// for blocking work, at most 512 unless its builder says otherwise
    /// (`max_blocking_threads`): past that a transfer waits for its turn.
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
