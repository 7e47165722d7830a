//! What a changed mapping does to what was read before, when nothing is read again.

use directory_model::run::{Counts, RunAction};
use directory_model::source::{Mapping, Transform};
use directory_source::mapping::default_mapping;
use directory_store::source_values;
use suite::ews::Ews;
use suite::graph::{Graph, User};
use suite::on_each_backend;
use suite::slapd::{Options, PEOPLE, Slapd, people};

use super::directory::reader;
use super::mapped::{people_of, rule};
use super::*;

const TWO: &str = "id,name,mail,phone,city,office\n\
                   1,ANNA BERG,anna@x.org,030 1234567,Berlin,B1\n\
                   2,BEN CLARK,ben@x.org,200,Wien,\n";

/// A mapping of nothing but columns that the default one names as well.
fn titled() -> Mapping {
    Mapping {
        external_id: vec!["id".into()],
        display_name: vec![rule(&["name"], vec![Transform::TitleCase]).into()],
        mail: vec!["mail".into()],
        office: vec!["city".into()],
        ..Mapping::default()
    }
}

impl World {
    /// One run that maps anew what was read before, and how it ended.
    async fn map_anew(&self) -> Run {
        let run = self.start_for(RunExtent::Stored).await.expect("the run starts");
        self.engine.ended(run).await;
        self.found(run).await
    }

    /// The locators of the entries of which something is kept.
    async fn kept_entries(&self) -> Vec<String> {
        let source = self.source;
        let open = move |tx: &mut directory_store::tx::Tx<'_>| {
            sync_runs::start(tx, source, Trigger::Manual, RunExtent::Stored)
        };
        let started = self.db.write(self.tenant, open).await;
        let sync_runs::Start::Started(run) = started else { panic!("{started:?}") };
        let (tenant, open) = (self.tenant, run.clone());
        let kept = self.db.read(move |conn| source_values::page(conn, &open, None, 100)).await;
        let end = move |tx: &mut directory_store::tx::Tx<'_>| {
            sync_runs::finish(tx, &run, RunState::Cancelled, &Counts::default(), None)
        };
        self.db.write(tenant, end).await;
        kept.into_iter().map(|entry| entry.locator).collect()
    }
}

on_each_backend! {
    async fn a_changed_mapping_is_applied_to_what_was_read_before(db: TestDatabase) {
        let (world, file) = people_of(db, TWO).await;
        succeeded(&world.finish().await);
        let anna = world.contact("ANNA BERG").await;
        assert_eq!(world.map_anew().await.counts, Counts { read: 2, unchanged: 2, ..Counts::default() });
        world.edit_source(|fields| fields.mapping = Some(titled())).await;
        std::fs::remove_file(&file).expect("the file goes");

        let run = world.map_anew().await;

        succeeded(&run);
        assert_eq!((run.extent, run.counts), (RunExtent::Stored, Counts { read: 2, updated: 2, ..Counts::default() }));
        let now = world.contact("Anna Berg").await;
        assert_eq!((now.id, now.fields.office.as_deref(), now.fields.work_city), (anna.id, Some("Berlin"), None));
        assert_eq!(world.map_anew().await.counts.unchanged, 2, "and no longer than that");
        assert!(matches!(world.finish().await.problem, Some(RunProblem::FileRefused { .. })), "nothing could be read");

        succeeded(&world.undo(run.id).await);
        assert_eq!(world.contact("ANNA BERG").await.fields.office.as_deref(), Some("B1"), "it is taken back like any other");
    }

    async fn who_lacks_an_attribute_stays_and_is_counted_until_the_source_is_read(db: TestDatabase) {
        let (world, _) = people_of(db, &TWO.replace("office", "building")).await;
        succeeded(&world.finish().await);
        let before = world.contacts().await;
        let wanting = Mapping { office: vec!["building".into()], ..titled() };
        world.edit_source(|fields| fields.mapping = Some(wanting)).await;

        let run = world.map_anew().await;

        succeeded(&run);
        assert_eq!(run.counts, Counts { read: 2, unchanged: 2, needs_read: 2, ..Counts::default() });
        assert_eq!(world.contacts().await, before);
        assert_eq!(world.finish().await.counts.updated, 2);
        assert_eq!(world.contact("Anna Berg").await.fields.office.as_deref(), Some("B1"));
        assert_eq!(world.map_anew().await.counts, Counts { read: 2, unchanged: 2, ..Counts::default() });
    }

    async fn an_identity_that_stands_twice_is_set_aside_and_the_last_word_kept(db: TestDatabase) {
        let (world, _) = people_of(db, "id,name,mail\n1,Anna,a@x.org\n1,Anna again,b@x.org\n2,Ben,c@x.org\n").await;

        let run = world.finish().await;

        succeeded(&run);
        assert_eq!((run.counts.created, run.counts.set_aside), (2, 1), "{run:?}");
        assert_eq!(world.kept_entries().await, ["people.csv:3", "people.csv:4"]);
    }

    async fn who_left_by_an_approved_plan_does_not_come_back_by_a_mapping(db: TestDatabase) {
        let (world, file) = people_of(db, TWO).await;
        succeeded(&world.finish().await);
        world.edit_source(|fields| fields.approval_threshold_percent = 10).await;
        std::fs::write(&file, TWO.split_inclusive('\n').take(2).collect::<String>()).expect("a file");
        let waits = world.finish().await;
        assert_eq!(waits.state, RunState::AwaitingApproval, "{waits:?}");
        assert_eq!(world.approve(waits.id).await.counts.disabled, 1);

        let anew = world.map_anew().await;

        assert_eq!((anew.counts.read, anew.counts.enabled, anew.counts.created), (1, 0, 0), "{anew:?}");
    }

    async fn another_place_makes_what_was_kept_forgotten_and_no_secret_is_needed_for_it(db: TestDatabase) {
        let slapd = Slapd::start(&Options { entries: people(2), ..Options::default() });
        let world = directory::world(db, &slapd, Arc::new(reader())).await;
        succeeded(&world.finish().await);
        let (tenant, source, key) = (world.tenant, world.source, Arc::clone(world.db.database.sealing_key()));
        world.db.write(tenant, move |tx| sources::set_secret(tx, &key, source, None)).await;
        assert_eq!(world.map_anew().await.counts, Counts { read: 2, unchanged: 2, ..Counts::default() });

        world.edit_source(|fields| {
            let Connection::Ldap(ldap) = &mut fields.connection else { panic!("a directory") };
            ldap.base_dn = "ou=elsewhere,dc=example,dc=com".into();
        })
        .await;

        let anew = world.map_anew().await;
        assert_eq!((anew.counts.read, anew.counts.needs_read), (0, 2), "{anew:?}");
    }

    async fn people_of_graph_are_mapped_anew_as_well(db: TestDatabase) {
        let graph = Graph::start(vec![User::new(1), User::new(2)], 10).await;
        let world = services::world(db, Connection::Graph(graph.connection()), graph.secret()).await;
        succeeded(&world.finish().await);
        let before = world.contacts().await;
        assert_eq!(world.map_anew().await.counts, Counts { read: 2, unchanged: 2, ..Counts::default() });
        world.edit_source(|fields| {
            let company = vec!["displayName".into()];
            fields.mapping = Some(Mapping { company, ..default_mapping(&fields.connection) });
        })
        .await;

        let anew = world.map_anew().await;

        succeeded(&anew);
        assert_eq!((anew.counts.updated, anew.counts.created), (2, 0), "{anew:?}");
        let after = world.contacts().await;
        assert!(after.iter().all(|contact| contact.fields.company == contact.fields.display_name), "{after:?}");
        assert_eq!(after.len(), before.len());
    }

    async fn many_changes_wait_for_approval_like_those_of_any_run(db: TestDatabase) {
        let lines: Vec<_> = (0..12).map(|number| format!("{number},PERSON {number:02},p{number}@x.org,City\n")).collect();
        let lines = lines.concat();
        let (world, file) = people_of(db, &format!("id,name,mail,city\n{lines}")).await;
        succeeded(&world.finish().await);
        world.edit_source(|fields| (fields.mapping, fields.change_threshold_percent) = (Some(titled()), Some(20))).await;
        std::fs::remove_file(&file).expect("the file goes");

        let waits = world.map_anew().await;

        assert_eq!(waits.state, RunState::AwaitingApproval);
        assert!(matches!(waits.problem, Some(RunProblem::TooManyChanges { updates: 12, known: 12, .. })), "{waits:?}");
        assert_eq!(world.start().await, Err(StartRefused::Busy(waits.id)));
        let done = world.approve(waits.id).await;
        succeeded(&done);
        assert_eq!(done.counts, Counts { read: 12, updated: 12, ..Counts::default() });
        assert_eq!(world.contact("Person 07").await.fields.office.as_deref(), Some("City"));
    }

    async fn what_no_mapping_could_use_before_is_used_by_one_that_can(db: TestDatabase) {
        let long = "x".repeat(300);
        let (world, _) = people_of(db, &format!("id,name,mail,phone\n1,Anna,anna@x.org,{long}\n2,Ben,ben@x.org,1\n")).await;
        let first = world.finish().await;
        assert_eq!((first.counts.created, first.counts.set_aside), (1, 1));
        world.edit_source(|fields| fields.mapping = Some(Mapping { office: Vec::new(), ..titled() })).await;

        let run = world.map_anew().await;

        succeeded(&run);
        assert_eq!((run.counts.created, run.counts.set_aside), (1, 0), "{run:?}");
        assert_eq!(world.entries(run.id).await.iter().filter(|line| line.action == RunAction::Create).count(), 1);
        assert_eq!(world.contact("Anna").await.fields.mail.as_deref(), Some("anna@x.org"));
    }

    async fn what_is_kept_follows_every_read(db: TestDatabase) {
        let (world, file) = people_of(db, TWO).await;
        succeeded(&world.finish().await);
        assert_eq!(world.kept_entries().await, ["people.csv:2", "people.csv:3"]);
        let anna = world.contact("ANNA BERG").await;
        std::fs::write(&file, TWO.replace("B1", "B2")).expect("a file");
        assert_eq!(world.run_for(&[anna.id]).await.counts.updated, 1);

        let again = world.map_anew().await;
        assert_eq!(again.counts, Counts { read: 2, unchanged: 2, ..Counts::default() }, "nothing old comes back");
        assert_eq!(world.contact("ANNA BERG").await.fields.office.as_deref(), Some("B2"));

        std::fs::write(&file, TWO.split_inclusive('\n').take(2).collect::<String>()).expect("a file");
        assert_eq!(world.finish().await.counts.disabled, 1);
        assert_eq!(world.kept_entries().await, ["people.csv:2"], "who is not there any more is forgotten");
        assert_eq!(world.map_anew().await.counts.enabled, 0);

        // A read that fails forgets nobody.
        std::fs::write(&file, "id,name,mail\n").expect("a file");
        assert_eq!(world.finish().await.problem, Some(RunProblem::Empty));
        std::fs::remove_file(&file).expect("the file goes");
        world.finish().await;
        assert_eq!(world.kept_entries().await, ["people.csv:2"]);
    }

    async fn a_directory_that_is_gone_is_not_missed_and_is_followed_on_from_where_it_was(db: TestDatabase) {
        let options = Options { entries: people(3), is_synchronizing: true, session_log: Some(100), ..Options::default() };
        let mut slapd = Slapd::start(&options);
        let world = directory::world(db, &slapd, Arc::new(reader())).await;
        let whole = world.finish().await;
        assert_eq!(whole.counts.created, 3);
        assert_eq!(world.map_anew().await.counts, Counts { read: 3, unchanged: 3, ..Counts::default() });
        slapd.set(&format!("uid=u000001,{PEOPLE}"), "title", "Head").await;
        let changes = world.changes().await;
        assert_eq!((changes.extent, changes.whole_because, changes.counts.updated), (RunExtent::Changes, None, 1));
        world.edit_source(|fields| fields.mapping = Some(Mapping {
            external_id: vec!["entryUUID".into()],
            display_name: vec!["cn".into()],
            mail: vec!["mail".into()],
            office: vec!["title".into()],
            ..Mapping::default()
        }))
        .await;
        slapd.kill();

        let run = world.map_anew().await;

        succeeded(&run);
        assert_eq!((run.counts.read, run.counts.updated, run.counts.needs_read), (3, 3, 0));
        assert_eq!(world.nth(1).await.fields.office.as_deref(), Some("Head"), "as it was read last");
    }

    async fn a_source_in_which_people_are_looked_up_keeps_nothing(db: TestDatabase) {
        let ews = Ews::start(Vec::new()).await;
        let world = services::world(db, Connection::Exchange(ews.connection()), ews.secret()).await;

        assert_eq!(world.start_for(RunExtent::Stored).await, Err(StartRefused::NothingKept));
    }
}
