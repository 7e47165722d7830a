//! An HTTP server on this machine that does what a test orders: answer, break off, or never answer.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream;
use http::{HeaderMap, Method};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// The largest request that is taken.
const MAX_REQUEST_BYTES: usize = 1 << 20;

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Its method.
    pub method: Method,
    /// Its path, as it was written.
    pub path: String,
    /// Its query, decoded.
    pub query: BTreeMap<String, String>,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: String,
}

impl Seen {
    /// The value of a header; empty without one.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// A value of the query; empty without one.
    pub fn asked(&self, name: &str) -> &str {
        self.query.get(name).map_or("", String::as_str)
    }

    /// The fields of a body that is a form.
    pub fn form(&self) -> BTreeMap<String, String> {
        pairs(&self.body)
    }
}

/// What is answered.
#[derive(Debug, Clone)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// How it is sent.
    pub manner: Manner,
}

/// How an answer is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// To its end.
    Whole,
    /// Half of the body; then the connection breaks.
    Cut,
    /// Not at all.
    Never,
}

impl Reply {
    /// An answer with a body.
    pub fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("content-type", content_type.to_owned())];
        Self { status, headers, body: body.into(), manner: Manner::Whole }
    }

    /// An answer without a body.
    pub fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new(), manner: Manner::Whole }
    }

    /// The same with one more header.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The same, sent otherwise.
    #[must_use]
    pub fn sent(self, manner: Manner) -> Self {
        Self { manner, ..self }
    }
}

/// How many requests are answered now, and how many were at most.
#[derive(Debug, Default)]
struct Busy {
    now: AtomicUsize,
    most: AtomicUsize,
}

/// A server that listens until it is dropped.
#[derive(Debug)]
pub struct Emulator {
    origin: String,
    exchanged: Arc<Mutex<Vec<(Seen, Reply)>>>,
    busy: Arc<Busy>,
    serving: JoinHandle<()>,
}

impl Emulator {
    /// Starts a server that answers every request with what `answer` makes of it.
    pub async fn start(answer: impl Fn(&Seen) -> Reply + Clone + Send + Sync + 'static) -> Self {
        Self::serve(move |request| std::future::ready(answer(&request))).await
    }

    /// Starts a server that answers every request when it likes.
    pub async fn serve<A: Future<Output = Reply> + Send + 'static>(
        answer: impl Fn(Seen) -> A + Clone + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port is free");
        let origin = format!("http://{}", listener.local_addr().expect("it listens"));
        let exchanged = Arc::new(Mutex::new(Vec::new()));
        let (kept, busy) = (Arc::clone(&exchanged), Arc::<Busy>::default());
        let counted = Arc::clone(&busy);
        let router = Router::new().fallback(async move |request: Request| {
            let request = received(request).await;
            counted.most.fetch_max(counted.now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            let reply = answer(request.clone()).await;
            counted.now.fetch_sub(1, Ordering::SeqCst);
            kept.lock().unwrap_or_else(PoisonError::into_inner).push((request, reply.clone()));
            send(reply).await
        });
        let serving = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("an emulator serves until it is dropped");
        });
        Self { origin, exchanged, busy, serving }
    }

    /// How many requests were answered at the same time at most.
    pub fn most_at_once(&self) -> usize {
        self.busy.most.load(Ordering::SeqCst)
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Everything that arrived so far, and what was answered.
    pub fn exchanged(&self) -> Vec<(Seen, Reply)> {
        self.exchanged.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Everything that arrived so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.exchanged().into_iter().map(|(request, _)| request).collect()
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn received(request: Request) -> Seen {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, MAX_REQUEST_BYTES).await.expect("a request is read");
    Seen {
        method: parts.method,
        path: parts.uri.path().to_owned(),
        query: pairs(parts.uri.query().unwrap_or_default()),
        headers: parts.headers,
        body: String::from_utf8(body.to_vec()).expect("a request is text"),
    }
}

async fn send(reply: Reply) -> Response {
    let mut response = Response::builder().status(reply.status);
    for (name, value) in &reply.headers {
        response = response.header(*name, value);
    }
    let body = match reply.manner {
        Manner::Whole => Body::from(reply.body),
        Manner::Cut => {
            response = response.header("content-length", reply.body.len());
            let half = Bytes::copy_from_slice(&reply.body[..reply.body.len() / 2]);
            Body::from_stream(stream::iter([Ok(half), Err(std::io::Error::other("cut off to order"))]))
        }
        Manner::Never => std::future::pending().await,
    };
    response.body(body).expect("an answer is well-formed")
}

fn pairs(encoded: &str) -> BTreeMap<String, String> {
    // The same rules hold for a query and a form, and this parser is not the connectors' own.
    let url = reqwest::Url::parse(&format!("http://emulator/?{encoded}")).expect("a query is well-formed");
    url.query_pairs().into_owned().collect()
}
