//! One run, from read to report.
//!
//! Every run keeps its plan aside until the source said that this was all and the guard has judged
//! it, and applies it only then: a read that fails or is cut short changes nothing at all, on the
//! first run of a source as on any other. A run that is about some contacts has no guard: it takes
//! nobody out of service for having left. Groups and photos follow once the plan was applied.

mod groups;
mod kept;
mod limited;
mod look_up;
mod photos;
mod reading;
mod stored;
mod undoing;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use directory_model::audit::{Actor, Origin};
use directory_model::clock::Clock;
use directory_model::id::{ContactId, TenantId};
use directory_model::progress::{Phase, Progress};
use directory_model::run::{Counts, PlanStep, RunExtent, RunProblem, RunState};
use directory_model::secret::Secret;
use directory_model::source::Source;
use directory_source::Session;
use directory_store::connection::Connection;
use directory_store::database::Database;
use directory_store::error::{StoreError, StoreResult};
use directory_store::seal::OpenedSecret;
use directory_store::sources;
use directory_store::sync_runs::{self, OpenRun};
use directory_store::tx::Tx;
use directory_store::{contacts, plan_spool, source_records, statistics};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use self::kept::Keeper;
use crate::apply::{self, Pace, Ready, Trust};
use crate::plan::{Facts, Planner, Portion};
use crate::progress::Meter;
use crate::reader::Reader;
use crate::spool::Spooled;

/// How many entries may be read ahead of the writer.
const AHEAD: usize = 1024;
/// How many entries are compared, or steps put down, at once.
const PORTION: usize = 500;
/// The most steps in one transaction, when nobody else waits to write: who follows the line of
/// changes reads a transaction as a whole.
const MOST: usize = 2000;
/// After which time the end of a run is written once more when that failed.
const AGAIN_AFTER: Duration = Duration::from_secs(1);
/// After how many steps the database is asked to look at its tables anew.
const STOCK_AFTER: usize = 5_000;

/// What runs need from outside.
#[derive(Clone)]
pub struct Parts {
    /// The store.
    pub database: Database,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// How sources are read.
    pub reader: Arc<dyn Reader>,
}

/// How a run ended.
enum End {
    Ended(RunState, Option<RunProblem>),
    Waits(RunProblem),
    // The gateway stops: what was approved is done from where it stands after the next start.
    GoesOn,
}

/// A run that is going on.
pub(crate) struct Running {
    parts: Parts,
    run: OpenRun,
    // Ends the run by request, or because the gateway stops.
    cancel: CancellationToken,
    stop: CancellationToken,
    progress: Meter,
    counts: Counts,
    pace: Pace,
    // The number of the tenant's line up to which nobody but the run wrote since it began to look;
    // absent when the plan was made in another time.
    line: Option<i64>,
    // What is to be said of a run that succeeds.
    remark: Option<RunProblem>,
    // The entries that were reported, when those that were not are as they were.
    changed: Option<Vec<Vec<u8>>>,
    // The server may not have heard of everything yet.
    may_lag: bool,
    // The entries of contacts that were looked for and not found; absent when the plan was made in another time, so
    // that nobody knows.
    unfound: Option<HashSet<Vec<u8>>>,
    // What the reads of a source have in common in which people are looked up.
    session: Session,
    // The plan waits for approval, whatever it is.
    is_preview: bool,
    // Keeps what entries say, while a source is read that lists everybody.
    keeper: Option<Keeper>,
}

/// Where the steps of a plan are taken from.
enum Steps {
    /// From the file in which they were kept while the plan was made.
    Spooled(Box<Spooled>),
    /// From the store, where they waited for approval.
    Stored,
}

impl Running {
    pub(crate) fn new(
        parts: Parts,
        run: OpenRun,
        cancel: CancellationToken,
        stop: CancellationToken,
        progress: watch::Sender<Progress>,
    ) -> Self {
        let (counts, may_lag) = (run.counts, run.may_lag);
        let progress = Meter::new(progress, Arc::clone(&parts.clock));
        Self {
            parts,
            run,
            cancel,
            stop,
            progress,
            counts,
            pace: Pace::default(),
            line: None,
            remark: None,
            changed: None,
            may_lag,
            unfound: None,
            session: Session::default(),
            is_preview: false,
            keeper: None,
        }
    }

    /// The same, whose plan waits for approval, whatever it is.
    pub(crate) fn previewed(self) -> Self {
        Self { is_preview: true, ..self }
    }

    /// Reads the source, plans, and applies the plan or leaves it waiting.
    pub(crate) async fn read_and_apply(mut self) {
        let end = match self.run.contacts.clone() {
            None => self.read().await,
            Some(contacts) => self.read_for(contacts).await,
        };
        let end = self.follow(end, false).await;
        self.close(end).await;
    }

    /// Applies the plan that was approved, or what is left of it.
    pub(crate) async fn apply_approved(mut self) {
        let end = self.apply(Steps::Stored, Trust::Approved).await;
        // Whoever only wanted to see the people first has seen nothing of the groups.
        let is_doubted = self.run.is_doubted;
        let end = self.follow(end, is_doubted).await;
        self.close(end).await;
    }

    /// Groups and photos are read after the plan was applied, but by runs that ask their source nothing.
    async fn follow(&mut self, end: StoreResult<End>, is_approved: bool) -> StoreResult<End> {
        if self.run.undoes.is_some() || self.run.extent == RunExtent::Stored {
            return end;
        }
        if self.is_preview {
            return self.hold_back(end).await;
        }
        let end = self.follow_groups(end, is_approved).await;
        self.follow_photos(end).await
    }

    /// A plan without changes ends at once, and nothing that could not be seen in it is written: the next run finds it.
    async fn hold_back(&mut self, end: StoreResult<End>) -> StoreResult<End> {
        let end = end?;
        if matches!(end, End::Ended(RunState::Succeeded, _)) {
            self.hold_cursor().await?;
        }
        Ok(end)
    }

    /// The source and the secret that goes with it, or why it cannot be read.
    async fn source(&self) -> StoreResult<Result<(Source, Option<Secret>), RunProblem>> {
        let (tenant, id, key) = (self.run.tenant, self.run.source, Arc::clone(self.parts.database.sealing_key()));
        let load = move |conn: &mut Connection| {
            let Some(source) = sources::find(conn, &key, tenant, id)? else { return Ok(None) };
            let secret = sources::open_secret(conn, &key, tenant, id)?.unwrap_or(OpenedSecret::Absent);
            Ok(Some((source, secret)))
        };
        Ok(match self.parts.database.read(load).await? {
            Some((source, OpenedSecret::Opened(secret))) => Ok((source, Some(secret))),
            Some((source, OpenedSecret::Absent)) => Ok((source, None)),
            Some((_, OpenedSecret::EnterAgain)) => Err(RunProblem::SecretUnreadable),
            None => Err(RunProblem::Stale),
        })
    }

    /// The source, without the secret that goes with it.
    async fn source_alone(&self) -> StoreResult<Option<Source>> {
        let (tenant, id, key) = (self.run.tenant, self.run.source, Arc::clone(self.parts.database.sealing_key()));
        self.parts.database.read(move |conn| sources::find(conn, &key, tenant, id)).await
    }

    /// Moves the plan into the store, where it waits for approval.
    async fn put_down(&mut self, mut spooled: Spooled, planned: Counts, problem: RunProblem) -> StoreResult<End> {
        loop {
            let run = self.run.clone();
            let work = move |conn: &mut Connection| {
                let steps = spooled.next(PORTION)?;
                let steps: Vec<_> = steps.into_iter().map(|ready| (ready.number, ready.step)).collect();
                plan_spool::append(conn, &run, &steps)?;
                Ok((spooled, steps.is_empty()))
            };
            let is_done;
            (spooled, is_done) = self.parts.database.write_unnumbered(work).await?;
            if is_done {
                break;
            }
        }
        let Counts { read, unchanged, not_found, needs_read, .. } = self.counts;
        self.counts = Counts { read, unchanged, not_found, needs_read, ..planned };
        Ok(End::Waits(problem))
    }

    /// Applies the plan, step by step from where it stands.
    async fn apply(&mut self, mut steps: Steps, trust: Trust) -> StoreResult<End> {
        let spooled = match &steps {
            Steps::Spooled(spooled) => Some(spooled.len()),
            Steps::Stored => None,
        };
        let planned = match spooled {
            Some(planned) => planned,
            None => self.planned().await?,
        };
        self.progress.enter(Phase::Applying, Some(planned));
        let mut total = 0;
        loop {
            if let Some(end) = self.cancelled() {
                return Ok(end);
            }
            let (run, database) = (self.run.clone(), self.parts.database.clone());
            let (mut pace, mut counts, mut line) = (self.pace, self.counts, self.line);
            let work = move |tx: &mut Tx<'_>| {
                let mut written = 0;
                let is_alone = line == Some(tx.seq - 1);
                let trust = if is_alone { Trust::Certain } else { trust };
                if is_alone {
                    line = Some(tx.seq);
                }
                loop {
                    let started = Instant::now();
                    let batch = steps.next(tx.conn, &run, pace.size())?;
                    let count = batch.len();
                    if count == 0 {
                        break;
                    }
                    apply::write(tx, &run, batch, &mut counts, trust)?;
                    pace.learn(count, started.elapsed());
                    written += count;
                    if database.is_awaited() || written + pace.size() > MOST {
                        break;
                    }
                }
                // A run that has ended meanwhile, by whatever way, writes nothing any more.
                // Where nothing was left to write it got nothing done.
                let is_open = written == 0 || sync_runs::record_counts(tx.conn, &run, &counts)?;
                if is_open { Ok((steps, counts, pace, line, written)) } else { Err(StoreError::Stale) }
            };
            let done = self.parts.database.write(self.run.tenant, self.origin(), work).await?;
            let written;
            (steps, self.counts, self.pace, self.line, written) = done.ok_or(StoreError::Stale)?;
            if written == 0 {
                self.take_stock(total).await;
                return Ok(End::Ended(RunState::Succeeded, self.remark.take()));
            }
            total += written;
            self.progress.applied(self.counts, written);
        }
    }

    /// Writes, and counts what was written, unless the run has ended meanwhile, by whatever way.
    async fn write_counted(
        &mut self,
        write: impl FnOnce(&mut Tx<'_>, &OpenRun, &mut Counts) -> StoreResult<()> + Send + 'static,
    ) -> StoreResult<()> {
        let (run, mut counts) = (self.run.clone(), self.counts);
        let work = move |tx: &mut Tx<'_>| {
            write(tx, &run, &mut counts)?;
            let is_open = sync_runs::record_counts(tx.conn, &run, &counts)?;
            if is_open { Ok(counts) } else { Err(StoreError::Stale) }
        };
        let done = self.parts.database.write(self.run.tenant, self.origin(), work).await?;
        self.counts = done.ok_or(StoreError::Stale)?;
        self.progress.count(self.counts);
        Ok(())
    }

    /// Has the database look at its tables anew after `written` steps, if these were many.
    async fn take_stock(&self, written: usize) {
        if written < STOCK_AFTER {
            return;
        }
        if let Err(reason) = self.parts.database.write_unnumbered(statistics::refresh).await {
            warn!(tenant.id = %self.run.tenant, sync.run = %self.run.id, %reason, "statistics were not refreshed");
        }
    }

    /// How many steps the plan in the store has.
    async fn planned(&self) -> StoreResult<u64> {
        let run = self.run.clone();
        self.parts.database.read(move |conn| sync_runs::planned(conn, &run)).await
    }

    fn cancelled(&self) -> Option<End> {
        if self.stop.is_cancelled() {
            return Some(if self.run.is_approved() { End::GoesOn } else { failed(RunProblem::Interrupted) });
        }
        self.cancel.is_cancelled().then_some(End::Ended(RunState::Cancelled, None))
    }

    fn origin(&self) -> Origin {
        Origin { actor: Actor::Run(self.run.id), request: None, at: self.parts.clock.now() }
    }

    async fn close(self, end: StoreResult<End>) {
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
                info!(tenant.id = %run.tenant, sync.run = %run.id, %problem, "a run waits");
                let counts = self.counts;
                let work = move |tx: &mut Tx<'_>| sync_runs::wait(tx, &run, &counts, &problem);
                write_surely(&database, self.run.tenant, origin, work).await.map(drop)
            }
            End::GoesOn => {
                info!(tenant.id = %run.tenant, sync.run = %run.id, "a run goes on after the next start");
                Ok(())
            }
        };
        if let Err(reason) = written {
            error!(tenant.id = %self.run.tenant, sync.run = %self.run.id, %reason, "the end of a run was not recorded");
        }
        self.progress.count(self.counts);
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
    let peers = source_records::peers(conn, run, &portion.origins())?;
    let mut elsewhere: Vec<ContactId> = peers.values().flatten().map(|contact| contact.id).collect();
    if planner.is_looking_up() {
        elsewhere.extend(holders.values().filter(|holder| holder.is_linked).map(|holder| holder.contact.id));
    }
    let entries = source_records::of_contacts(conn, run, &elsewhere)?;
    Ok(planner.decide(portion, &Facts { contacts, holders, peers, entries }))
}

impl Steps {
    /// The next steps: about `size` of them, and all that are tied to the last one. In the store
    /// those that are taken are gone with the transaction that does them.
    fn next(&mut self, conn: &mut Connection, run: &OpenRun, size: usize) -> StoreResult<Vec<Ready>> {
        match self {
            Self::Spooled(spooled) => spooled.next(size),
            Self::Stored => {
                let steps = plan_spool::take(conn, run, i64::try_from(size).unwrap_or(i64::MAX))?;
                Ok(steps.into_iter().map(|(number, step)| Ready::new(number, step)).collect())
            }
        }
    }
}

/// Runs `work` on a thread that may block.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> StoreResult<T> + Send + 'static) -> StoreResult<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|reason| Err(StoreError::Unavailable(reason.to_string())))
}
