//! When the computer is looked at, and what of it is told.

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use tokio::sync::broadcast::error::TryRecvError;
use tokio::time::timeout;

use super::*;
use crate::pc::change::{HostAddress, NetworkAddress};
use crate::pc::command::CommandLine;
use crate::pc::interface::{Interface, Kind, Neighbour};
use crate::pc::ports::{Holder, Port};

/// A computer without a cable, so that nothing can be sent: only what it tells is looked at.
#[derive(Debug, Default)]
struct Laptop {
    wifi: Mutex<Option<bool>>,
    reads: AtomicUsize,
}

impl Laptop {
    fn wifi(&self, link: bool) {
        *self.wifi.lock().unwrap_or_else(PoisonError::into_inner) = Some(link);
    }

    fn reads(&self) -> usize {
        self.reads.load(Ordering::Relaxed)
    }
}

impl System for Laptop {
    fn snapshot(&self) -> io::Result<Snapshot> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        let link = *self.wifi.lock().unwrap_or_else(PoisonError::into_inner);
        let wifi = Interface { kind: Kind::Wifi, link, ..Interface::named("wlan0") };
        Ok(Snapshot { interfaces: vec![wifi], routes: Vec::new() })
    }

    fn neighbours(&self) -> Vec<Neighbour> {
        Vec::new()
    }

    fn add(&self, _address: &HostAddress) -> Vec<CommandLine> {
        Vec::new()
    }

    fn remove(&self, _address: &HostAddress) -> Vec<CommandLine> {
        Vec::new()
    }

    fn add_network(&self, _address: &NetworkAddress) -> Vec<CommandLine> {
        Vec::new()
    }

    fn remove_network(&self, _address: &NetworkAddress) -> Vec<CommandLine> {
        Vec::new()
    }

    fn may_change(&self) -> bool {
        false
    }

    fn elevated(&self, _lines: &[CommandLine]) -> Vec<CommandLine> {
        Vec::new()
    }

    fn by_hand(&self, line: &CommandLine) -> String {
        line.to_string()
    }

    fn holder(&self, _port: Port) -> Option<Holder> {
        None
    }

    fn port_right(&self, _program: &Path) -> Option<String> {
        None
    }
}

fn watched() -> (&'static Laptop, Desk) {
    let laptop: &'static Laptop = Box::leak(Box::default());
    let desk = Desk::default();
    desk.look_around(laptop);
    (laptop, desk)
}

#[tokio::test(start_paused = true)]
async fn without_a_page_nothing_is_read_and_a_while_after_the_last_one_nothing_more() {
    let (laptop, desk) = watched();
    sleep(Duration::from_secs(3600)).await;
    assert_eq!(laptop.reads(), 0);
    let page = desk.page_connected();
    sleep(Duration::from_secs(10)).await;
    assert!(laptop.reads() > 5, "{}", laptop.reads());
    assert_eq!(desk.watch().1.computer.interfaces.len(), 1);
    drop(page);
    sleep(ALONE * 2).await;
    let before = laptop.reads();
    sleep(Duration::from_secs(3600)).await;
    assert_eq!(laptop.reads(), before);
    assert_eq!(desk.watch().1.computer, ComputerView::default(), "what was seen is old");
    let _page = desk.page_connected();
    sleep(Duration::from_secs(10)).await;
    assert!(laptop.reads() > before, "another page, and it is looked again");
}

#[tokio::test(start_paused = true)]
async fn a_page_that_is_loaded_again_finds_the_same_watcher() {
    let (_, desk) = watched();
    drop(desk.page_connected());
    sleep(Duration::from_secs(2)).await;
    let (seq, ..) = desk.watch();
    let _page = desk.page_connected();
    sleep(Duration::from_secs(60)).await;
    assert_eq!(desk.watch().0, seq, "nothing was forgotten, and nothing told anew");
}

#[tokio::test(start_paused = true)]
async fn a_change_is_told_within_a_second_and_only_a_change() {
    let (laptop, desk) = watched();
    let _page = desk.page_connected();
    sleep(Duration::from_secs(10)).await;
    let (_, _, mut changes) = desk.watch();
    sleep(Duration::from_secs(600)).await;
    assert!(matches!(changes.try_recv(), Err(TryRecvError::Empty)));
    for link in [true, false] {
        laptop.wifi(link);
        let told = timeout(Duration::from_secs(1), changes.recv()).await;
        let Ok(Ok((_, Change::Computer { computer }))) = told else { panic!("{told:?}") };
        assert_eq!(computer.interfaces[0].link, Some(link));
    }
}

#[test]
fn what_is_typed_is_an_address_or_its_beginning() {
    for (shown, expected) in [
        ("http://192.168.6/", vec![192, 168, 6]),
        ("WEB RECOVERY AT: 192.168.1.5", vec![192, 168, 1, 5]),
        ("phone.example", vec![]),
        ("fe80::1", vec![]),
        ("", vec![]),
    ] {
        assert_eq!(numbers(shown), expected, "{shown}");
    }
}
