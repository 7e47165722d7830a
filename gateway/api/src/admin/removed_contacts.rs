//! Contacts that were removed and come back.

use directory_store::contacts;

use crate::admin::contacts::ContactView;
use crate::problem::Problem;
use crate::scope::permission::ManageContacts;
use crate::scope::{Authorized, RemovedContact};
use crate::view::Made;

/// Brings a contact back that was removed by hand in the last 30 days: as it was, under its identity, in
/// the groups and publications that are still there. Its presence and notes do not come back.
#[utoipa::path(post, path = "/tenants/{tenant}/removed_contacts/{removed_contact}/restore",
    operation_id = "restore_contact", tag = "contacts", responses((status = 201, body = ContactView)))]
pub(crate) async fn restore(scope: Authorized<ManageContacts, RemovedContact>) -> Result<Made<ContactView>, Problem> {
    let contact = scope.change(|tx, RemovedContact(id)| contacts::bring_back(tx, id)).await?;
    Ok(Made { at: scope.address("contacts", contact.id), object: contact.into() })
}
