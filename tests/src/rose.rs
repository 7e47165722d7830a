//! A client of presence interface V2 that knows nothing but what `docs/presence-v2.md` says: it shares no
//! code with the gateway.

use std::collections::VecDeque;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Error, Message};

/// How long anything is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// Reads and writes.
pub trait Duplex: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Duplex for T {}

/// A client that is signed in.
pub struct Rose {
    socket: WebSocketStream<Box<dyn Duplex>>,
    next: u64,
    events: VecDeque<Value>,
    /// Every message in both directions, if it is kept: a mark and the text.
    pub transcript: Option<Vec<(char, String)>>,
}

impl Rose {
    /// Signs in at `url` (`http://…`) to the tenant with these headers; the status of a refusal otherwise.
    pub async fn connect(url: &str, tenant: &str, headers: &[(&'static str, String)]) -> Result<Self, u16> {
        let host = url.trim_start_matches("http://");
        let tcp = TcpStream::connect(host).await.expect("the gateway listens");
        Self::over(Box::new(tcp), host, tenant, headers).await
    }

    /// The same over a connection that is there.
    pub async fn over(
        stream: Box<dyn Duplex>,
        host: &str,
        tenant: &str,
        headers: &[(&'static str, String)],
    ) -> Result<Self, u16> {
        let url = format!("ws://{host}/api/v2/tenants/{tenant}/presence");
        let mut request = url.into_client_request().expect("a request");
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().expect("a header"));
        }
        match timeout(PATIENCE, tokio_tungstenite::client_async(request, stream)).await.expect("an answer") {
            Ok((socket, _)) => Ok(Self { socket, next: 1, events: VecDeque::new(), transcript: None }),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("no WebSocket: {error}"),
        }
    }

    /// Signs in with an API token.
    pub async fn with_token(url: &str, tenant: &str, token: &str) -> Result<Self, u16> {
        Self::connect(url, tenant, &[("authorization", format!("Bearer {token}"))]).await
    }

    /// Asks, and says the whole answer; events that come meanwhile wait.
    pub async fn ask(&mut self, operation: &str, argument: Value) -> Value {
        let id = self.next;
        self.next += 1;
        let invoke = json!({"invoke": {"invokeID": id, "operationName": operation, "argument": argument}});
        self.send(&invoke.to_string()).await;
        loop {
            let message = self.message().await.unwrap_or_else(|close| panic!("{operation}: closed {close:?}"));
            if is_event(&message) {
                self.events.push_back(message);
                continue;
            }
            assert_eq!(answered(&message), Some(id), "{operation}: {message}");
            return message;
        }
    }

    /// Asks, and takes everything but a result for the test's failure.
    pub async fn must(&mut self, operation: &str, argument: Value) -> Value {
        let answer = self.ask(operation, argument).await;
        let result = answer["result"]["result"]["result"].clone();
        assert!(answer.get("result").is_some(), "{operation}: {answer}");
        result
    }

    /// Asks, and says the number and words of the refusal.
    pub async fn refused(&mut self, operation: &str, argument: Value) -> (i64, String) {
        let answer = self.ask(operation, argument).await;
        let error = &answer["error"]["error"];
        let text = error["u8sErrorString"].as_str().unwrap_or_else(|| panic!("{operation}: {answer}")).to_owned();
        (error["iErrorDetail"].as_i64().expect("a number"), text)
    }

    /// Looks at contacts, and says what they show.
    pub async fn subscribe(&mut self, contacts: &[&str]) -> Vec<Value> {
        let shown = self.must("asnGetAndSubscribePresenceV2", json!({ "seqContactIDs": contacts })).await;
        shown["seqSubscribedPresence"].as_array().expect("presences").clone()
    }

    /// The argument of the next event of this name; others are passed over.
    pub async fn event(&mut self, operation: &str) -> Value {
        loop {
            let event = self.next_event().await;
            if event["invoke"]["operationName"] == operation {
                return event["invoke"]["argument"].clone();
            }
        }
    }

    /// The next event, whatever it is.
    pub async fn next_event(&mut self) -> Value {
        if let Some(event) = self.events.pop_front() {
            return event;
        }
        loop {
            let message = self.message().await.unwrap_or_else(|close| panic!("closed {close:?}"));
            if is_event(&message) {
                return message;
            }
        }
    }

    /// Waits until an update of `contact` satisfies `is_wanted`, and says it.
    pub async fn until(&mut self, contact: &str, is_wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            let update = self.event("asnUpdatePresenceV2").await;
            if update["presence"]["u8sContactId"] == contact && is_wanted(&update) {
                return update;
            }
        }
    }

    /// The next message, or how the connection was closed: a code and why.
    pub async fn message(&mut self) -> Result<Value, Option<(u16, String)>> {
        loop {
            let message = timeout(PATIENCE, self.socket.next()).await.expect("something happens in time");
            match message {
                Some(Ok(Message::Text(text))) => {
                    if let Some(kept) = &mut self.transcript {
                        kept.push(('<', text.as_str().to_owned()));
                    }
                    return Ok(serde_json::from_str(&text).expect("JSON"));
                }
                Some(Ok(Message::Close(frame))) => {
                    let said = |frame: CloseFrame| (u16::from(frame.code), frame.reason.as_str().to_owned());
                    return Err(frame.map(said));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(None),
            }
        }
    }

    /// How the connection is closed, whatever comes before that.
    pub async fn closed(&mut self) -> Option<(u16, String)> {
        loop {
            if let Err(close) = self.message().await {
                return close;
            }
        }
    }

    /// Sends a text as it is.
    pub async fn send(&mut self, text: &str) {
        if let Some(kept) = &mut self.transcript {
            kept.push(('>', text.to_owned()));
        }
        let sent = self.try_send(text).await;
        assert!(sent, "the connection takes what is sent");
    }

    /// Sends a text as it is, unless the connection is over; whether it was taken.
    pub async fn try_send(&mut self, text: &str) -> bool {
        self.socket.send(Message::text(text)).await.is_ok()
    }

    /// Sends bytes that are no text.
    pub async fn send_binary(&mut self, bytes: Vec<u8>) {
        self.socket.send(Message::binary(bytes)).await.expect("the connection takes what is sent");
    }

    /// Leaves.
    pub async fn leave(mut self) {
        let _ = self.socket.close(None).await;
        let _ = timeout(PATIENCE, async { while let Some(Ok(_)) = self.socket.next().await {} }).await;
    }
}

fn is_event(message: &Value) -> bool {
    message["invoke"]["invokeID"] == 99_999
}

/// What an answer is an answer to.
fn answered(message: &Value) -> Option<u64> {
    let ids =
        [&message["result"]["invokeID"], &message["error"]["invokedID"], &message["reject"]["invokedID"]["invokedID"]];
    ids.into_iter().find_map(Value::as_u64)
}
