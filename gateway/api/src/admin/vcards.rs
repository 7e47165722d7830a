//! vCards of contacts, when tenant and contact have them switched on.

use axum::extract::{FromRequestParts, Query};
use axum::response::{IntoResponse, Response};
use directory_model::avatar::{Face, choose};
use directory_model::contact::Contact;
use directory_model::id::{ContactId, TenantId};
use directory_model::invalid::Rule;
use directory_model::presence::Availability;
use directory_store::avatars::{self, Picture};
use directory_store::connection::Connection;
use directory_store::error::StoreResult;
use directory_store::{contacts, tenants};
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::problem::{Problem, ProblemKind};
use crate::scope::Authorized;
use crate::scope::permission::ReadContacts;
use crate::vcard::{Version, write};

/// Which vCard is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct VcardQuery {
    /// 3.0 when absent, which every program reads, or 4.0.
    version: Option<String>,
}

impl<S: Sync> FromRequestParts<S> for Version {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Ok(Query(query)) = Query::<VcardQuery>::try_from_uri(&parts.uri) else {
            return Err(Problem::new(ProblemKind::MalformedRequest, "vCards know `version`."));
        };
        let Some(version) = query.version else { return Ok(Self::Three) };
        let unknown = || Problem::invalid_field("version", &version, Rule::OneOf { allowed: "3.0, 4.0".into() });
        Self::named(&version).ok_or_else(unknown)
    }
}

/// Shows the vCard of a contact.
#[utoipa::path(get, path = "/tenants/{tenant}/contacts/{contact}/vcard", operation_id = "get_contact_vcard",
    tag = "contacts", params(VcardQuery), responses((status = 200, body = String, content_type = "text/vcard")))]
pub(crate) async fn get(scope: Authorized<ReadContacts, ContactId>, version: Version) -> Result<Response, Problem> {
    let settings = scope.read(tenants::find).await?.ok_or_else(Problem::not_found)?;
    let (contact, photo) = scope.find(with_photo).await?;
    if !settings.fields.is_vcard_enabled || !contact.fields.is_vcard_enabled {
        let detail = "vCards are switched off for this contact or its tenant.";
        return Err(Problem::new(ProblemKind::NotPossibleNow, detail));
    }
    Ok(answer(&contact, photo.as_ref(), version))
}

/// The contact with the picture that it shows whatever its state.
pub(crate) fn with_photo(
    conn: &mut Connection,
    tenant: TenantId,
    id: ContactId,
) -> StoreResult<Option<(Contact, Option<Picture>)>> {
    let Some(contact) = contacts::find(conn, tenant, id)? else { return Ok(None) };
    let faces: Vec<Face> = avatars::faces(conn, tenant, id)?;
    let photo = match choose(&faces, Availability::Unknown) {
        Some(hash) => avatars::find_picture(conn, tenant, hash)?,
        None => None,
    };
    Ok(Some((contact, photo)))
}

/// The vCard as a file that is named after the contact.
pub(crate) fn answer(contact: &Contact, photo: Option<&Picture>, version: Version) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/vcard; charset=utf-8"));
    let named = HeaderValue::from_str(&format!("attachment; filename=\"{}.vcf\"", contact.id));
    headers.extend(named.ok().map(|named| (CONTENT_DISPOSITION, named)));
    (headers, write(contact, photo, version)).into_response()
}
