//! Where users are signed in, and ending that: one's own sessions, and those of users below.

use directory_model::id::{SessionId, UserId};
use directory_model::page::Page;
use directory_model::timestamp::Timestamp;
use directory_model::user::Session;
use directory_store::{second_factors, sessions};
use serde::Serialize;
use utoipa::ToSchema;

use crate::admin::users::require_above_unless_own;
use crate::problem::Problem;
use crate::scope::permission::{ManageSessions, ManageUsers};
use crate::scope::{Authorized, Named};
use crate::view::{Done, list_of};

/// A browser in which a user is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UserSessionView {
    /// Its identity.
    id: SessionId,
    /// The browser, as it calls itself.
    user_agent: String,
    /// When it began.
    created_at: Timestamp,
    /// When it was last used, to a minute.
    used_at: Timestamp,
    /// When it ends whatever happens.
    expires_at: Timestamp,
    /// It began by an identity provider.
    is_by_provider: bool,
}

impl From<Session> for UserSessionView {
    fn from(session: Session) -> Self {
        let Session { id, user_agent, created_at, used_at, expires_at, provider, .. } = session;
        Self { id, user_agent, created_at, used_at, expires_at, is_by_provider: provider.is_some() }
    }
}

list_of!(UserSessionView as UserSessionList);

/// Lists where a user is signed in, the latest first. All are on one page.
#[utoipa::path(get, path = "/tenants/{tenant}/users/{user}/sessions", operation_id = "list_sessions", tag = "users",
    responses((status = 200, body = UserSessionList)))]
pub(crate) async fn list(scope: Authorized<ManageSessions, UserId>) -> Result<UserSessionList, Problem> {
    require_above_unless_own(&scope, scope.id).await?;
    let (user, now) = (scope.id, scope.now());
    let idle_since = now.minus(scope.state().settings().session_idle);
    let items = scope.read(move |conn, tenant| sessions::of_user(conn, tenant, user, now, idle_since)).await?;
    Ok(Page { items, next: None }.into())
}

/// Ends one of a user's sessions at once.
#[utoipa::path(delete, path = "/tenants/{tenant}/users/{user}/sessions/{session}",
    operation_id = "delete_user_session", tag = "users", responses((status = 204)))]
pub(crate) async fn remove(
    scope: Authorized<ManageSessions, UserId>,
    Named(session): Named<SessionId>,
) -> Result<Done, Problem> {
    require_above_unless_own(&scope, scope.id).await?;
    scope.change(move |tx, user| sessions::remove_one_of_user(tx, user, session)).await?;
    Ok(Done)
}

/// Ends all of a user's sessions at once, except the one that asks.
#[utoipa::path(delete, path = "/tenants/{tenant}/users/{user}/sessions", operation_id = "delete_user_sessions",
    tag = "users", responses((status = 204)))]
pub(crate) async fn remove_all(scope: Authorized<ManageSessions, UserId>) -> Result<Done, Problem> {
    require_above_unless_own(&scope, scope.id).await?;
    let here = scope.caller().session;
    scope.change(move |tx, user| sessions::remove_of_user(tx, user, here).map(Some)).await?;
    Ok(Done)
}

/// Takes a user's second factor away, for who lost it. Their sessions end.
#[utoipa::path(delete, path = "/tenants/{tenant}/users/{user}/second_factor", operation_id = "reset_second_factor",
    tag = "users", responses((status = 204)))]
pub(crate) async fn reset_second_factor(scope: Authorized<ManageUsers, UserId>) -> Result<Done, Problem> {
    // Also not one's own: that takes a code.
    crate::admin::users::require_above(&scope, scope.id).await?;
    if scope.caller().user == scope.id {
        return Err(Problem::forbidden());
    }
    let resetting = scope.change(|tx, user| {
        sessions::remove_of_user(tx, user, None)?;
        second_factors::remove(tx, user)
    });
    resetting.await?;
    Ok(Done)
}
