//! Pictures of contacts and default pictures of domains. Each content is kept once, however many
//! show it; each state of a contact or domain has at most one of them.
//!
//! Contents that nobody shows any more are removed a while later, by [`sweep`]: removing them at
//! once would race with somebody who is being given the same picture.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;
use directory_model::audit::Act;
use directory_model::avatar::{Avatar, Face, MovedStatus, PictureHash};
use directory_model::change::ObjectKind;
use directory_model::id::{AvatarId, ContactId, DomainId, SourceId, TenantId};
use directory_model::presence::Availability;
use directory_model::timestamp::Timestamp;
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

use crate::column::{Column, moment};
use crate::connection::{Connection, per_backend};
use crate::error::{StoreError, StoreResult};
use crate::schema::{avatar_statuses, avatars, blobs, contacts, domains, sources};
use crate::tenants;
use crate::tx::Tx;

pub(crate) mod kept;
mod photo;
mod shown;

pub use self::kept::photos_of;
pub use self::photo::{Photo, set_photo};
pub use self::shown::{all_faces, faces, find_picture, sweep};

/// Whose pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Owner {
    /// A contact's own.
    Contact(ContactId),
    /// What a domain shows for contacts without.
    Domain(DomainId),
}

impl From<ContactId> for Owner {
    fn from(id: ContactId) -> Self {
        Self::Contact(id)
    }
}

impl From<DomainId> for Owner {
    fn from(id: DomainId) -> Self {
        Self::Domain(id)
    }
}

/// One size of a picture, encoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Its media type, such as `image/jpeg`.
    pub media_type: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// A new avatar in its two sizes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAvatar {
    /// The large rendition.
    pub large: Picture,
    /// The small rendition.
    pub small: Picture,
    /// The states in which it is to be shown.
    pub statuses: BTreeSet<Availability>,
}

/// An avatar as it is now, and what was taken from others for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assigned {
    /// The avatar.
    pub avatar: Avatar,
    /// The states that others were shown in.
    pub moved: Vec<MovedStatus>,
}

/// The owner's row.
#[derive(Clone, Copy)]
struct OwnerKey {
    owner: Owner,
    contact: Option<i64>,
    domain: Option<i64>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = avatars)]
struct AvatarRow {
    id: i64,
    public_id: String,
    large: Vec<u8>,
    small: Vec<u8>,
    is_synced: bool,
    created_at: i64,
}

type Loaded = (AvatarRow, Option<String>);

/// The owner's avatars, oldest first; `None` when there is no such owner.
pub fn list(conn: &mut Connection, tenant: TenantId, owner: Owner) -> StoreResult<Option<Vec<Avatar>>> {
    let Some(tenant_key) = tenants::key(conn, tenant)? else { return Ok(None) };
    let Some(owner) = owner_key(conn, tenant_key, owner)? else { return Ok(None) };
    Ok(Some(load(conn, owner)?.into_iter().map(|(_, avatar)| avatar).collect()))
}

/// The avatar, if the owner has it.
pub fn find(conn: &mut Connection, tenant: TenantId, owner: Owner, id: AvatarId) -> StoreResult<Option<Avatar>> {
    Ok(list(conn, tenant, owner)?.into_iter().flatten().find(|avatar| avatar.id == id))
}

/// Gives the owner an avatar; `None` when there is no such owner. States that others were shown in
/// become this one's.
pub fn insert(tx: &mut Tx<'_>, owner: Owner, new: &NewAvatar) -> StoreResult<Option<Assigned>> {
    let Some(owner) = owner_key(tx.conn, tx.tenant_key, owner)? else { return Ok(None) };
    let id = AvatarId::new(tx.ids());
    let key = insert_row(tx, owner, id, new, false, None)?;
    let moved = assign_statuses(tx, owner, key, &new.statuses)?;
    let avatar = one(load(tx.conn, owner)?, id)?;
    record(tx, owner, &json!({ "avatar": [null, id], "statuses": [null, words(&new.statuses)] }))?;
    Ok(Some(Assigned { avatar, moved }))
}

/// Shows the avatar in these states and no others; `None` when the owner has no such avatar.
pub fn assign(
    tx: &mut Tx<'_>,
    owner: Owner,
    id: AvatarId,
    statuses: &BTreeSet<Availability>,
) -> StoreResult<Option<Assigned>> {
    let Some((owner, key, old)) = locate(tx, owner, id)? else { return Ok(None) };
    if old.statuses == *statuses {
        return Ok(Some(Assigned { avatar: old, moved: Vec::new() }));
    }
    diesel::delete(avatar_statuses::table.filter(avatar_statuses::avatar_id.eq(key))).execute(tx.conn)?;
    let moved = assign_statuses(tx, owner, key, statuses)?;
    record(tx, owner, &json!({ "avatar": [id, id], "statuses": [words(&old.statuses), words(statuses)] }))?;
    Ok(Some(Assigned { avatar: Avatar { statuses: statuses.clone(), ..old }, moved }))
}

/// Removes the avatar; `None` when the owner has no such avatar.
pub fn remove(tx: &mut Tx<'_>, owner: Owner, id: AvatarId) -> StoreResult<Option<()>> {
    let Some((owner, key, old)) = locate(tx, owner, id)? else { return Ok(None) };
    diesel::delete(avatars::table.filter(avatars::id.eq(key))).execute(tx.conn)?;
    record(tx, owner, &json!({ "avatar": [id, null], "statuses": [words(&old.statuses), null] }))?;
    Ok(Some(()))
}

/// Keeps a picture's bytes, and says their hash.
fn keep(tx: &mut Tx<'_>, picture: &Picture) -> StoreResult<Vec<u8>> {
    let hash = digest(&SHA256, &picture.bytes).as_ref().to_vec();
    let now = tx.now().millis();
    let row = (
        blobs::digest.eq(&hash),
        blobs::media_type.eq(&picture.media_type),
        blobs::bytes.eq(&picture.bytes),
        blobs::created_at.eq(now),
    );
    // Known bytes are as new: `sweep` leaves them alone until this transaction has ended.
    per_backend!(tx.conn, |conn| diesel::insert_into(blobs::table)
        .values(row)
        .on_conflict(blobs::digest)
        .do_update()
        .set(blobs::created_at.eq(now))
        .execute(conn))?;
    Ok(hash)
}

/// A synced one is a directory's photo, of `source` as long as there is that source.
fn insert_row(
    tx: &mut Tx<'_>,
    owner: OwnerKey,
    id: AvatarId,
    new: &NewAvatar,
    is_synced: bool,
    source: Option<i64>,
) -> StoreResult<i64> {
    let (large, small) = (keep(tx, &new.large)?, keep(tx, &new.small)?);
    let key = diesel::insert_into(avatars::table)
        .values((
            avatars::tenant_id.eq(tx.tenant_key),
            avatars::public_id.eq(id.to_string()),
            avatars::contact_id.eq(owner.contact),
            avatars::domain_id.eq(owner.domain),
            avatars::large.eq(large),
            avatars::small.eq(small),
            avatars::is_synced.eq(is_synced),
            avatars::synced_from_id.eq(source),
            avatars::created_at.eq(tx.now().millis()),
        ))
        .returning(avatars::id)
        .get_result(tx.conn)?;
    Ok(key)
}

/// Gives the avatar states that it does not have yet, taking them from others.
fn assign_statuses(
    tx: &mut Tx<'_>,
    owner: OwnerKey,
    key: i64,
    statuses: &BTreeSet<Availability>,
) -> StoreResult<Vec<MovedStatus>> {
    let mut moved = Vec::new();
    for status in statuses {
        let held = avatar_statuses::table.filter(avatar_statuses::status.eq(status.word()));
        let holder: Option<i64> = match (owner.contact, owner.domain) {
            (Some(contact), _) => held
                .filter(avatar_statuses::contact_id.eq(contact))
                .select(avatar_statuses::avatar_id)
                .first(tx.conn)
                .optional()?,
            (None, domain) => held
                .filter(avatar_statuses::domain_id.eq(domain.unwrap_or_default()))
                .select(avatar_statuses::avatar_id)
                .first(tx.conn)
                .optional()?,
        };
        if let Some(holder) = holder {
            let from: String = avatars::table.find(holder).select(avatars::public_id).first(tx.conn)?;
            moved.push(MovedStatus { status: *status, from: Column("avatars", "public_id").id(&from)? });
            diesel::delete(avatar_statuses::table.find((holder, status.word()))).execute(tx.conn)?;
        }
        diesel::insert_into(avatar_statuses::table)
            .values((
                avatar_statuses::avatar_id.eq(key),
                avatar_statuses::status.eq(status.word()),
                avatar_statuses::contact_id.eq(owner.contact),
                avatar_statuses::domain_id.eq(owner.domain),
                avatar_statuses::tenant_id.eq(tx.tenant_key),
            ))
            .execute(tx.conn)?;
    }
    Ok(moved)
}

fn locate(tx: &mut Tx<'_>, owner: Owner, id: AvatarId) -> StoreResult<Option<(OwnerKey, i64, Avatar)>> {
    let Some(owner) = owner_key(tx.conn, tx.tenant_key, owner)? else { return Ok(None) };
    let found = load(tx.conn, owner)?.into_iter().find(|(_, avatar)| avatar.id == id);
    Ok(found.map(|(key, avatar)| (owner, key, avatar)))
}

fn one(known: Vec<(i64, Avatar)>, id: AvatarId) -> StoreResult<Avatar> {
    let found = known.into_iter().find(|(_, avatar)| avatar.id == id);
    found.map(|(_, avatar)| avatar).ok_or(StoreError::Query(diesel::result::Error::NotFound))
}

/// A contact's pictures are a change of their own; a domain's are part of the domain.
fn record(tx: &mut Tx<'_>, owner: OwnerKey, changes: &Value) -> StoreResult<()> {
    match owner.owner {
        Owner::Contact(id) => tx.audit(Act::Update, ObjectKind::Avatar, id, changes),
        Owner::Domain(id) => tx.audit(Act::Update, ObjectKind::Domain, id, changes),
    }
}

fn words(statuses: &BTreeSet<Availability>) -> Vec<&'static str> {
    statuses.iter().map(|status| status.word()).collect()
}

fn owner_key(conn: &mut Connection, tenant_key: i64, owner: Owner) -> StoreResult<Option<OwnerKey>> {
    Ok(match owner {
        Owner::Contact(id) => crate::users::find_contact_key(conn, tenant_key, id)?.map(|key| OwnerKey {
            owner,
            contact: Some(key),
            domain: None,
        }),
        Owner::Domain(id) => {
            let key: Option<i64> = domains::table
                .filter(domains::tenant_id.eq(tenant_key))
                .filter(domains::public_id.eq(id.to_string()))
                .select(domains::id)
                .first(conn)
                .optional()?;
            key.map(|key| OwnerKey { owner, contact: None, domain: Some(key) })
        }
    })
}

fn load(conn: &mut Connection, owner: OwnerKey) -> StoreResult<Vec<(i64, Avatar)>> {
    let query = avatars::table
        .left_join(sources::table.on(sources::id.nullable().eq(avatars::synced_from_id)))
        .order(avatars::id.asc());
    let columns = (AvatarRow::as_select(), sources::public_id.nullable());
    let rows: Vec<Loaded> = match (owner.contact, owner.domain) {
        (Some(contact), _) => query.filter(avatars::contact_id.eq(contact)).select(columns).load(conn)?,
        (None, domain) => query.filter(avatars::domain_id.eq(domain.unwrap_or_default())).select(columns).load(conn)?,
    };
    let keys: Vec<i64> = rows.iter().map(|(row, _)| row.id).collect();
    let mut statuses = statuses_of(conn, &keys)?;
    rows.into_iter().map(|row| Ok((row.0.id, read(row, &mut statuses)?))).collect()
}

fn statuses_of(conn: &mut Connection, keys: &[i64]) -> StoreResult<HashMap<i64, BTreeSet<Availability>>> {
    let mut found: HashMap<i64, BTreeSet<Availability>> = HashMap::new();
    for keys in keys.chunks(500) {
        let rows: Vec<(i64, String)> = avatar_statuses::table
            .filter(avatar_statuses::avatar_id.eq_any(keys))
            .select((avatar_statuses::avatar_id, avatar_statuses::status))
            .load(conn)?;
        for (key, status) in rows {
            found.entry(key).or_default().insert(Column("avatar_statuses", "status").word(&status)?);
        }
    }
    Ok(found)
}

fn read((row, source): Loaded, statuses: &mut HashMap<i64, BTreeSet<Availability>>) -> StoreResult<Avatar> {
    let source: Option<SourceId> = source.map(|id| Column("sources", "public_id").id(&id)).transpose()?;
    Ok(Avatar {
        id: Column("avatars", "public_id").id(&row.public_id)?,
        large: hash("large", &row.large)?,
        small: hash("small", &row.small)?,
        statuses: statuses.remove(&row.id).unwrap_or_default(),
        is_synced: row.is_synced,
        source,
        created_at: moment(row.created_at),
    })
}

fn hash(column: &'static str, bytes: &[u8]) -> StoreResult<PictureHash> {
    let found = PictureHash::from_slice(bytes);
    found.ok_or_else(|| Column("avatars", column).inconsistent(format!("{} bytes", bytes.len())))
}
