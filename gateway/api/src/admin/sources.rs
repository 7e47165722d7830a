//! Directory sources and their secrets.

pub(crate) mod address_book;
pub(crate) mod presence;
pub(crate) mod probe;
pub(crate) mod set_aside;

use directory_model::id::{SourceId, TenantId};
use directory_model::invalid::Rule;
use directory_model::secret::Secret;
use directory_model::source::{SecretState, Source, SourceFields};
use directory_store::sources;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::extract::body::{Checked, Input, Patch};
use crate::extract::pages::{PageQuery, Pages};
use crate::extract::revision::{IfMatch, IfMatchAtAll};
use crate::problem::Problem;
use crate::scope::Authorized;
use crate::scope::permission::{ManageSources, ReadSources};
use crate::view::{Done, Made, Shown, list_of, view_of};

view_of! {
    /// A system that is read.
    Source as SourceView { SourceFields, SourceId,
        /// Whether a secret is kept and can be opened.
        secret: SecretState = |it| it.secret }
}
list_of!(SourceView as SourceList);

/// Lists sources.
#[utoipa::path(get, path = "/tenants/{tenant}/sources", operation_id = "list_sources", tag = "sources",
    params(PageQuery), responses((status = 200, body = SourceList)))]
pub(crate) async fn list(scope: Authorized<ReadSources, TenantId>, Pages(page): Pages) -> Result<SourceList, Problem> {
    let key = scope.state().sealing_key();
    Ok(scope.read(move |conn, tenant| sources::list(conn, &key, tenant, &page)).await?.into())
}

/// Makes a source.
#[utoipa::path(post, path = "/tenants/{tenant}/sources", operation_id = "create_source", tag = "sources",
    request_body = SourceFields, responses((status = 201, body = SourceView)))]
pub(crate) async fn create(
    scope: Authorized<ManageSources, TenantId>,
    Checked(fields): Checked<SourceFields>,
) -> Result<Made<SourceView>, Problem> {
    let source = scope.write(move |tx| sources::insert(tx, &fields)).await?;
    Ok(Made { at: scope.address("sources", source.id), object: source.into() })
}

/// Shows a source.
#[utoipa::path(get, path = "/tenants/{tenant}/sources/{source}", operation_id = "get_source", tag = "sources",
    responses((status = 200, body = SourceView)))]
pub(crate) async fn get(scope: Authorized<ReadSources, SourceId>) -> Result<Shown<SourceView>, Problem> {
    let key = scope.state().sealing_key();
    Ok(Shown(scope.find(move |conn, tenant, id| sources::find(conn, &key, tenant, id)).await?.into()))
}

/// Changes a source.
#[utoipa::path(patch, path = "/tenants/{tenant}/sources/{source}", operation_id = "update_source", tag = "sources",
    request_body(content = SourceFields, content_type = "application/merge-patch+json"),
    responses((status = 200, body = SourceView)))]
pub(crate) async fn update(
    scope: Authorized<ManageSources, SourceId>,
    expected: IfMatch,
    patch: Patch,
) -> Result<Shown<SourceView>, Problem> {
    let (key, same_key) = (scope.state().sealing_key(), scope.state().sealing_key());
    let source = scope.find(move |conn, tenant, id| sources::find(conn, &key, tenant, id)).await?;
    let revision = expected.against(source.revision)?;
    let fields = patch.onto(&source.fields)?;
    let source = scope.change(move |tx, id| sources::update(tx, &same_key, id, revision, &fields)).await?;
    Ok(Shown(source.into()))
}

/// Removes a source; its contacts stay as they are and become manual.
#[utoipa::path(delete, path = "/tenants/{tenant}/sources/{source}", operation_id = "delete_source", tag = "sources",
    responses((status = 204)))]
pub(crate) async fn remove(
    scope: Authorized<ManageSources, SourceId>,
    IfMatchAtAll(revision): IfMatchAtAll,
) -> Result<Done, Problem> {
    scope.change(move |tx, id| sources::remove(tx, id, revision)).await?;
    Ok(Done)
}

/// A secret to keep for a source.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SecretFields {
    /// The password of the service account, 1 to 4,096 characters.
    #[schema(value_type = String)]
    secret: Secret,
}

/// Keeps the secret with which a source is read. It is never shown again.
#[utoipa::path(put, path = "/tenants/{tenant}/sources/{source}/secret", operation_id = "set_source_secret",
    tag = "sources", request_body = SecretFields, responses((status = 204)))]
pub(crate) async fn set_secret(
    scope: Authorized<ManageSources, SourceId>,
    Input(SecretFields { secret }): Input<SecretFields>,
) -> Result<Done, Problem> {
    let length = secret.expose().chars().count();
    if !(1..=4096).contains(&length) {
        let rule = Rule::TooLong { max: 4096, unit: "characters, and at least one".into() };
        return Err(Problem::invalid_field("secret", "(not shown)", rule));
    }
    let key = scope.state().sealing_key();
    scope.change(move |tx, id| sources::set_secret(tx, &key, id, Some(&secret))).await?;
    Ok(Done)
}

/// Forgets the secret of a source.
#[utoipa::path(delete, path = "/tenants/{tenant}/sources/{source}/secret", operation_id = "delete_source_secret",
    tag = "sources", responses((status = 204)))]
pub(crate) async fn remove_secret(scope: Authorized<ManageSources, SourceId>) -> Result<Done, Problem> {
    let key = scope.state().sealing_key();
    scope.change(move |tx, id| sources::set_secret(tx, &key, id, None)).await?;
    Ok(Done)
}
