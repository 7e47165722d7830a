//! States that a tenant gave a name, such as "Coffee break".

use directory_model::id::{CustomStateId, TenantId};
use directory_model::presence::custom::{CustomState, CustomStateFields};
use directory_store::custom_states;

use crate::extract::body::{Checked, Patch};
use crate::extract::pages::{PageQuery, Pages};
use crate::extract::revision::{IfMatch, IfMatchAtAll};
use crate::problem::Problem;
use crate::scope::permission::{ManageCustomStates, ReadCustomStates};
use crate::scope::{Authorized, Named, Somewhere};
use crate::view::{Done, Made, Shown, list_of, view_of};

view_of! {
    /// A named state.
    CustomState as CustomStateView { CustomStateFields, CustomStateId }
}
list_of!(CustomStateView as CustomStateList);

/// Lists the tenant's named states.
#[utoipa::path(get, path = "/tenants/{tenant}/custom_states", operation_id = "list_custom_states", tag = "presence",
    params(PageQuery), responses((status = 200, body = CustomStateList)))]
pub(crate) async fn list(scope: Somewhere<ReadCustomStates>, Pages(page): Pages) -> Result<CustomStateList, Problem> {
    Ok(scope.read(move |conn, tenant| custom_states::list(conn, tenant, &page)).await?.into())
}

/// Gives a state a name.
#[utoipa::path(post, path = "/tenants/{tenant}/custom_states", operation_id = "create_custom_state",
    tag = "presence", request_body = CustomStateFields, responses((status = 201, body = CustomStateView)))]
pub(crate) async fn create(
    scope: Authorized<ManageCustomStates, TenantId>,
    Checked(fields): Checked<CustomStateFields>,
) -> Result<Made<CustomStateView>, Problem> {
    let state = scope.write(move |tx| custom_states::insert(tx, &fields)).await?;
    Ok(Made { at: scope.address("custom_states", state.id), object: state.into() })
}

/// Shows a named state.
#[utoipa::path(get, path = "/tenants/{tenant}/custom_states/{custom_state}", operation_id = "get_custom_state",
    tag = "presence", responses((status = 200, body = CustomStateView)))]
pub(crate) async fn get(
    scope: Somewhere<ReadCustomStates>,
    Named(id): Named<CustomStateId>,
) -> Result<Shown<CustomStateView>, Problem> {
    let found = scope.read(move |conn, tenant| custom_states::find(conn, tenant, id)).await?;
    Ok(Shown(found.ok_or_else(Problem::not_found)?.into()))
}

/// Changes a named state. Whoever is in it keeps what they chose until they choose again.
#[utoipa::path(patch, path = "/tenants/{tenant}/custom_states/{custom_state}", operation_id = "update_custom_state",
    tag = "presence",
    request_body(content = CustomStateFields, content_type = "application/merge-patch+json"),
    responses((status = 200, body = CustomStateView)))]
pub(crate) async fn update(
    scope: Authorized<ManageCustomStates, CustomStateId>,
    expected: IfMatch,
    patch: Patch,
) -> Result<Shown<CustomStateView>, Problem> {
    let state = scope.find(custom_states::find).await?;
    let revision = expected.against(state.revision)?;
    let fields = patch.onto(&state.fields)?;
    let state = scope.change(move |tx, id| custom_states::update(tx, id, revision, &fields)).await?;
    Ok(Shown(state.into()))
}

/// Removes a named state. Whoever is in it keeps what they chose until they choose again.
#[utoipa::path(delete, path = "/tenants/{tenant}/custom_states/{custom_state}", operation_id = "delete_custom_state",
    tag = "presence", responses((status = 204)))]
pub(crate) async fn remove(
    scope: Authorized<ManageCustomStates, CustomStateId>,
    IfMatchAtAll(revision): IfMatchAtAll,
) -> Result<Done, Problem> {
    scope.change(move |tx, id| custom_states::remove(tx, id, revision)).await?;
    Ok(Done)
}
