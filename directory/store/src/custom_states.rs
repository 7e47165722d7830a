//! States that tenants gave a name.

use diesel::prelude::*;
use directory_model::audit::Act;
use directory_model::change::ObjectKind;
use directory_model::id::{CustomStateId, TenantId};
use directory_model::page::{Cursor, Page, PageRequest};
use directory_model::presence::custom::{CustomState, CustomStateFields, MAX_CUSTOM_STATES};
use directory_model::valid::Valid;

use crate::column::{difference, moment};
use crate::connection::Connection;
use crate::error::StoreResult;
use crate::named::named_rows;
use crate::page::{keyset, nothing, page_of};
use crate::schema::custom_states;
use crate::tenants::key as tenant_key;
use crate::tx::Tx;

named_rows!(custom_states, CustomStateFields, at most MAX_CUSTOM_STATES, "states");

fn read(row: &Row) -> StoreResult<CustomState> {
    Ok(CustomState {
        id: row.public_id()?,
        fields: row.fields()?,
        revision: row.revision,
        created_at: moment(row.created_at),
        updated_at: moment(row.updated_at),
    })
}

/// The state.
pub fn find(conn: &mut Connection, tenant: TenantId, id: CustomStateId) -> StoreResult<Option<CustomState>> {
    find_row(conn, tenant, id)?.as_ref().map(read).transpose()
}

/// The tenant's states, by name.
pub fn list(conn: &mut Connection, tenant: TenantId, page: &PageRequest) -> StoreResult<Page<CustomState>> {
    let Some(tenant_key) = tenant_key(conn, tenant)? else { return Ok(nothing()) };
    let of_tenant = custom_states::table.select(Row::as_select()).filter(custom_states::tenant_id.eq(tenant_key));
    let rows: Vec<Row> =
        keyset!(of_tenant, page, sort: custom_states::name_key, id: custom_states::id, search: custom_states::name_key)
            .load(conn)?;
    let cursor = |row: &Row| Cursor { sort: row.name_key.clone(), key: row.id };
    page_of(rows, page, cursor, |row| read(&row))
}

/// All states of the tenant.
pub fn all(conn: &mut Connection, tenant: TenantId) -> StoreResult<Vec<CustomState>> {
    rows(conn, tenant)?.iter().map(read).collect()
}

/// Gives a state a name. Conflicts when the name is taken, and refuses more than a tenant may have.
pub fn insert(tx: &mut Tx<'_>, fields: &Valid<CustomStateFields>) -> StoreResult<CustomState> {
    let (id, now) = (CustomStateId::new(tx.ids()), tx.now());
    insert_row(tx, id, fields)?;
    tx.audit(Act::Create, ObjectKind::CustomState, id, &difference(None, Some(&**fields)))?;
    Ok(CustomState { id, fields: (**fields).clone(), revision: 1, created_at: now, updated_at: now })
}

/// Changes a state. Whoever is in it keeps what they chose. Fails when the name is taken or the state
/// changed since `expected_revision`.
pub fn update(
    tx: &mut Tx<'_>,
    id: CustomStateId,
    expected_revision: i64,
    fields: &Valid<CustomStateFields>,
) -> StoreResult<Option<CustomState>> {
    let Some(row) = require_row(tx, id, Some(expected_revision))? else { return Ok(None) };
    let old = read(&row)?;
    if old.fields == **fields {
        return Ok(Some(old));
    }
    update_row(tx, row.id, fields)?;
    tx.audit(Act::Update, ObjectKind::CustomState, id, &difference(Some(&old.fields), Some(&**fields)))?;
    find(tx.conn, tx.tenant, id)
}

/// Removes a state. Whoever is in it keeps what they chose. Fails when it changed since
/// `expected_revision`.
pub fn remove(tx: &mut Tx<'_>, id: CustomStateId, expected_revision: Option<i64>) -> StoreResult<Option<()>> {
    let Some(row) = require_row(tx, id, expected_revision)? else { return Ok(None) };
    diesel::delete(custom_states::table.find(row.id)).execute(tx.conn)?;
    tx.audit(Act::Remove, ObjectKind::CustomState, id, &difference(Some(&row.fields()?), None))?;
    Ok(Some(()))
}
