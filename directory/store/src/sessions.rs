//! Signed-in browsers. The secret in the cookie is kept as its SHA-256 hash only. Nobody has more than
//! [`MAX_SESSIONS`] of them.

use std::time::Duration;

use diesel::prelude::*;
use directory_model::audit::Act;
use directory_model::change::ObjectKind;
use directory_model::id::{IdentityProviderId, SessionId, TenantId, UserId};
use directory_model::tenant::TenantFields;
use directory_model::timestamp::Timestamp;
use directory_model::user::{Session, User};
use serde_json::json;

use crate::column::{Column, moment};
use crate::connection::Connection;
use crate::error::StoreResult;
use crate::schema::{sessions, tenants, users};
use crate::tx::Tx;
use crate::users::{UserRow, has_not_left, joined as joined_users, key as user_key};

/// How exactly it is known when a session or token was used last: more often nothing is written.
pub const USED_AT_PRECISION: Duration = Duration::from_mins(1);

/// How many sessions a user has at most: with one more, the one that was used longest ago ends.
pub const MAX_SESSIONS: u16 = 50;

/// A SHA-256 hash of a secret that is itself random.
pub type SecretHash = [u8; 32];

/// What a new session is made of.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// Whose it is.
    pub user: UserId,
    /// The hash of the cookie's secret.
    pub secret_hash: SecretHash,
    /// What requests that change something must repeat.
    pub csrf_token: String,
    /// The browser, as it calls itself.
    pub user_agent: String,
    /// When the session ends whatever happens.
    pub expires_at: Timestamp,
    /// The identity provider by which it begins, if it is one.
    pub provider: Option<IdentityProviderId>,
}

/// A session with all that a request needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// Whose user it is.
    pub tenant: TenantId,
    /// The session.
    pub session: Session,
    /// What requests that change something must repeat.
    pub csrf_token: String,
    /// The user.
    pub user: User,
    /// The tenant wants a second factor, which the user has not set up, and the user came by password.
    pub is_second_factor_missing: bool,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = sessions)]
struct SessionRow {
    public_id: String,
    csrf_token: String,
    user_agent: String,
    created_at: i64,
    used_at: i64,
    expires_at: i64,
    provider: Option<String>,
}

impl SessionRow {
    fn read(self, user: UserId) -> StoreResult<Session> {
        Ok(Session {
            id: Column("sessions", "public_id").id(&self.public_id)?,
            user,
            created_at: moment(self.created_at),
            used_at: moment(self.used_at),
            expires_at: moment(self.expires_at),
            provider: self.provider.map(|id| Column("sessions", "provider").id(&id)).transpose()?,
            user_agent: self.user_agent,
        })
    }
}

/// Signs the user in; `None` when there is no such user.
pub fn insert(tx: &mut Tx<'_>, new: &NewSession) -> StoreResult<Option<Session>> {
    let Some(user_key) = user_key(tx.conn, tx.tenant, new.user)? else { return Ok(None) };
    make_room(tx, user_key)?;
    let (id, now) = (SessionId::new(tx.ids()), tx.now());
    diesel::insert_into(sessions::table)
        .values((
            sessions::tenant_id.eq(tx.tenant_key),
            sessions::public_id.eq(id.to_string()),
            sessions::user_id.eq(user_key),
            sessions::secret_hash.eq(new.secret_hash.as_slice()),
            sessions::csrf_token.eq(&new.csrf_token),
            sessions::user_agent.eq(&new.user_agent),
            sessions::created_at.eq(now.millis()),
            sessions::used_at.eq(now.millis()),
            sessions::expires_at.eq(new.expires_at.millis()),
            sessions::provider.eq(new.provider.map(|provider| provider.to_string())),
        ))
        .execute(tx.conn)?;
    diesel::update(users::table.filter(users::id.eq(user_key)))
        .set(users::signed_in_at.eq(now.millis()))
        .execute(tx.conn)?;
    tx.audit(Act::SignIn, ObjectKind::Session, id, &json!({"user": [null, new.user]}))?;
    Ok(Some(Session {
        id,
        user: new.user,
        created_at: now,
        used_at: now,
        expires_at: new.expires_at,
        user_agent: new.user_agent.clone(),
        provider: new.provider,
    }))
}

/// Who the cookie's secret belongs to. `None` when it is unknown or has expired, and when the user
/// or the tenant is disabled, or the user left.
pub fn find_by_hash(conn: &mut Connection, hash: &SecretHash, now: Timestamp) -> StoreResult<Option<SignedIn>> {
    let found: Option<(SessionRow, UserRow, String, String)> = joined_users()
        .inner_join(sessions::table.on(sessions::user_id.eq(users::id)))
        .select((SessionRow::as_select(), UserRow::as_select(), tenants::public_id, tenants::settings))
        .filter(sessions::secret_hash.eq(hash.as_slice()))
        .filter(sessions::expires_at.gt(now.millis()))
        .filter(users::is_disabled.eq(false))
        .filter(has_not_left())
        .filter(tenants::is_disabled.eq(false))
        .first(conn)
        .optional()?;
    let Some((session, user, tenant, settings)) = found else { return Ok(None) };
    let user = user.into_user()?;
    let csrf_token = session.csrf_token.clone();
    let is_second_factor_missing = user.second_factor_since.is_none()
        && session.provider.is_none()
        && Column("tenants", "settings").json::<TenantFields>(&settings)?.is_second_factor_required;
    let tenant = Column("tenants", "public_id").id(&tenant)?;
    Ok(Some(SignedIn { tenant, session: session.read(user.id)?, csrf_token, user, is_second_factor_missing }))
}

/// The user's sessions that have not expired and were used after `idle_since`, the latest first.
pub fn of_user(
    conn: &mut Connection,
    tenant: TenantId,
    user: UserId,
    now: Timestamp,
    idle_since: Timestamp,
) -> StoreResult<Vec<Session>> {
    let rows: Vec<SessionRow> = sessions::table
        .inner_join(tenants::table.on(tenants::id.eq(sessions::tenant_id)))
        .inner_join(users::table.on(users::id.eq(sessions::user_id)))
        .select(SessionRow::as_select())
        .filter(tenants::public_id.eq(tenant.to_string()))
        .filter(users::public_id.eq(user.to_string()))
        .filter(sessions::expires_at.gt(now.millis()))
        .filter(sessions::used_at.gt(idle_since.millis()))
        .order(sessions::id.desc())
        .load(conn)?;
    rows.into_iter().map(|row| row.read(user)).collect()
}

/// Whether the session was used long enough ago for [`touch`] to write anything.
pub fn is_touch_due(session: &Session, now: Timestamp) -> bool {
    now.since(session.used_at) >= USED_AT_PRECISION
}

/// Notes that the session is in use, unless that was noted within the last minute; says whether it
/// was written.
pub fn touch(conn: &mut Connection, id: SessionId, now: Timestamp) -> StoreResult<bool> {
    let due = sessions::table
        .filter(sessions::public_id.eq(id.to_string()))
        .filter(sessions::used_at.le(now.minus(USED_AT_PRECISION).millis()));
    Ok(diesel::update(due).set(sessions::used_at.eq(now.millis())).execute(conn)? > 0)
}

/// Ends the session.
pub fn remove(tx: &mut Tx<'_>, id: SessionId) -> StoreResult<Option<()>> {
    let own =
        sessions::table.filter(sessions::public_id.eq(id.to_string())).filter(sessions::tenant_id.eq(tx.tenant_key));
    if diesel::delete(own).execute(tx.conn)? == 0 {
        return Ok(None);
    }
    sign_out(tx, id)?;
    Ok(Some(()))
}

/// Ends a session of the user; `None` when the user has no such session.
pub fn remove_one_of_user(tx: &mut Tx<'_>, user: UserId, id: SessionId) -> StoreResult<Option<()>> {
    let Some(user_key) = user_key(tx.conn, tx.tenant, user)? else { return Ok(None) };
    let own: i64 = sessions::table
        .filter(sessions::public_id.eq(id.to_string()).and(sessions::user_id.eq(user_key)))
        .count()
        .get_result(tx.conn)?;
    if own == 0 { Ok(None) } else { remove(tx, id) }
}

/// The identity provider by which a session began.
pub fn provider_of(conn: &mut Connection, tenant: TenantId, id: SessionId) -> StoreResult<Option<IdentityProviderId>> {
    let provider: Option<Option<String>> = sessions::table
        .inner_join(tenants::table.on(tenants::id.eq(sessions::tenant_id)))
        .select(sessions::provider)
        .filter(sessions::public_id.eq(id.to_string()).and(tenants::public_id.eq(tenant.to_string())))
        .first(conn)
        .optional()?;
    provider.flatten().map(|id| Column("sessions", "provider").id(&id)).transpose()
}

/// Ends every session that began by the identity provider; says how many.
pub(crate) fn remove_of_provider(tx: &mut Tx<'_>, provider: IdentityProviderId) -> StoreResult<u64> {
    let of_provider = sessions::table
        .select(sessions::public_id)
        .filter(sessions::tenant_id.eq(tx.tenant_key).and(sessions::provider.eq(provider.to_string())));
    let found: Vec<String> = of_provider.load(tx.conn)?;
    remove_all(tx, found, None)
}

/// Ends every session of the user, or every other than `except`; says how many. There is none of a
/// user of another tenant.
pub fn remove_of_user(tx: &mut Tx<'_>, user: UserId, except: Option<SessionId>) -> StoreResult<u64> {
    let Some(user_key) = user_key(tx.conn, tx.tenant, user)? else { return Ok(0) };
    let found: Vec<String> =
        sessions::table.select(sessions::public_id).filter(sessions::user_id.eq(user_key)).load(tx.conn)?;
    remove_all(tx, found, except)
}

fn remove_all(tx: &mut Tx<'_>, found: Vec<String>, except: Option<SessionId>) -> StoreResult<u64> {
    let mut ended = 0;
    for id in found {
        let id = Column("sessions", "public_id").id(&id)?;
        if Some(id) != except && remove(tx, id)?.is_some() {
            ended += 1;
        }
    }
    Ok(ended)
}

/// Ends the sessions that were used longest ago, so that there is room for one more.
fn make_room(tx: &mut Tx<'_>, user_key: i64) -> StoreResult<()> {
    let surplus = sessions::table
        .select(sessions::public_id)
        .filter(sessions::user_id.eq(user_key))
        .order((sessions::used_at.desc(), sessions::id.desc()))
        .offset(i64::from(MAX_SESSIONS) - 1);
    // SQLite knows no offset without a limit.
    let found: Vec<String> = surplus.limit(1000).load(tx.conn)?;
    remove_all(tx, found, None)?;
    Ok(())
}

/// Forgets sessions that have expired; says how many.
pub fn purge(conn: &mut Connection, now: Timestamp) -> StoreResult<u64> {
    let expired = sessions::table.filter(sessions::expires_at.le(now.millis()));
    Ok(diesel::delete(expired).execute(conn)? as u64)
}

fn sign_out(tx: &mut Tx<'_>, id: SessionId) -> StoreResult<()> {
    tx.audit(Act::SignOut, ObjectKind::Session, id, &json!({}))?;
    tx.removed(ObjectKind::Session, id);
    Ok(())
}
