//! Tokens of a token service (RFC 6749, 4.4), kept until shortly before they expire.

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use directory_model::clock::{Clock, SystemClock};
use directory_model::secret::Secret;
use directory_model::source::ClientCredentials;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::{ACCEPT, HeaderValue};
use reqwest::{StatusCode, Url};
use serde::Deserialize;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::assertion;
use super::call::{Answer, Call, one_line};
use super::client::overload;
use super::gate::shown;
use super::pause::Pauses;
use super::transport::Transport;
use crate::error::SourceError;

const MAX_ANSWER_BYTES: usize = 256 * 1024;
/// A token is not used in the last moments of its life: the request with it has to arrive, too.
const MARGIN: Duration = Duration::from_mins(1);
/// How long a token counts as living when the service does not say (RFC 6749, 5.1 only recommends it).
const DEFAULT_LIFETIME: u64 = 300;

/// What a token service is asked with.
#[derive(Debug, Clone)]
pub(crate) enum Grant {
    /// As an application (RFC 6749, 4.4).
    Client(ClientCredentials),
    /// With the name and password of a user (RFC 6749, 4.3).
    Password {
        /// The user.
        user_name: String,
    },
}

impl Grant {
    fn client_id(&self) -> &str {
        match self {
            Self::Client(client) => &client.client_id,
            Self::Password { user_name } => user_name,
        }
    }
}

/// The tokens of one client.
#[derive(Debug)]
pub(super) struct Tokens {
    url: Url,
    grant: Grant,
    secret: Secret,
    kept: Mutex<Option<Kept>>,
}

#[derive(Debug)]
struct Kept {
    authorization: HeaderValue,
    until: Instant,
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    // Some services write the number as text.
    #[serde(default)]
    expires_in: Option<serde_json::Value>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Refused {
    error: String,
    error_description: String,
}

impl Tokens {
    pub(super) fn new(url: Url, grant: Grant, secret: Secret) -> Self {
        Self { url, grant, secret, kept: Mutex::new(None) }
    }

    /// The service that is asked.
    pub(super) fn url(&self) -> &Url {
        &self.url
    }

    /// The header of a token that lives; a new one if need be.
    pub(super) async fn authorization(&self, transport: &Transport) -> Result<HeaderValue, SourceError> {
        let mut kept = self.kept.lock().await;
        if let Some(kept) = kept.as_ref().filter(|kept| Instant::now() < kept.until) {
            return Ok(kept.authorization.clone());
        }
        let asked_at = Instant::now();
        let (authorization, lifetime) = self.ask(transport).await?;
        let until = asked_at + lifetime.saturating_sub(MARGIN).max(lifetime / 2);
        *kept = Some(Kept { authorization: authorization.clone(), until });
        Ok(authorization)
    }

    /// Forgets the token that was refused, unless somebody else did so already.
    pub(super) async fn forget(&self, refused: &HeaderValue) {
        let mut kept = self.kept.lock().await;
        if kept.as_ref().is_some_and(|kept| kept.authorization == *refused) {
            *kept = None;
        }
    }

    async fn ask(&self, transport: &Transport) -> Result<(HeaderValue, Duration), SourceError> {
        let form = form(&self.fields()?);
        let call = Call::post(self.url.clone(), "application/x-www-form-urlencoded", form, MAX_ANSWER_BYTES);
        let call = call.with(ACCEPT, "application/json");
        let mut pauses = Pauses::default();
        loop {
            let answer = transport.send(&call, None).await?;
            let Some(overload) = overload(&answer) else { return self.granted(&answer) };
            let pause = pauses.next(overload);
            let pause = pause.map_err(|detail| SourceError::Busy { url: shown(&self.url), detail })?;
            tokio::time::sleep(pause).await;
        }
    }

    fn fields(&self) -> Result<Vec<(&'static str, String)>, SourceError> {
        let client = match &self.grant {
            Grant::Client(client) => client,
            Grant::Password { user_name } => {
                let password = self.secret.expose().to_owned();
                let user_name = user_name.clone();
                return Ok(vec![("grant_type", "password".into()), ("username", user_name), ("password", password)]);
            }
        };
        let mut fields = vec![
            ("grant_type", "client_credentials".to_owned()),
            ("client_id", client.client_id.clone()),
            ("scope", client.scope.clone()),
        ];
        match client.certificate.as_deref().filter(|pem| !pem.trim().is_empty()) {
            None => fields.push(("client_secret", self.secret.expose().to_owned())),
            Some(certificate) => {
                let now = SystemClock.now();
                let signing =
                    assertion::sign(&client.token_url, &client.client_id, certificate, self.secret.expose(), now);
                let assertion = signing.map_err(|detail| self.refused(detail))?;
                let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
                fields.push(("client_assertion_type", kind.into()));
                fields.push(("client_assertion", assertion));
            }
        }
        Ok(fields)
    }

    fn granted(&self, answer: &Answer) -> Result<(HeaderValue, Duration), SourceError> {
        match answer.status {
            StatusCode::OK => {
                let granted: Option<Granted> = serde_json::from_slice(&answer.body).ok();
                let granted = granted.ok_or_else(|| self.refused("the answer holds no token"))?;
                let header = HeaderValue::from_str(&format!("Bearer {}", granted.access_token));
                let mut header = header.map_err(|_| self.refused("the token cannot be used"))?;
                header.set_sensitive(true);
                Ok((header, Duration::from_secs(lifetime(granted.expires_in.as_ref()))))
            }
            StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED => {
                let refused: Refused = serde_json::from_slice(&answer.body).unwrap_or_default();
                let said = [refused.error_description, refused.error].into_iter().find(|text| !text.is_empty());
                Err(self.refused(one_line(&said.unwrap_or_else(|| answer.status.to_string()))))
            }
            status => Err(SourceError::RequestRefused {
                url: shown(&self.url),
                status: status.as_u16(),
                detail: "no token is given there".into(),
            }),
        }
    }

    fn refused(&self, detail: impl Into<String>) -> SourceError {
        let (url, client_id) = (shown(&self.url), self.grant.client_id().to_owned());
        SourceError::TokenRefused { url, client_id, detail: detail.into() }
    }
}

fn lifetime(expires_in: Option<&serde_json::Value>) -> u64 {
    let seconds = expires_in.and_then(|value| value.as_u64().or_else(|| value.as_str()?.parse().ok()));
    // More than a day is not believed.
    seconds.unwrap_or(DEFAULT_LIFETIME).min(86_400)
}

/// `application/x-www-form-urlencoded`; everything but letters and digits is escaped, which every service undoes.
fn form(fields: &[(&str, String)]) -> String {
    let field = |(name, value): &(&str, String)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC));
    fields.iter().map(field).collect::<Vec<_>>().join("&")
}

/// The header of a name and its password (RFC 7617), as UTF-8.
pub(super) fn basic(user_name: &str, password: &Secret) -> HeaderValue {
    let encoded = BASE64_STANDARD.encode(format!("{user_name}:{}", password.expose()));
    // Base64 is always fit for a header.
    let mut header = HeaderValue::from_str(&format!("Basic {encoded}")).unwrap_or(HeaderValue::from_static("Basic"));
    header.set_sensitive(true);
    header
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lifetimes_are_read_as_services_write_them() {
        for (said, expected) in [
            (Some(json!(3599)), 3599),
            (Some(json!("3599")), 3599),
            (Some(json!("soon")), DEFAULT_LIFETIME),
            (Some(json!(-1)), DEFAULT_LIFETIME),
            (Some(json!(u64::MAX)), 86_400),
            (None, DEFAULT_LIFETIME),
        ] {
            assert_eq!(lifetime(said.as_ref()), expected, "{said:?}");
        }
    }

    #[test]
    fn what_is_secret_is_escaped_whatever_is_in_it() {
        let fields = [("a", "p&ss=w+rd %".to_owned()), ("b", "ü".to_owned())];

        assert_eq!(form(&fields), "a=p%26ss%3Dw%2Brd%20%25&b=%C3%BC");
    }
}
