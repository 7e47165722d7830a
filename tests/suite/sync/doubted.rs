//! Plans that could be right but are unlikely: nothing is done before somebody approves, and what cannot be right is
//! thrown away.

use directory_model::contact::DisabledBy;
use directory_model::record::{Extent, KnownRecord};
use directory_model::run::{Counts, RunAction};
use directory_model::source::{LdapConnection, Leavers};
use directory_store::source_records;
use suite::dc::{Controller, person_dn};
use suite::on_each_backend;

use super::directory::reader;
use super::undone::at;
use super::*;

fn names(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("p{number:02}")).collect()
}

fn people(count: usize) -> Vec<SourceRecord> {
    names(count).iter().map(|name| entry(name)).collect()
}

fn file(path: &str) -> Connection {
    Connection::File(FileConnection { path: path.into(), format: FileFormat::Csv })
}

/// What the run says of itself.
fn sentence(run: &Run) -> String {
    run.problem.as_ref().map(ToString::to_string).unwrap_or_default()
}

impl World {
    /// All that a run could have changed: contacts, and what is kept of the source's entries.
    pub(super) async fn everything(&self) -> (Vec<Contact>, Vec<KnownRecord>) {
        let (tenant, source) = (self.tenant, self.source);
        let known = move |conn: &mut directory_store::connection::Connection| {
            let mut known = Vec::new();
            source_records::each_known(conn, tenant, source, |records| known.extend(records))?;
            Ok(known)
        };
        (self.contacts().await, self.db.read(known).await)
    }

    /// What the run waits for is thrown away.
    pub(super) async fn refuse(&self, run: RunId) {
        self.engine.cancel(self.tenant, run, self.origin()).await.expect("refused");
        assert_eq!(self.found(run).await.state, RunState::Cancelled);
    }
}

on_each_backend! {
    async fn far_fewer_entries_than_last_time_wait_for_approval(db: TestDatabase) {
        let world = World::new(db).await;
        // Nobody would be taken out of service, so that only the number of entries tells.
        world.edit_source(|source| source.leavers = Leavers::Keep).await;
        succeeded(&world.run(&people(40)).await);
        let before = world.everything().await;
        let mut few = people(19);
        few[0] = at(entry("p00"), "New");

        let run = world.run(&few).await;

        assert_eq!(run.state, RunState::AwaitingApproval);
        assert_eq!(run.problem, Some(RunProblem::FewerEntries { read: 19, last: 40, threshold_percent: 50 }));
        assert_eq!(
            sentence(&run),
            "Only 19 entries were read, 40 the time before: more than 50 % are missing, so the run waits for approval."
        );
        assert_eq!(run.counts, Counts { read: 19, updated: 1, unchanged: 18, ..Counts::default() });
        assert_eq!(world.everything().await, before);
        // Whoever refuses is asked again, and the plan that was refused cannot be approved.
        world.refuse(run.id).await;
        assert_eq!(world.engine.approve(world.tenant, run.id, world.origin()).await, Err(StartRefused::NotWaiting));
        assert_eq!(world.everything().await, before);
        let again = world.finish().await;
        assert_eq!(again.problem, run.problem);

        let done = world.approve(again.id).await;

        succeeded(&done);
        assert_eq!(done.counts, again.counts);
        assert_eq!(world.contact("p00").await.fields.company.as_deref(), Some("New"));
        assert!(world.contacts().await.iter().all(|contact| contact.disabled_by.is_none()), "nobody leaves here");
        // From now on so many are what is expected.
        succeeded(&world.run(&few).await);
    }

    async fn so_many_entries_may_be_missing_and_changes_are_few_anyway(db: TestDatabase) {
        let world = World::new(db).await;
        world.edit_source(|source| source.leavers = Leavers::Keep).await;
        *world.script.cursor.lock().unwrap() = Some(ReadCursor("one".into()));
        succeeded(&world.run(&people(40)).await);

        // A read of changes is as small as what happened.
        let end = ReadEnd { extent: Extent::Changes, cursor: Some(ReadCursor("two".into())), ..ReadEnd::whole(1) };
        world.changed(vec![Reported::Entry(Box::new(at(entry("p00"), "New")))], end);
        let changes = world.changes().await;
        succeeded(&changes);
        assert_eq!((changes.extent, changes.counts.updated), (RunExtent::Changes, 1));
        // It is no measure for the next comparison, nor is a run that failed.
        *world.script.end.lock().unwrap() = Some(Err(RunProblem::Interrupted));
        assert_eq!(world.run(&people(1)).await.state, RunState::Failed);
        *world.script.end.lock().unwrap() = None;
        let fewer = world.run(&people(19)).await;
        assert_eq!(fewer.problem, Some(RunProblem::FewerEntries { read: 19, last: 40, threshold_percent: 50 }));
        world.refuse(fewer.id).await;
        // Half of them is not more than half.
        succeeded(&world.run(&people(20)).await);
        // Of a few any number may be missing.
        succeeded(&world.run(&people(10)).await);
        succeeded(&world.run(&people(1)).await);
    }

    async fn leavers_of_another_place_wait_for_approval(db: TestDatabase) {
        let world = World::new(db).await;
        succeeded(&world.run(&people(10)).await);
        let before = world.everything().await;
        world.edit_source(|source| source.connection = file("others.csv")).await;
        let mut said = people(9);
        said[0] = at(entry("p00"), "New");

        let run = world.run(&said).await;

        assert_eq!((run.state, &run.problem), (RunState::AwaitingApproval, &Some(RunProblem::ReadElsewhere { removals: 1 })));
        assert_eq!(
            sentence(&run),
            "The server, base or filter was changed since the last run, and 1 contact would be disabled: the run waits \
             for approval."
        );
        assert_eq!(run.counts, Counts { read: 9, updated: 1, disabled: 1, unchanged: 8, ..Counts::default() });
        assert_eq!(world.everything().await, before);
        world.refuse(run.id).await;
        assert_eq!(world.everything().await, before);
        // It stays another place until a run was carried out there.
        let again = world.finish().await;
        assert_eq!(again.problem, run.problem);

        let done = world.approve(again.id).await;

        succeeded(&done);
        assert_eq!(world.contact("p09").await.disabled_by, Some(DisabledBy::Sync));
        let next = world.run(&people(8)).await;
        succeeded(&next);
        assert_eq!(next.counts.disabled, 1, "now it is the place");
    }

    async fn leavers_of_another_server_base_or_filter_of_a_directory_wait_for_approval(db: TestDatabase) {
        let all = faults::controller().await;
        all.with(|state| {
            for entry in state.entries.iter_mut().filter(|entry| !entry.is_deleted && entry.dn != person_dn("p07")) {
                entry.dn = entry.dn.replace("OU=People", "OU=Staff,OU=People");
            }
        });
        let mut fewer = all.with(|state| state.clone());
        fewer.entries.retain(|entry| entry.dn != person_dn("p07"));
        // To the directory it is the same server with the same data, only somewhere else.
        let elsewhere = Controller::start(fewer).await;
        let home = all.connection();
        let world = faults::world(db, home.clone(), Arc::new(reader())).await;
        let connect = async |connection: LdapConnection| {
            world.edit_source(|source| source.connection = Connection::Ldap(connection)).await;
        };
        succeeded(&world.finish().await);
        let before = world.everything().await;
        assert_eq!(before.0.len(), faults::PEOPLE);

        for (what, changed) in [
            ("filter", LdapConnection { filter: "(&(objectClass=user)(!(sn=p07)))".into(), ..home.clone() }),
            ("base", LdapConnection { base_dn: format!("OU=Staff,{}", home.base_dn), ..home.clone() }),
            ("server", LdapConnection { url: elsewhere.connection().url, ..home.clone() }),
        ] {
            connect(changed).await;
            // A run over changes knows no place to go on from, and compares as well.
            for extent in [RunExtent::Whole, RunExtent::Changes] {
                let run = if extent == RunExtent::Whole { world.finish().await } else { world.changes().await };
                let expected = (RunState::AwaitingApproval, Some(RunProblem::ReadElsewhere { removals: 1 }));
                assert_eq!((run.state, run.problem.clone()), expected, "{what} {extent:?}");
                assert_eq!(run.counts, Counts { read: 44, disabled: 1, unchanged: 44, ..Counts::default() }, "{what}");
                assert_eq!(world.everything().await, before, "{what}");
                world.refuse(run.id).await;
                assert_eq!(world.everything().await, before, "{what}");
            }
        }
        connect(home.clone()).await;
        let run = world.finish().await;
        succeeded(&run);
        assert_eq!(run.counts.changes(), 0, "at home nobody is missing");

        // How they are asked for is nothing to them: a leaver is one then.
        all.with(|state| state.delete("p07"));
        let bind_dn = Some("CN=reader,DC=fake,DC=test".into());
        connect(LdapConnection { page_size: 7, timeout_seconds: 20, bind_dn, ..home }).await;
        world.enter(Secret::new("another one")).await;
        let run = world.finish().await;
        succeeded(&run);
        assert_eq!(run.counts, Counts { read: 44, disabled: 1, unchanged: 44, ..Counts::default() });
    }

    async fn another_place_with_everybody_in_it_asks_nobody(db: TestDatabase) {
        let world = World::new(db).await;
        succeeded(&world.run(&people(10)).await);
        world.edit_source(|source| source.connection = file("others.csv")).await;

        let run = world.run(&people(11)).await;

        succeeded(&run);
        assert_eq!((run.counts.created, run.counts.unchanged), (1, 10));
        // And from then on it is no other place.
        succeeded(&world.run(&people(10)).await);
        assert_eq!(world.contact("p10").await.disabled_by, Some(DisabledBy::Sync));
    }

    async fn entries_that_share_their_identities_change_nobody_and_cannot_be_approved(db: TestDatabase) {
        let world = World::new(db).await;
        succeeded(&world.run(&people(4)).await);
        let before = world.everything().await;
        // Somebody chose an attribute that everybody has alike.
        let shared = |name: &str| SourceRecord { external_id: b"Acme".to_vec(), ..entry(name) };
        let said: Vec<_> = names(5).iter().map(|name| shared(name)).collect();

        let run = world.run(&said).await;

        assert_eq!(run.state, RunState::Failed);
        assert_eq!(run.problem, Some(RunProblem::SharedIdentities { duplicates: 4, read: 5 }));
        assert_eq!(
            sentence(&run),
            "4 of 5 entries have the identity of another one, so no contact was changed. Is the attribute that identifies \
             entries the right one?"
        );
        assert_eq!(world.entries(run.id).await, []);
        assert_eq!(run.counts, Counts { read: 5, ..Counts::default() });
        assert_eq!(world.everything().await, before);
        assert_eq!(world.engine.approve(world.tenant, run.id, world.origin()).await, Err(StartRefused::NotWaiting));
        assert_eq!(world.everything().await, before);
        // With the right one again it goes on; a single one that is there twice is left out by name.
        let mut healed = people(4);
        healed.push(SourceRecord { external_id: b"p00".to_vec(), ..entry("twin") });
        let run = world.run(&healed).await;
        succeeded(&run);
        assert_eq!(run.counts, Counts { read: 5, unchanged: 4, set_aside: 1, ..Counts::default() });
        let line = world.entries(run.id).await.remove(0);
        assert_eq!((line.action, line.locator.as_str()), (RunAction::SetAside, "cn=twin,dc=example"));
    }

    async fn a_first_read_of_shared_identities_creates_nobody(db: TestDatabase) {
        let world = World::new(db).await;
        let mut said = people(30);
        for person in &mut said {
            person.external_id = b"Acme".to_vec();
        }

        let run = world.run(&said).await;

        assert_eq!(run.problem, Some(RunProblem::SharedIdentities { duplicates: 29, read: 30 }));
        assert_eq!((world.contacts().await, world.entries(run.id).await), (vec![], vec![]));
    }
}
