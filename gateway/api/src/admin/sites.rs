//! Sites.

use directory_model::id::{SiteId, TenantId};
use directory_model::site::{Site, SiteFields};
use directory_store::sites;

use crate::admin::visible;
use crate::extract::body::{Checked, Patch};
use crate::extract::pages::{PageQuery, Pages};
use crate::extract::revision::{IfMatch, IfMatchAtAll};
use crate::problem::Problem;
use crate::scope::permission::{ChangeSite, ManageSites, ReadSites};
use crate::scope::{Authorized, Somewhere};
use crate::view::{Done, Made, Shown, list_of, view_of};

view_of! {
    /// A place of a tenant.
    Site as SiteView { SiteFields, SiteId,
        /// Its root group, to which its home contacts belong by themselves.
        root_group: directory_model::id::GroupId = |site| site.root_group }
}
list_of!(SiteView as SiteList);

/// Lists sites.
#[utoipa::path(get, path = "/tenants/{tenant}/sites", operation_id = "list_sites", tag = "sites",
    params(PageQuery), responses((status = 200, body = SiteList)))]
pub(crate) async fn list(scope: Somewhere<ReadSites>, Pages(page): Pages) -> Result<SiteList, Problem> {
    let page = visible(&scope, page, sites::list, |site| site.id).await?;
    Ok(page.into())
}

/// Makes a site, and its root group.
#[utoipa::path(post, path = "/tenants/{tenant}/sites", operation_id = "create_site", tag = "sites",
    request_body = SiteFields, responses((status = 201, body = SiteView)))]
pub(crate) async fn create(
    scope: Authorized<ManageSites, TenantId>,
    Checked(fields): Checked<SiteFields>,
) -> Result<Made<SiteView>, Problem> {
    let site = scope.write(move |tx| sites::insert(tx, &fields)).await?;
    Ok(Made { at: scope.address("sites", site.id), object: site.into() })
}

/// Shows a site.
#[utoipa::path(get, path = "/tenants/{tenant}/sites/{site}", operation_id = "get_site", tag = "sites",
    responses((status = 200, body = SiteView)))]
pub(crate) async fn get(scope: Authorized<ReadSites, SiteId>) -> Result<Shown<SiteView>, Problem> {
    Ok(Shown(scope.find(sites::find).await?.into()))
}

/// Changes a site.
#[utoipa::path(patch, path = "/tenants/{tenant}/sites/{site}", operation_id = "update_site", tag = "sites",
    request_body(content = SiteFields, content_type = "application/merge-patch+json"),
    responses((status = 200, body = SiteView)))]
pub(crate) async fn update(
    scope: Authorized<ChangeSite, SiteId>,
    expected: IfMatch,
    patch: Patch,
) -> Result<Shown<SiteView>, Problem> {
    let site = scope.find(sites::find).await?;
    let revision = expected.against(site.revision)?;
    let fields = patch.onto(&site.fields)?;
    let site = scope.change(move |tx, id| sites::update(tx, id, revision, &fields)).await?;
    Ok(Shown(site.into()))
}

/// Removes a site and its root group; its home contacts stay, without a home.
#[utoipa::path(delete, path = "/tenants/{tenant}/sites/{site}", operation_id = "delete_site", tag = "sites",
    responses((status = 204)))]
pub(crate) async fn remove(
    scope: Authorized<ManageSites, SiteId>,
    IfMatchAtAll(revision): IfMatchAtAll,
) -> Result<Done, Problem> {
    scope.change(move |tx, id| sites::remove(tx, id, revision)).await?;
    Ok(Done)
}
