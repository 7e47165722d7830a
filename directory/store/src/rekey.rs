//! Changing the key that secrets are sealed with.

use std::sync::Arc;

use diesel::prelude::*;
use directory_model::audit::{Act, Origin};
use directory_model::change::ObjectKind;
use directory_model::id::TenantId;
use serde_json::json;

use crate::column::Column;
use crate::database::Database;
use crate::error::StoreResult;
use crate::schema::tenants;
use crate::seal::{Place, SealingKey};
use crate::tx::Tx;
use crate::{alerts, identity_providers, second_factors, sources};

/// What became of the secrets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rekeyed {
    /// Sealed with the new key.
    pub resealed: u64,
    /// Could not be opened with the old key and must be entered again.
    pub unreadable: u64,
}

/// Seals every secret of every tenant with `new` instead of `old`. May be repeated after it was
/// interrupted: a secret that is sealed with `new` is left alone.
pub async fn rekey(
    database: &Database,
    origin: Origin,
    old: Arc<SealingKey>,
    new: Arc<SealingKey>,
) -> StoreResult<Rekeyed> {
    let owners = database.read(|conn| {
        let ids: Vec<String> = tenants::table.select(tenants::public_id).order(tenants::id.asc()).load(conn)?;
        ids.iter().map(|id| Column("tenants", "public_id").id(id)).collect::<StoreResult<Vec<_>>>()
    });
    let mut done = Rekeyed::default();
    for tenant in owners.await? {
        let (old, new) = (Arc::clone(&old), Arc::clone(&new));
        // `None` when the tenant was removed meanwhile, and its secrets with it.
        let written = database.write(tenant, origin, move |tx| {
            let each = [
                sources::reseal(tx, &old, &new)?,
                alerts::reseal(tx, &old, &new)?,
                second_factors::reseal(tx, &old, &new)?,
                identity_providers::reseal(tx, &old, &new)?,
            ];
            Ok(each)
        });
        for each in written.await?.into_iter().flatten() {
            done.resealed += each.resealed;
            done.unreadable += each.unreadable;
        }
    }
    Ok(done)
}

/// What is kept in one row: its key, the public identity of its object, and the envelope.
pub(crate) type Kept = (i64, String, String);
/// Whose secret it is, as what its change is recorded, and where it is sealed for.
pub(crate) type Sealed = (ObjectKind, &'static str, for<'a> fn(TenantId, &'a str) -> Place<'a>);

/// Seals what is kept with `new` instead of `old`. What is sealed with `new` already is left alone.
pub(crate) fn reseal_all(
    tx: &mut Tx<'_>,
    (old, new): (&SealingKey, &SealingKey),
    (kind, field, place): Sealed,
    kept: Vec<Kept>,
    set: impl Fn(&mut Tx<'_>, i64, String) -> StoreResult<()>,
) -> StoreResult<Rekeyed> {
    let mut done = Rekeyed::default();
    for (row_key, public_id, envelope) in kept.into_iter().filter(|(_, _, envelope)| !new.sealed(envelope)) {
        let Some(secret) = old.open(place(tx.tenant, &public_id), &envelope) else {
            done.unreadable += 1;
            continue;
        };
        let envelope = new.seal(place(tx.tenant, &public_id), &secret)?;
        set(tx, row_key, envelope)?;
        tx.audit(Act::Rotate, kind, &public_id, &json!({ field: ["***", "***"] }))?;
        done.resealed += 1;
    }
    Ok(done)
}
