//! Questions to web services that tenants name and whose answers are JSON. The same gate as for sources:
//! only addresses that the platform allows, no redirects, limited in size and time.

use std::time::Duration;

use directory_model::secret::Secret;
use reqwest::Url;
use reqwest::header::{ACCEPT, AUTHORIZATION};

use crate::error::SourceError;
use crate::http::{Call, Transport};
use crate::outbound::OutboundPolicy;

/// How long one request may take: somebody waits at a browser.
const PATIENCE: Duration = Duration::from_secs(10);
/// A larger answer is refused.
const MAX_ANSWER_BYTES: usize = 256 * 1024;

/// What asks web services: one client for all of them, with one reading of whom to trust.
#[derive(Debug)]
pub struct Web {
    transport: Transport,
}

/// What a service answered.
#[derive(Debug, Clone)]
pub struct WebAnswer {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

impl Web {
    /// Requests to where `policy` lets them go.
    pub fn new(policy: &OutboundPolicy) -> Result<Self, SourceError> {
        Ok(Self { transport: Transport::to_admitted(policy, PATIENCE)? })
    }

    /// Asks for what is at `url`, with `authorization` if there is any.
    pub async fn get(&self, url: &str, authorization: Option<&Secret>) -> Result<WebAnswer, SourceError> {
        self.send(Call::get(parse(url)?, MAX_ANSWER_BYTES), authorization).await
    }

    /// Sends a form to `url`, with `authorization` if there is any.
    pub async fn post_form(
        &self,
        url: &str,
        authorization: Option<&Secret>,
        form: &[(&str, &str)],
    ) -> Result<WebAnswer, SourceError> {
        let body = encoded(form);
        let call = Call::post(parse(url)?, "application/x-www-form-urlencoded", body, MAX_ANSWER_BYTES);
        self.send(call, authorization).await
    }

    async fn send(&self, call: Call, authorization: Option<&Secret>) -> Result<WebAnswer, SourceError> {
        let call = call.with(ACCEPT, "application/json");
        let call = authorization.iter().fold(call, |call, value| call.with(AUTHORIZATION, value.expose()));
        let answer = self.transport.send_to(&call).await?;
        Ok(WebAnswer { status: answer.status.as_u16(), body: answer.body })
    }
}

/// `base` with these parameters besides its own; `None` when it is no address.
pub fn with_query(base: &str, parameters: &[(&str, &str)]) -> Option<String> {
    let mut url = Url::parse(base).ok()?;
    url.query_pairs_mut().extend_pairs(parameters);
    Some(url.into())
}

/// The parameters as a form carries them.
pub fn encoded(parameters: &[(&str, &str)]) -> String {
    let no_place = Url::parse("https://localhost/").ok();
    let query = no_place.and_then(|mut url| {
        url.query_pairs_mut().extend_pairs(parameters);
        url.query().map(str::to_owned)
    });
    query.unwrap_or_default()
}

fn parse(url: &str) -> Result<Url, SourceError> {
    let detail = || "it is not an address such as https://host/path".into();
    Url::parse(url).map_err(|_| SourceError::Unreachable { url: url.to_owned(), detail: detail() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_added_to_those_that_an_address_has() {
        assert_eq!(
            with_query("https://id.example.com/auth?tenant=a", &[("scope", "openid profile"), ("state", "a+b&c")]),
            Some("https://id.example.com/auth?tenant=a&scope=openid+profile&state=a%2Bb%26c".to_owned())
        );
        assert_eq!(with_query("nowhere", &[]), None);
        assert_eq!(encoded(&[("code", "x y"), ("u", "ü")]), "code=x+y&u=%C3%BC");
    }
}
