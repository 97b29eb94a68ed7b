//! What all parts of one phone share: its configuration, memory, diary, display, and the line to
//! its life.

use std::{
    net::SocketAddr,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use tokio::sync::{broadcast, mpsc, watch};

use super::Memory;
use crate::{Config, Display, Event, download::Fetch, event::Mode, log::Log};

/// What the phone's life is told to do.
#[derive(Debug)]
pub(crate) enum Order {
    /// Fetch this file and write it.
    Fetch(Fetch),
    /// Check and write this file, which the page has brought.
    Keep(Vec<u8>),
    /// Go dark and come back in this mode, or not at all.
    Restart(Option<Mode>),
    /// The plug is pulled.
    Unplug,
    /// The plug is put in.
    PowerOn {
        /// 1 and # were held.
        keys_held: bool,
    },
}

/// One phone's insides.
#[derive(Debug)]
pub(crate) struct Core {
    pub(crate) config: Config,
    pub(crate) address: SocketAddr,
    log: Log,
    display: watch::Sender<Display>,
    silent: watch::Sender<bool>,
    orders: mpsc::Sender<Order>,
    memory: Mutex<Memory>,
    connections: AtomicU64,
}

impl Core {
    pub(crate) fn new(config: Config, address: SocketAddr, orders: mpsc::Sender<Order>) -> Self {
        Self {
            memory: Mutex::new(Memory::new(&config)),
            config,
            address,
            log: Log::new(),
            display: watch::Sender::new(Display::dark()),
            silent: watch::Sender::new(false),
            orders,
            connections: AtomicU64::new(0),
        }
    }

    pub(crate) fn say(&self, event: Event) {
        self.log.say(event);
    }

    pub(crate) fn follow(&self) -> (Vec<Event>, broadcast::Receiver<Event>) {
        self.log.follow()
    }

    pub(crate) fn show(&self, display: Display) {
        self.display.send_replace(display);
    }

    pub(crate) fn display(&self) -> watch::Receiver<Display> {
        self.display.subscribe()
    }

    /// A look into the memory, or a change of it. Never across an await.
    pub(crate) fn with<T>(&self, use_it: impl FnOnce(&mut Memory) -> T) -> T {
        use_it(&mut self.memory.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) async fn order(&self, order: Order) {
        // The inbox closes only when the phone is turned off for good.
        let _ = self.orders.send(order).await;
    }

    /// Where it answers: the address that it got, or the one that it is bound to.
    pub(crate) fn own_address(&self) -> SocketAddr {
        let lease = self.with(|memory| memory.lease.as_ref().map(|lease| lease.address));
        lease.map_or(self.address, |ip| SocketAddr::new(ip.into(), self.address.port()))
    }

    /// Whether the web server keeps quiet.
    pub(crate) fn set_silent(&self, silent: bool) {
        self.silent.send_replace(silent);
    }

    pub(crate) async fn until_not_silent(&self) {
        // The sender lives as long as `self`.
        let _ = self.silent.subscribe().wait_for(|silent| !silent).await;
    }

    pub(crate) fn count_connection(&self) -> u64 {
        self.connections.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Bytes that a client left behind; whoever comes next gets them.
    pub(crate) fn leave_stray(&self, bytes: Vec<u8>) {
        self.with(|memory| memory.stray = bytes);
    }

    pub(crate) fn take_stray(&self) -> Vec<u8> {
        self.with(|memory| std::mem::take(&mut memory.stray))
    }
}
