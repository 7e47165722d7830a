//! Signing in and out.

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use directory_model::audit::{Actor, Origin};
use directory_model::id::{RequestId, TenantId, UserId};
use directory_model::rights::Held;
use directory_model::secret::Secret;
use directory_model::text::fold;
use directory_store::sessions::{self, NewSession, SecretHash};
use directory_store::users::{self, SignIn};
use directory_store::{grants, links};
use http::header::{CACHE_CONTROL, SET_COOKIE, USER_AGENT};
use http::{HeaderMap, HeaderValue};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::auth::secret::{hash, random};
use crate::extract::body::Input;
use crate::extract::peer::Source;
use crate::problem::{Problem, ProblemKind};
use crate::scope::{Caller, SESSION_COOKIE, by_session, session_secret};
use crate::state::ApiState;
use crate::view::Done;

/// Who wants to sign in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignInFields {
    /// The tenant's name; absent for users of the platform.
    #[serde(default)]
    tenant: Option<String>,
    /// The user's name.
    name: String,
    /// The password.
    #[schema(value_type = String)]
    password: Secret,
}

/// A session as its user sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionView {
    /// Who is signed in.
    user: UserId,
    /// The user's tenant.
    tenant: TenantId,
    /// What the user may do where.
    grants: Vec<Held>,
    /// What changes must send in `X-CSRF-Token`.
    csrf_token: String,
}

/// Shows who is signed in.
#[utoipa::path(get, path = "/session", operation_id = "get_session", tag = "session",
    responses((status = 200, body = SessionView)))]
pub(crate) async fn get(State(state): State<ApiState>, headers: HeaderMap) -> Result<Response, Problem> {
    let secret = session_secret(&headers).ok_or_else(Problem::not_signed_in)?;
    let (caller, csrf_token) = by_session(&state, secret).await?;
    Ok(shown(caller.user, caller.home, caller.held, csrf_token))
}

/// Signs in: sets the session's cookie, in place of any other.
#[utoipa::path(post, path = "/session", operation_id = "create_session", tag = "session",
    request_body = SignInFields, responses((status = 200, body = SessionView)))]
pub(crate) async fn create(
    State(state): State<ApiState>,
    Extension(request): Extension<RequestId>,
    Source(source): Source,
    headers: HeaderMap,
    Input(fields): Input<SignInFields>,
) -> Result<Response, Problem> {
    let account = account(&fields);
    state.auth().attempts.count_sign_in(source, &account)?;
    let found = verify(&state, fields).await?.ok_or_else(wrong)?;
    state.auth().attempts.signed_in(source, &account);
    let arrival = Arrival { tenant: found.tenant, user: found.user.id, link: None };
    sign_in(&state, request, &headers, arrival).await?.ok_or_else(wrong)
}

/// The secret of a link with which to sign in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LinkFields {
    /// What follows `#link=` in the link.
    #[schema(value_type = String)]
    token: Secret,
}

/// Signs in with a link, which works once: sets the session's cookie, in place of any other.
#[utoipa::path(post, path = "/session/link", operation_id = "create_session_by_link", tag = "session",
    request_body = LinkFields, responses((status = 200, body = SessionView)))]
pub(crate) async fn by_link(
    State(state): State<ApiState>,
    Extension(request): Extension<RequestId>,
    Source(source): Source,
    headers: HeaderMap,
    Input(fields): Input<LinkFields>,
) -> Result<Response, Problem> {
    state.auth().attempts.count_source(source)?;
    let (link, now) = (hash(fields.token.expose()), state.clock().now());
    let spent = || Problem::new(ProblemKind::NotSignedIn, "The link was used before, or has expired.");
    let found = state.store().before_anybody_is_known().read(move |conn| links::find(conn, &link, now)).await?;
    let (tenant, user) = found.ok_or_else(spent)?;
    sign_in(&state, request, &headers, Arrival { tenant, user, link: Some(link) }).await?.ok_or_else(spent)
}

/// Somebody who has shown who they are.
struct Arrival {
    tenant: TenantId,
    user: UserId,
    /// The link that they showed, to be used up.
    link: Option<SecretHash>,
}

/// Begins the session of `arrival`; `None` when something is gone meanwhile.
async fn sign_in(
    state: &ApiState,
    request: RequestId,
    headers: &HeaderMap,
    arrival: Arrival,
) -> Result<Option<Response>, Problem> {
    let (secret, csrf_token) = (random()?, random()?);
    let (tenant, user) = (arrival.tenant, arrival.user);
    let origin = Origin { actor: Actor::User(user), request: Some(request), at: state.clock().now() };
    let old = session_secret(headers).map(hash);
    let new = NewSession {
        user,
        secret_hash: hash(&secret),
        csrf_token: csrf_token.clone(),
        user_agent: user_agent(headers),
        expires_at: origin.at.plus(state.settings().session_total),
    };
    let held = begin(state, arrival, origin, old, new).await?;
    Ok(held.map(|held| {
        let mut response = shown(user, tenant, held, csrf_token);
        response.headers_mut().extend(cookie(state, &secret, state.settings().session_total.as_secs()));
        response
    }))
}

/// Signs out.
#[utoipa::path(delete, path = "/session", operation_id = "delete_session", tag = "session",
    responses((status = 204)))]
pub(crate) async fn remove(
    State(state): State<ApiState>,
    Extension(request): Extension<RequestId>,
    caller: Caller,
) -> Result<Response, Problem> {
    let session = caller.session.ok_or_else(Problem::not_found)?;
    let origin = Origin { actor: caller.actor, request: Some(request), at: state.clock().now() };
    let database = state.store().before_anybody_is_known();
    database.write(caller.home, origin, move |tx| sessions::remove(tx, session)).await?;
    let mut response = Done.into_response();
    response.headers_mut().extend(cookie(&state, "", 0));
    Ok(response)
}

/// Begins a session in place of the browser's old one, and says what its user holds.
async fn begin(
    state: &ApiState,
    arrival: Arrival,
    origin: Origin,
    old: Option<SecretHash>,
    new: NewSession,
) -> Result<Option<Vec<Held>>, Problem> {
    let Arrival { tenant, link, .. } = arrival;
    let beginning = state.store().before_anybody_is_known().write(tenant, origin, move |tx| {
        if let Some(link) = link
            && !links::consume(tx, &link)?
        {
            return Ok(None);
        }
        if let Some(old) = old.map(|old| sessions::find_by_hash(tx.conn, &old, origin.at)).transpose()?.flatten() {
            sessions::remove(tx, old.session.id)?;
        }
        if sessions::insert(tx, &new)?.is_none() {
            return Ok(None);
        }
        let grants = grants::of_user(tx.conn, tenant, new.user)?;
        Ok(Some(grants.iter().map(|grant| Held { role: grant.role, scope: grant.scope }).collect()))
    });
    Ok(beginning.await?.flatten())
}

fn user_agent(headers: &HeaderMap) -> String {
    let text = headers.get(USER_AGENT).map(|agent| String::from_utf8_lossy(agent.as_bytes()));
    text.unwrap_or_default().chars().take(256).collect()
}

/// The user, if the password is theirs. Takes as long when there is no such user.
async fn verify(state: &ApiState, fields: SignInFields) -> Result<Option<SignIn>, Problem> {
    let SignInFields { tenant, name, password } = fields;
    let tenant = tenant.filter(|tenant| !tenant.trim().is_empty());
    let database = state.store().before_anybody_is_known();
    let found = database.read(move |conn| users::find_sign_in(conn, tenant.as_deref(), &name)).await?;
    let known = found.as_ref().and_then(|found| found.password_hash.clone());
    let is_theirs = state.auth().passwords.verify(password, known).await?;
    Ok(found.filter(|found| is_theirs && !found.user.fields.is_disabled && !found.is_tenant_disabled))
}

/// One answer, whatever was wrong.
fn wrong() -> Problem {
    Problem::new(ProblemKind::NotSignedIn, "Tenant, name or password is wrong.")
}

fn account(fields: &SignInFields) -> String {
    format!("{}\n{}", fold(fields.tenant.as_deref().unwrap_or_default()), fold(&fields.name))
}

fn shown(user: UserId, tenant: TenantId, grants: Vec<Held>, csrf_token: String) -> Response {
    let mut response = axum::Json(SessionView { user, tenant, grants, csrf_token }).into_response();
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn cookie(state: &ApiState, secret: &str, seconds: u64) -> Option<(http::HeaderName, HeaderValue)> {
    let secure = if state.settings().is_cookie_secure { "; Secure" } else { "" };
    let text = format!("{SESSION_COOKIE}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    HeaderValue::from_str(&text).ok().map(|value| (SET_COOKIE, value))
}
