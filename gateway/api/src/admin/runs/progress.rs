//! A run as it goes on, told as it happens.
//!
//! The stream ends with the run as it then is: ended, or waiting for approval. It also ends after a
//! few minutes, so that whoever follows proves again that they may; and when the gateway stops.

use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use directory_model::id::RunId;
use directory_model::progress::{Phase, Progress};
use directory_model::rights::Action;
use directory_model::run::{Counts, RunState};
use directory_store::sync_runs as runs;
use futures_util::stream;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderName, HeaderValue};
use serde::Serialize;
use tokio::time::{Instant, sleep, sleep_until};
use utoipa::ToSchema;

use super::RunView;
use super::sight::Sight;
use crate::problem::Problem;
use crate::scope::Authorized;
use crate::scope::permission::ReadSources;
use crate::state::streams::Seat;

/// How long nothing is said before a sign of life.
const PING_AFTER: Duration = Duration::from_secs(15);
/// How soon one word may follow another.
const GAP: Duration = Duration::from_millis(200);
/// How often in a row a run may seem to rest that the store says goes on: between two words about it
/// this is a moment.
const RESTS: u32 = 3;
/// How long a stream lasts at most.
const LASTS: Duration = Duration::from_mins(5);
/// How soon a client whose stream ended asks again, in milliseconds.
const RETRY_MS: u32 = 1000;

/// How far a run has come.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProgressView {
    /// What it is busy with.
    phase: Phase,
    /// How many entries had which fate so far.
    counts: Counts,
    /// How many entries or steps of the phase are done.
    done: u64,
    /// Of about how many, where that is known.
    expected: Option<u64>,
    /// Entries or steps each second, once that can be told.
    per_second: Option<u64>,
    /// How long the phase takes from now on, where that can be told.
    seconds_left: Option<u64>,
}

/// What a stream about a run tells, by the name of the event.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "event", content = "data", rename_all = "snake_case")]
#[expect(dead_code, reason = "it describes the events in the document")]
pub(crate) enum RunEvent {
    /// How far the run has come.
    Progress(Box<ProgressView>),
    /// The run as it has ended, or waits for approval; the last event.
    Run(Box<RunView>),
    /// Nothing: a sign of life.
    Ping {},
}

/// Tells how far a run has come as it happens: `progress` events, `ping` while there is nothing to say,
/// and at last `run` with the run as it ended or waits for approval. A run that has ended already is
/// told at once. Streams end after five minutes; whoever still follows asks again.
#[utoipa::path(get, path = "/tenants/{tenant}/runs/{run}/progress", operation_id = "follow_run",
    tag = "synchronization", responses((status = 200, body = RunEvent, content_type = "text/event-stream")))]
pub(crate) async fn follow(scope: Authorized<ReadSources, RunId>) -> Result<Response, Problem> {
    let seat = scope.state().streams().take(scope.tenant()).ok_or_else(|| Problem::too_many_requests(5))?;
    let run = found(&scope).await?;
    let following = Following { scope, seen: None, until: Instant::now() + LASTS, is_over: false, _seat: seat };
    let first = (run.state == RunState::Running).then(|| format!("retry: {RETRY_MS}\n\n"));
    let first = first.map_or_else(|| event("run", &run).map_err(Problem::internal), Ok)?;
    let is_over = run.state != RunState::Running;
    let parts = stream::unfold((Some(first), Following { is_over, ..following }), |(first, following)| async {
        match first {
            Some(first) => Some((Ok::<_, std::convert::Infallible>(Bytes::from(first)), (None, following))),
            None => following.step().await.map(|(part, following)| (Ok(part), (None, following))),
        }
    });
    let head = [
        (CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    ];
    Ok((head, Body::from_stream(parts)).into_response())
}

/// The run as far as it may be seen.
async fn found(scope: &Authorized<ReadSources, RunId>) -> Result<RunView, Problem> {
    let mut sight = Sight::of(scope, Action::ReadSources);
    let found = scope.find(move |conn, tenant, run| match runs::find(conn, tenant, run)? {
        Some(run) => sight.cut(conn, tenant, run),
        None => Ok(None),
    });
    Ok(RunView::of(found.await?, scope.now()))
}

/// Somebody who follows a run.
struct Following {
    scope: Authorized<ReadSources, RunId>,
    /// What was told last.
    seen: Option<Progress>,
    until: Instant,
    is_over: bool,
    _seat: Seat,
}

/// What there is to tell.
enum News {
    Progress(Progress),
    /// It does not go on in this moment.
    Rests,
    Silence,
    End,
}

impl Following {
    async fn step(mut self) -> Option<(Bytes, Self)> {
        let mut rests = 0;
        loop {
            if self.is_over || rests == RESTS {
                return None;
            }
            let text = match self.news().await {
                News::Progress(progress) => {
                    self.seen = Some(progress);
                    event("progress", &self.view(&progress))
                }
                News::Rests => {
                    // It may be about to go on, or gone since.
                    let run = found(&self.scope).await.ok()?;
                    if run.state == RunState::Running {
                        rests += 1;
                        continue;
                    }
                    self.is_over = true;
                    event("run", &run)
                }
                News::Silence => Ok("event: ping\ndata: {}\n\n".to_owned()),
                News::End => return None,
            };
            return Some((text.ok()?.into(), self));
        }
    }

    async fn news(&self) -> News {
        let (state, tenant, run) = (self.scope.state(), self.scope.tenant(), self.scope.id);
        let following = async {
            // What changes faster than anybody reads is told together.
            sleep(GAP).await;
            state.sync().follow(tenant, run, self.seen).await
        };
        tokio::select! {
            biased;
            () = state.streams().ended() => News::End,
            () = sleep_until(self.until) => News::End,
            found = following => found.map_or(News::Rests, News::Progress),
            () = sleep(PING_AFTER) => News::Silence,
        }
    }

    fn view(&self, progress: &Progress) -> ProgressView {
        let pace = progress.pace(self.scope.state().clock().now());
        let Progress { phase, counts, done, expected, .. } = *progress;
        ProgressView { phase, counts, done, expected, per_second: pace.per_second, seconds_left: pace.seconds_left }
    }
}

/// An event with its data on one line.
fn event(name: &str, data: &impl Serialize) -> serde_json::Result<String> {
    Ok(format!("event: {name}\ndata: {}\n\n", serde_json::to_string(data)?))
}
