//! Identity providers, their sealed secrets, and whom they call what.

use diesel::prelude::*;
use directory_model::audit::Act;
use directory_model::change::ObjectKind;
use directory_model::id::{IdentityProviderId, TenantId, UserId};
use directory_model::identity::{Identity, IdentityProvider, IdentityProviderFields};
use directory_model::page::{Cursor, Page, PageRequest};
use directory_model::secret::Secret;
use directory_model::source::SecretState;
use directory_model::text::{fold, sort_key};
use directory_model::user::User;
use directory_model::valid::Valid;
use serde_json::json;

use crate::PLATFORM;
use crate::column::{Column, difference, moment};
use crate::connection::Connection;
use crate::error::{StoreError, StoreResult};
use crate::named::refuse_taken;
use crate::page::{keyset, nothing, page_of};
use crate::rekey::{Rekeyed, reseal_all};
use crate::schema::{identities, identity_providers, tenants, users};
use crate::seal::{OpenedSecret, Place, SealingKey};
use crate::sessions;
use crate::tenants::key as tenant_key;
use crate::tx::Tx;
use crate::users::{UserRow, joined as joined_users, key as user_key};

const SETTINGS: Column = Column("identity_providers", "settings");
const PUBLIC_ID: Column = Column("identity_providers", "public_id");

/// An identity provider by which somebody may sign in now.
#[derive(Debug)]
pub struct OpenProvider {
    /// Whose users it is for.
    pub tenant: TenantId,
    /// What can be set on it.
    pub fields: IdentityProviderFields,
    /// The secret with which the gateway proves itself.
    pub secret: OpenedSecret,
}

/// What is known of whoever a provider says is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recognized {
    /// The provider's word was linked with this user before.
    Linked(User),
    /// Nobody is linked with it; this user has the name that it says, and no other link with the provider.
    Named(User),
    /// Nobody.
    Nobody,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = identity_providers)]
struct ProviderRow {
    id: i64,
    public_id: String,
    name_key: String,
    settings: String,
    secret: Option<String>,
    revision: i64,
    created_at: i64,
    updated_at: i64,
}

impl ProviderRow {
    fn open(&self, key: &SealingKey, tenant: TenantId) -> OpenedSecret {
        key.open_kept(place(tenant, &self.public_id), self.secret.as_deref())
    }

    fn read(self, key: &SealingKey, tenant: TenantId) -> StoreResult<IdentityProvider> {
        Ok(IdentityProvider {
            id: PUBLIC_ID.id(&self.public_id)?,
            secret: self.open(key, tenant).state(),
            fields: SETTINGS.json(&self.settings)?,
            revision: self.revision,
            created_at: moment(self.created_at),
            updated_at: moment(self.updated_at),
        })
    }
}

/// The provider.
pub fn find(
    conn: &mut Connection,
    key: &SealingKey,
    tenant: TenantId,
    id: IdentityProviderId,
) -> StoreResult<Option<IdentityProvider>> {
    find_row(conn, tenant, id)?.map(|row| row.read(key, tenant)).transpose()
}

/// Whether the tenant has the provider.
pub fn is_there(conn: &mut Connection, tenant: TenantId, id: IdentityProviderId) -> StoreResult<bool> {
    Ok(find_row(conn, tenant, id)?.is_some())
}

/// The tenant's providers, by name.
pub fn list(
    conn: &mut Connection,
    key: &SealingKey,
    tenant: TenantId,
    page: &PageRequest,
) -> StoreResult<Page<IdentityProvider>> {
    let Some(tenant_key) = tenant_key(conn, tenant)? else { return Ok(nothing()) };
    let of_tenant =
        identity_providers::table.select(ProviderRow::as_select()).filter(identity_providers::tenant_id.eq(tenant_key));
    let rows: Vec<ProviderRow> = keyset!(of_tenant, page,
        sort: identity_providers::name_key, id: identity_providers::id, search: identity_providers::name_key)
    .load(conn)?;
    let cursor = |row: &ProviderRow| Cursor { sort: row.name_key.clone(), key: row.id };
    page_of(rows, page, cursor, |row| row.read(key, tenant))
}

/// The providers by which users of the tenant called so may sign in now, by name; at most 20.
pub fn offered(conn: &mut Connection, tenant_name: &str) -> StoreResult<Vec<(IdentityProviderId, String)>> {
    let rows: Vec<(String, String)> = identity_providers::table
        .inner_join(tenants::table.on(tenants::id.eq(identity_providers::tenant_id)))
        .select((identity_providers::public_id, identity_providers::settings))
        .filter(tenants::name_key.eq(sort_key(tenant_name)).and(tenants::public_id.ne(PLATFORM.to_string())))
        .filter(tenants::is_disabled.eq(false))
        .order(identity_providers::name_key.asc())
        .limit(100)
        .load(conn)?;
    let read = |(id, settings): (String, String)| -> StoreResult<_> {
        Ok((PUBLIC_ID.id(&id)?, SETTINGS.json::<IdentityProviderFields>(&settings)?))
    };
    let all = rows.into_iter().map(read).collect::<StoreResult<Vec<_>>>()?;
    Ok(all.into_iter().filter(|(_, fields)| fields.is_enabled).take(20).map(|(id, fields)| (id, fields.name)).collect())
}

/// The provider, if somebody may sign in by it now.
pub fn find_open(conn: &mut Connection, key: &SealingKey, id: IdentityProviderId) -> StoreResult<Option<OpenProvider>> {
    let found: Option<(ProviderRow, String)> = identity_providers::table
        .inner_join(tenants::table.on(tenants::id.eq(identity_providers::tenant_id)))
        .select((ProviderRow::as_select(), tenants::public_id))
        .filter(identity_providers::public_id.eq(id.to_string()))
        .filter(tenants::is_disabled.eq(false))
        .first(conn)
        .optional()?;
    let Some((row, tenant)) = found else { return Ok(None) };
    let tenant = Column("tenants", "public_id").id(&tenant)?;
    let fields: IdentityProviderFields = SETTINGS.json(&row.settings)?;
    let secret = row.open(key, tenant);
    Ok(fields.is_enabled.then_some(OpenProvider { tenant, fields, secret }))
}

/// Makes a provider without a secret. Conflicts when the name is taken.
pub fn insert(tx: &mut Tx<'_>, fields: &Valid<IdentityProviderFields>) -> StoreResult<IdentityProvider> {
    refuse_taken(tx, &fields.name, None)?;
    let (id, now) = (IdentityProviderId::new(tx.ids()), tx.now());
    diesel::insert_into(identity_providers::table)
        .values((
            identity_providers::tenant_id.eq(tx.tenant_key),
            identity_providers::public_id.eq(id.to_string()),
            identity_providers::name_key.eq(sort_key(&fields.name)),
            identity_providers::settings.eq(SETTINGS.to_json(&**fields)?),
            identity_providers::revision.eq(1),
            identity_providers::created_at.eq(now.millis()),
            identity_providers::updated_at.eq(now.millis()),
        ))
        .execute(tx.conn)?;
    tx.audit(Act::Create, ObjectKind::IdentityProvider, id, &difference(None, Some(&**fields)))?;
    let (fields, secret) = ((**fields).clone(), SecretState::Absent);
    Ok(IdentityProvider { id, fields, secret, revision: 1, created_at: now, updated_at: now })
}

/// Changes a provider. Its secret goes when it would now be sent elsewhere, and sessions that began by it
/// end when it is another one or switched off. Fails when the name is taken or the provider changed since
/// `expected_revision`.
pub fn update(
    tx: &mut Tx<'_>,
    key: &SealingKey,
    id: IdentityProviderId,
    expected_revision: i64,
    fields: &Valid<IdentityProviderFields>,
) -> StoreResult<Option<IdentityProvider>> {
    let tenant = tx.tenant;
    let Some(row) = find_row(tx.conn, tenant, id)? else { return Ok(None) };
    let (row_key, secret) = (row.id, row.secret.clone());
    let old = row.read(key, tenant)?;
    if old.revision != expected_revision {
        return Err(StoreError::Stale);
    }
    if old.fields == **fields {
        return Ok(Some(old));
    }
    refuse_taken(tx, &fields.name, Some(row_key))?;
    let is_same = old.fields.issuer == fields.issuer;
    diesel::update(identity_providers::table.find(row_key))
        .set((
            identity_providers::name_key.eq(sort_key(&fields.name)),
            identity_providers::settings.eq(SETTINGS.to_json(&**fields)?),
            identity_providers::secret.eq(secret.filter(|_| is_same)),
            identity_providers::revision.eq(identity_providers::revision + 1),
            identity_providers::updated_at.eq(tx.now().millis()),
        ))
        .execute(tx.conn)?;
    tx.audit(Act::Update, ObjectKind::IdentityProvider, id, &difference(Some(&old.fields), Some(&**fields)))?;
    if !is_same || !fields.is_enabled {
        sessions::remove_of_provider(tx, id)?;
    }
    find(tx.conn, key, tenant, id)
}

/// Removes a provider, and ends the sessions that began by it. Whom its issuer called what stays known.
/// Fails when it changed since `expected_revision`.
pub fn remove(tx: &mut Tx<'_>, id: IdentityProviderId, expected_revision: Option<i64>) -> StoreResult<Option<()>> {
    let Some(row) = find_row(tx.conn, tx.tenant, id)? else { return Ok(None) };
    if expected_revision.is_some_and(|expected| expected != row.revision) {
        return Err(StoreError::Stale);
    }
    diesel::delete(identity_providers::table.find(row.id)).execute(tx.conn)?;
    let fields: IdentityProviderFields = SETTINGS.json(&row.settings)?;
    tx.audit(Act::Remove, ObjectKind::IdentityProvider, id, &difference(Some(&fields), None))?;
    sessions::remove_of_provider(tx, id)?;
    Ok(Some(()))
}

/// Seals the provider's secret, or forgets it.
pub fn set_secret(
    tx: &mut Tx<'_>,
    key: &SealingKey,
    id: IdentityProviderId,
    secret: Option<&Secret>,
) -> StoreResult<Option<()>> {
    let tenant = tx.tenant;
    let Some(row) = find_row(tx.conn, tenant, id)? else { return Ok(None) };
    let envelope = secret.map(|secret| key.seal(place(tenant, &row.public_id), secret)).transpose()?;
    set_envelope(tx.conn, row.id, envelope)?;
    let changes = json!({"secret": ["***", secret.map(|_| "***")]});
    tx.audit(Act::Rotate, ObjectKind::IdentityProvider, id, &changes)?;
    Ok(Some(()))
}

/// Seals the tenant's secrets with `new` instead of `old`; says how many, and how many could not be
/// opened and stay as they are.
pub(crate) fn reseal(tx: &mut Tx<'_>, old: &SealingKey, new: &SealingKey) -> StoreResult<Rekeyed> {
    let kept = identity_providers::table
        .select((identity_providers::id, identity_providers::public_id, identity_providers::secret.assume_not_null()))
        .filter(identity_providers::tenant_id.eq(tx.tenant_key).and(identity_providers::secret.is_not_null()))
        .load(tx.conn)?;
    let set = |tx: &mut Tx<'_>, row_key, envelope| set_envelope(tx.conn, row_key, Some(envelope));
    reseal_all(tx, (old, new), (ObjectKind::IdentityProvider, "secret", place), kept, set)
}

/// Which of the tenant's users `identity` is: the one who is linked with it, or else the only one whose
/// user principal name, or else name, it says, if no other word of the same issuer is theirs.
pub fn recognize(conn: &mut Connection, tenant: TenantId, identity: &Identity) -> StoreResult<Recognized> {
    let linked: Option<UserRow> = joined_users()
        .inner_join(identities::table.on(identities::user_id.eq(users::id)))
        .select(UserRow::as_select())
        .filter(tenants::public_id.eq(tenant.to_string()))
        .filter(identities::issuer.eq(&identity.issuer).and(identities::subject.eq(&identity.subject)))
        .first(conn)
        .optional()?;
    if let Some(row) = linked {
        return Ok(Recognized::Linked(row.into_user()?));
    }
    let Some(name) = &identity.name else { return Ok(Recognized::Nobody) };
    let of_tenant =
        || joined_users().select(UserRow::as_select()).filter(tenants::public_id.eq(tenant.to_string())).into_boxed();
    // How a user principal name is folded is the program's affair, so each that there is, is looked at.
    let with_upn: Vec<UserRow> = of_tenant().filter(users::upn.is_not_null()).load(conn)?;
    let with_upn: Vec<User> = with_upn.into_iter().map(UserRow::into_user).collect::<StoreResult<_>>()?;
    let wanted = fold(name);
    let mut named: Vec<User> =
        with_upn.into_iter().filter(|user| user.fields.upn.as_deref().is_some_and(|upn| fold(upn) == wanted)).collect();
    if named.is_empty() {
        let rows: Vec<UserRow> = of_tenant().filter(users::name_key.eq(sort_key(name))).load(conn)?;
        named = rows.into_iter().map(UserRow::into_user).collect::<StoreResult<_>>()?;
    }
    let Some(user) = named.pop().filter(|_| named.is_empty()) else { return Ok(Recognized::Nobody) };
    let others: i64 = identities::table
        .inner_join(users::table.on(users::id.eq(identities::user_id)))
        .filter(users::public_id.eq(user.id.to_string()).and(identities::issuer.eq(&identity.issuer)))
        .count()
        .get_result(conn)?;
    Ok(if others == 0 { Recognized::Named(user) } else { Recognized::Nobody })
}

/// Links the user with what an issuer calls them, for good. Conflicts when one of the two is linked already.
pub fn link(tx: &mut Tx<'_>, user: UserId, issuer: &str, subject: &str) -> StoreResult<Option<()>> {
    let Some(user_key) = user_key(tx.conn, tx.tenant, user)? else { return Ok(None) };
    diesel::insert_into(identities::table)
        .values((
            identities::tenant_id.eq(tx.tenant_key),
            identities::user_id.eq(user_key),
            identities::issuer.eq(issuer),
            identities::subject.eq(subject),
            identities::created_at.eq(tx.now().millis()),
        ))
        .execute(tx.conn)?;
    let changes = json!({"identity": [null, {"issuer": issuer, "subject": subject}]});
    tx.audit(Act::Update, ObjectKind::User, user, &changes)?;
    Ok(Some(()))
}

/// Forgets what issuers call the user; `None` when there is no such user.
pub fn unlink(tx: &mut Tx<'_>, user: UserId) -> StoreResult<Option<()>> {
    let Some(user_key) = user_key(tx.conn, tx.tenant, user)? else { return Ok(None) };
    let own = identities::table.filter(identities::user_id.eq(user_key));
    let gone: Vec<(String, String)> = own.select((identities::issuer, identities::subject)).load(tx.conn)?;
    diesel::delete(identities::table.filter(identities::user_id.eq(user_key))).execute(tx.conn)?;
    for (issuer, subject) in gone {
        let changes = json!({"identity": [{"issuer": issuer, "subject": subject}, null]});
        tx.audit(Act::Update, ObjectKind::User, user, &changes)?;
    }
    Ok(Some(()))
}

fn find_row(conn: &mut Connection, tenant: TenantId, id: IdentityProviderId) -> StoreResult<Option<ProviderRow>> {
    let row = identity_providers::table
        .inner_join(tenants::table.on(tenants::id.eq(identity_providers::tenant_id)))
        .select(ProviderRow::as_select())
        .filter(identity_providers::public_id.eq(id.to_string()).and(tenants::public_id.eq(tenant.to_string())));
    Ok(row.first(conn).optional()?)
}

fn set_envelope(conn: &mut Connection, row_key: i64, envelope: Option<String>) -> StoreResult<()> {
    let row = identity_providers::table.find(row_key);
    diesel::update(row).set(identity_providers::secret.eq(envelope)).execute(conn)?;
    Ok(())
}

fn place(tenant: TenantId, public_id: &str) -> Place<'_> {
    Place { tenant, object: public_id, field: "identity_providers.secret" }
}

refuse_taken!(identity_providers);
