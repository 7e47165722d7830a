//! The widget's script, for any page.

use axum::extract::Path;
use axum::response::Response;
use http::HeaderMap;

use crate::assets::{Openness, Widget, serve};
use crate::problem::Problem;

/// The entry file, under a name that never changes.
pub(crate) async fn entry(headers: HeaderMap) -> Result<Response, Problem> {
    serve(Widget::get("widget.js"), &headers, Openness::AnyOrigin)
}

/// What the entry file loads.
pub(crate) async fn part(Path(path): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    serve(Widget::get(&path), &headers, Openness::AnyOrigin)
}
