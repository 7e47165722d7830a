//! What sources reported, and which contacts belong to it.

mod extras;
mod marks;

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use directory_model::address::ContactKey;
use directory_model::id::{ContactId, SourceId, TenantId};
use directory_model::record::{AddressHolder, KnownContact, KnownRecord, MappedRecord, place_of};

use crate::column::Column;
use crate::connection::Connection;
use crate::connection::rows::{insert_rows, sqlite_row};
use crate::contacts::{ContactRow, read_all};
use crate::error::StoreResult;
use crate::refs::CHUNK;
use crate::schema::{contacts, source_records};
use crate::sync_runs::OpenRun;

pub(crate) use self::extras::{cut_others, promote};
pub use self::extras::{entries, peers};
pub(crate) use self::marks::{HOLDS, hold_photo, rename, take_back};
pub use self::marks::{HoldWrite, Link, MarkChanges, Marks, Said, last_said, mark, marks, refused, refused_value};

type KnownRow = (Vec<u8>, Vec<u8>, String, i64, Option<String>, bool, String);

/// How many entries are read at once.
const PORTION: i64 = 5000;

/// Tells every entry of the source that has a contact, a portion at a time.
pub fn each_known(
    conn: &mut Connection,
    tenant: TenantId,
    source: SourceId,
    mut learn: impl FnMut(Vec<KnownRecord>),
) -> StoreResult<()> {
    let Some(source_key) = crate::sources::key(conn, tenant, source)? else { return Ok(()) };
    let mut last: Option<Vec<u8>> = None;
    loop {
        let mut query = source_records::table
            .inner_join(contacts::table.on(contacts::id.nullable().eq(source_records::contact_id)))
            .filter(source_records::source_id.eq(source_key))
            .into_boxed();
        if let Some(last) = &last {
            query = query.filter(source_records::external_id.gt(last));
        }
        let rows: Vec<KnownRow> = query
            .select((
                source_records::external_id,
                source_records::hash,
                contacts::public_id,
                contacts::revision,
                contacts::disabled_by,
                source_records::is_extra,
                source_records::locator,
            ))
            .order(source_records::external_id.asc())
            .limit(PORTION)
            .load(conn)?;
        let Some((id, ..)) = rows.last() else { return Ok(()) };
        last = Some(id.clone());
        learn(rows.into_iter().map(read_known).collect::<StoreResult<_>>()?);
    }
}

/// How many contacts in service have their fields from the source.
pub fn in_service(conn: &mut Connection, run: &OpenRun) -> StoreResult<u64> {
    let count: i64 = source_records::table
        .inner_join(contacts::table.on(contacts::id.nullable().eq(source_records::contact_id)))
        .filter(source_records::source_id.eq(run.source_key).and(source_records::is_extra.eq(false)))
        .filter(contacts::disabled_by.is_null())
        .count()
        .get_result(conn)?;
    Ok(u64::try_from(count).unwrap_or(0))
}

fn read_known(
    (external_id, digest, id, revision, disabled_by, is_extra, locator): KnownRow,
) -> StoreResult<KnownRecord> {
    let id = Column("contacts", "public_id").id(&id)?;
    let disabled_by = disabled_by.map(|who| Column("contacts", "disabled_by").word(&who)).transpose()?;
    // A digest of another length was written by another version: the entry is compared.
    let digest = digest.try_into().unwrap_or_default();
    let contact = KnownContact { id, revision, disabled_by };
    Ok(KnownRecord { external_id, digest, contact, is_extra, place: place_of(&locator) })
}

/// Those of the run's source with one of these identities that have a contact.
pub fn known_of(conn: &mut Connection, run: &OpenRun, external_ids: &[Vec<u8>]) -> StoreResult<Vec<KnownRecord>> {
    let mut known = Vec::with_capacity(external_ids.len());
    for external_ids in external_ids.chunks(CHUNK) {
        let rows: Vec<KnownRow> = source_records::table
            .inner_join(contacts::table.on(contacts::id.nullable().eq(source_records::contact_id)))
            .filter(source_records::source_id.eq(run.source_key))
            .filter(source_records::external_id.eq_any(external_ids))
            .select((
                source_records::external_id,
                source_records::hash,
                contacts::public_id,
                contacts::revision,
                contacts::disabled_by,
                source_records::is_extra,
                source_records::locator,
            ))
            .load(conn)?;
        for row in rows {
            known.push(read_known(row)?);
        }
    }
    Ok(known)
}

/// An entry that a contact belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnEntry {
    /// What identifies it.
    pub external_id: Vec<u8>,
    /// Where it was found last.
    pub locator: String,
    /// Another entry says what the contact's fields are.
    pub is_extra: bool,
}

/// The entries of the run's source that the contacts belong to.
pub fn of_contacts(
    conn: &mut Connection,
    run: &OpenRun,
    ids: &[ContactId],
) -> StoreResult<HashMap<ContactId, OwnEntry>> {
    let mut records = HashMap::with_capacity(ids.len());
    for ids in ids.chunks(CHUNK) {
        let texts = ids.iter().map(ToString::to_string);
        let rows: Vec<(String, Vec<u8>, String, bool)> = source_records::table
            .inner_join(contacts::table.on(contacts::id.nullable().eq(source_records::contact_id)))
            .filter(source_records::source_id.eq(run.source_key).and(contacts::public_id.eq_any(texts)))
            .select((
                contacts::public_id,
                source_records::external_id,
                source_records::locator,
                source_records::is_extra,
            ))
            .order(source_records::id.asc())
            .load(conn)?;
        for (id, external_id, locator, is_extra) in rows {
            records.insert(Column("contacts", "public_id").id(&id)?, OwnEntry { external_id, locator, is_extra });
        }
    }
    Ok(records)
}

/// Where the entries were found last.
pub fn locators(conn: &mut Connection, run: &OpenRun, ids: &[Vec<u8>]) -> StoreResult<HashMap<Vec<u8>, String>> {
    let mut locators = HashMap::with_capacity(ids.len());
    for ids in ids.chunks(CHUNK) {
        let rows: Vec<(Vec<u8>, String)> = source_records::table
            .filter(source_records::source_id.eq(run.source_key).and(source_records::external_id.eq_any(ids)))
            .select((source_records::external_id, source_records::locator))
            .load(conn)?;
        locators.extend(rows);
    }
    Ok(locators)
}

/// Who holds the addresses; those that nobody holds are absent.
pub fn holders(
    conn: &mut Connection,
    tenant: TenantId,
    keys: &[ContactKey],
) -> StoreResult<HashMap<ContactKey, AddressHolder>> {
    let Some(tenant_key) = crate::tenants::key(conn, tenant)? else { return Ok(HashMap::new()) };
    let held = crate::contacts::holders(conn, tenant_key, keys)?;
    let of_contact = by_contact(conn, held.iter().map(|(_, contact)| *contact).collect())?;
    Ok(held.into_iter().filter_map(|(key, contact)| Some((key, of_contact.get(&contact)?.clone()))).collect())
}

fn by_contact(conn: &mut Connection, mut keys: Vec<i64>) -> StoreResult<HashMap<i64, AddressHolder>> {
    keys.sort_unstable();
    keys.dedup();
    let mut holders = HashMap::with_capacity(keys.len());
    for keys in keys.chunks(CHUNK) {
        let linked: Vec<Option<i64>> = source_records::table
            .filter(source_records::contact_id.eq_any(keys))
            .select(source_records::contact_id)
            .load(conn)?;
        let rows: Vec<ContactRow> =
            contacts::table.filter(contacts::id.eq_any(keys)).select(ContactRow::as_select()).load(conn)?;
        let keys: Vec<i64> = rows.iter().map(|row| row.id).collect();
        for (key, contact) in keys.into_iter().zip(read_all(conn, rows)?) {
            let is_linked = linked.contains(&Some(key));
            let known = KnownContact { id: contact.id, revision: contact.revision, disabled_by: contact.disabled_by };
            holders.insert(key, AddressHolder { contact: known, name: contact.fields.shown_name(), is_linked });
        }
    }
    Ok(holders)
}

/// What is kept of an entry once its contact was written.
#[derive(Debug, Clone)]
pub struct RecordWrite {
    /// What identifies the entry.
    pub external_id: Vec<u8>,
    /// Where it is found.
    pub locator: String,
    /// What it says.
    pub mapped: Box<MappedRecord>,
    /// The digest of what it says and of the contact's revision.
    pub digest: [u8; 16],
    /// Another entry says what the contact's fields are.
    pub is_extra: bool,
}

#[derive(Insertable)]
#[diesel(table_name = source_records, treat_none_as_default_value = false)]
pub(crate) struct NewRecord<'a> {
    tenant_id: i64,
    source_id: i64,
    external_id: &'a [u8],
    locator: &'a str,
    contact_id: Option<i64>,
    hash: &'a [u8],
    mapped: String,
    set_aside: Option<String>,
    is_extra: bool,
}

sqlite_row!(NewRecord<'_>, source_records, |row| {
    tenant_id: row.tenant_id,
    source_id: row.source_id,
    external_id: row.external_id,
    locator: row.locator,
    contact_id: row.contact_id,
    hash: row.hash,
    mapped: row.mapped,
    set_aside: row.set_aside,
    is_extra: row.is_extra,
} or "ON CONFLICT (source_id, external_id) DO UPDATE SET locator = excluded.locator, \
      contact_id = excluded.contact_id, hash = excluded.hash, mapped = excluded.mapped, \
      set_aside = excluded.set_aside, is_extra = excluded.is_extra, gone_since = NULL, photo = CASE WHEN contact_id = excluded.contact_id THEN photo END");

/// Keeps what was written, each record with the row key of its contact. What photo a contact was
/// given says nothing about another one.
pub(crate) fn upsert(conn: &mut Connection, run: &OpenRun, records: &[(i64, RecordWrite)]) -> StoreResult<()> {
    use diesel::dsl::case_when;
    use diesel::upsert::excluded;
    let is_same_contact = source_records::contact_id.eq(excluded(source_records::contact_id));
    let rows = records.iter().map(|(contact, record)| {
        Ok(NewRecord {
            tenant_id: run.tenant_key,
            source_id: run.source_key,
            external_id: &record.external_id,
            locator: &record.locator,
            contact_id: Some(*contact),
            hash: &record.digest,
            mapped: Column("source_records", "mapped").to_json(&*record.mapped)?,
            set_aside: None,
            is_extra: record.is_extra,
        })
    });
    let rows = rows.collect::<StoreResult<Vec<_>>>()?;
    insert_rows!(conn, source_records::table, &rows, CHUNK, |insert| insert
        .on_conflict((source_records::source_id, source_records::external_id))
        .do_update()
        .set((
            source_records::locator.eq(excluded(source_records::locator)),
            source_records::contact_id.eq(excluded(source_records::contact_id)),
            source_records::hash.eq(excluded(source_records::hash)),
            source_records::mapped.eq(excluded(source_records::mapped)),
            source_records::set_aside.eq(excluded(source_records::set_aside)),
            source_records::is_extra.eq(excluded(source_records::is_extra)),
            source_records::gone_since.eq(None::<i64>),
            source_records::photo.eq(case_when(is_same_contact, source_records::photo)),
        )));
    Ok(())
}

/// Says of entries that have a contact why they were left out this time, or, with `None`, that
/// they were not.
pub(crate) fn set_aside(
    conn: &mut Connection,
    run: &OpenRun,
    external_id: &[u8],
    reason: &directory_model::invalid::Invalid,
) -> StoreResult<()> {
    let text = Column("source_records", "set_aside").to_json(reason)?;
    let of_entry = source_records::source_id.eq(run.source_key).and(source_records::external_id.eq(external_id));
    diesel::update(source_records::table.filter(of_entry)).set(source_records::set_aside.eq(text)).execute(conn)?;
    Ok(())
}

/// Those of the contacts that belong to an entry of any source.
pub fn linked(conn: &mut Connection, tenant: TenantId, ids: &[ContactId]) -> StoreResult<HashSet<ContactId>> {
    let Some(tenant_key) = crate::tenants::key(conn, tenant)? else { return Ok(HashSet::new()) };
    let mut linked = HashSet::with_capacity(ids.len());
    for ids in ids.chunks(CHUNK) {
        let texts: Vec<String> = ids.iter().map(ToString::to_string).collect();
        let rows: Vec<String> = contacts::table
            .inner_join(source_records::table.on(source_records::contact_id.eq(contacts::id.nullable())))
            // As a sum, so that SQLite does not look through the tenant's whole list for a few of it.
            .filter((contacts::tenant_id + 0).eq(tenant_key).and(contacts::public_id.eq_any(texts)))
            .select(contacts::public_id)
            .load(conn)?;
        for id in rows {
            linked.insert(Column("contacts", "public_id").id(&id)?);
        }
    }
    Ok(linked)
}
