//! What visitors are told: for each publication a snapshot, and numbered deltas after it.
//!
//! A topic is made when somebody first asks for it. The bytes of a snapshot or delta are made
//! once, however many look on. Changes within ten milliseconds of the first become one delta, and
//! a delta is made only if a card is different to the eye. Opening hours and claims that expire
//! need no event: the feed knows when they end and looks again then.

mod id;
mod interest;
mod leave;
mod ring;
mod shelf;
mod topic;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use bytes::Bytes;
use directory_model::clock::Clock;
use directory_model::timestamp::Timestamp;
use tokio::sync::mpsc;

pub use self::id::{FeedId, NotAFeedId};
pub(crate) use self::leave::Leave;
pub(crate) use self::ring::Tail;
use self::topic::Found;
pub use self::topic::Topic;
use crate::book::{Book, Dirt};
use crate::random::Random;

/// How long changes are gathered into one delta.
const COALESCING: Duration = Duration::from_millis(10);

/// The driver looks at the clock at least this often, in case the system's clock was set.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// A topic that nobody looked at for this long is forgotten.
const IDLE: Duration = Duration::from_mins(15);

/// Every topic, fed from a book.
pub struct Feed {
    book: Arc<Book>,
    clock: Arc<dyn Clock>,
    topics: RwLock<HashMap<String, Arc<Topic>>>,
    listeners: Mutex<Vec<mpsc::UnboundedSender<Arc<Topic>>>>,
    random: Mutex<Random>,
}

/// The state of a publication as visitors are first told it.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// The JSON.
    pub body: Bytes,
    /// The number of the delta that it includes last; the entity tag.
    pub id: FeedId,
}

impl Feed {
    /// A feed without topics, which tells what `book` knows.
    pub fn new(book: Arc<Book>, clock: Arc<dyn Clock>) -> Arc<Self> {
        Arc::new(Self {
            book,
            clock,
            topics: RwLock::default(),
            listeners: Mutex::default(),
            random: Mutex::new(Random::from_system()),
        })
    }

    /// The snapshot of the publication under `key`; `None` when none is served there.
    pub fn snapshot(&self, key: &str) -> Option<Snapshot> {
        self.topic(key).map(|topic| topic.snapshot())
    }

    /// The topic of the publication under `key`; `None` when none is served there.
    pub fn topic(&self, key: &str) -> Option<Arc<Topic>> {
        let now = self.clock.now();
        let known = self.topics.read().unwrap_or_else(PoisonError::into_inner).get(key).cloned();
        if let Some(topic) = known.filter(|topic| !topic.is_closed()) {
            topic.use_at(now);
            return Some(topic);
        }
        self.book.publication(key)?;
        // Held while the book is looked at: a change after that look finds the topic here.
        let mut topics = self.topics.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(topic) = topics.get(key).filter(|topic| !topic.is_closed()) {
            return Some(topic.clone());
        }
        let epoch = self.random.lock().unwrap_or_else(PoisonError::into_inner).next() >> 16;
        let topic = Arc::new(Topic::open(key, epoch, &self.book, now)?);
        topics.insert(key.to_owned(), topic.clone());
        Some(topic)
    }

    /// The leave of pages of `origin` to look on at `topic`; `None` when they may not.
    pub(crate) fn admit(&self, topic: &Topic, origin: &str) -> Option<Arc<Leave>> {
        topic.admit(&self.book, origin)
    }

    /// How many topics are held.
    pub fn topic_count(&self) -> usize {
        self.topics.read().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Looks at everything that may be different now, and tells the listeners what is.
    pub fn pump(&self) {
        let now = self.clock.now();
        for (topic, dirt) in self.due(now) {
            self.refresh(&topic, dirt.as_ref(), now);
        }
    }

    /// When [`Feed::pump`] has something to do even if nothing new is claimed.
    pub fn next_wake(&self) -> Option<Timestamp> {
        let topics = self.topics.read().unwrap_or_else(PoisonError::into_inner);
        let rechecks = topics.values().filter_map(|topic| topic.recheck());
        rechecks.chain(self.book.next_wake()).min()
    }

    /// Pumps whenever there is something to tell; never returns.
    pub async fn run(self: Arc<Self>) {
        let mut tidied_at = self.clock.now();
        loop {
            let now = self.clock.now();
            if now.since(tidied_at) > IDLE / 4 {
                self.forget_idle();
                tidied_at = now;
            }
            let wait = self.next_wake().map_or(LONGEST_WAIT, |at| at.since(now).min(LONGEST_WAIT));
            tokio::select! {
                () = self.book.grown() => tokio::time::sleep(COALESCING).await,
                () = tokio::time::sleep(wait) => {}
            }
            let now = self.clock.now();
            for (topic, dirt) in self.due(now) {
                self.refresh(&topic, dirt.as_ref(), now);
                tokio::task::yield_now().await;
            }
        }
    }

    /// Is told each topic that has new deltas or has ended.
    pub(crate) fn listen(&self) -> mpsc::UnboundedReceiver<Arc<Topic>> {
        let (sender, receiver) = mpsc::unbounded_channel();
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner).push(sender);
        receiver
    }

    pub(crate) fn clock(&self) -> Arc<dyn Clock> {
        self.clock.clone()
    }

    fn due(&self, now: Timestamp) -> Vec<(Arc<Topic>, Option<Dirt>)> {
        self.book.tick(now);
        let dirt = self.book.take_dirt();
        let topics = self.topics.read().unwrap_or_else(PoisonError::into_inner);
        topics
            .values()
            .filter_map(|topic| {
                let dirt = dirt.get(&topic.served().publication).cloned();
                let is_due = dirt.is_some() || topic.recheck().is_some_and(|at| at <= now);
                is_due.then(|| (topic.clone(), dirt))
            })
            .collect()
    }

    fn refresh(&self, topic: &Arc<Topic>, dirt: Option<&Dirt>, now: Timestamp) {
        let found = topic.refresh(&self.book, dirt, now);
        // Domains, their use and the tenant's settings change the whole.
        let has_withdrawn = matches!(dirt, Some(Dirt::All)) && topic.review(&self.book);
        match found {
            Found::Same if !has_withdrawn => return,
            Found::Same | Found::Delta => {}
            Found::Closed => self.close(topic),
        }
        let mut listeners = self.listeners.lock().unwrap_or_else(PoisonError::into_inner);
        listeners.retain(|listener| listener.send(topic.clone()).is_ok());
    }

    fn close(&self, topic: &Arc<Topic>) {
        topic.close();
        let mut topics = self.topics.write().unwrap_or_else(PoisonError::into_inner);
        topics.retain(|_, known| !Arc::ptr_eq(known, topic));
    }

    fn forget_idle(&self) {
        let long_ago = self.clock.now().minus(IDLE);
        let mut topics = self.topics.write().unwrap_or_else(PoisonError::into_inner);
        // Whoever looks on holds a reference besides ours.
        topics.retain(|_, topic| topic.used_at() >= long_ago || Arc::strong_count(topic) > 1);
    }
}

#[cfg(test)]
mod replay_tests;
#[cfg(test)]
mod tests;
