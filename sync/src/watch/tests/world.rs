//! A tenant with sources that say what a test wants.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use directory_model::audit::{Actor, Origin};
use directory_model::clock::Clock;
use directory_model::contact::ContactFields;
use directory_model::id::{ContactId, CountedIds, SourceId, TenantId};
use directory_model::page::PageRequest;
use directory_model::port::{BoxFuture, ClaimSink, Interest, PresenceUpkeep};
use directory_model::presence::{Availability, Claim, SourceNotes};
use directory_model::run::RunProblem;
use directory_model::secret::Secret;
use directory_model::source::{Aspect, PresenceReading, Source, SourceFields};
use directory_model::tenant::TenantFields;
use directory_model::timestamp::Timestamp;
use directory_model::upkeep::{UpkeepCounts, UpkeepHealth};
use directory_model::valid::Check;
use directory_store::database::{Database, OpenOptions};
use directory_store::error::StoreResult;
use directory_store::tx::Tx;
use directory_store::{PLATFORM, contacts, sources, tenants};
use serde_json::json;
use tempfile::TempDir;
use tokio::sync::{Mutex as AsyncMutex, mpsc};
use tokio::time::Instant;

use super::super::connector::{Ask, Connector, Connectors, News, Outcome, Statement, Trouble, Word};
use super::super::{Grown, Parts, Watch};
use crate::upkeep::{Act, Answer, Refusal, Terms};

/// A source that is asked again and again.
pub(super) fn polled() -> Terms {
    Terms {
        is_polled: true,
        is_grouped: false,
        fast: Duration::from_secs(30),
        slow: Duration::from_mins(5),
        at_once: 100,
        requests_per_second: 10.0,
        answer_within: Duration::from_mins(1),
        stale_after: Duration::from_hours(24),
    }
}

/// A source that says what changes.
pub(super) fn subscribed() -> Terms {
    Terms { is_polled: false, at_once: 1, requests_per_second: 100.0, ..polled() }
}

/// How a source answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mood {
    /// As it should.
    Well,
    /// It cannot be reached.
    Gone,
    /// It never answers.
    Mute,
    /// Whoever speaks with it panics.
    Broken,
    /// It says something else than it was asked.
    Absurd,
    /// It has forgotten its subscriptions.
    Forgetful,
}

/// A clock that goes with the time of the test, and can be set.
#[derive(Debug)]
struct VirtualClock {
    start: Instant,
    offset: AtomicI64,
}

impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        let begun = Timestamp::from_millis(1_795_339_800_000 + self.offset.load(Ordering::SeqCst) * 1000);
        begun.plus(self.start.elapsed())
    }
}

/// Somebody who is no contact.
pub(super) fn nobody() -> ContactId {
    "7ZZZZZZZZZZZZZZZZZZZZZZZZZ".parse().expect("an identity")
}

/// What was asked: what, and about whom.
type Asked = (Act, ContactId);

#[derive(Debug)]
struct State {
    moods: HashMap<SourceId, Mood>,
    asks: HashMap<SourceId, Vec<Asked>>,
    connections: HashMap<SourceId, usize>,
    news: HashMap<SourceId, mpsc::Sender<News>>,
    lifetime: Duration,
    claims: Vec<Claim>,
    notes: Vec<SourceNotes>,
    watched: Vec<ContactId>,
}

/// Everything that is not the tasks.
struct Outside {
    terms: Terms,
    state: Mutex<State>,
}

impl Outside {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ClaimSink for Outside {
    fn offer(&self, _: TenantId, claim: Claim) {
        self.state().claims.push(claim);
    }

    fn note(&self, _: TenantId, notes: SourceNotes) {
        self.state().notes.push(notes);
    }
}

impl Interest for Outside {
    fn watched(&self, _: TenantId) -> Vec<ContactId> {
        self.state().watched.clone()
    }
}

struct Scripted {
    outside: Arc<Outside>,
    source: SourceId,
    news: AsyncMutex<mpsc::Receiver<News>>,
}

impl Connectors for Arc<Outside> {
    fn terms(&self, _: &Source, _: Aspect) -> Terms {
        self.terms.clone()
    }

    fn connect(
        &self,
        _: TenantId,
        source: &Source,
        _: Option<&Secret>,
        _: Aspect,
    ) -> Result<Box<dyn Connector>, Trouble> {
        // As bounded as that of a real connection.
        let (sender, news) = mpsc::channel(100);
        let mut state = self.state();
        *state.connections.entry(source.id).or_default() += 1;
        state.news.insert(source.id, sender);
        let outside = Self::clone(self);
        Ok(Box::new(Scripted { outside, source: source.id, news: AsyncMutex::new(news) }))
    }
}

impl Connector for Scripted {
    fn ask<'a>(&'a self, asks: &'a [Ask], _: Timestamp) -> BoxFuture<'a, Result<Vec<Outcome>, Trouble>> {
        let (mood, lifetime) = {
            let mut state = self.outside.state();
            let asked = asks.iter().map(|ask| (ask.order.act, ask.order.contact));
            state.asks.entry(self.source).or_default().extend(asked);
            (state.moods.get(&self.source).copied().unwrap_or(Mood::Well), state.lifetime)
        };
        Box::pin(async move {
            match mood {
                Mood::Well => Ok(asks.iter().map(|ask| well(ask, lifetime)).collect()),
                Mood::Gone => Err(Trouble { is_busy: false, retry_after: None, problem: RunProblem::LookupOnly }),
                Mood::Mute => std::future::pending().await,
                Mood::Broken => panic!("a connector that is broken to order"),
                Mood::Absurd => Ok(asks.iter().map(absurd).collect()),
                Mood::Forgetful => Ok(asks.iter().map(|ask| forgotten(ask, lifetime)).collect()),
            }
        })
    }

    fn news(&self) -> BoxFuture<'_, News> {
        Box::pin(async move {
            let next = self.news.lock().await.recv().await;
            match next {
                Some(news) => news,
                None => std::future::pending().await,
            }
        })
    }
}

fn well(ask: &Ask, lifetime: Duration) -> Outcome {
    assert!(ask.who.as_ref().is_some_and(|who| who.mail.is_some()), "it is known by what they are asked about");
    let word = Word { device: String::new(), said: Availability::Busy.into(), custom: None, since: None };
    let (answer, said) = match ask.order.act {
        Act::Poll => (Answer::Polled, Some(Statement::words(vec![word]))),
        Act::Subscribe | Act::Renew | Act::Unsubscribe => (Answer::Granted { lifetime }, None),
    };
    Outcome { order: ask.order, answer, said }
}

fn forgotten(ask: &Ask, lifetime: Duration) -> Outcome {
    if ask.order.act != Act::Renew {
        return well(ask, lifetime);
    }
    let answer = Answer::Refused { refusal: Refusal::NotKnown, retry_after: None };
    Outcome { order: ask.order, answer, said: None }
}

fn absurd(ask: &Ask) -> Outcome {
    let answer = Answer::Refused { refusal: Refusal::Unreadable, retry_after: None };
    Outcome { order: ask.order, answer, said: None }
}

/// The tenant, and the tasks.
pub(super) struct World {
    pub(super) watch: Watch,
    pub(super) tenant: TenantId,
    database: Database,
    clock: Arc<VirtualClock>,
    outside: Arc<Outside>,
    _folder: TempDir,
}

impl World {
    pub(super) async fn new(terms: Terms) -> Self {
        let folder = TempDir::new().expect("a folder can be made");
        let url = format!("sqlite:{}", folder.path().join("switchboard.db").display());
        let options = OpenOptions::new(&url, Arc::new(CountedIds::default()));
        let grown = Arc::<Grown>::default();
        let database = Database::open(&options).await.expect("it opens").with_sink(Arc::clone(&grown) as _);
        database.migrate().await.expect("the migrations run");
        let clock = Arc::new(VirtualClock { start: Instant::now(), offset: AtomicI64::new(0) });
        let state = State {
            moods: HashMap::new(),
            asks: HashMap::new(),
            connections: HashMap::new(),
            news: HashMap::new(),
            lifetime: Duration::from_mins(30),
            claims: Vec::new(),
            notes: Vec::new(),
            watched: Vec::new(),
        };
        let outside = Arc::new(Outside { terms, state: Mutex::new(state) });
        let watch = Watch::new(Parts {
            database: database.clone(),
            clock: Arc::clone(&clock) as _,
            sink: Arc::clone(&outside) as _,
            interest: Arc::clone(&outside) as _,
            connectors: Arc::new(Arc::clone(&outside)),
            grown,
        });
        let mut world = Self { watch, tenant: PLATFORM, database, clock, outside, _folder: folder };
        let fields = TenantFields { name: "Acme".into(), ..TenantFields::default() }.check().expect("valid");
        world.tenant = world.write(PLATFORM, move |tx| tenants::insert(tx, &fields)).await.id;
        let watching = world.watch.clone();
        tokio::spawn(async move { watching.run().await });
        world
    }

    async fn write<T: Send + 'static>(
        &self,
        tenant: TenantId,
        work: impl FnOnce(&mut Tx<'_>) -> StoreResult<T> + Send + 'static,
    ) -> T {
        let origin = Origin { actor: Actor::System, request: None, at: self.clock.now() };
        self.database.write(tenant, origin, work).await.expect("it is written").expect("the tenant exists")
    }

    /// One more source whose calendars are read.
    pub(super) async fn source(&self, name: &str) -> SourceId {
        let authentication = json!({"method": "basic", "user_name": "a"});
        let connection =
            json!({"kind": "exchange", "url": "https://mail.example.com/x", "authentication": authentication});
        let reading = json!({"reads_calendar": true});
        let fields = json!({"name": name, "connection": connection, "schedule": null, "presence": reading});
        let fields: SourceFields = serde_json::from_value(fields).expect("fields");
        let fields = fields.check().expect("valid");
        assert_eq!(
            fields.presence,
            Some(PresenceReading { reads_presence: false, reads_calendar: true, reads_calls: false })
        );
        self.write(self.tenant, move |tx| sources::insert(tx, &fields)).await.id
    }

    pub(super) async fn edit_source(&self, id: SourceId, edit: impl FnOnce(&mut SourceFields) + Send + 'static) {
        let key = Arc::clone(self.database.sealing_key());
        let edit = move |tx: &mut Tx<'_>| {
            let found = sources::find(tx.conn, &key, tx.tenant, id)?.expect("the source");
            let mut fields = found.fields;
            edit(&mut fields);
            sources::update(tx, &key, id, found.revision, &fields.check().expect("valid"))
        };
        self.write(self.tenant, edit).await.expect("the source");
    }

    pub(super) async fn set_secret(&self, id: SourceId, secret: &str) {
        let (key, secret) = (Arc::clone(self.database.sealing_key()), Secret::new(secret));
        self.write(self.tenant, move |tx| sources::set_secret(tx, &key, id, Some(&secret))).await.expect("the source");
    }

    /// One more contact, with a mail address.
    pub(super) async fn contact(&self, name: &str) -> ContactId {
        let mail = Some(format!("{name}@example.com"));
        let fields = ContactFields { display_name: Some(name.into()), mail, ..ContactFields::default() };
        let fields = fields.check().expect("valid");
        self.write(self.tenant, move |tx| contacts::insert(tx, &fields)).await.id
    }

    pub(super) async fn edit(&self, id: ContactId, edit: impl FnOnce(&mut ContactFields) + Send + 'static) {
        let edit = move |tx: &mut Tx<'_>| {
            let found = contacts::find(tx.conn, tx.tenant, id)?.expect("the contact");
            let mut fields = found.fields;
            edit(&mut fields);
            contacts::update(tx, id, found.revision, &fields.check().expect("valid"))
        };
        self.write(self.tenant, edit).await.expect("the contact");
    }

    pub(super) fn set_mood(&self, source: SourceId, mood: Mood) {
        self.outside.state().moods.insert(source, mood);
    }

    pub(super) fn set_lifetime(&self, lifetime: Duration) {
        self.outside.state().lifetime = lifetime;
    }

    pub(super) fn look_at(&self, watched: &[ContactId]) {
        self.outside.state().watched = watched.to_vec();
    }

    /// Has the source say something by itself; waits while it has said too much.
    pub(super) async fn news(&self, source: SourceId, news: News) {
        let sender = self.outside.state().news[&source].clone();
        sender.send(news).await.expect("somebody listens");
    }

    pub(super) fn step_clock(&self, seconds: i64) {
        self.clock.offset.fetch_add(seconds, Ordering::SeqCst);
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(super) fn asks(&self, source: SourceId) -> Vec<Asked> {
        self.outside.state().asks.get(&source).cloned().unwrap_or_default()
    }

    pub(super) fn connections(&self, source: SourceId) -> usize {
        self.outside.state().connections.get(&source).copied().unwrap_or_default()
    }

    pub(super) fn claims(&self, contact: ContactId) -> Vec<Claim> {
        self.outside.state().claims.iter().filter(|claim| claim.contact == contact).cloned().collect()
    }

    /// What was noted about the contact last.
    pub(super) fn last_notes(&self, contact: ContactId) -> Option<SourceNotes> {
        self.outside.state().notes.iter().rfind(|notes| notes.contact == contact).cloned()
    }

    pub(super) fn said_about(&self, contact: ContactId) -> Vec<Availability> {
        self.claims(contact).iter().map(|claim| claim.availability).collect()
    }

    pub(super) fn last_claim(&self, contact: ContactId) -> Claim {
        self.claims(contact).pop().expect("something was said")
    }

    pub(super) fn health(&self, source: SourceId) -> UpkeepHealth {
        self.watch.health(self.tenant, source, &PageRequest::default())
    }

    pub(super) fn counts(&self, source: SourceId) -> UpkeepCounts {
        self.health(source).aspects.first().map(|health| health.counts).unwrap_or_default()
    }
}
