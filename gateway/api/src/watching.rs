//! Contacts as one who is signed in may see them, told as they change.
//!
//! Each stream is a look of its own: what somebody may see of whom depends on both. It begins with a snapshot,
//! so that nothing stale outlives a cut, and nothing waits for it but a set of contacts. Whoever is looked at
//! here is of interest to what asks sources.

use std::convert::Infallible;

use axum::body::Body;
use axum::extract::{FromRequestParts, Query};
use axum::response::{IntoResponse, Response};
use directory_model::id::ContactId;
use directory_model::invalid::Rule;
use directory_model::timestamp::Timestamp;
use futures_util::stream;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use utoipa::{IntoParams, ToSchema};

use self::follow::Following;
use self::view::ColleagueView;
use crate::problem::{Problem, ProblemKind};
use crate::scope::{Access, leave_unattended};
use crate::state::ApiState;

mod follow;
mod view;

/// How many contacts one stream may be about.
const MOST: usize = 200;

/// Whom to look at.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct LookQuery {
    /// The contacts, by identity with commas between; at most 200.
    contacts: Option<String>,
}

/// Somebody of the tenant who looks on, and the request by which they prove again that they may.
pub(crate) struct Onlooker {
    access: Access,
    parts: Parts,
    state: ApiState,
}

impl FromRequestParts<ApiState> for Onlooker {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        let access = Access::at_home(&mut parts.clone(), state).await?;
        // Opening the stream was somebody's doing; that it goes on is not.
        let mut parts = parts.clone();
        leave_unattended(&mut parts.headers);
        Ok(Self { access, parts, state: state.clone() })
    }
}

/// The contacts that the query names.
pub(crate) struct Looked(Vec<ContactId>);

impl<S: Sync> FromRequestParts<S> for Looked {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Ok(Query(LookQuery { contacts })) = Query::try_from_uri(&parts.uri) else {
            return Err(Problem::new(ProblemKind::MalformedRequest, "The stream knows `contacts`."));
        };
        let refused = |text: &str, rule| Problem::invalid_field("contacts", text, rule);
        let mut named: Vec<ContactId> = Vec::new();
        for text in contacts.iter().flat_map(|contacts| contacts.split(',')).filter(|text| !text.is_empty()) {
            if named.len() == MOST {
                return Err(refused(text, Rule::TooLong { max: MOST as u64, unit: "contacts".into() }));
            }
            let expected = "identities of contacts, with commas between";
            let id = text.parse().map_err(|_| refused(text, Rule::Format { expected: expected.into() }))?;
            if !named.contains(&id) {
                named.push(id);
            }
        }
        Ok(Self(named))
    }
}

/// What a stream of presence tells, by the name of the event.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "event", content = "data", rename_all = "snake_case")]
#[expect(dead_code, reason = "it describes the events in the document")]
pub(crate) enum ColleagueEvent {
    /// All that may be seen; the first event.
    Snapshot(ColleaguesSnapshot),
    /// What is different since.
    Delta(ColleaguesDelta),
    /// Nothing: a sign of life.
    Ping {},
}

/// The contacts that may be seen.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ColleaguesSnapshot {
    /// The version of the events.
    v: u8,
    /// When this was so.
    at: Timestamp,
    /// The contacts. Who may not be seen is left out, like who does not exist.
    contacts: Vec<ColleagueView>,
}

/// What is different about contacts.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ColleaguesDelta {
    /// The version of the events.
    v: u8,
    /// When this was so.
    at: Timestamp,
    /// Those that look different, whole.
    changed: Vec<ColleagueView>,
    /// Those that may not be seen any more, or are gone.
    removed: Vec<ContactId>,
}

/// Tells how available contacts are, and every change as it happens, at the caller's level.
///
/// A `snapshot` first, then `delta` events, and `ping` while there is nothing to say. Needs no role: who was
/// allowed by a contact to see it sees it at that level. Streams end after an hour at most; whoever still
/// looks asks again.
#[utoipa::path(get, path = "/tenants/{tenant}/presence/stream", operation_id = "stream_presence", tag = "presence",
    params(LookQuery), responses((status = 200, body = ColleagueEvent, content_type = "text/event-stream")))]
pub(crate) async fn stream(onlooker: Onlooker, Looked(contacts): Looked) -> Result<Response, Problem> {
    let caller = onlooker.access.caller();
    let room = onlooker.state.streams().look(onlooker.access.tenant(), caller.user);
    let room = room.ok_or_else(|| Problem::too_many_requests(5))?;
    let (first, following) = Following::begin(onlooker, contacts, room).await?;
    // One part waits while the client reads another; the rest waits as a set of contacts.
    let (sender, parts) = mpsc::channel(1);
    drop(tokio::spawn(following.run(first, sender)));
    let parts =
        stream::unfold(parts, |mut parts| async { parts.recv().await.map(|part| (Ok::<_, Infallible>(part), parts)) });
    let head = [
        (CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    ];
    Ok((head, Body::from_stream(parts)).into_response())
}
