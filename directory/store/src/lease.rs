//! The right to serve this database: one gateway at a time, with a fencing number that grows with
//! each holder.
//!
//! Used inside [`Database::write_unnumbered`](crate::database::Database::write_unnumbered).

use std::time::Duration;

use diesel::prelude::*;
use directory_model::system::LeaseHolder;
use directory_model::timestamp::Timestamp;

use crate::column::moment;
use crate::connection::Connection;
use crate::error::{StoreError, StoreResult};
use crate::schema::gateway_lease as lease;

/// There is one lease; the name leaves room for more.
const NAME: &str = "gateway";

/// What came of asking for the lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lease {
    /// It is ours under this fencing number.
    Ours {
        /// Larger than every number before.
        fence: i64,
    },
    /// Somebody else holds it.
    Taken {
        /// Who, as it calls itself.
        by: String,
        /// Until when, unless renewed.
        until: Timestamp,
    },
}

/// Takes the lease if nobody holds it at `now`.
pub fn acquire(conn: &mut Connection, holder: &str, now: Timestamp, ttl: Duration) -> StoreResult<Lease> {
    let found: Option<(String, i64, i64)> =
        lease::table.find(NAME).select((lease::holder, lease::fence, lease::expires_at)).get_result(conn).optional()?;
    let until = now.plus(ttl).millis();
    let Some((by, fence, expires_at)) = found else {
        diesel::insert_into(lease::table)
            .values((lease::name.eq(NAME), lease::holder.eq(holder), lease::fence.eq(1), lease::expires_at.eq(until)))
            .execute(conn)?;
        return Ok(Lease::Ours { fence: 1 });
    };
    let taken = Lease::Taken { by, until: moment(expires_at) };
    if now.millis() < expires_at {
        return Ok(taken);
    }
    // Two may see it expired at once; the number decides who was first.
    let won = diesel::update(lease::table.find(NAME).filter(lease::fence.eq(fence)))
        .set((lease::holder.eq(holder), lease::fence.eq(fence + 1), lease::expires_at.eq(until)))
        .execute(conn)?;
    Ok(if won == 1 { Lease::Ours { fence: fence + 1 } } else { taken })
}

/// Keeps the lease for longer; `false` when it is not ours any more.
pub fn renew(conn: &mut Connection, fence: i64, now: Timestamp, ttl: Duration) -> StoreResult<bool> {
    let renewed = diesel::update(lease::table.find(NAME).filter(lease::fence.eq(fence)))
        .set(lease::expires_at.eq(now.plus(ttl).millis()))
        .execute(conn)?;
    Ok(renewed == 1)
}

/// Gives the lease up, so that the next gateway need not wait; `false` when it was not ours.
pub fn release(conn: &mut Connection, fence: i64) -> StoreResult<bool> {
    let released = diesel::update(lease::table.find(NAME).filter(lease::fence.eq(fence)))
        .set(lease::expires_at.eq(0))
        .execute(conn)?;
    Ok(released == 1)
}

/// Who took the lease last, and until when.
pub fn holder(conn: &mut Connection) -> StoreResult<Option<LeaseHolder>> {
    let columns = (lease::holder, lease::fence, lease::expires_at);
    let found: Option<(String, i64, i64)> = lease::table.find(NAME).select(columns).get_result(conn).optional()?;
    Ok(found.map(|(holder, fence, until)| LeaseHolder { holder, fence, until: moment(until) }))
}

/// Fails when the lease is not that of `fence` any more. An SQLite file is asked nothing: the
/// system's lock beside it is held as long as the process lives.
pub(crate) fn require(conn: &mut Connection, fence: Option<i64>) -> StoreResult<()> {
    let Some(fence) = fence.filter(|_| !conn.is_sqlite()) else { return Ok(()) };
    let newest: Option<i64> = lease::table.find(NAME).select(lease::fence).get_result(conn).optional()?;
    if newest == Some(fence) {
        return Ok(());
    }
    Err(StoreError::Unavailable("another gateway has taken this database over".into()))
}
