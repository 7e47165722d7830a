//! Which photo of a source each contact was given last.

use std::collections::HashMap;

use diesel::prelude::*;
use directory_model::avatar::PictureHash;
use directory_model::change::ObjectKind;
use directory_model::id::{ContactId, SourceId, TenantId};
use directory_model::invalid::Invalid;
use directory_model::record::KnownPhoto;
use directory_model::run::{Counts, RunAction, RunEntry};
use directory_model::undo::{Holds, PhotoReversal, Reversal};

use crate::avatars::{self, NewAvatar, Photo, kept};
use crate::column::Column;
use crate::connection::Connection;
use crate::contacts;
use crate::error::StoreResult;
use crate::refs::CHUNK;
use crate::schema::{contacts as contact_rows, source_records, sources, tenants};
use crate::source_records::HOLDS;
use crate::sync_runs::{self, OpenRun};
use crate::tx::Tx;

/// A photo that a contact is given, or loses.
#[derive(Debug)]
pub struct PhotoChange {
    /// What identifies the entry.
    pub external_id: Vec<u8>,
    /// The entry's contact.
    pub contact: ContactId,
    /// The photo and the SHA-256 hash of the file that it was made from; `None` takes it away.
    pub photo: Option<(NewAvatar, [u8; 32])>,
    /// The tag that the photo came with.
    pub tag: Option<String>,
}

/// A photo that was left out.
#[derive(Debug)]
pub struct PhotoSetAside {
    /// Where the entry is found.
    pub locator: String,
    /// The entry's contact; `None` when the entry is not known by its identity.
    pub contact: Option<ContactId>,
    /// Why.
    pub reason: Invalid,
}

/// What one transaction of a run does about photos.
#[derive(Debug, Default)]
pub struct PhotoBatch {
    /// Photos that come, change and go.
    pub changes: Vec<PhotoChange>,
    /// Photos that were left out.
    pub set_aside: Vec<PhotoSetAside>,
    /// The identities of entries whose photos are the same, and the tags that these came with now.
    pub tags: Vec<(Vec<u8>, String)>,
}

impl PhotoBatch {
    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.set_aside.is_empty() && self.tags.is_empty()
    }
}

type KnownRow = (Vec<u8>, Option<Vec<u8>>, Option<String>, String, Option<String>, bool, bool, Option<String>);

macro_rules! of_source {
    ($tenant:expr, $source:expr) => {
        source_records::table
            .inner_join(contact_rows::table.on(contact_rows::id.nullable().eq(source_records::contact_id)))
            .inner_join(sources::table.on(sources::id.eq(source_records::source_id)))
            .inner_join(tenants::table.on(tenants::id.eq(source_records::tenant_id)))
            .filter(tenants::public_id.eq($tenant.to_string()).and(sources::public_id.eq($source.to_string())))
            .select((
                source_records::external_id,
                source_records::photo,
                source_records::photo_tag,
                contact_rows::public_id,
                contact_rows::disabled_by,
                contact_rows::is_hybrid,
                source_records::is_extra,
                source_records::holds,
            ))
    };
}

/// Every entry of the source whose contact was given its photo.
pub fn known(conn: &mut Connection, tenant: TenantId, source: SourceId) -> StoreResult<Vec<KnownPhoto>> {
    let rows: Vec<KnownRow> = of_source!(tenant, source).filter(source_records::photo.is_not_null()).load(conn)?;
    read_all(conn, tenant, source, rows)
}

/// The identities of the entries whose contacts are in service and marked as hybrid, or have their fields from there.
pub fn of_the_cloud(conn: &mut Connection, tenant: TenantId, source: SourceId) -> StoreResult<Vec<Vec<u8>>> {
    let rows: Vec<KnownRow> = of_source!(tenant, source)
        .filter(contact_rows::disabled_by.is_null())
        .filter(contact_rows::is_hybrid.eq(true).or(source_records::is_extra.eq(false)))
        .order(source_records::external_id.asc())
        .load(conn)?;
    Ok(rows.into_iter().map(|(external_id, ..)| external_id).collect())
}

/// Every entry of the source whose contact was given its photo and is not one to take it from there, or not any more.
pub fn not_to_be_taken(conn: &mut Connection, tenant: TenantId, source: SourceId) -> StoreResult<Vec<KnownPhoto>> {
    let rows: Vec<KnownRow> = of_source!(tenant, source)
        .filter(source_records::photo.is_not_null().and(contact_rows::is_hybrid.eq(false)))
        .filter(source_records::is_extra.eq(true))
        .load(conn)?;
    let mut known = read_all(conn, tenant, source, rows)?;
    known.retain(|known| !known.is_taken);
    Ok(known)
}

/// How many entries of the source have a contact in service.
pub fn count(conn: &mut Connection, tenant: TenantId, source: SourceId) -> StoreResult<u64> {
    let in_service = of_source!(tenant, source).filter(contact_rows::disabled_by.is_null());
    let count: i64 = in_service.select(diesel::dsl::count_star()).get_result(conn)?;
    Ok(count.unsigned_abs())
}

/// Up to `limit` entries of the source that have a contact in service, in the order of their identities, after
/// the identity `after`.
pub fn page(
    conn: &mut Connection,
    tenant: TenantId,
    source: SourceId,
    after: &[u8],
    limit: i64,
) -> StoreResult<Vec<KnownPhoto>> {
    let rows: Vec<KnownRow> = of_source!(tenant, source)
        .filter(contact_rows::disabled_by.is_null().and(source_records::external_id.gt(after)))
        .order(source_records::external_id.asc())
        .limit(limit)
        .load(conn)?;
    read_all(conn, tenant, source, rows)
}

/// What is known of the entries with these identities; those without contact are absent.
pub fn find(
    conn: &mut Connection,
    tenant: TenantId,
    source: SourceId,
    ids: &[Vec<u8>],
) -> StoreResult<Vec<KnownPhoto>> {
    let mut found = Vec::with_capacity(ids.len());
    for ids in ids.chunks(CHUNK) {
        let rows: Vec<KnownRow> =
            of_source!(tenant, source).filter(source_records::external_id.eq_any(ids)).load(conn)?;
        found.extend(rows);
    }
    read_all(conn, tenant, source, found)
}

/// Gives and takes photos, adds lines about it to the run's record, and counts them. An entry whose
/// contact is another one by now, or gone, is passed over.
pub fn write_batch(tx: &mut Tx<'_>, run: &OpenRun, batch: PhotoBatch, counts: &mut Counts) -> StoreResult<()> {
    let mut number = sync_runs::next_number(tx.conn, run)?;
    let mut entries = Vec::with_capacity(batch.changes.len() + batch.set_aside.len());
    let mut reversals = HashMap::new();
    let mut line = |action, locator, contact, reason| {
        entries.push(RunEntry { number, action, locator, contact, changes: Vec::new(), reason });
        number += 1;
    };
    for change in batch.changes {
        let contact = Some(change.contact);
        let Some((done, locator, photo)) = write(tx, run, change)? else { continue };
        let action = match done {
            Photo::Set => RunAction::SetPhoto,
            Photo::Removed => RunAction::RemovePhoto,
            Photo::Same | Photo::NoContact => continue,
        };
        counts.photos += u64::from(done == Photo::Set);
        reversals.insert(reversals.len(), Reversal { photo: Some(photo), ..Reversal::default() });
        line(action, locator, contact, None);
    }
    for PhotoSetAside { locator, contact, reason } in batch.set_aside {
        counts.set_aside += 1;
        line(RunAction::SetAside, locator, contact, Some(reason));
    }
    for (external_id, tag) in batch.tags {
        let of_entry = source_records::source_id.eq(run.source_key).and(source_records::external_id.eq(external_id));
        let tagged = source_records::photo_tag.eq(tag);
        diesel::update(source_records::table.filter(of_entry)).set(tagged).execute(tx.conn)?;
    }
    // Hashes and lines of the record alone have to be kept as well.
    tx.changed(ObjectKind::Run, run.id);
    sync_runs::append(tx.conn, run, &entries, &reversals)
}

/// What became of the photo, where its entry is found, and what it takes to undo it.
fn write(tx: &mut Tx<'_>, run: &OpenRun, change: PhotoChange) -> StoreResult<Option<(Photo, String, PhotoReversal)>> {
    let PhotoChange { external_id, contact, photo, tag } = change;
    let Some(key) = contacts::key(tx.conn, tx.tenant_key, contact)? else { return Ok(None) };
    // The mark may have gone while the photo was on its way.
    let is_taken = crate::sources::gives_photo_to(tx.conn, run.source_key, key)?;
    let (photo, tag) = (photo.filter(|_| is_taken), tag.filter(|_| is_taken));
    let of_entry = source_records::table
        .filter(source_records::source_id.eq(run.source_key).and(source_records::external_id.eq(external_id)))
        .filter(source_records::contact_id.eq(key));
    let record: Option<(i64, String)> =
        of_entry.select((source_records::id, source_records::locator)).first(tx.conn).optional()?;
    let Some((record, locator)) = record else { return Ok(None) };
    let before = kept::photo_of(tx.conn, tx.tenant, contact)?;
    let done = avatars::set_photo(tx, contact, run.source, photo.as_ref().map(|(avatar, _)| avatar))?;
    let digest = photo.as_ref().map(|(_, digest)| digest.as_slice());
    let of_photo = (source_records::photo.eq(digest), source_records::photo_tag.eq(tag));
    diesel::update(source_records::table.find(record)).set(of_photo).execute(tx.conn)?;
    if matches!(done, Photo::Set | Photo::Removed) {
        kept::keep_pictures(tx, run, &before.iter().collect::<Vec<_>>())?;
    }
    let large = photo.as_ref().map(|(avatar, _)| ring::digest::digest(&ring::digest::SHA256, &avatar.large.bytes));
    let reversal = PhotoReversal {
        given: large.and_then(|large| PictureHash::from_slice(large.as_ref())),
        refused: digest.and_then(PictureHash::from_slice),
        before,
    };
    Ok(Some((done, locator, reversal)))
}

/// Gives a contact the photo that it had before, and takes the one that it was given. The file that the source holds is
/// left alone until it holds another one: the one that this was made from, or that of a later run which was taken back
/// already.
pub(crate) fn take_back(
    tx: &mut Tx<'_>,
    run: &OpenRun,
    contact: ContactId,
    external_id: &[u8],
    photo: &PhotoReversal,
) -> StoreResult<()> {
    kept::restore_photo(tx, contact, photo.before.as_ref())?;
    let of_entry = source_records::source_id.eq(run.source_key).and(source_records::external_id.eq(external_id));
    let record = source_records::table.filter(of_entry);
    let last: Option<Option<Vec<u8>>> = record.select(source_records::photo).first(tx.conn).optional()?;
    let last = last.flatten().as_deref().and_then(PictureHash::from_slice);
    // Without a file the entry is not missed when the source holds none.
    let Some(refused) = last.or(photo.refused) else { return Ok(()) };
    diesel::update(record).set(source_records::photo.eq(refused.as_bytes().to_vec())).execute(tx.conn)?;
    crate::source_records::hold_photo(tx.conn, run, external_id, refused)
}

fn read_all(
    conn: &mut Connection,
    tenant: TenantId,
    source: SourceId,
    rows: Vec<KnownRow>,
) -> StoreResult<Vec<KnownPhoto>> {
    let Some(key) = crate::sources::key(conn, tenant, source)? else { return Ok(Vec::new()) };
    let connection = crate::sources::fields_of(conn, key)?.connection;
    rows.into_iter()
        .map(|row| read(row, |is_hybrid, is_extra| connection.gives_photo_to(is_hybrid, is_extra)))
        .collect()
}

fn read(row: KnownRow, gives_to: impl Fn(bool, bool) -> bool) -> StoreResult<KnownPhoto> {
    let (external_id, digest, tag, contact, disabled_by, is_hybrid, is_extra, holds) = row;
    let holds = holds.map(|holds| HOLDS.json::<Holds>(&holds)).transpose()?.unwrap_or_default();
    Ok(KnownPhoto {
        external_id,
        // A hash of another length was written by another version: the photo is looked at again.
        // Without a photo a tag says nothing.
        tag: tag.filter(|_| digest.is_some()),
        digest: digest.map(|digest| digest.try_into().unwrap_or_default()),
        contact: Column("contacts", "public_id").id(&contact)?,
        is_in_service: disabled_by.is_none(),
        is_taken: gives_to(is_hybrid, is_extra),
        is_held: holds.in_service == Some(false),
    })
}
