//! How long to leave a busy service alone before it is asked again.

use std::time::Duration;

use ring::rand::{SecureRandom, SystemRandom};

use crate::error::seconds;

/// How often a request is sent before the service counts as too busy.
const ATTEMPTS: u32 = 6;
/// The longest pause that is kept; who wants a longer one is asked by the next run.
const LONGEST: Duration = Duration::from_mins(5);
/// The first pause when the service names none; each further one is twice as long.
const FIRST: Duration = Duration::from_millis(500);
/// The longest pause when the service names none.
const LONGEST_UNASKED: Duration = Duration::from_secs(30);

/// A service says that it is busy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Overload {
    /// How long it wants to be left alone, if it says so.
    pub(crate) pause: Option<Duration>,
}

/// The pauses of one request.
#[derive(Debug, Default)]
pub(crate) struct Pauses {
    sent: u32,
}

impl Pauses {
    /// The pause before the request is sent again; the reason when it is not.
    pub(crate) fn next(&mut self, overload: Overload) -> Result<Duration, String> {
        self.sent += 1;
        pause(self.sent, overload, fraction())
    }
}

/// The pause after a request was sent `sent` times; `fraction` of 1 spreads those who wait.
fn pause(sent: u32, overload: Overload, fraction: f64) -> Result<Duration, String> {
    if sent >= ATTEMPTS {
        return Err(format!("it was asked {sent} times"));
    }
    match overload.pause {
        Some(asked) if asked > LONGEST => Err(format!("it wants to be left alone for {}", seconds(asked))),
        // Never earlier than asked for.
        Some(asked) => Ok(asked + asked.mul_f64(fraction / 10.0)),
        None => {
            let whole = FIRST.saturating_mul(1 << (sent - 1).min(16)).min(LONGEST_UNASKED);
            Ok(whole.mul_f64(0.5 + fraction / 2.0))
        }
    }
}

/// A random number from 0 to 1.
fn fraction() -> f64 {
    let mut bytes = [0; 2];
    // Without randomness everybody waits for the same time, which is no reason to give up.
    let _ = SystemRandom::new().fill(&mut bytes);
    f64::from(u16::from_be_bytes(bytes)) / f64::from(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_are_spread_and_end() {
        let unasked = Overload { pause: None };
        let asked = |seconds| Overload { pause: Some(Duration::from_secs(seconds)) };
        for (sent, overload, fraction, expected) in [
            (1, unasked, 0.0, Some(250)),
            (1, unasked, 1.0, Some(500)),
            (2, unasked, 1.0, Some(1000)),
            (5, unasked, 1.0, Some(8000)),
            (6, unasked, 1.0, None),
            (1, asked(0), 1.0, Some(0)),
            (1, asked(10), 0.0, Some(10_000)),
            (5, asked(10), 1.0, Some(11_000)),
            (6, asked(1), 1.0, None),
            (1, asked(300), 0.0, Some(300_000)),
            (1, asked(301), 0.0, None),
            (1, asked(u64::MAX), 0.0, None),
        ] {
            let pause = pause(sent, overload, fraction).ok();
            assert_eq!(pause, expected.map(Duration::from_millis), "{sent} {overload:?} {fraction}");
        }
    }

    #[test]
    fn a_request_is_not_sent_for_ever() {
        let mut pauses = Pauses::default();

        let kept = (0..100).take_while(|_| pauses.next(Overload { pause: None }).is_ok()).count();

        assert_eq!(kept, 5);
    }
}
