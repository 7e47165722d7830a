//! How long to wait before a message is tried again.

use std::time::Duration;

/// How often a message is tried at most.
const ATTEMPTS: u32 = 12;
/// The first wait; each further one is four times as long.
const FIRST: Duration = Duration::from_secs(10);
/// The longest.
const LONGEST: Duration = Duration::from_hours(6);

/// The wait after a message was tried `attempts` times; `None` when that was often enough. `dice` moves
/// it by up to a quarter in either direction, so that not all messages come back at once.
pub(crate) fn pause(attempts: u32, dice: u8) -> Option<Duration> {
    if attempts >= ATTEMPTS {
        return None;
    }
    let factor = 4_u32.saturating_pow(attempts.saturating_sub(1));
    let wait = FIRST.saturating_mul(factor).min(LONGEST);
    Some(wait * 3 / 4 + wait / 2 * u32::from(dice) / u32::from(u8::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_hours_and_end_after_more_than_a_day() {
        let seconds = |attempts, dice| pause(attempts, dice).map(|wait| wait.as_secs());
        for (attempts, shortest, longest) in [
            (1, Some(7), Some(12)),
            (2, Some(30), Some(50)),
            (3, Some(120), Some(200)),
            (6, Some(7680), Some(12800)),
            (7, Some(16200), Some(27000)),
            (11, Some(16200), Some(27000)),
            (12, None, None),
            (u32::MAX, None, None),
        ] {
            assert_eq!((seconds(attempts, 0), seconds(attempts, u8::MAX)), (shortest, longest), "{attempts}");
        }
        let all: Duration = (1..ATTEMPTS).filter_map(|attempts| pause(attempts, 128)).sum();
        assert!(all > Duration::from_hours(24), "{all:?}");
    }
}
