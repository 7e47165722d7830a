//! Pure: what a contact becomes when an entry of the directory is laid over it.
//!
//! The eleven synchronised fields follow the directory unless they are pinned: a value of the
//! directory overwrites what was entered by hand. Where the directory has no value it clears only
//! what it wrote itself, so an attribute that it does not keep costs nobody their entries.
//! Names and the other addresses are filled once and belong to the administrators afterwards.

use directory_model::contact::{Contact, ContactFields, SyncedField};
use directory_model::record::MappedRecord;
use directory_model::run::FieldChange;
use directory_model::undo::Holds;
use ring::digest::{Context, SHA256};

use crate::hold;

/// Raised when what records become changes, so that unchanged entries are compared again.
const MAPPING_VERSION: u8 = 1;

/// The fields of a contact made from `record`.
pub fn created(record: &MappedRecord) -> ContactFields {
    let mut fields = ContactFields {
        sip: record.sip.clone(),
        skype: record.skype.clone(),
        first_name: record.first_name.clone(),
        last_name: record.last_name.clone(),
        is_ucma_endpoint: record.is_service,
        is_hybrid: record.is_hybrid && !record.is_service,
        is_disabled: record.is_disabled,
        ..ContactFields::default()
    };
    for field in SyncedField::ALL {
        *field.of_mut(&mut fields) = record.synced(field).map(str::to_owned);
    }
    fields
}

/// The fields of a manual contact once it is linked to the entry that says `record`.
pub fn linked(contact: &Contact, record: &MappedRecord) -> ContactFields {
    let mut fields = updated(contact, record, None);
    for (place, value) in [
        (&mut fields.sip, &record.sip),
        (&mut fields.skype, &record.skype),
        (&mut fields.first_name, &record.first_name),
        (&mut fields.last_name, &record.last_name),
    ] {
        if place.is_none() {
            place.clone_from(value);
        }
    }
    fields
}

/// The fields of a linked contact whose entry now says `record`; whether it is in service is left, and
/// so is what is held.
pub fn updated(contact: &Contact, record: &MappedRecord, holds: Option<&Holds>) -> ContactFields {
    let mut fields = contact.fields.clone();
    for field in SyncedField::ALL {
        let written = contact.provenance.get(&field);
        let is_held = holds.is_some_and(|holds| hold::refuses(holds, field, record.synced(field)));
        if is_held || written.is_some_and(|written| written.is_pinned) {
            continue;
        }
        match record.synced(field) {
            Some(value) => *field.of_mut(&mut fields) = Some(value.to_owned()),
            None if written.is_some() => *field.of_mut(&mut fields) = None,
            None => {}
        }
    }
    fields
}

/// The synchronised fields in which `after` differs from `before`.
pub fn changes(before: &ContactFields, after: &ContactFields) -> Vec<FieldChange> {
    SyncedField::ALL
        .into_iter()
        .filter(|field| field.of(before) != field.of(after))
        .map(|field| FieldChange { field, old: field.of(before).clone(), new: field.of(after).clone() })
        .collect()
}

/// The digest of what `record` says and of the contact's `revision` after it was written: as long
/// as both are the same, the entry and its contact agree and need not be compared.
pub fn digest(record: &MappedRecord, revision: i64) -> [u8; 16] {
    let mut context = Context::new(&SHA256);
    context.update(&[MAPPING_VERSION, u8::from(record.is_service), u8::from(record.is_hybrid)]);
    context.update(&[u8::from(record.is_disabled)]);
    context.update(&revision.to_le_bytes());
    let others = [&record.sip, &record.skype, &record.first_name, &record.last_name].map(Option::as_deref);
    for value in others.into_iter().chain(SyncedField::ALL.map(|field| record.synced(field))) {
        // No value and an empty one differ; a length keeps neighbours apart.
        context.update(&value.map_or(u64::MAX, |value| value.len() as u64).to_le_bytes());
        context.update(value.unwrap_or_default().as_bytes());
    }
    let mut digest = [0; 16];
    digest.copy_from_slice(&context.finish().as_ref()[..16]);
    digest
}

#[cfg(test)]
mod tests;
