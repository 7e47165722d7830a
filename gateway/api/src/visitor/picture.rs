//! Pictures on web pages: under the hash of their content, so that browsers keep them for ever.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use directory_model::avatar::PictureHash;
use directory_store::avatars::find_picture;
use http::HeaderName;
use http::header::ACCESS_CONTROL_ALLOW_ORIGIN;

use crate::admin::avatars::{PictureFile, served};
use crate::problem::Problem;
use crate::state::ApiState;

/// Shows a picture as long as the publication may show it.
#[utoipa::path(get, path = "/visitor/publications/{key}/pictures/{picture}", operation_id = "get_picture",
    tag = "visitors", responses((status = 200, body = PictureFile, content_type = "image/jpeg")))]
pub(crate) async fn get(
    State(state): State<ApiState>,
    Path((key, picture)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let picture: PictureHash = picture.parse().map_err(|_| Problem::not_found())?;
    let tenant = state.book().shows_picture(&key, picture).ok_or_else(Problem::not_found)?;
    let found = state.store().for_visitors().read(move |conn| find_picture(conn, tenant, picture)).await?;
    let found = found.ok_or_else(Problem::not_found)?;
    // Pages load it as an image, which sends no origin; who knows the hash has seen the card.
    let open =
        [(ACCESS_CONTROL_ALLOW_ORIGIN, "*"), (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin")];
    Ok((open, served(found, "public, max-age=31536000, immutable")).into_response())
}
