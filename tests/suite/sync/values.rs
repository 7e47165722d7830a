//! Values that cannot be used, or not all of them: what their contact gets, and what the run's record says.

use directory_model::contact::SyncedField;
use directory_model::invalid::{Invalid, Rule};
use directory_model::run::{Counts, FieldChange, RunAction};
use suite::dc::{Attributes, Controller, person_dn};
use suite::on_each_backend;

use super::directory::reader;
use super::faults::{PEOPLE, controller, name, world};
use super::*;

const ALL: u64 = PEOPLE as u64;

/// A directory that was read once, with Acme as the company of the first one in it.
async fn read_once(db: TestDatabase) -> (World, Controller) {
    let controller = controller().await;
    controller.with(|state| set(state.change(&name(0)), "company", &[b"Acme"]));
    let world = world(db, controller.connection(), Arc::new(reader())).await;
    succeeded(&world.finish().await);
    (world, controller)
}

fn set(entry: &mut Attributes, attribute: &str, values: &[&[u8]]) {
    entry.insert(attribute.into(), values.iter().map(|value| value.to_vec()).collect());
}

impl World {
    /// What a run set aside: where, of whom, and why.
    async fn left_out(&self, run: &Run) -> Vec<(String, Option<ContactId>, Invalid)> {
        let lines = self.entries(run.id).await.into_iter().filter(|line| line.action == RunAction::SetAside);
        lines.map(|line| (line.locator, line.contact, line.reason.expect("a reason"))).collect()
    }
}

on_each_backend! {
    async fn an_entry_with_a_value_that_is_not_utf_8_is_set_aside_with_its_bytes(db: TestDatabase) {
        let (world, controller) = read_once(db).await;
        let before = world.contact("p00").await;
        controller.with(|state| {
            set(state.change("p00"), "company", &[&[0xff, 0xfe, b'x']]);
            set(state.change("p00"), "title", &[b"Chief"]);
            state.person("new");
            set(state.change("new"), "l", &[b"M\xfcnchen"]);
        });

        let run = world.finish().await;

        succeeded(&run);
        assert_eq!(run.counts, Counts { read: ALL + 1, unchanged: ALL - 1, set_aside: 2, ..Counts::default() });
        let expected = [
            (person_dn("p00"), Some(before.id), Invalid::new("company", r"\xff\xfex", Rule::NotUtf8)),
            (person_dn("new"), None, Invalid::new("l", r"M\xfcnchen", Rule::NotUtf8)),
        ];
        assert_eq!(world.left_out(&run).await, expected);
        assert_eq!(world.contact("p00").await, before, "no half of an entry is taken");
        assert_eq!(world.contacts().await.len(), PEOPLE, "who cannot be read does not come");

        controller.with(|state| {
            set(state.change("p00"), "company", &["Änderung".as_bytes()]);
            set(state.change("new"), "l", &["München".as_bytes()]);
        });
        let mended = world.changes().await;
        succeeded(&mended);
        assert_eq!(mended.counts, Counts { read: 2, created: 1, updated: 1, ..Counts::default() });
        let p00 = world.contact("p00").await.fields;
        assert_eq!((p00.company.as_deref(), p00.job_title.as_deref()), (Some("Änderung"), Some("Chief")));
        assert_eq!(world.contact("new").await.fields.work_city.as_deref(), Some("München"));
    }

    async fn an_entry_with_a_value_of_a_megabyte_is_set_aside_with_its_beginning(db: TestDatabase) {
        let (world, controller) = read_once(db).await;
        let before = world.contact("p00").await;
        controller.with(|state| set(state.change("p00"), "title", &[&vec![b'x'; 1 << 20]]));

        let run = world.finish().await;

        succeeded(&run);
        assert_eq!(run.counts, Counts { read: ALL, unchanged: ALL - 1, set_aside: 1, ..Counts::default() });
        let rule = Rule::TooLong { max: 64 * 1024, unit: "bytes".into() };
        let expected = (person_dn("p00"), Some(before.id), Invalid::new("title", "x".repeat(256), rule));
        assert_eq!(world.left_out(&run).await, [expected]);
        assert_eq!(world.contact("p00").await, before);
    }

    async fn of_several_values_the_first_is_taken(db: TestDatabase) {
        let (world, controller) = read_once(db).await;
        let before = world.contact("p00").await;
        controller.with(|state| {
            set(state.change("p00"), "mail", &[b"one@fake.test", b"two@fake.test"]);
            // What is not taken may be anything.
            set(state.change("p00"), "title", &[b"Chief", &[0xff, 0xfe]]);
            set(state.change("p01"), "telephoneNumber", &[b"", b"+49 30 1", b"+49 30 2"]);
        });

        let run = world.finish().await;

        succeeded(&run);
        assert_eq!(run.counts, Counts { read: ALL, updated: 2, unchanged: ALL - 2, ..Counts::default() });
        let change = |field, old: Option<&str>, new: &str| FieldChange { field, old: old.map(str::to_owned), new: Some(new.into()) };
        let lines = world.entries(run.id).await;
        let changes: Vec<_> = lines.iter().map(|line| (line.action, line.locator.as_str(), line.changes.clone())).collect();
        let expected = [
            (RunAction::Update, person_dn("p00"), vec![
                change(SyncedField::Mail, Some("p00@fake.test"), "one@fake.test"),
                change(SyncedField::JobTitle, None, "Chief"),
            ]),
            (RunAction::Update, person_dn("p01"), vec![change(SyncedField::WorkPhone, None, "+49 30 1")]),
        ];
        assert_eq!(changes, expected.each_ref().map(|(action, dn, changes)| (*action, dn.as_str(), changes.clone())));
        let now = world.contact("p00").await;
        assert_eq!((now.id, now.fields.mail.as_deref(), now.fields.job_title.as_deref()), (before.id, Some("one@fake.test"), Some("Chief")));
        assert_eq!(world.finish().await.counts.unchanged, ALL, "the same values again are no change");
    }

    async fn the_first_of_several_values_decides_although_another_could_be_used(db: TestDatabase) {
        let (world, controller) = read_once(db).await;
        let before = (world.contact("p00").await, world.contact("p01").await);
        controller.with(|state| {
            set(state.change("p00"), "company", &[&[0xff], b"Umbrella"]);
            set(state.change("p01"), "mail", &[b"at home", b"two@fake.test"]);
        });

        let run = world.finish().await;

        succeeded(&run);
        assert_eq!(run.counts.set_aside, 2, "{run:?}");
        let left_out = world.left_out(&run).await;
        assert_eq!(left_out[0], (person_dn("p00"), Some(before.0.id), Invalid::new("company", r"\xff", Rule::NotUtf8)));
        let (locator, contact, reason) = &left_out[1];
        assert_eq!((locator, *contact), (&person_dn("p01"), Some(before.1.id)));
        assert_eq!((reason.field.as_str(), reason.value.as_str()), ("mail", "at home"));
        assert!(matches!(reason.rule, Rule::Format { .. }), "{reason:?}");
        assert_eq!((world.contact("p00").await, world.contact("p01").await), before);
    }

    async fn a_mail_address_stays_with_whom_it_is_when_a_second_entry_has_it(db: TestDatabase) {
        let (world, controller) = read_once(db).await;
        let before = world.contacts().await;
        let [third, fourth] = [world.contact("p03").await, world.contact("p04").await];
        controller.with(|state| {
            set(state.change("p03"), "mail", &[b"P04@fake.test"]);
            // Two who come at once with the same one.
            for name in ["new", "newer"] {
                state.person(name);
                set(state.change(name), "mail", &[b"new@fake.test"]);
            }
        });

        let run = world.finish().await;

        succeeded(&run);
        let left_out = world.left_out(&run).await;
        let held = |by: &str, value: &str| Invalid::new("mail", value, Rule::Held { by: by.to_owned().into() });
        let expected = (person_dn("p03"), Some(third.id), held("p04", "P04@fake.test"));
        assert!(left_out.contains(&expected), "{left_out:#?}");
        assert_eq!((world.contact("p03").await, world.contact("p04").await), (third, fourth));
        // Of the two the first has it.
        let expected = (person_dn("newer"), None, held("new", "new@fake.test"));
        assert!(left_out.contains(&expected), "{left_out:#?}");
        assert_eq!((run.counts.created, run.counts.set_aside, left_out.len()), (1, 2, 2), "{run:?}");
        assert_eq!(world.contacts().await.len(), before.len() + 1);
        assert_eq!(world.contact("new").await.fields.mail.as_deref(), Some("new@fake.test"));
    }
}
