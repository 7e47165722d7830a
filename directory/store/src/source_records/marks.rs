//! What is noted of entries besides what they said last: what was taken back, and since when they
//! are missing.

use std::collections::HashMap;

use diesel::prelude::*;
use directory_model::avatar::PictureHash;
use directory_model::id::ContactId;
use directory_model::record::MappedRecord;
use directory_model::timestamp::Timestamp;
use directory_model::undo::{Holds, Refused};
use ring::digest::{SHA256, digest};

use crate::column::{Column, hex, moment};
use crate::connection::Connection;
use crate::error::StoreResult;
use crate::refs::CHUNK;
use crate::schema::{contacts, source_records};
use crate::sync_runs::OpenRun;
use crate::tx::Tx;

pub(crate) const HOLDS: Column = Column("source_records", "holds");

/// What is noted of the entries of a source, by their identities.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    /// What was taken back and is left alone.
    pub holds: HashMap<Box<[u8]>, Holds>,
    /// Since when entries are missing whose contacts are out of service for it.
    pub gone: HashMap<Box<[u8]>, Timestamp>,
}

/// What is to be noted of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MarkChanges {
    /// What is held of entries from now on.
    pub holds: Vec<(Vec<u8>, Holds)>,
    /// Entries that are back.
    pub returned: Vec<Vec<u8>>,
    /// Entries that are missing.
    pub missing: Vec<Vec<u8>>,
    /// Entries that say something else, or are elsewhere, without any change of their contacts.
    pub said: Vec<Said>,
}

/// What is kept of an entry whose contact stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// What identifies the entry.
    pub external_id: Vec<u8>,
    /// Where it is found.
    pub locator: String,
    /// What it says, with the digest of that and of the contact's revision; absent when it says the same.
    pub record: Option<(Box<MappedRecord>, [u8; 16])>,
}

impl MarkChanges {
    /// Whether there is nothing to note.
    pub fn is_empty(&self) -> bool {
        let Self { holds, returned, missing, said } = self;
        holds.is_empty() && returned.is_empty() && missing.is_empty() && said.is_empty()
    }
}

/// What becomes of the contact of an entry of which something is taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// It stays the entry's.
    Kept,
    /// The entry has none any more.
    Cut,
    /// It is this one again.
    Made(ContactId),
}

/// What an undone step leaves with its entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoldWrite {
    /// What identifies the entry.
    pub external_id: Vec<u8>,
    /// What is held of it, besides what is held already.
    pub holds: Holds,
    /// What becomes of its contact.
    pub link: Link,
}

/// The hash of something that a source said.
pub fn refused(hash: &[u8]) -> Refused {
    let hash = &hash[..hash.len().min(16)];
    Refused(hex(hash))
}

/// The hash of a field's value; no value has one as well.
pub fn refused_value(value: Option<&str>) -> Refused {
    // No value and an empty one differ.
    let marked = value.map_or_else(|| "-".to_owned(), |value| format!("+{value}"));
    refused(digest(&SHA256, marked.as_bytes()).as_ref())
}

/// What is noted of the entries of the run's source.
pub fn marks(conn: &mut Connection, run: &OpenRun) -> StoreResult<Marks> {
    let of_source = || source_records::table.filter(source_records::source_id.eq(run.source_key));
    let held: Vec<(Vec<u8>, Option<String>)> = of_source()
        .filter(source_records::holds.is_not_null())
        .select((source_records::external_id, source_records::holds))
        .load(conn)?;
    let gone: Vec<(Vec<u8>, Option<i64>)> = of_source()
        .filter(source_records::gone_since.is_not_null().and(source_records::contact_id.is_not_null()))
        .select((source_records::external_id, source_records::gone_since))
        .load(conn)?;
    let mut marks = Marks::default();
    for (id, holds) in held {
        marks.holds.insert(id.into(), HOLDS.json(&holds.unwrap_or_default())?);
    }
    marks.gone = gone.into_iter().filter_map(|(id, since)| Some((id.into(), moment(since?)))).collect();
    Ok(marks)
}

/// Notes what changed, as of `now`. An entry that is missing already stays so since then.
pub fn mark(conn: &mut Connection, run: &OpenRun, changes: &MarkChanges, now: Timestamp) -> StoreResult<()> {
    for (external_id, holds) in &changes.holds {
        hold(conn, run, external_id, holds)?;
    }
    for ids in changes.returned.chunks(CHUNK) {
        diesel::update(of_entries(run, ids)).set(source_records::gone_since.eq(None::<i64>)).execute(conn)?;
    }
    for ids in changes.missing.chunks(CHUNK) {
        diesel::update(of_entries(run, ids))
            .filter(source_records::gone_since.is_null())
            .set(source_records::gone_since.eq(now.millis()))
            .execute(conn)?;
    }
    changes.said.iter().try_for_each(|said| hear(conn, run, said))
}

fn hear(conn: &mut Connection, run: &OpenRun, said: &Said) -> StoreResult<()> {
    let Said { external_id, locator, record } = said;
    let of_entry = source_records::source_id.eq(run.source_key).and(source_records::external_id.eq(external_id));
    let entry = diesel::update(source_records::table.filter(of_entry));
    match record {
        Some((mapped, digest)) => {
            let mapped = Column("source_records", "mapped").to_json(&**mapped)?;
            let hash = source_records::hash.eq(digest.as_slice());
            entry.set((source_records::locator.eq(locator), source_records::mapped.eq(mapped), hash)).execute(conn)?
        }
        None => entry.set(source_records::locator.eq(locator)).execute(conn)?,
    };
    Ok(())
}

#[diesel::dsl::auto_type(no_type_alias)]
fn of_entries<'a>(run: &'a OpenRun, ids: &'a [Vec<u8>]) -> _ {
    let source_key: i64 = run.source_key;
    source_records::table
        .filter(source_records::source_id.eq(source_key))
        .filter(source_records::external_id.eq_any(ids))
}

fn hold(conn: &mut Connection, run: &OpenRun, external_id: &[u8], holds: &Holds) -> StoreResult<()> {
    let text = (!holds.is_empty()).then(|| HOLDS.to_json(holds)).transpose()?;
    let of_entry = source_records::source_id.eq(run.source_key).and(source_records::external_id.eq(external_id));
    diesel::update(source_records::table.filter(of_entry)).set(source_records::holds.eq(text)).execute(conn)?;
    Ok(())
}

/// What was held of the entry before stays so, what another step of a plan holds as well.
fn hold_more(conn: &mut Connection, run: &OpenRun, external_id: &[u8], holds: Holds) -> StoreResult<()> {
    let of_entry = source_records::source_id.eq(run.source_key).and(source_records::external_id.eq(external_id));
    let held: Option<Option<String>> =
        source_records::table.filter(of_entry).select(source_records::holds).first(conn).optional()?;
    let held: Option<Holds> = held.flatten().map(|held| HOLDS.json(&held)).transpose()?;
    hold(conn, run, external_id, &held.unwrap_or_default().joined(holds))
}

/// Gives entries that their source knows by another identity now that one; they stay what they were, and what was known
/// under it before is nobody's any more.
pub(crate) fn rename(conn: &mut Connection, run: &OpenRun, moved: &[(Vec<u8>, Vec<u8>)]) -> StoreResult<()> {
    for (was, is) in moved {
        let of = |id| source_records::source_id.eq(run.source_key).and(source_records::external_id.eq(id));
        diesel::delete(source_records::table.filter(of(is))).execute(conn)?;
        let entry = source_records::table.filter(of(was));
        diesel::update(entry).set(source_records::external_id.eq(is)).execute(conn)?;
    }
    Ok(())
}

/// Leaves the file of a photo alone that the entry holds.
pub(crate) fn hold_photo(
    conn: &mut Connection,
    run: &OpenRun,
    external_id: &[u8],
    file: PictureHash,
) -> StoreResult<()> {
    hold_more(conn, run, external_id, Holds { photo: Some(file), ..Holds::default() })
}

/// Notes what undone steps leave with their entries.
pub(crate) fn take_back(tx: &mut Tx<'_>, run: &OpenRun, writes: &[HoldWrite]) -> StoreResult<()> {
    for HoldWrite { external_id, holds, link } in writes {
        hold_more(tx.conn, run, external_id, holds.clone())?;
        let of_entry = source_records::source_id.eq(run.source_key).and(source_records::external_id.eq(external_id));
        match link {
            Link::Kept => {}
            Link::Cut => cut(tx, run, external_id)?,
            Link::Made(contact) => {
                let contact = crate::contacts::key(tx.conn, tx.tenant_key, *contact)?;
                // Somebody who came back was given another contact meanwhile.
                let unlinked = of_entry.and(source_records::contact_id.is_null());
                diesel::update(source_records::table.filter(unlinked))
                    .set(source_records::contact_id.eq(contact))
                    .execute(tx.conn)?;
            }
        }
    }
    Ok(())
}

/// Takes the contact from the entry. Nobody speaks for it any more when the entry did, so those that gave it photos go
/// as well: what a contact is was never theirs to say.
fn cut(tx: &mut Tx<'_>, run: &OpenRun, external_id: &[u8]) -> StoreResult<()> {
    let of_entry = source_records::source_id.eq(run.source_key).and(source_records::external_id.eq(external_id));
    let linked: Option<(Option<i64>, bool)> = source_records::table
        .filter(of_entry)
        .select((source_records::contact_id, source_records::is_extra))
        .first(tx.conn)
        .optional()?;
    let Some((Some(contact), is_extra)) = linked else { return Ok(()) };
    let nobodys = source_records::contact_id.eq(None::<i64>);
    diesel::update(source_records::table.filter(of_entry)).set(nobodys).execute(tx.conn)?;
    if !is_extra {
        let extras = source_records::contact_id.eq(contact).and(source_records::is_extra.eq(true));
        diesel::update(source_records::table.filter(extras)).set(nobodys).execute(tx.conn)?;
    }
    Ok(())
}

/// Of each contact the entry of the run's source that it belongs to, and what that said last.
pub fn last_said(
    conn: &mut Connection,
    run: &OpenRun,
    ids: &[ContactId],
) -> StoreResult<HashMap<ContactId, (Vec<u8>, MappedRecord)>> {
    let mut said = HashMap::with_capacity(ids.len());
    for ids in ids.chunks(CHUNK) {
        let texts = ids.iter().map(ToString::to_string);
        let rows: Vec<(String, Vec<u8>, String)> = source_records::table
            .inner_join(contacts::table.on(contacts::id.nullable().eq(source_records::contact_id)))
            .filter(source_records::source_id.eq(run.source_key).and(contacts::public_id.eq_any(texts)))
            .select((contacts::public_id, source_records::external_id, source_records::mapped))
            .order(source_records::id.asc())
            .load(conn)?;
        for (id, external_id, mapped) in rows {
            let mapped = Column("source_records", "mapped").json(&mapped)?;
            said.insert(Column("contacts", "public_id").id(&id)?, (external_id, mapped));
        }
    }
    Ok(said)
}
