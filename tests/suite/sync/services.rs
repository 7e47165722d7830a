//! Synchronisation with services that are asked over HTTP.

use directory_model::contact::DisabledBy;
use directory_model::run::Counts;
use suite::ews::{Ews, Person};
use suite::graph::{Graph, User, id};
use suite::on_each_backend;
use suite::picture::jpeg;

use super::directory::reader;
use super::*;

impl World {
    /// Says whether somebody is hybrid.
    pub(super) async fn mark_hybrid(&self, name: &str, is_hybrid: bool) {
        let found = self.contact(name).await;
        let fields = ContactFields { is_hybrid, ..found.fields }.check().expect("valid");
        let change =
            move |tx: &mut directory_store::tx::Tx<'_>| contacts::update(tx, found.id, found.revision, &fields);
        self.db.write(self.tenant, change).await.expect("the contact");
    }
}

/// A world whose source is the service.
pub(super) async fn world(db: TestDatabase, connection: Connection, secret: Secret) -> World {
    let tenant = db.tenant("Acme").await;
    let source = add_source(&db, tenant, source_fields(connection)).await;
    let engine = engine(&db, Arc::new(reader()));
    let world = World { db, tenant, source, script: Arc::default(), engine };
    world.enter(secret).await;
    world
}

on_each_backend! {
    async fn a_tenant_of_graph_is_read_whole_and_then_followed(db: TestDatabase) {
        let mut users: Vec<User> = (0..25).map(User::new).collect();
        users[3] = User::new(3).pictured(jpeg([200, 0, 0]), 240);
        let graph = Graph::start(users, 10).await;
        let world = world(db, Connection::Graph(graph.connection()), graph.secret()).await;

        let whole = world.finish().await;
        succeeded(&whole);
        assert_eq!(whole.counts, Counts { read: 25, created: 25, photos: 1, ..Counts::default() });

        graph.put(User::new(7).with("displayName", "Renamed"));
        graph.remove(&id(5));
        let changes = world.changes().await;
        succeeded(&changes);
        assert_eq!((changes.extent, changes.whole_because), (RunExtent::Changes, None));
        assert_eq!((changes.counts.updated, changes.counts.disabled), (1, 1), "{:?}", changes.counts);
        assert!(world.contact("Renamed").await.disabled_by.is_none());
        assert_eq!(world.contact("User 5").await.disabled_by, Some(DisabledBy::Sync));

        let asked_before = graph.seen().len();
        succeeded(&world.finish().await);
        let asked: Vec<String> = graph.seen().drain(asked_before..).map(|seen| seen.body).collect();
        assert!(asked.iter().any(|body| body.contains("/photo")), "{asked:?}");
        assert!(!asked.iter().any(|body| body.contains("$value")), "a photo that did not change: {asked:?}");

        graph.forget_changes();
        let again = world.changes().await;
        assert_eq!((again.extent, again.whole_because), (RunExtent::Whole, Some(WholeBecause::CursorExpired)));
        assert_eq!(again.counts.disabled, 0);
    }

    async fn a_contact_is_looked_up_in_exchange(db: TestDatabase) {
        let server = Ews::start(vec![Person::anna().pictured(jpeg([0, 200, 0]))]).await;
        let world = world(db, Connection::Exchange(server.connection()), server.secret()).await;
        let fields = ContactFields { mail: Some("anna.berg@example.com".into()), ..ContactFields::default() };
        let fields = fields.check().expect("valid");
        let anna = world.db.write(world.tenant, move |tx| contacts::insert(tx, &fields)).await;

        let asked = world.engine.synchronize(world.tenant, vec![anna.id], world.origin()).await.expect("it is asked for");
        let run = asked[0].run.expect("a run");
        world.engine.ended(run).await;
        let linked = world.found(run).await;
        let whole = world.finish().await;

        succeeded(&linked);
        assert_eq!(linked.counts, Counts { read: 1, linked: 1, photos: 1, ..Counts::default() });
        let company = world.contact("Berg, Anna <R&D>").await.fields.company;
        assert_eq!(company.as_deref(), Some("Example & Co"));
        succeeded(&whole);
        assert_eq!(whole.counts, Counts { read: 1, unchanged: 1, ..Counts::default() });
    }
}
