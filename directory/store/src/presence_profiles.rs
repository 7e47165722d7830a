//! Presence profiles that tenants made. The built-in ones have no rows.

use diesel::prelude::*;
use directory_model::audit::Act;
use directory_model::change::ObjectKind;
use directory_model::id::{PresenceProfileId, TenantId};
use directory_model::profile::built_in::BuiltIn;
use directory_model::profile::{MAX_PROFILES, PresenceProfile, ProfileFields, ProfileName};
use directory_model::valid::Valid;

use crate::column::{difference, moment};
use crate::connection::Connection;
use crate::error::{Conflict, StoreResult};
use crate::named::named_rows;
use crate::profile_selections;
use crate::schema::{presence_profiles, profile_overrides, profile_selections as selections};
use crate::tx::Tx;

named_rows!(presence_profiles, ProfileFields, at most MAX_PROFILES, "profiles");

fn read(row: &Row) -> StoreResult<PresenceProfile> {
    Ok(PresenceProfile {
        id: ProfileName::Custom(row.public_id()?),
        fields: row.fields()?,
        revision: row.revision,
        created_at: Some(moment(row.created_at)),
        updated_at: Some(moment(row.updated_at)),
    })
}

/// The profile.
pub fn find(conn: &mut Connection, tenant: TenantId, name: ProfileName) -> StoreResult<Option<PresenceProfile>> {
    match name {
        ProfileName::BuiltIn(built_in) => Ok(Some(built_in.profile())),
        ProfileName::Custom(id) => find_row(conn, tenant, id)?.as_ref().map(read).transpose(),
    }
}

/// The profile, if it can be changed. Conflicts for built-in ones.
pub fn find_own(conn: &mut Connection, tenant: TenantId, name: ProfileName) -> StoreResult<Option<PresenceProfile>> {
    match name {
        ProfileName::BuiltIn(_) => Err(Conflict::BuiltIn.into()),
        ProfileName::Custom(_) => find(conn, tenant, name),
    }
}

/// The profiles that the tenant made, by name.
pub fn own(conn: &mut Connection, tenant: TenantId) -> StoreResult<Vec<PresenceProfile>> {
    rows(conn, tenant)?.iter().map(read).collect()
}

/// All profiles of the tenant: the built-in ones, and then its own by name.
pub fn all(conn: &mut Connection, tenant: TenantId) -> StoreResult<Vec<PresenceProfile>> {
    let own = own(conn, tenant)?;
    Ok(BuiltIn::ALL.into_iter().map(BuiltIn::profile).chain(own).collect())
}

/// Makes a profile. Conflicts when the name is taken, and refuses more than a tenant may have.
pub fn insert(tx: &mut Tx<'_>, fields: &Valid<ProfileFields>) -> StoreResult<PresenceProfile> {
    let (id, now) = (PresenceProfileId::new(tx.ids()), tx.now());
    insert_row(tx, id, fields)?;
    tx.audit(Act::Create, ObjectKind::PresenceProfile, id, &difference(None, Some(&**fields)))?;
    let (created_at, updated_at) = (Some(now), Some(now));
    let id = ProfileName::Custom(id);
    Ok(PresenceProfile { id, fields: (**fields).clone(), revision: 1, created_at, updated_at })
}

/// Changes a profile; whoever is in it follows. Fails when the name is taken, the profile is built in, or it
/// changed since `expected_revision`.
pub fn update(
    tx: &mut Tx<'_>,
    name: ProfileName,
    expected_revision: i64,
    fields: &Valid<ProfileFields>,
) -> StoreResult<Option<PresenceProfile>> {
    let ProfileName::Custom(id) = name else { return Err(Conflict::BuiltIn.into()) };
    let Some(row) = require_row(tx, id, Some(expected_revision))? else { return Ok(None) };
    let old = read(&row)?;
    if old.fields == **fields {
        return Ok(Some(old));
    }
    update_row(tx, row.id, fields)?;
    tx.audit(Act::Update, ObjectKind::PresenceProfile, id, &difference(Some(&old.fields), Some(&**fields)))?;
    profile_selections::profile_changed(tx, name)?;
    find(tx.conn, tx.tenant, name)
}

/// Removes a profile, with what users chose for it. Conflicts while users are in it, and for built-in ones.
/// Fails when it changed since `expected_revision`.
pub fn remove(tx: &mut Tx<'_>, name: ProfileName, expected_revision: Option<i64>) -> StoreResult<Option<()>> {
    let ProfileName::Custom(id) = name else { return Err(Conflict::BuiltIn.into()) };
    let Some(row) = require_row(tx, id, expected_revision)? else { return Ok(None) };
    let in_it = selections::table.filter(selections::tenant_id.eq(tx.tenant_key));
    let in_it: i64 = in_it.filter(selections::profile.eq(id.to_string())).count().get_result(tx.conn)?;
    if in_it > 0 {
        return Err(Conflict::InUse { by: "users" }.into());
    }
    let chosen = profile_overrides::table.filter(profile_overrides::tenant_id.eq(tx.tenant_key));
    diesel::delete(chosen.filter(profile_overrides::profile.eq(id.to_string()))).execute(tx.conn)?;
    diesel::delete(presence_profiles::table.find(row.id)).execute(tx.conn)?;
    tx.audit(Act::Remove, ObjectKind::PresenceProfile, id, &difference(Some(&row.fields()?), None))?;
    Ok(Some(()))
}
