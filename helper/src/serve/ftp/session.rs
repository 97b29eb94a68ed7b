//! The rim of [`super::machine`]: one control connection, at most one data connection.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout};

use super::data::{Door, Load, transfer};
use super::lines::Lines;
use super::machine::{Action, Machine, Parcel, Route, TransferEnd, canonical};
use super::reply::Reply;
use crate::serve::guest::Guest;
use crate::serve::listener::{Serve, bind};

/// A control connection without a command is closed after so long: at least five minutes
/// (RFC 1123 4.1.3.2), for a phone may write its flash in between.
const IDLE: Duration = Duration::from_secs(300);
/// So long a client may take to read a reply.
const REPLY: Duration = Duration::from_secs(30);

/// The FTP server.
#[derive(Debug, Clone, Copy)]
pub(in crate::serve) struct Ftp;

impl Serve for Ftp {
    const BUSY: &'static [u8] = b"421 too many connections\r\n";

    async fn serve(self, control: TcpStream, peer: SocketAddr, guest: Arc<Guest>) {
        let Ok(local) = control.local_addr() else { return };
        // A reply that waits for company only delays the phone.
        control.set_nodelay(true).ok();
        let (machine, greeting) = Machine::begin(peer, local.ip(), guest.shelf.clone());
        let session = Session {
            control,
            peer,
            local,
            guest,
            machine,
            passive: None,
            transfers: JoinSet::new(),
            hears: true,
        };
        session.run(greeting).await;
    }
}

struct Session {
    control: TcpStream,
    peer: SocketAddr,
    local: SocketAddr,
    guest: Arc<Guest>,
    machine: Machine,
    passive: Option<TcpListener>,
    /// The one transfer, if any.
    transfers: JoinSet<TransferEnd>,
    /// Whether the control connection is still good. Without it, a transfer goes on to its end:
    /// loaders hang up early.
    hears: bool,
}

impl Session {
    async fn run(mut self, greeting: Vec<Action>) {
        let guest = Arc::clone(&self.guest);
        let mut lines = Lines::default();
        let mut buffer = [0; 1024];
        let mut actions = greeting;
        let mut deadline = Instant::now() + IDLE;
        while self.perform(actions).await && (self.hears || self.machine.is_transferring()) {
            if let Some(line) = lines.next_line() {
                deadline = Instant::now() + IDLE;
                actions = self.machine.line(&line);
                continue;
            }
            if lines.too_long() {
                actions = self.machine.close(500, "the line is too long");
                continue;
            }
            actions = tokio::select! {
                biased;
                () = guest.left() => self.machine.close(421, "the offer has ended"),
                Some(end) = self.transfers.join_next() => {
                    deadline = Instant::now() + IDLE;
                    self.machine.ended(end.unwrap_or(TransferEnd::Broken))
                }
                read = self.control.read(&mut buffer), if self.hears => {
                    match read {
                        Ok(length @ 1..) => lines.feed(&buffer[..length]),
                        Ok(0) | Err(_) => self.hears = false,
                    }
                    Vec::new()
                }
                () = sleep_until(deadline), if !self.machine.is_transferring() => {
                    self.machine.close(421, "nothing was asked for too long")
                }
            };
        }
    }

    /// Does what the machine says; false when it is over.
    async fn perform(&mut self, actions: Vec<Action>) -> bool {
        let mut actions = VecDeque::from(actions);
        while let Some(action) = actions.pop_front() {
            let more = match action {
                Action::Reply(reply) => {
                    self.say(&reply).await;
                    continue;
                }
                Action::Listen => {
                    let port = self.listen();
                    self.machine.listening(port)
                }
                Action::Forget => {
                    self.passive = None;
                    continue;
                }
                Action::Send(route, parcel) => self.send(route, parcel),
                Action::Abort => {
                    self.transfers.shutdown().await;
                    self.machine.ended(TransferEnd::Aborted)
                }
                Action::Tell(event) => {
                    self.guest.tell(event);
                    continue;
                }
                Action::Close => return false,
            };
            for action in more.into_iter().rev() {
                actions.push_front(action);
            }
        }
        true
    }

    async fn say(&mut self, reply: &Reply) {
        let text = reply.text();
        let said = timeout(REPLY, self.control.write_all(text.as_bytes())).await;
        if !matches!(said, Ok(Ok(()))) {
            self.hears = false;
        }
    }

    /// Listens where the phone already reaches us, and says at which port.
    fn listen(&mut self) -> Option<u16> {
        let listening = bind(self.here()).and_then(|listener| {
            let port = listener.local_addr()?.port();
            Ok::<_, io::Error>((listener, port))
        });
        match listening {
            Ok((listener, port)) => {
                self.passive = Some(listener);
                Some(port)
            }
            Err(error) => {
                tracing::warn!(%error, "no data port");
                self.passive = None;
                None
            }
        }
    }

    /// Our own address as the phone knows it, with any port.
    fn here(&self) -> SocketAddr {
        let mut here = canonical(self.local);
        here.set_port(0);
        here
    }

    fn send(&mut self, route: Route, parcel: Parcel) -> Vec<Action> {
        let door = match (route, self.passive.take()) {
            (Route::Active(to), _) => Some(Door::Active(self.here(), to)),
            (Route::Passive, Some(listener)) => Some(Door::Passive(listener)),
            (Route::Passive, None) => None,
        };
        let Some(door) = door else { return self.machine.ended(TransferEnd::NoConnection) };
        let load = Load::new(parcel, &self.guest);
        self.transfers.spawn(transfer(door, self.peer.ip().to_canonical(), load));
        Vec::new()
    }
}
