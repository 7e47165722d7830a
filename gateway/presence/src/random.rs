//! Numbers that spread things out. Not for secrets.

use ring::rand::{SecureRandom, SystemRandom};

/// A `SplitMix64` sequence.
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    /// A sequence that nobody foresees.
    pub(crate) fn from_system() -> Self {
        let mut seed = [0; 8];
        // Without random numbers the sequence is the same after each start, and still spreads.
        let _ = SystemRandom::new().fill(&mut seed);
        Self(u64::from_le_bytes(seed))
    }

    #[cfg(test)]
    pub(crate) fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
