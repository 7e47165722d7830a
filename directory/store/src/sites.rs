//! Sites. Each has a root group, named after it, made and removed with it; its home contacts are
//! members of that group by themselves (computed from `contacts.home_site_id`, never stored twice).

use diesel::prelude::*;
use directory_model::audit::Act;
use directory_model::change::ObjectKind;
use directory_model::id::{SiteId, TenantId};
use directory_model::page::{Cursor, Page, PageRequest};
use directory_model::site::{Site, SiteFields};
use directory_model::text::sort_key;
use directory_model::valid::Valid;

use crate::column::{Column, difference, moment};
use crate::connection::Connection;
use crate::error::{Conflict, StoreError, StoreResult};
use crate::page::{keyset, nothing, page_of};
use crate::refs::refs;
use crate::schema::{contacts as contact_rows, groups as group_rows, publications as publication_rows, sites};
use crate::tx::Tx;
use crate::{contacts, groups, publications, scopes, templates, tenants};

refs!(sites, SiteId: key, ids);

const NUMBER_RANGES: Column = Column("sites", "number_ranges");
const FEATURES: Column = Column("sites", "features");

#[derive(Queryable, Selectable)]
#[diesel(table_name = sites)]
struct SiteRow {
    id: i64,
    public_id: String,
    created_at: i64,
    #[diesel(embed)]
    columns: Columns,
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = sites, treat_none_as_default_value = false, treat_none_as_null = true)]
struct Columns {
    name: String,
    name_key: String,
    is_enabled: bool,
    street: Option<String>,
    zip_code: Option<String>,
    city: Option<String>,
    state: Option<String>,
    country: Option<String>,
    time_zone: String,
    number_ranges: String,
    features: String,
    is_reachable_when_unavailable: bool,
    revision: i64,
    updated_at: i64,
}

type Loaded = (SiteRow, String);

impl Columns {
    fn new(site: &Site) -> StoreResult<Self> {
        let fields = site.fields.clone();
        Ok(Self {
            name_key: sort_key(&fields.name),
            name: fields.name,
            is_enabled: fields.is_enabled,
            street: fields.street,
            zip_code: fields.zip_code,
            city: fields.city,
            state: fields.state,
            country: fields.country,
            time_zone: fields.time_zone,
            number_ranges: NUMBER_RANGES.to_json(&fields.number_ranges)?,
            features: FEATURES.to_json(&fields.features)?,
            is_reachable_when_unavailable: fields.is_reachable_when_unavailable,
            revision: site.revision,
            updated_at: site.updated_at.millis(),
        })
    }
}

fn read((row, root_group): Loaded) -> StoreResult<Site> {
    let columns = row.columns;
    Ok(Site {
        id: Column("sites", "public_id").id(&row.public_id)?,
        root_group: Column("groups", "public_id").id(&root_group)?,
        fields: SiteFields {
            name: columns.name,
            is_enabled: columns.is_enabled,
            street: columns.street,
            zip_code: columns.zip_code,
            city: columns.city,
            state: columns.state,
            country: columns.country,
            time_zone: columns.time_zone,
            number_ranges: NUMBER_RANGES.json(&columns.number_ranges)?,
            features: FEATURES.json(&columns.features)?,
            is_reachable_when_unavailable: columns.is_reachable_when_unavailable,
        },
        revision: columns.revision,
        created_at: moment(row.created_at),
        updated_at: moment(columns.updated_at),
    })
}

macro_rules! sites_of {
    ($tenant_key:expr) => {
        sites::table
            .inner_join(group_rows::table.on(group_rows::root_of_site_id.eq(sites::id.nullable())))
            .filter(sites::tenant_id.eq($tenant_key))
            .select((SiteRow::as_select(), group_rows::public_id))
    };
}

/// The site, if the tenant has it.
pub fn find(conn: &mut Connection, tenant: TenantId, id: SiteId) -> StoreResult<Option<Site>> {
    let Some(tenant_key) = tenants::key(conn, tenant)? else { return Ok(None) };
    Ok(load(conn, tenant_key, id)?.map(|(_, site)| site))
}

/// A page of sites, by name.
pub fn list(conn: &mut Connection, tenant: TenantId, request: &PageRequest) -> StoreResult<Page<Site>> {
    let Some(tenant_key) = tenants::key(conn, tenant)? else { return Ok(nothing()) };
    let rows: Vec<Loaded> = keyset!(sites_of!(tenant_key), request,
        sort: sites::name_key, id: sites::id, search: sites::name_key)
    .load(conn)?;
    page_of(rows, request, |(row, _)| Cursor { sort: row.columns.name_key.clone(), key: row.id }, read)
}

/// Every site of the tenant, for start-up.
pub fn all(conn: &mut Connection, tenant: TenantId) -> StoreResult<Vec<Site>> {
    let Some(tenant_key) = tenants::key(conn, tenant)? else { return Ok(Vec::new()) };
    let rows: Vec<Loaded> = sites_of!(tenant_key).order(sites::id.asc()).load(conn)?;
    rows.into_iter().map(read).collect()
}

/// Makes a site and its root group. Conflicts when the name is taken.
pub fn insert(tx: &mut Tx<'_>, fields: &Valid<SiteFields>) -> StoreResult<Site> {
    refuse_taken(tx, fields, None)?;
    let id = SiteId::new(tx.ids());
    let mut site = Site {
        id,
        root_group: directory_model::id::GroupId::new(tx.ids()),
        fields: (**fields).clone(),
        revision: 1,
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    let key: i64 = diesel::insert_into(sites::table)
        .values((
            sites::tenant_id.eq(tx.tenant_key),
            sites::public_id.eq(id.to_string()),
            sites::created_at.eq(tx.now().millis()),
            Columns::new(&site)?,
        ))
        .returning(sites::id)
        .get_result(tx.conn)?;
    site.root_group = groups::insert_root(tx, key, site.root_group, &fields.name)?;
    tx.audit(Act::Create, ObjectKind::Site, id, &difference(None, Some(&site.fields)))?;
    Ok(site)
}

/// Changes a site; its root group follows its name. Stale when it is not at `expected_revision`
/// any more.
pub fn update(
    tx: &mut Tx<'_>,
    id: SiteId,
    expected_revision: i64,
    fields: &Valid<SiteFields>,
) -> StoreResult<Option<Site>> {
    let Some((key, old)) = load(tx.conn, tx.tenant_key, id)? else { return Ok(None) };
    if old.revision != expected_revision {
        return Err(StoreError::Stale);
    }
    if old.fields == **fields {
        return Ok(Some(old));
    }
    refuse_taken(tx, fields, Some(key))?;
    let new = Site { fields: (**fields).clone(), revision: old.revision + 1, updated_at: tx.now(), ..old.clone() };
    let written = diesel::update(sites::table.filter(sites::id.eq(key)))
        .filter(sites::revision.eq(expected_revision))
        .set(Columns::new(&new)?)
        .execute(tx.conn)?;
    if written != 1 {
        return Err(StoreError::Stale);
    }
    if old.fields.name != new.fields.name {
        groups::rename_root(tx, new.root_group, &new.fields.name)?;
    }
    tx.audit(Act::Update, ObjectKind::Site, id, &difference(Some(&old.fields), Some(&new.fields)))?;
    Ok(Some(new))
}

/// Removes a site with its root group and what is below it. Its home contacts have no home site
/// then, its publications no site, and no publication shows the groups any more.
pub fn remove(tx: &mut Tx<'_>, id: SiteId, expected_revision: Option<i64>) -> StoreResult<Option<()>> {
    let Some((key, site)) = load(tx.conn, tx.tenant_key, id)? else { return Ok(None) };
    if expected_revision.is_some_and(|expected| expected != site.revision) {
        return Err(StoreError::Stale);
    }
    let at_home: Vec<i64> =
        contact_rows::table.filter(contact_rows::home_site_id.eq(key)).select(contact_rows::id).load(tx.conn)?;
    contacts::detach(tx, &at_home, |fields| fields.home_site = None)?;
    let mut published: Vec<i64> =
        publication_rows::table.filter(publication_rows::site_id.eq(key)).select(publication_rows::id).load(tx.conn)?;
    published.extend(templates::chosen_of_site(tx.conn, key)?);
    diesel::update(publication_rows::table.filter(publication_rows::site_id.eq(key)))
        .set(publication_rows::site_id.eq(None::<i64>))
        .execute(tx.conn)?;
    publications::touch(tx, &published)?;
    groups::remove_tree(tx, site.root_group)?;
    scopes::forget(tx, "site", &[id.to_string()])?;
    diesel::delete(sites::table.filter(sites::id.eq(key))).execute(tx.conn)?;
    tx.audit(Act::Remove, ObjectKind::Site, id, &difference(Some(&site.fields), None))?;
    Ok(Some(()))
}

fn load(conn: &mut Connection, tenant_key: i64, id: SiteId) -> StoreResult<Option<(i64, Site)>> {
    let row: Option<Loaded> =
        sites_of!(tenant_key).filter(sites::public_id.eq(id.to_string())).get_result(conn).optional()?;
    row.map(|row| Ok((row.0.id, read(row)?))).transpose()
}

fn refuse_taken(tx: &mut Tx<'_>, fields: &SiteFields, except: Option<i64>) -> StoreResult<()> {
    let holder: Option<i64> = sites::table
        .filter(sites::tenant_id.eq(tx.tenant_key))
        .filter(sites::name_key.eq(sort_key(&fields.name)))
        .select(sites::id)
        .get_result(tx.conn)
        .optional()?;
    match holder.filter(|holder| Some(*holder) != except) {
        Some(_) => Err(Conflict::Name { field: "name", value: fields.name.clone() }.into()),
        None => Ok(()),
    }
}
