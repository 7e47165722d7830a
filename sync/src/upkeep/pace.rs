//! At what pace requests are sent: evenly, whatever is due at once (the generic cell rate algorithm, with
//! a quarter of a second of slack, because nobody who sends is woken for each request).

use std::time::Duration;

use directory_model::timestamp::Timestamp;

/// So much may be sent ahead of its time.
const SLACK_MICROS: i64 = 250_000;

/// The pace of one kind of request.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pace {
    /// When the next one would be sent if all were sent evenly, in microseconds since the epoch.
    next_micros: i64,
}

impl Pace {
    /// Whether one may be sent now.
    pub fn is_free(&self, now: Timestamp) -> bool {
        self.next_micros - micros(now) <= SLACK_MICROS
    }

    /// When one may be sent; in the past when now.
    pub fn free_at(&self) -> Timestamp {
        // Up to the next whole millisecond, or whoever waits is woken just too early.
        Timestamp::from_millis((self.next_micros - SLACK_MICROS).div_euclid(1000) + 1)
    }

    /// One is sent now, at `per_second` on average.
    pub fn take(&mut self, now: Timestamp, per_second: f64) {
        let between = Duration::from_secs_f64(1.0 / per_second.clamp(0.001, 1e6));
        let between = i64::try_from(between.as_micros()).unwrap_or(i64::MAX / 4);
        self.next_micros = self.next_micros.max(micros(now)).saturating_add(between);
    }

    /// The clock has stepped back: what was sent is forgotten.
    pub fn forget(&mut self) {
        self.next_micros = 0;
    }
}

fn micros(at: Timestamp) -> i64 {
    at.millis().saturating_mul(1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_no_second_is_more_sent_than_a_quarter_above_the_pace() {
        let mut pace = Pace::default();
        let mut sent = Vec::new();
        for millis in 0..10_000 {
            let now = Timestamp::from_millis(1_795_339_800_000 + millis);
            while pace.is_free(now) {
                pace.take(now, 40.0);
                sent.push(millis);
            }
        }
        assert!((400..=411).contains(&sent.len()), "{}", sent.len());
        for from in (0..9000).step_by(50) {
            let within = sent.iter().filter(|at| (from..from + 1000).contains(*at)).count();
            assert!(within <= 51, "{within} from {from} on");
        }
    }

    #[test]
    fn who_waits_until_it_is_free_may_send_then() {
        let mut pace = Pace::default();
        let now = Timestamp::from_millis(1_795_339_800_000);
        while pace.is_free(now) {
            pace.take(now, 7.0);
        }

        assert!(pace.free_at() > now && pace.is_free(pace.free_at()));
    }
}
