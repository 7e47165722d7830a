//! What visitors are told: for each publication a snapshot, and numbered deltas after it.
//!
//! A topic is made when somebody first asks for it. The bytes of a snapshot or delta are made
//! once, however many look on. The first change is told at once; what follows within ten milliseconds
//! becomes one delta, and a delta is made only if a card is different to the eye. Opening hours and claims that expire
//! need no event: the feed knows when they end and looks again then.

mod gathered;
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
use directory_model::id::PublicationId;
use directory_model::timestamp::Timestamp;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, sleep_until};

use self::gathered::Gathered;
pub use self::id::{FeedId, NotAFeedId};
pub(crate) use self::leave::Leave;
pub(crate) use self::ring::Tail;
use self::topic::Found;
pub use self::topic::Topic;
use crate::book::{Book, Dirt};
use crate::random::Random;

/// How long a topic rests after it was looked at: what changes meanwhile becomes one delta.
const COALESCING: Duration = Duration::from_millis(10);

/// A round over the topics that took longer than this is followed by a rest of [`RESTS`] times as long, so that
/// however many topics there are, looking at them leaves the processor to others.
const LONG_ROUND: Duration = Duration::from_micros(300);

/// See [`LONG_ROUND`].
const RESTS: u32 = 3;

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
        self.book.tick(now);
        for (topic, dirt) in self.due(&self.book.take_dirt(), now) {
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
        let mut gathered = Gathered::default();
        loop {
            let now = self.clock.now();
            if now.since(tidied_at) > IDLE / 4 {
                self.forget_idle();
                tidied_at = now;
            }
            let wait = self.next_wake().map_or(LONGEST_WAIT, |at| at.since(now).min(LONGEST_WAIT));
            let wait = Instant::now() + wait;
            tokio::select! {
                () = self.book.grown() => {}
                () = sleep_until(gathered.next().map_or(wait, |rested| rested.min(wait))) => {}
            }
            let took = self.round(&mut gathered).await;
            if took > LONG_ROUND {
                sleep(took * RESTS).await;
            }
        }
    }

    /// Looks at every topic that is due and has rested; how long the looks took, without what others did between them.
    async fn round(&self, gathered: &mut Gathered) -> Duration {
        let (now, begun) = (self.clock.now(), Instant::now());
        self.book.tick(now);
        gathered.add(self.book.take_dirt());
        let due = self.due(&gathered.rested(begun), now);
        let mut took = begun.elapsed();
        for (topic, dirt) in due {
            let begun = Instant::now();
            self.refresh(&topic, dirt.as_ref(), now);
            if dirt.is_some() {
                gathered.rest(topic.served().publication, Instant::now() + COALESCING);
            }
            took += begun.elapsed();
            tokio::task::yield_now().await;
        }
        took
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

    fn due(&self, dirt: &HashMap<PublicationId, Dirt>, now: Timestamp) -> Vec<(Arc<Topic>, Option<Dirt>)> {
        let topics = self.topics.read().unwrap_or_else(PoisonError::into_inner);
        topics
            .values()
            .filter_map(|topic| {
                // For a moment after its key was changed a publication has two topics.
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
mod next_tests;
#[cfg(test)]
mod replay_tests;
#[cfg(test)]
mod tests;
