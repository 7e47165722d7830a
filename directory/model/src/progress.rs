//! How far a run has come while it goes on.

use serde::{Deserialize, Serialize};

use crate::run::Counts;
use crate::timestamp::Timestamp;

/// For how long a phase goes on before its rate is told: of less it says nothing.
const SETTLED_MS: u64 = 500;

/// What a run is busy with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// The source is read and compared.
    Reading,
    /// The plan is applied.
    Applying,
    /// Groups are read and followed.
    Groups,
    /// Photos are read and given.
    Photos,
}

/// A run at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What it is busy with.
    pub phase: Phase,
    /// How many entries had which fate so far.
    pub counts: Counts,
    /// How many entries or steps of the phase are done.
    pub done: u64,
    /// Of about how many, where that is known.
    pub expected: Option<u64>,
    /// When the phase began.
    pub since: Timestamp,
}

/// How fast a phase goes on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Pace {
    /// Entries or steps each second; absent while there is too little to tell it from.
    pub per_second: Option<u64>,
    /// How long the phase takes from now on, where that can be told.
    pub seconds_left: Option<u64>,
}

impl Progress {
    /// A run that begins.
    pub fn begun(counts: Counts, now: Timestamp) -> Self {
        Self { phase: Phase::Reading, counts, done: 0, expected: None, since: now }
    }

    /// How fast the phase has gone on until `now`.
    pub fn pace(&self, now: Timestamp) -> Pace {
        let elapsed_ms = now.millis().saturating_sub(self.since.millis());
        let Some(elapsed_ms) = u64::try_from(elapsed_ms).ok().filter(|ms| *ms >= SETTLED_MS && self.done > 0) else {
            return Pace::default();
        };
        let left = self.expected.and_then(|expected| expected.checked_sub(self.done));
        // More entries than expected say that nobody knows how many more there are.
        let left = left.filter(|left| *left > 0 || self.phase == Phase::Applying);
        let seconds_left = left.map(|left| u128::from(left) * u128::from(elapsed_ms) / u128::from(self.done) / 1000);
        Pace {
            per_second: Some(self.done.saturating_mul(1000) / elapsed_ms),
            seconds_left: seconds_left.and_then(|seconds| u64::try_from(seconds).ok()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pace_follows_from_what_is_done_and_expected() {
        let at = Timestamp::from_millis;
        let progress =
            |phase, done, expected| Progress { phase, counts: Counts::default(), done, expected, since: at(10_000) };
        let (reading, applying) = (Phase::Reading, Phase::Applying);
        for (progress, now, expected) in [
            (progress(reading, 0, Some(100)), 20_000, (None, None)),
            (progress(reading, 50, Some(100)), 10_100, (None, None)),
            (progress(reading, 50, Some(100)), 9_000, (None, None)),
            (progress(reading, 50, None), 20_000, (Some(5), None)),
            (progress(reading, 50, Some(100)), 20_000, (Some(5), Some(10))),
            (progress(reading, 100, Some(100)), 20_000, (Some(10), None)),
            (progress(reading, 120, Some(100)), 20_000, (Some(12), None)),
            (progress(applying, 100, Some(100)), 20_000, (Some(10), Some(0))),
            (progress(applying, 40_000, Some(100_000)), 18_000, (Some(5000), Some(12))),
            (progress(applying, u64::MAX, Some(u64::MAX)), 20_000, (Some(u64::MAX / 10_000), Some(0))),
        ] {
            let Pace { per_second, seconds_left } = progress.pace(at(now));
            assert_eq!((per_second, seconds_left), expected, "{progress:?} at {now}");
        }
    }
}
