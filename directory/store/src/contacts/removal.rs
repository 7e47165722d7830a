//! Removing a contact, and from what it disappears.

use diesel::prelude::*;
use directory_model::audit::Act;
use directory_model::change::ObjectKind;
use directory_model::contact::ContactFields;
use directory_model::id::ContactId;

use crate::column::difference;
use crate::error::{StoreError, StoreResult};
use crate::publications;
use crate::schema::{contacts, group_members, groups, publication_entries, users};
use crate::tx::Tx;

/// Removes a contact with all it has, from groups and publications too; a user that was linked to
/// it stays, without the link.
pub fn remove(tx: &mut Tx<'_>, id: ContactId, expected_revision: Option<i64>) -> StoreResult<Option<()>> {
    let Some(contact) = super::find(tx.conn, tx.tenant, id)? else { return Ok(None) };
    let Some(key) = super::key(tx.conn, tx.tenant_key, id)? else { return Ok(None) };
    if expected_revision.is_some_and(|expected| expected != contact.revision) {
        return Err(StoreError::Stale);
    }
    let in_groups: Vec<String> = group_members::table
        .inner_join(groups::table.on(groups::id.eq(group_members::group_id)))
        .filter(group_members::contact_id.eq(key))
        .select(groups::public_id)
        .load(tx.conn)?;
    let linked: Vec<String> = users::table.filter(users::contact_id.eq(key)).select(users::public_id).load(tx.conn)?;
    let shown_in: Vec<i64> = publication_entries::table
        .filter(publication_entries::contact_id.eq(key))
        .select(publication_entries::publication_id)
        .load(tx.conn)?;
    diesel::delete(contacts::table.filter(contacts::id.eq(key))).execute(tx.conn)?;
    for group in in_groups {
        tx.changed(ObjectKind::Group, group);
    }
    for user in linked {
        tx.changed(ObjectKind::User, user);
    }
    publications::touch(tx, &shown_in)?;
    let changes = difference(Some(&contact.fields), Some(&ContactFields::default()));
    tx.audit(Act::Remove, ObjectKind::Contact, id, &changes)?;
    Ok(Some(()))
}
