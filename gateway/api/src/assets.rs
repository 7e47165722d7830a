//! The parts of `web/` that are built into the gateway.
//!
//! Their folders may be empty: a gateway built without them answers 404 where they would be.

use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::problem::Problem;

/// The pages of the API's documentation.
#[derive(RustEmbed)]
#[folder = "../../web/docs/dist"]
#[allow_missing = true]
pub(crate) struct Docs;

/// The administrators' portal.
#[derive(RustEmbed)]
#[folder = "../../web/portal/dist"]
#[allow_missing = true]
pub(crate) struct Portal;

/// The widget.
#[derive(RustEmbed)]
#[folder = "../../web/widget/dist"]
#[allow_missing = true]
pub(crate) struct Widget;

/// One embedded file, or 304 when the browser has it. `open` lets pages of any origin load it.
pub(crate) fn serve(file: Option<EmbeddedFile>, request: &HeaderMap, open: Openness) -> Result<Response, Problem> {
    let file = file.ok_or_else(Problem::not_found)?;
    let tag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(file.metadata.sha256_hash()));
    let mut headers = HeaderMap::new();
    let mut put = |name: HeaderName, value: &str| headers.extend(HeaderValue::from_str(value).ok().map(|v| (name, v)));
    put(ETAG, &tag);
    put(CACHE_CONTROL, "public, max-age=300, stale-while-revalidate=86400");
    if open == Openness::AnyOrigin {
        put(ACCESS_CONTROL_ALLOW_ORIGIN, "*");
        put(HeaderName::from_static("cross-origin-resource-policy"), "cross-origin");
    }
    let is_known = request.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    if is_known {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    let mut put = |name: HeaderName, value: &str| headers.extend(HeaderValue::from_str(value).ok().map(|v| (name, v)));
    match file.metadata.mimetype() {
        text if text.starts_with("text/") => put(CONTENT_TYPE, &format!("{text}; charset=utf-8")),
        other => put(CONTENT_TYPE, other),
    }
    Ok((headers, file.data.into_owned()).into_response())
}

/// Which pages may load a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Openness {
    /// Our own.
    OwnOrigin,
    /// Every page.
    AnyOrigin,
}
