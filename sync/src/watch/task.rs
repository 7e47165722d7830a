//! Asks one source about one aspect of everybody whom it may know, until it is told to end.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use directory_model::id::ContactId;
use directory_model::port::BoxFuture;
use directory_model::run::RunProblem;
use directory_model::timestamp::Timestamp;
use futures_util::FutureExt;
use futures_util::stream::{FuturesUnordered, StreamExt};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::connector::{Ask, Connector, News, Outcome, Statement, Trouble, Who};
use super::people;
use super::shared::{Inbox, Shared};
use super::told::{Heard, Told};
use super::{Parts, Watched};
use crate::upkeep::keeper::Order;
use crate::upkeep::{Act, Answer, Refusal};

/// How many requests are out at once.
const AT_ONCE: usize = 4;
/// How much news is taken in before anything else is looked at.
const NEWS_AT_ONCE: usize = 500;
/// A subscription's word counts for so long after it has expired: renewals take a moment.
const SLACK: Duration = Duration::from_secs(30);
/// Nothing is looked at more often.
const SHORTEST_WAIT: Duration = Duration::from_millis(20);
/// When the store does not answer it is asked again after this time.
const STORE_PAUSE: Duration = Duration::from_secs(5);

/// One source, one aspect.
pub(super) struct Task {
    parts: Arc<Parts>,
    watched: Arc<Watched>,
    shared: Arc<Shared>,
    people: HashMap<ContactId, Who>,
    interest: Arc<HashSet<ContactId>>,
    told: Told,
    connector: Option<Arc<dyn Connector>>,
    cancel: CancellationToken,
}

/// What came of one request.
type Done = (Vec<Order>, Result<Vec<Outcome>, Trouble>);

impl Task {
    pub(super) fn new(
        parts: Arc<Parts>,
        watched: Arc<Watched>,
        shared: Arc<Shared>,
        cancel: CancellationToken,
    ) -> Self {
        let told = Told::new(watched.source.id, watched.aspect.kind());
        let (people, interest) = (HashMap::new(), Arc::default());
        Self { parts, watched, shared, people, interest, told, connector: None, cancel }
    }

    /// Asks until it is cancelled; what was said is over then if the source is not to be asked any more.
    pub(super) async fn run(mut self) {
        let mut out: FuturesUnordered<BoxFuture<'static, Done>> = FuturesUnordered::new();
        loop {
            self.look_after_people().await;
            self.see_who_is_watched();
            self.ask(&mut out);
            let now = self.parts.clock.now();
            let turned = self.told.turn(now);
            self.offer(turned.into());
            let wait = self.wait(now, out.len());
            let connector = self.connector.clone();
            tokio::select! {
                () = self.cancel.cancelled() => break,
                Some(done) = out.next(), if !out.is_empty() => self.done(done),
                news = news(connector.as_deref()) => self.all_news(news, connector.as_deref()),
                () = self.shared.wake.notified() => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
        if self.shared.is_over() {
            let now = self.parts.clock.now();
            for contact in self.told.contacts() {
                let over = self.told.forget(contact, now);
                self.offer(over);
            }
        }
    }

    /// Takes in who came, changed and went.
    async fn look_after_people(&mut self) {
        let looked = match self.shared.take_inbox() {
            Inbox::Nothing => return,
            Inbox::Some(contacts) => match people::some(&self.parts, &self.watched, contacts.clone()).await {
                Ok(found) => Ok((contacts, found)),
                Err(reason) => Err((Inbox::Some(contacts), reason)),
            },
            Inbox::All => match people::all(&self.parts, &self.watched).await {
                // Whoever is not among them any more has gone.
                Ok(found) => Ok((self.people.keys().copied().collect(), found)),
                Err(reason) => Err((Inbox::All, reason)),
            },
        };
        match looked {
            Ok((asked, found)) => self.settle(asked, found),
            Err((inbox, reason)) => {
                warn!(source.id = %self.watched.source.id, %reason, "whom a source knows could not be read");
                self.shared.put_back(inbox);
                tokio::select! {
                    () = self.cancel.cancelled() => {}
                    () = tokio::time::sleep(STORE_PAUSE) => {}
                }
            }
        }
    }

    fn settle(&mut self, asked: BTreeSet<ContactId>, found: HashMap<ContactId, Who>) {
        let now = self.parts.clock.now();
        let gone: Vec<ContactId> = asked.into_iter().filter(|contact| !found.contains_key(contact)).collect();
        let mut keeper = self.shared.keeper();
        for contact in &gone {
            self.people.remove(contact);
            keeper.remove(*contact);
        }
        for (contact, who) in found {
            match self.people.insert(contact, who.clone()) {
                None => keeper.add(contact, self.interest.contains(&contact), now),
                // Under another name it is another subscription.
                Some(before) if before != who => drop(keeper.resubscribe(contact, now)),
                Some(_) => {}
            }
        }
        drop(keeper);
        for contact in gone {
            let over = self.told.forget(contact, now);
            self.offer(over);
        }
    }

    fn see_who_is_watched(&mut self) {
        let interest = self.shared.interest();
        if Arc::ptr_eq(&interest, &self.interest) {
            return;
        }
        let (now, mut keeper) = (self.parts.clock.now(), self.shared.keeper());
        for contact in interest.difference(&self.interest) {
            keeper.watch(*contact, true, now);
        }
        for contact in self.interest.difference(&interest) {
            keeper.watch(*contact, false, now);
        }
        drop(keeper);
        self.interest = interest;
    }

    /// Sends what is due, as far as there is room.
    fn ask(&mut self, out: &mut FuturesUnordered<BoxFuture<'static, Done>>) {
        while out.len() < AT_ONCE {
            let now = self.parts.clock.now();
            let Some(connector) = self.connected(now) else { return };
            let orders = self.shared.keeper().orders(now);
            if orders.is_empty() {
                return;
            }
            let who = |order: &Order| self.people.get(&order.contact).cloned();
            let asks: Vec<Ask> = orders.iter().map(|order| Ask { order: *order, who: who(order) }).collect();
            let patience = self.shared.keeper().terms().answer_within;
            out.push(Box::pin(async move {
                let answered = tokio::time::timeout(patience, connector.ask(&asks, now)).await;
                (orders, answered.unwrap_or_else(|_| Err(no_answer(patience))))
            }));
        }
    }

    fn connected(&mut self, now: Timestamp) -> Option<Arc<dyn Connector>> {
        if self.connector.is_none() && self.shared.keeper().is_open(now) {
            let Watched { tenant, source, secret, aspect } = &*self.watched;
            match self.parts.connectors.connect(*tenant, source, secret.as_ref(), *aspect) {
                Ok(connector) => self.connector = Some(Arc::from(connector)),
                Err(trouble) => self.failed(&[], trouble, now),
            }
        }
        self.connector.clone()
    }

    fn done(&mut self, (orders, answered): Done) {
        let now = self.parts.clock.now();
        match answered {
            Ok(outcomes) => {
                self.shared.answered(now);
                let mut waiting: HashMap<ContactId, Order> =
                    orders.into_iter().map(|order| (order.contact, order)).collect();
                for outcome in outcomes {
                    if waiting.get(&outcome.order.contact) == Some(&outcome.order) {
                        waiting.remove(&outcome.order.contact);
                        self.outcome(outcome, now);
                    }
                }
                for order in waiting.into_values() {
                    self.outcome(Outcome { order, answer: Answer::Lost, said: None }, now);
                }
            }
            Err(trouble) => self.failed(&orders, trouble, now),
        }
    }

    fn outcome(&mut self, outcome: Outcome, now: Timestamp) {
        let Outcome { order, answer, said } = outcome;
        let contact = order.contact;
        let Some(ticket) = order.ticket else { return };
        // What was not heard of by itself is not heard any more.
        let is_unheard = said.as_ref().is_some_and(|said| self.told.differs(contact, said));
        let answer = if answer == Answer::Polled && is_unheard { Answer::Differs } else { answer };
        let is_awaited = self.shared.keeper().answer(contact, ticket, answer, now);
        if !is_awaited {
            return;
        }
        // A subscription that is not known any more is made anew: that says nothing about the person.
        let says_nothing = |refusal| match refusal {
            Refusal::NotKnown => order.act != Act::Renew,
            Refusal::Rejected => true,
            Refusal::Limited | Refusal::Busy | Refusal::Unreadable => false,
        };
        match (said, answer) {
            (Some(said), _) => self.hear(contact, said, now),
            (None, Answer::Granted { .. } | Answer::Polled) if self.told.has_said(contact) => {
                let until = self.counts_until(contact, now);
                let repeated = self.told.repeat(contact, now, until);
                self.offer(repeated);
            }
            (None, Answer::Refused { refusal, .. }) if says_nothing(refusal) => {
                let over = self.told.forget(contact, now);
                self.offer(over);
            }
            (None, _) => {}
        }
    }

    fn all_news(&mut self, first: News, connector: Option<&dyn Connector>) {
        self.news(first);
        for _ in 1..NEWS_AT_ONCE {
            let Some(next) = news(connector).now_or_never() else { return };
            self.news(next);
        }
    }

    fn news(&mut self, news: News) {
        let now = self.parts.clock.now();
        let News { contact, notice, said } = news;
        let Some(contact) = contact else {
            return self.shared.keeper().lost(now);
        };
        if !self.people.contains_key(&contact) {
            return;
        }
        self.shared.answered(now);
        self.shared.keeper().notice(contact, notice, now);
        if let Some(said) = said {
            self.hear(contact, said, now);
        }
    }

    fn hear(&mut self, contact: ContactId, said: Statement, now: Timestamp) {
        let until = self.counts_until(contact, now);
        let heard = self.told.hear(contact, said, now, until);
        self.offer(heard);
    }

    /// Until when a state counts that is heard now.
    fn counts_until(&self, contact: ContactId, now: Timestamp) -> Timestamp {
        self.shared.keeper().counts_until(contact, now).plus(SLACK)
    }

    fn failed(&mut self, orders: &[Order], trouble: Trouble, now: Timestamp) {
        let Trouble { is_busy, retry_after, problem } = trouble;
        info!(source.id = %self.watched.source.id, aspect = self.watched.aspect.word(), %problem,
            "a source says nothing about presence");
        self.shared.keeper().failed(orders, is_busy, retry_after, now);
        self.shared.failed(problem);
    }

    fn offer(&self, heard: Heard) {
        let Heard { claims, notes } = heard;
        for claim in claims {
            self.parts.sink.offer(self.watched.tenant, claim);
        }
        if let Some(notes) = notes {
            self.parts.sink.note(self.watched.tenant, notes);
        }
    }

    /// For how long there is nothing to do.
    fn wait(&self, now: Timestamp, out: usize) -> Duration {
        let look = (out < AT_ONCE).then(|| self.shared.keeper().next_look(now));
        let next = look.into_iter().chain(self.told.next_turn()).min();
        let longest = crate::upkeep::keeper::LONGEST_WAIT;
        next.map_or(longest, |next| next.since(now)).clamp(SHORTEST_WAIT, longest)
    }
}

/// A source that neither answers nor says that it does not must not keep others from being asked about.
fn no_answer(patience: Duration) -> Trouble {
    let detail = format!("no answer within {} seconds", patience.as_secs());
    Trouble { is_busy: false, retry_after: None, problem: RunProblem::CutShort { read: 0, detail } }
}

async fn news(connector: Option<&dyn Connector>) -> News {
    match connector {
        Some(connector) => pin!(connector.news()).await,
        None => std::future::pending().await,
    }
}
