//! Presence that outlives a restart, and notes.

use std::time::Duration;

use directory_model::clock::Clock;
use directory_model::id::{ContactId, TenantId};
use directory_model::page::PageRequest;
use directory_model::presence::{Activity, Availability, Claim, ClaimKind, Note};
use directory_model::tenant::TenantFields;
use directory_model::timestamp::Timestamp;
use directory_model::valid::Check;
use directory_store::presence_rows::{self, ManualPresence};
use directory_store::{PLATFORM, audit, tenants};
use suite::backend::TestDatabase;
use suite::on_each_backend;

const MINUTE: Duration = Duration::from_mins(1);

fn by_hand(availability: Availability, expires_at: Option<Timestamp>) -> ManualPresence {
    ManualPresence {
        availability,
        activity: Some(Activity::InAMeeting),
        is_out_of_office: true,
        custom: Some("Coffee break".into()),
        expires_at,
    }
}

fn claim(contact: ContactId, device: &str, version: i64, now: Timestamp) -> Claim {
    Claim {
        contact,
        kind: ClaimKind::Telephone,
        source: "pbx".into(),
        device: device.into(),
        version,
        availability: Availability::Busy,
        activity: Some(Activity::OnThePhone),
        is_out_of_office: false,
        custom: None,
        since: now,
        expires_at: Some(now.plus(MINUTE)),
    }
}

async fn save(db: &TestDatabase, tenant: TenantId, claims: Vec<Claim>) {
    let now = db.clock.now();
    let saved = db.database.write_unnumbered(move |conn| presence_rows::save_claims(conn, tenant, &claims, now));
    saved.await.expect("saved");
}

async fn kept(db: &TestDatabase, tenant: TenantId) -> Vec<Claim> {
    let now = db.clock.now();
    let mut claims = db.read(move |conn| presence_rows::claims(conn, tenant, now)).await;
    claims.sort_by(|one, other| (one.contact, one.slot()).cmp(&(other.contact, other.slot())));
    claims
}

on_each_backend! {
    async fn presence_set_by_hand_counts_up_and_can_be_taken_back(db: TestDatabase) {
        let tenant = db.tenant("Acme").await;
        let anna = db.contact(tenant, "Anna Berg").await.id;
        let set = |availability| {
            let manual = by_hand(availability, None);
            db.write(tenant, move |tx| presence_rows::set_manual(tx, anna, &manual))
        };

        let first = set(Availability::Away).await.expect("a contact");
        db.clock.advance(MINUTE);
        let second = set(Availability::Busy).await.expect("a contact");

        assert_eq!((first.version, first.availability, first.kind), (1, Availability::Away, ClaimKind::Manual));
        assert_eq!((second.version, second.availability), (2, Availability::Busy));
        assert_eq!((second.since, second.custom.as_deref()), (db.clock.now(), Some("Coffee break")));
        assert_eq!((second.activity, second.is_out_of_office), (Some(Activity::InAMeeting), true));
        assert_eq!(db.read(move |conn| presence_rows::manual(conn, tenant, anna)).await, Some(second));
        assert_eq!(db.write(tenant, move |tx| presence_rows::remove_manual(tx, anna)).await, Some(()));
        assert_eq!(db.write(tenant, move |tx| presence_rows::remove_manual(tx, anna)).await, None);
        assert_eq!(db.read(move |conn| presence_rows::manual(conn, tenant, anna)).await, None);
    }

    async fn what_was_set_by_hand_until_now_is_not_loaded(db: TestDatabase) {
        let tenant = db.tenant("Acme").await;
        let (anna, ben) = (db.contact(tenant, "Anna Berg").await.id, db.contact(tenant, "Ben Cole").await.id);
        let end = db.clock.now().plus(MINUTE);
        for (contact, expires_at) in [(anna, Some(end)), (ben, None)] {
            let manual = by_hand(Availability::Away, expires_at);
            db.write(tenant, move |tx| presence_rows::set_manual(tx, contact, &manual)).await;
        }
        let loaded = |now| db.read(move |conn| presence_rows::all_manual(conn, tenant, now));

        assert_eq!(loaded(db.clock.now()).await.len(), 2);
        let later = loaded(end).await;
        assert_eq!(later.iter().map(|claim| claim.contact).collect::<Vec<_>>(), [ben]);
    }

    async fn a_tenant_without_history_has_no_presence_in_its_trail(db: TestDatabase) {
        let fields = TenantFields { name: "Quiet".into(), is_no_history: true, ..TenantFields::default() };
        let fields = fields.check().expect("valid");
        let quiet = db.write(PLATFORM, move |tx| tenants::insert(tx, &fields)).await.id;
        let open = db.tenant("Open").await;
        for tenant in [quiet, open] {
            let anna = db.contact(tenant, "Anna Berg").await.id;
            let note = Note { text: "at the dentist".into(), expires_at: None };
            db.write(tenant, move |tx| presence_rows::set_manual(tx, anna, &by_hand(Availability::Away, None))).await;
            db.write(tenant, move |tx| presence_rows::insert_note(tx, anna, &note)).await;
        }

        for (tenant, is_told) in [(quiet, false), (open, true)] {
            let trail = db.read(move |conn| audit::list(conn, tenant, &PageRequest::default())).await.items;
            let text = trail.iter().map(|entry| entry.changes.to_string()).collect::<String>();
            assert_eq!((trail.len(), text.contains("away"), text.contains("dentist")), (3, is_told, is_told));
        }
    }

    async fn an_older_claim_never_replaces_a_newer_one(db: TestDatabase) {
        let tenant = db.tenant("Acme").await;
        let anna = db.contact(tenant, "Anna Berg").await.id;
        let now = db.clock.now();
        let version = |version| claim(anna, "desk", version, now);

        save(&db, tenant, vec![version(5), version(3)]).await;
        save(&db, tenant, vec![version(4), claim(anna, "mobile", 1, now)]).await;

        assert_eq!(kept(&db, tenant).await, [version(5), claim(anna, "mobile", 1, now)]);
        let newer = Claim { availability: Availability::Available, activity: None, ..version(6) };
        save(&db, tenant, vec![newer.clone()]).await;
        assert_eq!(kept(&db, tenant).await, [newer, claim(anna, "mobile", 1, now)]);
    }

    async fn expired_claims_are_not_kept(db: TestDatabase) {
        let tenant = db.tenant("Acme").await;
        let anna = db.contact(tenant, "Anna Berg").await.id;
        let now = db.clock.now();
        save(&db, tenant, vec![claim(anna, "desk", 1, now)]).await;

        db.clock.advance(MINUTE);
        save(&db, tenant, vec![claim(anna, "mobile", 1, now)]).await;

        assert_eq!(kept(&db, tenant).await, []);
        let later = db.clock.now();
        let purge = || db.database.write_unnumbered(move |conn| presence_rows::purge(conn, later));
        assert_eq!(purge().await.expect("purged"), 1);
        assert_eq!(purge().await.expect("purged"), 0);
    }

    async fn claims_are_kept_only_about_contacts_of_the_tenant(db: TestDatabase) {
        let (acme, other) = (db.tenant("Acme").await, db.tenant("Other").await);
        let anna = db.contact(acme, "Anna Berg").await.id;
        let now = db.clock.now();

        save(&db, other, vec![claim(anna, "desk", 1, now), claim(ContactId::new(&*db.ids), "desk", 1, now)]).await;

        assert_eq!(kept(&db, other).await, []);
        assert_eq!(kept(&db, acme).await, []);
    }

    async fn many_claims_are_kept_at_once(db: TestDatabase) {
        let tenant = db.tenant("Acme").await;
        let anna = db.contact(tenant, "Anna Berg").await.id;
        let now = db.clock.now();

        save(&db, tenant, (0..1234).map(|device| claim(anna, &device.to_string(), 1, now)).collect()).await;

        assert_eq!(kept(&db, tenant).await.len(), 1234);
    }

    async fn notes_are_kept_until_they_expire_or_are_removed(db: TestDatabase) {
        let (tenant, other) = (db.tenant("Acme").await, db.tenant("Other").await);
        let anna = db.contact(tenant, "Anna Berg").await.id;
        let now = db.clock.now();
        let write = |text: &str, expires_at| {
            let note = Note { text: text.into(), expires_at };
            db.write(tenant, move |tx| presence_rows::insert_note(tx, anna, &note))
        };
        let short = write("back at ten", Some(now.plus(MINUTE))).await.expect("a contact");
        let long = write("on parental leave", None).await.expect("a contact");

        let notes = |now| db.read(move |conn| presence_rows::notes(conn, tenant, anna, now));
        assert_eq!(notes(now).await, [short.clone(), long.clone()]);
        assert_eq!(notes(now.plus(MINUTE)).await, std::slice::from_ref(&long));
        assert_eq!(db.read(move |conn| presence_rows::notes(conn, other, anna, now)).await, []);
        let all = db.read(move |conn| presence_rows::all_notes(conn, tenant, now)).await;
        assert_eq!(all, [(anna, short), (anna, long.clone())]);
        let id = long.id;
        assert_eq!(db.write(other, move |tx| presence_rows::remove_note(tx, anna, id)).await, None);
        assert_eq!(db.write(tenant, move |tx| presence_rows::remove_note(tx, anna, id)).await, Some(()));
        assert_eq!(db.write(tenant, move |tx| presence_rows::remove_note(tx, anna, id)).await, None);
    }
}
