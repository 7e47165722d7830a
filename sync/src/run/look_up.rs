//! A run over all of a source that cannot list anybody: the contacts of the tenant are looked up there.
//!
//! They are asked for in pages, each by the entry that it belongs to or by its addresses, and everything that is found
//! becomes one plan. Who is not found is said, and stays as they are: that a server does not resolve an address is no
//! word that somebody has left. A page that cannot be read ends the run, and nothing of it is applied.

use std::collections::HashSet;
use std::sync::Arc;

use directory_model::progress::Phase;
use directory_model::record::{Extent, ReadEnd, Reported, Sought, WholeBecause};
use directory_model::run::{Counts, RunExtent, RunProblem};
use directory_model::source;
use directory_store::connection::Connection;
use directory_store::error::StoreResult;
use directory_store::read_cursors::{self, ReadNote};
use directory_store::sync_runs::OpenRun;
use directory_store::{contacts, source_records, sync_runs, tenants};
use tokio::sync::mpsc;

use super::limited::owners;
use super::reading::{Opened, Plan, place_of};
use super::{AHEAD, End, Running, decide, failed};
use crate::guard::cut_short;
use crate::plan::Planner;
use crate::plan::limited::{Attended, divide};
use crate::reader::{ReadFailure, Reading};
use crate::spool::Spool;

/// How many contacts are asked for and decided at once.
const PAGE: u32 = 100;
/// After how many contacts the run's record says how far it has come.
const REPORT_EVERY: u64 = 1000;
/// Of more contacts than these some are found, or it is another server.
const FEW: u64 = 10;

/// Contacts that are asked for together.
struct Page {
    attended: Vec<Attended>,
    sought: Vec<Sought>,
    // The entries of contacts that are not asked for any more.
    unasked: Vec<Vec<u8>>,
    // How many contacts were looked at for it, and the last of them.
    passed: usize,
    last: i64,
}

impl Running {
    /// Looks everybody up, plans meanwhile, and applies the plan or leaves it waiting.
    pub(super) async fn look_up_all(&mut self, opened: &Opened) -> StoreResult<End> {
        let mut plan = self.begin_look_up().await?;
        self.unfound = Some(HashSet::new());
        let (mut last, mut passed, mut asked) = (0, 0, 0);
        loop {
            if let Some(end) = self.cancelled() {
                return Ok(end);
            }
            let Some(page) = self.next_page(opened, last).await? else { break };
            last = page.last;
            asked += page.attended.len() as u64;
            let reported = match self.ask_for(opened, &page.sought).await {
                Ok(reported) => reported,
                Err(problem) => return Ok(self.cancelled().unwrap_or_else(|| failed(problem))),
            };
            self.unfound.get_or_insert_default().extend(page.unasked);
            plan = self.decide_page(plan, page.attended, reported).await?;
            self.progress.applied(self.counts, page.passed);
            let before = passed;
            passed += page.passed as u64;
            if passed / REPORT_EVERY != before / REPORT_EVERY {
                let (run, counts) = (self.run.clone(), self.counts);
                let record = move |conn: &mut Connection| sync_runs::record_counts(conn, &run, &counts).map(drop);
                self.parts.database.write_unnumbered(record).await?;
            }
        }
        self.conclude_look_up(plan, opened, asked).await
    }

    async fn begin_look_up(&mut self) -> StoreResult<Plan> {
        let run = self.run.clone();
        let load = move |conn: &mut Connection| {
            let mut planner = Planner::for_look_up([]);
            source_records::each_known(conn, run.tenant, run.source, |known| planner.learn(known))?;
            planner.heed(source_records::marks(conn, &run)?);
            let (line, contacts) = (tenants::change_seq(conn, run.tenant)?, contacts::count(conn, run.tenant)?);
            Ok((line, contacts, planner))
        };
        let (line, contacts, planner) = self.parts.database.read(load).await?;
        self.line = line;
        self.progress.enter(Phase::Reading, Some(contacts).filter(|contacts| *contacts > 0));
        let spool = Spool::new(self.parts.database.file().as_deref())?;
        Ok(Plan { planner, spool, is_learning: false })
    }

    async fn next_page(&self, opened: &Opened, after: i64) -> StoreResult<Option<Page>> {
        let (run, source) = (self.run.clone(), opened.source.fields.connection.clone());
        self.parts.database.read(move |conn| page(conn, &run, &source, after)).await
    }

    /// Everything that the source says about those who are sought.
    async fn ask_for(&mut self, opened: &Opened, sought: &[Sought]) -> Result<Vec<Reported>, RunProblem> {
        if sought.is_empty() {
            return Ok(Vec::new());
        }
        let found = self.counts.read;
        let (out, entries) = mpsc::channel(AHEAD);
        let (reader, cancel, session) = (Arc::clone(&self.parts.reader), self.cancel.clone(), self.session.clone());
        let whole = Reading::whole(self.run.tenant, &opened.source, opened.secret.as_ref(), None);
        let reading = reader.read(Reading { only: Some(sought), session: Some(&session), ..whole }, out, &cancel);
        let (end, reported) = tokio::join!(reading, self.gather(entries));
        match end {
            Ok(ReadEnd { is_complete: true, .. }) => Ok(reported),
            Ok(_) => Err(cut_short(self.counts.read)),
            Err(ReadFailure::Failed(RunProblem::CutShort { read, detail })) => {
                Err(RunProblem::CutShort { read: found + read, detail })
            }
            Err(ReadFailure::Failed(problem)) => Err(problem),
            // Not an answer to a wish for some people.
            Err(ReadFailure::CannotContinue(_)) => Err(RunProblem::Internal),
        }
    }

    /// Decides on what was found, and keeps the steps for later.
    async fn decide_page(
        &mut self,
        mut plan: Plan,
        attended: Vec<Attended>,
        reported: Vec<Reported>,
    ) -> StoreResult<Plan> {
        if attended.is_empty() {
            return Ok(plan);
        }
        let run = self.run.clone();
        let work = move |conn: &mut Connection| {
            let (unfound, missing) = plan_page(conn, &run, &mut plan, &attended, reported)?;
            Ok((plan, unfound, missing))
        };
        let (plan, unfound, missing) = self.parts.database.read(work).await?;
        self.unfound.get_or_insert_default().extend(unfound);
        self.counts.not_found += missing;
        self.counts.unchanged = plan.planner.tally().unchanged;
        Ok(plan)
    }

    async fn conclude_look_up(&mut self, mut plan: Plan, opened: &Opened, asked: u64) -> StoreResult<End> {
        let Counts { read: found, not_found, .. } = self.counts;
        let run = self.run.clone();
        let because = (run.extent == RunExtent::Changes).then_some(WholeBecause::Unsupported);
        let place = place_of(&opened.source.fields.connection);
        let note = ReadNote { extent: RunExtent::Whole, because, cursor: None, place, may_lag: false };
        let work = move |conn: &mut Connection| {
            read_cursors::note(conn, &run, &note)?;
            source_records::in_service(conn, &run)
        };
        let in_service = self.parts.database.write_unnumbered(work).await?;
        if found == 0 && asked > FEW {
            return Ok(failed(RunProblem::Empty));
        }
        plan.planner.leave_absent(in_service);
        // What is somebody else's by now was found with them.
        self.unfound.get_or_insert_default().retain(|id| !plan.planner.has_read(id));
        self.counts = Counts { read: found, not_found, ..Counts::default() };
        // As with changes, who was not reported is as they were.
        let end = ReadEnd { extent: Extent::Changes, ..ReadEnd::whole(found) };
        self.judge_and_apply(plan, end, &opened.source).await
    }
}

/// The next contacts whom the source may know, after the row key `after`; `None` after the last.
fn page(conn: &mut Connection, run: &OpenRun, source: &source::Connection, after: i64) -> StoreResult<Option<Page>> {
    let rows = contacts::all(conn, run.tenant, after, PAGE)?;
    let Some((last, _)) = rows.last() else { return Ok(None) };
    let (last, passed) = (*last, rows.len());
    let ids: Vec<_> = rows.iter().map(|(_, contact)| contact.id).collect();
    let mut records = source_records::of_contacts(conn, run, &ids)?;
    let (mut attended, mut sought, mut unasked) = (Vec::new(), Vec::new(), Vec::new());
    for (_, contact) in rows {
        let record = records.remove(&contact.id);
        let about = Attended { contact, record };
        let asked = about.asked(source);
        if asked.is_empty() {
            unasked.extend(about.record.map(|record| record.external_id));
        } else {
            attended.push(about);
            sought.extend(asked);
        }
    }
    Ok(Some(Page { attended, sought, unasked, passed, last }))
}

/// Decides on a page; gives the identities of entries that were not found, and how many contacts were not. Of these only
/// those have a line who were found before: a tenant may have many whom the source has never heard of, every night.
fn plan_page(
    conn: &mut Connection,
    run: &OpenRun,
    plan: &mut Plan,
    attended: &[Attended],
    reported: Vec<Reported>,
) -> StoreResult<(Vec<Vec<u8>>, u64)> {
    let ids: Vec<Vec<u8>> = reported.iter().filter_map(|entry| entry.external_id().map(<[u8]>::to_vec)).collect();
    let known = source_records::known_of(conn, run, &ids)?;
    let owners = owners(conn, run, &known, true)?;
    let mut division = divide(attended, &owners, reported, true);
    let planner = &mut plan.planner;
    // Somebody whom the addresses of two contacts mean was taken with the first of them.
    division.entries.retain(|entry| entry.external_id().is_none_or(|id| !planner.has_read(id)));
    division.strayed.iter().for_each(|id| planner.forget(id));
    let portion = planner.take(std::mem::take(&mut division.entries));
    let mut steps = decide(conn, run, planner, portion)?;
    division.attribute(&mut steps);
    let missing = division.missing.len() as u64;
    steps.extend(division.missing.into_iter().filter(|step| step.external_id.is_some()));
    plan.spool.append(&steps)?;
    Ok((division.unfound, missing))
}
