//! Signing in by the word of an identity provider.

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use directory_model::id::{IdentityProviderId, RequestId, SessionId, TenantId};
use directory_model::identity::{AuthorizationAnswer, AuthorizationRequest, Identity, IdentityFailure, ProviderAccess};
use directory_model::secret::Secret;
use directory_store::identity_providers::{self, OpenProvider, Recognized};
use directory_store::seal::OpenedSecret;
use directory_store::sessions;
use http::header::{CACHE_CONTROL, LOCATION};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::begin::{Arrival, Begun, Shown, begin, cookie};
use crate::auth::pending::{PATIENCE, Pending};
use crate::auth::secret::{is_same, random};
use crate::extract::body::Input;
use crate::extract::pages::sought;
use crate::extract::peer::Source;
use crate::problem::{Problem, ProblemKind};
use crate::scope::cookie as sent_cookie;
use crate::state::ApiState;

/// The cookie that binds a sign-in to the browser that began it.
const BINDING_COOKIE: &str = "switchboard_sign_in";
/// Where it is sent.
const BINDING_PATH: &str = "/api/v1/session";
/// The longest address to go on at.
const MAX_ADDRESS: usize = 1024;

/// The address to which providers send browsers back.
pub(crate) fn redirect_uri(state: &ApiState) -> String {
    format!("{}/api/v1/session/callback", state.settings().public_url.trim_end_matches('/'))
}

/// A tenant, by its name.
#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct TenantQuery {
    /// The tenant's name.
    tenant: String,
}

/// A button of the sign-in page.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OfferedProviderView {
    /// Its identity.
    id: IdentityProviderId,
    /// What the button says.
    name: String,
}

/// The buttons of the sign-in page.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OfferedProviderList {
    /// By name; none when there is no such tenant.
    items: Vec<OfferedProviderView>,
}

/// Lists by which identity providers users of a tenant may sign in.
#[utoipa::path(get, path = "/session/providers", operation_id = "list_sign_in_providers", tag = "session",
    params(TenantQuery), responses((status = 200, body = OfferedProviderList)))]
pub(crate) async fn list(
    State(state): State<ApiState>,
    Source(source): Source,
    uri: Uri,
) -> Result<axum::Json<OfferedProviderList>, Problem> {
    state.auth().attempts.count_look(source)?;
    let TenantQuery { tenant } = asked(&uri).unwrap_or_default();
    let (database, tenant) = (state.store().before_anybody_is_known(), sought(&tenant));
    let found = database.read(move |conn| identity_providers::offered(conn, &tenant)).await?;
    let items = found.into_iter().map(|(id, name)| OfferedProviderView { id, name }).collect();
    Ok(axum::Json(OfferedProviderList { items }))
}

/// What to do after signing in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BeginFields {
    /// The address in the portal to go on at, such as `/account`.
    #[serde(default)]
    to: Option<String>,
}

/// Where to go now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BegunSignInView {
    /// The provider's own page.
    url: String,
}

/// Begins to sign in by an identity provider: sets a cookie that binds it to this browser, for ten minutes.
#[utoipa::path(post, path = "/session/providers/{identity_provider}", operation_id = "begin_session_by_provider",
    tag = "session", request_body = BeginFields, responses((status = 200, body = BegunSignInView)))]
pub(crate) async fn start(
    State(state): State<ApiState>,
    Source(source): Source,
    Path(id): Path<String>,
    Input(fields): Input<BeginFields>,
) -> Result<Response, Problem> {
    state.auth().attempts.count_source(source)?;
    let id: IdentityProviderId = id.parse().map_err(|_| Problem::not_found())?;
    let provider = open(&state, id).await?.ok_or_else(Problem::not_found)?;
    let request = AuthorizationRequest {
        redirect_uri: redirect_uri(&state),
        state: random()?,
        nonce: random()?,
        verifier: Secret::new(random()?),
    };
    let url = state.identity().begin(access(provider), request.clone()).await.map_err(|failure| {
        tracing::warn!(provider = %id, %failure, "signing in by an identity provider could not begin");
        Problem::new(ProblemKind::TemporarilyUnavailable, "The identity provider cannot be asked at the moment.")
    })?;
    let binding = random()?;
    let to = fields.to.filter(|to| is_within(to)).unwrap_or_else(|| "/".to_owned());
    let set = cookie(&state, BINDING_COOKIE, &binding, BINDING_PATH, PATIENCE.as_secs());
    state.auth().pending.keep(Pending { provider: id, request, binding, to, begun_at: state.clock().now() });
    let mut response = axum::Json(BegunSignInView { url }).into_response();
    response.headers_mut().extend(set);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// What a provider sends the browser back with.
#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct CallbackQuery {
    /// What the sign-in was begun with.
    state: Option<String>,
    /// What can be redeemed.
    #[param(value_type = Option<String>)]
    code: Option<Secret>,
    /// Why there is none.
    error: Option<String>,
    /// Who sends the browser.
    iss: Option<String>,
}

/// Why nobody is signed in, as the portal words it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Failed {
    /// It was begun by nobody, by another browser, too long ago, or was finished before.
    Expired,
    /// The provider cannot be asked.
    Away,
    /// The provider said no, or knows us not.
    Refused,
    /// What it said does not hold.
    Untrusted,
    /// Nobody is known by what it said.
    Unknown,
    /// The account is switched off.
    Disabled,
}

impl Failed {
    /// The page of the portal that says so.
    fn page(self) -> String {
        format!("/sign-in?failed={}", self.code())
    }

    fn code(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Away => "away",
            Self::Refused => "refused",
            Self::Untrusted => "untrusted",
            Self::Unknown => "unknown",
            Self::Disabled => "disabled",
        }
    }
}

/// Finishes signing in by an identity provider, and sends the browser on to the portal: signed in, or to the
/// page that says why not.
#[utoipa::path(get, path = "/session/callback", operation_id = "finish_session_by_provider", tag = "session",
    params(CallbackQuery), responses((status = 303)))]
pub(crate) async fn finish(
    State(state): State<ApiState>,
    Extension(request): Extension<RequestId>,
    Source(source): Source,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Problem> {
    state.auth().attempts.count_source(source)?;
    let query: CallbackQuery = asked(&uri).unwrap_or_default();
    let unbind = cookie(&state, BINDING_COOKIE, "", BINDING_PATH, 0);
    let pending = query.state.as_deref().and_then(|sent| state.auth().pending.take(sent, state.clock().now()));
    let sent = sent_cookie(&headers, BINDING_COOKIE).unwrap_or_default();
    let Some(pending) = pending.filter(|pending| is_same(&pending.binding, sent)) else {
        return Ok(onward(&Failed::Expired.page(), [unbind, None]));
    };
    let (provider, to) = (pending.provider, pending.to.clone());
    match recognized(&state, request, &headers, pending, query).await? {
        Ok(begun) => Ok(onward(&to, [unbind, begun.cookie])),
        Err(failed) => {
            tracing::info!(%provider, reason = failed.code(), "nobody was signed in by an identity provider");
            Ok(onward(&failed.page(), [unbind, None]))
        }
    }
}

/// The session of whoever the provider says is there.
async fn recognized(
    state: &ApiState,
    request: RequestId,
    headers: &HeaderMap,
    pending: Pending,
    query: CallbackQuery,
) -> Result<Result<Begun, Failed>, Problem> {
    let id = pending.provider;
    let Some(provider) = open(state, id).await? else { return Ok(Err(Failed::Unknown)) };
    let (tenant, is_linking_allowed) = (provider.tenant, provider.fields.is_linking_allowed);
    let (Some(code), None) = (query.code, query.error) else { return Ok(Err(Failed::Refused)) };
    let answer = AuthorizationAnswer { code, issuer: query.iss, request: pending.request };
    let identity = match state.identity().finish(access(provider), answer).await {
        Ok(identity) => identity,
        Err(failure) => {
            tracing::warn!(provider = %id, %failure, "an identity provider's word does not count");
            return Ok(Err(match failure {
                IdentityFailure::Away(_) => Failed::Away,
                IdentityFailure::Refused(_) => Failed::Refused,
                IdentityFailure::Untrusted(_) => Failed::Untrusted,
            }));
        }
    };
    let known = identity.clone();
    let database = state.store().before_anybody_is_known();
    let recognized = database.read(move |conn| identity_providers::recognize(conn, tenant, &known)).await?;
    let (user, link) = match recognized {
        Recognized::Linked(user) => (user, None),
        Recognized::Named(user) if is_linking_allowed => (user, Some(identity)),
        Recognized::Named(_) | Recognized::Nobody => return Ok(Err(Failed::Unknown)),
    };
    if user.fields.is_disabled {
        return Ok(Err(Failed::Disabled));
    }
    let link = link.map(|Identity { issuer, subject, .. }| (issuer, subject));
    let shown = Shown { provider: Some(id), identity: link, ..Shown::default() };
    let begun = begin(state, request, headers, Arrival { tenant, user: user.id, shown }).await?;
    Ok(begun.ok_or(Failed::Unknown))
}

/// The provider by which a session began, while somebody may sign in by it.
pub(super) async fn find(
    state: &ApiState,
    tenant: TenantId,
    session: SessionId,
) -> Result<Option<OpenProvider>, Problem> {
    let database = state.store().before_anybody_is_known();
    match database.read(move |conn| sessions::provider_of(conn, tenant, session)).await? {
        Some(provider) => open(state, provider).await,
        None => Ok(None),
    }
}

/// Where whoever signed out goes on to, so that the provider ends its own session, too.
pub(super) async fn leave(state: &ApiState, provider: OpenProvider) -> Option<String> {
    let back = format!("{}/portal/sign-in", state.settings().public_url.trim_end_matches('/'));
    state.identity().leave(access(provider), back).await
}

/// What an address asks with; `None` when it cannot be read.
fn asked<T: DeserializeOwned>(uri: &Uri) -> Option<T> {
    Query::<T>::try_from_uri(uri).ok().map(|Query(asked)| asked)
}

async fn open(state: &ApiState, id: IdentityProviderId) -> Result<Option<OpenProvider>, Problem> {
    let key = state.sealing_key();
    let database = state.store().before_anybody_is_known();
    Ok(database.read(move |conn| identity_providers::find_open(conn, &key, id)).await?)
}

fn access(provider: OpenProvider) -> ProviderAccess {
    let secret = match provider.secret {
        OpenedSecret::Opened(secret) => Some(secret),
        OpenedSecret::Absent | OpenedSecret::EnterAgain => None,
    };
    ProviderAccess { fields: provider.fields, secret }
}

/// Sends the browser to an address in the portal.
fn onward(to: &str, cookies: [Option<(HeaderName, HeaderValue)>; 2]) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    let place = HeaderValue::from_str(&format!("/portal{to}"));
    headers.insert(LOCATION, place.unwrap_or_else(|_| HeaderValue::from_static("/portal/")));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    for (name, value) in cookies.into_iter().flatten() {
        headers.append(name, value);
    }
    response
}

/// Whether an address is one in the portal: nobody is sent elsewhere after signing in.
fn is_within(address: &str) -> bool {
    let is_plain = address.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    address.len() <= MAX_ADDRESS && is_plain && address.starts_with('/') && !address.starts_with("//")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_out_of_the_portal() {
        for (address, is_inside) in [
            ("/", true),
            ("/t/01J/contacts?q=a", true),
            ("//evil.test", false),
            ("https://evil.test", false),
            ("/\\evil.test", false),
            ("/a\r\nset-cookie: x=y", false),
            ("/ü", false),
            ("", false),
        ] {
            assert_eq!(is_within(address), is_inside, "{address:?}");
        }
        assert!(!is_within(&format!("/{}", "x".repeat(MAX_ADDRESS))));
    }
}
