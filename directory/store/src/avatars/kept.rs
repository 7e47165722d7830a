//! Avatars that a run took, kept for as long as it can be undone.

use std::collections::HashMap;

use diesel::prelude::*;
use directory_model::avatar::{Avatar, PictureHash};
use directory_model::change::ObjectKind;
use directory_model::id::{ContactId, TenantId};
use directory_model::undo::KeptAvatar;

use super::{Owner, assign_statuses, hash, list, owner_key};
use crate::column::Column;
use crate::connection::{Connection, per_backend};
use crate::error::StoreResult;
use crate::refs::CHUNK;
use crate::schema::{avatar_statuses, avatars, blobs, contacts, kept_pictures, tenants};
use crate::sync_runs::OpenRun;
use crate::tx::Tx;

/// The contact's avatars, as they would be kept.
pub(crate) fn of(conn: &mut Connection, tenant: TenantId, contact: ContactId) -> StoreResult<Vec<KeptAvatar>> {
    Ok(list(conn, tenant, Owner::Contact(contact))?.into_iter().flatten().map(kept).collect())
}

/// The photo that the contact has from a directory.
pub(crate) fn photo_of(conn: &mut Connection, tenant: TenantId, contact: ContactId) -> StoreResult<Option<KeptAvatar>> {
    Ok(of(conn, tenant, contact)?.into_iter().find(|avatar| avatar.is_synced))
}

/// The photos that contacts have from a directory.
pub fn photos_of(
    conn: &mut Connection,
    tenant: TenantId,
    ids: &[ContactId],
) -> StoreResult<HashMap<ContactId, PictureHash>> {
    let mut photos = HashMap::new();
    for ids in ids.chunks(CHUNK) {
        let rows: Vec<(String, Vec<u8>)> = avatars::table
            .inner_join(contacts::table.on(contacts::id.nullable().eq(avatars::contact_id)))
            .inner_join(tenants::table.on(tenants::id.eq(avatars::tenant_id)))
            .filter(contacts::public_id.eq_any(ids.iter().map(ToString::to_string)))
            .filter(avatars::is_synced.eq(true).and(tenants::public_id.eq(tenant.to_string())))
            .select((contacts::public_id, avatars::large))
            .load(conn)?;
        for (id, large) in rows {
            photos.insert(Column("contacts", "public_id").id(&id)?, hash("large", &large)?);
        }
    }
    Ok(photos)
}

fn kept(avatar: Avatar) -> KeptAvatar {
    let Avatar { id, large, small, statuses, is_synced, source, created_at } = avatar;
    KeptAvatar { id, created_at, large, small, statuses, is_synced, source }
}

/// Keeps the pictures of avatars that are about to go, as long as there is the run.
pub(crate) fn keep_pictures(tx: &mut Tx<'_>, run: &OpenRun, kept: &[&KeptAvatar]) -> StoreResult<()> {
    for digest in kept.iter().flat_map(|avatar| [avatar.large, avatar.small]) {
        let row = (
            kept_pictures::run_id.eq(run.key),
            kept_pictures::digest.eq(digest.as_bytes().to_vec()),
            kept_pictures::tenant_id.eq(run.tenant_key),
        );
        per_backend!(tx.conn, |conn| diesel::insert_into(kept_pictures::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(conn))?;
    }
    Ok(())
}

/// Gives a contact an avatar back, in those of its states that no other one took over. One whose
/// pictures are gone does not come back.
pub(crate) fn restore(tx: &mut Tx<'_>, contact: ContactId, avatar: &KeptAvatar) -> StoreResult<()> {
    let Some(owner) = owner_key(tx.conn, tx.tenant_key, Owner::Contact(contact))? else { return Ok(()) };
    if !(is_kept(tx.conn, avatar.large)? && is_kept(tx.conn, avatar.small)?) {
        return Ok(());
    }
    let source = match avatar.source {
        Some(source) => crate::sources::key(tx.conn, tx.tenant, source)?,
        None => None,
    };
    let key = diesel::insert_into(avatars::table)
        .values((
            avatars::tenant_id.eq(tx.tenant_key),
            avatars::public_id.eq(avatar.id.to_string()),
            avatars::contact_id.eq(owner.contact),
            avatars::domain_id.eq(owner.domain),
            avatars::large.eq(avatar.large.as_bytes().to_vec()),
            avatars::small.eq(avatar.small.as_bytes().to_vec()),
            avatars::is_synced.eq(avatar.is_synced),
            avatars::synced_from_id.eq(source),
            avatars::created_at.eq(avatar.created_at.millis()),
        ))
        .returning(avatars::id)
        .get_result(tx.conn)?;
    let taken: Vec<String> = avatar_statuses::table
        .filter(avatar_statuses::contact_id.eq(owner.contact))
        .select(avatar_statuses::status)
        .load(tx.conn)?;
    let mut statuses = avatar.statuses.clone();
    statuses.retain(|status| taken.iter().all(|taken| taken != status.word()));
    assign_statuses(tx, owner, key, &statuses)?;
    tx.changed(ObjectKind::Avatar, contact);
    Ok(())
}

/// Makes `before` the contact's photo from a directory again, or takes the one it has.
pub(crate) fn restore_photo(tx: &mut Tx<'_>, contact: ContactId, before: Option<&KeptAvatar>) -> StoreResult<()> {
    let Some(owner) = owner_key(tx.conn, tx.tenant_key, Owner::Contact(contact))? else { return Ok(()) };
    // Who would get nothing keeps what there is.
    if let Some(before) = before
        && !(is_kept(tx.conn, before.large)? && is_kept(tx.conn, before.small)?)
    {
        return Ok(());
    }
    let synced = avatars::contact_id.eq(owner.contact).and(avatars::is_synced.eq(true));
    diesel::delete(avatars::table.filter(synced)).execute(tx.conn)?;
    tx.changed(ObjectKind::Avatar, contact);
    before.map_or(Ok(()), |before| restore(tx, contact, before))
}

fn is_kept(conn: &mut Connection, digest: PictureHash) -> StoreResult<bool> {
    let found = blobs::table.filter(blobs::digest.eq(digest.as_bytes().to_vec()));
    Ok(found.count().get_result::<i64>(conn)? > 0)
}
