//! Starts runs, one of a source at a time, and steers them while they go on.

mod several;
mod undoing;
mod waiting;

use std::sync::Arc;
use std::time::Duration;

use directory_model::audit::{Actor, Origin};
use directory_model::id::{ContactId, RunId, SourceId, TenantId};
use directory_model::port::{BoxFuture, StartRefused, SyncHandle};
use directory_model::progress::Progress;
use directory_model::run::{Asked, RunExtent, RunProblem, RunState, StartedRuns, Trigger};
use directory_model::source::{Connection, Source};
use directory_model::system::{Job, Jobs};
use directory_model::timestamp::Timestamp;
use directory_store::error::{StoreError, StoreResult};
use directory_store::sync_runs::{self, OpenRun, Resumed, ScheduledSource, Start};
use directory_store::{plan_spool, sources, tenants};
use tokio::runtime::Handle;
use tokio::sync::{Mutex, watch};
use tokio_cron_scheduler::{Job as CronJob, JobScheduler, JobSchedulerError};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{debug, error, info, warn};

use crate::live::{Live, LiveRuns};
use crate::run::{Parts, Running, write_surely};
use crate::schedule::Schedule;

/// How often the schedule is asked what is due.
const TICK: Duration = Duration::from_secs(20);

/// The one that carries runs out. Clones share the runs.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    parts: Parts,
    tasks: TaskTracker,
    stop: CancellationToken,
    live: LiveRuns,
    // Where runs are carried out; wherever they are started when absent.
    on: Option<Handle>,
}

/// How a run ends that does not go on.
#[derive(Debug, Clone)]
struct Ending {
    // The only state in which it is to be ended; any, when there is none.
    from: Option<RunState>,
    state: RunState,
    problem: Option<RunProblem>,
    origin: Origin,
}

impl Engine {
    /// An engine without runs.
    pub fn new(parts: Parts) -> Self {
        Self::carrying_out(parts, None)
    }

    /// An engine that carries its runs out in a runtime of their own, with whatever blocks.
    pub fn on(runtime: Handle, parts: Parts) -> Self {
        Self::carrying_out(parts, Some(runtime))
    }

    fn carrying_out(parts: Parts, on: Option<Handle>) -> Self {
        let (tasks, stop, live) = (TaskTracker::new(), CancellationToken::new(), LiveRuns::default());
        Self { inner: Arc::new(Inner { parts, tasks, stop, live, on }) }
    }

    /// Sees to the runs that were going on when the gateway stopped: an approved plan is applied from where it
    /// stands, whatever else went on has ended. Says how many ended so. Plans that wait for approval go on waiting.
    /// To be called once, before anything is started.
    pub async fn recover(&self) -> StoreResult<usize> {
        let mut ended = 0;
        for (tenant, id) in self.inner.parts.database.read(sync_runs::running).await? {
            if let Some(run) = self.approved(tenant, id).await? {
                info!(tenant.id = %tenant, sync.run = %id, "an approved run goes on");
                self.spawn(run, |running| Box::pin(running.apply_approved()));
                continue;
            }
            self.end(tenant, id, self.failed(RunProblem::Interrupted)).await?;
            warn!(tenant.id = %tenant, sync.run = %id, "a run was interrupted by the last stop");
            ended += 1;
        }
        Ok(ended)
    }

    /// The run, if its plan was approved and may still be applied, which is counted.
    async fn approved(&self, tenant: TenantId, id: RunId) -> StoreResult<Option<OpenRun>> {
        let open = self.inner.parts.database.read(move |conn| sync_runs::open(conn, tenant, id)).await?;
        let Some(run) = open.filter(OpenRun::is_approved) else { return Ok(None) };
        let is_wanted = run.undoes.is_some() || self.in_service(tenant, run.source).await.is_ok();
        if !is_wanted {
            return Ok(None);
        }
        let taking = run.clone();
        let count = move |conn: &mut directory_store::connection::Connection| sync_runs::take_up(conn, &taking);
        let may_go_on = self.inner.parts.database.write_unnumbered(count).await?;
        Ok(may_go_on.then_some(run))
    }

    /// Starts what was left waiting, and asks every now and then what is due, until the engine is
    /// stopped.
    pub async fn run_schedules(&self, jobs: &Arc<Jobs>) {
        jobs.expect(Job::StartRuns, TICK);
        self.start_waiting(None).await;
        let ticking = async {
            let mut scheduler = JobScheduler::new().await?;
            let (engine, jobs, turns) = (self.clone(), Arc::clone(jobs), Arc::<Mutex<()>>::default());
            let tick = CronJob::new_repeated_async(TICK, move |_, _| {
                let (engine, jobs, turns) = (engine.clone(), Arc::clone(&jobs), Arc::clone(&turns));
                Box::pin(async move {
                    // The scheduler does not wait for a turn that takes longer; two would know of each other's end.
                    let Ok(_turn) = turns.try_lock() else { return };
                    jobs.begin(Job::StartRuns, TICK);
                    let started = engine.start_those_due().await;
                    engine.start_waiting(None).await;
                    jobs.end(Job::StartRuns, started.is_ok());
                })
            })?;
            scheduler.add(tick).await?;
            scheduler.start().await?;
            self.inner.stop.cancelled().await;
            scheduler.shutdown().await
        };
        let ended: Result<(), JobSchedulerError> = ticking.await;
        if let Err(reason) = ended {
            error!(%reason, "no run starts by itself");
        }
    }

    /// Starts every source whose time has come, and says which runs that makes.
    pub async fn start_due(&self) -> Vec<RunId> {
        self.start_those_due().await.unwrap_or_default()
    }

    /// The same; fails when it cannot be said what is due.
    async fn start_those_due(&self) -> StoreResult<Vec<RunId>> {
        let now = self.inner.parts.clock.now();
        let scheduled = self.inner.parts.database.read(sync_runs::scheduled).await;
        let scheduled = scheduled.inspect_err(|reason| error!(%reason, "the schedules could not be read"))?;
        let mut started = Vec::new();
        for source in scheduled {
            let Some((trigger, extent)) = due(&source, now) else { continue };
            match self.start(source.tenant, source.source, trigger, extent, self.origin()).await {
                Ok(run) => started.push(run),
                Err(reason) => {
                    debug!(tenant.id = %source.tenant, source.id = %source.source, %reason, "a due run did not start");
                }
            }
        }
        Ok(started)
    }

    /// How far the run has come, while it goes on.
    pub fn progress(&self, run: RunId) -> Option<watch::Receiver<Progress>> {
        self.inner.live.find(run).map(|live| live.progress)
    }

    /// Waits until the run does not go on any more.
    pub async fn ended(&self, run: RunId) {
        let Some(mut progress) = self.progress(run) else { return };
        // The sender goes when the run has ended and everything about it is recorded.
        while progress.changed().await.is_ok() {}
    }

    /// Interrupts every run at its next safe point and waits for that.
    pub async fn stop(&self) {
        self.inner.stop.cancel();
        self.inner.tasks.close();
        self.inner.tasks.wait().await;
    }

    async fn start_run(
        &self,
        tenant: TenantId,
        source: SourceId,
        (trigger, extent): (Trigger, RunExtent),
        origin: Origin,
    ) -> Result<RunId, StartRefused> {
        Ok(self.carry_out(self.record_run(tenant, source, (trigger, extent), origin).await?))
    }

    async fn preview_run(
        &self,
        tenant: TenantId,
        source: SourceId,
        extent: RunExtent,
        origin: Origin,
    ) -> Result<RunId, StartRefused> {
        let run = self.record_run(tenant, source, (Trigger::Manual, extent), origin).await?;
        let id = run.id;
        self.spawn(run, |running| Box::pin(running.previewed().read_and_apply()));
        Ok(id)
    }

    async fn record_run(
        &self,
        tenant: TenantId,
        source: SourceId,
        (trigger, extent): (Trigger, RunExtent),
        origin: Origin,
    ) -> Result<OpenRun, StartRefused> {
        require_entries(&self.in_service(tenant, source).await?.fields.connection, extent)?;
        let work = move |tx: &mut directory_store::tx::Tx<'_>| sync_runs::start(tx, source, trigger, extent);
        let start = self.inner.parts.database.write(tenant, origin, work).await.map_err(|reason| internal(&reason))?;
        let run = match start.ok_or(StartRefused::NoSuchSource)? {
            Start::NoSource => return Err(StartRefused::NoSuchSource),
            Start::Busy(run) => return Err(StartRefused::Busy(run)),
            Start::Started(run) => *run,
        };
        info!(tenant.id = %tenant, source.id = %source, sync.run = %run.id, ?trigger, "a run starts");
        Ok(run)
    }

    /// Lets a run that was recorded go on.
    fn carry_out(&self, run: OpenRun) -> RunId {
        let id = run.id;
        self.spawn(run, |running| Box::pin(running.read_and_apply()));
        id
    }

    /// The source, if it and its tenant are in service.
    async fn in_service(&self, tenant: TenantId, source: SourceId) -> Result<Source, StartRefused> {
        let key = Arc::clone(self.inner.parts.database.sealing_key());
        let load = move |conn: &mut directory_store::connection::Connection| {
            let found = tenants::find(conn, tenant)?;
            Ok(found.zip(sources::find(conn, &key, tenant, source)?))
        };
        let found = self.inner.parts.database.read(load).await.map_err(|reason| internal(&reason))?;
        let (tenant, source) = found.ok_or(StartRefused::NoSuchSource)?;
        let is_in_service = tenant.fields.is_synchronized() && !source.fields.is_disabled;
        if is_in_service { Ok(source) } else { Err(StartRefused::SwitchedOff) }
    }

    async fn approve_run(&self, tenant: TenantId, id: RunId, origin: Origin) -> Result<(), StartRefused> {
        let load = move |conn: &mut directory_store::connection::Connection| {
            let Some(run) = sync_runs::open(conn, tenant, id)? else { return Ok(None) };
            let is_stale = plan_spool::is_stale(conn, &run)?;
            Ok(Some((run, is_stale)))
        };
        let found = self.inner.parts.database.read(load).await.map_err(|reason| internal(&reason))?;
        let waiting = found.filter(|(run, _)| run.state == RunState::AwaitingApproval);
        let (mut run, is_stale) = waiting.ok_or(StartRefused::NotWaiting)?;
        // A source that went wrong is switched off first and taken back then.
        if run.undoes.is_none() {
            self.in_service(tenant, run.source).await?;
        }
        if is_stale {
            let (state, problem) = (RunState::Failed, Some(RunProblem::Stale));
            let ending = Ending { from: Some(RunState::AwaitingApproval), state, problem, origin };
            let is_ended = self.end(tenant, id, ending).await.map_err(|reason| internal(&reason))?;
            return Err(if is_ended { StartRefused::Stale } else { StartRefused::NotWaiting });
        }
        // From here on the counts say what was done, no longer what was planned.
        run.counts = run.counts.of_read();
        run.state = RunState::Running;
        let resumed = run.clone();
        let work = move |tx: &mut directory_store::tx::Tx<'_>| sync_runs::resume(tx, &resumed, &resumed.counts);
        let resumed =
            self.inner.parts.database.write(tenant, origin, work).await.map_err(|reason| internal(&reason))?;
        match resumed {
            Some(Resumed::Resumed) => {}
            Some(Resumed::Busy(other)) => return Err(StartRefused::Busy(other)),
            Some(Resumed::NotWaiting) | None => return Err(StartRefused::NotWaiting),
        }
        self.spawn(run, |running| Box::pin(running.apply_approved()));
        Ok(())
    }

    async fn cancel_run(&self, tenant: TenantId, id: RunId, origin: Origin) -> Result<(), StartRefused> {
        let mut is_asked = false;
        while let Some(live) = self.inner.live.find(id).filter(|live| live.tenant == tenant) {
            if !is_asked {
                let work = move |tx: &mut directory_store::tx::Tx<'_>| sync_runs::ask_to_cancel(tx, id);
                let asked = self.inner.parts.database.write(tenant, origin, work).await;
                if asked.map_err(|reason| internal(&reason))? != Some(true) {
                    return Err(StartRefused::NotWaiting);
                }
                is_asked = true;
            }
            if self.inner.live.cancel(id, &live) {
                return Ok(());
            }
        }
        let (state, problem) = (RunState::Cancelled, None);
        let ending = Ending { from: Some(RunState::AwaitingApproval), state, problem, origin };
        let is_ended = self.end(tenant, id, ending).await.map_err(|reason| internal(&reason))?;
        if is_ended { Ok(()) } else { Err(StartRefused::NotWaiting) }
    }

    /// Ends a run that is not going on; `false` when there is none to end.
    async fn end(&self, tenant: TenantId, id: RunId, ending: Ending) -> StoreResult<bool> {
        let Ending { from, state, problem, origin } = ending;
        let work = move |tx: &mut directory_store::tx::Tx<'_>| {
            let found = sync_runs::open(tx.conn, tenant, id)?;
            let Some(run) = found.filter(|run| from.is_none_or(|from| run.state == from)) else { return Ok(false) };
            sync_runs::finish(tx, &run, state, &run.counts, problem.as_ref())
        };
        Ok(write_surely(&self.inner.parts.database, tenant, origin, work).await?.unwrap_or(false))
    }

    fn failed(&self, problem: RunProblem) -> Ending {
        Ending { from: None, state: RunState::Failed, problem: Some(problem), origin: self.origin() }
    }

    fn spawn(&self, run: OpenRun, go: impl FnOnce(Running) -> BoxFuture<'static, ()>) {
        let (id, tenant) = (run.id, run.tenant);
        let cancel = self.inner.stop.child_token();
        let (sender, progress) = watch::channel(Progress::begun(run.counts, self.inner.parts.clock.now()));
        let live = Live { tenant, cancel: cancel.clone(), progress };
        self.inner.live.enter(id, live.clone());
        let stop = self.inner.stop.clone();
        let running = Running::new(self.inner.parts.clone(), run, cancel, stop.clone(), sender.clone());
        let (work, engine) = (go(running), self.clone());
        let on = self.inner.on.clone().unwrap_or_else(Handle::current);
        let runtime = on.clone();
        let carrying_out = async move {
            // In a task of its own, so that even work that panics leaves a run that has ended.
            let mut ended = Ok(true);
            if let Err(reason) = on.spawn(work).await {
                error!(tenant.id = %tenant, sync.run = %id, %reason, "a run broke off");
                ended = engine.end(tenant, id, engine.failed(RunProblem::Internal)).await;
            }
            if engine.inner.live.leave(id, &live) && !stop.is_cancelled() {
                // Asked for when the plan had just been put down to wait.
                let (from, state) = (Some(RunState::AwaitingApproval), RunState::Cancelled);
                let ending = Ending { from, state, problem: None, origin: engine.origin() };
                ended = engine.end(tenant, id, ending).await;
            }
            if let Err(reason) = ended {
                error!(tenant.id = %tenant, sync.run = %id, %reason, "the end of a run was not recorded");
            }
            engine.start_waiting(Some(tenant)).await;
            // Now everything about the run is recorded.
            drop(sender);
        };
        self.inner.tasks.spawn_on(carrying_out, &runtime);
    }

    fn origin(&self) -> Origin {
        Origin { actor: Actor::System, request: None, at: self.inner.parts.clock.now() }
    }
}

impl SyncHandle for Engine {
    fn start(
        &self,
        tenant: TenantId,
        source: SourceId,
        trigger: Trigger,
        extent: RunExtent,
        origin: Origin,
    ) -> BoxFuture<'_, Result<RunId, StartRefused>> {
        Box::pin(self.start_run(tenant, source, (trigger, extent), origin))
    }

    fn preview(
        &self,
        tenant: TenantId,
        source: SourceId,
        extent: RunExtent,
        origin: Origin,
    ) -> BoxFuture<'_, Result<RunId, StartRefused>> {
        Box::pin(self.preview_run(tenant, source, extent, origin))
    }

    fn start_all(
        &self,
        tenant: TenantId,
        trigger: Trigger,
        extent: RunExtent,
        origin: Origin,
    ) -> BoxFuture<'_, Result<StartedRuns, StartRefused>> {
        Box::pin(self.start_sources(tenant, (trigger, extent), origin))
    }

    fn synchronize(
        &self,
        tenant: TenantId,
        contacts: Vec<ContactId>,
        origin: Origin,
    ) -> BoxFuture<'_, Result<Vec<Asked>, StartRefused>> {
        Box::pin(self.synchronize_contacts(tenant, contacts, origin))
    }

    fn wake(&self, tenant: TenantId) {
        let engine = self.clone();
        self.inner.tasks.spawn(async move { engine.start_waiting(Some(tenant)).await });
    }

    fn follow(&self, tenant: TenantId, run: RunId, seen: Option<Progress>) -> BoxFuture<'_, Option<Progress>> {
        Box::pin(async move { self.inner.live.find(run).filter(|live| live.tenant == tenant)?.after(seen).await })
    }

    fn approve(&self, tenant: TenantId, run: RunId, origin: Origin) -> BoxFuture<'_, Result<(), StartRefused>> {
        Box::pin(self.approve_run(tenant, run, origin))
    }

    fn undo(&self, tenant: TenantId, run: RunId, origin: Origin) -> BoxFuture<'_, Result<RunId, StartRefused>> {
        Box::pin(self.undo_run(tenant, run, origin))
    }

    fn cancel(&self, tenant: TenantId, run: RunId, origin: Origin) -> BoxFuture<'_, Result<(), StartRefused>> {
        Box::pin(self.cancel_run(tenant, run, origin))
    }
}

/// What is to be started at `now`: the comparison of everything goes before a look at what changed.
fn due(source: &ScheduledSource, now: Timestamp) -> Option<(Trigger, RunExtent)> {
    if let Some(pattern) = &source.schedule {
        match Schedule::new(pattern, &source.time_zone) {
            Ok(schedule) if schedule.is_due(source.since, now) => return Some((Trigger::Schedule, RunExtent::Whole)),
            Ok(_) => {}
            Err(reason) => {
                warn!(tenant.id = %source.tenant, source.id = %source.source, %reason, "a schedule is not followed");
            }
        }
    }
    let pause = Duration::from_secs(u64::from(source.poll_minutes?) * 60);
    (source.looked_at <= now.minus(pause)).then_some((Trigger::Poll, RunExtent::Changes))
}

/// Refuses a source in which there is nothing to be read, or of which nothing is kept to be mapped anew.
fn require_entries(connection: &Connection, extent: RunExtent) -> Result<(), StartRefused> {
    if !connection.has_entries() {
        return Err(StartRefused::NoEntries);
    }
    let is_kept = extent != RunExtent::Stored || connection.lists_everybody();
    if is_kept { Ok(()) } else { Err(StartRefused::NothingKept) }
}

fn internal(reason: &StoreError) -> StartRefused {
    error!(%reason, "a run could not be steered");
    StartRefused::Failed(RunProblem::Internal)
}
