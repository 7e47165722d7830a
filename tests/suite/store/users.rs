//! Users, their grants, and the set-up link.

use std::time::Duration;

use directory_model::audit::Act;
use directory_model::id::{CountedIds, GrantId, SiteId, UserId};
use directory_model::page::PageRequest;
use directory_model::profile::client::ClientProfileName;
use directory_model::rights::{Role, Scope, ScopeKind};
use directory_model::text::search_words;
use directory_model::user::UserFields;
use directory_model::valid::{Check, Valid};
use directory_store::error::{Conflict, StoreError};
use directory_store::grants::Which;
use directory_store::{PLATFORM, audit, grants, setup, users};
use suite::on_each_backend;

fn named(name: &str) -> Valid<UserFields> {
    UserFields { name: name.into(), ..UserFields::default() }.check().expect("valid")
}

on_each_backend! {
    async fn a_user_is_kept_as_it_was_made(db: TestDatabase) {
        let tenant = db.tenant("Acme").await;
        let contact = db.contact(tenant, "Anna Berg").await.id;
        let fields = UserFields {
            name: "Anna".into(),
            upn: Some("anna@corp.example".into()),
            first_name: Some("Anna".into()),
            last_name: Some("Berg".into()),
            mail: Some("anna@example.com".into()),
            contact: Some(contact),
            is_disabled: true,
            is_client_allowed: true,
            client_profile: ClientProfileName::Default,
        };
        let fields = fields.check().expect("valid");

        let expected = fields.clone();
        let made = db.write(tenant, move |tx| users::insert(tx, &fields)).await;

        let id = made.id;
        assert_eq!(made.fields, *expected);
        assert_eq!((made.has_password, made.signed_in_at, made.revision), (false, None, 1));
        assert_eq!(db.read(move |conn| users::find(conn, tenant, id)).await, Some(made));
    }

    async fn a_user_name_is_unique_in_its_tenant_when_folded(db: TestDatabase) {
        let (acme, other) = (db.tenant("Acme").await, db.tenant("Other").await);
        let anna = db.user(acme, "Änna").await;
        let ben = db.user(acme, "Ben").await;
        db.user(other, "anna").await;

        let taken = db.try_write(acme, |tx| users::insert(tx, &named("ANNA"))).await;
        let renamed = db.try_write(acme, move |tx| users::update(tx, ben.id, 1, &named("anna"))).await;
        let same = db.try_write(acme, move |tx| users::update(tx, anna.id, 1, &named("Anna"))).await;

        let is_taken = |refusal| matches!(refusal, Some(StoreError::Conflict(Conflict::Name { field: "name", .. })));
        assert!(is_taken(taken.err()));
        assert!(is_taken(renamed.err()));
        assert_eq!(same.expect("its own name").expect("found").revision, 2);
    }

    async fn a_user_cannot_be_the_contact_of_another_tenant(db: TestDatabase) {
        let (acme, other) = (db.tenant("Acme").await, db.tenant("Other").await);
        let stranger = db.contact(other, "Anna Berg").await.id;
        let fields = UserFields { contact: Some(stranger), ..named("anna").into_inner() }.check().expect("valid");

        let refusal = db.try_write(acme, move |tx| users::insert(tx, &fields)).await;

        assert!(matches!(refusal, Err(StoreError::Refused(fields)) if fields[0].field == "contact"));
    }

    async fn users_of_another_tenant_are_missing(db: TestDatabase) {
        let (acme, other) = (db.tenant("Acme").await, db.tenant("Other").await);
        let id = db.user(acme, "anna").await.id;

        assert_eq!(db.read(move |conn| users::find(conn, other, id)).await, None);
        assert_eq!(db.write(other, move |tx| users::update(tx, id, 1, &named("x1"))).await, None);
        assert_eq!(db.write(other, move |tx| users::remove(tx, id, None)).await, None);
        assert_eq!(db.write(other, move |tx| users::set_password_hash(tx, id, "hash")).await, None);
        assert_eq!(db.write(other, move |tx| grants::insert(tx, id, Role::Tenant, Scope::Platform)).await, None);
        assert_eq!(db.read(move |conn| users::list(conn, other, &PageRequest::default())).await.items, []);
        assert!(db.read(move |conn| users::find(conn, acme, id)).await.is_some());
    }

    async fn a_stale_change_of_a_user_is_refused(db: TestDatabase) {
        let tenant = db.tenant("Acme").await;
        let id = db.user(tenant, "anna").await.id;
        db.write(tenant, move |tx| users::update(tx, id, 1, &named("anne"))).await;

        let update = db.try_write(tenant, move |tx| users::update(tx, id, 1, &named("annie"))).await;
        let remove = db.try_write(tenant, move |tx| users::remove(tx, id, Some(1))).await;

        assert!(matches!(update, Err(StoreError::Stale)));
        assert!(matches!(remove, Err(StoreError::Stale)));
        assert_eq!(db.write(tenant, move |tx| users::remove(tx, id, Some(2))).await, Some(()));
    }

    async fn users_are_listed_by_name_and_found_by_every_word(db: TestDatabase) {
        let tenant = db.tenant("Acme").await;
        for name in ["carl", "Ärne", "bob", "arne berg"] {
            db.user(tenant, name).await;
        }
        let names = |page: directory_model::page::Page<directory_model::user::User>| {
            page.items.into_iter().map(|user| user.fields.name).collect::<Vec<_>>()
        };

        let two = PageRequest { limit: Some(2), ..PageRequest::default() };
        let first = db.read(move |conn| users::list(conn, tenant, &two)).await;
        let after = PageRequest { after: first.next.clone(), ..PageRequest::default() };
        let rest = db.read(move |conn| users::list(conn, tenant, &after)).await;
        let search = PageRequest { words: search_words("BERG arn"), ..PageRequest::default() };
        let found = db.read(move |conn| users::list(conn, tenant, &search)).await;

        assert_eq!(names(first), ["Ärne", "arne berg"]);
        assert_eq!(rest.next, None);
        assert_eq!(names(rest), ["bob", "carl"]);
        assert_eq!(names(found), ["arne berg"]);
    }

    async fn signing_in_finds_the_user_of_the_named_tenant(db: TestDatabase) {
        let (acme, other) = (db.tenant("Acme").await, db.tenant("Other").await);
        let anna = db.user(acme, "Anna").await;
        db.user(other, "Anna").await;
        let root = db.user(PLATFORM, "root").await;
        db.write(acme, move |tx| users::set_password_hash(tx, anna.id, "$argon2id$x")).await.expect("found");

        let found = db.read(|conn| users::find_sign_in(conn, Some("ACME"), "anna")).await.expect("found");
        let platform = db.read(|conn| users::find_sign_in(conn, None, "Root")).await.expect("found");

        assert_eq!((found.tenant, found.user.id, found.is_tenant_disabled), (acme, anna.id, false));
        assert_eq!((found.password_hash.as_deref(), found.user.has_password), (Some("$argon2id$x"), true));
        assert_eq!((platform.tenant, platform.user.id, platform.password_hash), (PLATFORM, root.id, None));
        for (tenant, name) in [(Some("Acme"), "root"), (None, "anna"), (Some(""), "root"), (Some("nobody"), "anna")] {
            assert_eq!(db.read(move |conn| users::find_sign_in(conn, tenant, name)).await, None, "{tenant:?} {name}");
        }
    }

    async fn the_audit_trail_says_that_a_password_changed_and_not_to_what(db: TestDatabase) {
        let tenant = db.tenant("Acme").await;
        let id = db.user(tenant, "anna").await.id;
        db.write(tenant, move |tx| users::set_password_hash(tx, id, "$argon2id$secret")).await;

        let trail = db.read(move |conn| audit::list(conn, tenant, &PageRequest::default())).await.items;

        assert_eq!((trail[0].act, trail[0].object.as_str()), (Act::Rotate, id.to_string().as_str()));
        assert!(!trail[0].changes.to_string().contains("argon2id"));
    }

    async fn a_grant_is_given_once_and_goes_with_its_user(db: TestDatabase) {
        let tenant = db.tenant("Acme").await;
        let (anna, ben) = (db.user(tenant, "anna").await.id, db.user(tenant, "ben").await.id);
        let site = Scope::Site(SiteId::new(&CountedIds::default()));

        let mut given = Vec::new();
        for (user, role, scope) in
            [(anna, Role::Tenant, Scope::Tenant(tenant)), (anna, Role::Site, site), (ben, Role::Platform, Scope::Platform)]
        {
            given.push(db.write(tenant, move |tx| grants::insert(tx, user, role, scope)).await.expect("a user"));
        }
        let again = db.try_write(tenant, move |tx| grants::insert(tx, ben, Role::Platform, Scope::Platform)).await;

        assert!(matches!(again, Err(StoreError::Conflict(_))));
        let listed = db.read(move |conn| grants::list(conn, tenant, Which::default(), &PageRequest::default())).await;
        assert_eq!(listed.items, given);
        let on_sites = Which { user: None, on: Some(ScopeKind::Site) };
        let listed = db.read(move |conn| grants::list(conn, tenant, on_sites, &PageRequest::default())).await;
        assert_eq!(listed.items, given[1..2]);
        assert_eq!(db.read(move |conn| grants::of_user(conn, tenant, anna)).await, given[..2]);
        let first = given[0].id;
        assert_eq!(db.read(move |conn| grants::find(conn, tenant, first)).await.as_ref(), Some(&given[0]));
        assert_eq!(db.write(PLATFORM, move |tx| grants::remove(tx, first)).await, None);
        assert_eq!(db.write(tenant, move |tx| grants::remove(tx, first)).await, Some(()));
        db.write(tenant, move |tx| users::remove(tx, anna, None)).await;
        let page = PageRequest { limit: Some(1), ..PageRequest::default() };
        let left = db.read(move |conn| grants::list(conn, tenant, Which::default(), &page)).await;
        assert_eq!((left.items.as_slice(), left.next), (&given[2..], None));
    }

    async fn grants_come_in_pages_and_of_one_user(db: TestDatabase) {
        let tenant = db.tenant("Acme").await;
        let (anna, nobody) = (db.user(tenant, "anna").await.id, UserId::new(&*db.ids));
        for role in Role::ALL {
            db.write(tenant, move |tx| grants::insert(tx, anna, role, Scope::Tenant(tenant))).await;
        }

        let of = |user| Which { user: Some(user), on: None };
        let mut seen = Vec::new();
        let mut page = PageRequest { limit: Some(4), ..PageRequest::default() };
        loop {
            let request = page.clone();
            let found = db.read(move |conn| grants::list(conn, tenant, of(anna), &request)).await;
            seen.extend(found.items.into_iter().map(|grant| grant.role));
            page.after = found.next;
            if page.after.is_none() {
                break;
            }
        }

        assert_eq!(seen, Role::ALL);
        let none = db.read(move |conn| grants::list(conn, tenant, of(nobody), &PageRequest::default())).await;
        assert_eq!(none.items, []);
        let unknown = GrantId::new(&*db.ids);
        assert_eq!(db.read(move |conn| grants::find(conn, tenant, unknown)).await, None);
    }

    async fn a_setup_link_is_used_once_in_time(db: TestDatabase) {
        let now = db.origin().at;
        let soon = now.plus(Duration::from_hours(1));
        let offered = |hash: [u8; 32]| db.database.write_unnumbered(move |conn| setup::offer(conn, &hash, now, soon));
        let consume = |hash: [u8; 32], at| db.database.write_unnumbered(move |conn| setup::consume(conn, &hash, at));
        offered([1; 32]).await.expect("offered");
        offered([2; 32]).await.expect("offered");

        assert!(!consume([1; 32], now).await.expect("replaced"));
        assert!(!consume([2; 32], soon).await.expect("too late"));
        assert!(db.read(move |conn| setup::is_open(conn, now)).await);
        assert!(consume([2; 32], now).await.expect("in time"));
        assert!(!consume([2; 32], now).await.expect("used up"));
        assert!(!db.read(move |conn| setup::is_open(conn, now)).await);
    }

    async fn a_setup_link_stays_open_when_the_user_is_refused(db: TestDatabase) {
        let now = db.origin().at;
        let soon = now.plus(Duration::from_hours(1));
        db.database.write_unnumbered(move |conn| setup::offer(conn, &[1; 32], now, soon)).await.expect("offered");
        db.user(PLATFORM, "root").await;

        let refused = db.try_write(PLATFORM, move |tx| {
            assert!(setup::consume(tx.conn, &[1; 32], now)?);
            users::insert(tx, &named("root"))
        });

        assert!(refused.await.is_err());
        assert!(db.read(move |conn| setup::is_open(conn, now)).await);
    }

    async fn of_two_who_use_a_setup_link_at_once_one_succeeds(db: TestDatabase) {
        let now = db.origin().at;
        let soon = now.plus(Duration::from_hours(1));
        db.database.write_unnumbered(move |conn| setup::offer(conn, &[1; 32], now, soon)).await.expect("offered");
        let attempt = || db.database.write_unnumbered(move |conn| setup::consume(conn, &[1; 32], now));

        let (one, other, third) = tokio::join!(attempt(), attempt(), attempt());

        let successes = [one, other, third].into_iter().filter(|result| matches!(result, Ok(true))).count();
        assert_eq!(successes, 1);
    }
}
