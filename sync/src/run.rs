//! One run, from read to report.
//!
//! The first run of a source writes contacts while it reads, because there is nobody whom it could
//! remove. Every later run keeps its plan in the store, lets the guard judge it, and applies it
//! then, so that a read that fails or is cut short changes nothing at all.

use std::sync::Arc;
use std::time::{Duration, Instant};

use directory_model::audit::{Actor, Origin};
use directory_model::clock::Clock;
use directory_model::id::{ContactId, TenantId};
use directory_model::record::{ReadEnd, Reported};
use directory_model::run::{Counts, PlanStep, RunProblem, RunState};
use directory_model::source::Source;
use directory_store::connection::Connection;
use directory_store::database::Database;
use directory_store::error::{StoreError, StoreResult};
use directory_store::seal::SealingKey;
use directory_store::sources::{self, OpenedSecret};
use directory_store::sync_runs::{self, OpenRun};
use directory_store::tx::Tx;
use directory_store::{contacts, plan_spool, source_records};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use crate::apply::{self, Pace, Trust};
use crate::guard::{Findings, Verdict, judge};
use crate::plan::{Facts, Planner, Portion};
use crate::reader::Reader;

/// How many entries may be read ahead of the writer.
const AHEAD: usize = 1024;
/// How many entries are compared at once.
const PORTION: usize = 500;
/// After how many entries a run that only compares says how far it has come.
const REPORT_EVERY: u64 = 5000;
/// After which time the end of a run is written once more when that failed.
const AGAIN_AFTER: Duration = Duration::from_secs(1);

/// What runs need from outside.
#[derive(Clone)]
pub struct Parts {
    /// The store.
    pub database: Database,
    /// What opens the sources' secrets.
    pub key: Arc<SealingKey>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// How sources are read.
    pub reader: Arc<dyn Reader>,
}

/// How a run ended.
enum End {
    Ended(RunState, Option<RunProblem>),
    Waits(RunProblem),
}

/// A run that is going on.
pub(crate) struct Running {
    parts: Parts,
    run: OpenRun,
    // Ends the run by request, or because the gateway stops.
    cancel: CancellationToken,
    stop: CancellationToken,
    progress: watch::Sender<Counts>,
    counts: Counts,
    // What the steps kept so far would do.
    planned: Counts,
    number: i64,
    pace: Pace,
}

impl Running {
    pub(crate) fn new(
        parts: Parts,
        run: OpenRun,
        cancel: CancellationToken,
        stop: CancellationToken,
        progress: watch::Sender<Counts>,
    ) -> Self {
        let counts = run.counts;
        let planned = Counts::default();
        Self { parts, run, cancel, stop, progress, counts, planned, number: 0, pace: Pace::default() }
    }

    /// Reads the source, plans, and applies the plan or leaves it waiting.
    pub(crate) async fn read_and_apply(mut self) {
        let end = self.read().await;
        self.close(end).await;
    }

    /// Applies the plan that was approved.
    pub(crate) async fn apply_approved(mut self) {
        let end = self.apply_kept(Trust::Approved).await;
        self.close(end).await;
    }

    async fn read(&mut self) -> StoreResult<End> {
        let (tenant, id, key) = (self.run.tenant, self.run.source, Arc::clone(&self.parts.key));
        let load = move |conn: &mut Connection| {
            let Some(source) = sources::find(conn, &key, tenant, id)? else { return Ok(None) };
            let secret = sources::open_secret(conn, &key, tenant, id)?.unwrap_or(OpenedSecret::Absent);
            Ok(Some((source, secret, source_records::known(conn, tenant, id)?)))
        };
        let Some((source, secret, known)) = self.parts.database.read(load).await? else {
            return Ok(End::Ended(RunState::Failed, Some(RunProblem::Stale)));
        };
        let secret = match secret {
            OpenedSecret::Opened(secret) => Some(secret),
            OpenedSecret::Absent => None,
            OpenedSecret::EnterAgain => return Ok(failed(RunProblem::SecretUnreadable)),
        };
        let planner = Planner::new(known);
        let (out, entries) = mpsc::channel(AHEAD);
        let (reader, cancel) = (Arc::clone(&self.parts.reader), self.cancel.clone());
        let reading = reader.read(tenant, &source, secret.as_ref(), out, &cancel);
        // The reader stops by itself when planning ends early and drops the channel.
        let (end, planner) = tokio::join!(reading, self.take_all(planner, entries));
        let planner = planner?;
        if let Some(end) = self.cancelled() {
            return Ok(end);
        }
        match end {
            Ok(end) => self.judge_and_apply(planner, end, &source).await,
            Err(problem) => Ok(failed(problem)),
        }
    }

    async fn take_all(&mut self, mut planner: Planner, mut entries: mpsc::Receiver<Reported>) -> StoreResult<Planner> {
        let is_first = planner.is_first();
        loop {
            let size = if is_first { self.pace.size() } else { PORTION };
            let mut portion = Vec::with_capacity(size);
            // A full portion: many small transactions would cost more than they show.
            while portion.len() < size {
                let room = size - portion.len();
                if entries.recv_many(&mut portion, room).await == 0 {
                    break;
                }
            }
            if portion.is_empty() || self.cancel.is_cancelled() {
                return Ok(planner);
            }
            planner = if is_first { self.stream(planner, portion).await? } else { self.keep(planner, portion).await? };
            let tally = planner.tally();
            (self.counts.read, self.counts.unchanged) = (tally.read, tally.unchanged);
            self.progress.send_replace(self.counts);
        }
    }

    /// Decides on a portion and writes it, in one transaction.
    async fn stream(&mut self, mut planner: Planner, reported: Vec<Reported>) -> StoreResult<Planner> {
        let (run, mut counts, number, count) = (self.run.clone(), self.counts, self.number, reported.len());
        let portion = planner.take(reported);
        let work = move |tx: &mut Tx<'_>| {
            // Waiting for a turn and for the disk is not the batch's fault.
            let started = Instant::now();
            let steps = decide(tx.conn, &run, &mut planner, portion)?;
            let (taken, tally) = (steps.len(), planner.tally());
            (counts.read, counts.unchanged) = (tally.read, tally.unchanged);
            if !steps.is_empty() {
                let steps = (number + 1..).zip(steps).collect();
                apply::write(tx, &run, steps, &mut counts, Trust::Certain, false)?;
            }
            Ok((planner, counts, taken, started.elapsed()))
        };
        let written = self.parts.database.write(self.run.tenant, self.origin(), work).await?;
        let (planner, counts, taken, elapsed) = written.ok_or(StoreError::Stale)?;
        self.pace.learn(count, elapsed);
        self.counts = counts;
        self.number += i64::try_from(taken).unwrap_or(0);
        Ok(planner)
    }

    /// Decides on a portion and keeps the steps for later.
    async fn keep(&mut self, mut planner: Planner, reported: Vec<Reported>) -> StoreResult<Planner> {
        let before = planner.tally().read;
        let portion = planner.take(reported);
        if !portion.is_empty() {
            let run = self.run.clone();
            let work = move |conn: &mut Connection| {
                let steps = decide(conn, &run, &mut planner, portion)?;
                Ok((planner, steps))
            };
            let (after, steps) = self.parts.database.read(work).await?;
            planner = after;
            self.spool(steps).await?;
        }
        if planner.tally().read / REPORT_EVERY != before / REPORT_EVERY {
            let (run, tally) = (self.run.clone(), planner.tally());
            let counts = Counts { read: tally.read, unchanged: tally.unchanged, ..self.counts };
            self.parts.database.write_unnumbered(move |conn| sync_runs::record_counts(conn, &run, &counts)).await?;
        }
        Ok(planner)
    }

    async fn spool(&mut self, steps: Vec<PlanStep>) -> StoreResult<()> {
        apply::planned(&mut self.planned, &steps);
        for steps in steps.chunks(PORTION) {
            let (run, number, steps) = (self.run.clone(), self.number + 1, steps.to_vec());
            self.number += i64::try_from(steps.len()).unwrap_or(0);
            let work = move |conn: &mut Connection| plan_spool::append(conn, &run, number, &steps);
            self.parts.database.write_unnumbered(work).await?;
        }
        Ok(())
    }

    async fn judge_and_apply(&mut self, mut planner: Planner, end: ReadEnd, source: &Source) -> StoreResult<End> {
        let mut leavers = planner.leavers();
        self.locate(&mut leavers).await?;
        let mut steps = leavers.clone();
        for ids in planner.candidates().chunks(PORTION) {
            let (tenant, ids): (_, Vec<ContactId>) = (self.run.tenant, ids.to_vec());
            let load = move |conn: &mut Connection| contacts::many(conn, tenant, &ids);
            let manual = self.parts.database.read(load).await?;
            steps.extend(planner.link(&manual.into_iter().map(|contact| (contact.id, contact)).collect()));
        }
        let tally = planner.tally();
        (self.counts.read, self.counts.unchanged) = (tally.read, tally.unchanged);
        let findings = Findings {
            end,
            known: tally.known,
            removals: tally.removals,
            threshold_percent: source.fields.approval_threshold_percent,
        };
        let verdict = judge(&findings);
        if let Verdict::Refuse(problem) = verdict {
            return Ok(failed(problem));
        }
        steps.extend(planner.settle(&leavers));
        self.spool(steps).await?;
        match verdict {
            Verdict::NeedsApproval(problem) => Ok(End::Waits(problem)),
            _ => self.apply_kept(Trust::Planned).await,
        }
    }

    /// Leavers are not in the directory any more; the record says where they were.
    async fn locate(&self, leavers: &mut [PlanStep]) -> StoreResult<()> {
        let ids: Vec<Vec<u8>> = leavers.iter().filter_map(|step| step.external_id.clone()).collect();
        let run = self.run.clone();
        let load = move |conn: &mut Connection| source_records::locators(conn, &run, &ids);
        let mut locators = self.parts.database.read(load).await?;
        for step in leavers {
            if let Some(locator) = step.external_id.as_ref().and_then(|id| locators.remove(id)) {
                step.locator = locator;
            }
        }
        Ok(())
    }

    /// Applies the plan that is kept in the store, step by step from where it stands.
    async fn apply_kept(&mut self, trust: Trust) -> StoreResult<End> {
        loop {
            if let Some(end) = self.cancelled() {
                return Ok(end);
            }
            let (run, mut counts, size) = (self.run.clone(), self.counts, self.pace.size());
            let work = move |tx: &mut Tx<'_>| {
                let started = Instant::now();
                let steps = next_steps(tx.conn, &run, size)?;
                let count = steps.len();
                if count > 0 {
                    apply::write(tx, &run, steps, &mut counts, trust, true)?;
                }
                Ok((counts, count, started.elapsed()))
            };
            let written = self.parts.database.write(self.run.tenant, self.origin(), work).await?;
            let (counts, count, elapsed) = written.ok_or(StoreError::Stale)?;
            if count == 0 {
                return Ok(End::Ended(RunState::Succeeded, None));
            }
            self.pace.learn(count, elapsed);
            self.counts = counts;
            self.progress.send_replace(counts);
        }
    }

    fn cancelled(&self) -> Option<End> {
        if self.stop.is_cancelled() {
            return Some(failed(RunProblem::Interrupted));
        }
        self.cancel.is_cancelled().then_some(End::Ended(RunState::Cancelled, None))
    }

    fn origin(&self) -> Origin {
        Origin { actor: Actor::Run(self.run.id), request: None, at: self.parts.clock.now() }
    }

    async fn close(mut self, end: StoreResult<End>) {
        let end = end.unwrap_or_else(|reason| {
            error!(tenant.id = %self.run.tenant, sync.run = %self.run.id, %reason, "a run failed");
            failed(RunProblem::Internal)
        });
        let (run, origin, database) = (self.run.clone(), self.origin(), self.parts.database.clone());
        let written = match end {
            End::Ended(state, problem) => {
                let sentence = problem.as_ref().map(ToString::to_string).unwrap_or_default();
                info!(tenant.id = %run.tenant, sync.run = %run.id, ?state, counts = ?self.counts, sentence, "a run ended");
                let counts = self.counts;
                let work =
                    move |tx: &mut Tx<'_>| sync_runs::finish(tx, &run, state, &counts, problem.as_ref()).map(drop);
                write_surely(&database, self.run.tenant, origin, work).await.map(drop)
            }
            End::Waits(problem) => {
                let tally = self.counts;
                self.counts = Counts { read: tally.read, unchanged: tally.unchanged, ..self.planned };
                info!(tenant.id = %run.tenant, sync.run = %run.id, %problem, "a run waits");
                let counts = self.counts;
                let work = move |tx: &mut Tx<'_>| sync_runs::wait(tx, &run, &counts, &problem);
                write_surely(&database, self.run.tenant, origin, work).await.map(drop)
            }
        };
        if let Err(reason) = written {
            error!(tenant.id = %self.run.tenant, sync.run = %self.run.id, %reason, "the end of a run was not recorded");
        }
        self.progress.send_replace(self.counts);
    }
}

/// Writes, and once more after a while when that fails: a run whose end is not recorded keeps its
/// source busy until the next start.
pub(crate) async fn write_surely<T: Send + 'static>(
    database: &Database,
    tenant: TenantId,
    origin: Origin,
    work: impl FnOnce(&mut Tx<'_>) -> StoreResult<T> + Clone + Send + 'static,
) -> StoreResult<Option<T>> {
    match database.write(tenant, origin, work.clone()).await {
        Err(reason) => {
            warn!(tenant.id = %tenant, %reason, "a run's state was not recorded and is tried again");
            tokio::time::sleep(AGAIN_AFTER).await;
            database.write(tenant, origin, work).await
        }
        written => written,
    }
}

fn failed(problem: RunProblem) -> End {
    End::Ended(RunState::Failed, Some(problem))
}

/// Looks up what a portion needs and decides on it.
fn decide(conn: &mut Connection, run: &OpenRun, planner: &mut Planner, portion: Portion) -> StoreResult<Vec<PlanStep>> {
    let contacts = contacts::many(conn, run.tenant, &portion.contacts())?;
    let contacts = contacts.into_iter().map(|contact| (contact.id, contact)).collect();
    let holders = source_records::holders(conn, run.tenant, &portion.keys(&contacts))?;
    Ok(planner.decide(portion, &Facts { contacts, holders }))
}

/// The next kept steps: about `size` of them, and all that are tied to the last one.
fn next_steps(conn: &mut Connection, run: &OpenRun, size: usize) -> StoreResult<Vec<(i64, PlanStep)>> {
    let size = i64::try_from(size).unwrap_or(i64::MAX);
    let mut steps = plan_spool::next(conn, run, 0, size)?;
    while let Some((last, _)) = steps.last() {
        match plan_spool::next(conn, run, *last, 1)?.pop() {
            Some(next) if next.1.is_tied => steps.push(next),
            _ => break,
        }
    }
    Ok(steps)
}
