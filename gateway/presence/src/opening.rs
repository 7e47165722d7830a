//! Whether a publication is open, and when that changes. Pure.
//!
//! It is open at a moment when the clock on the wall shows an open minute: of that day's holiday
//! if there is one, else of the week day. So an interval inside an hour that daylight saving
//! skips does not take place, and one inside the hour that is repeated takes place twice.
//! Intervals that touch, also over midnight, are one.

use directory_model::opening::{Interval, OpeningHours};
use directory_model::timestamp::Timestamp;
use jiff::civil::Date;
use jiff::tz::{AmbiguousOffset, TimeZone};

/// How many days ahead a change is looked for.
pub const SEARCH_DAYS: u16 = 400;

/// Open or closed, and until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// It is open.
    Open {
        /// When it closes; `None` when that is not within [`SEARCH_DAYS`].
        until: Option<Timestamp>,
    },
    /// It is closed.
    Closed {
        /// When it opens; `None` when that is not within [`SEARCH_DAYS`].
        until: Option<Timestamp>,
    },
}

impl Opening {
    /// Whether it is open.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Open { .. })
    }

    /// When this changes.
    pub fn until(self) -> Option<Timestamp> {
        match self {
            Self::Open { until } | Self::Closed { until } => until,
        }
    }
}

/// Whether `hours` are open at `now`. An unknown time zone counts as UTC.
pub fn state_at(hours: &OpeningHours, now: Timestamp) -> Opening {
    let zone = TimeZone::get(&hours.time_zone).unwrap_or(TimeZone::UTC);
    let is_open = is_open_at(hours, &zone, now);
    let until = next_change(hours, &zone, now, is_open);
    if is_open { Opening::Open { until } } else { Opening::Closed { until } }
}

fn is_open_at(hours: &OpeningHours, zone: &TimeZone, at: Timestamp) -> bool {
    let local = zone.to_datetime(at.to_jiff());
    let minute = i32::from(local.hour()) * 60 + i32::from(local.minute());
    intervals_of(hours, local.date()).iter().any(|interval| {
        let Interval { from, to } = *interval;
        (i32::from(from)..i32::from(to)).contains(&minute)
    })
}

fn intervals_of(hours: &OpeningHours, date: Date) -> &[Interval] {
    let holiday = hours.holidays.iter().find(|holiday| holiday.date == date);
    let weekday = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0);
    match holiday {
        Some(holiday) => &holiday.intervals,
        None => hours.weekly.get(weekday).map_or(&[], Vec::as_slice),
    }
}

/// The first moment after `now` at which the state is not `is_open`.
fn next_change(hours: &OpeningHours, zone: &TimeZone, now: Timestamp, is_open: bool) -> Option<Timestamp> {
    let today = zone.to_datetime(now.to_jiff()).date();
    // The day before as well: when clocks go back over midnight, it comes again.
    let mut day = today.yesterday().ok();
    for _ in 0..=SEARCH_DAYS {
        let date = day?;
        let mut moments = boundaries(hours, zone, date);
        moments.retain(|moment| *moment > now);
        moments.sort_unstable();
        if let Some(moment) = moments.into_iter().find(|moment| is_open_at(hours, zone, *moment) != is_open) {
            return Some(moment);
        }
        day = date.tomorrow().ok();
    }
    None
}

/// Every moment of `date` at which the state may change: the ends of intervals, midnight, and
/// the jumps of the clock.
fn boundaries(hours: &OpeningHours, zone: &TimeZone, date: Date) -> Vec<Timestamp> {
    let ends = intervals_of(hours, date).iter().flat_map(|interval| [interval.from, interval.to]);
    let mut moments: Vec<Timestamp> =
        [0, 1440].into_iter().chain(ends).flat_map(|minute| moments_showing(zone, date, minute)).collect();
    let (Some(first), Some(last)) = (moments.iter().min().copied(), moments.iter().max().copied()) else {
        return moments;
    };
    let jumps = zone.following(first.to_jiff()).map(|jump| Timestamp::from(jump.timestamp()));
    moments.extend(jumps.take_while(|jump| *jump <= last));
    moments
}

/// The moments at which the clock on the wall shows `minute` of `date`: none in a gap, two in an
/// overlap. For a gap the jump itself stands in.
fn moments_showing(zone: &TimeZone, date: Date, minute: u16) -> Vec<Timestamp> {
    let midnight = date.to_datetime(jiff::civil::Time::midnight());
    let Ok(local) = midnight.checked_add(jiff::Span::new().minutes(i64::from(minute))) else {
        return Vec::new();
    };
    let offsets = match zone.to_ambiguous_timestamp(local).offset() {
        AmbiguousOffset::Unambiguous { offset } => [Some(offset), None],
        AmbiguousOffset::Gap { before, after } | AmbiguousOffset::Fold { before, after } => [Some(before), Some(after)],
    };
    offsets.into_iter().flatten().filter_map(|offset| offset.to_timestamp(local).ok()).map(Timestamp::from).collect()
}

#[cfg(test)]
mod tests;
