//! A connection's socket: plain TCP, or anything else that reads and writes.

use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// What is read to find out that the client has gone; what it says is ignored.
const IGNORED_BYTES: usize = 512;

/// Reads and writes, for instance a TLS stream.
pub trait Duplex: AsyncRead + AsyncWrite + Send {}

impl<T: AsyncRead + AsyncWrite + Send> Duplex for T {}

/// A socket that was handed over.
pub enum Stream {
    /// Plain TCP: no allocation, no buffer.
    Plain(TcpStream),
    /// Anything else.
    Other(Pin<Box<dyn Duplex>>),
}

impl Stream {
    /// A stream that is not plain TCP.
    pub fn other(stream: impl AsyncRead + AsyncWrite + Send + 'static) -> Self {
        Self::Other(Box::pin(stream))
    }

    /// Writes some of `bytes`. `Pending` wakes `context` when more can be written.
    pub(super) fn poll_write(&mut self, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self {
            Self::Plain(socket) => loop {
                // The short way first: most writes succeed, and then nothing is registered.
                match socket.try_write(bytes) {
                    Err(error) if error.kind() == ErrorKind::WouldBlock => {
                        if socket.poll_write_ready(context)?.is_pending() {
                            return Poll::Pending;
                        }
                    }
                    written => return Poll::Ready(written),
                }
            },
            Self::Other(stream) => stream.as_mut().poll_write(context, bytes),
        }
    }

    /// Sends on what the stream itself still holds.
    pub(super) fn poll_flush(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::Plain(_) => Poll::Ready(Ok(())),
            Self::Other(stream) => stream.as_mut().poll_flush(context),
        }
    }

    /// Reads and ignores what has come; how many bytes that was, 0 when the client has gone.
    /// `Pending` wakes `context` when more comes.
    pub(super) fn poll_ignore(&mut self, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let mut bytes = [0; IGNORED_BYTES];
        match self {
            Self::Plain(socket) => loop {
                if socket.poll_read_ready(context)?.is_pending() {
                    return Poll::Pending;
                }
                match socket.try_read(&mut bytes) {
                    Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                    read => return Poll::Ready(read),
                }
            },
            Self::Other(stream) => {
                let mut buffer = ReadBuf::new(&mut bytes);
                stream.as_mut().poll_read(context, &mut buffer).map_ok(|()| buffer.filled().len())
            }
        }
    }

    /// Says good-bye as far as that is possible at once.
    pub(super) fn close(mut self, context: &mut Context<'_>) {
        if let Self::Other(stream) = &mut self {
            let _ = stream.as_mut().poll_shutdown(context);
        }
    }
}

impl From<TcpStream> for Stream {
    fn from(socket: TcpStream) -> Self {
        Self::Plain(socket)
    }
}
