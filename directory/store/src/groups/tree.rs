//! Up and down the tree.

use std::collections::BTreeSet;

use diesel::prelude::*;
use directory_model::group::MAX_DEPTH;
use directory_model::id::{ContactId, GroupId, TenantId};
use directory_model::invalid::Rule;

use crate::connection::Connection;
use crate::error::{StoreError, StoreResult};
use crate::refs::CHUNK;
use crate::schema::{contacts as contact_rows, group_members, groups};
use crate::{contacts, tenants};

/// The groups above a group, nearest first. `None` when the tenant has no such group.
pub fn ancestors(conn: &mut Connection, tenant: TenantId, group: GroupId) -> StoreResult<Option<Vec<GroupId>>> {
    let Some(tenant_key) = tenants::key(conn, tenant)? else { return Ok(None) };
    let Some(key) = super::key(conn, tenant_key, group)? else { return Ok(None) };
    let keys = above(conn, key)?;
    let ids = super::ids(conn, keys.iter().copied())?;
    Ok(Some(keys.iter().filter_map(|key| ids.get(key).copied()).collect()))
}

/// The groups below a group, at any depth, in no particular order. `None` when the tenant has no
/// such group.
pub fn descendants(conn: &mut Connection, tenant: TenantId, group: GroupId) -> StoreResult<Option<Vec<GroupId>>> {
    let Some(tenant_key) = tenants::key(conn, tenant)? else { return Ok(None) };
    let Some(key) = super::key(conn, tenant_key, group)? else { return Ok(None) };
    let keys = below(conn, &[key])?;
    Ok(Some(super::ids(conn, keys)?.into_values().collect()))
}

/// Every group that contains a contact: those that list it, the root group of its home site, and
/// all above them. Rights on any of these reach the contact. Empty when the tenant has no such contact.
pub fn of_contact(conn: &mut Connection, tenant: TenantId, contact: ContactId) -> StoreResult<BTreeSet<GroupId>> {
    let Some(tenant_key) = tenants::key(conn, tenant)? else { return Ok(BTreeSet::new()) };
    let Some(contact) = contacts::key(conn, tenant_key, contact)? else { return Ok(BTreeSet::new()) };
    let keys = keys_of_contact(conn, contact)?;
    Ok(super::ids(conn, keys)?.into_values().collect())
}

/// The row keys of every group that contains a contact.
pub(crate) fn keys_of_contact(conn: &mut Connection, contact: i64) -> StoreResult<BTreeSet<i64>> {
    let mut level: Vec<i64> = group_members::table
        .filter(group_members::contact_id.eq(contact))
        .select(group_members::group_id)
        .load(conn)?;
    let root: Vec<i64> = contact_rows::table
        .inner_join(groups::table.on(groups::root_of_site_id.eq(contact_rows::home_site_id)))
        .filter(contact_rows::id.eq(contact))
        .select(groups::id)
        .load(conn)?;
    level.extend(root);
    let mut found: BTreeSet<i64> = BTreeSet::new();
    while !level.is_empty() {
        let mut next = Vec::new();
        for keys in level.chunks(CHUNK) {
            let parents = groups::table.filter(groups::id.eq_any(keys)).select(groups::parent_id);
            next.extend(parents.load::<Option<i64>>(conn)?.into_iter().flatten());
        }
        found.extend(level);
        next.retain(|key| !found.contains(key));
        level = next;
    }
    Ok(found)
}

/// The row keys above a group, nearest first.
fn above(conn: &mut Connection, key: i64) -> StoreResult<Vec<i64>> {
    let mut found = Vec::new();
    let mut at = key;
    // Bounded, so that a tree damaged by hand does not hang the gateway.
    while found.len() <= MAX_DEPTH {
        let parent: Option<Option<i64>> =
            groups::table.filter(groups::id.eq(at)).select(groups::parent_id).get_result(conn).optional()?;
        let Some(parent) = parent.flatten() else { break };
        found.push(parent);
        at = parent;
    }
    Ok(found)
}

/// The row keys below these groups, level by level.
pub(super) fn below(conn: &mut Connection, keys: &[i64]) -> StoreResult<Vec<i64>> {
    Ok(levels_below(conn, keys)?.concat())
}

fn levels_below(conn: &mut Connection, keys: &[i64]) -> StoreResult<Vec<Vec<i64>>> {
    let mut levels: Vec<Vec<i64>> = Vec::new();
    let mut level = keys.to_vec();
    while levels.len() <= MAX_DEPTH {
        let mut next: Vec<i64> = Vec::new();
        for keys in level.chunks(CHUNK) {
            let children = groups::table.filter(groups::parent_id.eq_any(keys)).select(groups::id);
            next.extend(children.load::<i64>(conn)?);
        }
        if next.is_empty() {
            break;
        }
        levels.push(next.clone());
        level = next;
    }
    Ok(levels)
}

/// The row key of the parent that a group is to have. Refuses one that the tenant does not have,
/// one that is the group `own` itself or below it, one that mirrors a source, and one that makes the tree
/// too deep.
pub(super) fn parent_key(
    conn: &mut Connection,
    tenant_key: i64,
    own: Option<i64>,
    parent: Option<GroupId>,
) -> StoreResult<Option<i64>> {
    let Some(id) = parent else { return Ok(None) };
    let refuse = |rule| Err(StoreError::refused("parent", id, rule));
    let Some(parent) = super::key(conn, tenant_key, id)? else { return refuse(Rule::Unknown) };
    if is_mirrored(conn, parent)? {
        return refuse(Rule::Mirrored);
    }
    let above = above(conn, parent)?;
    if own.is_some_and(|own| own == parent || above.contains(&own)) {
        return refuse(Rule::Cycle);
    }
    let height = match own {
        Some(own) => levels_below(conn, &[own])?.len(),
        None => 0,
    };
    // What is above the parent, the parent, the group, and what is below the group.
    if above.len() + 1 + 1 + height > MAX_DEPTH {
        return refuse(Rule::TooLong { max: MAX_DEPTH as u64, unit: "levels".into() });
    }
    Ok(Some(parent))
}

/// Whether a group mirrors one of a source.
pub(super) fn is_mirrored(conn: &mut Connection, key: i64) -> StoreResult<bool> {
    let source = groups::table.find(key).select(groups::synced_from_id).get_result::<Option<i64>>(conn)?;
    Ok(source.is_some())
}
