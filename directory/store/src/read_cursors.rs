//! Where reads of sources ended, so that the next one can continue.
//!
//! A cursor is kept with its run first and becomes the source's in the transaction in which the run
//! succeeds: what was read but not written is read again.

use diesel::prelude::*;
use directory_model::id::{SourceId, TenantId};
use directory_model::record::{ReadCursor, WholeBecause};
use directory_model::run::{Counts, RunExtent, RunState};
use serde::{Deserialize, Serialize};

use crate::column::{Column, word};
use crate::connection::Connection;
use crate::error::StoreResult;
use crate::schema::{sources, sync_runs, tenants};
use crate::sync_runs::OpenRun;

/// Where a read ended, and what it was a read of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptCursor {
    /// A digest of the settings with which was read; with others nothing continues.
    pub settings: String,
    /// The connector's own.
    pub cursor: ReadCursor,
}

/// Where the source's last run over all of it ended.
pub fn find(conn: &mut Connection, tenant: TenantId, source: SourceId) -> StoreResult<Option<KeptCursor>> {
    let of_tenant = sources::table.inner_join(tenants::table.on(tenants::id.eq(sources::tenant_id)));
    let found: Option<Option<String>> = of_tenant
        .filter(tenants::public_id.eq(tenant.to_string()).and(sources::public_id.eq(source.to_string())))
        .select(sources::cursor)
        .get_result(conn)
        .optional()?;
    found.flatten().map(|cursor| Column("sources", "cursor").json(&cursor)).transpose()
}

/// What a run has read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadNote {
    /// How much of the source.
    pub extent: RunExtent,
    /// Why it was more than was asked for.
    pub because: Option<WholeBecause>,
    /// Where the read ended.
    pub cursor: Option<KeptCursor>,
    /// A digest of where the entries are.
    pub place: String,
    /// Another server answered than last time, and may not have heard of everybody.
    pub may_lag: bool,
}

/// What is known of the run before, to judge this one by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Before {
    /// It was taken back.
    pub is_undone: bool,
    /// Entries were read elsewhere, or by another filter.
    pub is_elsewhere: bool,
    /// How many entries the last run over all of the source read that succeeded.
    pub read: Option<u64>,
}

/// What is known of the runs of the source before this one, which reads at `place`.
pub fn before(conn: &mut Connection, run: &OpenRun, place: &str) -> StoreResult<Before> {
    let (last, is_undone): (Option<String>, bool) =
        sources::table.find(run.source_key).select((sources::place, sources::is_cautious)).get_result(conn)?;
    let counts: Option<String> = sync_runs::table
        .filter(sync_runs::source_id.eq(run.source_key).and(sync_runs::contacts.is_null()))
        .filter(sync_runs::undoes.is_null().and(sync_runs::state.eq(word(RunState::Succeeded))))
        .filter(sync_runs::extent.eq(word(RunExtent::Whole)))
        .select(sync_runs::counts)
        .order(sync_runs::id.desc())
        .first(conn)
        .optional()?;
    let counts: Option<Counts> = counts.map(|counts| Column("sync_runs", "counts").json(&counts)).transpose()?;
    Ok(Before {
        is_undone,
        is_elsewhere: last.is_some_and(|last| last != place),
        read: counts.map(|counts| counts.read),
    })
}

/// Notes what the run has read and where that ended, before any of it is written.
pub fn note(conn: &mut Connection, run: &OpenRun, note: &ReadNote) -> StoreResult<()> {
    let ReadNote { extent, because, cursor, place, may_lag } = note;
    let cursor = cursor.as_ref().map(|cursor| Column("sync_runs", "cursor").to_json(cursor)).transpose()?;
    diesel::update(sync_runs::table.find(run.key))
        .set((
            sync_runs::extent.eq(word(*extent)),
            sync_runs::whole_because.eq(because.map(word)),
            sync_runs::cursor.eq(cursor),
            sync_runs::place.eq(place),
            sync_runs::may_lag.eq(may_lag),
        ))
        .execute(conn)?;
    Ok(())
}

/// The run will not move the source's cursor: what it did not write is read again.
pub fn hold(conn: &mut Connection, run: &OpenRun) -> StoreResult<()> {
    let cursor: Option<String> = sources::table.find(run.source_key).select(sources::cursor).get_result(conn)?;
    diesel::update(sync_runs::table.find(run.key)).set(sync_runs::cursor.eq(cursor)).execute(conn)?;
    Ok(())
}

/// The run has succeeded: the next one continues where it ended.
pub(crate) fn advance(conn: &mut Connection, run: &OpenRun) -> StoreResult<()> {
    let (cursor, place): (Option<String>, Option<String>) =
        sync_runs::table.find(run.key).select((sync_runs::cursor, sync_runs::place)).get_result(conn)?;
    let next = (sources::cursor.eq(cursor), sources::place.eq(place), sources::is_cautious.eq(false));
    diesel::update(sources::table.find(run.source_key)).set(next).execute(conn)?;
    Ok(())
}

/// The run took another one back: the next one reads everything, and asks before it changes anything.
pub(crate) fn forget(conn: &mut Connection, run: &OpenRun) -> StoreResult<()> {
    let next = (sources::cursor.eq(None::<String>), sources::is_cautious.eq(true));
    diesel::update(sources::table.find(run.source_key)).set(next).execute(conn)?;
    Ok(())
}
