//! Mirrored groups as they were before a run: what is kept of them, and how they become so again.

use std::collections::HashMap;

use diesel::prelude::*;
use directory_model::change::ObjectKind;
use directory_model::id::{ContactId, GroupId, PublicationId};
use directory_model::timestamp::Timestamp;
use directory_model::undo::{GroupDeed, RemovedGroup};

use super::synced::{self, Member};
use super::{Origin, Place, insert_row, remove_tree, said};
use crate::column::Column;
use crate::connection::Connection;
use crate::contacts;
use crate::error::StoreResult;
use crate::publications::{self, Shown};
use crate::refs::CHUNK;
use crate::schema::publications as publication_rows;
use crate::schema::{contacts as contact_rows, group_members, groups, publication_entries};
use crate::sync_runs::OpenRun;
use crate::tx::Tx;

/// A mirrored group as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupNow {
    /// What it is called.
    pub name: String,
    /// Publications show it, or its people answer for a service.
    pub is_used: bool,
}

/// Those of the groups of the run's source with these identities that are there.
pub fn now(conn: &mut Connection, run: &OpenRun, ids: &[Vec<u8>]) -> StoreResult<HashMap<Vec<u8>, GroupNow>> {
    let mut found = HashMap::with_capacity(ids.len());
    for ids in ids.chunks(CHUNK) {
        let rows: Vec<(i64, Option<Vec<u8>>, String)> = groups::table
            .filter(groups::synced_from_id.eq(run.source_key).and(groups::external_id.eq_any(ids)))
            .select((groups::id, groups::external_id, groups::name))
            .load(conn)?;
        let keys: Vec<i64> = rows.iter().map(|(key, ..)| *key).collect();
        let shown = publication_entries::table.filter(publication_entries::group_id.eq_any(&keys));
        let mut used: Vec<Option<i64>> = shown.select(publication_entries::group_id).load(conn)?;
        let staffed = contact_rows::table.filter(contact_rows::staffed_by_id.eq_any(&keys));
        used.extend(staffed.select(contact_rows::staffed_by_id).load::<Option<i64>>(conn)?);
        for (key, id, name) in rows {
            found.insert(id.unwrap_or_default(), GroupNow { name, is_used: used.contains(&Some(key)) });
        }
    }
    Ok(found)
}

/// What is to be known of a group that is about to go.
pub(super) fn snapshot(tx: &mut Tx<'_>, key: i64, id: GroupId) -> StoreResult<RemovedGroup> {
    let (name, revision, created_at): (String, i64, i64) =
        groups::table.find(key).select((groups::name, groups::revision, groups::created_at)).get_result(tx.conn)?;
    let members: Vec<String> = group_members::table
        .inner_join(contact_rows::table.on(contact_rows::id.eq(group_members::contact_id)))
        .filter(group_members::group_id.eq(key))
        .select(contact_rows::public_id)
        .load(tx.conn)?;
    let staffed: Vec<String> = contact_rows::table
        .filter(contact_rows::staffed_by_id.eq(key))
        .select(contact_rows::public_id)
        .load(tx.conn)?;
    let shown: Vec<(String, i64)> = publication_entries::table
        .inner_join(publication_rows::table.on(publication_rows::id.eq(publication_entries::publication_id)))
        .filter(publication_entries::group_id.eq(key))
        .select((publication_rows::public_id, publication_entries::position))
        .load(tx.conn)?;
    let place = |(id, position): (String, i64)| -> StoreResult<(PublicationId, i64)> {
        Ok((Column("publications", "public_id").id(&id)?, position))
    };
    Ok(RemovedGroup {
        id,
        name,
        revision,
        created_at: Timestamp::from_millis(created_at),
        members: contact_ids(&members)?,
        staffed: contact_ids(&staffed)?,
        publications: shown.into_iter().map(place).collect::<StoreResult<_>>()?,
    })
}

/// The identities of the contacts.
pub(super) fn contact_ids(texts: &[String]) -> StoreResult<Vec<ContactId>> {
    texts.iter().map(|id| Column("contacts", "public_id").id(id)).collect()
}

/// Takes back what a run did with a group, as far as that is still so, and leaves the group alone from now
/// on. Does nothing when the source is to mirror no groups any more.
pub(crate) fn take_back(tx: &mut Tx<'_>, run: &OpenRun, external_id: &[u8], deed: &GroupDeed) -> StoreResult<()> {
    if !crate::sources::is_mirroring(tx.conn, run.source_key)? {
        return Ok(());
    }
    let group = synced::find(tx.conn, run, external_id)?;
    match (deed, group) {
        (GroupDeed::Made, Some((_, id))) => remove_tree(tx, id)?,
        (GroupDeed::Renamed { old, .. }, Some(group)) => {
            let node = synced::node(tx, run.source_key)?;
            synced::free_for_good(tx, node, Some(group.0), old)?;
            synced::rename(tx, node, group, old)?;
        }
        (GroupDeed::Removed(removed), None) => bring_back(tx, run, external_id, removed)?,
        (GroupDeed::Joined { contacts }, Some(group)) => {
            let members = members(tx, contacts)?;
            synced::leave(tx, group, &members)?;
        }
        (GroupDeed::Left { contacts }, Some(group)) => {
            let members = members(tx, contacts)?;
            synced::join(tx, group, &members)?;
        }
        // It is so already.
        (GroupDeed::Removed(_), Some(_)) | (_, None) => {}
    }
    said::hold(tx.conn, run, external_id)
}

/// Those of the contacts that are there.
fn members(tx: &mut Tx<'_>, ids: &[ContactId]) -> StoreResult<Vec<Member>> {
    let mut members: Vec<Member> =
        contacts::keys(tx.conn, tx.tenant_key, ids)?.into_values().map(Member::of_row).collect();
    members.sort_unstable();
    Ok(members)
}

/// Makes a removed group again, with everything that referred to it and is still there.
fn bring_back(tx: &mut Tx<'_>, run: &OpenRun, external_id: &[u8], removed: &RemovedGroup) -> StoreResult<()> {
    let node = synced::node(tx, run.source_key)?;
    synced::free_for_good(tx, node, None, &removed.name)?;
    let origin = Some(Origin { source: run.source_key, external_id: Some(external_id.to_vec()) });
    let key = insert_row(tx, removed.id, &removed.name, Place { parent: Some(node), root_of: None, origin })?;
    diesel::update(groups::table.find(key))
        // Who knew the group before must not take it for unchanged.
        .set((groups::revision.eq(removed.revision + 1), groups::created_at.eq(removed.created_at.millis())))
        .execute(tx.conn)?;
    tx.changed(ObjectKind::Group, removed.id);
    let members = members(tx, &removed.members)?;
    synced::join(tx, (key, removed.id), &members)?;
    let staffed: Vec<i64> = contacts::keys(tx.conn, tx.tenant_key, &removed.staffed)?.into_values().collect();
    contacts::detach(tx, &staffed, |fields| {
        fields.staffed_by.get_or_insert(removed.id);
    })?;
    publications::show_again(tx, Shown::Group(key), &removed.publications)
}
