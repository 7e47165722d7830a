//! What runs make of contacts.

use directory_model::contact::{DisabledBy, SyncedField};
use directory_model::invalid::{Invalid, Rule};
use directory_model::record::SetAside;
use directory_model::run::{Counts, FieldChange, RunAction};
use suite::on_each_backend;

use super::*;

on_each_backend! {
    async fn a_first_run_creates_everybody_with_provenance(db: TestDatabase) {
        let world = World::new(db).await;
        let names: Vec<String> = (0..300).map(|number| format!("p{number:03}")).collect();
        let people: Vec<_> = names.iter().map(|name| entry(name)).collect();

        let run = world.run(&people).await;

        succeeded(&run);
        assert_eq!(run.counts, Counts { read: 300, created: 300, ..Counts::default() });
        let contact = world.contact("p007").await;
        assert_eq!(contact.fields.mail.as_deref(), Some("p007@example.com"));
        assert_eq!(contact.fields.last_name.as_deref(), Some("p007"));
        let provenance = &contact.provenance[&SyncedField::Mail];
        assert_eq!((provenance.source, provenance.run, provenance.is_pinned), (Some(world.source), Some(run.id), false));
        assert_eq!(contact.provenance.len(), 2);
        let lines = world.entries(run.id).await;
        assert_eq!((lines[7].number, lines[7].action, lines[7].contact), (8, RunAction::Create, Some(contact.id)));
        assert_eq!(lines[7].locator, "cn=p007,dc=example");
    }

    async fn the_same_entries_again_write_nothing_but_the_run(db: TestDatabase) {
        let world = World::new(db).await;
        let people = entries(&["anna", "ben", "carl"]);
        world.run(&people).await;
        let (before, seq) = (world.contacts().await, world.change_seq().await);

        let run = world.run(&people).await;

        succeeded(&run);
        assert_eq!(run.counts, Counts { read: 3, unchanged: 3, ..Counts::default() });
        assert_eq!(world.contacts().await, before);
        assert_eq!(world.change_seq().await, seq + 2, "the run started and ended");
        assert_eq!(world.entries(run.id).await, []);
    }

    async fn a_change_in_the_directory_is_recorded_field_by_field(db: TestDatabase) {
        let world = World::new(db).await;
        let mut people = entries(&["anna", "ben", "carl"]);
        world.run(&people).await;
        people[1].mapped.synced.work_phone = Some("+49 30 1234".into());
        people[1].mapped.last_name = Some("Married".into());

        let run = world.run(&people).await;

        assert_eq!(run.counts, Counts { read: 3, updated: 1, unchanged: 2, ..Counts::default() });
        let ben = world.contact("ben").await;
        assert_eq!(ben.fields.work_phone.as_deref(), Some("+49 30 1234"));
        assert_eq!(ben.fields.last_name.as_deref(), Some("ben"), "filled on creation only");
        assert_eq!((ben.revision, ben.provenance[&SyncedField::WorkPhone].run), (2, Some(run.id)));
        let lines = world.entries(run.id).await;
        let change = FieldChange { field: SyncedField::WorkPhone, old: None, new: Some("+49 30 1234".into()) };
        assert_eq!((lines.len(), lines[0].action, lines[0].contact), (1, RunAction::Update, Some(ben.id)));
        assert_eq!(lines[0].changes, [change]);
        assert_eq!(world.run(&people).await.counts.unchanged, 3);
    }

    async fn the_directory_precedes_manual_edits(db: TestDatabase) {
        let world = World::new(db).await;
        let people = entries(&["anna", "ben", "carl"]);
        world.run(&people).await;
        let anna = world.contact("anna").await.id;
        world.edit(anna, |fields| {
            fields.display_name = Some("By hand".into());
            fields.company = Some("By hand".into());
            fields.is_vcard_enabled = true;
        }).await;

        let run = world.run(&people).await;

        assert_eq!((run.counts.updated, run.counts.unchanged), (1, 2));
        let fields = world.contact("anna").await.fields;
        assert_eq!(fields.company.as_deref(), Some("By hand"), "the directory has no company");
        assert!(fields.is_vcard_enabled);
        assert_eq!(world.run(&people).await.counts.updated, 0);
    }

    async fn leavers_are_disabled_release_their_addresses_and_may_return(db: TestDatabase) {
        let world = World::new(db).await;
        let people = entries(&["anna", "ben", "carl"]);
        world.run(&people).await;
        let ben = world.contact("ben").await;
        let mut joiner = entry("new");
        joiner.mapped.synced.mail = Some("ben@example.com".into());

        let left = world.run(&[people[0].clone(), people[2].clone(), joiner]).await;

        assert_eq!((left.counts.disabled, left.counts.created, left.counts.set_aside), (1, 1, 0));
        let gone = world.contact("ben").await;
        assert_eq!((gone.id, gone.disabled_by, gone.fields.mail), (ben.id, Some(DisabledBy::Sync), ben.fields.mail));
        let line = world.entries(left.id).await.remove(0);
        assert_eq!((line.action, line.locator.as_str(), line.contact), (RunAction::Disable, "cn=ben,dc=example", Some(ben.id)));

        let back = world.run(&people).await;

        assert_eq!((back.counts.enabled, back.counts.disabled), (1, 1), "{back:?}");
        assert_eq!(world.contact("ben").await.disabled_by, None);
    }

    async fn a_contact_disabled_by_hand_stays_disabled(db: TestDatabase) {
        let world = World::new(db).await;
        let mut people = entries(&["anna", "ben", "carl"]);
        world.run(&people).await;
        let anna = world.contact("anna").await.id;
        world.edit(anna, |fields| fields.is_disabled = true).await;
        people[0].mapped.synced.office = Some("B 12".into());

        let run = world.run(&people).await;

        assert_eq!((run.counts.updated, run.counts.enabled), (1, 0));
        let anna = world.contact("anna").await;
        assert_eq!((anna.disabled_by, anna.fields.office.as_deref()), (Some(DisabledBy::Manual), Some("B 12")));
    }

    async fn people_may_exchange_their_addresses(db: TestDatabase) {
        let world = World::new(db).await;
        let mut people = entries(&["anna", "ben", "carl"]);
        world.run(&people).await;
        people[0].mapped.synced.mail = Some("ben@example.com".into());
        people[1].mapped.synced.mail = Some("carl@example.com".into());
        people[2].mapped.synced.mail = Some("anna@example.com".into());

        let run = world.run(&people).await;

        assert_eq!((run.counts.updated, run.counts.set_aside), (3, 0));
        assert_eq!(world.contact("carl").await.fields.mail.as_deref(), Some("anna@example.com"));
        assert_eq!(world.run(&people).await.counts.unchanged, 3);
    }

    async fn manual_contacts_are_linked_once_and_ambiguous_ones_left_alone(db: TestDatabase) {
        let world = World::new(db).await;
        let linked = world.db.contact(world.tenant, "anna").await;
        let left = world.db.contact(world.tenant, "ben").await;
        let mut people = entries(&["anna", "ben", "carl"]);
        people[2].mapped.sip = Some("SIP:Ben@example.com".into());
        people[0].mapped.synced.company = Some("Acme".into());

        let run = world.run(&people).await;

        assert_eq!(run.counts, Counts { read: 3, linked: 1, set_aside: 2, ..Counts::default() });
        let anna = world.contact("anna").await;
        assert_eq!((anna.id, anna.fields.company.as_deref()), (linked.id, Some("Acme")));
        assert_eq!(anna.fields.sip, linked.fields.sip);
        assert_eq!(world.contact("ben").await, left);
        for line in world.entries(run.id).await.iter().filter(|line| line.action == RunAction::SetAside) {
            assert_eq!(line.reason.as_ref().map(|reason| &reason.rule), Some(&Rule::Ambiguous));
        }
        assert_eq!(world.run(&people[..2]).await.counts.linked, 1, "no longer ambiguous");
    }

    async fn bad_entries_are_left_out_by_name_and_the_rest_goes_on(db: TestDatabase) {
        let world = World::new(db).await;
        let people = entries(&["anna", "ben", "carl"]);
        world.run(&people).await;
        let mut thief = entry("thief");
        thief.mapped.synced.mail = Some("ANNA@example.com".into());
        world.says(&[people[0].clone(), people[2].clone(), thief, entry("dora"), entry("dora")]);
        let bad = Invalid::new("mail", "b\u{fffd}n", Rule::NotUtf8);
        world.script.entries.lock().unwrap().push(Reported::SetAside(SetAside {
            external_id: Some(b"ben".to_vec()),
            locator: "cn=ben,dc=example".into(),
            keys: Vec::new(),
            invalid: bad.clone(),
            values: None,
        }));

        let run = world.finish().await;

        succeeded(&run);
        assert_eq!(run.counts, Counts { read: 6, created: 1, set_aside: 3, unchanged: 2, ..Counts::default() });
        let lines = world.entries(run.id).await;
        let reason = |locator: &str| {
            lines.iter().filter(|line| line.locator.starts_with(locator)).find_map(|line| line.reason.clone())
        };
        assert_eq!(reason("cn=ben"), Some(bad));
        assert_eq!(reason("cn=thief").map(|reason| reason.rule), Some(Rule::Held { by: "anna".into() }));
        assert_eq!(reason("cn=dora").map(|reason| reason.rule), Some(Rule::Duplicate));
        assert_eq!(world.contact("ben").await.disabled_by, None);
    }

    async fn a_tenant_that_switched_it_off_is_not_synchronised(db: TestDatabase) {
        let world = World::new(db).await;
        world.switch_sync(false).await;

        assert_eq!(world.start().await, Err(StartRefused::SwitchedOff));

        world.switch_sync(true).await;
        succeeded(&world.run(&entries(&["anna"])).await);
    }
}

#[tokio::test]
async fn after_a_large_run_postgresql_knows_how_large_its_tables_are() {
    let db = TestDatabase::postgres().await;
    let name = db.url.rsplit('/').next().unwrap_or_default().to_owned();
    let world = World::new(db).await;
    let known = move || {
        let known = "SELECT bool_and(reltuples >= 5000) FROM pg_class WHERE relname IN ('contacts', 'contact_keys')";
        suite::postgres::server().ask(&name, known)
    };
    let ask = || tokio::task::spawn_blocking(known.clone());
    assert_eq!(ask().await.unwrap(), "f");

    let people: Vec<_> = (0..5_000).map(|number| entry(&format!("p{number:04}"))).collect();
    succeeded(&world.run(&people).await);

    assert_eq!(ask().await.unwrap(), "t");
}
