//! A group as a row.

use std::collections::HashMap;

use diesel::dsl::count_star;
use diesel::prelude::*;
use directory_model::group::{Group, GroupFields};
use directory_model::id::SourceId;

use crate::column::{Column, moment};
use crate::connection::Connection;
use crate::error::StoreResult;
use crate::refs::CHUNK;
use crate::schema::{contacts, group_members, groups, sources};
use crate::sites;

#[derive(Queryable, Selectable)]
#[diesel(table_name = groups)]
pub(super) struct GroupRow {
    pub(super) id: i64,
    public_id: String,
    name: String,
    pub(super) name_key: String,
    parent_id: Option<i64>,
    root_of_site_id: Option<i64>,
    synced_from_id: Option<i64>,
    revision: i64,
    created_at: i64,
    updated_at: i64,
}

/// Reads rows, looks up what they refer to, and counts their members.
pub(super) fn read_all(conn: &mut Connection, rows: Vec<GroupRow>) -> StoreResult<Vec<Group>> {
    let parents = super::ids(conn, rows.iter().filter_map(|row| row.parent_id))?;
    let sites = sites::ids(conn, rows.iter().filter_map(|row| row.root_of_site_id))?;
    let sources = source_ids(conn, &rows)?;
    let counts = member_counts(conn, &rows)?;
    let read = |row: GroupRow| {
        Ok(Group {
            id: Column("groups", "public_id").id(&row.public_id)?,
            fields: GroupFields { name: row.name, parent: row.parent_id.and_then(|key| parents.get(&key).copied()) },
            root_of: row.root_of_site_id.and_then(|key| sites.get(&key).copied()),
            synced_from: row.synced_from_id.and_then(|key| sources.get(&key).copied()),
            member_count: counts.get(&row.id).copied().unwrap_or(0),
            revision: row.revision,
            created_at: moment(row.created_at),
            updated_at: moment(row.updated_at),
        })
    };
    rows.into_iter().map(read).collect()
}

fn source_ids(conn: &mut Connection, rows: &[GroupRow]) -> StoreResult<HashMap<i64, SourceId>> {
    let keys: Vec<i64> = rows.iter().filter_map(|row| row.synced_from_id).collect();
    let mut ids = HashMap::new();
    for keys in keys.chunks(CHUNK) {
        let found: Vec<(i64, String)> =
            sources::table.filter(sources::id.eq_any(keys)).select((sources::id, sources::public_id)).load(conn)?;
        for (key, id) in found {
            ids.insert(key, Column("sources", "public_id").id(&id)?);
        }
    }
    Ok(ids)
}

/// How many members one group has.
pub(crate) fn count_members(conn: &mut Connection, group: i64) -> StoreResult<usize> {
    let row = groups::table.filter(groups::id.eq(group)).select(GroupRow::as_select()).get_result(conn)?;
    let counts = member_counts(conn, &[row])?;
    Ok(counts.get(&group).map_or(0, |count| usize::try_from(*count).unwrap_or(usize::MAX)))
}

fn member_counts(conn: &mut Connection, rows: &[GroupRow]) -> StoreResult<HashMap<i64, u64>> {
    let mut counts: HashMap<i64, u64> = HashMap::new();
    let keys: Vec<i64> = rows.iter().map(|row| row.id).collect();
    for keys in keys.chunks(CHUNK) {
        let found: Vec<(i64, i64)> = group_members::table
            .filter(group_members::group_id.eq_any(keys))
            .group_by(group_members::group_id)
            .select((group_members::group_id, count_star()))
            .load(conn)?;
        counts.extend(found.into_iter().map(|(key, count)| (key, count.unsigned_abs())));
    }
    // Home contacts are members by themselves; one that is listed too counts once.
    for row in rows {
        let Some(site) = row.root_of_site_id else { continue };
        let listed = group_members::table.filter(group_members::group_id.eq(row.id)).select(group_members::contact_id);
        let unlisted: i64 = contacts::table
            .filter(contacts::home_site_id.eq(site))
            .filter(contacts::id.ne_all(listed))
            .count()
            .get_result(conn)?;
        *counts.entry(row.id).or_default() += unlisted.unsigned_abs();
    }
    Ok(counts)
}
