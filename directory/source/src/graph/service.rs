//! Requests to Graph, and what its answers say.

use directory_model::secret::Secret;
use directory_model::source::GraphConnection;
use reqwest::header::ACCEPT;
use reqwest::{StatusCode, Url};
use serde::Deserialize;
use serde_json::Value;

use crate::error::SourceError;
use crate::free_busy::NoAnswer;
use crate::http::{Answer, Call, Client, Grant, Overload, Parts, SignIn, overload, refusal};
use crate::outbound::OutboundPolicy;

/// A page of people has a tenth of it.
const MAX_PAGE_BYTES: usize = 16 * 1024 * 1024;

/// Graph, as one registered application sees it.
#[derive(Debug)]
pub(super) struct Service {
    client: Client,
}

/// One page of an answer.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Page {
    pub(super) value: Vec<Value>,
    #[serde(rename = "@odata.nextLink")]
    pub(super) next: Option<String>,
    #[serde(rename = "@odata.deltaLink")]
    pub(super) delta: Option<String>,
}

/// What came instead of a page.
#[derive(Debug)]
pub(super) enum NoPage {
    /// The place where an earlier read ended is not known any more.
    Resync,
    /// Something else.
    Failed(SourceError),
}

impl Service {
    /// Checks what can be checked without a connection.
    pub(super) fn new(
        connection: &GraphConnection,
        secret: Option<&Secret>,
        policy: &OutboundPolicy,
    ) -> Result<Self, SourceError> {
        let credentials = connection.credentials();
        let sign_in = SignIn::Tokens { token_url: credentials.token_url.clone(), grant: Grant::Client(credentials) };
        let client = Client::new(Parts {
            url: &connection.url,
            sign_in,
            secret,
            trusted_certificates: connection.trusted_certificates.as_deref(),
            timeout_seconds: connection.timeout_seconds,
            policy,
        })?;
        Ok(Self { client })
    }

    /// Where the service is.
    pub(super) fn root(&self) -> &Url {
        self.client.url()
    }

    /// The address of `path` with this query.
    pub(super) fn url(&self, path: &str, query: &[(&str, &str)]) -> Url {
        let mut url = self.client.url().clone();
        let path = format!("{}/{path}", url.path().trim_end_matches('/'));
        url.set_path(&path);
        if !query.is_empty() {
            url.query_pairs_mut().clear().extend_pairs(query);
        }
        url
    }

    /// The page at `url`.
    pub(super) async fn page(&self, url: Url) -> Result<Page, NoPage> {
        let call = Call::get(url, MAX_PAGE_BYTES).with(ACCEPT, "application/json");
        let answer = self.client.send(&call, overload).await.map_err(NoPage::Failed)?;
        if answer.status == StatusCode::OK {
            return page(&answer.body).map_err(NoPage::Failed);
        }
        let problem = Problem::of(&answer.body);
        let is_lost = answer.status == StatusCode::GONE
            || ["syncStateNotFound", "syncStateInvalid", "resyncRequired"]
                .iter()
                .any(|code| problem.code.eq_ignore_ascii_case(code));
        Err(if is_lost { NoPage::Resync } else { NoPage::Failed(refusal(&call, &answer, &problem.words())) })
    }

    /// The answer to a batch of requests.
    pub(super) async fn post(&self, path: &str, body: &Value, max_bytes: usize) -> Result<Answer, SourceError> {
        let call = Call::post(self.url(path, &[]), "application/json", body.to_string(), max_bytes).cut();
        let answer = self.client.send(&call, overload).await?;
        if answer.status == StatusCode::OK {
            return Ok(answer);
        }
        Err(refusal(&call, &answer, &Problem::of(&answer.body).words()))
    }

    /// A request that sends `body` to `path`.
    pub(super) fn posting(&self, path: &str, body: &Value, max_bytes: usize) -> Call {
        Call::post(self.url(path, &[]), "application/json", body.to_string(), max_bytes)
    }

    /// The answer to a request that is not sent again when the service is busy: who asks again and again
    /// keeps to its pauses without waiting for them here.
    pub(super) async fn once(&self, call: &Call) -> Result<Answer, NoAnswer> {
        Ok(self.client.send(call, |_| None).await?)
    }

    /// What stands against an answer that is none.
    pub(super) fn no_answer(&self, call: &Call, answer: &Answer) -> NoAnswer {
        match overload(answer) {
            None => refusal(call, answer, &Problem::of(&answer.body).words()).into(),
            Some(Overload { pause }) => NoAnswer { error: self.busy("it was asked once".into()), retry_after: pause },
        }
    }

    /// The error for one request of a batch.
    pub(super) fn refused(&self, status: u16, body: &Value) -> SourceError {
        let (url, detail) = (self.client.url().to_string(), Problem::from(body).words());
        SourceError::RequestRefused { url, status, detail }
    }

    /// The error for one request of a batch that is not answered in time.
    pub(super) fn busy(&self, detail: String) -> SourceError {
        SourceError::Busy { url: self.client.url().to_string(), detail }
    }
}

/// Reads a page; an answer without a list of values is none.
fn page(body: &[u8]) -> Result<Page, SourceError> {
    let malformed = |detail: &str| SourceError::CutShort { read: 0, detail: detail.into() };
    let value: Value = serde_json::from_slice(body).map_err(|_| malformed("the answer is not JSON"))?;
    if !value.get("value").is_some_and(Value::is_array) {
        return Err(malformed("the answer is no list"));
    }
    serde_json::from_value(value).map_err(|_| malformed("the answer is no page of a list"))
}

/// What Graph says about a refusal.
#[derive(Debug, Default, PartialEq, Eq)]
struct Problem {
    code: String,
    message: String,
}

impl Problem {
    fn of(body: &[u8]) -> Self {
        serde_json::from_slice(body).map_or_else(|_| Self::default(), |body| Self::from(&body))
    }

    fn words(&self) -> String {
        match (self.code.as_str(), self.message.as_str()) {
            (code, "") => code.to_owned(),
            ("", message) => message.to_owned(),
            (code, message) => format!("{code}: {message}"),
        }
    }
}

impl From<&Value> for Problem {
    fn from(body: &Value) -> Self {
        let text = |name: &str| body["error"][name].as_str().unwrap_or_default().to_owned();
        Self { code: text("code"), message: text("message") }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_page_says_how_it_goes_on() {
        let read = page(br#"{"value": [{"id": "1"}], "@odata.nextLink": "https://a", "@odata.context": "x"}"#).unwrap();

        assert_eq!((read.value.len(), read.next.as_deref(), read.delta), (1, Some("https://a"), None));
    }

    #[test]
    fn what_is_no_page_is_refused() {
        for body in [
            "",
            "<html>",
            "[]",
            "{}",
            r#"{"value": 1}"#,
            r#"{"value": null}"#,
            r#"{"value": [], "@odata.nextLink": 1}"#,
            r#"{"value": [{"id": "1"}"#,
        ] {
            page(body.as_bytes()).expect_err(body);
        }
    }

    #[test]
    fn a_refusal_is_told_in_graphs_words() {
        for (body, words) in [
            (r#"{"error": {"code": "Forbidden", "message": "No."}}"#, "Forbidden: No."),
            (r#"{"error": {"code": "Forbidden"}}"#, "Forbidden"),
            (r#"{"error": "invalid"}"#, ""),
            ("no JSON", ""),
        ] {
            assert_eq!(Problem::of(body.as_bytes()).words(), words);
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = page(&bytes);
            let _ = Problem::of(&bytes);
        }
    }
}
