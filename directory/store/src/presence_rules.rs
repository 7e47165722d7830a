//! How a tenant's claims become presence.

use diesel::prelude::*;
use directory_model::audit::Act;
use directory_model::change::ObjectKind;
use directory_model::id::TenantId;
use directory_model::presence::rules::PresenceRules;
use directory_model::timestamp::Timestamp;
use directory_model::valid::Valid;

use crate::column::{Column, difference, moment};
use crate::connection::Connection;
use crate::error::{StoreError, StoreResult};
use crate::schema::{presence_rules, tenants};
use crate::tx::Tx;

const RULES: Column = Column("presence_rules", "rules");

/// A tenant's rules as they are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeptRules {
    /// The rules.
    pub rules: PresenceRules,
    /// How often they have changed; the entity tag. Zero for the default.
    pub revision: i64,
    /// When they last changed; never for the default.
    pub updated_at: Option<Timestamp>,
}

/// The tenant's rules, or the default.
pub fn find(conn: &mut Connection, tenant: TenantId) -> StoreResult<KeptRules> {
    let row: Option<(String, i64, i64)> = presence_rules::table
        .inner_join(tenants::table.on(tenants::id.eq(presence_rules::tenant_id)))
        .select((presence_rules::rules, presence_rules::revision, presence_rules::updated_at))
        .filter(tenants::public_id.eq(tenant.to_string()))
        .first(conn)
        .optional()?;
    let Some((rules, revision, updated_at)) = row else { return Ok(KeptRules::default()) };
    Ok(KeptRules { rules: RULES.json(&rules)?, revision, updated_at: Some(moment(updated_at)) })
}

/// Sets the tenant's rules. Fails when they changed since `expected_revision`.
pub fn set(tx: &mut Tx<'_>, expected_revision: i64, rules: &Valid<PresenceRules>) -> StoreResult<KeptRules> {
    let old = find(tx.conn, tx.tenant)?;
    if old.revision != expected_revision {
        return Err(StoreError::Stale);
    }
    if old.rules == **rules && old.revision > 0 {
        return Ok(old);
    }
    let kept = KeptRules { rules: (**rules).clone(), revision: old.revision + 1, updated_at: Some(tx.now()) };
    diesel::delete(presence_rules::table.find(tx.tenant_key)).execute(tx.conn)?;
    diesel::insert_into(presence_rules::table)
        .values((
            presence_rules::tenant_id.eq(tx.tenant_key),
            presence_rules::rules.eq(RULES.to_json(&**rules)?),
            presence_rules::revision.eq(kept.revision),
            presence_rules::updated_at.eq(tx.now().millis()),
        ))
        .execute(tx.conn)?;
    let tenant = tx.tenant;
    tx.audit(Act::Update, ObjectKind::PresenceRules, tenant, &difference(Some(&old.rules), Some(&**rules)))?;
    Ok(kept)
}
