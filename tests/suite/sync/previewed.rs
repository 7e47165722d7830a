//! Plans that somebody wants to see before anything is written.

use directory_model::run::{Counts, RunAction, RunExtent};
use suite::on_each_backend;

use super::groups::{mirroring, said};
use super::*;

impl World {
    /// One run whose plan is to be seen first, and how it stands then.
    async fn preview(&self, entries: &[SourceRecord]) -> Run {
        self.says(entries);
        let previewing = self.engine.preview(self.tenant, self.source, RunExtent::Whole, self.origin());
        let run = previewing.await.expect("the run starts");
        self.engine.ended(run).await;
        self.found(run).await
    }
}

on_each_backend! {
    async fn a_first_run_shows_whom_it_would_make_and_makes_them_when_it_is_approved(db: TestDatabase) {
        let world = World::new(db).await;
        let people = entries(&["anna", "ben", "carl"]);

        let run = world.preview(&people).await;

        assert_eq!((run.state, run.problem), (RunState::AwaitingApproval, Some(RunProblem::Preview { changes: 3 })));
        assert_eq!(run.counts, Counts { read: 3, created: 3, ..Counts::default() });
        assert_eq!(world.contacts().await, [], "nothing is written yet");
        let lines = world.entries(run.id).await;
        assert_eq!(lines.iter().map(|line| line.action).collect::<Vec<_>>(), [RunAction::Create; 3]);
        assert_eq!(world.start().await, Err(StartRefused::Busy(run.id)), "nobody starts another one meanwhile");

        let done = world.approve(run.id).await;

        succeeded(&done);
        assert_eq!((done.counts.created, world.contacts().await.len()), (3, 3));
    }

    async fn a_plan_that_is_refused_leaves_nothing_behind(db: TestDatabase) {
        let world = World::new(db).await;
        let run = world.preview(&entries(&["anna"])).await;

        world.engine.cancel(world.tenant, run.id, world.origin()).await.expect("it waits");

        assert_eq!(world.found(run.id).await.state, RunState::Cancelled);
        assert_eq!(world.contacts().await, []);
        // Whoever runs it then without looking gets everybody.
        succeeded(&world.run(&entries(&["anna"])).await);
        assert_eq!(world.contacts().await.len(), 1);
    }

    async fn a_plan_that_changes_nothing_is_not_waited_for(db: TestDatabase) {
        let world = World::new(db).await;
        let people = entries(&["anna", "ben"]);
        succeeded(&world.run(&people).await);

        succeeded(&world.preview(&people).await);
    }

    async fn a_plan_without_changes_writes_no_groups_that_nobody_saw(db: TestDatabase) {
        let world = mirroring(db).await;
        let people = entries(&["anna", "ben"]);
        world.says(&people);
        world.mirrors(Ok(said(&[("a", "All", &["anna", "ben"])])));
        succeeded(&world.finish().await);
        let before = world.tree().await;
        world.mirrors(Ok(said(&[("a", "Everybody", &["anna", "ben"])])));

        succeeded(&world.preview(&people).await);

        assert_eq!(world.tree().await, before);
        succeeded(&world.finish().await);
        assert_ne!(world.tree().await, before, "the next run does");
    }

    async fn who_approves_what_was_only_to_be_seen_leaves_groups_guarded(db: TestDatabase) {
        let world = mirroring(db).await;
        let names: Vec<String> = (0..30).map(|number| format!("p{number:02}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        world.says(&entries(&names));
        world.mirrors(Ok(said(&[("a", "All", &names)])));
        succeeded(&world.finish().await);
        let before = world.tree().await;
        world.mirrors(Ok(said(&[("a", "All", &names[..15])])));
        let mut more = entries(&names);
        more.push(entry("newcomer"));

        let waiting = world.preview(&more).await;
        assert_eq!(waiting.problem, Some(RunProblem::Preview { changes: 1 }));
        let done = world.approve(waiting.id).await;

        let kept = matches!(done.problem, Some(RunProblem::GroupsKept { removals: 15, .. }));
        assert!(done.state == RunState::Succeeded && kept, "{done:?}");
        assert_eq!(world.tree().await, before);
    }

    async fn what_was_doubted_and_approved_is_so_after_a_restart_as_well(db: TestDatabase) {
        let world = mirroring(db).await;
        let names: Vec<String> = (0..30).map(|number| format!("p{number:02}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        world.says(&entries(&names));
        world.mirrors(Ok(said(&[("a", "All", &names), ("b", "Some", &names[..15])])));
        succeeded(&world.finish().await);
        world.says(&entries(&names[..20]));
        world.mirrors(Ok(said(&[("a", "All", &names[..20])])));
        let waiting = world.finish().await;
        assert_eq!(waiting.state, RunState::AwaitingApproval);
        let (tenant, id) = (world.tenant, waiting.id);
        // As if the gateway had gone right after.
        let approve = move |tx: &mut directory_store::tx::Tx<'_>| {
            let open = sync_runs::open(tx.conn, tenant, id)?.expect("it waits");
            sync_runs::resume(tx, &open, &Counts::default())
        };
        world.db.write(tenant, approve).await;
        assert_eq!(world.found(id).await.problem, None, "it does not wait any more");

        let again = engine(&world.db, world.script.clone());
        assert_eq!(again.recover().await.expect("the store reads"), 0);
        again.ended(id).await;

        succeeded(&world.found(id).await);
        let groups: Vec<String> = world.tree().await.into_iter().map(|(name, _)| name).collect();
        assert!(groups.contains(&"All".to_owned()) && !groups.contains(&"Some".to_owned()), "{groups:?}");
    }
}
