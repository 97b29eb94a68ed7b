//! The listening task: feeds [`Reception`], starts the transfers and passes on orders. It
//! survives whatever arrives.

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::task::{AbortHandle, Id, JoinError, JoinSet};

use super::config::Config;
use super::handle::Order;
use super::listening::{Asker, ListeningPort, canonical};
use super::task::{self, TransferSocket};
use super::thread;
use super::trouble::ReceiveTrouble;
use super::work::{Clock, Delivery, Leftover, Work};
use crate::event::{Event, EventKind, Observer, RefusalReason, TransferId};
use crate::machine::{Reception, StopReason, Transfer, Verdict};
use crate::packet::{ErrorCode, error_packet};
use crate::peers::Peers;
use crate::source::Source;

/// Bytes of a datagram that are looked at: four times what RFC 2347 allows a request.
const REQUEST_BYTES: usize = 2048;
/// Datagrams from the listening port that may wait for one transfer. An ACK that finds the
/// queue full is lost, as in any network.
const DELIVERIES: usize = 32;
/// Wait after an error of the system itself (no memory, interface down), so that it is not
/// asked again a million times a second.
pub(super) const TROUBLE_WAIT: Duration = Duration::from_millis(50);

/// What the listening task keeps of a running transfer.
#[derive(Debug)]
struct Running {
    peer: SocketAddr,
    deliveries: mpsc::Sender<Delivery>,
    /// Taken when the transfer is told to stop.
    stop: Option<oneshot::Sender<StopReason>>,
    /// It has a thread of its own.
    thread: bool,
}

pub(super) struct Listener {
    reception: Reception,
    port: ListeningPort,
    single_port: bool,
    observer: Arc<dyn Observer>,
    orders: mpsc::UnboundedReceiver<Order>,
    clock: Clock,
    tasks: JoinSet<Leftover>,
    /// Which task runs which transfer.
    task_ids: HashMap<Id, TransferId>,
    running: HashMap<TransferId, Running>,
    /// Transfers that have a thread of their own, and how many may.
    threads: usize,
    most_threads: usize,
}

impl fmt::Debug for Listener {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Listener")
            .field("reception", &self.reception)
            .field("port", &self.port)
            .field("running", &self.running)
            .finish_non_exhaustive()
    }
}

impl Listener {
    pub(super) fn new(
        config: Config,
        port: ListeningPort,
        source: Arc<dyn Source>,
        observer: Arc<dyn Observer>,
        orders: mpsc::UnboundedReceiver<Order>,
    ) -> Self {
        let most_threads = config.threads;
        Self {
            reception: Reception::new(config.reception(), source),
            port,
            single_port: config.single_port,
            observer,
            orders,
            clock: Clock::start(),
            tasks: JoinSet::new(),
            task_ids: HashMap::new(),
            running: HashMap::new(),
            threads: 0,
            most_threads,
        }
    }

    pub(super) async fn run(mut self) {
        let mut buffer = vec![0; REQUEST_BYTES];
        loop {
            let port = self.port.clone();
            tokio::select! {
                biased;
                Some(order) = self.orders.recv() => match order {
                    Order::Cancel(id) => self.stop(id, StopReason::Cancelled),
                    Order::CancelPeer(address) => self.stop_all(StopReason::Cancelled, |peer| {
                        Peers::only(address).allows(peer.ip())
                    }),
                    Order::CancelAll => self.stop_all(StopReason::Cancelled, |_| true),
                    Order::SetPeers(peers) => self.reception.set_peers(peers),
                    Order::ShutDown => break,
                },
                Some(ended) = self.tasks.join_next_with_id() => self.ended(ended),
                received = port.receive(&mut buffer) => match received {
                    Ok((length, asker)) => self.datagram(&buffer[..length], asker),
                    Err(error) => Self::endure(&error).await,
                },
            }
        }
        self.stop_all(StopReason::ShutDown, |_| true);
        while self.tasks.join_next().await.is_some() {}
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
                if let Some(id) = ends {
                    self.stop(id, StopReason::Superseded);
                }
                self.port.answer(&packet, asker);
            }
            Verdict::Begin(id, transfer) => self.begin(id, transfer, asker),
            Verdict::Replace { old, new, transfer } => {
                self.stop(old, StopReason::Superseded);
                self.begin(new, transfer, asker);
            }
            Verdict::StartOver(id) => self.start_over(id, datagram, asker),
            Verdict::Deliver(id) => {
                // With a port for each transfer, nothing but requests belongs here.
                if let (true, Some(running)) = (self.single_port, self.running.get(&id)) {
                    running.deliveries.try_send(Delivery::Packet(datagram.into())).ok();
                }
            }
        }
    }

    fn start_over(&mut self, id: TransferId, datagram: &[u8], asker: Asker) {
        let request = Delivery::RequestAgain(datagram.into(), asker);
        let sent = self.running.get(&id).map(|running| running.deliveries.try_send(request));
        match sent {
            // A full queue: the client will ask again.
            Some(Ok(()) | Err(mpsc::error::TrySendError::Full(_))) => {}
            // It ended just now: this is a new transfer.
            Some(Err(mpsc::error::TrySendError::Closed(_))) | None => {
                self.reception.ended(id, canonical(asker.peer));
                self.datagram(datagram, asker);
            }
        }
    }

    fn begin(&mut self, id: TransferId, transfer: Box<Transfer>, asker: Asker) {
        let peer = canonical(asker.peer);
        let (deliveries, inbox) = mpsc::channel(DELIVERIES);
        let (stop, stopped) = oneshot::channel();
        let work = Work {
            id,
            peer,
            transfer,
            observer: Arc::clone(&self.observer),
            clock: self.clock,
            deliveries: inbox,
            stopped,
        };
        let thread = !self.single_port && self.threads < self.most_threads;
        let task = if self.single_port {
            self.tasks.spawn(task::run(work, TransferSocket::shared(self.port.share()), asker.peer))
        } else {
            match self.spawn(work, asker, thread) {
                Ok(task) => task,
                Err(error) => return self.no_port(id, asker, &error),
            }
        };
        self.task_ids.insert(task.id(), id);
        self.threads += usize::from(thread);
        self.running.insert(id, Running { peer, deliveries, stop: Some(stop), thread });
    }

    /// Starts a transfer on a port of its own.
    fn spawn(&mut self, work: Work, asker: Asker, own_thread: bool) -> io::Result<AbortHandle> {
        let socket = self.port.open_socket(asker)?;
        let peer = canonical(asker.peer);
        Ok(if own_thread {
            thread::prepare(&socket)?;
            self.tasks.spawn_blocking(move || thread::run(work, socket, peer))
        } else {
            self.tasks.spawn(task::run(work, TransferSocket::own(socket)?, peer))
        })
    }

    fn no_port(&mut self, transfer: TransferId, asker: Asker, error: &io::Error) {
        let peer = canonical(asker.peer);
        self.port.answer(&error_packet(ErrorCode::Undefined, "the server has no port for the answer"), asker);
        let kind = EventKind::Refused { why: RefusalReason::NoPort(error.to_string()) };
        self.observer.event(Event { transfer, peer, kind });
        self.reception.ended(transfer, peer);
    }

    fn ended(&mut self, ended: Result<(Id, Leftover), JoinError>) {
        let (task, leftover) = match ended {
            Ok((task, leftover)) => (task, leftover),
            Err(error) => {
                // A source or observer that panics must not take the others down.
                tracing::error!(%error, "a transfer broke");
                (error.id(), None)
            }
        };
        if let Some(id) = self.task_ids.remove(&task)
            && let Some(running) = self.running.remove(&id)
        {
            self.threads -= usize::from(running.thread);
            self.reception.ended(id, running.peer);
        }
        if let Some((request, asker)) = leftover {
            self.datagram(&request, asker);
        }
    }

    fn stop(&mut self, id: TransferId, reason: StopReason) {
        if let Some(stop) = self.running.get_mut(&id).and_then(|running| running.stop.take()) {
            // One that is not there to be told has ended by itself.
            stop.send(reason).ok();
        }
    }

    fn stop_all(&mut self, reason: StopReason, which: impl Fn(SocketAddr) -> bool) {
        for running in self.running.values_mut().filter(|running| which(running.peer)) {
            if let Some(stop) = running.stop.take() {
                stop.send(reason).ok();
            }
        }
    }
}
