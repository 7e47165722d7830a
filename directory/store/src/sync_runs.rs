//! Synchronisation runs and the record of what they did.
//!
//! A run is started and ended in its tenant's line; how far it has come in between is part of the
//! same transactions that write contacts, or in none.

use std::collections::HashMap;

use diesel::prelude::*;
use directory_model::audit::Act;
use directory_model::change::ObjectKind;
use directory_model::id::{ContactId, RunId, SourceId, TenantId};
use directory_model::page::{Cursor, Page, PageRequest};
use directory_model::run::{Counts, Run, RunEntry, RunExtent, RunProblem, RunState, Trigger};
use directory_model::undo::Reversal;

use crate::alert_outbox;
use crate::column::{Column, moment, word};
use crate::connection::Connection;
use crate::connection::rows::{insert_rows, sqlite_row};
use crate::error::StoreResult;
use crate::page::page_of;
use crate::plan_spool;
use crate::read_cursors;
use crate::schema::{sources, sync_run_entries, sync_runs, tenants};
use crate::sync_requests;
use crate::tx::Tx;

macro_rules! of_tenant {
    ($tenant:expr) => {
        sync_runs::table
            .inner_join(sources::table.on(sources::id.eq(sync_runs::source_id)))
            .inner_join(tenants::table.on(tenants::id.eq(sync_runs::tenant_id)))
            .filter(tenants::public_id.eq($tenant.to_string()))
            .select((RunRow::as_select(), sources::public_id))
    };
}

mod aside;
mod entries;
mod retention;
mod scheduled;
mod undo;
mod unfinished;

pub use self::aside::{SetAside, set_aside};
pub use self::entries::{entries, entries_of, planned};
pub use self::retention::{OldRun, old, remove, thin};
pub use self::scheduled::{ScheduledSource, scheduled};
pub use self::undo::{Line, StartUndo, lines, start_undo};
pub use self::unfinished::{running, take_up};

/// Rows in one batch: nine columns each.
const BATCH: usize = 500;
const CONTACTS: Column = Column("sync_runs", "contacts");

#[derive(Queryable, Selectable)]
#[diesel(table_name = sync_runs)]
struct RunRow {
    id: i64,
    public_id: String,
    contacts: Option<String>,
    started_by: String,
    state: String,
    counts: String,
    problem: Option<String>,
    extent: String,
    whole_because: Option<String>,
    planned_at_seq: Option<i64>,
    may_lag: bool,
    undoes: Option<String>,
    started_at: i64,
    ended_at: Option<i64>,
}

type Loaded = (RunRow, String);

/// What became of the wish to start a run.
#[derive(Debug)]
pub enum Start {
    /// There is no such source in the tenant.
    NoSource,
    /// Another run of the source has not ended.
    Busy(RunId),
    /// It is recorded and may go on.
    Started(Box<OpenRun>),
}

/// Which runs are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// All of them.
    All,
    /// Those that are about some contacts, not about all of a source.
    AboutContacts,
}

/// What became of the wish that a run goes on which waited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resumed {
    /// It goes on.
    Resumed,
    /// It does not wait any more.
    NotWaiting,
    /// This run of the same source goes on, for some contacts.
    Busy(RunId),
}

/// A run that has not ended, with the keys that its many writes need.
#[derive(Debug, Clone)]
pub struct OpenRun {
    /// Its public identity.
    pub id: RunId,
    /// The tenant.
    pub tenant: TenantId,
    /// The source that it reads.
    pub source: SourceId,
    /// The contacts that it is about; about all of the source when absent.
    pub contacts: Option<Vec<ContactId>>,
    /// How much of the source it is to read.
    pub extent: RunExtent,
    /// Where it stands.
    pub state: RunState,
    /// How many entries had which fate so far.
    pub counts: Counts,
    /// The number of the tenant's line that its plan was made from.
    pub planned_at_seq: Option<i64>,
    /// What it has read may not be all that the source's servers have heard of.
    pub may_lag: bool,
    /// Its plan waits, or waited before it was approved, because it was doubted, and not only to be seen first.
    pub is_doubted: bool,
    /// The run that it takes back.
    pub undoes: Option<RunId>,
    pub(crate) key: i64,
    pub(crate) tenant_key: i64,
    pub(crate) source_key: i64,
}

/// Records that a run of all of `source` starts, unless one of it has not ended. It also sees to the
/// contacts that wait to be synchronised from the source.
pub fn start(tx: &mut Tx<'_>, source: SourceId, trigger: Trigger, extent: RunExtent) -> StoreResult<Start> {
    let source_key = crate::sources::key(tx.conn, tx.tenant, source)?;
    let Some(source_key) = source_key else { return Ok(Start::NoSource) };
    if let Some(open) = open_of(tx.conn, source_key, |_| true)? {
        return Ok(Start::Busy(open));
    }
    let run = record(tx, source, source_key, (None, extent), trigger)?;
    // Nobody is asked about anybody when what was read before is mapped anew.
    if extent != RunExtent::Stored {
        sync_requests::take(tx.conn, &run)?;
    }
    Ok(Start::Started(Box::new(run)))
}

/// The run of the source that has not ended and is in one of the states.
pub(crate) fn open_of(
    conn: &mut Connection,
    source_key: i64,
    is_one: fn(RunState) -> bool,
) -> StoreResult<Option<RunId>> {
    let open: Vec<(String, String)> = sync_runs::table
        .filter(sync_runs::source_id.eq(source_key).and(sync_runs::ended_at.is_null()))
        .select((sync_runs::public_id, sync_runs::state))
        .order(sync_runs::id.asc())
        .load(conn)?;
    for (id, state) in open {
        if is_one(Column("sync_runs", "state").word(&state)?) {
            return Column("sync_runs", "public_id").id(&id).map(Some);
        }
    }
    Ok(None)
}

/// Records that a run starts; nothing is in its way.
pub(crate) fn record(
    tx: &mut Tx<'_>,
    source: SourceId,
    source_key: i64,
    (contacts, extent): (Option<Vec<ContactId>>, RunExtent),
    trigger: Trigger,
) -> StoreResult<OpenRun> {
    let (id, counts) = (RunId::new(tx.ids()), Counts::default());
    let listed = contacts.as_ref().map(|contacts| CONTACTS.to_json(contacts)).transpose()?;
    let key: i64 = diesel::insert_into(sync_runs::table)
        .values((
            sync_runs::tenant_id.eq(tx.tenant_key),
            sync_runs::public_id.eq(id.to_string()),
            sync_runs::source_id.eq(source_key),
            sync_runs::contacts.eq(listed),
            sync_runs::started_by.eq(word(trigger)),
            sync_runs::state.eq(word(RunState::Running)),
            sync_runs::counts.eq(Column("sync_runs", "counts").to_json(&counts)?),
            sync_runs::extent.eq(word(extent)),
            sync_runs::started_at.eq(tx.now().millis()),
        ))
        .returning(sync_runs::id)
        .get_result(tx.conn)?;
    let mut changes = state_change(None, RunState::Running);
    if let Some(contacts) = &contacts {
        changes["contacts"] = serde_json::json!([null, contacts]);
    }
    tx.audit(Act::Synchronize, ObjectKind::Run, id, &changes)?;
    Ok(OpenRun {
        id,
        tenant: tx.tenant,
        source,
        contacts,
        extent,
        state: RunState::Running,
        counts,
        planned_at_seq: None,
        may_lag: false,
        is_doubted: false,
        undoes: None,
        key,
        tenant_key: tx.tenant_key,
        source_key,
    })
}

/// The run, if it has not ended.
pub fn open(conn: &mut Connection, tenant: TenantId, id: RunId) -> StoreResult<Option<OpenRun>> {
    let query = of_tenant!(tenant).filter(sync_runs::public_id.eq(id.to_string()).and(sync_runs::ended_at.is_null()));
    let row: Option<Loaded> = query.get_result(conn).optional()?;
    let Some((row, source)) = row else { return Ok(None) };
    let (key, planned_at_seq, may_lag) = (row.id, row.planned_at_seq, row.may_lag);
    let is_doubted = problem_of(&row)?.is_some_and(|problem| !matches!(problem, RunProblem::Preview { .. }));
    let run = read((row, source))?;
    let (tenant_key, source_key): (i64, i64) =
        sync_runs::table.find(key).select((sync_runs::tenant_id, sync_runs::source_id)).get_result(conn)?;
    let Run { id, source, contacts, extent, state, counts, undoes, .. } = run;
    Ok(Some(OpenRun {
        id,
        tenant,
        source,
        contacts,
        extent,
        state,
        counts,
        planned_at_seq,
        may_lag,
        is_doubted,
        undoes,
        key,
        tenant_key,
        source_key,
    }))
}

/// The run, if there is one.
pub fn find(conn: &mut Connection, tenant: TenantId, id: RunId) -> StoreResult<Option<Run>> {
    let query = of_tenant!(tenant).filter(sync_runs::public_id.eq(id.to_string()));
    let row: Option<Loaded> = query.get_result(conn).optional()?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Run { has_changed: undo::has_changed(conn, row.0.id)?, ..read(row)? }))
}

/// A page of runs, newest first.
pub fn list(conn: &mut Connection, tenant: TenantId, which: Which, request: &PageRequest) -> StoreResult<Page<Run>> {
    let mut query = of_tenant!(tenant).into_boxed();
    if which == Which::AboutContacts {
        query = query.filter(sync_runs::contacts.is_not_null());
    }
    if let Some(after) = &request.after {
        query = query.filter(sync_runs::id.lt(after.key));
    }
    let rows: Vec<Loaded> = query.order(sync_runs::id.desc()).limit(i64::from(request.size()) + 1).load(conn)?;
    let keys: Vec<i64> = rows.iter().map(|(row, _)| row.id).collect();
    let changed = undo::changed(conn, &keys)?;
    let cursor = |(row, _): &Loaded| Cursor { sort: String::new(), key: row.id };
    page_of(rows, request, cursor, |row| Ok(Run { has_changed: changed.contains(&row.0.id), ..read(row)? }))
}

/// Says how many entries had which fate so far, outside the line; `false` when the run has ended.
pub fn record_counts(conn: &mut Connection, run: &OpenRun, counts: &Counts) -> StoreResult<bool> {
    let open = sync_runs::table.filter(sync_runs::id.eq(run.key).and(sync_runs::ended_at.is_null()));
    let counts = sync_runs::counts.eq(Column("sync_runs", "counts").to_json(counts)?);
    Ok(diesel::update(open).set((counts, sync_runs::resumes.eq(0))).execute(conn)? == 1)
}

/// Records who asked that the run, which goes on, ends at its next safe point; `false` when it has
/// ended.
pub fn ask_to_cancel(tx: &mut Tx<'_>, id: RunId) -> StoreResult<bool> {
    let Some(run) = open(tx.conn, tx.tenant, id)? else { return Ok(false) };
    // Also when the gateway stops before: nobody wants the rest any more.
    diesel::update(sync_runs::table.find(run.key)).set(sync_runs::planned_at_seq.eq(None::<i64>)).execute(tx.conn)?;
    audit_state(tx, id, run.state, RunState::Cancelled)?;
    Ok(true)
}

fn audit_state(tx: &mut Tx<'_>, id: RunId, old: RunState, new: RunState) -> StoreResult<()> {
    tx.audit(Act::Synchronize, ObjectKind::Run, id, &state_change(Some(old), new))
}

/// Counts, for operators, how often runs came to a state.
fn count(state: RunState) {
    metrics::counter!("sync_runs_total", "state" => word(state)).increment(1);
}

fn state_change(old: Option<RunState>, new: RunState) -> serde_json::Value {
    serde_json::json!({ "state": [old.map(word), word(new)] })
}

/// The run's plan is complete and waits for approval, as of this moment of the tenant's line.
pub fn wait(tx: &mut Tx<'_>, run: &OpenRun, counts: &Counts, problem: &RunProblem) -> StoreResult<()> {
    diesel::update(sync_runs::table.find(run.key))
        .set((
            sync_runs::state.eq(word(RunState::AwaitingApproval)),
            sync_runs::counts.eq(Column("sync_runs", "counts").to_json(counts)?),
            sync_runs::problem.eq(Column("sync_runs", "problem").to_json(problem)?),
            sync_runs::planned_at_seq.eq(tx.seq),
        ))
        .execute(tx.conn)?;
    alert_outbox::waits(tx, run, counts, problem)?;
    // Somebody may think about it for days.
    sync_requests::settle(tx.conn, run, false)?;
    tx.changed(ObjectKind::Run, run.id);
    count(RunState::AwaitingApproval);
    Ok(())
}

/// The run that waited goes on, unless another one of its source does. For what it waited stays in the store, because
/// it may be taken up once more.
pub fn resume(tx: &mut Tx<'_>, run: &OpenRun, counts: &Counts) -> StoreResult<Resumed> {
    if let Some(other) = open_of(tx.conn, run.source_key, |state| state == RunState::Running)? {
        return Ok(if other == run.id { Resumed::NotWaiting } else { Resumed::Busy(other) });
    }
    let waiting = sync_runs::state.eq(word(RunState::AwaitingApproval));
    let resumed = diesel::update(sync_runs::table.filter(sync_runs::id.eq(run.key).and(waiting)))
        .set((
            sync_runs::state.eq(word(RunState::Running)),
            sync_runs::counts.eq(Column("sync_runs", "counts").to_json(counts)?),
        ))
        .execute(tx.conn)?;
    if resumed == 0 {
        return Ok(Resumed::NotWaiting);
    }
    audit_state(tx, run.id, RunState::AwaitingApproval, RunState::Running)?;
    Ok(Resumed::Resumed)
}

/// The run has ended. What was left of its plan is thrown away, and the contacts that it saw to do
/// not wait any more, or go on waiting when it did not come to that; `false` when it had ended before.
pub fn finish(
    tx: &mut Tx<'_>,
    run: &OpenRun,
    state: RunState,
    counts: &Counts,
    problem: Option<&RunProblem>,
) -> StoreResult<bool> {
    let counts_json = Column("sync_runs", "counts").to_json(counts)?;
    let problem_json = problem.map(|problem| Column("sync_runs", "problem").to_json(problem)).transpose()?;
    let ended = diesel::update(sync_runs::table.filter(sync_runs::id.eq(run.key).and(sync_runs::ended_at.is_null())))
        .set((
            sync_runs::state.eq(word(state)),
            sync_runs::counts.eq(&counts_json),
            sync_runs::problem.eq(problem_json),
            sync_runs::ended_at.eq(tx.now().millis()),
        ))
        .execute(tx.conn)?;
    if ended == 0 {
        return Ok(false);
    }
    if state == RunState::Failed {
        alert_outbox::failed(tx, run, counts, problem)?;
    }
    plan_spool::clear(tx.conn, run)?;
    if run.undoes.is_some() {
        // While its plan waited nothing was taken back.
        if run.state == RunState::Running && undo::has_changed(tx.conn, run.key)? {
            read_cursors::forget(tx.conn, run)?;
        }
    } else if run.contacts.is_none() && run.extent != RunExtent::Stored && state == RunState::Succeeded {
        read_cursors::advance(tx.conn, run)?;
    }
    let is_seen_to = match run.contacts {
        None => state == RunState::Succeeded,
        // What failed once would fail again; what was interrupted did not even try.
        Some(_) => problem != Some(&RunProblem::Interrupted),
    };
    sync_requests::settle(tx.conn, run, is_seen_to)?;
    let changes = serde_json::json!({ "state": [word(run.state), word(state)], "counts": [null, counts] });
    tx.audit(Act::Synchronize, ObjectKind::Run, run.id, &changes)?;
    count(state);
    Ok(true)
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = sync_run_entries)]
struct EntryRow {
    number: i64,
    action: String,
    locator: String,
    contact: Option<String>,
    changes: String,
    reason: Option<String>,
}

#[derive(Insertable)]
#[diesel(table_name = sync_run_entries, treat_none_as_default_value = false)]
struct NewEntry<'a> {
    run_id: i64,
    number: i64,
    tenant_id: i64,
    action: String,
    locator: &'a str,
    contact: Option<String>,
    changes: String,
    reason: Option<String>,
    undo: Option<String>,
}

sqlite_row!(NewEntry<'_>, sync_run_entries, |row| {
    run_id: row.run_id,
    number: row.number,
    tenant_id: row.tenant_id,
    action: row.action,
    locator: row.locator,
    contact: row.contact,
    changes: row.changes,
    reason: row.reason,
    undo: row.undo,
});

/// The number of the next line in the run's record.
pub(crate) fn next_number(conn: &mut Connection, run: &OpenRun) -> StoreResult<i64> {
    let last: Option<i64> = sync_run_entries::table
        .filter(sync_run_entries::run_id.eq(run.key))
        .select(diesel::dsl::max(sync_run_entries::number))
        .get_result(conn)?;
    Ok(last.unwrap_or(0) + 1)
}

/// Adds lines to the run's record, with what it takes to undo those of which that is known by their
/// place; what an undoing run does is not undone again.
pub(crate) fn append(
    conn: &mut Connection,
    run: &OpenRun,
    entries: &[RunEntry],
    reversals: &HashMap<usize, Reversal>,
) -> StoreResult<()> {
    let (changes, reason) = (Column("sync_run_entries", "changes"), Column("sync_run_entries", "reason"));
    let rows = entries.iter().enumerate().map(|(at, entry)| {
        let reversal = reversals.get(&at).filter(|reversal| run.undoes.is_none() && !reversal.is_empty());
        Ok(NewEntry {
            undo: reversal.map(|reversal| Column("sync_run_entries", "undo").to_json(reversal)).transpose()?,
            run_id: run.key,
            number: entry.number,
            tenant_id: run.tenant_key,
            action: word(entry.action),
            locator: &entry.locator,
            contact: entry.contact.map(|contact| contact.to_string()),
            changes: changes.to_json(&entry.changes)?,
            reason: entry.reason.as_ref().map(|invalid| reason.to_json(invalid)).transpose()?,
        })
    });
    let rows = rows.collect::<StoreResult<Vec<_>>>()?;
    insert_rows!(conn, sync_run_entries::table, &rows, BATCH);
    Ok(())
}

impl EntryRow {
    fn read(self) -> StoreResult<RunEntry> {
        let contact: Option<ContactId> =
            self.contact.map(|id| Column("sync_run_entries", "contact").id(&id)).transpose()?;
        Ok(RunEntry {
            number: self.number,
            action: Column("sync_run_entries", "action").word(&self.action)?,
            locator: self.locator,
            contact,
            changes: Column("sync_run_entries", "changes").json(&self.changes)?,
            reason: self.reason.map(|reason| Column("sync_run_entries", "reason").json(&reason)).transpose()?,
        })
    }
}

fn problem_of(row: &RunRow) -> StoreResult<Option<RunProblem>> {
    row.problem.as_deref().map(|problem| Column("sync_runs", "problem").json(problem)).transpose()
}

/// The run as its row says; whether it changed anything its entries say.
fn read((row, source): Loaded) -> StoreResult<Run> {
    let state = Column("sync_runs", "state").word(&row.state)?;
    // Of a run that goes on it says for what it waited.
    let problem = problem_of(&row)?.filter(|_| state != RunState::Running);
    Ok(Run {
        id: Column("sync_runs", "public_id").id(&row.public_id)?,
        source: Column("sources", "public_id").id(&source)?,
        contacts: row.contacts.map(|contacts| CONTACTS.json(&contacts)).transpose()?,
        trigger: Column("sync_runs", "started_by").word(&row.started_by)?,
        extent: Column("sync_runs", "extent").word(&row.extent)?,
        whole_because: row.whole_because.map(|why| Column("sync_runs", "whole_because").word(&why)).transpose()?,
        state,
        counts: Column("sync_runs", "counts").json(&row.counts)?,
        undoes: row.undoes.map(|run| Column("sync_runs", "undoes").id(&run)).transpose()?,
        problem,
        started_at: moment(row.started_at),
        ended_at: row.ended_at.map(moment),
        has_changed: false,
    })
}
