//! An accept loop over a small application with one publication, and clients that see every byte.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use directory_model::clock::SystemClock;
use directory_model::contact::ContactFields;
use directory_model::id::{ContactId, CountedIds, PublicationId, TenantId};
use directory_model::presence::{Availability, Claim, ClaimKind};
use directory_model::publication::{PublicationEntry, PublicationFields};
use directory_model::tenant::TenantFields;
use directory_model::timestamp::Timestamp;
use gateway_presence::book::Book;
use gateway_presence::facts::{ContactFacts, FactChange, PublicationFacts, TenantFacts};
use gateway_presence::feed::Feed;
use gateway_presence::outlet::{Outlet, Policy};
use rustls::ServerConfig;
use switchboard::listen::Bound;
use switchboard::serve::{Limits, Server};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};

const KEY: &str = "a-publication";

/// As large as a page that fills every buffer between two processes.
const LARGE: usize = 8 << 20;

/// An accept loop, and what decides what its streams tell.
pub(super) struct Door {
    pub(super) address: SocketAddr,
    pub(super) server: Arc<Server>,
    pub(super) outlet: Arc<Outlet>,
    book: Arc<Book>,
    tenant: TenantId,
    contact: ContactId,
}

impl Door {
    /// Accepts connections on a free port.
    pub(super) fn open(tls: Option<Arc<ServerConfig>>) -> Self {
        Self::open_for(100, tls)
    }

    /// Accepts at most `max_connections` at once.
    pub(super) fn open_for(max_connections: usize, tls: Option<Arc<ServerConfig>>) -> Self {
        let (trusted_proxies, max_connections_per_address) = (Vec::new(), usize::MAX);
        let header_timeout = Duration::from_secs(30);
        Self::with(Limits { trusted_proxies, max_connections, max_connections_per_address, header_timeout }, tls)
    }

    /// Accepts what `limits` let in.
    pub(super) fn with(limits: Limits, tls: Option<Arc<ServerConfig>>) -> Self {
        let clock = Arc::new(SystemClock);
        let book = Arc::new(Book::new(clock.clone()));
        let ids = CountedIds::default();
        let (tenant, contact) = (TenantId::new(&ids), ContactId::new(&ids));
        book.apply(tenant, facts(contact, PublicationId::new(&ids)));
        let feed = Feed::new(book.clone(), clock.clone());
        tokio::spawn(feed.clone().run());
        let outlet = Outlet::start(feed, Policy::default());
        let server = Server::new(app(outlet.clone()), outlet.clone(), clock, limits);
        let listener = Bound::bind("127.0.0.1:0".parse().unwrap()).unwrap().listen().unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(server.clone().accept(listener, tls));
        Self { address, server, outlet, book, tenant, contact }
    }

    /// Claims that the contact is `availability`.
    pub(super) fn claim(&self, version: i64, availability: Availability) {
        let claim = Claim {
            contact: self.contact,
            kind: ClaimKind::Platform,
            source: "test".into(),
            device: String::new(),
            version,
            availability,
            activity: None,
            is_out_of_office: false,
            is_tentative: false,
            is_ringing: false,
            is_repeated: false,
            custom: None,
            since: Timestamp::from_millis(0),
            heard_at: Timestamp::from_millis(0),
            expires_at: Some(Timestamp::MAX),
        };
        self.book.offer_claim(self.tenant, claim);
    }
}

fn facts(contact: ContactId, publication: PublicationId) -> Vec<FactChange> {
    let anna = ContactFields { display_name: Some("Anna Berg".into()), ..ContactFields::default() };
    let shown = PublicationFacts {
        id: publication,
        key: KEY.into(),
        fields: PublicationFields { title: "Sales".into(), ..PublicationFields::default() },
        entries: vec![PublicationEntry::Contact(contact)],
        templates: std::collections::BTreeMap::new(),
    };
    vec![
        FactChange::Tenant(TenantFacts::new(&TenantFields::default())),
        FactChange::Contact(ContactFacts::new(contact, &anna, Vec::new())),
        FactChange::Publication(Box::new(shown)),
    ]
}

fn app(outlet: Arc<Outlet>) -> Router {
    Router::new()
        .route("/small", get(|| async { "small" }))
        .route("/large", get(|| async { Bytes::from(vec![b'x'; LARGE]) }))
        .route("/stream", get(stream))
        .with_state(outlet)
}

async fn stream(State(outlet): State<Arc<Outlet>>) -> Response {
    let mut response = ([(CONTENT_TYPE, "text/event-stream")], ()).into_response();
    response.extensions_mut().insert(outlet.subscribe(KEY, None, None, None).unwrap());
    response
}

/// The head of a request without body.
pub(super) fn request(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: test\r\n\r\n")
}

/// A client that reads what it wants and leaves the rest where it is.
pub(super) struct Reader<S> {
    stream: S,
    read: Vec<u8>,
}

impl<S: AsyncRead + tokio::io::AsyncWrite + Unpin> Reader<S> {
    pub(super) fn new(stream: S) -> Self {
        Self { stream, read: Vec::new() }
    }

    pub(super) async fn send(&mut self, text: &str) {
        self.stream.write_all(text.as_bytes()).await.unwrap();
    }

    /// Everything up to `end`, `end` included.
    pub(super) async fn until(&mut self, end: &str) -> String {
        loop {
            let found = self.read.windows(end.len()).position(|window| window == end.as_bytes());
            if let Some(at) = found {
                let rest = self.read.split_off(at + end.len());
                return String::from_utf8(std::mem::replace(&mut self.read, rest)).unwrap();
            }
            assert!(self.more().await, "closed before {end:?}: {}", String::from_utf8_lossy(&self.read));
        }
    }

    /// Exactly `count` bytes.
    pub(super) async fn exactly(&mut self, count: usize) -> Vec<u8> {
        while self.read.len() < count {
            assert!(self.more().await, "closed after {} of {count} bytes", self.read.len());
        }
        let rest = self.read.split_off(count);
        std::mem::replace(&mut self.read, rest)
    }

    /// Whether the other side closes without another byte.
    pub(super) async fn is_closed(&mut self) -> bool {
        self.read.is_empty() && !self.more().await
    }

    async fn more(&mut self) -> bool {
        self.stream.read_buf(&mut self.read).await.is_ok_and(|count| count > 0)
    }
}

/// The size of the large answer.
pub(super) const LARGE_BYTES: usize = LARGE;
