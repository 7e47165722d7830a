//! The photo that a directory holds for a contact.

use diesel::prelude::*;
use directory_model::change::ObjectKind;
use directory_model::id::{AvatarId, ContactId, SourceId};
use ring::digest::{SHA256, digest};

use super::{NewAvatar, insert_row, owner_key};
use crate::error::StoreResult;
use crate::schema::avatars;
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

/// Makes `photo` the contact's photo from `source`, or removes the one it has. What somebody
/// uploaded stays as it is.
pub fn set_photo(
    tx: &mut Tx<'_>,
    contact: ContactId,
    source: SourceId,
    photo: Option<&NewAvatar>,
) -> StoreResult<Photo> {
    let Some(owner) = owner_key(tx.conn, tx.tenant_key, contact.into())? else { return Ok(Photo::NoContact) };
    let source = crate::sources::key(tx.conn, tx.tenant, source)?;
    let old: Option<(i64, Vec<u8>)> = avatars::table
        .filter(avatars::contact_id.eq(owner.contact).and(avatars::is_synced.eq(true)))
        .select((avatars::id, avatars::large))
        .first(tx.conn)
        .optional()?;
    let hash = photo.map(|photo| digest(&SHA256, &photo.large.bytes));
    match (&old, &hash) {
        (None, None) => return Ok(Photo::Same),
        (Some((_, old)), Some(new)) if old.as_slice() == new.as_ref() => return Ok(Photo::Same),
        _ => {}
    }
    if let Some((key, _)) = old {
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
