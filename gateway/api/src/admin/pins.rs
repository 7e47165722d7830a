//! Pins: synchronised fields of contacts that are kept as they stand.

use directory_model::contact::SyncedField;
use directory_model::id::ContactId;
use directory_store::contacts;

use super::contacts::ContactView;
use crate::extract::revision::IfMatch;
use crate::problem::Problem;
use crate::scope::permission::ManageContacts;
use crate::scope::{Authorized, Named};
use crate::view::Shown;

/// Pins a synchronised field: its value stays as it is, whatever its source says.
#[utoipa::path(put, path = "/tenants/{tenant}/contacts/{contact}/pins/{field}", operation_id = "pin_contact_field",
    tag = "contacts", responses((status = 200, body = ContactView)),
    params(("If-Match" = String, Header, description = "The entity tag of the contact that was read.")))]
pub(crate) async fn create(
    scope: Authorized<ManageContacts, ContactId>,
    Named(field): Named<SyncedField>,
    expected: IfMatch,
) -> Result<Shown<ContactView>, Problem> {
    let contact = scope.find(contacts::find).await?;
    let revision = expected.against(contact.revision)?;
    let contact = scope.change(move |tx, id| contacts::pin(tx, id, revision, field)).await?;
    Ok(Shown(contact.into()))
}

/// Takes a pin away: the field has what its source said last, at once.
#[utoipa::path(delete, path = "/tenants/{tenant}/contacts/{contact}/pins/{field}",
    operation_id = "unpin_contact_field", tag = "contacts", responses((status = 200, body = ContactView)),
    params(("If-Match" = String, Header, description = "The entity tag of the contact that was read.")))]
pub(crate) async fn remove(
    scope: Authorized<ManageContacts, ContactId>,
    Named(field): Named<SyncedField>,
    expected: IfMatch,
) -> Result<Shown<ContactView>, Problem> {
    let contact = scope.find(contacts::find).await?;
    let revision = expected.against(contact.revision)?;
    let contact = scope.change(move |tx, id| contacts::unpin(tx, id, revision, field)).await?;
    Ok(Shown(contact.into()))
}
