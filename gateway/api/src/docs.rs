//! The API's documentation, readable without a network.

use std::sync::OnceLock;

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use bytes::Bytes;
use http::HeaderMap;
use http::header::CONTENT_TYPE;

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

/// The description of the API, made once.
pub(crate) async fn description() -> Result<impl IntoResponse, Problem> {
    static DESCRIPTION: OnceLock<Bytes> = OnceLock::new();
    let known = if let Some(known) = DESCRIPTION.get() {
        known
    } else {
        let text = crate::openapi::openapi().to_json().map_err(Problem::internal)?;
        DESCRIPTION.get_or_init(|| text.into())
    };
    Ok(([(CONTENT_TYPE, "application/json")], known.clone()))
}
