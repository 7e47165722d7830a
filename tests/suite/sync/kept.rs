//! For how long runs are kept.

use std::time::Duration;

use ::sync::retention::purge;
use directory_model::change::ObjectKind;
use directory_model::run::RunAction;
use directory_store::contacts::synced::{Batch, write_batch};
use directory_store::sync_runs::Start;
use directory_store::{audit, read_cursors};
use suite::on_each_backend;

use super::*;

const DAY: Duration = Duration::from_hours(24);

impl World {
    fn days(&self, days: u32) {
        self.db.clock.advance(DAY * days);
    }

    async fn purge(&self) -> usize {
        purge(&self.db.database, &self.db.clock).await.expect("the store writes")
    }

    async fn is_kept(&self, run: RunId) -> bool {
        let tenant = self.tenant;
        let (run, entries) = self
            .db
            .read(move |conn| {
                let page = PageRequest::default();
                Ok((sync_runs::find(conn, tenant, run)?, sync_runs::entries(conn, tenant, run, &page)?))
            })
            .await;
        assert_eq!(run.is_some(), entries.is_some());
        run.is_some()
    }

    async fn fails(&self, names: &[&str]) -> RunId {
        *self.script.end.lock().unwrap() = Some(Err(RunProblem::Internal));
        let run = self.run(&entries(names)).await;
        *self.script.end.lock().unwrap() = None;
        assert_eq!(run.state, RunState::Failed);
        run.id
    }

    /// Kept of several runs, in order.
    async fn kept(&self, runs: &[RunId]) -> Vec<bool> {
        let mut kept = Vec::new();
        for run in runs {
            kept.push(self.is_kept(*run).await);
        }
        kept
    }
}

on_each_backend! {
    async fn old_runs_go_and_what_they_did_stays(db: TestDatabase) {
        let world = World::new(db).await;
        let mut runs = Vec::new();
        for names in [&["anna"][..], &["anna", "ben"], &["anna", "ben", "carl"]] {
            runs.push(world.run(&entries(names)).await.id);
            world.days(1);
        }
        let before = world.contacts().await;

        world.days(27);
        assert_eq!(world.purge().await, 0, "30 days are not over for any but the first, which is 30 days old");
        world.days(1);
        assert_eq!(world.purge().await, 1);
        assert_eq!(world.kept(&runs).await, [false, true, true]);
        world.days(300);
        assert_eq!((world.purge().await, world.purge().await), (1, 0));

        assert_eq!(world.kept(&runs).await, [false, false, true]);
        assert_eq!(world.contacts().await, before);
        let tenant = world.tenant;
        let page = PageRequest { limit: Some(500), ..PageRequest::default() };
        let trail = world.db.read(move |conn| audit::list(conn, tenant, &page)).await.items;
        let audited = trail.iter().filter(|line| line.kind == ObjectKind::Run && line.object == runs[0].to_string());
        assert_eq!(audited.count(), 2, "its start and its end");
    }

    async fn the_last_run_and_where_the_next_read_continues_stay_for_ever(db: TestDatabase) {
        let world = World::new(db).await;
        *world.script.cursor.lock().unwrap() = Some(ReadCursor("at 1".into()));
        let continued = world.run(&entries(&["anna"])).await.id;
        let mut failed = Vec::new();
        for _ in 0..3 {
            world.days(1);
            failed.push(world.fails(&["anna", "ben"]).await);
        }
        let (tenant, source) = (world.tenant, world.source);
        let cursor = world.db.read(move |conn| read_cursors::find(conn, tenant, source)).await;

        world.days(1000);
        assert_eq!(world.purge().await, 2);

        assert!(world.is_kept(continued).await);
        assert_eq!(world.kept(&failed).await, [false, false, true]);
        assert!(cursor.is_some());
        assert_eq!(world.db.read(move |conn| read_cursors::find(conn, tenant, source)).await, cursor);
    }

    async fn a_plan_that_waits_is_not_old(db: TestDatabase) {
        let world = World::new(db).await;
        world.run(&entries(&["anna", "ben", "carl"])).await;
        let waiting = world.run(&entries(&["anna"])).await;
        assert_eq!(waiting.state, RunState::AwaitingApproval);

        world.days(1000);
        assert_eq!(world.purge().await, 0);

        assert_eq!(world.entries(waiting.id).await.len(), 2);
        succeeded(&world.approve(waiting.id).await);
    }

    async fn each_source_keeps_runs_as_long_as_it_says(db: TestDatabase) {
        let world = World::new(db).await;
        let first = world.run(&entries(&["anna"])).await.id;
        world.days(20);
        world.run(&entries(&["anna"])).await;
        world.days(20);

        world.edit_source(|source| source.keep_days = 45).await;
        assert_eq!(world.purge().await, 0);
        // What can still be undone is kept whatever it says.
        world.edit_source(|source| source.keep_days = 1).await;
        assert_eq!(world.purge().await, 1);
        assert!(!world.is_kept(first).await);
    }

    async fn a_long_record_goes_a_part_at_a_time(db: TestDatabase) {
        let world = World::new(db).await;
        let source = world.source;
        let run = world.db.write(world.tenant, move |tx| {
            let Start::Started(run) = sync_runs::start(tx, source, Trigger::Manual, RunExtent::Whole)? else {
                panic!("it starts")
            };
            let entry = |number| RunEntry {
                number,
                action: RunAction::Update,
                locator: format!("cn={number}"),
                contact: None,
                changes: Vec::new(),
                reason: None,
            };
            write_batch(tx, &run, Batch { entries: (1..=4500).map(entry).collect(), ..Batch::default() })?;
            sync_runs::finish(tx, &run, RunState::Succeeded, &run.counts, None)?;
            Ok(run.id)
        }).await;
        world.run(&entries(&["anna"])).await;
        world.days(100);
        let now = world.db.clock.now();
        let old = world.db.read(move |conn| sync_runs::old(conn, now, 10)).await.remove(0);
        assert_eq!(old.run, run);

        let mut parts = 0;
        loop {
            let old = old.clone();
            let thinned = world.db.database.write_unnumbered(move |conn| sync_runs::thin(conn, &old, 2000)).await;
            if !thinned.expect("the store writes") {
                break;
            }
            parts += 1;
        }

        assert_eq!((parts, world.entries(run).await.len()), (3, 0));
        assert_eq!(world.purge().await, 1);
        assert!(!world.is_kept(run).await);
    }
}
