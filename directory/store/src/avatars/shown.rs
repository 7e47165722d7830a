//! Pictures as they are looked up: what presence keeps in memory, and what is served.

use super::{
    Availability, Avatar, BTreeSet, Column, Connection, ContactId, DomainId, Face, HashMap, Owner, Picture,
    PictureHash, StoreResult, TenantId, Timestamp, avatars, blobs, contacts, domains, hash, list, statuses_of, tenants,
};
use diesel::dsl::{exists, not};
use diesel::prelude::*;

use crate::schema::{kept_pictures, removed_pictures};

/// How long contents that nobody shows are kept, in milliseconds: far longer than a transaction.
const UNUSED_MILLIS: i64 = 3_600_000;

/// The rendition with this hash, if the tenant has it.
pub fn find_picture(conn: &mut Connection, tenant: TenantId, picture: PictureHash) -> StoreResult<Option<Picture>> {
    let Some(tenant_key) = tenants::key(conn, tenant)? else { return Ok(None) };
    let of_tenant = avatars::table
        .filter(avatars::tenant_id.eq(tenant_key))
        .filter(avatars::large.eq(picture.as_bytes()).or(avatars::small.eq(picture.as_bytes())));
    if !diesel::select(diesel::dsl::exists(of_tenant)).get_result::<bool>(conn)? {
        return Ok(None);
    }
    let found: Option<(String, Vec<u8>)> =
        blobs::table.find(picture.as_bytes()).select((blobs::media_type, blobs::bytes)).first(conn).optional()?;
    Ok(found.map(|(media_type, bytes)| Picture { media_type, bytes }))
}

/// What presence must know of the owner's pictures.
pub fn faces(conn: &mut Connection, tenant: TenantId, owner: impl Into<Owner>) -> StoreResult<Vec<Face>> {
    let found: Option<Vec<Avatar>> = list(conn, tenant, owner.into())?;
    Ok(found.iter().flatten().map(Face::of).collect())
}

type FaceRow = (i64, Vec<u8>, bool, Option<String>, Option<String>);

/// Every picture of the tenant's contacts and domains, for start-up.
pub fn all_faces(conn: &mut Connection, tenant: TenantId) -> StoreResult<Vec<(Owner, Face)>> {
    let Some(tenant_key) = tenants::key(conn, tenant)? else { return Ok(Vec::new()) };
    let rows: Vec<FaceRow> = avatars::table
        .left_join(contacts::table.on(contacts::id.nullable().eq(avatars::contact_id)))
        .left_join(domains::table.on(domains::id.nullable().eq(avatars::domain_id)))
        .filter(avatars::tenant_id.eq(tenant_key))
        .select((
            avatars::id,
            avatars::large,
            avatars::is_synced,
            contacts::public_id.nullable(),
            domains::public_id.nullable(),
        ))
        .order(avatars::id.asc())
        .load(conn)?;
    let keys: Vec<i64> = rows.iter().map(|row| row.0).collect();
    let statuses: HashMap<i64, BTreeSet<Availability>> = statuses_of(conn, &keys)?;
    rows.into_iter().map(|row| face(row, &statuses)).collect()
}

fn face(row: FaceRow, statuses: &HashMap<i64, BTreeSet<Availability>>) -> StoreResult<(Owner, Face)> {
    let (key, large, is_synced, contact, domain) = row;
    let owner = match (contact, domain) {
        (Some(id), _) => Owner::Contact(Column("contacts", "public_id").id::<ContactId>(&id)?),
        (None, domain) => {
            Owner::Domain(Column("domains", "public_id").id::<DomainId>(domain.as_deref().unwrap_or_default())?)
        }
    };
    let statuses = statuses.get(&key).into_iter().flatten().copied().collect();
    Ok((owner, Face { statuses, is_synced, picture: hash("large", &large)? }))
}

/// Removes contents that nobody has shown for an hour; says how many.
pub fn sweep(conn: &mut Connection, now: Timestamp) -> StoreResult<usize> {
    let used = avatars::table.filter(avatars::large.eq(blobs::digest).or(avatars::small.eq(blobs::digest)));
    let kept = kept_pictures::table.filter(kept_pictures::digest.eq(blobs::digest));
    let old = blobs::created_at.lt(now.millis() - UNUSED_MILLIS);
    let removed = removed_pictures::table.filter(removed_pictures::digest.eq(blobs::digest));
    let unused =
        blobs::table.filter(old).filter(not(exists(used))).filter(not(exists(kept))).filter(not(exists(removed)));
    Ok(diesel::delete(unused).execute(conn)?)
}
