//! A client that signs in and is patient with busy services.

use std::sync::Arc;
use std::time::Duration;

use directory_model::secret::Secret;
use reqwest::header::HeaderValue;
use reqwest::{StatusCode, Url};

use super::call::{Answer, Call, one_line};
use super::gate::shown;
use super::pause::{Overload, Pauses};
use super::token::{Grant, Tokens, basic};
use super::transport::Transport;
use crate::error::SourceError;
use crate::outbound::OutboundPolicy;

/// What a client is made of.
pub(crate) struct Parts<'a> {
    /// The service, such as it is configured.
    pub(crate) url: &'a str,
    /// How to sign in there.
    pub(crate) sign_in: SignIn,
    /// The source's secret.
    pub(crate) secret: Option<&'a Secret>,
    /// PEM certificates to trust besides the system's.
    pub(crate) trusted_certificates: Option<&'a str>,
    /// How long one request may take.
    pub(crate) timeout_seconds: u32,
    /// Where connections may go.
    pub(crate) policy: &'a OutboundPolicy,
}

/// How a client signs in.
#[derive(Debug, Clone)]
pub(crate) enum SignIn {
    /// By name and password.
    Basic {
        /// The name.
        user_name: String,
    },
    /// With tokens from the service at `token_url`.
    Tokens {
        /// Where tokens are given.
        token_url: String,
        /// What it is asked with.
        grant: Grant,
    },
    /// Not yet: the service says where.
    Later {
        /// Besides the service itself, those in these domains may be asked.
        domains: Vec<String>,
    },
}

#[derive(Debug)]
enum Identity {
    Basic { user_name: String, authorization: HeaderValue },
    Tokens(Box<Tokens>),
    Nobody,
}

/// A client for one service and the token service before it.
#[derive(Debug)]
pub(crate) struct Client {
    url: Url,
    transport: Arc<Transport>,
    identity: Identity,
}

impl Client {
    /// Checks what can be checked without a connection.
    pub(crate) fn new(parts: Parts<'_>) -> Result<Self, SourceError> {
        let secret = parts.secret.filter(|secret| !secret.expose().is_empty()).ok_or(SourceError::SecretMissing)?;
        let url = parse(parts.url)?;
        let mut domains = Vec::new();
        let identity = match parts.sign_in {
            SignIn::Basic { user_name } => {
                let authorization = basic(&user_name, secret);
                Identity::Basic { user_name, authorization }
            }
            SignIn::Tokens { token_url, grant } => {
                Identity::Tokens(Box::new(Tokens::new(parse(&token_url)?, grant, secret.clone())))
            }
            SignIn::Later { domains: those } => {
                domains = those;
                Identity::Nobody
            }
        };
        let mut urls = vec![&url];
        if let Identity::Tokens(tokens) = &identity {
            urls.push(tokens.url());
        }
        let patience = Duration::from_secs(parts.timeout_seconds.into());
        let transport = Transport::new(parts.policy, &urls, &domains, parts.trusted_certificates, patience)?;
        Ok(Self { url, transport: Arc::new(transport), identity })
    }

    /// The same client, signed in with tokens of a service that it was led to.
    pub(crate) fn signed_in(&self, token_url: Url, grant: Grant, secret: &Secret) -> Self {
        let identity = Identity::Tokens(Box::new(Tokens::new(token_url, grant, secret.clone())));
        Self { url: self.url.clone(), transport: Arc::clone(&self.transport), identity }
    }

    /// The service's address.
    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    /// Sends a request, signed in; again as long as the service says that it is busy, and once more when a
    /// token was refused that was got before.
    pub(crate) async fn send(
        &self,
        call: &Call,
        is_busy: impl Fn(&Answer) -> Option<Overload>,
    ) -> Result<Answer, SourceError> {
        let (mut pauses, mut is_renewed) = (Pauses::default(), false);
        loop {
            let authorization = self.authorization().await?;
            let answer = self.transport.send(call, authorization.as_ref()).await?;
            if answer.status == StatusCode::UNAUTHORIZED {
                match (&self.identity, &authorization) {
                    (Identity::Tokens(tokens), Some(authorization)) if !is_renewed => {
                        is_renewed = true;
                        tokens.forget(authorization).await;
                        continue;
                    }
                    (Identity::Tokens(_), _) => return Err(refusal(call, &answer, "the token is not accepted")),
                    (Identity::Nobody, _) => return Ok(answer),
                    (Identity::Basic { user_name, .. }, _) => {
                        return Err(SourceError::BindRefused { bind_dn: user_name.clone() });
                    }
                }
            }
            let Some(overload) = is_busy(&answer) else { return Ok(answer) };
            let pause = pauses.next(overload);
            let pause = pause.map_err(|detail| SourceError::Busy { url: shown(&call.url), detail })?;
            tokio::time::sleep(pause).await;
        }
    }

    async fn authorization(&self) -> Result<Option<HeaderValue>, SourceError> {
        match &self.identity {
            Identity::Basic { authorization, .. } => Ok(Some(authorization.clone())),
            Identity::Tokens(tokens) => tokens.authorization(&self.transport).await.map(Some),
            Identity::Nobody => Ok(None),
        }
    }
}

/// What HTTP itself says of a busy service.
pub(crate) fn overload(answer: &Answer) -> Option<Overload> {
    let is_busy = matches!(
        answer.status,
        StatusCode::TOO_MANY_REQUESTS
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT
    );
    is_busy.then(|| Overload { pause: answer.retry_after() })
}

/// The error for an answer that is none to the request.
pub(crate) fn refusal(call: &Call, answer: &Answer, said: &str) -> SourceError {
    let detail = match one_line(said) {
        said if !said.is_empty() => said,
        _ if answer.status.is_redirection() => "the service points elsewhere, which is not followed".into(),
        _ => answer.status.canonical_reason().unwrap_or("no reason is given").to_owned(),
    };
    SourceError::RequestRefused { url: shown(&call.url), status: answer.status.as_u16(), detail }
}

fn parse(url: &str) -> Result<Url, SourceError> {
    let detail = || "it is not an address such as https://host/path".into();
    Url::parse(url).map_err(|_| SourceError::Unreachable { url: url.to_owned(), detail: detail() })
}
