//! The tenant's line of changes, for programs that keep a copy.

use axum::extract::Query;
use directory_model::change::{Change, ObjectKind};
use directory_model::id::TenantId;
use directory_model::timestamp::Timestamp;
use directory_store::changes;
use http::Uri;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::problem::{Problem, ProblemKind};
use crate::scope::Authorized;
use crate::scope::permission::ReadAudit;

/// About how many changes are answered at once.
const CHANGES: u32 = 500;

/// Where to go on in the line.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ChangesQuery {
    /// Changes after this number; from the start when absent.
    #[serde(default)]
    after: i64,
}

/// One change.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChangeView {
    /// Its number; the changes of one transaction share it.
    seq: i64,
    /// When.
    at: Timestamp,
    /// The kind of object.
    kind: ObjectKind,
    /// The object.
    object: String,
    /// The object is gone.
    is_removal: bool,
}

/// A part of the line.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChangeList {
    /// About 500 changes at most, in order, never a part of a transaction.
    items: Vec<ChangeView>,
    /// The number to go on after.
    last: i64,
}

/// Lists changes in the order in which they were committed.
#[utoipa::path(get, path = "/tenants/{tenant}/changes", operation_id = "list_changes", tag = "audit",
    params(ChangesQuery), responses((status = 200, body = ChangeList)))]
pub(crate) async fn list(scope: Authorized<ReadAudit, TenantId>, uri: Uri) -> Result<axum::Json<ChangeList>, Problem> {
    let Ok(Query(ChangesQuery { after })) = Query::try_from_uri(&uri) else {
        return Err(Problem::new(ProblemKind::MalformedRequest, "The line knows `after`, a number."));
    };
    let found = scope.read(move |conn, tenant| changes::list(conn, tenant, after, CHANGES)).await?;
    let last = found.last().map_or(after, |change| change.seq);
    Ok(axum::Json(ChangeList { items: found.into_iter().map(ChangeView::from).collect(), last }))
}

impl From<Change> for ChangeView {
    fn from(change: Change) -> Self {
        let Change { seq, at, kind, object, is_removal, .. } = change;
        Self { seq, at, kind, object, is_removal }
    }
}
