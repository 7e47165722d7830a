//! What sources last said of their groups, and which groups are left alone until they say something else.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::connection::{Connection, per_backend};
use crate::error::StoreResult;
use crate::refs::CHUNK;
use crate::schema::source_groups;
use crate::sync_runs::OpenRun;

/// What a source last said of one group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// A digest of its name and its people; empty when it was not there.
    pub digest: Vec<u8>,
    /// What a run did with the group was taken back, and is not done again as long as this is said.
    pub is_held: bool,
}

/// What the run's source last said of each of its groups.
pub fn said(conn: &mut Connection, run: &OpenRun) -> StoreResult<HashMap<Vec<u8>, Said>> {
    let rows: Vec<(Vec<u8>, Vec<u8>, bool)> = source_groups::table
        .filter(source_groups::source_id.eq(run.source_key))
        .select((source_groups::external_id, source_groups::digest, source_groups::is_held))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, digest, is_held)| (id, Said { digest, is_held })).collect())
}

/// Notes what the run's source says now; `None` of groups of which nothing is to be known any more.
pub fn say(conn: &mut Connection, run: &OpenRun, changes: &[(Vec<u8>, Option<Said>)]) -> StoreResult<()> {
    for changes in changes.chunks(CHUNK) {
        let ids: Vec<&Vec<u8>> = changes.iter().map(|(id, _)| id).collect();
        let known = source_groups::source_id.eq(run.source_key).and(source_groups::external_id.eq_any(ids));
        diesel::delete(source_groups::table.filter(known)).execute(conn)?;
        for (id, said) in changes.iter().filter_map(|(id, said)| Some((id, said.as_ref()?))) {
            insert(conn, run, id, said)?;
        }
    }
    Ok(())
}

/// Leaves the group alone from now on, as long as the source says of it what it said last.
pub(super) fn hold(conn: &mut Connection, run: &OpenRun, external_id: &[u8]) -> StoreResult<()> {
    let row = source_groups::table.find((run.source_key, external_id));
    let known = diesel::update(row).set(source_groups::is_held.eq(true)).execute(conn)?;
    if known == 0 {
        insert(conn, run, external_id, &Said { digest: Vec::new(), is_held: true })?;
    }
    Ok(())
}

fn insert(conn: &mut Connection, run: &OpenRun, external_id: &[u8], said: &Said) -> StoreResult<()> {
    let row = (
        source_groups::source_id.eq(run.source_key),
        source_groups::external_id.eq(external_id),
        source_groups::tenant_id.eq(run.tenant_key),
        source_groups::digest.eq(&said.digest),
        source_groups::is_held.eq(said.is_held),
    );
    per_backend!(conn, |conn| diesel::insert_into(source_groups::table).values(row).execute(conn))?;
    Ok(())
}
