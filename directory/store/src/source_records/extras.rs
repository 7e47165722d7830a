//! Entries of one more source, which give contacts that have their fields from elsewhere a photo and presence.

use std::collections::{BTreeMap, HashMap, HashSet};

use diesel::prelude::*;
use directory_model::id::{ContactId, SourceId, TenantId};
use directory_model::record::KnownContact;

use super::{KnownRow, read_known};
use crate::column::Column;
use crate::connection::Connection;
use crate::error::StoreResult;
use crate::refs::CHUNK;
use crate::schema::{contacts, source_records, sources};
use crate::sync_runs::OpenRun;

/// The contacts that have their fields from entries of the tenant's other sources with these
/// identities.
pub fn peers(
    conn: &mut Connection,
    run: &OpenRun,
    ids: &[Vec<u8>],
) -> StoreResult<HashMap<Vec<u8>, Vec<KnownContact>>> {
    let mut peers: HashMap<Vec<u8>, Vec<KnownContact>> = HashMap::new();
    if ids.is_empty() {
        return Ok(peers);
    }
    // By source, as the index is.
    let others: Vec<i64> = sources::table
        .filter(sources::tenant_id.eq(run.tenant_key).and(sources::id.ne(run.source_key)))
        .select(sources::id)
        .load(conn)?;
    for ids in ids.chunks(CHUNK) {
        let rows: Vec<KnownRow> = source_records::table
            .inner_join(contacts::table.on(contacts::id.nullable().eq(source_records::contact_id)))
            .filter(source_records::source_id.eq_any(&others).and(source_records::external_id.eq_any(ids)))
            .filter(source_records::is_extra.eq(false))
            .select((
                source_records::external_id,
                source_records::hash,
                contacts::public_id,
                contacts::revision,
                contacts::disabled_by,
                source_records::is_extra,
                source_records::locator,
            ))
            .order(source_records::id.asc())
            .load(conn)?;
        for row in rows {
            let known = read_known(row)?;
            let of_id = peers.entry(known.external_id).or_default();
            if of_id.iter().all(|contact| contact.id != known.contact.id) {
                of_id.push(known.contact);
            }
        }
    }
    Ok(peers)
}

/// Lets go of other entries of the source that gave the contact its photo before.
pub(crate) fn cut_others(conn: &mut Connection, run: &OpenRun, contact: i64, external_id: &[u8]) -> StoreResult<()> {
    let of_contact = source_records::source_id.eq(run.source_key).and(source_records::contact_id.eq(contact));
    let others = of_contact.and(source_records::is_extra.eq(true)).and(source_records::external_id.ne(external_id));
    diesel::update(source_records::table.filter(others))
        .set(source_records::contact_id.eq(None::<i64>))
        .execute(conn)?;
    Ok(())
}

/// Where nothing says any more what a contact's fields are, the entry does that gave its photo first.
pub(crate) fn promote(conn: &mut Connection, tenant_key: i64) -> StoreResult<()> {
    let extras: Vec<(i64, Option<i64>)> = source_records::table
        .filter(source_records::tenant_id.eq(tenant_key).and(source_records::is_extra.eq(true)))
        .filter(source_records::contact_id.is_not_null())
        .select((source_records::id, source_records::contact_id))
        .order(source_records::id.desc())
        .load(conn)?;
    // The first of each contact stays.
    let first: BTreeMap<i64, i64> =
        extras.into_iter().filter_map(|(record, contact)| Some((contact?, record))).collect();
    let wanted: Vec<i64> = first.keys().copied().collect();
    for wanted in wanted.chunks(CHUNK) {
        let of_contacts = source_records::contact_id.eq_any(wanted).and(source_records::is_extra.eq(false));
        let spoken_for: Vec<Option<i64>> =
            source_records::table.filter(of_contacts).select(source_records::contact_id).load(conn)?;
        let spoken_for: HashSet<i64> = spoken_for.into_iter().flatten().collect();
        let without = wanted.iter().filter(|contact| !spoken_for.contains(contact));
        let records: Vec<i64> = without.filter_map(|contact| first.get(contact).copied()).collect();
        diesel::update(source_records::table.filter(source_records::id.eq_any(records)))
            .set(source_records::is_extra.eq(false))
            .execute(conn)?;
    }
    Ok(())
}

/// The identities of the entries of a source that the contacts have there, be it for a photo only.
pub fn entries(
    conn: &mut Connection,
    tenant: TenantId,
    source: SourceId,
    of: &[ContactId],
) -> StoreResult<HashMap<ContactId, Vec<u8>>> {
    let Some(source_key) = crate::sources::key(conn, tenant, source)? else { return Ok(HashMap::new()) };
    let mut entries = HashMap::with_capacity(of.len());
    for of in of.chunks(CHUNK) {
        let texts = of.iter().map(ToString::to_string);
        let rows: Vec<(String, Vec<u8>)> = source_records::table
            .inner_join(contacts::table.on(contacts::id.nullable().eq(source_records::contact_id)))
            .filter(source_records::source_id.eq(source_key).and(contacts::public_id.eq_any(texts)))
            .select((contacts::public_id, source_records::external_id))
            .order(source_records::id.asc())
            .load(conn)?;
        for (contact, entry) in rows {
            entries.insert(Column("contacts", "public_id").id(&contact)?, entry);
        }
    }
    Ok(entries)
}
