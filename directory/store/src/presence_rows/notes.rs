//! Notes of contacts.

use diesel::prelude::*;
use directory_model::audit::Act;
use directory_model::id::{ContactId, NoteId, TenantId};
use directory_model::invalid::Rule;
use directory_model::presence::{MAX_NOTES, Note};
use directory_model::timestamp::Timestamp;
use serde_json::json;

use super::{audit, contact_key};
use crate::column::{Column, moment, word};
use crate::connection::Connection;
use crate::error::{StoreError, StoreResult};
use crate::schema::{contacts, presence_notes, tenants};
use crate::tenants::key as tenant_key;
use crate::tx::Tx;

/// A note as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptNote {
    /// Its public identity.
    pub id: NoteId,
    /// What it says and until when.
    pub note: Note,
    /// When it was written.
    pub created_at: Timestamp,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = presence_notes)]
struct NoteRow {
    public_id: String,
    text: String,
    kind: String,
    source: String,
    created_at: i64,
    expires_at: Option<i64>,
}

impl NoteRow {
    fn read(self) -> StoreResult<KeptNote> {
        Ok(KeptNote {
            id: Column("presence_notes", "public_id").id(&self.public_id)?,
            note: Note {
                text: self.text,
                kind: Column("presence_notes", "kind").word(&self.kind)?,
                source: self.source,
                expires_at: self.expires_at.map(moment),
            },
            created_at: moment(self.created_at),
        })
    }
}

/// The contact's notes that have not expired, oldest first.
pub fn notes(
    conn: &mut Connection,
    tenant: TenantId,
    contact: ContactId,
    now: Timestamp,
) -> StoreResult<Vec<KeptNote>> {
    let rows: Vec<NoteRow> = presence_notes::table
        .inner_join(contacts::table.on(contacts::id.eq(presence_notes::contact_id)))
        .inner_join(tenants::table.on(tenants::id.eq(presence_notes::tenant_id)))
        .select(NoteRow::as_select())
        .filter(contacts::public_id.eq(contact.to_string()))
        .filter(tenants::public_id.eq(tenant.to_string()))
        .filter(presence_notes::expires_at.is_null().or(presence_notes::expires_at.gt(now.millis())))
        .order(presence_notes::id.asc())
        .load(conn)?;
    rows.into_iter().map(NoteRow::read).collect()
}

/// The tenant's notes that have not expired, with their contacts, oldest first.
pub fn all_notes(conn: &mut Connection, tenant: TenantId, now: Timestamp) -> StoreResult<Vec<(ContactId, KeptNote)>> {
    let Some(tenant_key) = tenant_key(conn, tenant)? else { return Ok(Vec::new()) };
    let rows: Vec<(String, NoteRow)> = presence_notes::table
        .inner_join(contacts::table.on(contacts::id.eq(presence_notes::contact_id)))
        .select((contacts::public_id, NoteRow::as_select()))
        .filter(presence_notes::tenant_id.eq(tenant_key))
        .filter(presence_notes::expires_at.is_null().or(presence_notes::expires_at.gt(now.millis())))
        .order(presence_notes::id.asc())
        .load(conn)?;
    let contact = Column("contacts", "public_id");
    rows.into_iter().map(|(id, row)| Ok((contact.id(&id)?, row.read()?))).collect()
}

/// Keeps a note of the contact; `None` when there is no such contact. Refuses more than a contact may have.
pub fn insert_note(tx: &mut Tx<'_>, contact: ContactId, note: &Note) -> StoreResult<Option<KeptNote>> {
    let Some(contact_key) = contact_key(tx, contact)? else { return Ok(None) };
    let known = notes(tx.conn, tx.tenant, contact, tx.now())?.len();
    if known >= MAX_NOTES {
        let rule = Rule::TooLong { max: MAX_NOTES as u64, unit: "notes".into() };
        return Err(StoreError::refused("text", known + 1, rule));
    }
    let id = NoteId::new(tx.ids());
    diesel::insert_into(presence_notes::table)
        .values((
            presence_notes::tenant_id.eq(tx.tenant_key),
            presence_notes::public_id.eq(id.to_string()),
            presence_notes::contact_id.eq(contact_key),
            presence_notes::text.eq(&note.text),
            presence_notes::kind.eq(word(note.kind)),
            presence_notes::source.eq(&note.source),
            presence_notes::created_at.eq(tx.now().millis()),
            presence_notes::expires_at.eq(note.expires_at.map(Timestamp::millis)),
        ))
        .execute(tx.conn)?;
    audit(tx, Act::Update, contact, json!({"note": [null, note.text]}))?;
    Ok(Some(KeptNote { id, note: note.clone(), created_at: tx.now() }))
}

/// Keeps `note` in place of all notes of its source, or none; `None` when there is no such contact.
pub fn replace_note(tx: &mut Tx<'_>, contact: ContactId, source: &str, note: Option<&Note>) -> StoreResult<Option<()>> {
    if contact_key(tx, contact)?.is_none() {
        return Ok(None);
    }
    let (tenant, now) = (tx.tenant, tx.now());
    let known = notes(tx.conn, tenant, contact, now)?;
    let old: Vec<&KeptNote> = known.iter().filter(|kept| kept.note.source == source).collect();
    if old.iter().map(|kept| &kept.note).eq(note) {
        return Ok(Some(()));
    }
    for kept in old {
        remove_note(tx, contact, kept.id)?;
    }
    note.map(|note| insert_note(tx, contact, note)).transpose()?;
    Ok(Some(()))
}

/// Removes a note of the contact.
pub fn remove_note(tx: &mut Tx<'_>, contact: ContactId, note: NoteId) -> StoreResult<Option<()>> {
    let Some(contact_key) = contact_key(tx, contact)? else { return Ok(None) };
    let found: Option<(i64, String)> = presence_notes::table
        .select((presence_notes::id, presence_notes::text))
        .filter(presence_notes::public_id.eq(note.to_string()))
        .filter(presence_notes::contact_id.eq(contact_key))
        .first(tx.conn)
        .optional()?;
    let Some((key, text)) = found else { return Ok(None) };
    diesel::delete(presence_notes::table.filter(presence_notes::id.eq(key))).execute(tx.conn)?;
    audit(tx, Act::Update, contact, json!({"note": [text, null]}))?;
    Ok(Some(()))
}

/// Changes what a note of the contact says; its source stays. `None` when there is no such note.
pub fn update_note(tx: &mut Tx<'_>, contact: ContactId, id: NoteId, note: &Note) -> StoreResult<Option<KeptNote>> {
    let known = notes(tx.conn, tx.tenant, contact, tx.now())?;
    let Some(old) = known.into_iter().find(|kept| kept.id == id) else { return Ok(None) };
    let note = Note { source: old.note.source.clone(), ..note.clone() };
    if note == old.note {
        return Ok(Some(old));
    }
    diesel::update(presence_notes::table.filter(presence_notes::public_id.eq(id.to_string())))
        .set((
            presence_notes::text.eq(&note.text),
            presence_notes::kind.eq(word(note.kind)),
            presence_notes::expires_at.eq(note.expires_at.map(Timestamp::millis)),
        ))
        .execute(tx.conn)?;
    audit(tx, Act::Update, contact, json!({"note": [old.note.text, note.text]}))?;
    Ok(Some(KeptNote { note, ..old }))
}
