//! The rim: sockets, a clock, tasks and threads around [`crate::machine`].
//!
//! One task listens; each transfer has a socket, and so a port, of its own (RFC 1350 section 4).
//! The first few transfers are threads, which turn around an ACK soonest ([`thread`]); the others
//! are tasks, of which the runtime carries hundreds ([`task`]). None ever waits for another, so a
//! phone that stalls holds up nobody.

mod again;
mod bind_error;
mod config;
mod guard;
mod handle;
mod late;
#[cfg(target_os = "linux")]
mod linux;
mod listener;
mod listening;
mod sending;
mod task;
#[cfg(test)]
mod tests;
mod thread;
mod transfers;
mod trouble;
mod work;

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::sync::mpsc;

pub use bind_error::BindError;
pub use config::Config;
pub use handle::Handle;

use crate::event::Observer;
use crate::source::Source;
use listener::Listener;
use listening::ListeningPort;

/// A bound server. It answers once [`Server::run`] is polled; what comes before waits in the
/// socket.
#[derive(Debug)]
pub struct Server {
    listener: Listener,
    handle: Handle,
    local_addr: SocketAddr,
}

impl Server {
    /// Binds the listening port.
    ///
    /// # Errors
    /// A [`BindError`] that says whether the port is taken, forbidden, or the address is not
    /// this machine's.
    ///
    /// # Panics
    /// When it is polled outside a tokio runtime, or in one without I/O or time
    /// (`Builder::enable_all`).
    #[expect(clippy::unused_async, reason = "must be called inside a runtime, and says so")]
    pub async fn bind(
        config: Config,
        source: Arc<dyn Source>,
        observer: Arc<dyn Observer>,
    ) -> Result<Self, BindError> {
        let address = config.bind;
        if config.single_port && address.ip().is_unspecified() && !cfg!(target_os = "linux") {
            return Err(BindError::SinglePortNeedsAddress { address });
        }
        let port = ListeningPort::bind(address).map_err(|source| BindError::new(address, source))?;
        let local_addr = port.local_addr();
        let (orders, inbox) = mpsc::unbounded_channel();
        let listener = Listener::new(&config, port, source, observer, inbox);
        Ok(Self { listener, handle: Handle::new(orders), local_addr })
    }

    /// The address that is listened on, with the port that the system gave for port 0.
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// A handle to steer the running server with.
    #[must_use]
    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// Serves until [`Handle::shut_down`]. Dropping the future ends all transfers at once,
    /// without telling the peers.
    pub async fn run(self) {
        // The handle is kept: without any, nobody could ever steer again, but serving goes on.
        let _handle = self.handle;
        self.listener.run().await;
    }
}
