//! All sources of a tenant started together, and the contacts of a group.

use std::time::Duration;

use directory_model::group::GroupFields;
use directory_model::id::GroupId;
use directory_model::rights::{Role, Scope};
use directory_model::run::{Asked, LeftOut, LeftOutBecause, StartedRuns};
use directory_store::groups;
use directory_store::sync_runs::Which;
use http::Method;
use serde_json::{Value, json};
use suite::app::{As, TestGateway};
use suite::on_each_backend;

use super::*;

/// A world, more sources of it, and who asks for what.
struct Office {
    world: World,
    gateway: TestGateway,
    admin: As,
}

impl Office {
    async fn open(db: TestDatabase) -> Self {
        let world = World::new(db).await;
        let engine = Arc::new(world.engine.clone());
        let gateway =
            TestGateway::with_sync(&world.db.database, &world.db.clock, gateway_api::ApiSettings::default(), engine);
        let admin = gateway.token(world.tenant, "admin", Role::Tenant, Scope::Tenant(world.tenant)).await;
        Self { world, gateway, admin }
    }

    async fn source(&self, name: &str, is_disabled: bool) -> SourceId {
        let file = FileConnection { path: "people.csv".into(), format: FileFormat::Csv };
        let fields = source_fields(Connection::File(file));
        add_source(&self.world.db, self.world.tenant, SourceFields { name: name.into(), is_disabled, ..fields }).await
    }

    async fn group(&self, name: &str, parent: Option<GroupId>, members: &[ContactId]) -> GroupId {
        let fields = GroupFields { name: name.into(), parent }.check().expect("valid");
        let members = members.to_vec();
        let make = move |tx: &mut directory_store::tx::Tx<'_>| {
            let group = groups::insert(tx, &fields)?.id;
            for contact in members {
                groups::add_member(tx, group, contact)?.expect("both are there");
            }
            Ok(group)
        };
        self.world.db.write(self.world.tenant, make).await
    }

    async fn post(&self, path: &str) -> Value {
        let at = format!("/api/v1/tenants/{}{path}", self.world.tenant);
        let answer = self.gateway.ask(&self.admin, Method::POST, &at, None).await;
        assert_eq!(answer.status, 202, "{}", answer.json);
        answer.json
    }

    async fn all_runs(&self) -> Vec<Run> {
        let tenant = self.world.tenant;
        self.world.db.read(move |conn| sync_runs::list(conn, tenant, Which::All, &PageRequest::default())).await.items
    }
}

on_each_backend! {
    async fn every_source_in_service_is_started_and_the_others_are_named(db: TestDatabase) {
        let office = Office::open(db).await;
        office.world.says(&entries(&["anna"]));
        let (second, off) = (office.source("Second", false).await, office.source("Off", true).await);
        let sip = json!({"kind": "sip", "host": "sip.example.com", "address": "sip:gw@example.com"});
        let sip: SourceFields = serde_json::from_value(json!({"name": "Sip", "connection": sip})).expect("fields");
        let sip = add_source(&office.world.db, office.world.tenant, sip).await;
        let gate = Arc::new(Notify::new());
        *office.world.script.gate.lock().unwrap() = Some(gate.clone());
        let goes_on = office.world.start().await.expect("starts");

        let started: StartedRuns = serde_json::from_value(office.post("/runs").await).expect("what came of it");

        let left = |source, because, run| LeftOut { source, because, run };
        assert_eq!(
            started.left_out,
            [
                left(office.world.source, LeftOutBecause::Busy, Some(goes_on)),
                left(off, LeftOutBecause::SwitchedOff, None),
                left(sip, LeftOutBecause::NoEntries, None),
            ]
        );
        let [Asked { source, run: Some(run) }] = started.runs[..] else { panic!("{started:?}") };
        assert_eq!((source, office.all_runs().await.len()), (second, 2), "nothing is doubled");
        *office.world.script.gate.lock().unwrap() = None;
        gate.notify_waiters();
        gate.notify_one();
        office.world.engine.ended(run).await;
        office.world.engine.ended(goes_on).await;

        let again = office.post("/runs?extent=stored").await;
        assert_eq!((again["runs"].as_array().map(Vec::len), again["left_out"].as_array().map(Vec::len)), (Some(2), Some(2)));
        for asked in again["runs"].as_array().expect("runs") {
            let run = asked["run"].as_str().expect("a run").parse().expect("an identity");
            office.world.engine.ended(run).await;
            assert_eq!(office.world.found(run).await.extent, RunExtent::Stored);
        }
    }

    async fn a_tenant_that_is_switched_off_starts_nothing(db: TestDatabase) {
        let office = Office::open(db).await;
        office.world.switch_sync(false).await;

        let at = format!("/api/v1/tenants/{}/runs", office.world.tenant);
        let refused = office.gateway.ask(&office.admin, Method::POST, &at, None).await;

        assert_eq!(refused.problem(), "409 not_possible_now");
        assert_eq!(office.all_runs().await, []);
    }

    async fn the_contacts_of_a_group_are_one_run_for_each_source_they_come_from(db: TestDatabase) {
        let office = Office::open(db).await;
        let world = &office.world;
        world.run(&entries(&["anna", "ben", "carl"])).await;
        let other = office.source("Second", false).await;
        let start = |source| world.engine.start(world.tenant, source, Trigger::Manual, RunExtent::Whole, world.origin());
        world.says(&entries(&["dora"]));
        world.engine.ended(start(other).await.expect("starts")).await;
        let silent = office.source("Silent", false).await;
        world.says(&entries(&["emil"]));
        world.engine.ended(start(silent).await.expect("starts")).await;
        let key = Arc::clone(world.db.database.sealing_key());
        let disable = move |tx: &mut directory_store::tx::Tx<'_>| {
            let found = sources::find(tx.conn, &key, tx.tenant, silent)?.expect("the source");
            let fields = SourceFields { is_disabled: true, ..found.fields };
            sources::update(tx, &key, silent, found.revision, &fields.check().expect("valid"))
        };
        world.db.write(world.tenant, disable).await;
        let hand = world.db.contact(world.tenant, "hand").await;
        let mut ids = Vec::new();
        for name in ["anna", "ben", "dora", "emil"] {
            ids.push(world.contact(name).await.id);
        }
        let above = office.group("Team", None, &[ids[0], ids[2], hand.id]).await;
        office.group("Below", Some(above), &[ids[1], ids[3]]).await;
        let before = office.all_runs().await.len();
        world.says(&entries(&["anna", "ben", "carl", "dora", "emil"]));

        let answer = office.post(&format!("/groups/{above}/synchronize")).await;

        assert_eq!((&answer["contacts"], &answer["manual"]), (&json!(3), &json!(1)));
        assert_eq!(answer["left_out"], json!([{"source": silent, "because": "switched_off", "run": null}]));
        let runs: Vec<Asked> = serde_json::from_value(answer["runs"].clone()).expect("runs");
        assert_eq!(runs.iter().map(|asked| asked.source).collect::<Vec<_>>(), [world.source, other]);
        for (asked, mut expected) in runs.into_iter().zip([vec![ids[0], ids[1]], vec![ids[2]]]) {
            let run = asked.run.expect("nothing is in its way");
            world.engine.ended(run).await;
            let mut about = world.found(run).await.contacts.expect("it is about some");
            about.sort();
            expected.sort();
            assert_eq!(about, expected);
        }
        assert_eq!(office.all_runs().await.len(), before + 2);
        let empty = office.group("Empty", None, &[hand.id]).await;
        let nobody = office.post(&format!("/groups/{empty}/synchronize")).await;
        assert_eq!((&nobody["contacts"], &nobody["runs"]), (&json!(0), &json!([])));
    }

    async fn more_of_a_group_than_a_hundred_are_several_runs_and_too_many_are_refused(db: TestDatabase) {
        let office = Office::open(db).await;
        let world = &office.world;
        let names: Vec<String> = (0..1001).map(|number| format!("p{number:04}")).collect();
        let people: Vec<SourceRecord> = names.iter().map(|name| entry(name)).collect();
        world.run(&people).await;
        let ids: Vec<ContactId> = world.contacts().await.iter().map(|contact| contact.id).collect();
        let (some, all) = (office.group("Some", None, &ids[..150]).await, office.group("All", None, &ids).await);

        let answer = office.post(&format!("/groups/{some}/synchronize")).await;
        let at = format!("/api/v1/tenants/{}/groups/{all}/synchronize", world.tenant);
        let refused = office.gateway.ask(&office.admin, Method::POST, &at, None).await;

        assert_eq!(refused.problem(), "422 invalid_value group:too_long");
        let runs: Vec<Asked> = serde_json::from_value(answer["runs"].clone()).expect("runs");
        assert_eq!(runs.len(), 2, "a run, and those who wait for it: {runs:?}");
        let both = async {
            loop {
            let runs = office.all_runs().await;
            if let Some(open) = runs.iter().find(|run| run.ended_at.is_none()) {
                world.engine.ended(open.id).await;
            }
            // Between two of them, when none is open, the next one is still to be started.
            let ended = runs.iter().filter(|run| run.ended_at.is_some());
            let about: Vec<usize> = ended.filter_map(|run| Some(run.contacts.as_ref()?.len())).collect();
            if about.len() == 2 {
                break about;
            }
            tokio::task::yield_now().await;
            }
        };
        let about = tokio::time::timeout(Duration::from_mins(1), both).await.expect("both are run");
        assert_eq!(about, [50, 100]);
    }
}
