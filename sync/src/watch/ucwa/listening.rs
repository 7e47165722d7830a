//! Listens to the event channel of one application, and reads what has changed.
//!
//! The next request for events is out before the last answer is looked at, as the server wants it. A channel that breaks
//! is asked again where it was, so nothing is missed; an answer *resync* means that something may have been, so everybody
//! is read anew; after *resume* the subscriptions are gone.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use directory_model::clock::Clock;
use directory_model::id::ContactId;
use directory_model::port::BoxFuture;
use directory_model::presence::SourceNote;
use directory_model::source::Publishing;
use directory_source::SourceError;
use directory_source::ucwa::{Batch, Event, Facet, Known, Next, Refused, Stated, Subscription, Url};
use futures_util::stream::{FuturesUnordered, StreamExt};
use serde_json::Value;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, sleep_until};
use tracing::debug;

use super::super::connector::News;
use super::publishing::{Deed, Publisher};
use super::{AT_ONCE, Account, Way, ended, statement};
use crate::upkeep::Notice;

/// How much waits to be read; of more, whoever is not told of is found by comparing.
const MAX_WAITING: usize = 20_000;
/// How often a channel that breaks is asked again before the application counts as lost.
const MAX_BREAKS: u32 = 4;
/// How often somebody else may take the channel over before the application is left to them.
const MAX_REPLACED: u32 = 2;
/// A channel that has nothing to tell and says so at once is left alone for so long.
const IDLE: Duration = Duration::from_secs(1);
/// The longest pause that the server is granted; if it wants a longer one, it will have forgotten the application.
const LONGEST_PAUSE: Duration = Duration::from_mins(5);
/// How often it is looked at what is to be said of the account.
const LOOK: Duration = Duration::from_secs(5);

/// The task of one application.
pub(super) struct Listening {
    way: Arc<Way>,
    clock: Arc<dyn Clock>,
    out: mpsc::Sender<News>,
    account: Arc<Account>,
    publisher: Publisher,
    heard: HashMap<ContactId, Heard>,
    waiting: VecDeque<Name>,
    wishes: HashMap<Name, Wish>,
    reading: HashSet<Name>,
    breaks: u32,
    replaced: u32,
    /// Nothing is read before.
    held: Option<Instant>,
}

/// What was heard of somebody last.
#[derive(Debug, Default)]
struct Heard {
    stated: Option<Stated>,
    note: Option<SourceNote>,
    is_stated: bool,
}

/// Names what is to be done, so that it waits once.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Name {
    Facet(Url),
    Contact(ContactId),
    Subscription(Url),
}

/// What is to be done.
#[derive(Debug, Clone)]
enum Wish {
    /// To read what has changed of a contact.
    Read { contact: Url, what: Facet, at: Url, embedded: Option<Value> },
    /// To read all of somebody who may have been missed.
    Compare(ContactId),
    /// To have a subscription go on that will expire sooner than it should.
    Extend(Subscription),
}

/// What came of it.
enum Done {
    Stated(ContactId, Option<Stated>),
    Noted(ContactId, Option<SourceNote>),
    Known(ContactId, Known),
    Extended(Subscription),
    Nobody,
}

type Reading = BoxFuture<'static, (Name, Wish, Result<Done, Refused>)>;
type Listened = (Url, Instant, Result<Batch, Refused>);

impl Listening {
    pub(super) fn new(
        way: Arc<Way>,
        clock: Arc<dyn Clock>,
        out: mpsc::Sender<News>,
        account: Arc<Account>,
        mode: Publishing,
    ) -> Self {
        let (heard, waiting, wishes, reading) = Default::default();
        let publisher = Publisher::new(mode);
        Self {
            way,
            clock,
            out,
            account,
            publisher,
            heard,
            waiting,
            wishes,
            reading,
            breaks: 0,
            replaced: 0,
            held: None,
        }
    }

    /// Listens until the application is lost.
    pub(super) async fn run(mut self, channel: Url) {
        let lost = self.way.lost.clone();
        let why = tokio::select! {
            () = lost.cancelled() => None,
            why = self.listen(channel) => Some(why),
        };
        if let Some(refused) = why {
            debug!(?refused, "an application at a server is lost");
        }
        lost.cancel();
        let _ = self.out.send(News { contact: None, notice: Notice::Lost, said: None }).await;
    }

    /// Why the application is lost.
    async fn listen(&mut self, channel: Url) -> Refused {
        let mut listening = self.next(channel, Duration::ZERO);
        let mut reading: FuturesUnordered<Reading> = FuturesUnordered::new();
        let mut telling: Option<BoxFuture<'static, (Deed, Result<(), Refused>)>> = None;
        let mut look = Instant::now();
        loop {
            while reading.len() < AT_ONCE && self.held.is_none() {
                let Some((name, wish)) = self.take() else { break };
                reading.push(self.read(name, wish));
            }
            if telling.is_none() && Instant::now() >= look {
                look = Instant::now() + LOOK;
                telling = self.tell();
            }
            let held = self.held.unwrap_or_else(|| Instant::now() + LOOK);
            tokio::select! {
                listened = &mut listening => match self.listened(listened).await {
                    Ok((channel, pause)) => listening = self.next(channel, pause),
                    Err(refused) => return refused,
                },
                Some((name, wish, done)) = reading.next(), if !reading.is_empty() => {
                    self.reading.remove(&name);
                    match done {
                        Ok(done) => self.done(done).await,
                        Err(refused @ Refused::Lost(_)) => return refused,
                        Err(refused) => self.failed(name, wish, refused).await,
                    }
                }
                Some((deed, told)) = maybe(telling.as_mut()) => {
                    telling = None;
                    // What is to be told next is told at once.
                    look = Instant::now();
                    if let Err(refused) = &told {
                        debug!(?deed, ?refused, "what was to be said of an account was not");
                    }
                    self.publisher.done(deed, told.as_ref().copied(), Instant::now());
                }
                () = sleep_until(held), if self.held.is_some() => self.held = None,
                () = sleep_until(look), if telling.is_none() => {}
            }
        }
    }

    fn next(&self, channel: Url, pause: Duration) -> BoxFuture<'static, Listened> {
        let way = Arc::clone(&self.way);
        Box::pin(async move {
            sleep(pause).await;
            let since = Instant::now();
            let listened = way.agent.listen(&channel).await;
            (channel, since, listened)
        })
    }

    /// Where the channel goes on, and after which pause.
    async fn listened(&mut self, (channel, since, listened): Listened) -> Result<(Url, Duration), Refused> {
        let batch = match listened {
            Ok(batch) => batch,
            Err(refused) => return self.broken(refused).map(|pause| (channel, pause)),
        };
        (self.breaks, self.replaced) = (0, 0);
        let is_idle = batch.events.is_empty() && since.elapsed() < IDLE;
        let pause = if is_idle { IDLE } else { Duration::ZERO };
        let next = match batch.next {
            Next::Next(url) => url,
            Next::Resync(url) => {
                let members = self.way.groups().members();
                for member in members {
                    self.wish(Name::Contact(member), Wish::Compare(member));
                }
                url
            }
            Next::Resume(url) => {
                let members = self.way.groups().end_all();
                for contact in members {
                    let news = News { contact: Some(contact), notice: Notice::Resubscribe, said: None };
                    let _ = self.out.send(news).await;
                }
                self.way.agent.on_terms(url)
            }
        };
        for event in batch.events {
            self.event(event).await;
        }
        self.forget_others();
        Ok((next, pause))
    }

    /// After which pause a channel that broke is asked again.
    fn broken(&mut self, refused: Refused) -> Result<Duration, Refused> {
        let (is_over, asked) = match &refused {
            Refused::Replaced => {
                self.replaced += 1;
                (self.replaced >= MAX_REPLACED, None)
            }
            // The connection broke, which says nothing about the application.
            Refused::Lost(SourceError::Unreachable { .. }) => (false, None),
            Refused::Busy(busy) => (false, busy.retry_after),
            _ => (true, None),
        };
        self.breaks += 1;
        if is_over || self.breaks > MAX_BREAKS {
            return Err(refused);
        }
        Ok(asked.unwrap_or(Duration::from_secs(1 << (self.breaks - 1))).min(LONGEST_PAUSE))
    }

    async fn event(&mut self, event: Event) {
        match event {
            Event::Contact { contact, what, at, embedded } => {
                self.wish(Name::Facet(at.clone()), Wish::Read { contact, what, at, embedded });
            }
            Event::Expiring(url) => {
                let subscription = self.way.groups().at(&url);
                if let Some(subscription) = subscription {
                    self.wish(Name::Subscription(url), Wish::Extend(subscription));
                }
            }
            Event::Ended(url) => {
                let subscription = self.way.groups().at(&url);
                if let Some(subscription) = subscription {
                    self.end(&subscription).await;
                }
            }
        }
    }

    async fn end(&self, subscription: &Subscription) {
        let members = self.way.groups().end(subscription);
        for contact in members {
            ended(&self.out, contact).await;
        }
    }

    fn wish(&mut self, name: Name, wish: Wish) {
        if self.wishes.len() >= MAX_WAITING && !self.wishes.contains_key(&name) {
            return;
        }
        if self.wishes.insert(name.clone(), wish).is_none() {
            self.waiting.push_back(name);
        }
    }

    /// What is to be done next: nothing that is being done, or the older answer might be the last.
    fn take(&mut self) -> Option<(Name, Wish)> {
        for _ in 0..self.waiting.len().min(AT_ONCE + 1) {
            let name = self.waiting.pop_front()?;
            if self.reading.contains(&name) {
                self.waiting.push_back(name);
                continue;
            }
            if let Some(wish) = self.wishes.remove(&name) {
                self.reading.insert(name.clone());
                return Some((name, wish));
            }
        }
        None
    }

    fn read(&self, name: Name, wish: Wish) -> Reading {
        let way = Arc::clone(&self.way);
        Box::pin(async move {
            let done = carry_out(&way, &wish).await;
            (name, wish, done)
        })
    }

    async fn done(&mut self, done: Done) {
        let contact = match done {
            Done::Stated(contact, stated) => {
                let heard = self.heard.entry(contact).or_default();
                (heard.stated, heard.is_stated) = (stated, true);
                contact
            }
            Done::Noted(contact, note) => {
                self.heard.entry(contact).or_default().note = note;
                contact
            }
            Done::Known(contact, Known { stated, note }) => {
                self.heard.insert(contact, Heard { stated, note, is_stated: true });
                contact
            }
            Done::Extended(subscription) => {
                let ends = self.clock.now().plus(self.way.lifetime());
                return self.way.groups().extended(&subscription, ends);
            }
            Done::Nobody => return,
        };
        // A note alone says nothing yet: the state comes as well.
        let Some(heard) = self.heard.get(&contact).filter(|heard| heard.is_stated) else { return };
        let said = Some(statement(heard.stated.clone(), heard.note.clone()));
        let _ = self.out.send(News { contact: Some(contact), notice: Notice::Heard, said }).await;
    }

    async fn failed(&mut self, name: Name, wish: Wish, refused: Refused) {
        match (refused, wish) {
            (Refused::Busy(busy), wish) => {
                let pause = busy.retry_after.unwrap_or(LOOK).min(LONGEST_PAUSE);
                self.held = Some(Instant::now() + pause);
                // What has come meanwhile is newer.
                if !self.wishes.contains_key(&name) {
                    self.wish(name, wish);
                }
            }
            (_, Wish::Extend(subscription)) => self.end(&subscription).await,
            // It is found by comparing, should it matter.
            (_, Wish::Read { .. } | Wish::Compare(_)) => {}
        }
    }

    /// Forgets what was heard of those who are asked about no more.
    fn forget_others(&mut self) {
        let mut groups = self.way.groups();
        if !groups.take_forgotten() {
            return;
        }
        self.heard.retain(|contact, _| groups.address(*contact).is_some());
    }

    /// What is to be told of the account, if anything.
    fn tell(&self) -> Option<BoxFuture<'static, (Deed, Result<(), Refused>)>> {
        let account = self.way.agent.account().filter(|_| self.publisher.needs_word());
        let contact = account.and_then(|account| self.way.groups().contact(account));
        let deed = self.publisher.due(self.account.word(contact), Instant::now())?;
        let way = Arc::clone(&self.way);
        Some(Box::pin(async move {
            let told = match deed {
                Deed::Appear(preferred) => way.agent.make_available(preferred).await,
                Deed::Publish(preferred) => way.agent.publish(preferred).await,
                Deed::Report => way.agent.report_activity().await,
            };
            (deed, told)
        }))
    }
}

async fn carry_out(way: &Way, wish: &Wish) -> Result<Done, Refused> {
    match wish {
        Wish::Read { contact, what, at, embedded } => {
            let address = way.agent.address_of(contact).await?;
            let contact = address.and_then(|address| way.groups().contact(&address));
            let Some(contact) = contact else { return Ok(Done::Nobody) };
            Ok(match what {
                Facet::Presence => Done::Stated(contact, way.agent.presence_at(at, embedded.as_ref()).await?),
                Facet::Note => Done::Noted(contact, way.agent.note_at(at, embedded.as_ref()).await?),
            })
        }
        Wish::Compare(contact) => {
            let address = way.groups().address(*contact);
            let Some(address) = address else { return Ok(Done::Nobody) };
            Ok(Done::Known(*contact, way.agent.look_up(&address).await?))
        }
        Wish::Extend(subscription) => {
            way.agent.extend(subscription, way.minutes).await?;
            Ok(Done::Extended(subscription.clone()))
        }
    }
}

/// What comes of something that may be; nothing does of nothing.
async fn maybe<T>(future: Option<&mut BoxFuture<'static, T>>) -> Option<T> {
    match future {
        Some(future) => Some(future.await),
        None => std::future::pending().await,
    }
}
