//! When somebody is occupied, as Exchange and Graph tell it.

use std::time::Duration;

use directory_model::presence::said::ShowAs;
use directory_model::timestamp::Timestamp;

use crate::error::SourceError;

/// How far ahead somebody is asked about.
pub const AHEAD: Duration = Duration::from_hours(24);
/// How long one digit of a merged view stands for.
pub(crate) const INTERVAL: Duration = Duration::from_mins(15);
/// How many pieces of one calendar are read; a day has fewer.
const MAX_BLOCKS: usize = 1000;

/// One piece of a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// When it begins.
    pub from: Timestamp,
    /// When it ends.
    pub until: Timestamp,
    /// As what the time is shown.
    pub shows: ShowAs,
}

/// What is said about one calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Calendar {
    /// What is in it.
    Blocks(Vec<Block>),
    /// There is nobody, or no calendar, under that address.
    NotKnown,
    /// Nobody is told what is in it.
    Refused,
    /// It cannot be looked into now.
    Busy,
    /// What was said of it makes no sense.
    Unreadable,
}

/// Why a service that is asked again and again did not answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoAnswer {
    /// What is shown of it.
    pub error: SourceError,
    /// How long the service wants to be left alone, if it says so.
    pub retry_after: Option<Duration>,
}

impl From<SourceError> for NoAnswer {
    fn from(error: SourceError) -> Self {
        Self { error, retry_after: None }
    }
}

/// What each digit of a merged view stands for: 0 free, 1 tentative, 2 busy, 3 out of office, and 4 what
/// `four` says, which is nothing known in Exchange (features.md §6.4) and another place of work in Graph (§6.6).
/// `None` when it is no such view.
pub fn merged(view: &str, start: Timestamp, interval: Duration, four: Option<ShowAs>) -> Option<Vec<Block>> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut from = start;
    for digit in view.trim().chars().take(MAX_BLOCKS) {
        let until = from.plus(interval);
        let shows = match digit {
            '0' => Some(ShowAs::Free),
            '1' => Some(ShowAs::Tentative),
            '2' => Some(ShowAs::Busy),
            '3' => Some(ShowAs::OutOfOffice),
            '4' => four,
            _ => return None,
        };
        if let Some(shows) = shows {
            match blocks.last_mut().filter(|last| last.until == from && last.shows == shows) {
                Some(last) => last.until = until,
                None => blocks.push(Block { from, until, shows }),
            }
        }
        from = until;
    }
    Some(blocks)
}

/// A piece of a calendar whose state is named; `None` for what says nothing, or ends before it begins.
pub(crate) fn block(word: &str, from: Timestamp, until: Timestamp) -> Option<Block> {
    let is = |other: &str| word.eq_ignore_ascii_case(other);
    let shows = match () {
        () if is("free") => ShowAs::Free,
        () if is("tentative") => ShowAs::Tentative,
        () if is("busy") => ShowAs::Busy,
        () if is("oof") => ShowAs::OutOfOffice,
        () if is("workingElsewhere") => ShowAs::WorkingElsewhere,
        () => return None,
    };
    (from < until).then_some(Block { from, until, shows })
}

/// Where the window begins that is asked about at `now`: at a whole interval, or digits would stand for others.
pub(crate) fn window(now: Timestamp) -> (Timestamp, Timestamp) {
    let interval = i64::try_from(INTERVAL.as_millis()).unwrap_or(i64::MAX);
    let start = Timestamp::from_millis(now.millis().div_euclid(interval) * interval);
    (start, start.plus(AHEAD))
}

/// A moment without a zone, in UTC, to the second: as both services want to be asked.
pub(crate) fn written(at: Timestamp) -> String {
    at.to_jiff().to_zoned(jiff::tz::TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// Reads a moment in UTC that is written without a zone, or with `Z`, and with any fraction of a second.
pub(crate) fn read(text: &str) -> Option<Timestamp> {
    let text = text.trim().trim_end_matches('Z');
    // More digits than nanoseconds are not read.
    let text = text.get(..29).unwrap_or(text);
    let moment: jiff::civil::DateTime = text.parse().ok()?;
    Some(moment.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect(text)
    }

    /// Features.md §11, T8.
    #[test]
    fn the_last_two_of_six_half_hours_are_busy() {
        let blocks = merged("000022", at("2026-11-27T08:00:00Z"), Duration::from_mins(30), None).expect("a view");

        assert_eq!(
            blocks,
            [
                Block { from: at("2026-11-27T08:00:00Z"), until: at("2026-11-27T10:00:00Z"), shows: ShowAs::Free },
                Block { from: at("2026-11-27T10:00:00Z"), until: at("2026-11-27T11:00:00Z"), shows: ShowAs::Busy },
            ]
        );
    }

    #[test]
    fn each_digit_stands_for_one_thing() {
        use ShowAs::{Busy, Free, OutOfOffice, Tentative, WorkingElsewhere};
        let read = |view: &str, four| {
            let blocks = merged(view, at("2026-11-27T08:00:00Z"), Duration::from_mins(5), four);
            blocks.map(|blocks| blocks.iter().map(|block| block.shows).collect::<Vec<_>>())
        };
        for (view, four, expected) in [
            ("01234", None, Some(vec![Free, Tentative, Busy, OutOfOffice])),
            ("01234", Some(WorkingElsewhere), Some(vec![Free, Tentative, Busy, OutOfOffice, WorkingElsewhere])),
            ("242", None, Some(vec![Busy, Busy])),
            ("4444", None, Some(vec![])),
            ("", None, Some(vec![])),
            (" 2 ", None, Some(vec![Busy])),
            ("025", None, None),
            ("busy", None, None),
        ] {
            assert_eq!(read(view, four), expected, "{view}");
        }
    }

    #[test]
    fn moments_are_read_as_services_write_them() {
        for text in [
            "2026-11-27T08:00:00",
            "2026-11-27T08:00:00Z",
            "2026-11-27T08:00:00.0000000",
            "2026-11-27T08:00:00.0000000000000",
            " 2026-11-27T08:00:00 ",
        ] {
            assert_eq!(read(text), Some(at("2026-11-27T08:00:00Z")), "{text}");
        }
        for text in ["", "tomorrow", "2026-13-27T08:00:00", "2026-11-27T08:00:00+01:00[Europe/Berlin]"] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(written(at("2026-11-27T08:00:00.5Z")), "2026-11-27T08:00:00");
        let (start, end) = window(at("2026-11-27T08:14:59Z"));
        assert_eq!((start, end), (at("2026-11-27T08:00:00Z"), at("2026-11-28T08:00:00Z")));
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(text in "\\PC{0,60}", millis in any::<i64>()) {
            let start = Timestamp::from_millis(millis);
            let _ = merged(&text, start, INTERVAL, None);
            let _ = block(&text, start, start.plus(INTERVAL));
            if let Some(moment) = read(&text) {
                prop_assert_eq!(read(&written(moment)).map(|read| read.millis() / 1000), Some(moment.millis().div_euclid(1000)));
            }
        }
    }
}
