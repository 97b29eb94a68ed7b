//! What the page sees of this computer while somebody looks at it: its interfaces, and the phones
//! on its cables, found while the person works (cases C09 to C13, C22, C24).
//!
//! It lives only as long as a page does: a helper that nobody looks at reads nothing and asks
//! nobody. Reading the system's own tables harms nobody and goes on all the time; whatever goes
//! over a cable follows the [`Rhythm`], and rests while a phone of this run is asked to take its
//! firmware or reads it.

mod view;

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use shared::address::{PhoneAddress, clipped};
use shared::phase::Phase;
use shared::protocol::{Change, ComputerView, PhoneView, RepairView};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep, sleep_until};

use super::rhythm::{Due, Rhythm};
use super::{Desk, Refused};
use crate::pc::System;
use crate::pc::find::{Extent, Found, LISTEN_ONLY, State, look_again, search};
use crate::pc::interface::Snapshot;
use crate::pc::keeper::Trouble;
use crate::pc::reach::offer;
use crate::session::repairs::offered;

/// Between two looks at the interfaces: a change is told within a second.
const READ_PAUSE: Duration = Duration::from_millis(800);
/// Where reading takes long (Windows starts a program for it), it may take a fifth of the time.
const READ_SHARE: u32 = 4;
/// So long it goes on without a page: one that is loaded again finds what was there.
const ALONE: Duration = Duration::from_secs(5);
/// Between two looks at a phone that waits for its recovery: its page is what that begins with.
const LOOK_READY: Duration = Duration::from_secs(10);
/// The same where the person is about to do something.
const LOOK_OTHERS: Duration = Duration::from_secs(4);
/// Looks in vain until somebody counts as gone: a boot loader misses one at times.
const MISSES: u8 = 2;

impl Desk {
    /// Looks at this computer and its cables from now on, whenever a page is connected.
    pub fn look_around(&self, system: &'static dyn System) {
        self.lock().surroundings = Some(system);
    }

    /// Shows this as the computer: practice has no cables.
    pub fn show_computer(&self, computer: ComputerView) {
        let mut inner = self.lock();
        if inner.state.computer != computer {
            self.change(&mut inner, Change::Computer { computer });
        }
    }

    /// Searches now, beginning with what the person could read of the address.
    ///
    /// # Errors
    /// None: where nobody looks around, there is nothing to search.
    pub fn look(&self, shown: &str) -> Result<(), Refused> {
        if let Some(wishes) = &self.lock().watching {
            // A watcher that is just ending has no page that could wish for anything.
            wishes.send(numbers(shown)).ok();
        }
        Ok(())
    }

    /// Takes back whatever was changed on this computer, when the helper ends.
    pub async fn end(&self) -> Vec<Trouble> {
        let repairs = self.lock().repairs.clone();
        repairs.end().await
    }

    /// Whether this was the last look, because no page has been there for a while.
    fn stops_watching(&self, alone: &mut Option<Instant>) -> bool {
        let mut inner = self.lock();
        if inner.pages > 0 {
            *alone = None;
            return false;
        }
        if alone.get_or_insert_with(Instant::now).elapsed() < ALONE {
            return false;
        }
        inner.watching = None;
        drop(inner);
        self.show_computer(ComputerView::default());
        true
    }

    /// Whether a phone must not be disturbed now, and the addresses that are a recovery's own.
    fn at_work(&self) -> (bool, BTreeSet<Ipv4Addr>) {
        let inner = self.lock();
        let running = || inner.state.phones.iter().filter(|phone| phone.is_running());
        let v4 = |phone: &PhoneView| match phone.job.address.ip()? {
            IpAddr::V4(ip) => Some(ip),
            IpAddr::V6(_) => None,
        };
        (running().any(|phone| phone.phase < Phase::Write), running().filter_map(v4).collect())
    }
}

/// What can be read of an address: all of it, or its beginning.
fn numbers(shown: &str) -> Vec<u8> {
    let whole = || match shown.parse::<PhoneAddress>().ok()?.ip()? {
        IpAddr::V4(ip) => Some(ip.octets().to_vec()),
        IpAddr::V6(_) => None,
    };
    clipped(shown).or_else(whole).unwrap_or_default()
}

/// Watches until no page is there any more.
pub(super) async fn watch(desk: Desk, system: &'static dyn System, mut wishes: UnboundedReceiver<Vec<u8>>) {
    let (sender, mut events) = unbounded_channel();
    let mut watcher = Watcher::new(system, sender);
    let mut reading = std::pin::pin!(read(system, Duration::ZERO));
    let mut alone = None;
    loop {
        let wake = watcher.wakes();
        tokio::select! {
            (snapshot, took) = &mut reading => {
                if desk.stops_watching(&mut alone) {
                    return;
                }
                watcher.saw(snapshot);
                watcher.listen_pause = LISTEN_ONLY.max(took * READ_SHARE);
                reading.set(read(system, READ_PAUSE.max(took * READ_SHARE)));
            }
            Some(shown) = wishes.recv() => watcher.rhythm.asked(shown, Instant::now()),
            // The watcher holds a sender: the channel never closes.
            Some(event) = events.recv() => watcher.take(event),
            () = sleep_until(wake) => {}
        }
        let (is_busy, theirs) = desk.at_work();
        watcher.act(is_busy, &theirs);
        desk.show_computer(watcher.view());
    }
}

/// The interfaces after a pause, and how long it took to read them.
async fn read(system: &'static dyn System, pause: Duration) -> (Option<Snapshot>, Duration) {
    sleep(pause).await;
    let begun = Instant::now();
    let snapshot = tokio::task::spawn_blocking(|| system.snapshot());
    (snapshot.await.ok().and_then(Result::ok), begun.elapsed())
}

#[derive(Debug)]
enum Event {
    Found(Found),
    /// The search of this number has ended.
    Ended(u64),
    /// What was found there, looked at again.
    Looked(Ipv4Addr, Option<Found>),
    /// What would make that phone reachable.
    Offer(Ipv4Addr, Option<RepairView>),
}

#[derive(Debug)]
struct Watcher {
    system: &'static dyn System,
    sender: UnboundedSender<Event>,
    rhythm: Rhythm,
    snapshot: Snapshot,
    found: BTreeMap<Ipv4Addr, Known>,
    search: Option<Search>,
    searches: u64,
    listened: Option<Instant>,
    listen_pause: Duration,
}

/// Somebody who was found.
#[derive(Debug)]
struct Known {
    found: Found,
    repair: Option<RepairView>,
    /// When it was looked at, or begun to.
    looked: Instant,
    /// Whether it is to be looked at now.
    is_due: bool,
    /// Whether what would make it reachable is to be found out.
    wants_repair: bool,
    misses: u8,
}

impl Known {
    fn new(found: Found) -> Self {
        Self { found, repair: None, looked: Instant::now(), is_due: false, wants_repair: true, misses: 0 }
    }

    fn due(&self) -> Instant {
        let pause = match self.found.state {
            State::Recovery | State::Busy => LOOK_READY,
            State::Normal | State::TestMode | State::Silent | State::OutOfReach => LOOK_OTHERS,
        };
        self.looked + pause
    }
}

#[derive(Debug)]
struct Search {
    number: u64,
    extent: Extent,
    /// The plan that it belongs to.
    plan: u64,
    _task: Task,
}

/// A task that ends when this is dropped.
#[derive(Debug)]
struct Task(AbortHandle);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Watcher {
    fn new(system: &'static dyn System, sender: UnboundedSender<Event>) -> Self {
        Self {
            system,
            sender,
            rhythm: Rhythm::default(),
            snapshot: Snapshot::default(),
            found: BTreeMap::new(),
            search: None,
            searches: 0,
            listened: None,
            listen_pause: LISTEN_ONLY,
        }
    }

    /// What cannot be read is as it was.
    fn saw(&mut self, snapshot: Option<Snapshot>) {
        let now = Instant::now();
        let Some(snapshot) = snapshot.filter(|snapshot| *snapshot != self.snapshot) else { return };
        self.rhythm.saw(&snapshot, now);
        // Whoever was at the other end of a cable that is out is not there any more, and the
        // others may be reached in another way now.
        self.found.retain(|_, known| {
            (known.is_due, known.wants_repair) = (true, true);
            let interface = known.found.interface.as_ref().map(|name| snapshot.named(name));
            interface.is_none_or(|interface| interface.is_some_and(|interface| interface.link != Some(false)))
        });
        self.snapshot = snapshot;
    }

    fn take(&mut self, event: Event) {
        match event {
            Event::Found(found) => self.know(found),
            Event::Ended(number) => {
                if let Some(search) = self.search.take_if(|search| search.number == number)
                    && search.extent != Extent::Listen
                {
                    self.rhythm.ended();
                }
            }
            Event::Looked(ip, looked) => self.looked(ip, looked),
            Event::Offer(ip, repair) => {
                if let Some(known) = self.found.get_mut(&ip) {
                    known.repair = repair;
                }
            }
        }
    }

    fn know(&mut self, found: Found) {
        match found.state {
            State::Recovery | State::Busy | State::Normal | State::TestMode => self.rhythm.found(),
            // It may be somebody else, and the phone not there yet.
            State::Silent | State::OutOfReach => {}
        }
        self.found.insert(found.address, Known::new(found));
    }

    fn looked(&mut self, ip: Ipv4Addr, looked: Option<Found>) {
        let Some(known) = self.found.get_mut(&ip) else { return };
        known.misses += 1;
        let is_there = looked.as_ref().is_some_and(|found| found.state != State::Silent);
        match looked {
            Some(found) if is_there && found.state == known.found.state => {
                known.misses = 0;
                known.found = found;
            }
            Some(found) if is_there => self.know(found),
            _ if known.misses < MISSES => {}
            Some(silent) => {
                let was_there = known.found.state != State::Silent;
                known.found = silent;
                if was_there {
                    self.rhythm.lost(Instant::now());
                }
            }
            None => {
                self.found.remove(&ip);
                self.rhythm.lost(Instant::now());
            }
        }
    }

    /// Begins what is due, and ends what may not go on.
    fn act(&mut self, is_busy: bool, theirs: &BTreeSet<Ipv4Addr>) {
        if is_busy {
            self.search = None;
            return;
        }
        let now = Instant::now();
        let plan = self.rhythm.number();
        let is_due = self.rhythm.next().is_some_and(|next| next <= now);
        // What listens gives way to what asks, and an earlier plan to a newer one.
        self.search.take_if(|search| match search.extent {
            Extent::Listen => is_due,
            Extent::Near | Extent::Whole => search.plan != plan,
        });
        if self.search.is_none() {
            if let Some(Due { extent, shown }) = self.rhythm.due(now) {
                self.search(extent, shown, theirs);
            } else if self.listened.is_none_or(|listened| listened + self.listen_pause <= now) {
                self.listened = Some(now);
                self.search(Extent::Listen, Vec::new(), theirs);
            }
        }
        for known in self.found.values_mut().filter(|known| !theirs.contains(&known.found.address)) {
            if known.found.state == State::OutOfReach && std::mem::take(&mut known.wants_repair) {
                tell_a_repair(self.system, &known.found, self.sender.clone());
            }
            if std::mem::take(&mut known.is_due) || known.due() <= now {
                known.looked = now;
                tell_what_it_is(self.system, known.found.clone(), self.sender.clone());
            }
        }
    }

    fn search(&mut self, extent: Extent, shown: Vec<u8>, theirs: &BTreeSet<Ipv4Addr>) {
        self.searches += 1;
        let (number, system, sender) = (self.searches, self.system, self.sender.clone());
        let known = self.found.keys().chain(theirs).copied().collect();
        let task = tokio::spawn(async move {
            let tell = |found| drop(sender.send(Event::Found(found)));
            if let Err(error) = search(system, &shown, extent, known, tell).await {
                tracing::info!(%error, "the cables cannot be searched");
            }
            sender.send(Event::Ended(number)).ok();
        });
        let plan = self.rhythm.number();
        self.search = Some(Search { number, extent, plan, _task: Task(task.abort_handle()) });
    }

    /// When there is something to do, if nothing happens before.
    fn wakes(&self) -> Instant {
        let now = Instant::now();
        let listen = self.listened.map_or(now + self.listen_pause, |listened| listened + self.listen_pause);
        let looks = self.found.values().map(Known::due);
        // What is overdue waits for a phone that is at work: not for this clock.
        let next = looks.chain(self.rhythm.next()).chain([listen]).filter(|next| *next > now).min();
        next.unwrap_or(now + self.listen_pause)
    }
}

/// Finds out what would make this phone reachable, and tells it.
fn tell_a_repair(system: &'static dyn System, found: &Found, sender: UnboundedSender<Event>) {
    let (ip, interface) = (found.address, found.interface.clone());
    tokio::task::spawn_blocking(move || {
        let repair = offer(system, ip, interface.as_deref()).map(|change| offered(system, &change));
        sender.send(Event::Offer(ip, repair)).ok();
    });
}

/// Looks at it once more, and tells what it is now. What cannot be looked at is as it was.
fn tell_what_it_is(system: &'static dyn System, found: Found, sender: UnboundedSender<Event>) {
    tokio::spawn(async move {
        let ip = found.address;
        if let Ok(looked) = look_again(system, found).await {
            sender.send(Event::Looked(ip, looked)).ok();
        }
    });
}

#[cfg(test)]
mod tests;
