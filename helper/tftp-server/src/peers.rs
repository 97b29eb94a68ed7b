//! Who is served: only the phone under recovery is answered (RFC 1350 section 7 knows no
//! login, so the address is the only thing to go by).

use std::collections::BTreeSet;
use std::net::IpAddr;

/// The addresses that are served. All others get no answer to anything: no file, no ERROR, and at
/// the port of a transfer not the ERROR 5 that RFC 1350 section 4 has for foreign TIDs (a transfer
/// keeps to the addresses that were allowed when it began).
///
/// ```
/// use std::sync::Arc;
/// use tftp_server::{Config, Memory, NoObserver, Peers, Server};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), tftp_server::BindError> {
/// let mut config = Config::new(([127, 0, 0, 1], 0).into());
/// config.peers = Peers::only([192, 0, 2, 7].into());
/// let server = Server::bind(config, Arc::new(Memory::new("file")), Arc::new(NoObserver)).await?;
/// let handle = server.handle();
/// # let running = tokio::spawn(server.run());
/// // A second phone is plugged in, the first one is done.
/// handle.set_peers(Peers::only([192, 0, 2, 8].into()));
/// handle.cancel_peer([192, 0, 2, 7].into());
/// # handle.shut_down();
/// # running.await.ok();
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Peers {
    /// Everybody who reaches the port.
    #[default]
    Any,
    /// Only these. IPv4 addresses inside IPv6 (`::ffff:192.0.2.1`) count as IPv4.
    Only(BTreeSet<IpAddr>),
}

impl Peers {
    /// Only one address.
    #[must_use]
    pub fn only(address: IpAddr) -> Self {
        [address].into_iter().collect()
    }

    /// Whether this address is served.
    #[must_use]
    pub fn allows(&self, address: IpAddr) -> bool {
        match self {
            Self::Any => true,
            Self::Only(addresses) => addresses.contains(&address.to_canonical()),
        }
    }
}

impl FromIterator<IpAddr> for Peers {
    fn from_iter<I: IntoIterator<Item = IpAddr>>(addresses: I) -> Self {
        Self::Only(addresses.into_iter().map(|address| address.to_canonical()).collect())
    }
}
