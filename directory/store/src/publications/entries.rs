//! What a publication shows.

use std::collections::HashSet;

use diesel::prelude::*;
use directory_model::audit::Act;
use directory_model::change::ObjectKind;
use directory_model::id::PublicationId;
use directory_model::invalid::{Invalid, Rule};
use directory_model::publication::{MAX_CARDS, Publication, PublicationEntry};
use serde_json::json;

use crate::connection::{Connection, per_backend};
use crate::error::{StoreError, StoreResult};
use crate::schema::{publication_entries, publications};
use crate::tx::Tx;
use crate::{contacts, groups};

#[derive(Insertable)]
#[diesel(table_name = publication_entries, treat_none_as_default_value = false)]
struct EntryRow {
    tenant_id: i64,
    publication_id: i64,
    position: i64,
    contact_id: Option<i64>,
    group_id: Option<i64>,
}

/// Makes the publication show exactly these, in this order. Refuses what does not exist, what
/// appears twice, and more than 500 cards, members of groups included. Stale when it is not at
/// `expected_revision` any more.
pub fn set_entries(
    tx: &mut Tx<'_>,
    id: PublicationId,
    expected_revision: Option<i64>,
    entries: &[PublicationEntry],
) -> StoreResult<Option<Publication>> {
    let Some((key, mut publication)) = super::load(tx.conn, tx.tenant_key, id)? else { return Ok(None) };
    if expected_revision.is_some_and(|expected| expected != publication.revision) {
        return Err(StoreError::Stale);
    }
    if publication.entries == entries {
        return Ok(Some(publication));
    }
    if entries.len() > MAX_CARDS {
        return Err(too_many(entries.len()));
    }
    let rows = rows(tx, key, entries)?;
    refuse_too_many(tx.conn, &rows)?;
    diesel::delete(publication_entries::table.filter(publication_entries::publication_id.eq(key))).execute(tx.conn)?;
    per_backend!(tx.conn, |conn| diesel::insert_into(publication_entries::table).values(&rows).execute(conn))?;
    let changes = json!({"entries": [publication.entries, entries]});
    let super::References { site, .. } = super::references(tx, &publication.fields)?;
    super::write(tx, key, &mut publication, site)?;
    tx.audit(Act::Update, ObjectKind::Publication, id, &changes)?;
    publication.entries = entries.to_vec();
    Ok(Some(publication))
}

/// What comes back into publications, by its row key.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shown {
    /// A contact.
    Contact(i64),
    /// A group.
    Group(i64),
}

/// Lists it where it stood, or at the end when something else stands there now.
pub(crate) fn show_again(tx: &mut Tx<'_>, shown: Shown, places: &[(PublicationId, i64)]) -> StoreResult<()> {
    let (contact_id, group_id) = match shown {
        Shown::Contact(key) => (Some(key), None),
        Shown::Group(key) => (None, Some(key)),
    };
    let mut shown_in = Vec::with_capacity(places.len());
    for (id, position) in places {
        let of_id = publications::tenant_id.eq(tx.tenant_key).and(publications::public_id.eq(id.to_string()));
        let publication: Option<i64> =
            publications::table.filter(of_id).select(publications::id).first(tx.conn).optional()?;
        let Some(publication_id) = publication else { continue };
        let taken: Vec<i64> = publication_entries::table
            .filter(publication_entries::publication_id.eq(publication_id))
            .select(publication_entries::position)
            .load(tx.conn)?;
        let end = taken.iter().max().map_or(0, |last| last + 1);
        let position = if taken.contains(position) { end } else { *position };
        let row = EntryRow { tenant_id: tx.tenant_key, publication_id, position, contact_id, group_id };
        per_backend!(tx.conn, |conn| diesel::insert_into(publication_entries::table).values(row).execute(conn))?;
        shown_in.push(publication_id);
    }
    super::touch(tx, &shown_in)
}

/// The rows of the entries, or a refusal of each that does not exist or appears twice.
fn rows(tx: &mut Tx<'_>, publication_id: i64, entries: &[PublicationEntry]) -> StoreResult<Vec<EntryRow>> {
    let (mut wanted_contacts, mut wanted_groups) = (Vec::new(), Vec::new());
    for entry in entries {
        match entry {
            PublicationEntry::Contact(id) => wanted_contacts.push(*id),
            PublicationEntry::Group(id) => wanted_groups.push(*id),
        }
    }
    let known_contacts = contacts::keys(tx.conn, tx.tenant_key, &wanted_contacts)?;
    let known_groups = groups::keys(tx.conn, tx.tenant_key, &wanted_groups)?;
    let mut seen = HashSet::new();
    let (mut rows, mut refusals) = (Vec::with_capacity(entries.len()), Vec::new());
    for (position, entry) in (0..).zip(entries) {
        let (contact_id, group_id, shown) = match entry {
            PublicationEntry::Contact(id) => (known_contacts.get(id).copied(), None, id.to_string()),
            PublicationEntry::Group(id) => (None, known_groups.get(id).copied(), id.to_string()),
        };
        let mut refuse = |rule| refusals.push(Invalid::new(format!("entries[{position}]"), &shown, rule));
        if contact_id.is_none() && group_id.is_none() {
            refuse(Rule::Unknown);
        } else if !seen.insert(*entry) {
            refuse(Rule::Duplicate);
        }
        rows.push(EntryRow { tenant_id: tx.tenant_key, publication_id, position, contact_id, group_id });
    }
    if refusals.is_empty() { Ok(rows) } else { Err(StoreError::Refused(refusals)) }
}

fn refuse_too_many(conn: &mut Connection, rows: &[EntryRow]) -> StoreResult<()> {
    let mut cards = rows.len();
    for group in rows.iter().filter_map(|row| row.group_id) {
        cards = cards.saturating_add(groups::count_members(conn, group)?);
    }
    if cards > MAX_CARDS { Err(too_many(cards)) } else { Ok(()) }
}

fn too_many(cards: usize) -> StoreError {
    StoreError::refused("entries", cards, Rule::TooLong { max: MAX_CARDS as u64, unit: "cards".into() })
}
