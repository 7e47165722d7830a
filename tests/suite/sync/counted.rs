//! How whoever runs the platform sees a source, as its runs go.

use directory_model::run::RunExtent;
use directory_model::system::SourceCounts;
use directory_store::system;
use suite::on_each_backend;

use super::*;

impl World {
    async fn counts(&self) -> SourceCounts {
        let key = Arc::clone(self.db.database.sealing_key());
        let outside = system::outside(&self.db.database).await.expect("a look");
        let facts = self.db.read(move |conn| system::facts(conn, &key, outside.clone())).await;
        let [counts] = facts.sources[..] else { panic!("one kind") };
        counts
    }

    /// Whether the source is counted as `is_so` says, and as nothing else.
    async fn is_counted(&self, is_so: impl Fn(&mut SourceCounts) -> &mut u64) {
        let mut counts = self.counts().await;
        let mut expected = SourceCounts::none(counts.kind);
        *is_so(&mut expected) = 1;
        assert_eq!(counts, expected);
        assert_eq!(*is_so(&mut counts), 1);
    }
}

on_each_backend! {
    async fn a_source_is_counted_by_its_latest_run_over_all_of_it(db: TestDatabase) {
        let world = World::new(db).await;
        let people = entries(&["anna", "ben", "carl"]);
        world.is_counted(|counts| &mut counts.never_ran).await;

        let first = world.run(&people).await;
        world.is_counted(|counts| &mut counts.fine).await;

        assert_eq!(world.run(&[]).await.state, RunState::Failed);
        world.is_counted(|counts| &mut counts.failed).await;

        // What is about a few, and what takes another back, says nothing of the source.
        world.says(&people);
        let anna = world.contact("anna").await.id;
        let some = world.engine.synchronize(world.tenant, vec![anna], world.origin()).await.expect("it starts");
        world.engine.ended(some[0].run.expect("a run")).await;
        world.is_counted(|counts| &mut counts.failed).await;
        let undoing = world.plan_undo(first.id).await;
        assert_eq!(undoing.state, RunState::AwaitingApproval);
        world.is_counted(|counts| &mut counts.failed).await;
        world.engine.cancel(world.tenant, undoing.id, world.origin()).await.expect("it waits");

        let waiting = world.engine.preview(world.tenant, world.source, RunExtent::Whole, world.origin()).await;
        let waiting = waiting.expect("it starts");
        world.engine.ended(waiting).await;
        world.is_counted(|counts| &mut counts.fine).await;

        assert_eq!(world.run(&people[..1]).await.state, RunState::AwaitingApproval);
        world.is_counted(|counts| &mut counts.awaiting_approval).await;

        world.switch_sync(false).await;
        world.is_counted(|counts| &mut counts.switched_off).await;
    }
}
