//! Synchronization runs.

pub(crate) mod entries;
pub(crate) mod progress;
pub(crate) mod report;
mod sight;

use std::sync::Arc;

use axum::extract::{FromRequestParts, Query};
use axum::response::Response;
use directory_model::id::{ContactId, RunId, SourceId, TenantId};
use directory_model::record::WholeBecause;
use directory_model::rights::Action;
use directory_model::run::{Counts, Run, RunExtent, RunProblem, RunState, StartedRuns, Trigger};
use directory_model::timestamp::Timestamp;
use directory_store::sync_runs as runs;
use http::request::Parts;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::extract::once::Once;
use crate::extract::pages::{TurnQuery, Turned};
use crate::problem::{Problem, ProblemKind};
use crate::scope::permission::{ReadSources, Synchronize};
use crate::scope::{Access, Authorized, Somewhere};
use crate::view::{Accepted, Done, Made, Revised, Shown, list_of};

use sight::Sight;

/// A run as it stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RunView {
    /// Its identity.
    id: RunId,
    /// The source that is read.
    source: SourceId,
    /// The contacts that it is about, as far as they may be seen; null when it is about all of the source.
    contacts: Option<Vec<ContactId>>,
    /// What started it.
    trigger: Trigger,
    /// How much of the source it reads, or has read.
    extent: RunExtent,
    /// Why everything was read although changes were asked for.
    whole_because: Option<WholeBecause>,
    /// Where it stands.
    state: RunState,
    /// How many entries had which fate.
    counts: Counts,
    /// Why it stopped or waits.
    problem: Option<RunProblem>,
    /// The same in one English sentence.
    message: Option<String>,
    /// The run that it takes back.
    undoes: Option<RunId>,
    /// When it started.
    started_at: Timestamp,
    /// When it ended.
    ended_at: Option<Timestamp>,
    /// Whether it can be undone now.
    is_undoable: bool,
}

impl RunView {
    /// The run as it is shown at `now`.
    fn of(run: Run, now: Timestamp) -> Self {
        let is_undoable = run.is_undoable(now);
        let message = run.problem.as_ref().map(ToString::to_string);
        let Run { id, source, contacts, trigger, extent, whole_because, state, counts, problem, undoes, .. } = run;
        Self {
            id,
            source,
            contacts,
            trigger,
            extent,
            whole_because,
            state,
            counts,
            problem,
            message,
            undoes,
            started_at: run.started_at,
            ended_at: run.ended_at,
            is_undoable,
        }
    }
}

impl Revised for RunView {
    /// A run changes by itself: its tag would say nothing.
    fn revision(&self) -> i64 {
        self.ended_at.map_or(0, Timestamp::millis)
    }
}

/// What a run is to read.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ExtentQuery {
    /// Everything when absent; what changed is read where the source can tell it, else everything. With `stored` nothing
    /// is read: what was read before is mapped anew, as far as it holds what the mapping asks for.
    #[serde(default)]
    #[param(inline)]
    extent: RunExtent,
}

/// Whether the plan of a run is seen first.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PreviewQuery {
    /// No contact is written before the plan was approved, whatever it is. A plan that changes nothing ends at once.
    #[serde(default)]
    is_preview: bool,
}

/// What a run of one source is to do.
#[derive(Debug)]
pub(crate) struct StartQuery {
    extent: RunExtent,
    is_preview: bool,
}

impl<S: Sync> FromRequestParts<S> for ExtentQuery {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        asked(parts, &["extent"]).ok_or_else(|| malformed("`extent` is `whole`, `changes` or `stored`."))
    }
}

impl<S: Sync> FromRequestParts<S> for StartQuery {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let known = ["extent", "is_preview"];
        let of =
            || Some((asked::<ExtentQuery>(parts, &known)?.extent, asked::<PreviewQuery>(parts, &known)?.is_preview));
        let rule = "`extent` is `whole`, `changes` or `stored`; `is_preview` is `true` or `false`.";
        of().map(|(extent, is_preview)| Self { extent, is_preview }).ok_or_else(|| malformed(rule))
    }
}

/// A part of the query, unless that holds anything but what is `known`. Serde refuses what it does not know of one
/// struct only, and makes no struct of several of a query.
fn asked<Q: DeserializeOwned>(parts: &Parts, known: &[&str]) -> Option<Q> {
    let Query(all) = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri).ok()?;
    let is_known = all.iter().all(|(name, _)| known.contains(&name.as_str()));
    Query::try_from_uri(&parts.uri).ok().filter(|_| is_known).map(|Query(query)| query)
}

fn malformed(rule: &'static str) -> Problem {
    Problem::new(ProblemKind::MalformedRequest, rule)
}

list_of!(RunView as RunList);

/// Lists runs, latest first; with part of a tenant those that are about contacts of that part.
#[utoipa::path(get, path = "/tenants/{tenant}/runs", operation_id = "list_runs", tag = "synchronization",
    params(TurnQuery), responses((status = 200, body = RunList)))]
pub(crate) async fn list(scope: Somewhere<ReadSources>, Turned(page): Turned) -> Result<RunList, Problem> {
    let mut sight = Sight::of(&scope, Action::ReadSources);
    let (runs, now) = (scope.read(move |conn, tenant| sight.list(conn, tenant, page)).await?, scope.now());
    Ok(runs.map(|run| RunView::of(run, now)).into())
}

/// Starts a run of a source and says its identity once it is recorded. A request that is repeated
/// with the same `Idempotency-Key` within 24 hours is answered as before and starts nothing.
#[utoipa::path(post, path = "/tenants/{tenant}/sources/{source}/runs", operation_id = "start_run",
    tag = "synchronization", responses((status = 201, body = RunView)),
    params(ExtentQuery, PreviewQuery, ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters that \
        name this request among those of its user.")))]
pub(crate) async fn start(
    scope: Authorized<Synchronize, SourceId>,
    query: StartQuery,
    once: Once,
) -> Result<Response, Problem> {
    let scope = Arc::new(scope);
    once.run(&scope.clone(), async move { begin(&scope, query).await }).await
}

async fn begin(
    scope: &Authorized<Synchronize, SourceId>,
    StartQuery { extent, is_preview }: StartQuery,
) -> Result<Made<RunView>, Problem> {
    let (sync, tenant, origin) = (scope.state().sync(), scope.tenant(), scope.origin());
    let id = if is_preview {
        sync.preview(tenant, scope.id, extent, origin).await?
    } else {
        sync.start(tenant, scope.id, Trigger::Manual, extent, origin).await?
    };
    let run = scope.read(move |conn, tenant| runs::find(conn, tenant, id)).await?.ok_or_else(Problem::not_found)?;
    Ok(Made { at: scope.address("runs", id), object: RunView::of(run, scope.now()) })
}

/// Starts a run of every source of a tenant that is in service, all together.
///
/// One of which a run goes on or waits for approval is left out, with that run, and so is whatever cannot be started. A
/// request that is repeated with the same `Idempotency-Key` within 24 hours is answered as before and starts nothing.
#[utoipa::path(post, path = "/tenants/{tenant}/runs", operation_id = "start_runs", tag = "synchronization",
    responses((status = 202, body = StartedRuns)),
    params(ExtentQuery, ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters that \
        name this request among those of its user.")))]
pub(crate) async fn start_all(
    scope: Authorized<Synchronize, TenantId>,
    ExtentQuery { extent }: ExtentQuery,
    once: Once,
) -> Result<Response, Problem> {
    let scope = Arc::new(scope);
    once.run(&scope.clone(), async move { begin_all(&scope, extent).await }).await
}

async fn begin_all(access: &Access, extent: RunExtent) -> Result<Accepted<StartedRuns>, Problem> {
    let starting = access.state().sync().start_all(access.tenant(), Trigger::Manual, extent, access.origin());
    Ok(Accepted(starting.await?))
}

/// Shows a run.
#[utoipa::path(get, path = "/tenants/{tenant}/runs/{run}", operation_id = "get_run", tag = "synchronization",
    responses((status = 200, body = RunView)))]
pub(crate) async fn get(scope: Authorized<ReadSources, RunId>) -> Result<Shown<RunView>, Problem> {
    let mut sight = Sight::of(&scope, Action::ReadSources);
    let run = scope.find(move |conn, tenant, run| match runs::find(conn, tenant, run)? {
        Some(run) => sight.cut(conn, tenant, run),
        None => Ok(None),
    });
    Ok(Shown(RunView::of(run.await?, scope.now())))
}

/// Applies exactly the plan that was shown.
///
/// When a contact in it changed since, nothing is applied: the answer is a 409, the run has failed as `stale`, and the
/// next run plans anew.
#[utoipa::path(post, path = "/tenants/{tenant}/runs/{run}/approve", operation_id = "approve_run",
    tag = "synchronization", responses((status = 204)))]
pub(crate) async fn approve(scope: Authorized<Synchronize, RunId>) -> Result<Done, Problem> {
    scope.state().sync().approve(scope.tenant(), scope.id, scope.origin()).await?;
    Ok(Done)
}

/// Starts a run that takes another one back: it plans, and waits for approval before anything is changed.
///
/// What the run wrote becomes what it was, where nobody changed it since; everything else is listed as set aside and stays.
/// What the source still says is then left alone until it says something else, and the next run asks before it changes
/// anything. A run can be undone for 30 days. It needs the right to all of the contacts that the run is about.
#[utoipa::path(post, path = "/tenants/{tenant}/runs/{run}/undo", operation_id = "undo_run", tag = "synchronization",
    responses((status = 201, body = RunView)))]
pub(crate) async fn undo(scope: Authorized<Synchronize, RunId>) -> Result<Made<RunView>, Problem> {
    sees_all(&scope).await?;
    let id = scope.state().sync().undo(scope.tenant(), scope.id, scope.origin()).await?;
    let run = scope.read(move |conn, tenant| runs::find(conn, tenant, id)).await?.ok_or_else(Problem::not_found)?;
    Ok(Made { at: scope.address("runs", id), object: RunView::of(run, scope.now()) })
}

/// Ends a run that goes on or waits, at the next safe point. It needs the right to all of the contacts
/// that the run is about.
#[utoipa::path(post, path = "/tenants/{tenant}/runs/{run}/cancel", operation_id = "cancel_run",
    tag = "synchronization", responses((status = 204)))]
pub(crate) async fn cancel(scope: Authorized<Synchronize, RunId>) -> Result<Done, Problem> {
    sees_all(&scope).await?;
    scope.state().sync().cancel(scope.tenant(), scope.id, scope.origin()).await?;
    Ok(Done)
}

/// Refuses who has no right to some of the contacts that the run is about.
async fn sees_all(scope: &Authorized<Synchronize, RunId>) -> Result<(), Problem> {
    let mut sight = Sight::of(scope, Action::Synchronize);
    let looking = scope.find(move |conn, tenant, run| match runs::find(conn, tenant, run)? {
        Some(run) => sight.is_all(conn, tenant, &run).map(Some),
        None => Ok(None),
    });
    if looking.await? { Ok(()) } else { Err(Problem::forbidden()) }
}
