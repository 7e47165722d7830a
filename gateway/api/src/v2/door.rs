//! Who may use a client: a known user of the tenant, with the permission and a licence.

use directory_model::id::TenantId;
use directory_store::{tenants, users};
use gateway_rose::detail::LogOn;
use http::header::{AUTHORIZATION, HOST, ORIGIN};
use http::request::Parts;
use http::{HeaderMap, HeaderValue};

use super::hub::Ticket;
use super::upgrade;
use crate::problem::{Problem, ProblemKind};
use crate::scope::{Access, leave_unattended};
use crate::state::ApiState;

/// Somebody at the door: known, and let in or not.
pub(super) struct Door {
    /// The request, by which they prove again who they are.
    parts: Parts,
    state: ApiState,
    pub(super) access: Access,
    /// Their right to be there, or why they have none.
    pub(super) ticket: Result<Ticket, LogOn>,
}

impl Door {
    /// Looks who asks.
    pub(super) async fn open(state: &ApiState, mut parts: Parts) -> Result<Self, Problem> {
        adopt_token(&mut parts.headers);
        require_own_page(&parts.headers)?;
        let access = Access::at_home(&mut parts.clone(), state).await?;
        // Signing on was somebody's doing; that the client is still there is not.
        leave_unattended(&mut parts.headers);
        let ticket = match licences(&access).await? {
            Ok(licences) => {
                let caller = access.caller();
                state.hub().enter(access.tenant(), caller.user, caller.contact, licences)
            }
            Err(refused) => Err(refused),
        };
        Ok(Self { parts, state: state.clone(), access, ticket })
    }

    /// Has the client told who asks to see its contact, if anybody does.
    pub(super) fn challenge_me(&self) {
        if let Ok(ticket) = &self.ticket {
            ticket.challenge_me();
        }
    }

    /// Looks whether they may stay. When the store does not answer, they may.
    pub(super) async fn prove_again(&mut self) -> Result<(), LogOn> {
        let access = match Access::at_home(&mut self.parts.clone(), &self.state).await {
            Ok(access) => access,
            Err(problem) => return unless_out_of_order(&problem, LogOn::NotKnown),
        };
        // Who became another contact is another client.
        if access.caller().contact != self.access.caller().contact {
            return Err(LogOn::NotKnown);
        }
        let licences = match licences(&access).await {
            Ok(licences) => licences?,
            Err(problem) => return unless_out_of_order(&problem, LogOn::NotKnown),
        };
        self.access = access;
        match &self.ticket {
            Ok(ticket) if ticket.may_stay(licences) => Ok(()),
            Ok(_) => Err(LogOn::NoLicence),
            Err(refused) => Err(*refused),
        }
    }
}

fn unless_out_of_order(problem: &Problem, refused: LogOn) -> Result<(), LogOn> {
    let is_ours = matches!(problem.kind(), ProblemKind::TemporarilyUnavailable | ProblemKind::Internal);
    if is_ours { Ok(()) } else { Err(refused) }
}

/// How many licences there are for the caller's tenant, if the caller may use a client.
async fn licences(access: &Access) -> Result<Result<u32, LogOn>, Problem> {
    let user = access.caller().user;
    let found = access
        .read(move |conn, tenant: TenantId| Ok(users::find(conn, tenant, user)?.zip(tenants::find(conn, tenant)?)));
    let (user, tenant) = found.await?.ok_or_else(Problem::not_found)?;
    Ok(if user.fields.is_client_allowed { Ok(tenant.fields.client_licences) } else { Err(LogOn::NotAllowed) })
}

/// A browser cannot send an API token but as the name of a protocol.
fn adopt_token(headers: &mut HeaderMap) {
    if headers.contains_key(AUTHORIZATION) {
        return;
    }
    let token = upgrade::token(headers).and_then(|token| HeaderValue::from_str(&format!("Bearer {token}")).ok());
    headers.extend(token.map(|token| (AUTHORIZATION, token)));
}

/// A browser sends its session's cookie whatever page asks, so only our own pages may ask with one.
fn require_own_page(headers: &HeaderMap) -> Result<(), Problem> {
    if headers.contains_key(AUTHORIZATION) {
        return Ok(());
    }
    let text = |name| headers.get(name).map(|value: &HeaderValue| value.to_str().unwrap_or_default());
    let Some(origin) = text(ORIGIN) else { return Ok(()) };
    let from = origin.split_once("://").map(|(_, host)| host);
    if from.is_some() && from == text(HOST) {
        return Ok(());
    }
    Err(Problem::new(ProblemKind::OriginNotAllowed, "Other pages use an API token, not a session."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(http::HeaderName, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn only_our_own_pages_may_use_a_session() {
        for (origin, is_allowed) in [
            ("https://switchboard.example", true),
            ("https://evil.example", false),
            ("https://switchboard.example.evil.example", false),
            ("null", false),
        ] {
            let sent = headers(&[(HOST, "switchboard.example"), (ORIGIN, origin)]);
            assert_eq!(require_own_page(&sent).is_ok(), is_allowed, "{origin}");
        }
        assert!(require_own_page(&headers(&[(HOST, "x")])).is_ok(), "programs send no origin");
        let with_token = headers(&[(HOST, "x"), (ORIGIN, "https://y.example"), (AUTHORIZATION, "Bearer sbt_x")]);
        assert!(require_own_page(&with_token).is_ok(), "a token is never sent by itself");
    }

    #[test]
    fn a_token_that_is_named_as_a_protocol_counts_like_one_in_its_header() {
        use http::header::SEC_WEBSOCKET_PROTOCOL;
        let mut sent = headers(&[(SEC_WEBSOCKET_PROTOCOL, "rose.json, bearer.sbt_x")]);
        adopt_token(&mut sent);
        assert_eq!(sent.get(AUTHORIZATION).map(HeaderValue::as_bytes), Some(&b"Bearer sbt_x"[..]));

        let mut both = headers(&[(SEC_WEBSOCKET_PROTOCOL, "bearer.sbt_x"), (AUTHORIZATION, "Bearer sbt_y")]);
        adopt_token(&mut both);
        assert_eq!(both.get(AUTHORIZATION).map(HeaderValue::as_bytes), Some(&b"Bearer sbt_y"[..]));
    }
}
