//! What runs do, or did, with each entry.

use axum::extract::{FromRequestParts, Query};
use directory_model::id::{ContactId, RunId};
use directory_model::page::PageRequest;
use directory_model::rights::Action;
use directory_model::run::{FieldChange, RunAction, RunEntry};
use directory_store::sync_runs as runs;
use http::request::Parts;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::sight::Sight;
use crate::extract::pages::Pages;
use crate::problem::{Problem, ProblemKind, RefusedField};
use crate::scope::Authorized;
use crate::scope::permission::ReadSources;
use crate::view::list_of;

/// One line of a run's record.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RunEntryView {
    /// Its place in the run, from 1.
    number: i64,
    /// What is or was done.
    action: RunAction,
    /// Where the entry is found: its DN, or file and line.
    locator: String,
    /// The contact concerned.
    contact: Option<ContactId>,
    /// What changed.
    changes: Vec<FieldChange>,
    /// Why it was left out: attribute, value and rule.
    reason: Option<RefusedField>,
}

impl From<RunEntry> for RunEntryView {
    fn from(entry: RunEntry) -> Self {
        let RunEntry { number, action, locator, contact, changes, reason } = entry;
        let reason = reason.as_ref().map(RefusedField::from);
        Self { number, action, locator, contact, changes, reason }
    }
}

list_of!(RunEntryView as RunEntryList);

/// Which of a run's entries are wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EntriesQuery {
    /// At most this many items, 1 to 500; 50 when absent.
    #[param(minimum = 1, maximum = 500, value_type = Option<u32>)]
    limit: Option<String>,
    /// The `next` of the page before.
    after: Option<String>,
    /// Only what is, or was, done so; everything when absent.
    #[param(inline)]
    action: Option<RunAction>,
}

/// A page of a run's entries that can be read.
pub(crate) struct EntriesAsked {
    action: Option<RunAction>,
    page: PageRequest,
}

impl<S: Sync> FromRequestParts<S> for EntriesAsked {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Ok(Query(EntriesQuery { limit, after, action })) = Query::try_from_uri(&parts.uri) else {
            let detail = "Entries know `limit`, `after` and an `action` such as `create`.";
            return Err(Problem::new(ProblemKind::MalformedRequest, detail));
        };
        let Pages(page) = Pages::asked(limit, after, None)?;
        Ok(Self { action, page })
    }
}

/// Lists what a run does, or did, with each entry.
#[utoipa::path(get, path = "/tenants/{tenant}/runs/{run}/entries", operation_id = "list_run_entries",
    tag = "synchronization", params(EntriesQuery), responses((status = 200, body = RunEntryList)))]
pub(crate) async fn list(
    scope: Authorized<ReadSources, RunId>,
    EntriesAsked { action, page }: EntriesAsked,
) -> Result<RunEntryList, Problem> {
    let mut sight = Sight::of(&scope, Action::ReadSources);
    let entries = scope.find(move |conn, tenant, run| match runs::entries_of(conn, tenant, run, action, &page)? {
        Some(entries) => sight.cut_entries(conn, tenant, entries).map(Some),
        None => Ok(None),
    });
    Ok(entries.await?.into())
}
