//! Ended runs that are old enough to go.
//!
//! For each source some stay whatever their age: the last run, the last over all of it, the last that
//! compared everything, the last that succeeded, the one whose end the next read continues from, and those
//! from which follows what is set aside now.

use std::time::Duration;

use diesel::prelude::*;
use directory_model::change::ObjectKind;
use directory_model::id::{RunId, TenantId};
use directory_model::run::{RunExtent, RunState};
use directory_model::timestamp::Timestamp;
use directory_model::undo::UNDO_DAYS;

use crate::column::{Column, word};
use crate::connection::Connection;
use crate::error::StoreResult;
use crate::schema::{sources, sync_run_entries, sync_runs, tenants};
use crate::sources::read_fields;
use crate::tx::Tx;

/// A day.
const DAY: Duration = Duration::from_hours(24);

/// A run that is to go.
#[derive(Debug, Clone)]
pub struct OldRun {
    /// The tenant.
    pub tenant: TenantId,
    /// The run.
    pub run: RunId,
    key: i64,
}

/// At most `limit` runs of all tenants that may go at `now`, the oldest of each source first.
pub fn old(conn: &mut Connection, now: Timestamp, limit: usize) -> StoreResult<Vec<OldRun>> {
    let all: Vec<(i64, String, String, Option<String>)> = sources::table
        .inner_join(tenants::table.on(tenants::id.eq(sources::tenant_id)))
        .select((sources::id, tenants::public_id, sources::settings, sources::cursor))
        .order(sources::id.asc())
        .load(conn)?;
    let mut found = Vec::new();
    for (source, tenant, settings, cursor) in all {
        let room = i64::try_from(limit - found.len()).unwrap_or(i64::MAX);
        if room == 0 {
            break;
        }
        let settings = read_fields(&settings)?;
        // What can still be undone stays.
        let days = settings.keep_days.max(u32::try_from(UNDO_DAYS).unwrap_or(u32::MAX));
        let before = now.minus(DAY.saturating_mul(days)).millis();
        let rows: Vec<(i64, String)> = sync_runs::table
            .filter(sync_runs::source_id.eq(source).and(sync_runs::ended_at.lt(before)))
            .filter(sync_runs::id.ne_all(kept(conn, source, cursor)?))
            .select((sync_runs::id, sync_runs::public_id))
            .order(sync_runs::id.asc())
            .limit(room)
            .load(conn)?;
        let tenant = Column("tenants", "public_id").id(&tenant)?;
        for (key, run) in rows {
            found.push(OldRun { tenant, run: Column("sync_runs", "public_id").id(&run)?, key });
        }
    }
    Ok(found)
}

/// Takes at most `limit` lines out of the run's record; `false` when none is left.
pub fn thin(conn: &mut Connection, run: &OldRun, limit: i64) -> StoreResult<bool> {
    let of_run = sync_run_entries::run_id.eq(run.key);
    let first: Option<i64> =
        sync_run_entries::table.filter(of_run).select(diesel::dsl::min(sync_run_entries::number)).get_result(conn)?;
    let Some(first) = first else { return Ok(false) };
    let some = sync_run_entries::table.filter(of_run.and(sync_run_entries::number.lt(first.saturating_add(limit))));
    diesel::delete(some).execute(conn)?;
    Ok(true)
}

/// Removes the run, whose record is empty. What was audited of it stays.
pub fn remove(tx: &mut Tx<'_>, run: &OldRun) -> StoreResult<()> {
    if diesel::delete(sync_runs::table.filter(sync_runs::id.eq(run.key))).execute(tx.conn)? > 0 {
        tx.removed(ObjectKind::Run, run.run);
    }
    Ok(())
}

/// The runs of the source that stay whatever their age.
fn kept(conn: &mut Connection, source: i64, cursor: Option<String>) -> StoreResult<Vec<i64>> {
    let latest = || {
        let of_source = sync_runs::table.filter(sync_runs::source_id.eq(source)).into_boxed();
        of_source.select(sync_runs::id).order(sync_runs::id.desc())
    };
    let over_all = || latest().filter(sync_runs::contacts.is_null().and(sync_runs::undoes.is_null()));
    let mut kept = super::aside::needed(conn, source)?;
    let mut keep = |found: QueryResult<i64>| -> StoreResult<()> {
        kept.extend(found.optional()?);
        Ok(())
    };
    keep(latest().first(conn))?;
    keep(over_all().first(conn))?;
    keep(over_all().filter(sync_runs::extent.eq(word(RunExtent::Whole))).first(conn))?;
    let succeeded = || over_all().filter(sync_runs::state.eq(word(RunState::Succeeded)));
    keep(succeeded().first(conn))?;
    keep(succeeded().filter(sync_runs::extent.eq(word(RunExtent::Whole))).first(conn))?;
    // A plan that waits needs the run that it takes back.
    let undone: Vec<String> = sync_runs::table
        .filter(sync_runs::source_id.eq(source).and(sync_runs::ended_at.is_null()))
        .select(sync_runs::undoes.assume_not_null())
        .filter(sync_runs::undoes.is_not_null())
        .load(conn)?;
    for run in undone {
        keep(latest().filter(sync_runs::public_id.eq(run)).first(conn))?;
    }
    if let Some(cursor) = cursor {
        keep(latest().filter(sync_runs::cursor.eq(cursor)).first(conn))?;
    }
    Ok(kept)
}
