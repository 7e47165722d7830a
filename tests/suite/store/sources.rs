//! Directory sources and their secrets.

use std::sync::Arc;

use directory_model::id::{SourceId, TenantId};
use directory_model::page::PageRequest;
use directory_model::secret::Secret;
use directory_model::source::{
    Connection, FileConnection, FileFormat, LdapConnection, SecretState, Source, SourceFields,
};
use directory_model::tenant::TenantFields;
use directory_model::valid::{Check, Valid};
use directory_store::error::{Conflict, StoreError};
use directory_store::rekey::{Rekeyed, rekey};
use directory_store::seal::OpenedSecret;
use directory_store::seal::{KEY_BYTES, SealingKey};
use directory_store::sources;
use directory_store::{PLATFORM, audit, tenants};
use suite::backend::TestDatabase;
use suite::on_each_backend;

fn ldap() -> LdapConnection {
    LdapConnection {
        url: "ldaps://dc1.example.com".into(),
        is_starttls: false,
        trusted_certificates: None,
        bind_dn: Some("cn=reader,dc=example,dc=com".into()),
        base_dn: "dc=example,dc=com".into(),
        filter: "(objectClass=person)".into(),
        group_filter: None,
        group_base_dn: None,
        page_size: 500,
        timeout_seconds: 30,
    }
}

fn fields(name: &str, connection: Connection) -> Valid<SourceFields> {
    let fields = SourceFields {
        name: name.into(),
        connection,
        mapping: None,
        normalize_numbers: None,
        schedule: Some("30 1 * * *".into()),
        poll_minutes: None,
        time_zone: "Europe/Berlin".into(),
        approval_threshold_percent: 10,
        change_threshold_percent: None,
        leavers: directory_model::source::Leavers::default(),
        keep_days: 30,
        presence: None,
        is_disabled: false,
    };
    fields.check().expect("valid")
}

fn key(byte: u8) -> Arc<SealingKey> {
    Arc::new(SealingKey::new(&[byte; KEY_BYTES]).expect("a key"))
}

async fn made(db: &TestDatabase, tenant: TenantId, name: &str) -> Source {
    let fields = fields(name, Connection::Ldap(ldap()));
    db.write(tenant, move |tx| sources::insert(tx, &fields)).await
}

async fn set_secret(db: &TestDatabase, tenant: TenantId, id: SourceId, key: &Arc<SealingKey>, secret: &str) {
    let (key, secret) = (key.clone(), Secret::new(secret));
    db.write(tenant, move |tx| sources::set_secret(tx, &key, id, Some(&secret))).await.expect("found");
}

async fn state(
    db: &TestDatabase,
    tenant: TenantId,
    id: SourceId,
    key: &Arc<SealingKey>,
) -> (SecretState, OpenedSecret) {
    let key = key.clone();
    db.read(move |conn| {
        let source = sources::find(conn, &key, tenant, id)?.expect("found");
        Ok((source.secret, sources::open_secret(conn, &key, tenant, id)?.expect("found")))
    })
    .await
}

on_each_backend! {
    async fn a_source_is_kept_as_it_was_made(db: TestDatabase) {
        let tenant = db.tenant("Acme").await;
        let file = Connection::File(FileConnection { path: "people.csv".into(), format: FileFormat::Csv });
        let (expected, key) = (fields("People", file), key(1));

        let fields = expected.clone();
        let made = db.write(tenant, move |tx| sources::insert(tx, &fields)).await;

        let id = made.id;
        assert_eq!((&made.fields, made.secret, made.revision), (&*expected, SecretState::Absent, 1));
        assert_eq!(db.read(move |conn| sources::find(conn, &key, tenant, id)).await, Some(made));
    }

    async fn a_source_name_is_unique_in_its_tenant(db: TestDatabase) {
        let (acme, other) = (db.tenant("Acme").await, db.tenant("Other").await);
        made(&db, acme, "Directory").await;
        made(&db, other, "Directory").await;

        let same = fields("DIRECTORY", Connection::Ldap(ldap()));
        let refusal = db.try_write(acme, move |tx| sources::insert(tx, &same)).await;

        assert!(matches!(refusal, Err(StoreError::Conflict(Conflict::Name { field: "name", .. }))));
    }

    async fn a_secret_opens_with_its_key_and_asks_to_be_entered_again_without(db: TestDatabase) {
        let tenant = db.tenant("Acme").await;
        let id = made(&db, tenant, "Directory").await.id;
        assert_eq!(state(&db, tenant, id, &key(1)).await, (SecretState::Absent, OpenedSecret::Absent));

        set_secret(&db, tenant, id, &key(1), "s3cret").await;

        let opened = OpenedSecret::Opened(Secret::new("s3cret"));
        assert_eq!(state(&db, tenant, id, &key(1)).await, (SecretState::Present, opened));
        assert_eq!(state(&db, tenant, id, &key(2)).await, (SecretState::EnterAgain, OpenedSecret::EnterAgain));
        let key = key(1);
        let forgotten = {
            let key = key.clone();
            db.write(tenant, move |tx| sources::set_secret(tx, &key, id, None)).await
        };
        assert_eq!(forgotten, Some(()));
        assert_eq!(state(&db, tenant, id, &key).await.0, SecretState::Absent);
    }

    async fn a_secret_is_nowhere_in_the_audit_trail(db: TestDatabase) {
        let tenant = db.tenant("Acme").await;
        let id = made(&db, tenant, "Directory").await.id;
        set_secret(&db, tenant, id, &key(1), "s3cret").await;

        let trail = db.read(move |conn| audit::list(conn, tenant, &PageRequest::default())).await.items;

        assert!(trail.iter().any(|entry| entry.changes.get("secret").is_some()));
        assert!(trail.iter().all(|entry| !entry.changes.to_string().contains("s3cret")));
    }

    async fn a_secret_is_not_sent_to_another_place_than_it_was_entered_for(db: TestDatabase) {
        let tenant = db.tenant("Acme").await;
        let id = made(&db, tenant, "Directory").await.id;
        set_secret(&db, tenant, id, &key(1), "s3cret").await;
        let change = |name: &'static str, revision, connection| {
            let (fields, key) = (fields(name, Connection::Ldap(connection)), key(1));
            db.write(tenant, move |tx| sources::update(tx, &key, id, revision, &fields))
        };

        let renamed = change("Head office", 1, LdapConnection { page_size: 100, ..ldap() }).await.expect("found");
        let moved = change("Head office", 2, LdapConnection { url: "ldaps://evil.example".into(), ..ldap() }).await;

        assert_eq!((renamed.secret, renamed.fields.name.as_str()), (SecretState::Present, "Head office"));
        assert_eq!(moved.expect("found").secret, SecretState::Absent);
    }

    async fn sources_of_another_tenant_are_missing(db: TestDatabase) {
        let (acme, other) = (db.tenant("Acme").await, db.tenant("Other").await);
        let id = made(&db, acme, "Directory").await.id;
        let key = key(1);

        let (one, two, three) = (key.clone(), key.clone(), key.clone());
        assert_eq!(db.read(move |conn| sources::find(conn, &one, other, id)).await, None);
        assert_eq!(db.read(move |conn| sources::open_secret(conn, &two, other, id)).await, None);
        assert_eq!(db.read(move |conn| sources::list(conn, &three, other, &PageRequest::default())).await.items, []);
        let renamed = fields("Mine", Connection::Ldap(ldap()));
        let one = key.clone();
        assert_eq!(db.write(other, move |tx| sources::update(tx, &one, id, 1, &renamed)).await, None);
        assert_eq!(db.write(other, move |tx| sources::set_secret(tx, &key, id, None)).await, None);
        assert_eq!(db.write(other, move |tx| sources::remove(tx, id, None)).await, None);
    }

    async fn a_stale_change_of_a_source_is_refused(db: TestDatabase) {
        let tenant = db.tenant("Acme").await;
        let id = made(&db, tenant, "Directory").await.id;
        let renamed = fields("Other", Connection::Ldap(ldap()));
        let key = key(1);

        let stale = db.try_write(tenant, move |tx| sources::update(tx, &key, id, 7, &renamed)).await;

        assert!(matches!(stale, Err(StoreError::Stale)));
        assert!(matches!(db.try_write(tenant, move |tx| sources::remove(tx, id, Some(7))).await, Err(StoreError::Stale)));
        assert_eq!(db.write(tenant, move |tx| sources::remove(tx, id, Some(1))).await, Some(()));
    }

    async fn only_sources_that_may_run_are_scheduled(db: TestDatabase) {
        let (acme, off) = (db.tenant("Acme").await, db.tenant("Off").await);
        let running = made(&db, acme, "Directory").await;
        made(&db, off, "Directory").await;
        let paused = SourceFields { is_disabled: true, ..fields("Paused", Connection::Ldap(ldap())).into_inner() };
        let paused = paused.check().expect("valid");
        db.write(acme, move |tx| sources::insert(tx, &paused)).await;
        let disabled = TenantFields { name: "Off".into(), is_disabled: true, ..TenantFields::default() };
        let disabled = disabled.check().expect("valid");
        db.write(PLATFORM, move |tx| tenants::update(tx, off, 1, &disabled)).await;

        let key = key(1);
        let scheduled = db.read(move |conn| sources::all_enabled(conn, &key)).await;

        assert_eq!(scheduled, [(acme, running)]);
    }

    async fn a_new_key_opens_what_the_old_one_opened(db: TestDatabase) {
        let (acme, other) = (db.tenant("Acme").await, db.tenant("Other").await);
        let (old, new, lost) = (key(1), key(2), key(3));
        let ids = [made(&db, acme, "One").await.id, made(&db, acme, "Two").await.id];
        let far = made(&db, other, "Far").await.id;
        set_secret(&db, acme, ids[0], &old, "one").await;
        set_secret(&db, acme, ids[1], &lost, "two").await;
        set_secret(&db, other, far, &old, "far").await;

        let done = rekey(&db.database, db.origin(), old.clone(), new.clone()).await.expect("rekeyed");
        let again = rekey(&db.database, db.origin(), old.clone(), new.clone()).await.expect("rekeyed");

        assert_eq!(done, Rekeyed { resealed: 2, unreadable: 1 });
        assert_eq!(again, Rekeyed { resealed: 0, unreadable: 1 });
        assert_eq!(state(&db, acme, ids[0], &new).await.1, OpenedSecret::Opened(Secret::new("one")));
        assert_eq!(state(&db, acme, ids[0], &old).await.0, SecretState::EnterAgain);
        assert_eq!(state(&db, acme, ids[1], &lost).await.1, OpenedSecret::Opened(Secret::new("two")));
        assert_eq!(state(&db, other, far, &new).await.1, OpenedSecret::Opened(Secret::new("far")));
    }
}
