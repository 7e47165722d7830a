//! From what a real server says to what is shown: sources that give presence, and the book.

mod sip;
mod ucwa;

use std::sync::Arc;
use std::time::Duration;

use ::sync::engine::Engine;
use ::sync::reader::SourceReader;
use ::sync::run;
use ::sync::watch::{Grown, Parts, SourceConnectors, Watch};
use directory_model::audit::{Actor, Origin};
use directory_model::clock::Clock;
use directory_model::contact::{Contact, ContactFields};
use directory_model::id::{ContactId, SourceId, TenantId};
use directory_model::page::PageRequest;
use directory_model::port::{ClaimSink, Interest, PresenceUpkeep, SyncHandle};
use directory_model::presence::{Activity, Availability, Claim, ClaimKind, Presence, SourceNotes};
use directory_model::run::{RunExtent, RunProblem, Trigger};
use directory_model::secret::Secret;
use directory_model::source::{Connection, SourceFields};
use directory_model::tenant::TenantFields;
use directory_model::upkeep::{AspectHealth, UpkeepReason, UpkeepState};
use directory_model::valid::Check;
use directory_source::SourcePolicy;
use directory_source::outbound::OutboundPolicy;
use directory_store::{contacts, sources};
use gateway_presence::book::Book;
use gateway_presence::facts::{ContactFacts, FactChange, TenantFacts};
use serde_json::{Value, json};
use suite::backend::TestDatabase;
use suite::emulator::Reply;
use suite::ews::{self, Appointment, Ews, Kind, Person};
use suite::graph::{Graph, Item, User, error, id};
use suite::on_each_backend;
use tokio::sync::{Mutex, mpsc};
use tokio::time::timeout;

/// However slow the machine is.
const PATIENCE: Duration = Duration::from_mins(1);
const MINUTE: Duration = Duration::from_mins(1);

/// Tells the book, and the test.
struct Sink {
    book: Arc<Book>,
    told: mpsc::UnboundedSender<Claim>,
}

impl ClaimSink for Sink {
    fn offer(&self, tenant: TenantId, claim: Claim) {
        self.book.offer(tenant, claim.clone());
        // A test that has seen enough listens no more.
        let _ = self.told.send(claim);
    }

    fn note(&self, tenant: TenantId, notes: SourceNotes) {
        self.book.note(tenant, notes);
    }
}

/// Nobody looks at anybody.
struct Nobody;

impl Interest for Nobody {
    fn watched(&self, _: TenantId) -> Vec<ContactId> {
        Vec::new()
    }
}

struct World {
    db: TestDatabase,
    tenant: TenantId,
    source: SourceId,
    book: Arc<Book>,
    watch: Watch,
    grown: Arc<Grown>,
    claims: Mutex<mpsc::UnboundedReceiver<Claim>>,
}

fn policy() -> SourcePolicy {
    let outbound = OutboundPolicy { is_loopback_allowed: true, ..OutboundPolicy::default() };
    SourcePolicy { outbound, ..SourcePolicy::default() }
}

impl World {
    /// A tenant with this source, of which this is read.
    async fn new(db: TestDatabase, connection: Connection, secret: Secret, reading: Value) -> Self {
        let tenant = db.tenant("Acme").await;
        let fields = json!({"name": "Source", "connection": connection, "schedule": null, "presence": reading});
        let fields: SourceFields = serde_json::from_value(fields).expect("fields");
        let fields = fields.check().expect("a source");
        let source = db.write(tenant, move |tx| sources::insert(tx, &fields)).await.id;
        let key = Arc::clone(db.database.sealing_key());
        db.write(tenant, move |tx| sources::set_secret(tx, &key, source, Some(&secret))).await.expect("the source");
        let clock: Arc<dyn Clock> = Arc::new(db.clock.clone());
        let book = Arc::new(Book::new(Arc::clone(&clock)));
        book.apply(tenant, vec![FactChange::Tenant(TenantFacts::new(&TenantFields::default()))]);
        let (told, claims) = mpsc::unbounded_channel();
        let grown = Arc::<Grown>::default();
        let watch = Watch::new(Parts {
            database: db.database.clone(),
            clock: Arc::clone(&clock),
            sink: Arc::new(Sink { book: Arc::clone(&book), told }),
            interest: Arc::new(Nobody),
            connectors: Arc::new(
                SourceConnectors::new(policy(), clock)
                    .with_own_words(Arc::clone(&book) as _)
                    .with_rules(Arc::clone(&book) as _),
            ),
            grown: Arc::clone(&grown),
        });
        Self { db, tenant, source, book, watch, grown, claims: Mutex::new(claims) }
    }

    /// Begins to watch.
    fn begin(&self) {
        let watch = self.watch.clone();
        tokio::spawn(async move { watch.run().await });
    }

    /// Reads everybody of the source once.
    async fn read(&self) {
        let (reader, clock) = (Arc::new(SourceReader::new(policy())), Arc::new(self.db.clock.clone()));
        let engine = Engine::new(run::Parts { database: self.db.database.clone(), clock, reader });
        let origin = Origin { actor: Actor::System, request: None, at: self.db.clock.now() };
        let run =
            engine.start(self.tenant, self.source, Trigger::Manual, RunExtent::Whole, origin).await.expect("a run");
        engine.ended(run).await;
    }

    async fn contact(&self, fields: ContactFields) -> ContactId {
        let fields = fields.check().expect("valid");
        let made = self.db.write(self.tenant, move |tx| contacts::insert(tx, &fields)).await;
        self.show(&made);
        made.id
    }

    async fn by_mail(&self, mail: &str) -> Contact {
        let tenant = self.tenant;
        let all = self.db.read(move |conn| contacts::all(conn, tenant, 0, 1000)).await;
        let found = all.into_iter().find(|(_, contact)| contact.fields.mail.as_deref() == Some(mail));
        found.map(|(_, contact)| contact).expect(mail)
    }

    /// Marks somebody as hybrid.
    async fn hybrid(&self, mail: &str) -> ContactId {
        let found = self.by_mail(mail).await;
        let fields = ContactFields { is_hybrid: true, ..found.fields }.check().expect("valid");
        let change =
            move |tx: &mut directory_store::tx::Tx<'_>| contacts::update(tx, found.id, found.revision, &fields);
        let changed = self.db.write(self.tenant, change).await.expect("the contact");
        self.show(&changed);
        changed.id
    }

    fn show(&self, contact: &Contact) {
        let facts = ContactFacts::new(contact.id, &contact.fields, Vec::new());
        self.book.apply(self.tenant, vec![FactChange::Contact(facts)]);
    }

    /// Lets time pass, and has everything look at it.
    fn pass(&self, time: Duration) {
        self.db.clock.advance(time);
        self.book.tick(self.db.clock.now());
        self.watch.look();
    }

    /// The next claim about somebody.
    async fn next(&self, contact: ContactId) -> Claim {
        let mut claims = self.claims.lock().await;
        let waiting = async {
            loop {
                let claim = claims.recv().await.expect("the sink is there");
                if claim.contact == contact {
                    return claim;
                }
            }
        };
        timeout(PATIENCE, waiting).await.expect("the source says something")
    }

    fn shows(&self, contact: ContactId) -> Presence {
        self.book.presence(self.tenant, contact)
    }

    /// A program says again that somebody's computer or telephone is like this.
    fn repeat(&self, contact: ContactId, kind: ClaimKind, availability: Availability) {
        let now = self.db.clock.now();
        let claim = Claim {
            contact,
            kind,
            source: "program".into(),
            device: String::new(),
            version: now.millis(),
            availability,
            activity: None,
            is_out_of_office: false,
            is_tentative: false,
            is_ringing: false,
            is_repeated: true,
            custom: None,
            since: now,
            heard_at: now,
            expires_at: Some(now.plus(2 * MINUTE)),
        };
        self.book.offer_claim(self.tenant, claim);
    }

    fn health(&self) -> AspectHealth {
        let health = self.watch.health(self.tenant, self.source, &PageRequest::default());
        health.aspects.into_iter().next().expect("something is read")
    }

    /// Waits until something is so, which the tasks bring about.
    async fn until(&self, is_so: impl Fn(&AspectHealth) -> bool) -> AspectHealth {
        let waiting = async {
            loop {
                let known = self.watch.health(self.tenant, self.source, &PageRequest::default()).aspects;
                if let Some(health) = known.into_iter().next().filter(&is_so) {
                    return health;
                }
                tokio::task::yield_now().await;
            }
        };
        timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("it never becomes so: {:?}", self.health()))
    }
}

fn presence(availability: &str, activity: &str) -> Value {
    json!({"availability": availability, "activity": activity})
}

async fn graph_world(db: TestDatabase, graph: &Graph, reading: Value) -> World {
    let world = World::new(db, Connection::Graph(graph.connection()), graph.secret(), reading).await;
    world.read().await;
    world
}

on_each_backend! {
    async fn what_graph_says_of_hybrid_people_is_shown_and_of_others_is_not_asked(db: TestDatabase) {
        let graph = Graph::start((0..5).map(User::new).collect(), 100).await;
        for number in 0..5 {
            graph.set_presence(&id(number), presence("Available", "Available"));
        }
        let world = graph_world(db, &graph, json!({"reads_presence": true})).await;
        let anna = world.hybrid("user1@example.com").await;
        let bert = world.by_mail("user2@example.com").await;
        world.show(&bert);
        world.begin();

        let claim = world.next(anna).await;

        assert_eq!((claim.kind, claim.source), (ClaimKind::Platform, world.source.to_string()));
        assert_eq!(world.shows(anna).availability, Availability::Available);
        let asked = || graph.seen().into_iter().filter(|seen| seen.path.ends_with("getPresencesByUserId"));
        assert!(asked().all(|seen| seen.body.contains(&id(1)) && !seen.body.contains(&id(2))));
        // Why says which mark it is.
        let (why, other) = (world.book.why(world.tenant, anna), world.book.why(world.tenant, bert.id));
        assert_eq!((why.is_hybrid, why.claims.len()), (true, 1));
        assert_eq!((other.is_hybrid, other.claims.len()), (false, 0));

        graph.set_presence(&id(1), presence("Busy", "InAMeeting"));
        world.pass(3 * MINUTE);
        world.next(anna).await;
        let shown = world.shows(anna);
        assert_eq!((shown.availability, shown.activity), (Availability::Busy, Some(Activity::InAMeeting)));

        // A user who is deleted is silent from then on, which is no news of a source that fell silent.
        graph.remove(&id(1));
        world.pass(3 * MINUTE);
        let over = world.next(anna).await;
        assert!(!over.is_repeated);
        world.pass(MINUTE);
        assert_eq!(world.shows(anna).availability, Availability::Unknown);
        assert!(world.book.why(world.tenant, anna).claims.is_empty());
        let page = world.watch.health(world.tenant, world.source, &PageRequest::default()).contacts.items;
        assert_eq!((page.len(), page[0].state, page[0].reason), (1, UpkeepState::Failed, Some(UpkeepReason::NobodyThere)));
    }
}

#[tokio::test]
async fn while_graph_is_gone_for_an_hour_nobody_is_shown_as_available_by_mistake() {
    let graph = Graph::start((0..3).map(User::new).collect(), 100).await;
    graph.set_presence(&id(0), presence("Busy", "InACall"));
    graph.set_presence(&id(1), presence("Available", "Available"));
    let world = graph_world(TestDatabase::sqlite().await, &graph, json!({"reads_presence": true})).await;
    let (anna, bert) = (world.hybrid("user0@example.com").await, world.hybrid("user1@example.com").await);
    let carla = world.contact(ContactFields { display_name: Some("Carla".into()), ..ContactFields::default() }).await;
    world.begin();
    world.next(bert).await;
    world.repeat(anna, ClaimKind::Computer, Availability::Available);
    assert_eq!(world.shows(anna).availability, Availability::Busy);
    assert_eq!(world.shows(bert).availability, Availability::Available);

    graph.set_gone(true);
    let mut seen = Vec::new();
    for _ in 0..120 {
        world.pass(MINUTE / 2);
        world.repeat(anna, ClaimKind::Computer, Availability::Available);
        world.repeat(carla, ClaimKind::Computer, Availability::Available);
        tokio::task::yield_now().await;
        seen.push((world.shows(anna).availability, world.shows(bert).availability));
        assert_eq!(world.shows(carla).availability, Availability::Available, "what others say still counts");
    }
    assert!(seen.iter().all(|(anna, _)| *anna != Availability::Available), "{seen:?}");
    // Bert's last word counts for as long as it was meant to, and no longer.
    let available = seen.iter().filter(|(_, bert)| *bert == Availability::Available).count();
    assert!((2..=20).contains(&available), "for {available} half minutes");
    assert_eq!(seen.last(), Some(&(Availability::Unknown, Availability::Unknown)));
    let health = world.until(|health| health.problem.is_some()).await;
    assert!(matches!(health.problem, Some(RunProblem::Busy { .. })), "{health:?}");

    graph.set_gone(false);
    graph.set_presence(&id(0), presence("Available", "Available"));
    // A refusal may still be on its way, so it takes one more pause or two.
    let coming_back = async {
        while world.shows(anna).availability != Availability::Available {
            world.pass(MINUTE / 6);
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, coming_back).await.expect("it comes back");
    world.until(|health| health.problem.is_none()).await;
}

#[tokio::test]
async fn a_throttled_graph_is_left_alone_for_as_long_as_it_says() {
    let graph = Graph::start((0..2).map(User::new).collect(), 100).await;
    let world = graph_world(TestDatabase::sqlite().await, &graph, json!({"reads_presence": true})).await;
    let anna = world.hybrid("user1@example.com").await;
    graph.reply_next(error(429, "TooManyRequests").with("retry-after", "100"));
    let asked = || graph.seen().into_iter().filter(|seen| seen.path.ends_with("getPresencesByUserId")).count();
    world.begin();
    let health = world.until(|health| health.problem.is_some()).await;
    assert_eq!((health.counts.waiting_to_retry, asked()), (1, 1));

    world.pass(Duration::from_secs(99));
    // Who presses a button does not overrule the service.
    world.watch.resubscribe(world.tenant, None);
    for _ in 0..1000 {
        tokio::task::yield_now().await;
    }
    assert_eq!(asked(), 1);
    world.pass(Duration::from_secs(12));
    world.next(anna).await;
    assert_eq!((asked(), world.health().counts.polling), (2, 1));
}

#[tokio::test]
async fn a_source_that_cannot_be_signed_in_to_says_why_and_goes_on_when_it_can() {
    let graph = Graph::start((0..2).map(User::new).collect(), 100).await;
    let world = graph_world(TestDatabase::sqlite().await, &graph, json!({"reads_presence": true})).await;
    let anna = world.hybrid("user1@example.com").await;
    graph.tokens.reply_next(Reply::new(401, "application/json", "{\"error\": \"invalid_client\"}"));
    world.begin();

    let health = world.until(|health| health.problem.is_some()).await;
    assert!(matches!(health.problem, Some(RunProblem::TokenRefused { .. })), "{health:?}");

    world.pass(5 * MINUTE);
    world.next(anna).await;
    assert_eq!(world.health().problem, None);
}

async fn exchange_world(server: &Ews) -> (World, ContactId) {
    let (db, reading) = (TestDatabase::sqlite().await, json!({"reads_calendar": true}));
    let world = World::new(db, Connection::Exchange(server.connection()), server.secret(), reading).await;
    let fields = ContactFields {
        display_name: Some("Anna".into()),
        mail: Some("anna@example.com".into()),
        ..ContactFields::default()
    };
    let anna = world.contact(fields).await;
    (world, anna)
}

/// The clock stands at 09:30.
fn appointment(kind: &str, from: &str, until: &str) -> Appointment {
    let moment = |time: &str| format!("2026-11-22T{time}:00");
    Appointment::new("anna@example.com", kind, &moment(from), &moment(until))
}

#[tokio::test]
async fn a_meeting_begins_and_ends_without_anybody_being_asked() {
    let server = Ews::start(vec![Person::new("anna@example.com", "Anna")]).await;
    server.set_appointments(vec![
        appointment("Busy", "09:33", "09:36"),
        appointment("OOF", "09:36", "09:38"),
        appointment("Tentative", "09:38", "09:40"),
    ]);
    let (world, anna) = exchange_world(&server).await;
    world.begin();
    world.until(|health| health.answered_at.is_some()).await;
    world.repeat(anna, ClaimKind::Computer, Availability::Available);
    assert_eq!(world.shows(anna).availability, Availability::Available);

    world.pass(3 * MINUTE);
    world.repeat(anna, ClaimKind::Computer, Availability::Available);
    let claim = world.next(anna).await;
    assert_eq!((claim.kind, claim.is_repeated), (ClaimKind::Calendar, false));
    let shown = world.shows(anna);
    assert_eq!((shown.availability, shown.activity), (Availability::Busy, Some(Activity::InAMeeting)));
    // The end is named, so it needs nobody either.
    assert_eq!(claim.expires_at, Some(world.db.clock.now().plus(3 * MINUTE)));
    let next_reachable = || world.book.portrait(world.tenant, anna).expect("in service").next_reachable;
    assert_eq!(next_reachable(), claim.expires_at, "then she can be reached again");

    world.pass(3 * MINUTE);
    world.repeat(anna, ClaimKind::Computer, Availability::Available);
    world.next(anna).await;
    let shown = world.shows(anna);
    assert_eq!((shown.availability, shown.is_out_of_office), (Availability::Available, true));
    assert_eq!(next_reachable(), None, "she can be reached now");

    // What is not certain yet does not count, unless the rules of the tenant say so.
    world.pass(2 * MINUTE);
    world.repeat(anna, ClaimKind::Computer, Availability::Available);
    assert!(world.next(anna).await.is_tentative);
    let shown = world.shows(anna);
    assert_eq!((shown.availability, shown.is_out_of_office), (Availability::Available, false));
    assert_eq!(server.seen().len(), 1, "nobody was asked");
}

#[tokio::test]
async fn a_meeting_that_is_cancelled_or_added_is_heard_of_at_the_next_poll_or_at_once() {
    let server = Ews::start(vec![Person::new("anna@example.com", "Anna")]).await;
    server.set_appointments(vec![appointment("Busy", "09:00", "11:00")]);
    let (world, anna) = exchange_world(&server).await;
    world.begin();
    assert_eq!(world.next(anna).await.availability, Availability::Busy);

    server.set_appointments(Vec::new());
    world.pass(20 * MINUTE);
    world.next(anna).await;
    world.pass(Duration::from_secs(1));
    assert_eq!(world.shows(anna).availability, Availability::Unknown);
    assert!(world.book.why(world.tenant, anna).claims.is_empty());

    server.set_appointments(vec![appointment("Busy", "09:45", "11:00")]);
    assert_eq!(world.watch.resubscribe(world.tenant, Some(&[anna])), 1);
    world.next(anna).await;
    assert_eq!(world.shows(anna).availability, Availability::Busy);
}

#[tokio::test]
async fn a_meeting_that_is_known_goes_on_while_the_server_is_busy() {
    let server = Ews::start(vec![Person::new("anna@example.com", "Anna")]).await;
    server.set_appointments(vec![appointment("Busy", "09:00", "10:30")]);
    let (world, anna) = exchange_world(&server).await;
    world.begin();
    world.next(anna).await;
    for _ in 0..50 {
        server.reply_next(Kind::Soap, ews::busy(60_000));
    }

    for _ in 0..59 {
        world.pass(MINUTE);
        tokio::task::yield_now().await;
        assert_eq!(world.shows(anna).availability, Availability::Busy);
    }
    let health = world.until(|health| health.problem.is_some()).await;
    assert!(matches!(health.problem, Some(RunProblem::Busy { .. })), "{health:?}");
    world.pass(2 * MINUTE);
    assert_eq!(world.shows(anna).availability, Availability::Unknown);
}

#[tokio::test]
async fn calendars_of_graph_are_read_beside_presence() {
    let graph = Graph::start((0..2).map(User::new).collect(), 100).await;
    graph.set_presence(&id(1), presence("Available", "Available"));
    graph.set_calendar("user1@example.com", vec![Item::new("busy", "2026-11-22T09:00:00", "2026-11-22T10:00:00")]);
    let reading = json!({"reads_presence": true, "reads_calendar": true});
    let world = graph_world(TestDatabase::sqlite().await, &graph, reading).await;
    let anna = world.hybrid("user1@example.com").await;
    world.begin();

    let kinds = [world.next(anna).await.kind, world.next(anna).await.kind];

    assert!(kinds.contains(&ClaimKind::Platform) && kinds.contains(&ClaimKind::Calendar), "{kinds:?}");
    let shown = world.shows(anna);
    assert_eq!((shown.availability, shown.decided_by), (Availability::Busy, Some(ClaimKind::Calendar)));
    let health = world.watch.health(world.tenant, world.source, &PageRequest::default());
    assert_eq!(health.aspects.iter().map(|health| health.counts.polling).collect::<Vec<_>>(), [1, 1]);
    // A page may end between the two of one contact.
    let first = PageRequest { limit: Some(1), ..PageRequest::default() };
    let first = world.watch.health(world.tenant, world.source, &first).contacts;
    let second = PageRequest { limit: Some(1), after: first.next, ..PageRequest::default() };
    let second = world.watch.health(world.tenant, world.source, &second).contacts;
    assert!(second.next.is_none() && second.items[0].contact == anna && second.items[0].aspect > first.items[0].aspect);
    world.watch.stop().await;
}
