//! The entries of a source that are set aside now.
//!
//! A run that compares everything sets aside whatever cannot be used, each time anew; runs after it
//! tell of what changed since. So what is set aside now is what the last one that compared everything
//! set aside, and those after it, unless a later one did something else about the same entry.

use std::collections::HashMap;

use diesel::prelude::*;
use directory_model::id::{RunId, SourceId, TenantId};
use directory_model::page::{Cursor, Page, PageRequest};
use directory_model::run::{RunAction, RunEntry, RunExtent, RunState};
use directory_model::text::fold;

use super::EntryRow;
use crate::column::{Column, word};
use crate::connection::Connection;
use crate::error::StoreResult;
use crate::schema::{sync_run_entries, sync_runs};

/// Rows that are looked at together.
const ROWS: i64 = 500;
const PUBLIC_ID: Column = Column("sync_runs", "public_id");

/// An entry that is set aside, and the run that did so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// The run.
    pub run: RunId,
    /// What it says of the entry.
    pub entry: RunEntry,
}

/// A page of the source's entries that are set aside now, by the run that did so; a search looks at
/// where they are found, at the attribute and at its value. `None` when there is no such source.
pub fn set_aside(
    conn: &mut Connection,
    tenant: TenantId,
    source: SourceId,
    request: &PageRequest,
) -> StoreResult<Option<Page<SetAside>>> {
    let Some(source) = crate::sources::key(conn, tenant, source)? else { return Ok(None) };
    let Some(first) = comparison(conn, source)? else { return Ok(Some(Page { items: Vec::new(), next: None })) };
    let runs = runs_since(conn, source, first)?;
    let later = dealt_with(conn, source, first)?;
    let (mut items, mut next) = (Vec::new(), None);
    let (from, mut after) = match &request.after {
        Some(Cursor { sort, key }) => (sort.parse().unwrap_or(i64::MAX), *key),
        None => (0, 0),
    };
    'runs: for (run, id) in runs.iter().filter(|(run, _)| *run >= from) {
        if *run != from {
            after = 0;
        }
        loop {
            let rows = rows(conn, *run, after)?;
            let Some(last) = rows.last().map(|row| row.number) else { break };
            after = last;
            for row in rows {
                let is_superseded = later.get(&row.locator).is_some_and(|later| later > run);
                let entry = EntryRow::read(row)?;
                if is_superseded || !holds(&entry, &request.words) {
                    continue;
                }
                if items.len() >= request.size() as usize {
                    next = items.last().map(|(run, item): &(i64, SetAside)| (*run, item.entry.number));
                    break 'runs;
                }
                items.push((*run, SetAside { run: PUBLIC_ID.id(id)?, entry }));
            }
        }
    }
    let next = next.map(|(run, number)| Cursor { sort: run.to_string(), key: number });
    Ok(Some(Page { items: items.into_iter().map(|(_, item)| item).collect(), next }))
}

/// Whether a run is over all of the source, succeeded, and is not older than the comparison.
macro_rules! since_comparison {
    ($source:expr, $first:expr) => {
        sync_runs::source_id
            .eq($source)
            .and(sync_runs::contacts.is_null().and(sync_runs::undoes.is_null()))
            .and(sync_runs::state.eq(word(RunState::Succeeded)))
            .and(sync_runs::id.ge($first))
    };
}

/// The lines since the comparison about entries that one of its runs set aside.
macro_rules! of_set_aside {
    ($source:expr, $first:expr) => {{
        let (runs, entries) = diesel::alias!(sync_runs as aside_runs, sync_run_entries as aside_entries);
        let aside = entries
            .inner_join(runs.on(runs.field(sync_runs::id).eq(entries.field(sync_run_entries::run_id))))
            .filter(runs.field(sync_runs::source_id).eq($source).and(runs.field(sync_runs::id).ge($first)))
            .filter(runs.field(sync_runs::contacts).is_null().and(runs.field(sync_runs::undoes).is_null()))
            .filter(runs.field(sync_runs::state).eq(word(RunState::Succeeded)))
            .filter(entries.field(sync_run_entries::action).eq(word(RunAction::SetAside)));
        sync_run_entries::table
            .inner_join(sync_runs::table.on(sync_runs::id.eq(sync_run_entries::run_id)))
            .filter(since_comparison!($source, $first))
            .filter(sync_run_entries::locator.eq_any(aside.select(entries.field(sync_run_entries::locator))))
    }};
}

/// The last run that compared everything and succeeded.
fn comparison(conn: &mut Connection, source: i64) -> StoreResult<Option<i64>> {
    let first = sync_runs::table
        .filter(since_comparison!(source, 0).and(sync_runs::extent.eq(word(RunExtent::Whole))))
        .select(sync_runs::id)
        .order(sync_runs::id.desc());
    Ok(first.first(conn).optional()?)
}

/// The run that compared everything, and the successful ones over all after it.
fn runs_since(conn: &mut Connection, source: i64, first: i64) -> StoreResult<Vec<(i64, String)>> {
    let since = sync_runs::table.filter(since_comparison!(source, first));
    Ok(since.select((sync_runs::id, sync_runs::public_id)).order(sync_runs::id.asc()).load(conn)?)
}

/// The entries that were set aside since the comparison, and the last run that did something about each.
fn dealt_with(conn: &mut Connection, source: i64, first: i64) -> StoreResult<HashMap<String, i64>> {
    let lines = of_set_aside!(source, first);
    let lines = lines.group_by(sync_run_entries::locator);
    let last = diesel::dsl::max(sync_run_entries::run_id);
    let last: Vec<(String, Option<i64>)> = lines.select((sync_run_entries::locator, last)).load(conn)?;
    Ok(last.into_iter().filter_map(|(locator, run)| Some((locator, run?))).collect())
}

/// The runs from which follows what is set aside now.
pub(super) fn needed(conn: &mut Connection, source: i64) -> StoreResult<Vec<i64>> {
    let Some(first) = comparison(conn, source)? else { return Ok(Vec::new()) };
    let lines = of_set_aside!(source, first);
    Ok(lines.select(sync_run_entries::run_id).distinct().load(conn)?)
}

fn rows(conn: &mut Connection, run: i64, after: i64) -> StoreResult<Vec<EntryRow>> {
    let of_run = sync_run_entries::run_id.eq(run).and(sync_run_entries::number.gt(after));
    let rows = sync_run_entries::table
        .filter(of_run.and(sync_run_entries::action.eq(word(RunAction::SetAside))))
        .select(EntryRow::as_select())
        .order(sync_run_entries::number.asc())
        .limit(ROWS);
    Ok(rows.load(conn)?)
}

fn holds(entry: &RunEntry, words: &[String]) -> bool {
    let reason = entry.reason.as_ref();
    let (field, value) = reason.map_or(("", ""), |reason| (reason.field.as_str(), reason.value.as_str()));
    words.is_empty() || {
        let text = fold(&format!("{} {field} {value}", entry.locator));
        words.iter().all(|word| text.contains(word.as_str()))
    }
}
