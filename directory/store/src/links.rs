//! Links with which a user signs in once without a password. Kept as their SHA-256 hashes only.

use diesel::prelude::*;
use directory_model::audit::Act;
use directory_model::change::ObjectKind;
use directory_model::id::{TenantId, UserId};
use directory_model::timestamp::Timestamp;
use serde_json::json;

use crate::column::Column;
use crate::connection::Connection;
use crate::error::StoreResult;
use crate::schema::{sign_in_links, tenants, users};
use crate::sessions::SecretHash;
use crate::tx::Tx;
use crate::users::key as user_key;

/// Offers the user a link until `expires_at`; an earlier one is void from now on. `None` when there
/// is no such user.
pub fn offer(tx: &mut Tx<'_>, user: UserId, hash: &SecretHash, expires_at: Timestamp) -> StoreResult<Option<()>> {
    let Some(user_key) = user_key(tx.conn, tx.tenant, user)? else { return Ok(None) };
    diesel::delete(sign_in_links::table.find(user_key)).execute(tx.conn)?;
    diesel::insert_into(sign_in_links::table)
        .values((
            sign_in_links::user_id.eq(user_key),
            sign_in_links::tenant_id.eq(tx.tenant_key),
            sign_in_links::secret_hash.eq(hash.as_slice()),
            sign_in_links::expires_at.eq(expires_at.millis()),
        ))
        .execute(tx.conn)?;
    tx.audit(Act::Update, ObjectKind::User, user, &json!({ "sign_in_link": [null, expires_at] }))?;
    Ok(Some(()))
}

/// Whose link this is, if it is still open and its user and tenant are in service.
pub fn find(conn: &mut Connection, hash: &SecretHash, now: Timestamp) -> StoreResult<Option<(TenantId, UserId)>> {
    let found: Option<(String, String)> = sign_in_links::table
        .inner_join(users::table.on(users::id.eq(sign_in_links::user_id)))
        .inner_join(tenants::table.on(tenants::id.eq(sign_in_links::tenant_id)))
        .filter(sign_in_links::secret_hash.eq(hash.as_slice()))
        .filter(sign_in_links::expires_at.gt(now.millis()))
        .filter(users::is_disabled.eq(false))
        .filter(tenants::is_disabled.eq(false))
        .select((tenants::public_id, users::public_id))
        .first(conn)
        .optional()?;
    found
        .map(|(tenant, user)| {
            Ok((Column("tenants", "public_id").id(&tenant)?, Column("users", "public_id").id(&user)?))
        })
        .transpose()
}

/// Uses the link up; says whether it was open. Only one of several at once is told so, and only if
/// the transaction in which it asks is kept.
pub fn consume(tx: &mut Tx<'_>, hash: &SecretHash) -> StoreResult<bool> {
    let open = sign_in_links::table
        .filter(sign_in_links::tenant_id.eq(tx.tenant_key))
        .filter(sign_in_links::secret_hash.eq(hash.as_slice()))
        .filter(sign_in_links::expires_at.gt(tx.now().millis()));
    Ok(diesel::delete(open).execute(tx.conn)? == 1)
}

/// Removes links that have expired.
pub fn purge(conn: &mut Connection, now: Timestamp) -> StoreResult<usize> {
    Ok(diesel::delete(sign_in_links::table.filter(sign_in_links::expires_at.le(now.millis()))).execute(conn)?)
}
