//! The way to an application of a server, and what it is asked.

use std::sync::Arc;

use directory_model::secret::Secret;
use directory_model::source::UcwaConnection;
use reqwest::header::{ACCEPT, ETAG, IF_NONE_MATCH, WWW_AUTHENTICATE};
use reqwest::{StatusCode, Url};
use serde_json::Value;
use tokio::sync::Mutex;

use super::application::{Application, broken, joined, json_of, link, problem};
use super::contact::is_at;
use crate::error::SourceError;
use crate::http::{Answer, Call, Client, Grant, Parts, SignIn, overload, refusal};
use crate::mapping::MAX_PHOTO_BYTES;
use crate::outbound::OutboundPolicy;
use crate::photo::{Fetched, PhotoOf};

/// A hundred contacts have a tenth of it.
pub(super) const MAX_ANSWER_BYTES: usize = 2 * 1024 * 1024;
/// How many people one search gives; it does not give more (UCWA allows 1 to 100).
const LIMIT: &str = "100";
/// The longest text that is searched for.
pub(super) const MAX_QUERY_CHARS: usize = 256;
/// How often the way may lead to another pool.
const MAX_POOLS: u32 = 5;

/// A server, as one user sees it.
#[derive(Debug)]
pub(super) struct Service {
    scout: Client,
    secret: Secret,
    user_name: String,
    application: Mutex<Option<Application>>,
}

/// What a request to an application led to.
enum Asked {
    Answer(Answer),
    /// The application is not known any more.
    Gone,
}

impl Service {
    /// Checks what can be checked without a connection.
    pub(super) fn new(
        connection: &UcwaConnection,
        secret: Option<&Secret>,
        policy: &OutboundPolicy,
    ) -> Result<Self, SourceError> {
        let scout = Client::new(Parts {
            url: &connection.url,
            sign_in: SignIn::Later { domains: connection.domains.clone() },
            secret,
            trusted_certificates: connection.trusted_certificates.as_deref(),
            timeout_seconds: connection.timeout_seconds,
            policy,
        })?;
        let secret = secret.cloned().ok_or(SourceError::SecretMissing)?;
        Ok(Self { scout, secret, user_name: connection.user_name.clone(), application: Mutex::new(None) })
    }

    /// Everybody whom `address` may mean.
    pub(super) async fn search(&self, address: &str) -> Result<Vec<Value>, SourceError> {
        if address.chars().count() > MAX_QUERY_CHARS {
            return Ok(Vec::new());
        }
        let answer = self.ask(|application| Ok(searching(application, address))).await?;
        contacts_of(&answer.body, address)
    }

    /// The photo of the person with `address`, unless it is still that of `etag`.
    pub(super) async fn photo(&self, address: &str, etag: Option<&str>) -> Result<PhotoOf, SourceError> {
        let contacts = self.search(address).await?;
        let contact = contacts.iter().find(|contact| is_at(contact, address));
        let link = contact.and_then(|contact| contact["_links"]["contactPhoto"]["href"].as_str());
        let Some(link) = link else { return Ok(PhotoOf::None) };
        let asked = self.ask(|application| {
            let mut url = joined(&application.search, link)?;
            url.query_pairs_mut().append_pair("size", "HR240X240");
            let call = Call::get(url, MAX_PHOTO_BYTES).cut();
            Ok(match etag {
                Some(etag) => call.with(IF_NONE_MATCH, etag),
                None => call,
            })
        });
        let answer = asked.await?;
        Ok(match answer.status {
            StatusCode::NOT_MODIFIED => PhotoOf::Unchanged,
            StatusCode::OK if answer.is_cut => PhotoOf::TooLarge,
            StatusCode::OK if !answer.body.is_empty() => {
                let etag = answer.header(&ETAG).map(str::to_owned);
                PhotoOf::Photo(Fetched { bytes: answer.body, etag })
            }
            _ => PhotoOf::None,
        })
    }

    /// Asks the application; another one when it is gone, but not for ever.
    async fn ask(&self, call: impl Fn(&Application) -> Result<Call, SourceError>) -> Result<Answer, SourceError> {
        for _ in 0..2 {
            let application = self.application().await?;
            match asked(&application, &call(&application)?).await? {
                Asked::Answer(answer) => return Ok(answer),
                Asked::Gone => self.forget(&application).await,
            }
        }
        Err(broken("the server forgets its applications"))
    }

    /// Forgets the application, unless somebody who was told so as well has made another one.
    async fn forget(&self, gone: &Application) {
        let mut kept = self.application.lock().await;
        kept.take_if(|kept| Arc::ptr_eq(&kept.client, &gone.client));
    }

    async fn application(&self) -> Result<Application, SourceError> {
        let mut kept = self.application.lock().await;
        if let Some(application) = kept.as_ref() {
            return Ok(application.clone());
        }
        let made = self.make().await?;
        *kept = Some(made.clone());
        Ok(made)
    }

    /// Finds the server that has the account, signs in there, and makes an application.
    pub(super) async fn make(&self) -> Result<Application, SourceError> {
        let mut user = self.user().await?;
        for _ in 0..MAX_POOLS {
            let client = self.scout.signed_in(self.token_url(&user).await?, self.grant(), &self.secret);
            let (about, at) = self.document(&client, user).await?;
            if about["_links"].get("redirect").is_some() {
                // The account is in another pool, which gives tokens of its own.
                user = link(&about, &at, "redirect")?;
                continue;
            }
            return Application::create(client, link(&about, &at, "applications")?).await;
        }
        Err(broken("the account is in no pool"))
    }

    /// Where the server says who has the account.
    async fn user(&self) -> Result<Url, SourceError> {
        let mut next = self.scout.url().clone();
        for _ in 0..MAX_POOLS {
            let (root, at) = self.document(&self.scout, next).await?;
            if root["_links"].get("redirect").is_none() {
                return link(&root, &at, "user");
            }
            next = link(&root, &at, "redirect")?;
        }
        Err(broken("the server points from one to the other"))
    }

    fn grant(&self) -> Grant {
        Grant::Password { user_name: self.user_name.clone() }
    }

    /// Where tokens are given, as the server says when somebody comes without one.
    async fn token_url(&self, user: &Url) -> Result<Url, SourceError> {
        let call = Call::get(user.clone(), MAX_ANSWER_BYTES);
        let answer = self.scout.send(&call, overload).await?;
        if answer.status != StatusCode::UNAUTHORIZED {
            return Err(refusal(&call, &answer, "the server does not ask for a token"));
        }
        let challenges = answer.headers.get_all(WWW_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok());
        let href = challenges.into_iter().find_map(token_link);
        joined(user, href.ok_or_else(|| broken("the server does not say where tokens are given"))?)
    }

    /// The document at `url`, and where it was found in the end.
    async fn document(&self, client: &Client, url: Url) -> Result<(Value, Url), SourceError> {
        let call = Call::get(url.clone(), MAX_ANSWER_BYTES).with(ACCEPT, "application/json");
        let answer = client.send(&call, overload).await?;
        if answer.status != StatusCode::OK {
            return Err(refusal(&call, &answer, &problem(&answer.body)));
        }
        Ok((json_of(&answer.body)?, url))
    }
}

/// The search for whom `address` may mean.
pub(super) fn searching(application: &Application, address: &str) -> Call {
    let mut url = application.search.clone();
    url.query_pairs_mut().append_pair("query", address).append_pair("limit", LIMIT);
    Call::get(url, MAX_ANSWER_BYTES).with(ACCEPT, "application/json")
}

/// Who was found by it.
pub(super) fn contacts_of(body: &[u8], address: &str) -> Result<Vec<Value>, SourceError> {
    let body = json_of(body)?;
    if body["moreResultsAvailable"] == true {
        let detail = format!("the server found too many people for `{address}`");
        return Err(SourceError::CutShort { read: 0, detail });
    }
    // One contact may come alone, without a list.
    Ok(match &body["_embedded"]["contact"] {
        Value::Array(contacts) => contacts.clone(),
        Value::Object(_) => vec![body["_embedded"]["contact"].clone()],
        _ => Vec::new(),
    })
}

async fn asked(application: &Application, call: &Call) -> Result<Asked, SourceError> {
    let answer = application.client.send(call, overload).await?;
    match answer.status {
        StatusCode::NOT_FOUND | StatusCode::GONE if problem(&answer.body).contains("ApplicationNotFound") => {
            Ok(Asked::Gone)
        }
        StatusCode::OK | StatusCode::NOT_MODIFIED | StatusCode::NOT_FOUND => Ok(Asked::Answer(answer)),
        _ => Err(refusal(call, &answer, &problem(&answer.body))),
    }
}

/// The `href` of a challenge `MsRtcOAuth href="…",grant_type="…,password"`; others cannot be met with a password.
fn token_link(challenge: &str) -> Option<&str> {
    let parameters = challenge.trim().strip_prefix("MsRtcOAuth")?;
    let parameter = |name: &str| {
        let (_, rest) = parameters.split_once(&format!("{name}=\""))?;
        rest.split('"').next()
    };
    let is_for_passwords = parameter("grant_type")?.split(',').any(|grant| grant.trim() == "password");
    parameter("href").filter(|href| is_for_passwords && !href.is_empty())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_challenge_says_where_tokens_are_given() {
        for (challenge, expected) in [
            (
                "MsRtcOAuth href=\"https://pool/WebTicket/oauthtoken\",grant_type=\"urn:microsoft.rtc:windows,password\"",
                Some("https://pool/WebTicket/oauthtoken"),
            ),
            ("MsRtcOAuth href=\"https://pool/x\",grant_type=\"urn:microsoft.rtc:windows\"", None),
            ("MsRtcOAuth grant_type=\"password\"", None),
            ("MsRtcOAuth href=\"\",grant_type=\"password\"", None),
            ("Bearer href=\"https://pool/x\",grant_type=\"password\"", None),
            ("MsRtcOAuth href=\"https://pool/x", None),
            ("", None),
        ] {
            assert_eq!(token_link(challenge), expected, "{challenge}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(text in ".{0,80}") {
            let _ = token_link(&text);
            let _ = token_link(&format!("MsRtcOAuth {text}"));
            problem(text.as_bytes());
        }
    }
}
