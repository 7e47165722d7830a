//! Nightly runs of sources that cannot list anybody.

use directory_model::progress::Phase;
use directory_model::run::{Counts, RunAction};
use directory_model::source::{ExchangeConnection, UcwaConnection};
use directory_store::avatars;
use suite::emulator::{Manner, Reply, Seen};
use suite::ews::{self, Ews, Kind};
use suite::on_each_backend;
use suite::picture::jpeg;
use suite::{ews as exchange, ucwa};

use super::peers::spoken_for;
use super::services::world;
use super::*;

const MAIL: &str = "anna.berg@example.com";
const GREEN: [u8; 3] = [0, 200, 0];

impl World {
    /// A contact made by hand with this mail address.
    pub(super) async fn known_by(&self, mail: &str) -> ContactId {
        let fields = ContactFields { mail: Some(mail.into()), ..ContactFields::default() }.check().expect("valid");
        self.db.write(self.tenant, move |tx| contacts::insert(tx, &fields)).await.id
    }

    pub(super) async fn now(&self, id: ContactId) -> Contact {
        let tenant = self.tenant;
        self.db.read(move |conn| contacts::find(conn, tenant, id)).await.expect("the contact")
    }

    async fn is_pictured(&self, id: ContactId) -> bool {
        let tenant = self.tenant;
        self.db.read(move |conn| avatars::photos_of(conn, tenant, &[id])).await.contains_key(&id)
    }

    /// What the schedule starts at night.
    async fn night(&self) -> Run {
        // Every day has a night.
        self.db.clock.set(self.db.clock.now().plus(std::time::Duration::from_hours(24)));
        let started = self.engine.start_due().await;
        let [run] = started[..] else { panic!("{started:?}") };
        self.engine.ended(run).await;
        self.found(run).await
    }
}

fn anna() -> exchange::Person {
    exchange::Person::anna().pictured(jpeg(GREEN))
}

pub(super) fn employer(people: &mut [exchange::Person], name: &str) {
    for work in people.iter_mut().filter_map(|person| person.work.as_mut()) {
        work[0] = name.into();
    }
}

/// How photos were asked for as files, each with what is answered.
fn photos(server: &Ews) -> Vec<(bool, u16)> {
    let asked = |seen: &Seen| seen.path.ends_with("GetUserPhoto");
    let exchanged = server.exchanged().into_iter().filter(|(seen, _)| asked(seen));
    exchanged.map(|(seen, reply)| (!seen.header("if-none-match").is_empty(), reply.status)).collect()
}

/// A run that waits for an answer in vain.
async fn silent(world: &World, contact: ContactId, before: &Contact) {
    let run = world.finish().await;
    assert_eq!((run.state, run.counts.changes()), (RunState::Failed, 0), "{run:?}");
    let said = run.problem.as_ref().map(ToString::to_string).unwrap_or_default();
    assert!(said.starts_with("The directory at `http://"), "{said}");
    assert!(said.ends_with("` could not be reached (no answer within 1 second), so no contact was changed."), "{said}");
    assert_eq!(world.now(contact).await, *before);
}

async fn many(db: TestDatabase, count: usize) -> (World, Ews) {
    let mail = |number: usize| format!("p{number:03}@example.com");
    let person = |number| exchange::Person {
        work: Some(["Old", "Engineer", "B1", "1234"].map(str::to_owned)),
        ..exchange::Person::new(&mail(number), &format!("Person {number:03}"))
    };
    let server = Ews::start((0..count).map(person).collect()).await;
    let world = world(db, Connection::Exchange(server.connection()), server.secret()).await;
    for number in 0..count {
        world.known_by(&mail(number)).await;
    }
    let linked = world.finish().await;
    succeeded(&linked);
    assert_eq!(linked.counts.linked, count as u64);
    (world, server)
}

on_each_backend! {
    async fn a_nightly_run_follows_fields_and_photos_of_exchange(db: TestDatabase) {
        let server = Ews::start(vec![anna()]).await;
        let mut connection = server.connection();
        connection.address_domains = vec!["example.com".into()];
        let world = world(db, Connection::Exchange(connection), server.secret()).await;
        let (anna, ben) = (world.known_by(MAIL).await, world.known_by("ben@example.com").await);
        let other = world.known_by("customer@example.org").await;

        let first = world.night().await;
        succeeded(&first);
        assert_eq!(first.trigger, Trigger::Schedule);
        assert_eq!(first.counts, Counts { read: 1, linked: 1, photos: 1, not_found: 1, ..Counts::default() });
        let lines = world.entries(first.id).await;
        assert!(lines.iter().all(|line| line.contact != Some(ben)), "nobody has ever found him: {lines:?}");
        assert_eq!(world.now(anna).await.fields.company.as_deref(), Some("Example & Co"));
        assert!(world.is_pictured(anna).await);
        assert!(server.seen().iter().all(|seen| !seen.body.contains("example.org")), "{other} is nobody's business");

        server.change(|people| employer(people, "New"));
        let second = world.finish().await;
        succeeded(&second);
        assert_eq!(second.counts, Counts { read: 1, updated: 1, not_found: 1, ..Counts::default() });
        let changed = world.now(anna).await;
        let from = changed.provenance.values().next().expect("a provenance");
        assert_eq!((changed.fields.company.as_deref(), from.source), (Some("New"), Some(world.source)));
        assert_eq!(photos(&server), [(false, 200), (true, 304)], "a photo that did not change is not sent again");

        server.change(|people| people[0].photo = Some(jpeg([200, 0, 0])));
        assert_eq!(world.finish().await.counts.photos, 1);
        let changes = world.start_for(RunExtent::Changes).await.expect("it starts");
        world.engine.ended(changes).await;
        let found = world.found(changes).await;
        assert_eq!((found.extent, found.whole_because), (RunExtent::Whole, Some(WholeBecause::Unsupported)));
    }

    async fn a_mailbox_that_is_unknown_leaves_contact_and_photo(db: TestDatabase) {
        let server = Ews::start(vec![anna(), exchange::Person::new("ben@example.com", "Ben")]).await;
        let world = world(db, Connection::Exchange(server.connection()), server.secret()).await;
        let (anna, _) = (world.known_by(MAIL).await, world.known_by("ben@example.com").await);
        succeeded(&world.finish().await);
        let before = world.now(anna).await;
        let mut people = Vec::new();
        server.change(|all| people = std::mem::take(all));
        server.change(|all| all.push(people[1].clone()));

        let run = world.finish().await;
        succeeded(&run);
        assert_eq!(run.counts, Counts { read: 1, unchanged: 1, not_found: 1, ..Counts::default() });
        let lines = world.entries(run.id).await;
        let lines: Vec<_> = lines.iter().map(|line| (line.action, line.locator.as_str(), line.contact)).collect();
        assert_eq!(lines, [(RunAction::NotFound, MAIL, Some(anna))]);
        assert_eq!(world.now(anna).await, before);
        assert!(world.is_pictured(anna).await);
        let about = world.ask_for(&[anna]).await[0].run.expect("a run");
        world.engine.ended(about).await;
        assert!(world.is_pictured(anna).await, "nor does the button take it");

        people[0].photo = None;
        server.change(|all| all.push(people[0].clone()));
        let run = world.finish().await;
        assert_eq!(world.entries(run.id).await[0].action, RunAction::RemovePhoto);
        assert!(!world.is_pictured(anna).await, "the mailbox is there and has no photo any more");
    }

    async fn a_server_that_breaks_off_in_mid_run_changes_nobody(db: TestDatabase) {
        let (world, server) = many(db, 120).await;
        let before = world.contacts().await;
        server.change(|people| employer(people, "New"));

        for reply in [ews::busy(999_999), ews::xml("<x/>").sent(Manner::Cut), Reply::empty(403)] {
            server.reply_later(Kind::Soap, 105, reply);
            let run = world.finish().await;
            assert_eq!(run.state, RunState::Failed, "{run:?}");
            assert!(run.problem.as_ref().is_some_and(|problem| match problem {
                RunProblem::Busy { .. } | RunProblem::RequestRefused { .. } => true,
                RunProblem::CutShort { read, .. } => *read >= 100,
                _ => false,
            }), "{run:?}");
            assert_eq!((world.contacts().await, run.counts.changes()), (before.clone(), 0));
        }
        server.change(Vec::clear);
        let nobody = world.finish().await;
        assert_eq!((nobody.state, nobody.problem), (RunState::Failed, Some(RunProblem::Empty)));
        assert_eq!(world.contacts().await, before);
    }

    async fn a_server_that_stays_silent_ends_the_run_with_one_sentence(db: TestDatabase) {
        let server = Ews::start(vec![anna()]).await;
        let skype = ucwa::Ucwa::start(vec![ucwa::Person::new("anna@example.com", MAIL, "Anna Berg")]).await;
        let connection = ExchangeConnection { timeout_seconds: 1, ..server.connection() };
        let world = world(db, Connection::Exchange(connection), server.secret()).await;
        let anna = world.known_by(MAIL).await;
        succeeded(&world.finish().await);
        server.change(|people| employer(people, "New"));
        let before = world.now(anna).await;
        server.reply_next(Kind::Soap, ews::xml("").sent(Manner::Never));
        silent(&world, anna, &before).await;
        assert!(world.is_pictured(anna).await);

        // Another kind of source for the same people.
        let connection = Connection::Ucwa(UcwaConnection { timeout_seconds: 1, ..skype.connection() });
        let source = SourceFields { name: "Lync".into(), ..source_fields(connection) };
        let source = add_source(&world.db, world.tenant, source).await;
        let world = World { source, ..world };
        world.enter(skype.secret()).await;
        skype.reply_next("search", Reply::empty(200).sent(Manner::Never));
        silent(&world, anna, &before).await;
    }

    async fn a_look_up_tells_how_far_it_has_come_and_ends_when_it_is_cancelled(db: TestDatabase) {
        let (world, server) = many(db, 120).await;
        let before = world.contacts().await;
        server.change(|people| employer(people, "New"));
        server.reply_later(Kind::Soap, 110, ews::xml("").sent(Manner::Never));

        let run = world.start().await.expect("it starts");
        let mut progress = world.engine.progress(run).expect("it goes on");
        let seen = progress.wait_for(|progress| progress.done >= 100).await.map(|seen| *seen).expect("a page");
        assert_eq!((seen.phase, seen.done, seen.expected), (Phase::Reading, 100, Some(120)));
        let later = seen.since.plus(std::time::Duration::from_secs(10));
        assert_eq!((seen.pace(later).per_second, seen.pace(later).seconds_left), (Some(10), Some(2)));
        world.engine.cancel(world.tenant, run, world.origin()).await.expect("it is cancelled");
        world.engine.ended(run).await;

        assert_eq!(world.found(run).await.state, RunState::Cancelled);
        assert_eq!(world.contacts().await, before);
    }

    async fn what_was_looked_up_is_taken_back(db: TestDatabase) {
        let server = Ews::start(vec![anna()]).await;
        let world = world(db, Connection::Exchange(server.connection()), server.secret()).await;
        let anna = world.known_by(MAIL).await;
        succeeded(&world.finish().await);
        server.change(|people| employer(people, "New"));
        server.change(|people| people[0].photo = Some(jpeg([200, 0, 0])));
        let run = world.finish().await;
        assert_eq!((run.counts.updated, run.counts.photos), (1, 1));

        succeeded(&world.undo(run.id).await);
        assert_eq!(world.now(anna).await.fields.company.as_deref(), Some("Example & Co"));
        world.is_shown(anna, GREEN).await;
        let again = world.finish().await;
        succeeded(&again);
        assert_eq!((again.counts.changes(), again.counts.photos), (0, 0), "what was taken back is left alone");
        world.is_shown(anna, GREEN).await;
        assert_eq!(world.now(anna).await.fields.company.as_deref(), Some("Example & Co"));
    }

    async fn a_plan_of_many_changes_waits_and_then_takes_no_photo(db: TestDatabase) {
        let (world, server) = many(db, 12).await;
        server.change(|people| people[0].photo = Some(jpeg(GREEN)));
        succeeded(&world.finish().await);
        world.edit_source(|source| source.change_threshold_percent = Some(20)).await;
        server.change(|people| {
            employer(people, "New");
            people[0].photo = None;
        });

        let waiting = world.finish().await;
        assert_eq!(waiting.state, RunState::AwaitingApproval);
        assert!(matches!(waiting.problem, Some(RunProblem::TooManyChanges { updates: 12, known: 12, .. })));
        let done = world.approve(waiting.id).await;
        succeeded(&done);
        assert_eq!(done.counts.updated, 12);
        assert!(world.is_pictured(world.contact("Person 000").await.id).await);
    }

    async fn who_has_their_fields_from_a_directory_gets_a_photo(db: TestDatabase) {
        let ben = exchange::Person::new("ben@example.com", "Ben of Exchange");
        let server = Ews::start(vec![anna(), ben]).await;
        let world = world(db, Connection::Exchange(server.connection()), server.secret()).await;
        let known = |mail: &str| ContactFields { mail: Some(mail.into()), company: Some("AD".into()), ..ContactFields::default() };
        let (directory, anna) = spoken_for(&world, b"0123456789abcdef", known(MAIL)).await;
        let (_, ben) = spoken_for(&world, b"fedcba9876543210", known("ben@example.com")).await;
        let before = (world.now(anna).await, world.now(ben).await);

        let asked = world.ask_for(&[anna]).await;
        let run = asked.iter().find(|asked| asked.source == world.source).and_then(|asked| asked.run).expect("a run");
        world.engine.ended(run).await;
        let linked = world.found(run).await;
        succeeded(&linked);
        assert_eq!(linked.counts, Counts { read: 1, linked: 1, photos: 1, ..Counts::default() });
        assert!(world.is_pictured(anna).await);
        let night = world.night().await;
        assert_eq!(night.counts, Counts { read: 2, linked: 1, unchanged: 1, ..Counts::default() });
        let now = (world.now(anna).await, world.now(ben).await);
        assert_eq!(now, before, "the directory goes on saying what the fields are");
        assert_eq!(world.finish().await.counts, Counts { read: 2, unchanged: 2, ..Counts::default() });

        // Whoever is left to say so says it once the directory is gone.
        world.db.write(world.tenant, move |tx| sources::remove(tx, directory, None)).await.expect("it is removed");
        let taken_over = world.finish().await;
        assert_eq!(taken_over.counts.updated, 1);
        assert_eq!(world.now(anna).await.fields.company.as_deref(), Some("Example & Co"));
    }

    async fn a_server_that_knows_none_of_more_than_ten_is_another_one(db: TestDatabase) {
        let server = Ews::start(Vec::new()).await;
        let world = world(db, Connection::Exchange(server.connection()), server.secret()).await;
        for number in 0..10 {
            let id = format!("entry {number}");
            let mail = Some(format!("p{number}@example.com"));
            spoken_for(&world, id.as_bytes(), ContactFields { mail, ..ContactFields::default() }).await;
        }
        let few = world.finish().await;
        succeeded(&few);
        assert_eq!(few.counts, Counts { not_found: 10, ..Counts::default() });
        assert_eq!(world.entries(few.id).await, []);

        // Neither is it the first run of this source that found somebody, nor do these contacts belong to it.
        world.known_by("p10@example.com").await;
        let none = world.finish().await;
        assert_eq!((none.state, none.problem), (RunState::Failed, Some(RunProblem::Empty)));
        server.change(|people| people.push(exchange::Person::new("p10@example.com", "P")));
        succeeded(&world.finish().await);
    }

    async fn a_nightly_run_asks_a_skype_for_business_server(db: TestDatabase) {
        let photo = Some(jpeg(GREEN));
        let anna = ucwa::Person { photo, ..ucwa::Person::new("anna@example.com", MAIL, "Anna Berg") };
        let server = ucwa::Ucwa::start(vec![anna]).await;
        let world = world(db, Connection::Ucwa(server.connection()), server.secret()).await;
        let (anna, _) = (world.known_by(MAIL).await, world.known_by("nobody@example.com").await);
        for number in 0..100 {
            world.known_by(&format!("p{number}@example.net")).await;
        }

        let first = world.night().await;
        succeeded(&first);
        assert_eq!(first.counts, Counts { read: 1, linked: 1, photos: 1, not_found: 101, ..Counts::default() });
        assert_eq!(server.given(), (1, 1), "two pages, and the photos, need one token and one application");

        server.change(|people| people[0].name = "Anna Huber".into());
        let second = world.finish().await;
        assert_eq!((second.counts.updated, second.counts.photos), (1, 0));
        assert_eq!(world.now(anna).await.fields.display_name.as_deref(), Some("Anna Huber"));
        let photos: Vec<Seen> = server.seen().into_iter().filter(|seen| seen.path.contains("/photos/")).collect();
        assert_eq!(photos.iter().map(|seen| !seen.header("if-none-match").is_empty()).collect::<Vec<_>>(), [false, true]);

        let before = world.contacts().await;
        server.change(|people| people[0].name = "Anna Klein".into());
        server.reply_next("search", Reply::empty(503).with("retry-after", "999"));
        let busy = world.finish().await;
        assert!(matches!(busy.problem, Some(RunProblem::Busy { .. })), "{busy:?}");
        assert_eq!(world.contacts().await, before);

        let run = world.finish().await;
        assert_eq!(run.counts.updated, 1);
        succeeded(&world.undo(run.id).await);
        assert_eq!(world.now(anna).await.fields.display_name.as_deref(), Some("Anna Huber"));
        server.change(|people| *people = vec![ucwa::Person::new("nobody@example.com", "nobody@example.com", "Nobody")]);
        assert_eq!(world.finish().await.counts.linked, 1);
        assert!(world.is_pictured(anna).await);
    }
}
