//! Chance that can be repeated: packet loss, tokens and the practice file follow from a seed.

/// Marsaglia's xorshift with 64 bits of state: even, quick, the same everywhere.
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    /// Zero would stay zero.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// True in `share` of 1000 cases.
    pub(crate) fn chance(&mut self, share: u16) -> bool {
        // The high bits are the better ones.
        (self.next() >> 32) % 1000 < u64::from(share)
    }
}
