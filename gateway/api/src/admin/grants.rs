//! Grants: who may do what where.

use axum::extract::Query;
use directory_model::id::{GrantId, TenantId, UserId};
use directory_model::invalid::Rule;
use directory_model::rights::{Role, Scope, ScopeKind, Target};
use directory_model::timestamp::Timestamp;
use directory_model::user::Grant;
use directory_store::grants::Which;
use directory_store::{PLATFORM, grants};
use http::Uri;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::extract::body::Input;
use crate::extract::pages::Pages;
use crate::problem::{Problem, ProblemKind};
use crate::scope::permission::{ManageUsers, ReadUsers};
use crate::scope::{Access, Authorized, Caller};
use crate::view::{Done, Made, Revised, Shown, list_of};

/// A role to give to a user.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GrantFields {
    /// To whom.
    user: UserId,
    /// What.
    role: Role,
    /// Where.
    scope: Scope,
}

/// A role that a user has on a scope.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GrantView {
    /// Its identity.
    id: GrantId,
    /// Who has it.
    user: UserId,
    /// What.
    role: Role,
    /// Where.
    scope: Scope,
    /// Since when.
    created_at: Timestamp,
}

impl From<Grant> for GrantView {
    fn from(grant: Grant) -> Self {
        let Grant { id, user, role, scope, created_at } = grant;
        Self { id, user, role, scope, created_at }
    }
}

impl Revised for GrantView {
    /// A grant never changes.
    fn revision(&self) -> i64 {
        1
    }
}

list_of!(GrantView as GrantList);

/// Which page of which grants is wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct GrantQuery {
    /// At most this many items, 1 to 500; 50 when absent.
    #[param(minimum = 1, maximum = 500, value_type = Option<u32>)]
    limit: Option<String>,
    /// The `next` of the page before.
    after: Option<String>,
    /// Words that each must occur in what their holders are called, whatever their case and accents.
    q: Option<String>,
    /// Only those on a scope of this kind.
    #[param(inline)]
    scope: Option<ScopeKind>,
}

/// Lists grants.
#[utoipa::path(get, path = "/tenants/{tenant}/grants", operation_id = "list_grants", tag = "users",
    params(GrantQuery), responses((status = 200, body = GrantList)))]
pub(crate) async fn list(scope: Authorized<ReadUsers, TenantId>, uri: Uri) -> Result<GrantList, Problem> {
    let Ok(Query(GrantQuery { limit, after, q, scope: on })) = Query::try_from_uri(&uri) else {
        let detail = "This list knows `limit`, `after`, `q`, and `scope`, which is `platform`, `reseller`, `tenant`, `site`, \
                      `group` or `publication`.";
        return Err(Problem::new(ProblemKind::MalformedRequest, detail));
    };
    let Pages(page) = Pages::asked(limit, after, q)?;
    Ok(scope.read(move |conn, tenant| grants::list(conn, tenant, Which { user: None, on }, &page)).await?.into())
}

/// Gives a role on a scope to a user: only roles below one's own, inside one's own scope.
#[utoipa::path(post, path = "/tenants/{tenant}/grants", operation_id = "create_grant", tag = "users",
    request_body = GrantFields, responses((status = 201, body = GrantView)))]
pub(crate) async fn create(
    scope: Authorized<ManageUsers, TenantId>,
    Input(fields): Input<GrantFields>,
) -> Result<Made<GrantView>, Problem> {
    let GrantFields { user, role, scope: node } = fields;
    let target = require_node(&scope, role, node).await?;
    if !scope.caller().may_give(role, &target) {
        return Err(Problem::invalid_field("role", word(&role), Rule::BeyondOwnRights));
    }
    let grant = scope.write(move |tx| grants::insert(tx, user, role, node)).await?;
    let grant = grant.ok_or_else(|| Problem::invalid_field("user", user, Rule::Unknown))?;
    Ok(Made { at: scope.address("grants", grant.id), object: grant.into() })
}

/// Shows a grant.
#[utoipa::path(get, path = "/tenants/{tenant}/grants/{grant}", operation_id = "get_grant", tag = "users",
    responses((status = 200, body = GrantView)))]
pub(crate) async fn get(scope: Authorized<ReadUsers, GrantId>) -> Result<Shown<GrantView>, Problem> {
    Ok(Shown(scope.find(grants::find).await?.into()))
}

/// Takes a role away.
#[utoipa::path(delete, path = "/tenants/{tenant}/grants/{grant}", operation_id = "delete_grant", tag = "users",
    responses((status = 204)))]
pub(crate) async fn remove(scope: Authorized<ManageUsers, GrantId>) -> Result<Done, Problem> {
    let grant = scope.find(grants::find).await?;
    require_below(&scope, &[grant], Caller::may_take).await?;
    scope.change(grants::remove).await?;
    Ok(Done)
}

/// What contains the scope `node`, if `role` makes sense there and it is of this tenant.
pub(crate) async fn require_node(access: &Access, role: Role, node: Scope) -> Result<Target, Problem> {
    let target = if role.fits(node) { locate(access, node).await? } else { None };
    target.ok_or_else(|| Problem::invalid_field("scope", word(&node), Rule::Unknown))
}

/// Refuses to touch somebody who holds what is not below the caller, as `may` says.
pub(crate) async fn require_below(
    access: &Access,
    held: &[Grant],
    may: fn(&Caller, Role, &Target) -> bool,
) -> Result<(), Problem> {
    for grant in held {
        let target = locate(access, grant.scope).await?.unwrap_or_else(|| access.target().clone());
        if !may(access.caller(), grant.role, &target) {
            return Err(Problem::forbidden());
        }
    }
    Ok(())
}

async fn locate(access: &Access, node: Scope) -> Result<Option<Target>, Problem> {
    let is_platform = access.tenant() == PLATFORM;
    match node {
        Scope::Platform => Ok(is_platform.then(Target::platform)),
        Scope::Reseller(id) if is_platform => access.locate(id).await,
        Scope::Tenant(id) if id == access.tenant() && !is_platform => Ok(Some(access.target().clone())),
        Scope::Reseller(_) | Scope::Tenant(_) => Ok(None),
        Scope::Site(id) => access.locate(id).await,
        Scope::Group(id) => access.locate(id).await,
        Scope::Publication(id) => access.locate(id).await,
    }
}

/// The JSON of `value`, as the caller wrote it.
fn word<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default().trim_matches('"').to_owned()
}
