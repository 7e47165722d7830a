//! Many contacts at one source, in time that passes as fast as it is counted.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use directory_model::id::{ContactId, CountedIds};
use directory_model::source::Aspect;

use super::*;
use crate::schedule::Schedule;
use crate::upkeep::keeper::{Keeper, Order};

/// How far time passes at once.
const TICK: Duration = Duration::from_millis(250);

fn keeper(terms: Terms) -> Keeper {
    // 02:00 is 16 hours and a half after second 0.
    Keeper::new(terms, Schedule::new("0 2 * * *", "UTC").ok(), 7, at(0))
}

fn contacts(count: usize) -> Vec<ContactId> {
    let ids = CountedIds::default();
    (0..count).map(|_| ContactId::new(&ids)).collect()
}

fn everything(keeper: &mut Keeper, now: Timestamp) -> Vec<Order> {
    let mut all = Vec::new();
    loop {
        let orders = keeper.orders(now);
        if orders.is_empty() {
            return all;
        }
        all.extend(orders);
    }
}

/// Lets a source that grants an hour be asked from `from` to `to`, in seconds; says what was asked in each
/// second.
fn pass(keeper: &mut Keeper, from: u64, to: u64, granted: Duration) -> Vec<[usize; 2]> {
    let mut seconds = Vec::new();
    let (mut now, end) = (at(from), at(to));
    while now < end {
        let mut asked = [0; 2];
        for _ in 0..4 {
            for order in everything(keeper, now) {
                asked[usize::from(order.act == Act::Renew)] += 1;
                if let Some(ticket) = order.ticket {
                    let answer = match order.act {
                        Act::Poll => Answer::Polled,
                        _ => Answer::Granted { lifetime: granted },
                    };
                    assert!(keeper.answer(order.contact, ticket, answer, now), "each answer is waited for");
                    // A grant is followed by a notice (RFC 6665, 4.2.1.2).
                    keeper.notice(order.contact, Notice::Heard, now);
                }
            }
            now = now.plus(TICK);
        }
        seconds.push(asked);
    }
    seconds
}

/// 100,000 subscriptions of an hour, all wanted at the same moment, for 20 hours with a night in them.
#[test]
fn a_hundred_thousand_are_renewed_without_a_burst() {
    const COUNT: usize = 100_000;
    let mut keeper = keeper(terms());
    for contact in contacts(COUNT) {
        keeper.add(contact, false, at(0));
    }

    let first = pass(&mut keeper, 0, 600, Duration::from_hours(1));

    // Asked for as fast as the source is asked at all, and nobody is left out.
    assert!(first.iter().all(|asked| asked[0] <= 251), "{:?}", first.iter().max());
    assert_eq!(keeper.counts().subscribed, COUNT as u64);

    let asked = pass(&mut keeper, 600, 20 * 3600, Duration::from_hours(1));

    let renewals: usize = asked.iter().map(|asked| asked[1]).sum();
    let all: usize = asked.iter().map(|asked| asked[0] + asked[1]).sum();
    // Of the first 30 minutes the first renewals have still to come.
    let mean = all / (asked.len() - 1200);
    let most = asked.iter().map(|asked| asked[0] + asked[1]).max().unwrap_or_default();
    assert!((40..=60).contains(&mean), "{mean} a second, {renewals} renewals");
    assert!(most <= 2 * mean, "{most} in one second, {mean} on average");
    assert_eq!(keeper.counts().subscribed, COUNT as u64, "nobody expired");
    // By night each was made anew, once.
    let anew: usize = asked.iter().map(|asked| asked[0]).sum();
    assert!((COUNT..=COUNT + COUNT / 100).contains(&anew), "{anew}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// However many there are and whatever was granted: no burst in any second, no renewal before half of the lifetime,
    /// and, once the first of them have come apart, hardly one after four fifths of it.
    #[test]
    fn renewals_keep_to_their_share_of_the_lifetime_and_to_their_pace(
        count in 50_usize..2500,
        lifetime in 120_u64..1800,
        seed in any::<u64>(),
    ) {
        let granted = Duration::from_secs(lifetime);
        let mut keeper = Keeper::new(Terms { stale_after: DAY, ..terms() }, None, seed, at(0));
        for contact in contacts(count) {
            keeper.add(contact, false, at(0));
        }
        let settled = at(0).plus(4 * granted);
        let (mut since, mut shares, mut ticks) = (BTreeMap::new(), Vec::new(), Vec::new());
        let mut now = at(0);
        while now < at(0).plus(8 * granted) {
            let mut renewed = 0_u32;
            for order in everything(&mut keeper, now) {
                let begun = since.insert(order.contact, now);
                prop_assert_eq!(order.act, if begun.is_some() { Act::Renew } else { Act::Subscribe }, "nobody expired");
                if let Some(begun) = begun {
                    renewed += 1;
                    shares.push((now >= settled, now.since(begun).as_secs_f64() / granted.as_secs_f64()));
                }
                let ticket = order.ticket.expect("an answer is waited for");
                keeper.answer(order.contact, ticket, Answer::Granted { lifetime: granted }, now);
            }
            ticks.push(renewed);
            now = now.plus(TICK);
        }

        #[expect(clippy::cast_precision_loss, reason = "a rate need not be exact")]
        let mean = count as f64 / (granted.as_secs_f64() * 0.65);
        let most = ticks.windows(4).map(|second| second.iter().sum::<u32>()).max().unwrap_or_default();
        prop_assert!(f64::from(most) <= (2.0 * mean).max(1.0) + 1.0, "{} in one second, {} on average", most, mean);
        prop_assert!(shares.iter().all(|(_, share)| (0.5..1.0).contains(share)));
        let later: Vec<f64> = shares.iter().filter(|(is_settled, _)| *is_settled).map(|(_, share)| *share).collect();
        // A tick is as late as it is.
        let latest = 0.8 + 1.0 / granted.as_secs_f64();
        let late = later.iter().filter(|share| **share > latest).count();
        prop_assert!(late * 20 <= later.len(), "{} of {} were late", late, later.len());
        let early = later.iter().filter(|share| **share < 0.65).count();
        prop_assert!((later.len() / 3..=later.len() * 2 / 3).contains(&early), "they are spread: {} of {}", early, later.len());
    }
}

#[test]
fn when_the_source_is_back_all_are_asked_for_at_its_pace() {
    const COUNT: usize = 10_000;
    let mut keeper = keeper(terms());
    for contact in contacts(COUNT) {
        keeper.add(contact, false, at(0));
    }
    pass(&mut keeper, 0, 600, Duration::from_hours(1));

    keeper.lost(at(600));
    assert_eq!(keeper.counts().waiting_to_retry, COUNT as u64);
    let asked = pass(&mut keeper, 600, 700, Duration::from_hours(1));

    assert_eq!(keeper.counts().subscribed, COUNT as u64);
    assert!(asked.iter().all(|asked| asked[0] <= 251), "{asked:?}");
}

#[test]
fn polls_are_gathered_and_those_at_whom_somebody_looks_come_more_often() {
    const COUNT: usize = 2000;
    let mut keeper = keeper(polled());
    let all = contacts(COUNT);
    for (place, contact) in all.iter().enumerate() {
        keeper.add(*contact, place < 20, at(0));
    }
    let (mut requests, mut of_each): (usize, BTreeMap<ContactId, usize>) = (0, BTreeMap::new());
    let mut now = at(0);
    while now < at(3600) {
        loop {
            let orders = keeper.orders(now);
            if orders.is_empty() {
                break;
            }
            requests += 1;
            assert!(orders.len() <= 650 && orders.iter().all(|order| order.act == Act::Poll));
            let named: BTreeSet<ContactId> = orders.iter().map(|order| order.contact).collect();
            assert_eq!(named.len(), orders.len(), "nobody is named twice");
            for order in orders {
                *of_each.entry(order.contact).or_default() += 1;
                keeper.answer(order.contact, order.ticket.expect("an answer is waited for"), Answer::Polled, now);
            }
        }
        now = now.plus(TICK);
    }

    let times = |place: usize| of_each.get(&all[place]).copied().unwrap_or_default();
    assert!((0..20).all(|place| times(place) >= 105), "{}", times(0));
    assert!((20..COUNT).all(|place| (11..=18).contains(&times(place))), "{:?}", of_each.values().max());
    // One request for all of them would be 2,000 / 650, twelve times an hour; each fast one takes slow ones along.
    assert!(requests < 12 * 4 + 170, "{requests} requests");
}

#[test]
fn a_source_that_fails_as_a_whole_is_left_alone_and_then_asked_about_everybody() {
    let mut keeper = keeper(polled());
    for contact in contacts(2000) {
        keeper.add(contact, false, at(0));
    }
    let orders = keeper.orders(at(0));
    keeper.failed(&orders, true, Some(Duration::from_mins(1)), at(0));

    assert_eq!(keeper.counts().waiting_to_retry, 650);
    assert!(keeper.orders(at(59)).is_empty());
    assert!(keeper.next_look(at(1)) >= at(31) && keeper.next_look(at(59)) <= at(66));
    // Who wants it anew does not overrule the source.
    keeper.resubscribe_all(at(59));
    assert!(keeper.orders(at(59)).is_empty());
    let again = everything(&mut keeper, at(67));
    assert!(again.len() >= 650, "{}", again.len());
    for order in again {
        keeper.answer(order.contact, order.ticket.expect("a ticket"), Answer::Polled, at(67));
    }
    pass(&mut keeper, 68, 80, Duration::ZERO);
    assert_eq!(keeper.counts().polling, 2000);
}

#[test]
fn who_goes_is_said_goodbye_to_and_counted_no_more() {
    let mut keeper = keeper(terms());
    let all = contacts(3);
    for contact in &all {
        keeper.add(*contact, false, at(0));
    }
    pass(&mut keeper, 0, 2, Duration::from_hours(1));

    keeper.remove(all[1]);
    keeper.remove(all[1]);

    assert_eq!((keeper.counts().total(), keeper.counts().subscribed), (2, 2));
    let orders = everything(&mut keeper, at(3));
    assert_eq!(orders, [Order { contact: all[1], act: Act::Unsubscribe, ticket: None }]);
    assert!(!keeper.resubscribe(all[1], at(3)) && keeper.resubscribe(all[0], at(3)));
    let page = keeper.page(Aspect::Presence, Bound::Excluded(all[0]), 10);
    assert_eq!(page.iter().map(|one| one.contact).collect::<Vec<_>>(), [all[2]]);
}

#[test]
fn a_clock_that_steps_back_has_everything_asked_again_within_minutes() {
    let mut keeper = keeper(terms());
    for contact in contacts(100) {
        keeper.add(contact, false, at(20_000));
    }
    pass(&mut keeper, 20_000, 20_010, Duration::from_hours(1));

    let asked = pass(&mut keeper, 10_000, 10_120, Duration::from_hours(1));

    assert_eq!(asked.iter().map(|asked| asked[1]).sum::<usize>(), 100);
    assert_eq!(keeper.counts().subscribed, 100);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn whatever_the_source_answers_nobody_is_lost_and_the_counts_hold(
        is_polled in any::<bool>(),
        steps in proptest::collection::vec((0_usize..8, answer(), 0_u64..4000, any::<bool>()), 1..60),
    ) {
        let mut keeper = keeper(if is_polled { polled() } else { terms() });
        let all = contacts(8);
        let mut now = at(0);
        let mut out: BTreeMap<ContactId, Timestamp> = BTreeMap::new();
        for contact in &all {
            keeper.add(*contact, false, now);
        }
        for (which, answer, pass, is_whole) in steps {
            now = now.plus(Duration::from_secs(pass));
            let orders = keeper.orders(now);
            for order in &orders {
                let until = now.plus(keeper.terms().answer_within);
                prop_assert!(out.insert(order.contact, until).is_none_or(|by| by <= now), "two requests are out");
            }
            if is_whole {
                keeper.failed(&orders, false, None, now);
                for order in &orders {
                    out.remove(&order.contact);
                }
            } else {
                for order in orders.iter().filter(|order| order.contact != all[which]) {
                    keeper.answer(order.contact, order.ticket.expect("a ticket"), answer, now);
                    out.remove(&order.contact);
                }
            }
            prop_assert_eq!(keeper.counts().total(), 8);
            prop_assert!(keeper.next_look(now) <= now.plus(Duration::from_secs(30)));
            let mut counted = directory_model::upkeep::UpkeepCounts::default();
            keeper.page(Aspect::Presence, Bound::Unbounded, 9).iter().for_each(|one| *counted.of_mut(one.state) += 1);
            prop_assert_eq!(counted, keeper.counts());
        }
    }
}

/// Where one request subscribes to a hundred: asked for a hundred at a time, also by night, but renewed one by one.
#[test]
fn those_who_are_subscribed_to_together_are_asked_for_together() {
    let terms = Terms { is_grouped: true, at_once: 100, requests_per_second: 5.0, ..terms() };
    let mut keeper = keeper(terms);
    for contact in contacts(950) {
        keeper.add(contact, false, at(0));
    }
    let (mut groups, mut renewed) = (Vec::new(), 0);
    let mut now = at(0);
    while now < at(20 * 3600) {
        loop {
            let orders = keeper.orders(now);
            if orders.is_empty() {
                break;
            }
            let starts = orders.iter().filter(|order| order.act == Act::Subscribe).count();
            assert!(starts == 0 || starts == orders.len());
            renewed += orders.len() - starts;
            if starts > 0 {
                groups.push((now, starts));
            }
            for order in orders {
                let ticket = order.ticket.expect("an answer is waited for");
                keeper.answer(order.contact, ticket, Answer::Granted { lifetime: Duration::from_mins(30) }, now);
                keeper.notice(order.contact, Notice::Heard, now);
            }
        }
        now = now.plus(TICK);
    }

    let sizes: Vec<usize> = groups.iter().map(|(_, size)| *size).collect();
    assert_eq!(
        sizes,
        [100, 100, 100, 100, 100, 100, 100, 100, 100, 50].repeat(2),
        "once at the start and once by night"
    );
    let paces = groups.windows(2).filter(|pair| pair[1].0.since(pair[0].0) < Duration::from_millis(150)).count();
    assert!(paces <= 6, "at most the slack of the pace is sent at once: {groups:?}");
    assert!(renewed > 950 * 40, "{renewed}");
    assert_eq!(keeper.counts().subscribed, 950);
}
