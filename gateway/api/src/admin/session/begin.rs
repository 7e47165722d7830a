//! How a session begins, whatever somebody has shown.

use axum::response::Response;
use directory_model::audit::{Actor, Origin};
use directory_model::id::{IdentityProviderId, RequestId, TenantId, UserId};
use directory_store::second_factors::{self, Proof};
use directory_store::sessions::{self, NewSession, SecretHash};
use directory_store::{grants, identity_providers, links};
use http::header::{SET_COOKIE, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue};

use super::SessionView;
use crate::auth::secret::{hash, random};
use crate::problem::Problem;
use crate::scope::{SESSION_COOKIE, session_secret};
use crate::state::ApiState;

/// Somebody who has shown who they are.
pub(crate) struct Arrival {
    pub(crate) tenant: TenantId,
    pub(crate) user: UserId,
    /// What they showed, to be used up.
    pub(crate) shown: Shown,
}

/// What somebody showed.
#[derive(Default)]
pub(crate) struct Shown {
    /// A link in the place of a password.
    pub(crate) link: Option<SecretHash>,
    /// A second factor.
    pub(crate) proof: Option<Proof>,
    /// The word of an identity provider.
    pub(crate) provider: Option<IdentityProviderId>,
    /// The issuer and the subject that the user is linked with from now on.
    pub(crate) identity: Option<(String, String)>,
}

/// A session that has begun.
pub(crate) struct Begun {
    pub(crate) view: SessionView,
    /// The cookie that the browser keeps.
    pub(crate) cookie: Option<(HeaderName, HeaderValue)>,
}

/// Begins the session of `arrival` in place of the browser's old one; `None` when something is gone
/// meanwhile.
pub(crate) async fn begin(
    state: &ApiState,
    request: RequestId,
    headers: &HeaderMap,
    arrival: Arrival,
) -> Result<Option<Begun>, Problem> {
    let (secret, csrf_token) = (random()?, random()?);
    let Arrival { tenant, user, shown } = arrival;
    let origin = Origin { actor: Actor::User(user), request: Some(request), at: state.clock().now() };
    let (settings, old) = (state.settings(), session_secret(headers).map(hash));
    let secret_hash = hash(&secret);
    let new = NewSession {
        user,
        secret_hash,
        csrf_token,
        user_agent: user_agent(headers),
        expires_at: origin.at.plus(settings.session_total),
        provider: shown.provider,
    };
    let beginning = state.store().before_anybody_is_known().write(tenant, origin, move |tx| {
        if let Some(link) = shown.link
            && !links::consume(tx, &link)?
        {
            return Ok(None);
        }
        if let Some(proof) = shown.proof
            && !second_factors::spend(tx, user, proof)?
        {
            return Ok(None);
        }
        if let Some((issuer, subject)) = shown.identity
            && identity_providers::link(tx, user, &issuer, &subject)?.is_none()
        {
            return Ok(None);
        }
        if let Some(old) = old.map(|old| sessions::find_by_hash(tx.conn, &old, origin.at)).transpose()?.flatten() {
            sessions::remove(tx, old.session.id)?;
        }
        if sessions::insert(tx, &new)?.is_none() {
            return Ok(None);
        }
        let Some(found) = sessions::find_by_hash(tx.conn, &secret_hash, origin.at)? else { return Ok(None) };
        Ok(Some((found, grants::of_user(tx.conn, tenant, user)?)))
    });
    let Some((found, grants)) = beginning.await?.flatten() else { return Ok(None) };
    let view = SessionView::begun(found, &grants, settings.session_idle.min(settings.session_total));
    Ok(Some(Begun { view, cookie: session_cookie(state, &secret, settings.session_total.as_secs()) }))
}

impl Begun {
    /// What a page of ours is answered.
    pub(crate) fn into_answer(self) -> Response {
        let mut response = self.view.into_answer();
        response.headers_mut().extend(self.cookie);
        response
    }
}

/// The cookie that holds a session's secret for so many seconds.
pub(crate) fn session_cookie(state: &ApiState, secret: &str, seconds: u64) -> Option<(HeaderName, HeaderValue)> {
    cookie(state, SESSION_COOKIE, secret, "/", seconds)
}

/// A cookie for pages of ours, which no script reads.
pub(crate) fn cookie(
    state: &ApiState,
    name: &str,
    value: &str,
    path: &str,
    seconds: u64,
) -> Option<(HeaderName, HeaderValue)> {
    let secure = if state.settings().is_cookie_secure { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path={path}; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    HeaderValue::from_str(&text).ok().map(|value| (SET_COOKIE, value))
}

fn user_agent(headers: &HeaderMap) -> String {
    let text = headers.get(USER_AGENT).map(|agent| String::from_utf8_lossy(agent.as_bytes()));
    text.unwrap_or_default().chars().take(256).collect()
}
