//! What a guard stops, and how people decide about it.

use directory_model::audit::Act;
use directory_model::contact::{DisabledBy, SyncedField};
use directory_model::id::UserId;
use directory_model::invalid::{Invalid, Rule};
use directory_model::record::SetAside;
use directory_model::run::{Counts, FieldChange, RunAction, RunExtent};
use directory_store::audit;
use serde_json::json;
use suite::on_each_backend;

use super::undone::at;
use super::*;

/// A world with ten people whose source then forgets eight of them.
pub(super) async fn forgetful(db: TestDatabase) -> (World, Run) {
    let world = World::new(db).await;
    let names: Vec<String> = (0..10).map(|number| format!("p{number}")).collect();
    let people: Vec<_> = names.iter().map(|name| entry(name)).collect();
    world.run(&people).await;
    let run = world.run(&[people[0].clone(), people[1].clone(), entry("new")]).await;
    (world, run)
}

on_each_backend! {
    async fn a_first_read_that_is_cut_short_creates_and_links_nobody(db: TestDatabase) {
        let world = World::new(db).await;
        world.db.contact(world.tenant, "anna").await;
        let before = world.contacts().await;
        // More than one portion, so that something would have been written by then.
        let names: Vec<String> = (0..700).map(|number| format!("p{number:03}")).collect();
        let people: Vec<_> = names.iter().map(|name| entry(name)).chain([entry("anna")]).collect();
        let broken = RunProblem::CutShort { read: 701, detail: "the connection was closed".into() };
        *world.script.end.lock().unwrap() = Some(Err(broken));

        let run = world.run(&people).await;

        assert_eq!((run.state, run.counts), (RunState::Failed, Counts { read: 701, ..Counts::default() }));
        assert_eq!(
            run.problem.map(|problem| problem.to_string()).as_deref(),
            Some("The read was cut short after 701 entries (the connection was closed), so no contact was changed.")
        );
        assert_eq!(world.contacts().await, before);
        assert_eq!(world.entries(run.id).await, []);
        *world.script.end.lock().unwrap() = None;
        let again = world.finish().await;
        succeeded(&again);
        assert_eq!((again.counts.created, again.counts.linked), (700, 1));
    }

    async fn a_read_that_fails_or_is_cut_short_or_empty_changes_nothing(db: TestDatabase) {
        let world = World::new(db).await;
        let mut people = entries(&["anna", "ben", "carl"]);
        world.run(&people).await;
        let before = world.contacts().await;
        people.truncate(1);
        people[0].mapped.synced.company = Some("New".into());
        let broken = RunProblem::CutShort { read: 1, detail: "the connection was closed".into() };

        world.says(&people);
        for (end, sentence) in [
            (Err(broken), "The read was cut short after 1 entry (the connection was closed), so no contact was changed."),
            (
                Ok(ReadEnd { is_complete: false, ..ReadEnd::whole(1) }),
                "The read was cut short after 1 entry (the source did not say that this was all), so no contact was changed.",
            ),
        ] {
            *world.script.end.lock().unwrap() = Some(end);
            let run = world.finish().await;
            assert_eq!(run.state, RunState::Failed);
            assert_eq!(run.problem.map(|problem| problem.to_string()).as_deref(), Some(sentence));
            assert_eq!(world.contacts().await, before);
        }

        *world.script.end.lock().unwrap() = None;
        let run = world.run(&[]).await;
        assert_eq!((run.state, run.problem), (RunState::Failed, Some(RunProblem::Empty)));
        assert_eq!(world.contacts().await, before);
    }

    async fn too_many_leavers_wait_and_an_approval_applies_exactly_the_plan(db: TestDatabase) {
        let world = World::new(db).await;
        let people: Vec<_> = (0..10).map(|number| entry(&format!("p{number}"))).collect();
        world.run(&people).await;
        let before = world.contacts().await;
        let run = world.run(&[at(people[0].clone(), "New"), people[1].clone(), entry("new")]).await;
        assert_eq!(run.state, RunState::AwaitingApproval);
        let problem = RunProblem::TooManyRemovals { removals: 8, known: 10, threshold_percent: 50 };
        assert_eq!(run.problem, Some(problem));
        assert_eq!(run.counts, Counts { read: 3, created: 1, updated: 1, disabled: 8, unchanged: 1, ..Counts::default() });
        assert_eq!(world.contacts().await, before);
        let planned = world.entries(run.id).await;
        assert_eq!(planned.len(), 10);
        let of = |action| planned.iter().filter(move |line| line.action == action).collect::<Vec<_>>();
        let [update] = of(RunAction::Update)[..] else { panic!("{planned:?}") };
        let company = FieldChange { field: SyncedField::Company, old: None, new: Some("New".into()) };
        assert_eq!((&update.changes, update.contact), (&vec![company], Some(world.contact("p0").await.id)));
        assert_eq!(world.start().await, Err(StartRefused::Busy(run.id)));

        let done = world.approve(run.id).await;

        succeeded(&done);
        assert_eq!(done.counts, run.counts);
        let lines = world.entries(run.id).await;
        // Whoever is new has a contact now; all else is line by line, field by field what was shown.
        let new = world.contact("new").await.id;
        let mut expected = planned.clone();
        for line in expected.iter_mut().filter(|line| line.action == RunAction::Create) {
            assert_eq!(line.contact.replace(new), None);
        }
        assert_eq!(lines, expected);
        // And what was shown is what there is.
        let leavers: Vec<_> = of(RunAction::Disable).iter().map(|line| line.contact).collect();
        assert_eq!(leavers.len(), 8);
        for contact in world.contacts().await {
            let is_leaver = leavers.contains(&Some(contact.id));
            assert_eq!(contact.disabled_by, is_leaver.then_some(DisabledBy::Sync), "{contact:?}");
            let company = (contact.id == update.contact.expect("a contact")).then_some("New");
            assert_eq!(contact.fields.company.as_deref(), company);
        }
        assert_eq!(world.engine.approve(world.tenant, run.id, world.origin()).await, Err(StartRefused::NotWaiting));
    }

    async fn a_plan_whose_contacts_changed_is_stale_and_others_are_not(db: TestDatabase) {
        let (world, run) = forgetful(db).await;
        let leaver = world.contact("p9").await.id;
        world.edit(leaver, |fields| fields.is_vcard_enabled = true).await;
        let before = world.contacts().await;

        let approved = world.engine.approve(world.tenant, run.id, world.origin()).await;

        assert_eq!(approved, Err(StartRefused::Stale));
        let stale = world.found(run.id).await;
        assert_eq!((stale.state, stale.problem), (RunState::Failed, Some(RunProblem::Stale)));
        assert_eq!(world.contacts().await, before);

        let again = world.finish().await;
        assert_eq!(again.state, RunState::AwaitingApproval);
        let stays = world.contact("p0").await.id;
        world.edit(stays, |fields| fields.is_vcard_enabled = true).await;
        succeeded(&world.approve(again.id).await);
    }

    async fn a_run_says_that_nobody_leaves_while_an_entry_has_no_identity(db: TestDatabase) {
        let world = World::new(db).await;
        world.run(&entries(&["anna", "ben", "carl"])).await;
        let before = world.contacts().await;
        world.says(&entries(&["anna", "carl"]));
        world.script.entries.lock().unwrap().push(Reported::SetAside(SetAside {
            external_id: None,
            locator: "cn=somebody,dc=example".into(),
            keys: Vec::new(),
            invalid: Invalid::new("external_id", "", Rule::Required),
            values: None,
        }));

        let run = world.finish().await;

        assert_eq!((run.state, run.counts.set_aside, run.counts.disabled), (RunState::Succeeded, 1, 0));
        assert_eq!(
            run.problem.map(|problem| problem.to_string()).as_deref(),
            Some(
                "1 contact was not found but stays in service, because 1 entry without identity was set aside \
                 and may be theirs."
            )
        );
        assert_eq!(world.contacts().await, before);
        succeeded(&world.run(&entries(&["anna", "carl"])).await);
        assert_eq!(world.contact("ben").await.disabled_by, Some(DisabledBy::Sync));
    }

    async fn an_address_taken_while_a_plan_waits_is_left_out(db: TestDatabase) {
        let (world, run) = forgetful(db).await;
        world.db.contact(world.tenant, "new").await;

        let done = world.approve(run.id).await;

        succeeded(&done);
        assert_eq!((done.counts.created, done.counts.set_aside, done.counts.disabled), (0, 1, 8));
        let lines = world.entries(run.id).await;
        let line = lines.iter().find(|line| line.action == RunAction::SetAside).expect("left out");
        assert_eq!(line.reason.as_ref().map(|reason| &reason.rule), Some(&Rule::Held { by: "new".into() }));
    }

    async fn the_trail_says_who_started_approved_and_cancelled(db: TestDatabase) {
        let (world, run) = forgetful(db).await;
        let by = || Origin { actor: Actor::User(UserId::new(&**world.db.database.ids())), ..world.origin() };
        let (approver, starter, canceller) = (by(), by(), by());

        world.engine.approve(world.tenant, run.id, approver).await.expect("approved");
        world.engine.ended(run.id).await;
        *world.script.gate.lock().unwrap() = Some(Arc::default());
        let again = world.engine.start(world.tenant, world.source, Trigger::Manual, RunExtent::Whole, starter).await.expect("starts");
        world.engine.cancel(world.tenant, again, canceller).await.expect("cancelled");
        world.engine.ended(again).await;

        for (run, origin, states) in [
            (run.id, approver, json!(["awaiting_approval", "running"])),
            (again, starter, json!([null, "running"])),
            (again, canceller, json!(["running", "cancelled"])),
        ] {
            let (tenant, page) = (world.tenant, PageRequest { words: vec![run.to_string()], ..PageRequest::default() });
            let trail = world.db.read(move |conn| audit::list(conn, tenant, &page)).await.items;
            let line = trail.iter().find(|line| line.actor == origin.actor).expect("the actor is in the trail");
            assert_eq!((line.act, &line.changes["state"]), (Act::Synchronize, &states));
        }
    }

    async fn a_refused_plan_changes_nothing(db: TestDatabase) {
        let (world, run) = forgetful(db).await;
        let before = world.contacts().await;

        world.engine.cancel(world.tenant, run.id, world.origin()).await.expect("refused");

        let cancelled = world.found(run.id).await;
        assert_eq!((cancelled.state, cancelled.problem), (RunState::Cancelled, None));
        assert_eq!(world.contacts().await, before);
        assert_eq!(world.engine.cancel(world.tenant, run.id, world.origin()).await, Err(StartRefused::NotWaiting));
        assert_eq!(world.engine.approve(world.tenant, run.id, world.origin()).await, Err(StartRefused::NotWaiting));
    }
}
