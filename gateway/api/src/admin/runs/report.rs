//! The report of a run: all that it does, or did, as one file.
//!
//! It is written while it is read, a page of entries at a time, so that it takes the same memory for
//! ten entries as for a hundred thousand. Where it cannot be read to its end, or nobody takes it in time,
//! the answer breaks off: a part of a report never looks like the whole.

mod csv;

use std::io;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequestParts, Query};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use directory_model::id::RunId;
use directory_model::page::{Cursor, MAX_LIMIT, PageRequest};
use directory_model::rights::Action;
use directory_model::run::RunEntry;
use directory_store::sync_runs as runs;
use futures_util::stream;
use http::HeaderValue;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use http::request::Parts;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use tokio::time::timeout;
use utoipa::{IntoParams, ToSchema};

use super::RunView;
use super::entries::RunEntryView;
use super::sight::Sight;
use crate::problem::{Problem, ProblemKind};
use crate::scope::Authorized;
use crate::scope::permission::ReadSources;
use crate::state::streams::Seat;

/// How long a report may take, whoever takes it.
const LASTS: Duration = Duration::from_mins(10);

/// How a report is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ReportFormat {
    /// The run and a list of its entries.
    #[default]
    Json,
    /// RFC 4180 in UTF-8: a line for each field that changes, one for each other entry. Cells that a
    /// spreadsheet would take for a formula begin with `'`.
    Csv,
}

/// How the report is wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ReportQuery {
    /// JSON when absent.
    #[serde(default)]
    #[param(inline)]
    format: ReportFormat,
}

impl<S: Sync> FromRequestParts<S> for ReportQuery {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = Query::try_from_uri(&parts.uri).map(|Query(query)| query);
        query.map_err(|_| Problem::new(ProblemKind::MalformedRequest, "`format` is `json` or `csv`."))
    }
}

/// What a run did, or is going to do while it waits for approval, entry by entry.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RunReport {
    /// The run.
    run: RunView,
    /// All of its entries.
    entries: Vec<RunEntryView>,
}

/// Gives all that a run does, or did, as one file.
///
/// Like streams, reports are given to so many at once; one that is not taken within ten minutes breaks off.
#[utoipa::path(get, path = "/tenants/{tenant}/runs/{run}/report", operation_id = "get_run_report",
    tag = "synchronization", params(ReportQuery),
    responses((status = 200, content((RunReport = "application/json"), (String = "text/csv")))))]
pub(crate) async fn get(
    scope: Authorized<ReadSources, RunId>,
    ReportQuery { format }: ReportQuery,
) -> Result<Response, Problem> {
    let seat = scope.state().streams().take(scope.tenant()).ok_or_else(|| Problem::too_many_requests(5))?;
    let mut sight = Sight::of(&scope, Action::ReadSources);
    let found = scope.find(move |conn, tenant, run| match runs::find(conn, tenant, run)? {
        Some(run) => sight.cut(conn, tenant, run),
        None => Ok(None),
    });
    let run = RunView::of(found.await?, scope.now());
    let (kind, name) = match format {
        ReportFormat::Json => ("application/json", format!("attachment; filename=\"run-{}.json\"", scope.id)),
        ReportFormat::Csv => {
            ("text/csv; charset=utf-8; header=present", format!("attachment; filename=\"run-{}.csv\"", scope.id))
        }
    };
    let head = match format {
        ReportFormat::Json => opening(&run).map_err(Problem::internal)?,
        ReportFormat::Csv => csv::HEADER.to_owned(),
    };
    let (out, parts) = mpsc::channel(1);
    let reading = Reading { scope, format, next: Next::Head(head) };
    // In a task of its own, so that the time passes also while nobody takes anything.
    tokio::spawn(timeout(LASTS, reading.write(out, seat)));
    let parts = stream::unfold(Some(parts), taken);
    let name = HeaderValue::from_str(&name).map_err(Problem::internal)?;
    let head = [(CONTENT_TYPE, HeaderValue::from_static(kind)), (CONTENT_DISPOSITION, name)];
    Ok((head, Body::from_stream(parts)).into_response())
}

/// A part of a report, or that this was all.
enum Part {
    Text(Bytes),
    End,
}

/// The next part; an error when the report ends without having said so.
async fn taken(parts: Option<mpsc::Receiver<Part>>) -> Option<(io::Result<Bytes>, Option<mpsc::Receiver<Part>>)> {
    let mut parts = parts?;
    match parts.recv().await {
        Some(Part::Text(text)) => Some((Ok(text), Some(parts))),
        Some(Part::End) => None,
        None => Some((Err(io::Error::other("the report cannot be given to its end")), None)),
    }
}

/// The report's first part, up to its entries.
fn opening(run: &RunView) -> serde_json::Result<String> {
    Ok(format!("{{\"run\":{},\"entries\":[", serde_json::to_string(run)?))
}

/// A report that is being written.
struct Reading {
    scope: Authorized<ReadSources, RunId>,
    format: ReportFormat,
    next: Next,
}

/// What comes next in it.
enum Next {
    Head(String),
    /// The entries after this one; whether any was written.
    Entries(Option<Cursor>, bool),
    Tail,
    Nothing,
}

impl Reading {
    /// Writes it until its end, or until nobody takes it any more.
    async fn write(mut self, out: mpsc::Sender<Part>, seat: Seat) {
        loop {
            let Ok(step) = self.step().await else { return };
            let Some(text) = step else { break };
            if out.send(Part::Text(text)).await.is_err() {
                return;
            }
        }
        drop(seat);
        // Who has gone needs no end.
        let _ = out.send(Part::End).await;
    }

    async fn step(&mut self) -> io::Result<Option<Bytes>> {
        let text = match std::mem::replace(&mut self.next, Next::Nothing) {
            Next::Nothing => return Ok(None),
            Next::Head(head) => {
                self.next = Next::Entries(None, false);
                head
            }
            Next::Entries(after, is_begun) => self.entries(after, is_begun).await?,
            Next::Tail => match self.format {
                ReportFormat::Json => "]}".to_owned(),
                ReportFormat::Csv => return Ok(None),
            },
        };
        Ok(Some(text.into()))
    }

    /// The next page of entries; their sight is looked at anew, for rights may end meanwhile.
    async fn entries(&mut self, after: Option<Cursor>, is_begun: bool) -> io::Result<String> {
        let page = PageRequest { after, limit: Some(MAX_LIMIT), ..PageRequest::default() };
        let mut sight = Sight::of(&self.scope, Action::ReadSources);
        let found = self.scope.find(move |conn, tenant, run| match runs::entries(conn, tenant, run, &page)? {
            Some(entries) => sight.cut_entries(conn, tenant, entries).map(Some),
            None => Ok(None),
        });
        let page = found.await.map_err(|_| io::Error::other("the report cannot be read to its end"))?;
        let text = match self.format {
            ReportFormat::Json => list(&page.items, is_begun)?,
            ReportFormat::Csv => page.items.iter().map(csv::lines).collect(),
        };
        let is_begun = is_begun || !page.items.is_empty();
        self.next = page.next.map_or(Next::Tail, |next| Next::Entries(Some(next), is_begun));
        Ok(text)
    }
}

/// Entries as elements of a list that `is_begun`.
fn list(entries: &[RunEntry], is_begun: bool) -> io::Result<String> {
    let mut text = String::new();
    for (at, entry) in entries.iter().enumerate() {
        if is_begun || at > 0 {
            text.push(',');
        }
        text.push_str(&serde_json::to_string(&RunEntryView::from(entry.clone()))?);
    }
    Ok(text)
}
