//! How fast one client may ask.

use std::time::Duration;

use tokio::time::Instant;

/// How many requests pass at once.
const BURST: u32 = 100;
/// After how long one more passes: fifty a second.
const EACH: Duration = Duration::from_millis(20);
/// After how many refusals in a row the client is sent away.
const PATIENCE: u32 = 200;

/// The pace of one client.
#[derive(Debug)]
pub(super) struct Pace {
    /// When everything passes again.
    full_at: Instant,
    refused: u32,
}

/// What a request meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Passage {
    /// It passes.
    Open,
    /// It is refused.
    Refused,
    /// The client does not stop asking.
    Flood,
}

impl Pace {
    pub(super) fn new(now: Instant) -> Self {
        Self { full_at: now, refused: 0 }
    }

    /// Counts a request at `now`.
    pub(super) fn ask(&mut self, now: Instant) -> Passage {
        let full_at = self.full_at.max(now) + EACH;
        if full_at.duration_since(now) <= EACH * BURST {
            self.full_at = full_at;
            self.refused = 0;
            return Passage::Open;
        }
        self.refused += 1;
        if self.refused > PATIENCE { Passage::Flood } else { Passage::Refused }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_then_fifty_a_second_and_a_flood_ends() {
        let begun = Instant::now();
        let mut pace = Pace::new(begun);
        for _ in 0..BURST {
            assert_eq!(pace.ask(begun), Passage::Open);
        }
        assert_eq!(pace.ask(begun), Passage::Refused);
        let later = begun + Duration::from_secs(1);
        let passed = (0..60).filter(|_| pace.ask(later) == Passage::Open).count();
        assert_eq!(passed, 50);
        let answers: Vec<Passage> = (0..=PATIENCE).map(|_| pace.ask(later)).collect();
        assert!(answers.contains(&Passage::Flood));
        assert_eq!(pace.ask(later + Duration::from_mins(1)), Passage::Open);
    }
}
