//! The staged file by TFTP: our own engine, told whom to serve and what.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use shared::failure::{Failure, FailureCode};
use shared::form::Protocol;
use tftp_server::{BindError, Config, EventKind, Handle, Memory, Peers, RefusalReason, Server, Staged};

use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::FileEvent;

/// What is served, to whom, and where.
#[derive(Debug)]
pub struct Offer {
    /// Our address on the phone's side, and the port.
    pub bind: SocketAddr,
    /// The one peer that is answered.
    pub peer: IpAddr,
    /// The names that the file answers to, in any spelling.
    pub names: Vec<String>,
    /// The file.
    pub bytes: Arc<Vec<u8>>,
}

/// So long the server may take to tell the phone that it ends.
const FAREWELL: Duration = Duration::from_secs(1);

/// A running server; it ends when this is dropped.
#[derive(Debug)]
pub struct Serving {
    /// The port it listens on.
    pub port: u16,
    handle: Handle,
    running: Option<JoinHandle<()>>,
}

impl Serving {
    /// Ends the server and waits until the phone was told.
    pub async fn end(mut self) {
        self.handle.shut_down();
        if let Some(running) = self.running.take() {
            // A farewell that takes too long is not worth waiting for.
            timeout(FAREWELL, running).await.ok();
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.handle.shut_down();
    }
}

/// Starts to serve.
///
/// # Errors
/// [`FailureCode::PcPortTaken`], [`FailureCode::PcPortForbidden`] or
/// [`FailureCode::PcNoRoute`], with what the system says.
pub async fn serve(
    offer: Offer,
    tell: impl Fn(FileEvent) + Send + Sync + 'static,
) -> Result<Serving, Failure> {
    let mut config = Config::new(offer.bind);
    config.peers = Peers::Only([offer.peer].into());
    let total = offer.bytes.len() as u64;
    let content = Memory::new(SharedBytes(offer.bytes));
    let mut names = offer.names.into_iter();
    let first = Staged::new(names.next().unwrap_or_default(), content);
    let staged = names.fold(first, Staged::alias);
    let translator = Mutex::new(Translator::default());
    let observer = move |event: tftp_server::Event| {
        let mut translator = translator.lock().unwrap_or_else(PoisonError::into_inner);
        let translated = translator.translate(event, total);
        drop(translator);
        if let Some(event) = translated {
            tell(event);
        }
    };
    let server = Server::bind(config, Arc::new(staged), Arc::new(observer)).await.map_err(refused)?;
    let (port, handle) = (server.local_addr().port(), server.handle());
    Ok(Serving { port, handle, running: Some(tokio::spawn(server.run())) })
}

/// The bytes of the file, shared with the store without a copy.
struct SharedBytes(Arc<Vec<u8>>);

impl AsRef<[u8]> for SharedBytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

fn refused(error: BindError) -> Failure {
    let code = match error {
        BindError::Taken { .. } => FailureCode::PcPortTaken,
        BindError::Forbidden { .. } => FailureCode::PcPortForbidden,
        BindError::NotHere { .. } => FailureCode::PcNoRoute,
        _ => FailureCode::HelperFault,
    };
    Failure::new(code, error.to_string())
}

/// Names of requests that have not yet become a transfer. A flood of requests that nothing
/// comes of must not fill the memory.
const MOST_NAMES: usize = 64;

/// From the engine's events to ours: a request counts once it is served.
#[derive(Default)]
struct Translator {
    asked: BTreeMap<u64, String>,
}

impl Translator {
    fn translate(&mut self, event: tftp_server::Event, total: u64) -> Option<FileEvent> {
        tracing::debug!(peer = %event.peer, transfer = %event.transfer, kind = ?event.kind, "tftp");
        let transfer = event.transfer.number();
        Some(match event.kind {
            EventKind::Requested(request) => {
                self.asked.insert(transfer, request.name);
                if self.asked.len() > MOST_NAMES {
                    self.asked.pop_first();
                }
                return None;
            }
            EventKind::Negotiated { .. } => {
                let name = self.asked.remove(&transfer).unwrap_or_default();
                FileEvent::Requested { transfer, protocol: Protocol::Tftp, name, total }
            }
            EventKind::Progress { acknowledged, .. } => FileEvent::Progress { transfer, bytes: acknowledged },
            EventKind::Repeat { count, .. } => FileEvent::Repeat { transfer, count },
            EventKind::PeerError { code, text } => {
                FileEvent::PeerError { transfer, code: code.number(), text }
            }
            EventKind::Finished { bytes, .. } => FileEvent::Complete { transfer, bytes },
            EventKind::Abandoned { reason } => FileEvent::Broken { transfer, reason: reason.to_string() },
            EventKind::Refused { why } => {
                let name = self.asked.remove(&transfer);
                match (why, name) {
                    (RefusalReason::NotFound, Some(name)) => FileEvent::OtherName { name },
                    _ => return None,
                }
            }
        })
    }
}
