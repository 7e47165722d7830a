//! The one-time link with which the platform's first user is made. Kept as its SHA-256 hash only.

use diesel::prelude::*;
use directory_model::timestamp::Timestamp;

use crate::connection::Connection;
use crate::error::StoreResult;
use crate::schema::setup_tokens;
use crate::sessions::SecretHash;

/// Offers a link until `expires_at`; earlier ones are void from now on.
pub fn offer(conn: &mut Connection, hash: &SecretHash, now: Timestamp, expires_at: Timestamp) -> StoreResult<()> {
    diesel::delete(setup_tokens::table.filter(setup_tokens::used_at.is_null())).execute(conn)?;
    diesel::insert_into(setup_tokens::table)
        .values((
            setup_tokens::secret_hash.eq(hash.as_slice()),
            setup_tokens::created_at.eq(now.millis()),
            setup_tokens::expires_at.eq(expires_at.millis()),
        ))
        .execute(conn)?;
    Ok(())
}

/// Whether a link is still open.
pub fn is_open(conn: &mut Connection, now: Timestamp) -> StoreResult<bool> {
    let open =
        setup_tokens::table.filter(setup_tokens::used_at.is_null()).filter(setup_tokens::expires_at.gt(now.millis()));
    let count: i64 = open.count().get_result(conn)?;
    Ok(count > 0)
}

/// Uses the link up; says whether it was open. Only one of several at once is told so, and only if
/// the transaction in which it asks is kept.
pub fn consume(conn: &mut Connection, hash: &SecretHash, now: Timestamp) -> StoreResult<bool> {
    let open = setup_tokens::table
        .filter(setup_tokens::secret_hash.eq(hash.as_slice()))
        .filter(setup_tokens::used_at.is_null())
        .filter(setup_tokens::expires_at.gt(now.millis()));
    Ok(diesel::update(open).set(setup_tokens::used_at.eq(now.millis())).execute(conn)? == 1)
}
