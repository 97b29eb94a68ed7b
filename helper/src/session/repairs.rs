//! A recovery with what it needs of this computer: the phone is made reachable before it begins,
//! kept so while it runs, and what was changed is taken back when it ends (cases C09 to C11).
//!
//! The terminal and the page both recover through here, so they cannot do it differently. All
//! recoveries of a run share one keeper with one journal. Phones are made reachable one after
//! the other, so that no two of them get the same address of ours; each takes back what was made
//! for it alone, before the same phone can be tried again.

use std::convert::Infallible;
use std::future::Future;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, MutexGuard, PoisonError};

use shared::address::PhoneAddress;
use shared::check::{Check, CheckName, CheckResult};
use shared::failure::FailureCode;
use shared::protocol::{Outcome, Repair, RepairView};
use shared::text;
use tokio::sync::Mutex;

use super::event::Update;
use super::runner::{Recovery, run_behind};
use crate::pc::change::{Change, HostAddress, NetworkAddress};
use crate::pc::keeper::{Keeper, Trouble};
use crate::pc::reach::{Reached, by_hand, reach};
use crate::pc::wall::gate::Gate;
use crate::pc::watch::watch;
use crate::pc::{System, v4};
use crate::phone::answer::Answer;
use crate::phone::client::PhoneClient;
use crate::phone::exchange::ExchangeError;

/// What is changed on this computer for the phones of this run. Cheap to clone: all clones share
/// one keeper.
#[derive(Debug, Clone)]
pub struct Repairs {
    system: &'static dyn System,
    keeper: Arc<std::sync::Mutex<Keeper>>,
    /// Whose turn it is to be made reachable, or to be left.
    turn: Arc<Mutex<()>>,
}

/// How a recovery ended, and what could not be taken back.
#[derive(Debug)]
pub struct Ended {
    /// How it ended.
    pub outcome: Outcome,
    /// What a person takes back by hand.
    pub troubles: Vec<Trouble>,
}

impl Repairs {
    /// Changes of this system, noted in this folder. Nothing is done before a phone needs it.
    pub fn new(system: &'static dyn System, folder: Option<PathBuf>) -> Self {
        Self::around(system, Keeper::new(system, folder))
    }

    /// The same with a keeper that has made something already: it is taken back with everything
    /// else.
    pub fn around(system: &'static dyn System, keeper: Keeper) -> Self {
        Self { system, keeper: Arc::new(std::sync::Mutex::new(keeper)), turn: Arc::default() }
    }

    /// Runs a recovery to its end. `may` says whether this computer may be changed for it,
    /// `cancel` ends it early, `tell` hears everything. What is changed is never left half-way,
    /// also when it is cancelled meanwhile.
    pub async fn run(
        &self,
        mut recovery: Recovery,
        may: bool,
        cancel: impl Future<Output = ()>,
        tell: impl FnMut(Update),
    ) -> Ended {
        // The recovery and the watch over the network tell, one after the other.
        let tell = std::sync::Mutex::new(tell);
        let tell = |update| (tell.lock().unwrap_or_else(PoisonError::into_inner))(update);
        let mut cancel = pin!(cancel);
        let mut is_cancelled = false;
        let address = recovery.address.clone();
        recovery.plan.unreached = {
            let mut preparing = pin!(self.prepare(&address, may, &tell));
            loop {
                tokio::select! {
                    unreached = &mut preparing => break unreached,
                    () = &mut cancel, if !is_cancelled => is_cancelled = true,
                }
            }
        };
        recovery.plan.open_wall = may;
        let cancelled = async {
            if !is_cancelled {
                cancel.await;
            }
        };
        // Held back until nobody can come between: whoever hears of the end may try again.
        let end = std::sync::Mutex::new(None);
        let hear = |update| match update {
            Update::Finished(outcome) => *end.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome),
            update => tell(update),
        };
        let gate = Gate::kept_by(self.system, Arc::clone(&self.keeper));
        let phone = PhoneClient::at(address).await.ip().and_then(v4);
        let outcome = tokio::select! {
            outcome = run_behind(gate, recovery, cancelled, hear) => outcome,
            never = self.watch(phone, tell) => match never {},
        };
        if let Some(repair) = self.offered_after(&outcome, may).await {
            tell(Update::Repairs(vec![repair]));
        }
        let end = end.into_inner().unwrap_or_else(PoisonError::into_inner).map(Update::Finished);
        let made = self.made_for(phone).await;
        if made.is_empty() {
            end.into_iter().for_each(tell);
            return Ended { outcome, troubles: Vec::new() };
        }
        // No other phone is made reachable meanwhile, and this one cannot be tried again before
        // what was made for it is gone.
        let _turn = self.turn.lock().await;
        end.into_iter().for_each(tell);
        let troubles = tokio::task::block_in_place(|| take_back(&mut self.keeper(), &made));
        Ended { outcome, troubles }
    }

    /// What was made for a phone. The keeper may be busy for long: while the system asks somebody
    /// whether another phone may be let in.
    async fn made_for(&self, phone: Option<Ipv4Addr>) -> Vec<Change> {
        let keeper = Arc::clone(&self.keeper);
        let made = tokio::task::spawn_blocking(move || {
            let keeper = keeper.lock().unwrap_or_else(PoisonError::into_inner);
            let is_for_it = |change: &&Change| phone.is_some() && change.phone() == phone;
            keeper.made().iter().filter(is_for_it).cloned().collect()
        });
        made.await.unwrap_or_default()
    }

    /// Takes back whatever is left, when the run ends. Nothing is changed from then on.
    pub async fn end(&self) -> Vec<Trouble> {
        let _turn = self.turn.lock().await;
        tokio::task::block_in_place(|| self.keeper().close())
    }

    /// Makes the phone reachable, where that is possible and allowed. Says why it need not be
    /// tried.
    async fn prepare(&self, address: &PhoneAddress, may: bool, tell: &impl Fn(Update)) -> Option<String> {
        // A name leads where it leads, and phones in recovery speak IPv4.
        let phone = address.ip().and_then(v4)?;
        let somebody = Arc::new(AtomicBool::new(false));
        let answers = || is_a_phone(address.clone(), Arc::clone(&somebody));
        let told = |check| tell(Update::Check(check));
        let reached = if may {
            let _turn = self.turn.lock().await;
            reach(&self.keeper, self.system, phone, true, answers, told).await
        } else {
            // Nobody waits for another phone where nothing is changed.
            let nothing = std::sync::Mutex::new(Keeper::new(self.system, None));
            reach(&nothing, self.system, phone, false, answers, told).await
        };
        let Reached::Not { offer, astray } = reached else { return None };
        if let Some(change) = offer {
            tell(Update::Repairs(vec![offered(self.system, &change)]));
        }
        let is_lost = astray && !somebody.load(Ordering::Relaxed);
        is_lost.then(|| text::pc::not_reached(phone))
    }

    /// Tells what happens to this computer's network meanwhile, and makes again what went by
    /// itself. A phone on this computer itself is simulated, and of one that is no IPv4 address
    /// nothing can be told.
    async fn watch(&self, phone: Option<Ipv4Addr>, tell: impl Fn(Update)) -> Infallible {
        match phone.filter(|phone| !phone.is_loopback()) {
            Some(phone) => {
                let keeper = Arc::clone(&self.keeper);
                watch(self.system, keeper, phone, |check| tell(Update::Check(check))).await
            }
            None => std::future::pending().await,
        }
    }

    /// A panic elsewhere leaves the keeper with what it has made.
    fn keeper(&self) -> MutexGuard<'_, Keeper> {
        self.keeper.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What would help after this outcome, and was not done.
    async fn offered_after(&self, outcome: &Outcome, may: bool) -> Option<RepairView> {
        let Outcome::Failed(failure) = outcome else { return None };
        match failure.code {
            FailureCode::PcPortForbidden => {
                let (system, program) = (self.system, std::env::current_exe().ok()?);
                let right = tokio::task::spawn_blocking(move || system.port_right(&program)).await.ok()??;
                Some(RepairView { what: Repair::OpenPorts, by_hand: vec![right] })
            }
            // The commands stand at the finding, with what they are against.
            FailureCode::PhoneKeptOut if !may => {
                Some(RepairView { what: Repair::Firewall, by_hand: Vec::new() })
            }
            _ => None,
        }
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

/// A change as it is offered to the person.
pub fn offered(system: &dyn System, change: &Change) -> RepairView {
    let what = match change {
        Change::Address(HostAddress { interface, ours, .. }) => {
            Repair::Address { ours: ours.to_string(), interface: interface.clone() }
        }
        Change::Network(NetworkAddress { interface, ours, .. }) => {
            Repair::Address { ours: ours.to_string(), interface: interface.clone() }
        }
        Change::Rule(_) => Repair::Firewall,
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
