//! All contacts at one source: who is due, at what pace, and how many are in which state.
//!
//! Renewals keep alive what there is, so they go first; they are sent at one and a half times their mean
//! rate at most, which follows from what the source granted, so that subscriptions that began at the same
//! moment do not stay together. Polls are gathered: whoever is due soon is asked about in the same request.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::time::Duration;

use directory_model::id::ContactId;
use directory_model::source::Aspect;
use directory_model::timestamp::Timestamp;
use directory_model::upkeep::{Upkeep, UpkeepCounts, UpkeepState};

use super::pace::Pace;
use super::subscription::{Subscription, pause};
use super::{Act, Answer, Dice, Moment, Notice, Terms, Ticket};
use crate::schedule::Schedule;

/// How much faster than on average renewals are sent at most. With the slack of a [`Pace`], in no second
/// more than twice as many as on average.
const RENEWAL_HEADROOM: f64 = 1.5;
/// Over so much of the night resubscriptions are spread.
const NIGHT: Duration = Duration::from_hours(3);
/// A clock that shows so much less than before has stepped back.
const STEP: Duration = Duration::from_secs(5);
/// Somebody is asked to look again after this time at the latest.
pub const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// So many who are due soon are looked through for each place that is left in a request.
const LOOKED_THROUGH: usize = 4;

/// What is asked about one contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// About whom.
    pub contact: ContactId,
    /// What.
    pub act: Act,
    /// What the answer is to carry; `None` when none is waited for.
    pub ticket: Option<Ticket>,
}

#[derive(Debug)]
struct Entry {
    subscription: Subscription,
    queued: (Queue, Timestamp),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Queue {
    Renewals,
    Starts,
    Polls,
}

impl Queue {
    const ALL: [Self; 3] = [Self::Renewals, Self::Starts, Self::Polls];
}

/// The subscriptions of all contacts at one source.
#[derive(Debug)]
pub struct Keeper {
    terms: Terms,
    night: Option<Schedule>,
    next_night: Timestamp,
    /// When in the night those are asked for anew who are asked for together.
    hour: f64,
    dice: Dice,
    entries: BTreeMap<ContactId, Entry>,
    queues: [BTreeSet<(Timestamp, ContactId)>; 3],
    paces: [Pace; 3],
    leaving: BTreeSet<ContactId>,
    counts: UpkeepCounts,
    /// Renewals in a thousand million seconds, of all that are subscribed.
    rate: u64,
    /// Until when nobody is asked about, and whether the source said so.
    held: Option<(Timestamp, bool)>,
    failures: u32,
    seen: Timestamp,
}

impl Keeper {
    /// One of a source that is asked on these terms; subscriptions are made anew after each time of
    /// `night`, or every 24 hours.
    pub fn new(terms: Terms, night: Option<Schedule>, seed: u64, now: Timestamp) -> Self {
        let mut dice = Dice::new(seed);
        Self {
            terms,
            night,
            next_night: now,
            hour: dice.roll(),
            dice,
            entries: BTreeMap::new(),
            queues: Default::default(),
            paces: Default::default(),
            leaving: BTreeSet::new(),
            counts: UpkeepCounts::default(),
            rate: 0,
            held: None,
            failures: 0,
            seen: now,
        }
    }

    /// The terms.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// How many are in which state.
    pub fn counts(&self) -> UpkeepCounts {
        self.counts
    }

    /// Whether the contact is one of them.
    pub fn has(&self, contact: ContactId) -> bool {
        self.entries.contains_key(&contact)
    }

    /// All of them.
    pub fn contacts(&self) -> impl Iterator<Item = ContactId> + '_ {
        self.entries.keys().copied()
    }

    /// One more contact, who is asked about at once.
    pub fn add(&mut self, contact: ContactId, is_watched: bool, now: Timestamp) {
        if self.has(contact) {
            return;
        }
        self.leaving.remove(&contact);
        let subscription = Subscription::new(is_watched, self.moment(now));
        *self.counts.of_mut(subscription.state(&self.terms)) += 1;
        let queued = (queue_of(&subscription, &self.terms), subscription.due());
        self.queues[queued.0 as usize].insert((queued.1, contact));
        self.entries.insert(contact, Entry { subscription, queued });
    }

    /// The contact is none of them any more.
    pub fn remove(&mut self, contact: ContactId) {
        let Some(entry) = self.entries.remove(&contact) else { return };
        let Entry { subscription, queued } = entry;
        self.queues[queued.0 as usize].remove(&(queued.1, contact));
        *self.counts.of_mut(subscription.state(&self.terms)) -= 1;
        self.rate -= rate_of(&subscription);
        if !self.terms.is_polled && (subscription.expires_at().is_some() || subscription.is_asked()) {
            self.leaving.insert(contact);
        }
    }

    /// Takes the answer to an order in; `false` when nobody waits for it any more.
    pub fn answer(&mut self, contact: ContactId, ticket: Ticket, answer: Answer, now: Timestamp) -> bool {
        if !matches!(answer, Answer::Lost | Answer::Held { .. }) {
            (self.held, self.failures) = (None, 0);
        }
        let moment = self.moment(now);
        let mut is_awaited = false;
        self.change(contact, |subscription, terms| {
            is_awaited = subscription.answer(ticket, answer, terms, moment);
        });
        is_awaited
    }

    /// The source as a whole did not answer these orders: nobody is asked about before the pause is over.
    pub fn failed(&mut self, orders: &[Order], is_busy: bool, retry_after: Option<Duration>, now: Timestamp) {
        self.failures = self.failures.saturating_add(1);
        let until = now.plus(pause(self.failures, retry_after, self.dice.roll()));
        let held = (until, retry_after.is_some());
        self.held = Some(self.held.map_or(held, |before| before.max(held)));
        for order in orders {
            if let Some(ticket) = order.ticket {
                self.answer(order.contact, ticket, Answer::Held { until, is_busy }, now);
            }
        }
    }

    /// Takes in what the source says by itself about a contact.
    pub fn notice(&mut self, contact: ContactId, notice: Notice, now: Timestamp) {
        let moment = self.moment(now);
        self.change(contact, |subscription, terms| subscription.notice(notice, terms, moment));
    }

    /// The connection broke over which all of them came.
    pub fn lost(&mut self, now: Timestamp) {
        self.each(now, |subscription, terms, moment| subscription.notice(Notice::Lost, terms, moment));
    }

    /// Somebody wants the contact's subscription anew; whether there is one.
    pub fn resubscribe(&mut self, contact: ContactId, now: Timestamp) -> bool {
        let moment = self.moment(now);
        self.held = self.held.filter(|(_, is_asked)| *is_asked);
        self.change(contact, |subscription, terms| subscription.resubscribe(terms, moment))
    }

    /// Somebody wants all of them anew.
    pub fn resubscribe_all(&mut self, now: Timestamp) {
        self.held = self.held.filter(|(_, is_asked)| *is_asked);
        self.each(now, Subscription::resubscribe);
    }

    /// Somebody looks at the contact from now on, or nobody any more.
    pub fn watch(&mut self, contact: ContactId, is_watched: bool, now: Timestamp) {
        let moment = self.moment(now);
        self.change(contact, |subscription, terms| subscription.watch(is_watched, terms, moment));
    }

    /// Whether the source may be asked now at all: it is not while a pause goes on after it failed.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.held.is_none_or(|(until, _)| now >= until)
    }

    /// Until when the source will be heard again about the contact, if all goes well: at the end of the
    /// subscription, or after the third poll from now on, of which two may fail.
    pub fn counts_until(&self, contact: ContactId, now: Timestamp) -> Timestamp {
        let Some(entry) = self.entries.get(&contact) else { return now };
        let polls = entry.subscription.every(&self.terms) * 3 + self.terms.answer_within;
        match entry.subscription.expires_at() {
            Some(end) if end > now => end,
            // What comes before the first answer counts until it.
            _ if entry.subscription.state(&self.terms) == UpkeepState::Polling => now.plus(polls),
            _ => now.plus(self.terms.answer_within * 2),
        }
    }

    /// What is to be asked now in one request; nothing when nobody is due or the pace does not allow it.
    pub fn orders(&mut self, now: Timestamp) -> Vec<Order> {
        self.mind_the_clock(now);
        if !self.is_open(now) {
            return Vec::new();
        }
        let farewells = self.farewells(now);
        if !farewells.is_empty() {
            return farewells;
        }
        for queue in Queue::ALL {
            let orders = self.due(queue, now);
            if !orders.is_empty() {
                return orders;
            }
        }
        Vec::new()
    }

    /// When [`Keeper::orders`] should be asked again.
    pub fn next_look(&self, now: Timestamp) -> Timestamp {
        let latest = now.plus(LONGEST_WAIT);
        let firsts = Queue::ALL.into_iter().filter_map(|queue| {
            let (due, _) = self.queues[queue as usize].first()?;
            Some((*due).max(self.paces[queue as usize].free_at()))
        });
        let farewell = (!self.leaving.is_empty()).then(|| self.paces[Queue::Starts as usize].free_at());
        let next = firsts.chain(farewell).min().unwrap_or(latest);
        self.held.map_or(next, |(until, _)| next.max(until)).min(latest)
    }

    /// The subscriptions of up to `size` contacts from `from` on, by identity.
    pub fn page(&self, aspect: Aspect, from: Bound<ContactId>, size: usize) -> Vec<Upkeep> {
        let entries = self.entries.range((from, Bound::Unbounded)).take(size);
        let shown = |(contact, entry): (&ContactId, &Entry)| {
            let subscription = &entry.subscription;
            Upkeep {
                contact: *contact,
                aspect,
                state: subscription.state(&self.terms),
                since: subscription.since(),
                due_at: subscription.due(),
                heard_at: subscription.heard_at(),
                expires_at: subscription.expires_at(),
                reason: subscription.reason(),
                is_watched: subscription.is_watched(),
            }
        };
        entries.map(shown).collect()
    }

    /// Those of one queue who are due, as far as the pace allows, in one request.
    fn due(&mut self, queue: Queue, now: Timestamp) -> Vec<Order> {
        let mut orders = Vec::new();
        while orders.len() < self.terms.at_once {
            let Some((due, contact)) = self.queues[queue as usize].first().copied() else { break };
            if due > now {
                break;
            }
            // A request is paced, however many it is about; where each is its own, so is each of them.
            let is_along = !orders.is_empty() && self.comes_along(queue, contact);
            if !is_along && !self.paces[queue as usize].is_free(now) {
                break;
            }
            let Some(order) = self.take(contact, now, false) else { continue };
            if !is_along {
                let per_second = self.per_second(queue);
                self.paces[queue as usize].take(now, per_second);
            }
            orders.push(order);
        }
        if queue == Queue::Polls && !orders.is_empty() {
            self.gather(&mut orders, now);
        }
        orders
    }

    /// Whether the contact is asked about in the request that is being put together, instead of in one of its own.
    fn comes_along(&self, queue: Queue, contact: ContactId) -> bool {
        let next = || self.entries.get(&contact).map(|entry| entry.subscription.next_act(&self.terms));
        queue == Queue::Polls || (self.terms.is_grouped && next() == Some(Act::Subscribe))
    }

    /// Fills a request with those who are due soon.
    fn gather(&mut self, orders: &mut Vec<Order>, now: Timestamp) {
        let room = self.terms.at_once.saturating_sub(orders.len());
        let until = now.plus(self.terms.slow / 4);
        let soon = self.queues[Queue::Polls as usize].iter().take_while(|(due, _)| *due <= until);
        let soon: Vec<ContactId> = soon.take(room * LOOKED_THROUGH).map(|(_, contact)| *contact).collect();
        for contact in soon {
            if orders.len() >= self.terms.at_once {
                return;
            }
            let is_early = self
                .entries
                .get(&contact)
                .is_some_and(|entry| entry.subscription.may_be_early(&self.terms).is_some_and(|early| early <= now));
            if is_early {
                orders.extend(self.take(contact, now, true));
            }
        }
    }

    fn take(&mut self, contact: ContactId, now: Timestamp, is_early: bool) -> Option<Order> {
        let moment = self.moment(now);
        let mut taken = None;
        self.change(contact, |subscription, terms| taken = subscription.take(terms, moment, is_early));
        taken.map(|(ticket, act)| Order { contact, act, ticket: Some(ticket) })
    }

    fn farewells(&mut self, now: Timestamp) -> Vec<Order> {
        let mut orders = Vec::new();
        while orders.len() < self.terms.at_once && self.paces[Queue::Starts as usize].is_free(now) {
            let Some(contact) = self.leaving.pop_first() else { break };
            self.paces[Queue::Starts as usize].take(now, self.terms.requests_per_second);
            orders.push(Order { contact, act: Act::Unsubscribe, ticket: None });
        }
        orders
    }

    /// How many requests a second are sent out of a queue at most.
    fn per_second(&self, queue: Queue) -> f64 {
        if queue != Queue::Renewals {
            return self.terms.requests_per_second;
        }
        #[expect(clippy::cast_precision_loss, reason = "a rate need not be exact")]
        let mean = self.rate as f64 / 1e9;
        (mean * RENEWAL_HEADROOM).max(1.0)
    }

    /// Has everything asked again when the clock has stepped back.
    fn mind_the_clock(&mut self, now: Timestamp) {
        if now.plus(STEP) < std::mem::replace(&mut self.seen, now) {
            self.next_night = now;
            self.held = None;
            self.paces.iter_mut().for_each(Pace::forget);
            self.each(now, Subscription::clock_stepped);
        }
    }

    fn each(&mut self, now: Timestamp, change: impl Fn(&mut Subscription, &Terms, Moment)) {
        let contacts: Vec<ContactId> = self.contacts().collect();
        for contact in contacts {
            let moment = self.moment(now);
            self.change(contact, |subscription, terms| change(subscription, terms, moment));
        }
    }

    /// Changes one subscription, and keeps count and order right; whether there is one.
    fn change(&mut self, contact: ContactId, change: impl FnOnce(&mut Subscription, &Terms)) -> bool {
        let Some(entry) = self.entries.get_mut(&contact) else { return false };
        let (state, rate) = (entry.subscription.state(&self.terms), rate_of(&entry.subscription));
        change(&mut entry.subscription, &self.terms);
        *self.counts.of_mut(state) -= 1;
        *self.counts.of_mut(entry.subscription.state(&self.terms)) += 1;
        self.rate = self.rate - rate + rate_of(&entry.subscription);
        let queued = (queue_of(&entry.subscription, &self.terms), entry.subscription.due());
        let before = std::mem::replace(&mut entry.queued, queued);
        if before != queued {
            self.queues[before.0 as usize].remove(&(before.1, contact));
            self.queues[queued.0 as usize].insert((queued.1, contact));
        }
        true
    }

    fn moment(&mut self, now: Timestamp) -> Moment {
        if now >= self.next_night {
            let tomorrow = || now.plus(Duration::from_hours(24));
            let next = self.night.as_ref().and_then(|night| night.next_after(now));
            self.next_night = next.filter(|next| *next > now).unwrap_or_else(tomorrow);
        }
        let hour = if self.terms.is_grouped { self.hour } else { self.dice.roll() };
        let night = self.next_night.plus(NIGHT.mul_f64(hour));
        Moment { now, night, random: self.dice.roll() }
    }
}

fn queue_of(subscription: &Subscription, terms: &Terms) -> Queue {
    match subscription.next_act(terms) {
        Act::Renew => Queue::Renewals,
        Act::Poll if terms.is_polled => Queue::Polls,
        // Comparing a subscription, or asking where there are too many, costs a request each as well.
        Act::Subscribe | Act::Unsubscribe | Act::Poll => Queue::Starts,
    }
}

/// Its renewals in a thousand million seconds.
fn rate_of(subscription: &Subscription) -> u64 {
    let between = |interval: Duration| 1_000_000_000_000_u128 / interval.as_millis().max(1);
    subscription.mean_interval().map_or(0, |interval| u64::try_from(between(interval)).unwrap_or(0))
}
