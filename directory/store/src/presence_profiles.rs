//! Presence profiles that tenants made. The built-in ones have no rows.

use diesel::prelude::*;
use directory_model::audit::Act;
use directory_model::change::ObjectKind;
use directory_model::id::{PresenceProfileId, TenantId};
use directory_model::invalid::Rule;
use directory_model::profile::built_in::BuiltIn;
use directory_model::profile::{MAX_PROFILES, PresenceProfile, ProfileFields, ProfileName};
use directory_model::text::sort_key;
use directory_model::valid::Valid;

use crate::column::{Column, difference, moment};
use crate::connection::Connection;
use crate::error::{Conflict, StoreError, StoreResult};
use crate::profile_selections;
use crate::schema::{presence_profiles, profile_overrides, profile_selections as selections, tenants};
use crate::tenants::key as tenant_key;
use crate::tx::Tx;

const SETTINGS: Column = Column("presence_profiles", "settings");

#[derive(Queryable, Selectable)]
#[diesel(table_name = presence_profiles)]
struct ProfileRow {
    id: i64,
    public_id: String,
    settings: String,
    revision: i64,
    created_at: i64,
    updated_at: i64,
}

impl ProfileRow {
    fn read(self) -> StoreResult<PresenceProfile> {
        Ok(PresenceProfile {
            id: ProfileName::Custom(Column("presence_profiles", "public_id").id(&self.public_id)?),
            fields: SETTINGS.json(&self.settings)?,
            revision: self.revision,
            created_at: Some(moment(self.created_at)),
            updated_at: Some(moment(self.updated_at)),
        })
    }
}

/// The profile.
pub fn find(conn: &mut Connection, tenant: TenantId, name: ProfileName) -> StoreResult<Option<PresenceProfile>> {
    match name {
        ProfileName::BuiltIn(built_in) => Ok(Some(built_in.profile())),
        ProfileName::Custom(id) => find_row(conn, tenant, id)?.map(ProfileRow::read).transpose(),
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
    let Some(tenant_key) = tenant_key(conn, tenant)? else { return Ok(Vec::new()) };
    let rows: Vec<ProfileRow> = presence_profiles::table
        .select(ProfileRow::as_select())
        .filter(presence_profiles::tenant_id.eq(tenant_key))
        .order((presence_profiles::name_key.asc(), presence_profiles::id.asc()))
        .load(conn)?;
    rows.into_iter().map(ProfileRow::read).collect()
}

/// All profiles of the tenant: the built-in ones, and then its own by name.
pub fn all(conn: &mut Connection, tenant: TenantId) -> StoreResult<Vec<PresenceProfile>> {
    let own = own(conn, tenant)?;
    Ok(BuiltIn::ALL.into_iter().map(BuiltIn::profile).chain(own).collect())
}

/// Makes a profile. Conflicts when the name is taken, and refuses more than a tenant may have.
pub fn insert(tx: &mut Tx<'_>, fields: &Valid<ProfileFields>) -> StoreResult<PresenceProfile> {
    refuse_taken(tx, fields, None)?;
    let of_tenant = presence_profiles::table.filter(presence_profiles::tenant_id.eq(tx.tenant_key));
    let known: i64 = of_tenant.count().get_result(tx.conn)?;
    if usize::try_from(known).is_ok_and(|known| known >= MAX_PROFILES) {
        let rule = Rule::TooLong { max: MAX_PROFILES as u64, unit: "profiles".into() };
        return Err(StoreError::refused("name", &fields.name, rule));
    }
    let (id, now) = (PresenceProfileId::new(tx.ids()), tx.now());
    diesel::insert_into(presence_profiles::table)
        .values((
            presence_profiles::tenant_id.eq(tx.tenant_key),
            presence_profiles::public_id.eq(id.to_string()),
            presence_profiles::name_key.eq(sort_key(&fields.name)),
            presence_profiles::settings.eq(SETTINGS.to_json(&**fields)?),
            presence_profiles::revision.eq(1),
            presence_profiles::created_at.eq(now.millis()),
            presence_profiles::updated_at.eq(now.millis()),
        ))
        .execute(tx.conn)?;
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
    diesel::update(presence_profiles::table.find(row_key))
        .set((
            presence_profiles::name_key.eq(sort_key(&fields.name)),
            presence_profiles::settings.eq(SETTINGS.to_json(&**fields)?),
            presence_profiles::revision.eq(presence_profiles::revision + 1),
            presence_profiles::updated_at.eq(tx.now().millis()),
        ))
        .execute(tx.conn)?;
    tx.audit(Act::Update, ObjectKind::PresenceProfile, id, &difference(Some(&old.fields), Some(&**fields)))?;
    profile_selections::profile_changed(tx, name)?;
    find(tx.conn, tenant, name)
}

/// Removes a profile, with what users chose for it. Conflicts while users are in it, and for built-in ones.
/// Fails when it changed since `expected_revision`.
pub fn remove(tx: &mut Tx<'_>, name: ProfileName, expected_revision: Option<i64>) -> StoreResult<Option<()>> {
    let ProfileName::Custom(id) = name else { return Err(Conflict::BuiltIn.into()) };
    let Some(row) = find_row(tx.conn, tx.tenant, id)? else { return Ok(None) };
    if expected_revision.is_some_and(|expected| expected != row.revision) {
        return Err(StoreError::Stale);
    }
    let in_it = selections::table.filter(selections::tenant_id.eq(tx.tenant_key));
    let in_it: i64 = in_it.filter(selections::profile.eq(id.to_string())).count().get_result(tx.conn)?;
    if in_it > 0 {
        return Err(Conflict::InUse { by: "users" }.into());
    }
    let chosen = profile_overrides::table.filter(profile_overrides::tenant_id.eq(tx.tenant_key));
    diesel::delete(chosen.filter(profile_overrides::profile.eq(id.to_string()))).execute(tx.conn)?;
    diesel::delete(presence_profiles::table.find(row.id)).execute(tx.conn)?;
    let fields = row.read()?.fields;
    tx.audit(Act::Remove, ObjectKind::PresenceProfile, id, &difference(Some(&fields), None))?;
    Ok(Some(()))
}

fn find_row(conn: &mut Connection, tenant: TenantId, id: PresenceProfileId) -> StoreResult<Option<ProfileRow>> {
    let row = presence_profiles::table
        .inner_join(tenants::table.on(tenants::id.eq(presence_profiles::tenant_id)))
        .select(ProfileRow::as_select())
        .filter(presence_profiles::public_id.eq(id.to_string()).and(tenants::public_id.eq(tenant.to_string())));
    Ok(row.first(conn).optional()?)
}

fn refuse_taken(tx: &mut Tx<'_>, fields: &ProfileFields, own_key: Option<i64>) -> StoreResult<()> {
    let of_tenant = presence_profiles::table.filter(presence_profiles::tenant_id.eq(tx.tenant_key));
    let taken: Option<i64> = of_tenant
        .filter(presence_profiles::name_key.eq(sort_key(&fields.name)))
        .filter(presence_profiles::id.ne(own_key.unwrap_or(0)))
        .select(presence_profiles::id)
        .first(tx.conn)
        .optional()?;
    match taken {
        Some(_) => Err(Conflict::Name { field: "name", value: fields.name.clone() }.into()),
        None => Ok(()),
    }
}
