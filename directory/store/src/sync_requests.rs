//! Contacts that are to be synchronised from sources, until a run has seen to it.
//!
//! A request is written with what gives rise to it, in one transaction, and goes when a run that
//! began later has ended. Whatever happens in between, to the run or to the gateway, it waits again.

use std::collections::{BTreeSet, HashMap, HashSet};

use diesel::prelude::*;
use directory_model::audit::Act;
use directory_model::change::ObjectKind;
use directory_model::id::{ContactId, RunId, SourceId, TenantId};
use directory_model::run::{Asked, MAX_CONTACTS, RunExtent, RunState, Trigger};
use serde_json::json;

use crate::column::{Column, word};
use crate::connection::{Connection, per_backend};
use crate::error::StoreResult;
use crate::refs::CHUNK;
use crate::schema::{contacts, source_records, sources, sync_requests, sync_runs, tenants};
use crate::sources::read_fields;
use crate::sync_runs::{OpenRun, open_of, record};
use crate::tx::Tx;

const SOURCE_ID: Column = Column("sources", "public_id");
const RUN_ID: Column = Column("sync_runs", "public_id");
const CONTACT_ID: Column = Column("contacts", "public_id");

/// What became of the wish to synchronise contacts.
#[derive(Debug)]
pub enum Request {
    /// The tenant wants nothing synchronised.
    SwitchedOff,
    /// It is recorded.
    Taken {
        /// The runs that may go on.
        started: Vec<OpenRun>,
        /// Who sees to the contacts, by source.
        asked: Vec<Asked>,
    },
}

/// A source for which contacts wait.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// Its tenant.
    pub tenant: TenantId,
    /// The source.
    pub source: SourceId,
    /// Whether it may run at all.
    pub is_switched_on: bool,
    source_key: i64,
}

/// Whom of some contacts a source speaks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subjects {
    /// Those with an entry in a source that is in service.
    pub contacts: Vec<ContactId>,
    /// How many have no entry in any source.
    pub manual: u64,
    /// The sources out of service that have entries of some.
    pub silent: Vec<SourceId>,
}

/// Whom of these contacts a source speaks for.
pub fn subjects(conn: &mut Connection, tenant: TenantId, of: &[ContactId]) -> StoreResult<Subjects> {
    let Some(tenant_key) = crate::tenants::key(conn, tenant)? else { return Ok(Subjects::default()) };
    let keys = crate::contacts::keys(conn, tenant_key, of)?;
    let linked = sources_of(conn, &keys.values().copied().collect())?;
    let all: Vec<(i64, String, bool)> = sources::table
        .filter(sources::tenant_id.eq(tenant_key))
        .select((sources::id, sources::public_id, sources::is_disabled))
        .order((sources::name_key.asc(), sources::id.asc()))
        .load(conn)?;
    let is_asked = |key: &i64| all.iter().any(|(source, _, is_disabled)| source == key && !is_disabled);
    let is_spoken_for = |id: &&ContactId| {
        let entries = keys.get(id).and_then(|key| linked.get(key));
        entries.is_some_and(|sources| sources.iter().any(is_asked))
    };
    let manual = keys.values().filter(|key| !linked.contains_key(key)).count() as u64;
    let has_some = |key: &i64| linked.values().any(|sources| sources.contains(key));
    let silent = all.iter().filter(|(key, _, is_disabled)| *is_disabled && has_some(key));
    Ok(Subjects {
        contacts: of.iter().filter(is_spoken_for).copied().collect(),
        manual,
        silent: silent.map(|(_, id, _)| SOURCE_ID.id(id)).collect::<StoreResult<_>>()?,
    })
}

/// Asks every source that is in service and may know one of the contacts, and starts those runs that
/// nothing is in the way of.
pub fn request(tx: &mut Tx<'_>, wanted: &[ContactId], trigger: Trigger) -> StoreResult<Request> {
    let tenant = tx.tenant;
    let found = crate::tenants::find(tx.conn, tenant)?;
    if !found.is_some_and(|tenant| tenant.fields.is_synchronized()) {
        return Ok(Request::SwitchedOff);
    }
    let mut started = Vec::new();
    for (source, is_new) in ask(tx, wanted, trigger)? {
        match start(tx, source)? {
            Some(run) => started.push(run),
            None if is_new => {
                tx.audit(Act::Synchronize, ObjectKind::Source, source, &json!({"contacts": [null, wanted]}))?;
            }
            None => {}
        }
    }
    let asked = asked(tx, wanted)?;
    Ok(Request::Taken { started, asked })
}

/// Asks for a contact that was just added, where its tenant wants that; whether anybody was asked.
pub fn request_on_adding(tx: &mut Tx<'_>, contact: ContactId) -> StoreResult<bool> {
    let tenant = tx.tenant;
    let Some(found) = crate::tenants::find(tx.conn, tenant)? else { return Ok(false) };
    let fields = found.fields;
    if !fields.is_auto_sync_on_adding_enabled || !fields.is_synchronized() {
        return Ok(false);
    }
    Ok(!ask(tx, &[contact], Trigger::ContactAdded)?.is_empty())
}

/// Records the requests, and says of which sources, and whether there are new ones. A contact that
/// belongs to an entry is asked for where the entry is, and wherever people are looked up; another one may be
/// anywhere.
fn ask(tx: &mut Tx<'_>, wanted: &[ContactId], trigger: Trigger) -> StoreResult<Vec<(SourceId, bool)>> {
    let keys = crate::contacts::keys(tx.conn, tx.tenant_key, wanted)?;
    let keys: BTreeSet<i64> = keys.into_values().collect();
    let linked = sources_of(tx.conn, &keys)?;
    let in_service: Vec<(i64, String, String)> = sources::table
        .filter(sources::tenant_id.eq(tx.tenant_key).and(sources::is_disabled.eq(false)))
        .select((sources::id, sources::public_id, sources::settings))
        .order(sources::id.asc())
        .load(tx.conn)?;
    let mut asked = Vec::new();
    for (source_key, source, settings) in in_service {
        let mut is_new = false;
        let settings = read_fields(&settings)?;
        if !settings.connection.has_entries() {
            continue;
        }
        let is_looking_up = !settings.connection.lists_everybody();
        let is_there = |contact: &i64| linked.get(contact).is_none_or(|sources| sources.contains(&source_key));
        let may_know = |contact: &&i64| is_looking_up || is_there(contact);
        let known: Vec<i64> = keys.iter().filter(may_know).copied().collect();
        for contact in &known {
            let row = (
                sync_requests::tenant_id.eq(tx.tenant_key),
                sync_requests::source_id.eq(source_key),
                sync_requests::contact_id.eq(contact),
                sync_requests::started_by.eq(word(trigger)),
                sync_requests::created_at.eq(tx.now().millis()),
            );
            let made = per_backend!(tx.conn, |conn| {
                diesel::insert_into(sync_requests::table).values(row).on_conflict_do_nothing().execute(conn)?
            });
            is_new |= made == 1;
        }
        if !known.is_empty() {
            asked.push((SOURCE_ID.id(&source)?, is_new));
        }
    }
    Ok(asked)
}

/// The sources that have the entries of the contacts with these row keys.
fn sources_of(conn: &mut Connection, contacts: &BTreeSet<i64>) -> StoreResult<HashMap<i64, HashSet<i64>>> {
    let contacts: Vec<i64> = contacts.iter().copied().collect();
    let mut sources: HashMap<i64, HashSet<i64>> = HashMap::new();
    for contacts in contacts.chunks(CHUNK) {
        let rows: Vec<(Option<i64>, i64)> = source_records::table
            .filter(source_records::contact_id.eq_any(contacts))
            .select((source_records::contact_id, source_records::source_id))
            .load(conn)?;
        for (contact, source) in rows {
            sources.entry(contact.unwrap_or_default()).or_default().insert(source);
        }
    }
    Ok(sources)
}

/// Who sees to the contacts: each pair of source and run once.
fn asked(tx: &mut Tx<'_>, wanted: &[ContactId]) -> StoreResult<Vec<Asked>> {
    let keys: Vec<i64> = crate::contacts::keys(tx.conn, tx.tenant_key, wanted)?.into_values().collect();
    let mut found: BTreeSet<(i64, String, Option<String>)> = BTreeSet::new();
    for keys in keys.chunks(CHUNK) {
        // A run over all of the source is not about them, even if it will have seen to them.
        let rows: Vec<(i64, String, Option<String>)> = sync_requests::table
            .inner_join(sources::table.on(sources::id.eq(sync_requests::source_id)))
            .left_join(
                sync_runs::table
                    .on(sync_runs::id.nullable().eq(sync_requests::run_id).and(sync_runs::contacts.is_not_null())),
            )
            .filter(sync_requests::contact_id.eq_any(keys))
            .select((sources::id, sources::public_id, sync_runs::public_id.nullable()))
            .load(tx.conn)?;
        found.extend(rows);
    }
    found
        .into_iter()
        .map(|(_, source, run)| {
            let run: Option<RunId> = run.map(|run| RUN_ID.id(&run)).transpose()?;
            Ok(Asked { source: SOURCE_ID.id(&source)?, run })
        })
        .collect()
}

/// Starts a run for contacts that wait for the source, if there are some and no other run of it goes
/// on. A plan that waits for approval is not in the way: it says itself when it is out of date.
pub fn start(tx: &mut Tx<'_>, source: SourceId) -> StoreResult<Option<OpenRun>> {
    let Some(source_key) = crate::sources::key(tx.conn, tx.tenant, source)? else { return Ok(None) };
    if open_of(tx.conn, source_key, |state| state == RunState::Running)?.is_some() {
        return Ok(None);
    }
    let rows: Vec<(i64, String, String)> = sync_requests::table
        .inner_join(contacts::table.on(contacts::id.eq(sync_requests::contact_id)))
        .filter(sync_requests::source_id.eq(source_key).and(sync_requests::run_id.is_null()))
        .select((sync_requests::id, contacts::public_id, sync_requests::started_by))
        .order(sync_requests::id.asc())
        .limit(i64::try_from(MAX_CONTACTS).unwrap_or(i64::MAX))
        .load(tx.conn)?;
    if rows.is_empty() {
        return Ok(None);
    }
    let is_added = rows.iter().all(|(.., trigger)| *trigger == word(Trigger::ContactAdded));
    let trigger = if is_added { Trigger::ContactAdded } else { Trigger::Manual };
    let about = rows.iter().map(|(_, contact, _)| CONTACT_ID.id(contact)).collect::<StoreResult<_>>()?;
    let run = record(tx, source, source_key, (Some(about), RunExtent::Whole), trigger)?;
    let taken: Vec<i64> = rows.into_iter().map(|(id, ..)| id).collect();
    diesel::update(sync_requests::table.filter(sync_requests::id.eq_any(taken)))
        .set(sync_requests::run_id.eq(run.key))
        .execute(tx.conn)?;
    Ok(Some(run))
}

/// The sources for which contacts wait: of one tenant, or of all.
pub fn waiting(conn: &mut Connection, of: Option<TenantId>) -> StoreResult<Vec<Waiting>> {
    let mut query = sync_requests::table
        .inner_join(sources::table.on(sources::id.eq(sync_requests::source_id)))
        .inner_join(tenants::table.on(tenants::id.eq(sync_requests::tenant_id)))
        .filter(sync_requests::run_id.is_null())
        .select((sources::id, sources::public_id, sources::is_disabled, tenants::public_id))
        .distinct()
        .into_boxed();
    if let Some(tenant) = of {
        query = query.filter(tenants::public_id.eq(tenant.to_string()));
    }
    let rows: Vec<(i64, String, bool, String)> = query.order(sources::id.asc()).load(conn)?;
    let mut waiting = Vec::new();
    for (source_key, source, is_disabled, tenant) in rows {
        let (source, tenant) = (SOURCE_ID.id(&source)?, Column("tenants", "public_id").id(&tenant)?);
        let found = crate::tenants::find(conn, tenant)?;
        let is_wanted = found.is_some_and(|it| it.fields.is_synchronized());
        waiting.push(Waiting { tenant, source, is_switched_on: is_wanted && !is_disabled, source_key });
    }
    Ok(waiting)
}

/// Forgets what waits for a source that is switched off, and says how much that was.
pub fn forget(conn: &mut Connection, waiting: &Waiting) -> StoreResult<usize> {
    let of_source = sync_requests::source_id.eq(waiting.source_key).and(sync_requests::run_id.is_null());
    Ok(diesel::delete(sync_requests::table.filter(of_source)).execute(conn)?)
}

/// From now on the run sees to everything that waits for its source.
pub(crate) fn take(conn: &mut Connection, run: &OpenRun) -> StoreResult<()> {
    let of_source = sync_requests::source_id.eq(run.source_key).and(sync_requests::run_id.is_null());
    diesel::update(sync_requests::table.filter(of_source)).set(sync_requests::run_id.eq(run.key)).execute(conn)?;
    Ok(())
}

/// What the run saw to is done, or waits again.
pub(crate) fn settle(conn: &mut Connection, run: &OpenRun, is_done: bool) -> StoreResult<()> {
    let of_run = sync_requests::table.filter(sync_requests::run_id.eq(run.key));
    if is_done {
        diesel::delete(of_run).execute(conn)?;
    } else {
        diesel::update(of_run).set(sync_requests::run_id.eq(None::<i64>)).execute(conn)?;
    }
    Ok(())
}
