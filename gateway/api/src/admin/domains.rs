//! Domains.

use directory_model::domain::{Domain, DomainFields};
use directory_model::id::{DomainId, TenantId};
use directory_store::domains;

use crate::extract::body::{Checked, Patch};
use crate::extract::pages::{PageQuery, Pages};
use crate::extract::revision::{IfMatch, IfMatchAtAll};
use crate::problem::Problem;
use crate::scope::Authorized;
use crate::scope::permission::{ManageDomains, ReadDomains};
use crate::view::{Done, Made, Shown, list_of, view_of};

view_of! {
    /// A web origin that may embed publications.
    Domain as DomainView { DomainFields, DomainId }
}
list_of!(DomainView as DomainList);

/// Lists domains.
#[utoipa::path(get, path = "/tenants/{tenant}/domains", operation_id = "list_domains", tag = "domains",
    params(PageQuery), responses((status = 200, body = DomainList)))]
pub(crate) async fn list(scope: Authorized<ReadDomains, TenantId>, Pages(page): Pages) -> Result<DomainList, Problem> {
    Ok(scope.read(move |conn, tenant| domains::list(conn, tenant, &page)).await?.into())
}

/// Makes a domain.
#[utoipa::path(post, path = "/tenants/{tenant}/domains", operation_id = "create_domain", tag = "domains",
    request_body = DomainFields, responses((status = 201, body = DomainView)))]
pub(crate) async fn create(
    scope: Authorized<ManageDomains, TenantId>,
    Checked(fields): Checked<DomainFields>,
) -> Result<Made<DomainView>, Problem> {
    let domain = scope.write(move |tx| domains::insert(tx, &fields)).await?;
    Ok(Made { at: scope.address("domains", domain.id), object: domain.into() })
}

/// Shows a domain.
#[utoipa::path(get, path = "/tenants/{tenant}/domains/{domain}", operation_id = "get_domain", tag = "domains",
    responses((status = 200, body = DomainView)))]
pub(crate) async fn get(scope: Authorized<ReadDomains, DomainId>) -> Result<Shown<DomainView>, Problem> {
    Ok(Shown(scope.find(domains::find).await?.into()))
}

/// Changes a domain.
#[utoipa::path(patch, path = "/tenants/{tenant}/domains/{domain}", operation_id = "update_domain", tag = "domains",
    request_body(content = DomainFields, content_type = "application/merge-patch+json"),
    responses((status = 200, body = DomainView)))]
pub(crate) async fn update(
    scope: Authorized<ManageDomains, DomainId>,
    expected: IfMatch,
    patch: Patch,
) -> Result<Shown<DomainView>, Problem> {
    let domain = scope.find(domains::find).await?;
    let revision = expected.against(domain.revision)?;
    let fields = patch.onto(&domain.fields)?;
    let domain = scope.change(move |tx, id| domains::update(tx, id, revision, &fields)).await?;
    Ok(Shown(domain.into()))
}

/// Removes a domain; publications no longer allow it.
#[utoipa::path(delete, path = "/tenants/{tenant}/domains/{domain}", operation_id = "delete_domain", tag = "domains",
    responses((status = 204)))]
pub(crate) async fn remove(
    scope: Authorized<ManageDomains, DomainId>,
    IfMatchAtAll(revision): IfMatchAtAll,
) -> Result<Done, Problem> {
    scope.change(move |tx, id| domains::remove(tx, id, revision)).await?;
    Ok(Done)
}
