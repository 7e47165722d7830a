//! Many contacts at once, for synchronisation.

use std::collections::HashMap;

use diesel::prelude::*;
use directory_model::address::ContactKey;
use directory_model::change::ObjectKind;
use directory_model::contact::{Contact, ContactFields};
use directory_model::id::ContactId;
use directory_model::valid::Valid;

use super::addresses;
use super::row::{Columns, NewRow};
use super::write::{Synced, references};
use crate::connection::per_backend;
use crate::error::{Conflict, StoreResult};
use crate::schema::contacts;
use crate::tx::Tx;

/// Rows in one batch: 33 columns each, below SQLite's 32,766 parameters.
const BATCH: usize = 500;

/// A contact that a run makes.
#[derive(Debug, Clone)]
pub struct NewContact {
    /// Its fields.
    pub fields: Valid<ContactFields>,
    /// What the run knows beyond them.
    pub synced: Synced,
}

/// Makes many contacts on behalf of a run, which has one entry in the audit trail for all, and says
/// their identities in the same order. Conflicts when any address is taken, also by another of them.
pub fn insert_many(tx: &mut Tx<'_>, new: Vec<NewContact>) -> StoreResult<Vec<ContactId>> {
    let mut ids = Vec::with_capacity(new.len());
    let mut rows = Vec::with_capacity(new.len());
    let mut wanted: HashMap<ContactKey, usize> = HashMap::new();
    for (place, NewContact { fields, synced }) in new.into_iter().enumerate() {
        let references = references(tx.conn, tx.tenant_key, &fields)?;
        let mut fields = fields.into_inner();
        fields.is_disabled = synced.disabled_by.is_some();
        for key in fields.keys() {
            let kind = key.kind;
            if wanted.insert(key, place).is_some() {
                return Err(Conflict::Address { kind, with: fields.shown_name() }.into());
            }
        }
        let contact = Contact {
            id: ContactId::new(tx.ids()),
            fields,
            disabled_by: synced.disabled_by,
            provenance: synced.provenance,
            revision: 1,
            created_at: tx.now(),
            updated_at: tx.now(),
        };
        ids.push(contact.id);
        rows.push(NewRow {
            tenant_id: tx.tenant_key,
            public_id: contact.id.to_string(),
            created_at: contact.created_at.millis(),
            columns: Columns::new(&contact, references.home_site, references.staffed_by),
        });
    }
    let all: Vec<ContactKey> = wanted.keys().cloned().collect();
    addresses::refuse_taken(tx.conn, tx.tenant_key, &all, None)?;
    for batch in rows.chunks(BATCH) {
        per_backend!(tx.conn, |conn| diesel::insert_into(contacts::table).values(batch).execute(conn))?;
    }
    let row_keys = super::keys(tx.conn, tx.tenant_key, &ids)?;
    let taken = wanted.into_iter().filter_map(|(key, place)| Some((*row_keys.get(&ids[place])?, key)));
    addresses::take(tx.conn, tx.tenant_key, taken.collect())?;
    for id in &ids {
        tx.changed(ObjectKind::Contact, id);
    }
    Ok(ids)
}
