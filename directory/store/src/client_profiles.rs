//! Client profiles: what users may do with their clients. The default one has no row.

use diesel::prelude::*;
use directory_model::audit::Act;
use directory_model::change::ObjectKind;
use directory_model::id::{ClientProfileId, TenantId};
use directory_model::invalid::Rule;
use directory_model::profile::client::{ClientProfile, ClientProfileFields, ClientProfileName, MAX_CLIENT_PROFILES};
use directory_model::text::sort_key;
use directory_model::valid::Valid;

use crate::column::{Column, difference, moment};
use crate::connection::Connection;
use crate::error::{Conflict, StoreError, StoreResult};
use crate::profile_selections;
use crate::schema::{client_profiles, tenants, users};
use crate::tenants::key as tenant_key;
use crate::tx::Tx;

const SETTINGS: Column = Column("client_profiles", "settings");

#[derive(Queryable, Selectable)]
#[diesel(table_name = client_profiles)]
struct ProfileRow {
    id: i64,
    public_id: String,
    settings: String,
    revision: i64,
    created_at: i64,
    updated_at: i64,
}

impl ProfileRow {
    fn read(self) -> StoreResult<ClientProfile> {
        Ok(ClientProfile {
            id: ClientProfileName::Custom(Column("client_profiles", "public_id").id(&self.public_id)?),
            fields: SETTINGS.json(&self.settings)?,
            revision: self.revision,
            created_at: Some(moment(self.created_at)),
            updated_at: Some(moment(self.updated_at)),
        })
    }
}

/// The client profile.
pub fn find(conn: &mut Connection, tenant: TenantId, name: ClientProfileName) -> StoreResult<Option<ClientProfile>> {
    match name {
        ClientProfileName::Default => Ok(Some(ClientProfile::default_of_system())),
        ClientProfileName::Custom(id) => find_row(conn, tenant, id)?.map(ProfileRow::read).transpose(),
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
    let Some(tenant_key) = tenant_key(conn, tenant)? else { return Ok(Vec::new()) };
    let rows: Vec<ProfileRow> = client_profiles::table
        .select(ProfileRow::as_select())
        .filter(client_profiles::tenant_id.eq(tenant_key))
        .order((client_profiles::name_key.asc(), client_profiles::id.asc()))
        .load(conn)?;
    let own = rows.into_iter().map(ProfileRow::read);
    std::iter::once(Ok(ClientProfile::default_of_system())).chain(own).collect()
}

/// Makes a client profile. Conflicts when the name is taken, and refuses more than a tenant may have.
pub fn insert(tx: &mut Tx<'_>, fields: &Valid<ClientProfileFields>) -> StoreResult<ClientProfile> {
    refuse_taken(tx, fields, None)?;
    let of_tenant = client_profiles::table.filter(client_profiles::tenant_id.eq(tx.tenant_key));
    let known: i64 = of_tenant.count().get_result(tx.conn)?;
    if usize::try_from(known).is_ok_and(|known| known >= MAX_CLIENT_PROFILES) {
        let rule = Rule::TooLong { max: MAX_CLIENT_PROFILES as u64, unit: "profiles".into() };
        return Err(StoreError::refused("name", &fields.name, rule));
    }
    let (id, now) = (ClientProfileId::new(tx.ids()), tx.now());
    diesel::insert_into(client_profiles::table)
        .values((
            client_profiles::tenant_id.eq(tx.tenant_key),
            client_profiles::public_id.eq(id.to_string()),
            client_profiles::name_key.eq(sort_key(&fields.name)),
            client_profiles::settings.eq(SETTINGS.to_json(&**fields)?),
            client_profiles::revision.eq(1),
            client_profiles::created_at.eq(now.millis()),
            client_profiles::updated_at.eq(now.millis()),
        ))
        .execute(tx.conn)?;
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
    let tenant = tx.tenant;
    let Some(row) = find_row(tx.conn, tenant, id)? else { return Ok(None) };
    let row_key = row.id;
    let old = row.read()?;
    if old.revision != expected_revision {
        return Err(StoreError::Stale);
    }
    if old.fields == **fields {
        return Ok(Some(old));
    }
    refuse_taken(tx, fields, Some(row_key))?;
    diesel::update(client_profiles::table.find(row_key))
        .set((
            client_profiles::name_key.eq(sort_key(&fields.name)),
            client_profiles::settings.eq(SETTINGS.to_json(&**fields)?),
            client_profiles::revision.eq(client_profiles::revision + 1),
            client_profiles::updated_at.eq(tx.now().millis()),
        ))
        .execute(tx.conn)?;
    tx.audit(Act::Update, ObjectKind::ClientProfile, id, &difference(Some(&old.fields), Some(&**fields)))?;
    for user_key in users_of(tx, id)? {
        profile_selections::rights_are(tx, user_key, fields)?;
    }
    find(tx.conn, tenant, name)
}

/// Removes a client profile. Conflicts while users have it, and for the default. Fails when it changed since
/// `expected_revision`.
pub fn remove(tx: &mut Tx<'_>, name: ClientProfileName, expected_revision: Option<i64>) -> StoreResult<Option<()>> {
    let ClientProfileName::Custom(id) = name else { return Err(Conflict::BuiltIn.into()) };
    let Some(row) = find_row(tx.conn, tx.tenant, id)? else { return Ok(None) };
    if expected_revision.is_some_and(|expected| expected != row.revision) {
        return Err(StoreError::Stale);
    }
    if !users_of(tx, id)?.is_empty() {
        return Err(Conflict::InUse { by: "users" }.into());
    }
    diesel::delete(client_profiles::table.find(row.id)).execute(tx.conn)?;
    let fields = row.read()?.fields;
    tx.audit(Act::Remove, ObjectKind::ClientProfile, id, &difference(Some(&fields), None))?;
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

fn find_row(conn: &mut Connection, tenant: TenantId, id: ClientProfileId) -> StoreResult<Option<ProfileRow>> {
    let row = client_profiles::table
        .inner_join(tenants::table.on(tenants::id.eq(client_profiles::tenant_id)))
        .select(ProfileRow::as_select())
        .filter(client_profiles::public_id.eq(id.to_string()).and(tenants::public_id.eq(tenant.to_string())));
    Ok(row.first(conn).optional()?)
}

fn refuse_taken(tx: &mut Tx<'_>, fields: &ClientProfileFields, own_key: Option<i64>) -> StoreResult<()> {
    let of_tenant = client_profiles::table.filter(client_profiles::tenant_id.eq(tx.tenant_key));
    let taken: Option<i64> = of_tenant
        .filter(client_profiles::name_key.eq(sort_key(&fields.name)))
        .filter(client_profiles::id.ne(own_key.unwrap_or(0)))
        .select(client_profiles::id)
        .first(tx.conn)
        .optional()?;
    match taken {
        Some(_) => Err(Conflict::Name { field: "name", value: fields.name.clone() }.into()),
        None => Ok(()),
    }
}
