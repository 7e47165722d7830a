//! What was taken back stays so, by whatever way the source says it again.

use directory_model::contact::{DisabledBy, SyncedField};
use suite::on_each_backend;

use super::undone::at;
use super::*;

impl World {
    async fn company(&self, name: &str) -> Option<String> {
        self.contact(name).await.fields.company
    }

    /// Pins a field, or lets it go.
    pub(super) async fn pin(&self, id: ContactId, field: SyncedField, is_pinned: bool) {
        let tenant = self.tenant;
        let change = move |tx: &mut directory_store::tx::Tx<'_>| {
            let revision = contacts::find(tx.conn, tenant, id)?.expect("the contact").revision;
            let change = if is_pinned { contacts::pin } else { contacts::unpin };
            change(tx, id, revision, field)
        };
        self.db.write(tenant, change).await.expect("the contact");
    }
}

on_each_backend! {
    async fn a_run_for_one_contact_obeys_as_well(db: TestDatabase) {
        let world = World::new(db).await;
        let manual = world.db.contact(world.tenant, "manual").await.id;
        succeeded(&world.run(&entries(&["anna"])).await);
        let mut linked = entry("manual");
        linked.mapped.sip = Some("sip:manual@example.com".into());
        let run = world.run(&[at(entry("anna"), "One"), linked]).await;
        assert_eq!((run.counts.updated, run.counts.linked), (1, 1));
        succeeded(&world.undo(run.id).await);
        let anna = world.contact("anna").await.id;

        for id in [anna, manual] {
            let done = world.run_for(&[id]).await;
            assert_eq!((done.state, done.counts.changes()), (RunState::Succeeded, 0), "{done:?}");
        }

        assert_eq!(world.company("anna").await, None);
    }

    async fn a_plan_that_waited_lets_go_of_what_the_source_says_no_more(db: TestDatabase) {
        let world = World::new(db).await;
        succeeded(&world.run(&[entry("anna"), entry("ben")]).await);
        let run = world.run(&[at(entry("anna"), "One")]).await;
        succeeded(&world.undo(run.id).await);
        // Anna says something else and Ben is back: the first run afterwards asks, and is approved.
        let waiting = world.run(&[at(entry("anna"), "Two"), entry("ben")]).await;
        assert_eq!(waiting.state, RunState::AwaitingApproval);
        succeeded(&world.approve(waiting.id).await);

        // What was refused once is no longer.
        succeeded(&world.run(&[at(entry("anna"), "One")]).await);

        assert_eq!(world.company("anna").await.as_deref(), Some("One"));
        assert_eq!(world.contact("ben").await.disabled_by, Some(DisabledBy::Sync));
    }

    async fn two_runs_are_taken_back_one_after_the_other(db: TestDatabase) {
        let world = World::new(db).await;
        succeeded(&world.run(&[at(entry("anna"), "Zero")]).await);
        let first = world.run(&[at(entry("anna"), "One")]).await;
        let second = world.run(&[at(entry("anna"), "Two")]).await;

        succeeded(&world.undo(second.id).await);
        succeeded(&world.undo(first.id).await);

        assert_eq!(world.company("anna").await.as_deref(), Some("Zero"));
        let next = world.run(&[at(entry("anna"), "Two")]).await;
        assert_eq!((next.state, next.counts.changes()), (RunState::Succeeded, 0), "{next:?}");
        assert_eq!(world.company("anna").await.as_deref(), Some("Zero"));
    }

    async fn a_pin_that_is_let_go_does_not_bring_it_back(db: TestDatabase) {
        let world = World::new(db).await;
        succeeded(&world.run(&[at(entry("anna"), "Zero")]).await);
        let run = world.run(&[at(entry("anna"), "One")]).await;
        succeeded(&world.undo(run.id).await);
        let anna = world.contact("anna").await.id;

        world.pin(anna, SyncedField::Company, true).await;
        world.pin(anna, SyncedField::Company, false).await;

        assert_eq!(world.company("anna").await.as_deref(), Some("Zero"));
    }

    async fn a_link_that_was_made_again_is_another_runs(db: TestDatabase) {
        let world = World::new(db).await;
        world.db.contact(world.tenant, "manual").await;
        let linked = |title: &str| {
            let mut entry = at(entry("manual"), title);
            entry.mapped.sip = Some("sip:manual@example.com".into());
            [entry, super::entry("anna")]
        };
        let run = world.run(&linked("One")).await;
        succeeded(&world.undo(run.id).await);
        // Without an entry there is nothing to take back once more.
        let again = world.plan_undo(run.id).await;
        assert_eq!(world.entries(again.id).await, []);
    }
}
