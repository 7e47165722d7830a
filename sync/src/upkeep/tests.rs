mod virtual_time;

use proptest::prelude::*;

use directory_model::upkeep::{UpkeepReason, UpkeepState};

use super::subscription::{Subscription, pause};
use super::*;

const DAY: Duration = Duration::from_hours(24);

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_millis(1_795_339_800_000).plus(Duration::from_secs(seconds))
}

fn moment(seconds: u64) -> Moment {
    Moment { now: at(seconds), night: at(seconds).plus(DAY), random: 0.5 }
}

fn terms() -> Terms {
    Terms {
        is_polled: false,
        is_grouped: false,
        fast: Duration::from_secs(30),
        slow: Duration::from_mins(5),
        at_once: 1,
        requests_per_second: 200.0,
        answer_within: Duration::from_secs(32),
        stale_after: Duration::from_hours(6),
    }
}

fn polled() -> Terms {
    Terms { is_polled: true, at_once: 650, requests_per_second: 5.0, ..terms() }
}

/// One that was asked for and granted for an hour at second 0; it is renewed at second 2,340.
fn subscribed(terms: &Terms) -> Subscription {
    let mut one = Subscription::new(false, moment(0));
    let (ticket, act) = one.take(terms, moment(0), false).expect("it is asked for at once");
    assert_eq!((act, one.state(terms)), (Act::Subscribe, UpkeepState::Subscribing));
    assert!(one.answer(ticket, Answer::Granted { lifetime: Duration::from_hours(1) }, terms, moment(0)));
    assert_eq!((one.state(terms), one.due()), (UpkeepState::Subscribed, at(2340)));
    one
}

fn taken(one: &mut Subscription, terms: &Terms, seconds: u64) -> Option<Act> {
    one.take(terms, moment(seconds), false).map(|(_, act)| act)
}

fn refused(refusal: Refusal) -> Answer {
    Answer::Refused { refusal, retry_after: None }
}

#[test]
fn it_is_renewed_between_half_and_four_fifths_of_what_was_granted() {
    let terms = terms();
    for (lifetime, random, expected) in
        [(1200, 0.0, 600), (1200, 1.0, 960), (3600, 0.5, 2340), (60, 0.0, 30), (1, 0.0, 1), (86_400, 1.0, 69_120)]
    {
        // By night it is made anew, which is not what this is about; a word is heard now and then.
        let long = Terms { stale_after: DAY * 9, ..terms.clone() };
        let mut one = Subscription::new(false, moment(0));
        let (ticket, _) = one.take(&long, moment(0), false).expect("it is asked for");
        let granted = Answer::Granted { lifetime: Duration::from_secs(lifetime) };
        one.answer(ticket, granted, &long, Moment { random, night: at(0).plus(DAY * 9), ..moment(0) });

        assert_eq!(one.due(), at(expected), "{lifetime} {random}");
        assert_eq!(taken(&mut one, &long, expected - 1), None);
        let act = if lifetime == 1 { Act::Subscribe } else { Act::Renew };
        assert_eq!(taken(&mut one, &long, expected), Some(act));
    }
}

#[test]
fn what_the_next_grant_is_worth_counts_not_the_one_before() {
    let (terms, mut one) = (terms(), subscribed(&terms()));
    let (ticket, _) = one.take(&terms, moment(2340), false).expect("it is renewed");

    one.answer(ticket, Answer::Granted { lifetime: Duration::from_secs(100) }, &terms, moment(2340));

    assert_eq!((one.due(), one.expires_at()), (at(2340 + 65), Some(at(2440))));
}

#[test]
fn each_refusal_leads_where_it_should() {
    use UpkeepReason::{Busy, Ended, NoAnswer, NobodyThere, Refused, Unreadable};
    use UpkeepState::{Failed, Polling, WaitingToRetry};
    // Whether it was subscribed, the answer, the state, why, and after how many seconds it goes on.
    for (was_subscribed, answer, state, reason, next) in [
        (true, refused(Refusal::NotKnown), WaitingToRetry, Some(Ended), 0..=1),
        (false, refused(Refusal::NotKnown), Failed, Some(NobodyThere), 86_400..=86_400),
        (true, refused(Refusal::Rejected), Failed, Some(Refused), 86_400..=86_400),
        (false, refused(Refusal::Limited), Polling, None, 0..=300),
        (true, refused(Refusal::Busy), WaitingToRetry, Some(Busy), 0..=1),
        (true, refused(Refusal::Unreadable), WaitingToRetry, Some(Unreadable), 0..=1),
        (true, Answer::Lost, WaitingToRetry, Some(NoAnswer), 0..=1),
        (false, Answer::Granted { lifetime: Duration::ZERO }, WaitingToRetry, Some(Ended), 0..=1),
    ] {
        let terms = terms();
        let mut one = if was_subscribed { subscribed(&terms) } else { Subscription::new(false, moment(0)) };
        let now = if was_subscribed { 2340 } else { 0 };
        let (ticket, _) = one.take(&terms, moment(now), false).expect("it is asked");

        one.answer(ticket, answer, &terms, moment(now));

        assert_eq!((one.state(&terms), one.reason()), (state, reason), "{answer:?}");
        assert!(next.contains(&one.due().since(at(now)).as_secs()), "{answer:?}: {}", one.due());
        let due = one.due();
        let (_, act) = one.take(&terms, Moment { now: due, ..moment(now) }, false).expect("it goes on");
        assert_eq!(act, if state == Polling { Act::Poll } else { Act::Subscribe }, "{answer:?}");
    }
}

#[test]
fn each_end_that_a_source_names_is_followed() {
    use Termination::{Deactivated, GiveUp, Invariant, NoResource, Other, Probation, Rejected, Timeout};
    use UpkeepState::{Failed, Subscribing, WaitingToRetry};
    for (reason, retry_after, state, due) in [
        (Deactivated, None, Subscribing, 100),
        (Timeout, None, Subscribing, 100),
        (Other, None, Subscribing, 100),
        (Other, Some(60), WaitingToRetry, 163),
        (Probation, Some(600), WaitingToRetry, 730),
        (Probation, None, WaitingToRetry, 100),
        (GiveUp, Some(60), WaitingToRetry, 163),
        (Rejected, None, Failed, 86_500),
        (NoResource, Some(1), Failed, 86_500),
        (Invariant, None, Failed, 86_500),
    ] {
        let (terms, mut one) = (terms(), subscribed(&terms()));
        let retry_after = retry_after.map(Duration::from_secs);

        one.notice(Notice::Terminated { reason, retry_after }, &terms, moment(100));

        assert_eq!((one.state(&terms), one.due().since(at(0)).as_secs()), (state, due), "{reason:?} {retry_after:?}");
    }
}

#[test]
fn a_source_that_ends_what_it_grants_is_asked_later_and_later() {
    let (terms, mut one) = (terms(), subscribed(&terms()));
    let (mut now, mut pauses) = (at(1), Vec::new());
    for _ in 0..12 {
        one.notice(Notice::Resubscribe, &terms, Moment { now, ..moment(0) });
        pauses.push(one.due().since(now).as_millis());
        now = one.due();
        let (ticket, _) = one.take(&terms, Moment { now, ..moment(0) }, false).expect("it is asked for");
        one.answer(ticket, Answer::Granted { lifetime: DAY }, &terms, Moment { now, ..moment(0) });
    }

    assert_eq!(pauses, [0, 1500, 3000, 6000, 12_000, 24_000, 48_000, 96_000, 192_000, 225_000, 225_000, 225_000]);
    // What held for long begins anew.
    let later = now.plus(Duration::from_hours(1));
    one.notice(Notice::Resubscribe, &terms, Moment { now: later, ..moment(0) });
    assert_eq!(one.due(), later);
}

#[test]
fn pauses_double_to_five_minutes_and_are_never_shorter_than_asked_for() {
    let seconds =
        |failures, asked: Option<u64>, random| pause(failures, asked.map(Duration::from_secs), random).as_secs_f64();
    for (failures, asked, random, expected) in [
        (1, None, 1.0, 1.0),
        (1, None, 0.0, 0.5),
        (2, None, 1.0, 2.0),
        (9, None, 1.0, 256.0),
        (10, None, 1.0, 300.0),
        (u32::MAX, None, 0.0, 150.0),
        (1, Some(120), 0.0, 120.0),
        (9, Some(120), 1.0, 132.0),
        (1, Some(0), 1.0, 0.0),
        (1, Some(u64::MAX), 0.0, 86_400.0),
    ] {
        assert!((seconds(failures, asked, random) - expected).abs() < 0.001, "{failures} {asked:?} {random}");
    }
}

#[test]
fn an_answer_that_is_not_waited_for_changes_nothing() {
    let (terms, mut one) = (terms(), subscribed(&terms()));
    let (late, _) = one.take(&terms, moment(2340), false).expect("it is renewed");
    // The answer takes too long, so it is asked for anew.
    assert_eq!(taken(&mut one, &terms, 2340 + 31), None);
    assert_eq!(taken(&mut one, &terms, 2340 + 32), None);
    assert_eq!((one.state(&terms), one.reason()), (UpkeepState::WaitingToRetry, Some(UpkeepReason::NoAnswer)));
    let (ticket, act) = one.take(&terms, moment(2340 + 34), false).expect("it is tried again");
    assert_eq!(act, Act::Subscribe);

    assert!(!one.answer(late, Answer::Granted { lifetime: DAY }, &terms, moment(2380)));
    assert_eq!(one.state(&terms), UpkeepState::Subscribing);
    assert!(one.answer(ticket, Answer::Granted { lifetime: Duration::from_hours(1) }, &terms, moment(2380)));
}

#[test]
fn what_expired_while_the_machine_slept_is_asked_for_and_not_renewed() {
    let (terms, mut one) = (terms(), subscribed(&terms()));

    assert_eq!(taken(&mut one, &terms, 3600), Some(Act::Subscribe));
    assert_eq!(one.state(&terms), UpkeepState::Subscribing);
}

#[test]
fn a_clock_that_steps_back_has_it_renewed_within_a_minute() {
    let (terms, mut one) = (terms(), subscribed(&terms()));
    let back = Moment { now: at(0).minus(Duration::from_hours(5)), ..moment(0) };

    one.clock_stepped(&terms, back);

    assert_eq!(one.due(), back.now.plus(Duration::from_secs(30)));
    let (_, act) = one.take(&terms, Moment { now: one.due(), ..back }, false).expect("it is due");
    assert_eq!(act, Act::Renew);
}

#[test]
fn a_subscription_that_is_silent_for_long_is_compared_and_made_anew_when_it_is_wrong() {
    let terms = Terms { stale_after: Duration::from_mins(10), ..terms() };
    for (answer, state) in [(Answer::Polled, UpkeepState::Subscribed), (Answer::Differs, UpkeepState::Subscribing)] {
        let mut one = subscribed(&Terms { stale_after: DAY, ..terms.clone() });
        one.notice(Notice::Heard, &terms, moment(60));
        assert_eq!(one.due(), at(660));
        let (ticket, act) = one.take(&terms, moment(660), false).expect("it is due");
        assert_eq!(act, Act::Poll);

        one.answer(ticket, answer, &terms, moment(660));

        assert_eq!(one.state(&terms), state);
        let next = if state == UpkeepState::Subscribed { 1260 } else { 660 };
        assert_eq!(one.due(), at(next));
    }
}

#[test]
fn once_a_night_everything_is_made_anew() {
    let terms = terms();
    let mut one = Subscription::new(false, moment(0));
    let soon = Moment { night: at(600), ..moment(0) };
    let (ticket, _) = one.take(&terms, soon, false).expect("it is asked for");
    one.answer(ticket, Answer::Granted { lifetime: DAY }, &terms, soon);

    assert_eq!(taken(&mut one, &terms, 599), None);
    assert_eq!(taken(&mut one, &terms, 600), Some(Act::Subscribe));
}

#[test]
fn who_wants_it_anew_gets_it_at_once_or_after_the_request_that_is_out() {
    let (terms, mut one) = (terms(), subscribed(&terms()));
    one.resubscribe(&terms, moment(10));
    assert_eq!(taken(&mut one, &terms, 10), Some(Act::Subscribe));

    let mut one = subscribed(&terms);
    let (ticket, _) = one.take(&terms, moment(2340), false).expect("it is renewed");
    one.resubscribe(&terms, moment(2340));
    assert_eq!(taken(&mut one, &terms, 2341), None);
    one.answer(ticket, Answer::Granted { lifetime: DAY }, &terms, moment(2342));
    assert_eq!(taken(&mut one, &terms, 2342), Some(Act::Subscribe));

    let polled = polled();
    let mut one = Subscription::new(false, moment(0));
    let (ticket, _) = one.take(&polled, moment(0), false).expect("it is asked about");
    one.answer(ticket, refused(Refusal::NotKnown), &polled, moment(0));
    assert_eq!(one.state(&polled), UpkeepState::Failed);
    one.resubscribe(&polled, moment(5));
    assert_eq!(taken(&mut one, &polled, 5), Some(Act::Poll));
}

#[test]
fn where_there_are_too_many_it_is_polled_and_a_subscription_is_tried_by_night() {
    let terms = terms();
    let mut one = Subscription::new(true, moment(0));
    let night = |seconds| Moment { night: at(100), ..moment(seconds) };
    let (ticket, _) = one.take(&terms, night(0), false).expect("it is asked for");
    one.answer(ticket, refused(Refusal::Limited), &terms, night(0));
    let mut acts = Vec::new();
    while acts.last() != Some(&Act::Subscribe) {
        let now = Moment { now: one.due(), ..night(0) };
        let (ticket, act) = one.take(&terms, now, false).expect("it is due");
        acts.push(act);
        one.answer(ticket, Answer::Polled, &terms, now);
    }

    assert_eq!(acts, [Act::Poll, Act::Poll, Act::Poll, Act::Subscribe]);
}

#[test]
fn at_whom_somebody_looks_is_asked_about_more_often() {
    let polled = polled();
    let mut one = Subscription::new(false, moment(0));
    let ask = |one: &mut Subscription, seconds| {
        let (ticket, act) = one.take(&polled, moment(seconds), false).expect("it is due");
        assert_eq!(act, Act::Poll);
        one.answer(ticket, Answer::Polled, &polled, moment(seconds));
    };
    ask(&mut one, 0);
    assert_eq!(one.due(), at(300));

    one.watch(true, &polled, moment(10));
    assert!(one.due() <= at(10 + 8), "{}", one.due());
    ask(&mut one, 20);
    assert_eq!(one.due(), at(50));

    one.watch(false, &polled, moment(30));
    ask(&mut one, 50);
    assert_eq!(one.due(), at(350));
}

/// Something that may happen to a subscription.
#[derive(Debug, Clone, Copy)]
enum Happening {
    Take,
    Answer(Answer),
    LateAnswer(Answer),
    Notice(Notice),
    Resubscribe,
    Watch(bool),
    StepBack,
    Pass(u64),
}

fn answer() -> impl Strategy<Value = Answer> {
    let refusal = prop_oneof![
        Just(Refusal::NotKnown),
        Just(Refusal::Limited),
        Just(Refusal::Rejected),
        Just(Refusal::Busy),
        Just(Refusal::Unreadable)
    ];
    prop_oneof![
        (0_u64..100_000).prop_map(|seconds| Answer::Granted { lifetime: Duration::from_secs(seconds) }),
        Just(Answer::Polled),
        Just(Answer::Differs),
        Just(Answer::Lost),
        (refusal, proptest::option::of(any::<u64>().prop_map(Duration::from_secs)))
            .prop_map(|(refusal, retry_after)| Answer::Refused { refusal, retry_after }),
    ]
}

fn happening() -> impl Strategy<Value = Happening> {
    let reason = prop_oneof![
        Just(Termination::Deactivated),
        Just(Termination::Probation),
        Just(Termination::Rejected),
        Just(Termination::Timeout),
        Just(Termination::GiveUp),
        Just(Termination::NoResource),
        Just(Termination::Invariant),
        Just(Termination::Other)
    ];
    let notice = prop_oneof![
        Just(Notice::Heard),
        Just(Notice::Resubscribe),
        Just(Notice::Lost),
        (reason, proptest::option::of((0_u64..10_000).prop_map(Duration::from_secs)))
            .prop_map(|(reason, retry_after)| Notice::Terminated { reason, retry_after }),
    ];
    prop_oneof![
        4 => Just(Happening::Take),
        4 => answer().prop_map(Happening::Answer),
        1 => answer().prop_map(Happening::LateAnswer),
        2 => notice.prop_map(Happening::Notice),
        1 => Just(Happening::Resubscribe),
        1 => any::<bool>().prop_map(Happening::Watch),
        1 => Just(Happening::StepBack),
        4 => (0_u64..20_000).prop_map(Happening::Pass),
    ]
}

proptest! {
    #[test]
    fn whatever_happens_one_request_is_out_and_something_is_due(
        is_polled in any::<bool>(),
        happenings in proptest::collection::vec((happening(), 0.0..1.0_f64), 0..60),
    ) {
        let terms = if is_polled { polled() } else { terms() };
        let mut now = at(1_000_000);
        let night = |now: Timestamp| now.plus(Duration::from_hours(7));
        let mut one = Subscription::new(false, Moment { now, night: night(now), random: 0.0 });
        let mut out: Option<(Ticket, Timestamp)> = None;
        let mut before = None;
        for (happening, random) in happenings {
            let moment = Moment { now, night: night(now), random };
            match happening {
                Happening::Take => {
                    // It was waited for long enough, whatever the clock shows later.
                    out = out.filter(|(_, by)| now < *by);
                    if let Some((ticket, act)) = one.take(&terms, moment, false) {
                        // Never two requests: the one before was answered, or was waited for long enough, or
                        // the source itself made an end of it.
                        prop_assert!(out.is_none(), "two requests are out");
                        prop_assert!(!is_polled || act == Act::Poll);
                        out = Some((ticket, now.plus(terms.answer_within)));
                    }
                }
                Happening::Answer(answer) => {
                    if let Some((ticket, _)) = out.take() {
                        one.answer(ticket, answer, &terms, moment);
                    }
                }
                Happening::LateAnswer(answer) => {
                    prop_assert!(!one.answer(Ticket(u32::MAX), answer, &terms, moment));
                }
                Happening::Notice(notice) => {
                    one.notice(notice, &terms, moment);
                    if !one.is_asked() {
                        out = None;
                    }
                }
                Happening::Resubscribe => one.resubscribe(&terms, moment),
                Happening::Watch(is_watched) => one.watch(is_watched, &terms, moment),
                Happening::StepBack => {
                    now = now.minus(Duration::from_hours(3));
                    out = out.map(|(ticket, by)| (ticket, by.min(now.plus(terms.answer_within))));
                    one.clock_stepped(&terms, Moment { now, ..moment });
                    before = None;
                }
                Happening::Pass(seconds) => now = now.plus(Duration::from_secs(seconds)),
            }
            // Something is due, and within what any rule allows.
            let last = one.due().since(now);
            prop_assert!(last <= Duration::from_hours(27), "due in {last:?}");
            if let Some(end) = one.expires_at() {
                prop_assert!(one.is_asked() || one.due() <= end, "it would expire unnoticed");
                // Only a grant moves the end.
                let is_granted = matches!(happening, Happening::Answer(Answer::Granted { .. }));
                prop_assert!(before.is_none_or(|before| before == end) || is_granted);
            }
            before = one.expires_at();
        }
        // Nobody is forgotten: once the source answers, it is well within a day and a bit.
        for _ in 0..10 {
            now = now.max(one.due());
            let moment = Moment { now, night: now.plus(DAY * 9), random: 0.5 };
            if let Some((ticket, act)) = one.take(&terms, moment, false) {
                let granted = Answer::Granted { lifetime: Duration::from_hours(1) };
                one.answer(ticket, if act == Act::Poll { Answer::Polled } else { granted }, &terms, moment);
            }
        }
        let well = if is_polled { UpkeepState::Polling } else { UpkeepState::Subscribed };
        prop_assert!(one.state(&terms) == well || one.state(&terms) == UpkeepState::Polling);
    }
}
