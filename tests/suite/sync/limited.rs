//! Runs that are about some contacts.

use directory_model::contact::DisabledBy;
use directory_model::invalid::{Invalid, Rule};
use directory_model::record::SetAside;
use directory_model::run::{Asked, Counts, RunAction};
use directory_store::sync_runs::Which;
use suite::on_each_backend;

use super::*;

impl World {
    /// Asks for contacts, and who sees to them.
    pub(super) async fn ask_for(&self, contacts: &[ContactId]) -> Vec<Asked> {
        let asked = self.engine.synchronize(self.tenant, contacts.to_vec(), self.origin()).await;
        asked.expect("the contacts are asked for")
    }

    /// One run for contacts, and how it ended.
    pub(super) async fn run_for(&self, contacts: &[ContactId]) -> Run {
        let asked = self.ask_for(contacts).await;
        let [Asked { source, run: Some(run) }] = asked[..] else { panic!("{asked:?}") };
        assert_eq!(source, self.source);
        self.engine.ended(run).await;
        self.found(run).await
    }

    /// Every run that is about some contacts, latest first.
    pub(super) async fn limited_runs(&self) -> Vec<Run> {
        let (tenant, page) = (self.tenant, PageRequest::default());
        self.db.read(move |conn| sync_runs::list(conn, tenant, Which::AboutContacts, &page)).await.items
    }
}

on_each_backend! {
    async fn one_contact_is_linked_followed_and_not_found_without_the_others(db: TestDatabase) {
        let world = World::new(db).await;
        let anna = world.db.contact(world.tenant, "anna").await;
        let ben = world.db.contact(world.tenant, "ben").await;
        let mut people = entries(&["anna", "ben", "carl"]);
        people[0].mapped.synced.company = Some("Acme".into());
        world.says(&people);

        let linked = world.run_for(&[anna.id]).await;

        succeeded(&linked);
        assert_eq!(linked.counts, Counts { read: 1, linked: 1, ..Counts::default() });
        assert_eq!((linked.contacts, linked.trigger), (Some(vec![anna.id]), Trigger::Manual));
        assert_eq!(world.contact("anna").await.fields.company.as_deref(), Some("Acme"));
        assert_eq!((world.contacts().await.len(), world.contact("ben").await), (2, ben.clone()));
        assert_eq!(world.run_for(&[anna.id]).await.counts, Counts { read: 1, unchanged: 1, ..Counts::default() });

        people[0].mapped.synced.company = Some("Acme Ltd".into());
        // Found by its identity from now on, whatever its addresses.
        people[0].mapped.synced.mail = Some("other@example.com".into());
        world.says(&people);
        let updated = world.run_for(&[anna.id]).await;
        assert_eq!(updated.counts, Counts { read: 1, updated: 1, ..Counts::default() });
        assert_eq!(world.contact("anna").await.fields.mail.as_deref(), Some("other@example.com"));

        world.says(&people[1..]);
        let before = world.contacts().await;
        let missing = world.run_for(&[anna.id]).await;
        succeeded(&missing);
        assert_eq!(missing.counts, Counts { not_found: 1, ..Counts::default() });
        let lines = world.entries(missing.id).await;
        let line = (lines[0].action, lines[0].locator.as_str(), lines[0].contact);
        assert_eq!((lines.len(), line), (1, (RunAction::NotFound, "cn=anna,dc=example", Some(anna.id))));
        assert_eq!(world.contacts().await, before);
    }

    async fn nobody_leaves_and_nobody_joins_and_no_threshold_holds_it(db: TestDatabase) {
        let world = World::new(db).await;
        let names: Vec<String> = (0..10).map(|number| format!("p{number}")).collect();
        let people: Vec<_> = names.iter().map(|name| entry(name)).collect();
        world.run(&people).await;
        let [first, second] = [world.contact("p0").await.id, world.contact("p1").await.id];
        let mut left = entry("p0");
        left.mapped.is_disabled = true;
        world.says(&[left, entry("p1"), entry("new")]);

        let run = world.run_for(&[first, second]).await;

        succeeded(&run);
        assert_eq!(run.counts, Counts { read: 2, disabled: 1, unchanged: 1, ..Counts::default() });
        assert_eq!(world.contact("p0").await.disabled_by, Some(DisabledBy::Sync));
        let contacts = world.contacts().await;
        assert_eq!((contacts.len(), contacts.iter().filter(|contact| contact.disabled_by.is_some()).count()), (10, 1));
    }

    async fn who_belongs_to_whom_is_decided_as_in_a_run_over_all(db: TestDatabase) {
        let world = World::new(db).await;
        let ben = world.db.contact(world.tenant, "ben").await;
        let dora = world.db.contact(world.tenant, "dora").await;
        let mut people = entries(&["ben", "carl", "emil"]);
        people[1].mapped.sip = Some("SIP:Ben@example.com".into());
        people[2].mapped.sip = Some("sip:dora@example.com".into());
        people[2].mapped.synced.mail = Some("ben@example.com".into());
        world.says(&people);

        // Two entries for one contact, and one entry for two contacts.
        for contact in [ben.id, dora.id] {
            let run = world.run_for(&[contact]).await;
            assert_eq!((run.counts.linked, run.counts.not_found), (0, 0), "{run:?}");
            for line in world.entries(run.id).await {
                assert_eq!(line.reason.map(|reason| reason.rule), Some(Rule::Ambiguous));
            }
        }
        assert_eq!((world.contact("ben").await, world.contact("dora").await), (ben.clone(), dora.clone()));

        world.says(&people[1..2]);
        assert_eq!(world.run_for(&[ben.id]).await.counts, Counts { read: 1, linked: 1, ..Counts::default() });
        let carl = world.contact("carl").await;
        assert_eq!((carl.id, carl.fields.mail), (ben.id, Some("carl@example.com".into())));
    }

    async fn an_entry_of_another_contact_stays_its_own(db: TestDatabase) {
        let world = World::new(db).await;
        let mut people = entries(&["carl"]);
        world.run(&people).await;
        let carl = world.contact("carl").await;
        let dora = world.db.contact(world.tenant, "dora").await;
        people[0].mapped.sip = Some("sip:dora@example.com".into());
        people[0].mapped.synced.company = Some("New".into());
        world.says(&people);

        let run = world.run_for(&[dora.id]).await;

        assert_eq!((run.state, run.counts.not_found, run.counts.updated), (RunState::Succeeded, 1, 0));
        assert_eq!(world.entries(run.id).await[0].locator, "sip:dora@example.com");
        assert_eq!((world.contact("carl").await, world.contact("dora").await), (carl, dora));
    }

    async fn a_contact_out_of_service_has_given_its_addresses_up(db: TestDatabase) {
        let world = World::new(db).await;
        let anna = world.db.contact(world.tenant, "anna").await;
        world.edit(anna.id, |fields| fields.is_disabled = true).await;
        world.says(&entries(&["anna"]));

        let run = world.run_for(&[anna.id]).await;

        assert_eq!(run.counts, Counts { not_found: 1, ..Counts::default() });
        assert_eq!(world.contacts().await.len(), 1, "the entry makes no contact of its own");
    }

    async fn an_entry_that_cannot_be_used_is_said_and_is_not_missing(db: TestDatabase) {
        let world = World::new(db).await;
        let anna = world.db.contact(world.tenant, "anna").await;
        let bad = Invalid::new("title", "\u{fffd}", Rule::NotUtf8);
        *world.script.entries.lock().unwrap() = vec![Reported::SetAside(SetAside {
            external_id: Some(b"anna".to_vec()),
            locator: "cn=anna,dc=example".into(),
            keys: anna.fields.keys(),
            invalid: bad.clone(),
            values: None,
        })];

        let run = world.run_for(&[anna.id]).await;

        succeeded(&run);
        assert_eq!(run.counts, Counts { read: 1, set_aside: 1, ..Counts::default() });
        let line = world.entries(run.id).await.remove(0);
        assert_eq!((line.contact, line.reason), (Some(anna.id), Some(bad)));
        assert_eq!(world.contact("anna").await, anna);
    }

    async fn a_read_that_fails_or_is_cut_short_changes_nobody(db: TestDatabase) {
        let world = World::new(db).await;
        let anna = world.db.contact(world.tenant, "anna").await;
        world.says(&entries(&["anna"]));
        let detail = "the source did not say that this was all".into();
        let broken = RunProblem::CutShort { read: 1, detail: "the connection was closed".into() };

        for (end, problem) in [
            (Err(broken.clone()), broken),
            (Ok(ReadEnd { is_complete: false, ..ReadEnd::whole(1) }), RunProblem::CutShort { read: 1, detail }),
        ] {
            *world.script.end.lock().unwrap() = Some(end);
            let run = world.run_for(&[anna.id]).await;
            assert_eq!((run.state, run.problem), (RunState::Failed, Some(problem)));
            assert_eq!(world.contacts().await, std::slice::from_ref(&anna));
        }
        *world.script.end.lock().unwrap() = None;
        assert_eq!(world.run_for(&[anna.id]).await.counts.linked, 1, "a failed request is not in the way");
    }

    async fn a_contact_is_asked_for_where_its_entry_is(db: TestDatabase) {
        let world = World::new(db).await;
        let file = FileConnection { path: "others.csv".into(), format: FileFormat::Csv };
        let fields = SourceFields { name: "Others".into(), ..source_fields(Connection::File(file)) };
        let others = add_source(&world.db, world.tenant, fields).await;
        world.run(&entries(&["anna"])).await;
        let linked = world.contact("anna").await.id;
        let manual = world.db.contact(world.tenant, "ben").await.id;
        let of = |asked: Vec<Asked>| asked.into_iter().map(|asked| asked.source).collect::<Vec<_>>();

        assert_eq!(of(world.ask_for(&[linked]).await), [world.source]);
        assert_eq!(of(world.ask_for(&[manual]).await), [world.source, others]);
        let nobody = ContactId::new(&**world.db.database.ids());
        assert_eq!(world.ask_for(&[nobody]).await, []);
    }

    async fn a_tenant_that_switched_it_off_asks_nobody(db: TestDatabase) {
        let world = World::new(db).await;
        let anna = world.db.contact(world.tenant, "anna").await;
        world.switch_sync(false).await;

        let refused = world.engine.synchronize(world.tenant, vec![anna.id], world.origin()).await;

        assert_eq!(refused, Err(StartRefused::SwitchedOff));
        assert_eq!(world.limited_runs().await, []);
    }
}
