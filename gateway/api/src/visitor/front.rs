//! Reads of snapshots, in front of everything else.
//!
//! Pages read snapshots far more often than all else is asked together, and from memory alone: what
//! the router does for every request would cost several times the answer itself. Only plain
//! answers are given here. Whatever is refused, or logged, goes the common way.

use std::sync::{Arc, OnceLock};
use std::time::Instant;

use axum::extract::Request;
use axum::response::Response;
use axum::{Router, body::Body};
use directory_model::id::RequestId;
use http::Method;
use tower::ServiceExt;

use super::feed::{Embedded, shown};
use crate::layers::{self, Counted};
use crate::state::ApiState;

/// The whole application: its router, and what is answered without asking that.
#[derive(Clone)]
pub struct App {
    /// Without it everything is the router's.
    state: Option<ApiState>,
    // Found at the first read: who counts is not known before.
    counted: Arc<OnceLock<Counted>>,
    router: Router,
}

impl App {
    /// Every route over `state`.
    pub fn new(state: ApiState) -> Self {
        Self { router: crate::router(state.clone()), state: Some(state), counted: Arc::default() }
    }

    /// The same with what `add` makes of its router.
    pub fn extend<E>(self, add: impl FnOnce(Router) -> Result<Router, E>) -> Result<Self, E> {
        Ok(Self { router: add(self.router)?, ..self })
    }

    /// The answer to a read of a snapshot, which nothing is waited for; `None` when the request is
    /// another or is refused, and [`App::answer`] is to be asked.
    pub fn at_once<B>(&self, request: &http::Request<B>) -> Option<Response> {
        if request.method() != Method::GET {
            return None;
        }
        let key = snapshot_key(request.uri().path())?;
        let state = self.state.as_ref().filter(|_| !layers::is_traced())?;
        let since = Instant::now();
        let page = Embedded::prove(state, key, request.headers()).ok()?;
        let mut response = shown(state, page, request.headers())?;
        layers::harden(state, response.headers_mut());
        layers::name(response.headers_mut(), RequestId::new(state.ids()));
        self.counted.get_or_init(|| Counted::of(SNAPSHOT_ROUTE)).count(response.status(), since);
        Some(response)
    }

    /// The answer to any request.
    pub async fn answer(&self, request: Request<Body>) -> Response {
        match self.router.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }
}

impl From<Router> for App {
    fn from(router: Router) -> Self {
        Self { state: None, router, counted: Arc::default() }
    }
}

/// The route of snapshots, as the router knows it.
const SNAPSHOT_ROUTE: &str = "/api/v1/visitor/publications/{key}/snapshot";

/// The key in the path of a snapshot, if it is written as we write it.
fn snapshot_key(path: &str) -> Option<&str> {
    let key = path.strip_prefix("/api/v1/visitor/publications/")?.strip_suffix("/snapshot")?;
    key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_').then_some(key)
}
