//! Opening hours: several intervals a day, holidays, a time zone.

use serde::{Deserialize, Serialize};

use crate::invalid::{Invalid, Refusals, Rule};
use crate::valid::Check;

/// When a publication is open. Local times of `time_zone`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpeningHours {
    /// An IANA time zone, such as `Europe/Berlin`.
    pub time_zone: String,
    /// The intervals of each week day, Monday first; seven lists.
    pub weekly: Vec<Vec<Interval>>,
    /// Days that differ from their week day; at most 366, each day once.
    #[serde(default)]
    pub holidays: Vec<Holiday>,
}

/// A part of a day, in minutes after local midnight: open from `from` until before `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Interval {
    /// 0 to 1,439.
    pub from: u16,
    /// 1 to 1,440; after `from`.
    pub to: u16,
}

/// A day with its own hours; closed when `intervals` is empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// The day, `YYYY-MM-DD`.
    #[schema(value_type = String, format = Date)]
    pub date: jiff::civil::Date,
    /// What it is called, at most 128 characters.
    #[serde(default)]
    pub name: String,
    /// When it is open after all.
    #[serde(default)]
    pub intervals: Vec<Interval>,
}

impl Check for OpeningHours {
    fn normal(mut self) -> Self {
        for day in &mut self.weekly {
            day.sort_unstable();
        }
        for holiday in &mut self.holidays {
            holiday.intervals.sort_unstable();
        }
        self.holidays.sort_by_key(|holiday| holiday.date);
        self
    }

    fn refusals(&self) -> Result<(), Vec<Invalid>> {
        let mut refusals = Refusals::default();
        refusals.require(
            jiff::tz::TimeZone::get(&self.time_zone).is_ok(),
            "time_zone",
            &self.time_zone,
            Rule::Format { expected: "an IANA time zone such as Europe/Berlin".into() },
        );
        refusals.require(
            self.weekly.len() == 7,
            "weekly",
            self.weekly.len(),
            Rule::Format { expected: "seven lists of intervals, Monday first".into() },
        );
        for (day, intervals) in self.weekly.iter().enumerate() {
            refuse_intervals(&mut refusals, &format!("weekly[{day}]"), intervals);
        }
        refusals.require(
            self.holidays.len() <= 366,
            "holidays",
            self.holidays.len(),
            Rule::TooLong { max: 366, unit: "days".into() },
        );
        for (at, holiday) in self.holidays.iter().enumerate() {
            let path = format!("holidays[{at}]");
            refusals.text(&format!("{path}.name"), &holiday.name, 128);
            let twice = at > 0 && self.holidays[at - 1].date == holiday.date;
            refusals.require(!twice, &format!("{path}.date"), holiday.date, Rule::Duplicate);
            refuse_intervals(&mut refusals, &format!("{path}.intervals"), &holiday.intervals);
        }
        refusals.finish()
    }
}

fn refuse_intervals(refusals: &mut Refusals, path: &str, intervals: &[Interval]) {
    refusals.require(intervals.len() <= 24, path, intervals.len(), Rule::TooLong { max: 24, unit: "intervals".into() });
    let mut last_end = 0;
    for (at, interval) in intervals.iter().enumerate() {
        let Interval { from, to } = *interval;
        refusals.require(from < 1440, &format!("{path}[{at}].from"), from, Rule::OutOfRange { min: 0, max: 1439 });
        refusals.require(
            to > from && to <= 1440,
            &format!("{path}[{at}].to"),
            to,
            Rule::OutOfRange { min: i64::from(from) + 1, max: 1440 },
        );
        let apart = at == 0 || from >= last_end;
        refusals.require(
            apart,
            &format!("{path}[{at}].from"),
            from,
            Rule::OutOfRange { min: i64::from(last_end), max: 1439 },
        );
        last_end = to;
    }
}
