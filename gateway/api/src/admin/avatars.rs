//! Pictures of contacts, one or several states each, and the ones that domains show for contacts
//! without.

use std::collections::BTreeSet;

use axum::extract::{FromRequestParts, Query};
use axum::response::{IntoResponse, Response};
use directory_model::avatar::{Avatar, MovedStatus};
use directory_model::id::{AvatarId, ContactId, DomainId, SourceId};
use directory_model::invalid::{Invalid, Rule};
use directory_model::presence::Availability;
use directory_model::timestamp::Timestamp;
use directory_store::avatars::{self, Assigned, NewAvatar, Owner, Picture};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::extract::body::Input;
use crate::extract::picture::Uploaded;
use crate::problem::{Problem, ProblemKind};
use crate::scope::permission::{ManageContacts, ManageDomains, Permission, ReadContacts, ReadDomains};
use crate::scope::{Access, Authorized, Named, Node};
use crate::view::Done;

/// The bytes of a picture.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "only the document speaks of it")]
pub(crate) struct PictureFile(Vec<u8>);

/// A picture and when it is shown.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AvatarView {
    /// Its identity.
    id: AvatarId,
    /// The address of the picture, 160 pixels each way.
    url: String,
    /// The address of the picture, 64 pixels each way.
    thumbnail_url: String,
    /// The states in which it is shown.
    statuses: BTreeSet<Availability>,
    /// It is shown in the states that no other picture has.
    is_default: bool,
    /// It is the photo that a directory holds.
    is_synced: bool,
    /// The source of that photo.
    source: Option<SourceId>,
    /// When it came.
    created_at: Timestamp,
}

/// The pictures of a contact or domain.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AvatarList {
    /// Oldest first.
    items: Vec<AvatarView>,
}

/// A picture, and what was taken from others for it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AssignedView {
    /// The picture as it is now.
    avatar: AvatarView,
    /// States in which another picture was shown until now.
    moved: Vec<MovedStatus>,
}

/// In which states a new picture is shown.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct StatusQuery {
    /// States, separated by commas; none makes it the default.
    #[param(example = "busy,do_not_disturb")]
    #[serde(default)]
    statuses: String,
}

/// In which states a picture is shown.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StatusFields {
    /// The states; none makes it the default.
    statuses: BTreeSet<Availability>,
}

/// The states that the query names.
pub(crate) struct Statuses(BTreeSet<Availability>);

impl<S: Sync> FromRequestParts<S> for Statuses {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Ok(Query(query)) = Query::<StatusQuery>::try_from_uri(&parts.uri) else {
            return Err(Problem::new(ProblemKind::MalformedRequest, "Pictures know `statuses`."));
        };
        let named = query.statuses.split(',').map(str::trim).filter(|word| !word.is_empty());
        named.map(status).collect::<Result<_, _>>().map(Self).map_err(|invalid| Problem::invalid(vec![invalid]))
    }
}

fn status(word: &str) -> Result<Availability, Invalid> {
    let found = Availability::ALL.into_iter().find(|status| status.word() == word);
    let allowed = || Availability::ALL.map(Availability::word).join(", ").into();
    found.ok_or_else(|| Invalid::new("statuses", word, Rule::OneOf { allowed: allowed() }))
}

/// Lists the pictures of a contact.
#[utoipa::path(get, path = "/tenants/{tenant}/contacts/{contact}/avatars", operation_id = "list_contact_avatars",
    tag = "avatars", responses((status = 200, body = AvatarList)))]
pub(crate) async fn list(scope: Authorized<ReadContacts, ContactId>) -> Result<Response, Problem> {
    listed(&scope, "contacts").await
}

/// Gives a contact a picture: the body is the file. States that other pictures had become its own.
#[utoipa::path(post, path = "/tenants/{tenant}/contacts/{contact}/avatars", operation_id = "create_contact_avatar",
    tag = "avatars", params(StatusQuery),
    request_body(content((PictureFile = "image/jpeg"), (PictureFile = "image/png"))),
    responses((status = 201, body = AssignedView)))]
pub(crate) async fn create(
    scope: Authorized<ManageContacts, ContactId>,
    statuses: Statuses,
    picture: Uploaded,
) -> Result<Response, Problem> {
    created(&scope, "contacts", statuses, picture).await
}

/// Shows a picture of a contact in other states.
#[utoipa::path(patch, path = "/tenants/{tenant}/contacts/{contact}/avatars/{avatar}",
    operation_id = "update_contact_avatar", tag = "avatars", request_body(content = StatusFields, content_type = "application/merge-patch+json"),
    responses((status = 200, body = AssignedView)))]
pub(crate) async fn update(
    scope: Authorized<ManageContacts, ContactId>,
    Named(avatar): Named<AvatarId>,
    Input(fields): Input<StatusFields>,
) -> Result<Response, Problem> {
    assigned(&scope, "contacts", avatar, fields).await
}

/// Removes a picture of a contact.
#[utoipa::path(delete, path = "/tenants/{tenant}/contacts/{contact}/avatars/{avatar}",
    operation_id = "delete_contact_avatar", tag = "avatars", responses((status = 204)))]
pub(crate) async fn remove(
    scope: Authorized<ManageContacts, ContactId>,
    Named(avatar): Named<AvatarId>,
) -> Result<Done, Problem> {
    scope.change(move |tx, id| avatars::remove(tx, id.into(), avatar)).await.map(|()| Done)
}

/// Shows a picture of a contact itself.
#[utoipa::path(get, path = "/tenants/{tenant}/contacts/{contact}/avatars/{avatar}/picture",
    operation_id = "get_contact_picture", tag = "avatars", params(SizeQuery),
    responses((status = 200, body = PictureFile, content_type = "image/jpeg")))]
pub(crate) async fn picture(
    scope: Authorized<ReadContacts, ContactId>,
    Named(avatar): Named<AvatarId>,
    size: Size,
) -> Result<Response, Problem> {
    pictured(&scope, avatar, size).await
}

/// Lists the pictures that a domain shows for contacts without.
#[utoipa::path(get, path = "/tenants/{tenant}/domains/{domain}/avatars", operation_id = "list_domain_avatars",
    tag = "avatars", responses((status = 200, body = AvatarList)))]
pub(crate) async fn list_of_domain(scope: Authorized<ReadDomains, DomainId>) -> Result<Response, Problem> {
    listed(&scope, "domains").await
}

/// Gives a domain a picture for contacts without: the body is the file.
#[utoipa::path(post, path = "/tenants/{tenant}/domains/{domain}/avatars", operation_id = "create_domain_avatar",
    tag = "avatars", params(StatusQuery),
    request_body(content((PictureFile = "image/jpeg"), (PictureFile = "image/png"))),
    responses((status = 201, body = AssignedView)))]
pub(crate) async fn create_for_domain(
    scope: Authorized<ManageDomains, DomainId>,
    statuses: Statuses,
    picture: Uploaded,
) -> Result<Response, Problem> {
    created(&scope, "domains", statuses, picture).await
}

/// Shows a domain's picture in other states.
#[utoipa::path(patch, path = "/tenants/{tenant}/domains/{domain}/avatars/{avatar}",
    operation_id = "update_domain_avatar", tag = "avatars", request_body(content = StatusFields, content_type = "application/merge-patch+json"),
    responses((status = 200, body = AssignedView)))]
pub(crate) async fn update_of_domain(
    scope: Authorized<ManageDomains, DomainId>,
    Named(avatar): Named<AvatarId>,
    Input(fields): Input<StatusFields>,
) -> Result<Response, Problem> {
    assigned(&scope, "domains", avatar, fields).await
}

/// Removes a domain's picture.
#[utoipa::path(delete, path = "/tenants/{tenant}/domains/{domain}/avatars/{avatar}",
    operation_id = "delete_domain_avatar", tag = "avatars", responses((status = 204)))]
pub(crate) async fn remove_of_domain(
    scope: Authorized<ManageDomains, DomainId>,
    Named(avatar): Named<AvatarId>,
) -> Result<Done, Problem> {
    scope.change(move |tx, id| avatars::remove(tx, id.into(), avatar)).await.map(|()| Done)
}

/// Shows a domain's picture itself.
#[utoipa::path(get, path = "/tenants/{tenant}/domains/{domain}/avatars/{avatar}/picture",
    operation_id = "get_domain_picture", tag = "avatars", params(SizeQuery),
    responses((status = 200, body = PictureFile, content_type = "image/jpeg")))]
pub(crate) async fn picture_of_domain(
    scope: Authorized<ReadDomains, DomainId>,
    Named(avatar): Named<AvatarId>,
    size: Size,
) -> Result<Response, Problem> {
    pictured(&scope, avatar, size).await
}

/// Which size of a picture is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SizeQuery {
    /// The edge in pixels: 160 when absent, or 64.
    #[param(value_type = Option<u32>)]
    size: Option<String>,
}

/// A size in which pictures are kept.
pub(crate) enum Size {
    Large,
    Small,
}

impl<S: Sync> FromRequestParts<S> for Size {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Ok(Query(query)) = Query::<SizeQuery>::try_from_uri(&parts.uri) else {
            return Err(Problem::new(ProblemKind::MalformedRequest, "Pictures know `size`."));
        };
        match query.size.as_deref() {
            None | Some("160") => Ok(Self::Large),
            Some("64") => Ok(Self::Small),
            Some(other) => Err(Problem::invalid_field("size", other, Rule::OneOf { allowed: "160, 64".into() })),
        }
    }
}

async fn listed<P: Permission, N: Node + Into<Owner>>(
    scope: &Authorized<P, N>,
    collection: &str,
) -> Result<Response, Problem> {
    let found = scope.find(|conn, tenant, id| avatars::list(conn, tenant, id.into())).await?;
    let items = found.into_iter().map(|avatar| view(scope, collection, scope.id, avatar)).collect();
    Ok(axum::Json(AvatarList { items }).into_response())
}

async fn created<P: Permission, N: Node + Into<Owner>>(
    scope: &Authorized<P, N>,
    collection: &str,
    Statuses(statuses): Statuses,
    Uploaded { large, small }: Uploaded,
) -> Result<Response, Problem> {
    let new = NewAvatar { large, small, statuses };
    let made = scope.change(move |tx, id| avatars::insert(tx, id.into(), &new)).await?;
    let at = scope.address(collection, format_args!("{}/avatars/{}", scope.id, made.avatar.id));
    let at = HeaderValue::from_str(&at).map_err(Problem::internal)?;
    Ok((StatusCode::CREATED, [(LOCATION, at)], axum::Json(assigned_view(scope, collection, scope.id, made)))
        .into_response())
}

async fn assigned<P: Permission, N: Node + Into<Owner>>(
    scope: &Authorized<P, N>,
    collection: &str,
    avatar: AvatarId,
    fields: StatusFields,
) -> Result<Response, Problem> {
    let changed = scope.change(move |tx, id| avatars::assign(tx, id.into(), avatar, &fields.statuses)).await?;
    Ok(axum::Json(assigned_view(scope, collection, scope.id, changed)).into_response())
}

async fn pictured<P: Permission, N: Node + Into<Owner>>(
    scope: &Authorized<P, N>,
    avatar: AvatarId,
    size: Size,
) -> Result<Response, Problem> {
    let found = scope.find(move |conn, tenant, id| {
        let Some(avatar) = avatars::find(conn, tenant, id.into(), avatar)? else { return Ok(None) };
        let hash = match size {
            Size::Large => avatar.large,
            Size::Small => avatar.small,
        };
        avatars::find_picture(conn, tenant, hash)
    });
    // The identity of an avatar never means another picture.
    Ok((served(found.await?, "private, max-age=31536000, immutable")).into_response())
}

/// A picture with how long it may be kept.
pub(crate) fn served(picture: Picture, kept: &'static str) -> impl IntoResponse {
    let mut headers = HeaderMap::new();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(kept));
    headers.extend(HeaderValue::from_str(&picture.media_type).ok().map(|word| (CONTENT_TYPE, word)));
    (headers, picture.bytes)
}

fn assigned_view(access: &Access, collection: &str, owner: impl std::fmt::Display, assigned: Assigned) -> AssignedView {
    AssignedView { avatar: view(access, collection, owner, assigned.avatar), moved: assigned.moved }
}

fn view(access: &Access, collection: &str, owner: impl std::fmt::Display, avatar: Avatar) -> AvatarView {
    let url = access.address(collection, format_args!("{owner}/avatars/{}/picture", avatar.id));
    AvatarView {
        id: avatar.id,
        thumbnail_url: format!("{url}?size=64"),
        url,
        is_default: avatar.statuses.is_empty() && !avatar.is_synced,
        statuses: avatar.statuses,
        is_synced: avatar.is_synced,
        source: avatar.source,
        created_at: avatar.created_at,
    }
}
