//! From a cookie or an API token to a known caller.

use axum::extract::FromRequestParts;
use directory_model::audit::Actor;
use directory_model::rights::Held;
use directory_model::user::Grant;
use directory_store::{grants, sessions, tokens};
use http::header::{AUTHORIZATION, COOKIE};
use http::request::Parts;
use http::{HeaderMap, Method};

use super::Caller;
use crate::auth::secret::{TOKEN_PREFIX, hash, is_same};
use crate::problem::{Problem, ProblemKind};
use crate::state::ApiState;

/// The cookie that holds a session's secret.
pub(crate) const SESSION_COOKIE: &str = "switchboard_session";

/// The header that shows that a request comes from a page of ours.
const CSRF_HEADER: &str = "x-csrf-token";

impl FromRequestParts<ApiState> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        // An API token that is sent is meant, whatever cookies a browser adds.
        if parts.headers.contains_key(AUTHORIZATION) {
            let secret = bearer(&parts.headers).ok_or_else(Problem::not_signed_in)?;
            return by_token(state, secret).await;
        }
        let secret = session_secret(&parts.headers).ok_or_else(Problem::not_signed_in)?;
        let (caller, csrf_token) = by_session(state, secret).await?;
        let is_safe = matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
        let sent = parts.headers.get(CSRF_HEADER).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !is_safe && !is_same(sent, &csrf_token) {
            let detail = "Send the session's CSRF token in `X-CSRF-Token`.";
            return Err(Problem::new(ProblemKind::CsrfTokenMissing, detail));
        }
        Ok(caller)
    }
}

/// The secret of the session, when a cookie has one.
pub(crate) fn session_secret(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == SESSION_COOKIE).map(|(_, value)| value)
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

/// The caller behind a session, and the session's CSRF token.
pub(crate) async fn by_session(state: &ApiState, secret: &str) -> Result<(Caller, String), Problem> {
    let (hash, now) = (hash(secret), state.clock().now());
    let database = state.store().before_anybody_is_known();
    let finding = database.read(move |conn| {
        let Some(found) = sessions::find_by_hash(conn, &hash, now)? else { return Ok(None) };
        let held = grants::of_user(conn, found.tenant, found.user.id)?;
        Ok(Some((found, held)))
    });
    let (found, grants) = finding.await?.ok_or_else(Problem::not_signed_in)?;
    if now.since(found.session.used_at) >= state.settings().session_idle {
        return Err(Problem::not_signed_in());
    }
    let id = found.session.id;
    if sessions::is_touch_due(&found.session, now) {
        database.write_unnumbered(move |conn| sessions::touch(conn, id, now)).await?;
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
    Ok((caller, found.csrf_token))
}

fn held(grants: &[Grant]) -> Vec<Held> {
    grants.iter().map(|grant| Held { role: grant.role, scope: grant.scope }).collect()
}
