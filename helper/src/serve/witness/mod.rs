//! The proof that what is served can be fetched: the beginning of the file, through the address and
//! port that the phone is told, by a client of our own.
//!
//! Only guests are answered, so we are one for that moment, at our own address, with a shelf and
//! a listener to events of its own: the phone's transfers, seats and events are untouched, and
//! nobody can take what we fetch for the phone's request. The packets stay within this computer:
//! the proof says that the server answers there, not that a firewall lets the phone in.

mod ftp;
mod http;
mod tftp;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use shared::form::Protocol;
use shared::text::pc as words;
use tokio::time::timeout;

use super::{Hub, Offer};

/// So much of the file is fetched, in bytes: one block (RFC 1350, 2).
pub(super) const BLOCK: usize = 512;
/// So long it may take. Within a computer it takes milliseconds; where it fails, the recovery waits
/// for it.
const PATIENCE: Duration = Duration::from_secs(1);

/// What is fetched, and where.
#[derive(Debug)]
struct Wanted<'a> {
    at: SocketAddr,
    name: &'a str,
    /// The file's beginning.
    expected: &'a [u8],
}

impl Wanted<'_> {
    /// Whether this is how the file begins.
    fn compare(&self, bytes: &[u8]) -> Result<(), String> {
        let is_it = bytes.len() >= self.expected.len() && bytes.starts_with(self.expected);
        is_it.then_some(()).ok_or_else(|| words::OTHER_BYTES.to_owned())
    }
}

impl Hub {
    /// Fetches the beginning of an offer as the offer's peer, which must be the address at which it
    /// is served. Says why nothing came, if so; none, and it could not be tried: somebody else is
    /// served there under our own address.
    pub async fn witness(&self, protocol: Protocol, offer: Offer) -> Option<Result<(), String>> {
        let (at, bytes) = (offer.bind, Arc::clone(&offer.bytes));
        let name = offer.names.first()?.clone();
        let _turn = self.witness_turn().await;
        let unheard = |event| tracing::trace!(?event, "our own request");
        let serving = self.serve(protocol, offer, unheard).await.ok()?;
        let wanted = Wanted { at, name: &name, expected: &bytes[..bytes.len().min(BLOCK)] };
        let fetched = timeout(PATIENCE, async {
            match protocol {
                Protocol::Tftp => tftp::fetch(&wanted).await,
                Protocol::Http => http::fetch(&wanted).await,
                Protocol::Ftp => ftp::fetch(&wanted).await,
                Protocol::Upload => Ok(()),
            }
        });
        let fetched = fetched.await.unwrap_or_else(|_| Err(words::NOTHING_CAME.to_owned()));
        serving.end().await;
        Some(fetched)
    }
}

/// What the system says, as a reason.
fn reason(error: std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::UnexpectedEof => words::NOTHING_CAME.to_owned(),
        _ => error.to_string(),
    }
}

/// Connects from the address at which it is served, for nobody else is answered.
async fn connect(to: SocketAddr) -> Result<tokio::net::TcpStream, String> {
    let socket = super::listener::socket_like(to).map_err(reason)?;
    socket.bind(SocketAddr::new(to.ip(), 0)).map_err(reason)?;
    socket.connect(to).await.map_err(reason)
}

/// Reads this many bytes, or to the end.
async fn read(stream: &mut tokio::net::TcpStream, most: usize) -> Result<Vec<u8>, String> {
    use tokio::io::AsyncReadExt;
    let mut bytes = Vec::new();
    stream.take(most as u64).read_to_end(&mut bytes).await.map_err(reason)?;
    Ok(bytes)
}
