//! Second factors and the secrets of identity providers: what they are sealed with, and what confirms one.

use std::sync::Arc;

use directory_model::id::{IdentityProviderId, TenantId, UserId};
use directory_model::identity::IdentityProviderFields;
use directory_model::secret::Secret;
use directory_store::rekey::{Rekeyed, rekey};
use directory_store::seal::{KEY_BYTES, OpenedSecret, SealingKey};
use directory_store::{identity_providers, second_factors};
use suite::backend::TestDatabase;
use suite::on_each_backend;

use super::fixture::valid;

fn key(number: u8) -> Arc<SealingKey> {
    Arc::new(SealingKey::new(&[number; KEY_BYTES]).expect("a key"))
}

async fn begin(db: &TestDatabase, tenant: TenantId, user: UserId, key: &Arc<SealingKey>, secret: &str) {
    let (key, secret) = (Arc::clone(key), Secret::new(secret));
    db.write(tenant, move |tx| second_factors::begin(tx, &key, user, &secret)).await.expect("a user");
}

/// Whether a code of `secret` confirms the factor.
async fn is_confirmed(db: &TestDatabase, tenant: TenantId, user: UserId, key: &Arc<SealingKey>, secret: &str) -> bool {
    let (key, secret) = (Arc::clone(key), Secret::new(secret));
    let confirming = db.write(tenant, move |tx| second_factors::confirm(tx, &key, user, (&secret, 1), &[[7; 32]]));
    confirming.await.is_some()
}

async fn opened(
    db: &TestDatabase,
    (tenant, user, provider): (TenantId, UserId, IdentityProviderId),
    key: &Arc<SealingKey>,
) -> [OpenedSecret; 2] {
    let key = Arc::clone(key);
    db.read(move |conn| {
        let factor = second_factors::find(conn, &key, tenant, user)?.expect("a factor");
        let provider = identity_providers::find_open(conn, &key, provider)?.expect("a provider");
        Ok([factor.secret, provider.secret])
    })
    .await
}

on_each_backend! {
    async fn only_a_code_of_the_secret_that_was_begun_last_confirms(db: TestDatabase) {
        let (tenant, key) = (db.tenant("Acme").await, key(1));
        let anna = db.user(tenant, "anna").await.id;
        begin(&db, tenant, anna, &key, "first").await;
        begin(&db, tenant, anna, &key, "second").await;

        assert!(!is_confirmed(&db, tenant, anna, &key, "first").await, "another was begun meanwhile");
        let (used, hash) = (Arc::clone(&key), [7; 32]);
        let (factor, has_code) = db
            .read(move |conn| {
                let factor = second_factors::find(conn, &used, tenant, anna)?.expect("a factor");
                Ok((factor, second_factors::has_recovery_code(conn, tenant, anna, &hash)?))
            })
            .await;
        assert!(!factor.is_confirmed && !has_code, "nothing was kept of it");
        assert!(is_confirmed(&db, tenant, anna, &key, "second").await);
    }

    async fn a_new_key_opens_factors_and_secrets_of_providers(db: TestDatabase) {
        let (tenant, old, new) = (db.tenant("Acme").await, key(1), key(2));
        let anna = db.user(tenant, "anna").await.id;
        begin(&db, tenant, anna, &old, "factor").await;
        let fields = valid(IdentityProviderFields {
            name: "Work".into(),
            issuer: "https://id.example.com".into(),
            client_id: "switchboard".into(),
            name_claim: "preferred_username".into(),
            scopes: Vec::new(),
            is_linking_allowed: false,
            is_enabled: true,
        });
        let provider = db.write(tenant, move |tx| identity_providers::insert(tx, &fields)).await.id;
        let (with, secret) = (Arc::clone(&old), Secret::new("provider"));
        let setting = db.write(tenant, move |tx| identity_providers::set_secret(tx, &with, provider, Some(&secret)));
        setting.await.expect("a provider");

        let done = rekey(&db.database, db.origin(), Arc::clone(&old), Arc::clone(&new)).await.expect("rekeyed");
        let again = rekey(&db.database, db.origin(), Arc::clone(&old), Arc::clone(&new)).await.expect("rekeyed");

        assert_eq!((done, again), (Rekeyed { resealed: 2, unreadable: 0 }, Rekeyed::default()));
        let both = ["factor", "provider"].map(|secret| OpenedSecret::Opened(Secret::new(secret)));
        assert_eq!(opened(&db, (tenant, anna, provider), &new).await, both);
        assert_eq!(opened(&db, (tenant, anna, provider), &old).await, [OpenedSecret::EnterAgain, OpenedSecret::EnterAgain]);
    }
}
