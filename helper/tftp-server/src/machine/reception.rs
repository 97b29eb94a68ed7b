//! The listening port: who is served, and how a request becomes a transfer.
//!
//! It answers nothing but requests (a garbage datagram costs no packet), never a stranger, and
//! keeps nothing per peer but the entry of a running transfer, so a flood of requests is bounded
//! by [`ReceptionConfig::max_transfers`].

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use super::bucket::Bucket;
use super::{Moment, Transfer};
use crate::event::{Event, EventKind, RefusalReason, TransferId};
use crate::options::{OptionPolicy, Terms};
use crate::packet::{ErrorCode, error_packet};
use crate::peers::Peers;
use crate::request::{Direction, Request, RequestError};
use crate::source::{Refusal, Source};
use crate::timing::Timing;

/// Refused requests that are told at once before they are told at a slower pace: two for each
/// of 50 phones that look for a file that is not there.
const REFUSALS_AT_ONCE: u32 = 100;
/// Refused requests told in each second after that. A flood must not flood the observer too;
/// what is left out is written to the trace.
const REFUSALS_PER_SECOND: u32 = 20;
/// Requests for something else from the TID of a running transfer that are followed at once: a
/// client that refuses an OACK asks again a moment later, and one that fetches many small files
/// may ask for the next one before the last ACK of the one before is looked at. More are a client
/// gone mad, or somebody who forges it: each costs a socket and three events.
const REPLACEMENTS_AT_ONCE: u32 = 64;
/// Those followed in each second after that; a client that is not heard asks again.
const REPLACEMENTS_PER_SECOND: u32 = 8;

/// What the listening port needs to know.
#[derive(Debug, Clone)]
pub struct ReceptionConfig {
    /// Transfers that may run at once: 0 (nobody is served) to whatever the system has sockets
    /// for. One that was replaced counts until [`Reception::ended`] is called for it.
    pub max_transfers: usize,
    /// Who is served.
    pub peers: Peers,
    /// Which options are agreed to.
    pub options: OptionPolicy,
    /// The times of each transfer.
    pub timing: Timing,
}

/// What is to be done about a datagram on the listening port.
#[derive(Debug)]
pub enum Verdict {
    /// Nothing.
    Ignore,
    /// Send this answer from the listening port.
    Answer {
        /// The ERROR packet.
        packet: Vec<u8>,
        /// A transfer of the same TID, which asks for something else and has thereby left it:
        /// [`Transfer::stop`] it as [`super::StopReason::Superseded`].
        ends: Option<TransferId>,
    },
    /// Run this transfer.
    Begin(TransferId, Box<Transfer>),
    /// The same TID asks for something else: [`Transfer::stop`] the old transfer as
    /// [`super::StopReason::Superseded`] and run the new one.
    Replace {
        /// The transfer that ends.
        old: TransferId,
        /// The id of the one that begins.
        new: TransferId,
        /// The one that begins.
        transfer: Box<Transfer>,
    },
    /// The same request from the same TID: [`Transfer::start_over`].
    StartOver(TransferId),
    /// A packet for a running transfer, as it comes in single-port mode.
    Deliver(TransferId),
}

/// The listening port without a socket.
pub struct Reception {
    config: ReceptionConfig,
    source: Arc<dyn Source>,
    /// The transfer that each peer talks to.
    running: HashMap<SocketAddr, Entry>,
    /// All that were begun and have not ended, those that were replaced included.
    alive: HashSet<TransferId>,
    last_id: u64,
    /// Refusals that may still be told; those of strangers by themselves, so that they cannot
    /// hide a phone's.
    refusals: Bucket,
    strangers: Bucket,
}

#[derive(Debug)]
struct Entry {
    id: TransferId,
    request: Request,
    /// How often the peer may still ask for something else.
    replacements: Bucket,
}

impl fmt::Debug for Reception {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Reception")
            .field("config", &self.config)
            .field("running", &self.running)
            .finish_non_exhaustive()
    }
}

impl Reception {
    /// A listening port that gives what this source has.
    #[must_use]
    pub fn new(config: ReceptionConfig, source: Arc<dyn Source>) -> Self {
        let refusals = Bucket::full(REFUSALS_AT_ONCE, REFUSALS_PER_SECOND, Moment::ZERO);
        Self {
            config,
            source,
            running: HashMap::new(),
            alive: HashSet::new(),
            last_id: 0,
            refusals,
            strangers: refusals,
        }
    }

    /// Who is served.
    #[must_use]
    pub fn peers(&self) -> &Peers {
        &self.config.peers
    }

    /// Changes who is served. Running transfers go on.
    pub fn set_peers(&mut self, peers: Peers) {
        self.config.peers = peers;
    }

    /// How many transfers have begun and not ended.
    #[must_use]
    pub fn running(&self) -> usize {
        self.alive.len()
    }

    /// The transfer of this peer has ended. To be called for each one that was begun, also when
    /// it was replaced.
    pub fn ended(&mut self, id: TransferId, peer: SocketAddr) {
        self.alive.remove(&id);
        if self.running.get(&peer).is_some_and(|entry| entry.id == id) {
            self.running.remove(&peer);
        }
    }

    /// Takes a datagram from the listening port; what is to be told goes to `tell`.
    pub fn datagram(
        &mut self,
        datagram: &[u8],
        peer: SocketAddr,
        now: Moment,
        mut tell: impl FnMut(Event),
    ) -> Verdict {
        let Some((direction, request)) = Request::parse(datagram) else {
            return match self.running.get(&peer) {
                Some(entry) => Verdict::Deliver(entry.id),
                None => Verdict::Ignore,
            };
        };
        // Nothing can be sent to port 0, and nobody honest sends from it.
        if peer.port() == 0 {
            return Verdict::Ignore;
        }
        if !self.config.peers.allows(peer.ip()) {
            self.refuse(None, peer, RefusalReason::Stranger, now, &mut tell);
            return Verdict::Ignore;
        }
        match (direction, request) {
            (Direction::Read, Ok(request)) => self.read(request, peer, now, &mut tell),
            (Direction::Write, request) => {
                self.refuse(request.ok(), peer, RefusalReason::Write, now, &mut tell);
                let text = "this server is read-only";
                answer(error_packet(ErrorCode::AccessViolation, text), None)
            }
            (Direction::Read, Err(error)) => {
                self.refuse(None, peer, RefusalReason::Malformed(error), now, &mut tell);
                let text = match error {
                    RequestError::Malformed => "malformed request",
                    RequestError::UnknownMode => "unknown mode, use octet",
                };
                answer(error_packet(ErrorCode::IllegalOperation, text), None)
            }
        }
    }

    fn read(
        &mut self,
        request: Request,
        peer: SocketAddr,
        now: Moment,
        tell: &mut impl FnMut(Event),
    ) -> Verdict {
        // One that is replaced ends at once, but not in this moment: for so long there is one more.
        let (mut room, mut old, mut replacements) = (self.config.max_transfers, None, None);
        if let Some(entry) = self.running.get_mut(&peer) {
            if entry.request == request {
                return Verdict::StartOver(entry.id);
            }
            if !entry.replacements.take(now) {
                tracing::debug!(%peer, "asks for something else too often");
                return Verdict::Ignore;
            }
            room = room.saturating_add(1);
            (old, replacements) = (Some(entry.id), Some(entry.replacements));
        }
        if self.alive.len() >= room {
            let most = self.config.max_transfers;
            self.refuse(Some(request), peer, RefusalReason::Busy, now, tell);
            let text = format!("server is busy with {most} transfers, try again later");
            return answer(error_packet(ErrorCode::Undefined, &text), old);
        }
        let content = match self.source.open(&request, peer) {
            Ok(content) => content,
            Err(refusal) => {
                let (why, code, text) = match refusal {
                    Refusal::NotFound => {
                        let text = "file not found".to_owned();
                        (RefusalReason::NotFound, ErrorCode::FileNotFound, text)
                    }
                    Refusal::Denied(text) => {
                        let why = RefusalReason::Source(text.clone());
                        (why, ErrorCode::AccessViolation, text)
                    }
                    Refusal::Failed(text) => {
                        let why = RefusalReason::Source(text.clone());
                        (why, ErrorCode::Undefined, text)
                    }
                };
                self.refuse(Some(request), peer, why, now, tell);
                return answer(error_packet(code, &text), old);
            }
        };
        let new = self.new_id();
        tell(Event { transfer: new, peer, kind: EventKind::Requested(request.clone()) });
        let terms = Terms::negotiate(&request, content.len(), &self.config.options);
        let timing = self.config.timing.clone();
        let transfer = Box::new(Transfer::new(content, request.mode, terms, timing, now));
        let replacements =
            replacements.unwrap_or_else(|| Bucket::full(REPLACEMENTS_AT_ONCE, REPLACEMENTS_PER_SECOND, now));
        self.alive.insert(new);
        self.running.insert(peer, Entry { id: new, request, replacements });
        match old {
            Some(old) => Verdict::Replace { old, new, transfer },
            None => Verdict::Begin(new, transfer),
        }
    }

    /// Tells that a request is not served, unless too many are refused.
    fn refuse(
        &mut self,
        request: Option<Request>,
        peer: SocketAddr,
        why: RefusalReason,
        now: Moment,
        tell: &mut impl FnMut(Event),
    ) {
        let bucket = if why == RefusalReason::Stranger { &mut self.strangers } else { &mut self.refusals };
        if !bucket.take(now) {
            tracing::debug!(%peer, %why, "refused, not told");
            return;
        }
        let transfer = self.new_id();
        if let Some(request) = request {
            tell(Event { transfer, peer, kind: EventKind::Requested(request) });
        }
        tell(Event { transfer, peer, kind: EventKind::Refused { why } });
    }

    fn new_id(&mut self) -> TransferId {
        self.last_id += 1;
        TransferId(self.last_id)
    }
}

fn answer(packet: Vec<u8>, ends: Option<TransferId>) -> Verdict {
    Verdict::Answer { packet, ends }
}
