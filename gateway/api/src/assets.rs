//! The parts of `web/` that are built into the gateway.
//!
//! Their folders may be empty: a gateway built without them answers 404 where they would be.

use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::{
    ACCEPT_ENCODING, ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
    VARY,
};
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

/// The operator, with which people work.
#[derive(RustEmbed)]
#[folder = "../../web/operator/dist"]
#[allow_missing = true]
pub(crate) struct Operator;

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
    put(CONTENT_TYPE, &content_type(&file));
    Ok((headers, file.data.into_owned()).into_response())
}

/// One embedded file, compressed for browsers that take it so: beside `path` there is `path.gz` then.
pub(crate) fn serve_packed<F: RustEmbed>(path: &str, request: &HeaderMap, open: Openness) -> Result<Response, Problem> {
    let packed = F::get(&format!("{path}.gz")).filter(|_| takes_gzip(request));
    let (is_packed, plain) = (packed.is_some(), F::get(path));
    let plain_type = plain.as_ref().and_then(|file| HeaderValue::from_str(&content_type(file)).ok());
    let mut response = serve(packed.or(plain), request, open)?;
    let is_whole = response.status() == StatusCode::OK;
    let headers = response.headers_mut();
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(plain_type) = plain_type.filter(|_| is_packed && is_whole) {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        headers.insert(CONTENT_TYPE, plain_type);
    }
    Ok(response)
}

fn content_type(file: &EmbeddedFile) -> String {
    match file.metadata.mimetype() {
        text if text.starts_with("text/") => format!("{text}; charset=utf-8"),
        other => other.to_owned(),
    }
}

/// Whether whoever sent `request` says that gzip is taken (RFC 9110, 12.5.3).
pub(crate) fn takes_gzip(request: &HeaderMap) -> bool {
    let said = request.get_all(ACCEPT_ENCODING).into_iter().filter_map(|value| value.to_str().ok());
    said.flat_map(|text| text.split(',')).any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let is_gzip = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
        let is_refused = |part: &str| part.strip_prefix("q=").is_some_and(|q| q.parse().is_ok_and(|q: f32| q <= 0.0));
        is_gzip && !parts.any(is_refused)
    })
}

/// Which pages may load a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Openness {
    /// Our own.
    OwnOrigin,
    /// Every page.
    AnyOrigin,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_goes_to_those_who_say_that_they_take_it() {
        for (said, takes) in [
            ("gzip, deflate, br", true),
            ("br;q=1.0, GZIP;q=0.5", true),
            ("gzip;q=0", false),
            ("gzip; q=0.000", false),
            ("identity", false),
            ("xgzip", false),
        ] {
            let headers = HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(said))]);
            assert_eq!(takes_gzip(&headers), takes, "{said}");
        }
        assert!(!takes_gzip(&HeaderMap::new()));
    }
}
