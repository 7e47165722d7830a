//! Contacts.

use std::collections::BTreeMap;

use axum::Json;
use directory_model::contact::{Contact, ContactFields, DisabledBy, Provenance, SyncedField};
use directory_model::id::{ContactId, GroupId, PublicationId};
use directory_store::contacts::{self, Uses};
use directory_store::sync_requests;
use serde::Serialize;
use utoipa::ToSchema;

use crate::admin::visible;
use crate::extract::body::{Checked, Patch};
use crate::extract::pages::{PageQuery, Pages};
use crate::extract::revision::{IfMatch, IfMatchAtAll};
use crate::problem::Problem;
use crate::scope::permission::{ManageContacts, ReadContacts};
use crate::scope::{Authorized, Somewhere};
use crate::view::{Done, Made, Shown, list_of, view_of};

view_of! {
    /// Somebody or something that can be reached.
    Contact as ContactView { ContactFields, ContactId,
        /// The name that others see.
        shown_name: String = |it| it.fields.shown_name(),
        /// Who took it out of service; null while in service.
        disabled_by: Option<DisabledBy> = |it| it.disabled_by,
        /// Where each synchronized field came from.
        provenance: BTreeMap<SyncedField, Provenance> = |it| it.provenance.clone() }
}
list_of!(ContactView as ContactList);

/// A group or publication in which a contact appears.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UseView<I> {
    /// Its identity.
    id: I,
    /// Its name or title.
    name: String,
}

/// Where a contact appears, and therefore what its removal changes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UsesView {
    /// Groups that it was made a member of.
    groups: Vec<UseView<GroupId>>,
    /// Publications that list it.
    publications: Vec<UseView<PublicationId>>,
}

/// Says where a contact appears: what its removal would change.
#[utoipa::path(get, path = "/tenants/{tenant}/contacts/{contact}/uses", operation_id = "list_contact_uses",
    tag = "contacts", responses((status = 200, body = UsesView)))]
pub(crate) async fn uses(scope: Authorized<ReadContacts, ContactId>) -> Result<Json<UsesView>, Problem> {
    let Uses { groups, publications } = scope.find(contacts::uses).await?;
    Ok(Json(UsesView {
        groups: groups.into_iter().map(|(id, name)| UseView { id, name }).collect(),
        publications: publications.into_iter().map(|(id, name)| UseView { id, name }).collect(),
    }))
}

/// Lists contacts.
#[utoipa::path(get, path = "/tenants/{tenant}/contacts", operation_id = "list_contacts", tag = "contacts",
    params(PageQuery), responses((status = 200, body = ContactList)))]
pub(crate) async fn list(scope: Somewhere<ReadContacts>, Pages(page): Pages) -> Result<ContactList, Problem> {
    Ok(visible(&scope, page, contacts::list, |contact| contact.id).await?.into())
}

/// Makes a contact. Where the tenant wants it, the contact is synchronized soon after.
#[utoipa::path(post, path = "/tenants/{tenant}/contacts", operation_id = "create_contact", tag = "contacts",
    request_body = ContactFields, responses((status = 201, body = ContactView)))]
pub(crate) async fn create(
    scope: Somewhere<ManageContacts>,
    Checked(fields): Checked<ContactFields>,
) -> Result<Made<ContactView>, Problem> {
    scope.require_place("home_site", fields.home_site).await?;
    let adding = scope.write(move |tx| {
        let contact = contacts::insert(tx, &fields)?;
        let is_asked_for = sync_requests::request_on_adding(tx, contact.id)?;
        Ok((contact, is_asked_for))
    });
    let (contact, is_asked_for) = adding.await?;
    if is_asked_for {
        scope.state().sync().wake(scope.tenant());
    }
    Ok(Made { at: scope.address("contacts", contact.id), object: contact.into() })
}

/// Shows a contact.
#[utoipa::path(get, path = "/tenants/{tenant}/contacts/{contact}", operation_id = "get_contact", tag = "contacts",
    responses((status = 200, body = ContactView)))]
pub(crate) async fn get(scope: Authorized<ReadContacts, ContactId>) -> Result<Shown<ContactView>, Problem> {
    Ok(Shown(scope.find(contacts::find).await?.into()))
}

/// Changes a contact.
#[utoipa::path(patch, path = "/tenants/{tenant}/contacts/{contact}", operation_id = "update_contact", tag = "contacts",
    request_body(content = ContactFields, content_type = "application/merge-patch+json"),
    responses((status = 200, body = ContactView)))]
pub(crate) async fn update(
    scope: Authorized<ManageContacts, ContactId>,
    expected: IfMatch,
    patch: Patch,
) -> Result<Shown<ContactView>, Problem> {
    let contact = scope.find(contacts::find).await?;
    let revision = expected.against(contact.revision)?;
    let fields = patch.onto(&contact.fields)?;
    if fields.home_site != contact.fields.home_site {
        scope.require_place("home_site", fields.home_site).await?;
    }
    let contact = scope.change(move |tx, id| contacts::update(tx, id, revision, &fields)).await?;
    Ok(Shown(contact.into()))
}

/// Removes a contact for good: it leaves its groups and publications.
#[utoipa::path(delete, path = "/tenants/{tenant}/contacts/{contact}", operation_id = "delete_contact", tag = "contacts",
    responses((status = 204)))]
pub(crate) async fn remove(
    scope: Authorized<ManageContacts, ContactId>,
    IfMatchAtAll(revision): IfMatchAtAll,
) -> Result<Done, Problem> {
    scope.change(move |tx, id| contacts::remove(tx, id, revision)).await?;
    Ok(Done)
}
