//! Presence that outlives a restart, and notes.

use std::time::Duration;

use directory_model::clock::Clock;
use directory_model::id::{ContactId, TenantId};
use directory_model::invalid::Rule;
use directory_model::page::PageRequest;
use directory_model::presence::custom::CustomStateFields;
use directory_model::presence::rules::{ManualReset, PresenceRules};
use directory_model::presence::{Activity, Availability, Claim, ClaimKind, MAX_NOTES, Note, NoteKind};
use directory_model::tenant::TenantFields;
use directory_model::timestamp::Timestamp;
use directory_model::valid::Check;
use directory_store::error::StoreError;
use directory_store::presence_rows::{self, ManualPresence};
use directory_store::{PLATFORM, audit, custom_states, presence_rules, tenants};
use serde_json::json;
use suite::backend::TestDatabase;
use suite::on_each_backend;

const MINUTE: Duration = Duration::from_mins(1);

fn by_hand(availability: Availability, expires_at: Option<Timestamp>) -> ManualPresence {
    ManualPresence {
        availability,
        custom_state: None,
        activity: Some(Activity::InAMeeting),
        is_out_of_office: true,
        custom: Some("Coffee break".into()),
        expires_at,
    }
}

fn personal(text: &str, expires_at: Option<Timestamp>) -> Note {
    Note { text: text.into(), kind: NoteKind::Personal, source: "manual".into(), expires_at }
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
        is_tentative: true,
        is_ringing: false,
        is_repeated: true,
        custom: None,
        since: now,
        heard_at: now,
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
            let note = personal("at the dentist", None);
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

    async fn claims_that_nobody_remembers_are_not_kept(db: TestDatabase) {
        let tenant = db.tenant("Acme").await;
        let anna = db.contact(tenant, "Anna Berg").await.id;
        let now = db.clock.now();
        save(&db, tenant, vec![claim(anna, "desk", 1, now)]).await;

        db.clock.advance(MINUTE);
        assert_eq!(kept(&db, tenant).await.len(), 1, "it is remembered as a last word");
        db.clock.advance(24 * 60 * MINUTE);
        save(&db, tenant, vec![claim(anna, "mobile", 1, now)]).await;

        assert_eq!(kept(&db, tenant).await, []);
        let later = db.clock.now();
        let purge = || db.database.write_unnumbered(move |conn| presence_rows::purge(conn, later));
        assert_eq!(purge().await.expect("purged"), 1);
        assert_eq!(purge().await.expect("purged"), 0);
    }

    async fn what_was_heard_later_or_ends_earlier_is_kept_instead(db: TestDatabase) {
        let tenant = db.tenant("Acme").await;
        let anna = db.contact(tenant, "Anna Berg").await.id;
        let now = db.clock.now();
        let first = claim(anna, "desk", 5, now);
        let lost = Claim { expires_at: Some(now.plus(MINUTE / 2)), ..first.clone() };
        let anew = claim(anna, "desk", 0, now.plus(MINUTE));

        for held in [first, lost, anew] {
            save(&db, tenant, vec![held.clone()]).await;
            assert_eq!(kept(&db, tenant).await, [held]);
        }
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
            let note = personal(text, expires_at);
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

    async fn a_contact_has_twenty_notes_at_most_and_each_can_be_changed(db: TestDatabase) {
        let (tenant, other) = (db.tenant("Acme").await, db.tenant("Other").await);
        let anna = db.contact(tenant, "Anna Berg").await.id;
        let write = |note: Note| {
            let writing = move |tx: &mut directory_store::tx::Tx<'_>| presence_rows::insert_note(tx, anna, &note);
            db.database.write(tenant, db.origin(), writing)
        };
        let appointment = Note { kind: NoteKind::Appointment, source: "calendar".into(), ..personal("10:00 Board", None) };
        let first = write(appointment).await.expect("written").expect("a tenant").expect("a contact");
        for _ in 1..MAX_NOTES {
            write(personal("note", None)).await.expect("written");
        }
        let refused = write(personal("one too many", None)).await.expect_err("refused");
        assert!(matches!(refused, StoreError::Refused(refused) if matches!(refused[0].rule, Rule::TooLong { max: 20, .. })));

        let later = personal("11:00 Board", Some(db.clock.now().plus(MINUTE)));
        let (id, change) = (first.id, later.clone());
        let elsewhere = later.clone();
        assert_eq!(db.write(other, move |tx| presence_rows::update_note(tx, anna, id, &elsewhere)).await, None);
        let changed = db.write(tenant, move |tx| presence_rows::update_note(tx, anna, id, &change)).await;
        let note = Note { source: "calendar".into(), ..later };
        assert_eq!(changed, Some(presence_rows::KeptNote { note, ..first }));
        let now = db.clock.now();
        let notes = db.read(move |conn| presence_rows::notes(conn, tenant, anna, now)).await;
        assert_eq!(Some(&notes[0]), changed.as_ref());
        // One that has expired makes room.
        db.clock.advance(MINUTE);
        write(personal("at last", None)).await.expect("written");
    }

    async fn who_is_out_of_office_is_marked_beside_the_state(db: TestDatabase) {
        let (tenant, other) = (db.tenant("Acme").await, db.tenant("Other").await);
        let anna = db.contact(tenant, "Anna Berg").await.id;
        let end = db.clock.now().plus(MINUTE);
        let own = ManualPresence { is_out_of_office: false, ..by_hand(Availability::Busy, None) };
        db.write(tenant, move |tx| presence_rows::set_manual(tx, anna, &own)).await;

        assert_eq!(db.write(other, move |tx| presence_rows::set_out_of_office(tx, anna, None)).await, None);
        let mark = db.write(tenant, move |tx| presence_rows::set_out_of_office(tx, anna, Some(end))).await;
        let mark = mark.expect("a contact");

        assert!(mark.is_out_of_office && mark.is_mark());
        let stored = |now| db.read(move |conn| presence_rows::stored(conn, tenant, anna, now));
        let states = |claims: Vec<Claim>| claims.iter().map(|claim| claim.availability).collect::<Vec<_>>();
        assert_eq!(states(stored(db.clock.now()).await), [Availability::Busy, Availability::Unknown]);
        assert_eq!(states(stored(end).await), [Availability::Busy]);
        let all = |now| db.read(move |conn| presence_rows::all_out_of_office(conn, tenant, now));
        assert_eq!((all(db.clock.now()).await, all(end).await.len()), (vec![mark], 0));
        assert_eq!(db.write(tenant, move |tx| presence_rows::remove_out_of_office(tx, anna)).await, Some(()));
        assert_eq!(db.write(tenant, move |tx| presence_rows::remove_out_of_office(tx, anna)).await, None);
    }

    async fn a_mark_that_is_over_is_forgotten_and_another_is_not(db: TestDatabase) {
        let tenant = db.tenant("Acme").await;
        let (anna, ben) = (db.contact(tenant, "anna").await.id, db.contact(tenant, "ben").await.id);
        let until = db.clock.now().plus(MINUTE);
        for (contact, until) in [(anna, Some(until)), (ben, None)] {
            db.write(tenant, move |tx| presence_rows::set_out_of_office(tx, contact, until)).await.expect("marked");
        }

        for (later, forgotten) in [(Duration::ZERO, 0), (MINUTE, 1), (MINUTE, 0)] {
            db.clock.advance(later);
            let now = db.clock.now();
            let purged = db.database.write_unnumbered(move |conn| presence_rows::purge(conn, now)).await;
            assert_eq!(purged.expect("purged"), forgotten);
        }

        let marked = |contact| db.read(move |conn| presence_rows::out_of_office(conn, tenant, contact));
        assert_eq!((marked(anna).await, marked(ben).await.is_some()), (None, true));
    }

    async fn only_the_very_word_that_was_taken_back_ends(db: TestDatabase) {
        let tenant = db.tenant("Acme").await;
        let anna = db.contact(tenant, "Anna Berg").await.id;
        let set = || {
            let manual = by_hand(Availability::Away, None);
            db.write(tenant, move |tx| presence_rows::set_manual(tx, anna, &manual))
        };
        let first = set().await.expect("a contact");
        db.clock.advance(MINUTE);
        let second = set().await.expect("a contact");
        let end = |claim: &Claim| {
            let (version, since) = (claim.version, claim.since);
            db.write(tenant, move |tx| presence_rows::end_manual(tx, anna, version, since))
        };

        end(&first).await;
        assert_eq!(db.read(move |conn| presence_rows::manual(conn, tenant, anna)).await, Some(second.clone()));
        end(&second).await;
        assert_eq!(db.read(move |conn| presence_rows::manual(conn, tenant, anna)).await, None);
    }

    async fn rules_are_the_default_until_they_are_set_and_never_overwritten_blindly(db: TestDatabase) {
        let (tenant, other) = (db.tenant("Acme").await, db.tenant("Other").await);
        let rules = PresenceRules { manual_resets: [ManualReset::SignOut].into(), ..PresenceRules::default() };
        let set = |revision, rules: PresenceRules| {
            let rules = rules.check().expect("valid");
            let setting = move |tx: &mut directory_store::tx::Tx<'_>| presence_rules::set(tx, revision, &rules);
            db.database.write(tenant, db.origin(), setting)
        };
        let find = |tenant| db.read(move |conn| presence_rules::find(conn, tenant));

        assert_eq!(find(tenant).await, presence_rules::KeptRules::default());
        let kept = set(0, rules.clone()).await.expect("set").expect("a tenant");
        assert_eq!((kept.revision, kept.updated_at, &kept.rules), (1, Some(db.clock.now()), &rules));
        assert!(matches!(set(0, PresenceRules::default()).await, Err(StoreError::Stale)));
        assert_eq!(set(1, rules).await.expect("set").expect("a tenant").revision, 1, "nothing changed");
        assert_eq!((find(tenant).await, find(other).await), (kept, presence_rules::KeptRules::default()));
        let trail = db.read(move |conn| audit::list(conn, tenant, &PageRequest::default())).await.items;
        assert!(trail.iter().any(|entry| entry.changes == json!({"manual_resets": [[], ["sign_out"]]})), "{trail:?}");
    }

    async fn a_tenants_named_states_are_its_own(db: TestDatabase) {
        let (tenant, other) = (db.tenant("Acme").await, db.tenant("Other").await);
        let anna = db.contact(tenant, "Anna Berg").await.id;
        let fields = |name: &str, availability| {
            let labels = [("de".to_owned(), "Kaffeepause".to_owned())].into();
            let activity = Some(Activity::OffWork);
            CustomStateFields { name: name.into(), availability, activity, labels }.check().expect("valid")
        };
        let make = |tenant, name: &str| {
            let fields = fields(name, Availability::BeRightBack);
            db.database.write(tenant, db.origin(), move |tx| custom_states::insert(tx, &fields))
        };
        let state = make(tenant, "Coffee break").await.expect("made").expect("a tenant");
        assert!(matches!(make(tenant, "COFFEE BREAK").await, Err(StoreError::Conflict(_))));
        make(other, "Coffee break").await.expect("another tenant's name");

        let choose = |tenant, contact| {
            let chosen = ManualPresence { custom_state: Some(state.id), custom: None, activity: None, ..by_hand(Availability::Unknown, None) };
            db.database.write(tenant, db.origin(), move |tx| presence_rows::set_manual(tx, contact, &chosen))
        };
        let word = choose(tenant, anna).await.expect("set").expect("a tenant").expect("a contact");
        assert_eq!((word.availability, word.activity), (Availability::BeRightBack, Some(Activity::OffWork)));
        assert_eq!(word.custom.as_deref(), Some("Coffee break"));
        let stranger = db.contact(other, "Otto").await.id;
        assert!(matches!(choose(other, stranger).await, Err(StoreError::Refused(_))));

        let (id, changed) = (state.id, fields("Tea", Availability::Away));
        let renamed = db.write(tenant, move |tx| custom_states::update(tx, id, 1, &changed)).await.expect("there");
        assert_eq!((renamed.fields.name.as_str(), renamed.revision), ("Tea", 2));
        assert_eq!(db.read(move |conn| presence_rows::manual(conn, tenant, anna)).await, Some(word));
        assert_eq!(db.read(move |conn| custom_states::all(conn, tenant)).await, std::slice::from_ref(&renamed));
        assert_eq!(db.read(move |conn| custom_states::list(conn, tenant, &PageRequest::default())).await.items, [renamed]);
        assert_eq!(db.write(other, move |tx| custom_states::remove(tx, id, None)).await, None);
        assert_eq!(db.write(tenant, move |tx| custom_states::remove(tx, id, Some(2))).await, Some(()));
        assert_eq!(db.read(move |conn| custom_states::find(conn, tenant, id)).await, None);
    }
}
