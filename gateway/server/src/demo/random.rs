//! Chance that can be repeated.

use ring::rand::{SecureRandom, SystemRandom};

use crate::failure::Failure;

/// `SplitMix64`: one number from the last, good enough to play with.
#[derive(Debug, Clone)]
pub(super) struct Random(u64);

impl Random {
    /// The chance that begins with `seed`.
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Chance that cannot be repeated.
    pub(super) fn from_system() -> Result<Self, Failure> {
        let mut bytes = [0; 8];
        let filled = SystemRandom::new().fill(&mut bytes);
        filled.map_err(|_| Failure::said("the system gives no random numbers"))?;
        Ok(Self(u64::from_le_bytes(bytes)))
    }

    /// A number below `end`; 0 when `end` is 0.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)).checked_rem(end).unwrap_or(0)
    }

    /// A word of `length` letters.
    pub(super) fn word(&mut self, length: usize) -> String {
        let letters = b"abcdefghijkmnopqrstuvwxyz23456789";
        let mut letter = || usize::try_from(self.below(letters.len() as u64)).ok().and_then(|at| letters.get(at));
        (0..length).filter_map(|_| letter().copied()).map(char::from).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_is_the_same_chance() {
        let draw = |seed| {
            let mut random = Random::new(seed);
            (0..50).map(|_| random.below(6)).collect::<Vec<_>>()
        };

        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
        assert!((0..6).all(|number| draw(7).contains(&number)));
        assert_eq!(Random::new(1).word(20).len(), 20);
    }
}
