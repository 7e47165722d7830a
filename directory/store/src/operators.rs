//! Somebody must be left who can sign in and run the platform: without them only the machine's own
//! operator, with a new set-up link, could help.

use diesel::prelude::*;
use directory_model::rights::Role;

use crate::PLATFORM;
use crate::column::word;
use crate::connection::Connection;
use crate::error::{Conflict, StoreResult};
use crate::schema::{grants, tenants, users};
use crate::tx::Tx;

/// Does `work`, unless it takes the last operator away.
pub(crate) fn keep_one<T>(tx: &mut Tx<'_>, work: impl FnOnce(&mut Tx<'_>) -> StoreResult<T>) -> StoreResult<T> {
    if tx.tenant != PLATFORM {
        return work(tx);
    }
    let had_one = is_there_one(tx.conn)?;
    let done = work(tx)?;
    if had_one && !is_there_one(tx.conn)? {
        return Err(Conflict::LastOperator.into());
    }
    Ok(done)
}

/// Whether anybody who runs the platform can sign in: is not disabled and has a password. API tokens
/// do not count, for they end.
fn is_there_one(conn: &mut Connection) -> StoreResult<bool> {
    let found: Option<i64> = grants::table
        .inner_join(users::table.on(users::id.eq(grants::user_id)))
        .inner_join(tenants::table.on(tenants::id.eq(grants::tenant_id)))
        .filter(tenants::public_id.eq(PLATFORM.to_string()))
        .filter(grants::role.eq(word(Role::Platform)))
        .filter(users::is_disabled.eq(false))
        .filter(users::password_hash.is_not_null())
        .select(grants::id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}
