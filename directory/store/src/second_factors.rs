//! Second factors: the sealed secret from which an authenticator makes codes, and recovery codes, of
//! which the hashes are kept only. A factor that was not confirmed is asked of nobody.

use diesel::prelude::*;
use directory_model::audit::Act;
use directory_model::change::ObjectKind;
use directory_model::id::{TenantId, UserId};
use directory_model::secret::Secret;
use serde_json::json;

use crate::connection::Connection;
use crate::error::{Conflict, StoreResult};
use crate::rekey::{Rekeyed, reseal_all};
use crate::schema::{recovery_codes, users};
use crate::seal::{OpenedSecret, Place, SealingKey};
use crate::sessions::SecretHash;
use crate::tx::Tx;
use crate::users::{find_row, key as user_key};

/// What codes of a user are compared with.
#[derive(Debug)]
pub struct SecondFactor {
    /// What the authenticator shares with the gateway.
    pub secret: OpenedSecret,
    /// Whether it was confirmed, and is asked for since.
    pub is_confirmed: bool,
    /// The time step of the code that was used last.
    pub used_step: Option<i64>,
    /// How many recovery codes are left.
    pub recovery_codes: u64,
}

/// What a user shows besides a password; each works once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// The authenticator's code of this time step.
    Step(i64),
    /// The recovery code with this hash.
    RecoveryCode(SecretHash),
}

/// The user's second factor, confirmed or not; `None` when none was ever begun.
pub fn find(
    conn: &mut Connection,
    key: &SealingKey,
    tenant: TenantId,
    user: UserId,
) -> StoreResult<Option<SecondFactor>> {
    let Some(row) = find_row(conn, tenant, user)? else { return Ok(None) };
    let Some(envelope) = &row.totp_secret else { return Ok(None) };
    let left: i64 = recovery_codes::table.filter(recovery_codes::user_id.eq(row.id)).count().get_result(conn)?;
    let secret = key.open(place(tenant, &user.to_string()), envelope);
    Ok(Some(SecondFactor {
        secret: secret.map_or(OpenedSecret::EnterAgain, OpenedSecret::Opened),
        is_confirmed: row.totp_confirmed_at.is_some(),
        used_step: row.totp_step,
        recovery_codes: u64::try_from(left).unwrap_or_default(),
    }))
}

/// Whether the user has a recovery code with this hash.
pub fn has_recovery_code(
    conn: &mut Connection,
    tenant: TenantId,
    user: UserId,
    hash: &SecretHash,
) -> StoreResult<bool> {
    let Some(user_key) = user_key(conn, tenant, user)? else { return Ok(false) };
    let found: i64 = recovery_codes::table.find((user_key, hash.as_slice())).count().get_result(conn)?;
    Ok(found > 0)
}

/// Keeps the secret of a factor that is to be confirmed, in place of another such. Conflicts when a
/// confirmed one is in use.
pub fn begin(tx: &mut Tx<'_>, key: &SealingKey, user: UserId, secret: &Secret) -> StoreResult<Option<()>> {
    let tenant = tx.tenant;
    let Some(row) = find_row(tx.conn, tenant, user)? else { return Ok(None) };
    if row.totp_confirmed_at.is_some() {
        return Err(Conflict::SecondFactor.into());
    }
    let envelope = key.seal(place(tenant, &user.to_string()), secret)?;
    diesel::update(users::table.filter(users::id.eq(row.id)))
        .set((users::totp_secret.eq(envelope), users::totp_step.eq(None::<i64>)))
        .execute(tx.conn)?;
    tx.audit(Act::Update, ObjectKind::User, user, &json!({"second_factor_begun": [null, "***"]}))?;
    Ok(Some(()))
}

/// Asks for the factor from now on. `step` is that of the code which proved that the authenticator
/// works with `secret`, and `codes` are the hashes of the recovery codes. Conflicts when it was confirmed before, and
/// `None` when another one was begun meanwhile.
pub fn confirm(
    tx: &mut Tx<'_>,
    key: &SealingKey,
    user: UserId,
    (secret, step): (&Secret, i64),
    codes: &[SecretHash],
) -> StoreResult<Option<()>> {
    let Some(row) = find_row(tx.conn, tx.tenant, user)?.filter(|row| row.totp_secret.is_some()) else {
        return Ok(None);
    };
    if row.totp_confirmed_at.is_some() {
        return Err(Conflict::SecondFactor.into());
    }
    let id = user.to_string();
    if key.open_kept(place(tx.tenant, &id), row.totp_secret.as_deref()) != OpenedSecret::Opened(secret.clone()) {
        return Ok(None);
    }
    diesel::update(users::table.filter(users::id.eq(row.id)))
        .set((users::totp_confirmed_at.eq(tx.now().millis()), users::totp_step.eq(step)))
        .execute(tx.conn)?;
    replace_recovery_codes(tx, row.id, codes)?;
    tx.audit(Act::Update, ObjectKind::User, user, &json!({"second_factor": [null, "***"]}))?;
    Ok(Some(()))
}

/// Uses `proof` up; says whether it was good for anything. Only one of several at once is told so, and
/// only if the transaction in which it asks is kept.
pub fn spend(tx: &mut Tx<'_>, user: UserId, proof: Proof) -> StoreResult<bool> {
    let Some(user_key) = user_key(tx.conn, tx.tenant, user)? else { return Ok(false) };
    match proof {
        Proof::Step(step) => {
            let unused = users::table
                .filter(users::id.eq(user_key))
                .filter(users::totp_step.is_null().or(users::totp_step.lt(step)));
            Ok(diesel::update(unused).set(users::totp_step.eq(step)).execute(tx.conn)? == 1)
        }
        Proof::RecoveryCode(hash) => {
            let code = recovery_codes::table.find((user_key, hash.as_slice()));
            let is_known = diesel::delete(code).execute(tx.conn)? == 1;
            if is_known {
                tx.audit(Act::Update, ObjectKind::User, user, &json!({"recovery_code": ["***", null]}))?;
            }
            Ok(is_known)
        }
    }
}

/// Asks for no second factor of the user any more; `None` when there is no such user.
pub fn remove(tx: &mut Tx<'_>, user: UserId) -> StoreResult<Option<()>> {
    let Some(row) = find_row(tx.conn, tx.tenant, user)? else { return Ok(None) };
    diesel::update(users::table.filter(users::id.eq(row.id)))
        .set((
            users::totp_secret.eq(None::<String>),
            users::totp_confirmed_at.eq(None::<i64>),
            users::totp_step.eq(None::<i64>),
        ))
        .execute(tx.conn)?;
    replace_recovery_codes(tx, row.id, &[])?;
    if row.totp_secret.is_some() {
        tx.audit(Act::Update, ObjectKind::User, user, &json!({"second_factor": ["***", null]}))?;
    }
    Ok(Some(()))
}

/// Seals the tenant's factors with `new` instead of `old`; says how many, and how many could not be
/// opened and stay as they are.
pub(crate) fn reseal(tx: &mut Tx<'_>, old: &SealingKey, new: &SealingKey) -> StoreResult<Rekeyed> {
    let kept = users::table
        .select((users::id, users::public_id, users::totp_secret.assume_not_null()))
        .filter(users::tenant_id.eq(tx.tenant_key).and(users::totp_secret.is_not_null()))
        .load(tx.conn)?;
    let set = |tx: &mut Tx<'_>, user_key: i64, envelope: String| {
        let user = users::table.filter(users::id.eq(user_key));
        diesel::update(user).set(users::totp_secret.eq(envelope)).execute(tx.conn)?;
        Ok(())
    };
    reseal_all(tx, (old, new), (ObjectKind::User, "second_factor", place), kept, set)
}

fn replace_recovery_codes(tx: &mut Tx<'_>, user_key: i64, codes: &[SecretHash]) -> StoreResult<()> {
    diesel::delete(recovery_codes::table.filter(recovery_codes::user_id.eq(user_key))).execute(tx.conn)?;
    for code in codes {
        diesel::insert_into(recovery_codes::table)
            .values((
                recovery_codes::user_id.eq(user_key),
                recovery_codes::tenant_id.eq(tx.tenant_key),
                recovery_codes::code_hash.eq(code.as_slice()),
            ))
            .execute(tx.conn)?;
    }
    Ok(())
}

fn place(tenant: TenantId, user: &str) -> Place<'_> {
    Place { tenant, object: user, field: "users.totp_secret" }
}
