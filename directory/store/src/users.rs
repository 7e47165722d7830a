//! Users: the accounts of a tenant.

use diesel::prelude::*;
use directory_model::audit::Act;
use directory_model::change::ObjectKind;
use directory_model::contact::DisabledBy;
use directory_model::id::{ContactId, TenantId, UserId};
use directory_model::invalid::Rule;
use directory_model::page::{Cursor, Page, PageRequest};
use directory_model::text::{search_key, sort_key};
use directory_model::user::{User, UserFields};
use directory_model::valid::Valid;
use serde_json::json;

use crate::PLATFORM;
use crate::client_profiles;
use crate::column::{Column, difference, moment, word};
use crate::connection::Connection;
use crate::error::{Conflict, StoreError, StoreResult};
use crate::operators;
use crate::page::{keyset, page_of};
use crate::profile_selections;
use crate::refs::CHUNK;
use crate::schema::{contacts, tenants, users};
use crate::tx::Tx;

/// What signing in needs to know of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    /// Whose user it is.
    pub tenant: TenantId,
    /// The tenant is switched off.
    pub is_tenant_disabled: bool,
    /// The user.
    pub user: User,
    /// What the password is verified against; `None` when none is set.
    pub password_hash: Option<String>,
}

/// A user's row, with the contact that the user is.
#[derive(Queryable, Selectable)]
#[diesel(table_name = users)]
pub(crate) struct UserRow {
    pub(crate) id: i64,
    public_id: String,
    name: String,
    upn: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    mail: Option<String>,
    is_disabled: bool,
    is_client_allowed: bool,
    client_profile: String,
    password_hash: Option<String>,
    pub(crate) totp_secret: Option<String>,
    pub(crate) totp_confirmed_at: Option<i64>,
    pub(crate) totp_step: Option<i64>,
    signed_in_at: Option<i64>,
    name_key: String,
    revision: i64,
    created_at: i64,
    updated_at: i64,
    #[diesel(select_expression = contacts::public_id.nullable())]
    #[diesel(select_expression_type = diesel::dsl::Nullable<contacts::public_id>)]
    contact: Option<String>,
}

/// Users with their tenants, and their contacts if any.
#[diesel::dsl::auto_type(no_type_alias)]
pub(crate) fn joined() -> _ {
    users::table
        .inner_join(tenants::table.on(tenants::id.eq(users::tenant_id)))
        .left_join(contacts::table.on(users::contact_id.eq(contacts::id.nullable())))
}

/// Whether a user of [`joined`] is somebody whom a directory still has, as far as one says so: who left it gets in no
/// more, by whatever way. Nobody who runs the platform depends on a directory.
#[diesel::dsl::auto_type(no_type_alias)]
pub(crate) fn has_not_left() -> _ {
    let by: String = word(DisabledBy::Sync);
    let platform: String = PLATFORM.to_string();
    contacts::disabled_by.is_null().or(contacts::disabled_by.ne(by)).or(tenants::public_id.eq(platform).nullable())
}

impl UserRow {
    pub(crate) fn into_user(self) -> StoreResult<User> {
        let contact = self.contact.map(|id| Column("contacts", "public_id").id(&id)).transpose()?;
        Ok(User {
            id: Column("users", "public_id").id(&self.public_id)?,
            fields: UserFields {
                name: self.name,
                upn: self.upn,
                first_name: self.first_name,
                last_name: self.last_name,
                mail: self.mail,
                contact,
                is_disabled: self.is_disabled,
                is_client_allowed: self.is_client_allowed,
                client_profile: Column("users", "client_profile").id(&self.client_profile)?,
            },
            has_password: self.password_hash.is_some(),
            second_factor_since: self.totp_confirmed_at.map(moment),
            signed_in_at: self.signed_in_at.map(moment),
            revision: self.revision,
            created_at: moment(self.created_at),
            updated_at: moment(self.updated_at),
        })
    }
}

/// The user.
pub fn find(conn: &mut Connection, tenant: TenantId, id: UserId) -> StoreResult<Option<User>> {
    find_row(conn, tenant, id)?.map(UserRow::into_user).transpose()
}

/// The users whose names, addresses and the like contain every word of the search, by name.
pub fn list(conn: &mut Connection, tenant: TenantId, page: &PageRequest) -> StoreResult<Page<User>> {
    let of_tenant = joined().select(UserRow::as_select()).filter(tenants::public_id.eq(tenant.to_string()));
    let rows: Vec<UserRow> =
        keyset!(of_tenant, page, sort: users::name_key, id: users::id, search: users::search_key).load(conn)?;
    page_of(rows, page, |row| Cursor { sort: row.name_key.clone(), key: row.id }, UserRow::into_user)
}

/// How many users of the tenant may use clients, and may sign in at all.
pub fn count_permitted(conn: &mut Connection, tenant: TenantId) -> StoreResult<u64> {
    let count: i64 = joined()
        .filter(tenants::public_id.eq(tenant.to_string()))
        .filter(users::is_client_allowed.eq(true).and(users::is_disabled.eq(false)))
        .count()
        .get_result(conn)?;
    Ok(u64::try_from(count).unwrap_or_default())
}

/// Makes a user. Fails when the name is taken or the contact does not exist.
pub fn insert(tx: &mut Tx<'_>, fields: &Valid<UserFields>) -> StoreResult<User> {
    let id = UserId::new(tx.ids());
    let (contact_id, now) = (contact_key(tx, fields)?, tx.now().millis());
    refuse_taken_name(tx, fields, None)?;
    client_profiles::require(tx, fields.client_profile)?;
    diesel::insert_into(users::table)
        .values((
            (
                users::tenant_id.eq(tx.tenant_key),
                users::public_id.eq(id.to_string()),
                users::name.eq(&fields.name),
                users::name_key.eq(sort_key(&fields.name)),
                users::upn.eq(&fields.upn),
                users::first_name.eq(&fields.first_name),
                users::last_name.eq(&fields.last_name),
                users::mail.eq(&fields.mail),
            ),
            users::contact_id.eq(contact_id),
            users::is_disabled.eq(fields.is_disabled),
            users::is_client_allowed.eq(fields.is_client_allowed),
            users::client_profile.eq(fields.client_profile.to_string()),
            users::search_key.eq(searched(fields)),
            users::revision.eq(1),
            users::created_at.eq(now),
            users::updated_at.eq(now),
        ))
        .execute(tx.conn)?;
    tx.audit(Act::Create, ObjectKind::User, id, &difference(None, Some(&**fields)))?;
    profile_selections::touch(tx, fields.contact)?;
    written(tx, id)
}

/// Changes a user. Fails when the name is taken, the contact does not exist, the user changed since
/// `expected_revision`, or nobody would be left who runs the platform.
pub fn update(
    tx: &mut Tx<'_>,
    id: UserId,
    expected_revision: i64,
    fields: &Valid<UserFields>,
) -> StoreResult<Option<User>> {
    let Some(old) = find_row(tx.conn, tx.tenant, id)? else { return Ok(None) };
    let key = old.id;
    let old = old.into_user()?;
    if old.revision != expected_revision {
        return Err(StoreError::Stale);
    }
    if old.fields == **fields {
        return Ok(Some(old));
    }
    let contact_id = contact_key(tx, fields)?;
    refuse_taken_name(tx, fields, Some(key))?;
    client_profiles::require(tx, fields.client_profile)?;
    let change = diesel::update(users::table.filter(users::id.eq(key))).set((
        (
            users::name.eq(&fields.name),
            users::name_key.eq(sort_key(&fields.name)),
            users::upn.eq(&fields.upn),
            users::first_name.eq(&fields.first_name),
            users::last_name.eq(&fields.last_name),
            users::mail.eq(&fields.mail),
        ),
        users::contact_id.eq(contact_id),
        users::is_disabled.eq(fields.is_disabled),
        users::is_client_allowed.eq(fields.is_client_allowed),
        users::client_profile.eq(fields.client_profile.to_string()),
        users::search_key.eq(searched(fields)),
        users::revision.eq(users::revision + 1),
        users::updated_at.eq(tx.now().millis()),
    ));
    operators::keep_one(tx, |tx| Ok(change.execute(tx.conn)?))?;
    tx.audit(Act::Update, ObjectKind::User, id, &difference(Some(&old.fields), Some(&**fields)))?;
    profile_selections::user_changed(tx, key, &old, fields)?;
    written(tx, id).map(Some)
}

/// Removes a user with its grants, sessions and tokens. Fails when it changed since
/// `expected_revision`, or nobody would be left who runs the platform.
pub fn remove(tx: &mut Tx<'_>, id: UserId, expected_revision: Option<i64>) -> StoreResult<Option<()>> {
    let Some(old) = find_row(tx.conn, tx.tenant, id)? else { return Ok(None) };
    if expected_revision.is_some_and(|expected| expected != old.revision) {
        return Err(StoreError::Stale);
    }
    let removal = diesel::delete(users::table.filter(users::id.eq(old.id)));
    operators::keep_one(tx, |tx| Ok(removal.execute(tx.conn)?))?;
    let old = old.into_user()?;
    tx.audit(Act::Remove, ObjectKind::User, id, &difference(Some(&old.fields), None))?;
    profile_selections::leave(tx, old.fields.contact)?;
    Ok(Some(()))
}

/// Disables the users who are these contacts, which are about to be removed because they left; nobody who runs the
/// platform.
pub(crate) fn disable_of(tx: &mut Tx<'_>, contacts: &[ContactId]) -> StoreResult<()> {
    if tx.tenant == PLATFORM {
        return Ok(());
    }
    for ids in contacts.chunks(CHUNK) {
        let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
        let rows: Vec<UserRow> = joined()
            .select(UserRow::as_select())
            .filter(users::tenant_id.eq(tx.tenant_key).and(users::is_disabled.eq(false)))
            .filter(contacts::public_id.eq_any(ids))
            .load(tx.conn)?;
        for row in rows {
            let key = row.id;
            let user = row.into_user()?;
            let disabled = UserFields { is_disabled: true, ..user.fields.clone() };
            let set = (
                users::is_disabled.eq(true),
                users::revision.eq(users::revision + 1),
                users::updated_at.eq(tx.now().millis()),
            );
            diesel::update(users::table.find(key)).set(set).execute(tx.conn)?;
            tx.audit(Act::Update, ObjectKind::User, user.id, &difference(Some(&user.fields), Some(&disabled)))?;
        }
    }
    Ok(())
}

/// Sets the hash that the user's password is verified against from now on.
pub fn set_password_hash(tx: &mut Tx<'_>, id: UserId, hash: &str) -> StoreResult<Option<()>> {
    let Some(row) = find_row(tx.conn, tx.tenant, id)? else { return Ok(None) };
    diesel::update(users::table.filter(users::id.eq(row.id)))
        .set((users::password_hash.eq(hash), users::updated_at.eq(tx.now().millis())))
        .execute(tx.conn)?;
    tx.audit(Act::Rotate, ObjectKind::User, id, &json!({"password": ["***", "***"]}))?;
    Ok(Some(()))
}

/// What the user's password is verified against; `Some(None)` when none is set.
pub fn find_password_hash(conn: &mut Connection, tenant: TenantId, id: UserId) -> StoreResult<Option<Option<String>>> {
    Ok(find_row(conn, tenant, id)?.map(|row| row.password_hash))
}

/// The user who signs in under `name`, of the tenant called `tenant_name` or of the platform.
pub fn find_sign_in(conn: &mut Connection, tenant_name: Option<&str>, name: &str) -> StoreResult<Option<SignIn>> {
    let rows = joined()
        .select((UserRow::as_select(), tenants::public_id, tenants::is_disabled))
        .filter(users::name_key.eq(sort_key(name)))
        .into_boxed();
    let rows = match tenant_name {
        // The platform's own name is empty and is not asked for by name.
        Some(tenant) => rows.filter(tenants::name_key.eq(sort_key(tenant))).filter(tenants::name_key.ne("")),
        None => rows.filter(tenants::public_id.eq(PLATFORM.to_string())),
    };
    let found: Option<(UserRow, String, bool)> = rows.first(conn).optional()?;
    let Some((row, tenant, is_tenant_disabled)) = found else { return Ok(None) };
    let tenant = Column("tenants", "public_id").id(&tenant)?;
    let password_hash = row.password_hash.clone();
    Ok(Some(SignIn { tenant, is_tenant_disabled, user: row.into_user()?, password_hash }))
}

/// The user's row key.
pub(crate) fn key(conn: &mut Connection, tenant: TenantId, id: UserId) -> StoreResult<Option<i64>> {
    Ok(find_row(conn, tenant, id)?.map(|row| row.id))
}

pub(crate) fn find_row(conn: &mut Connection, tenant: TenantId, id: UserId) -> StoreResult<Option<UserRow>> {
    let row = joined()
        .select(UserRow::as_select())
        .filter(users::public_id.eq(id.to_string()))
        .filter(tenants::public_id.eq(tenant.to_string()));
    Ok(row.first(conn).optional()?)
}

fn written(tx: &mut Tx<'_>, id: UserId) -> StoreResult<User> {
    let missing = || Column("users", "public_id").inconsistent(format!("{id} is not there after it was written"));
    find(tx.conn, tx.tenant, id)?.ok_or_else(missing)
}

fn searched(fields: &UserFields) -> String {
    let parts = [Some(&fields.name), fields.first_name.as_ref(), fields.last_name.as_ref(), fields.mail.as_ref()];
    search_key(parts.into_iter().flatten().map(String::as_str))
}

fn contact_key(tx: &mut Tx<'_>, fields: &UserFields) -> StoreResult<Option<i64>> {
    let Some(contact) = fields.contact else { return Ok(None) };
    match find_contact_key(tx.conn, tx.tenant_key, contact)? {
        Some(key) => Ok(Some(key)),
        None => Err(StoreError::refused("contact", contact, Rule::Unknown)),
    }
}

/// The row key of a contact of the tenant.
pub(crate) fn find_contact_key(conn: &mut Connection, tenant_key: i64, contact: ContactId) -> StoreResult<Option<i64>> {
    let key = contacts::table
        .select(contacts::id)
        .filter(contacts::public_id.eq(contact.to_string()))
        .filter(contacts::tenant_id.eq(tenant_key));
    Ok(key.first(conn).optional()?)
}

fn refuse_taken_name(tx: &mut Tx<'_>, fields: &UserFields, own_key: Option<i64>) -> StoreResult<()> {
    let taken: Option<i64> = users::table
        .select(users::id)
        .filter(users::tenant_id.eq(tx.tenant_key))
        .filter(users::name_key.eq(sort_key(&fields.name)))
        .filter(users::id.ne(own_key.unwrap_or(0)))
        .first(tx.conn)
        .optional()?;
    match taken {
        Some(_) => Err(Conflict::Name { field: "name", value: fields.name.clone() }.into()),
        None => Ok(()),
    }
}
