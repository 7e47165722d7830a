//! Grants: which role a user has where.

use diesel::prelude::*;
use directory_model::audit::Act;
use directory_model::change::ObjectKind;
use directory_model::id::{GrantId, TenantId, UserId};
use directory_model::page::{Cursor, Page, PageRequest};
use directory_model::rights::{Role, Scope, ScopeKind};
use directory_model::user::Grant;
use serde_json::{Value, json};

use crate::column::{Column, like_pattern, moment, word};
use crate::connection::Connection;
use crate::error::{Conflict, StoreResult};
use crate::operators;
use crate::page::{limit, page_of};
use crate::schema::{grants, tenants, users};
use crate::scopes;
use crate::tx::Tx;
use crate::users::key as user_key;

#[derive(Queryable, Selectable)]
#[diesel(table_name = grants)]
struct GrantRow {
    id: i64,
    public_id: String,
    role: String,
    scope_kind: String,
    scope_id: Option<String>,
    created_at: i64,
    #[diesel(select_expression = users::public_id)]
    user: String,
}

#[diesel::dsl::auto_type(no_type_alias)]
fn joined() -> _ {
    grants::table
        .inner_join(tenants::table.on(tenants::id.eq(grants::tenant_id)))
        .inner_join(users::table.on(users::id.eq(grants::user_id)))
}

impl GrantRow {
    fn read(self) -> StoreResult<Grant> {
        Ok(Grant {
            id: Column("grants", "public_id").id(&self.public_id)?,
            user: Column("users", "public_id").id(&self.user)?,
            role: Column("grants", "role").word(&self.role)?,
            scope: read_scope("grants", &self.scope_kind, self.scope_id)?,
            created_at: moment(self.created_at),
        })
    }
}

/// The grant.
pub fn find(conn: &mut Connection, tenant: TenantId, id: GrantId) -> StoreResult<Option<Grant>> {
    find_row(conn, tenant, id)?.map(GrantRow::read).transpose()
}

/// Which grants a list holds.
#[derive(Debug, Clone, Copy, Default)]
pub struct Which {
    /// Those of this user.
    pub user: Option<UserId>,
    /// Those on scopes of this kind.
    pub on: Option<ScopeKind>,
}

/// The tenant's grants whose holders' names, addresses and the like contain every word of the search, oldest first.
pub fn list(conn: &mut Connection, tenant: TenantId, which: Which, page: &PageRequest) -> StoreResult<Page<Grant>> {
    let of_tenant = joined().select(GrantRow::as_select()).filter(tenants::public_id.eq(tenant.to_string()));
    let mut rows = of_tenant.into_boxed();
    if let Some(user) = which.user {
        rows = rows.filter(users::public_id.eq(user.to_string()));
    }
    if let Some(kind) = which.on {
        rows = rows.filter(grants::scope_kind.eq(word(kind)));
    }
    for word in &page.words {
        rows = rows.filter(users::search_key.like(like_pattern(word)).escape('\\'));
    }
    if let Some(after) = &page.after {
        rows = rows.filter(grants::id.gt(after.key));
    }
    let rows: Vec<GrantRow> = rows.order(grants::id.asc()).limit(limit(page)).load(conn)?;
    page_of(rows, page, |row| Cursor { sort: String::new(), key: row.id }, GrantRow::read)
}

/// Everything that the user holds.
pub fn of_user(conn: &mut Connection, tenant: TenantId, user: UserId) -> StoreResult<Vec<Grant>> {
    let rows: Vec<GrantRow> = joined()
        .select(GrantRow::as_select())
        .filter(tenants::public_id.eq(tenant.to_string()))
        .filter(users::public_id.eq(user.to_string()))
        .order(grants::id.asc())
        .load(conn)?;
    rows.into_iter().map(GrantRow::read).collect()
}

/// Gives the user a role on a scope; `None` when there is no such user. Conflicts when the user has
/// it already.
pub fn insert(tx: &mut Tx<'_>, user: UserId, role: Role, scope: Scope) -> StoreResult<Option<Grant>> {
    let Some(user_key) = user_key(tx.conn, tx.tenant, user)? else { return Ok(None) };
    scopes::refuse_mirrored(tx, scope)?;
    let grant = Grant { id: GrantId::new(tx.ids()), user, role, scope, created_at: tx.now() };
    let (scope_kind, scope_id) = scope_columns(scope);
    let held = grants::table
        .select(grants::scope_id)
        .filter(grants::user_id.eq(user_key))
        .filter(grants::role.eq(word(role)))
        .filter(grants::scope_kind.eq(scope_kind));
    if held.load::<Option<String>>(tx.conn)?.contains(&scope_id) {
        return Err(Conflict::Name { field: "role", value: word(role) }.into());
    }
    diesel::insert_into(grants::table)
        .values((
            grants::tenant_id.eq(tx.tenant_key),
            grants::public_id.eq(grant.id.to_string()),
            grants::user_id.eq(user_key),
            grants::role.eq(word(role)),
            grants::scope_kind.eq(scope_kind),
            grants::scope_id.eq(scope_id),
            grants::created_at.eq(grant.created_at.millis()),
        ))
        .execute(tx.conn)?;
    tx.audit(Act::Create, ObjectKind::Grant, grant.id, &shown(&grant, false))?;
    Ok(Some(grant))
}

/// Takes the grant away. Fails when nobody would be left who runs the platform.
pub fn remove(tx: &mut Tx<'_>, id: GrantId) -> StoreResult<Option<()>> {
    let Some(row) = find_row(tx.conn, tx.tenant, id)? else { return Ok(None) };
    let removal = diesel::delete(grants::table.filter(grants::id.eq(row.id)));
    operators::keep_one(tx, |tx| Ok(removal.execute(tx.conn)?))?;
    let grant = row.read()?;
    tx.audit(Act::Remove, ObjectKind::Grant, id, &shown(&grant, true))?;
    Ok(Some(()))
}

/// How a scope stands in two columns.
pub(crate) fn scope_columns(scope: Scope) -> (&'static str, Option<String>) {
    match scope {
        Scope::Platform => ("platform", None),
        Scope::Reseller(id) => ("reseller", Some(id.to_string())),
        Scope::Tenant(id) => ("tenant", Some(id.to_string())),
        Scope::Site(id) => ("site", Some(id.to_string())),
        Scope::Group(id) => ("group", Some(id.to_string())),
        Scope::Publication(id) => ("publication", Some(id.to_string())),
    }
}

/// Reads a scope from its two columns.
pub(crate) fn read_scope(table: &'static str, kind: &str, id: Option<String>) -> StoreResult<Scope> {
    let (column, id) = (Column(table, "scope_id"), id.unwrap_or_default());
    Ok(match kind {
        "platform" => Scope::Platform,
        "reseller" => Scope::Reseller(column.id(&id)?),
        "tenant" => Scope::Tenant(column.id(&id)?),
        "site" => Scope::Site(column.id(&id)?),
        "group" => Scope::Group(column.id(&id)?),
        "publication" => Scope::Publication(column.id(&id)?),
        other => return Err(Column(table, "scope_kind").inconsistent(other)),
    })
}

fn find_row(conn: &mut Connection, tenant: TenantId, id: GrantId) -> StoreResult<Option<GrantRow>> {
    let row = joined()
        .select(GrantRow::as_select())
        .filter(grants::public_id.eq(id.to_string()))
        .filter(tenants::public_id.eq(tenant.to_string()));
    Ok(row.first(conn).optional()?)
}

/// What the audit trail says of the grant: everything in it came to be, or ceased to.
fn shown(grant: &Grant, is_gone: bool) -> Value {
    let change = |value: Value| if is_gone { json!([value, null]) } else { json!([null, value]) };
    json!({
        "user": change(json!(grant.user)),
        "role": change(json!(grant.role)),
        "scope": change(json!(grant.scope)),
    })
}
