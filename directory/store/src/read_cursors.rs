//! Where reads of sources ended, so that the next one can continue.
//!
//! A cursor is kept with its run first and becomes the source's in the transaction in which the run
//! succeeds: what was read but not written is read again.

use diesel::prelude::*;
use directory_model::id::{SourceId, TenantId};
use directory_model::record::{ReadCursor, WholeBecause};
use directory_model::run::RunExtent;
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

/// Notes what the run has read and where that ended, before any of it is written.
pub fn note(
    conn: &mut Connection,
    run: &OpenRun,
    extent: RunExtent,
    because: Option<WholeBecause>,
    cursor: Option<&KeptCursor>,
) -> StoreResult<()> {
    let cursor = cursor.map(|cursor| Column("sync_runs", "cursor").to_json(cursor)).transpose()?;
    diesel::update(sync_runs::table.find(run.key))
        .set((
            sync_runs::extent.eq(word(extent)),
            sync_runs::whole_because.eq(because.map(word)),
            sync_runs::cursor.eq(cursor),
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
    let cursor: Option<String> = sync_runs::table.find(run.key).select(sync_runs::cursor).get_result(conn)?;
    diesel::update(sources::table.find(run.source_key)).set(sources::cursor.eq(cursor)).execute(conn)?;
    Ok(())
}
