//! Takes the socket of a visitor's stream, or of a WebSocket, away from hyper.
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
use std::time::Duration;

use axum::body::Body;
use axum::http::response;
use bytes::Bytes;
use gateway_api::Upgrade;
use gateway_presence::outlet::Subscription;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::HttpService;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};
use tokio_util::sync::CancellationToken;

/// What a handler leaves when the connection is to become something else.
pub(crate) struct Order {
    /// The head of the response, not yet written.
    pub(crate) head: response::Parts,
    /// What it becomes.
    pub(crate) becomes: Becomes,
}

/// What a connection becomes when it is not for requests any more.
pub(crate) enum Becomes {
    /// A visitor's stream.
    Stream(Subscription),
    /// A WebSocket.
    Socket(Upgrade),
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
    /// It is something else now, and this was read of it already.
    Handed(S, Box<Order>, Bytes),
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
        Ok(order) => End::Handed(stream, Box::new(order), parts.read_buf),
        Err(result) => End::Closed(stream, result),
    }
}

/// A stream that knows whether hyper still has bytes to write: hyper flushes the stream only after
/// it has written all that it holds. Without this a client that sends its next request before it
/// has read the answer to the last would lose the rest of that answer.
///
/// It also fails when nothing could be written for too long, for hyper waits as long as the client
/// likes, and a client that never reads would hold its answer here for ever.
pub(crate) struct Watched<S> {
    stream: S,
    slot: Arc<Slot>,
    patience: Duration,
    /// Runs while something waits to be written.
    stalled: Option<Pin<Box<Sleep>>>,
}

impl<S> Watched<S> {
    /// Watches `stream` for `slot`; a write may wait for `patience`.
    pub(crate) fn new(stream: S, slot: Arc<Slot>, patience: Duration) -> Self {
        Self { stream, slot, patience, stalled: None }
    }

    /// `written`, or a failure when it has been pending for too long.
    fn in_time<T>(&mut self, written: Poll<io::Result<T>>, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let patience = self.patience;
        ready!(self.stalled.get_or_insert_with(|| Box::pin(sleep(patience))).as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
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
        let written = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.in_time(written, cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.slot.owes.store(true, Ordering::Release);
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.in_time(written, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(cx);
        ready!(self.in_time(flushed, cx))?;
        self.slot.owes.store(false, Ordering::Release);
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use axum::http::{Request, Response};
    use hyper::service::service_fn;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
    use tokio::time::{Instant, timeout};

    use super::*;

    /// Serves an answer of a thousand bytes to a client that takes ten at a time.
    async fn serve(stream: DuplexStream) -> hyper::Result<()> {
        let answer = |_: Request<Incoming>| async { Ok::<_, Infallible>(Response::new(Body::from("x".repeat(1_000)))) };
        let slot = Arc::new(Slot::default());
        let watched = Watched::new(stream, Arc::clone(&slot), Duration::from_secs(30));
        let service = service_fn(|request| Box::pin(answer(request)));
        let connection = http1::Builder::new().serve_connection(TokioIo::new(watched), service);
        match run(connection, &slot, &CancellationToken::new()).await {
            End::Closed(_, result) => result,
            End::Handed(..) => panic!("nobody asked for a stream"),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_never_reads_is_closed() {
        let (mut client, server) = duplex(64);
        client.write_all(b"GET / HTTP/1.1\r\nhost: test\r\n\r\n").await.unwrap();
        let begun = Instant::now();

        let result = timeout(Duration::from_hours(10), serve(server)).await.expect("an end");

        assert!(result.is_err_and(|reason| format!("{reason:?}").contains("TimedOut")));
        assert_eq!(begun.elapsed().as_secs(), 30);
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_reads_slowly_gets_the_whole_answer() {
        let (mut client, server) = duplex(64);
        client.write_all(b"GET / HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n").await.unwrap();
        let reading = tokio::spawn(async move {
            let mut read = Vec::new();
            loop {
                sleep(Duration::from_secs(29)).await;
                if client.read_buf(&mut read).await.unwrap() == 0 {
                    return read;
                }
            }
        });

        assert!(serve(server).await.is_ok());

        assert!(reading.await.unwrap().ends_with(&[b'x'; 1_000]));
    }
}
