//! What the settings of a Lync or Skype for Business address book mean for a source.
//!
//! Administrators have these settings already: `Get-CsAddressBookConfiguration` prints them as one
//! property a line. What it says is read here, and everything that is not understood is told with
//! field, value and rule.

use serde::{Deserialize, Serialize};

use crate::country;
use crate::invalid::{Invalid, Rule};

/// The longest text that is read, in bytes.
pub const MAX_TEXT_BYTES: usize = 64 * 1024;

/// The longest time between two looks at what changed, in seconds: three hours.
const MAX_POLLING_SECONDS: u64 = 3 * 3600;
/// The shortest.
const MIN_POLLING_SECONDS: u64 = 5;
/// For how many days files are kept at most.
const MAX_KEEP_DAYS: u64 = 90;

/// Properties that say nothing about how a source is read.
const PASSED_OVER: [&str; 6] = [
    "EnableFileGeneration",
    "IgnoreGenericRules",
    "EnableSearchByDialPad",
    "EnablePhotoSearch",
    "PhotoCacheRefreshInterval",
    "MaxFileShareThreadCount",
];

/// Settings of a source as an address book has them; absent where it says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AddressBookSettings {
    /// When everything is compared, as five cron fields in the server's local time.
    pub schedule: Option<String>,
    /// Every so many minutes in between it is asked for what changed.
    pub poll_minutes: Option<u32>,
    /// For how many days ended runs are kept.
    pub keep_days: Option<u32>,
    /// The share of changes, in percent, above which a run waits for approval.
    pub change_threshold_percent: Option<u8>,
    /// The country as whose numbers telephone numbers are written internationally.
    pub normalize_numbers: Option<String>,
}

/// Where a proposed setting came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Origin {
    /// The setting of the source.
    pub field: String,
    /// The property that it follows from.
    pub property: String,
    /// What the property says.
    pub said: String,
}

/// What was made of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AddressBook {
    /// The settings.
    pub settings: AddressBookSettings,
    /// Where each of them came from.
    pub origins: Vec<Origin>,
    /// Properties that are known and say nothing about how a source is read.
    pub passed_over: Vec<String>,
    /// What was not understood.
    pub refused: Vec<Invalid>,
}

/// Reads what `Get-CsAddressBookConfiguration` prints. Numbers without a country are taken for those
/// of `country`, which the address book does not say.
pub fn read(text: &str, country: Option<&str>) -> AddressBook {
    let mut book = AddressBook::default();
    let mut seen: Vec<String> = Vec::new();
    for (property, said) in properties(text) {
        let known = known(&property);
        let name = known.unwrap_or(&property);
        if seen.iter().any(|seen| seen.eq_ignore_ascii_case(name)) {
            // The output lists the whole organisation first, and sites with settings of their own after.
            book.refused.push(Invalid::new(name, said, Rule::Duplicate));
            continue;
        }
        seen.push(name.to_owned());
        match known {
            Some(property) => book.take(property, &said, country),
            None => book.refused.push(Invalid::new(property, said, Rule::Unknown)),
        }
    }
    if seen.is_empty() {
        let expected = "the output of Get-CsAddressBookConfiguration, such as `RunTimeOfDay : 01:30`";
        book.refused.push(Invalid::new("text", text.trim(), Rule::Format { expected: expected.into() }));
    }
    book
}

/// The properties of a list, in its order: `Name : value`, where a value may go on in lines that are
/// set in.
fn properties(text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for line in text.lines().map(str::trim_end).filter(|line| !line.trim().is_empty()) {
        let is_continued = line.starts_with([' ', '\t']);
        let parts = line.split_once(':').map(|(name, value)| (name.trim(), value.trim()));
        match parts {
            Some((name, value)) if is_name(name) => found.push((name.to_owned(), value.to_owned())),
            _ => match found.last_mut() {
                Some((_, value)) if is_continued => value.push_str(line.trim()),
                _ => {}
            },
        }
    }
    found
}

/// Whether a text may be the name of a property: prompts and paths are none.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The name of a known property, in its own case.
fn known(property: &str) -> Option<&'static str> {
    const READ: [&str; 6] = [
        "Identity",
        "RunTimeOfDay",
        "SynchronizePollingInterval",
        "KeepDuration",
        "MaxDeltaFileSizePercentage",
        "UseNormalizationRules",
    ];
    READ.into_iter().chain(PASSED_OVER).find(|known| known.eq_ignore_ascii_case(property))
}

impl AddressBook {
    fn take(&mut self, property: &str, said: &str, country: Option<&str>) {
        let taken = match property {
            "RunTimeOfDay" => time_of_day(said).map(|(hour, minute)| {
                self.settings.schedule = Some(format!("{minute} {hour} * * *"));
                Some("schedule")
            }),
            "SynchronizePollingInterval" => polling_minutes(said).map(|minutes| {
                self.settings.poll_minutes = Some(minutes);
                Some("poll_minutes")
            }),
            "KeepDuration" => keep_days(said).map(|days| {
                self.settings.keep_days = Some(days);
                Some("keep_days")
            }),
            "MaxDeltaFileSizePercentage" => percentage(said).map(|percent| {
                self.settings.change_threshold_percent = Some(percent);
                Some("change_threshold_percent")
            }),
            "UseNormalizationRules" => normalized(said, country).map(|country| {
                let field = country.is_some().then_some("normalize_numbers");
                self.settings.normalize_numbers = country;
                field
            }),
            _ => {
                self.passed_over.push(property.to_owned());
                Ok(None)
            }
        };
        match taken {
            Ok(Some(field)) => {
                let (field, property, said) = (field.to_owned(), property.to_owned(), said.to_owned());
                self.origins.push(Origin { field, property, said });
            }
            Ok(None) => {}
            Err(rule) => self.refused.push(Invalid::new(property, said, rule)),
        }
    }
}

/// The time of `01:30`, `01:30:00`, `1:30 AM`, and of these after a date in any order of its parts.
fn time_of_day(said: &str) -> Result<(u32, u32), Rule> {
    let refused = || Rule::Format { expected: "a time of day such as 01:30 or 1:30 AM".into() };
    let mut words = said.split_whitespace().skip_while(|word| !word.contains(':'));
    let time = words.next().ok_or_else(refused)?;
    let half = words.next().map(|word| word.replace('.', "").to_ascii_uppercase());
    if words.next().is_some() {
        return Err(refused());
    }
    let parts = numbers(time, ':').filter(|parts| matches!(parts.len(), 2 | 3)).ok_or_else(refused)?;
    let (hour, minute, second) = (parts[0], parts[1], parts.get(2).copied().unwrap_or(0));
    let hour = match half.as_deref() {
        None => hour,
        Some(half @ ("AM" | "PM")) if (1..=12).contains(&hour) => hour % 12 + if half == "PM" { 12 } else { 0 },
        Some(_) => return Err(refused()),
    };
    match (u32::try_from(hour), u32::try_from(minute)) {
        (Ok(hour @ 0..=23), Ok(minute @ 0..=59)) if second < 60 => Ok((hour, minute)),
        _ => Err(refused()),
    }
}

/// A share such as `20`.
fn percentage(said: &str) -> Result<u8, Rule> {
    let percent = said.parse().ok().filter(|percent| (1..=100).contains(percent));
    percent.ok_or(Rule::OutOfRange { min: 1, max: 100 })
}

/// The minutes of `00:05:00` or `0.00:05:00`; less than one becomes one.
fn polling_minutes(said: &str) -> Result<u32, Rule> {
    let refused = || Rule::Format { expected: "a time span from 00:00:05 to 03:00:00".into() };
    let (days, time) = match said.split_once('.').filter(|(days, _)| !days.contains(':')) {
        Some((days, time)) => (days.parse::<u64>().map_err(|_| refused())?, time),
        None => (0, said),
    };
    let parts = numbers(time, ':').filter(|parts| parts.len() == 3).ok_or_else(refused)?;
    let (hours, minutes, seconds) = (parts[0], parts[1], parts[2]);
    if days > 0 || hours > 23 || minutes > 59 || seconds > 59 {
        return Err(refused());
    }
    let seconds = hours * 3600 + minutes * 60 + seconds;
    if !(MIN_POLLING_SECONDS..=MAX_POLLING_SECONDS).contains(&seconds) {
        return Err(refused());
    }
    u32::try_from(seconds.div_ceil(60)).map_err(|_| refused())
}

fn keep_days(said: &str) -> Result<u32, Rule> {
    let days = said.parse::<u64>().ok().filter(|days| (1..=MAX_KEEP_DAYS).contains(days));
    days.and_then(|days| u32::try_from(days).ok()).ok_or(Rule::OutOfRange { min: 1, max: 90 })
}

/// The country as whose numbers are written, when they are.
fn normalized(said: &str, country: Option<&str>) -> Result<Option<String>, Rule> {
    match said.to_ascii_lowercase().as_str() {
        "false" => Ok(None),
        "true" => match country {
            Some(code) if country::is_known(code) => Ok(Some(code.to_owned())),
            Some(_) => Err(country::rule()),
            None => Err(Rule::Needs { other: "country".into() }),
        },
        _ => Err(Rule::OneOf { allowed: "True, False".into() }),
    }
}

/// The numbers between `separator`s, each of at most four digits.
fn numbers(text: &str, separator: char) -> Option<Vec<u64>> {
    let is_number = |part: &str| (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    text.split(separator).map(|part| part.parse().ok().filter(|_| is_number(part))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "PS C:\\> Get-CsAddressBookConfiguration\r\n\r\n\r\n\
        Identity                   : Global\r\n\
        RunTimeOfDay               : 1:30 AM\r\n\
        KeepDuration               : 30\r\n\
        SynchronizePollingInterval : 00:05:00\r\n\
        MaxDeltaFileSizePercentage : 20\r\n\
        UseNormalizationRules      : True\r\n\
        IgnoreGenericRules         : False\r\n\
        EnableFileGeneration       : True\r\n\
        MaxFileShareThreadCount    : 300\r\n\
        EnableSearchByDialPad      : True\r\n\
        EnablePhotoSearch          : True\r\n\
        PhotoCacheRefreshInterval  : 00:00:00\r\n\r\n\r\n";

    fn refusals(book: &AddressBook) -> Vec<(&str, &str, Rule)> {
        let refused = book.refused.iter();
        refused.map(|one| (one.field.as_str(), one.value.as_str(), one.rule.clone())).collect()
    }

    #[test]
    fn what_the_cmdlet_prints_becomes_settings() {
        let book = read(OUTPUT, Some("DE"));

        let settings = AddressBookSettings {
            schedule: Some("30 1 * * *".into()),
            poll_minutes: Some(5),
            keep_days: Some(30),
            change_threshold_percent: Some(20),
            normalize_numbers: Some("DE".into()),
        };
        assert_eq!(book.settings, settings);
        let origins: Vec<_> = book.origins.iter().map(|it| (it.field.as_str(), it.property.as_str())).collect();
        assert_eq!(
            origins,
            [
                ("schedule", "RunTimeOfDay"),
                ("keep_days", "KeepDuration"),
                ("poll_minutes", "SynchronizePollingInterval"),
                ("change_threshold_percent", "MaxDeltaFileSizePercentage"),
                ("normalize_numbers", "UseNormalizationRules"),
            ]
        );
        assert_eq!(refusals(&book), []);
        assert_eq!(book.passed_over.len(), 7);
    }

    #[test]
    fn times_are_read_in_every_way_that_servers_write_them() {
        for (said, expected) in [
            ("01:30", Some((1, 30))),
            ("01:30:00", Some((1, 30))),
            ("1:30 AM", Some((1, 30))),
            ("1:30 p.m.", Some((13, 30))),
            ("12:05 AM", Some((0, 5))),
            ("12:05 PM", Some((12, 5))),
            ("1/1/0001 11:00:00 PM", Some((23, 0))),
            ("30.12.1899 23:00:00", Some((23, 0))),
            ("24:00", None),
            ("13:00 PM", None),
            ("0:30 AM", None),
            ("1:60", None),
            ("1:30:99", None),
            ("1:30 AM sharp", None),
            ("01", None),
            ("", None),
            ("-1:30", None),
            ("1:30 Uhr", None),
        ] {
            assert_eq!(time_of_day(said).ok(), expected, "{said}");
        }
    }

    #[test]
    fn time_spans_become_whole_minutes_within_the_cmdlets_range() {
        for (said, expected) in [
            ("00:05:00", Some(5)),
            ("00:00:05", Some(1)),
            ("00:01:01", Some(2)),
            ("03:00:00", Some(180)),
            ("0.00:10:00", Some(10)),
            ("00:00:04", None),
            ("03:00:01", None),
            ("1.00:00:00", None),
            ("00:99:00", None),
            ("5", None),
            ("five", None),
            ("", None),
        ] {
            assert_eq!(polling_minutes(said).ok(), expected, "{said}");
        }
    }

    #[test]
    fn what_is_not_understood_is_told_with_field_value_and_rule() {
        let text = "Identity : Global\nRunTimeOfDay : late\nKeepDuration : 400\nUseNormalizationRules : True\n\
                    Colour : blue\n\nIdentity : site:Redmond\nKeepDuration : 15\n";

        let book = read(text, None);

        let time = Rule::Format { expected: "a time of day such as 01:30 or 1:30 AM".into() };
        assert_eq!(
            refusals(&book),
            [
                ("RunTimeOfDay", "late", time),
                ("KeepDuration", "400", Rule::OutOfRange { min: 1, max: 90 }),
                ("UseNormalizationRules", "True", Rule::Needs { other: "country".into() }),
                ("Colour", "blue", Rule::Unknown),
                ("Identity", "site:Redmond", Rule::Duplicate),
                ("KeepDuration", "15", Rule::Duplicate),
            ]
        );
        assert_eq!(book.settings, AddressBookSettings::default());
    }

    #[test]
    fn a_text_that_is_something_else_is_refused_as_a_whole() {
        for text in ["", "   \n", "The term 'Get-CsAddressBookConfiguration' is not recognized", "::::"] {
            let book = read(text, None);
            assert_eq!(book.refused.len(), 1, "{text}");
            assert_eq!(book.refused[0].field, "text");
        }
    }

    #[test]
    fn case_of_names_and_long_values_do_no_harm() {
        let long = format!("runtimeofday : {}\n", "9".repeat(1000));
        assert_eq!(read(&long, None).refused.len(), 1);
        assert_eq!(read("RUNTIMEOFDAY:02:15", None).settings.schedule.as_deref(), Some("15 2 * * *"));
        let continued = read("RunTimeOfDay : 1:\n    30 AM", None);
        assert_eq!(continued.settings.schedule.as_deref(), Some("30 1 * * *"));
    }
}
