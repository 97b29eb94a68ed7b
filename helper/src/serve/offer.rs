//! What is served to one phone, and the hold that a session has on it.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use shared::form::Protocol;

use super::hub::Hub;

/// What is served, to whom, and where.
#[derive(Debug)]
pub struct Offer {
    /// Our address on the phone's side, and the port; port 0 is any free one, for this offer
    /// alone.
    pub bind: SocketAddr,
    /// The one peer that gets it.
    pub peer: IpAddr,
    /// The names that the file answers to, in any spelling.
    pub names: Vec<String>,
    /// The file.
    pub bytes: Arc<Vec<u8>>,
    /// Whether to answer `aastra.cfg` and `startup.cfg` so that the phone contacts no provider
    /// (domain.md 4.1).
    pub quarantine: bool,
}

impl Offer {
    /// The same at another port.
    #[must_use]
    pub fn at(&self, port: u16) -> Self {
        Self {
            bind: SocketAddr::new(self.bind.ip(), port),
            peer: self.peer,
            names: self.names.clone(),
            bytes: Arc::clone(&self.bytes),
            quarantine: self.quarantine,
        }
    }
}

/// An offer that stands. It ends when this is dropped; no event is told after that.
#[derive(Debug)]
pub struct Serving {
    /// The port it listens on.
    pub port: u16,
    hub: Hub,
    protocol: Protocol,
    bind: SocketAddr,
    peer: IpAddr,
}

impl Serving {
    pub(super) fn new(hub: Hub, protocol: Protocol, bind: SocketAddr, peer: IpAddr) -> Self {
        Self { port: bind.port(), hub, protocol, bind, peer }
    }

    /// Ends the offer and waits until the phone was told, and until the port is free if this was
    /// its last offer.
    pub async fn end(self) {
        let (hub, protocol, bind) = (self.hub.clone(), self.protocol, self.bind);
        drop(self);
        hub.settle(protocol, bind).await;
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.hub.withdraw(self.protocol, self.bind, self.peer);
    }
}
