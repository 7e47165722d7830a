//! Who belongs to a group.

use std::collections::BTreeSet;

use diesel::prelude::*;
use directory_model::audit::Act;
use directory_model::change::ObjectKind;
use directory_model::contact::Contact;
use directory_model::id::{ContactId, GroupId, TenantId};
use directory_model::invalid::Rule;
use directory_model::page::{Page, PageRequest};
use serde_json::json;

use crate::column::Column;
use crate::connection::Connection;
use crate::error::{StoreError, StoreResult};
use crate::page::keyset;
use crate::refs::CHUNK;
use crate::schema::{contacts as contact_rows, group_members, groups};
use crate::tx::Tx;
use crate::{contacts, tenants};

/// A page of the group's members by the name they are shown with, home contacts included. `None`
/// when the tenant has no such group.
pub fn members(
    conn: &mut Connection,
    tenant: TenantId,
    group: GroupId,
    request: &PageRequest,
) -> StoreResult<Option<Page<Contact>>> {
    let Some((group, site)) = place(conn, tenant, group)? else { return Ok(None) };
    let listed = group_members::table.filter(group_members::group_id.eq(group)).select(group_members::contact_id);
    // No site has the row key 0.
    let is_member = contact_rows::id.eq_any(listed).or(contact_rows::home_site_id
        .is_not_null()
        .and(contact_rows::home_site_id.assume_not_null().eq(site.unwrap_or(0))));
    let found: Vec<(i64, String)> = keyset!(
        contact_rows::table.filter(is_member).select((contact_rows::id, contact_rows::sort_key)),
        request, sort: contact_rows::sort_key, id: contact_rows::id, search: contact_rows::search_key)
    .load(conn)?;
    contacts::page(conn, found, request).map(Some)
}

/// The contacts that are listed in the group: without the home contacts of a root group, who belong
/// to it by themselves. `None` when the tenant has no such group.
pub fn member_ids(conn: &mut Connection, tenant: TenantId, group: GroupId) -> StoreResult<Option<Vec<ContactId>>> {
    let Some((group, _)) = place(conn, tenant, group)? else { return Ok(None) };
    let ids: Vec<String> = group_members::table
        .inner_join(contact_rows::table.on(contact_rows::id.eq(group_members::contact_id)))
        .filter(group_members::group_id.eq(group))
        .order((contact_rows::sort_key.asc(), contact_rows::id.asc()))
        .select(contact_rows::public_id)
        .load(conn)?;
    ids.iter().map(|id| Column("contacts", "public_id").id(id)).collect::<StoreResult<_>>().map(Some)
}

/// The contacts of a group and of every group below it, home contacts of root groups included. `None` when
/// the tenant has no such group.
pub fn contacts_within(conn: &mut Connection, tenant: TenantId, group: GroupId) -> StoreResult<Option<Vec<ContactId>>> {
    let Some((key, _)) = place(conn, tenant, group)? else { return Ok(None) };
    let mut keys = super::tree::below(conn, &[key])?;
    keys.push(key);
    let mut found: BTreeSet<String> = BTreeSet::new();
    for keys in keys.chunks(CHUNK) {
        let listed: Vec<String> = group_members::table
            .inner_join(contact_rows::table.on(contact_rows::id.eq(group_members::contact_id)))
            .filter(group_members::group_id.eq_any(keys))
            .select(contact_rows::public_id)
            .load(conn)?;
        let at_home: Vec<String> = contact_rows::table
            .inner_join(groups::table.on(groups::root_of_site_id.eq(contact_rows::home_site_id)))
            .filter(groups::id.eq_any(keys))
            .select(contact_rows::public_id)
            .load(conn)?;
        found.extend(listed.into_iter().chain(at_home));
    }
    found.iter().map(|id| Column("contacts", "public_id").id(id)).collect::<StoreResult<_>>().map(Some)
}

/// Everything that [`member_ids`] would say of all groups of the tenant, for start-up.
pub fn all_members(conn: &mut Connection, tenant: TenantId) -> StoreResult<Vec<(GroupId, ContactId)>> {
    let Some(tenant_key) = tenants::key(conn, tenant)? else { return Ok(Vec::new()) };
    let rows: Vec<(String, String)> = group_members::table
        .inner_join(groups::table.on(groups::id.eq(group_members::group_id)))
        .inner_join(contact_rows::table.on(contact_rows::id.eq(group_members::contact_id)))
        .filter(group_members::tenant_id.eq(tenant_key))
        .order((groups::id.asc(), contact_rows::sort_key.asc(), contact_rows::id.asc()))
        .select((groups::public_id, contact_rows::public_id))
        .load(conn)?;
    let read = |(group, contact): (String, String)| {
        Ok((Column("groups", "public_id").id(&group)?, Column("contacts", "public_id").id(&contact)?))
    };
    rows.into_iter().map(read).collect()
}

/// Lists a contact in a group; nothing happens when it is listed already. `None` when the tenant
/// has no such group or no such contact. Refused for a group that mirrors one of a source.
pub fn add_member(tx: &mut Tx<'_>, group: GroupId, contact: ContactId) -> StoreResult<Option<()>> {
    let Some((group_key, _)) = place(tx.conn, tx.tenant, group)? else { return Ok(None) };
    let Some(contact_key) = contacts::key(tx.conn, tx.tenant_key, contact)? else { return Ok(None) };
    if is_listed(tx.conn, group_key, contact_key)? {
        return Ok(Some(()));
    }
    refuse_mirrored(tx.conn, group_key, contact)?;
    diesel::insert_into(group_members::table)
        .values((
            group_members::tenant_id.eq(tx.tenant_key),
            group_members::group_id.eq(group_key),
            group_members::contact_id.eq(contact_key),
        ))
        .execute(tx.conn)?;
    tx.audit(Act::Update, ObjectKind::Group, group, &json!({"members": [null, contact]}))?;
    Ok(Some(()))
}

/// Takes a contact out of a group. `None` when it is not in it. Refuses to take a home contact out
/// of the root group of its site, or anybody out of a group that mirrors one of a source.
pub fn remove_member(tx: &mut Tx<'_>, group: GroupId, contact: ContactId) -> StoreResult<Option<()>> {
    let Some((group_key, site)) = place(tx.conn, tx.tenant, group)? else { return Ok(None) };
    let Some(contact_key) = contacts::key(tx.conn, tx.tenant_key, contact)? else { return Ok(None) };
    if is_listed(tx.conn, group_key, contact_key)? {
        refuse_mirrored(tx.conn, group_key, contact)?;
        diesel::delete(group_members::table.find((group_key, contact_key))).execute(tx.conn)?;
        tx.audit(Act::Update, ObjectKind::Group, group, &json!({"members": [contact, null]}))?;
        return Ok(Some(()));
    }
    let home: Option<i64> = contact_rows::table
        .filter(contact_rows::id.eq(contact_key))
        .select(contact_rows::home_site_id)
        .get_result(tx.conn)?;
    if home.is_some() && home == site {
        return Err(StoreError::refused("contact", contact, Rule::Fixed));
    }
    Ok(None)
}

/// The group's row key, and that of the site whose root it is.
fn place(conn: &mut Connection, tenant: TenantId, group: GroupId) -> StoreResult<Option<(i64, Option<i64>)>> {
    let Some(tenant_key) = tenants::key(conn, tenant)? else { return Ok(None) };
    Ok(groups::table
        .filter(groups::tenant_id.eq(tenant_key))
        .filter(groups::public_id.eq(group.to_string()))
        .select((groups::id, groups::root_of_site_id))
        .get_result(conn)
        .optional()?)
}

fn is_listed(conn: &mut Connection, group: i64, contact: i64) -> StoreResult<bool> {
    let found: Option<i64> =
        group_members::table.find((group, contact)).select(group_members::group_id).get_result(conn).optional()?;
    Ok(found.is_some())
}

fn refuse_mirrored(conn: &mut Connection, group: i64, contact: ContactId) -> StoreResult<()> {
    let is_mirrored = super::tree::is_mirrored(conn, group)?;
    if is_mirrored { Err(StoreError::refused("contact", contact, Rule::Mirrored)) } else { Ok(()) }
}
