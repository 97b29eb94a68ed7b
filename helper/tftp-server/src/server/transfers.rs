//! The transfers of one server: started as threads or tasks, told to stop, and heard of when they
//! have ended.

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::task::{AbortHandle, Id, JoinSet};

use super::again::{Delivery, Leftover};
use super::config::Config;
use super::guard::GuardedObserver;
use super::listening::{Asker, ListeningPort, SharedPort};
use super::sending::Way;
use super::work::{Clock, Work};
use super::{task, thread};
use crate::event::TransferId;
use crate::machine::{Outbox, StopReason, Transfer};
use crate::peers::Peers;

/// Datagrams from the listening port that may wait for one transfer. An ACK that finds the
/// queue full is lost, as in any network.
const DELIVERIES: usize = 32;
/// Wait after an error of the system itself (no memory, interface down), so that it is not
/// asked again a million times a second.
pub(super) const TROUBLE_WAIT: Duration = Duration::from_millis(50);

/// What is kept of a running transfer.
#[derive(Debug)]
struct Running {
    peer: SocketAddr,
    deliveries: mpsc::Sender<Delivery>,
    /// Taken when the transfer is told to stop.
    stop: Option<oneshot::Sender<StopReason>>,
    /// It has a thread of its own.
    thread: bool,
    /// Its peer has asked for something else since.
    superseded: bool,
}

/// A transfer that has ended.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) id: TransferId,
    pub(super) peer: SocketAddr,
    pub(super) leftover: Leftover,
}

/// A transfer to be started.
#[derive(Debug)]
pub(super) struct New {
    pub(super) id: TransferId,
    pub(super) peer: SocketAddr,
    pub(super) transfer: Box<Transfer>,
    pub(super) asker: Asker,
    /// Who is told that it has the wrong port.
    pub(super) allowed: Peers,
}

pub(super) struct Transfers {
    single_port: bool,
    observer: Arc<GuardedObserver>,
    clock: Clock,
    tasks: JoinSet<Leftover>,
    /// Which task runs which transfer.
    task_ids: HashMap<Id, TransferId>,
    running: HashMap<TransferId, Running>,
    /// Transfers that have a thread of their own, and how many may.
    threads: usize,
    most_threads: usize,
}

impl fmt::Debug for Transfers {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Transfers").field("running", &self.running).finish_non_exhaustive()
    }
}

impl Transfers {
    pub(super) fn new(config: &Config, observer: Arc<GuardedObserver>, clock: Clock) -> Self {
        Self {
            single_port: config.single_port,
            observer,
            clock,
            tasks: JoinSet::new(),
            task_ids: HashMap::new(),
            running: HashMap::new(),
            threads: 0,
            most_threads: config.threads,
        }
    }

    /// Starts a transfer on a port of its own, or on the listening port.
    ///
    /// # Errors
    /// What the system says when it has no port.
    pub(super) fn start(&mut self, new: New, port: &ListeningPort) -> io::Result<()> {
        let (deliveries, inbox) = mpsc::channel(DELIVERIES);
        let (stop, stopped) = oneshot::channel();
        let (id, peer, asker) = (new.id, new.peer, new.asker);
        let work = Work {
            id,
            peer,
            transfer: new.transfer,
            observer: Arc::clone(&self.observer),
            clock: self.clock,
            deliveries: inbox,
            stop: Some(stopped),
            allowed: new.allowed,
            way: Way::to(if self.single_port { asker.peer } else { peer }),
            outbox: Outbox::new(),
            unsent: false,
            gone: false,
            confirmed: false,
        };
        let thread = !self.single_port && self.threads < self.most_threads;
        let task = self.spawn(work, asker, port, thread)?;
        self.task_ids.insert(task.id(), id);
        self.threads += usize::from(thread);
        self.running.insert(id, Running { peer, deliveries, stop: Some(stop), thread, superseded: false });
        Ok(())
    }

    fn spawn(
        &mut self,
        work: Work,
        asker: Asker,
        port: &ListeningPort,
        own_thread: bool,
    ) -> io::Result<AbortHandle> {
        if self.single_port {
            return Ok(self.tasks.spawn(task::run(work, SharedPort::new(port.clone(), asker))));
        }
        let socket = port.open_socket(asker)?;
        Ok(if own_thread {
            thread::prepare(&socket)?;
            self.tasks.spawn_blocking(move || thread::run(work, socket))
        } else {
            self.tasks.spawn(task::run(work, tokio::net::UdpSocket::from_std(socket)?))
        })
    }

    /// Waits for the end of a transfer; `None` when none is running. Loses nothing when dropped.
    pub(super) async fn ended(&mut self) -> Option<Ended> {
        while let Some(ended) = self.tasks.join_next_with_id().await {
            let (task, leftover) = ended.unwrap_or_else(|error| {
                // All that is not ours is guarded against, so this is a fault of ours.
                tracing::error!(%error, "a transfer broke");
                (error.id(), None)
            });
            let id = self.task_ids.remove(&task);
            if let Some((id, running)) = id.and_then(|id| Some((id, self.running.remove(&id)?))) {
                self.threads -= usize::from(running.thread);
                // What is left over is older than what has superseded it.
                let leftover = leftover.filter(|_| !running.superseded);
                return Some(Ended { id, peer: running.peer, leftover });
            }
        }
        None
    }

    /// Hands something to a transfer. Gives it back when that has ended just now; a queue that is
    /// full loses it.
    pub(super) fn deliver(&self, id: TransferId, delivery: Delivery) -> Result<(), Delivery> {
        match self.running.get(&id).map(|running| &running.deliveries) {
            None => Err(delivery),
            Some(deliveries) => match deliveries.try_send(delivery) {
                Ok(()) | Err(mpsc::error::TrySendError::Full(_)) => Ok(()),
                Err(mpsc::error::TrySendError::Closed(delivery)) => Err(delivery),
            },
        }
    }

    /// Tells all transfers to stop that `which` picks.
    pub(super) fn stop(&mut self, reason: StopReason, which: impl Fn(TransferId, SocketAddr) -> bool) {
        let picked = self.running.iter_mut().filter(|(id, running)| which(**id, running.peer));
        for (_, running) in picked {
            running.superseded |= reason == StopReason::Superseded;
            if let Some(stop) = running.stop.take() {
                // One that is not there to be told has ended by itself.
                stop.send(reason).ok();
            }
        }
    }
}
