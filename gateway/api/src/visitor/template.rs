//! What a page looks like: its templates, cleaned once more, in the visitor's language.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use directory_model::id::TenantId;
use directory_model::template::{Resolved, TemplateFields, TemplateKind, resolve};
use directory_store::templates;
use gateway_presence::facts::TemplateFacts;
use http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, HeaderValue, StatusCode, Uri};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::feed::{Embedded, names};
use crate::problem::{Problem, ProblemKind};
use crate::state::ApiState;

/// The version of these answers.
const VERSION: u8 = 1;
/// No language tag that means something is longer, in bytes.
const MAX_LANGUAGE_BYTES: usize = 35;

/// For whom a template is wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct TemplateQuery {
    /// The visitor's language, such as `de-AT`; English when absent.
    #[serde(default)]
    language: String,
    /// The template's tag, as the publication's head has it: what is asked for under it is kept by browsers.
    #[serde(default)]
    #[expect(dead_code, reason = "it makes the address another one, which is all that it is for")]
    tag: String,
}

/// A template for visitors.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TemplateAnswer {
    /// The version of this answer: 1.
    v: u8,
    #[serde(flatten)]
    template: Resolved,
}

/// Gives a template of the publication, in the visitor's language.
#[utoipa::path(get, path = "/visitor/publications/{key}/templates/{kind}", operation_id = "get_visitor_template",
    tag = "visitors", params(TemplateQuery), responses((status = 200, body = TemplateAnswer), (status = 304)))]
pub(crate) async fn get(
    State(state): State<ApiState>,
    Path((key, kind)): Path<(String, String)>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    let embedded = match Embedded::prove(&state, &key, &headers) {
        Ok(embedded) => embedded,
        Err(unproven) => return unproven.into_response(),
    };
    let answer = answer(&state, &key, &kind, &headers, &uri).await;
    (embedded.headers(), answer).into_response()
}

async fn answer(state: &ApiState, key: &str, kind: &str, headers: &HeaderMap, uri: &Uri) -> Result<Response, Problem> {
    let kind = TemplateKind::ALL.into_iter().find(|known| known.code() == kind).ok_or_else(Problem::not_found)?;
    let language = Query::<TemplateQuery>::try_from_uri(uri).map(|Query(query)| query.language).unwrap_or_default();
    if language.len() > MAX_LANGUAGE_BYTES || !language.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    {
        return Err(Problem::new(ProblemKind::MalformedRequest, "A language is a tag such as `de-AT`."));
    }
    let (tenant, shown) = state.book().template(key, kind).ok_or_else(Problem::not_found)?;
    let tag = shown.as_ref().map_or_else(|| kind.code().to_owned(), |shown| shown.tag.clone());
    // Another version of the program may clean in another way.
    let tag = format!("\"{tag}.{}.{}\"", env!("CARGO_PKG_VERSION"), language.to_ascii_lowercase());
    let mut head = HeaderMap::from_iter([(CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"))]);
    head.extend(HeaderValue::try_from(&tag).ok().map(|tag| (ETAG, tag)));
    if headers.get_all(IF_NONE_MATCH).iter().any(|known| names(known, &tag)) {
        return Ok((StatusCode::NOT_MODIFIED, head).into_response());
    }
    let layers = layers(state, tenant, shown).await?;
    let template = resolve(kind, &layers.iter().collect::<Vec<_>>(), &language);
    Ok((head, Json(TemplateAnswer { v: VERSION, template })).into_response())
}

/// The template with what it is derived from; nothing for a built-in one, or one that went in this moment.
async fn layers(
    state: &ApiState,
    tenant: TenantId,
    shown: Option<TemplateFacts>,
) -> Result<Vec<TemplateFields>, Problem> {
    let Some(TemplateFacts { id, .. }) = shown else { return Ok(Vec::new()) };
    let found = state.store().for_visitors().read(move |conn| templates::layers(conn, tenant, id)).await?;
    Ok(found.unwrap_or_default())
}
