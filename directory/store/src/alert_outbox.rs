//! Alerts on their way: written where they happen, in the same transaction, and sent from here until
//! they arrive or were tried often enough.

mod enquiry;
mod silence;

use diesel::prelude::*;
use directory_model::alert::{Alert, AlertFields, AlertKind, AlertMessage, AlertObject, DeliveryFailure};
use directory_model::id::{AlertId, IdSource, TenantId};
use directory_model::run::{Counts, RunProblem, RunState};
use directory_model::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

pub(crate) use self::enquiry::{forget_enquiry, tell_enquiry};
pub use self::silence::tell_silences;
use crate::alerts::{self, AlertRow};
use crate::column::{Column, word};
use crate::connection::Connection;
use crate::error::{Conflict, StoreResult};
use crate::schema::{alert_outbox, alerts as channels, sources, sync_runs, tenants};
use crate::seal::OpenedSecret;
use crate::seal::SealingKey;
use crate::sync_runs::OpenRun;
use crate::tx::Tx;

const MESSAGE: Column = Column("alert_outbox", "message");
const FAILURE: Column = Column("alerts", "failure");
const TOLD: Column = Column("alert_outbox", "told");

/// A message that is to be sent now.
#[derive(Debug)]
pub struct Due {
    /// Whose it is.
    pub tenant: TenantId,
    /// To whom.
    pub alert: Alert,
    /// What signs it.
    pub secret: OpenedSecret,
    /// What is sent.
    pub message: AlertMessage,
    /// To whom it need not be sent again.
    pub told: Told,
    /// How often it was tried before.
    pub attempts: u32,
    key: i64,
    channel_key: i64,
}

/// To whom a mail need not be sent again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Where it arrived, or was refused for good.
    pub addresses: Vec<String>,
    /// Why it was refused for good, where it was.
    pub refusal: Option<DeliveryFailure>,
}

/// What became of one try to send a message.
#[derive(Debug)]
pub struct Attempt {
    /// To whom it need not be sent again, from this and earlier tries.
    pub told: Told,
    /// When it arrived somewhere.
    pub arrived_at: Option<Timestamp>,
    /// Why it did not arrive, or not everywhere.
    pub failure: Option<DeliveryFailure>,
    /// When it is tried again; never when absent.
    pub again_at: Option<Timestamp>,
}

/// The run ended as failed, unless the one before failed for the same reason. Nothing is said of runs that
/// somebody watches, about single contacts or taking another one back, nor of a plan that went stale while
/// somebody approved it.
pub(crate) fn failed(tx: &mut Tx<'_>, run: &OpenRun, counts: &Counts, problem: Option<&RunProblem>) -> StoreResult<()> {
    let is_watched = run.contacts.is_some() || run.undoes.is_some() || problem == Some(&RunProblem::Stale);
    if is_watched || has_failed_alike(tx.conn, run, problem)? {
        return Ok(());
    }
    raise(tx, run, AlertKind::RunFailed, counts, problem, |fields| fields.is_on_failure)
}

/// The run waits at a guard; one that takes another one back always does, and whoever started it knows.
pub(crate) fn waits(tx: &mut Tx<'_>, run: &OpenRun, counts: &Counts, problem: &RunProblem) -> StoreResult<()> {
    if run.undoes.is_some() {
        return Ok(());
    }
    raise(tx, run, AlertKind::RunWaiting, counts, Some(problem), |fields| fields.is_on_waiting)
}

/// Puts a message that says nothing on its way to the channel. Conflicts while another one is.
pub fn test(tx: &mut Tx<'_>, id: AlertId) -> StoreResult<Option<()>> {
    let Some(row) = alerts::find_row(tx.conn, tx.tenant, id)? else { return Ok(None) };
    let tests = alert_outbox::table.filter(alert_outbox::alert_id.eq(row.id).and(alert_outbox::is_test.eq(true)));
    if diesel::select(diesel::dsl::exists(tests)).get_result(tx.conn)? {
        return Err(Conflict::TestOnItsWay.into());
    }
    let object = empty(tenant_name(tx.conn, tx.tenant_key)?);
    let (tenant, now) = (tx.tenant, tx.now());
    put(
        tx.conn,
        tx.ids(),
        &Sent { tenant, tenant_key: tx.tenant_key, channel: row.id, kind: AlertKind::Test, enquiry: None, now },
        object,
    )?;
    // Who asked for it is told at once, also when nothing was changed before.
    tx.changed(directory_model::change::ObjectKind::Alert, id);
    Ok(Some(()))
}

/// How many messages are sent at the same time.
#[derive(Debug, Clone, Copy)]
pub struct Most {
    /// Of how many tenants.
    pub tenants: i64,
    /// How many of each.
    pub of_each: i64,
}

/// A message as its row says: key, text, to whom it need not be sent again, how often it was tried.
type Waiting = (i64, String, Option<String>, i64);

/// Messages whose time has come, the longest waiting first: of so many tenants, and so many of each, that
/// none waits for all that another one has to say.
pub fn due(conn: &mut Connection, key: &SealingKey, now: Timestamp, most: Most) -> StoreResult<Vec<Due>> {
    let tenants: Vec<i64> = alert_outbox::table
        .filter(alert_outbox::next_at.le(now.millis()))
        .group_by(alert_outbox::tenant_id)
        .select(alert_outbox::tenant_id)
        .order((diesel::dsl::min(alert_outbox::next_at).asc(), alert_outbox::tenant_id.asc()))
        .limit(most.tenants)
        .load(conn)?;
    let mut due = Vec::new();
    for tenant in tenants {
        due.extend(due_of(conn, key, now, (tenant, most.of_each))?);
    }
    Ok(due)
}

fn due_of(
    conn: &mut Connection,
    key: &SealingKey,
    now: Timestamp,
    (tenant_key, limit): (i64, i64),
) -> StoreResult<Vec<Due>> {
    let rows: Vec<(Waiting, String, AlertRow)> = alert_outbox::table
        .inner_join(channels::table.on(channels::id.eq(alert_outbox::alert_id)))
        .inner_join(tenants::table.on(tenants::id.eq(alert_outbox::tenant_id)))
        .filter(alert_outbox::tenant_id.eq(tenant_key).and(alert_outbox::next_at.le(now.millis())))
        .select((
            (alert_outbox::id, alert_outbox::message, alert_outbox::told, alert_outbox::attempts),
            tenants::public_id,
            AlertRow::as_select(),
        ))
        .order((alert_outbox::next_at.asc(), alert_outbox::id.asc()))
        .limit(limit)
        .load(conn)?;
    let read = |((row_key, message, told, attempts), tenant, channel): (Waiting, String, AlertRow)| {
        let tenant = Column("tenants", "public_id").id(&tenant)?;
        let (secret, channel_key) = (channel.open(key, tenant), channel.id);
        let attempts = Column("alert_outbox", "attempts").count(attempts)?;
        let (message, alert) = (MESSAGE.json(&message)?, channel.read(key, tenant)?);
        let told = told.map(|told| TOLD.json(&told)).transpose()?.unwrap_or_default();
        Ok(Due { tenant, alert, secret, message, told, attempts, key: row_key, channel_key })
    };
    rows.into_iter().map(read).collect()
}

/// Nobody wants the message any more.
pub fn forget(conn: &mut Connection, due: &Due) -> StoreResult<()> {
    diesel::delete(alert_outbox::table.find(due.key)).execute(conn)?;
    Ok(())
}

/// Writes down what became of a try. Of a channel that changed meanwhile nothing is said: it was not tried.
pub fn tried(conn: &mut Connection, due: &Due, attempt: &Attempt) -> StoreResult<()> {
    let row = alert_outbox::table.find(due.key);
    match attempt.again_at {
        Some(again) => {
            let told = (attempt.told != Told::default()).then(|| TOLD.to_json(&attempt.told)).transpose()?;
            let attempts = alert_outbox::attempts.eq(alert_outbox::attempts + 1);
            let next_at = alert_outbox::next_at.eq(again.millis());
            diesel::update(row).set((attempts, next_at, alert_outbox::told.eq(told))).execute(conn)?;
        }
        None => {
            diesel::delete(row).execute(conn)?;
        }
    }
    let channel = channels::table.filter(channels::id.eq(due.channel_key));
    let channel = channel.filter(channels::revision.eq(due.alert.revision));
    let failure = attempt.failure.as_ref().map(|failure| FAILURE.to_json(failure)).transpose()?;
    diesel::update(channel).set(channels::failure.eq(failure)).execute(conn)?;
    if let Some(at) = attempt.arrived_at {
        diesel::update(channel).set(channels::delivered_at.eq(at.millis())).execute(conn)?;
    }
    Ok(())
}

/// What is the same for every message of one moment.
struct Sent {
    tenant: TenantId,
    tenant_key: i64,
    channel: i64,
    kind: AlertKind,
    /// The row key of the enquiry that it is about.
    enquiry: Option<i64>,
    now: Timestamp,
}

fn raise(
    tx: &mut Tx<'_>,
    run: &OpenRun,
    kind: AlertKind,
    counts: &Counts,
    problem: Option<&RunProblem>,
    is_wanted: fn(&AlertFields) -> bool,
) -> StoreResult<()> {
    let rows: Vec<(i64, String)> = channels::table
        .filter(channels::tenant_id.eq(tx.tenant_key))
        .select((channels::id, channels::settings))
        .load(tx.conn)?;
    let mut wanted = Vec::new();
    for (channel, settings) in rows {
        let fields: AlertFields = alerts::SETTINGS.json(&settings)?;
        wanted.extend((!fields.is_disabled && is_wanted(&fields)).then_some(channel));
    }
    if wanted.is_empty() {
        return Ok(());
    }
    let source: String = sources::table.find(run.source_key).select(sources::name).get_result(tx.conn)?;
    let object = AlertObject {
        source: Some(run.source),
        source_name: Some(source),
        run: Some(run.id),
        counts: Some(*counts),
        message: problem.map(ToString::to_string),
        problem: problem.cloned(),
        ..empty(tenant_name(tx.conn, tx.tenant_key)?)
    };
    let (tenant, tenant_key, now) = (tx.tenant, tx.tenant_key, tx.now());
    for channel in wanted {
        let sent = Sent { tenant, tenant_key, channel, kind, enquiry: None, now };
        put(tx.conn, tx.ids(), &sent, object.clone())?;
    }
    Ok(())
}

/// Puts a message on its way, and says its identity.
fn put(conn: &mut Connection, ids: &dyn IdSource, sent: &Sent, object: AlertObject) -> StoreResult<String> {
    let Sent { tenant, tenant_key, channel, kind, enquiry, now } = sent;
    let id = format!("msg_{}", ids.next_ulid());
    let message = AlertMessage { v: 1, id: id.clone(), tenant: *tenant, at: *now, kind: *kind, object };
    diesel::insert_into(alert_outbox::table)
        .values((
            alert_outbox::tenant_id.eq(tenant_key),
            alert_outbox::alert_id.eq(channel),
            alert_outbox::public_id.eq(&id),
            alert_outbox::enquiry_id.eq(enquiry),
            alert_outbox::message.eq(MESSAGE.to_json(&message)?),
            alert_outbox::is_test.eq(*kind == AlertKind::Test),
            alert_outbox::attempts.eq(0),
            alert_outbox::next_at.eq(now.millis()),
            alert_outbox::created_at.eq(now.millis()),
        ))
        .execute(conn)?;
    Ok(id)
}

/// Whether the last run over all of the source before this one failed for the same reason; one that took
/// another back read nothing.
fn has_failed_alike(conn: &mut Connection, run: &OpenRun, problem: Option<&RunProblem>) -> StoreResult<bool> {
    let before: Option<(String, Option<String>)> = sync_runs::table
        .filter(sync_runs::source_id.eq(run.source_key).and(sync_runs::contacts.is_null()))
        .filter(sync_runs::undoes.is_null())
        .filter(sync_runs::id.lt(run.key).and(sync_runs::ended_at.is_not_null()))
        .select((sync_runs::state, sync_runs::problem))
        .order(sync_runs::id.desc())
        .first(conn)
        .optional()?;
    let Some((state, before)) = before else { return Ok(false) };
    let before: Option<RunProblem> = before.map(|before| Column("sync_runs", "problem").json(&before)).transpose()?;
    let kind = |problem: &RunProblem| std::mem::discriminant(problem);
    Ok(state == word(RunState::Failed) && before.as_ref().map(kind) == problem.map(kind))
}

fn tenant_name(conn: &mut Connection, tenant_key: i64) -> StoreResult<String> {
    Ok(tenants::table.find(tenant_key).select(tenants::name).get_result(conn)?)
}

fn empty(tenant_name: String) -> AlertObject {
    AlertObject {
        tenant_name,
        source: None,
        source_name: None,
        run: None,
        counts: None,
        problem: None,
        message: None,
        succeeded_at: None,
        hours: None,
        enquiry: None,
    }
}
