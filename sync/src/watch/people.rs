//! Whom a source may know, from the store.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use directory_model::contact::Contact;
use directory_model::id::ContactId;
use directory_store::connection::Connection;
use directory_store::error::StoreResult;
use directory_store::{contacts, source_records};

use super::connector::Who;
use super::whom::who;
use super::{Parts, Watched};

/// How many contacts are read in one transaction.
const PAGE: u32 = 1000;

/// All of them.
pub(super) async fn all(parts: &Parts, watched: &Arc<Watched>) -> StoreResult<HashMap<ContactId, Who>> {
    let (mut found, mut after) = (HashMap::new(), 0);
    loop {
        let watched = Arc::clone(watched);
        let reading = parts.database.read(move |conn| {
            let rows = contacts::all(conn, watched.tenant, after, PAGE)?;
            let last = rows.last().map(|(key, _)| *key);
            let rows: Vec<Contact> = rows.into_iter().map(|(_, contact)| contact).collect();
            Ok((last, known(conn, &watched, &rows)?))
        });
        let (last, page) = reading.await?;
        found.extend(page);
        let Some(last) = last else { return Ok(found) };
        after = last;
    }
}

/// Those of these contacts.
pub(super) async fn some(
    parts: &Parts,
    watched: &Arc<Watched>,
    wanted: BTreeSet<ContactId>,
) -> StoreResult<HashMap<ContactId, Who>> {
    let wanted: Vec<ContactId> = wanted.into_iter().collect();
    let mut found = HashMap::new();
    for wanted in wanted.chunks(usize::try_from(PAGE).unwrap_or(usize::MAX)) {
        let (watched, wanted) = (Arc::clone(watched), wanted.to_vec());
        let reading = parts.database.read(move |conn| {
            let rows = contacts::many(conn, watched.tenant, &wanted)?;
            known(conn, &watched, &rows)
        });
        found.extend(reading.await?);
    }
    Ok(found)
}

fn known(conn: &mut Connection, watched: &Watched, rows: &[Contact]) -> StoreResult<Vec<(ContactId, Who)>> {
    let ids: Vec<ContactId> = rows.iter().map(|contact| contact.id).collect();
    let mut entries = source_records::entries(conn, watched.tenant, watched.source.id, &ids)?;
    let connection = &watched.source.fields.connection;
    let known = rows.iter().filter_map(|contact| {
        let who = who(contact, entries.remove(&contact.id), connection, watched.aspect)?;
        Some((contact.id, who))
    });
    Ok(known.collect())
}
