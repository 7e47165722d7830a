//! One WebSocket: texts in, texts out, in buffers of four kilobytes.
//!
//! What is longer goes out in fragments of that size, so that one large answer does not leave a large
//! buffer behind.

use std::io;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::{CapacityError, Error};
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{CloseCode, Data, OpCode};
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Message, Role, WebSocketConfig};

/// How large each buffer is, in bytes.
const BUFFER: usize = 4 * 1024;

/// How long a client that is told goodbye is waited for.
const GOODBYE: Duration = Duration::from_secs(1);

/// Reads and writes.
pub(super) trait Duplex: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Duplex for T {}

/// A client's WebSocket.
pub(super) struct Socket(WebSocketStream<Box<dyn Duplex>>);

/// What came.
pub(super) enum Heard {
    /// A text.
    Text(String),
    /// A sign of life.
    Life,
    /// What is no text.
    Binary,
    /// More than is read.
    TooLarge,
    /// The end, or what is no WebSocket.
    End,
}

/// Why a connection is ended by us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// The gateway stops.
    Stopping,
    /// A message is longer than is read.
    TooLarge,
    /// The client does not read what it is sent.
    Slow,
    /// The client says nothing.
    Silent,
    /// The client asks too much too fast.
    Flood,
    /// The user may not use a client, or not any more.
    Refused(&'static str),
}

impl Ending {
    /// The code of the frame that says so (RFC 6455 §7.4; 4000 and above are ours), and why.
    pub(super) fn row(self) -> (u16, &'static str) {
        match self {
            Self::Stopping => (1001, "the gateway stops"),
            Self::TooLarge => (1009, "the message is too large"),
            Self::Slow => (4408, "what is sent is not read"),
            Self::Silent => (4409, "nothing is heard"),
            Self::Flood => (4429, "too many requests"),
            Self::Refused(reason) => (4403, reason),
        }
    }

    /// The same as a label of what is counted.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Stopping => "stopping",
            Self::TooLarge => "too_large",
            Self::Slow => "slow",
            Self::Silent => "silent",
            Self::Flood => "flood",
            Self::Refused(_) => "refused",
        }
    }
}

impl Socket {
    /// The WebSocket over `stream`, of which `read` was read already.
    pub(super) async fn open(stream: Box<dyn Duplex>, read: Bytes) -> Self {
        let longest = gateway_rose::scan::MAX_BYTES;
        let config = WebSocketConfig::default()
            .read_buffer_size(BUFFER)
            .write_buffer_size(0)
            .max_write_buffer_size(4 * BUFFER)
            .max_message_size(Some(longest))
            .max_frame_size(Some(longest));
        Self(WebSocketStream::from_partially_read(stream, read.to_vec(), Role::Server, Some(config)).await)
    }

    /// What comes next.
    pub(super) async fn hear(&mut self) -> Heard {
        match self.0.next().await {
            Some(Ok(Message::Text(text))) => Heard::Text(text.as_str().to_owned()),
            Some(Ok(Message::Binary(_))) => Heard::Binary,
            // Pings are answered below us.
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => Heard::Life,
            Some(Err(Error::Capacity(CapacityError::MessageTooLong { .. }))) => Heard::TooLarge,
            Some(Ok(Message::Close(_)) | Err(_)) | None => Heard::End,
        }
    }

    /// Sends `text`; each part of it must be taken within `patience`.
    pub(super) async fn say(&mut self, text: String, patience: Duration) -> io::Result<()> {
        let bytes = Bytes::from(text);
        let mut from = 0;
        while from == 0 || from < bytes.len() {
            let to = bytes.len().min(from + BUFFER);
            let kind = if from == 0 { Data::Text } else { Data::Continue };
            let frame = Frame::message(bytes.slice(from..to), OpCode::Data(kind), to == bytes.len());
            self.send(Message::Frame(frame), patience).await?;
            from = to.max(1);
        }
        Ok(())
    }

    /// Asks whether the client is there.
    pub(super) async fn ping(&mut self, patience: Duration) -> io::Result<()> {
        self.send(Message::Ping(Bytes::new()), patience).await
    }

    async fn send(&mut self, message: Message, patience: Duration) -> io::Result<()> {
        match timeout(patience, self.0.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(io::ErrorKind::BrokenPipe.into()),
            Err(_) => Err(io::ErrorKind::TimedOut.into()),
        }
    }

    /// Says goodbye and why, and waits a moment for the client's own.
    pub(super) async fn close(mut self, ending: Ending) {
        let (code, reason) = ending.row();
        let frame = CloseFrame { code: CloseCode::from(code), reason: reason.into() };
        let closing = async {
            if self.0.close(Some(frame)).await.is_ok() {
                while let Some(Ok(_)) = self.0.next().await {}
            }
        };
        let _ = timeout(GOODBYE, closing).await;
    }

    /// Ends after the client has.
    pub(super) async fn end(mut self) {
        let _ = timeout(GOODBYE, self.0.close(None)).await;
    }
}
