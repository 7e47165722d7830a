//! The lists of users' devices that a group calls in place of the users.

use directory_model::id::{ExtensionListId, GroupId};
use directory_store::extension_lists;
use serde::Serialize;
use utoipa::ToSchema;

use crate::admin::user_profile::call_settings::ExtensionListView;
use crate::problem::Problem;
use crate::scope::permission::{ManageGroups, ReadGroups};
use crate::scope::{Authorized, Named};
use crate::view::Done;

/// The lists that a group calls.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExtensionListList {
    /// The lists, oldest first.
    items: Vec<ExtensionListView>,
}

/// Lists the extension lists that a group calls in place of their users.
#[utoipa::path(get, path = "/tenants/{tenant}/groups/{group}/extension_lists",
    operation_id = "list_extension_lists", tag = "groups", responses((status = 200, body = ExtensionListList)))]
pub(crate) async fn list(scope: Authorized<ReadGroups, GroupId>) -> Result<axum::Json<ExtensionListList>, Problem> {
    let found = scope.find(extension_lists::of_group).await?;
    Ok(axum::Json(ExtensionListList { items: found.into_iter().map(ExtensionListView::from).collect() }))
}

/// Has a group call a user's extension list in place of the user.
#[utoipa::path(put, path = "/tenants/{tenant}/groups/{group}/extension_lists/{extension_list}",
    operation_id = "add_extension_list", tag = "groups", responses((status = 204)))]
pub(crate) async fn add(
    scope: Authorized<ManageGroups, GroupId>,
    Named(list): Named<ExtensionListId>,
) -> Result<Done, Problem> {
    scope.change(move |tx, group| extension_lists::add_to_group(tx, group, list)).await?;
    Ok(Done)
}

/// Has a group not call a user's extension list any more.
#[utoipa::path(delete, path = "/tenants/{tenant}/groups/{group}/extension_lists/{extension_list}",
    operation_id = "remove_extension_list", tag = "groups", responses((status = 204)))]
pub(crate) async fn remove(
    scope: Authorized<ManageGroups, GroupId>,
    Named(list): Named<ExtensionListId>,
) -> Result<Done, Problem> {
    scope.change(move |tx, group| extension_lists::remove_from_group(tx, group, list)).await?;
    Ok(Done)
}
