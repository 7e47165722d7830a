//! Client profiles: what users may do with their clients. The default one has no row.

use diesel::prelude::*;
use directory_model::audit::Act;
use directory_model::change::ObjectKind;
use directory_model::id::{ClientProfileId, TenantId};
use directory_model::invalid::Rule;
use directory_model::profile::client::{ClientProfile, ClientProfileFields, ClientProfileName, MAX_CLIENT_PROFILES};
use directory_model::valid::Valid;

use crate::column::{difference, moment};
use crate::connection::Connection;
use crate::error::{Conflict, StoreError, StoreResult};
use crate::named::named_rows;
use crate::profile_selections;
use crate::schema::{client_profiles, users};
use crate::tx::Tx;

named_rows!(client_profiles, ClientProfileFields, at most MAX_CLIENT_PROFILES, "profiles");

fn read(row: &Row) -> StoreResult<ClientProfile> {
    Ok(ClientProfile {
        id: ClientProfileName::Custom(row.public_id()?),
        fields: row.fields()?,
        revision: row.revision,
        created_at: Some(moment(row.created_at)),
        updated_at: Some(moment(row.updated_at)),
    })
}

/// The client profile.
pub fn find(conn: &mut Connection, tenant: TenantId, name: ClientProfileName) -> StoreResult<Option<ClientProfile>> {
    match name {
        ClientProfileName::Default => Ok(Some(ClientProfile::default_of_system())),
        ClientProfileName::Custom(id) => find_row(conn, tenant, id)?.as_ref().map(read).transpose(),
    }
}

/// The client profile, if it can be changed. Conflicts for the default.
pub fn find_own(
    conn: &mut Connection,
    tenant: TenantId,
    name: ClientProfileName,
) -> StoreResult<Option<ClientProfile>> {
    match name {
        ClientProfileName::Default => Err(Conflict::BuiltIn.into()),
        ClientProfileName::Custom(_) => find(conn, tenant, name),
    }
}

/// All client profiles of the tenant: the default, and then its own by name.
pub fn all(conn: &mut Connection, tenant: TenantId) -> StoreResult<Vec<ClientProfile>> {
    if crate::tenants::key(conn, tenant)?.is_none() {
        return Ok(Vec::new());
    }
    let own = rows(conn, tenant)?;
    std::iter::once(Ok(ClientProfile::default_of_system())).chain(own.iter().map(read)).collect()
}

/// Makes a client profile. Conflicts when the name is taken, and refuses more than a tenant may have.
pub fn insert(tx: &mut Tx<'_>, fields: &Valid<ClientProfileFields>) -> StoreResult<ClientProfile> {
    let (id, now) = (ClientProfileId::new(tx.ids()), tx.now());
    insert_row(tx, id, fields)?;
    tx.audit(Act::Create, ObjectKind::ClientProfile, id, &difference(None, Some(&**fields)))?;
    let (created_at, updated_at) = (Some(now), Some(now));
    let id = ClientProfileName::Custom(id);
    Ok(ClientProfile { id, fields: (**fields).clone(), revision: 1, created_at, updated_at })
}

/// Changes a client profile. Users who may not select a presence profile any more are *Available* again, and who
/// may not choose for profiles any more loses what they chose. Fails when the name is taken, the profile is the
/// default, or it changed since `expected_revision`.
pub fn update(
    tx: &mut Tx<'_>,
    name: ClientProfileName,
    expected_revision: i64,
    fields: &Valid<ClientProfileFields>,
) -> StoreResult<Option<ClientProfile>> {
    let ClientProfileName::Custom(id) = name else { return Err(Conflict::BuiltIn.into()) };
    let Some(row) = require_row(tx, id, Some(expected_revision))? else { return Ok(None) };
    let old = read(&row)?;
    if old.fields == **fields {
        return Ok(Some(old));
    }
    update_row(tx, row.id, fields)?;
    tx.audit(Act::Update, ObjectKind::ClientProfile, id, &difference(Some(&old.fields), Some(&**fields)))?;
    for user_key in users_of(tx, id)? {
        profile_selections::rights_are(tx, user_key, fields)?;
    }
    find(tx.conn, tx.tenant, name)
}

/// Removes a client profile. Conflicts while users have it, and for the default. Fails when it changed since
/// `expected_revision`.
pub fn remove(tx: &mut Tx<'_>, name: ClientProfileName, expected_revision: Option<i64>) -> StoreResult<Option<()>> {
    let ClientProfileName::Custom(id) = name else { return Err(Conflict::BuiltIn.into()) };
    let Some(row) = require_row(tx, id, expected_revision)? else { return Ok(None) };
    if !users_of(tx, id)?.is_empty() {
        return Err(Conflict::InUse { by: "users" }.into());
    }
    diesel::delete(client_profiles::table.find(row.id)).execute(tx.conn)?;
    tx.audit(Act::Remove, ObjectKind::ClientProfile, id, &difference(Some(&row.fields()?), None))?;
    Ok(Some(()))
}

/// Refuses a client profile that the tenant does not have.
pub(crate) fn require(tx: &mut Tx<'_>, name: ClientProfileName) -> StoreResult<()> {
    match find(tx.conn, tx.tenant, name)? {
        Some(_) => Ok(()),
        None => Err(StoreError::refused("client_profile", name, Rule::Unknown)),
    }
}

fn users_of(tx: &mut Tx<'_>, id: ClientProfileId) -> StoreResult<Vec<i64>> {
    let of_tenant = users::table.filter(users::tenant_id.eq(tx.tenant_key));
    Ok(of_tenant.filter(users::client_profile.eq(id.to_string())).select(users::id).load(tx.conn)?)
}
