//! Asks a running gateway through its public API, as any other program would.

use std::time::Duration;

use bytes::Bytes;
use directory_model::secret::Secret;
use reqwest::header::{CONTENT_TYPE, COOKIE, HeaderMap, IF_MATCH, SET_COOKIE};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::Value;

/// The longest wait for an answer.
const PATIENCE: Duration = Duration::from_mins(1);

/// The gateway did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ClientError {
    /// No answer.
    #[error("no answer from {url}: {}", root(reason))]
    Unreachable { url: String, reason: reqwest::Error },
    /// A problem document, or something else that is no success.
    #[error("{method} {path}: {status}: {words}")]
    Refused { method: Method, path: String, status: StatusCode, words: String },
}

/// Who asks.
#[derive(Clone, Default)]
enum Badge {
    #[default]
    None,
    Token(Secret),
    Session {
        cookie: Secret,
        csrf: Secret,
    },
}

/// A gateway, and who asks it.
#[derive(Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    // For answers that take as long as they take, but not silently.
    lasting: reqwest::Client,
    base: String,
    badge: Badge,
}

/// An answer that is a success.
pub(crate) struct Answer {
    pub(crate) body: Value,
    headers: HeaderMap,
}

/// An answer that comes part by part.
pub(crate) struct Parts {
    response: Response,
    base: String,
}

impl Parts {
    /// The next part; `None` at the end. Fails when the answer breaks off.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, ClientError> {
        let part = self.response.chunk().await;
        part.map_err(|reason| ClientError::Unreachable { url: self.base.clone(), reason })
    }
}

impl Answer {
    /// The text in field `name`, empty when there is none.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.body.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// The `items` of a list.
    pub(crate) fn items(&self) -> &[Value] {
        self.body.get("items").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
    }
}

impl Client {
    /// Asks the gateway at `base`, as nobody in particular.
    pub(crate) fn new(base: &str) -> Result<Self, ClientError> {
        let builder = || reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        let unreachable = |reason| ClientError::Unreachable { url: base.to_owned(), reason };
        let http = builder().timeout(PATIENCE).build().map_err(unreachable)?;
        let lasting = builder().connect_timeout(PATIENCE).read_timeout(PATIENCE).build().map_err(unreachable)?;
        Ok(Self { http, lasting, base: base.trim_end_matches('/').to_owned(), badge: Badge::None })
    }

    /// The same gateway, asked by the bearer of `token`.
    pub(crate) fn with_token(&self, token: Secret) -> Self {
        Self { badge: Badge::Token(token), ..self.clone() }
    }

    /// The same gateway, asked by the user who signs in so.
    pub(crate) async fn sign_in(
        &self,
        tenant: Option<&str>,
        name: &str,
        password: &Secret,
    ) -> Result<Self, ClientError> {
        let body = serde_json::json!({ "tenant": tenant, "name": name, "password": password.expose() });
        let answer = self.post("/api/v1/session", &body).await?;
        let cookie = answer.headers.get(SET_COOKIE).and_then(|line| line.to_str().ok()).unwrap_or_default();
        let cookie = Secret::new(cookie.split(';').next().unwrap_or_default());
        Ok(Self { badge: Badge::Session { cookie, csrf: Secret::new(answer.text("csrf_token")) }, ..self.clone() })
    }

    /// `GET`
    pub(crate) async fn get(&self, path: &str) -> Result<Answer, ClientError> {
        self.send(Method::GET, path, |request| request).await
    }

    /// `POST` of `body`
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Result<Answer, ClientError> {
        self.send(Method::POST, path, |request| request.json(body)).await
    }

    /// `PUT` of `body`
    pub(crate) async fn put(&self, path: &str, body: &Value) -> Result<Answer, ClientError> {
        self.send(Method::PUT, path, |request| request.json(body)).await
    }

    /// `PATCH` by `changes` of what has not changed since `revision`
    pub(crate) async fn patch(&self, path: &str, revision: &Value, changes: &Value) -> Result<Answer, ClientError> {
        let text = changes.to_string();
        self.send(Method::PATCH, path, |request| {
            let request = request.header(IF_MATCH, format!("\"{revision}\""));
            request.header(CONTENT_TYPE, "application/merge-patch+json").body(text)
        })
        .await
    }

    /// `GET` of what comes part by part.
    pub(crate) async fn open(&self, path: &str) -> Result<Parts, ClientError> {
        let request = self.signed(self.lasting.get(format!("{}{path}", self.base)));
        let response = request.send().await.map_err(|reason| self.unreachable(reason))?;
        if response.status().is_success() {
            return Ok(Parts { response, base: self.base.clone() });
        }
        self.refused(Method::GET, path, response).await
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        fill: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Result<Answer, ClientError> {
        let request = self.signed(self.http.request(method.clone(), format!("{}{path}", self.base)));
        let response = fill(request).send().await.map_err(|reason| self.unreachable(reason))?;
        if !response.status().is_success() {
            return self.refused(method, path, response).await;
        }
        let headers = response.headers().clone();
        let text = response.text().await.map_err(|reason| self.unreachable(reason))?;
        Ok(Answer { body: serde_json::from_str(&text).unwrap_or_default(), headers })
    }

    fn signed(&self, request: RequestBuilder) -> RequestBuilder {
        match &self.badge {
            Badge::None => request,
            Badge::Token(token) => request.bearer_auth(token.expose()),
            Badge::Session { cookie, csrf } => {
                request.header(COOKIE, cookie.expose()).header("x-csrf-token", csrf.expose())
            }
        }
    }

    fn unreachable(&self, reason: reqwest::Error) -> ClientError {
        ClientError::Unreachable { url: self.base.clone(), reason }
    }

    /// What the answer says against the request.
    async fn refused<T>(&self, method: Method, path: &str, response: Response) -> Result<T, ClientError> {
        let status = response.status();
        let text = response.text().await.map_err(|reason| self.unreachable(reason))?;
        let body: Value = serde_json::from_str(&text).unwrap_or_default();
        Err(ClientError::Refused { method, path: path.to_owned(), status, words: words(&body) })
    }
}

/// What a problem document says, in one line.
fn words(problem: &Value) -> String {
    let text = |name| problem.get(name).and_then(Value::as_str);
    let mut words = text("detail").or(text("title")).unwrap_or("the answer says no more").to_owned();
    for field in problem.get("fields").and_then(Value::as_array).into_iter().flatten() {
        words.push_str("; ");
        words.push_str(&field.to_string());
    }
    words
}

/// The innermost reason, which is the one that helps.
fn root(reason: &reqwest::Error) -> String {
    let mut inner: &dyn std::error::Error = reason;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
}
