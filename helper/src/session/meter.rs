//! How fast the phone reads, and how long it will still take.

use std::collections::VecDeque;
use std::time::Duration;

/// The rate is that of the last seconds: a phone that stops to write its flash shows it.
const WINDOW: Duration = Duration::from_secs(3);
/// With less than this between first and last sample, a rate would be a guess.
const SHORTEST: Duration = Duration::from_millis(500);

/// A meter of one transfer.
#[derive(Debug, Default)]
pub struct Meter {
    samples: VecDeque<(Duration, u64)>,
}

impl Meter {
    /// Takes the bytes that are acknowledged now.
    pub fn record(&mut self, now: Duration, bytes: u64) {
        self.samples.push_back((now, bytes));
        while self.samples.len() > 2 && self.samples.front().is_some_and(|(at, _)| *at + WINDOW < now) {
            self.samples.pop_front();
        }
    }

    /// Bytes a second, once it is known.
    pub fn bytes_per_second(&self) -> Option<u64> {
        let (first, last) = (self.samples.front()?, self.samples.back()?);
        let (time, bytes) = (last.0.checked_sub(first.0)?, last.1.checked_sub(first.1)?);
        (time >= SHORTEST).then(|| (bytes as f64 / time.as_secs_f64()) as u64)
    }

    /// Seconds left for the rest, rounded up, once the rate is known and not zero.
    pub fn seconds_left(&self, total: u64) -> Option<u64> {
        let rate = self.bytes_per_second().filter(|rate| *rate > 0)?;
        let (_, bytes) = self.samples.back()?;
        Some(total.saturating_sub(*bytes).div_ceil(rate))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_unknown_at_first_and_that_of_the_last_seconds_later() {
        let mut meter = Meter::default();
        meter.record(Duration::ZERO, 0);
        meter.record(Duration::from_millis(100), 1_000_000);
        assert_eq!(meter.bytes_per_second(), None);
        for second in 1..=10 {
            meter.record(Duration::from_secs(second), 1_000_000 + second * 1000);
        }
        assert_eq!(meter.bytes_per_second(), Some(1000));
        assert_eq!(meter.seconds_left(1_012_500), Some(3));
    }

    #[test]
    fn a_phone_that_stands_still_has_no_time_left_to_tell() {
        let mut meter = Meter::default();
        meter.record(Duration::ZERO, 512);
        meter.record(Duration::from_secs(2), 512);
        assert_eq!(meter.bytes_per_second(), Some(0));
        assert_eq!(meter.seconds_left(1024), None);
    }

    #[test]
    fn a_transfer_that_starts_over_never_has_a_negative_rate() {
        let mut meter = Meter::default();
        meter.record(Duration::ZERO, 5000);
        meter.record(Duration::from_secs(1), 0);
        assert_eq!(meter.bytes_per_second(), None);
    }
}
