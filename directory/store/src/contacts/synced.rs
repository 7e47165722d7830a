//! Contacts as runs write them: many at once, in the transaction of their records.
//!
//! The caller has made sure that no other contact holds the addresses; the primary key of
//! `contact_keys` is the backstop. Every address that somebody gives up is released before the
//! first one is taken, so contacts of one batch may exchange addresses.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;
use directory_model::address::ContactKey;
use directory_model::change::ObjectKind;
use directory_model::contact::{Contact, ContactFields, DisabledBy, Provenance, SyncedField};
use directory_model::id::ContactId;
use directory_model::run::{RunAction, RunEntry};
use directory_model::undo::{GroupDeed, PhotoReversal, Removed, Reversal};
use directory_model::valid::Valid;

use super::row::{self, Columns, KeyedRow, NewRow};
use super::write::references;
use super::{addresses, removal};
use crate::avatars::kept;
use crate::connection::Connection;
use crate::connection::rows::insert_rows;
use crate::error::{StoreError, StoreResult};
use crate::refs::CHUNK;
use crate::schema::{contact_keys, contacts};
use crate::source_photos;
use crate::source_records::{self, HoldWrite, RecordWrite};
use crate::sync_runs::{self, OpenRun};
use crate::tx::Tx;
use crate::users;

/// A contact that is made or changed.
#[derive(Debug)]
pub struct ContactWrite {
    /// The contact as it is; `None` when it is made.
    pub before: Option<Contact>,
    /// What it becomes.
    pub fields: Valid<ContactFields>,
    /// Who takes it out of service.
    pub disabled_by: Option<DisabledBy>,
    /// Where its synchronised fields then come from.
    pub provenance: BTreeMap<SyncedField, Provenance>,
    /// What is kept of its entry; `None` when the entry is gone.
    pub record: Option<RecordWrite>,
    /// The place of its line in `entries` of the batch, which gets the identity of a new contact.
    pub entry: usize,
}

/// An entry that gives a contact its photo from now on.
#[derive(Debug)]
pub struct ExtraEntry {
    /// The contact.
    pub contact: ContactId,
    /// What is kept of the entry.
    pub record: RecordWrite,
    /// The place of its line in `entries` of the batch.
    pub entry: usize,
}

/// What one transaction of a run does.
#[derive(Debug, Default)]
pub struct Batch {
    /// The contacts.
    pub writes: Vec<ContactWrite>,
    /// Contacts that are linked to one more entry.
    pub extras: Vec<ExtraEntry>,
    /// The lines of the run's record.
    pub entries: Vec<RunEntry>,
    /// The identities of entries that were left out, with the place of their line.
    pub set_aside: Vec<(Vec<u8>, usize)>,
    /// Contacts that are removed, with the identities of their entries and the place of their line.
    pub removals: Vec<(ContactId, Option<Vec<u8>>, usize)>,
    /// Removed contacts that come back.
    pub restores: Vec<(ContactId, Removed)>,
    /// The identities that entries had, and those that they have now.
    pub moved: Vec<(Vec<u8>, Vec<u8>)>,
    /// Photos that contacts had before, and the entries that they are of.
    pub photos: Vec<(ContactId, Vec<u8>, PhotoReversal)>,
    /// What is held from now on of the entries of steps that are taken back.
    pub holds: Vec<HoldWrite>,
    /// What was done with groups and is taken back, by what identifies them.
    pub groups: Vec<(Vec<u8>, GroupDeed)>,
}

/// Writes a batch and records its changes.
pub fn write_batch(tx: &mut Tx<'_>, run: &OpenRun, batch: Batch) -> StoreResult<()> {
    let Batch { writes, extras, mut entries, set_aside, removals, restores, moved, photos, holds, groups } = batch;
    let is_undoable = run.undoes.is_none();
    let mut reversals = remove(tx, run, &removals)?;
    let before: Vec<ContactId> = writes.iter().filter_map(|write| Some(write.before.as_ref()?.id)).collect();
    let known = super::keys(tx.conn, tx.tenant_key, &before)?;
    let mut unused = next_keys(tx.conn, writes.len() - before.len())?.into_iter();
    let mut changes = Changes::default();
    for write in writes {
        let (id, key) = match &write.before {
            Some(before) => (before.id, known.get(&before.id).copied()),
            None => (ContactId::new(tx.ids()), unused.next()),
        };
        // Everything was read in this transaction, which holds the tenant's line.
        let key = key.ok_or(StoreError::Stale)?;
        entries[write.entry].contact = Some(id);
        tx.changed(ObjectKind::Contact, id);
        let entry = write.entry;
        let is_link = entries[entry].action == RunAction::Link;
        let linked = write.record.as_ref().filter(|_| is_link).map(|record| record.external_id.clone());
        if let Some(reversal) = changes.add(tx, id, key, write)?.filter(|_| is_undoable) {
            reversals.insert(entry, Reversal { entry: linked, ..reversal });
        }
    }
    changes.write(tx)?;
    link_extras(tx, run, extras, &mut changes, &mut reversals)?;
    source_records::rename(tx.conn, run, &moved)?;
    source_records::upsert(tx.conn, run, &changes.records)?;
    for (id, removed) in &restores {
        removal::restore(tx, *id, removed)?;
    }
    for (contact, external_id, photo) in &photos {
        source_photos::take_back(tx, run, *contact, external_id, photo)?;
    }
    source_records::take_back(tx, run, &holds)?;
    for (external_id, deed) in &groups {
        crate::groups::undone::take_back(tx, run, external_id, deed)?;
    }
    for (external_id, entry) in &set_aside {
        if let Some(reason) = &entries[*entry].reason {
            source_records::set_aside(tx.conn, run, external_id, reason)?;
        }
    }
    sync_runs::append(tx.conn, run, &entries, &reversals)
}

/// Prepares entries to be linked to contacts whose fields they leave alone.
fn link_extras(
    tx: &mut Tx<'_>,
    run: &OpenRun,
    extras: Vec<ExtraEntry>,
    changes: &mut Changes,
    reversals: &mut HashMap<usize, Reversal>,
) -> StoreResult<()> {
    let contacts: Vec<ContactId> = extras.iter().map(|extra| extra.contact).collect();
    let known = super::keys(tx.conn, tx.tenant_key, &contacts)?;
    for ExtraEntry { contact, record, entry } in extras {
        let key = *known.get(&contact).ok_or(StoreError::Stale)?;
        source_records::cut_others(tx.conn, run, key, &record.external_id)?;
        reversals.insert(entry, Reversal { entry: Some(record.external_id.clone()), ..Reversal::default() });
        changes.records.push((key, record));
    }
    Ok(())
}

/// Removes contacts, and says what each of them was.
fn remove(
    tx: &mut Tx<'_>,
    run: &OpenRun,
    removals: &[(ContactId, Option<Vec<u8>>, usize)],
) -> StoreResult<HashMap<usize, Reversal>> {
    let mut reversals = HashMap::with_capacity(removals.len());
    if removals.is_empty() {
        return Ok(reversals);
    }
    let ids: Vec<ContactId> = removals.iter().map(|(id, ..)| *id).collect();
    if run.undoes.is_none() {
        users::disable_of(tx, &ids)?;
    }
    let mut removed = removal::remove_all(tx, &ids)?;
    if run.undoes.is_some() {
        return Ok(reversals);
    }
    let avatars: Vec<_> = removed.values().flat_map(|removed| &removed.avatars).collect();
    kept::keep_pictures(tx, run, &avatars)?;
    for (id, external_id, entry) in removals {
        if let Some(removed) = removed.remove(id) {
            let removed = Removed { external_id: external_id.clone(), ..removed };
            reversals.insert(*entry, Reversal { removed: Some(Box::new(removed)), ..Reversal::default() });
        }
    }
    Ok(reversals)
}

#[derive(Default)]
struct Changes {
    released: Vec<(i64, ContactKey)>,
    taken: Vec<(i64, ContactKey)>,
    inserts: Vec<KeyedRow>,
    // Each is one revision further than what is stored.
    updates: Vec<KeyedRow>,
    records: Vec<(i64, RecordWrite)>,
}

impl Changes {
    /// Adds a contact; says what it takes to undo that, unless the contact is new.
    fn add(&mut self, tx: &mut Tx<'_>, id: ContactId, key: i64, write: ContactWrite) -> StoreResult<Option<Reversal>> {
        let ContactWrite { before, fields, disabled_by, provenance, record, .. } = write;
        let held = before.as_ref().map(|before| before.fields.keys()).unwrap_or_default();
        let kept = fields.keys();
        self.released.extend(held.iter().filter(|held| !kept.contains(held)).map(|held| (key, held.clone())));
        self.taken.extend(kept.into_iter().filter(|kept| !held.contains(kept)).map(|kept| (key, kept)));
        self.records.extend(record.map(|record| (key, record)));
        let references = references(tx.conn, tx.tenant_key, &fields)?;
        let now = tx.now();
        let contact = Contact {
            id,
            fields: fields.into_inner(),
            disabled_by,
            provenance,
            revision: before.as_ref().map_or(1, |before| before.revision + 1),
            created_at: before.as_ref().map_or(now, |before| before.created_at),
            updated_at: now,
        };
        let reversal = before.as_ref().map(|before| Reversal::of(before, &contact));
        let (tenant_id, public_id, created_at) = (tx.tenant_key, id.to_string(), contact.created_at.millis());
        let columns = Columns::new(contact, references.home_site, references.staffed_by);
        let row = KeyedRow { id: key, row: NewRow { tenant_id, public_id, created_at, columns } };
        if before.is_some() {
            self.updates.push(row);
        } else {
            self.inserts.push(row);
        }
        Ok(reversal)
    }

    fn write(&mut self, tx: &mut Tx<'_>) -> StoreResult<()> {
        for (contact, key) in &self.released {
            let of_key = contact_keys::table.find((tx.tenant_key, key.kind.field(), &key.folded));
            diesel::delete(of_key.filter(contact_keys::contact_id.eq(contact))).execute(tx.conn)?;
        }
        insert_rows!(&mut *tx.conn, contacts::table, &self.inserts, CHUNK);
        row::update_all(tx.conn, &self.updates)?;
        addresses::take(tx.conn, tx.tenant_key, std::mem::take(&mut self.taken))
    }
}

/// Row keys that no contact has: reserved from the sequence, or, where this is the only writer,
/// the next ones.
fn next_keys(conn: &mut Connection, count: usize) -> StoreResult<Vec<i64>> {
    if count == 0 {
        return Ok(Vec::new());
    }
    match conn {
        Connection::Sqlite(conn) => {
            let last: Option<i64> = contacts::table.select(diesel::dsl::max(contacts::id)).get_result(conn)?;
            Ok((last.unwrap_or(0) + 1..).take(count).collect())
        }
        Connection::Postgres(conn) => {
            let sequence =
                "SELECT nextval(pg_get_serial_sequence('contacts', 'id')) AS key FROM generate_series(1, $1)";
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            let next = diesel::sql_query(sequence).bind::<diesel::sql_types::BigInt, _>(count);
            Ok(next.load::<NextKey>(conn)?.into_iter().map(|next| next.key).collect())
        }
    }
}

#[derive(QueryableByName)]
struct NextKey {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    key: i64,
}
