//! Asking providers, and remembering for a while what they publish.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use directory_model::clock::Clock;
use directory_model::identity::{
    AuthorizationAnswer, AuthorizationRequest, Identity, IdentityFailure, IdentityProviderFields, ProviderAccess,
};
use directory_model::port::{BoxFuture, IdentityClient};
use directory_model::secret::Secret;
use directory_model::timestamp::Timestamp;
use directory_source::SourceError;
use directory_source::outbound::OutboundPolicy;
use directory_source::web::{Web, WebAnswer, encoded, with_query};
use ring::digest::{SHA256, digest};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::discovery::{Metadata, address};
use crate::keys::Keys;
use crate::token::{Claims, Expected, Refusal, believed, verify};

/// How long what a provider publishes is not read again.
const FRESH: Duration = Duration::from_mins(10);
/// How soon keys are read again when a token names one that is not known.
const KEYS_AGAIN: Duration = Duration::from_secs(10);
/// How many providers are remembered.
const MAX_PROVIDERS: usize = 500;

/// Speaks with identity providers.
pub struct OpenId {
    web: Web,
    clock: Arc<dyn Clock>,
    known: Mutex<HashMap<String, Known>>,
}

/// What a provider published, and when it was read.
#[derive(Clone)]
struct Known {
    metadata: Metadata,
    keys: Arc<Keys>,
    read_at: Timestamp,
}

/// What the token endpoint answers.
#[derive(Deserialize)]
struct Tokens {
    id_token: String,
    #[serde(default)]
    access_token: Option<Secret>,
}

impl OpenId {
    /// Asks where `policy` lets requests go. Fails when nobody can be trusted.
    pub fn new(policy: &OutboundPolicy, clock: Arc<dyn Clock>) -> Result<Self, SourceError> {
        Ok(Self { web: Web::new(policy)?, clock, known: Mutex::default() })
    }

    /// What the provider at `issuer` publishes, read anew when it is older than `age`.
    async fn known(&self, issuer: &str, age: Duration) -> Result<Known, IdentityFailure> {
        let now = self.clock.now();
        let remembered = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(issuer).cloned();
        if let Some(known) = remembered.filter(|known| now.since(known.read_at) < age && known.read_at <= now) {
            return Ok(known);
        }
        let metadata = Metadata::read(&self.get(&address(issuer)).await?, issuer).map_err(IdentityFailure::Away)?;
        let keys = Keys::read(&self.get(&metadata.jwks_uri).await?).map_err(IdentityFailure::Away)?;
        let known = Known { metadata, keys: Arc::new(keys), read_at: now };
        let mut all = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MAX_PROVIDERS {
            all.retain(|_, known| now.since(known.read_at) < FRESH);
        }
        // One that is remembered is always renewed.
        if all.len() < MAX_PROVIDERS || all.contains_key(issuer) {
            all.insert(issuer.to_owned(), known.clone());
        }
        Ok(known)
    }

    async fn get(&self, url: &str) -> Result<Vec<u8>, IdentityFailure> {
        let answer = self.web.get(url, None).await.map_err(|reason| away(&reason))?;
        if answer.status == 200 {
            return Ok(answer.body);
        }
        Err(IdentityFailure::Away(format!("it answers {} at `{url}`", answer.status)))
    }

    async fn authorize(
        &self,
        provider: ProviderAccess,
        request: AuthorizationRequest,
    ) -> Result<String, IdentityFailure> {
        let fields = &provider.fields;
        let known = self.known(&fields.issuer, FRESH).await?;
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, request.verifier.expose().as_bytes()));
        let scope: Vec<&str> = std::iter::once("openid").chain(fields.scopes.iter().map(String::as_str)).collect();
        let scope = scope.join(" ");
        let parameters = [
            ("response_type", "code"),
            ("client_id", fields.client_id.as_str()),
            ("redirect_uri", request.redirect_uri.as_str()),
            ("scope", scope.as_str()),
            ("state", request.state.as_str()),
            ("nonce", request.nonce.as_str()),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
        ];
        let url = with_query(&known.metadata.authorization_endpoint, &parameters);
        url.ok_or_else(|| IdentityFailure::Away("where it is asked is no address".to_owned()))
    }

    async fn identify(
        &self,
        provider: ProviderAccess,
        answer: AuthorizationAnswer,
    ) -> Result<Identity, IdentityFailure> {
        let fields = &provider.fields;
        let known = self.known(&fields.issuer, FRESH).await?;
        let says_issuer = known.metadata.authorization_response_iss_parameter_supported;
        match &answer.issuer {
            Some(issuer) if *issuer != fields.issuer => {
                return Err(IdentityFailure::Untrusted("another provider sent the browser"));
            }
            None if says_issuer => return Err(IdentityFailure::Untrusted("it does not say who sent the browser")),
            _ => {}
        }
        let tokens = self.redeem(&known.metadata, &provider, &answer).await?;
        let claims = self.verified(&known, fields, &tokens.id_token, &answer.request.nonce).await?;
        let name = match claims.name(&fields.name_claim) {
            Some(name) => Some(name),
            None => self.asked_name(&known.metadata, fields, &claims, tokens.access_token.as_ref()).await,
        };
        Ok(Identity { issuer: fields.issuer.clone(), subject: claims.subject, name })
    }

    /// What the token says, with keys that are read again when it is signed with one that is not known.
    async fn verified(
        &self,
        known: &Known,
        fields: &IdentityProviderFields,
        token: &str,
        nonce: &str,
    ) -> Result<Claims, IdentityFailure> {
        let now = self.clock.now();
        let expected = Expected { issuer: &fields.issuer, client_id: &fields.client_id, nonce, now };
        match verify(token, &known.keys, &expected) {
            Err(Refusal::UnknownKey) => {
                let again = self.known(&fields.issuer, KEYS_AGAIN).await?;
                Ok(verify(token, &again.keys, &expected)?)
            }
            other => Ok(other?),
        }
    }

    async fn redeem(
        &self,
        metadata: &Metadata,
        provider: &ProviderAccess,
        answer: &AuthorizationAnswer,
    ) -> Result<Tokens, IdentityFailure> {
        let client_id = provider.fields.client_id.as_str();
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", answer.code.expose()),
            ("redirect_uri", answer.request.redirect_uri.as_str()),
            ("code_verifier", answer.request.verifier.expose()),
        ];
        let mut authorization = None;
        match &provider.secret {
            Some(secret) if metadata.takes_secret_in_form() => {
                form.extend([("client_id", client_id), ("client_secret", secret.expose())]);
            }
            Some(secret) => authorization = Some(basic(client_id, secret)),
            None => form.push(("client_id", client_id)),
        }
        let sent = self.web.post_form(&metadata.token_endpoint, authorization.as_ref(), &form).await;
        let WebAnswer { status, body } = sent.map_err(|reason| away(&reason))?;
        match status {
            200 => serde_json::from_slice(&body).map_err(|_| IdentityFailure::Refused("it gives no ID token".into())),
            400..500 => Err(IdentityFailure::Refused(format!("{status} {}", code_of(&body)))),
            _ => Err(IdentityFailure::Away(format!("it answers {status} where codes are redeemed"))),
        }
    }

    /// The name as the provider tells it when it is asked once more; only of whom the token is about.
    async fn asked_name(
        &self,
        metadata: &Metadata,
        fields: &IdentityProviderFields,
        claims: &Claims,
        access_token: Option<&Secret>,
    ) -> Option<String> {
        let (url, token) = (metadata.userinfo_endpoint.as_ref()?, access_token?);
        let bearer = Secret::new(format!("Bearer {}", token.expose()));
        let answer = self.web.get(url, Some(&bearer)).await.ok().filter(|answer| answer.status == 200)?;
        let told: Map<String, Value> = serde_json::from_slice(&answer.body).ok()?;
        let is_same = told.get("sub").and_then(Value::as_str) == Some(claims.subject.as_str());
        if is_same { believed(&told, &fields.name_claim) } else { None }
    }

    async fn end(&self, provider: ProviderAccess, return_to: String) -> Option<String> {
        let known = self.known(&provider.fields.issuer, FRESH).await;
        let endpoint = known.ok()?.metadata.end_session_endpoint?;
        let parameters =
            [("client_id", provider.fields.client_id.as_str()), ("post_logout_redirect_uri", return_to.as_str())];
        with_query(&endpoint, &parameters)
    }
}

impl IdentityClient for OpenId {
    fn begin(
        &self,
        provider: ProviderAccess,
        request: AuthorizationRequest,
    ) -> BoxFuture<'_, Result<String, IdentityFailure>> {
        Box::pin(self.authorize(provider, request))
    }

    fn finish(
        &self,
        provider: ProviderAccess,
        answer: AuthorizationAnswer,
    ) -> BoxFuture<'_, Result<Identity, IdentityFailure>> {
        Box::pin(self.identify(provider, answer))
    }

    fn leave(&self, provider: ProviderAccess, return_to: String) -> BoxFuture<'_, Option<String>> {
        Box::pin(self.end(provider, return_to))
    }
}

/// Name and secret as HTTP carries them, each encoded as in a form before (RFC 6749, 2.3.1).
fn basic(client_id: &str, secret: &Secret) -> Secret {
    let form = |text: &str| encoded(&[(text, "")]).trim_end_matches('=').to_owned();
    Secret::new(format!("Basic {}", STANDARD.encode(format!("{}:{}", form(client_id), form(secret.expose())))))
}

fn away(reason: &SourceError) -> IdentityFailure {
    IdentityFailure::Away(reason.to_string())
}

/// The code of an error, for the log; nothing else of what was answered.
fn code_of(body: &[u8]) -> String {
    let read: Option<Map<String, Value>> = serde_json::from_slice(body).ok();
    let code = read.as_ref().and_then(|read| read.get("error")).and_then(Value::as_str).unwrap_or_default();
    code.chars().filter(|sign| sign.is_ascii_alphanumeric() || "_-.".contains(*sign)).take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_and_secret_are_encoded_before_they_are_put_together() {
        let sent = basic("a:b", &Secret::new("s3cret & more="));
        let text = sent.expose().strip_prefix("Basic ").expect("basic");
        assert_eq!(STANDARD.decode(text).expect("base64"), b"a%3Ab:s3cret+%26+more%3D");
    }

    #[test]
    fn the_log_is_told_a_code_and_nothing_else() {
        assert_eq!(code_of(br#"{"error": "invalid_grant", "error_description": "x"}"#), "invalid_grant");
        assert_eq!(code_of(br#"{"error": "a\nb c"}"#), "abc");
        assert_eq!(code_of(b"<html>"), "");
    }
}
