//! Runs that read what changed.

use directory_model::contact::DisabledBy;
use directory_model::record::Extent;
use directory_model::run::Counts;
use suite::on_each_backend;

use super::*;

fn cursor(text: &str) -> ReadCursor {
    ReadCursor(text.into())
}

/// The end of a read of `entries` changes, after which one can continue at `next`.
fn changes(entries: u64, next: &str) -> ReadEnd {
    ReadEnd { extent: Extent::Changes, cursor: Some(cursor(next)), ..ReadEnd::whole(entries) }
}

impl World {
    /// A world that has read everybody and could continue at "one".
    async fn caught_up(db: TestDatabase, names: &[&str]) -> Self {
        let world = Self::new(db).await;
        *world.script.cursor.lock().unwrap() = Some(cursor("one"));
        succeeded(&world.run(&entries(names)).await);
        world
    }

    fn asked(&self) -> Vec<Option<ReadCursor>> {
        std::mem::take(&mut *self.script.asked.lock().unwrap())
    }
}

fn reported(entry: SourceRecord) -> Reported {
    Reported::Entry(Box::new(entry))
}

on_each_backend! {
    async fn only_what_changed_is_touched(db: TestDatabase) {
        let world = World::caught_up(db, &["anna", "ben", "carl"]).await;
        let mut ben = entry("ben");
        ben.mapped.synced.office = Some("B1".into());
        let gone = Reported::Gone(entry("carl").external_id);
        let stranger = Reported::Gone(b"a printer".to_vec());
        world.changed(vec![reported(ben), reported(entry("dora")), gone, stranger], changes(4, "two"));

        let run = world.changes().await;

        succeeded(&run);
        assert_eq!((run.extent, run.whole_because), (RunExtent::Changes, None));
        assert_eq!(run.counts, Counts { read: 2, created: 1, updated: 1, disabled: 1, ..Counts::default() });
        assert_eq!(world.contact("ben").await.fields.office.as_deref(), Some("B1"));
        assert_eq!(world.contact("carl").await.disabled_by, Some(DisabledBy::Sync));
        assert_eq!(world.contact("anna").await.revision, 1);
        world.changed(vec![], changes(0, "three"));
        succeeded(&world.changes().await);
        assert_eq!(world.asked(), [Some(cursor("one")), Some(cursor("two"))]);
    }

    async fn a_read_of_which_nothing_was_written_is_read_again(db: TestDatabase) {
        let world = World::caught_up(db, &["anna", "ben", "carl"]).await;
        let gone: Vec<_> = ["anna", "ben"].map(|name| Reported::Gone(entry(name).external_id)).into();
        world.changed(gone, changes(2, "two"));
        let waits = world.changes().await;
        assert_eq!(waits.state, RunState::AwaitingApproval, "{waits:?}");
        world.engine.cancel(world.tenant, waits.id, world.origin()).await.expect("refused");

        let again = world.changes().await;
        assert_eq!(world.asked(), [Some(cursor("one")), Some(cursor("one"))]);
        succeeded(&world.approve(again.id).await);

        world.changed(vec![], changes(0, "three"));
        succeeded(&world.changes().await);
        assert_eq!(world.asked(), [Some(cursor("two"))], "an approved plan counts as read");
    }

    async fn a_source_that_cannot_tell_is_read_whole_and_says_so(db: TestDatabase) {
        let world = World::caught_up(db, &["anna", "ben", "carl"]).await;
        world.says(&entries(&["anna", "ben"]));

        let run = world.changes().await;

        succeeded(&run);
        assert_eq!((run.extent, run.whole_because), (RunExtent::Whole, Some(WholeBecause::Unsupported)));
        assert_eq!(run.counts, Counts { read: 2, disabled: 1, unchanged: 2, ..Counts::default() });
    }

    async fn other_settings_begin_anew(db: TestDatabase) {
        let world = World::caught_up(db, &["anna"]).await;
        let file = FileConnection { path: "others.csv".into(), format: FileFormat::Csv };
        world.edit_source(|source| source.connection = Connection::File(file)).await;

        let run = world.changes().await;

        assert_eq!((run.extent, run.whole_because), (RunExtent::Whole, Some(WholeBecause::NoCursor)));
        assert_eq!(world.asked(), []);
    }

    async fn entries_that_are_only_said_to_be_there_stay(db: TestDatabase) {
        let world = World::caught_up(db, &["anna", "ben", "carl"]).await;
        let present = ["anna", "ben"].map(|name| Reported::Unchanged(entry(name).external_id));
        let end = ReadEnd { extent: Extent::Whole { may_lag: false }, ..changes(2, "two") };
        world.changed(present.into(), end);

        let run = world.changes().await;

        succeeded(&run);
        assert_eq!(run.counts, Counts { read: 2, disabled: 1, unchanged: 2, ..Counts::default() });
        assert_eq!(world.contact("carl").await.disabled_by, Some(DisabledBy::Sync));
    }

    async fn nobody_leaves_for_being_unknown_to_another_server(db: TestDatabase) {
        let world = World::caught_up(db, &["anna", "ben", "carl", "dora"]).await;
        world.says(&entries(&["anna", "ben"]));
        world.script.entries.lock().unwrap().push(Reported::Gone(entry("dora").external_id));
        let end = ReadEnd { extent: Extent::Whole { may_lag: true }, ..ReadEnd::whole(2) };
        *world.script.end.lock().unwrap() = Some(Ok(end));

        let run = world.finish().await;

        assert_eq!((run.state, run.problem), (RunState::Succeeded, Some(RunProblem::LaggardsKept { contacts: 1 })));
        assert_eq!(world.contact("carl").await.disabled_by, None, "not known to be gone");
        assert_eq!(world.contact("dora").await.disabled_by, Some(DisabledBy::Sync), "known to be gone");
    }

    async fn between_comparisons_a_source_is_asked_for_changes(db: TestDatabase) {
        let world = World::made_at(db, "2026-03-01T00:00:00Z").await;
        world.edit_source(|source| source.poll_minutes = Some(5)).await;
        *world.script.cursor.lock().unwrap() = Some(cursor("one"));
        world.changed(vec![], changes(0, "two"));

        let mut seen = Vec::new();
        for moment in ["00:04:59", "00:05:00", "00:09:00", "01:28:00", "01:29:59", "01:30:10", "01:33:00", "01:35:10"] {
            world.db.clock.set(format!("2026-03-01T{moment}Z").parse().expect("a moment"));
            for run in world.engine.start_due().await {
                world.engine.ended(run).await;
                let run = world.found(run).await;
                seen.push((moment, run.trigger, run.extent));
            }
        }

        assert_eq!(
            seen,
            [
                ("00:05:00", Trigger::Poll, RunExtent::Whole),
                ("01:28:00", Trigger::Poll, RunExtent::Changes),
                ("01:30:10", Trigger::Schedule, RunExtent::Whole),
                ("01:35:10", Trigger::Poll, RunExtent::Changes),
            ]
        );
    }
}
