//! Pictures of contacts: each content is kept once, however many contacts it shows, and each state
//! of a contact shows at most one of them.

use diesel::prelude::*;
use directory_model::audit::Act;
use directory_model::change::ObjectKind;
use directory_model::id::{AvatarId, ContactId, TenantId};
use directory_model::presence::Availability;
use ring::digest::{SHA256, digest};
use serde_json::json;

use crate::column::Column;
use crate::connection::Connection;
use crate::error::{Conflict, StoreResult};
use crate::schema::{avatar_statuses, avatars, blobs, contacts, tenants};
use crate::tx::Tx;

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blob {
    /// Its SHA-256 hash.
    pub digest: Vec<u8>,
    /// Its media type, such as `image/jpeg`.
    pub media_type: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// The picture with this hash, if a contact of the tenant has it.
pub fn find_blob(conn: &mut Connection, tenant: TenantId, hash: &[u8]) -> StoreResult<Option<Blob>> {
    let found: Option<(Vec<u8>, String, Vec<u8>)> = blobs::table
        .inner_join(avatars::table.on(avatars::digest.eq(blobs::digest)))
        .inner_join(tenants::table.on(tenants::id.eq(avatars::tenant_id)))
        .select((blobs::digest, blobs::media_type, blobs::bytes))
        .filter(blobs::digest.eq(hash))
        .filter(tenants::public_id.eq(tenant.to_string()))
        .first(conn)
        .optional()?;
    Ok(found.map(|(digest, media_type, bytes)| Blob { digest, media_type, bytes }))
}

/// Gives the contact a picture; `None` when there is no such contact.
pub fn insert(tx: &mut Tx<'_>, contact: ContactId, media_type: &str, bytes: &[u8]) -> StoreResult<Option<AvatarId>> {
    let Some(contact_key) = contact_key(tx, contact)? else { return Ok(None) };
    let hash = digest(&SHA256, bytes);
    let known: i64 = blobs::table.filter(blobs::digest.eq(hash.as_ref())).count().get_result(tx.conn)?;
    if known == 0 {
        diesel::insert_into(blobs::table)
            .values((
                blobs::digest.eq(hash.as_ref()),
                blobs::media_type.eq(media_type),
                blobs::bytes.eq(bytes),
                blobs::created_at.eq(tx.now().millis()),
            ))
            .execute(tx.conn)?;
    }
    let id = AvatarId::new(tx.ids());
    diesel::insert_into(avatars::table)
        .values((
            avatars::tenant_id.eq(tx.tenant_key),
            avatars::public_id.eq(id.to_string()),
            avatars::contact_id.eq(contact_key),
            avatars::digest.eq(hash.as_ref()),
            avatars::revision.eq(1),
            avatars::created_at.eq(tx.now().millis()),
        ))
        .execute(tx.conn)?;
    tx.audit(Act::Create, ObjectKind::Avatar, id, &json!({"contact": [null, contact]}))?;
    Ok(Some(id))
}

/// Shows the picture in these states of its contact; `None` when there is no such picture.
/// Conflicts when another picture of the contact is shown in one of them.
pub fn assign(tx: &mut Tx<'_>, id: AvatarId, statuses: &[Availability]) -> StoreResult<Option<()>> {
    let found: Option<(i64, i64)> = avatars::table
        .select((avatars::id, avatars::contact_id))
        .filter(avatars::public_id.eq(id.to_string()))
        .filter(avatars::tenant_id.eq(tx.tenant_key))
        .first(tx.conn)
        .optional()?;
    let Some((key, contact_key)) = found else { return Ok(None) };
    let words: Vec<&str> = statuses.iter().map(|status| status.word()).collect();
    let taken: Option<String> = avatar_statuses::table
        .select(avatar_statuses::status)
        .filter(avatar_statuses::contact_id.eq(contact_key))
        .filter(avatar_statuses::avatar_id.ne(key))
        .filter(avatar_statuses::status.eq_any(&words))
        .first(tx.conn)
        .optional()?;
    if let Some(value) = taken {
        return Err(Conflict::Name { field: "status", value }.into());
    }
    diesel::delete(avatar_statuses::table.filter(avatar_statuses::avatar_id.eq(key))).execute(tx.conn)?;
    for status in &words {
        diesel::insert_into(avatar_statuses::table)
            .values((
                avatar_statuses::contact_id.eq(contact_key),
                avatar_statuses::status.eq(*status),
                avatar_statuses::avatar_id.eq(key),
                avatar_statuses::tenant_id.eq(tx.tenant_key),
            ))
            .execute(tx.conn)?;
    }
    tx.audit(Act::Update, ObjectKind::Avatar, id, &json!({"statuses": [null, words]}))?;
    Ok(Some(()))
}

/// The picture that the contact shows in a state.
pub fn shown(
    conn: &mut Connection,
    tenant: TenantId,
    contact: ContactId,
    status: Availability,
) -> StoreResult<Option<AvatarId>> {
    let id: Option<String> = avatar_statuses::table
        .inner_join(avatars::table.on(avatars::id.eq(avatar_statuses::avatar_id)))
        .inner_join(contacts::table.on(contacts::id.eq(avatar_statuses::contact_id)))
        .inner_join(tenants::table.on(tenants::id.eq(avatar_statuses::tenant_id)))
        .select(avatars::public_id)
        .filter(contacts::public_id.eq(contact.to_string()))
        .filter(tenants::public_id.eq(tenant.to_string()))
        .filter(avatar_statuses::status.eq(status.word()))
        .first(conn)
        .optional()?;
    id.map(|id| Column("avatars", "public_id").id(&id)).transpose()
}

/// Removes the picture, and its content once no contact of any tenant shows it.
pub fn remove(tx: &mut Tx<'_>, id: AvatarId) -> StoreResult<Option<()>> {
    let found: Option<(i64, Vec<u8>)> = avatars::table
        .select((avatars::id, avatars::digest))
        .filter(avatars::public_id.eq(id.to_string()))
        .filter(avatars::tenant_id.eq(tx.tenant_key))
        .first(tx.conn)
        .optional()?;
    let Some((key, hash)) = found else { return Ok(None) };
    diesel::delete(avatars::table.filter(avatars::id.eq(key))).execute(tx.conn)?;
    let others: i64 = avatars::table.filter(avatars::digest.eq(&hash)).count().get_result(tx.conn)?;
    if others == 0 {
        diesel::delete(blobs::table.filter(blobs::digest.eq(&hash))).execute(tx.conn)?;
    }
    tx.audit(Act::Remove, ObjectKind::Avatar, id, &json!({}))?;
    Ok(Some(()))
}

fn contact_key(tx: &mut Tx<'_>, contact: ContactId) -> StoreResult<Option<i64>> {
    crate::users::find_contact_key(tx.conn, tx.tenant_key, contact)
}
