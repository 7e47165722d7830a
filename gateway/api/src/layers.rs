//! What happens to every request and response, whatever the route.

use std::any::Any;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use directory_model::id::RequestId;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use metrics::{Counter, Histogram, SharedString};
use tracing::Instrument;

use crate::problem::{Problem, ProblemKind};
use crate::state::ApiState;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Pages of our own may load their own scripts and styles, and nothing else.
const OWN_PAGES: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                         connect-src 'self'; font-src 'self'; frame-ancestors 'none'; base-uri 'none'; \
                         form-action 'none'";

/// Gives each request an identity, which the response repeats.
pub(crate) async fn identify(State(state): State<ApiState>, mut request: Request, next: Next) -> Response {
    let id = RequestId::new(state.ids());
    request.extensions_mut().insert(id);
    let mut response = next.run(request).await;
    name(response.headers_mut(), id);
    response
}

/// Says which request is answered.
pub(crate) fn name(headers: &mut HeaderMap, id: RequestId) {
    let mut text = [0; ulid::ULID_LEN];
    if let Ok(value) = HeaderValue::from_str(id.ulid().array_to_str(&mut text)) {
        headers.insert(REQUEST_ID, value);
    }
}

/// Logs each request once: method, route, status, and the cause of what went wrong here. Neither
/// queries nor headers nor bodies are logged, for they hold keys and secrets.
pub(crate) async fn trace(State(state): State<ApiState>, request: Request, next: Next) -> Response {
    let id = request_id(&request);
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str).to_owned();
    let (method, since) = (request.method().clone(), Instant::now());
    let span = tracing::info_span!("request", id = %id, %method, route);
    let begun = state.clock().now();
    let response = next.run(request).instrument(span.clone()).await;
    count(&method, route, response.status(), since);
    let _entered = span.enter();
    let duration_ms = state.clock().now().since(begun).as_millis();
    let status = response.status().as_u16();
    if let Some(cause) = response.extensions().get::<Problem>().and_then(Problem::cause) {
        tracing::error!(status, duration_ms, cause = %chain(cause), "request failed");
    } else {
        tracing::debug!(status, duration_ms, "request answered");
    }
    response
}

/// Counts an answer for operators, and how long it took. The labels are bounded whatever is asked for: paths that
/// match no route, and methods that no route has, are all the same.
pub(crate) fn count(method: &Method, route: impl Into<SharedString>, status: StatusCode, since: Instant) {
    const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    let method = METHODS.into_iter().find(|known| *known == method.as_str()).unwrap_or("other");
    let route = Some(route.into()).filter(|route| !route.is_empty()).unwrap_or(SharedString::const_str("other"));
    requests(method, route.clone(), status).increment(1);
    seconds(route).record(since.elapsed());
}

fn requests(method: &'static str, route: SharedString, status: StatusCode) -> Counter {
    let labels = [("method", method.into()), ("route", route), ("status", status.as_str().to_owned().into())];
    metrics::counter!("http_requests_total", &labels)
}

fn seconds(route: SharedString) -> Histogram {
    metrics::histogram!("http_request_duration_seconds", "route" => route)
}

/// Counts the answers of a route that is read more often than all others, like [`count`], but without
/// looking for the numbers each time.
pub(crate) struct Counted {
    shown: Counter,
    known: Counter,
    seconds: Histogram,
}

impl Counted {
    /// The numbers of reads of `route`.
    pub(crate) fn of(route: &'static str) -> Self {
        let requests = |status| requests("GET", SharedString::const_str(route), status);
        let (shown, known) = (requests(StatusCode::OK), requests(StatusCode::NOT_MODIFIED));
        Self { shown, known, seconds: seconds(SharedString::const_str(route)) }
    }

    /// Counts an answer, which was whole or that it is known.
    pub(crate) fn count(&self, status: StatusCode, since: Instant) {
        let counter = if status == StatusCode::NOT_MODIFIED { &self.known } else { &self.shown };
        counter.increment(1);
        self.seconds.record(since.elapsed());
    }
}

/// Whether requests that went well are logged.
pub(crate) fn is_traced() -> bool {
    tracing::enabled!(tracing::Level::DEBUG)
}

/// Writes the document of a problem, which handlers leave to us.
pub(crate) async fn render_problems(request: Request, next: Next) -> Response {
    let id = request_id(&request);
    let response = next.run(request).await;
    let Some(problem) = response.extensions().get::<Problem>().cloned() else { return response };
    let mut rendered = problem.render(id);
    rendered.headers_mut().extend(response.headers().clone());
    rendered.extensions_mut().insert(problem);
    rendered
}

/// Ends requests that take too long.
pub(crate) async fn limit_time(State(state): State<ApiState>, request: Request, next: Next) -> Response {
    let answer = tokio::time::timeout(state.settings().request_timeout, next.run(request)).await;
    answer.unwrap_or_else(|_| Problem::new(ProblemKind::TimedOut, "The request took too long.").into_response())
}

/// Turns a panic into a problem.
pub(crate) fn caught(_: Box<dyn Any + Send + 'static>) -> Response {
    #[derive(Debug, thiserror::Error)]
    #[error("a handler panicked")]
    struct Panicked;
    Problem::internal(Panicked).into_response()
}

/// Tells browsers to be strict with what we send.
pub(crate) async fn secure(State(state): State<ApiState>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    harden(&state, response.headers_mut());
    response
}

/// Adds what makes browsers strict, where nothing else is said already.
pub(crate) fn harden(state: &ApiState, headers: &mut HeaderMap) {
    headers.entry(X_CONTENT_TYPE_OPTIONS).or_insert(HeaderValue::from_static("nosniff"));
    headers.entry(X_FRAME_OPTIONS).or_insert(HeaderValue::from_static("DENY"));
    // What an administrator or a program reads is not for caches; what is says so itself.
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.entry(REFERRER_POLICY).or_insert(HeaderValue::from_static("no-referrer"));
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(OWN_PAGES));
    if state.settings().is_cookie_secure {
        headers.entry(STRICT_TRANSPORT_SECURITY).or_insert(HeaderValue::from_static("max-age=31536000"));
    }
}

/// The answer to paths that do not exist.
pub(crate) async fn no_such_path() -> Problem {
    Problem::not_found()
}

/// The answer to methods that a path does not know.
pub(crate) async fn no_such_method() -> Problem {
    Problem::new(ProblemKind::MethodNotAllowed, "This path does not know this method.")
}

/// The identity that [`identify`] gave to the request.
pub(crate) fn request_id(request: &Request) -> RequestId {
    request.extensions().get::<RequestId>().copied().unwrap_or_else(|| RequestId::from(ulid::Ulid::nil()))
}

fn chain(error: &(dyn std::error::Error + Send + Sync)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text = format!("{text}: {inner_text}");
        }
        source = inner.source();
    }
    text
}
