//! States that tenants gave a name.

use diesel::prelude::*;
use directory_model::audit::Act;
use directory_model::change::ObjectKind;
use directory_model::id::{CustomStateId, TenantId};
use directory_model::invalid::Rule;
use directory_model::page::{Cursor, Page, PageRequest};
use directory_model::presence::custom::{CustomState, CustomStateFields, MAX_CUSTOM_STATES};
use directory_model::text::sort_key;
use directory_model::valid::Valid;

use crate::column::{Column, difference, moment};
use crate::connection::Connection;
use crate::error::{Conflict, StoreError, StoreResult};
use crate::page::{keyset, nothing, page_of};
use crate::schema::{custom_states, tenants};
use crate::tenants::key as tenant_key;
use crate::tx::Tx;

const SETTINGS: Column = Column("custom_states", "settings");

#[derive(Queryable, Selectable)]
#[diesel(table_name = custom_states)]
struct StateRow {
    id: i64,
    public_id: String,
    name_key: String,
    settings: String,
    revision: i64,
    created_at: i64,
    updated_at: i64,
}

impl StateRow {
    fn read(self) -> StoreResult<CustomState> {
        Ok(CustomState {
            id: Column("custom_states", "public_id").id(&self.public_id)?,
            fields: SETTINGS.json(&self.settings)?,
            revision: self.revision,
            created_at: moment(self.created_at),
            updated_at: moment(self.updated_at),
        })
    }
}

/// The state.
pub fn find(conn: &mut Connection, tenant: TenantId, id: CustomStateId) -> StoreResult<Option<CustomState>> {
    find_row(conn, tenant, id)?.map(StateRow::read).transpose()
}

/// The tenant's states, by name.
pub fn list(conn: &mut Connection, tenant: TenantId, page: &PageRequest) -> StoreResult<Page<CustomState>> {
    let Some(tenant_key) = tenant_key(conn, tenant)? else { return Ok(nothing()) };
    let of_tenant = custom_states::table.select(StateRow::as_select()).filter(custom_states::tenant_id.eq(tenant_key));
    let rows: Vec<StateRow> =
        keyset!(of_tenant, page, sort: custom_states::name_key, id: custom_states::id, search: custom_states::name_key)
            .load(conn)?;
    let cursor = |row: &StateRow| Cursor { sort: row.name_key.clone(), key: row.id };
    page_of(rows, page, cursor, StateRow::read)
}

/// All states of the tenant.
pub fn all(conn: &mut Connection, tenant: TenantId) -> StoreResult<Vec<CustomState>> {
    let Some(tenant_key) = tenant_key(conn, tenant)? else { return Ok(Vec::new()) };
    let rows: Vec<StateRow> = custom_states::table
        .select(StateRow::as_select())
        .filter(custom_states::tenant_id.eq(tenant_key))
        .order(custom_states::id.asc())
        .load(conn)?;
    rows.into_iter().map(StateRow::read).collect()
}

/// Gives a state a name. Conflicts when the name is taken, and refuses more than a tenant may have.
pub fn insert(tx: &mut Tx<'_>, fields: &Valid<CustomStateFields>) -> StoreResult<CustomState> {
    refuse_taken(tx, fields, None)?;
    let known: i64 =
        custom_states::table.filter(custom_states::tenant_id.eq(tx.tenant_key)).count().get_result(tx.conn)?;
    if usize::try_from(known).is_ok_and(|known| known >= MAX_CUSTOM_STATES) {
        let rule = Rule::TooLong { max: MAX_CUSTOM_STATES as u64, unit: "states".into() };
        return Err(StoreError::refused("name", &fields.name, rule));
    }
    let (id, now) = (CustomStateId::new(tx.ids()), tx.now());
    diesel::insert_into(custom_states::table)
        .values((
            custom_states::tenant_id.eq(tx.tenant_key),
            custom_states::public_id.eq(id.to_string()),
            custom_states::name_key.eq(sort_key(&fields.name)),
            custom_states::settings.eq(SETTINGS.to_json(&**fields)?),
            custom_states::revision.eq(1),
            custom_states::created_at.eq(now.millis()),
            custom_states::updated_at.eq(now.millis()),
        ))
        .execute(tx.conn)?;
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
    let tenant = tx.tenant;
    let Some(row) = find_row(tx.conn, tenant, id)? else { return Ok(None) };
    let row_key = row.id;
    let old = row.read()?;
    if old.revision != expected_revision {
        return Err(StoreError::Stale);
    }
    if old.fields == **fields {
        return Ok(Some(old));
    }
    refuse_taken(tx, fields, Some(row_key))?;
    diesel::update(custom_states::table.find(row_key))
        .set((
            custom_states::name_key.eq(sort_key(&fields.name)),
            custom_states::settings.eq(SETTINGS.to_json(&**fields)?),
            custom_states::revision.eq(custom_states::revision + 1),
            custom_states::updated_at.eq(tx.now().millis()),
        ))
        .execute(tx.conn)?;
    tx.audit(Act::Update, ObjectKind::CustomState, id, &difference(Some(&old.fields), Some(&**fields)))?;
    find(tx.conn, tenant, id)
}

/// Removes a state. Whoever is in it keeps what they chose. Fails when it changed since
/// `expected_revision`.
pub fn remove(tx: &mut Tx<'_>, id: CustomStateId, expected_revision: Option<i64>) -> StoreResult<Option<()>> {
    let Some(row) = find_row(tx.conn, tx.tenant, id)? else { return Ok(None) };
    if expected_revision.is_some_and(|expected| expected != row.revision) {
        return Err(StoreError::Stale);
    }
    diesel::delete(custom_states::table.find(row.id)).execute(tx.conn)?;
    let fields = row.read()?.fields;
    tx.audit(Act::Remove, ObjectKind::CustomState, id, &difference(Some(&fields), None))?;
    Ok(Some(()))
}

fn find_row(conn: &mut Connection, tenant: TenantId, id: CustomStateId) -> StoreResult<Option<StateRow>> {
    let row = custom_states::table
        .inner_join(tenants::table.on(tenants::id.eq(custom_states::tenant_id)))
        .select(StateRow::as_select())
        .filter(custom_states::public_id.eq(id.to_string()).and(tenants::public_id.eq(tenant.to_string())));
    Ok(row.first(conn).optional()?)
}

fn refuse_taken(tx: &mut Tx<'_>, fields: &CustomStateFields, own_key: Option<i64>) -> StoreResult<()> {
    let taken: Option<i64> = custom_states::table
        .select(custom_states::id)
        .filter(custom_states::tenant_id.eq(tx.tenant_key).and(custom_states::name_key.eq(sort_key(&fields.name))))
        .filter(custom_states::id.ne(own_key.unwrap_or(0)))
        .first(tx.conn)
        .optional()?;
    match taken {
        Some(_) => Err(Conflict::Name { field: "name", value: fields.name.clone() }.into()),
        None => Ok(()),
    }
}
