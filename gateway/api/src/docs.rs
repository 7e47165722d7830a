//! The API's documentation, readable without a network.

use axum::extract::Path;
use axum::response::{Redirect, Response};
use http::HeaderMap;
use utoipa::openapi::OpenApi;

use crate::assets::{Docs, Openness, serve};
use crate::problem::Problem;

/// To the folder, so that the page finds what is beside it.
pub(crate) async fn redirect() -> Redirect {
    Redirect::permanent("/api/docs/")
}

/// The page.
pub(crate) async fn index(headers: HeaderMap) -> Result<Response, Problem> {
    serve(Docs::get("index.html"), &headers, Openness::OwnOrigin)
}

/// What the page loads.
pub(crate) async fn part(Path(path): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    serve(Docs::get(&path), &headers, Openness::OwnOrigin)
}

/// The description of the API.
pub(crate) async fn description() -> axum::Json<OpenApi> {
    axum::Json(crate::openapi::openapi())
}
