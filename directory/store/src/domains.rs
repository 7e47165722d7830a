//! Web origins that may embed publications.

use diesel::prelude::*;
use directory_model::audit::Act;
use directory_model::change::ObjectKind;
use directory_model::domain::{Domain, DomainFields};
use directory_model::id::{DomainId, TenantId};
use directory_model::page::{Cursor, Page, PageRequest};
use directory_model::text::sort_key;
use directory_model::valid::Valid;

use crate::column::{Column, difference, moment};
use crate::connection::Connection;
use crate::error::{Conflict, StoreError, StoreResult};
use crate::page::{keyset, nothing, page_of};
use crate::refs::refs;
use crate::schema::{domains, publication_domains};
use crate::tx::Tx;
use crate::{publications, tenants};

refs!(domains, DomainId: keys, ids);

const HOSTS: Column = Column("domains", "hosts");

#[derive(Queryable, Selectable)]
#[diesel(table_name = domains)]
struct DomainRow {
    id: i64,
    public_id: String,
    created_at: i64,
    #[diesel(embed)]
    columns: Columns,
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = domains)]
struct Columns {
    title: String,
    title_key: String,
    hosts: String,
    is_http_allowed: bool,
    is_https_allowed: bool,
    revision: i64,
    updated_at: i64,
}

impl Columns {
    fn new(domain: &Domain) -> StoreResult<Self> {
        Ok(Self {
            title: domain.fields.title.clone(),
            title_key: sort_key(&domain.fields.title),
            hosts: HOSTS.to_json(&domain.fields.hosts)?,
            is_http_allowed: domain.fields.is_http_allowed,
            is_https_allowed: domain.fields.is_https_allowed,
            revision: domain.revision,
            updated_at: domain.updated_at.millis(),
        })
    }
}

impl DomainRow {
    fn read(self) -> StoreResult<Domain> {
        Ok(Domain {
            id: Column("domains", "public_id").id(&self.public_id)?,
            fields: DomainFields {
                title: self.columns.title,
                hosts: HOSTS.json(&self.columns.hosts)?,
                is_http_allowed: self.columns.is_http_allowed,
                is_https_allowed: self.columns.is_https_allowed,
            },
            revision: self.columns.revision,
            created_at: moment(self.created_at),
            updated_at: moment(self.columns.updated_at),
        })
    }
}

/// The domain, if the tenant has it.
pub fn find(conn: &mut Connection, tenant: TenantId, id: DomainId) -> StoreResult<Option<Domain>> {
    let Some(tenant_key) = tenants::key(conn, tenant)? else { return Ok(None) };
    Ok(load(conn, tenant_key, id)?.map(|(_, domain)| domain))
}

/// A page of domains, by title.
pub fn list(conn: &mut Connection, tenant: TenantId, request: &PageRequest) -> StoreResult<Page<Domain>> {
    let Some(tenant_key) = tenants::key(conn, tenant)? else { return Ok(nothing()) };
    let rows: Vec<DomainRow> = keyset!(
        domains::table.filter(domains::tenant_id.eq(tenant_key)).select(DomainRow::as_select()),
        request, sort: domains::title_key, id: domains::id, search: domains::title_key)
    .load(conn)?;
    page_of(rows, request, |row| Cursor { sort: row.columns.title_key.clone(), key: row.id }, DomainRow::read)
}

/// Every domain of the tenant, for start-up.
pub fn all(conn: &mut Connection, tenant: TenantId) -> StoreResult<Vec<Domain>> {
    let Some(tenant_key) = tenants::key(conn, tenant)? else { return Ok(Vec::new()) };
    let rows: Vec<DomainRow> = domains::table
        .filter(domains::tenant_id.eq(tenant_key))
        .select(DomainRow::as_select())
        .order(domains::id.asc())
        .load(conn)?;
    rows.into_iter().map(DomainRow::read).collect()
}

/// Makes a domain. Conflicts when the title is taken.
pub fn insert(tx: &mut Tx<'_>, fields: &Valid<DomainFields>) -> StoreResult<Domain> {
    refuse_taken(tx, fields, None)?;
    let domain = Domain {
        id: DomainId::new(tx.ids()),
        fields: (**fields).clone(),
        revision: 1,
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    diesel::insert_into(domains::table)
        .values((
            domains::tenant_id.eq(tx.tenant_key),
            domains::public_id.eq(domain.id.to_string()),
            domains::created_at.eq(tx.now().millis()),
            Columns::new(&domain)?,
        ))
        .execute(tx.conn)?;
    tx.audit(Act::Create, ObjectKind::Domain, domain.id, &difference(None, Some(&domain.fields)))?;
    Ok(domain)
}

/// Changes a domain. Stale when it is not at `expected_revision` any more.
pub fn update(
    tx: &mut Tx<'_>,
    id: DomainId,
    expected_revision: i64,
    fields: &Valid<DomainFields>,
) -> StoreResult<Option<Domain>> {
    let Some((key, old)) = load(tx.conn, tx.tenant_key, id)? else { return Ok(None) };
    if old.revision != expected_revision {
        return Err(StoreError::Stale);
    }
    if old.fields == **fields {
        return Ok(Some(old));
    }
    refuse_taken(tx, fields, Some(key))?;
    let new = Domain { fields: (**fields).clone(), revision: old.revision + 1, updated_at: tx.now(), ..old.clone() };
    let written = diesel::update(domains::table.filter(domains::id.eq(key)))
        .filter(domains::revision.eq(expected_revision))
        .set(Columns::new(&new)?)
        .execute(tx.conn)?;
    if written != 1 {
        return Err(StoreError::Stale);
    }
    tx.audit(Act::Update, ObjectKind::Domain, id, &difference(Some(&old.fields), Some(&new.fields)))?;
    Ok(Some(new))
}

/// Removes a domain, from publications that use it too; never a publication or a site.
pub fn remove(tx: &mut Tx<'_>, id: DomainId, expected_revision: Option<i64>) -> StoreResult<Option<()>> {
    let Some((key, domain)) = load(tx.conn, tx.tenant_key, id)? else { return Ok(None) };
    if expected_revision.is_some_and(|expected| expected != domain.revision) {
        return Err(StoreError::Stale);
    }
    let used_by: Vec<i64> = publication_domains::table
        .filter(publication_domains::domain_id.eq(key))
        .select(publication_domains::publication_id)
        .load(tx.conn)?;
    diesel::delete(domains::table.filter(domains::id.eq(key))).execute(tx.conn)?;
    publications::touch(tx, &used_by)?;
    tx.audit(Act::Remove, ObjectKind::Domain, id, &difference(Some(&domain.fields), None))?;
    Ok(Some(()))
}

fn load(conn: &mut Connection, tenant_key: i64, id: DomainId) -> StoreResult<Option<(i64, Domain)>> {
    let row: Option<DomainRow> = domains::table
        .filter(domains::tenant_id.eq(tenant_key))
        .filter(domains::public_id.eq(id.to_string()))
        .select(DomainRow::as_select())
        .get_result(conn)
        .optional()?;
    row.map(|row| Ok((row.id, row.read()?))).transpose()
}

fn refuse_taken(tx: &mut Tx<'_>, fields: &DomainFields, except: Option<i64>) -> StoreResult<()> {
    let holder: Option<i64> = domains::table
        .filter(domains::tenant_id.eq(tx.tenant_key))
        .filter(domains::title_key.eq(sort_key(&fields.title)))
        .select(domains::id)
        .get_result(tx.conn)
        .optional()?;
    match holder.filter(|holder| Some(*holder) != except) {
        Some(_) => Err(Conflict::Name { field: "title", value: fields.title.clone() }.into()),
        None => Ok(()),
    }
}
