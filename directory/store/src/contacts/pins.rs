//! Pins: synchronised fields that are kept as they stand.

use diesel::prelude::*;
use directory_model::audit::Act;
use directory_model::change::ObjectKind;
use directory_model::contact::{Contact, SyncedField};
use directory_model::id::{ContactId, SourceId};
use directory_model::pin;
use directory_model::record::MappedRecord;
use directory_model::undo::Holds;
use directory_model::valid::Check;
use serde_json::{Map, Value, json};

use super::write::{current, write};
use crate::column::{Column, difference};
use crate::connection::Connection;
use crate::error::{StoreError, StoreResult};
use crate::schema::{source_records, sources};
use crate::source_records::refused_value;
use crate::tx::Tx;

/// Keeps the field as it stands. Stale when the contact is not at `expected_revision` any more.
pub fn pin(tx: &mut Tx<'_>, id: ContactId, expected_revision: i64, field: SyncedField) -> StoreResult<Option<Contact>> {
    let Some((key, old)) = current(tx, id, expected_revision)? else { return Ok(None) };
    let new = pin::pinned(&old, field, tx.now());
    change(tx, key, &old, new, json!([null, field.name()])).map(Some)
}

/// Lets the field follow its source again, which takes its value from what the source said last.
/// Stale when the contact is not at `expected_revision` any more; conflicts when the value is an
/// address that is taken.
pub fn unpin(
    tx: &mut Tx<'_>,
    id: ContactId,
    expected_revision: i64,
    field: SyncedField,
) -> StoreResult<Option<Contact>> {
    let Some((key, old)) = current(tx, id, expected_revision)? else { return Ok(None) };
    let Some(written) = old.provenance.get(&field).filter(|written| written.is_pinned) else { return Ok(Some(old)) };
    let record = last_record(tx.conn, key, written.source, field)?;
    let record = record.as_ref().map(|(source, record)| (*source, record));
    let new = pin::unpinned(&old, field, record, tx.now());
    change(tx, key, &old, new, json!([field.name(), null])).map(Some)
}

fn change(tx: &mut Tx<'_>, key: i64, old: &Contact, new: Contact, pinned: Value) -> StoreResult<Contact> {
    if *old == new {
        return Ok(new);
    }
    let fields = new.fields.clone().check().map_err(StoreError::Refused)?.into_inner();
    let mut new = Contact { fields, ..new };
    write(tx, key, old, &mut new)?;
    let mut changes = Map::from_iter([("pinned".to_owned(), pinned)]);
    if let Value::Object(fields) = difference(Some(&old.fields), Some(&new.fields)) {
        changes.extend(fields);
    }
    tx.audit(Act::Update, ObjectKind::Contact, new.id, &Value::Object(changes))?;
    Ok(new)
}

/// What a source said last about the contact: `wanted`, if it knows it, or else the one that was
/// linked last.
fn last_record(
    conn: &mut Connection,
    key: i64,
    wanted: Option<SourceId>,
    field: SyncedField,
) -> StoreResult<Option<(SourceId, MappedRecord)>> {
    let rows: Vec<(String, String, Option<String>)> = source_records::table
        .inner_join(sources::table.on(sources::id.eq(source_records::source_id)))
        .filter(source_records::contact_id.eq(key).and(source_records::is_extra.eq(false)))
        .select((sources::public_id, source_records::mapped, source_records::holds))
        .order(source_records::id.desc())
        .load(conn)?;
    let wanted = wanted.map(|source| source.to_string());
    let row = rows.iter().find(|(source, ..)| Some(source) == wanted.as_ref()).or(rows.first());
    let Some((source, mapped, holds)) = row else { return Ok(None) };
    let mapped: MappedRecord = Column("source_records", "mapped").json(mapped)?;
    let holds: Option<Holds> = holds.as_ref().map(|held| Column("source_records", "holds").json(held)).transpose()?;
    // A value that was taken back is nothing to follow.
    let refused = holds.and_then(|mut holds| holds.fields.remove(&field));
    let is_refused = refused.is_some_and(|refused| refused == refused_value(mapped.synced(field)));
    Ok(if is_refused { None } else { Some((Column("sources", "public_id").id(source)?, mapped)) })
}
