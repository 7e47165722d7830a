//! Resellers: the parents of tenants.

use directory_model::id::ResellerId;
use directory_model::tenant::{Reseller, ResellerFields};
use directory_store::resellers;

use crate::extract::body::{Checked, Patch};
use crate::extract::pages::{PageQuery, Pages};
use crate::extract::revision::{IfMatch, IfMatchAtAll};
use crate::problem::Problem;
use crate::scope::permission::ManagePlatform;
use crate::scope::{Authorized, Somewhere};
use crate::view::{Done, Made, Shown, list_of, view_of};

view_of! {
    /// A tenant's parent.
    Reseller as ResellerView { ResellerFields, ResellerId }
}
list_of!(ResellerView as ResellerList);

/// Lists resellers.
#[utoipa::path(get, path = "/resellers", operation_id = "list_resellers", tag = "platform",
    params(PageQuery), responses((status = 200, body = ResellerList)))]
pub(crate) async fn list(scope: Somewhere<ManagePlatform>, Pages(page): Pages) -> Result<ResellerList, Problem> {
    Ok(scope.read(move |conn, _| resellers::list(conn, &page)).await?.into())
}

/// Makes a reseller.
#[utoipa::path(post, path = "/resellers", operation_id = "create_reseller", tag = "platform",
    request_body = ResellerFields, responses((status = 201, body = ResellerView)))]
pub(crate) async fn create(
    scope: Somewhere<ManagePlatform>,
    Checked(fields): Checked<ResellerFields>,
) -> Result<Made<ResellerView>, Problem> {
    let reseller = scope.write(move |tx| resellers::insert(tx, &fields)).await?;
    Ok(Made { at: format!("/api/v1/resellers/{}", reseller.id), object: reseller.into() })
}

/// Shows a reseller.
#[utoipa::path(get, path = "/resellers/{reseller}", operation_id = "get_reseller", tag = "platform",
    responses((status = 200, body = ResellerView)))]
pub(crate) async fn get(scope: Authorized<ManagePlatform, ResellerId>) -> Result<Shown<ResellerView>, Problem> {
    Ok(Shown(scope.find(|conn, _, id| resellers::find(conn, id)).await?.into()))
}

/// Changes a reseller.
#[utoipa::path(patch, path = "/resellers/{reseller}", operation_id = "update_reseller", tag = "platform",
    request_body(content = ResellerFields, content_type = "application/merge-patch+json"),
    responses((status = 200, body = ResellerView)))]
pub(crate) async fn update(
    scope: Authorized<ManagePlatform, ResellerId>,
    expected: IfMatch,
    patch: Patch,
) -> Result<Shown<ResellerView>, Problem> {
    let reseller = scope.find(|conn, _, id| resellers::find(conn, id)).await?;
    let revision = expected.against(reseller.revision)?;
    let fields = patch.onto(&reseller.fields)?;
    let reseller = scope.change(move |tx, id| resellers::update(tx, id, revision, &fields)).await?;
    Ok(Shown(reseller.into()))
}

/// Removes a reseller that has no tenants.
#[utoipa::path(delete, path = "/resellers/{reseller}", operation_id = "delete_reseller", tag = "platform",
    responses((status = 204)))]
pub(crate) async fn remove(
    scope: Authorized<ManagePlatform, ResellerId>,
    IfMatchAtAll(revision): IfMatchAtAll,
) -> Result<Done, Problem> {
    scope.change(move |tx, id| resellers::remove(tx, id, revision)).await?;
    Ok(Done)
}
