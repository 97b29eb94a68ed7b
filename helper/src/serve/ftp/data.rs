//! The data connection (RFC 959 3.2): to the phone, or from the phone, and nobody else.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use shared::form::Protocol;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use super::machine::{Parcel, TransferEnd};
use crate::serve::delivery::{Breakage, Delivery, part, write};
use crate::serve::guest::Guest;
use crate::serve::listener::socket_like;

/// So long the data connection may take to come about. A VxWorks client gives its server
/// about as long.
const CONNECT: Duration = Duration::from_secs(30);

/// How to get one.
#[derive(Debug)]
pub(super) enum Door {
    /// Let the phone in.
    Passive(TcpListener),
    /// Connect from this address of ours to the phone.
    Active(SocketAddr, SocketAddr),
}

impl Door {
    async fn open(self, peer: IpAddr) -> io::Result<TcpStream> {
        match self {
            Self::Passive(listener) => loop {
                let (stream, from) = listener.accept().await?;
                if from.ip().to_canonical() == peer {
                    return Ok(stream);
                }
                tracing::debug!(%from, "a stranger at the data port is not let in");
            },
            Self::Active(here, to) => {
                let socket = socket_like(to)?;
                socket.bind(here)?;
                socket.connect(to).await
            }
        }
    }
}

/// What is to be sent, with the transfer that it is, if it is one.
#[derive(Debug)]
pub(super) enum Load {
    Firmware(Delivery),
    Small(String),
}

impl Load {
    /// A parcel for this guest. From here on, a transfer of the firmware is told.
    pub(super) fn new(parcel: Parcel, guest: &Arc<Guest>) -> Self {
        match parcel {
            Parcel::Firmware { name, from } => {
                let end = guest.shelf.bytes().len();
                let from = usize::try_from(from).unwrap_or(end).min(end);
                Self::Firmware(Delivery::begin(Arc::clone(guest), Protocol::Ftp, name, from..end))
            }
            Parcel::Small(text) => Self::Small(text),
        }
    }
}

/// Makes the data connection and sends.
pub(super) async fn transfer(door: Door, peer: IpAddr, load: Load) -> TransferEnd {
    let opened =
        timeout(CONNECT, door.open(peer)).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
    let sent = match (opened, load) {
        (Ok(mut stream), Load::Firmware(delivery)) => delivery.pour(&mut stream).await,
        (Ok(mut stream), Load::Small(text)) => small(&mut stream, &text).await,
        (Err(error), load) => {
            if let Load::Firmware(mut delivery) = load {
                delivery.fail(format!("there was no data connection: {error}"));
            }
            return TransferEnd::NoConnection;
        }
    };
    match sent {
        Ok(()) => TransferEnd::Sent,
        Err(error) => {
            tracing::debug!(%peer, %error, "the data connection broke");
            TransferEnd::Broken
        }
    }
}

async fn small(stream: &mut TcpStream, text: &str) -> Result<(), Breakage> {
    write(stream, text.as_bytes(), |_| {}).await?;
    part(stream).await
}
