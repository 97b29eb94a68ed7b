//! Every server of this program: one for each protocol and address, shared by all phones that
//! ask there (case C19: six phones, and one port 69).
//!
//! The first offer binds, later ones join it, the last one that ends closes the port. A second
//! offer to the same phone on the same port is refused: the first may be in the middle of its
//! file, and a phone that gets its firmware from two sides is made worse.

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use shared::failure::{Failure, FailureCode};
use shared::form::Protocol;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::guest::{Guest, Guests};
use super::listener::{self, Serve, listen};
use super::offer::{Offer, Serving};
use super::shelf::Shelf;
use super::{FileEvent, ftp, http, tftp};

/// So long a server may take to tell its phones that it ends.
const FAREWELL: Duration = Duration::from_secs(1);

type Place = (Protocol, SocketAddr);

/// All servers of this program; clones are the same hub.
#[derive(Debug, Clone, Default)]
pub struct Hub(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    servers: Mutex<BTreeMap<Place, Server>>,
    /// Servers that were told to end, until somebody needs their port.
    ending: Mutex<BTreeMap<Place, JoinHandle<()>>>,
    /// One at a time opens or closes a port.
    turn: tokio::sync::Mutex<()>,
    /// One at a time fetches under our own address.
    witnesses: tokio::sync::Mutex<()>,
    /// Numbers all transfers.
    numbers: Arc<AtomicU64>,
}

/// A server that runs.
#[derive(Debug)]
struct Server {
    guests: Guests,
    engine: Engine,
    task: JoinHandle<()>,
}

/// What steers it.
#[derive(Debug)]
enum Engine {
    Tftp(tftp_server::Handle),
    /// Dropped to stop it.
    Tcp(oneshot::Sender<()>),
}

impl Hub {
    /// A hub without servers.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Serves an offer; `tell` hears what its phone does.
    ///
    /// # Errors
    /// [`FailureCode::PcPortTaken`], [`FailureCode::PcPortForbidden`] or
    /// [`FailureCode::PcNoRoute`], with what the system says; [`FailureCode::PhoneBusy`] when
    /// this phone has an offer there already.
    pub async fn serve(
        &self,
        protocol: Protocol,
        offer: Offer,
        tell: impl Fn(FileEvent) + Send + Sync + 'static,
    ) -> Result<Serving, Failure> {
        let Offer { bind, peer, names, bytes, quarantine } = offer;
        let shelf = Shelf::new(names, bytes, quarantine);
        let guest = Guest::new(shelf, Arc::clone(&self.0.numbers), tell);
        let _turn = self.0.turn.lock().await;
        let bind = match self.join(protocol, bind, peer, guest)? {
            None => bind,
            Some(guest) => {
                self.ended(protocol, bind).await;
                let guests = Guests::default();
                guests.add(peer, guest);
                let (port, server) = open(protocol, bind, guests).await?;
                let bind = SocketAddr::new(bind.ip(), port);
                self.servers().insert((protocol, bind), server);
                bind
            }
        };
        Ok(Serving::new(self.clone(), protocol, bind, peer))
    }

    /// Waits until nobody else fetches under our own address.
    pub(super) async fn witness_turn(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.0.witnesses.lock().await
    }

    /// Adds the guest to a server that runs, or gives it back if none does.
    fn join(
        &self,
        protocol: Protocol,
        bind: SocketAddr,
        peer: IpAddr,
        guest: Guest,
    ) -> Result<Option<Guest>, Failure> {
        let servers = self.servers();
        let Some(server) = servers.get(&(protocol, bind)) else { return Ok(Some(guest)) };
        if !server.guests.add(peer, guest) {
            let seen = format!("{peer} is being served by {} on {bind} already", protocol.name());
            return Err(Failure::new(FailureCode::PhoneBusy, seen));
        }
        server.engine.let_in(&server.guests);
        Ok(None)
    }

    /// Takes an offer back. The last one at its place ends the server.
    pub(super) fn withdraw(&self, protocol: Protocol, bind: SocketAddr, peer: IpAddr) {
        let place = (protocol, bind);
        let mut servers = self.servers();
        let Some(server) = servers.get(&place) else { return };
        if server.guests.remove(peer) {
            server.engine.let_in(&server.guests);
            server.engine.dismiss(peer);
        } else if let Some(server) = servers.remove(&place) {
            server.engine.stop();
            self.0.ending.lock().unwrap_or_else(PoisonError::into_inner).insert(place, server.task);
        }
    }

    /// Waits for the end of a server that was told to end.
    pub(super) async fn settle(&self, protocol: Protocol, bind: SocketAddr) {
        let _turn = self.0.turn.lock().await;
        self.ended(protocol, bind).await;
    }

    async fn ended(&self, protocol: Protocol, bind: SocketAddr) {
        let ending = self.0.ending.lock().unwrap_or_else(PoisonError::into_inner).remove(&(protocol, bind));
        if let Some(mut task) = ending
            && timeout(FAREWELL, &mut task).await.is_err()
        {
            // A farewell that takes too long is not worth waiting for.
            task.abort();
        }
    }

    fn servers(&self) -> MutexGuard<'_, BTreeMap<Place, Server>> {
        self.0.servers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Engine {
    /// Answers these and nobody else.
    fn let_in(&self, guests: &Guests) {
        // TCP servers look at the list themselves.
        if let Self::Tftp(handle) = self {
            handle.set_peers(guests.peers());
        }
    }

    /// Ends what this peer has begun.
    fn dismiss(&self, peer: IpAddr) {
        // Connections of TCP servers hear it from their guest.
        if let Self::Tftp(handle) = self {
            handle.cancel_peer(peer);
        }
    }

    fn stop(self) {
        match self {
            Self::Tftp(handle) => handle.shut_down(),
            Self::Tcp(stop) => drop(stop),
        }
    }
}

async fn open(protocol: Protocol, bind: SocketAddr, guests: Guests) -> Result<(u16, Server), Failure> {
    match protocol {
        Protocol::Tftp => {
            let server = tftp::open(bind, guests.clone()).await?;
            let (port, engine) = (server.local_addr().port(), Engine::Tftp(server.handle()));
            Ok((port, Server { guests, engine, task: tokio::spawn(server.run()) }))
        }
        Protocol::Http => open_tcp(bind, guests, http::Http),
        Protocol::Ftp => open_tcp(bind, guests, ftp::session::Ftp),
        Protocol::Upload => {
            Err(Failure::new(FailureCode::HelperFault, "an upload is sent, there is nothing to serve"))
        }
    }
}

fn open_tcp(bind: SocketAddr, guests: Guests, serve: impl Serve) -> Result<(u16, Server), Failure> {
    let failed = |error: io::Error| not_bound(bind, &error);
    let listener = listener::bind(bind).map_err(failed)?;
    let port = listener.local_addr().map_err(failed)?.port();
    let (stop, stopped) = oneshot::channel();
    let task = tokio::spawn(listen(listener, guests.clone(), stopped, serve));
    Ok((port, Server { guests, engine: Engine::Tcp(stop), task }))
}

fn not_bound(bind: SocketAddr, error: &io::Error) -> Failure {
    let (code, seen) = match error.kind() {
        io::ErrorKind::AddrInUse => (FailureCode::PcPortTaken, format!("{bind} is taken by another program")),
        io::ErrorKind::PermissionDenied => {
            (FailureCode::PcPortForbidden, format!("{bind} may not be used by this user"))
        }
        io::ErrorKind::AddrNotAvailable => {
            (FailureCode::PcNoRoute, format!("{bind} is no address of this machine"))
        }
        _ => (FailureCode::HelperFault, format!("{bind} cannot be listened on: {error}")),
    };
    Failure::new(code, seen)
}
