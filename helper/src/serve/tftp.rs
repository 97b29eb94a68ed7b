//! The offers by TFTP: our own engine, told whom to serve and what, and its events in our
//! words.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use shared::failure::{Failure, FailureCode};
use shared::form::Protocol;
use tftp_server::{BindError, Config, Content, EventKind, Memory, Refusal, RefusalReason, Request, Source};

use super::guest::{Guest, Guests};
use super::shelf::Found;
use super::{FileEvent, TransferNumber};

/// Binds a server that gives each guest what is on its shelf.
pub(super) async fn open(bind: SocketAddr, guests: Guests) -> Result<tftp_server::Server, Failure> {
    let mut config = Config::new(bind);
    config.peers = guests.peers();
    let translator = Mutex::new(Translator::default());
    let shelves = Shelves(guests.clone());
    let observer = move |event: tftp_server::Event| {
        let guest = guests.find(event.peer.ip());
        let mut translator = translator.lock().unwrap_or_else(PoisonError::into_inner);
        let translated = translator.translate(event, guest.as_deref());
        drop(translator);
        if let (Some(event), Some(guest)) = (translated, guest) {
            guest.tell(event);
        }
    };
    tftp_server::Server::bind(config, Arc::new(shelves), Arc::new(observer)).await.map_err(refused)
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

/// Each guest's own shelf.
struct Shelves(Guests);

impl Source for Shelves {
    fn open(&self, request: &Request, peer: SocketAddr) -> Result<Box<dyn Content>, Refusal> {
        let guest = self.0.find(peer.ip()).ok_or(Refusal::NotFound)?;
        match guest.shelf.find(&request.name) {
            Found::Firmware => Ok(Box::new(Memory::new(SharedBytes(Arc::clone(guest.shelf.bytes()))))),
            Found::Configuration(Some(text)) => Ok(Box::new(Memory::new(text))),
            Found::Configuration(None) | Found::Nothing => Err(Refusal::NotFound),
        }
    }
}

/// The bytes of the file, shared with the engine without a copy.
struct SharedBytes(Arc<Vec<u8>>);

impl AsRef<[u8]> for SharedBytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// Names of requests that have not yet become a transfer. A flood of requests that nothing
/// comes of must not fill the memory.
const MOST_NAMES: usize = 64;

/// From the engine's events to ours: a request counts once it is served, and only transfers of
/// the firmware are transfers.
#[derive(Default)]
struct Translator {
    asked: BTreeMap<u64, String>,
    /// The engine's numbers of running firmware transfers, and ours.
    running: BTreeMap<u64, TransferNumber>,
    /// The same of the last ones that were finished: a phone that checks the whole file says
    /// afterwards that it cannot use it.
    finished: BTreeMap<u64, TransferNumber>,
}

impl Translator {
    fn translate(&mut self, event: tftp_server::Event, guest: Option<&Guest>) -> Option<FileEvent> {
        tracing::debug!(peer = %event.peer, transfer = %event.transfer, kind = ?event.kind, "tftp");
        let id = event.transfer.number();
        let running = self.running.get(&id).copied();
        match event.kind {
            EventKind::Requested(request) => {
                self.asked.insert(id, request.name);
                if self.asked.len() > MOST_NAMES {
                    self.asked.pop_first();
                }
                None
            }
            EventKind::Negotiated { total, .. } => {
                let (name, guest) = (self.asked.remove(&id).unwrap_or_default(), guest?);
                match guest.shelf.find(&name) {
                    Found::Configuration(_) => Some(configuration(name, true)),
                    Found::Firmware | Found::Nothing => {
                        let transfer = guest.next_transfer();
                        self.running.insert(id, transfer);
                        Some(FileEvent::Requested { transfer, protocol: Protocol::Tftp, name, total })
                    }
                }
            }
            EventKind::Progress { acknowledged, .. } => {
                Some(FileEvent::Progress { transfer: running?, bytes: acknowledged })
            }
            EventKind::Repeat { count, .. } => Some(FileEvent::Repeat { transfer: running?, count }),
            EventKind::PeerError { code, text, .. } => {
                let transfer = running.or_else(|| self.finished.remove(&id))?;
                Some(FileEvent::PeerError { transfer, code: code.number(), text })
            }
            EventKind::Finished { bytes, .. } => {
                let transfer = self.running.remove(&id)?;
                self.finished.insert(id, transfer);
                if self.finished.len() > MOST_NAMES {
                    self.finished.pop_first();
                }
                Some(FileEvent::Complete { transfer, bytes })
            }
            EventKind::Abandoned { reason } => self
                .running
                .remove(&id)
                .map(|transfer| FileEvent::Broken { transfer, reason: reason.to_string() }),
            EventKind::Refused { why } => {
                let (name, guest) = (self.asked.remove(&id)?, guest?);
                match (why, guest.shelf.find(&name)) {
                    (RefusalReason::NotFound, Found::Configuration(_)) => Some(configuration(name, false)),
                    (RefusalReason::NotFound, _) => Some(FileEvent::OtherName { name }),
                    (RefusalReason::Write, _) => {
                        Some(FileEvent::Refused { protocol: Protocol::Tftp, what: "WRQ".into() })
                    }
                    _ => None,
                }
            }
        }
    }
}

fn configuration(name: String, answered: bool) -> FileEvent {
    FileEvent::Configuration { protocol: Protocol::Tftp, name, answered }
}
