//! Photos of one contact in several sources: Exchange before Graph before the directory's own attribute.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use directory_model::run::{Asked, Counts, RunAction};
use directory_store::source_records;
use suite::emulator::Reply;
use suite::ews::{self, Ews, Kind, Person};
use suite::graph::{Graph, User};
use suite::on_each_backend;
use suite::picture::jpeg;
use suite::slapd::{PEOPLE, Slapd};

use super::directory::reader;
use super::*;

const OF_EXCHANGE: [u8; 3] = [200, 40, 40];
const OF_GRAPH: [u8; 3] = [40, 160, 60];
const OF_DIRECTORY: [u8; 3] = [50, 60, 200];
const NEWER: [u8; 3] = [90, 90, 90];
const THUMBNAIL: &str = "thumbnailPhoto";

/// One person whom a directory, Graph and Exchange know.
struct Album {
    world: World,
    slapd: Slapd,
    graph: Graph,
    ews: Ews,
    entry: String,
    anna: ContactId,
    in_graph: SourceId,
    in_exchange: SourceId,
}

impl Album {
    async fn open(db: TestDatabase) -> Self {
        let slapd = Slapd::with_people(1);
        let world = directory::world(db, &slapd, Arc::new(reader())).await;
        let entry = format!("uid=u000000,{PEOPLE}");
        slapd.set(&entry, THUMBNAIL, jpeg(OF_DIRECTORY)).await;
        assert_eq!(world.finish().await.counts, Counts { read: 1, created: 1, photos: 1, ..Counts::default() });
        let anna = world.contacts().await.remove(0);
        let mail = anna.fields.mail.clone().expect("an address");
        let graph = Graph::start(Vec::new(), 10).await;
        let ews = Ews::start(vec![Person::new(&mail, "Anna").pictured(jpeg(OF_EXCHANGE))]).await;
        let in_graph = add(&world, "Graph", Connection::Graph(graph.connection()), graph.secret()).await;
        let in_exchange = add(&world, "Exchange", Connection::Exchange(ews.connection()), ews.secret()).await;
        let album = Self { world, slapd, graph, ews, entry, anna: anna.id, in_graph, in_exchange };
        album.in_graph(Some(OF_GRAPH)).await;
        album.mark_hybrid(true).await;
        album
    }

    async fn mark_hybrid(&self, is_hybrid: bool) {
        let name = self.world.contacts().await.remove(0).fields.display_name.expect("a name");
        self.world.mark_hybrid(&name, is_hybrid).await;
    }

    /// What Graph has of her: a copy of the directory's entry.
    async fn in_graph(&self, photo: Option<[u8; 3]>) {
        let (tenant, source, anna) = (self.world.tenant, self.world.source, self.anna);
        let entries = self.world.db.read(move |conn| source_records::entries(conn, tenant, source, &[anna])).await;
        let id = &entries[&anna];
        let user = User::new(0).with("onPremisesImmutableId", BASE64_STANDARD.encode(id));
        self.graph.put(match photo {
            Some(color) => user.pictured(jpeg(color), 240),
            None => user,
        });
    }

    fn in_exchange(&self, photo: Option<[u8; 3]>) {
        self.ews.change(|people| people[0].photo = photo.map(jpeg));
    }

    async fn run(&self, source: SourceId) -> Run {
        self.run_over(source, RunExtent::Whole).await
    }

    async fn run_over(&self, source: SourceId, extent: RunExtent) -> Run {
        let world = &self.world;
        let started = world.engine.start(world.tenant, source, Trigger::Manual, extent, world.origin()).await;
        let run = started.expect("it starts");
        world.engine.ended(run).await;
        world.found(run).await
    }

    async fn shows(&self, color: [u8; 3]) {
        self.world.is_shown(self.anna, color).await;
    }
}

async fn add(world: &World, name: &str, connection: Connection, secret: Secret) -> SourceId {
    let fields = SourceFields { name: name.into(), ..source_fields(connection) };
    let source = add_source(&world.db, world.tenant, fields).await;
    let key = Arc::clone(world.db.database.sealing_key());
    let enter = move |tx: &mut directory_store::tx::Tx<'_>| sources::set_secret(tx, &key, source, Some(&secret));
    world.db.write(world.tenant, enter).await.expect("the source");
    source
}

on_each_backend! {
    async fn who_has_no_photo_in_exchange_shows_that_of_graph_and_then_that_of_the_directory(db: TestDatabase) {
        let album = Album::open(db).await;
        album.shows(OF_DIRECTORY).await;
        succeeded(&album.run(album.in_graph).await);
        album.shows(OF_GRAPH).await;
        succeeded(&album.run(album.in_exchange).await);
        album.shows(OF_EXCHANGE).await;
        // Whatever is read later goes after what comes before it.
        album.slapd.set(&album.entry, "title", "Head").await;
        succeeded(&album.run(album.in_graph).await);
        succeeded(&album.run(album.world.source).await);
        album.shows(OF_EXCHANGE).await;

        album.in_exchange(None);
        let none = album.run(album.in_exchange).await;
        succeeded(&none);
        assert_eq!(album.world.entries(none.id).await[0].action, RunAction::RemovePhoto);
        assert_eq!(album.run(album.in_graph).await.counts.photos, 1);
        album.shows(OF_GRAPH).await;

        album.in_graph(None).await;
        succeeded(&album.run(album.in_graph).await);
        assert_eq!(album.run(album.world.source).await.counts.photos, 1);
        album.shows(OF_DIRECTORY).await;

        album.slapd.clear(&album.entry, THUMBNAIL).await;
        succeeded(&album.run(album.world.source).await);
        assert_eq!(album.world.avatars(album.anna).await, []);
    }

    async fn a_photo_of_graph_is_taken_for_hybrid_people_only_and_goes_with_the_mark(db: TestDatabase) {
        let album = Album::open(db).await;
        let asked = || album.graph.seen().iter().filter(|seen| seen.body.contains("/photo")).count();
        album.mark_hybrid(false).await;
        let passed = album.run(album.in_graph).await;
        succeeded(&passed);
        assert_eq!((passed.counts.photos, asked()), (0, 0), "Graph is not even asked");
        album.shows(OF_DIRECTORY).await;

        album.mark_hybrid(true).await;
        assert_eq!(album.run(album.in_graph).await.counts.photos, 1);
        assert!(asked() > 0);
        album.shows(OF_GRAPH).await;

        // Without the mark it goes with the next run, also one over changes in which nobody is named, and the next
        // in the order is shown.
        album.mark_hybrid(false).await;
        let before = asked();
        let taken = album.run_over(album.in_graph, RunExtent::Changes).await;
        succeeded(&taken);
        let lines = album.world.entries(taken.id).await;
        assert_eq!((lines[0].action, lines[0].contact, asked()), (RunAction::RemovePhoto, Some(album.anna), before));
        assert_eq!(album.world.avatars(album.anna).await, []);
        assert_eq!(album.run(album.world.source).await.counts.photos, 1);
        album.shows(OF_DIRECTORY).await;

        // Nor does the button bring it back, until she is marked again.
        for (is_hybrid, shown) in [(false, OF_DIRECTORY), (true, OF_GRAPH)] {
            album.in_exchange(None);
            album.mark_hybrid(is_hybrid).await;
            for Asked { run, .. } in album.world.ask_for(&[album.anna]).await {
                let run = run.expect("nothing is in its way");
                album.world.engine.ended(run).await;
                succeeded(&album.world.found(run).await);
            }
            album.shows(shown).await;
        }
    }

    async fn a_newer_photo_of_the_directory_goes_before_one_of_graph_that_is_not_taken_any_more(db: TestDatabase) {
        let album = Album::open(db).await;
        succeeded(&album.run(album.in_graph).await);
        album.shows(OF_GRAPH).await;
        album.mark_hybrid(false).await;
        album.slapd.set(&album.entry, THUMBNAIL, jpeg(NEWER)).await;

        succeeded(&album.run(album.world.source).await);

        album.shows(NEWER).await;
        succeeded(&album.run(album.in_graph).await);
        album.shows(NEWER).await;
    }

    async fn the_button_asks_all_three_and_the_first_of_them_is_shown(db: TestDatabase) {
        let album = Album::open(db).await;
        succeeded(&album.run(album.in_graph).await);

        for (photo, shown) in [(Some(OF_EXCHANGE), OF_EXCHANGE), (None, OF_GRAPH)] {
            album.in_exchange(photo);
            // The run of a source that has no photo any more may end after those that would give theirs.
            for _ in 0..2 {
                let asked = album.world.ask_for(&[album.anna]).await;
                assert_eq!(asked.len(), 3, "{asked:?}");
                for Asked { run, .. } in asked {
                    let run = run.expect("nothing is in its way");
                    album.world.engine.ended(run).await;
                    succeeded(&album.world.found(run).await);
                }
            }
            album.shows(shown).await;
        }
    }

    async fn a_source_that_fails_for_the_moment_takes_no_photo(db: TestDatabase) {
        let album = Album::open(db).await;
        succeeded(&album.run(album.in_exchange).await);
        album.shows(OF_EXCHANGE).await;
        let pictured = album.world.avatars(album.anna).await;

        album.ews.reply_next(Kind::File, Reply::empty(503).with("retry-after", "999"));
        album.ews.reply_later(Kind::Soap, 1, ews::busy(999_000));
        let busy = album.run(album.in_exchange).await;
        assert_eq!(busy.state, RunState::Succeeded);
        assert!(matches!(busy.problem, Some(RunProblem::PhotosUnread { .. })), "{busy:?}");
        assert_eq!(album.world.avatars(album.anna).await, pictured);
        succeeded(&album.run(album.in_graph).await);
        succeeded(&album.run(album.world.source).await);
        assert_eq!(album.world.avatars(album.anna).await, pictured, "nor does the next one take its place");
    }

    async fn a_mailbox_that_exchange_does_not_know_is_a_row_and_no_error(db: TestDatabase) {
        let album = Album::open(db).await;
        album.ews.change(Vec::clear);
        let pictured = album.world.avatars(album.anna).await;

        let asked = album.world.ask_for(&[album.anna]).await;

        let asked = asked.into_iter().find(|asked| asked.source == album.in_exchange).and_then(|asked| asked.run);
        let run = asked.expect("Exchange is asked");
        album.world.engine.ended(run).await;
        let found = album.world.found(run).await;
        succeeded(&found);
        assert_eq!((found.problem, found.counts.not_found, found.counts.photos), (None, 1, 0));
        let lines = album.world.entries(run).await;
        let [line] = &lines[..] else { panic!("{lines:?}") };
        assert_eq!((line.action, line.contact, &line.reason), (RunAction::NotFound, Some(album.anna), &None));
        assert_eq!(album.world.avatars(album.anna).await, pictured);
    }

    async fn no_more_than_four_photos_are_asked_for_at_once(db: TestDatabase) {
        let mail = |number: usize| format!("p{number:02}@example.com");
        let person = |number| Person::new(&mail(number), &format!("P {number:02}")).pictured(jpeg(OF_EXCHANGE));
        let ews = Ews::start((0..13).map(person).collect()).await;
        // The first goes alone; of the others none is answered before four of them wait, so fewer would wait for ever.
        ews.gather_files(1, 4);
        let world = services::world(db, Connection::Exchange(ews.connection()), ews.secret()).await;
        for number in 0..13 {
            world.known_by(&mail(number)).await;
        }

        let run = world.finish().await;

        succeeded(&run);
        assert_eq!(run.counts.photos, 13);
        assert_eq!(ews.most_at_once(), 4);
    }
}
