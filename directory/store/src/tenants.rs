//! Tenants and their settings. Made and removed in the platform's line; changed there or, by the
//! tenant itself, in its own line. Either way the change names the tenant as its object.

use diesel::prelude::*;
use directory_model::audit::Act;
use directory_model::change::ObjectKind;
use directory_model::id::{ResellerId, TenantId};
use directory_model::invalid::Rule;
use directory_model::page::{Cursor, Page, PageRequest};
use directory_model::tenant::{Tenant, TenantFields};
use directory_model::text::sort_key;
use directory_model::valid::Valid;
use serde_json::{Value, json};

pub use crate::PLATFORM;
use crate::call_settings;
use crate::column::{Column, difference, moment};
use crate::connection::Connection;
use crate::error::{Conflict, StoreError, StoreResult};
use crate::licences;
use crate::page::{keyset, page_of};
use crate::random::new_key;
use crate::resellers;
use crate::schema::{resellers as reseller_rows, tenants};
use crate::scopes;
use crate::tx::Tx;

/// Fields that have columns of their own; the rest is JSON.
const COLUMNS: [&str; 3] = ["name", "reseller", "is_disabled"];

#[derive(Queryable, Selectable)]
#[diesel(table_name = tenants)]
struct TenantRow {
    id: i64,
    public_id: String,
    name: String,
    name_key: String,
    is_disabled: bool,
    settings: String,
    sdk_key: String,
    change_seq: i64,
    revision: i64,
    created_at: i64,
    updated_at: i64,
}

type Loaded = (TenantRow, Option<String>);

fn read((row, reseller): Loaded) -> StoreResult<Tenant> {
    let settings: TenantFields = Column("tenants", "settings").json(&row.settings)?;
    let reseller = reseller.map(|id| Column("resellers", "public_id").id(&id)).transpose()?;
    Ok(Tenant {
        id: Column("tenants", "public_id").id(&row.public_id)?,
        fields: TenantFields { name: row.name, reseller, is_disabled: row.is_disabled, ..settings },
        sdk_key: row.sdk_key,
        change_seq: row.change_seq,
        revision: row.revision,
        created_at: moment(row.created_at),
        updated_at: moment(row.updated_at),
    })
}

/// Every tenant but the platform's own, with the reseller's identity.
macro_rules! customers {
    () => {
        tenants::table
            .left_join(reseller_rows::table.on(reseller_rows::id.nullable().eq(tenants::reseller_id)))
            .filter(tenants::public_id.ne(PLATFORM.to_string()))
            .select((TenantRow::as_select(), reseller_rows::public_id.nullable()))
    };
}

/// The tenant, if there is one. The platform's own tenant is never found.
pub fn find(conn: &mut Connection, id: TenantId) -> StoreResult<Option<Tenant>> {
    Ok(load(conn, id)?.map(|(_, tenant)| tenant))
}

/// A page of tenants, by name; of some resellers, or of all.
pub fn list(conn: &mut Connection, of: Option<&[ResellerId]>, request: &PageRequest) -> StoreResult<Page<Tenant>> {
    let mut query = keyset!(customers!(), request,
        sort: tenants::name_key, id: tenants::id, search: tenants::name_key);
    if let Some(of) = of {
        let keys = of.iter().map(|reseller| resellers::key(conn, *reseller)).collect::<StoreResult<Vec<_>>>()?;
        query = query.filter(tenants::reseller_id.eq_any(keys.into_iter().flatten()));
    }
    let rows: Vec<Loaded> = query.load(conn)?;
    page_of(rows, request, |(row, _)| Cursor { sort: row.name_key.clone(), key: row.id }, read)
}

/// Every tenant, for start-up.
pub fn all(conn: &mut Connection) -> StoreResult<Vec<Tenant>> {
    let rows: Vec<Loaded> = customers!().order(tenants::id.asc()).load(conn)?;
    rows.into_iter().map(read).collect()
}

/// The number of the latest change in the tenant's line; also the platform's.
pub fn change_seq(conn: &mut Connection, tenant: TenantId) -> StoreResult<Option<i64>> {
    Ok(tenants::table
        .filter(tenants::public_id.eq(tenant.to_string()))
        .select(tenants::change_seq)
        .get_result(conn)
        .optional()?)
}

/// Makes a tenant, in the platform's line. Conflicts when the name is taken; refuses a reseller
/// that does not exist.
pub fn insert(tx: &mut Tx<'_>, fields: &Valid<TenantFields>) -> StoreResult<Tenant> {
    refuse_taken(tx.conn, fields, None)?;
    let reseller = reseller_key(tx.conn, fields)?;
    licences::refuse_more(tx.conn, reseller, None, fields.client_licences)?;
    let id = TenantId::new(tx.ids());
    let sdk_key = new_key()?;
    let now = tx.now().millis();
    diesel::insert_into(tenants::table)
        .values((
            tenants::public_id.eq(id.to_string()),
            tenants::name.eq(&fields.name),
            tenants::name_key.eq(sort_key(&fields.name)),
            tenants::reseller_id.eq(reseller),
            tenants::is_disabled.eq(fields.is_disabled),
            tenants::settings.eq(settings(fields)?),
            tenants::sdk_key.eq(&sdk_key),
            tenants::change_seq.eq(0),
            tenants::revision.eq(1),
            tenants::created_at.eq(now),
            tenants::updated_at.eq(now),
        ))
        .execute(tx.conn)?;
    tx.audit(Act::Create, ObjectKind::Tenant, id, &masked(difference(None, Some(&**fields))))?;
    let fields = (**fields).clone();
    Ok(Tenant { id, fields, sdk_key, change_seq: 0, revision: 1, created_at: tx.now(), updated_at: tx.now() })
}

/// Changes a tenant, in the platform's line or its own. Stale when it is not at
/// `expected_revision` any more.
pub fn update(
    tx: &mut Tx<'_>,
    id: TenantId,
    expected_revision: i64,
    fields: &Valid<TenantFields>,
) -> StoreResult<Option<Tenant>> {
    let Some((key, mut tenant)) = reachable(tx, id)? else { return Ok(None) };
    if tenant.revision != expected_revision {
        return Err(StoreError::Stale);
    }
    if tenant.fields == **fields {
        return Ok(Some(tenant));
    }
    refuse_taken(tx.conn, fields, Some(key))?;
    let reseller = reseller_key(tx.conn, fields)?;
    let is_moved = tenant.fields.reseller != fields.reseller;
    if is_moved || fields.client_licences > tenant.fields.client_licences {
        licences::refuse_more(tx.conn, reseller, Some(key), fields.client_licences)?;
    }
    let written = diesel::update(tenants::table.filter(tenants::id.eq(key)))
        .filter(tenants::revision.eq(expected_revision))
        .set((
            tenants::name.eq(&fields.name),
            tenants::name_key.eq(sort_key(&fields.name)),
            tenants::reseller_id.eq(reseller),
            tenants::is_disabled.eq(fields.is_disabled),
            tenants::settings.eq(settings(fields)?),
            tenants::revision.eq(expected_revision + 1),
            tenants::updated_at.eq(tx.now().millis()),
        ))
        .execute(tx.conn)?;
    if written != 1 {
        return Err(StoreError::Stale);
    }
    if is_moved || drives_calls(&tenant.fields) != drives_calls(fields) {
        call_settings::mark_tenant(tx.conn, key, tx.origin.at)?;
    }
    let changes = masked(difference(Some(&tenant.fields), Some(&**fields)));
    tx.audit(Act::Update, ObjectKind::Tenant, id, &changes)?;
    tenant.fields = (**fields).clone();
    tenant.revision += 1;
    tenant.updated_at = tx.now();
    Ok(Some(tenant))
}

/// Replaces the tenant's licence key; the old one is worth nothing from then on.
pub fn rotate_sdk_key(tx: &mut Tx<'_>, id: TenantId) -> StoreResult<Option<Tenant>> {
    let Some((key, mut tenant)) = reachable(tx, id)? else { return Ok(None) };
    tenant.sdk_key = new_key()?;
    tenant.revision += 1;
    tenant.updated_at = tx.now();
    diesel::update(tenants::table.filter(tenants::id.eq(key)))
        .set((
            tenants::sdk_key.eq(&tenant.sdk_key),
            tenants::revision.eq(tenant.revision),
            tenants::updated_at.eq(tenant.updated_at.millis()),
        ))
        .execute(tx.conn)?;
    tx.audit(Act::Rotate, ObjectKind::Tenant, id, &json!({"sdk_key": ["***", "***"]}))?;
    Ok(Some(tenant))
}

/// Removes a tenant and everything in it, in the platform's line. Its audit trail goes with it;
/// the platform's trail keeps that it was removed, and by whom.
pub fn remove(tx: &mut Tx<'_>, id: TenantId, expected_revision: Option<i64>) -> StoreResult<Option<()>> {
    if tx.tenant != PLATFORM {
        return Ok(None);
    }
    let Some((key, tenant)) = load(tx.conn, id)? else { return Ok(None) };
    if expected_revision.is_some_and(|expected| expected != tenant.revision) {
        return Err(StoreError::Stale);
    }
    scopes::forget(tx, "tenant", &[id.to_string()])?;
    diesel::delete(tenants::table.filter(tenants::id.eq(key))).execute(tx.conn)?;
    tx.audit(Act::Remove, ObjectKind::Tenant, id, &json!({"name": [tenant.fields.name, null]}))?;
    Ok(Some(()))
}

/// The tenant's row key; also the platform's.
pub(crate) fn key(conn: &mut Connection, tenant: TenantId) -> StoreResult<Option<i64>> {
    Ok(tenants::table
        .filter(tenants::public_id.eq(tenant.to_string()))
        .select(tenants::id)
        .get_result(conn)
        .optional()?)
}

fn load(conn: &mut Connection, id: TenantId) -> StoreResult<Option<(i64, Tenant)>> {
    let row: Option<Loaded> = customers!().filter(tenants::public_id.eq(id.to_string())).get_result(conn).optional()?;
    row.map(|row| Ok((row.0.id, read(row)?))).transpose()
}

/// The tenant, when this transaction may change it: the platform's any, a tenant's only its own.
fn reachable(tx: &mut Tx<'_>, id: TenantId) -> StoreResult<Option<(i64, Tenant)>> {
    if tx.tenant == PLATFORM || tx.tenant == id { load(tx.conn, id) } else { Ok(None) }
}

fn reseller_key(conn: &mut Connection, fields: &TenantFields) -> StoreResult<Option<i64>> {
    let Some(id) = fields.reseller else { return Ok(None) };
    match resellers::key(conn, id)? {
        Some(key) => Ok(Some(key)),
        None => Err(StoreError::refused("reseller", id, Rule::Unknown)),
    }
}

/// What of the settings decides what profiles do to calls.
fn drives_calls(fields: &TenantFields) -> (bool, bool, bool) {
    (fields.client_licences > 0, fields.has_extension_lists, fields.follows_meetings)
}

fn settings(fields: &TenantFields) -> StoreResult<String> {
    let column = Column("tenants", "settings");
    let mut value = serde_json::to_value(fields).map_err(|error| column.inconsistent(error))?;
    if let Value::Object(settings) = &mut value {
        settings.retain(|field, _| !COLUMNS.contains(&field.as_str()));
    }
    Ok(value.to_string())
}

/// Clients prove with the header's value that they may ask at all, so it is not for the audit trail.
fn masked(mut changes: Value) -> Value {
    if let Some(change) = changes.get_mut("header_value") {
        *change = json!(["***", "***"]);
    }
    changes
}

fn refuse_taken(conn: &mut Connection, fields: &TenantFields, except: Option<i64>) -> StoreResult<()> {
    let holder: Option<i64> = tenants::table
        .filter(tenants::name_key.eq(sort_key(&fields.name)))
        .select(tenants::id)
        .get_result(conn)
        .optional()?;
    match holder.filter(|holder| Some(*holder) != except) {
        Some(_) => Err(Conflict::Name { field: "name", value: fields.name.clone() }.into()),
        None => Ok(()),
    }
}
