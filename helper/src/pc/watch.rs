//! Looks at this computer's network while a phone is recovered, makes again what we have made
//! and what went by itself, and tells what happens: the rim of [`changes`](super::changes).
//!
//! A cable that is replugged and programs that manage the network (NetworkManager, dhclient)
//! take addresses away, also ours.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use shared::check::{Check, CheckName, CheckResult};
use shared::text::pc as words;

use super::System;
use super::changes::{Moment, between};
use super::keeper::{Keeper, Mended};
use super::reach::source_for;

/// How often it is looked: a person who pulls a cable is told while they still have it in their
/// hand.
const LOOK: Duration = Duration::from_secs(1);
/// One part in so many of the time may go into looking. A look takes milliseconds on Linux, and
/// a second and more where PowerShell is asked; between such looks it is asked every
/// [`LOOK`] whether an address has changed, which costs little everywhere.
const SHARE: u32 = 10;
/// So often it is told that something was taken away and made again. Who takes it away again and
/// again is told then, and the rest goes to the log.
const MOST_TOLD: u32 = 3;

/// What one look has found.
struct Seen {
    moment: Moment,
    ours: Vec<Ipv4Addr>,
    mended: Mended,
}

/// What was told before.
#[derive(Default)]
struct Told {
    before: Option<Moment>,
    /// How often each change was made again.
    again: HashMap<String, u32>,
    /// What could not be made again, the last time.
    missing: Vec<String>,
}

/// Watches until it is dropped. `tell` hears each sentence.
pub async fn watch(
    system: &'static dyn System,
    keeper: Arc<Mutex<Keeper>>,
    phone: Ipv4Addr,
    mut tell: impl FnMut(Check),
) -> Infallible {
    let mut told = Told::default();
    let mut glanced = None;
    let mut due = Instant::now();
    loop {
        let glance = glance();
        if due <= Instant::now() || glance != glanced {
            glanced = glance;
            let began = Instant::now();
            let keeper = Arc::clone(&keeper);
            let look = tokio::task::spawn_blocking(move || look(system, &keeper, phone));
            if let Ok(Some(seen)) = look.await {
                told.news(seen, phone).into_iter().for_each(&mut tell);
            }
            due = Instant::now() + began.elapsed() * SHARE;
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// The addresses as the system lists them.
fn glance() -> Option<Vec<if_addrs::Interface>> {
    if_addrs::get_if_addrs().ok()
}

fn look(system: &'static dyn System, keeper: &Mutex<Keeper>, phone: Ipv4Addr) -> Option<Seen> {
    let mut snapshot = system.snapshot().ok()?;
    let keeper = keeper.lock().unwrap_or_else(PoisonError::into_inner);
    let mended = keeper.mend(&snapshot);
    if !mended.again.is_empty() {
        snapshot = system.snapshot().ok()?;
    }
    let ours = keeper.made().iter().filter_map(|change| change.address()).collect();
    Some(Seen { moment: Moment::new(snapshot, source_for(phone), phone), ours, mended })
}

impl Told {
    /// What is to be told now.
    fn news(&mut self, seen: Seen, phone: Ipv4Addr) -> Vec<Check> {
        let Seen { moment, ours, mended } = seen;
        let mut news = Vec::new();
        for change in mended.again {
            let times = self.again.entry(change.clone()).or_default();
            *times += 1;
            let check = Check::new(CheckName::Route, CheckResult::Warn, words::again(&change));
            match *times {
                ..MOST_TOLD => news.push(check),
                MOST_TOLD => news.push(check.with_next(words::AGAIN_NEXT)),
                _ => tracing::warn!(%change, "was taken away once more, and made again"),
            }
        }
        let missing: Vec<String> = mended.missing.iter().map(|trouble| trouble.change.clone()).collect();
        for trouble in mended.missing {
            if !self.missing.contains(&trouble.change) {
                let seen = words::missing(&trouble.change, &trouble.said);
                let check = Check::new(CheckName::Route, CheckResult::Warn, seen);
                news.push(check.with_next(words::by_hand(&trouble.by_hand)));
            }
        }
        self.missing = missing;
        if let Some(before) = &self.before {
            news.extend(between(before, &moment, phone, &ours).iter().map(|happened| happened.check()));
        }
        self.before = Some(moment);
        news
    }
}

#[cfg(test)]
mod tests {
    use super::super::interface::Snapshot;
    use super::super::keeper::Trouble;
    use super::super::way::Way;
    use super::*;

    const PHONE: Ipv4Addr = Ipv4Addr::new(192, 168, 1, 5);

    fn seen(again: &[&str], missing: &[&str], way: Way) -> Seen {
        let trouble = |change: &&str| Trouble {
            change: (*change).to_owned(),
            said: "no such device".into(),
            by_hand: vec!["sudo ip".into()],
        };
        let mended = Mended {
            again: again.iter().map(|change| (*change).to_owned()).collect(),
            missing: missing.iter().map(trouble).collect(),
        };
        Seen { moment: Moment { snapshot: Snapshot::default(), way }, ours: Vec::new(), mended }
    }

    #[test]
    fn what_is_taken_away_again_and_again_is_told_three_times_the_last_with_who_does_it() {
        let mut told = Told::default();
        let mut news = || told.news(seen(&["the address"], &[], Way::Nowhere), PHONE);
        let first: Vec<Check> = std::iter::repeat_with(&mut news).take(3).flatten().collect();
        let nexts: Vec<bool> = first.iter().map(|check| check.next.is_some()).collect();
        assert_eq!(nexts, [false, false, true], "{first:?}");
        assert!(first.iter().all(|check| check.detail.contains("the address")), "{first:?}");
        assert_eq!(news(), []);
    }

    #[test]
    fn what_cannot_be_made_again_is_told_once_until_it_is_there() {
        let mut told = Told::default();
        let mut news = |missing: &[&str]| told.news(seen(&[], missing, Way::Nowhere), PHONE);
        let first = news(&["the address"]);
        assert_eq!(first.len(), 1);
        assert!(first[0].next.as_deref().is_some_and(|next| next.contains("sudo ip")), "{first:?}");
        assert_eq!(news(&["the address"]), []);
        assert_eq!(news(&[]), []);
        assert_eq!(news(&["the address"]).len(), 1);
    }

    #[test]
    fn the_first_look_tells_nothing_and_the_next_what_has_changed() {
        let mut told = Told::default();
        let onlink = Way::OnLink { interface: "eth0".into(), ours: Ipv4Addr::new(192, 168, 1, 4) };
        assert_eq!(told.news(seen(&[], &[], onlink.clone()), PHONE), []);
        let turned = told.news(seen(&[], &[], Way::Nowhere), PHONE);
        assert_eq!((turned.len(), turned[0].result), (1, CheckResult::Warn), "{turned:?}");
        let back = told.news(seen(&[], &[], onlink), PHONE);
        assert_eq!((back.len(), back[0].result), (1, CheckResult::Pass), "{back:?}");
    }
}
