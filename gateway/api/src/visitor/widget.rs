//! The widget's script, for any page.

use axum::extract::Path;
use axum::response::Response;
use http::HeaderMap;

use crate::assets::{Openness, Widget, serve_packed};
use crate::problem::Problem;

/// The entry file, under a name that never changes.
pub(crate) async fn entry(headers: HeaderMap) -> Result<Response, Problem> {
    serve_packed::<Widget>("widget.js", &headers, Openness::AnyOrigin)
}

/// What the entry file loads.
pub(crate) async fn part(Path(path): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    serve_packed::<Widget>(&path, &headers, Openness::AnyOrigin)
}
