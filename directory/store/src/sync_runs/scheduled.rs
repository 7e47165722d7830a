//! Which sources run by themselves.

use diesel::prelude::*;
use directory_model::id::{SourceId, TenantId};
use directory_model::run::RunExtent;
use directory_model::timestamp::Timestamp;

use crate::column::{Column, moment, word};
use crate::connection::Connection;
use crate::error::StoreResult;
use crate::schema::{sources, sync_runs, tenants};
use crate::sources::{read_fields, runs_by_itself};

/// A source that runs by itself.
#[derive(Debug, Clone)]
pub struct ScheduledSource {
    /// The tenant.
    pub tenant: TenantId,
    /// The source.
    pub source: SourceId,
    /// Five cron fields: when everything is compared.
    pub schedule: Option<String>,
    /// An IANA time zone.
    pub time_zone: String,
    /// Every so many minutes in between it is asked for what changed.
    pub poll_minutes: Option<u32>,
    /// When the latest run that compared everything started, or, without one, when the source was made.
    pub since: Timestamp,
    /// When the latest run over all of it started, or, without one, when the source was made.
    pub looked_at: Timestamp,
}

/// Every source that runs by itself, of all tenants in service.
pub fn scheduled(conn: &mut Connection) -> StoreResult<Vec<ScheduledSource>> {
    let rows: Vec<(i64, String, String, String, i64)> = sources::table
        .inner_join(tenants::table.on(tenants::id.eq(sources::tenant_id)))
        .filter(sources::is_disabled.eq(false).and(tenants::is_disabled.eq(false)))
        .select((sources::id, sources::public_id, tenants::public_id, sources::settings, sources::created_at))
        .load(conn)?;
    let mut scheduled = Vec::new();
    for (key, source, tenant, settings, created_at) in rows {
        let settings = read_fields(&settings)?;
        if !runs_by_itself(&settings) {
            continue;
        }
        let latest = sync_runs::table
            .filter(sync_runs::source_id.eq(key).and(sync_runs::contacts.is_null()).and(sync_runs::undoes.is_null()))
            .select(sync_runs::started_at)
            .order(sync_runs::id.desc());
        let has_read = sync_runs::extent.ne(word(RunExtent::Stored));
        let looked_at: Option<i64> = latest.filter(has_read).first(conn).optional()?;
        let since: Option<i64> = latest.filter(sync_runs::extent.eq(word(RunExtent::Whole))).first(conn).optional()?;
        scheduled.push(ScheduledSource {
            tenant: Column("tenants", "public_id").id(&tenant)?,
            source: Column("sources", "public_id").id(&source)?,
            schedule: settings.schedule,
            time_zone: settings.time_zone,
            poll_minutes: settings.poll_minutes,
            since: moment(since.unwrap_or(created_at)),
            looked_at: moment(looked_at.unwrap_or(created_at)),
        });
    }
    Ok(scheduled)
}
