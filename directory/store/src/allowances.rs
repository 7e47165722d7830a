//! What people allow each other to see of their presence.

use std::collections::HashMap;

use diesel::prelude::*;
use directory_model::audit::Act;
use directory_model::change::ObjectKind;
use directory_model::id::{ContactId, TenantId};
use directory_model::invalid::Rule;
use serde_json::json;

use crate::column::Column;
use crate::connection::Connection;
use crate::error::{StoreError, StoreResult};
use crate::schema::{contacts, presence_allowances, tenants};
use crate::tx::Tx;
use crate::users::find_contact_key;

/// For how many watchers somebody may say what they see.
pub const MAX_ALLOWANCES: i64 = 1000;

/// What each owner allows `watcher`, in the numbers of levels.
pub fn of_watcher(conn: &mut Connection, tenant: TenantId, watcher: ContactId) -> StoreResult<HashMap<ContactId, i64>> {
    let (owners, watchers) = diesel::alias!(contacts as owners, contacts as watchers);
    let rows: Vec<(String, i64)> = presence_allowances::table
        .inner_join(owners.on(owners.field(contacts::id).eq(presence_allowances::owner_id)))
        .inner_join(watchers.on(watchers.field(contacts::id).eq(presence_allowances::watcher_id)))
        .inner_join(tenants::table.on(tenants::id.eq(presence_allowances::tenant_id)))
        .select((owners.field(contacts::public_id), presence_allowances::level))
        .filter(watchers.field(contacts::public_id).eq(watcher.to_string()))
        .filter(tenants::public_id.eq(tenant.to_string()))
        .load(conn)?;
    rows.into_iter().map(|(owner, level)| Ok((Column("contacts", "public_id").id(&owner)?, level))).collect()
}

/// Lets `watcher` see of `owner` what `level` says, in place of what was said before; `None` when one of
/// them does not exist. Refuses more watchers than an owner may have.
pub fn set(tx: &mut Tx<'_>, owner: ContactId, watcher: ContactId, level: i64) -> StoreResult<Option<()>> {
    let Some((owner_key, watcher_key)) = keys(tx, owner, watcher)? else { return Ok(None) };
    let before = level_of(tx, owner_key, watcher_key)?;
    if before == Some(level) {
        return Ok(Some(()));
    }
    let known: i64 =
        presence_allowances::table.filter(presence_allowances::owner_id.eq(owner_key)).count().get_result(tx.conn)?;
    if before.is_none() && known >= MAX_ALLOWANCES {
        let rule = Rule::TooLong { max: MAX_ALLOWANCES.unsigned_abs(), unit: "watchers".into() };
        return Err(StoreError::refused("watcher", watcher, rule));
    }
    diesel::delete(presence_allowances::table.find((owner_key, watcher_key))).execute(tx.conn)?;
    diesel::insert_into(presence_allowances::table)
        .values((
            presence_allowances::owner_id.eq(owner_key),
            presence_allowances::watcher_id.eq(watcher_key),
            presence_allowances::tenant_id.eq(tx.tenant_key),
            presence_allowances::level.eq(level),
            presence_allowances::updated_at.eq(tx.now().millis()),
        ))
        .execute(tx.conn)?;
    audit(tx, owner, watcher, before, Some(level))?;
    Ok(Some(()))
}

/// Takes back what `owner` said about `watcher`; `None` when one of them does not exist or nothing was said.
pub fn remove(tx: &mut Tx<'_>, owner: ContactId, watcher: ContactId) -> StoreResult<Option<()>> {
    let Some((owner_key, watcher_key)) = keys(tx, owner, watcher)? else { return Ok(None) };
    let Some(before) = level_of(tx, owner_key, watcher_key)? else { return Ok(None) };
    diesel::delete(presence_allowances::table.find((owner_key, watcher_key))).execute(tx.conn)?;
    audit(tx, owner, watcher, Some(before), None)?;
    Ok(Some(()))
}

fn keys(tx: &mut Tx<'_>, owner: ContactId, watcher: ContactId) -> StoreResult<Option<(i64, i64)>> {
    let Some(owner) = find_contact_key(tx.conn, tx.tenant_key, owner)? else { return Ok(None) };
    Ok(find_contact_key(tx.conn, tx.tenant_key, watcher)?.map(|watcher| (owner, watcher)))
}

fn level_of(tx: &mut Tx<'_>, owner_key: i64, watcher_key: i64) -> StoreResult<Option<i64>> {
    let row = presence_allowances::table.find((owner_key, watcher_key)).select(presence_allowances::level);
    Ok(row.first(tx.conn).optional()?)
}

fn audit(
    tx: &mut Tx<'_>,
    owner: ContactId,
    watcher: ContactId,
    before: Option<i64>,
    after: Option<i64>,
) -> StoreResult<()> {
    let changes = json!({"watcher": [null, watcher], "level": [before, after]});
    tx.audit(Act::Update, ObjectKind::Presence, owner, &changes)
}
