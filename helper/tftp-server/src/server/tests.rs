//! What real sockets on loopback never do: always have something to read, never have room, refuse
//! to send in one call. Sockets in memory do it, and the time is tokio's paused one.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use super::guard::GuardedObserver;
use super::sending::{Datagrams, Way};
use super::task::{self, TaskSocket};
use super::work::{Clock, Work};
use crate::event::{AbandonReason, Event, EventKind, TransferId};
use crate::machine::{Outbox, StopReason, Transfer};
use crate::options::{OptionPolicy, Terms};
use crate::peers::Peers;
use crate::request::Request;
use crate::source::{Memory, Source};
use crate::timing::Timing;

fn peer() -> SocketAddr {
    ([192, 0, 2, 1], 1024).into()
}

/// A transfer with a file of three blocks, what it tells, and the way to stop it.
fn work() -> (Work, mpsc::UnboundedReceiver<Event>, oneshot::Sender<StopReason>) {
    let (_, request) = Request::parse(b"\0\x01f\0octet\0").unwrap();
    let request = request.unwrap();
    let content = Memory::new(vec![1; 1200]).open(&request, peer()).unwrap();
    let terms = Terms::negotiate(&request, 1200, &OptionPolicy::default());
    let clock = Clock::start();
    let transfer = Transfer::new(content, request.mode, terms, Timing::default(), clock.now());
    let (sender, events) = mpsc::unbounded_channel();
    let observer = move |event: Event| drop(sender.send(event));
    let (stop, stopped) = oneshot::channel();
    let work = Work {
        id: TransferId(1),
        peer: peer(),
        transfer: Box::new(transfer),
        observer: Arc::new(GuardedObserver(Arc::new(observer))),
        clock,
        deliveries: mpsc::channel(1).1,
        stop: Some(stopped),
        allowed: Peers::Any,
        way: Way::to(peer()),
        outbox: Outbox::new(),
        unsent: false,
        gone: false,
        confirmed: false,
    };
    (work, events, stop)
}

async fn ending(events: &mut mpsc::UnboundedReceiver<Event>) -> Option<AbandonReason> {
    while let Some(event) = events.recv().await {
        if let EventKind::Abandoned { reason } = event.kind {
            return Some(reason);
        }
    }
    None
}

/// There is always another datagram, or always the same trouble.
struct Flood(fn() -> io::Result<SocketAddr>);

impl Datagrams for Flood {
    fn send_one(&self, _: &[u8], _: SocketAddr) -> io::Result<()> {
        Ok(())
    }
}

impl TaskSocket for Flood {
    fn poll_readable(&self, _: &mut Context<'_>) -> Poll<()> {
        Poll::Ready(())
    }

    fn try_receive(&self, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        buffer[..4].copy_from_slice(&[0, 4, 0, 1]);
        (self.0)().map(|from| (4, from))
    }

    async fn room(&self) {}

    fn own(self) -> Option<tokio::net::UdpSocket> {
        None
    }
}

#[tokio::test(start_paused = true)]
async fn a_flood_at_the_port_of_a_transfer_does_not_hold_up_its_own_time() {
    let foreign = || Ok(([192, 0, 2, 1], 9).into());
    let trouble = || Err(io::ErrorKind::NetworkDown.into());
    for flood in [Flood(foreign), Flood(trouble)] {
        let (work, mut events, _stop) = work();
        let transfer = tokio::spawn(task::run(work, flood));
        // Nobody is ever idle, so the time does not pass by itself.
        for _ in 0..100 {
            tokio::time::advance(Duration::from_secs(1)).await;
        }
        assert!(transfer.is_finished(), "it was not given up after 60 s");
        assert_eq!(ending(&mut events).await, Some(AbandonReason::Silent { after_block: 0 }));
    }
}

#[tokio::test(start_paused = true)]
async fn a_flood_does_not_keep_an_order_from_being_followed() {
    let (work, mut events, stop) = work();
    let transfer = tokio::spawn(task::run(work, Flood(|| Ok(([192, 0, 2, 1], 9).into()))));
    tokio::task::yield_now().await;
    stop.send(StopReason::Cancelled).unwrap();
    assert_eq!(ending(&mut events).await, Some(AbandonReason::Cancelled));
    assert!(transfer.await.unwrap().is_none());
}

/// Nothing can be sent and nothing comes.
struct Jam;

impl Datagrams for Jam {
    fn send_one(&self, _: &[u8], _: SocketAddr) -> io::Result<()> {
        Err(io::ErrorKind::WouldBlock.into())
    }
}

impl TaskSocket for Jam {
    fn poll_readable(&self, _: &mut Context<'_>) -> Poll<()> {
        Poll::Pending
    }

    fn try_receive(&self, _: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        Err(io::ErrorKind::WouldBlock.into())
    }

    async fn room(&self) {
        std::future::pending().await
    }

    fn own(self) -> Option<tokio::net::UdpSocket> {
        None
    }
}

#[tokio::test(start_paused = true)]
async fn a_system_without_room_loses_packets_and_holds_up_neither_the_time_nor_an_order() {
    let (jammed, mut events, _stop) = work();
    task::run(jammed, Jam).await;
    assert_eq!(ending(&mut events).await, Some(AbandonReason::Silent { after_block: 0 }));

    let (jammed, mut events, stop) = work();
    let transfer = tokio::spawn(task::run(jammed, Jam));
    tokio::task::yield_now().await;
    stop.send(StopReason::Cancelled).unwrap();
    transfer.await.unwrap();
    assert_eq!(ending(&mut events).await, Some(AbandonReason::Cancelled));
}

#[tokio::test(start_paused = true)]
async fn a_transfer_whose_server_was_dropped_ends_without_a_word() {
    for socket in [None, Some(Jam)] {
        let (work, mut events, stop) = work();
        drop(stop);
        match socket {
            Some(jam) => drop(task::run(work, jam).await),
            None => drop(task::run(work, Flood(|| Ok(([192, 0, 2, 1], 9).into()))).await),
        }
        assert_eq!(ending(&mut events).await, None);
    }
}

/// Gives the answers that it was told to, then has room for all, and keeps what was sent.
#[derive(Default)]
struct Script {
    one: RefCell<VecDeque<io::Result<()>>>,
    many: RefCell<VecDeque<io::Result<()>>>,
    sent: Mutex<Vec<String>>,
}

impl Script {
    fn sent(&self) -> Vec<String> {
        std::mem::take(&mut self.sent.lock().unwrap())
    }
}

impl Datagrams for Script {
    fn send_one(&self, datagram: &[u8], _: SocketAddr) -> io::Result<()> {
        self.one.borrow_mut().pop_front().unwrap_or(Ok(()))?;
        self.sent.lock().unwrap().push(format!("{}", datagram[0]));
        Ok(())
    }

    fn send_segments(&self, bytes: &[u8], segment: u16, _: SocketAddr) -> io::Result<()> {
        self.many.borrow_mut().pop_front().unwrap_or(Ok(()))?;
        self.sent.lock().unwrap().push(format!("{} of {segment}", bytes.len()));
        Ok(())
    }
}

/// Three datagrams that begin with 1, 2 and 3.
fn batch() -> Outbox {
    let mut outbox = Outbox::new();
    for first in 1..=3 {
        outbox.push(&[first; 10]);
    }
    outbox
}

/// An error as the system makes it.
fn system(code: i32) -> io::Error {
    io::Error::from_raw_os_error(code)
}

fn too_long() -> io::Error {
    system(if cfg!(windows) {
        10040
    } else if cfg!(target_os = "linux") {
        90
    } else {
        40
    })
}

#[test]
fn a_batch_leaves_in_one_call_and_one_by_one_for_good_where_the_system_cannot() {
    let forms: [fn() -> io::Error; 4] =
        [|| io::ErrorKind::Unsupported.into(), || io::ErrorKind::InvalidInput.into(), || system(5), too_long];
    for cannot in forms {
        let (script, mut way) = (Script::default(), Way::to(peer()));
        way.send(&script, &batch()).unwrap();
        assert_eq!(script.sent(), ["30 of 10"]);
        script.many.borrow_mut().push_back(Err(cannot()));
        way.send(&script, &batch()).unwrap();
        assert_eq!(script.sent(), ["1", "2", "3"]);
        way.send(&script, &batch()).unwrap();
        assert_eq!(script.sent(), ["1", "2", "3"], "not tried again");
    }
}

#[test]
fn a_passing_error_does_not_turn_the_one_call_off() {
    let (script, mut way) = (Script::default(), Way::to(peer()));
    script.many.borrow_mut().push_back(Err(io::ErrorKind::OutOfMemory.into()));
    way.send(&script, &batch()).unwrap();
    assert_eq!(script.sent(), ["1", "2", "3"]);
    way.send(&script, &batch()).unwrap();
    assert_eq!(script.sent(), ["30 of 10"]);
}

#[test]
fn sending_goes_on_where_there_was_no_room_and_passes_over_what_is_lost() {
    let (script, mut way) = (Script::default(), Way::to(peer()));
    let full = || Err(io::ErrorKind::WouldBlock.into());
    script.many.borrow_mut().extend([full(), Err(io::ErrorKind::Unsupported.into())]);
    assert_eq!(way.send(&script, &batch()).unwrap_err().kind(), io::ErrorKind::WouldBlock);
    assert!(script.sent().is_empty());
    script.one.borrow_mut().extend([Ok(()), full(), full(), Err(io::ErrorKind::NetworkDown.into())]);
    assert_eq!(way.send(&script, &batch()).unwrap_err().kind(), io::ErrorKind::WouldBlock);
    assert_eq!(script.sent(), ["1"]);
    assert_eq!(way.send(&script, &batch()).unwrap_err().kind(), io::ErrorKind::WouldBlock);
    way.send(&script, &batch()).unwrap();
    assert_eq!(script.sent(), ["3"], "the second one found no network");
    script.one.borrow_mut().extend([Ok(()), full()]);
    way.send(&script, &batch()).unwrap_err();
    way.lose_rest();
    script.sent();
    way.send(&script, &batch()).unwrap();
    assert_eq!(script.sent(), ["1", "2", "3"], "the next batch begins at its beginning");
}

#[test]
fn a_datagram_that_is_too_long_half_way_does_not_swallow_the_farewell() {
    let (script, mut way) = (Script::default(), Way::to(peer()));
    script.many.borrow_mut().push_back(Err(too_long()));
    script.one.borrow_mut().extend([Ok(()), Err(too_long())]);
    way.send(&script, &batch()).unwrap_err();
    script.sent();
    let mut farewell = Outbox::new();
    farewell.push(&[9; 10]);
    way.send(&script, &farewell).unwrap();
    assert_eq!(script.sent(), ["9"]);
}
