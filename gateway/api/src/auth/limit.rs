//! Token buckets in memory, one for each key, with a bound on how many are kept.
//!
//! When there is no room for another one, the bucket that holds least against its key makes room.
//! So nobody shares a bucket with strangers, whoever is new gets one, and to have a key forgotten
//! that is under attack, an attacker must spend as many attempts on each of all the others.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use directory_model::clock::Clock;
use directory_model::timestamp::Timestamp;

/// How many keys are told apart; a few megabytes.
const KEYS: usize = 20_000;

/// How many attempts are let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many at once.
    pub burst: u32,
    /// After how many seconds one more is let through.
    pub seconds_each: u32,
}

/// Lets attempts through at a rate.
pub(crate) struct Limiter<K> {
    rate: Rate,
    clock: Arc<dyn Clock>,
    buckets: Mutex<Moments<K>>,
}

impl<K: Copy + Ord + Hash> Limiter<K> {
    pub(crate) fn new(rate: Rate, clock: Arc<dyn Clock>) -> Self {
        Self { rate, clock, buckets: Mutex::new(Moments::default()) }
    }

    /// Counts an attempt of `key`, or says after how many seconds to come back.
    pub(crate) fn attempt(&self, key: K) -> Result<(), u64> {
        let now = self.clock.now();
        let each = Duration::from_secs(u64::from(self.rate.seconds_each));
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        buckets.forget_until(now);
        // When the bucket is full again.
        let full_at = buckets.of(key).unwrap_or(now).plus(each);
        let over = full_at.since(now).saturating_sub(each * self.rate.burst);
        if over.is_zero() {
            buckets.set(key, full_at);
            return Ok(());
        }
        Err(over.as_millis().div_ceil(1000).try_into().unwrap_or(u64::MAX))
    }

    /// Forgets the attempts of `key`.
    pub(crate) fn forgive(&self, key: K) {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }
}

/// Keys that are remembered for a while after they were last named, the latest first when there is
/// no room for all.
pub(crate) struct Familiar<K> {
    lasts: Duration,
    clock: Arc<dyn Clock>,
    until: Mutex<Moments<K>>,
}

impl<K: Copy + Ord + Hash> Familiar<K> {
    pub(crate) fn new(lasts: Duration, clock: Arc<dyn Clock>) -> Self {
        Self { lasts, clock, until: Mutex::new(Moments::default()) }
    }

    /// Remembers `key` from now on.
    pub(crate) fn remember(&self, key: K) {
        let until = self.clock.now().plus(self.lasts);
        self.until.lock().unwrap_or_else(PoisonError::into_inner).set(key, until);
    }

    /// Whether `key` is remembered.
    pub(crate) fn knows(&self, key: K) -> bool {
        let mut known = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        known.forget_until(self.clock.now());
        known.of(key).is_some()
    }
}

/// A moment for each key, at most [`KEYS`] of them: the earliest ones go first.
struct Moments<K> {
    by_key: HashMap<K, Timestamp>,
    by_moment: BTreeSet<(Timestamp, K)>,
}

impl<K> Default for Moments<K> {
    fn default() -> Self {
        Self { by_key: HashMap::new(), by_moment: BTreeSet::new() }
    }
}

impl<K: Copy + Ord + Hash> Moments<K> {
    fn of(&self, key: K) -> Option<Timestamp> {
        self.by_key.get(&key).copied()
    }

    fn set(&mut self, key: K, moment: Timestamp) {
        self.remove(key);
        if self.by_key.len() >= KEYS
            && let Some((_, earliest)) = self.by_moment.pop_first()
        {
            self.by_key.remove(&earliest);
        }
        self.by_key.insert(key, moment);
        self.by_moment.insert((moment, key));
    }

    fn remove(&mut self, key: K) {
        if let Some(moment) = self.by_key.remove(&key) {
            self.by_moment.remove(&(moment, key));
        }
    }

    /// Forgets the keys whose moments have come.
    fn forget_until(&mut self, now: Timestamp) {
        while let Some((moment, key)) = self.by_moment.first().copied()
            && moment <= now
        {
            self.by_moment.pop_first();
            self.by_key.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use directory_model::clock::ManualClock;

    use super::*;

    fn clock() -> ManualClock {
        ManualClock::new(Timestamp::from_millis(0))
    }

    fn limiter(clock: &ManualClock) -> Limiter<usize> {
        Limiter::new(Rate { burst: 3, seconds_each: 10 }, Arc::new(clock.clone()))
    }

    fn kept(limiter: &Limiter<usize>) -> (usize, usize) {
        let buckets = limiter.buckets.lock().expect("lock");
        (buckets.by_key.len(), buckets.by_moment.len())
    }

    #[test]
    fn a_burst_passes_and_then_one_at_a_time() {
        let clock = clock();
        let limiter = limiter(&clock);

        for _ in 0..3 {
            assert_eq!(limiter.attempt(1), Ok(()));
        }
        assert_eq!(limiter.attempt(1), Err(10));
        assert_eq!(limiter.attempt(2), Ok(()));
        clock.advance(Duration::from_secs(10));
        assert_eq!(limiter.attempt(1), Ok(()));
        assert_eq!(limiter.attempt(1), Err(10));
        limiter.forgive(1);
        assert_eq!(limiter.attempt(1), Ok(()));
    }

    #[test]
    fn memory_stays_bounded_and_a_newcomer_has_a_bucket_of_its_own() {
        let limiter = limiter(&clock());
        for key in 0..5 * KEYS {
            assert_eq!(limiter.attempt(key), Ok(()), "{key}");
        }

        assert_eq!(kept(&limiter), (KEYS, KEYS));
        for newcomer in [5 * KEYS, 5 * KEYS + 1] {
            assert!((0..3).all(|_| limiter.attempt(newcomer).is_ok()), "{newcomer}");
        }
    }

    #[test]
    fn a_flood_of_strangers_does_not_make_room_for_a_key_under_attack() {
        let limiter = limiter(&clock());
        for _ in 0..3 {
            assert_eq!(limiter.attempt(0), Ok(()));
        }
        for key in 1..5 * KEYS {
            let _ = limiter.attempt(key);
        }

        assert_eq!(limiter.attempt(0), Err(10));
    }

    #[test]
    fn buckets_that_are_full_again_are_not_kept() {
        let clock = clock();
        let limiter = limiter(&clock);
        for key in 0..100 {
            let _ = limiter.attempt(key);
        }

        clock.advance(Duration::from_secs(10));
        let _ = limiter.attempt(100);

        assert_eq!(kept(&limiter), (1, 1));
    }

    #[test]
    fn what_is_familiar_is_so_for_a_while() {
        let clock = clock();
        let familiar = Familiar::new(Duration::from_mins(1), Arc::new(clock.clone()));

        familiar.remember(1);
        clock.advance(Duration::from_secs(30));
        familiar.remember(2);
        clock.advance(Duration::from_secs(30));

        assert_eq!([familiar.knows(1), familiar.knows(2), familiar.knows(3)], [false, true, false]);
    }
}
