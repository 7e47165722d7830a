//! Fields that are kept as they stand, while their source goes on.

use directory_model::contact::{Provenance, SyncedField};
use directory_model::run::{Counts, RunAction};
use suite::on_each_backend;

use super::undone::at;
use super::*;

const COMPANY: SyncedField = SyncedField::Company;

/// What the entry of somebody says: company and office.
fn employed(name: &str, company: Option<&str>, office: Option<&str>) -> SourceRecord {
    let mut entry = entry(name);
    entry.mapped.synced.company = company.map(str::to_owned);
    entry.mapped.synced.office = office.map(str::to_owned);
    entry
}

impl World {
    /// A world with Anna of the company Acme, which is pinned; and who she is.
    async fn pinned(db: TestDatabase) -> (Self, ContactId) {
        let world = Self::new(db).await;
        succeeded(&world.run(&[employed("anna", Some("Acme"), None)]).await);
        let anna = world.contact("anna").await.id;
        world.pin(anna, COMPANY, true).await;
        (world, anna)
    }

    /// The company, and where it came from.
    async fn employer(&self) -> (Option<String>, Option<Provenance>) {
        let mut anna = self.contact("anna").await;
        (anna.fields.company, anna.provenance.remove(&COMPANY))
    }

    /// A company that the source says, though no run wrote it.
    fn let_go(&self, company: &str) -> (Option<String>, Option<Provenance>) {
        let from = Provenance { source: Some(self.source), run: None, at: self.db.clock.now(), is_pinned: false };
        (Some(company.into()), Some(from))
    }
}

on_each_backend! {
    async fn a_pinned_field_keeps_its_value_and_follows_its_source_once_it_is_let_go(db: TestDatabase) {
        let (world, anna) = World::pinned(db).await;
        let pinned = world.employer().await;
        assert_eq!(pinned.0.as_deref(), Some("Acme"));
        assert!(pinned.1.as_ref().is_some_and(|from| from.source == Some(world.source) && from.run.is_some() && from.is_pinned));

        let run = world.run(&[employed("anna", Some("Umbrella"), None)]).await;

        succeeded(&run);
        assert_eq!(run.counts, Counts { read: 1, unchanged: 1, ..Counts::default() });
        assert_eq!(world.entries(run.id).await, []);
        assert_eq!(world.employer().await, pinned, "kept, and still said to be the source's");
        // What the source said last, not what it said when the contact was written last.
        world.pin(anna, COMPANY, false).await;
        assert_eq!(world.employer().await, world.let_go("Umbrella"));
        let again = world.finish().await;
        assert_eq!(again.counts, Counts { read: 1, unchanged: 1, ..Counts::default() });
        assert_eq!(world.employer().await, world.let_go("Umbrella"));
    }

    async fn the_other_fields_of_its_contact_go_on(db: TestDatabase) {
        let (world, anna) = World::pinned(db).await;
        let pinned = world.employer().await;

        let run = world.run(&[employed("anna", Some("Umbrella"), Some("B1"))]).await;

        succeeded(&run);
        assert_eq!(run.counts, Counts { read: 1, updated: 1, ..Counts::default() });
        let line = world.entries(run.id).await.remove(0);
        assert_eq!((line.action, line.changes.len(), line.changes[0].field), (RunAction::Update, 1, SyncedField::Office));
        assert_eq!(world.employer().await, pinned);
        world.pin(anna, COMPANY, false).await;
        assert_eq!(world.employer().await, world.let_go("Umbrella"));
        assert_eq!(world.contact("anna").await.fields.office.as_deref(), Some("B1"));
    }

    async fn a_source_that_says_nothing_any_more_takes_the_value_with_the_pin(db: TestDatabase) {
        let (world, anna) = World::pinned(db).await;
        let pinned = world.employer().await;

        let run = world.run(&[employed("anna", None, None)]).await;

        assert_eq!(run.counts, Counts { read: 1, unchanged: 1, ..Counts::default() });
        assert_eq!(world.employer().await, pinned);
        world.pin(anna, COMPANY, false).await;
        assert_eq!(world.employer().await, (None, None));
    }

    async fn a_value_by_hand_is_let_go_to_what_the_source_said_last(db: TestDatabase) {
        let (world, anna) = World::pinned(db).await;
        world.edit(anna, |fields| fields.company = Some("By hand".into())).await;
        let by_hand = world.employer().await;
        assert_eq!(by_hand.1.as_ref().map(|from| (from.source, from.is_pinned)), Some((None, true)));

        for company in ["Umbrella", "Initech"] {
            assert_eq!(world.run(&[at(entry("anna"), company)]).await.counts.unchanged, 1);
            assert_eq!(world.employer().await, by_hand);
        }

        world.pin(anna, COMPANY, false).await;
        assert_eq!(world.employer().await, world.let_go("Initech"));
    }

    async fn what_was_entered_by_hand_and_then_said_by_the_source_stays_when_a_pin_comes_and_goes(db: TestDatabase) {
        let world = World::new(db).await;
        succeeded(&world.run(&[at(entry("anna"), "Acme")]).await);
        let anna = world.contact("anna").await.id;
        world.edit(anna, |fields| fields.company = Some("Umbrella".into())).await;
        // The source comes to the same: nothing is to be done.
        assert_eq!(world.run(&[at(entry("anna"), "Umbrella")]).await.counts.unchanged, 1);

        world.pin(anna, COMPANY, true).await;
        world.pin(anna, COMPANY, false).await;

        assert_eq!(world.employer().await.0.as_deref(), Some("Umbrella"));
    }

    async fn a_run_for_one_contact_hears_what_the_source_says_as_well(db: TestDatabase) {
        let (world, anna) = World::pinned(db).await;
        let pinned = world.employer().await;
        world.says(&[at(entry("anna"), "Umbrella")]);

        let run = world.run_for(&[anna]).await;

        succeeded(&run);
        assert_eq!((run.counts.changes(), world.employer().await), (0, pinned));
        world.pin(anna, COMPANY, false).await;
        assert_eq!(world.employer().await, world.let_go("Umbrella"));
    }

    async fn a_read_that_was_cut_short_says_nothing_about_a_pinned_field(db: TestDatabase) {
        let (world, anna) = World::pinned(db).await;
        world.says(&[at(entry("anna"), "Umbrella")]);
        *world.script.end.lock().unwrap() = Some(Ok(ReadEnd { is_complete: false, ..ReadEnd::whole(1) }));

        assert_eq!(world.finish().await.state, RunState::Failed);

        world.pin(anna, COMPANY, false).await;
        assert_eq!(world.employer().await.0.as_deref(), Some("Acme"), "as every other field would have");
    }
}
