//! A recovery with what it needs of this computer: the phone is made reachable before it begins,
//! kept so while it runs, and what was changed is taken back when it ends (cases C09 to C11).
//!
//! The terminal and the page both recover through here, so they cannot do it differently. All
//! recoveries of a run share one keeper with one journal. Phones are made reachable one after
//! the other, so that no two of them get the same address of ours; each takes back what was made
//! for it alone, before the same phone can be tried again.

use std::future::Future;
use std::net::IpAddr;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use shared::address::PhoneAddress;
use shared::check::{Check, CheckName, CheckResult};
use shared::failure::FailureCode;
use shared::protocol::{Outcome, Repair, RepairView};
use shared::text;
use tokio::sync::Mutex;
use tokio::task::AbortHandle;

use super::event::Update;
use super::runner::{Recovery, run as run_recovery};
use crate::pc::System;
use crate::pc::change::{Change, HostAddress};
use crate::pc::keeper::{Keeper, Trouble};
use crate::pc::reach::{Reached, by_hand, reach};
use crate::phone::answer::Answer;
use crate::phone::client::PhoneClient;
use crate::phone::exchange::ExchangeError;

/// How often it is looked whether what was added is still there: a cable that is replugged may
/// take an address with it.
const MEND_LOOK: Duration = Duration::from_secs(1);

/// What is changed on this computer for the phones of this run. Cheap to clone: all clones share
/// one keeper.
#[derive(Debug, Clone)]
pub struct Repairs {
    system: &'static dyn System,
    /// None once this run has ended: nothing is changed any more.
    keeper: Arc<Mutex<Option<Keeper>>>,
}

/// How a recovery ended, and what could not be taken back.
#[derive(Debug)]
pub struct Ended {
    /// How it ended.
    pub outcome: Outcome,
    /// What a person takes back by hand.
    pub troubles: Vec<Trouble>,
}

/// What was done before a recovery.
#[derive(Debug, Default)]
struct Prepared {
    /// What was made for this phone.
    made: Vec<Change>,
    /// Why it need not be tried.
    unreached: Option<String>,
}

impl Repairs {
    /// Changes of this system, noted in this folder. Nothing is done before a phone needs it.
    pub fn new(system: &'static dyn System, folder: Option<PathBuf>) -> Self {
        Self { system, keeper: Arc::new(Mutex::new(Some(Keeper::new(system, folder)))) }
    }

    /// Runs a recovery to its end. `may` says whether this computer may be changed for it,
    /// `cancel` ends it early, `tell` hears everything. What is changed is never left half-way,
    /// also when it is cancelled meanwhile.
    pub async fn run(
        &self,
        mut recovery: Recovery,
        may: bool,
        cancel: impl Future<Output = ()>,
        mut tell: impl FnMut(Update),
    ) -> Ended {
        let mut cancel = pin!(cancel);
        let mut is_cancelled = false;
        let address = recovery.address.clone();
        let prepared = {
            let mut preparing = pin!(self.prepare(&address, may, &mut tell));
            loop {
                tokio::select! {
                    prepared = &mut preparing => break prepared,
                    () = &mut cancel, if !is_cancelled => is_cancelled = true,
                }
            }
        };
        recovery.plan.unreached = prepared.unreached;
        let cancelled = async {
            if !is_cancelled {
                cancel.await;
            }
        };
        let made = prepared.made;
        let mending = (!made.is_empty()).then(|| self.keep_mending());
        // Held back until nobody can come between: whoever hears of the end may try again.
        let mut end = None;
        let outcome = run_recovery(recovery, cancelled, |update| match update {
            Update::Finished(outcome) => end = Some(outcome),
            update => tell(update),
        })
        .await;
        drop(mending);
        if let Some(repair) = self.by_hand_after(&outcome).await {
            tell(Update::Repairs(vec![repair]));
        }
        let mut told =
            |tell: &mut dyn FnMut(Update)| end.take().map(|outcome| tell(Update::Finished(outcome)));
        if made.is_empty() {
            told(&mut tell);
            return Ended { outcome, troubles: Vec::new() };
        }
        let mut keeper = self.keeper.lock().await;
        told(&mut tell);
        let troubles = match keeper.as_mut() {
            Some(keeper) => tokio::task::block_in_place(|| take_back(keeper, &made)),
            // The run has ended, and everything is taken back.
            None => Vec::new(),
        };
        Ended { outcome, troubles }
    }

    /// Takes back whatever is left, when the run ends. Nothing is changed from then on.
    pub async fn end(&self) -> Vec<Trouble> {
        match self.keeper.lock().await.take() {
            Some(mut keeper) if !keeper.made().is_empty() => {
                tokio::task::block_in_place(|| keeper.take_back())
            }
            Some(_) | None => Vec::new(),
        }
    }

    /// Makes the phone reachable, where that is possible and allowed.
    async fn prepare(&self, address: &PhoneAddress, may: bool, tell: &mut impl FnMut(Update)) -> Prepared {
        // A name leads where it leads, and phones in recovery speak IPv4.
        let Some(IpAddr::V4(phone)) = address.ip() else { return Prepared::default() };
        let somebody = Arc::new(AtomicBool::new(false));
        let answers = || is_a_phone(address.clone(), Arc::clone(&somebody));
        let told = |check| tell(Update::Check(check));
        let (reached, made) = if may {
            let mut keeper = self.keeper.lock().await;
            let Some(keeper) = keeper.as_mut() else { return Prepared::default() };
            let before = keeper.made().to_vec();
            let reached = reach(keeper, self.system, phone, true, answers, told).await;
            let made = keeper.made().iter().filter(|change| !before.contains(change));
            (reached, made.cloned().collect())
        } else {
            // Nobody waits for another phone where nothing is changed.
            let mut nothing = Keeper::new(self.system, None);
            (reach(&mut nothing, self.system, phone, false, answers, told).await, Vec::new())
        };
        let Reached::Not { offer, astray } = reached else { return Prepared { made, unreached: None } };
        if let Some(change) = offer {
            tell(Update::Repairs(vec![offered(self.system, &change)]));
        }
        let is_lost = astray && !somebody.load(Ordering::Relaxed);
        Prepared { made, unreached: is_lost.then(|| text::pc::not_reached(phone)) }
    }

    fn keep_mending(&self) -> Mending {
        let keeper = Arc::clone(&self.keeper);
        let task = tokio::spawn(async move {
            loop {
                tokio::time::sleep(MEND_LOOK).await;
                let keeper = Arc::clone(&keeper).lock_owned().await;
                let mend = move || keeper.as_ref().map(Keeper::mend).unwrap_or_default();
                for again in tokio::task::spawn_blocking(mend).await.unwrap_or_default() {
                    tracing::warn!("{again} was gone, and is there again");
                }
            }
        });
        Mending(task.abort_handle())
    }

    /// What only the person can do after this outcome.
    async fn by_hand_after(&self, outcome: &Outcome) -> Option<RepairView> {
        let Outcome::Failed(failure) = outcome else { return None };
        if failure.code != FailureCode::PcPortForbidden {
            return None;
        }
        let (system, program) = (self.system, std::env::current_exe().ok()?);
        let right = tokio::task::spawn_blocking(move || system.port_right(&program)).await.ok()??;
        Some(RepairView { what: Repair::OpenPorts, by_hand: vec![right] })
    }
}

/// Whether a phone answers there; whether anybody does is noted.
async fn is_a_phone(address: PhoneAddress, somebody: Arc<AtomicBool>) -> bool {
    let seen = PhoneClient::at(address).await.look().await;
    if matches!(&seen, Ok(_) | Err(ExchangeError::Refused(_) | ExchangeError::NoAnswer(_))) {
        somebody.store(true, Ordering::Relaxed);
    }
    seen.is_ok_and(|seen| !matches!(seen.answer, Answer::Stranger { .. }))
}

/// Ends the mending when it is dropped.
struct Mending(AbortHandle);

impl Drop for Mending {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// A change as it is offered to the person.
pub fn offered(system: &dyn System, change: &Change) -> RepairView {
    let what = match change {
        Change::Address(HostAddress { interface, ours, .. }) => {
            Repair::Address { ours: ours.to_string(), interface: interface.clone() }
        }
    };
    RepairView { what, by_hand: by_hand(system, change) }
}

/// What is left to do by hand, as a finding.
pub fn left(trouble: &Trouble) -> Check {
    let seen = text::pc::still_there(&trouble.change, &trouble.said);
    Check::new(CheckName::Route, CheckResult::Warn, seen).with_next(text::pc::by_hand(&trouble.by_hand))
}

/// The last one first. The journal goes with the last change of all.
fn take_back(keeper: &mut Keeper, made: &[Change]) -> Vec<Trouble> {
    let troubles = made.iter().rev().filter_map(|change| keeper.unmake(change).err()).collect();
    if keeper.made().is_empty() {
        keeper.take_back();
    }
    troubles
}
