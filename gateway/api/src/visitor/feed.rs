//! A publication as it is now, and as it changes.

use axum::extract::{FromRequestParts, Query, State};
use axum::response::{IntoResponse, Response};
use gateway_presence::feed::FeedId;
use gateway_presence::outlet::Refused;
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, ORIGIN, VARY};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::extract::peer::Source;
use crate::problem::{Problem, ProblemKind};
use crate::state::ApiState;

/// Where to go on in a stream.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct StreamQuery {
    /// The `id` of the last event that was seen: what was missed since then follows.
    last_event_id: Option<String>,
}

/// A publication that the page that asks may show.
pub(crate) struct Embedded {
    key: String,
    origin: Option<HeaderValue>,
}

impl FromRequestParts<ApiState> for Embedded {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Response> {
        let refuse = |problem: Problem| (HeaderMap::from_iter([vary()]), problem).into_response();
        // Any page may know that a publication is gone; otherwise browsers would hide even that.
        let anybody = (ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        let gone = || (HeaderMap::from_iter([vary(), anybody.clone()]), Problem::not_found()).into_response();
        let path = axum::extract::Path::<String>::from_request_parts(parts, state).await;
        let key = path.map(|path| path.0).map_err(|_| gone())?;
        if state.book().publication(&key).is_none() {
            return Err(gone());
        }
        let origin = parts.headers.get(ORIGIN).cloned();
        let covers =
            |origin: &HeaderValue| origin.to_str().is_ok_and(|origin| state.book().covers_origin(&key, origin));
        if origin.as_ref().is_some_and(|origin| !covers(origin)) {
            let detail = "This page is not of the publication's domains.";
            return Err(refuse(Problem::new(ProblemKind::OriginNotAllowed, detail)));
        }
        Ok(Self { key, origin })
    }
}

impl Embedded {
    /// The headers by which a browser lets the page read the answer.
    fn headers(self) -> HeaderMap {
        let mut headers = HeaderMap::from_iter([vary()]);
        headers.extend(self.origin.map(|origin| (ACCESS_CONTROL_ALLOW_ORIGIN, origin)));
        headers
    }
}

fn vary() -> (HeaderName, HeaderValue) {
    (VARY, HeaderValue::from_static("Origin"))
}

/// Shows a publication as it is now.
#[utoipa::path(get, path = "/visitor/publications/{key}/snapshot", operation_id = "get_snapshot", tag = "visitors",
    responses((status = 200, body = serde_json::Value), (status = 304)))]
pub(crate) async fn snapshot(
    State(state): State<ApiState>,
    embedded: Embedded,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let snapshot = state.feed().snapshot(&embedded.key).ok_or_else(Problem::not_found)?;
    let tag = format!("\"{}\"", snapshot.id);
    let is_known = headers.get_all(IF_NONE_MATCH).iter().any(|known| names(known, &tag));
    let mut head = embedded.headers();
    head.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=1"));
    head.extend(HeaderValue::from_str(&tag).ok().map(|tag| (ETAG, tag)));
    if is_known {
        return Ok((StatusCode::NOT_MODIFIED, head).into_response());
    }
    head.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok((head, snapshot.body).into_response())
}

/// Streams a publication: a snapshot or what was missed, then every change as it happens.
///
/// The accept loop finds the subscription in the response's extensions and lets the outlet write.
#[utoipa::path(get, path = "/visitor/publications/{key}/stream", operation_id = "stream_publication",
    tag = "visitors", params(StreamQuery),
    responses((status = 200, body = String, content_type = "text/event-stream")))]
pub(crate) async fn stream(
    State(state): State<ApiState>,
    embedded: Embedded,
    Source(source): Source,
    uri: Uri,
) -> Result<Response, Problem> {
    let last = Query::<StreamQuery>::try_from_uri(&uri).ok().and_then(|Query(query)| query.last_event_id);
    let last: Option<FeedId> = last.and_then(|id| id.parse().ok());
    let subscription = state.outlet().subscribe(&embedded.key, last, Some(source)).map_err(refused)?;
    let mut head = embedded.headers();
    head.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    head.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    head.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    let mut response = (head, ()).into_response();
    response.extensions_mut().insert(subscription);
    Ok(response)
}

fn refused(refused: Refused) -> Problem {
    match refused {
        Refused::Unknown => Problem::not_found(),
        Refused::Full | Refused::FullForSource => Problem::too_many_requests(5),
    }
}

fn names(known: &HeaderValue, tag: &str) -> bool {
    let known = known.to_str().unwrap_or_default();
    known.split(',').map(str::trim).any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
}
