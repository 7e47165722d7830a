//! Undo, compared as a whole: everything that is known of a tenant's directory before a run and after it was taken back.

use std::collections::BTreeMap;

use directory_model::contact::{DisabledBy, Provenance, SyncedField};
use directory_model::group::{Group, GroupFields};
use directory_model::id::{AvatarId, GroupId};
use directory_model::record::SourcePhoto;
use directory_model::run::Counts;
use directory_store::groups;
use suite::on_each_backend;
use suite::picture::jpeg;

use super::groups::{mirroring, said};
use super::*;

const RED: [u8; 3] = [200, 40, 40];
const BLUE: [u8; 3] = [50, 60, 200];

/// A contact's fields, why it is out of service, and where its fields came from, with their pins.
type Person = (ContactFields, Option<DisabledBy>, BTreeMap<SyncedField, Provenance>);

/// An avatar, by the hashes of both sizes, and its source.
type Shown = (AvatarId, String, String, Option<SourceId>);

/// All of it, without how often each was changed.
#[derive(Debug, Clone, PartialEq)]
struct Everything {
    contacts: BTreeMap<ContactId, Person>,
    groups: BTreeMap<GroupId, GroupFields>,
    memberships: BTreeMap<GroupId, Vec<ContactId>>,
    avatars: BTreeMap<ContactId, Vec<Shown>>,
}

impl World {
    async fn all(&self) -> Everything {
        let tenant = self.tenant;
        let (mut contacts, mut avatars) = (BTreeMap::new(), BTreeMap::new());
        for Contact { id, fields, disabled_by, provenance, .. } in self.contacts().await {
            contacts.insert(id, (fields, disabled_by, provenance));
            let of_contact = self.avatars(id).await.into_iter();
            let named =
                of_contact.map(|avatar| (avatar.id, avatar.large.to_string(), avatar.small.to_string(), avatar.source));
            avatars.insert(id, named.collect());
        }
        let (mut groups, mut memberships) = (BTreeMap::new(), BTreeMap::new());
        for Group { id, fields, .. } in self.db.read(move |conn| groups::all(conn, tenant)).await {
            groups.insert(id, fields);
            let members = self.db.read(move |conn| groups::member_ids(conn, tenant, id)).await;
            memberships.insert(id, members.expect("the group"));
        }
        Everything { contacts, groups, memberships, avatars }
    }

    fn gives(&self, photos: &[(&str, [u8; 3])]) {
        let photo = |(name, color): &(&str, [u8; 3])| {
            ReportedPhoto::Photo(SourcePhoto {
                external_id: name.as_bytes().to_vec(),
                locator: format!("cn={name},dc=example"),
                attribute: "jpegPhoto".into(),
                bytes: jpeg(*color),
                tag: None,
            })
        };
        *self.script.photos.lock().unwrap() = Some(photos.iter().map(photo).collect());
    }

    /// A directory with people, groups and photos, and what people have made of it by hand.
    async fn in_use(&self) {
        self.edit_source(|source| source.approval_threshold_percent = 100).await;
        let by_hand = self.db.contact(self.tenant, "manual").await.id;
        self.says(&[says("anna", "Acme"), says("ben", "Acme"), says("carl", "Acme"), says("dora", "Acme")]);
        let people = [("s", "Sales", &["anna", "carl"] as &[&str]), ("o", "Old", &["ben", "dora"])];
        self.mirrors(Ok(said(&people)));
        self.gives(&[("anna", RED), ("ben", RED), ("carl", RED)]);
        succeeded(&self.finish().await);
        let [anna, ben, carl] = ["anna", "ben", "carl"];
        self.pin(self.contact(anna).await.id, SyncedField::Company, true).await;
        self.pin(self.contact(carl).await.id, SyncedField::Mail, true).await;
        let ben = self.contact(ben).await.id;
        self.edit(ben, |fields| fields.office = Some("By hand".into())).await;
        self.pin(ben, SyncedField::Office, true).await;
        self.edit(by_hand, |fields| fields.company = Some("By hand".into())).await;
        self.pin(by_hand, SyncedField::Company, true).await;
        let (reception, carl) = (GroupFields { name: "Reception".into(), parent: None }, self.contact(carl).await.id);
        let reception = reception.check().expect("valid");
        let group = self.db.write(self.tenant, move |tx| groups::insert(tx, &reception)).await.id;
        for contact in [ben, carl, by_hand] {
            self.db.write(self.tenant, move |tx| groups::add_member(tx, group, contact)).await;
        }
    }
}

fn says(name: &str, company: &str) -> SourceRecord {
    super::undone::at(entry(name), company)
}

on_each_backend! {
    async fn a_run_that_is_taken_back_leaves_everything_as_it_was_pins_groups_and_avatars_included(db: TestDatabase) {
        let world = mirroring(db).await;
        world.in_use().await;
        let before = world.all().await;
        let pins = |all: &Everything| {
            all.contacts.values().flat_map(|(.., from)| from.values()).filter(|from| from.is_pinned).count()
        };
        assert_eq!((before.contacts.len(), before.groups.len(), pins(&before)), (5, 4, 4), "{before:#?}");

        // Everybody has another company, pinned or not; Carl leaves, somebody comes, and somebody by hand is linked.
        let mut people = ["anna", "ben", "dora", "new", "manual"].map(|name| says(name, "Umbrella"));
        people[0].mapped.synced.job_title = Some("Engineer".into());
        people[1].mapped.synced.office = Some("B1".into());
        people[2].mapped.is_disabled = true;
        people[4].mapped.sip = Some("sip:manual@example.com".into());
        world.says(&people);
        let groups = [("s", "Trade", &["ben", "manual"] as &[&str]), ("n", "New", &["anna", "new"])];
        world.mirrors(Ok(said(&groups)));
        world.gives(&[("anna", BLUE), ("new", BLUE), ("manual", BLUE)]);
        let run = world.finish().await;
        succeeded(&run);
        let expected = Counts {
            read: 5,
            created: 1,
            linked: 1,
            updated: 2,
            disabled: 2,
            photos: 3,
            groups_created: 1,
            groups_renamed: 1,
            groups_removed: 1,
            memberships_added: run.counts.memberships_added,
            memberships_removed: run.counts.memberships_removed,
            ..Counts::default()
        };
        assert_eq!(run.counts, expected);
        let after = world.all().await;
        // Each part of it was touched, except for what is pinned.
        assert!(after.contacts != before.contacts && after.avatars != before.avatars);
        assert!(after.groups != before.groups && after.memberships != before.memberships);
        assert_eq!(pins(&after), 4);
        assert_eq!(world.contact("anna").await.fields.company.as_deref(), Some("Acme"));
        assert_eq!(world.contact("ben").await.fields.office.as_deref(), Some("By hand"));

        let planned = world.plan_undo(run.id).await;
        assert_eq!((planned.state, &planned.problem), (RunState::AwaitingApproval, &Some(RunProblem::Undo { left: 0 })));
        assert_eq!(world.all().await, after, "nothing happens before it is approved");
        let undone = world.approve(planned.id).await;

        succeeded(&undone);
        let left: Vec<_> = world.entries(undone.id).await.into_iter().filter_map(|line| line.reason).collect();
        assert_eq!(left, [], "all of it was taken back");
        assert_eq!(world.all().await, before);
        // The source still says the same, and nothing of it comes back.
        let again = world.finish().await;
        succeeded(&again);
        assert_eq!((again.counts.changes(), again.counts.photos), (0, 0), "{:?}", world.entries(again.id).await);
        assert_eq!(world.all().await, before);
    }
}
