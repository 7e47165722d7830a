//! Requests to the web service, in the name of whom they are about where that is configured.

use directory_model::secret::Secret;
use directory_model::source::{ExchangeAuthentication, ExchangeConnection};
use directory_model::timestamp::Timestamp;
use reqwest::header::{ACCEPT, ETAG, HeaderName, IF_NONE_MATCH};
use reqwest::{StatusCode, Url};

use super::envelope::{self, Outcome};
use super::xml::Element;
use crate::error::SourceError;
use crate::free_busy::{INTERVAL, NoAnswer, written};
use crate::http::{Answer, Call, Client, Grant, Overload, Parts, SignIn, overload, refusal};
use crate::mapping::MAX_PHOTO_BYTES;
use crate::outbound::OutboundPolicy;

/// Base64 makes a third more of a photo; the rest is far smaller.
const MAX_ANSWER_BYTES: usize = MAX_PHOTO_BYTES * 4 / 3 + 64 * 1024;
/// Says whose mailbox a request is about, so that it goes to the right server at once.
const ANCHOR: HeaderName = HeaderName::from_static("x-anchormailbox");

/// The web service of one server.
#[derive(Debug)]
pub(super) struct Service {
    client: Client,
    is_impersonating: bool,
    size: &'static str,
}

/// What came back from a request in SOAP.
pub(super) struct Reply {
    /// The message; `None` when there is nobody or nothing of that kind.
    pub(super) message: Option<Element>,
    /// The version of what is in it.
    pub(super) etag: Option<String>,
}

impl Service {
    /// Checks what can be checked without a connection.
    pub(super) fn new(
        connection: &ExchangeConnection,
        secret: Option<&Secret>,
        policy: &OutboundPolicy,
    ) -> Result<Self, SourceError> {
        let sign_in = match &connection.authentication {
            ExchangeAuthentication::Basic(basic) => SignIn::Basic { user_name: basic.user_name.clone() },
            ExchangeAuthentication::Oauth2(client) => {
                SignIn::Tokens { token_url: client.token_url.clone(), grant: Grant::Client(client.clone()) }
            }
        };
        let client = Client::new(Parts {
            url: &connection.url,
            sign_in,
            secret,
            trusted_certificates: connection.trusted_certificates.as_deref(),
            timeout_seconds: connection.timeout_seconds,
            policy,
        })?;
        let size = connection.photo_size.name();
        Ok(Self { client, is_impersonating: connection.is_impersonating, size })
    }

    /// Everybody whom `address` may mean, for whom `entry` is the way to write it.
    pub(super) async fn resolve(&self, entry: &str, address: &str) -> Result<Reply, SourceError> {
        let request = envelope::resolve_names(entry, self.impersonated(address));
        self.ask(request, address, "ResolveNamesResponseMessage", None).await
    }

    /// The photo of `address` in SOAP.
    pub(super) async fn photo_message(&self, address: &str, etag: Option<&str>) -> Result<Reply, SourceError> {
        let request = envelope::get_user_photo(address, self.size, self.impersonated(address));
        self.ask(request, address, "GetUserPhotoResponse", etag).await
    }

    /// What is in the calendars of `addresses` from one moment to another, asked in the name of `asker` where that
    /// is configured; `None` when there is no mailbox of that name. The server is asked once.
    pub(super) async fn availability(
        &self,
        addresses: &[&str],
        asker: &str,
        (start, end): (Timestamp, Timestamp),
    ) -> Result<Option<Element>, NoAnswer> {
        let (start, end) = (written(start), written(end));
        let (window, minutes) = ((start.as_str(), end.as_str()), INTERVAL.as_secs() / 60);
        let request = envelope::get_user_availability(addresses, window, minutes, self.impersonated(asker));
        let url = self.client.url().clone();
        let call = Call::post(url, "text/xml; charset=utf-8", request, MAX_ANSWER_BYTES)
            .with(ACCEPT, "text/xml")
            .with(ANCHOR, asker);
        let answer = self.client.send(&call, |_| None).await?;
        let busy = overload(&answer).or_else(|| busy(&answer, envelope::AVAILABILITY));
        if let Some(Overload { pause }) = busy {
            let (url, detail) = (self.client.url().to_string(), "it was asked once".into());
            return Err(NoAnswer { error: SourceError::Busy { url, detail }, retry_after: pause });
        }
        Ok(read(&call, &answer, envelope::AVAILABILITY)?.message)
    }

    /// The photo of `address` as a file.
    pub(super) async fn photo_file(&self, address: &str, etag: Option<&str>) -> Result<Answer, SourceError> {
        let mut call = Call::get(self.photo_url(address), MAX_PHOTO_BYTES).cut().with(ANCHOR, address);
        if let Some(etag) = etag {
            call = call.with(IF_NONE_MATCH, etag);
        }
        self.client.send(&call, overload).await
    }

    fn photo_url(&self, address: &str) -> Url {
        let mut url = self.client.url().clone();
        let path = format!("{}/s/GetUserPhoto", url.path().trim_end_matches('/'));
        url.set_path(&path);
        url.query_pairs_mut().clear().append_pair("email", address).append_pair("size", self.size);
        url
    }

    fn impersonated<'a>(&self, address: &'a str) -> Option<&'a str> {
        self.is_impersonating.then_some(address)
    }

    async fn ask(
        &self,
        request: String,
        address: &str,
        message: &str,
        etag: Option<&str>,
    ) -> Result<Reply, SourceError> {
        let url = self.client.url().clone();
        let mut call = Call::post(url, "text/xml; charset=utf-8", request, MAX_ANSWER_BYTES)
            .with(ACCEPT, "text/xml")
            .with(ANCHOR, address);
        if let Some(etag) = etag {
            call = call.with(IF_NONE_MATCH, etag);
        }
        let answer = self.client.send(&call, |answer| overload(answer).or_else(|| busy(answer, message))).await?;
        read(&call, &answer, message)
    }
}

/// What is in an answer whose element is `message`.
fn read(call: &Call, answer: &Answer, message: &str) -> Result<Reply, SourceError> {
    // Faults come with 500, and so does some of what is no fault.
    if !matches!(answer.status, StatusCode::OK | StatusCode::INTERNAL_SERVER_ERROR) {
        return Err(refusal(call, answer, ""));
    }
    let outcome = envelope::outcome(&answer.body, message);
    match outcome {
        Ok(Outcome::Done(found)) => Ok(Reply { message: Some(found), etag: answer.header(&ETAG).map(str::to_owned) }),
        Ok(Outcome::Nobody) => Ok(Reply { message: None, etag: None }),
        Ok(Outcome::Refused { code, text }) => Err(refusal(call, answer, &format!("{code}: {text}"))),
        Ok(Outcome::Busy { code, .. }) => Err(refusal(call, answer, &code)),
        Err(_) if answer.status != StatusCode::OK => Err(refusal(call, answer, "")),
        Err(detail) => Err(SourceError::CutShort { read: 0, detail }),
    }
}

/// Whether the server says in XML that it is busy.
fn busy(answer: &Answer, message: &str) -> Option<Overload> {
    match envelope::outcome(&answer.body, message) {
        Ok(Outcome::Busy { pause, .. }) => Some(Overload { pause: pause.or_else(|| answer.retry_after()) }),
        _ => None,
    }
}
