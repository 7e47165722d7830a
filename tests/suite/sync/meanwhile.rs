//! Plans to take a run back, and what was done while they waited.

use directory_model::group::GroupFields;
use directory_model::invalid::{Invalid, Rule};
use directory_model::publication::PublicationEntry;
use directory_model::run::{Counts, RunAction};
use directory_model::source::Leavers;
use directory_store::{groups, presence_rows};
use suite::on_each_backend;

use super::groups::{mirroring, said, tree};
use super::*;

const HOUR: std::time::Duration = std::time::Duration::from_hours(1);

impl World {
    /// Why lines of the run's record were left out, each with what it is about.
    async fn reasons(&self, run: RunId) -> Vec<(Option<ContactId>, Invalid)> {
        let lines = self.entries(run).await.into_iter();
        lines.filter_map(|line| Some((line.contact, line.reason?))).collect()
    }
}

on_each_backend! {
    async fn a_contact_that_was_put_to_use_stays(db: TestDatabase) {
        let world = World::new(db).await;
        succeeded(&world.run(&entries(&["anna"])).await);
        let run = world.run(&entries(&["anna", "ben", "carl"])).await;
        let ben = world.contact("ben").await.id;
        let planned = world.plan_undo(run.id).await;
        assert_eq!(world.reasons(planned.id).await, []);
        let reception = GroupFields { name: "Reception".into(), parent: None }.check().expect("valid");
        let reception = world.db.write(world.tenant, move |tx| groups::insert(tx, &reception)).await.id;
        world.db.write(world.tenant, move |tx| groups::add_member(tx, reception, ben)).await;

        let done = world.approve(planned.id).await;

        succeeded(&done);
        assert_eq!(done.counts, Counts { removed: 1, set_aside: 1, ..Counts::default() });
        let changed = Invalid::new("contact", "ben", Rule::ChangedMeanwhile);
        assert_eq!(world.reasons(done.id).await, [(Some(ben), changed)]);
        assert_eq!((world.contact("ben").await.id, world.contacts().await.len()), (ben, 2));
        // The directory still says so, and it is nobody's business to do it again.
        let again = world.run(&entries(&["anna", "ben", "carl"])).await;
        assert_eq!((again.state, again.counts.changes()), (RunState::Succeeded, 0), "{again:?}");
    }

    async fn a_mirrored_group_that_was_put_to_use_stays(db: TestDatabase) {
        let world = mirroring(db).await;
        world.says(&entries(&["anna"]));
        world.mirrors(Ok(said(&[("s", "Sales", &["anna"])])));
        succeeded(&world.finish().await);
        world.mirrors(Ok(said(&[("s", "Sales", &["anna"]), ("n", "New", &["anna"]), ("o", "Other", &["anna"])])));
        let run = world.finish().await;
        let planned = world.plan_undo(run.id).await;
        let new = world.group("New").await.id;
        let publication = world.showing(new).await;

        let done = world.approve(planned.id).await;

        succeeded(&done);
        assert_eq!((done.counts.groups_removed, done.counts.set_aside), (1, 1));
        assert_eq!(world.reasons(done.id).await, [(None, Invalid::new("group", "New", Rule::ChangedMeanwhile))]);
        assert_eq!(world.tree().await, tree(&[("New", &["anna"]), ("Sales", &["anna"])]));
        assert_eq!(world.shown_by(publication).await, [PublicationEntry::Group(new)]);
    }

    async fn who_lost_an_address_to_somebody_else_stays_as_they_are_and_the_others_come_back(db: TestDatabase) {
        let world = World::new(db).await;
        world.leavers(Leavers::Remove { after_days: 1 }).await;
        let stay = entries(&["anna", "dora"]);
        succeeded(&world.run(&entries(&["anna", "ben", "carl", "dora"])).await);
        let left = world.run(&stay).await;
        succeeded(&world.run(&stay).await);
        world.db.clock.advance(48 * HOUR);
        let gone = world.run(&stay).await;
        succeeded(&gone);
        assert_eq!((left.counts.disabled, gone.counts.removed), (2, 2));
        let newcomer = async |name: &str| {
            let fields = ContactFields { mail: Some(format!("{name}@example.com")), ..ContactFields::default() };
            let fields = ContactFields { display_name: Some(format!("New {name}")), ..fields }.check().expect("valid");
            world.db.write(world.tenant, move |tx| contacts::insert(tx, &fields)).await;
        };

        // Who was removed comes back out of service, without addresses, so that nobody is in the way.
        let planned = world.plan_undo(gone.id).await;
        newcomer("ben").await;
        let done = world.approve(planned.id).await;
        succeeded(&done);
        assert_eq!((done.counts.restored, world.contacts().await.len()), (2, 5));

        // Who comes back into service needs them.
        let carl = world.contact("carl").await.id;
        let planned = world.plan_undo(left.id).await;
        newcomer("carl").await;
        let done = world.approve(planned.id).await;
        succeeded(&done);
        assert_eq!((done.counts.enabled, done.counts.set_aside), (0, 2));
        let held = |name: &str| {
            Invalid::new("mail", format!("{name}@example.com"), Rule::Held { by: format!("New {name}").into() })
        };
        let reasons = world.reasons(done.id).await;
        assert!(reasons.contains(&(Some(carl), held("carl"))) && reasons.iter().any(|(_, why)| *why == held("ben")));
        assert!(world.contact("carl").await.fields.is_disabled);
    }

    async fn a_group_that_loses_its_name_to_one_that_comes_back_gets_a_number(db: TestDatabase) {
        let world = mirroring(db).await;
        world.says(&entries(&["anna"]));
        world.mirrors(Ok(said(&[("s", "Sales", &["anna"]), ("t", "Trade", &["anna"])])));
        succeeded(&world.finish().await);
        // One has another name, one goes, and new ones have theirs and are shown.
        world.mirrors(Ok(said(&[("s", "Traders", &["anna"]), ("n", "Sales", &["anna"]), ("m", "Trade", &["anna"])])));
        let run = world.finish().await;
        for name in ["Sales", "Trade"] {
            world.showing(world.group(name).await.id).await;
        }

        let undone = world.undo(run.id).await;

        succeeded(&undone);
        let names = async || world.tree().await.into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        let expected = ["Sales", "Sales (2)", "Trade", "Trade (2)"];
        assert_eq!(names().await, expected);
        let kept = world.finish().await;
        assert_eq!((kept.counts.changes(), names().await), (0, expected.map(str::to_owned).to_vec()), "{kept:?}");
    }

    async fn a_mark_that_is_over_is_no_use_of_a_contact(db: TestDatabase) {
        let world = World::new(db).await;
        succeeded(&world.run(&entries(&["anna"])).await);
        let run = world.run(&entries(&["anna", "ben", "carl"])).await;
        let until = world.db.clock.now().plus(HOUR);
        for (name, until) in [("ben", Some(until)), ("carl", None)] {
            let id = world.contact(name).await.id;
            world.db.write(world.tenant, move |tx| presence_rows::set_out_of_office(tx, id, until)).await;
        }
        world.db.clock.advance(2 * HOUR);

        let planned = world.plan_undo(run.id).await;

        let plan: Vec<RunAction> = world.entries(planned.id).await.into_iter().map(|line| line.action).collect();
        assert_eq!(plan, [RunAction::Remove, RunAction::SetAside]);
        succeeded(&world.approve(planned.id).await);
        assert_eq!((world.contact("carl").await.revision, world.contacts().await.len()), (1, 2));
    }
}
