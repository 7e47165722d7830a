//! Users and their passwords.

use std::time::Duration;

use directory_model::id::{TenantId, UserId};
use directory_model::secret::Secret;
use directory_model::timestamp::Timestamp;
use directory_model::user::{User, UserFields, check_password};
use directory_store::{grants, links, sessions, users};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::admin::grants::require_below;
use crate::auth::secret::{hash, random};
use crate::extract::body::{Checked, Input, Patch};
use crate::extract::pages::{PageQuery, Pages};
use crate::extract::revision::{IfMatch, IfMatchAtAll};
use crate::problem::Problem;
use crate::scope::permission::{ChangePassword, ManageUsers, ReadUsers};
use crate::scope::{Access, Authorized, Caller};
use crate::view::{Done, Made, Shown, list_of, view_of};

view_of! {
    /// An account that signs in.
    User as UserView { UserFields, UserId,
        /// Whether a password is set.
        has_password: bool = |it| it.has_password,
        /// Since when a second factor is asked for, when there is one.
        second_factor_since: Option<Timestamp> = |it| it.second_factor_since,
        /// When the user last signed in.
        signed_in_at: Option<Timestamp> = |it| it.signed_in_at }
}
list_of!(UserView as UserList);

/// Lists users.
#[utoipa::path(get, path = "/tenants/{tenant}/users", operation_id = "list_users", tag = "users",
    params(PageQuery), responses((status = 200, body = UserList)))]
pub(crate) async fn list(scope: Authorized<ReadUsers, TenantId>, Pages(page): Pages) -> Result<UserList, Problem> {
    Ok(scope.read(move |conn, tenant| users::list(conn, tenant, &page)).await?.into())
}

/// Makes a user.
#[utoipa::path(post, path = "/tenants/{tenant}/users", operation_id = "create_user", tag = "users",
    request_body = UserFields, responses((status = 201, body = UserView)))]
pub(crate) async fn create(
    scope: Authorized<ManageUsers, TenantId>,
    Checked(fields): Checked<UserFields>,
) -> Result<Made<UserView>, Problem> {
    let user = scope.write(move |tx| users::insert(tx, &fields)).await?;
    Ok(Made { at: scope.address("users", user.id), object: user.into() })
}

/// Shows a user.
#[utoipa::path(get, path = "/tenants/{tenant}/users/{user}", operation_id = "get_user", tag = "users",
    responses((status = 200, body = UserView)))]
pub(crate) async fn get(scope: Authorized<ReadUsers, UserId>) -> Result<Shown<UserView>, Problem> {
    Ok(Shown(scope.find(users::find).await?.into()))
}

/// Changes a user.
#[utoipa::path(patch, path = "/tenants/{tenant}/users/{user}", operation_id = "update_user", tag = "users",
    request_body(content = UserFields, content_type = "application/merge-patch+json"),
    responses((status = 200, body = UserView)))]
pub(crate) async fn update(
    scope: Authorized<ManageUsers, UserId>,
    expected: IfMatch,
    patch: Patch,
) -> Result<Shown<UserView>, Problem> {
    let user = scope.find(users::find).await?;
    let revision = expected.against(user.revision)?;
    let fields = patch.onto(&user.fields)?;
    // What a person is called is no right, so it is one's own to change.
    let is_own_name = scope.caller().user == scope.id && user.fields.is_same_but_for_person_names(&fields);
    if !is_own_name {
        require_above(&scope, scope.id).await?;
    }
    let user = scope.change(move |tx, id| users::update(tx, id, revision, &fields)).await?;
    Ok(Shown(user.into()))
}

/// Removes a user, with grants, sessions and API tokens.
#[utoipa::path(delete, path = "/tenants/{tenant}/users/{user}", operation_id = "delete_user", tag = "users",
    responses((status = 204)))]
pub(crate) async fn remove(
    scope: Authorized<ManageUsers, UserId>,
    IfMatchAtAll(revision): IfMatchAtAll,
) -> Result<Done, Problem> {
    require_above(&scope, scope.id).await?;
    scope.change(move |tx, id| users::remove(tx, id, revision)).await?;
    Ok(Done)
}

/// A password to set.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordFields {
    /// The new password, 12 to 256 characters, without the user name.
    #[schema(value_type = String)]
    password: Secret,
    /// The present password; needed for one's own.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    current_password: Option<Secret>,
}

/// Sets a user's password and ends the user's other sessions.
#[utoipa::path(put, path = "/tenants/{tenant}/users/{user}/password", operation_id = "set_password", tag = "users",
    request_body = PasswordFields, responses((status = 204)))]
pub(crate) async fn set_password(
    scope: Authorized<ChangePassword, UserId>,
    Input(fields): Input<PasswordFields>,
) -> Result<Done, Problem> {
    let user = scope.find(users::find).await?;
    if scope.caller().user == scope.id {
        let known = scope.find(users::find_password_hash).await?;
        let given = fields.current_password;
        scope.state().auth().require_password(scope.id, "current_password", given, known).await?;
    } else {
        require_above(&scope, scope.id).await?;
    }
    check_password(fields.password.expose(), &user.fields.name).map_err(|invalid| Problem::invalid(vec![invalid]))?;
    let hash = scope.state().auth().passwords.hash(fields.password).await?;
    let session = scope.caller().session;
    let changing = scope.change(move |tx, id| {
        sessions::remove_of_user(tx, id, session)?;
        users::set_password_hash(tx, id, &hash)
    });
    changing.await?;
    Ok(Done)
}

/// A link with which a user signs in once, without a password.
#[derive(Serialize, ToSchema)]
pub(crate) struct LinkView {
    /// What a sign-in by link sends.
    #[schema(value_type = String)]
    token: String,
    /// The page that does it, on the gateway's own address.
    path: String,
    /// Until when it works.
    expires_at: Timestamp,
}

/// How long a sign-in link works.
const LINK_LIFETIME: Duration = Duration::from_hours(24);

/// Makes a link with which a user signs in once; an earlier one is void. It is shown only now.
#[utoipa::path(post, path = "/tenants/{tenant}/users/{user}/link", operation_id = "create_sign_in_link",
    tag = "users", responses((status = 201, body = LinkView)))]
pub(crate) async fn offer_link(
    scope: Authorized<ManageUsers, UserId>,
) -> Result<(StatusCode, axum::Json<LinkView>), Problem> {
    require_above(&scope, scope.id).await?;
    let token = random()?;
    let (secret, expires_at) = (hash(&token), scope.state().clock().now().plus(LINK_LIFETIME));
    scope.change(move |tx, id| links::offer(tx, id, &secret, expires_at)).await?;
    let path = format!("/portal/#link={token}");
    Ok((StatusCode::CREATED, axum::Json(LinkView { token, path, expires_at })))
}

/// Refuses to touch somebody who holds what is not below the caller. Oneself is no exception: what
/// is one's own is changed by the routes for it.
pub(crate) async fn require_above(access: &Access, user: UserId) -> Result<(), Problem> {
    let held = access.read(move |conn, tenant| grants::of_user(conn, tenant, user)).await?;
    require_below(access, &held, Caller::may_take).await
}

/// Refuses to touch somebody else who holds what is not below the caller.
pub(crate) async fn require_above_unless_own(access: &Access, user: UserId) -> Result<(), Problem> {
    if access.caller().user == user { Ok(()) } else { require_above(access, user).await }
}
