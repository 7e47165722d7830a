//! HTTP/2 connections through a pipe, in virtual time.

use axum::Router;
use axum::routing::get;
use directory_model::clock::SystemClock;
use directory_model::id::{CountedIds, PublicationId, TenantId};
use directory_model::publication::PublicationFields;
use directory_model::tenant::TenantFields;
use gateway_presence::book::Book;
use gateway_presence::facts::{FactChange, PublicationFacts, TenantFacts};
use gateway_presence::feed::Feed;
use gateway_presence::outlet::Policy;
use http_body_util::Empty;
use hyper::client::conn::http2::{SendRequest, handshake};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::*;

const KEY: &str = "a-publication";

/// An HTTP/2 connection from the client's side, and the task that serves it.
struct Line {
    sender: SendRequest<Empty<Bytes>>,
    serving: JoinHandle<()>,
}

impl Line {
    async fn open() -> Self {
        let server = server();
        let (ours, theirs) = tokio::io::duplex(64 << 10);
        let peer: SocketAddr = "192.0.2.1:4711".parse().unwrap();
        let seat = server.seat(peer).unwrap();
        let serving = tokio::spawn(server.serve_http2(theirs, Came { peer, is_tls: true }, seat));
        let (sender, connection) = handshake(TokioExecutor::new(), TokioIo::new(ours)).await.unwrap();
        tokio::spawn(connection);
        Self { sender, serving }
    }

    async fn ask(&mut self, path: &str) -> Incoming {
        let request = hyper::Request::get(format!("http://test{path}")).body(Empty::new()).unwrap();
        let response = self.sender.send_request(request).await.unwrap();
        assert_eq!(response.status().as_u16(), 200);
        response.into_body()
    }

    /// How long after `begun` the connection ends, in whole seconds.
    async fn ends(self, begun: Instant) -> Duration {
        timeout(Duration::from_hours(10), self.serving).await.expect("an end").unwrap();
        Duration::from_secs(begun.elapsed().as_secs())
    }
}

fn server() -> Arc<Server> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let book = Arc::new(Book::new(Arc::clone(&clock)));
    let ids = CountedIds::default();
    let shown = PublicationFacts {
        id: PublicationId::new(&ids),
        key: KEY.into(),
        fields: PublicationFields::default(),
        entries: Vec::new(),
        templates: std::collections::BTreeMap::new(),
    };
    let facts =
        vec![FactChange::Tenant(TenantFacts::new(&TenantFields::default())), FactChange::Publication(Box::new(shown))];
    book.apply(TenantId::new(&ids), facts);
    let outlet = Outlet::start(Feed::new(book, Arc::clone(&clock)), Policy::default());
    let streams = Arc::clone(&outlet);
    let stream = move || async move {
        let mut response: Response = Response::default();
        response.extensions_mut().insert(streams.subscribe(KEY, None, None, None).unwrap());
        response
    };
    let app = Router::new()
        .route("/small", get(|| async { "small" }))
        .route("/large", get(|| async { vec![b'x'; 8 << 20] }))
        .route("/stream", get(stream));
    let limits = Limits {
        trusted_proxies: Vec::new(),
        max_connections: 1,
        max_connections_per_address: 1,
        header_timeout: Duration::from_secs(30),
    };
    Server::new(app, outlet, clock, limits)
}

#[tokio::test(start_paused = true)]
async fn an_http2_connection_that_nobody_uses_is_closed_after_a_while() {
    let mut line = Line::open().await;
    tokio::time::sleep(IDLE / 2).await;
    line.ask("/small").await.collect().await.unwrap();
    let begun = Instant::now();

    assert_eq!(line.ends(begun).await, IDLE);
}

#[tokio::test(start_paused = true)]
async fn an_http2_connection_stays_for_as_long_as_it_carries_a_stream() {
    let mut line = Line::open().await;
    let mut stream = line.ask("/stream").await;
    let begun = Instant::now();
    while begun.elapsed() < IDLE * 3 {
        assert!(stream.frame().await.is_some_and(|frame| frame.is_ok()), "ended after {:?}", begun.elapsed());
    }
    drop(stream);
    let begun = Instant::now();

    assert_eq!(line.ends(begun).await, IDLE);
}

#[tokio::test(start_paused = true)]
async fn an_http2_client_that_never_reads_its_answer_is_closed_after_a_while() {
    let mut line = Line::open().await;
    let begun = Instant::now();
    let _unread = line.ask("/large").await;

    assert_eq!(line.ends(begun).await, IDLE * 2);
}
