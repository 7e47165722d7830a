//! Tenants and their settings.

use directory_model::id::{ResellerId, TenantId};
use directory_model::invalid::{Invalid, Rule};
use directory_model::page::Page;
use directory_model::rights::{Action, Scope, Target};
use directory_model::tenant::{Tenant, TenantFields};
use directory_store::tenants;

use crate::extract::body::{Checked, Patch};
use crate::extract::pages::{PageQuery, Pages};
use crate::extract::revision::{IfMatch, IfMatchAtAll};
use crate::problem::Problem;
use crate::scope::permission::{ChangeTenant, ManageTenants, ReadTenant};
use crate::scope::{Access, Authorized, Somewhere};
use crate::view::{Done, Made, Shown, list_of, view_of};

view_of! {
    /// A customer organisation.
    Tenant as TenantView { TenantFields, TenantId,
        /// The licence key that web clients present.
        sdk_key: String = |tenant| tenant.sdk_key.clone(),
        /// The number of the tenant's latest change.
        change_seq: i64 = |tenant| tenant.change_seq }
}
list_of!(TenantView as TenantList);

/// Lists the tenants that the caller may see.
#[utoipa::path(get, path = "/tenants", operation_id = "list_tenants", tag = "tenants",
    params(PageQuery), responses((status = 200, body = TenantList)))]
pub(crate) async fn list(scope: Somewhere<ReadTenant>, Pages(page): Pages) -> Result<TenantList, Problem> {
    let (home, is_everywhere) = (scope.caller().home, scope.is_everywhere());
    let mut resellers: Vec<ResellerId> =
        scope.caller().held.iter().filter_map(|held| reseller_of(held.scope)).collect();
    resellers.retain(|reseller| scope.allows(&Target::reseller(*reseller)));
    let found = scope.read(move |conn, _| match resellers.as_slice() {
        _ if is_everywhere => tenants::list(conn, None, &page),
        [] => Ok(Page { items: tenants::find(conn, home)?.into_iter().collect(), next: None }),
        resellers => tenants::list(conn, Some(resellers), &page),
    });
    let mut found = found.await?;
    found.items.retain(|tenant| scope.allows(&Target::tenant(tenant.id, tenant.fields.reseller)));
    Ok(found.into())
}

/// Makes a tenant.
#[utoipa::path(post, path = "/tenants", operation_id = "create_tenant", tag = "tenants",
    request_body = TenantFields, responses((status = 201, body = TenantView)))]
pub(crate) async fn create(
    scope: Somewhere<ManageTenants>,
    Checked(fields): Checked<TenantFields>,
) -> Result<Made<TenantView>, Problem> {
    let target = fields.reseller.map_or_else(Target::platform, Target::reseller);
    if !scope.allows(&target) {
        let shown = fields.reseller.map(|reseller| reseller.to_string()).unwrap_or_default();
        return Err(Problem::invalid_field("reseller", shown, Rule::BeyondOwnRights));
    }
    let tenant = scope.write(move |tx| tenants::insert(tx, &fields)).await?;
    Ok(Made { at: format!("/api/v1/tenants/{}", tenant.id), object: tenant.into() })
}

/// Shows a tenant.
#[utoipa::path(get, path = "/tenants/{tenant}", operation_id = "get_tenant", tag = "tenants",
    responses((status = 200, body = TenantView)))]
pub(crate) async fn get(scope: Authorized<ReadTenant, TenantId>) -> Result<Shown<TenantView>, Problem> {
    Ok(Shown(scope.find(|conn, _, id| tenants::find(conn, id)).await?.into()))
}

/// Changes a tenant's settings. Some are the platform's or the reseller's to change, some the
/// tenant's own.
#[utoipa::path(patch, path = "/tenants/{tenant}", operation_id = "update_tenant", tag = "tenants",
    request_body(content = TenantFields, content_type = "application/merge-patch+json"),
    responses((status = 200, body = TenantView)))]
pub(crate) async fn update(
    scope: Authorized<ChangeTenant, TenantId>,
    expected: IfMatch,
    patch: Patch,
) -> Result<Shown<TenantView>, Problem> {
    let tenant = scope.find(|conn, _, id| tenants::find(conn, id)).await?;
    let revision = expected.against(tenant.revision)?;
    let fields = patch.onto(&tenant.fields)?;
    require_own_fields(&scope, &tenant.fields, &fields)?;
    let tenant = scope.change(move |tx, id| tenants::update(tx, id, revision, &fields)).await?;
    Ok(Shown(tenant.into()))
}

/// Removes a tenant with everything of it.
#[utoipa::path(delete, path = "/tenants/{tenant}", operation_id = "delete_tenant", tag = "tenants",
    responses((status = 204)))]
pub(crate) async fn remove(
    scope: Authorized<ManageTenants, TenantId>,
    IfMatchAtAll(revision): IfMatchAtAll,
) -> Result<Done, Problem> {
    let id = scope.id;
    let removed = scope.write_platform(move |tx| tenants::remove(tx, id, revision)).await?;
    removed.ok_or_else(Problem::not_found)?;
    Ok(Done)
}

/// Replaces a tenant's licence key; the old one ends at once.
#[utoipa::path(post, path = "/tenants/{tenant}/sdk_key/rotate", operation_id = "rotate_sdk_key", tag = "tenants",
    responses((status = 200, body = TenantView)))]
pub(crate) async fn rotate_key(scope: Authorized<ChangeTenant, TenantId>) -> Result<Shown<TenantView>, Problem> {
    Ok(Shown(scope.change(tenants::rotate_sdk_key).await?.into()))
}

/// The reseller whose tenants the scope holds.
fn reseller_of(scope: Scope) -> Option<ResellerId> {
    match scope {
        Scope::Reseller(id) => Some(id),
        _ => None,
    }
}

/// Refuses changes of settings that are not the caller's: who reports to whom, licences and the kill
/// switch are for those who manage tenants, whether the directory precedes manual edits is for the
/// tenant itself (features.md §2.1).
fn require_own_fields(access: &Access, before: &TenantFields, after: &TenantFields) -> Result<(), Problem> {
    let may = |action| access.caller().may(action, access.target());
    let (manages, is_inside) = (may(Action::ManageTenants), may(Action::ChangeTenantSettings));
    let target = after.reseller.map_or_else(Target::platform, Target::reseller);
    let may_move = access.caller().may(Action::ManageTenants, &target);
    let rows = [
        ("reseller", before.reseller != after.reseller, manages && may_move),
        ("client_licences", before.client_licences != after.client_licences, manages),
        ("is_disabled", before.is_disabled != after.is_disabled, manages),
        ("is_directory_sync_enabled", before.is_directory_sync_enabled != after.is_directory_sync_enabled, is_inside),
    ];
    let refused: Vec<Invalid> = rows
        .into_iter()
        .filter(|(_, is_changed, is_allowed)| *is_changed && !is_allowed)
        .map(|(field, ..)| Invalid::new(field, "(changed)", Rule::BeyondOwnRights))
        .collect();
    if refused.is_empty() { Ok(()) } else { Err(Problem::invalid(refused)) }
}
