//! The tenant's line of changes, for followers. Written by transactions only.

use diesel::prelude::*;
use directory_model::change::Change;
use directory_model::id::TenantId;

use crate::column::{Column, moment};
use crate::connection::Connection;
use crate::error::StoreResult;
use crate::schema::changes;
use crate::tenants;

#[derive(Queryable, Selectable)]
#[diesel(table_name = changes)]
struct ChangeRow {
    seq: i64,
    kind: String,
    object: String,
    at: i64,
    is_removal: bool,
}

/// The changes after number `seq`, in order: about `limit` of them, but never a part of a
/// transaction. None when there are none, or no such tenant.
pub fn list(conn: &mut Connection, tenant: TenantId, seq: i64, limit: u32) -> StoreResult<Vec<Change>> {
    let Some(tenant_key) = tenants::key(conn, tenant)? else { return Ok(Vec::new()) };
    let of_tenant = changes::tenant_id.eq(tenant_key);
    let in_order = (changes::seq.asc(), changes::kind.asc(), changes::object.asc());
    let limit = i64::from(limit.max(1));
    let mut rows: Vec<ChangeRow> = changes::table
        .filter(of_tenant.and(changes::seq.gt(seq)))
        .select(ChangeRow::as_select())
        .order(in_order)
        .limit(limit + 1)
        .load(conn)?;
    if i64::try_from(rows.len()).is_ok_and(|found| found > limit) {
        let first = rows.first().map_or(seq, |row| row.seq);
        let last = rows.last().map_or(seq, |row| row.seq);
        if first == last {
            // One transaction that is longer than the limit.
            rows = changes::table
                .filter(of_tenant.and(changes::seq.eq(first)))
                .select(ChangeRow::as_select())
                .order(in_order)
                .load(conn)?;
        } else {
            rows.retain(|row| row.seq != last);
        }
    }
    rows.into_iter().map(|row| row.read(tenant)).collect()
}

impl ChangeRow {
    fn read(self, tenant: TenantId) -> StoreResult<Change> {
        Ok(Change {
            tenant,
            seq: self.seq,
            at: moment(self.at),
            kind: Column("changes", "kind").word(&self.kind)?,
            object: self.object,
            is_removal: self.is_removal,
        })
    }
}
