//! API tokens: what programs present instead of a password.

use std::time::Duration;

use directory_model::id::{TenantId, TokenId, UserId};
use directory_model::invalid::{Refusals, Rule};
use directory_model::rights::{Role, Scope};
use directory_model::timestamp::Timestamp;
use directory_model::user::Token;
use directory_store::grants;
use directory_store::tokens::{self, NewToken};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::admin::grants::{require_below, require_node};
use crate::auth::secret::{TOKEN_PREFIX, hash, random};
use crate::extract::body::Input;
use crate::extract::pages::{PageQuery, Pages};
use crate::problem::Problem;
use crate::scope::permission::{ManageUsers, ReadUsers};
use crate::scope::{Access, Authorized, Caller};
use crate::view::{Done, Made, Revised, Shown, list_of};

/// How long a token lives at most.
const LIFETIME: Duration = Duration::from_hours(366 * 24);

/// A token to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenFields {
    /// Whose rights it has, cut down to `role` on `scope`; the caller's when absent.
    user: Option<UserId>,
    /// What it is for, 1 to 128 characters.
    name: String,
    /// What it may do.
    role: Role,
    /// Where.
    scope: Scope,
    /// When it ends; within a year.
    expires_at: Timestamp,
}

/// A token, without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TokenView {
    /// Its identity.
    id: TokenId,
    /// Whose rights it has, cut down.
    user: UserId,
    /// What it is for.
    name: String,
    /// What it may do.
    role: Role,
    /// Where.
    scope: Scope,
    /// When it was made.
    created_at: Timestamp,
    /// When it ends.
    expires_at: Timestamp,
    /// When it was last used.
    used_at: Option<Timestamp>,
}

/// A token that was just made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NewTokenView {
    #[serde(flatten)]
    token: TokenView,
    /// The secret, shown this once.
    secret: String,
}

impl From<Token> for TokenView {
    fn from(token: Token) -> Self {
        let Token { id, user, name, role, scope, created_at, expires_at, used_at } = token;
        Self { id, user, name, role, scope, created_at, expires_at, used_at }
    }
}

impl Revised for TokenView {
    /// A token never changes.
    fn revision(&self) -> i64 {
        1
    }
}

impl Revised for NewTokenView {
    fn revision(&self) -> i64 {
        1
    }
}

list_of!(TokenView as TokenList);

/// Lists API tokens; `q` looks for their names.
#[utoipa::path(get, path = "/tenants/{tenant}/tokens", operation_id = "list_tokens", tag = "users",
    params(PageQuery), responses((status = 200, body = TokenList)))]
pub(crate) async fn list(scope: Authorized<ReadUsers, TenantId>, Pages(page): Pages) -> Result<TokenList, Problem> {
    Ok(scope.read(move |conn, tenant| tokens::list(conn, tenant, None, &page)).await?.into())
}

/// Makes an API token, for oneself or for somebody one could give all of their roles to.
#[utoipa::path(post, path = "/tenants/{tenant}/tokens", operation_id = "create_token", tag = "users",
    request_body = TokenFields, responses((status = 201, body = NewTokenView)))]
pub(crate) async fn create(
    scope: Authorized<ManageUsers, TenantId>,
    Input(fields): Input<TokenFields>,
) -> Result<Made<NewTokenView>, Problem> {
    require_values(&scope, &fields)?;
    require_node(&scope, fields.role, fields.scope).await?;
    let user = require_user(&scope, fields.user).await?;
    let secret = format!("{TOKEN_PREFIX}{}", random()?);
    let TokenFields { name, role, scope: node, expires_at, .. } = fields;
    let new = NewToken { user, name, role, scope: node, secret_hash: hash(&secret), expires_at };
    let token = scope.write(move |tx| tokens::insert(tx, &new)).await?;
    let token = token.ok_or_else(|| Problem::invalid_field("user", user, Rule::Unknown))?;
    Ok(Made { at: scope.address("tokens", token.id), object: NewTokenView { token: token.into(), secret } })
}

/// Shows an API token, without its secret.
#[utoipa::path(get, path = "/tenants/{tenant}/tokens/{token}", operation_id = "get_token", tag = "users",
    responses((status = 200, body = TokenView)))]
pub(crate) async fn get(scope: Authorized<ReadUsers, TokenId>) -> Result<Shown<TokenView>, Problem> {
    Ok(Shown(scope.find(tokens::find).await?.into()))
}

/// Ends an API token at once.
#[utoipa::path(delete, path = "/tenants/{tenant}/tokens/{token}", operation_id = "delete_token", tag = "users",
    responses((status = 204)))]
pub(crate) async fn remove(scope: Authorized<ManageUsers, TokenId>) -> Result<Done, Problem> {
    scope.change(tokens::remove).await?;
    Ok(Done)
}

fn require_values(access: &Access, fields: &TokenFields) -> Result<(), Problem> {
    let now = access.origin().at;
    let mut refusals = Refusals::default();
    refusals.required_text("name", &fields.name, 128);
    let is_near = fields.expires_at > now && fields.expires_at <= now.plus(LIFETIME);
    let rule = Rule::Format { expected: "a moment within a year from now".into() };
    refusals.require(is_near, "expires_at", fields.expires_at, rule);
    refusals.finish().map_err(Problem::invalid)
}

/// For whom the caller may make a token: themselves, and users whose roles they could have given,
/// for with the token they could do as much.
async fn require_user(access: &Access, user: Option<UserId>) -> Result<UserId, Problem> {
    let own = access.caller().user;
    let user = user.unwrap_or(own);
    if user != own {
        let held = access.read(move |conn, tenant| grants::of_user(conn, tenant, user)).await?;
        require_below(access, &held, Caller::may_give).await?;
    }
    Ok(user)
}
