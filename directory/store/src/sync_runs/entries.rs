//! What runs did with each entry, or are going to do, page by page.

use diesel::prelude::*;
use directory_model::id::{RunId, TenantId};
use directory_model::page::{Cursor, Page, PageRequest};
use directory_model::run::{PlanStep, RunAction, RunEntry, RunState};

use super::{EntryRow, Loaded, OpenRun, RunRow};
use crate::column::{Column, word};
use crate::connection::Connection;
use crate::error::StoreResult;
use crate::page::{limit, page_of};
use crate::plan_spool;
use crate::schema::{plan_entries, sources, sync_run_entries, sync_runs, tenants};

/// A page of what the run did, or, while it waits for approval, of what it is going to do.
pub fn entries(
    conn: &mut Connection,
    tenant: TenantId,
    id: RunId,
    request: &PageRequest,
) -> StoreResult<Option<Page<RunEntry>>> {
    entries_of(conn, tenant, id, None, request)
}

/// The same; only what was, or is to be, done so when `action` is given.
pub fn entries_of(
    conn: &mut Connection,
    tenant: TenantId,
    id: RunId,
    action: Option<RunAction>,
    request: &PageRequest,
) -> StoreResult<Option<Page<RunEntry>>> {
    let query = of_tenant!(tenant).filter(sync_runs::public_id.eq(id.to_string()));
    let Some((run, _)) = query.get_result::<Loaded>(conn).optional()? else { return Ok(None) };
    let after = request.after.as_ref().map_or(0, |after| after.key);
    if run.state == word(RunState::AwaitingApproval) {
        let steps = steps(conn, run.id, action, after, limit(request))?;
        let cursor = |(number, _): &(i64, _)| Cursor { sort: String::new(), key: *number };
        return page_of(steps, request, cursor, |(number, step)| Ok(plan_spool::planned(number, step))).map(Some);
    }
    let mut query = sync_run_entries::table
        .filter(sync_run_entries::run_id.eq(run.id).and(sync_run_entries::number.gt(after)))
        .into_boxed();
    if let Some(action) = action {
        query = query.filter(sync_run_entries::action.eq(word(action)));
    }
    let rows: Vec<EntryRow> =
        query.select(EntryRow::as_select()).order(sync_run_entries::number.asc()).limit(limit(request)).load(conn)?;
    page_of(rows, request, |row| Cursor { sort: String::new(), key: row.number }, EntryRow::read).map(Some)
}

/// How many steps of the run's plan are left.
pub fn planned(conn: &mut Connection, run: &OpenRun) -> StoreResult<u64> {
    let count: i64 = plan_entries::table.filter(plan_entries::run_id.eq(run.key)).count().get_result(conn)?;
    Column("plan_entries", "run_id").count(count)
}

fn steps(
    conn: &mut Connection,
    run: i64,
    action: Option<RunAction>,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<(i64, PlanStep)>> {
    let Some(action) = action else { return plan_spool::rows(conn, run, after, limit) };
    // A step is JSON that begins with what is to be done.
    let begins = format!("{{\"action\":\"{}\",%", word(action).replace('_', "\\_"));
    let rows: Vec<(i64, String)> = plan_entries::table
        .filter(plan_entries::run_id.eq(run).and(plan_entries::number.gt(after)))
        .filter(plan_entries::step.like(begins).escape('\\'))
        .select((plan_entries::number, plan_entries::step))
        .order(plan_entries::number.asc())
        .limit(limit)
        .load(conn)?;
    rows.into_iter().map(|(number, step)| Ok((number, Column("plan_entries", "step").json(&step)?))).collect()
}
