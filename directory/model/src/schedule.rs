//! When something is to happen: the pattern of five cron fields.

use std::str::FromStr;

use croner::Cron;

/// The longest pattern, in bytes: every minute of an hour by its number, and as much again.
const MAX_BYTES: usize = 512;

/// Reads minute, hour, day, month and week day; nothing when these are not five fields within their
/// ranges. A sixth one, of seconds, is not for schedules.
pub fn pattern(text: &str) -> Option<Cron> {
    let has_five = text.len() <= MAX_BYTES && text.split_whitespace().count() == 5;
    if has_five { Cron::from_str(text).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_five_fields_within_their_ranges() {
        for good in ["30 1 * * *", "*/15 6-8 * * mon-fri", "0 0 1,15 JAN-MAR 0", "  5  4 * * 7 "] {
            assert!(pattern(good).is_some(), "{good}");
        }
        let long = format!("{} 1 * * *", ["5"; 300].join(","));
        for bad in [
            "",
            "often",
            "@daily",
            "30 1 * *",
            "0 30 1 * * *",
            "60 1 * * *",
            "0 24 * * *",
            "0 1 0 * *",
            "0 1 * 13 *",
            &long,
        ] {
            assert!(pattern(bad).is_none(), "{bad}");
        }
    }
}
