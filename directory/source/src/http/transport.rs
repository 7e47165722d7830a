//! One request to a service, and its answer, limited in size and time.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{ClientBuilder, Response, Url};
use rustls::ClientConfig;
use tokio::time::timeout;
use tracing::error;

use super::call::{Answer, Call};
use super::failure::{no_answer, too_slow};
use super::gate::{Gate, Resolver};
use crate::error::SourceError;
use crate::outbound::OutboundPolicy;
use crate::tls::tls;

/// Connections to the services of one client.
#[derive(Debug)]
pub(crate) struct Transport {
    http: reqwest::Client,
    gate: Arc<Gate>,
    patience: Duration,
}

impl Transport {
    /// Connections to the services at `urls`, the first of which is shown, and in `domains`.
    pub(crate) fn new(
        policy: &OutboundPolicy,
        urls: &[&Url],
        domains: &[String],
        trusted_certificates: Option<&str>,
        patience: Duration,
    ) -> Result<Self, SourceError> {
        let gate = Gate::new(policy, urls, domains)?;
        let shown = urls.first().map(ToString::to_string).unwrap_or_default();
        let refused = |detail| SourceError::CertificateRefused { url: shown, detail };
        let tls: Arc<ClientConfig> = tls(trusted_certificates).map_err(refused)?;
        let http = client(&gate, &tls, patience).build().map_err(|reason| no_client(&reason))?;
        Ok(Self { http, gate, patience })
    }

    /// Connections to whatever is admitted, which are closed after each answer.
    pub(crate) fn to_admitted(policy: &OutboundPolicy, patience: Duration) -> Result<Self, SourceError> {
        let gate = Gate::closed(policy);
        let tls = tls(None).map_err(|reason| no_client(&reason))?;
        let http = client(&gate, &tls, patience).pool_max_idle_per_host(0);
        let http = http.build().map_err(|reason| no_client(&reason))?;
        Ok(Self { http, gate, patience })
    }

    /// Sends one request to a service that was not named before, and reads its answer.
    pub(crate) async fn send_to(&self, call: &Call) -> Result<Answer, SourceError> {
        let _admitted = self.gate.admit(&call.url)?;
        self.send(call, None).await
    }

    /// Sends one request and reads its answer.
    pub(crate) async fn send(&self, call: &Call, authorization: Option<&HeaderValue>) -> Result<Answer, SourceError> {
        self.gate.check(&call.url)?;
        let mut request = self.http.request(call.method.clone(), call.url.clone()).headers(call.headers.clone());
        if let Some(authorization) = authorization {
            request = request.header(AUTHORIZATION, authorization.clone());
        }
        if !call.body.is_empty() {
            request = request.body(call.body.clone());
        }
        let patience = call.patience.unwrap_or(self.patience);
        let exchange = async {
            let response = request.send().await.map_err(|reason| no_answer(&call.url, &reason, patience))?;
            let (status, headers) = (response.status(), response.headers().clone());
            let body = self.body(call, response).await?;
            if body.is_none() && !call.is_cut {
                let detail = format!("an answer has more than {} bytes", call.max_bytes);
                return Err(SourceError::CutShort { read: 0, detail });
            }
            let is_cut = body.is_none();
            Ok(Answer { status, headers, body: body.unwrap_or_default(), is_cut })
        };
        timeout(patience, exchange).await.map_err(|_| too_slow(&call.url, patience))?
    }

    /// The whole body; `None` when it is too large.
    async fn body(&self, call: &Call, mut response: Response) -> Result<Option<Vec<u8>>, SourceError> {
        let announced = usize::try_from(response.content_length().unwrap_or(0)).unwrap_or(usize::MAX);
        if announced > call.max_bytes {
            return Ok(None);
        }
        let mut body = Vec::with_capacity(announced);
        loop {
            let chunk = response
                .chunk()
                .await
                .map_err(|reason| no_answer(&call.url, &reason, call.patience.unwrap_or(self.patience)))?;
            let Some(chunk) = chunk else { return Ok(Some(body)) };
            if body.len() + chunk.len() > call.max_bytes {
                return Ok(None);
            }
            body.extend_from_slice(&chunk);
        }
    }
}

fn client(gate: &Arc<Gate>, tls: &ClientConfig, patience: Duration) -> ClientBuilder {
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls.clone())
        .dns_resolver(Resolver(Arc::clone(gate)))
        // A proxy would resolve names itself, and a redirect would carry what we signed in with elsewhere.
        .no_proxy()
        .redirect(Policy::none())
        .referer(false)
        .connect_timeout(patience)
        .user_agent(concat!("switchboard/", env!("CARGO_PKG_VERSION")))
}

fn no_client(reason: &dyn std::fmt::Display) -> SourceError {
    error!(%reason, "no HTTP client");
    SourceError::Internal
}
