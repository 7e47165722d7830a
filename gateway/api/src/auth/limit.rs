//! Token buckets in memory, one for each key, with a bound on how many are kept.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use directory_model::clock::Clock;
use directory_model::timestamp::Timestamp;

/// How many keys are told apart. Beyond them strangers share one bucket: memory stays bounded and
/// nobody who is already known is shut out.
const KEYS: usize = 20_000;

/// How many attempts are let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many at once.
    pub burst: u32,
    /// After how many seconds one more is let through.
    pub seconds_each: u32,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    /// When the bucket is full again.
    full_at: Timestamp,
}

/// Lets attempts through at a rate.
pub(crate) struct Limiter<K> {
    rate: Rate,
    clock: Arc<dyn Clock>,
    buckets: Mutex<Buckets<K>>,
}

struct Buckets<K> {
    of: HashMap<Option<K>, Bucket>,
    /// Until then it is not worth looking for buckets that are full again.
    swept_until: Timestamp,
}

impl<K: Hash + Eq> Limiter<K> {
    pub(crate) fn new(rate: Rate, clock: Arc<dyn Clock>) -> Self {
        let buckets = Buckets { of: HashMap::new(), swept_until: clock.now() };
        Self { rate, clock, buckets: Mutex::new(buckets) }
    }

    /// Counts an attempt of `key`, or says after how many seconds to come back.
    pub(crate) fn attempt(&self, key: K) -> Result<(), u64> {
        let now = self.clock.now();
        let each = std::time::Duration::from_secs(u64::from(self.rate.seconds_each));
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let key = Some(key);
        let is_new = !buckets.of.contains_key(&key);
        if is_new && buckets.of.len() >= KEYS && now >= buckets.swept_until {
            buckets.of.retain(|_, bucket| bucket.full_at > now);
            buckets.swept_until = now.plus(each);
        }
        let key = if is_new && buckets.of.len() >= KEYS { None } else { key };
        let bucket = buckets.of.entry(key).or_insert(Bucket { full_at: now });
        let full_at = bucket.full_at.max(now).plus(each);
        let over = full_at.since(now).saturating_sub(each * self.rate.burst);
        if over.is_zero() {
            bucket.full_at = full_at;
            return Ok(());
        }
        Err(over.as_millis().div_ceil(1000).try_into().unwrap_or(u64::MAX))
    }

    /// Forgets the attempts of `key`.
    pub(crate) fn forgive(&self, key: K) {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner).of.remove(&Some(key));
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use directory_model::clock::ManualClock;

    use super::*;

    fn limiter(clock: &ManualClock) -> Limiter<u32> {
        Limiter::new(Rate { burst: 3, seconds_each: 10 }, Arc::new(clock.clone()))
    }

    #[test]
    fn a_burst_passes_and_then_one_at_a_time() {
        let clock = ManualClock::new(Timestamp::from_millis(0));
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
    fn memory_stays_bounded_and_those_known_stay_apart() {
        let limiter = limiter(&ManualClock::new(Timestamp::from_millis(0)));
        for key in 0..100_000 {
            let _ = limiter.attempt(key);
        }

        assert_eq!(limiter.attempt(0), Ok(()));
        assert!(limiter.attempt(100_001).is_err());
        assert!(limiter.buckets.lock().expect("lock").of.len() <= KEYS + 1);
    }
}
