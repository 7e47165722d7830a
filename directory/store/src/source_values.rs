//! What entries of sources said before they were mapped, so that a changed mapping can be applied to it.
//!
//! It is what was read, not what was done: it is written while a source is read, outside the line, whatever
//! becomes of the run, and only where it differs from what is kept.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::upsert::excluded;

use crate::column::Column;
use crate::connection::Connection;
use crate::connection::rows::{insert_rows, sqlite_row};
use crate::error::StoreResult;
use crate::refs::CHUNK;
use crate::schema::{source_value_lists, source_values};
use crate::sync_runs::OpenRun;

const NAMES: Column = Column("source_value_lists", "names");
/// How many entries are looked at together.
const PAGE: i64 = 5000;

/// What is kept of one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryValues {
    /// What identifies it.
    pub external_id: Vec<u8>,
    /// Where it was found.
    pub locator: String,
    /// What identifies it in the directory that it was copied from.
    pub origin_id: Option<Vec<u8>>,
    /// The list of its attributes: see [`list`].
    pub list: i64,
    /// A digest of all of this.
    pub digest: i64,
    /// Its values, as the connector writes them.
    pub values: Box<str>,
}

#[derive(Insertable)]
#[diesel(table_name = source_values, treat_none_as_default_value = false)]
struct NewValues<'a> {
    tenant_id: i64,
    source_id: i64,
    external_id: &'a [u8],
    locator: &'a str,
    origin_id: Option<Vec<u8>>,
    list: i64,
    digest: i64,
    entry_values: &'a str,
}

sqlite_row!(NewValues<'_>, source_values, |row| {
    tenant_id: row.tenant_id,
    source_id: row.source_id,
    external_id: row.external_id,
    locator: row.locator,
    origin_id: row.origin_id,
    list: row.list,
    digest: row.digest,
    entry_values: row.entry_values,
} or "ON CONFLICT (source_id, external_id) DO UPDATE SET locator = excluded.locator, \
      origin_id = excluded.origin_id, list = excluded.list, digest = excluded.digest, \
      entry_values = excluded.entry_values");

/// The row key of the list of these names, which is made when the run's source has none of them.
pub fn list(conn: &mut Connection, run: &OpenRun, names: &[String]) -> StoreResult<i64> {
    let text = NAMES.to_json(&names)?;
    let found: Option<i64> = source_value_lists::table
        .filter(source_value_lists::source_id.eq(run.source_key).and(source_value_lists::names.eq(&text)))
        .select(source_value_lists::id)
        .first(conn)
        .optional()?;
    if let Some(found) = found {
        return Ok(found);
    }
    let row = (
        source_value_lists::tenant_id.eq(run.tenant_key),
        source_value_lists::source_id.eq(run.source_key),
        source_value_lists::names.eq(&text),
    );
    Ok(diesel::insert_into(source_value_lists::table).values(row).returning(source_value_lists::id).get_result(conn)?)
}

/// The lists of the run's source, by their row keys.
pub fn lists(conn: &mut Connection, run: &OpenRun) -> StoreResult<HashMap<i64, Vec<String>>> {
    let rows: Vec<(i64, String)> = source_value_lists::table
        .filter(source_value_lists::source_id.eq(run.source_key))
        .select((source_value_lists::id, source_value_lists::names))
        .load(conn)?;
    rows.into_iter().map(|(key, names)| Ok((key, NAMES.json(&names)?))).collect()
}

/// Tells the digest of everything that is kept of the run's source, by the identities of entries.
pub fn each_digest(conn: &mut Connection, run: &OpenRun, mut learn: impl FnMut(&[u8], i64)) -> StoreResult<()> {
    let mut last: Option<Vec<u8>> = None;
    loop {
        let mut query = source_values::table
            .filter(source_values::source_id.eq(run.source_key))
            .select((source_values::external_id, source_values::digest))
            .into_boxed();
        if let Some(last) = &last {
            query = query.filter(source_values::external_id.gt(last));
        }
        let rows: Vec<(Vec<u8>, i64)> = query.order(source_values::external_id.asc()).limit(PAGE).load(conn)?;
        for (id, digest) in &rows {
            learn(id, *digest);
        }
        let Some((id, _)) = rows.into_iter().next_back() else { return Ok(()) };
        last = Some(id);
    }
}

/// The digests of what is kept of these entries.
pub fn digests(conn: &mut Connection, run: &OpenRun, ids: &[Vec<u8>]) -> StoreResult<Vec<(Vec<u8>, i64)>> {
    let mut found = Vec::with_capacity(ids.len());
    for ids in ids.chunks(CHUNK) {
        let of_source = source_values::table.filter(source_values::source_id.eq(run.source_key));
        let rows: Vec<(Vec<u8>, i64)> = of_source
            .filter(source_values::external_id.eq_any(ids))
            .select((source_values::external_id, source_values::digest))
            .load(conn)?;
        found.extend(rows);
    }
    Ok(found)
}

/// Keeps what some entries said, and forgets others.
pub fn write(conn: &mut Connection, run: &OpenRun, said: &[EntryValues], forgotten: &[Vec<u8>]) -> StoreResult<()> {
    let rows = said.iter().map(|said| NewValues {
        tenant_id: run.tenant_key,
        source_id: run.source_key,
        external_id: &said.external_id,
        locator: &said.locator,
        origin_id: said.origin_id.clone(),
        list: said.list,
        digest: said.digest,
        entry_values: &said.values,
    });
    let rows: Vec<NewValues<'_>> = rows.collect();
    insert_rows!(conn, source_values::table, &rows, CHUNK, |insert| insert
        .on_conflict((source_values::source_id, source_values::external_id))
        .do_update()
        .set((
            source_values::locator.eq(excluded(source_values::locator)),
            source_values::origin_id.eq(excluded(source_values::origin_id)),
            source_values::list.eq(excluded(source_values::list)),
            source_values::digest.eq(excluded(source_values::digest)),
            source_values::entry_values.eq(excluded(source_values::entry_values)),
        )));
    for ids in forgotten.chunks(CHUNK) {
        let of_source = source_values::source_id.eq(run.source_key);
        diesel::delete(source_values::table.filter(of_source.and(source_values::external_id.eq_any(ids))))
            .execute(conn)?;
    }
    Ok(())
}

/// Forgets the lists of the run's source by which nothing is kept any more.
pub fn tidy(conn: &mut Connection, run: &OpenRun) -> StoreResult<()> {
    let of_source = source_values::table.filter(source_values::source_id.eq(run.source_key));
    let used: Vec<i64> = of_source.select(source_values::list).distinct().load(conn)?;
    let unused = source_value_lists::source_id.eq(run.source_key).and(source_value_lists::id.ne_all(used));
    diesel::delete(source_value_lists::table.filter(unused)).execute(conn)?;
    Ok(())
}

/// Forgets everything of a source.
pub(crate) fn forget_source(conn: &mut Connection, source_key: i64) -> StoreResult<()> {
    diesel::delete(source_values::table.filter(source_values::source_id.eq(source_key))).execute(conn)?;
    diesel::delete(source_value_lists::table.filter(source_value_lists::source_id.eq(source_key))).execute(conn)?;
    Ok(())
}

/// What is kept of the run's source, in the order of the identities of entries: at most `limit` after `after`.
pub fn page(conn: &mut Connection, run: &OpenRun, after: Option<&[u8]>, limit: i64) -> StoreResult<Vec<EntryValues>> {
    type Row = (Vec<u8>, String, Option<Vec<u8>>, i64, i64, String);
    let mut query = source_values::table
        .filter(source_values::source_id.eq(run.source_key))
        .select((
            source_values::external_id,
            source_values::locator,
            source_values::origin_id,
            source_values::list,
            source_values::digest,
            source_values::entry_values,
        ))
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(source_values::external_id.gt(after));
    }
    let rows: Vec<Row> = query.order(source_values::external_id.asc()).limit(limit).load(conn)?;
    let read = |(external_id, locator, origin_id, list, digest, values): Row| EntryValues {
        external_id,
        locator,
        origin_id,
        list,
        digest,
        values: values.into(),
    };
    Ok(rows.into_iter().map(read).collect())
}
