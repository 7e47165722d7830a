//! Accepts connections and speaks HTTP over them until told to stop.
//!
//! This is our own loop because axum's has a short backlog, no limits, and keeps the sockets of
//! streams inside hyper (see `handoff.rs`).

use std::future::ready;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::CONTENT_LENGTH;
use axum::http::{Method, response};
use axum::response::Response;
use bytes::Bytes;
use directory_model::clock::Clock;
use futures_util::future::Either;
use gateway_api::{App, Peer, Privacy, Upgrade};
use gateway_presence::outlet::{self, Outlet, Seat, Seats, Stream, Subscription};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::handoff::{self, Becomes, End, Order, Slot, Watched};
use crate::peer::{self, Came};
use crate::settings::value::Network;

/// How long an HTTP/2 connection may be silent before it is asked whether it is still there.
const PING_AFTER: Duration = Duration::from_secs(20);

/// How long an HTTP/2 connection without a stream is kept after its last request.
const IDLE: Duration = Duration::from_mins(5);

/// A client that took nothing of its answer for this long is closed.
const STALL: Duration = Duration::from_secs(30);

/// How long to wait before accepting again when the system has no descriptor left.
const PAUSE: Duration = Duration::from_millis(100);

/// What every connection shares.
pub struct Server {
    app: App,
    outlet: Arc<Outlet>,
    clock: Arc<dyn Clock>,
    limits: Limits,
    seats: Arc<Seats>,
    connections: TaskTracker,
    stop: CancellationToken,
}

/// What connections may take.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Proxies whose word about the client's address counts.
    pub trusted_proxies: Vec<Network>,
    /// How many connections at once, streams included.
    pub max_connections: usize,
    /// How many of them from one address, unless it is a trusted proxy's.
    pub max_connections_per_address: usize,
    /// How long a handshake, or a request's head, may take.
    pub header_timeout: Duration,
}

impl Limits {
    /// Room for so many connections.
    pub(crate) fn seats(&self) -> Arc<Seats> {
        Seats::new(self.max_connections, self.max_connections_per_address)
    }
}

impl Server {
    /// A server of `app` that gives streams to `outlet`.
    pub fn new(app: impl Into<App>, outlet: Arc<Outlet>, clock: Arc<dyn Clock>, limits: Limits) -> Arc<Self> {
        let seats = limits.seats();
        Self::with_seats(app, outlet, clock, limits, seats)
    }

    /// The same, whose connections others count as well.
    pub(crate) fn with_seats(
        app: impl Into<App>,
        outlet: Arc<Outlet>,
        clock: Arc<dyn Clock>,
        limits: Limits,
        seats: Arc<Seats>,
    ) -> Arc<Self> {
        let (connections, stop) = (TaskTracker::new(), CancellationToken::new());
        Arc::new(Self { app: app.into(), outlet, clock, limits, seats, connections, stop })
    }

    /// Accepts connections from `listener`, with TLS if `tls` is given, until [`Server::stop`].
    pub async fn accept(self: Arc<Self>, listener: TcpListener, tls: Option<Arc<ServerConfig>>) {
        let tls = tls.map(TlsAcceptor::from);
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                () = self.stop.cancelled() => return,
            };
            match accepted {
                Ok((tcp, peer)) => self.admit(tcp, peer, tls.clone()),
                // The client gave up while it waited, which is its business.
                Err(reason) if reason.kind() == io::ErrorKind::ConnectionAborted => {}
                Err(reason) => {
                    tracing::warn!(%reason, "cannot accept a connection");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    /// Stops accepting and lets connections end what they are answering, for at most `patience`.
    pub async fn stop(&self, patience: Duration) {
        self.stop.cancel();
        self.connections.close();
        if timeout(patience, self.connections.wait()).await.is_err() {
            tracing::warn!(connections = self.connections.len(), "stopped while requests were being answered");
        }
    }

    fn admit(self: &Arc<Self>, tcp: TcpStream, peer: SocketAddr, tls: Option<TlsAcceptor>) {
        let Some(permit) = self.seat(peer) else {
            metrics::counter!("http_connections_refused_total").increment(1);
            return;
        };
        metrics::counter!("http_connections_total").increment(1);
        outlet::tune(&tcp);
        let server = Arc::clone(self);
        self.connections.spawn(async move {
            if !server.is_spoken_to(&tcp).await {
                return;
            }
            match tls {
                None => Box::pin(server.serve_http1(tcp, Came { peer, is_tls: false }, permit)).await,
                Some(tls) => Box::pin(server.serve_tls(tcp, peer, permit, tls)).await,
            }
        });
    }

    /// Waits for the client's first byte; whether it came in time. Browsers connect before they know
    /// what to ask, and crowds connect before they are heard: until then a connection is a socket,
    /// without buffers.
    async fn is_spoken_to(&self, tcp: &TcpStream) -> bool {
        tokio::select! {
            readable = timeout(self.limits.header_timeout, tcp.readable()) => readable.is_ok_and(|ready| ready.is_ok()),
            () = self.stop.cancelled() => false,
        }
    }

    /// Room for a connection from `peer`, if there is any.
    fn seat(&self, peer: SocketAddr) -> Option<Seat> {
        let is_proxy = self.limits.trusted_proxies.iter().any(|network| network.contains(peer.ip()));
        self.seats.take((!is_proxy).then(|| peer.ip())).ok()
    }

    async fn serve_tls(self: Arc<Self>, tcp: TcpStream, peer: SocketAddr, permit: Seat, tls: TlsAcceptor) {
        let shaken = timeout(self.limits.header_timeout, tls.accept(tcp)).await;
        let stream = match shaken {
            Ok(Ok(stream)) => stream,
            Ok(Err(reason)) => return tracing::debug!(%peer, %reason, "no TLS"),
            Err(_) => return tracing::debug!(%peer, "no TLS in time"),
        };
        let came = Came { peer, is_tls: true };
        if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
            self.serve_http2(stream, came, permit).await;
        } else {
            self.serve_http1(stream, came, permit).await;
        }
    }

    async fn serve_http1<S>(self: Arc<Self>, stream: S, came: Came, permit: Seat)
    where
        S: Handed,
    {
        let slot = Arc::new(Slot::default());
        let service = service_fn(|request| {
            // No future is made for what is answered at once.
            if let Some(response) = self.app.at_once(&request) {
                return Either::Left(ready(Ok::<_, Never>(response)));
            }
            let (server, slot) = (Arc::clone(&self), Arc::clone(&slot));
            Either::Right(Box::pin(async move {
                let (response, becomes) = server.answer(request, came).await;
                let Some(becomes) = becomes else { return Ok(response) };
                slot.leave(Order { head: response.into_parts().0, becomes }).await
            }))
        });
        let stream = Watched::new(stream, Arc::clone(&slot), STALL);
        let mut builder = http1::Builder::new();
        builder.timer(TokioTimer::new()).header_read_timeout(self.limits.header_timeout);
        let connection = builder.serve_connection(TokioIo::new(stream), service);
        match handoff::run(connection, &slot, &self.stop).await {
            End::Handed(stream, order, read) => {
                let head = head_bytes(&order.head, &*self.clock);
                match order.becomes {
                    Becomes::Stream(subscription) => {
                        // The outlet counts its sockets itself. What the client sent after the
                        // request's head it would ignore anyway.
                        drop(permit);
                        self.outlet.take(subscription, head, stream.handed());
                    }
                    Becomes::Socket(upgrade) => {
                        self.serve_socket(stream, head, upgrade, read).await;
                        drop(permit);
                    }
                }
            }
            End::Closed(mut stream, result) => {
                if let Err(reason) = result {
                    tracing::debug!(peer = %came.peer, %reason, "connection ended");
                }
                // Says goodbye over TLS; who does not listen is not waited for.
                let _ = timeout(self.limits.header_timeout, stream.shutdown()).await;
            }
        }
    }

    /// Serves a WebSocket to its end; it keeps the room at the door that its connection has.
    async fn serve_socket<S: Handed>(&self, mut stream: S, head: Bytes, upgrade: Upgrade, read: Bytes) {
        let writing = async {
            stream.write_all(&head).await?;
            stream.flush().await
        };
        if let Ok(Ok(())) = timeout(self.limits.header_timeout, writing).await {
            upgrade.serve(stream, read).await;
        }
    }

    async fn serve_http2<S>(self: Arc<Self>, stream: S, came: Came, permit: Seat)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let held = Arc::new(Held::new(permit));
        let service = service_fn(|request| {
            let (server, held) = (Arc::clone(&self), Arc::clone(&held));
            async move {
                held.used.notify_one();
                if let Some(response) = server.app.at_once(&request) {
                    return Ok(response);
                }
                let (response, becomes) = server.answer(request, came).await;
                // Nothing becomes a WebSocket here: its request is one of HTTP/1.1.
                let Some(Becomes::Stream(subscription)) = becomes else { return Ok(response) };
                let carried = held.carry();
                let body = server.outlet.body(subscription).map_frame(move |frame| {
                    // The body owns it: it ends when the body does.
                    let _ = &carried;
                    frame
                });
                Ok::<_, Never>(response.map(|_| Body::new(body)))
            }
        });
        let mut builder = http2::Builder::new(TokioExecutor::new());
        builder.timer(TokioTimer::new()).keep_alive_interval(PING_AFTER).keep_alive_timeout(PING_AFTER);
        // A page needs a handful; the buffers of each are bounded so that one client cannot take much.
        builder.max_concurrent_streams(64).max_send_buf_size(64 * 1024).max_header_list_size(16 * 1024);
        let mut connection = std::pin::pin!(builder.serve_connection(TokioIo::new(stream), service));
        let result = tokio::select! {
            result = connection.as_mut() => result,
            () = self.stop.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
            () = self.outlast(came.peer, &held) => {
                connection.as_mut().graceful_shutdown();
                // What is still being read may end, but a client that never reads is not waited for.
                timeout(IDLE, connection).await.unwrap_or(Ok(()))
            }
        };
        if let Err(reason) = result {
            tracing::debug!(peer = %came.peer, %reason, "connection ended");
        }
    }

    /// Waits until an HTTP/2 connection carries nothing any more, or there is no room for it.
    async fn outlast(&self, peer: SocketAddr, held: &Held) {
        loop {
            let is_idle = timeout(IDLE, held.used.notified()).await.is_err();
            if held.is_carrying() {
                continue;
            }
            if is_idle || !held.sit(|| self.seat(peer)) {
                return;
            }
        }
    }

    /// The application's answer, and what the connection becomes after its head, if anything.
    async fn answer(&self, request: hyper::Request<Incoming>, came: Came) -> (Response, Option<Becomes>) {
        let mut request: Request = request.map(Body::new);
        let trusted = &self.limits.trusted_proxies;
        let client = peer::client(came.peer, request.headers(), trusted);
        let privacy = Privacy { is_private: peer::is_private(came, request.headers(), trusted) };
        request.extensions_mut().insert(Peer(client));
        request.extensions_mut().insert(privacy);
        // The router answers HEAD like GET, but there the head is all.
        let is_get = request.method() == Method::GET;
        let mut response = self.app.answer(request).await;
        let stream = response.extensions_mut().remove::<Subscription>().map(Becomes::Stream);
        let becomes = stream.or_else(|| response.extensions_mut().remove::<Upgrade>().map(Becomes::Socket));
        let becomes = becomes.filter(|_| is_get);
        if becomes.is_some() {
            // The router has counted the empty body that it was given.
            response.headers_mut().remove(CONTENT_LENGTH);
        }
        (response, becomes)
    }
}

/// What an HTTP/2 connection holds: room at the door as long as it carries no stream. The outlet
/// counts streams itself.
struct Held {
    state: Mutex<Holding>,
    /// Told of each request and each end of a stream.
    used: Notify,
}

struct Holding {
    permit: Option<Seat>,
    streams: usize,
}

/// One stream of an HTTP/2 connection.
struct Carried(Arc<Held>);

impl Held {
    fn new(permit: Seat) -> Self {
        Self { state: Mutex::new(Holding { permit: Some(permit), streams: 0 }), used: Notify::new() }
    }

    fn carry(self: &Arc<Self>) -> Carried {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.streams += 1;
        state.permit = None;
        Carried(Arc::clone(self))
    }

    fn is_carrying(&self) -> bool {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).streams > 0
    }

    /// Whether there is room for the connection again after its last stream.
    fn sit(&self, seat: impl FnOnce() -> Option<Seat>) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.permit.is_none() && state.streams == 0 {
            state.permit = seat();
        }
        state.permit.is_some() || state.streams > 0
    }
}

impl Drop for Carried {
    fn drop(&mut self) {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner).streams -= 1;
        self.0.used.notify_one();
    }
}

/// A connection that can be handed to the outlet.
trait Handed: AsyncRead + AsyncWrite + Unpin + Send + 'static {
    fn handed(self) -> Stream;
}

impl Handed for TcpStream {
    fn handed(self) -> Stream {
        self.into()
    }
}

impl Handed for TlsStream<TcpStream> {
    fn handed(self) -> Stream {
        Stream::other(self)
    }
}

/// Nothing can go wrong inside the service; problems are responses.
type Never = std::convert::Infallible;

/// The head of a response whose body ends with the connection.
fn head_bytes(head: &response::Parts, clock: &dyn Clock) -> Bytes {
    let reason = head.status.canonical_reason().unwrap_or_default();
    let mut bytes = format!("HTTP/1.1 {} {reason}\r\n", head.status.as_u16()).into_bytes();
    let date = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&clock.now().to_jiff());
    if let Ok(date) = date {
        bytes.extend_from_slice(format!("date: {date}\r\n").as_bytes());
    }
    for (name, value) in &head.headers {
        bytes.extend_from_slice(name.as_str().as_bytes());
        bytes.extend_from_slice(b": ");
        bytes.extend_from_slice(value.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.into()
}

#[cfg(test)]
mod tests;
