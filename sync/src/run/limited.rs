//! A run that is about some contacts: their entries are looked for, and nothing else is touched.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use directory_model::address::ContactKey;
use directory_model::contact::Contact;
use directory_model::id::ContactId;
use directory_model::record::{KnownRecord, ReadEnd, Reported, Sought};
use directory_model::run::{PlanStep, RunAction, RunProblem};
use directory_model::source;
use directory_store::connection::Connection;
use directory_store::error::StoreResult;
use directory_store::source_records::{self, MarkChanges};
use directory_store::sync_runs::OpenRun;
use directory_store::{contacts, tenants};
use tokio::sync::mpsc;

use super::{AHEAD, End, Running, Steps, blocking, decide, failed};
use crate::apply::Trust;
use crate::guard::cut_short;
use crate::plan::limited::{Attended, Owner, divide};
use crate::plan::{Planner, Tally};
use crate::reader::{ReadFailure, Reading};
use crate::spool::Spool;

/// What the run will do, and as of which number of the tenant's line.
struct Decided {
    steps: Vec<PlanStep>,
    tally: Tally,
    marks: MarkChanges,
    line: Option<i64>,
    unfound: Vec<Vec<u8>>,
}

/// What such a run is about.
#[derive(Clone)]
struct About {
    run: OpenRun,
    ids: Vec<ContactId>,
    source: source::Connection,
}

impl Running {
    /// Reads the entries of `ids`, and writes what they say.
    pub(super) async fn read_for(&mut self, ids: Vec<ContactId>) -> StoreResult<End> {
        let (source, secret) = match self.source().await? {
            Ok(found) => found,
            Err(problem) => return Ok(failed(problem)),
        };
        let about = About { run: self.run.clone(), ids, source: source.fields.connection.clone() };
        let looked_for = about.clone();
        let attended = self.parts.database.read(move |conn| attended(conn, &looked_for)).await?;
        let sought: Vec<Sought> = attended.iter().flat_map(|attended| attended.asked(&about.source)).collect();
        // A contact without an address has no entry that could be found.
        if sought.is_empty() {
            return self.decide_and_apply(about, Vec::new()).await;
        }
        let (out, entries) = mpsc::channel(AHEAD);
        let (reader, cancel) = (Arc::clone(&self.parts.reader), self.cancel.clone());
        let last = self.last_read(&source).await?;
        let last = last.as_ref().map(|last| &last.cursor);
        let wanted = Reading { only: Some(&sought), ..Reading::whole(self.run.tenant, &source, secret.as_ref(), last) };
        let reading = reader.read(wanted, out, &cancel);
        let (end, mut reported) = tokio::join!(reading, self.gather(entries));
        self.begin_keeping(&source.fields, false).await?;
        self.keep(&mut reported).await?;
        self.write_rest().await?;
        if let Some(end) = self.cancelled() {
            return Ok(end);
        }
        match end {
            Ok(ReadEnd { entries, is_complete: false, .. }) => Ok(failed(cut_short(entries))),
            Ok(_) => self.decide_and_apply(about, reported).await,
            Err(ReadFailure::Failed(problem)) => Ok(failed(problem)),
            Err(ReadFailure::CannotContinue(_)) => Ok(failed(RunProblem::Internal)),
        }
    }

    /// Everything that is reported; the reader takes only some entries for each contact.
    pub(super) async fn gather(&mut self, mut entries: mpsc::Receiver<Reported>) -> Vec<Reported> {
        let (mut all, before) = (Vec::new(), self.counts.read);
        while entries.recv_many(&mut all, AHEAD).await > 0 {
            self.counts.read = before + all.len() as u64;
            self.progress.count(self.counts);
        }
        all
    }

    async fn decide_and_apply(&mut self, about: About, reported: Vec<Reported>) -> StoreResult<End> {
        let work = move |conn: &mut Connection| plan(conn, &about, reported);
        let Decided { steps, tally, marks, line, unfound } = self.parts.database.read(work).await?;
        self.mark(marks).await?;
        self.unfound = Some(unfound.into_iter().collect());
        self.line = line;
        self.counts.unchanged = tally.unchanged;
        self.counts.not_found = steps.iter().filter(|step| step.action == RunAction::NotFound).count() as u64;
        let mut spool = Spool::new(self.parts.database.file().as_deref())?;
        let finish = move || {
            spool.append(&steps)?;
            spool.finish()
        };
        let (spooled, _) = blocking(finish).await?;
        self.apply(Steps::Spooled(Box::new(spooled)), Trust::Planned).await
    }
}

/// Those of the contacts that are there and that no other source speaks for; all that are there where people are
/// looked up.
fn attended(conn: &mut Connection, about: &About) -> StoreResult<Vec<Attended>> {
    let About { run, ids, source } = about;
    let mut records = source_records::of_contacts(conn, run, ids)?;
    let linked = source_records::linked(conn, run.tenant, ids)?;
    let found = contacts::many(conn, run.tenant, ids)?.into_iter().filter_map(|contact| {
        let record = records.remove(&contact.id);
        let is_others = record.is_none() && linked.contains(&contact.id) && source.lists_everybody();
        (!is_others).then_some(Attended { contact, record })
    });
    let mut attended: Vec<Attended> = found.collect();
    attended.sort_by_key(|attended| attended.contact.id);
    Ok(attended)
}

/// Whose the known entries are.
pub(super) fn owners(
    conn: &mut Connection,
    run: &OpenRun,
    known: &[KnownRecord],
    is_looking_up: bool,
) -> StoreResult<HashMap<Vec<u8>, Owner>> {
    let extras: Vec<&KnownRecord> = known.iter().filter(|record| is_looking_up && record.is_extra).collect();
    let ids: Vec<ContactId> = extras.iter().map(|record| record.contact.id).collect();
    let contacts = contacts::many(conn, run.tenant, &ids)?.into_iter();
    let keys: HashMap<ContactId, HashSet<ContactKey>> =
        contacts.map(|contact| (contact.id, contact.fields.keys().into_iter().collect())).collect();
    let owner = |record: &KnownRecord| {
        let contact = record.contact.id;
        let bound_to = keys.get(&contact).filter(|_| record.is_extra).cloned();
        (record.external_id.clone(), Owner { contact, bound_to })
    };
    Ok(known.iter().map(owner).collect())
}

/// Decides everything, from what the store says at one moment.
fn plan(conn: &mut Connection, about: &About, reported: Vec<Reported>) -> StoreResult<Decided> {
    let run = &about.run;
    let line = tenants::change_seq(conn, run.tenant)?;
    let attended = attended(conn, about)?;
    let external_ids: Vec<Vec<u8>> =
        reported.iter().filter_map(|reported| reported.external_id().map(<[u8]>::to_vec)).collect();
    let known = source_records::known_of(conn, run, &external_ids)?;
    let is_looking_up = !about.source.lists_everybody();
    let owners = owners(conn, run, &known, is_looking_up)?;
    let mut division = divide(&attended, &owners, reported, is_looking_up);
    let mut planner = if is_looking_up { Planner::for_look_up(known) } else { Planner::for_contacts(known) };
    division.strayed.iter().for_each(|id| planner.forget(id));
    planner.heed(source_records::marks(conn, run)?);
    let portion = planner.take(std::mem::take(&mut division.entries));
    // What is somebody else's by now was found with them.
    division.unfound.retain(|id| !planner.has_read(id));
    let mut steps = decide(conn, run, &mut planner, portion)?;
    let own: HashSet<ContactId> = attended.iter().map(|attended| attended.contact.id).collect();
    let manual: Vec<ContactId> = planner.candidates().into_iter().filter(|id| own.contains(id)).collect();
    let manual: HashMap<ContactId, Contact> =
        contacts::many(conn, run.tenant, &manual)?.into_iter().map(|contact| (contact.id, contact)).collect();
    steps.extend(planner.link(&manual));
    let (tally, marks) = (planner.tally(), planner.mark_changes());
    steps.extend(planner.settle(&[]));
    division.attribute(&mut steps);
    steps.extend(division.missing);
    Ok(Decided { steps, tally, marks, line, unfound: division.unfound })
}
