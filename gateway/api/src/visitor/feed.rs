//! A publication as it is now, and as it changes.

use std::borrow::Cow;

use axum::body::Body;
use axum::extract::{FromRequestParts, Query, State};
use axum::response::{IntoResponse, Response};
use gateway_presence::coding::Coding;
use gateway_presence::feed::FeedId;
use gateway_presence::outlet::Refused;
use http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, ORIGIN, VARY,
};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::assets::takes_gzip;
use crate::extract::peer::Source;
use crate::problem::{Problem, ProblemKind};
use crate::state::ApiState;

/// How many headers a snapshot has in the end.
const USUAL_HEADERS: usize = 16;

/// Where to go on in a stream.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct StreamQuery {
    /// The `id` of the last event that was seen: what was missed since then follows.
    last_event_id: Option<String>,
}

/// A publication that the page that asks may show; there is no other way to its contents.
pub(crate) struct Embedded<'a> {
    key: Cow<'a, str>,
    origin: Option<HeaderValue>,
}

impl FromRequestParts<ApiState> for Embedded<'static> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Response> {
        let path = axum::extract::Path::<String>::from_request_parts(parts, state).await;
        let key = path.map(|path| path.0).map_err(|_| Unproven::Gone.into_response())?;
        let Embedded { origin, .. } =
            Embedded::prove(state, &key, &parts.headers).map_err(IntoResponse::into_response)?;
        Ok(Self { key: Cow::Owned(key), origin })
    }
}

/// Why a page may not show a publication.
pub(crate) enum Unproven {
    /// There is no such publication.
    Gone,
    /// The page is of another origin.
    Elsewhere,
}

impl IntoResponse for Unproven {
    fn into_response(self) -> Response {
        let mut headers = HeaderMap::from_iter([vary()]);
        let problem = match self {
            Self::Gone => {
                // Any page may know that a publication is gone; otherwise browsers would hide even that.
                headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
                Problem::not_found()
            }
            Self::Elsewhere => origin_not_allowed(),
        };
        (headers, problem).into_response()
    }
}

impl<'a> Embedded<'a> {
    /// Proves that whoever sent `headers` may show the publication under `key`.
    pub(crate) fn prove(state: &ApiState, key: &'a str, headers: &HeaderMap) -> Result<Self, Unproven> {
        if state.book().publication(key).is_none() {
            return Err(Unproven::Gone);
        }
        let origin = headers.get(ORIGIN).cloned();
        let covers = |origin: &HeaderValue| origin.to_str().is_ok_and(|origin| state.book().covers_origin(key, origin));
        if origin.as_ref().is_some_and(|origin| !covers(origin)) {
            return Err(Unproven::Elsewhere);
        }
        Ok(Self { key: Cow::Borrowed(key), origin })
    }

    /// The key of the publication.
    pub(super) fn key(&self) -> &str {
        &self.key
    }

    /// The headers by which a browser lets the page read the answer, with room for more.
    pub(super) fn headers(self) -> HeaderMap {
        let mut headers = HeaderMap::with_capacity(USUAL_HEADERS);
        headers.extend([vary()]);
        headers.extend(self.origin.map(|origin| (ACCESS_CONTROL_ALLOW_ORIGIN, origin)));
        headers
    }
}

fn origin_not_allowed() -> Problem {
    Problem::new(ProblemKind::OriginNotAllowed, "This page is not of the publication's domains.")
}

fn vary() -> (HeaderName, HeaderValue) {
    (VARY, HeaderValue::from_static("Origin"))
}

/// Shows a publication as it is now.
#[utoipa::path(get, path = "/visitor/publications/{key}/snapshot", operation_id = "get_snapshot", tag = "visitors",
    responses((status = 200, body = serde_json::Value), (status = 304)))]
pub(crate) async fn snapshot(
    State(state): State<ApiState>,
    embedded: Embedded<'static>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    shown(&state, embedded, &headers).ok_or_else(Problem::not_found)
}

/// The snapshot, or that whoever sent `headers` has it; `None` when it went in this moment.
pub(crate) fn shown(state: &ApiState, embedded: Embedded<'_>, headers: &HeaderMap) -> Option<Response> {
    let snapshot = state.feed().snapshot(&embedded.key)?;
    let tag = format!("\"{}\"", snapshot.id);
    let is_known = headers.get_all(IF_NONE_MATCH).iter().any(|known| names(known, &tag));
    let mut head = embedded.headers();
    head.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=1"));
    head.extend(HeaderValue::try_from(tag).ok().map(|tag| (ETAG, tag)));
    if is_known {
        return Some((StatusCode::NOT_MODIFIED, head).into_response());
    }
    head.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let mut response = Response::new(Body::from(snapshot.body));
    *response.headers_mut() = head;
    Some(response)
}

/// Streams a publication: a snapshot or what was missed, then every change as it happens.
///
/// Whoever takes gzip gets it, which makes a snapshot about a sixth as long. The accept loop finds the subscription in the response's extensions and lets the outlet write.
#[utoipa::path(get, path = "/visitor/publications/{key}/stream", operation_id = "stream_publication",
    tag = "visitors", params(StreamQuery),
    responses((status = 200, body = String, content_type = "text/event-stream")))]
pub(crate) async fn stream(
    State(state): State<ApiState>,
    embedded: Embedded<'static>,
    Source(source): Source,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Problem> {
    let last = Query::<StreamQuery>::try_from_uri(&uri).ok().and_then(|Query(query)| query.last_event_id);
    let last: Option<FeedId> = last.and_then(|id| id.parse().ok());
    let subscription = {
        let origin = embedded.origin.as_ref().and_then(|origin| origin.to_str().ok());
        state.outlet().subscribe(&embedded.key, last, Some(source), origin).map_err(refused)?
    };
    let mut head = embedded.headers();
    head.append(VARY, HeaderValue::from_static("accept-encoding"));
    let is_small = takes_gzip(&headers);
    let coding = if is_small { Coding::Gzip } else { Coding::Plain };
    head.extend(is_small.then_some((CONTENT_ENCODING, HeaderValue::from_static("gzip"))));
    head.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    head.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    head.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    let mut response = (head, ()).into_response();
    response.extensions_mut().insert(subscription.coded(coding));
    Ok(response)
}

fn refused(refused: Refused) -> Problem {
    match refused {
        Refused::Unknown => Problem::not_found(),
        Refused::OriginNotCovered => origin_not_allowed(),
        Refused::Full | Refused::FullForSource => Problem::too_many_requests(5),
    }
}

pub(super) fn names(known: &HeaderValue, tag: &str) -> bool {
    let known = known.to_str().unwrap_or_default();
    known.split(',').map(str::trim).any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
}
