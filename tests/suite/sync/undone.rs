//! Runs that are taken back.

use std::collections::BTreeMap;

use directory_model::contact::{DisabledBy, Provenance, SyncedField};
use directory_model::group::GroupFields;
use directory_model::invalid::{Invalid, Rule};
use directory_model::record::SourceRecord;
use directory_model::run::{Counts, FieldChange, RunAction};
use directory_model::source::Leavers;
use directory_store::groups;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use proptest::{bool, collection, option};
use suite::on_each_backend;

use super::*;

/// What a contact is, apart from how often it changed: its name, fields, why it is out of service,
/// and where its fields came from.
type Shown = (ContactId, ContactFields, Option<DisabledBy>, BTreeMap<SyncedField, Provenance>);

impl World {
    async fn export(&self) -> Vec<Shown> {
        let shown = |contact: Contact| (contact.id, contact.fields, contact.disabled_by, contact.provenance);
        let mut all: Vec<Shown> = self.contacts().await.into_iter().map(shown).collect();
        all.sort_by_key(|(id, ..)| *id);
        all
    }

    pub(super) async fn leavers(&self, leavers: Leavers) {
        self.edit_source(move |source| {
            source.leavers = leavers;
            source.approval_threshold_percent = 100;
        })
        .await;
    }
}

pub(super) fn at(entry: SourceRecord, company: &str) -> SourceRecord {
    let mut entry = entry;
    entry.mapped.synced.company = Some(company.into());
    entry
}

fn actions(entries: &[RunEntry]) -> Vec<RunAction> {
    entries.iter().map(|entry| entry.action).collect()
}

on_each_backend! {
    async fn applying_and_undoing_a_run_leaves_everything_as_it_was(db: TestDatabase) {
        let world = World::new(db).await;
        // One by hand that will be linked, one whose company was entered by hand.
        let manual = world.db.contact(world.tenant, "manual").await.id;
        let people = entries(&["anna", "ben", "carl", "dora"]);
        succeeded(&world.run(&people).await);
        world.edit(world.contact("anna").await.id, |fields| fields.company = Some("By hand".into())).await;
        let before = world.export().await;

        let mut swapped = vec![at(entry("anna"), "Directory"), entry("ben"), entry("carl"), entry("new"), entry("manual")];
        (swapped[1].mapped.synced.mail, swapped[2].mapped.synced.mail) =
            (Some("carl@example.com".into()), Some("ben@example.com".into()));
        swapped[4].mapped.sip = Some("sip:manual@example.com".into());
        let run = world.run(&swapped).await;
        succeeded(&run);
        let counts = Counts { read: 5, created: 1, linked: 1, updated: 3, disabled: 1, ..Counts::default() };
        assert_eq!(run.counts, counts);
        let after = world.export().await;

        let planned = world.plan_undo(run.id).await;
        assert_eq!((planned.state, planned.undoes), (RunState::AwaitingApproval, Some(run.id)));
        assert_eq!(planned.problem.map(|problem| problem.to_string()).as_deref(),
            Some("The plan takes back all that the run did, and waits for approval."));
        let plan = world.entries(planned.id).await;
        let of = |action| plan.iter().filter(|line| line.action == action).count();
        assert_eq!((plan.len(), of(RunAction::Update), of(RunAction::Enable)), (6, 3, 1), "{plan:?}");
        assert_eq!((of(RunAction::Remove), of(RunAction::Unlink)), (1, 1), "{plan:?}");
        let company = FieldChange { field: SyncedField::Company, old: Some("Directory".into()), new: Some("By hand".into()) };
        assert!(plan.iter().any(|line| line.changes == [company.clone()]), "{plan:?}");
        assert_eq!(world.export().await, after, "nothing happens before it is approved");

        let undone = world.approve(planned.id).await;
        succeeded(&undone);
        assert_eq!(undone.counts, Counts { removed: 1, unlinked: 1, updated: 3, enabled: 1, ..Counts::default() });
        assert_eq!(world.export().await, before);
        assert_eq!(world.engine.undo(world.tenant, undone.id, world.origin()).await, Err(StartRefused::NotUndoable));

        // The directory still says what was taken back: the next run leaves it alone.
        let again = world.run(&swapped).await;
        succeeded(&again);
        assert_eq!((again.counts.changes(), again.counts.set_aside), (0, 0), "{:?}", world.entries(again.id).await);
        assert_eq!(world.export().await, before);
        assert!(world.export().await.iter().any(|(id, ..)| *id == manual));
    }

    async fn what_was_taken_back_is_done_again_once_the_source_says_something_else(db: TestDatabase) {
        let world = World::new(db).await;
        succeeded(&world.run(&[entry("anna"), entry("ben"), entry("carl")]).await);
        let run = world.run(&[at(entry("anna"), "One"), at(entry("carl"), "One"), entry("new")]).await;
        succeeded(&run);
        succeeded(&world.undo(run.id).await);

        let (ben, said) = (world.contact("ben").await.id, [at(entry("anna"), "Two"), at(entry("carl"), "One"), at(entry("new"), "Two")]);
        let next = world.run(&said).await;

        // The first run after it asks, whatever it is about to do.
        assert_eq!(next.problem, Some(RunProblem::FirstAfterUndo { changes: 2 }));
        assert_eq!(actions(&world.entries(next.id).await), [RunAction::Update, RunAction::Create]);
        succeeded(&world.approve(next.id).await);
        assert_eq!(world.contact("anna").await.fields.company.as_deref(), Some("Two"));
        assert_eq!(world.contact("carl").await.fields.company, None, "it says the same as before");
        assert_eq!(world.contact("ben").await.disabled_by, None, "he has not come back, so he has not left again");

        // He comes back and leaves again: now he is a leaver like any other. Nobody is asked any more.
        let mut back = said.to_vec();
        back.push(entry("ben"));
        succeeded(&world.run(&back).await);
        let left = world.run(&said).await;
        succeeded(&left);
        assert_eq!((left.counts.disabled, world.contact("ben").await.id), (1, ben));
        assert_eq!(world.contact("ben").await.disabled_by, Some(DisabledBy::Sync));
    }

    async fn what_changed_since_is_listed_and_left(db: TestDatabase) {
        let world = World::new(db).await;
        succeeded(&world.run(&entries(&["anna", "ben"])).await);
        let both = |one: &str, two: &str| [at(entry("anna"), one), at(entry("ben"), two)];
        let mut said = both("One", "One");
        said[0].mapped.synced.office = Some("1.01".into());
        let run = world.run(&[said.as_slice(), &entries(&["carl", "dora"])].concat()).await;
        succeeded(&run);
        // A later run changes Ben's company; somebody changes Anna's office and Carl, and pins nothing.
        said[1] = at(entry("ben"), "Two");
        let later = world.run(&[said.as_slice(), &entries(&["carl", "dora"])].concat()).await;
        succeeded(&later);
        world.edit(world.contact("anna").await.id, |fields| fields.office = Some("9.99".into())).await;
        world.edit(world.contact("carl").await.id, |fields| fields.is_vcard_enabled = true).await;

        let planned = world.plan_undo(run.id).await;

        assert_eq!(planned.problem, Some(RunProblem::Undo { left: 3 }));
        let left: Vec<(String, String)> = world.entries(planned.id).await.into_iter().filter_map(|line| {
            let Invalid { field, value, rule, .. } = line.reason?;
            assert_eq!((line.action, rule), (RunAction::SetAside, Rule::ChangedMeanwhile));
            Some((field, value))
        }).collect();
        let expected = [("office", "9.99"), ("company", "Two"), ("contact", "carl")];
        assert_eq!(left, expected.map(|(field, value)| (field.to_owned(), value.to_owned())));
        succeeded(&world.approve(planned.id).await);
        let anna = world.contact("anna").await.fields;
        assert_eq!((anna.company, anna.office.as_deref()), (None, Some("9.99")));
        assert_eq!(world.contact("ben").await.fields.company.as_deref(), Some("Two"));
        assert_eq!(world.contacts().await.len(), 3, "dora is gone and carl stays");
    }

    async fn a_plan_to_undo_is_stale_once_somebody_changes_one_of_its_contacts(db: TestDatabase) {
        let world = World::new(db).await;
        succeeded(&world.run(&entries(&["anna"])).await);
        let run = world.run(&[at(entry("anna"), "One")]).await;
        let planned = world.plan_undo(run.id).await;
        world.edit(world.contact("anna").await.id, |fields| fields.office = Some("1.01".into())).await;

        let approved = world.engine.approve(world.tenant, planned.id, world.origin()).await;

        assert_eq!(approved, Err(StartRefused::Stale));
        assert_eq!(world.contact("anna").await.fields.company.as_deref(), Some("One"));
        // Nothing was taken back, so the next run asks nobody, nor after a plan that was thrown away.
        let rejected = world.plan_undo(run.id).await;
        world.engine.cancel(world.tenant, rejected.id, world.origin()).await.expect("cancelled");
        succeeded(&world.run(&[at(entry("anna"), "One"), entry("new")]).await);
        succeeded(&world.undo(run.id).await);
        assert_eq!(world.contact("anna").await.fields.company, None);
    }

    async fn a_run_can_be_undone_for_thirty_days_and_when_it_changed_something(db: TestDatabase) {
        let world = World::new(db).await;
        let first = world.run(&entries(&["anna"])).await;
        let idle = world.run(&entries(&["anna"])).await;
        let refused = async |run| world.engine.undo(world.tenant, run, world.origin()).await;
        let is_undoable = async |run| world.found(run).await.is_undoable(world.db.clock.now());

        assert_eq!((is_undoable(first.id).await, is_undoable(idle.id).await), (true, false));
        assert_eq!(refused(idle.id).await, Err(StartRefused::NotUndoable), "it changed nothing");
        world.db.clock.advance(std::time::Duration::from_secs(30 * 86_400 + 1));
        assert!(!is_undoable(first.id).await);
        assert_eq!(refused(first.id).await, Err(StartRefused::NotUndoable), "it is too old");
        assert_eq!(refused(RunId::NIL).await, Err(StartRefused::NotUndoable), "there is no such run");
    }

    async fn leavers_stay_or_are_removed_after_their_grace_and_come_back_by_undo(db: TestDatabase) {
        let world = World::new(db).await;
        let tenant = world.tenant;
        succeeded(&world.run(&entries(&["anna", "ben", "carl"])).await);
        let carl = world.contact("carl").await.id;
        let reception = GroupFields { name: "Reception".into(), parent: None };
        let reception = reception.check().expect("valid");
        let group = world.db.write(tenant, move |tx| groups::insert(tx, &reception)).await.id;
        world.db.write(tenant, move |tx| groups::add_member(tx, group, carl)).await;
        let people = entries(&["anna", "ben"]);
        let days = |days: u64| world.db.clock.advance(std::time::Duration::from_secs(days * 86_400));

        world.leavers(Leavers::Keep).await;
        succeeded(&world.run(&people).await);
        assert_eq!(world.contact("carl").await.disabled_by, None);
        world.leavers(Leavers::Remove { after_days: 7 }).await;
        assert_eq!(world.run(&people).await.counts.disabled, 1);
        assert_eq!(world.run(&people).await.counts, Counts { read: 2, unchanged: 2, ..Counts::default() });
        days(6);
        assert_eq!(world.run(&people).await.counts.removed, 0);
        // He is seen once more, though out of service, so that his time begins anew.
        let mut disabled = entry("carl");
        disabled.mapped.is_disabled = true;
        succeeded(&world.run(&[people.as_slice(), &[disabled]].concat()).await);
        days(1);
        assert_eq!(world.run(&people).await.counts.removed, 0);
        let before = world.export().await;
        days(8);
        let run = world.run(&people).await;
        succeeded(&run);
        assert_eq!((run.counts.removed, world.contacts().await.len()), (1, 2));
        assert_eq!(actions(&world.entries(run.id).await), [RunAction::Remove]);

        succeeded(&world.undo(run.id).await);

        assert_eq!(world.export().await, before);
        let members = world.db.read(move |conn| groups::member_ids(conn, tenant, group)).await;
        assert_eq!(members, Some(vec![carl]));
        days(30);
        let again = world.run(&people).await;
        succeeded(&again);
        assert_eq!(again.counts.removed, 0, "what was taken back is not done again");
        // Back in the directory he is the contact that he was.
        let back = world.run(&entries(&["anna", "ben", "carl"])).await;
        assert_eq!(back.problem, None);
        assert_eq!((world.contact("carl").await.id, world.contact("carl").await.disabled_by), (carl, None));
    }

    async fn who_was_disabled_by_hand_is_never_removed(db: TestDatabase) {
        let world = World::new(db).await;
        world.leavers(Leavers::Remove { after_days: 1 }).await;
        succeeded(&world.run(&entries(&["anna", "ben", "carl"])).await);
        world.edit(world.contact("ben").await.id, |fields| fields.is_disabled = true).await;

        for _ in 0..3 {
            world.db.clock.advance(std::time::Duration::from_hours(48));
            succeeded(&world.run(&entries(&["anna", "carl"])).await);
        }

        assert_eq!(world.contact("ben").await.disabled_by, Some(DisabledBy::Manual));
    }

    async fn whatever_a_directory_did_is_taken_back_latest_first(db: TestDatabase) {
        let world = World::new(db).await;
        world.leavers(Leavers::Disable).await;
        let mut directories = TestRunner::deterministic();
        let mut exact = 0;
        for round in 0..8 {
            world.applied(&directory(&mut directories)).await;
            let before_both = world.export().await;
            let first = world.applied(&directory(&mut directories)).await;
            let before = world.export().await;
            let second = world.applied(&directory(&mut directories)).await;

            let said = world.taken_back(&second).await;
            assert_eq!((said, world.export().await), (vec![], before), "round {round}");
            // Whom the second one changed as well, the first one does not remove any more, and says so.
            let said = world.taken_back(&first).await;
            let is_as_before = world.export().await == before_both;
            assert_eq!(is_as_before, said.is_empty(), "round {round}: {said:?}");
            exact += 1 + u32::from(is_as_before);
        }
        assert!(exact >= 12, "{exact} runs were taken back as a whole");
    }
}

impl World {
    /// A run that reads `said` and is carried out, whatever it asks before.
    async fn applied(&self, said: &[SourceRecord]) -> Run {
        let run = self.run(said).await;
        let done = if run.state == RunState::AwaitingApproval { self.approve(run.id).await } else { run };
        succeeded(&done);
        done
    }

    /// Takes a run back, and says what stays.
    async fn taken_back(&self, run: &Run) -> Vec<Invalid> {
        if run.counts.changes() == 0 {
            let refused = self.engine.undo(self.tenant, run.id, self.origin()).await;
            assert_eq!(refused, Err(StartRefused::NotUndoable), "it changed nothing");
            return Vec::new();
        }
        let undone = self.undo(run.id).await;
        succeeded(&undone);
        self.entries(undone.id).await.into_iter().filter_map(|line| line.reason).collect()
    }
}

/// Some people, of whom everything but the identity may be somebody else's by now.
fn directory(runner: &mut TestRunner) -> Vec<SourceRecord> {
    let mails: Vec<usize> = (0..8).collect();
    let said = (option::of(0..3), option::weighted(0.3, 0..9), bool::weighted(0.2), bool::weighted(0.7));
    let all = (Just(mails).prop_shuffle(), collection::vec(said, 8));
    let (mails, said) = all.new_tree(runner).expect("a directory").current();
    let people = mails.into_iter().zip(said).enumerate();
    let people = people.filter_map(|(number, (mail, (company, office, is_disabled, is_there)))| {
        let mut person = entry(&format!("p{number}"));
        let fields = &mut person.mapped.synced;
        fields.mail = Some(format!("m{mail}@example.com"));
        fields.company = company.map(|company| format!("Company {company}"));
        fields.office = office.map(|office| format!("Room {office}"));
        person.mapped.is_disabled = is_disabled;
        // Somebody is always there.
        (number == 0 || is_there).then_some(person)
    });
    people.collect()
}
