//! `Idempotency-Key`: a request that is repeated is answered again, not done again.

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use directory_model::invalid::Rule;
use directory_model::valid::{Check, Valid};
use directory_store::idempotency::{self, Reserved};
use http::header::{CONTENT_TYPE, ETAG, LOCATION};
use http::request::Parts;
use http::uri::PathAndQuery;
use http::{HeaderName, HeaderValue, StatusCode};
use http_body_util::BodyExt;
use ring::digest::{Context, SHA256};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::body::{Checked, Input, collect};
use crate::problem::{Problem, ProblemKind};
use crate::scope::Access;
use crate::state::ApiState;

const HEADER: &str = "idempotency-key";

/// What the documents call the header.
const FIELD: &str = "Idempotency-Key";

/// The longest key, in characters.
const KEY_CHARS: usize = 255;

/// A request that may come twice.
#[derive(Debug)]
pub(crate) struct Once {
    key: Option<String>,
    /// SHA-256 of method, path, query and body.
    fingerprint: [u8; 32],
}

/// A request that may come twice, with a JSON body of one shape whose rules hold.
pub(crate) struct OnceChecked<T>(pub(crate) Once, pub(crate) Valid<T>);

/// A request that may come twice, with a JSON body of one shape and the body's length in bytes.
pub(crate) struct OnceInput<T>(pub(crate) Once, pub(crate) T, pub(crate) usize);

/// An answer as it is kept.
#[derive(Serialize, Deserialize)]
struct Answer {
    status: u16,
    location: Option<String>,
    etag: Option<String>,
    content_type: Option<String>,
    body: String,
}

impl<S: Sync> FromRequest<S> for Once {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let (head, body) = request.into_parts();
        Self::of(&head, &collect(body).await?)
    }
}

impl<S: Sync, T: DeserializeOwned + Check> FromRequest<S> for OnceChecked<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (head, body) = request.into_parts();
        let bytes = collect(body).await?;
        let once = Once::of(&head, &bytes)?;
        let Checked(value) = Checked::from_request(Request::from_parts(head, bytes.into()), state).await?;
        Ok(Self(once, value))
    }
}

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for OnceInput<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (head, body) = request.into_parts();
        let bytes = collect(body).await?;
        let (once, size) = (Once::of(&head, &bytes)?, bytes.len());
        let Input(value) = Input::from_request(Request::from_parts(head, bytes.into()), state).await?;
        Ok(Self(once, value, size))
    }
}

impl Once {
    /// What the request calls itself, if anything.
    pub(crate) fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// A hash of what is asked.
    pub(crate) fn fingerprint(&self) -> &[u8] {
        &self.fingerprint
    }

    fn of(head: &Parts, body: &[u8]) -> Result<Self, Problem> {
        let key = head.headers.get(HEADER).map(key).transpose()?;
        let mut fingerprint = Context::new(&SHA256);
        fingerprint.update(head.method.as_str().as_bytes());
        fingerprint.update(b"\n");
        let path = head.uri.path_and_query().map_or(head.uri.path(), PathAndQuery::as_str);
        fingerprint.update(path.as_bytes());
        fingerprint.update(b"\n");
        fingerprint.update(body);
        let mut hash = [0_u8; 32];
        hash.copy_from_slice(fingerprint.finish().as_ref());
        Ok(Self { key, fingerprint: hash })
    }

    /// Does `work`, unless the caller asked for the same under the same key within 24 hours: then it
    /// is answered as it was. What was refused did nothing, and is not remembered.
    pub(crate) async fn run<T: IntoResponse + Send>(
        self,
        access: &Access,
        work: impl Future<Output = Result<T, Problem>> + Send + 'static,
    ) -> Result<Response, Problem> {
        let Self { key: Some(key), fingerprint } = self else { return work.await.map(IntoResponse::into_response) };
        let (tenant, user, at) = (access.tenant(), access.caller().user, access.origin().at);
        let request = idempotency::Request { tenant, user, key, fingerprint, at };
        match reserve(access.state(), request.clone()).await? {
            Reserved::Fresh => {}
            Reserved::Answered(answer) => return repeat(&answer),
            Reserved::Underway => {
                return Err(Problem::new(ProblemKind::NotPossibleNow, "A request with this key is being worked on."));
            }
            Reserved::OtherRequest => {
                let expected = "a key that was not sent with another request in the last 24 hours".into();
                return Err(Problem::invalid_field(FIELD, request.key, Rule::Format { expected }));
            }
        }
        // Whoever asked may hang up, and ask again: the work and its answer go on to their end.
        let state = access.state().clone();
        let working = tokio::spawn(async move { finish(&state, request, work).await });
        working.await.map_err(Problem::internal)?
    }
}

async fn finish<T: IntoResponse + Send>(
    state: &ApiState,
    request: idempotency::Request,
    work: impl Future<Output = Result<T, Problem>>,
) -> Result<Response, Problem> {
    let database = state.store().before_anybody_is_known();
    let response = match work.await {
        Ok(done) => done.into_response(),
        Err(problem) => {
            database.write_unnumbered(move |conn| idempotency::release(conn, &request)).await?;
            return Err(problem);
        }
    };
    let (head, body) = response.into_parts();
    let bytes = body.collect().await.map_err(Problem::internal)?.to_bytes();
    let text = |name: HeaderName| Some(head.headers.get(name)?.to_str().ok()?.to_owned());
    let answer = Answer {
        status: head.status.as_u16(),
        location: text(LOCATION),
        etag: text(ETAG),
        content_type: text(CONTENT_TYPE),
        body: String::from_utf8_lossy(&bytes).into_owned(),
    };
    let kept = serde_json::to_string(&answer).map_err(Problem::internal)?;
    database.write_unnumbered(move |conn| idempotency::answer(conn, &request, &kept)).await?;
    Ok(Response::from_parts(head, Body::from(bytes)))
}

async fn reserve(state: &ApiState, request: idempotency::Request) -> Result<Reserved, Problem> {
    let database = state.store().before_anybody_is_known();
    let reserving = database.write_unnumbered(move |conn| idempotency::reserve(conn, &request));
    reserving.await?.ok_or_else(Problem::not_found)
}

fn repeat(answer: &str) -> Result<Response, Problem> {
    let Answer { status, location, etag, content_type, body } =
        serde_json::from_str(answer).map_err(Problem::internal)?;
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(status).map_err(Problem::internal)?;
    for (name, value) in [(LOCATION, location), (ETAG, etag), (CONTENT_TYPE, content_type)] {
        let value = value.and_then(|value| HeaderValue::from_str(&value).ok());
        response.headers_mut().extend(value.map(|value| (name, value)));
    }
    Ok(response)
}

fn key(value: &HeaderValue) -> Result<String, Problem> {
    let key = value.to_str().unwrap_or_default().trim();
    if (1..=KEY_CHARS).contains(&key.len()) {
        return Ok(key.to_owned());
    }
    let shown = String::from_utf8_lossy(value.as_bytes()).into_owned();
    let expected = "1 to 255 visible ASCII characters".into();
    Err(Problem::invalid_field(FIELD, shown, Rule::Format { expected }))
}
