//! Resellers, the parents of tenants. Numbered in the platform's line.

use diesel::prelude::*;
use directory_model::audit::Act;
use directory_model::change::ObjectKind;
use directory_model::id::ResellerId;
use directory_model::page::{Cursor, Page, PageRequest};
use directory_model::tenant::{Reseller, ResellerFields};
use directory_model::text::sort_key;
use directory_model::valid::Valid;

use crate::call_settings;
use crate::column::{Column, difference, moment, word};
use crate::connection::Connection;
use crate::error::{Conflict, StoreError, StoreResult};
use crate::licences;
use crate::page::{keyset, page_of};
use crate::schema::{resellers, tenants};
use crate::scopes;
use crate::tx::Tx;

#[derive(Queryable, Selectable)]
#[diesel(table_name = resellers)]
struct ResellerRow {
    id: i64,
    public_id: String,
    name: String,
    name_key: String,
    client_licences: i64,
    presence_mode: String,
    revision: i64,
    created_at: i64,
    updated_at: i64,
}

impl ResellerRow {
    fn read(self) -> StoreResult<Reseller> {
        Ok(Reseller {
            id: Column("resellers", "public_id").id(&self.public_id)?,
            fields: ResellerFields {
                name: self.name,
                client_licences: Column("resellers", "client_licences").count(self.client_licences)?,
                presence_mode: Column("resellers", "presence_mode").word(&self.presence_mode)?,
            },
            revision: self.revision,
            created_at: moment(self.created_at),
            updated_at: moment(self.updated_at),
        })
    }
}

/// The reseller, if there is one.
pub fn find(conn: &mut Connection, id: ResellerId) -> StoreResult<Option<Reseller>> {
    row(conn, id)?.map(ResellerRow::read).transpose()
}

/// A page of resellers, by name.
pub fn list(conn: &mut Connection, request: &PageRequest) -> StoreResult<Page<Reseller>> {
    let rows: Vec<ResellerRow> = keyset!(resellers::table.select(ResellerRow::as_select()), request,
        sort: resellers::name_key, id: resellers::id, search: resellers::name_key)
    .load(conn)?;
    page_of(rows, request, |row| Cursor { sort: row.name_key.clone(), key: row.id }, ResellerRow::read)
}

/// Makes a reseller. Conflicts when the name is taken.
pub fn insert(tx: &mut Tx<'_>, fields: &Valid<ResellerFields>) -> StoreResult<Reseller> {
    refuse_taken(tx.conn, fields, None)?;
    let id = ResellerId::new(tx.ids());
    let now = tx.now().millis();
    diesel::insert_into(resellers::table)
        .values((
            resellers::public_id.eq(id.to_string()),
            resellers::name.eq(&fields.name),
            resellers::name_key.eq(sort_key(&fields.name)),
            resellers::client_licences.eq(i64::from(fields.client_licences)),
            resellers::presence_mode.eq(word(fields.presence_mode)),
            resellers::revision.eq(1),
            resellers::created_at.eq(now),
            resellers::updated_at.eq(now),
        ))
        .execute(tx.conn)?;
    tx.audit(Act::Create, ObjectKind::Reseller, id, &difference(None, Some(&**fields)))?;
    let (created_at, updated_at) = (tx.now(), tx.now());
    Ok(Reseller { id, fields: (**fields).clone(), revision: 1, created_at, updated_at })
}

/// Changes a reseller. Stale when it is not at `expected_revision` any more.
pub fn update(
    tx: &mut Tx<'_>,
    id: ResellerId,
    expected_revision: i64,
    fields: &Valid<ResellerFields>,
) -> StoreResult<Option<Reseller>> {
    let Some(row) = row(tx.conn, id)? else { return Ok(None) };
    let key = row.id;
    let mut reseller = row.read()?;
    if reseller.revision != expected_revision {
        return Err(StoreError::Stale);
    }
    if reseller.fields == **fields {
        return Ok(Some(reseller));
    }
    refuse_taken(tx.conn, fields, Some(key))?;
    if fields.client_licences < reseller.fields.client_licences {
        licences::hold(tx.conn, key)?;
        let given = licences::given(tx.conn, key, None)?;
        licences::refuse_less(fields.client_licences, given)?;
    }
    let changed = diesel::update(resellers::table.filter(resellers::id.eq(key)))
        .filter(resellers::revision.eq(expected_revision))
        .set((
            resellers::name.eq(&fields.name),
            resellers::name_key.eq(sort_key(&fields.name)),
            resellers::client_licences.eq(i64::from(fields.client_licences)),
            resellers::presence_mode.eq(word(fields.presence_mode)),
            resellers::revision.eq(expected_revision + 1),
            resellers::updated_at.eq(tx.now().millis()),
        ))
        .execute(tx.conn)?;
    if changed != 1 {
        return Err(StoreError::Stale);
    }
    if fields.presence_mode != reseller.fields.presence_mode {
        let of_reseller = tenants::table.filter(tenants::reseller_id.eq(key)).select(tenants::id);
        for tenant_key in of_reseller.load::<i64>(tx.conn)? {
            call_settings::mark_tenant(tx.conn, tenant_key, tx.origin.at)?;
        }
    }
    tx.audit(Act::Update, ObjectKind::Reseller, id, &difference(Some(&reseller.fields), Some(&**fields)))?;
    reseller.fields = (**fields).clone();
    reseller.revision += 1;
    reseller.updated_at = tx.now();
    Ok(Some(reseller))
}

/// Removes a reseller. Conflicts while tenants belong to it.
pub fn remove(tx: &mut Tx<'_>, id: ResellerId, expected_revision: Option<i64>) -> StoreResult<Option<()>> {
    let Some(row) = row(tx.conn, id)? else { return Ok(None) };
    let key = row.id;
    let reseller = row.read()?;
    if expected_revision.is_some_and(|expected| expected != reseller.revision) {
        return Err(StoreError::Stale);
    }
    let children: i64 = tenants::table.filter(tenants::reseller_id.eq(key)).count().get_result(tx.conn)?;
    if children > 0 {
        return Err(Conflict::InUse { by: "tenants" }.into());
    }
    scopes::forget(tx, "reseller", &[id.to_string()])?;
    diesel::delete(resellers::table.filter(resellers::id.eq(key))).execute(tx.conn)?;
    tx.audit(Act::Remove, ObjectKind::Reseller, id, &difference(Some(&reseller.fields), None))?;
    Ok(Some(()))
}

/// The row key of the reseller.
pub(crate) fn key(conn: &mut Connection, id: ResellerId) -> StoreResult<Option<i64>> {
    Ok(resellers::table
        .filter(resellers::public_id.eq(id.to_string()))
        .select(resellers::id)
        .get_result(conn)
        .optional()?)
}

fn row(conn: &mut Connection, id: ResellerId) -> StoreResult<Option<ResellerRow>> {
    Ok(resellers::table
        .filter(resellers::public_id.eq(id.to_string()))
        .select(ResellerRow::as_select())
        .get_result(conn)
        .optional()?)
}

fn refuse_taken(conn: &mut Connection, fields: &ResellerFields, except: Option<i64>) -> StoreResult<()> {
    let holder: Option<i64> = resellers::table
        .filter(resellers::name_key.eq(sort_key(&fields.name)))
        .select(resellers::id)
        .get_result(conn)
        .optional()?;
    match holder.filter(|holder| Some(*holder) != except) {
        Some(_) => Err(Conflict::Name { field: "name", value: fields.name.clone() }.into()),
        None => Ok(()),
    }
}
