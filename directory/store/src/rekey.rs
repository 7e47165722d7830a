//! Changing the key that secrets are sealed with.

use std::sync::Arc;

use diesel::prelude::*;
use directory_model::audit::Origin;

use crate::column::Column;
use crate::database::Database;
use crate::error::StoreResult;
use crate::schema::tenants;
use crate::seal::SealingKey;
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
            Ok(each.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1)))
        });
        let written = written.await?;
        let (resealed, unreadable) = written.unwrap_or_default();
        done.resealed += resealed;
        done.unreadable += unreadable;
    }
    Ok(done)
}
