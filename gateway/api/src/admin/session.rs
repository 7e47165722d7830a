//! Signing in and out.

pub(crate) mod begin;
pub(crate) mod provider;
pub(crate) mod second_factor;

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use directory_model::audit::Origin;
use directory_model::id::{RequestId, SessionId, TenantId, UserId};
use directory_model::rights::Held;
use directory_model::secret::Secret;
use directory_model::text::fold;
use directory_model::user::Grant;
use directory_store::links;
use directory_store::sessions::{self, SignedIn};
use directory_store::users::{self, SignIn};
use http::header::CACHE_CONTROL;
use http::{HeaderMap, HeaderValue};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use utoipa::ToSchema;

use self::begin::{Arrival, Shown, begin, session_cookie};
use crate::auth::secret::hash;
use crate::extract::body::Input;
use crate::extract::pages::sought;
use crate::extract::peer::Source;
use crate::problem::{Problem, ProblemKind};
use crate::scope::{OwnSession, by_session};
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
    /// What the user's authenticator shows, or a recovery code; for users with a second factor.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    code: Option<Secret>,
}

/// A session as its user sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionView {
    /// Its identity, in the list of the user's sessions.
    id: SessionId,
    /// Who is signed in.
    user: UserId,
    /// The user's tenant.
    tenant: TenantId,
    /// What the user may do where.
    grants: Vec<Held>,
    /// What changes must send in `X-CSRF-Token`.
    csrf_token: String,
    /// After how many seconds the session ends if nothing more is asked. What a page asks by itself it
    /// marks with `X-Unattended: 1`; such requests keep no session alive.
    ends_in_seconds: u64,
    /// The tenant wants a second factor and the user has none: nothing else may be done before it is
    /// set up.
    is_second_factor_missing: bool,
}

impl SessionView {
    /// A session that has just begun.
    fn begun(found: SignedIn, grants: &[Grant], left: Duration) -> Self {
        Self {
            id: found.session.id,
            user: found.user.id,
            tenant: found.tenant,
            grants: grants.iter().map(|grant| Held { role: grant.role, scope: grant.scope }).collect(),
            csrf_token: found.csrf_token,
            ends_in_seconds: left.as_secs(),
            is_second_factor_missing: found.is_second_factor_missing,
        }
    }

    fn into_answer(self) -> Response {
        let mut response = axum::Json(self).into_response();
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

/// Shows who is signed in.
#[utoipa::path(get, path = "/session", operation_id = "get_session", tag = "session",
    responses((status = 200, body = SessionView)))]
pub(crate) async fn get(State(state): State<ApiState>, headers: HeaderMap) -> Result<Response, Problem> {
    let found = by_session(&state, &headers).await?;
    let view = SessionView {
        id: found.id,
        user: found.caller.user,
        tenant: found.caller.home,
        grants: found.caller.held,
        csrf_token: found.csrf_token,
        ends_in_seconds: found.left.as_secs(),
        is_second_factor_missing: found.is_second_factor_missing,
    };
    Ok(view.into_answer())
}

/// Signs in: sets the session's cookie, in place of any other. A right password of a user with a second
/// factor is answered with `second_factor_needed` as long as no right code comes with it.
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
    let code = fields.code.clone();
    let found = verify(&state, fields).await?.ok_or_else(wrong)?;
    let proof = second_factor::prove(&state, found.tenant, found.user.id, code).await?;
    state.auth().attempts.signed_in(source, &account);
    let shown = Shown { proof, ..Shown::default() };
    let arrival = Arrival { tenant: found.tenant, user: found.user.id, shown };
    Ok(begin(&state, request, &headers, arrival).await?.ok_or_else(wrong)?.into_answer())
}

/// The secret of a link with which to sign in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LinkFields {
    /// What follows `#link=` in the link.
    #[schema(value_type = String)]
    token: Secret,
    /// What the user's authenticator shows, or a recovery code; for users with a second factor.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    code: Option<Secret>,
}

/// Signs in with a link, which works once: sets the session's cookie, in place of any other. It stands in
/// the place of a password, not of a second factor.
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
    let proof = second_factor::prove(&state, tenant, user, fields.code).await?;
    let arrival = Arrival { tenant, user, shown: Shown { link: Some(link), proof, ..Shown::default() } };
    Ok(begin(&state, request, &headers, arrival).await?.ok_or_else(spent)?.into_answer())
}

/// A session that ended here, and may go on elsewhere.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SignedOutView {
    /// Where the identity provider ends its own session, too, and sends the browser back.
    url: String,
}

/// Signs out. Who came by an identity provider that can end its own session is told where: 200.
#[utoipa::path(delete, path = "/session", operation_id = "delete_session", tag = "session",
    responses((status = 200, body = SignedOutView), (status = 204)))]
pub(crate) async fn remove(
    State(state): State<ApiState>,
    Extension(request): Extension<RequestId>,
    OwnSession { caller, id }: OwnSession,
) -> Result<Response, Problem> {
    let origin = Origin { actor: caller.actor, request: Some(request), at: state.clock().now() };
    let elsewhere = provider::find(&state, caller.home, id).await?;
    let database = state.store().before_anybody_is_known();
    database.write(caller.home, origin, move |tx| sessions::remove(tx, id)).await?;
    let elsewhere = match elsewhere {
        Some(provider) => provider::leave(&state, provider).await,
        None => None,
    };
    let mut response = match elsewhere {
        Some(url) => axum::Json(SignedOutView { url }).into_response(),
        None => Done.into_response(),
    };
    response.headers_mut().extend(session_cookie(&state, "", 0));
    Ok(response)
}

/// The user, if the password is theirs. Takes as long when there is no such user.
async fn verify(state: &ApiState, fields: SignInFields) -> Result<Option<SignIn>, Problem> {
    let SignInFields { tenant, name, password, .. } = fields;
    let tenant = tenant.filter(|tenant| !tenant.trim().is_empty()).map(|tenant| sought(&tenant));
    let (database, name) = (state.store().before_anybody_is_known(), sought(&name));
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
