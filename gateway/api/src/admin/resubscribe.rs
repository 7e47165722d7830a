//! Having sources asked anew how available contacts are. Whoever does so is recorded.

use std::fmt::Display;

use directory_model::audit::Act;
use directory_model::change::ObjectKind;
use directory_model::id::{ContactId, GroupId, SiteId, TenantId};
use directory_store::{groups, sites};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::problem::Problem;
use crate::scope::permission::ManageContacts;
use crate::scope::{Access, Authorized};
use crate::view::Accepted;

/// What is asked anew.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ResubscriptionView {
    /// How many subscriptions at sources that are; a contact has one for each source and aspect.
    subscriptions: u64,
}

/// Has every source asked anew about a contact: subscriptions are made anew, polls come at once.
#[utoipa::path(post, path = "/tenants/{tenant}/contacts/{contact}/resubscribe", operation_id = "resubscribe_contact",
    tag = "presence", responses((status = 202, body = ResubscriptionView)))]
pub(crate) async fn contact(
    scope: Authorized<ManageContacts, ContactId>,
) -> Result<Accepted<ResubscriptionView>, Problem> {
    begin(&scope, (ObjectKind::Contact, scope.id), Some(&[scope.id])).await
}

/// Has every source asked anew about the contacts of a group and of those below it.
#[utoipa::path(post, path = "/tenants/{tenant}/groups/{group}/resubscribe", operation_id = "resubscribe_group",
    tag = "presence", responses((status = 202, body = ResubscriptionView)))]
pub(crate) async fn group(scope: Authorized<ManageContacts, GroupId>) -> Result<Accepted<ResubscriptionView>, Problem> {
    let contacts = scope.find(groups::contacts_within).await?;
    begin(&scope, (ObjectKind::Group, scope.id), Some(&contacts)).await
}

/// Has every source asked anew about the contacts of a site.
#[utoipa::path(post, path = "/tenants/{tenant}/sites/{site}/resubscribe", operation_id = "resubscribe_site",
    tag = "presence", responses((status = 202, body = ResubscriptionView)))]
pub(crate) async fn site(scope: Authorized<ManageContacts, SiteId>) -> Result<Accepted<ResubscriptionView>, Problem> {
    let within = scope.find(|conn, tenant, site| match sites::find(conn, tenant, site)? {
        Some(site) => groups::contacts_within(conn, tenant, site.root_group),
        None => Ok(None),
    });
    let contacts = within.await?;
    begin(&scope, (ObjectKind::Site, scope.id), Some(&contacts)).await
}

/// Has every source asked anew about all contacts of a tenant.
#[utoipa::path(post, path = "/tenants/{tenant}/resubscribe", operation_id = "resubscribe_tenant", tag = "presence",
    responses((status = 202, body = ResubscriptionView)))]
pub(crate) async fn tenant(
    scope: Authorized<ManageContacts, TenantId>,
) -> Result<Accepted<ResubscriptionView>, Problem> {
    begin(&scope, (ObjectKind::Tenant, scope.id), None).await
}

/// Asks about `contacts`, or about everybody, and records that as done to `object`.
async fn begin<T: Display + Send + 'static>(
    access: &Access,
    (kind, object): (ObjectKind, T),
    contacts: Option<&[ContactId]>,
) -> Result<Accepted<ResubscriptionView>, Problem> {
    access.write(move |tx| tx.audit(Act::Resubscribe, kind, object, &json!({}))).await?;
    let subscriptions = access.state().upkeep().resubscribe(access.tenant(), contacts);
    Ok(Accepted(ResubscriptionView { subscriptions }))
}
