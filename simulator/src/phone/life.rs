//! The phone's life: on in a mode, dark, on in another. Jobs (a download, a write) live inside
//! one time of being on and end with it, as they do when a plug is pulled.

use std::{io, sync::Arc};

use tokio::{
    net::TcpListener,
    sync::mpsc::Receiver,
    task::JoinSet,
    time::{sleep, timeout},
};

use super::{Core, Order, provisioning, seat::Seat};
use crate::{Config, Display, Event, Quirk, Start, dhcp, download, event::Mode, http};

/// The port: listened to, or held in the dark.
#[derive(Debug)]
pub(super) enum Port {
    Open(TcpListener),
    Held(Seat),
}

/// So that a phone that is started is reachable at once, unless it must ask for its address.
pub(super) fn first_listener(config: &Config, seat: Seat) -> io::Result<Port> {
    match config.start {
        Start::Recovery | Start::Normal if config.dhcp.is_none() => seat.open().map(Port::Open),
        Start::Dark | Start::Recovery | Start::Normal => Ok(Port::Held(seat)),
    }
}

/// In which mode it starts; none: dark.
pub(super) fn first_mode(start: Start) -> Option<Mode> {
    match start {
        Start::Recovery => Some(Mode::Recovery),
        Start::Normal => Some(Mode::Normal),
        Start::Dark => None,
    }
}

/// The phone is up: it has forgotten what it knew of the last boot, and shows where it is.
pub(super) fn arrive(core: &Core, mode: Mode, event: Event) {
    core.with(super::Memory::boot);
    core.set_silent(false);
    core.show(match mode {
        Mode::Recovery => {
            Display::recovery(core.own_address(), core.config.quirks.has(&Quirk::ClippedAddress))
        }
        Mode::Normal => Display::idle(&core.with(|memory| memory.model)),
    });
    core.say(event);
}

/// Lives until the task is aborted. Who starts it has let it [`arrive`].
pub(super) async fn live(core: Arc<Core>, mut orders: Receiver<Order>, port: Port, start: Start) {
    let mut mode = first_mode(start);
    let mut port = Some(port);
    let mut restarted = false;
    loop {
        let seat = match (mode, port.take()) {
            (Some(on), Some(Port::Open(listener))) => {
                mode = awake(&core, &mut orders, listener, on, restarted).await;
                Seat::retake(core.address).await
            }
            (_, Some(Port::Held(seat))) => Ok(seat),
            (_, Some(Port::Open(_)) | None) => Seat::retake(core.address).await,
        };
        restarted = true;
        core.show(Display::dark());
        core.say(Event::Dark);
        dhcp::leave(&core).await;
        mode = boot(&core, &mut orders, mode).await;
        while mode == Some(Mode::Normal) && !provisioning::ask(&core).await {
            dhcp::leave(&core).await;
            mode = boot(&core, &mut orders, mode).await;
        }
        port = seat.and_then(Seat::open).map(Port::Open).ok();
        if let (Some(mode), Some(Port::Open(_))) = (mode, &port) {
            arrive(&core, mode, Event::Back { mode });
        }
    }
}

/// On, until something turns it off; tells in which mode it will come back.
async fn awake(
    core: &Arc<Core>,
    orders: &mut Receiver<Order>,
    listener: TcpListener,
    mode: Mode,
    restarted: bool,
) -> Option<Mode> {
    let mut jobs = JoinSet::new();
    let serving = http::serve(&listener, core, mode, restarted);
    tokio::pin!(serving);
    loop {
        let order = tokio::select! {
            () = &mut serving => continue,
            order = orders.recv() => order,
        };
        match order {
            Some(Order::Fetch(fetch)) => {
                jobs.spawn(download::fetch(Arc::clone(core), fetch));
            }
            Some(Order::Keep(bytes)) => {
                jobs.spawn(download::keep(Arc::clone(core), bytes));
            }
            Some(Order::Restart(next)) => {
                // The reply may still be on its way; it is served to its end.
                let _ = timeout(core.config.timing.last_words, &mut serving).await;
                return next;
            }
            Some(Order::Unplug) | None => return None,
            Some(Order::PowerOn { .. }) => {}
        }
    }
}

/// Dark, and then until it has an address, where it has to ask for one.
async fn boot(core: &Arc<Core>, orders: &mut Receiver<Order>, next: Option<Mode>) -> Option<Mode> {
    let mut next = next;
    loop {
        let mode = dark(core, orders, next).await?;
        tokio::select! {
            joined = dhcp::join(core, mode) => match joined {
                Ok(()) => return Some(mode),
                Err(error) => {
                    tracing::error!(%error, "no address");
                    next = Some(mode);
                }
            },
            order = orders.recv() => next = match order? {
                Order::Unplug => None,
                Order::PowerOn { .. } | Order::Fetch(_) | Order::Keep(_) | Order::Restart(_) => Some(mode),
            },
        }
    }
}

/// Dark: for the time of a boot, or until somebody puts the plug in.
async fn dark(core: &Core, orders: &mut Receiver<Order>, next: Option<Mode>) -> Option<Mode> {
    let mut next = next;
    loop {
        let order = match next {
            Some(mode) => tokio::select! {
                () = sleep(core.config.timing.dark) => return Some(mode),
                order = orders.recv() => order,
            },
            None => orders.recv().await,
        };
        match order {
            Some(Order::PowerOn { keys_held }) => {
                let recovery = keys_held || core.with(|memory| memory.flash_spoilt);
                next = Some(if recovery { Mode::Recovery } else { Mode::Normal });
            }
            Some(Order::Unplug) => next = None,
            Some(_) => {}
            None => return None,
        }
    }
}
