//! Contacts.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use directory_model::contact::{Contact, ContactFields, DisabledBy, Provenance, SyncedField};
use directory_model::id::{ContactId, GroupId, PublicationId, SiteId};
use directory_model::page::PageRequest;
use directory_store::connection::Connection;
use directory_store::contacts::{self, UsedSite, Uses};
use directory_store::sync_requests;
use serde::Serialize;
use utoipa::ToSchema;

use crate::admin::{visible, visible_within};
use crate::extract::body::{Checked, Patch};
use crate::extract::contacts::{ContactsQuery, Wanted};
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

/// How many contacts a page of those in some states looks at; 50 ms on a small machine.
const LOOKS: usize = 20_000;

/// A group or publication in which a contact appears.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UseView<I> {
    /// Its identity.
    id: I,
    /// Its name or title.
    name: String,
}

/// A site that a contact belongs to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UsedSiteView {
    /// Its identity.
    id: SiteId,
    /// Its name.
    name: String,
    /// Whether it is the contact's home site.
    is_home: bool,
}

/// Where a contact appears, and therefore what its removal changes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UsesView {
    /// Groups that it was made a member of.
    groups: Vec<UseView<GroupId>>,
    /// Sites that it belongs to, because it is at home there or in one of their groups.
    sites: Vec<UsedSiteView>,
    /// Publications that list it.
    publications: Vec<UseView<PublicationId>>,
}

impl From<UsedSite> for UsedSiteView {
    fn from(UsedSite { id, name, is_home }: UsedSite) -> Self {
        Self { id, name, is_home }
    }
}

/// Says where a contact appears: what its removal would change.
#[utoipa::path(get, path = "/tenants/{tenant}/contacts/{contact}/uses", operation_id = "list_contact_uses",
    tag = "contacts", responses((status = 200, body = UsesView)))]
pub(crate) async fn uses(scope: Authorized<ReadContacts, ContactId>) -> Result<Json<UsesView>, Problem> {
    let Uses { groups, sites, publications } = scope.find(contacts::uses).await?;
    Ok(Json(UsesView {
        groups: groups.into_iter().map(|(id, name)| UseView { id, name }).collect(),
        sites: sites.into_iter().map(UsedSiteView::from).collect(),
        publications: publications.into_iter().map(|(id, name)| UseView { id, name }).collect(),
    }))
}

/// Lists contacts by the name they are shown with. A filter by state looks at no more than 20,000
/// contacts for one page, at the state they have at that moment, and leaves out who is out of service.
#[utoipa::path(get, path = "/tenants/{tenant}/contacts", operation_id = "list_contacts", tag = "contacts",
    params(ContactsQuery), responses((status = 200, body = ContactList)))]
pub(crate) async fn list(scope: Somewhere<ReadContacts>, wanted: Wanted) -> Result<ContactList, Problem> {
    let Wanted { page, filter, states } = wanted;
    if states.is_empty() {
        let listing =
            move |conn: &mut Connection, tenant, page: &PageRequest| contacts::list_where(conn, tenant, &filter, page);
        return Ok(visible(&scope, page, listing, |contact| contact.id).await?.into());
    }
    let (book, tenant) = (Arc::clone(scope.state().book()), scope.tenant());
    let shows = move |contact| states.contains(&book.presence(tenant, contact).availability);
    let listing = move |conn: &mut Connection, tenant, page: &PageRequest| {
        contacts::sift(conn, tenant, (&filter, page), LOOKS, &shows)
    };
    Ok(visible_within(&scope, 1, page, listing, |contact| contact.id).await?.into())
}

/// How many contacts a list would hold.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ContactCount {
    /// The number; null where only looking at each of them would tell: for those with part of a tenant, and
    /// with a filter by state.
    count: Option<u64>,
}

/// Counts the contacts that a list would hold; `limit` and `after` say nothing here.
#[utoipa::path(get, path = "/tenants/{tenant}/contacts/count", operation_id = "count_contacts", tag = "contacts",
    params(ContactsQuery), responses((status = 200, body = ContactCount)))]
pub(crate) async fn count(scope: Somewhere<ReadContacts>, wanted: Wanted) -> Result<Json<ContactCount>, Problem> {
    let Wanted { page, filter, states } = wanted;
    if !scope.is_everywhere() || !states.is_empty() {
        return Ok(Json(ContactCount { count: None }));
    }
    let counting = scope.read(move |conn, tenant| contacts::count_where(conn, tenant, &filter, &page.words));
    Ok(Json(ContactCount { count: Some(counting.await?) }))
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

/// Removes a contact: it leaves its groups and publications. For 30 days it can be brought back.
#[utoipa::path(delete, path = "/tenants/{tenant}/contacts/{contact}", operation_id = "delete_contact", tag = "contacts",
    responses((status = 204)))]
pub(crate) async fn remove(
    scope: Authorized<ManageContacts, ContactId>,
    IfMatchAtAll(revision): IfMatchAtAll,
) -> Result<Done, Problem> {
    scope.change(move |tx, id| contacts::remove(tx, id, revision)).await?;
    Ok(Done)
}
