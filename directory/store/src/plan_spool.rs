//! The steps of plans that are not applied yet: complete, so that exactly what was shown is done.

use std::collections::HashSet;

use diesel::prelude::*;
use directory_model::change::ObjectKind;
use directory_model::run::{PlanStep, RunEntry};

use crate::column::{Column, word};
use crate::connection::Connection;
use crate::connection::rows::{insert_rows, sqlite_row};
use crate::error::StoreResult;
use crate::schema::{changes, plan_entries};
use crate::sync_runs::OpenRun;

/// Rows in one batch: four columns each.
const BATCH: usize = 500;
/// Steps that are looked at together.
const PAGE: i64 = 500;

#[derive(Insertable)]
#[diesel(table_name = plan_entries)]
struct NewStep {
    run_id: i64,
    number: i64,
    tenant_id: i64,
    step: String,
}

sqlite_row!(NewStep, plan_entries, |row| {
    run_id: row.run_id,
    number: row.number,
    tenant_id: row.tenant_id,
    step: row.step,
});

/// Adds numbered steps to the run's plan.
pub fn append(conn: &mut Connection, run: &OpenRun, steps: &[(i64, PlanStep)]) -> StoreResult<()> {
    let rows = steps.iter().map(|(number, step)| {
        let text = Column("plan_entries", "step").to_json(step)?;
        Ok(NewStep { run_id: run.key, number: *number, tenant_id: run.tenant_key, step: text })
    });
    let rows = rows.collect::<StoreResult<Vec<_>>>()?;
    insert_rows!(conn, plan_entries::table, &rows, BATCH);
    Ok(())
}

/// Takes the next steps out of the run's plan: about `limit`, and all that are tied to the last one.
pub fn take(conn: &mut Connection, run: &OpenRun, limit: i64) -> StoreResult<Vec<(i64, PlanStep)>> {
    let mut steps = rows(conn, run.key, 0, limit)?;
    let Some(&(mut last, _)) = steps.last() else { return Ok(steps) };
    while let Some(tied) = rows(conn, run.key, last, 1)?.pop().filter(|(_, step)| step.is_tied) {
        last = tied.0;
        steps.push(tied);
    }
    let taken = plan_entries::run_id.eq(run.key).and(plan_entries::number.le(last));
    diesel::delete(plan_entries::table.filter(taken)).execute(conn)?;
    Ok(steps)
}

/// Whether a contact of the run's plan changed after the plan was complete. Contacts that are not
/// in it may change as they like: an address that they take keeps its step out when it is done.
pub fn is_stale(conn: &mut Connection, run: &OpenRun) -> StoreResult<bool> {
    let Some(planned_at) = run.planned_at_seq else { return Ok(false) };
    let since = changes::tenant_id.eq(run.tenant_key).and(changes::seq.gt(planned_at));
    let changed: Vec<String> = changes::table
        .filter(since.and(changes::kind.eq(word(ObjectKind::Contact))))
        .select(changes::object)
        .load(conn)?;
    let changed: HashSet<String> = changed.into_iter().collect();
    let mut last = 0;
    while !changed.is_empty() {
        let steps = rows(conn, run.key, last, PAGE)?;
        let Some((number, _)) = steps.last() else { break };
        last = *number;
        let mut contacts = steps.iter().filter_map(|(_, step)| step.contact);
        if contacts.any(|contact| changed.contains(&contact.id.to_string())) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Throws the run's plan away.
pub(crate) fn clear(conn: &mut Connection, run: &OpenRun) -> StoreResult<()> {
    diesel::delete(plan_entries::table.filter(plan_entries::run_id.eq(run.key))).execute(conn)?;
    Ok(())
}

pub(crate) fn rows(conn: &mut Connection, run: i64, after: i64, limit: i64) -> StoreResult<Vec<(i64, PlanStep)>> {
    let rows: Vec<(i64, String)> = plan_entries::table
        .filter(plan_entries::run_id.eq(run).and(plan_entries::number.gt(after)))
        .select((plan_entries::number, plan_entries::step))
        .order(plan_entries::number.asc())
        .limit(limit)
        .load(conn)?;
    rows.into_iter().map(|(number, step)| Ok((number, Column("plan_entries", "step").json(&step)?))).collect()
}

/// A step as the line of a record that it will become.
pub(crate) fn planned(number: i64, step: PlanStep) -> RunEntry {
    let PlanStep { action, locator, contact, changes, reason, .. } = step;
    RunEntry { number, action, locator, contact: contact.map(|contact| contact.id), changes, reason }
}
