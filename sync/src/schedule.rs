//! When a source is due, by its schedule in local time.
//!
//! The ticker only asks what is due now: it holds no time of its own, so a clock that jumps, a
//! machine that slept and a change to summer time need no special case. A run that was missed
//! while the gateway was down starts once, if it was missed by less than a day.

use std::time::Duration;

use croner::Cron;
use directory_model::schedule;
use directory_model::timestamp::Timestamp;
use jiff::tz::TimeZone;

/// A run missed by more than this is left to the next time.
const MAKE_UP_WITHIN: Duration = Duration::from_hours(24);

/// The schedule cannot be followed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadSchedule {
    /// The pattern is not five cron fields.
    #[error("`{0}` is not a schedule of five fields such as `30 1 * * *`")]
    Pattern(String),
    /// There is no such time zone.
    #[error("`{0}` is not an IANA time zone such as Europe/Berlin")]
    TimeZone(String),
}

/// Times of day in a time zone.
#[derive(Debug, Clone)]
pub struct Schedule {
    cron: Cron,
    zone: TimeZone,
}

impl Schedule {
    /// Reads a pattern of five cron fields, to be followed in `time_zone`.
    pub fn new(pattern: &str, time_zone: &str) -> Result<Self, BadSchedule> {
        let cron = schedule::pattern(pattern).ok_or_else(|| BadSchedule::Pattern(pattern.to_owned()))?;
        let zone = TimeZone::get(time_zone).map_err(|_| BadSchedule::TimeZone(time_zone.to_owned()))?;
        Ok(Self { cron, zone })
    }

    /// The first time after `moment`. A local time that a change of the clock skips counts at the
    /// end of the gap, one that comes twice only the first time.
    pub fn next_after(&self, moment: Timestamp) -> Option<Timestamp> {
        let local = moment.to_jiff().to_zoned(self.zone.clone());
        self.cron.find_next_occurrence(&local, false).ok().map(|next| next.timestamp().into())
    }

    /// Whether a run should start at `now` when the last one started, or the source was made, at
    /// `since`.
    pub fn is_due(&self, since: Timestamp, now: Timestamp) -> bool {
        let since = since.max(now.minus(MAKE_UP_WITHIN));
        self.next_after(since).is_some_and(|next| next <= now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect(text)
    }

    fn nightly() -> Schedule {
        Schedule::new("30 1 * * *", "Europe/London").expect("valid")
    }

    /// Every start between two moments, when somebody asks each minute.
    fn starts(schedule: &Schedule, from: &str, until: &str) -> Vec<Timestamp> {
        let (mut last, mut now, mut starts) = (at(from), at(from), Vec::new());
        while now < at(until) {
            if schedule.is_due(last, now) {
                starts.push(now);
                last = now;
            }
            now = now.plus(Duration::from_mins(1));
        }
        starts
    }

    #[test]
    fn half_past_one_skipped_in_spring_runs_at_two() {
        let starts = starts(&nightly(), "2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z");

        // 2026-03-29: 01:00 GMT is followed by 02:00 BST, which is 01:00 UTC.
        assert_eq!(starts, [at("2026-03-29T01:00:00Z"), at("2026-03-30T00:30:00Z")]);
    }

    #[test]
    fn half_past_one_that_comes_twice_in_autumn_runs_once() {
        let starts = starts(&nightly(), "2026-10-24T12:00:00Z", "2026-10-26T12:00:00Z");

        assert_eq!(starts, [at("2026-10-25T00:30:00Z"), at("2026-10-26T01:30:00Z")]);
    }

    #[test]
    fn a_missed_run_is_made_up_once_within_a_day() {
        for (since, now, is_due) in [
            ("2026-06-01T00:30:00Z", "2026-06-02T00:29:59Z", false),
            ("2026-06-01T00:30:00Z", "2026-06-02T00:30:00Z", true),
            ("2026-06-01T00:30:00Z", "2026-06-02T23:00:00Z", true),
            // Down for a week: the latest missed time is always less than a day ago.
            ("2026-06-01T00:30:00Z", "2026-06-08T10:00:00Z", true),
            // Started by hand since.
            ("2026-06-08T09:00:00Z", "2026-06-08T10:00:00Z", false),
        ] {
            assert_eq!(nightly().is_due(at(since), at(now)), is_due, "{since} {now}");
        }
        let weekly = Schedule::new("30 1 * * 1", "UTC").expect("valid");
        assert!(weekly.is_due(at("2026-05-25T01:30:00Z"), at("2026-06-02T01:00:00Z")));
        assert!(!weekly.is_due(at("2026-05-25T01:30:00Z"), at("2026-06-02T01:31:00Z")), "missed by more than a day");
    }

    #[test]
    fn a_bad_pattern_or_zone_is_named() {
        assert_eq!(Schedule::new("often", "UTC").err(), Some(BadSchedule::Pattern("often".into())));
        assert_eq!(Schedule::new("* * * * * *", "UTC").err(), Some(BadSchedule::Pattern("* * * * * *".into())));
        assert_eq!(Schedule::new("30 1 * * *", "Mars").err(), Some(BadSchedule::TimeZone("Mars".into())));
    }
}
