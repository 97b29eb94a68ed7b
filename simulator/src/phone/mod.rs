//! One phone: its handle for others, what it remembers, and its life from power-on to power-on.

mod core;
mod life;
mod memory;
mod provisioning;
mod seat;

use std::{io, net::SocketAddr, sync::Arc};

use tokio::{
    sync::{broadcast, mpsc, watch},
    task::JoinHandle,
};

pub(crate) use self::core::{Core, Order};
pub(crate) use self::memory::{Memory, Stage};
use self::seat::Seat;
use crate::{Config, Display, Event};

/// Orders that may wait at once; a phone gets a handful in its whole life.
const ORDERS: usize = 16;

/// A phone that is turned on. Dropping it pulls its plug.
#[derive(Debug)]
pub struct Phone {
    core: Arc<Core>,
    life: JoinHandle<()>,
}

impl Phone {
    /// Takes the address and turns the phone on, as [`Config::start`] says.
    ///
    /// # Errors
    /// When the address cannot be had.
    pub async fn start(config: Config) -> io::Result<Self> {
        let seat = Seat::take(config.bind)?;
        let start = config.start;
        let (orders, inbox) = mpsc::channel(ORDERS);
        let core = Arc::new(Core::new(config, seat.address(), orders));
        core.say(Event::Ready { address: seat.address(), model: core.config.model.name().to_owned() });
        let listener = life::first_listener(&core.config, seat)?;
        if let (Some(mode), life::Port::Open(_)) = (life::first_mode(start), &listener) {
            life::arrive(&core, mode, Event::Up { mode });
        }
        let life = tokio::spawn(life::live(Arc::clone(&core), inbox, listener, start));
        Ok(Self { core, life })
    }

    /// Address and HTTP port; the same before and after every restart.
    pub fn address(&self) -> SocketAddr {
        self.core.address
    }

    /// What the LCD shows, now and from now on.
    pub fn display(&self) -> watch::Receiver<Display> {
        self.core.display()
    }

    /// Everything that happens from now on.
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.core.follow().1
    }

    /// Everything that has happened so far.
    pub fn log(&self) -> Vec<Event> {
        self.core.follow().0
    }

    /// Both, without a gap or a double between them.
    pub fn follow(&self) -> (Vec<Event>, broadcast::Receiver<Event>) {
        self.core.follow()
    }

    /// The password that normal mode wants now.
    pub fn password(&self) -> String {
        self.core.with(|memory| memory.password())
    }

    /// The local configuration, line by line as `localcfg.html` shows it.
    pub fn local_configuration(&self) -> Vec<String> {
        self.core.with(|memory| memory.local_lines())
    }

    /// The firmware version the phone would tell.
    pub fn version(&self) -> String {
        self.core.with(|memory| memory.version.clone())
    }

    /// Pulls the plug. In the middle of writing this spoils the flash (the thread's case C15).
    pub async fn unplug(&self) {
        self.core.order(Order::Unplug).await;
    }

    /// Plugs it in again, with 1 and # held or without.
    pub async fn power_on(&self, keys_held: bool) {
        self.core.order(Order::PowerOn { keys_held }).await;
    }

    /// Turns it off for good and gives its port back.
    pub async fn stop(mut self) {
        self.life.abort();
        // An aborted task is what was asked for.
        let _ = (&mut self.life).await;
    }
}

impl Drop for Phone {
    fn drop(&mut self) {
        self.life.abort();
    }
}
