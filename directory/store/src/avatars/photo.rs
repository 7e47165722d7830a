//! The photo that a directory holds for a contact.

use diesel::prelude::*;
use directory_model::change::ObjectKind;
use directory_model::id::{AvatarId, ContactId, SourceId};
use directory_model::undo::Holds;
use ring::digest::{SHA256, digest};

use super::{NewAvatar, insert_row, owner_key};
use crate::column::Column;
use crate::connection::Connection;
use crate::error::StoreResult;
use crate::schema::{avatars, source_records};
use crate::tx::Tx;

/// What became of a directory's photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Photo {
    /// There is no such contact.
    NoContact,
    /// It is the contact's photo already.
    Same,
    /// It is now.
    Set,
    /// The contact had one, and has none any more.
    Removed,
}

/// Makes `photo` the contact's photo from `source`, or removes the one that it has from there. What
/// somebody uploaded stays as it is, and so does the photo of a source that goes before this one: none goes before whose
/// photos are not taken for the contact any more.
pub fn set_photo(
    tx: &mut Tx<'_>,
    contact: ContactId,
    source: SourceId,
    photo: Option<&NewAvatar>,
) -> StoreResult<Photo> {
    let Some(owner) = owner_key(tx.conn, tx.tenant_key, contact.into())? else { return Ok(Photo::NoContact) };
    let source = crate::sources::key(tx.conn, tx.tenant, source)?;
    let old: Option<(i64, Vec<u8>, Option<i64>)> = avatars::table
        .filter(avatars::contact_id.eq(owner.contact).and(avatars::is_synced.eq(true)))
        .select((avatars::id, avatars::large, avatars::synced_from_id))
        .first(tx.conn)
        .optional()?;
    let other = old.as_ref().and_then(|(.., from)| from.filter(|from| source != Some(*from)));
    if let (Some(other), Some(source)) = (other, source)
        && (photo.is_none() || rank(tx.conn, other, owner.contact)? < rank(tx.conn, source, owner.contact)?)
    {
        return Ok(Photo::Same);
    }
    if photo.is_none() {
        offer_others(tx, owner.contact, source)?;
    }
    let hash = photo.map(|photo| digest(&SHA256, &photo.large.bytes));
    match (&old, &hash) {
        (None, None) => return Ok(Photo::Same),
        (Some((_, old, _)), Some(new)) if old.as_slice() == new.as_ref() => return Ok(Photo::Same),
        _ => {}
    }
    if let Some((key, ..)) = old {
        diesel::delete(avatars::table.filter(avatars::id.eq(key))).execute(tx.conn)?;
    }
    let id = AvatarId::new(tx.ids());
    if let Some(photo) = photo {
        insert_row(tx, owner, id, photo, true, source)?;
    }
    // A run is one line of the audit trail; its photos are only changes.
    tx.changed(ObjectKind::Avatar, contact);
    Ok(if photo.is_some() { Photo::Set } else { Photo::Removed })
}

fn rank(conn: &mut Connection, source_key: i64, contact: Option<i64>) -> StoreResult<u8> {
    let is_taken = contact.map(|contact| crate::sources::gives_photo_to(conn, source_key, contact)).transpose()?;
    let connection = crate::sources::fields_of(conn, source_key)?.connection;
    Ok(if is_taken == Some(false) { u8::MAX } else { connection.photo_rank() })
}

/// The next run of every other source that has a photo of the contact gives it.
fn offer_others(tx: &mut Tx<'_>, contact: Option<i64>, source: Option<i64>) -> StoreResult<()> {
    let of_contact = source_records::contact_id.eq(contact).and(source_records::photo.is_not_null());
    let others: Vec<(i64, Option<Vec<u8>>, Option<String>)> = source_records::table
        .filter(of_contact.and(source_records::source_id.ne(source.unwrap_or_default())))
        .select((source_records::id, source_records::photo, source_records::holds))
        .load(tx.conn)?;
    for (record, file, holds) in others {
        let holds: Option<Holds> = holds.map(|holds| Column("source_records", "holds").json(&holds)).transpose()?;
        // A photo that was taken back is not given again.
        let is_refused =
            holds.and_then(|holds| holds.photo).is_some_and(|held| file.as_deref() == Some(held.as_bytes()));
        if !is_refused {
            let none = source_records::photo.eq(None::<Vec<u8>>);
            diesel::update(source_records::table.find(record)).set(none).execute(tx.conn)?;
        }
    }
    Ok(())
}
