//! Sources that should have succeeded by now.

use std::collections::BTreeMap;
use std::time::Duration;

use diesel::prelude::*;
use directory_model::alert::{AlertFields, AlertKind, AlertObject};
use directory_model::id::{IdSource, SourceId, TenantId};
use directory_model::run::RunState;
use directory_model::tenant::TenantFields;
use directory_model::timestamp::Timestamp;

use super::{Sent, empty, put};
use crate::alerts;
use crate::column::{Column, moment, word};
use crate::connection::Connection;
use crate::error::StoreResult;
use crate::schema::{alert_silences, alerts as channels, sources, sync_runs, tenants};
use crate::sources::{read_fields, runs_by_itself};

/// An hour.
const HOUR: Duration = Duration::from_hours(1);

/// A tenant, and who of it waits how many hours for a success.
struct Waiting {
    id: TenantId,
    name: String,
    channels: Vec<(i64, u32)>,
}

/// A source that runs by itself, and since when it has not succeeded.
struct Watched {
    key: i64,
    id: SourceId,
    name: String,
    succeeded_at: Option<Timestamp>,
    since: Timestamp,
}

/// Tells of sources in service that run by themselves and have not succeeded for as long as a channel
/// waits, once until they succeed again; says of how many. Nothing of tenants that want no runs.
pub fn tell_silences(conn: &mut Connection, ids: &dyn IdSource, now: Timestamp) -> StoreResult<usize> {
    let mut told = 0;
    for (tenant_key, tenant) in waiting(conn)? {
        let sources = sources_of(conn, tenant_key)?;
        for (channel, hours) in &tenant.channels {
            for source in &sources {
                told += usize::from(tell(conn, ids, now, (tenant_key, &tenant), (*channel, *hours), source)?);
            }
        }
    }
    Ok(told)
}

/// Puts a message about the source on its way to the channel when it has to be told now.
fn tell(
    conn: &mut Connection,
    ids: &dyn IdSource,
    now: Timestamp,
    (tenant_key, tenant): (i64, &Waiting),
    (channel, hours): (i64, u32),
    source: &Watched,
) -> StoreResult<bool> {
    let is_told = alert_silences::table.find((channel, source.key)).count().get_result::<i64>(conn)? > 0;
    let is_silent = source.since <= now.minus(HOUR.saturating_mul(hours));
    if !is_silent && is_told {
        diesel::delete(alert_silences::table.find((channel, source.key))).execute(conn)?;
    }
    if !is_silent || is_told {
        return Ok(false);
    }
    let object = AlertObject {
        source: Some(source.id),
        source_name: Some(source.name.clone()),
        succeeded_at: source.succeeded_at,
        hours: Some(hours),
        ..empty(tenant.name.clone())
    };
    put(
        conn,
        ids,
        &Sent { tenant: tenant.id, tenant_key, channel, kind: AlertKind::SourceSilent, enquiry: None, now },
        object,
    )?;
    diesel::insert_into(alert_silences::table)
        .values((
            alert_silences::alert_id.eq(channel),
            alert_silences::source_id.eq(source.key),
            alert_silences::tenant_id.eq(tenant_key),
            alert_silences::created_at.eq(now.millis()),
        ))
        .execute(conn)?;
    Ok(true)
}

/// A tenant as its row says: key, identity, name, settings.
type TenantRow = (i64, String, String, String);

/// The tenants whose sources run, as far as somebody waits for these, by their keys.
fn waiting(conn: &mut Connection) -> StoreResult<BTreeMap<i64, Waiting>> {
    let rows: Vec<(i64, String, TenantRow)> = channels::table
        .inner_join(tenants::table.on(tenants::id.eq(channels::tenant_id)))
        .filter(tenants::is_disabled.eq(false))
        .select((channels::id, channels::settings, (tenants::id, tenants::public_id, tenants::name, tenants::settings)))
        .load(conn)?;
    let mut waiting = BTreeMap::new();
    for (channel, settings, (key, id, name, tenant)) in rows {
        let fields: AlertFields = alerts::SETTINGS.json(&settings)?;
        let tenant: TenantFields = Column("tenants", "settings").json(&tenant)?;
        let hours = fields.silent_hours.filter(|_| !fields.is_disabled && tenant.is_directory_sync_enabled);
        let Some(hours) = hours else { continue };
        let id = Column("tenants", "public_id").id(&id)?;
        let of_tenant = waiting.entry(key).or_insert(Waiting { id, name, channels: Vec::new() });
        of_tenant.channels.push((channel, hours));
    }
    Ok(waiting)
}

/// The tenant's sources that run by themselves.
fn sources_of(conn: &mut Connection, tenant_key: i64) -> StoreResult<Vec<Watched>> {
    let rows: Vec<(i64, String, String, String, i64)> = sources::table
        .filter(sources::tenant_id.eq(tenant_key).and(sources::is_disabled.eq(false)))
        .select((sources::id, sources::public_id, sources::name, sources::settings, sources::created_at))
        .load(conn)?;
    let mut watched = Vec::new();
    for (key, id, name, settings, created_at) in rows {
        if !runs_by_itself(&read_fields(&settings)?) {
            continue;
        }
        let succeeded: Option<Option<i64>> = sync_runs::table
            .filter(sync_runs::source_id.eq(key).and(sync_runs::contacts.is_null()))
            .filter(sync_runs::undoes.is_null().and(sync_runs::state.eq(word(RunState::Succeeded))))
            .select(sync_runs::ended_at)
            .order(sync_runs::id.desc())
            .first(conn)
            .optional()?;
        let succeeded_at = succeeded.flatten().map(moment);
        let since = succeeded_at.unwrap_or(moment(created_at));
        watched.push(Watched { key, id: Column("sources", "public_id").id(&id)?, name, succeeded_at, since });
    }
    Ok(watched)
}
