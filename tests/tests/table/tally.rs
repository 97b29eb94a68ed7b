//! What the table says while it runs and at its end.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::expectation::Expected;
use crate::play::Played;
use crate::say;

/// Between two signs of life.
const SIGN_OF_LIFE: Duration = Duration::from_secs(5);
/// How many of those that took the most rungs are named.
const WORST: usize = 12;

/// All that was played.
#[derive(Debug)]
pub(crate) struct Tally {
    of: usize,
    played: Vec<Played>,
    started: Instant,
    told: Instant,
}

impl Tally {
    pub(crate) fn of(combinations: usize) -> Self {
        say(&format!("table: {combinations} phones"));
        Self { of: combinations, played: Vec::new(), started: Instant::now(), told: Instant::now() }
    }

    pub(crate) fn add(&mut self, played: Played) {
        if !played.is_as_expected() {
            say(&format!("table: NOT AS IT MUST: {}: {:?}", played.name, played.end));
        }
        self.played.push(played);
        if self.told.elapsed() >= SIGN_OF_LIFE {
            self.told = Instant::now();
            let seconds = self.started.elapsed().as_secs();
            let (done, of, wrong) = (self.played.len(), self.of, self.unexpected().len());
            say(&format!("table: {done} of {of} phones after {seconds} s, {wrong} not as they must"));
        }
    }

    /// Those that did not end as they must.
    pub(crate) fn unexpected(&self) -> Vec<&Played> {
        self.played.iter().filter(|played| !played.is_as_expected()).collect()
    }

    /// The whole of it.
    pub(crate) fn tell(&self) {
        let count = |is: fn(&Played) -> bool| self.played.iter().filter(|played| is(played)).count();
        let recovered = count(Played::is_recovered);
        let hopeful = count(|played| played.expected == Expected::Verified);
        say(&format!(
            "\ntable: {recovered} of {} phones recovered; {hopeful} can be. {} s",
            self.played.len(),
            self.started.elapsed().as_secs()
        ));
        self.tell_rungs();
        self.tell_ends();
        let slowest = self.played.iter().max_by_key(|played| played.took);
        if let Some(slowest) = slowest {
            say(&format!("slowest: {} with {} s", slowest.name, slowest.took.as_secs()));
        }
        let mut unexpected = self.unexpected();
        unexpected.sort_by(|one, two| one.name.cmp(&two.name));
        for played in unexpected {
            say(&format!("NOT AS IT MUST: {}", played.story()));
        }
    }

    fn tell_rungs(&self) {
        let mut recovered: Vec<&Played> = self.played.iter().filter(|played| played.is_recovered()).collect();
        let mut histogram: BTreeMap<usize, usize> = BTreeMap::new();
        for played in &recovered {
            *histogram.entry(played.rungs.len()).or_default() += 1;
        }
        for (rungs, phones) in histogram {
            say(&format!("rungs {rungs:2}: {phones} phones"));
        }
        recovered.sort_by_key(|played| std::cmp::Reverse(played.rungs.len()));
        for played in recovered.iter().take(WORST) {
            say(&format!("most rungs: {:2} {}: {}", played.rungs.len(), played.name, played.rungs.join(" ")));
        }
    }

    fn tell_ends(&self) {
        let mut ends: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for played in self.played.iter().filter(|played| !played.is_recovered()) {
            let end = match &played.end {
                Some((exit, code)) => format!("exit {exit} {}", code.as_deref().unwrap_or("-")),
                None => "did not end".to_owned(),
            };
            ends.entry(end).or_default().push(&played.name);
        }
        for (end, mut names) in ends {
            names.sort_unstable();
            say(&format!("{end}: {} phones: {}", names.len(), names.join(", ")));
        }
    }
}
