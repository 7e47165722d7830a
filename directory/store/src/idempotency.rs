//! What requests with an `Idempotency-Key` were answered, to answer them alike when they are
//! repeated: for each tenant and user the latest 100 keys, for 24 hours.
//!
//! These rows are outside the tenant's line of changes: they say what was answered, and nothing of
//! the tenant.

use std::time::Duration;

use diesel::prelude::*;
use directory_model::id::{TenantId, UserId};
use directory_model::timestamp::Timestamp;

use crate::connection::{Connection, per_backend};
use crate::error::StoreResult;
use crate::schema::{idempotency_keys, users};
use crate::tenants;

/// For how long an answer is repeated.
pub const LASTS: Duration = Duration::from_hours(24);

/// After this long without an answer, whoever worked on the request is taken for gone.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// How many keys of one user in one tenant are kept.
const KEYS: i64 = 100;

/// A request that may come twice.
#[derive(Debug, Clone)]
pub struct Request {
    /// In which tenant something is asked for.
    pub tenant: TenantId,
    /// Who asks; may be a user of the platform.
    pub user: UserId,
    /// What the request calls itself.
    pub key: String,
    /// SHA-256 of what is asked.
    pub fingerprint: [u8; 32],
    /// When it is asked.
    pub at: Timestamp,
}

/// What is known of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reserved {
    /// Nothing; from now on, whoever asked works on it.
    Fresh,
    /// It was answered so.
    Answered(String),
    /// Somebody works on it.
    Underway,
    /// The key was sent with something else.
    OtherRequest,
}

/// Says what is known of the request, and remembers it when that is nothing. `None` when there is
/// no such tenant or user.
pub fn reserve(conn: &mut Connection, request: &Request) -> StoreResult<Option<Reserved>> {
    let Some((tenant, user)) = owner(conn, request)? else { return Ok(None) };
    forget_old(conn, tenant, user, request.at)?;
    let found: Option<(Vec<u8>, Option<String>)> = idempotency_keys::table
        .filter(of(tenant, user))
        .filter(idempotency_keys::key.eq(&request.key))
        .select((idempotency_keys::fingerprint, idempotency_keys::answer))
        .first(conn)
        .optional()?;
    match found {
        Some((fingerprint, _)) if fingerprint != request.fingerprint => return Ok(Some(Reserved::OtherRequest)),
        Some((_, Some(answer))) => return Ok(Some(Reserved::Answered(answer))),
        Some((_, None)) => return Ok(Some(Reserved::Underway)),
        None => {}
    }
    let row = (
        idempotency_keys::tenant_id.eq(tenant),
        idempotency_keys::user_id.eq(user),
        idempotency_keys::key.eq(&request.key),
        idempotency_keys::fingerprint.eq(request.fingerprint.as_slice()),
        idempotency_keys::created_at.eq(request.at.millis()),
    );
    let made = per_backend!(conn, |conn| {
        diesel::insert_into(idempotency_keys::table).values(row).on_conflict_do_nothing().execute(conn)?
    });
    // On PostgreSQL the same request may come twice at the same moment.
    Ok(Some(if made == 1 { Reserved::Fresh } else { Reserved::Underway }))
}

/// Keeps the answer to a request that was reserved.
pub fn answer(conn: &mut Connection, request: &Request, answer: &str) -> StoreResult<()> {
    let Some((tenant, user)) = owner(conn, request)? else { return Ok(()) };
    let row = idempotency_keys::table.filter(of(tenant, user)).filter(idempotency_keys::key.eq(&request.key));
    diesel::update(row).set(idempotency_keys::answer.eq(answer)).execute(conn)?;
    Ok(())
}

/// Forgets a request that was reserved and came to nothing.
pub fn release(conn: &mut Connection, request: &Request) -> StoreResult<()> {
    let Some((tenant, user)) = owner(conn, request)? else { return Ok(()) };
    let row = idempotency_keys::table.filter(of(tenant, user)).filter(idempotency_keys::key.eq(&request.key));
    diesel::delete(row).execute(conn)?;
    Ok(())
}

#[diesel::dsl::auto_type(no_type_alias)]
fn of(tenant: i64, user: i64) -> _ {
    idempotency_keys::tenant_id.eq(tenant).and(idempotency_keys::user_id.eq(user))
}

fn owner(conn: &mut Connection, request: &Request) -> StoreResult<Option<(i64, i64)>> {
    let Some(tenant) = tenants::key(conn, request.tenant)? else { return Ok(None) };
    let user = users::table.filter(users::public_id.eq(request.user.to_string())).select(users::id);
    let user: Option<i64> = user.first(conn).optional()?;
    Ok(user.map(|user| (tenant, user)))
}

/// Makes room for one more.
fn forget_old(conn: &mut Connection, tenant: i64, user: i64, now: Timestamp) -> StoreResult<()> {
    let is_over = idempotency_keys::created_at.le(now.minus(LASTS).millis());
    let is_left = idempotency_keys::created_at.le(now.minus(PATIENCE).millis()).and(idempotency_keys::answer.is_null());
    diesel::delete(idempotency_keys::table.filter(of(tenant, user)).filter(is_over.or(is_left))).execute(conn)?;
    let surplus: Vec<i64> = idempotency_keys::table
        .filter(of(tenant, user))
        .order((idempotency_keys::created_at.desc(), idempotency_keys::id.desc()))
        .select(idempotency_keys::id)
        .limit(KEYS * 2)
        .load(conn)?;
    for id in surplus.into_iter().skip(usize::try_from(KEYS - 1).unwrap_or_default()) {
        diesel::delete(idempotency_keys::table.filter(idempotency_keys::id.eq(id))).execute(conn)?;
    }
    Ok(())
}
