//! vCards for visitors: of contacts that the page shows, when tenant and contact have them on.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use directory_model::id::ContactId;

use crate::admin::vcards::{VcardQuery, answer, with_photo};
use crate::problem::Problem;
use crate::state::ApiState;
use crate::vcard::Version;

/// Gives the vCard of a contact that the publication shows. Links lead here, so pages of any origin
/// may: what is in it is what the page may show.
#[utoipa::path(get, path = "/visitor/publications/{key}/contacts/{contact}/vcard", operation_id = "get_vcard",
    tag = "visitors", params(VcardQuery),
    responses((status = 200, body = String, content_type = "text/vcard")))]
pub(crate) async fn get(
    State(state): State<ApiState>,
    Path((key, contact)): Path<(String, String)>,
    version: Version,
) -> Result<Response, Problem> {
    let contact: ContactId = contact.parse().map_err(|_| Problem::not_found())?;
    let tenant = state.book().gives_vcard(&key, contact).ok_or_else(Problem::not_found)?;
    let found = state.store().for_visitors().read(move |conn| with_photo(conn, tenant, contact)).await?;
    let (contact, photo) = found.ok_or_else(Problem::not_found)?;
    Ok(answer(&contact, photo.as_ref(), version).into_response())
}
