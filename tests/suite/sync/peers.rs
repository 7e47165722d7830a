//! Contacts that several sources know.

use std::collections::BTreeMap;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use directory_model::contact::DisabledBy;
use directory_model::invalid::Rule;
use directory_model::run::{Counts, RunAction};
use directory_store::contacts::synced::{Batch, ContactWrite, ExtraEntry, write_batch};
use directory_store::source_records::{self, RecordWrite};
use directory_store::sync_runs::Start;
use suite::graph::{Graph, User, id};
use suite::on_each_backend;
use suite::picture::jpeg;

use super::services::world;
use super::*;

const GUID: &[u8; 16] = b"\x00\x01\xfe\xff456789abcdef";

/// A contact as a run of another source, a directory, has made it.
pub(super) async fn spoken_for(world: &World, external_id: &[u8], fields: ContactFields) -> (SourceId, ContactId) {
    let file = FileConnection { path: "ad.ldif".into(), format: FileFormat::Ldif };
    let number = world.contacts().await.len();
    let source = SourceFields { name: format!("AD {number}"), ..source_fields(Connection::File(file)) };
    let source = add_source(&world.db, world.tenant, source).await;
    let (external_id, synced) = (external_id.to_vec(), fields.clone());
    let fields = fields.check().expect("valid");
    let made = move |tx: &mut directory_store::tx::Tx<'_>| {
        let start = sync_runs::start(tx, source, Trigger::Manual, RunExtent::Whole)?;
        let Start::Started(run) = start else { panic!("{start:?}") };
        let mapped = Box::new(MappedRecord { synced, ..MappedRecord::default() });
        let locator = "cn=somebody".to_owned();
        let record = RecordWrite { external_id, locator: locator.clone(), mapped, digest: [0; 16], is_extra: false };
        let provenance = BTreeMap::new();
        let write =
            ContactWrite { before: None, fields, disabled_by: None, provenance, record: Some(record), entry: 0 };
        let action = RunAction::Create;
        let entry = RunEntry { number: 1, action, locator, contact: None, changes: Vec::new(), reason: None };
        write_batch(tx, &run, Batch { writes: vec![write], entries: vec![entry], ..Batch::default() })?;
        Ok(run.id)
    };
    let run = world.db.write(world.tenant, made).await;
    (source, world.entries(run).await[0].contact.expect("a contact"))
}

fn named(name: &str) -> ContactFields {
    ContactFields { display_name: Some(name.into()), ..ContactFields::default() }
}

fn copied(number: usize, guid: &[u8]) -> User {
    User::new(number).with("onPremisesImmutableId", BASE64_STANDARD.encode(guid))
}

async fn followed(graph: &Graph, db: TestDatabase) -> World {
    world(db, Connection::Graph(graph.connection()), graph.secret()).await
}

on_each_backend! {
    async fn a_user_of_graph_is_the_contact_of_the_entry_that_it_is_a_copy_of(db: TestDatabase) {
        let graph = Graph::start(vec![copied(1, GUID).pictured(jpeg([0, 0, 200]), 240), User::new(2)], 10).await;
        let world = followed(&graph, db).await;
        let (_, anna) = spoken_for(&world, GUID, ContactFields { is_hybrid: true, ..named("Anna") }).await;
        // Somebody else has the user's addresses, which would decide without the identity.
        let manual = ContactFields {
            sip: Some("sip:sip1@example.com".into()),
            mail: Some("user1@example.com".into()),
            ..named("Manual")
        };
        let manual = manual.check().expect("valid");
        world.db.write(world.tenant, move |tx| contacts::insert(tx, &manual)).await;
        let before = (world.contact("Anna").await, world.contact("Manual").await);

        let run = world.finish().await;
        succeeded(&run);
        assert_eq!(run.counts, Counts { read: 2, created: 1, linked: 1, photos: 1, ..Counts::default() });
        let lines = world.entries(run.id).await;
        let linked: Vec<_> = lines.iter().filter(|line| line.action == RunAction::Link).map(|line| line.contact).collect();
        assert_eq!(linked, [Some(anna)]);
        assert_eq!((world.contact("Anna").await, world.contact("Manual").await), before);

        // The directory on the premises goes on deciding who is in service.
        graph.put(copied(1, GUID).with("accountEnabled", false).with("companyName", "Graph"));
        let again = world.finish().await;
        succeeded(&again);
        assert_eq!(again.counts.changes(), 0);
        graph.remove(&id(1));
        assert_eq!(world.finish().await.counts.changes(), 0);
        assert_eq!(world.contact("Anna").await, before.0);

        // Somebody who was made anew over there is the same over here.
        graph.put(copied(3, GUID));
        let anew = world.finish().await;
        assert_eq!((anew.counts.linked, anew.counts.set_aside), (1, 0), "{:?}", world.entries(anew.id).await);

        succeeded(&world.undo(anew.id).await);
        assert_eq!(world.contact("Anna").await.fields, before.0.fields);
        let left_alone = world.finish().await;
        assert_eq!(left_alone.counts.linked, 0, "what was taken back is not done again");
    }

    async fn identities_that_mean_several_are_set_aside(db: TestDatabase) {
        let other = b"fedcba9876543210";
        let graph = Graph::start(vec![copied(1, GUID), copied(2, other), copied(3, other)], 10).await;
        let world = followed(&graph, db).await;
        spoken_for(&world, GUID, named("Anna")).await;
        spoken_for(&world, GUID, named("Anna's other self")).await;
        spoken_for(&world, other, named("Ben")).await;
        let before = world.contacts().await;

        let run = world.finish().await;

        succeeded(&run);
        assert_eq!(run.counts, Counts { read: 3, set_aside: 3, ..Counts::default() });
        let reasons = world.entries(run.id).await.into_iter().filter_map(|line| line.reason);
        assert!(reasons.into_iter().all(|reason| reason.rule == Rule::Ambiguous && reason.field == "origin_id"));
        assert_eq!(world.contacts().await, before);
        assert!(before.iter().all(|contact| contact.disabled_by != Some(DisabledBy::Sync)));
    }

    async fn an_entry_that_gave_a_photo_alone_goes_with_the_link_of_the_main_one(db: TestDatabase) {
        let world = World::new(db).await;
        let manual = world.db.contact(world.tenant, "manual").await.id;
        let mut said = entry("manual");
        said.mapped.sip = Some("sip:manual@example.com".into());
        let linked = world.run(&[said.clone(), entry("anna")]).await;
        assert_eq!(linked.counts.linked, 1);
        let graph = FileConnection { path: "graph.ldif".into(), format: FileFormat::Ldif };
        let graph = SourceFields { name: "Graph".into(), ..source_fields(Connection::File(graph)) };
        let graph = add_source(&world.db, world.tenant, graph).await;
        let pictured = move |tx: &mut directory_store::tx::Tx<'_>| {
            let start = sync_runs::start(tx, graph, Trigger::Manual, RunExtent::Whole)?;
            let Start::Started(run) = start else { panic!("{start:?}") };
            let (mapped, locator) = (Box::default(), "cn=manual".to_owned());
            let record = RecordWrite { external_id: b"x".into(), locator, mapped, digest: [0; 16], is_extra: true };
            let extra = ExtraEntry { contact: manual, record, entry: 0 };
            let (action, locator, contact) = (RunAction::Link, "cn=manual".to_owned(), Some(manual));
            let line = RunEntry { number: 1, action, locator, contact, changes: Vec::new(), reason: None };
            write_batch(tx, &run, Batch { extras: vec![extra], entries: vec![line], ..Batch::default() })
        };
        world.db.write(world.tenant, pictured).await;

        succeeded(&world.undo(linked.id).await);

        // Made by hand, as it was: nobody speaks for it, least of all who gave a photo.
        let tenant = world.tenant;
        let of_anyone = world.db.read(move |conn| source_records::linked(conn, tenant, &[manual])).await;
        assert!(of_anyone.is_empty(), "{of_anyone:?}");
        said.mapped.synced.company = Some("Acme".into());
        let again = world.run(&[said, entry("anna")]).await;
        assert_eq!(again.state, RunState::AwaitingApproval, "it is the first one afterwards");
        assert_eq!(world.approve(again.id).await.counts.linked, 1);
    }

    async fn a_copy_of_an_entry_that_nobody_reads_makes_a_contact(db: TestDatabase) {
        let graph = Graph::start(vec![copied(1, GUID), User::new(2).with("onPremisesImmutableId", "anna")], 10).await;
        let world = followed(&graph, db).await;

        assert_eq!(world.finish().await.counts, Counts { read: 2, created: 2, ..Counts::default() });
    }
}
