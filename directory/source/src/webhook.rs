//! Requests to web servers that tenants name, to tell them something. The same gate as for sources:
//! only addresses that the platform allows, no redirects, limited in size and time.

use std::time::Duration;

use directory_model::source::origin_of;
use reqwest::Url;
use reqwest::header::HeaderName;

use crate::error::SourceError;
use crate::http::{Call, Transport};
use crate::outbound::OutboundPolicy;

/// How long one request may take.
const PATIENCE: Duration = Duration::from_secs(15);
/// More of an answer is not read.
const MAX_ANSWER_BYTES: usize = 16 * 1024;

/// A header of the request.
#[derive(Debug, Clone)]
pub struct Header {
    /// Its name, in lower case.
    pub name: &'static str,
    /// Its value.
    pub value: String,
}

/// What sends requests to web servers: one client for all of them, with one reading of whom to trust.
#[derive(Debug)]
pub struct Webhooks {
    transport: Transport,
}

impl Webhooks {
    /// Requests to where `policy` lets them go.
    pub fn new(policy: &OutboundPolicy) -> Result<Self, SourceError> {
        Ok(Self { transport: Transport::to_admitted(policy, PATIENCE)? })
    }

    /// Sends a JSON `body` to `url` and says the status of the answer, whatever it is. An error says no more
    /// than scheme, host and port of the address: the rest may be a secret.
    pub async fn post(&self, url: &str, headers: &[Header], body: String) -> Result<u16, SourceError> {
        let sent = self.send(url, headers, body).await;
        sent.map_err(|error| match error {
            SourceError::Unreachable { detail, .. } => SourceError::Unreachable { url: origin_of(url).into(), detail },
            SourceError::CertificateRefused { detail, .. } => {
                SourceError::CertificateRefused { url: origin_of(url).into(), detail }
            }
            other => other,
        })
    }

    async fn send(&self, url: &str, headers: &[Header], body: String) -> Result<u16, SourceError> {
        let detail = || "it is not an address such as https://host/path".into();
        let url = Url::parse(url).map_err(|_| SourceError::Unreachable { url: url.to_owned(), detail: detail() })?;
        let call = Call::post(url, "application/json", body, MAX_ANSWER_BYTES).cut();
        let call =
            headers.iter().fold(call, |call, Header { name, value }| call.with(HeaderName::from_static(name), value));
        Ok(self.transport.send_to(&call).await?.status.as_u16())
    }
}
