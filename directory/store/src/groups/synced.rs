//! Groups that mirror those of a source: flat below one node of the tree, which is named after the
//! source, and changed by runs alone.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;
use directory_model::change::ObjectKind;
use directory_model::group::{is_numbered, numbered};
use directory_model::id::{ContactId, GroupId};
use directory_model::run::{Counts, RunAction, RunEntry};
use directory_model::text::sort_key;
use directory_model::undo::{GroupDeed, Reversal};

use super::{Origin, Place, insert_row, remove_tree, undone};
use crate::column::Column;
use crate::connection::Connection;
use crate::connection::rows::{insert_rows, sqlite_row};
use crate::error::StoreResult;
use crate::refs::CHUNK;
use crate::schema::{contacts, group_members, groups, source_records, sources};
use crate::sources::is_mirroring;
use crate::sync_runs::{self, OpenRun};
use crate::tx::Tx;

/// A contact, as memberships refer to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Member(i64);

impl Member {
    /// The contact of this row.
    pub const fn of_row(key: i64) -> Self {
        Self(key)
    }
}

/// A group that mirrors one of the source, as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MirroredGroup {
    /// What identifies it in the source.
    pub external_id: Vec<u8>,
    /// What it is called here.
    pub name: String,
    /// Who is in it, ascending.
    pub members: Vec<Member>,
}

/// What is done with one group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupChange {
    /// What identifies it in the source.
    pub external_id: Vec<u8>,
    /// Where it is found by a person: its DN, or its name when it is gone.
    pub locator: String,
    /// What is done.
    pub act: GroupAct,
}

/// What can be done with a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GroupAct {
    /// It goes, and with it every use of it.
    Remove,
    /// It gets another name.
    Rename {
        /// What it is called, whatever it is called for a moment until it is its turn.
        old: String,
        /// What it is to be called.
        new: String,
    },
    /// It is made, with this name.
    Create(String),
    /// These go from it.
    Leave(Vec<Member>),
    /// These come into it.
    Join(Vec<Member>),
}

/// Every group that mirrors one of the run's source.
pub fn mirrored(conn: &mut Connection, run: &OpenRun) -> StoreResult<Vec<MirroredGroup>> {
    let of_source = groups::synced_from_id.eq(run.source_key).and(groups::external_id.is_not_null());
    let rows: Vec<(i64, Option<Vec<u8>>, String)> = groups::table
        .filter(of_source)
        .select((groups::id, groups::external_id, groups::name))
        .order(groups::id.asc())
        .load(conn)?;
    let listed: Vec<(i64, i64)> = group_members::table
        .inner_join(groups::table.on(groups::id.eq(group_members::group_id)))
        .filter(of_source)
        .select((group_members::group_id, group_members::contact_id))
        .order((group_members::group_id.asc(), group_members::contact_id.asc()))
        .load(conn)?;
    let mut members: HashMap<i64, Vec<Member>> = HashMap::with_capacity(rows.len());
    for (group, contact) in listed {
        members.entry(group).or_default().push(Member(contact));
    }
    let read = |(key, external_id, name): (i64, Option<Vec<u8>>, String)| MirroredGroup {
        external_id: external_id.unwrap_or_default(),
        name,
        members: members.remove(&key).unwrap_or_default(),
    };
    Ok(rows.into_iter().map(read).collect())
}

/// The contacts of these entries of the run's source, in their order; `None` for one without.
pub fn contacts_of(conn: &mut Connection, run: &OpenRun, external_ids: &[Vec<u8>]) -> StoreResult<Vec<Option<Member>>> {
    let mut found: HashMap<Vec<u8>, i64> = HashMap::with_capacity(external_ids.len());
    for ids in external_ids.chunks(CHUNK) {
        let rows: Vec<(Vec<u8>, Option<i64>)> = source_records::table
            .filter(source_records::source_id.eq(run.source_key).and(source_records::external_id.eq_any(ids)))
            .select((source_records::external_id, source_records::contact_id))
            .load(conn)?;
        found.extend(rows.into_iter().filter_map(|(id, contact)| Some((id, contact?))));
    }
    Ok(external_ids.iter().map(|id| found.get(id).copied().map(Member)).collect())
}

/// Does these things, in their order, adds lines about them to the run's record, and counts. A group that is gone by now is passed over, as is a contact, and everything when
/// the source is to mirror no groups any more.
pub fn write_batch(tx: &mut Tx<'_>, run: &OpenRun, changes: Vec<GroupChange>, counts: &mut Counts) -> StoreResult<()> {
    if !is_mirroring(tx.conn, run.source_key)? {
        return Ok(());
    }
    let node = node(tx, run.source_key)?;
    let mut number = sync_runs::next_number(tx.conn, run)?;
    let (mut entries, mut reversals) = (Vec::new(), HashMap::new());
    for GroupChange { external_id, locator, act } in changes {
        let group = find(tx.conn, run, &external_id)?;
        let Some((action, deed)) = change(tx, run, (node, group), (&external_id, act), counts)? else { continue };
        let reversal = Reversal { entry: Some(external_id), group: Some(deed), ..Reversal::default() };
        reversals.insert(entries.len(), reversal);
        entries.push(RunEntry { number, action, locator, contact: None, changes: Vec::new(), reason: None });
        number += 1;
    }
    tx.changed(ObjectKind::Run, run.id);
    sync_runs::append(tx.conn, run, &entries, &reversals)
}

/// Does one thing with a group, if it still can be done, and says what that was.
fn change(
    tx: &mut Tx<'_>,
    run: &OpenRun,
    (node, group): (i64, Option<(i64, GroupId)>),
    (external_id, act): (&[u8], GroupAct),
    counts: &mut Counts,
) -> StoreResult<Option<(RunAction, GroupDeed)>> {
    Ok(Some(match (act, group) {
        (GroupAct::Create(name), None) => {
            create(tx, run, node, (external_id.to_vec(), name))?;
            counts.groups_created += 1;
            (RunAction::CreateGroup, GroupDeed::Made)
        }
        (GroupAct::Rename { old, new }, Some(group)) => {
            rename(tx, node, group, &new)?;
            counts.groups_renamed += 1;
            (RunAction::RenameGroup, GroupDeed::Renamed { old, new })
        }
        (GroupAct::Remove, Some((key, id))) => {
            let removed = undone::snapshot(tx, key, id)?;
            remove_tree(tx, id)?;
            counts.groups_removed += 1;
            (RunAction::RemoveGroup, GroupDeed::Removed(Box::new(removed)))
        }
        (GroupAct::Leave(members), Some(group)) => {
            let contacts = leave(tx, group, &members)?;
            counts.memberships_removed += contacts.len() as u64;
            (RunAction::LeaveGroup, GroupDeed::Left { contacts })
        }
        (GroupAct::Join(members), Some(group)) => {
            let contacts = join(tx, group, &members)?;
            counts.memberships_added += contacts.len() as u64;
            (RunAction::JoinGroup, GroupDeed::Joined { contacts })
        }
        (GroupAct::Create(_), Some(_)) | (_, None) => return Ok(None),
    }))
}

/// Removes everything that mirrors groups of the source, and every use of it.
pub(crate) fn remove_all(tx: &mut Tx<'_>, source_key: i64) -> StoreResult<()> {
    let of_source = groups::table.filter(groups::synced_from_id.eq(source_key).and(groups::external_id.is_null()));
    let nodes: Vec<String> = of_source.select(groups::public_id).load(tx.conn)?;
    nodes.iter().try_for_each(|node| remove_tree(tx, Column("groups", "public_id").id(node)?))
}

/// Gives the node above the mirrored groups, if there is one, its source's new name.
pub(crate) fn follow_name(tx: &mut Tx<'_>, source_key: i64) -> StoreResult<()> {
    let of_source = groups::synced_from_id.eq(source_key).and(groups::external_id.is_null());
    let nodes: i64 = groups::table.filter(of_source).count().get_result(tx.conn)?;
    if nodes > 0 { node(tx, source_key).map(drop) } else { Ok(()) }
}

/// The row key of the node above the mirrored groups. It is made when there is none, and follows the
/// name of its source; where another group at the top has that name, it has a number behind it.
pub(super) fn node(tx: &mut Tx<'_>, source_key: i64) -> StoreResult<i64> {
    let source: String = sources::table.find(source_key).select(sources::name).get_result(tx.conn)?;
    let row: Option<(i64, String, String)> = groups::table
        .filter(groups::synced_from_id.eq(source_key).and(groups::external_id.is_null()))
        .select((groups::id, groups::public_id, groups::name))
        .get_result(tx.conn)
        .optional()?;
    let own = row.as_ref().map(|(key, ..)| *key);
    let at_top = groups::table
        .filter(groups::tenant_id.eq(tx.tenant_key).and(groups::parent_id.is_null()))
        .filter(groups::root_of_site_id.is_null().and(groups::id.ne(own.unwrap_or(0))))
        .select(groups::name_key);
    if let Some((key, _, name)) = &row
        && *name == source
    {
        return Ok(*key);
    }
    let taken: BTreeSet<String> = at_top.load(tx.conn)?.into_iter().collect();
    let is_free = |name: &String| !taken.contains(&sort_key(name));
    let mut names = (1..).map(|number| numbered(&source, number));
    let name = match &row {
        Some((_, _, name)) if !is_free(&source) && is_numbered(name, &source) => name.clone(),
        _ => names.find(is_free).unwrap_or_else(|| source.clone()),
    };
    if let Some((key, id, old)) = row {
        if old != name {
            set_name(tx, key, Column("groups", "public_id").id(&id)?, &name)?;
        }
        return Ok(key);
    }
    let id = GroupId::new(tx.ids());
    let origin = Some(Origin { source: source_key, external_id: None });
    let key = insert_row(tx, id, &name, Place { parent: None, root_of: None, origin })?;
    tx.changed(ObjectKind::Group, id);
    Ok(key)
}

/// Row key and public identity of the group.
pub(super) fn find(conn: &mut Connection, run: &OpenRun, external_id: &[u8]) -> StoreResult<Option<(i64, GroupId)>> {
    let row: Option<(i64, String)> = groups::table
        .filter(groups::synced_from_id.eq(run.source_key).and(groups::external_id.eq(external_id)))
        .select((groups::id, groups::public_id))
        .get_result(conn)
        .optional()?;
    row.map(|(key, id)| Ok((key, Column("groups", "public_id").id(&id)?))).transpose()
}

fn create(tx: &mut Tx<'_>, run: &OpenRun, node: i64, (external_id, name): (Vec<u8>, String)) -> StoreResult<()> {
    free(tx, node, None, &name)?;
    let id = GroupId::new(tx.ids());
    let origin = Some(Origin { source: run.source_key, external_id: Some(external_id) });
    insert_row(tx, id, &name, Place { parent: Some(node), root_of: None, origin })?;
    tx.changed(ObjectKind::Group, id);
    Ok(())
}

pub(super) fn rename(tx: &mut Tx<'_>, node: i64, (key, id): (i64, GroupId), name: &str) -> StoreResult<()> {
    free(tx, node, Some(key), name)?;
    set_name(tx, key, id, name)
}

/// Takes a name from the group that has it, whose turn to get another one is still to come: two groups
/// may have exchanged their names.
fn free(tx: &mut Tx<'_>, node: i64, except: Option<i64>, name: &str) -> StoreResult<()> {
    let Some((key, id, name)) = holder(tx, node, except, name)? else { return Ok(()) };
    set_name(tx, key, id, &format!("{name} ({id})"))
}

/// The same where no turn is to come: the group that has the name gets the next number behind it that is free.
pub(super) fn free_for_good(tx: &mut Tx<'_>, node: i64, except: Option<i64>, name: &str) -> StoreResult<()> {
    let Some((key, id, name)) = holder(tx, node, except, name)? else { return Ok(()) };
    let of_node = groups::table.filter(groups::tenant_id.eq(tx.tenant_key).and(groups::parent_id.eq(node)));
    let taken: BTreeSet<String> = of_node.select(groups::name_key).load(tx.conn)?.into_iter().collect();
    let mut names = (2..).map(|number| numbered(&name, number));
    match names.find(|name| !taken.contains(&sort_key(name))) {
        Some(free) => set_name(tx, key, id, &free),
        None => Ok(()),
    }
}

/// The group below the node that has the name, other than `except`.
fn holder(tx: &mut Tx<'_>, node: i64, except: Option<i64>, name: &str) -> StoreResult<Option<(i64, GroupId, String)>> {
    let holder: Option<(i64, String, String)> = groups::table
        .filter(groups::tenant_id.eq(tx.tenant_key).and(groups::name_key.eq(sort_key(name))))
        .filter(groups::parent_id.eq(node).and(groups::id.ne(except.unwrap_or(0))))
        .select((groups::id, groups::public_id, groups::name))
        .get_result(tx.conn)
        .optional()?;
    holder.map(|(key, id, name)| Ok((key, Column("groups", "public_id").id(&id)?, name))).transpose()
}

fn set_name(tx: &mut Tx<'_>, key: i64, id: GroupId, name: &str) -> StoreResult<()> {
    diesel::update(groups::table.find(key))
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

/// Takes these out of the group; says who was in it.
pub(super) fn leave(tx: &mut Tx<'_>, (key, id): (i64, GroupId), members: &[Member]) -> StoreResult<Vec<ContactId>> {
    let mut gone = Vec::with_capacity(members.len());
    for members in members.chunks(CHUNK) {
        let keys: Vec<i64> = members.iter().map(|Member(contact)| *contact).collect();
        let listed = group_members::group_id.eq(key).and(group_members::contact_id.eq_any(keys));
        let who: Vec<String> = group_members::table
            .inner_join(contacts::table.on(contacts::id.eq(group_members::contact_id)))
            .filter(listed.clone())
            .select(contacts::public_id)
            .load(tx.conn)?;
        diesel::delete(group_members::table.filter(listed)).execute(tx.conn)?;
        gone.extend(undone::contact_ids(&who)?);
    }
    tx.changed(ObjectKind::Group, id);
    Ok(gone)
}

#[derive(Insertable)]
#[diesel(table_name = group_members)]
#[expect(clippy::struct_field_names, reason = "named like the columns")]
struct MemberRow {
    tenant_id: i64,
    group_id: i64,
    contact_id: i64,
}

sqlite_row!(MemberRow, group_members, |row| {
    tenant_id: row.tenant_id,
    group_id: row.group_id,
    contact_id: row.contact_id,
} or "ON CONFLICT DO NOTHING");

/// Puts these into the group; says who of them was there to be put into it.
pub(super) fn join(tx: &mut Tx<'_>, (key, id): (i64, GroupId), members: &[Member]) -> StoreResult<Vec<ContactId>> {
    let mut come = Vec::with_capacity(members.len());
    for members in members.chunks(CHUNK) {
        let keys = members.iter().map(|Member(contact)| *contact);
        // Somebody may have removed one since.
        let there: Vec<(i64, String)> = contacts::table
            .filter((contacts::tenant_id + 0).eq(tx.tenant_key).and(contacts::id.eq_any(keys)))
            .select((contacts::id, contacts::public_id))
            .load(tx.conn)?;
        let (keys, who): (Vec<i64>, Vec<String>) = there.into_iter().unzip();
        let row = |contact_id| MemberRow { tenant_id: tx.tenant_key, group_id: key, contact_id };
        let rows: Vec<MemberRow> = keys.into_iter().map(row).collect();
        insert_rows!(&mut *tx.conn, group_members::table, &rows, CHUNK, |insert| insert.on_conflict_do_nothing());
        come.extend(undone::contact_ids(&who)?);
    }
    tx.changed(ObjectKind::Group, id);
    Ok(come)
}
