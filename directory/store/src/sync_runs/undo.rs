//! Runs that take another one back.

use std::collections::HashSet;

use diesel::prelude::*;
use directory_model::id::{ContactId, RunId, TenantId};
use directory_model::run::{Run, RunAction, RunEntry, RunExtent, Trigger};
use directory_model::undo::Reversal;

use super::{EntryRow, Loaded, OpenRun, RunRow, open_of, record};
use crate::column::{Column, word};
use crate::connection::Connection;
use crate::error::StoreResult;
use crate::schema::{sources, sync_run_entries, sync_runs, tenants};
use crate::tx::Tx;

/// What became of the wish to take a run back.
#[derive(Debug)]
pub enum StartUndo {
    /// There is no such run in the tenant.
    NoRun,
    /// It has not ended, takes another one back, is too old, or changed nothing.
    NotUndoable,
    /// Another run of the source has not ended.
    Busy(RunId),
    /// A run that takes it back is recorded and may go on.
    Started(Box<OpenRun>),
}

/// What a run did with one entry, and what it takes to undo that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The line of its record.
    pub entry: RunEntry,
    /// What it does not show.
    pub reversal: Reversal,
}

/// Records that a run starts that takes `id` back.
pub fn start_undo(tx: &mut Tx<'_>, id: RunId) -> StoreResult<StartUndo> {
    let found = sync_runs::table
        .inner_join(sources::table.on(sources::id.eq(sync_runs::source_id)))
        .inner_join(tenants::table.on(tenants::id.eq(sync_runs::tenant_id)))
        .filter(tenants::id.eq(tx.tenant_key).and(sync_runs::public_id.eq(id.to_string())))
        .select((RunRow::as_select(), sources::public_id))
        .get_result::<Loaded>(tx.conn)
        .optional()?;
    let Some((row, source)) = found else { return Ok(StartUndo::NoRun) };
    let key = row.id;
    let run = Run { has_changed: has_changed(tx.conn, key)?, ..super::read((row, source))? };
    if !run.is_undoable(tx.now()) {
        return Ok(StartUndo::NotUndoable);
    }
    let source_key: i64 = sync_runs::table.find(key).select(sync_runs::source_id).get_result(tx.conn)?;
    if let Some(open) = open_of(tx.conn, source_key, |_| true)? {
        return Ok(StartUndo::Busy(open));
    }
    let mut run = record(tx, run.source, source_key, (None, RunExtent::Whole), Trigger::Undo)?;
    diesel::update(sync_runs::table.find(run.key)).set(sync_runs::undoes.eq(id.to_string())).execute(tx.conn)?;
    run.undoes = Some(id);
    Ok(StartUndo::Started(Box::new(run)))
}

/// Whether the run did anything with a contact or a group.
pub(super) fn has_changed(conn: &mut Connection, run_key: i64) -> StoreResult<bool> {
    Ok(!changed(conn, &[run_key])?.is_empty())
}

/// Those of the runs that did anything with a contact or a group.
pub(super) fn changed(conn: &mut Connection, run_keys: &[i64]) -> StoreResult<HashSet<i64>> {
    let is_about =
        sync_run_entries::contact.is_not_null().or(sync_run_entries::action.eq_any(RunAction::ABOUT_GROUPS.map(word)));
    let of_run = sync_run_entries::table
        .filter(sync_run_entries::run_id.eq(sync_runs::id).and(is_about))
        .filter(sync_run_entries::action.ne_all(RunAction::IDLE.map(word)));
    let changed: Vec<i64> = sync_runs::table
        .filter(sync_runs::id.eq_any(run_keys).and(diesel::dsl::exists(of_run)))
        .select(sync_runs::id)
        .load(conn)?;
    Ok(changed.into_iter().collect())
}

/// What the run did, to groups or to others, line by line after the line `after`.
pub fn lines(
    conn: &mut Connection,
    (tenant, id): (TenantId, RunId),
    to_groups: bool,
    after: i64,
    limit: usize,
) -> StoreResult<Vec<Line>> {
    let rows = sync_run_entries::table
        .inner_join(sync_runs::table.on(sync_runs::id.eq(sync_run_entries::run_id)))
        .inner_join(tenants::table.on(tenants::id.eq(sync_runs::tenant_id)))
        .filter(tenants::public_id.eq(tenant.to_string()).and(sync_runs::public_id.eq(id.to_string())))
        .filter(sync_run_entries::number.gt(after))
        .select((EntryRow::as_select(), sync_run_entries::undo))
        .order(sync_run_entries::number.asc())
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .into_boxed();
    let rows = if to_groups {
        rows.filter(sync_run_entries::action.eq_any(RunAction::ABOUT_GROUPS.map(word)))
    } else {
        rows.filter(sync_run_entries::action.ne_all(RunAction::ABOUT_GROUPS.map(word)))
    };
    let rows: Vec<(EntryRow, Option<String>)> = rows.load(conn)?;
    let read = |(row, undo): (EntryRow, Option<String>)| -> StoreResult<Line> {
        let reversal = undo.map(|undo| Column("sync_run_entries", "undo").json(&undo)).transpose()?;
        Ok(Line { entry: row.read()?, reversal: reversal.unwrap_or_default() })
    };
    rows.into_iter().map(read).collect()
}

impl Line {
    /// The contact that the line is about.
    pub fn contact(&self) -> Option<ContactId> {
        self.entry.contact
    }
}
