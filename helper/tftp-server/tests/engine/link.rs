//! A network in memory: one client, the whole server machine, and between them a link that
//! loses, doubles, reorders and delays by a seed. Time is virtual.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tftp_server::machine::{Outbox, Reception, ReceptionConfig, StopReason, Transfer, Verdict};
use tftp_server::packet::foreign_tid_answer;
use tftp_server::{EventKind, OptionPolicy, Peers, Refusal, Request, Source, Timing, TransferId};

use crate::client::{Client, Outcome};
use crate::rig::Pattern;

/// What the link does to each datagram, in percent and time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Quality {
    pub(crate) loss: u8,
    pub(crate) doubled: u8,
    pub(crate) jittered: u8,
    /// The plain way's time.
    pub(crate) delay: Duration,
    /// The most that a jittered datagram takes longer.
    pub(crate) jitter: Duration,
}

impl Quality {
    pub(crate) const PERFECT: Self =
        Self { loss: 0, doubled: 0, jittered: 0, delay: Duration::from_micros(100), jitter: Duration::ZERO };
}

/// The listening port; transfers have ports from [`FIRST_PORT`] on.
pub(crate) const LISTENING: u16 = 69;
const FIRST_PORT: u16 = 2000;

struct Any(u64);

impl Source for Any {
    fn open(&self, _: &Request, _: SocketAddr) -> Result<Box<dyn tftp_server::Content>, Refusal> {
        Ok(Box::new(Pattern(self.0)))
    }
}

/// A datagram on its way.
#[derive(Debug)]
enum Leg {
    ToServer { port: u16, bytes: Vec<u8> },
    ToClient { port: u16, bytes: Vec<u8> },
}

pub(crate) struct Link {
    quality: Quality,
    seed: u64,
    now: Duration,
    count: u64,
    under_way: BTreeMap<u64, Leg>,
    arrivals: BinaryHeap<Reverse<(Duration, u64)>>,
    reception: Reception,
    transfers: HashMap<TransferId, (Transfer, u16)>,
    next_port: u16,
    pub(crate) client: Client,
    pub(crate) events: Vec<EventKind>,
}

/// How a run on the link ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) client: Outcome,
    pub(crate) events: Vec<EventKind>,
}

impl Link {
    pub(crate) fn new(length: u64, client: Client, quality: Quality, seed: u64) -> Self {
        let config = ReceptionConfig {
            max_transfers: 8,
            peers: Peers::Any,
            options: OptionPolicy::default(),
            timing: Timing::default(),
        };
        Self {
            quality,
            seed,
            now: Duration::from_secs(1),
            count: 0,
            under_way: BTreeMap::new(),
            arrivals: BinaryHeap::new(),
            reception: Reception::new(config, Arc::new(Any(length))),
            transfers: HashMap::new(),
            next_port: FIRST_PORT,
            client,
            events: Vec::new(),
        }
    }

    /// Runs until nothing can happen any more.
    pub(crate) fn run(mut self) -> Run {
        loop {
            for (port, bytes) in self.client.outgoing(self.now) {
                self.throw(Leg::ToServer { port, bytes });
            }
            let server = self.transfers.values().filter_map(|(transfer, _)| transfer.deadline()).min();
            let arrival = self.arrivals.peek().map(|Reverse((time, _))| *time);
            let Some(next) = [arrival, server, self.client.deadline()].into_iter().flatten().min() else {
                break;
            };
            self.now = self.now.max(next);
            self.client.tick(self.now);
            let due: Vec<_> = self.transfers.keys().copied().collect();
            for id in due {
                let (transfer, _) = self.transfers.get_mut(&id).unwrap();
                if transfer.deadline().is_some_and(|deadline| deadline <= self.now) {
                    transfer.tick(self.now);
                    self.flush(id);
                }
            }
            while self.arrivals.peek().is_some_and(|Reverse((time, _))| *time <= self.now) {
                let Some(Reverse((_, number))) = self.arrivals.pop() else { break };
                match self.under_way.remove(&number).unwrap() {
                    Leg::ToServer { port, bytes } => self.at_server(port, &bytes),
                    Leg::ToClient { port, bytes } => self.client.datagram(port, &bytes, self.now),
                }
            }
        }
        Run { client: self.client.outcome(), events: self.events }
    }

    fn at_server(&mut self, port: u16, bytes: &[u8]) {
        let peer: SocketAddr = ([192, 0, 2, 1], 1024).into();
        if port != LISTENING {
            let running = self.transfers.iter_mut().find(|(_, (_, own))| *own == port);
            if let Some((&id, (transfer, _))) = running {
                transfer.datagram(bytes, self.now);
                self.flush(id);
            }
            return;
        }
        let events = &mut self.events;
        match self.reception.datagram(bytes, peer, self.now, |event| events.push(event.kind)) {
            Verdict::Ignore | Verdict::Deliver(_) => {}
            Verdict::Answer { packet, .. } => self.throw(Leg::ToClient { port: LISTENING, bytes: packet }),
            Verdict::Begin(id, transfer) => self.begin(id, *transfer),
            Verdict::Replace { old, new, transfer } => {
                if let Some((old, _)) = self.transfers.get_mut(&old) {
                    old.stop(StopReason::Superseded, self.now);
                }
                self.flush(old);
                self.begin(new, *transfer);
            }
            Verdict::StartOver(id) => {
                if let Some((transfer, _)) = self.transfers.get_mut(&id) {
                    transfer.start_over(self.now);
                }
                self.flush(id);
            }
        }
    }

    fn begin(&mut self, id: TransferId, transfer: Transfer) {
        self.transfers.insert(id, (transfer, self.next_port));
        self.next_port += 1;
        self.flush(id);
    }

    fn flush(&mut self, id: TransferId) {
        let Some((mut transfer, port)) = self.transfers.remove(&id) else { return };
        let mut outbox = Outbox::new();
        while transfer.transmit(&mut outbox, self.now) {
            for bytes in outbox.datagrams() {
                assert!(foreign_tid_answer(bytes).is_some() || bytes[1] == 5, "a well-formed packet");
                self.throw(Leg::ToClient { port, bytes: bytes.to_vec() });
            }
        }
        while let Some(event) = transfer.next_event() {
            self.events.push(event);
        }
        if transfer.is_over() {
            self.reception.ended(id, ([192, 0, 2, 1], 1024).into());
        } else {
            self.transfers.insert(id, (transfer, port));
        }
    }

    fn throw(&mut self, leg: Leg) {
        let copies = if self.chance(self.quality.doubled) { 2 } else { 1 };
        for _ in 0..copies {
            if self.chance(self.quality.loss) {
                continue;
            }
            let mut time = self.now + self.quality.delay;
            if self.chance(self.quality.jittered) {
                let most = self.quality.jitter.as_micros() as u64;
                time += Duration::from_micros(self.random() % (most + 1));
            }
            let copy = match &leg {
                Leg::ToServer { port, bytes } => Leg::ToServer { port: *port, bytes: bytes.clone() },
                Leg::ToClient { port, bytes } => Leg::ToClient { port: *port, bytes: bytes.clone() },
            };
            self.count += 1;
            self.under_way.insert(self.count, copy);
            self.arrivals.push(Reverse((time, self.count)));
        }
    }

    fn chance(&mut self, percent: u8) -> bool {
        percent > 0 && self.random() % 100 < u64::from(percent)
    }

    /// SplitMix64: small, and the same everywhere.
    fn random(&mut self) -> u64 {
        self.seed = self.seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.seed;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }
}
