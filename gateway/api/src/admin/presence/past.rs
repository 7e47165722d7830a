//! What contacts showed in the last day, and why. Whoever looks is recorded.

use axum::extract::{FromRequestParts, Query};
use directory_model::id::ContactId;
use directory_model::invalid::Rule;
use directory_model::timestamp::Timestamp;
use directory_store::presence_rows;
use gateway_presence::book::{NoAnswer, PastState};
use gateway_presence::why::Why;
use http::request::Parts;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::problem::{Problem, ProblemKind};
use crate::scope::Authorized;
use crate::scope::permission::ReadPastPresence;

/// About which moment is asked.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct MomentQuery {
    /// A moment of the last 24 hours, such as `2026-11-27T10:42:00Z`; now when absent.
    #[param(value_type = Option<Timestamp>)]
    at: Option<String>,
}

/// The moment that the query names.
pub(crate) struct Moment(Option<Timestamp>);

impl<S: Sync> FromRequestParts<S> for Moment {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Ok(Query(MomentQuery { at })) = Query::try_from_uri(&parts.uri) else {
            return Err(Problem::new(ProblemKind::MalformedRequest, "The past knows `at`."));
        };
        let Some(at) = at else { return Ok(Self(None)) };
        let expected = "a moment such as 2026-11-27T10:42:00Z";
        let parsed =
            at.parse().map_err(|_| Problem::invalid_field("at", &at, Rule::Format { expected: expected.into() }));
        parsed.map(|at| Self(Some(at)))
    }
}

/// What a contact showed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PastList {
    /// Since when it is known: a day at most, and not before the gateway started.
    known_from: Timestamp,
    /// The states, oldest first, each until the next one; at most about a thousand changes are followed.
    items: Vec<PastState>,
}

/// Lists what a contact showed in the last 24 hours.
#[utoipa::path(get, path = "/tenants/{tenant}/contacts/{contact}/presence/past", operation_id = "list_past_presence",
    tag = "presence", responses((status = 200, body = PastList)))]
pub(crate) async fn list(scope: Authorized<ReadPastPresence, ContactId>) -> Result<axum::Json<PastList>, Problem> {
    let past = scope.state().book().past(scope.tenant(), scope.id);
    let (known_from, items) = past.map_err(|reason| refused(reason, scope.now(), None))?;
    scope.change(move |tx, contact| presence_rows::looked_at(tx, contact, None)).await?;
    Ok(axum::Json(PastList { known_from, items }))
}

/// Explains what a contact showed at a moment of the last 24 hours, as for the present.
#[utoipa::path(get, path = "/tenants/{tenant}/contacts/{contact}/presence/past/why",
    operation_id = "explain_past_presence", tag = "presence", params(MomentQuery),
    responses((status = 200, body = Why)))]
pub(crate) async fn why(
    scope: Authorized<ReadPastPresence, ContactId>,
    Moment(at): Moment,
) -> Result<axum::Json<Why>, Problem> {
    let now = scope.now();
    let at = at.unwrap_or(now);
    let why = scope.state().book().why_at(scope.tenant(), scope.id, at);
    let why = why.map_err(|reason| refused(reason, now, Some(at)))?;
    scope.change(move |tx, contact| presence_rows::looked_at(tx, contact, Some(at))).await?;
    Ok(axum::Json(why))
}

fn refused(reason: NoAnswer, now: Timestamp, at: Option<Timestamp>) -> Problem {
    match reason {
        NoAnswer::NotRecorded => {
            Problem::new(ProblemKind::NotPossibleNow, "The tenant's presence is not recorded: it keeps no history.")
        }
        NoAnswer::OutOfReach { from } => {
            let expected = format!("a moment from {from} to {now}").into();
            Problem::invalid_field("at", at.unwrap_or(now), Rule::Format { expected })
        }
    }
}
