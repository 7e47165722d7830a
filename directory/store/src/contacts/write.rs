//! Making and changing single contacts.

use std::collections::BTreeMap;

use diesel::prelude::*;
use directory_model::audit::Act;
use directory_model::change::ObjectKind;
use directory_model::contact::{Contact, ContactFields, DisabledBy, Provenance};
use directory_model::id::ContactId;
use directory_model::invalid::Rule;
use directory_model::valid::Valid;

use super::addresses;
use super::row::{Columns, ContactRow, NewRow, read_all};
use crate::column::difference;
use crate::connection::Connection;
use crate::error::{StoreError, StoreResult};
use crate::refs::CHUNK;
use crate::schema::contacts;
use crate::tx::Tx;
use crate::{groups, sites};

/// Row keys of what a contact refers to.
pub(super) struct References {
    pub(super) home_site: Option<i64>,
    pub(super) staffed_by: Option<i64>,
}

/// Makes a contact. Conflicts when an address is taken; refuses a site or group that does not exist.
pub fn insert(tx: &mut Tx<'_>, fields: &Valid<ContactFields>) -> StoreResult<Contact> {
    let references = references(tx.conn, tx.tenant_key, fields)?;
    let keys = fields.keys();
    addresses::refuse_taken(tx.conn, tx.tenant_key, &keys, None)?;
    let contact = Contact {
        id: ContactId::new(tx.ids()),
        fields: (**fields).clone(),
        disabled_by: fields.is_disabled.then_some(DisabledBy::Manual),
        provenance: BTreeMap::new(),
        revision: 1,
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    let row = NewRow {
        tenant_id: tx.tenant_key,
        public_id: contact.id.to_string(),
        created_at: contact.created_at.millis(),
        columns: Columns::new(contact.clone(), references.home_site, references.staffed_by),
    };
    let key: i64 = diesel::insert_into(contacts::table).values(&row).returning(contacts::id).get_result(tx.conn)?;
    addresses::take(tx.conn, tx.tenant_key, keys.into_iter().map(|taken| (key, taken)).collect())?;
    let changes = difference(Some(&ContactFields::default()), Some(&contact.fields));
    tx.audit(Act::Create, ObjectKind::Contact, contact.id, &changes)?;
    Ok(contact)
}

/// Changes a contact by hand: the synchronised fields that differ count as entered by hand from
/// now on, until a run overwrites them; those that are pinned stay so. Stale when it is not at `expected_revision` any more.
pub fn update(
    tx: &mut Tx<'_>,
    id: ContactId,
    expected_revision: i64,
    fields: &Valid<ContactFields>,
) -> StoreResult<Option<Contact>> {
    let Some((key, old)) = current(tx, id, expected_revision)? else { return Ok(None) };
    let mut new = Contact { fields: (**fields).clone(), ..old.clone() };
    for (field, written) in &mut new.provenance {
        if field.of(&old.fields) != field.of(fields) && written.is_pinned {
            *written = Provenance { source: None, run: None, at: tx.now(), is_pinned: true };
        }
    }
    new.provenance.retain(|field, written| written.is_pinned || field.of(&old.fields) == field.of(fields));
    new.disabled_by = match (fields.is_disabled, old.disabled_by) {
        (false, _) => None,
        (true, by) => by.or(Some(DisabledBy::Manual)),
    };
    write(tx, key, &old, &mut new)?;
    if new.revision != old.revision {
        tx.audit(Act::Update, ObjectKind::Contact, id, &difference(Some(&old.fields), Some(&new.fields)))?;
    }
    Ok(Some(new))
}

/// Changes what the contacts with these row keys refer to, such as what is about to be nowhere.
pub(crate) fn detach(tx: &mut Tx<'_>, keys: &[i64], take: impl Fn(&mut ContactFields)) -> StoreResult<()> {
    for keys in keys.chunks(CHUNK) {
        let rows: Vec<ContactRow> =
            contacts::table.filter(contacts::id.eq_any(keys)).select(ContactRow::as_select()).load(tx.conn)?;
        let keys: Vec<i64> = rows.iter().map(|row| row.id).collect();
        for (key, old) in keys.into_iter().zip(read_all(tx.conn, rows)?) {
            let mut new = old.clone();
            take(&mut new.fields);
            write(tx, key, &old, &mut new)?;
            tx.changed(ObjectKind::Contact, old.id);
        }
    }
    Ok(())
}

/// The row keys of what the fields refer to, or a refusal of what does not exist.
pub(super) fn references(conn: &mut Connection, tenant_key: i64, fields: &ContactFields) -> StoreResult<References> {
    let home_site = match fields.home_site {
        Some(id) => {
            let key = sites::key(conn, tenant_key, id)?;
            Some(key.ok_or_else(|| StoreError::refused("home_site", id, Rule::Unknown))?)
        }
        None => None,
    };
    let staffed_by = match fields.staffed_by {
        Some(id) => {
            let key = groups::key(conn, tenant_key, id)?;
            Some(key.ok_or_else(|| StoreError::refused("staffed_by", id, Rule::Unknown))?)
        }
        None => None,
    };
    Ok(References { home_site, staffed_by })
}

pub(super) fn current(tx: &mut Tx<'_>, id: ContactId, expected_revision: i64) -> StoreResult<Option<(i64, Contact)>> {
    let row: Option<ContactRow> = contacts::table
        .filter(contacts::tenant_id.eq(tx.tenant_key))
        .filter(contacts::public_id.eq(id.to_string()))
        .select(ContactRow::as_select())
        .get_result(tx.conn)
        .optional()?;
    let Some(row) = row else { return Ok(None) };
    let key = row.id;
    match read_all(tx.conn, vec![row])?.pop() {
        Some(contact) if contact.revision != expected_revision => Err(StoreError::Stale),
        contact => Ok(contact.map(|contact| (key, contact))),
    }
}

/// Writes the difference, if there is one, and moves the revision on.
pub(super) fn write(tx: &mut Tx<'_>, key: i64, old: &Contact, new: &mut Contact) -> StoreResult<()> {
    if *old == *new {
        return Ok(());
    }
    let references = references(tx.conn, tx.tenant_key, &new.fields)?;
    let (old_keys, new_keys) = (old.fields.keys(), new.fields.keys());
    addresses::refuse_taken(tx.conn, tx.tenant_key, &new_keys, Some(key))?;
    addresses::replace(tx.conn, tx.tenant_key, key, &old_keys, &new_keys)?;
    new.revision = old.revision + 1;
    new.updated_at = tx.now();
    let written = diesel::update(contacts::table.filter(contacts::id.eq(key)))
        .filter(contacts::revision.eq(old.revision))
        .set(&Columns::new(new.clone(), references.home_site, references.staffed_by))
        .execute(tx.conn)?;
    if written == 1 { Ok(()) } else { Err(StoreError::Stale) }
}
