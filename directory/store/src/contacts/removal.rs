//! Removing contacts, from what they disappear, and how they come back.

use std::collections::HashMap;

use diesel::prelude::*;
use directory_model::audit::Act;
use directory_model::change::ObjectKind;
use directory_model::contact::{Contact, ContactFields};
use directory_model::id::{ContactId, GroupId, PublicationId, UserId};
use directory_model::undo::Removed;

use super::row::{Columns, NewRow};
use super::write::references;
use super::{addresses, many, removed};
use crate::avatars::kept;
use crate::column::{Column, difference};
use crate::error::{StoreError, StoreResult};
use crate::profile_selections;
use crate::publications::{self, Shown};
use crate::refs::CHUNK;
use crate::schema::{contacts, group_members, groups, publication_entries, publications as publication_rows, users};
use crate::tx::Tx;

/// Removes a contact with all it has, from groups and publications too; a user that was linked to
/// it stays, without the link. What it was is kept for a while: see [`super::bring_back`].
pub fn remove(tx: &mut Tx<'_>, id: ContactId, expected_revision: Option<i64>) -> StoreResult<Option<()>> {
    let Some(contact) = super::find(tx.conn, tx.tenant, id)? else { return Ok(None) };
    let Some(key) = super::key(tx.conn, tx.tenant_key, id)? else { return Ok(None) };
    if expected_revision.is_some_and(|expected| expected != contact.revision) {
        return Err(StoreError::Stale);
    }
    let changes = difference(Some(&contact.fields), Some(&ContactFields::default()));
    let was = snapshot(tx, key, contact)?;
    removed::keep(tx, id, key, was)?;
    take_out(tx, &[key])?;
    tx.audit(Act::Remove, ObjectKind::Contact, id, &changes)?;
    Ok(Some(()))
}

/// Removes contacts for a run, which is one line of the audit trail, and says of each what it was.
pub(crate) fn remove_all(tx: &mut Tx<'_>, ids: &[ContactId]) -> StoreResult<HashMap<ContactId, Removed>> {
    let keys = super::keys(tx.conn, tx.tenant_key, ids)?;
    let mut removed = HashMap::with_capacity(keys.len());
    for contact in many(tx.conn, tx.tenant, ids)? {
        if let Some(key) = keys.get(&contact.id) {
            removed.insert(contact.id, snapshot(tx, *key, contact)?);
        }
    }
    let keys: Vec<i64> = keys.into_values().collect();
    take_out(tx, &keys)?;
    for id in removed.keys() {
        tx.removed(ObjectKind::Contact, id);
    }
    Ok(removed)
}

/// Deletes the rows, and records what else is no longer as it was.
fn take_out(tx: &mut Tx<'_>, keys: &[i64]) -> StoreResult<()> {
    for keys in keys.chunks(CHUNK) {
        let in_groups: Vec<String> = group_members::table
            .inner_join(groups::table.on(groups::id.eq(group_members::group_id)))
            .filter(group_members::contact_id.eq_any(keys))
            .select(groups::public_id)
            .distinct()
            .load(tx.conn)?;
        let linked: Vec<(i64, String)> =
            users::table.filter(users::contact_id.eq_any(keys)).select((users::id, users::public_id)).load(tx.conn)?;
        let shown_in: Vec<i64> = publication_entries::table
            .filter(publication_entries::contact_id.eq_any(keys))
            .select(publication_entries::publication_id)
            .distinct()
            .load(tx.conn)?;
        diesel::delete(contacts::table.filter(contacts::id.eq_any(keys))).execute(tx.conn)?;
        for group in in_groups {
            tx.changed(ObjectKind::Group, group);
        }
        let (user_keys, users): (Vec<i64>, Vec<String>) = linked.into_iter().unzip();
        for user in users {
            tx.changed(ObjectKind::User, user);
        }
        profile_selections::reunited(tx, None, &user_keys)?;
        publications::touch(tx, &shown_in)?;
    }
    Ok(())
}

fn snapshot(tx: &mut Tx<'_>, key: i64, contact: Contact) -> StoreResult<Removed> {
    let in_groups: Vec<String> = group_members::table
        .inner_join(groups::table.on(groups::id.eq(group_members::group_id)))
        .filter(group_members::contact_id.eq(key))
        .select(groups::public_id)
        .load(tx.conn)?;
    let shown_in: Vec<(String, i64)> = publication_entries::table
        .inner_join(publication_rows::table.on(publication_rows::id.eq(publication_entries::publication_id)))
        .filter(publication_entries::contact_id.eq(key))
        .select((publication_rows::public_id, publication_entries::position))
        .load(tx.conn)?;
    let linked: Vec<String> = users::table.filter(users::contact_id.eq(key)).select(users::public_id).load(tx.conn)?;
    let place = |(id, position): (String, i64)| -> StoreResult<(PublicationId, i64)> {
        Ok((Column("publications", "public_id").id(&id)?, position))
    };
    Ok(Removed {
        groups: in_groups.iter().map(|id| Column("groups", "public_id").id(id)).collect::<StoreResult<_>>()?,
        publications: shown_in.into_iter().map(place).collect::<StoreResult<_>>()?,
        users: linked.iter().map(|id| Column("users", "public_id").id(id)).collect::<StoreResult<_>>()?,
        avatars: kept::of(tx.conn, tx.tenant, contact.id)?,
        external_id: None,
        fields: contact.fields,
        provenance: contact.provenance,
        disabled_by: contact.disabled_by,
        revision: contact.revision,
        created_at: contact.created_at,
    })
}

/// Brings a removed contact back as it was, as far as what it refers to is still there. Nobody else
/// may have its addresses in use.
pub(crate) fn restore(tx: &mut Tx<'_>, id: ContactId, removed: &Removed) -> StoreResult<()> {
    let mut fields = removed.fields.clone();
    if let Some(site) = fields.home_site {
        fields.home_site = crate::sites::key(tx.conn, tx.tenant_key, site)?.map(|_| site);
    }
    if let Some(group) = fields.staffed_by {
        fields.staffed_by = crate::groups::key(tx.conn, tx.tenant_key, group)?.map(|_| group);
    }
    let references = references(tx.conn, tx.tenant_key, &fields)?;
    let keys = fields.keys();
    addresses::refuse_taken(tx.conn, tx.tenant_key, &keys, None)?;
    let contact = Contact {
        id,
        fields,
        disabled_by: removed.disabled_by,
        provenance: removed.provenance.clone(),
        // Who knew the contact before must not take it for unchanged.
        revision: removed.revision + 1,
        created_at: removed.created_at,
        updated_at: tx.now(),
    };
    let row = NewRow {
        tenant_id: tx.tenant_key,
        public_id: id.to_string(),
        created_at: removed.created_at.millis(),
        columns: Columns::new(contact, references.home_site, references.staffed_by),
    };
    let key: i64 = diesel::insert_into(contacts::table).values(&row).returning(contacts::id).get_result(tx.conn)?;
    addresses::take(tx.conn, tx.tenant_key, keys.into_iter().map(|taken| (key, taken)).collect())?;
    tx.changed(ObjectKind::Contact, id);
    rejoin(tx, key, &removed.groups)?;
    publications::show_again(tx, Shown::Contact(key), &removed.publications)?;
    let given = give_back(tx, key, &removed.users)?;
    if !given.is_empty() {
        profile_selections::reunited(tx, Some(id), &given)?;
    }
    for avatar in &removed.avatars {
        kept::restore(tx, id, avatar)?;
    }
    Ok(())
}

fn rejoin(tx: &mut Tx<'_>, key: i64, ids: &[GroupId]) -> StoreResult<()> {
    for id in ids {
        let Some(group) = crate::groups::key(tx.conn, tx.tenant_key, *id)? else { continue };
        diesel::insert_into(group_members::table)
            .values((
                group_members::tenant_id.eq(tx.tenant_key),
                group_members::group_id.eq(group),
                group_members::contact_id.eq(key),
            ))
            .execute(tx.conn)?;
        tx.changed(ObjectKind::Group, id);
    }
    Ok(())
}

/// Users who were given another contact since keep that one; the keys of the others.
fn give_back(tx: &mut Tx<'_>, key: i64, ids: &[UserId]) -> StoreResult<Vec<i64>> {
    let mut all = Vec::new();
    for id in ids {
        let of_user = users::tenant_id.eq(tx.tenant_key).and(users::public_id.eq(id.to_string()));
        let given: Option<i64> = diesel::update(users::table.filter(of_user).filter(users::contact_id.is_null()))
            .set(users::contact_id.eq(key))
            .returning(users::id)
            .get_result(tx.conn)
            .optional()?;
        if let Some(user_key) = given {
            tx.changed(ObjectKind::User, id);
            all.push(user_key);
        }
    }
    Ok(all)
}
