//! Groups and their members.

use directory_model::group::{Group, GroupFields};
use directory_model::id::{ContactId, GroupId, SiteId, SourceId};
use directory_model::rights::Action;
use directory_store::groups;

use crate::admin::contacts::ContactList;
use crate::admin::visible;
use crate::extract::body::{Checked, Patch};
use crate::extract::pages::{PageQuery, Pages};
use crate::extract::revision::{IfMatch, IfMatchAtAll};
use crate::problem::Problem;
use crate::scope::permission::{ManageGroups, ReadGroups};
use crate::scope::{Access, Authorized, Named, Somewhere};
use crate::view::{Done, Made, Shown, list_of, view_of};

view_of! {
    /// A node of the tenant's group tree.
    Group as GroupView { GroupFields, GroupId,
        /// The site whose root group it is.
        root_of: Option<SiteId> = |it| it.root_of,
        /// The source that it mirrors; such a group carries no administration.
        synced_from: Option<SourceId> = |it| it.synced_from,
        /// How many contacts are members of it directly.
        member_count: u64 = |it| it.member_count }
}
list_of!(GroupView as GroupList);

/// Lists groups.
#[utoipa::path(get, path = "/tenants/{tenant}/groups", operation_id = "list_groups", tag = "groups",
    params(PageQuery), responses((status = 200, body = GroupList)))]
pub(crate) async fn list(scope: Somewhere<ReadGroups>, Pages(page): Pages) -> Result<GroupList, Problem> {
    Ok(visible(&scope, page, groups::list, |group| group.id).await?.into())
}

/// Makes a group.
#[utoipa::path(post, path = "/tenants/{tenant}/groups", operation_id = "create_group", tag = "groups",
    request_body = GroupFields, responses((status = 201, body = GroupView)))]
pub(crate) async fn create(
    scope: Somewhere<ManageGroups>,
    Checked(fields): Checked<GroupFields>,
) -> Result<Made<GroupView>, Problem> {
    scope.require_place("parent", fields.parent).await?;
    let group = scope.write(move |tx| groups::insert(tx, &fields)).await?;
    Ok(Made { at: scope.address("groups", group.id), object: group.into() })
}

/// Shows a group.
#[utoipa::path(get, path = "/tenants/{tenant}/groups/{group}", operation_id = "get_group", tag = "groups",
    responses((status = 200, body = GroupView)))]
pub(crate) async fn get(scope: Authorized<ReadGroups, GroupId>) -> Result<Shown<GroupView>, Problem> {
    Ok(Shown(scope.find(groups::find).await?.into()))
}

/// Changes a group.
#[utoipa::path(patch, path = "/tenants/{tenant}/groups/{group}", operation_id = "update_group", tag = "groups",
    request_body(content = GroupFields, content_type = "application/merge-patch+json"),
    responses((status = 200, body = GroupView)))]
pub(crate) async fn update(
    scope: Authorized<ManageGroups, GroupId>,
    expected: IfMatch,
    patch: Patch,
) -> Result<Shown<GroupView>, Problem> {
    let group = scope.find(groups::find).await?;
    let revision = expected.against(group.revision)?;
    let fields = patch.onto(&group.fields)?;
    if fields.parent != group.fields.parent {
        scope.require_place("parent", fields.parent).await?;
    }
    let group = scope.change(move |tx, id| groups::update(tx, id, revision, &fields)).await?;
    Ok(Shown(group.into()))
}

/// Removes a group; its members stay contacts.
#[utoipa::path(delete, path = "/tenants/{tenant}/groups/{group}", operation_id = "delete_group", tag = "groups",
    responses((status = 204)))]
pub(crate) async fn remove(
    scope: Authorized<ManageGroups, GroupId>,
    IfMatchAtAll(revision): IfMatchAtAll,
) -> Result<Done, Problem> {
    scope.change(move |tx, id| groups::remove(tx, id, revision)).await?;
    Ok(Done)
}

/// Lists the contacts that were made members of a group directly.
#[utoipa::path(get, path = "/tenants/{tenant}/groups/{group}/members", operation_id = "list_members", tag = "groups",
    params(PageQuery), responses((status = 200, body = ContactList)))]
pub(crate) async fn members(
    scope: Authorized<ReadGroups, GroupId>,
    Pages(page): Pages,
) -> Result<ContactList, Problem> {
    Ok(scope.find(move |conn, tenant, group| groups::members(conn, tenant, group, &page)).await?.into())
}

/// Makes a contact, which the caller may change, a member of a group.
#[utoipa::path(put, path = "/tenants/{tenant}/groups/{group}/members/{contact}", operation_id = "add_member",
    tag = "groups", responses((status = 204)))]
pub(crate) async fn add_member(
    scope: Authorized<ManageGroups, GroupId>,
    Named(contact): Named<ContactId>,
) -> Result<Done, Problem> {
    require_management(&scope, contact).await?;
    scope.change(move |tx, group| groups::add_member(tx, group, contact)).await?;
    Ok(Done)
}

/// Takes a contact out of a group.
#[utoipa::path(delete, path = "/tenants/{tenant}/groups/{group}/members/{contact}", operation_id = "remove_member",
    tag = "groups", responses((status = 204)))]
pub(crate) async fn remove_member(
    scope: Authorized<ManageGroups, GroupId>,
    Named(contact): Named<ContactId>,
) -> Result<Done, Problem> {
    scope.change(move |tx, group| groups::remove_member(tx, group, contact)).await?;
    Ok(Done)
}

/// Membership gives rights over the contact to whoever holds the group, so only those who have them
/// already may give it. For everybody else the contact does not exist.
async fn require_management(access: &Access, contact: ContactId) -> Result<(), Problem> {
    let target = access.locate(contact).await?;
    let is_managed = target.is_some_and(|target| access.caller().may(Action::ManageContacts, &target));
    if is_managed { Ok(()) } else { Err(Problem::not_found()) }
}
