//! The phones that are served on one port, each with its own shelf and its own listener to
//! what happens.

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tftp_server::Peers;
use tokio::sync::{Semaphore, watch};
use tokio::time::Instant;

use super::shelf::Shelf;
use super::{FileEvent, TransferNumber};

/// Connections of one phone at once. A loader needs one; browsers and broken loaders that leave
/// old ones behind have a few more. Beyond that it is no loader.
const SEATS: usize = 8;

/// Remarks (events that are no transfer) that are told at once. A phone asks for a handful of
/// configurations at each start.
const REMARKS_AT_ONCE: u32 = 100;
/// Remarks told in each second after that: who asks a thousand times must not flood the session.
const REMARKS_PER_SECOND: u32 = 20;

/// One phone on one port.
pub(super) struct Guest {
    pub(super) shelf: Shelf,
    pub(super) seats: Arc<Semaphore>,
    tell: Box<dyn Fn(FileEvent) + Send + Sync>,
    numbers: Arc<AtomicU64>,
    remarks: Mutex<Remarks>,
    /// Bytes of the file, counted from its beginning, that were handed over without a gap.
    had: Mutex<u64>,
    left: watch::Sender<bool>,
}

struct Remarks {
    left: u32,
    filled: Instant,
}

impl Guest {
    pub(super) fn new(
        shelf: Shelf,
        numbers: Arc<AtomicU64>,
        tell: impl Fn(FileEvent) + Send + Sync + 'static,
    ) -> Self {
        Self {
            shelf,
            seats: Arc::new(Semaphore::new(SEATS)),
            tell: Box::new(tell),
            numbers,
            remarks: Mutex::new(Remarks { left: REMARKS_AT_ONCE, filled: Instant::now() }),
            had: Mutex::new(0),
            left: watch::Sender::new(false),
        }
    }

    /// Tells the session what happened, while the offer stands.
    pub(super) fn tell(&self, event: FileEvent) {
        let remark = matches!(
            event,
            FileEvent::OtherName { .. }
                | FileEvent::Configuration { .. }
                | FileEvent::Introduced { .. }
                | FileEvent::Refused { .. }
        );
        if *self.left.borrow() || (remark && !self.may_remark()) {
            tracing::debug!(?event, "not told");
            return;
        }
        (self.tell)(event);
    }

    fn may_remark(&self) -> bool {
        let mut remarks = self.remarks.lock().unwrap_or_else(PoisonError::into_inner);
        let seconds = u32::try_from(remarks.filled.elapsed().as_secs()).unwrap_or(u32::MAX);
        if seconds > 0 {
            let more = REMARKS_PER_SECOND.saturating_mul(seconds);
            remarks.left = remarks.left.saturating_add(more).min(REMARKS_AT_ONCE);
            remarks.filled = Instant::now();
        }
        let may = remarks.left > 0;
        remarks.left = remarks.left.saturating_sub(1);
        may
    }

    /// A number for a new transfer.
    pub(super) fn next_transfer(&self) -> TransferNumber {
        self.numbers.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// This part of the file was handed over. Says whether there is no gap before its end: a
    /// phone that goes on where it was interrupted has the whole file, one that asks for its
    /// last byte alone has not.
    pub(super) fn has(&self, from: u64, until: u64) -> bool {
        let mut had = self.had.lock().unwrap_or_else(PoisonError::into_inner);
        let joined = from <= *had;
        if joined {
            *had = until.max(*had);
        }
        joined
    }

    /// Waits until the offer is withdrawn.
    pub(super) async fn left(&self) {
        // It cannot fail: the sender is in here.
        self.left.subscribe().wait_for(|left| *left).await.ok();
    }

    fn leave(&self) {
        self.left.send_replace(true);
    }
}

impl fmt::Debug for Guest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Guest").field("shelf", &self.shelf).finish_non_exhaustive()
    }
}

/// All phones of one port; clones are the same list. IPv4 inside IPv6 counts as IPv4.
#[derive(Debug, Clone, Default)]
pub(super) struct Guests(Arc<Mutex<BTreeMap<IpAddr, Arc<Guest>>>>);

impl Guests {
    /// Adds a phone, unless it is there.
    pub(super) fn add(&self, peer: IpAddr, guest: Guest) -> bool {
        let mut guests = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if guests.contains_key(&peer.to_canonical()) {
            return false;
        }
        guests.insert(peer.to_canonical(), Arc::new(guest));
        true
    }

    /// Removes a phone and ends its connections. Says whether others are left.
    pub(super) fn remove(&self, peer: IpAddr) -> bool {
        let mut guests = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(guest) = guests.remove(&peer.to_canonical()) {
            guest.leave();
        }
        !guests.is_empty()
    }

    pub(super) fn find(&self, peer: IpAddr) -> Option<Arc<Guest>> {
        let guests = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        guests.get(&peer.to_canonical()).map(Arc::clone)
    }

    /// Who is answered.
    pub(super) fn peers(&self) -> Peers {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).keys().copied().collect()
    }
}
