//! The addresses in use.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;
use directory_model::address::{AddressKind, ContactKey};
use directory_model::id::{ContactId, TenantId};

use super::{ContactRow, read_all};
use crate::column::Column;
use crate::connection::Connection;
use crate::connection::rows::{insert_rows, sqlite_row};
use crate::error::{Conflict, StoreError, StoreResult};
use crate::refs::CHUNK;
use crate::schema::{contact_keys, contacts};

/// Rows in one batch.
const BATCH: usize = 1000;

#[derive(Insertable)]
#[diesel(table_name = contact_keys)]
struct KeyRow {
    tenant_id: i64,
    kind: &'static str,
    folded: String,
    contact_id: i64,
}

sqlite_row!(KeyRow, contact_keys, |row| {
    tenant_id: row.tenant_id,
    kind: row.kind,
    folded: row.folded,
    contact_id: row.contact_id,
});

/// The row keys of the contacts that have these addresses in use.
pub(crate) fn holders(
    conn: &mut Connection,
    tenant_key: i64,
    wanted: &[ContactKey],
) -> StoreResult<Vec<(ContactKey, i64)>> {
    let mut by_kind: BTreeMap<AddressKind, Vec<&str>> = BTreeMap::new();
    for key in wanted {
        by_kind.entry(key.kind).or_default().push(&key.folded);
    }
    let mut found = Vec::new();
    for (kind, folded) in by_kind {
        for folded in folded.chunks(CHUNK) {
            let rows: Vec<(String, i64)> = contact_keys::table
                .filter(contact_keys::tenant_id.eq(tenant_key))
                .filter(contact_keys::kind.eq(kind.field()))
                .filter(contact_keys::folded.eq_any(folded))
                .select((contact_keys::folded, contact_keys::contact_id))
                .load(conn)?;
            found.extend(rows.into_iter().map(|(folded, holder)| (ContactKey { kind, folded }, holder)));
        }
    }
    Ok(found)
}

/// The contacts that have these addresses in use.
pub fn holding(
    conn: &mut Connection,
    tenant: TenantId,
    wanted: &[ContactKey],
) -> StoreResult<Vec<(ContactKey, ContactId)>> {
    let Some(tenant_key) = crate::tenants::key(conn, tenant)? else { return Ok(Vec::new()) };
    let found = holders(conn, tenant_key, wanted)?;
    let holders: Vec<i64> = found.iter().map(|(_, holder)| *holder).collect();
    let mut names = HashMap::new();
    for some in holders.chunks(CHUNK) {
        let rows: Vec<(i64, String)> =
            contacts::table.filter(contacts::id.eq_any(some)).select((contacts::id, contacts::public_id)).load(conn)?;
        names.extend(rows);
    }
    let holding = found.into_iter().filter_map(|(key, row)| Some((key, names.get(&row)?)));
    holding.map(|(key, id)| Ok((key, Column("contacts", "public_id").id(id)?))).collect()
}

/// Conflicts when another contact than `own` has one of the addresses in use. The constraint would
/// refuse it too, but cannot say who it is, and spoils the transaction on PostgreSQL.
pub(super) fn refuse_taken(
    conn: &mut Connection,
    tenant_key: i64,
    wanted: &[ContactKey],
    own: Option<i64>,
) -> StoreResult<()> {
    let mut holders = holders(conn, tenant_key, wanted)?;
    holders.retain(|(_, holder)| Some(*holder) != own);
    // In the order of the kinds, which is the order in which conflicts are told.
    match holders.into_iter().min_by_key(|(key, _)| key.kind) {
        Some((key, holder)) => Err(conflict(conn, key.kind, holder)?),
        None => Ok(()),
    }
}

/// The refusal that names the contact with row key `holder`.
pub(super) fn conflict(conn: &mut Connection, kind: AddressKind, holder: i64) -> StoreResult<StoreError> {
    let row: ContactRow =
        contacts::table.filter(contacts::id.eq(holder)).select(ContactRow::as_select()).get_result(conn)?;
    let with = read_all(conn, vec![row])?.first().map(|contact| contact.fields.shown_name()).unwrap_or_default();
    Ok(Conflict::Address { kind, with }.into())
}

/// Takes the addresses into use.
pub(super) fn take(conn: &mut Connection, tenant_key: i64, taken: Vec<(i64, ContactKey)>) -> StoreResult<()> {
    let rows: Vec<KeyRow> = taken
        .into_iter()
        .map(|(contact_id, key)| KeyRow {
            tenant_id: tenant_key,
            kind: key.kind.field(),
            folded: key.folded,
            contact_id,
        })
        .collect();
    insert_rows!(conn, contact_keys::table, &rows, BATCH);
    Ok(())
}

/// Makes the addresses in use by a contact these and no others.
pub(super) fn replace(
    conn: &mut Connection,
    tenant_key: i64,
    contact: i64,
    old: &[ContactKey],
    new: &[ContactKey],
) -> StoreResult<()> {
    let kept: HashMap<AddressKind, &str> = new.iter().map(|key| (key.kind, key.folded.as_str())).collect();
    for gone in old.iter().filter(|key| kept.get(&key.kind) != Some(&key.folded.as_str())) {
        diesel::delete(contact_keys::table.find((tenant_key, gone.kind.field(), &gone.folded))).execute(conn)?;
    }
    let added = new.iter().filter(|key| !old.contains(key)).map(|key| (contact, key.clone()));
    take(conn, tenant_key, added.collect())
}
