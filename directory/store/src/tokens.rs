//! API tokens: programs that act for a user, with a part of the user's rights, until a day. A
//! token is kept as its SHA-256 hash only.

use diesel::prelude::*;
use directory_model::audit::Act;
use directory_model::change::ObjectKind;
use directory_model::id::{TenantId, TokenId, UserId};
use directory_model::page::{Cursor, Page, PageRequest};
use directory_model::rights::{Role, Scope};
use directory_model::text::search_key;
use directory_model::timestamp::Timestamp;
use directory_model::user::{Token, User};
use serde_json::{Value, json};

use crate::column::{Column, like_pattern, moment, word};
use crate::connection::Connection;
use crate::error::StoreResult;
use crate::grants::{read_scope, scope_columns};
use crate::page::{limit, page_of};
use crate::schema::{api_tokens, tenants, users};
use crate::scopes;
use crate::sessions::{SecretHash, USED_AT_PRECISION};
use crate::tx::Tx;
use crate::users::{UserRow, has_not_left, joined as joined_users, key as user_key};

/// What a new token is made of.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// Whose rights it has.
    pub user: UserId,
    /// What it is for.
    pub name: String,
    /// What it may do at most.
    pub role: Role,
    /// Where.
    pub scope: Scope,
    /// The hash of the token.
    pub secret_hash: SecretHash,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// A token with all that a request needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenBearer {
    /// Whose user it acts for.
    pub tenant: TenantId,
    /// The token.
    pub token: Token,
    /// The user that it acts for.
    pub user: User,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = api_tokens)]
struct TokenRow {
    id: i64,
    public_id: String,
    name: String,
    role: String,
    scope_kind: String,
    scope_id: Option<String>,
    created_at: i64,
    expires_at: i64,
    used_at: Option<i64>,
}

impl TokenRow {
    fn read(self, user: UserId) -> StoreResult<Token> {
        Ok(Token {
            id: Column("api_tokens", "public_id").id(&self.public_id)?,
            user,
            name: self.name,
            role: Column("api_tokens", "role").word(&self.role)?,
            scope: read_scope("api_tokens", &self.scope_kind, self.scope_id)?,
            created_at: moment(self.created_at),
            expires_at: moment(self.expires_at),
            used_at: self.used_at.map(moment),
        })
    }
}

type Loaded = (TokenRow, String);

fn read((row, user): Loaded) -> StoreResult<Token> {
    row.read(Column("users", "public_id").id(&user)?)
}

/// Makes a token for the user; `None` when there is no such user.
pub fn insert(tx: &mut Tx<'_>, new: &NewToken) -> StoreResult<Option<Token>> {
    let Some(user_key) = user_key(tx.conn, tx.tenant, new.user)? else { return Ok(None) };
    scopes::refuse_mirrored(tx, new.scope)?;
    let id = TokenId::new(tx.ids());
    let (scope_kind, scope_id) = scope_columns(new.scope);
    diesel::insert_into(api_tokens::table)
        .values((
            api_tokens::tenant_id.eq(tx.tenant_key),
            api_tokens::public_id.eq(id.to_string()),
            api_tokens::user_id.eq(user_key),
            api_tokens::name.eq(&new.name),
            api_tokens::search_key.eq(search_key([new.name.as_str()])),
            api_tokens::role.eq(word(new.role)),
            api_tokens::scope_kind.eq(scope_kind),
            api_tokens::scope_id.eq(scope_id),
            api_tokens::secret_hash.eq(new.secret_hash.as_slice()),
            api_tokens::created_at.eq(tx.now().millis()),
            api_tokens::expires_at.eq(new.expires_at.millis()),
        ))
        .execute(tx.conn)?;
    let token = Token {
        id,
        user: new.user,
        name: new.name.clone(),
        role: new.role,
        scope: new.scope,
        created_at: tx.now(),
        expires_at: new.expires_at,
        used_at: None,
    };
    tx.audit(Act::Create, ObjectKind::Token, id, &shown(&token, false))?;
    Ok(Some(token))
}

/// The token.
pub fn find(conn: &mut Connection, tenant: TenantId, id: TokenId) -> StoreResult<Option<Token>> {
    find_row(conn, tenant, id)?.map(read).transpose()
}

/// The tenant's tokens, or those of one of its users, whose names contain every word of the search,
/// oldest first, expired ones included.
pub fn list(
    conn: &mut Connection,
    tenant: TenantId,
    user: Option<UserId>,
    page: &PageRequest,
) -> StoreResult<Page<Token>> {
    let of_tenant = joined_users()
        .inner_join(api_tokens::table.on(api_tokens::user_id.eq(users::id)))
        .select((TokenRow::as_select(), users::public_id))
        .filter(tenants::public_id.eq(tenant.to_string()));
    let mut rows = of_tenant.into_boxed();
    if let Some(user) = user {
        rows = rows.filter(users::public_id.eq(user.to_string()));
    }
    for word in &page.words {
        rows = rows.filter(api_tokens::search_key.like(like_pattern(word)).escape('\\'));
    }
    if let Some(after) = &page.after {
        rows = rows.filter(api_tokens::id.gt(after.key));
    }
    let rows: Vec<Loaded> = rows.order(api_tokens::id.asc()).limit(limit(page)).load(conn)?;
    page_of(rows, page, |(row, _)| Cursor { sort: String::new(), key: row.id }, read)
}

/// Who the token acts for. `None` when it is unknown or has expired, and when the user or the
/// tenant is disabled, or the user left.
pub fn find_by_hash(conn: &mut Connection, hash: &SecretHash, now: Timestamp) -> StoreResult<Option<TokenBearer>> {
    let found: Option<(TokenRow, UserRow, String)> = joined_users()
        .inner_join(api_tokens::table.on(api_tokens::user_id.eq(users::id)))
        .select((TokenRow::as_select(), UserRow::as_select(), tenants::public_id))
        .filter(api_tokens::secret_hash.eq(hash.as_slice()))
        .filter(api_tokens::expires_at.gt(now.millis()))
        .filter(users::is_disabled.eq(false))
        .filter(has_not_left())
        .filter(tenants::is_disabled.eq(false))
        .first(conn)
        .optional()?;
    let Some((token, user, tenant)) = found else { return Ok(None) };
    let user = user.into_user()?;
    Ok(Some(TokenBearer { tenant: Column("tenants", "public_id").id(&tenant)?, token: token.read(user.id)?, user }))
}

/// Whether the token was used long enough ago for [`touch`] to write anything.
pub fn is_touch_due(token: &Token, now: Timestamp) -> bool {
    token.used_at.is_none_or(|used_at| now.since(used_at) >= USED_AT_PRECISION)
}

/// Notes that the token is in use, unless that was noted within the last minute; says whether it
/// was written.
pub fn touch(conn: &mut Connection, id: TokenId, now: Timestamp) -> StoreResult<bool> {
    let before = now.minus(USED_AT_PRECISION).millis();
    let due = api_tokens::table
        .filter(api_tokens::public_id.eq(id.to_string()))
        .filter(api_tokens::used_at.is_null().or(api_tokens::used_at.le(before)));
    Ok(diesel::update(due).set(api_tokens::used_at.eq(now.millis())).execute(conn)? > 0)
}

/// Takes the token back.
pub fn remove(tx: &mut Tx<'_>, id: TokenId) -> StoreResult<Option<()>> {
    let Some((row, user)) = find_row(tx.conn, tx.tenant, id)? else { return Ok(None) };
    diesel::delete(api_tokens::table.filter(api_tokens::id.eq(row.id))).execute(tx.conn)?;
    let token = read((row, user))?;
    tx.audit(Act::Remove, ObjectKind::Token, id, &shown(&token, true))?;
    Ok(Some(()))
}

/// Forgets tokens that expired before `moment`; says how many.
pub fn purge(conn: &mut Connection, moment: Timestamp) -> StoreResult<u64> {
    let expired = api_tokens::table.filter(api_tokens::expires_at.le(moment.millis()));
    Ok(diesel::delete(expired).execute(conn)? as u64)
}

fn find_row(conn: &mut Connection, tenant: TenantId, id: TokenId) -> StoreResult<Option<Loaded>> {
    let row = joined_users()
        .inner_join(api_tokens::table.on(api_tokens::user_id.eq(users::id)))
        .select((TokenRow::as_select(), users::public_id))
        .filter(api_tokens::public_id.eq(id.to_string()))
        .filter(tenants::public_id.eq(tenant.to_string()));
    Ok(row.first(conn).optional()?)
}

/// What the audit trail says of the token: everything in it came to be, or ceased to.
fn shown(token: &Token, is_gone: bool) -> Value {
    let change = |value: Value| if is_gone { json!([value, null]) } else { json!([null, value]) };
    json!({
        "user": change(json!(token.user)),
        "name": change(json!(token.name)),
        "role": change(json!(token.role)),
        "scope": change(json!(token.scope)),
        "expires_at": change(json!(token.expires_at)),
    })
}
