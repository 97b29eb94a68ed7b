//! The listening task: feeds [`Reception`] with what arrives at the port, has its verdicts
//! carried out and follows orders. It survives whatever arrives.

use std::fmt;
use std::io;
use std::sync::Arc;

use tokio::sync::mpsc;

use super::again::Delivery;
use super::config::Config;
use super::guard::{GuardedObserver, GuardedSource};
use super::handle::Order;
use super::listening::{Asker, ListeningPort, canonical};
use super::transfers::{Ended, New, TROUBLE_WAIT, Transfers};
use super::trouble::ReceiveTrouble;
use super::work::Clock;
use crate::event::{Event, EventKind, Observer, RefusalReason, TransferId};
use crate::machine::{Reception, StopReason, Transfer, Verdict};
use crate::packet::{ErrorCode, error_packet};
use crate::peers::Peers;
use crate::source::Source;

/// Bytes of a datagram that are looked at: four times what RFC 2347 allows a request.
const REQUEST_BYTES: usize = 2048;

pub(super) struct Listener {
    reception: Reception,
    port: ListeningPort,
    single_port: bool,
    observer: Arc<GuardedObserver>,
    orders: mpsc::UnboundedReceiver<Order>,
    clock: Clock,
    transfers: Transfers,
}

impl fmt::Debug for Listener {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Listener")
            .field("reception", &self.reception)
            .field("port", &self.port)
            .field("transfers", &self.transfers)
            .finish_non_exhaustive()
    }
}

impl Listener {
    pub(super) fn new(
        config: &Config,
        port: ListeningPort,
        source: Arc<dyn Source>,
        observer: Arc<dyn Observer>,
        orders: mpsc::UnboundedReceiver<Order>,
    ) -> Self {
        let (observer, clock) = (Arc::new(GuardedObserver(observer)), Clock::start());
        Self {
            reception: Reception::new(config.reception(), Arc::new(GuardedSource(source))),
            port,
            single_port: config.single_port,
            transfers: Transfers::new(config, Arc::clone(&observer), clock),
            observer,
            orders,
            clock,
        }
    }

    pub(super) async fn run(mut self) {
        let mut buffer = vec![0; REQUEST_BYTES];
        let port = self.port.clone();
        loop {
            tokio::select! {
                biased;
                Some(order) = self.orders.recv() => match order {
                    Order::Cancel(wanted) => self.transfers.stop(StopReason::Cancelled, |id, _| id == wanted),
                    Order::CancelPeer(address) => {
                        let wanted = Peers::only(address);
                        self.transfers.stop(StopReason::Cancelled, |_, peer| wanted.allows(peer.ip()));
                    }
                    Order::CancelAll => self.transfers.stop(StopReason::Cancelled, |_, _| true),
                    Order::SetPeers(peers) => self.reception.set_peers(peers),
                    Order::ShutDown => break,
                },
                Some(ended) = self.transfers.ended() => self.ended(ended),
                received = port.receive(&mut buffer) => match received {
                    Ok(Some((length, asker))) => self.datagram(&buffer[..length], asker),
                    Ok(None) => {}
                    Err(error) => Self::endure(&error).await,
                },
            }
        }
        self.transfers.stop(StopReason::ShutDown, |_, _| true);
        while self.transfers.ended().await.is_some() {}
    }

    /// The listening port reports an error: it goes on regardless.
    async fn endure(error: &io::Error) {
        match ReceiveTrouble::of(error) {
            ReceiveTrouble::Empty | ReceiveTrouble::Passing => {}
            ReceiveTrouble::Serious => {
                tracing::warn!(%error, "cannot receive");
                tokio::time::sleep(TROUBLE_WAIT).await;
            }
        }
    }

    fn datagram(&mut self, datagram: &[u8], asker: Asker) {
        let peer = canonical(asker.peer);
        let observer = Arc::clone(&self.observer);
        let now = self.clock.now();
        match self.reception.datagram(datagram, peer, now, |event| observer.event(event)) {
            Verdict::Ignore => {}
            Verdict::Answer { packet, ends } => {
                self.transfers.stop(StopReason::Superseded, |id, _| Some(id) == ends);
                self.port.answer(&packet, asker);
            }
            Verdict::Begin(id, transfer) => self.begin(id, transfer, asker),
            Verdict::Replace { old, new, transfer } => {
                self.transfers.stop(StopReason::Superseded, |id, _| id == old);
                self.begin(new, transfer, asker);
            }
            Verdict::StartOver(id) => {
                let request = Delivery::RequestAgain(datagram.into(), asker);
                if self.transfers.deliver(id, request).is_err() {
                    // It ended just now: this is a new transfer.
                    self.transfers.stop(StopReason::Superseded, |old, _| old == id);
                    self.reception.ended(id, peer);
                    self.datagram(datagram, asker);
                }
            }
            Verdict::Deliver(id) => {
                // With a port for each transfer, nothing but requests belongs here.
                if self.single_port {
                    self.transfers.deliver(id, Delivery::Packet(datagram.into())).ok();
                }
            }
        }
    }

    fn begin(&mut self, id: TransferId, transfer: Box<Transfer>, asker: Asker) {
        let peer = canonical(asker.peer);
        let allowed = self.reception.peers().clone();
        let started = self.transfers.start(New { id, peer, transfer, asker, allowed }, &self.port);
        if let Err(error) = started {
            let text = "the server has no port for the answer";
            self.port.answer(&error_packet(ErrorCode::Undefined, text), asker);
            let kind = EventKind::Refused { why: RefusalReason::NoPort(error.to_string()) };
            self.observer.event(Event { transfer: id, peer, kind });
            self.reception.ended(id, peer);
        }
    }

    fn ended(&mut self, ended: Ended) {
        self.reception.ended(ended.id, ended.peer);
        if let Some((request, asker)) = ended.leftover {
            self.datagram(&request, asker);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::source::Memory;

    #[tokio::test]
    async fn a_transfer_without_a_port_is_refused_and_leaves_nothing_behind() {
        let events = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&events);
        let observer = move |event: Event| heard.lock().unwrap().push(event.kind);
        let config = Config::new(([0, 0, 0, 0], 0).into());
        let port = ListeningPort::bind(config.bind).unwrap();
        let (_handle, orders) = mpsc::unbounded_channel();
        let source = Arc::new(Memory::new("file"));
        let mut listener = Listener::new(&config, port, source, Arc::new(observer), orders);
        // An address for documentation: no socket can be bound to it, and none can send from it.
        let asker = Asker { peer: ([127, 0, 0, 1], 1024).into(), asked: Some(([192, 0, 2, 77], 0).into()) };
        listener.datagram(b"\0\x01f\0octet\0", asker);
        let events = std::mem::take(&mut *events.lock().unwrap());
        let [EventKind::Requested(_), EventKind::Refused { why: RefusalReason::NoPort(_) }] = &events[..]
        else {
            panic!("{events:?}")
        };
        assert_eq!(listener.reception.running(), 0);
        assert!(listener.transfers.ended().await.is_none());
    }
}
