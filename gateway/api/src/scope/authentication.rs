//! From a cookie or an API token to a known caller.

use std::time::Duration;

use axum::extract::FromRequestParts;
use directory_model::audit::Actor;
use directory_model::id::SessionId;
use directory_model::rights::Held;
use directory_model::user::Grant;
use directory_store::{grants, sessions, tokens};
use http::header::{AUTHORIZATION, COOKIE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method};

use super::Caller;
use crate::auth::secret::{TOKEN_PREFIX, hash, is_same};
use crate::problem::{Problem, ProblemKind};
use crate::state::ApiState;

/// The cookie that holds a session's secret.
pub(crate) const SESSION_COOKIE: &str = "switchboard_session";

/// The header that shows that a request comes from a page of ours.
const CSRF_HEADER: &str = "x-csrf-token";

/// The header by which a page of ours says that it asks by itself, while nobody does anything: such
/// requests keep no session alive.
const UNATTENDED_HEADER: &str = "x-unattended";

/// A session, for what its user does about it and about their own account: also one that may do
/// nothing else, because its user has no second factor yet.
pub(crate) struct OwnSession {
    pub(crate) caller: Caller,
    pub(crate) id: SessionId,
}

/// A session's caller, with what only pages of ours need to know.
pub(crate) struct BySession {
    pub(crate) caller: Caller,
    pub(crate) id: SessionId,
    /// What requests that change something must repeat.
    pub(crate) csrf_token: String,
    /// How long the session lasts if nothing more is asked.
    pub(crate) left: Duration,
    /// It may do nothing but set up a second factor.
    pub(crate) is_second_factor_missing: bool,
}

impl FromRequestParts<ApiState> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        match known(parts, state).await? {
            Known::Token(caller) => Ok(caller),
            Known::Session(session) if session.is_second_factor_missing => {
                let detail = "First set up a second factor: your tenant wants one.";
                Err(Problem::new(ProblemKind::SecondFactorNotSetUp, detail))
            }
            Known::Session(session) => Ok(session.caller),
        }
    }
}

impl FromRequestParts<ApiState> for OwnSession {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        match known(parts, state).await? {
            Known::Token(_) => Err(Problem::not_found()),
            Known::Session(BySession { caller, id, .. }) => Ok(Self { caller, id }),
        }
    }
}

/// Somebody who is known, and by what.
enum Known {
    Token(Caller),
    Session(BySession),
}

async fn known(parts: &Parts, state: &ApiState) -> Result<Known, Problem> {
    // An API token that is sent is meant, whatever cookies a browser adds.
    if parts.headers.contains_key(AUTHORIZATION) {
        let secret = bearer(&parts.headers).ok_or_else(Problem::not_signed_in)?;
        return by_token(state, secret).await.map(Known::Token);
    }
    let session = by_session(state, &parts.headers).await?;
    let is_safe = matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
    let sent = parts.headers.get(CSRF_HEADER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !is_safe && !is_same(sent, &session.csrf_token) {
        let detail = "Send the session's CSRF token in `X-CSRF-Token`.";
        return Err(Problem::new(ProblemKind::CsrfTokenMissing, detail));
    }
    Ok(Known::Session(session))
}

/// The secret of the session, when a cookie has one.
pub(crate) fn session_secret(headers: &HeaderMap) -> Option<&str> {
    cookie(headers, SESSION_COOKIE)
}

/// The value of the cookie called `wanted`.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, wanted: &str) -> Option<&'a str> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == wanted).map(|(_, value)| value)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, secret) = value.split_once(' ')?;
    Some(secret.trim()).filter(|secret| scheme.eq_ignore_ascii_case("bearer") && secret.starts_with(TOKEN_PREFIX))
}

async fn by_token(state: &ApiState, secret: &str) -> Result<Caller, Problem> {
    let (hash, now) = (hash(secret), state.clock().now());
    let database = state.store().before_anybody_is_known();
    let finding = database.read(move |conn| {
        let Some(found) = tokens::find_by_hash(conn, &hash, now)? else { return Ok(None) };
        let held = grants::of_user(conn, found.tenant, found.user.id)?;
        Ok(Some((found, held)))
    });
    let (found, grants) = finding.await?.ok_or_else(Problem::not_signed_in)?;
    let token = found.token;
    if tokens::is_touch_due(&token, now) {
        database.write_unnumbered(move |conn| tokens::touch(conn, token.id, now)).await?;
    }
    Ok(Caller {
        user: found.user.id,
        home: found.tenant,
        actor: Actor::Token(token.id),
        contact: found.user.fields.contact,
        session: None,
        held: held(&grants),
        narrowed: Some(Held { role: token.role, scope: token.scope }),
    })
}

/// Marks what is asked again on behalf of somebody who may have left: it keeps no session alive.
pub(crate) fn leave_unattended(headers: &mut HeaderMap) {
    headers.insert(UNATTENDED_HEADER, HeaderValue::from_static("1"));
}

/// The caller behind the session that the cookie names.
pub(crate) async fn by_session(state: &ApiState, headers: &HeaderMap) -> Result<BySession, Problem> {
    let secret = session_secret(headers).ok_or_else(Problem::not_signed_in)?;
    let (hash, now) = (hash(secret), state.clock().now());
    let database = state.store().before_anybody_is_known();
    let finding = database.read(move |conn| {
        let Some(found) = sessions::find_by_hash(conn, &hash, now)? else { return Ok(None) };
        let held = grants::of_user(conn, found.tenant, found.user.id)?;
        Ok(Some((found, held)))
    });
    let (found, grants) = finding.await?.ok_or_else(Problem::not_signed_in)?;
    let idle = state.settings().session_idle;
    if now.since(found.session.used_at) >= idle {
        return Err(Problem::not_signed_in());
    }
    let (id, mut used_at) = (found.session.id, found.session.used_at);
    if !headers.contains_key(UNATTENDED_HEADER) && sessions::is_touch_due(&found.session, now) {
        database.write_unnumbered(move |conn| sessions::touch(conn, id, now)).await?;
        used_at = now;
    }
    let caller = Caller {
        user: found.user.id,
        home: found.tenant,
        actor: Actor::User(found.user.id),
        contact: found.user.fields.contact,
        session: Some(id),
        held: held(&grants),
        narrowed: None,
    };
    let left = used_at.plus(idle).min(found.session.expires_at).since(now);
    let (csrf_token, is_second_factor_missing) = (found.csrf_token, found.is_second_factor_missing);
    Ok(BySession { caller, id, csrf_token, left, is_second_factor_missing })
}

fn held(grants: &[Grant]) -> Vec<Held> {
    grants.iter().map(|grant| Held { role: grant.role, scope: grant.scope }).collect()
}
