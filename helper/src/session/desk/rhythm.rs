//! When the cables are searched for phones. Pure: what is seen and the time go in.
//!
//! A boot loader has other things to do than to answer us, and an office has other people. So
//! addresses are asked for when something has happened, a few times, and then no more:
//!
//! - **Something new on a cable**: its link came up, or this computer got an address on it. A
//!   phone with power has a link at once and its page about twenty seconds later (docs/cases.md,
//!   C22), so it is searched for at once, twice more in that time, and once behind it, then with
//!   every address that a phone may have given itself.
//! - **Somebody has gone**: behind a switch no link tells that the phone was unplugged.
//! - **The person wants it**: once, everything.
//!
//! In between nobody is asked: it is only listened, and the system's own table is read.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tokio::time::Instant;

use crate::pc::find::{Extent, is_direct};
use crate::pc::interface::Snapshot;
use crate::pc::subnet::Network;

/// Searches after something new, from then on.
const ARRIVED: [(Duration, Extent); 4] = [
    (Duration::ZERO, Extent::Near),
    (Duration::from_secs(10), Extent::Near),
    (Duration::from_secs(25), Extent::Near),
    (Duration::from_secs(45), Extent::Whole),
];
/// So many of them in vain, and a phone that was switched on when the link came up would have
/// shown itself.
const VAIN: usize = 3;
/// The search that the person wants.
const ASKED: [(Duration, Extent); 1] = [(Duration::ZERO, Extent::Whole)];
/// Addresses with more bits are for one peer alone, and we add such ourselves (RFC 3021).
const WIDEST_PEER: u8 = 31;

/// When it is searched.
#[derive(Debug, Default)]
pub(super) struct Rhythm {
    /// The direct links and our addresses on them, as they were seen last.
    links: BTreeMap<String, BTreeSet<Network>>,
    /// The searches that are under way.
    plan: Option<Plan>,
    /// How many there were: each has its number.
    plans: u64,
    shown: Vec<u8>,
    in_vain: bool,
}

#[derive(Debug)]
struct Plan {
    begun: Instant,
    steps: &'static [(Duration, Extent)],
    done: usize,
    /// Searches without which it is too early to say that there is nobody.
    enough: usize,
}

/// A search that is to begin.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Due {
    pub(super) extent: Extent,
    /// The numbers of the address that the person could read.
    pub(super) shown: Vec<u8>,
}

impl Rhythm {
    /// The computer as it is now.
    pub(super) fn saw(&mut self, snapshot: &Snapshot, now: Instant) {
        let direct = snapshot.interfaces.iter().filter(|link| is_direct(link) && link.link == Some(true));
        let links: BTreeMap<String, BTreeSet<Network>> = direct
            .map(|link| {
                let networks = link.addresses.iter().filter(|network| network.prefix < WIDEST_PEER);
                (link.name.clone(), networks.copied().collect())
            })
            .collect();
        let is_new = |(name, networks): (&String, &BTreeSet<Network>)| {
            self.links.get(name).is_none_or(|before| !networks.is_subset(before))
        };
        if links.iter().any(is_new) {
            self.begin(&ARRIVED, VAIN, now);
        } else if links.is_empty() {
            (self.plan, self.in_vain) = (None, false);
        }
        self.links = links;
    }

    /// The person wants it, and could read so much of the address.
    pub(super) fn asked(&mut self, shown: Vec<u8>, now: Instant) {
        self.shown = shown;
        self.begin(&ASKED, ASKED.len(), now);
    }

    /// Somebody who was there is gone.
    pub(super) fn lost(&mut self, now: Instant) {
        self.begin(&ARRIVED, VAIN, now);
    }

    /// A phone was found that needs no further search.
    pub(super) fn found(&mut self) {
        (self.plan, self.in_vain) = (None, false);
    }

    /// The search that is to begin now, if any. Those that were missed meanwhile are one.
    pub(super) fn due(&mut self, now: Instant) -> Option<Due> {
        let plan = self.plan.as_mut()?;
        let passed = plan.steps.iter().take_while(|(after, _)| plan.begun + *after <= now).count();
        let (_, extent) = *plan.steps[..passed].get(plan.done..)?.last()?;
        plan.done = passed;
        Some(Due { extent, shown: self.shown.clone() })
    }

    /// When the next one is due.
    pub(super) fn next(&self) -> Option<Instant> {
        let plan = self.plan.as_ref()?;
        plan.steps.get(plan.done).map(|(after, _)| plan.begun + *after)
    }

    /// The last search has ended.
    pub(super) fn ended(&mut self) {
        self.in_vain = self.plan.as_ref().is_some_and(|plan| plan.done >= plan.enough);
    }

    /// Whether it was searched long enough for a phone to have shown itself, and none has.
    pub(super) fn is_in_vain(&self) -> bool {
        self.in_vain
    }

    /// The number of the plan: another one, and what is under way belongs to an earlier one.
    pub(super) fn number(&self) -> u64 {
        self.plans
    }

    fn begin(&mut self, steps: &'static [(Duration, Extent)], enough: usize, now: Instant) {
        self.plans += 1;
        self.in_vain = false;
        self.plan = Some(Plan { begun: now, steps, done: 0, enough });
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use tokio::time::advance;

    use super::*;
    use crate::pc::interface::{Interface, Kind};

    fn cable(link: bool, address: Option<(u8, u8)>) -> Snapshot {
        let network = |(last, prefix)| Network::new(Ipv4Addr::new(192, 168, 1, last), prefix);
        let interface = Interface {
            kind: Kind::Cable,
            link: Some(link),
            addresses: address.map(network).into_iter().collect(),
            ..Interface::named("eth0")
        };
        Snapshot { interfaces: vec![interface], routes: Vec::new() }
    }

    /// What is begun within so long, second by second, each ended at once; and when.
    async fn within(rhythm: &mut Rhythm, seconds: u64) -> Vec<(u64, Extent)> {
        let mut begun = Vec::new();
        for second in 0..seconds {
            if let Some(due) = rhythm.due(Instant::now()) {
                begun.push((second, due.extent));
                rhythm.ended();
            }
            advance(Duration::from_secs(1)).await;
        }
        begun
    }

    const FOUR: [(u64, Extent); 4] =
        [(0, Extent::Near), (10, Extent::Near), (25, Extent::Near), (45, Extent::Whole)];

    #[tokio::test(start_paused = true)]
    async fn a_link_that_comes_up_is_searched_four_times_and_then_no_more() {
        let mut rhythm = Rhythm::default();
        rhythm.saw(&cable(false, None), Instant::now());
        assert_eq!(within(&mut rhythm, 60).await, []);
        rhythm.saw(&cable(true, None), Instant::now());
        assert_eq!(within(&mut rhythm, 3600).await, FOUR);
        assert!(rhythm.is_in_vain());
        rhythm.saw(&cable(true, None), Instant::now());
        assert_eq!(within(&mut rhythm, 3600).await, [], "nothing is new");
        rhythm.saw(&cable(false, None), Instant::now());
        assert!(!rhythm.is_in_vain(), "there is no cable to search");
        rhythm.saw(&cable(true, None), Instant::now());
        assert_eq!(within(&mut rhythm, 60).await, FOUR);
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_is_missed_before_a_phone_had_the_time_to_start() {
        let mut rhythm = Rhythm::default();
        rhythm.saw(&cable(true, None), Instant::now());
        within(&mut rhythm, 24).await;
        assert!(!rhythm.is_in_vain());
        within(&mut rhythm, 2).await;
        assert!(rhythm.is_in_vain());
    }

    #[tokio::test(start_paused = true)]
    async fn a_new_address_is_searched_and_one_for_a_phone_alone_is_not() {
        let mut rhythm = Rhythm::default();
        rhythm.saw(&cable(true, None), Instant::now());
        within(&mut rhythm, 60).await;
        rhythm.saw(&cable(true, Some((4, 32))), Instant::now());
        assert_eq!(within(&mut rhythm, 60).await, []);
        rhythm.saw(&cable(true, Some((4, 24))), Instant::now());
        assert_eq!(within(&mut rhythm, 60).await, FOUR);
    }

    #[tokio::test(start_paused = true)]
    async fn c12_what_the_person_types_is_searched_once_at_once_and_with_it() {
        let mut rhythm = Rhythm::default();
        rhythm.asked(vec![192, 168, 6], Instant::now());
        let due = rhythm.due(Instant::now());
        assert_eq!(due, Some(Due { extent: Extent::Whole, shown: vec![192, 168, 6] }));
        rhythm.ended();
        assert!(rhythm.is_in_vain());
        assert_eq!(within(&mut rhythm, 3600).await, []);
    }

    #[tokio::test(start_paused = true)]
    async fn a_phone_that_is_found_ends_it_and_one_that_goes_begins_it_again() {
        let mut rhythm = Rhythm::default();
        rhythm.saw(&cable(true, None), Instant::now());
        assert_eq!(within(&mut rhythm, 12).await, FOUR[..2]);
        rhythm.found();
        assert_eq!((within(&mut rhythm, 3600).await, rhythm.next()), (vec![], None));
        let before = rhythm.number();
        rhythm.lost(Instant::now());
        assert_ne!(rhythm.number(), before, "what is under way is of an earlier plan");
        assert_eq!(within(&mut rhythm, 60).await, FOUR);
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_missed_while_a_phone_was_at_work_is_made_up_for_by_one_search() {
        let mut rhythm = Rhythm::default();
        rhythm.saw(&cable(true, None), Instant::now());
        advance(Duration::from_secs(600)).await;
        assert_eq!(within(&mut rhythm, 60).await, [(0, Extent::Whole)]);
    }

    #[test]
    fn a_cable_with_a_router_behind_it_is_not_searched() {
        let mut rhythm = Rhythm::default();
        let mut office = cable(true, Some((4, 24)));
        office.interfaces[0].gateway = Some(Ipv4Addr::new(192, 168, 1, 1));
        rhythm.saw(&office, Instant::now());
        assert_eq!(rhythm.next(), None);
    }
}
