//! Publications: what one web page shows.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Display;
use std::hash::Hash;

use diesel::prelude::*;
use directory_model::audit::Act;
use directory_model::change::ObjectKind;
use directory_model::id::{PublicationId, TenantId};
use directory_model::invalid::{Invalid, Rule};
use directory_model::page::{Cursor, Page, PageRequest};
use directory_model::publication::{Publication, PublicationFields};
use directory_model::text::sort_key;
use directory_model::valid::Valid;
use serde_json::json;

use crate::column::{Column, difference};
use crate::connection::{Connection, per_backend};
use crate::error::{Conflict, StoreError, StoreResult};
use crate::page::{keyset, nothing, page_of};
use crate::random::new_key;
use crate::refs::{CHUNK, refs};
use crate::schema::{publication_alerts, publication_domains, publications, tenants as tenant_rows};
use crate::tx::Tx;
use crate::{alerts, domains, scopes, sites, templates, tenants};

mod entries;
mod row;

pub use entries::set_entries;
pub(crate) use entries::{Shown, show_again};

use row::{Columns, PublicationRow, read_all};

refs!(publications, PublicationId: key, ids);

/// The publication, if the tenant has it.
pub fn find(conn: &mut Connection, tenant: TenantId, id: PublicationId) -> StoreResult<Option<Publication>> {
    let Some(tenant_key) = tenants::key(conn, tenant)? else { return Ok(None) };
    Ok(load(conn, tenant_key, id)?.map(|(_, publication)| publication))
}

/// The publication that web pages name by `key`, and whose it is.
pub fn find_by_key(conn: &mut Connection, key: &str) -> StoreResult<Option<(TenantId, Publication)>> {
    let row: Option<(PublicationRow, String)> = publications::table
        .inner_join(tenant_rows::table.on(tenant_rows::id.eq(publications::tenant_id)))
        .filter(publications::key.eq(key))
        .select((PublicationRow::as_select(), tenant_rows::public_id))
        .get_result(conn)
        .optional()?;
    let Some((row, tenant)) = row else { return Ok(None) };
    let tenant = Column("tenants", "public_id").id(&tenant)?;
    Ok(read_all(conn, vec![row])?.pop().map(|publication| (tenant, publication)))
}

/// A page of publications, by title.
pub fn list(conn: &mut Connection, tenant: TenantId, request: &PageRequest) -> StoreResult<Page<Publication>> {
    let Some(tenant_key) = tenants::key(conn, tenant)? else { return Ok(nothing()) };
    let rows: Vec<PublicationRow> = keyset!(
        publications::table.filter(publications::tenant_id.eq(tenant_key)).select(PublicationRow::as_select()),
        request, sort: publications::title_key, id: publications::id, search: publications::title_key)
    .load(conn)?;
    let cursor = |row: &PublicationRow| Cursor { sort: row.columns.title_key.clone(), key: row.id };
    let page = page_of(rows, request, cursor, Ok)?;
    Ok(Page { items: read_all(conn, page.items)?, next: page.next })
}

/// Every publication of the tenant, for start-up.
pub fn all(conn: &mut Connection, tenant: TenantId) -> StoreResult<Vec<Publication>> {
    let Some(tenant_key) = tenants::key(conn, tenant)? else { return Ok(Vec::new()) };
    let rows: Vec<PublicationRow> = publications::table
        .filter(publications::tenant_id.eq(tenant_key))
        .select(PublicationRow::as_select())
        .order(publications::id.asc())
        .load(conn)?;
    read_all(conn, rows)
}

/// Makes a publication that shows nothing yet, under a new key. Conflicts when the title is taken;
/// refuses a site or domain that does not exist.
pub fn insert(tx: &mut Tx<'_>, fields: &Valid<PublicationFields>) -> StoreResult<Publication> {
    refuse_taken(tx, fields, None)?;
    let References { site, domains, alerts, templates } = references(tx, fields)?;
    let publication = Publication {
        id: PublicationId::new(tx.ids()),
        key: new_key()?,
        fields: (**fields).clone(),
        entries: Vec::new(),
        revision: 1,
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    let key: i64 = diesel::insert_into(publications::table)
        .values((
            publications::tenant_id.eq(tx.tenant_key),
            publications::public_id.eq(publication.id.to_string()),
            publications::created_at.eq(tx.now().millis()),
            Columns::new(&publication, site)?,
        ))
        .returning(publications::id)
        .get_result(tx.conn)?;
    set_domains(tx, key, &domains)?;
    set_alerts(tx, key, &alerts)?;
    templates::choose(tx, key, &templates)?;
    let changes = difference(None, Some(&publication.fields));
    tx.audit(Act::Create, ObjectKind::Publication, publication.id, &changes)?;
    Ok(publication)
}

/// Changes a publication; what it shows is changed by [`set_entries`]. Stale when it is not at
/// `expected_revision` any more.
pub fn update(
    tx: &mut Tx<'_>,
    id: PublicationId,
    expected_revision: i64,
    fields: &Valid<PublicationFields>,
) -> StoreResult<Option<Publication>> {
    let Some((key, old)) = load(tx.conn, tx.tenant_key, id)? else { return Ok(None) };
    if old.revision != expected_revision {
        return Err(StoreError::Stale);
    }
    if old.fields == **fields {
        return Ok(Some(old));
    }
    refuse_taken(tx, fields, Some(key))?;
    let References { site, domains, alerts, templates } = references(tx, fields)?;
    let mut new = Publication { fields: (**fields).clone(), ..old.clone() };
    write(tx, key, &mut new, site)?;
    set_domains(tx, key, &domains)?;
    set_alerts(tx, key, &alerts)?;
    templates::choose(tx, key, &templates)?;
    let changes = difference(Some(&old.fields), Some(&new.fields));
    tx.audit(Act::Update, ObjectKind::Publication, id, &changes)?;
    Ok(Some(new))
}

/// Replaces the publication's key; pages with the old one show nothing from then on.
pub fn rotate_key(tx: &mut Tx<'_>, id: PublicationId) -> StoreResult<Option<Publication>> {
    let Some((key, mut publication)) = load(tx.conn, tx.tenant_key, id)? else { return Ok(None) };
    let References { site, .. } = references(tx, &publication.fields)?;
    publication.key = new_key()?;
    write(tx, key, &mut publication, site)?;
    tx.audit(Act::Rotate, ObjectKind::Publication, id, &json!({"key": ["***", "***"]}))?;
    Ok(Some(publication))
}

/// Removes a publication; what it showed stays.
pub fn remove(tx: &mut Tx<'_>, id: PublicationId, expected_revision: Option<i64>) -> StoreResult<Option<()>> {
    let Some((key, publication)) = load(tx.conn, tx.tenant_key, id)? else { return Ok(None) };
    if expected_revision.is_some_and(|expected| expected != publication.revision) {
        return Err(StoreError::Stale);
    }
    scopes::forget(tx, "publication", &[id.to_string()])?;
    diesel::delete(publications::table.filter(publications::id.eq(key))).execute(tx.conn)?;
    let changes = difference(Some(&publication.fields), None);
    tx.audit(Act::Remove, ObjectKind::Publication, id, &changes)?;
    Ok(Some(()))
}

/// Moves publications on to their next revision and records that they changed, because something
/// they refer to is gone.
pub(crate) fn touch(tx: &mut Tx<'_>, keys: &[i64]) -> StoreResult<()> {
    let keys: Vec<i64> = keys.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
    for keys in keys.chunks(CHUNK) {
        diesel::update(publications::table.filter(publications::id.eq_any(keys)))
            .set((
                publications::revision.eq(publications::revision + 1),
                publications::updated_at.eq(tx.now().millis()),
            ))
            .execute(tx.conn)?;
    }
    for id in ids(tx.conn, keys)?.into_values() {
        tx.changed(ObjectKind::Publication, id);
    }
    Ok(())
}

fn load(conn: &mut Connection, tenant_key: i64, id: PublicationId) -> StoreResult<Option<(i64, Publication)>> {
    let row: Option<PublicationRow> = publications::table
        .filter(publications::tenant_id.eq(tenant_key))
        .filter(publications::public_id.eq(id.to_string()))
        .select(PublicationRow::as_select())
        .get_result(conn)
        .optional()?;
    let Some(row) = row else { return Ok(None) };
    let key = row.id;
    Ok(read_all(conn, vec![row])?.pop().map(|publication| (key, publication)))
}

/// Writes the publication, whose revision must still be the one in the row, and moves it on.
fn write(tx: &mut Tx<'_>, key: i64, publication: &mut Publication, site: Option<i64>) -> StoreResult<()> {
    let expected = publication.revision;
    publication.revision += 1;
    publication.updated_at = tx.now();
    let written = diesel::update(publications::table.filter(publications::id.eq(key)))
        .filter(publications::revision.eq(expected))
        .set(Columns::new(publication, site)?)
        .execute(tx.conn)?;
    if written == 1 { Ok(()) } else { Err(StoreError::Stale) }
}

/// The row keys of what a publication names, in order.
struct References {
    site: Option<i64>,
    domains: Vec<i64>,
    alerts: Vec<i64>,
    templates: Vec<templates::Choice>,
}

/// The row keys of site, domains, alerts and templates, or refusals of those that do not exist.
fn references(tx: &mut Tx<'_>, fields: &PublicationFields) -> StoreResult<References> {
    let mut refusals: Vec<Invalid> = Vec::new();
    let mut site = None;
    if let Some(id) = fields.site {
        site = sites::key(tx.conn, tx.tenant_key, id)?;
        if site.is_none() {
            refusals.push(Invalid::new("site", id, Rule::Unknown));
        }
    }
    let known = domains::keys(tx.conn, tx.tenant_key, &fields.domains)?;
    let domains = placed("domains", &fields.domains, &known, &mut refusals);
    let known = alerts::keys(tx.conn, tx.tenant_key, &fields.alerts)?;
    let alerts = placed("alerts", &fields.alerts, &known, &mut refusals);
    let templates = templates::choices(tx, fields, &mut refusals)?;
    if refusals.is_empty() {
        Ok(References { site, domains, alerts, templates })
    } else {
        Err(StoreError::Refused(refusals))
    }
}

/// The row keys of `ids`; those that are not `known` are refused.
fn placed<N: Copy + Eq + Hash + Display>(
    field: &str,
    ids: &[N],
    known: &HashMap<N, i64>,
    refusals: &mut Vec<Invalid>,
) -> Vec<i64> {
    let unknown = ids.iter().enumerate().filter(|(_, id)| !known.contains_key(id));
    refusals.extend(unknown.map(|(at, id)| Invalid::new(format!("{field}[{at}]"), id, Rule::Unknown)));
    ids.iter().filter_map(|id| known.get(id).copied()).collect()
}

#[derive(Insertable)]
#[diesel(table_name = publication_domains)]
struct DomainUse {
    tenant_id: i64,
    publication_id: i64,
    position: i64,
    domain_id: i64,
}

fn set_domains(tx: &mut Tx<'_>, key: i64, domains: &[i64]) -> StoreResult<()> {
    let tenant_id = tx.tenant_key;
    diesel::delete(publication_domains::table.filter(publication_domains::publication_id.eq(key))).execute(tx.conn)?;
    let rows: Vec<DomainUse> = (0..)
        .zip(domains)
        .map(|(position, domain)| DomainUse { tenant_id, publication_id: key, position, domain_id: *domain })
        .collect();
    per_backend!(tx.conn, |conn| diesel::insert_into(publication_domains::table).values(&rows).execute(conn))?;
    Ok(())
}

#[derive(Insertable)]
#[diesel(table_name = publication_alerts)]
struct AlertUse {
    tenant_id: i64,
    publication_id: i64,
    position: i64,
    alert_id: i64,
}

fn set_alerts(tx: &mut Tx<'_>, key: i64, alerts: &[i64]) -> StoreResult<()> {
    let tenant_id = tx.tenant_key;
    diesel::delete(publication_alerts::table.filter(publication_alerts::publication_id.eq(key))).execute(tx.conn)?;
    let rows: Vec<AlertUse> = (0..)
        .zip(alerts)
        .map(|(position, alert)| AlertUse { tenant_id, publication_id: key, position, alert_id: *alert })
        .collect();
    per_backend!(tx.conn, |conn| diesel::insert_into(publication_alerts::table).values(&rows).execute(conn))?;
    Ok(())
}

fn refuse_taken(tx: &mut Tx<'_>, fields: &PublicationFields, except: Option<i64>) -> StoreResult<()> {
    let holder: Option<i64> = publications::table
        .filter(publications::tenant_id.eq(tx.tenant_key))
        .filter(publications::title_key.eq(sort_key(&fields.title)))
        .select(publications::id)
        .get_result(tx.conn)
        .optional()?;
    match holder.filter(|holder| Some(*holder) != except) {
        Some(_) => Err(Conflict::Name { field: "title", value: fields.title.clone() }.into()),
        None => Ok(()),
    }
}
