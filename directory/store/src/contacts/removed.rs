//! Contacts that were removed by hand, and how they come back.

use diesel::prelude::*;
use directory_model::audit::Act;
use directory_model::change::ObjectKind;
use directory_model::contact::{Contact, ContactFields};
use directory_model::id::{ContactId, SourceId, TenantId};
use directory_model::timestamp::Timestamp;
use directory_model::undo::{Removed, UNDO_DAYS};
use serde::{Deserialize, Serialize};

use super::removal::restore;
use crate::column::{Column, difference};
use crate::connection::{Connection, per_backend};
use crate::error::StoreResult;
use crate::schema::{removed_contacts, removed_pictures, source_records, sources};
use crate::tenants;
use crate::tx::Tx;

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;
const KEPT: Column = Column("removed_contacts", "contact");

/// A removed contact, and whose entries were its.
#[derive(Serialize, Deserialize)]
struct Kept {
    was: Removed,
    entries: Vec<(SourceId, Vec<u8>)>,
}

/// What a contact was that somebody removed, until [`purge_removed`] forgets it; `None` when nobody did.
pub fn removed(conn: &mut Connection, tenant: TenantId, id: ContactId) -> StoreResult<Option<Removed>> {
    let Some(tenant_key) = tenants::key(conn, tenant)? else { return Ok(None) };
    Ok(find(conn, tenant_key, id)?.map(|(_, kept)| kept.was))
}

/// Brings a contact that was removed by hand back as it was, under the identity it had, as far as what
/// it refers to is still there; its presence and notes are gone. `None` when nobody removed it, or
/// [`purge_removed`] forgot it. Conflicts when somebody else has one of its addresses now.
pub fn bring_back(tx: &mut Tx<'_>, id: ContactId) -> StoreResult<Option<Contact>> {
    let Some((key, kept)) = find(tx.conn, tx.tenant_key, id)? else { return Ok(None) };
    restore(tx, id, &kept.was)?;
    link(tx, id, &kept.entries)?;
    diesel::delete(removed_contacts::table.find(key)).execute(tx.conn)?;
    let Some(contact) = super::find(tx.conn, tx.tenant, id)? else { return Ok(None) };
    let changes = difference(Some(&ContactFields::default()), Some(&contact.fields));
    tx.audit(Act::Create, ObjectKind::Contact, id, &changes)?;
    Ok(Some(contact))
}

/// Forgets those who were removed more than [`UNDO_DAYS`] days ago.
pub fn purge_removed(conn: &mut Connection, now: Timestamp) -> StoreResult<usize> {
    let kept_millis = UNDO_DAYS.cast_signed() * DAY_MILLIS;
    let old = removed_contacts::table.filter(removed_contacts::removed_at.lt(now.millis() - kept_millis));
    Ok(diesel::delete(old).execute(conn)?)
}

/// Keeps what a contact was that is about to be removed, with its pictures.
pub(super) fn keep(tx: &mut Tx<'_>, id: ContactId, contact: i64, was: Removed) -> StoreResult<()> {
    let rows: Vec<(String, Vec<u8>)> = source_records::table
        .inner_join(sources::table.on(sources::id.eq(source_records::source_id)))
        .filter(source_records::contact_id.eq(contact))
        .select((sources::public_id, source_records::external_id))
        .load(tx.conn)?;
    let entry = |(source, id): (String, Vec<u8>)| Ok((Column("sources", "public_id").id(&source)?, id));
    let entries = rows.into_iter().map(entry).collect::<StoreResult<_>>()?;
    let kept = Kept { was, entries };
    let key: i64 = diesel::insert_into(removed_contacts::table)
        .values((
            removed_contacts::tenant_id.eq(tx.tenant_key),
            removed_contacts::public_id.eq(id.to_string()),
            removed_contacts::removed_at.eq(tx.now().millis()),
            removed_contacts::contact.eq(KEPT.to_json(&kept)?),
        ))
        .returning(removed_contacts::id)
        .get_result(tx.conn)?;
    for digest in kept.was.avatars.iter().flat_map(|avatar| [avatar.large, avatar.small]) {
        let row = (
            removed_pictures::removed_id.eq(key),
            removed_pictures::digest.eq(digest.as_bytes().to_vec()),
            removed_pictures::tenant_id.eq(tx.tenant_key),
        );
        per_backend!(tx.conn, |conn| diesel::insert_into(removed_pictures::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(conn))?;
    }
    Ok(())
}

/// Gives a contact its entries back, as long as no other contact has them.
fn link(tx: &mut Tx<'_>, id: ContactId, entries: &[(SourceId, Vec<u8>)]) -> StoreResult<()> {
    let Some(contact) = super::key(tx.conn, tx.tenant_key, id)? else { return Ok(()) };
    for (source, external_id) in entries {
        let Some(source) = crate::sources::key(tx.conn, tx.tenant, *source)? else { continue };
        let entry = source_records::source_id.eq(source).and(source_records::external_id.eq(external_id));
        diesel::update(source_records::table.filter(entry).filter(source_records::contact_id.is_null()))
            .set(source_records::contact_id.eq(contact))
            .execute(tx.conn)?;
    }
    Ok(())
}

fn find(conn: &mut Connection, tenant_key: i64, id: ContactId) -> StoreResult<Option<(i64, Kept)>> {
    let row: Option<(i64, String)> = removed_contacts::table
        .filter(removed_contacts::tenant_id.eq(tenant_key))
        .filter(removed_contacts::public_id.eq(id.to_string()))
        .select((removed_contacts::id, removed_contacts::contact))
        .get_result(conn)
        .optional()?;
    row.map(|(key, json)| Ok((key, KEPT.json(&json)?))).transpose()
}
