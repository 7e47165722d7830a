//! Synchronisation with a real Active Directory domain: runs, from the entry to the contact.

use directory_model::contact::DisabledBy;
use directory_model::invalid::Rule;
use directory_model::run::{Counts, FieldChange, RunAction};
use directory_model::source::LdapConnection;
use suite::on_each_backend;
use suite::picture::jpeg;
use suite::samba::{self, Unit};

use super::directory::reader;
use super::*;

const RED: [u8; 3] = [200, 40, 40];
const BLUE: [u8; 3] = [50, 60, 200];

/// A part of the domain, and a world whose source reads it.
struct Domain {
    unit: Unit,
    world: World,
}

impl Domain {
    /// One with these people, to whom somebody was added who left long ago, so that deleted objects can be seen.
    async fn with(db: TestDatabase, people: &[&str]) -> Self {
        Self::of(db, people, |unit| (samba::server().connection(&unit.dn), samba::server().secret())).await
    }

    async fn of(db: TestDatabase, people: &[&str], account: fn(&Unit) -> (LdapConnection, Secret)) -> Self {
        let unit = samba::server().unit().await;
        let tenant = db.tenant("Acme").await;
        let (connection, secret) = account(&unit);
        let source = add_source(&db, tenant, source_fields(Connection::Ldap(connection))).await;
        let engine = engine(&db, Arc::new(reader()));
        let domain = Self { unit, world: World { db, tenant, source, script: Arc::default(), engine } };
        domain.world.enter(secret).await;
        for name in people.iter().chain(&["early"]) {
            domain.hire(name).await;
        }
        domain.unit.remove(&domain.dn("early")).await;
        domain
    }

    /// The name of somebody: account names are unique in the whole domain, of which other tests have their parts.
    fn called(&self, name: &str) -> String {
        let unit = self.unit.dn.split([',', '=']).nth(1).expect("its own name");
        format!("{name}.{unit}")
    }

    fn dn(&self, name: &str) -> String {
        self.unit.name(&self.called(name))
    }

    async fn hire(&self, name: &str) -> String {
        self.unit.person(&self.called(name)).await
    }

    async fn contact(&self, name: &str) -> Contact {
        self.world.contact(&self.called(name)).await
    }

    /// The lines of a run: what was done, where, and to whom.
    async fn lines(&self, run: &Run) -> Vec<(RunAction, String, Option<ContactId>)> {
        let lines = self.world.entries(run.id).await.into_iter();
        lines.map(|line| (line.action, line.locator, line.contact)).collect()
    }
}

on_each_backend! {
    async fn people_of_a_domain_come_change_and_leave(db: TestDatabase) {
        let _quiet = samba::server().places.read().await;
        let domain = Domain::with(db, &["anna", "ben", "carl"]).await;
        let world = &domain.world;

        let first = world.finish().await;

        succeeded(&first);
        assert_eq!(first.counts, Counts { read: 3, created: 3, ..Counts::default() });
        let anna = domain.contact("anna").await;
        let (name, fields) = (domain.called("anna"), &anna.fields);
        assert_eq!(fields.sip.as_deref(), Some(format!("sip:{name}@contoso.test").as_str()));
        assert_eq!(fields.mail.as_deref(), Some(format!("{name}@contoso.test").as_str()));
        assert_eq!((fields.first_name.as_deref(), fields.last_name.as_deref()), (Some(name.as_str()), Some("Contoso")));
        let expected = (RunAction::Create, domain.dn("anna"), Some(anna.id));
        assert!(domain.lines(&first).await.contains(&expected), "{expected:?}");

        domain.unit.set(&domain.dn("anna"), "title", &[b"Engineer"]).await;
        domain.unit.remove(&domain.dn("ben")).await;
        domain.hire("dora").await;
        let second = world.changes().await;

        succeeded(&second);
        assert_eq!((second.extent, second.whole_because), (RunExtent::Changes, None));
        let counts = Counts { read: 2, created: 1, updated: 1, disabled: 1, ..Counts::default() };
        assert_eq!(second.counts, counts);
        assert_eq!(domain.contact("anna").await.fields.job_title.as_deref(), Some("Engineer"));
        assert_eq!(domain.contact("ben").await.disabled_by, Some(DisabledBy::Sync));
        let lines = world.entries(second.id).await;
        let line = lines.iter().find(|line| line.action == RunAction::Update).expect("a line");
        let title = FieldChange {
            field: directory_model::contact::SyncedField::JobTitle,
            old: None,
            new: Some("Engineer".into()),
        };
        assert_eq!((line.locator.as_str(), line.changes.as_slice()), (domain.dn("anna").as_str(), [title].as_slice()));
        // Reading everything finds nothing that the changes did not tell.
        let third = world.finish().await;
        succeeded(&third);
        assert_eq!(third.counts, Counts { read: 3, unchanged: 3, ..Counts::default() });
    }

    async fn a_contact_stays_the_same_when_its_entry_is_renamed_and_moved(db: TestDatabase) {
        let _quiet = samba::server().places.read().await;
        let domain = Domain::with(db, &["anna", "ben"]).await;
        let (world, unit) = (&domain.world, &domain.unit);
        let (inner, outer) = (format!("OU=inner,{}", unit.dn), samba::server().unit().await);
        unit.add(&inner, &[("objectClass", "organizationalUnit")]).await;
        succeeded(&world.finish().await);
        let anna = domain.contact("anna").await;

        // A marriage: another name, another place, another title.
        let married = domain.called("anna.berg");
        unit.rename(&domain.dn("anna"), &married, Some(&inner)).await;
        let there = format!("CN={married},{inner}");
        unit.set(&there, "displayName", &[married.as_bytes()]).await;
        let renamed = world.changes().await;

        succeeded(&renamed);
        assert_eq!((renamed.extent, &renamed.counts), (RunExtent::Changes, &Counts { read: 1, updated: 1, ..Counts::default() }));
        let now = domain.contact("anna.berg").await;
        assert_eq!((now.id, &now.fields.mail, now.disabled_by), (anna.id, &anna.fields.mail, None));
        assert_eq!(domain.lines(&renamed).await, [(RunAction::Update, there.clone(), Some(anna.id))]);
        assert_eq!(world.finish().await.counts, Counts { read: 2, unchanged: 2, ..Counts::default() });

        // Out of the part that is read, and back: out of service and in again, with all that it was.
        unit.rename(&there, &married, Some(&outer.dn)).await;
        let gone = world.changes().await;
        succeeded(&gone);
        assert_eq!((gone.extent, &gone.counts), (RunExtent::Changes, &Counts { disabled: 1, ..Counts::default() }));
        assert_eq!(domain.lines(&gone).await, [(RunAction::Disable, there, Some(anna.id))]);
        assert_eq!(domain.contact("anna.berg").await.disabled_by, Some(DisabledBy::Sync));
        unit.rename(&format!("CN={married},{}", outer.dn), &married, Some(&unit.dn)).await;
        let back = world.changes().await;
        succeeded(&back);
        assert_eq!(back.counts, Counts { read: 1, enabled: 1, ..Counts::default() });
        let home = unit.name(&married);
        assert_eq!(domain.lines(&back).await, [(RunAction::Enable, home.clone(), Some(anna.id))]);
        assert_eq!(domain.contact("anna.berg").await.fields, now.fields);

        // Only its place changes: a run has nothing to do, and says afterwards where the entry was last.
        unit.rename(&home, &married, Some(&inner)).await;
        let moved = world.changes().await;
        succeeded(&moved);
        assert_eq!(moved.counts, Counts { read: 1, unchanged: 1, ..Counts::default() });
        let there = format!("CN={married},{inner}");
        unit.remove(&there).await;
        let left = world.changes().await;
        assert_eq!(domain.lines(&left).await, [(RunAction::Disable, there, Some(anna.id))]);
    }

    async fn an_entry_that_was_deleted_and_made_again_is_somebody_else(db: TestDatabase) {
        let _quiet = samba::server().places.read().await;
        let domain = Domain::with(db, &["anna", "ben", "carl"]).await;
        let world = &domain.world;
        succeeded(&world.finish().await);

        for (name, extent) in [("anna", RunExtent::Changes), ("ben", RunExtent::Whole)] {
            let before = domain.contact(name).await;
            domain.unit.remove(&domain.dn(name)).await;
            domain.hire(name).await;
            let run = if extent == RunExtent::Changes { world.changes().await } else { world.finish().await };

            succeeded(&run);
            assert_eq!((run.extent, run.counts.created, run.counts.disabled, run.counts.set_aside), (extent, 1, 1, 0), "{run:?}");
            // The leaver keeps what it was and gave its addresses up; the newcomer has them.
            let called = domain.called(name);
            let all = world.contacts().await.into_iter().filter(|contact| contact.fields.display_name.as_ref() == Some(&called));
            let (left, came): (Vec<_>, Vec<_>) = all.partition(|contact| contact.id == before.id);
            let ([left], [came]) = (left.as_slice(), came.as_slice()) else { panic!("{name}: {left:?} {came:?}") };
            assert_eq!((left.disabled_by, came.disabled_by), (Some(DisabledBy::Sync), None));
            assert_eq!((&came.fields.mail, &came.fields.sip), (&before.fields.mail, &before.fields.sip));
            let locator = domain.dn(name);
            let mut lines = domain.lines(&run).await;
            lines.sort_by_key(|(action, ..)| *action != RunAction::Disable);
            assert_eq!(lines, [
                (RunAction::Disable, locator.clone(), Some(left.id)),
                (RunAction::Create, locator, Some(came.id)),
            ]);
        }
        assert_eq!(world.finish().await.counts, Counts { read: 3, unchanged: 3, ..Counts::default() });
    }

    async fn a_thumbnail_photo_of_a_domain_becomes_the_avatar(db: TestDatabase) {
        let _quiet = samba::server().places.read().await;
        let domain = Domain::with(db, &["anna", "ben"]).await;
        let (world, unit) = (&domain.world, &domain.unit);
        unit.set(&domain.dn("anna"), "thumbnailPhoto", &[&jpeg(RED)]).await;

        let first = world.finish().await;

        succeeded(&first);
        assert_eq!(first.counts, Counts { read: 2, created: 2, photos: 1, ..Counts::default() });
        let (anna, ben) = (domain.contact("anna").await.id, domain.contact("ben").await.id);
        world.is_shown(anna, RED).await;
        assert_eq!(world.avatars(ben).await, []);
        // A run over changes brings what changed.
        unit.set(&domain.dn("anna"), "thumbnailPhoto", &[&jpeg(BLUE)]).await;
        unit.set(&domain.dn("ben"), "thumbnailPhoto", &[b"not a picture"]).await;
        let second = world.changes().await;
        succeeded(&second);
        let counts = Counts { read: 2, unchanged: 2, photos: 1, set_aside: 1, ..Counts::default() };
        assert_eq!((second.extent, &second.counts), (RunExtent::Changes, &counts));
        world.is_shown(anna, BLUE).await;
        let lines = world.entries(second.id).await;
        let aside = lines.iter().find(|line| line.action == RunAction::SetAside).expect("a line");
        let reason = aside.reason.as_ref().expect("a reason");
        assert_eq!((aside.locator.as_str(), reason.field.as_str()), (domain.dn("ben").as_str(), "thumbnailPhoto"));
        assert_eq!(reason.rule, Rule::Format { expected: "a JPEG or PNG picture".into() });
        // One that is gone is taken by a comparison: a run over changes that sees none at all may not see any.
        unit.set(&domain.dn("anna"), "thumbnailPhoto", &[]).await;
        assert_eq!(world.changes().await.counts, Counts { read: 1, unchanged: 1, ..Counts::default() });
        world.is_shown(anna, BLUE).await;
        let third = world.finish().await;
        succeeded(&third);
        assert!(domain.lines(&third).await.contains(&(RunAction::RemovePhoto, domain.dn("anna"), Some(anna))));
        assert_eq!(world.avatars(anna).await, []);
    }

    async fn an_account_that_is_disabled_takes_its_contact_out_of_service(db: TestDatabase) {
        let _quiet = samba::server().places.read().await;
        let domain = Domain::with(db, &["anna", "ben", "off"]).await;
        let (world, unit) = (&domain.world, &domain.unit);
        // Somebody who was never seen enabled is nobody's contact.
        unit.set(&domain.dn("off"), "userAccountControl", &[b"546"]).await;
        let first = world.finish().await;
        succeeded(&first);
        assert_eq!(first.counts, Counts { read: 3, created: 2, unchanged: 1, ..Counts::default() });
        let anna = domain.contact("anna").await;

        for is_whole in [false, true] {
            let run = async || if is_whole { world.finish().await } else { world.changes().await };
            unit.set(&domain.dn("anna"), "userAccountControl", &[b"546"]).await;
            let disabled = run().await;
            succeeded(&disabled);
            assert_eq!((disabled.counts.disabled, disabled.counts.changes()), (1, 1), "{disabled:?}");
            assert_eq!(domain.lines(&disabled).await, [(RunAction::Disable, domain.dn("anna"), Some(anna.id))]);
            let out = domain.contact("anna").await;
            assert_eq!((out.id, out.disabled_by, &out.fields.mail), (anna.id, Some(DisabledBy::Sync), &anna.fields.mail));

            unit.set(&domain.dn("anna"), "userAccountControl", &[b"544"]).await;
            let enabled = run().await;
            succeeded(&enabled);
            assert_eq!(domain.lines(&enabled).await, [(RunAction::Enable, domain.dn("anna"), Some(anna.id))]);
            let again = domain.contact("anna").await;
            assert_eq!((again.disabled_by, &again.fields), (None, &anna.fields));
        }
        // Whoever is enabled for the first time comes.
        unit.set(&domain.dn("off"), "userAccountControl", &[b"544"]).await;
        assert_eq!(world.changes().await.counts, Counts { read: 1, created: 1, ..Counts::default() });
    }

    async fn services_and_people_in_the_cloud_are_contacts_of_their_kind(db: TestDatabase) {
        let _quiet = samba::server().places.read().await;
        let domain = Domain::with(db, &["anna", "cloud", "pool"]).await;
        let (world, unit) = (&domain.world, &domain.unit);
        unit.set(&domain.dn("cloud"), "msRTCSIP-DeploymentLocator", &[b"sipfed.online.lync.com"]).await;
        unit.set(&domain.dn("pool"), "msRTCSIP-DeploymentLocator", &[b"SRV:pool.contoso.test"]).await;
        let name = domain.called("desk");
        let sip = format!("sip:{name}@contoso.test");
        let desk = [
            ("objectClass", "contact"),
            ("displayName", name.as_str()),
            ("msRTCSIP-OwnerUrn", "urn:application:desk"),
            ("msRTCSIP-PrimaryUserAddress", sip.as_str()),
        ];
        unit.add(&domain.dn("desk"), &desk).await;

        let run = world.finish().await;

        succeeded(&run);
        assert_eq!(run.counts, Counts { read: 4, created: 4, ..Counts::default() });
        // Whether it is a service, and whether it is at home in the cloud.
        for (name, kind) in
            [("anna", (false, false)), ("pool", (false, false)), ("cloud", (false, true)), ("desk", (true, false))]
        {
            let fields = domain.contact(name).await.fields;
            assert_eq!((fields.is_ucma_endpoint, fields.is_hybrid), kind, "{name}");
        }
        assert_eq!(domain.contact("desk").await.fields.sip, Some(sip));
    }

    async fn who_cannot_see_deleted_objects_compares_everything_and_says_why(db: TestDatabase) {
        let _quiet = samba::server().places.read().await;
        let as_reader = |unit: &Unit| samba::server().as_reader(&unit.dn);
        let domain = Domain::of(db, &["anna", "ben", "carl"], as_reader).await;
        let world = &domain.world;
        succeeded(&world.finish().await);
        domain.unit.set(&domain.dn("anna"), "title", &[b"Engineer"]).await;
        domain.unit.remove(&domain.dn("ben")).await;

        let run = world.changes().await;

        succeeded(&run);
        assert_eq!((run.extent, run.whole_because), (RunExtent::Whole, Some(WholeBecause::DeletionsUnreadable)));
        assert_eq!(run.counts, Counts { read: 2, updated: 1, disabled: 1, unchanged: 1, ..Counts::default() });
        assert_eq!(domain.contact("ben").await.disabled_by, Some(DisabledBy::Sync));
        assert_eq!(domain.contact("anna").await.fields.job_title.as_deref(), Some("Engineer"));
    }
}
