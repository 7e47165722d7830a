//! The entries of a source that are set aside now.

use directory_model::id::{ContactId, RunId, SourceId};
use directory_store::sync_runs::{self, SetAside};
use serde::Serialize;
use utoipa::ToSchema;

use crate::extract::pages::{PageQuery, Pages};
use crate::problem::{Problem, RefusedField};
use crate::scope::Authorized;
use crate::scope::permission::ReadSources;
use crate::view::list_of;

/// An entry that cannot be used.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SetAsideView {
    /// The run that left it out.
    run: RunId,
    /// Its place in that run.
    number: i64,
    /// Where the entry is found: its DN, or file and line.
    locator: String,
    /// The contact concerned.
    contact: Option<ContactId>,
    /// Why it is left out: attribute, value and rule.
    reason: Option<RefusedField>,
}

impl From<SetAside> for SetAsideView {
    fn from(SetAside { run, entry }: SetAside) -> Self {
        let reason = entry.reason.as_ref().map(RefusedField::from);
        Self { run, number: entry.number, locator: entry.locator, contact: entry.contact, reason }
    }
}

list_of!(SetAsideView as SetAsideList);

/// Lists the entries of a source that are set aside now, because something about them cannot be used.
#[utoipa::path(get, path = "/tenants/{tenant}/sources/{source}/set_aside", operation_id = "list_set_aside",
    tag = "sources", params(PageQuery), responses((status = 200, body = SetAsideList)))]
pub(crate) async fn list(
    scope: Authorized<ReadSources, SourceId>,
    Pages(page): Pages,
) -> Result<SetAsideList, Problem> {
    Ok(scope.find(move |conn, tenant, source| sync_runs::set_aside(conn, tenant, source, &page)).await?.into())
}
