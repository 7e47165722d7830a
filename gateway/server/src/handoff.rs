//! Takes the socket of a visitor's stream away from hyper.
//!
//! A parked hyper connection costs some 30 KB, a socket that the outlet holds costs a few hundred
//! bytes. Browsers send the stream's request on the connection that the snapshot came over, so
//! what a connection is for is known only when the handler has answered.

use std::future::{Future, pending, poll_fn};
use std::io::{self, IoSlice};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use axum::body::Body;
use axum::http::response;
use gateway_presence::outlet::Subscription;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::HttpService;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_util::sync::CancellationToken;

/// What a handler leaves when the connection is to become a stream.
pub(crate) struct Order {
    /// The head of the response, not yet written.
    pub(crate) head: response::Parts,
    /// What is streamed.
    pub(crate) subscription: Subscription,
}

/// Where the service and the connection that it runs in meet.
#[derive(Default)]
pub(crate) struct Slot {
    order: Mutex<Option<Order>>,
    owes: AtomicBool,
}

impl Slot {
    /// Leaves `order` and never returns: hyper must not answer any more.
    pub(crate) async fn leave<T>(&self, order: Order) -> T {
        *self.order.lock().unwrap_or_else(PoisonError::into_inner) = Some(order);
        pending().await
    }

    /// The order, once everything that hyper wrote before is on its way.
    fn take(&self) -> Option<Order> {
        if self.owes.load(Ordering::Acquire) {
            return None;
        }
        self.order.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// How a connection ended.
pub(crate) enum End<S> {
    /// hyper is done with it; it is to be shut down.
    Closed(S, hyper::Result<()>),
    /// It is a stream now.
    Stream(S, Box<Order>),
}

/// Runs an HTTP/1.1 connection until it is closed or becomes a stream.
pub(crate) async fn run<S, V>(
    mut connection: http1::Connection<TokioIo<Watched<S>>, V>,
    slot: &Slot,
    stop: &CancellationToken,
) -> End<S>
where
    S: AsyncRead + AsyncWrite + Unpin,
    V: HttpService<Incoming, ResBody = Body> + Unpin,
    V::Future: Unpin,
    V::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let mut stopped = pin!(stop.cancelled());
    let mut is_stopping = false;
    let ended = poll_fn(|cx| {
        if !is_stopping && stopped.as_mut().poll(cx).is_ready() {
            is_stopping = true;
            Pin::new(&mut connection).graceful_shutdown();
        }
        match connection.poll_without_shutdown(cx) {
            Poll::Ready(result) => Poll::Ready(Err(result)),
            Poll::Pending => slot.take().map_or(Poll::Pending, |order| Poll::Ready(Ok(order))),
        }
    })
    .await;
    let parts = connection.into_parts();
    let stream = parts.io.into_inner().stream;
    match ended {
        Ok(order) => End::Stream(stream, Box::new(order)),
        Err(result) => End::Closed(stream, result),
    }
}

/// A stream that knows whether hyper still has bytes to write: hyper flushes the stream only after
/// it has written all that it holds. Without this a client that sends its next request before it
/// has read the answer to the last would lose the rest of that answer.
pub(crate) struct Watched<S> {
    stream: S,
    slot: Arc<Slot>,
}

impl<S> Watched<S> {
    /// Watches `stream` for `slot`.
    pub(crate) fn new(stream: S, slot: Arc<Slot>) -> Self {
        Self { stream, slot }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.slot.owes.store(true, Ordering::Release);
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.slot.owes.store(true, Ordering::Release);
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.stream).poll_flush(cx))?;
        self.slot.owes.store(false, Ordering::Release);
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
