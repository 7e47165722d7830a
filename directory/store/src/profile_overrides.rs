//! What users chose for their calls in a profile.

use diesel::prelude::*;
use directory_model::id::{TenantId, UserId};
use directory_model::invalid::Rule;
use directory_model::profile::ProfileName;
use directory_model::profile::calls::CallChoices;
use directory_model::valid::Valid;
use serde_json::json;

use crate::column::Column;
use crate::connection::Connection;
use crate::error::{Conflict, StoreError, StoreResult};
use crate::schema::profile_overrides;
use crate::tx::Tx;
use crate::{call_settings, presence_profiles, profile_selections, users};

const CHOICES: Column = Column("profile_overrides", "choices");
const PROFILE: Column = Column("profile_overrides", "profile");

/// What the user chose, by profile; `None` when there is no such user.
pub fn list(
    conn: &mut Connection,
    tenant: TenantId,
    user: UserId,
) -> StoreResult<Option<Vec<(ProfileName, CallChoices)>>> {
    let Some(user_key) = users::key(conn, tenant, user)? else { return Ok(None) };
    let rows: Vec<(String, String)> = profile_overrides::table
        .filter(profile_overrides::user_id.eq(user_key))
        .select((profile_overrides::profile, profile_overrides::choices))
        .order(profile_overrides::profile.asc())
        .load(conn)?;
    let read = |(profile, choices): (String, String)| Ok((PROFILE.id(&profile)?, CHOICES.json(&choices)?));
    rows.into_iter().map(read).collect::<StoreResult<Vec<_>>>().map(Some)
}

/// What the user chose for the profile; nothing by default.
pub(crate) fn of(conn: &mut Connection, user_key: i64, profile: ProfileName) -> StoreResult<CallChoices> {
    let row: Option<String> = profile_overrides::table
        .find((user_key, profile.to_string()))
        .select(profile_overrides::choices)
        .first(conn)
        .optional()?;
    Ok(row.map(|choices| CHOICES.json(&choices)).transpose()?.unwrap_or_default())
}

/// Keeps what the user chose for the profile, in place of what was chosen before; `None` when there is no such
/// user. Refuses users without a client or whose client profile does not allow it.
pub fn set(
    tx: &mut Tx<'_>,
    user: UserId,
    profile: ProfileName,
    choices: &Valid<CallChoices>,
) -> StoreResult<Option<()>> {
    let Some(user_key) = permitted(tx, user)? else { return Ok(None) };
    let tenant = tx.tenant;
    if presence_profiles::find(tx.conn, tenant, profile)?.is_none() {
        return Err(StoreError::refused("presence_profile", profile, Rule::Unknown));
    }
    let old = of(tx.conn, user_key, profile)?;
    diesel::delete(profile_overrides::table.find((user_key, profile.to_string()))).execute(tx.conn)?;
    diesel::insert_into(profile_overrides::table)
        .values((
            profile_overrides::user_id.eq(user_key),
            profile_overrides::profile.eq(profile.to_string()),
            profile_overrides::tenant_id.eq(tx.tenant_key),
            profile_overrides::choices.eq(CHOICES.to_json(&**choices)?),
            profile_overrides::updated_at.eq(tx.now().millis()),
        ))
        .execute(tx.conn)?;
    profile_selections::audit(tx, user, json!({"override": [old, &**choices], "of": [null, profile]}))?;
    let now = tx.now();
    call_settings::mark(tx.conn, tx.tenant_key, user_key, now)?;
    Ok(Some(()))
}

/// Takes back what the user chose for the profile; `None` when there is no such user or nothing was chosen.
pub fn remove(tx: &mut Tx<'_>, user: UserId, profile: ProfileName) -> StoreResult<Option<()>> {
    let Some(user_key) = permitted(tx, user)? else { return Ok(None) };
    let old = of(tx.conn, user_key, profile)?;
    let removal = diesel::delete(profile_overrides::table.find((user_key, profile.to_string())));
    if removal.execute(tx.conn)? == 0 {
        return Ok(None);
    }
    profile_selections::audit(tx, user, json!({"override": [old, null], "of": [null, profile]}))?;
    let now = tx.now();
    call_settings::mark(tx.conn, tx.tenant_key, user_key, now)?;
    Ok(Some(()))
}

/// The user's key, if there is such a user who may choose.
fn permitted(tx: &mut Tx<'_>, user: UserId) -> StoreResult<Option<i64>> {
    let (tenant, now) = (tx.tenant, tx.now());
    let Some(found) = profile_selections::find(tx.conn, tenant, user, now)? else { return Ok(None) };
    if !found.has_client {
        return Err(Conflict::NoClient.into());
    }
    if !found.rights.may_override_profiles {
        return Err(Conflict::ClientProfile.into());
    }
    users::key(tx.conn, tenant, user)
}
