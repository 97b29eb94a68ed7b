//! How often something may happen: some at once, then at a slow pace (a token bucket).

use super::Moment;

/// Filled up with the time, emptied by what happens.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bucket {
    most: u32,
    per_second: u32,
    left: u32,
    filled: Moment,
}

impl Bucket {
    pub(super) fn full(most: u32, per_second: u32, now: Moment) -> Self {
        Self { most, per_second, left: most, filled: now }
    }

    /// Takes one, if there is one left.
    pub(super) fn take(&mut self, now: Moment) -> bool {
        let seconds = now.saturating_sub(self.filled).as_secs();
        if seconds > 0 {
            let more = self.per_second.saturating_mul(u32::try_from(seconds).unwrap_or(u32::MAX));
            self.left = self.left.saturating_add(more).min(self.most);
            self.filled = now;
        }
        let left = self.left.checked_sub(1);
        self.left = left.unwrap_or(0);
        left.is_some()
    }
}
