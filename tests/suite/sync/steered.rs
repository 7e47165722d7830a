//! Starting, stopping and scheduling runs.

use std::collections::BTreeSet;

use directory_model::progress::Phase;
use directory_model::run::{Counts, RunExtent};
use directory_model::timestamp::Timestamp;
use suite::on_each_backend;

use super::*;

fn gate(world: &World) -> Arc<Notify> {
    let gate = Arc::new(Notify::new());
    *world.script.gate.lock().unwrap() = Some(gate.clone());
    gate
}

fn at(text: &str) -> Timestamp {
    text.parse().expect(text)
}

on_each_backend! {
    async fn a_source_has_one_run_at_a_time(db: TestDatabase) {
        let world = World::new(db).await;
        world.says(&entries(&["anna"]));
        let gate = gate(&world);

        let first = world.start().await.expect("starts");
        assert_eq!(world.start().await, Err(StartRefused::Busy(first)));
        gate.notify_one();
        world.engine.ended(first).await;
        gate.notify_one();

        assert!(world.start().await.is_ok());
    }

    async fn a_run_that_panics_has_failed_and_leaves_its_source_free(db: TestDatabase) {
        let world = World::new(db).await;
        world.run(&entries(&["anna", "ben"])).await;
        let before = world.contacts().await;
        world.script.is_broken.store(true, Ordering::Relaxed);

        let broken = world.run(&entries(&["anna", "carl"])).await;

        assert_eq!((broken.state, broken.problem), (RunState::Failed, Some(RunProblem::Internal)));
        assert_eq!(world.contacts().await, before);
        assert!(world.engine.progress(broken.id).is_none());
        world.script.is_broken.store(false, Ordering::Relaxed);
        succeeded(&world.run(&entries(&["anna", "ben", "carl"])).await);
    }

    async fn a_cancelled_run_ends_before_it_applies_anything(db: TestDatabase) {
        let world = World::new(db).await;
        world.run(&entries(&["anna", "ben"])).await;
        let before = world.contacts().await;
        world.says(&entries(&["anna", "ben", "carl"]));
        gate(&world);

        let run = world.start().await.expect("starts");
        world.engine.cancel(world.tenant, run, world.origin()).await.expect("cancelled");
        world.engine.ended(run).await;

        let cancelled = world.found(run).await;
        assert_eq!((cancelled.state, cancelled.problem), (RunState::Cancelled, None));
        assert_eq!(world.contacts().await, before);
    }

    async fn a_first_run_that_is_cancelled_while_it_applies_leaves_whole_contacts_and_the_next_does_the_rest(db: TestDatabase) {
        const ALL: u64 = 6000;
        let world = World::new(db).await;
        let people: Vec<_> = (0..ALL).map(|number| entry(&format!("p{number:04}"))).collect();
        world.says(&people);

        let run = world.start().await.expect("starts");
        let mut progress = world.engine.progress(run).expect("it goes on");
        let some = progress.wait_for(|progress| progress.phase == Phase::Applying && progress.counts.created > 0).await;
        drop(some.expect("some are written"));
        world.engine.cancel(world.tenant, run, world.origin()).await.expect("cancelled");
        world.engine.ended(run).await;

        let cancelled = world.found(run).await;
        assert_eq!((cancelled.state, &cancelled.problem), (RunState::Cancelled, &None));
        let (contacts, known) = world.everything().await;
        let written = contacts.len() as u64;
        assert!(0 < written && written < ALL, "{written} of {ALL} were written");
        // Each with its record, and counted; of the rest nothing at all.
        assert_eq!((known.len() as u64, cancelled.counts.created), (written, written));
        let linked: BTreeSet<_> = known.iter().map(|record| record.contact.id).collect();
        assert_eq!(linked, contacts.iter().map(|contact| contact.id).collect());
        let expected = |contact: &Contact| {
            let name = contact.fields.display_name.clone().expect("a name");
            contact.fields.mail == Some(format!("{name}@example.com")) && contact.disabled_by.is_none()
        };
        assert!(contacts.iter().all(expected), "somebody is there by halves");

        let rest = world.finish().await;
        succeeded(&rest);
        assert_eq!(rest.counts, Counts { read: ALL, created: ALL - written, unchanged: written, ..Counts::default() });
        let names: BTreeSet<_> = world.contacts().await.into_iter().map(|contact| contact.fields.display_name).collect();
        assert_eq!(names.len() as u64, ALL, "everybody is there once");
    }

    async fn a_stop_interrupts_runs_and_a_start_marks_those_of_a_crash(db: TestDatabase) {
        let world = World::new(db).await;
        world.says(&entries(&["anna"]));
        gate(&world);
        let run = world.start().await.expect("starts");

        world.engine.stop().await;

        let stopped = world.found(run).await;
        assert_eq!((stopped.state, stopped.problem), (RunState::Failed, Some(RunProblem::Interrupted)));
        let source = world.source;
        let crashed = world.db.write(world.tenant, move |tx| sync_runs::start(tx, source, Trigger::Manual, RunExtent::Whole)).await;
        let sync_runs::Start::Started(crashed) = crashed else { panic!("{crashed:?}") };
        let again = engine(&world.db, world.script.clone());
        assert_eq!(again.recover().await.expect("the store reads"), 1);
        let marked = world.found(crashed.id).await;
        assert_eq!((marked.state, marked.problem), (RunState::Failed, Some(RunProblem::Interrupted)));
        assert_eq!(again.recover().await.expect("the store reads"), 0);
    }

    async fn a_due_source_starts_once_in_its_own_time_zone(db: TestDatabase) {
        db.clock.set(at("2026-03-28T12:00:00Z"));
        let world = World::new(db).await;
        world.says(&entries(&["anna"]));
        assert_eq!(world.engine.start_due().await, []);

        // The night in which 01:30 does not exist in London.
        world.db.clock.set(at("2026-03-29T00:59:59Z"));
        assert_eq!(world.engine.start_due().await, []);
        world.db.clock.set(at("2026-03-29T01:00:00Z"));
        let started = world.engine.start_due().await;

        let [run] = started[..] else { panic!("{started:?}") };
        world.engine.ended(run).await;
        assert_eq!(world.found(run).await.trigger, Trigger::Schedule);
        assert_eq!(world.engine.start_due().await, []);
        world.switch_sync(false).await;
        world.db.clock.set(at("2026-03-30T01:00:00Z"));
        assert_eq!(world.engine.start_due().await, []);
    }

    async fn another_tenants_source_and_run_are_not_there(db: TestDatabase) {
        let world = World::new(db).await;
        let other = world.db.tenant("Other").await;
        let run = world.run(&entries(&["anna"])).await.id;

        assert_eq!(world.engine.start(other, world.source, Trigger::Manual, RunExtent::Whole, world.origin()).await, Err(StartRefused::NoSuchSource));
        assert_eq!(world.engine.approve(other, run, world.origin()).await, Err(StartRefused::NotWaiting));
        assert_eq!(world.engine.cancel(other, run, world.origin()).await, Err(StartRefused::NotWaiting));
        assert_eq!(world.db.read(move |conn| sync_runs::find(conn, other, run)).await, None);
        assert_eq!(world.db.read(move |conn| sync_runs::entries(conn, other, run, &PageRequest::default())).await, None);
    }
}
