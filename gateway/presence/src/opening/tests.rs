use directory_model::opening::Holiday;
use directory_model::valid::Check;
use proptest::prelude::*;

use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().expect("a moment")
}

fn hours(zone: &str, day: &[(u16, u16)]) -> OpeningHours {
    let day: Vec<Interval> = day.iter().map(|(from, to)| Interval { from: *from, to: *to }).collect();
    let hours = OpeningHours { time_zone: zone.into(), weekly: vec![day; 7], holidays: Vec::new() };
    hours.check().expect("valid hours").into_inner()
}

const fn h(hour: u16) -> u16 {
    hour * 60
}

fn open(until: &str) -> Opening {
    Opening::Open { until: Some(at(until)) }
}

fn closed(until: &str) -> Opening {
    Opening::Closed { until: Some(at(until)) }
}

#[test]
fn a_day_has_several_intervals() {
    let hours = hours("Europe/Berlin", &[(h(9), h(12)), (h(13), h(17))]);
    for (moment, state) in [
        ("2026-11-23T07:59:59Z", closed("2026-11-23T08:00:00Z")),
        ("2026-11-23T08:00:00Z", open("2026-11-23T11:00:00Z")),
        ("2026-11-23T11:00:00Z", closed("2026-11-23T12:00:00Z")),
        ("2026-11-23T15:59:59Z", open("2026-11-23T16:00:00Z")),
        ("2026-11-23T16:00:00Z", closed("2026-11-24T08:00:00Z")),
    ] {
        assert_eq!(state_at(&hours, at(moment)), state, "{moment}");
    }
}

#[test]
fn weekends_and_holidays_are_skipped() {
    let mut hours = hours("Europe/Berlin", &[(h(9), h(17))]);
    hours.weekly[5].clear();
    hours.weekly[6].clear();
    hours.holidays = vec![
        Holiday {
            date: jiff::civil::date(2026, 12, 24),
            name: String::new(),
            intervals: vec![Interval { from: h(9), to: h(12) }],
        },
        Holiday { date: jiff::civil::date(2026, 12, 25), name: "Christmas".into(), intervals: Vec::new() },
    ];

    // Thursday, shortened; then a holiday and a week-end.
    assert_eq!(state_at(&hours, at("2026-12-24T10:00:00Z")), open("2026-12-24T11:00:00Z"));
    assert_eq!(state_at(&hours, at("2026-12-24T11:00:00Z")), closed("2026-12-28T08:00:00Z"));
}

#[test]
fn intervals_that_touch_midnight_are_one() {
    let mut hours = hours("Europe/Berlin", &[]);
    hours.weekly[4] = vec![Interval { from: h(22), to: 1440 }];
    hours.weekly[5] = vec![Interval { from: 0, to: h(2) }, Interval { from: h(2), to: h(4) }];

    assert_eq!(state_at(&hours, at("2026-11-20T21:30:00Z")), open("2026-11-21T03:00:00Z"));
    assert_eq!(state_at(&hours, at("2026-11-21T03:00:00Z")), closed("2026-11-27T21:00:00Z"));
}

#[test]
fn always_and_never_have_no_end() {
    let always = hours("Europe/Berlin", &[(0, 1440)]);
    let never = hours("Europe/Berlin", &[]);

    assert_eq!(state_at(&always, at("2026-11-20T21:30:00Z")), Opening::Open { until: None });
    assert_eq!(state_at(&never, at("2026-11-20T21:30:00Z")), Opening::Closed { until: None });
}

#[test]
fn an_hour_that_is_skipped_is_not_worked() {
    // Berlin, 29 March 2026: 02:00 becomes 03:00 at 01:00Z.
    let inside = hours("Europe/Berlin", &[(h(2), h(2) + 30)]);
    let across = hours("Europe/Berlin", &[(h(1), h(2) + 30)]);
    let into = hours("Europe/Berlin", &[(h(2) + 30, h(5))]);

    assert_eq!(state_at(&inside, at("2026-03-29T00:00:00Z")), closed("2026-03-30T00:00:00Z"));
    assert_eq!(state_at(&across, at("2026-03-29T00:30:00Z")), open("2026-03-29T01:00:00Z"));
    assert_eq!(state_at(&into, at("2026-03-29T00:59:59Z")), closed("2026-03-29T01:00:00Z"));
    assert_eq!(state_at(&into, at("2026-03-29T01:00:00Z")), open("2026-03-29T03:00:00Z"));
}

#[test]
fn an_hour_that_is_repeated_is_worked_twice() {
    // Berlin, 25 October 2026: 03:00 becomes 02:00 at 01:00Z.
    let inside = hours("Europe/Berlin", &[(h(2), h(2) + 30)]);
    let across = hours("Europe/Berlin", &[(h(1), h(4))]);

    assert_eq!(state_at(&inside, at("2026-10-25T00:10:00Z")), open("2026-10-25T00:30:00Z"));
    assert_eq!(state_at(&inside, at("2026-10-25T00:30:00Z")), closed("2026-10-25T01:00:00Z"));
    assert_eq!(state_at(&inside, at("2026-10-25T01:00:00Z")), open("2026-10-25T01:30:00Z"));
    assert_eq!(state_at(&across, at("2026-10-25T00:30:00Z")), open("2026-10-25T03:00:00Z"));
}

#[test]
fn the_working_day_keeps_its_local_time_over_the_change() {
    let hours = hours("Europe/Berlin", &[(h(9), h(17))]);

    assert_eq!(state_at(&hours, at("2026-10-24T16:00:00Z")), closed("2026-10-25T08:00:00Z"));
    assert_eq!(state_at(&hours, at("2026-03-28T17:00:00Z")), closed("2026-03-29T07:00:00Z"));
}

#[test]
fn a_zone_whose_clocks_change_at_midnight_works() {
    // Havana, 8 March 2026: midnight becomes 01:00, so the day begins at 01:00.
    let hours = hours("America/Havana", &[(0, 1440)]);
    let morning = hours_of_first_hour();

    assert!(state_at(&hours, at("2026-03-08T05:00:00Z")).is_open());
    assert_eq!(state_at(&morning, at("2026-03-08T04:30:00Z")), closed("2026-03-09T04:00:00Z"));
}

fn hours_of_first_hour() -> OpeningHours {
    hours("America/Havana", &[(0, 60)])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Between now and `until` nothing changes, and at `until` it does.
    #[test]
    fn until_is_the_first_minute_that_differs(
        zone in prop_oneof![Just("Europe/Berlin"), Just("America/Havana"), Just("Australia/Lord_Howe"), Just("UTC")],
        cuts in proptest::collection::btree_set(0_u16..=1440, 0..6),
        start in prop_oneof![Just("2026-03-07T20:00:00Z"), Just("2026-03-28T20:00:00Z"), Just("2026-04-04T10:00:00Z"), Just("2026-10-24T20:00:00Z")],
        offset in 0_i64..600,
    ) {
        let cuts: Vec<u16> = cuts.into_iter().collect();
        let day: Vec<(u16, u16)> = cuts.chunks_exact(2).map(|cut| (cut[0], cut[1])).collect();
        let hours = hours(zone, &day);
        let now = Timestamp::from_millis(at(start).millis() + offset * 60_000);
        let state = state_at(&hours, now);
        let zone = TimeZone::get(zone).expect("a zone");

        let first_other = (1..2 * 1440)
            .map(|minute| Timestamp::from_millis(now.millis() + minute * 60_000))
            .find(|moment| is_open_at(&hours, &zone, *moment) != state.is_open());

        match state.until() {
            Some(until) if until < now.plus(std::time::Duration::from_hours(47)) => prop_assert_eq!(first_other, Some(until)),
            _ => prop_assert_eq!(first_other, None),
        }
    }
}
