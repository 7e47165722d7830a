//! The tenant's one group tree.
//!
//! A site's root group stands at the top of the tree, is named after the site, and cannot be moved
//! or removed by itself. The contacts whose home the site is are its members without being listed.

use diesel::prelude::*;
use directory_model::audit::Act;
use directory_model::change::ObjectKind;
use directory_model::group::{Group, GroupFields};
use directory_model::id::{GroupId, TenantId};
use directory_model::invalid::Rule;
use directory_model::page::{Cursor, Page, PageRequest};
use directory_model::text::sort_key;
use directory_model::valid::Valid;

use crate::column::difference;
use crate::connection::Connection;
use crate::error::{Conflict, StoreError, StoreResult};
use crate::page::{keyset, nothing, page_of};
use crate::refs::{CHUNK, refs};
use crate::schema::{contacts as contact_rows, groups, publication_entries};
use crate::tx::Tx;
use crate::{contacts, publications, scopes, tenants};

mod members;
mod row;
pub mod said;
pub mod synced;
mod tree;
pub mod undone;

pub use members::{add_member, all_members, contacts_within, member_ids, members, remove_member};
pub use tree::{ancestors, descendants, of_contact};

pub(crate) use row::count_members;
use row::{GroupRow, read_all};
pub(crate) use tree::keys_of_contact;

refs!(groups, GroupId: key, keys, ids);

/// The group, if the tenant has it.
pub fn find(conn: &mut Connection, tenant: TenantId, id: GroupId) -> StoreResult<Option<Group>> {
    let Some(tenant_key) = tenants::key(conn, tenant)? else { return Ok(None) };
    Ok(load(conn, tenant_key, id)?.map(|(_, group)| group))
}

/// A page of groups, by name.
pub fn list(conn: &mut Connection, tenant: TenantId, request: &PageRequest) -> StoreResult<Page<Group>> {
    let Some(tenant_key) = tenants::key(conn, tenant)? else { return Ok(nothing()) };
    let rows: Vec<GroupRow> = keyset!(
        groups::table.filter(groups::tenant_id.eq(tenant_key)).select(GroupRow::as_select()),
        request, sort: groups::name_key, id: groups::id, search: groups::name_key)
    .load(conn)?;
    let page = page_of(rows, request, |row| Cursor { sort: row.name_key.clone(), key: row.id }, Ok)?;
    Ok(Page { items: read_all(conn, page.items)?, next: page.next })
}

/// Every group of the tenant, for start-up and for drawing the tree.
pub fn all(conn: &mut Connection, tenant: TenantId) -> StoreResult<Vec<Group>> {
    let Some(tenant_key) = tenants::key(conn, tenant)? else { return Ok(Vec::new()) };
    let rows: Vec<GroupRow> = groups::table
        .filter(groups::tenant_id.eq(tenant_key))
        .select(GroupRow::as_select())
        .order(groups::id.asc())
        .load(conn)?;
    read_all(conn, rows)
}

/// Makes a group. Conflicts when a sibling has the name; refuses a parent that does not exist or
/// below which the tree would be too deep.
pub fn insert(tx: &mut Tx<'_>, fields: &Valid<GroupFields>) -> StoreResult<Group> {
    let parent = tree::parent_key(tx.conn, tx.tenant_key, None, fields.parent)?;
    refuse_taken(tx, fields, parent, None)?;
    let id = GroupId::new(tx.ids());
    insert_row(tx, id, &fields.name, Place { parent, root_of: None, origin: None })?;
    tx.audit(Act::Create, ObjectKind::Group, id, &difference(None, Some(&**fields)))?;
    Ok(Group {
        id,
        fields: (**fields).clone(),
        root_of: None,
        synced_from: None,
        member_count: 0,
        revision: 1,
        created_at: tx.now(),
        updated_at: tx.now(),
    })
}

/// Moves a group below another parent; its name is fixed. Refuses a parent that does not exist,
/// that is the group itself or below it, or below which the tree would be too deep. Stale when the
/// group is not at `expected_revision` any more. One that mirrors a group of a source stays as it is.
pub fn update(
    tx: &mut Tx<'_>,
    id: GroupId,
    expected_revision: i64,
    fields: &Valid<GroupFields>,
) -> StoreResult<Option<Group>> {
    let Some((key, old)) = load(tx.conn, tx.tenant_key, id)? else { return Ok(None) };
    if old.revision != expected_revision {
        return Err(StoreError::Stale);
    }
    if **fields == old.fields {
        return Ok(Some(old));
    }
    refuse_mirrored(&old)?;
    if fields.name != old.fields.name {
        return Err(StoreError::refused("name", &fields.name, Rule::Fixed));
    }
    if old.root_of.is_some() {
        let parent = fields.parent.map(|parent| parent.to_string()).unwrap_or_default();
        return Err(StoreError::refused("parent", parent, Rule::Fixed));
    }
    let parent = tree::parent_key(tx.conn, tx.tenant_key, Some(key), fields.parent)?;
    refuse_taken(tx, fields, parent, Some(key))?;
    let now = tx.now();
    let written = diesel::update(groups::table.filter(groups::id.eq(key)))
        .filter(groups::revision.eq(expected_revision))
        .set((
            groups::parent_id.eq(parent),
            groups::revision.eq(expected_revision + 1),
            groups::updated_at.eq(now.millis()),
        ))
        .execute(tx.conn)?;
    if written != 1 {
        return Err(StoreError::Stale);
    }
    tx.audit(Act::Update, ObjectKind::Group, id, &difference(Some(&old.fields), Some(&**fields)))?;
    Ok(Some(Group { fields: (**fields).clone(), revision: old.revision + 1, updated_at: now, ..old }))
}

/// Removes a group and everything below it; contacts stay. Services that its members answer for
/// lose it, and no publication shows it any more. A site's root group goes with its site only, and one that
/// mirrors a group of a source with that.
pub fn remove(tx: &mut Tx<'_>, id: GroupId, expected_revision: Option<i64>) -> StoreResult<Option<()>> {
    let Some((_, group)) = load(tx.conn, tx.tenant_key, id)? else { return Ok(None) };
    if expected_revision.is_some_and(|expected| expected != group.revision) {
        return Err(StoreError::Stale);
    }
    if let Some(site) = group.root_of {
        return Err(StoreError::refused("root_of", site, Rule::Fixed));
    }
    refuse_mirrored(&group)?;
    remove_tree(tx, id)?;
    tx.audit(Act::Remove, ObjectKind::Group, id, &difference(Some(&group.fields), None))?;
    Ok(Some(()))
}

/// Makes the root group of a new site.
pub(crate) fn insert_root(tx: &mut Tx<'_>, site: i64, id: GroupId, name: &str) -> StoreResult<GroupId> {
    insert_row(tx, id, name, Place { parent: None, root_of: Some(site), origin: None })?;
    tx.changed(ObjectKind::Group, id);
    Ok(id)
}

/// Gives a root group its site's new name.
pub(crate) fn rename_root(tx: &mut Tx<'_>, id: GroupId, name: &str) -> StoreResult<()> {
    diesel::update(groups::table.filter(groups::public_id.eq(id.to_string())))
        .set((
            groups::name.eq(name),
            groups::name_key.eq(sort_key(name)),
            groups::revision.eq(groups::revision + 1),
            groups::updated_at.eq(tx.now().millis()),
        ))
        .execute(tx.conn)?;
    tx.changed(ObjectKind::Group, id);
    Ok(())
}

/// Removes a group and everything below it, and what refers to them.
pub(crate) fn remove_tree(tx: &mut Tx<'_>, id: GroupId) -> StoreResult<()> {
    let Some(key) = key(tx.conn, tx.tenant_key, id)? else { return Ok(()) };
    let mut gone = tree::below(tx.conn, &[key])?;
    gone.push(key);
    let names: Vec<String> = ids(tx.conn, gone.iter().copied())?.values().map(ToString::to_string).collect();
    let mut shown_in: Vec<i64> = Vec::new();
    for gone in gone.chunks(CHUNK) {
        let staffed: Vec<i64> = contact_rows::table
            .filter(contact_rows::staffed_by_id.eq_any(gone))
            .select(contact_rows::id)
            .load(tx.conn)?;
        contacts::detach(tx, &staffed, |fields| fields.staffed_by = None)?;
        let shown = publication_entries::table
            .filter(publication_entries::group_id.eq_any(gone))
            .select(publication_entries::publication_id);
        shown_in.extend(shown.load::<i64>(tx.conn)?);
    }
    scopes::forget(tx, "group", &names)?;
    // What is below goes with it by the foreign key.
    diesel::delete(groups::table.filter(groups::id.eq(key))).execute(tx.conn)?;
    publications::touch(tx, &shown_in)?;
    for name in names {
        tx.removed(ObjectKind::Group, name);
    }
    Ok(())
}

/// Where a group stands, and what it is besides.
struct Place {
    parent: Option<i64>,
    root_of: Option<i64>,
    origin: Option<Origin>,
}

/// What a group mirrors: one of a source, or, without identity, the source itself.
struct Origin {
    source: i64,
    external_id: Option<Vec<u8>>,
}

/// Makes the row of a group and says its key.
fn insert_row(tx: &mut Tx<'_>, id: GroupId, name: &str, place: Place) -> StoreResult<i64> {
    let (now, Place { parent, root_of, origin }) = (tx.now().millis(), place);
    let (source, external_id) = origin.map_or((None, None), |origin| (Some(origin.source), origin.external_id));
    Ok(diesel::insert_into(groups::table)
        .values((
            groups::tenant_id.eq(tx.tenant_key),
            groups::public_id.eq(id.to_string()),
            groups::name.eq(name),
            groups::name_key.eq(sort_key(name)),
            groups::parent_id.eq(parent),
            groups::root_of_site_id.eq(root_of),
            groups::synced_from_id.eq(source),
            groups::external_id.eq(external_id),
            groups::revision.eq(1),
            groups::created_at.eq(now),
            groups::updated_at.eq(now),
        ))
        .returning(groups::id)
        .get_result(tx.conn)?)
}

fn refuse_mirrored(group: &Group) -> StoreResult<()> {
    match group.synced_from {
        Some(source) => Err(StoreError::refused("synced_from", source, Rule::Mirrored)),
        None => Ok(()),
    }
}

fn load(conn: &mut Connection, tenant_key: i64, id: GroupId) -> StoreResult<Option<(i64, Group)>> {
    let row: Option<GroupRow> = groups::table
        .filter(groups::tenant_id.eq(tenant_key))
        .filter(groups::public_id.eq(id.to_string()))
        .select(GroupRow::as_select())
        .get_result(conn)
        .optional()?;
    let Some(row) = row else { return Ok(None) };
    let key = row.id;
    Ok(read_all(conn, vec![row])?.pop().map(|group| (key, group)))
}

fn refuse_taken(tx: &mut Tx<'_>, fields: &GroupFields, parent: Option<i64>, except: Option<i64>) -> StoreResult<()> {
    let named = groups::table
        .filter(groups::tenant_id.eq(tx.tenant_key))
        .filter(groups::name_key.eq(sort_key(&fields.name)))
        .filter(groups::root_of_site_id.is_null())
        .select((groups::id, groups::parent_id));
    let named: Vec<(i64, Option<i64>)> = named.load(tx.conn)?;
    if named.iter().any(|(key, above)| *above == parent && Some(*key) != except) {
        return Err(Conflict::Name { field: "name", value: fields.name.clone() }.into());
    }
    Ok(())
}
