//! An application as the server made it: by whom it is asked, and where.

use std::sync::Arc;

use reqwest::Url;
use reqwest::header::ACCEPT;
use ring::rand::{SecureRandom, SystemRandom};
use serde_json::{Value, json};

use super::service::MAX_ANSWER_BYTES;
use crate::error::SourceError;
use crate::http::{Call, Client, overload, refusal};

/// An application that was made. Clones are the same one.
#[derive(Debug, Clone)]
pub(super) struct Application {
    pub(super) client: Arc<Client>,
    /// Where people are searched.
    pub(super) search: Url,
    made: Arc<Made>,
}

/// What the server said of it.
#[derive(Debug)]
struct Made {
    document: Value,
    at: Url,
}

impl Application {
    /// Makes one at `url`, for the account that the client signs in as.
    pub(super) async fn create(client: Client, url: Url) -> Result<Self, SourceError> {
        let mut id = [0; 16];
        SystemRandom::new().fill(&mut id).map_err(|_| SourceError::Internal)?;
        let id = format!("{:032x}", u128::from_be_bytes(id));
        let body = json!({"UserAgent": "switchboard/1", "EndpointId": id, "Culture": "en-US"}).to_string();
        let call = Call::post(url.clone(), "application/json", body, MAX_ANSWER_BYTES).with(ACCEPT, "application/json");
        let answer = client.send(&call, overload).await?;
        if answer.status != reqwest::StatusCode::CREATED {
            return Err(refusal(&call, &answer, &problem(&answer.body)));
        }
        let document = json_of(&answer.body)?;
        let search = link(&document["_embedded"]["people"], &url, "search")?;
        Ok(Self { client: Arc::new(client), search, made: Arc::new(Made { document, at: url }) })
    }

    /// Where the application's `name` is.
    pub(super) fn link(&self, name: &str) -> Result<Url, SourceError> {
        link(&self.made.document, &self.made.at, name)
    }

    /// Where `name` of one of its parts is: `me` or `people`.
    pub(super) fn link_of(&self, part: &str, name: &str) -> Result<Url, SourceError> {
        link(&self.made.document["_embedded"][part], &self.made.at, name)
    }

    /// The address of the account, without its scheme.
    pub(super) fn account(&self) -> Option<&str> {
        let uri = self.made.document["_embedded"]["me"]["uri"].as_str()?;
        Some(uri.strip_prefix("sip:").unwrap_or(uri))
    }

    /// An address as seen from the application.
    pub(super) fn joined(&self, href: &str) -> Result<Url, SourceError> {
        joined(&self.made.at, href)
    }
}

/// The address of a link of a document that was found `at`.
pub(super) fn link(document: &Value, at: &Url, name: &str) -> Result<Url, SourceError> {
    let href = document["_links"][name]["href"].as_str();
    joined(at, href.ok_or_else(|| broken(&format!("the server does not say where its `{name}` is")))?)
}

pub(super) fn joined(at: &Url, href: &str) -> Result<Url, SourceError> {
    at.join(href).map_err(|_| broken("the server points nowhere"))
}

pub(super) fn json_of(body: &[u8]) -> Result<Value, SourceError> {
    serde_json::from_slice(body).map_err(|_| broken("the answer is not JSON"))
}

/// What the server says about a refusal: `{"code": …, "subcode": …, "message": …}`.
pub(super) fn problem(body: &[u8]) -> String {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let parts = ["code", "subcode", "message"].into_iter().filter_map(|name| body[name].as_str());
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": ")
}

pub(super) fn broken(detail: &str) -> SourceError {
    SourceError::CutShort { read: 0, detail: detail.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_told_in_the_servers_words() {
        let body = br#"{"code": "NotFound", "subcode": "ApplicationNotFound", "message": "Gone.", "debugInfo": {}}"#;
        assert_eq!(problem(body), "NotFound: ApplicationNotFound: Gone.");
        assert_eq!((problem(b"<html>"), problem(br#"{"code": 7}"#)), (String::new(), String::new()));
    }

    #[test]
    fn links_are_seen_from_where_they_are() {
        let at: Url = "https://pool.example.com/a/b".parse().unwrap();
        for (document, expected) in [
            (json!({"_links": {"user": {"href": "/ucwa/x"}}}), Some("https://pool.example.com/ucwa/x")),
            (json!({"_links": {"user": {"href": "https://other.example.com/x"}}}), Some("https://other.example.com/x")),
            (json!({"_links": {"user": {"href": "https://"}}}), None),
            (json!({"_links": {}}), None),
            (json!([]), None),
        ] {
            assert_eq!(link(&document, &at, "user").ok().map(|url| url.to_string()).as_deref(), expected);
        }
    }
}
