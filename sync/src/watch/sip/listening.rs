//! Takes in what a SIP server tells over one way, and says it on.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use directory_model::clock::Clock;
use directory_model::id::ContactId;
use directory_model::timestamp::Timestamp;
use directory_source::sip::meaning::{self, Meaning};
use directory_source::sip::pidf::Pidf;
use directory_source::sip::{Notice as Told, Reason, Standing, SubscriptionId, Told as Document};
use tokio::sync::mpsc;
use tokio::time::sleep;

use super::super::connector::{News, Statement, Word};
use super::{Rules, Way};
use crate::upkeep::{Notice, Termination};

/// Nothing is looked at more often, and nothing later.
const LOOK: (Duration, Duration) = (Duration::from_millis(100), Duration::from_mins(1));

/// The task of one way.
pub(super) struct Listening {
    way: Arc<Way>,
    clock: Arc<dyn Clock>,
    rules: Rules,
    out: mpsc::Sender<News>,
    /// Documents that will mean something else by themselves, and when.
    turning: HashMap<ContactId, (Timestamp, SubscriptionId, Box<Pidf>)>,
    turns: BTreeSet<(Timestamp, ContactId)>,
}

impl Listening {
    pub(super) fn new(way: Arc<Way>, clock: Arc<dyn Clock>, rules: Rules, out: mpsc::Sender<News>) -> Self {
        Self { way, clock, rules, out, turning: HashMap::new(), turns: BTreeSet::new() }
    }

    /// Listens until the way ends.
    pub(super) async fn run(mut self, mut notices: mpsc::Receiver<Told>) {
        loop {
            let wait = self.turns.first().map_or(LOOK.1, |(at, _)| at.since(self.clock.now()));
            let news = tokio::select! {
                notice = notices.recv() => match notice {
                    Some(Told::Told { subscription, standing, told }) => self.told(subscription, standing, told),
                    Some(Told::Lost(_)) | None => break,
                },
                () = sleep(wait.clamp(LOOK.0, LOOK.1)) => self.turned(),
            };
            let Some(news) = news else { continue };
            if self.out.send(news).await.is_err() {
                return;
            }
        }
        self.way.known().is_lost = true;
        let _ = self.out.send(News { contact: None, notice: Notice::Lost, said: None }).await;
    }

    fn told(&mut self, id: SubscriptionId, standing: Standing, told: Option<Document>) -> Option<News> {
        let contact = self.way.known().contacts.get(&id).copied()?;
        self.calm(contact);
        let notice = match standing {
            Standing::Active { .. } | Standing::Pending { .. } => Notice::Heard,
            Standing::Terminated { reason, retry_after } => {
                self.way.take(contact);
                Notice::Terminated { reason: termination(reason), retry_after }
            }
        };
        let said = told.map(|document| self.statement(contact, id, document));
        Some(News { contact: Some(contact), notice, said })
    }

    fn statement(&mut self, contact: ContactId, id: SubscriptionId, document: Document) -> Statement {
        match document {
            Document::Presence(pidf) => self.look(contact, id, pidf),
            Document::Calls { calls, is_whole } => {
                if !is_whole {
                    // What is missing comes with the answer.
                    let way = Arc::clone(&self.way);
                    tokio::spawn(async move { way.agent.refresh(id, way.lifetime).await });
                }
                words(meaning::of_calls(&calls))
            }
            // What was said before is over, and what holds now is not known.
            Document::Nothing | Document::Unusable(_) => Statement::words(Vec::new()),
        }
    }

    /// What a document means now; it is looked at again when that changes.
    fn look(&mut self, contact: ContactId, id: SubscriptionId, pidf: Box<Pidf>) -> Statement {
        let meaning = meaning::of_presence(&pidf, self.clock.now(), self.rules.low_numbers());
        if let Some(at) = meaning.changes_at {
            self.turns.insert((at, contact));
            self.turning.insert(contact, (at, id, pidf));
        }
        words(meaning)
    }

    /// Forgets when the last document of a contact would have meant something else.
    fn calm(&mut self, contact: ContactId) -> Option<(SubscriptionId, Box<Pidf>)> {
        let (at, id, pidf) = self.turning.remove(&contact)?;
        self.turns.remove(&(at, contact));
        Some((id, pidf))
    }

    /// An activity has begun or ended by itself.
    fn turned(&mut self) -> Option<News> {
        let now = self.clock.now();
        let (_, contact) = self.turns.first().copied().filter(|(at, _)| *at <= now)?;
        let (id, pidf) = self.calm(contact)?;
        // It may have been another address's.
        if self.way.known().contacts.get(&id) != Some(&contact) {
            return None;
        }
        let said = Some(self.look(contact, id, pidf));
        Some(News { contact: Some(contact), notice: Notice::Heard, said })
    }
}

fn words(meaning: Meaning) -> Statement {
    let word = |stated: meaning::Stated| {
        let meaning::Stated { device, said, custom, since, .. } = stated;
        Word { device, said, custom, since }
    };
    Statement::State { words: meaning.stated.into_iter().map(word).collect(), notes: meaning.notes }
}

fn termination(reason: Reason) -> Termination {
    match reason {
        Reason::Deactivated => Termination::Deactivated,
        Reason::Probation => Termination::Probation,
        Reason::Rejected => Termination::Rejected,
        Reason::Timeout => Termination::Timeout,
        Reason::GiveUp => Termination::GiveUp,
        Reason::NoResource => Termination::NoResource,
        Reason::Invariant => Termination::Invariant,
        Reason::Silent | Reason::Other => Termination::Other,
    }
}
