//! How presence of a source is kept alive.

use axum::response::{IntoResponse, Response};
use directory_model::id::SourceId;
use directory_model::upkeep::{AspectHealth, Upkeep};
use directory_store::sources;
use serde::Serialize;
use utoipa::ToSchema;

use crate::extract::pages::{TurnQuery, Turned};
use crate::problem::Problem;
use crate::scope::Authorized;
use crate::scope::permission::ReadSources;
use crate::view::list_of;

list_of!(Upkeep as UpkeepList);

/// How presence of a source is kept alive.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SourcePresenceView {
    /// What the source is asked for, with how many contacts are in which state; empty when for nothing.
    aspects: Vec<AspectHealth>,
    /// A page of the contacts that it is asked about.
    contacts: UpkeepList,
}

impl IntoResponse for SourcePresenceView {
    fn into_response(self) -> Response {
        axum::Json(self).into_response()
    }
}

/// Shows how the presence of a source is kept alive: the states of its subscriptions, and what stands
/// against it.
#[utoipa::path(get, path = "/tenants/{tenant}/sources/{source}/presence", operation_id = "get_source_presence",
    tag = "sources", params(TurnQuery), responses((status = 200, body = SourcePresenceView)))]
pub(crate) async fn get(
    scope: Authorized<ReadSources, SourceId>,
    Turned(page): Turned,
) -> Result<SourcePresenceView, Problem> {
    let id = scope.find(|conn, tenant, id| Ok(sources::is_there(conn, tenant, id)?.then_some(id))).await?;
    let health = scope.state().upkeep().health(scope.tenant(), id, &page);
    Ok(SourcePresenceView { aspects: health.aspects, contacts: health.contacts.into() })
}
