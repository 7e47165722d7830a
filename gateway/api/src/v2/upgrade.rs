//! From a request to a WebSocket (RFC 6455 §4.2), and the socket's way from the accept loop to here.

use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use directory_model::port::BoxFuture;
use http::header::{
    CONNECTION, CONTENT_LENGTH, HeaderName, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL,
    SEC_WEBSOCKET_VERSION, TRANSFER_ENCODING, UPGRADE,
};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode, Version};
use tokio::io::{AsyncRead, AsyncWrite};

use super::socket::Socket;
use crate::problem::{Problem, ProblemKind};

/// The name under which what is spoken here is asked for.
const PROTOCOL: &str = "rose.json";

/// What stands before an API token in the list of protocols: browsers can send no other header.
const BEARER: &str = "bearer.";

/// What RFC 6455 has every server add to the client's key.
const MAGIC: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

type Serve = Box<dyn FnOnce(Socket) -> BoxFuture<'static, ()> + Send>;

/// What is to be done with a connection once the head of its response was written; the handler leaves it
/// in the response's extensions.
#[derive(Clone)]
pub struct Upgrade(Arc<Mutex<Option<Serve>>>);

impl Upgrade {
    fn new(serve: impl FnOnce(Socket) -> BoxFuture<'static, ()> + Send + 'static) -> Self {
        Self(Arc::new(Mutex::new(Some(Box::new(serve)))))
    }

    /// Serves the WebSocket over `stream`, of which `read` was read already, to its end.
    pub async fn serve<S>(&self, stream: S, read: Bytes)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let serve = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(serve) = serve {
            serve(Socket::open(Box::new(stream), read).await).await;
        }
    }
}

/// What a request asks for.
pub(super) struct Wanted {
    accept: HeaderValue,
    /// It names protocols, so one of them must be answered.
    is_named: bool,
}

/// What the request asks for, if it may become a WebSocket at all.
pub(super) fn wanted(parts: &Parts) -> Result<Wanted, Problem> {
    let headers = &parts.headers;
    let refused = |detail: &str| Problem::new(ProblemKind::MalformedRequest, detail);
    let is_upgrade = lists(headers, &CONNECTION, "upgrade") && lists(headers, &UPGRADE, "websocket");
    if parts.version != Version::HTTP_11 || !is_upgrade {
        return Err(refused("Ask for a WebSocket over HTTP/1.1."));
    }
    if headers.get(SEC_WEBSOCKET_VERSION).map(HeaderValue::as_bytes) != Some(b"13") {
        return Err(refused("Only version 13 of WebSockets is spoken."));
    }
    let has_body = headers.get(CONTENT_LENGTH).is_some_and(|length| length.as_bytes() != b"0");
    if has_body || headers.contains_key(TRANSFER_ENCODING) {
        return Err(refused("A request that becomes a WebSocket has no body."));
    }
    let key = headers.get(SEC_WEBSOCKET_KEY).and_then(|key| key.to_str().ok()).map(str::trim);
    let is_key = |key: &&str| STANDARD.decode(key).is_ok_and(|bytes| bytes.len() == 16);
    let key = key.filter(is_key).ok_or_else(|| refused("`Sec-WebSocket-Key` is no key."))?;
    let accept = HeaderValue::from_str(&accept(key)).map_err(Problem::internal)?;
    let is_named = headers.contains_key(SEC_WEBSOCKET_PROTOCOL);
    if is_named && !lists(headers, &SEC_WEBSOCKET_PROTOCOL, PROTOCOL) {
        return Err(refused("Name the protocol `rose.json`, or none."));
    }
    Ok(Wanted { accept, is_named })
}

/// The API token that a browser sends as the name of a protocol, if it does.
pub(super) fn token(headers: &HeaderMap) -> Option<String> {
    names(headers, &SEC_WEBSOCKET_PROTOCOL).find_map(|name| Some(name.strip_prefix(BEARER)?.to_owned()))
}

/// The answer after which the connection is a WebSocket that `serve` serves.
pub(super) fn answer<F>(wanted: &Wanted, serve: impl FnOnce(Socket) -> F + Send + 'static) -> Response
where
    F: Future<Output = ()> + Send + 'static,
{
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(SEC_WEBSOCKET_ACCEPT, wanted.accept.clone());
    if wanted.is_named {
        headers.insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(PROTOCOL));
    }
    response.extensions_mut().insert(Upgrade::new(|socket| Box::pin(serve(socket))));
    response
}

fn accept(key: &str) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, format!("{key}{MAGIC}").as_bytes());
    STANDARD.encode(digest)
}

fn names<'a>(headers: &'a HeaderMap, header: &HeaderName) -> impl Iterator<Item = &'a str> {
    let lines = headers.get_all(header).iter().filter_map(|value| value.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(str::trim)
}

fn lists(headers: &HeaderMap, header: &HeaderName, wanted: &str) -> bool {
    names(headers, header).any(|name| name.eq_ignore_ascii_case(wanted))
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn parts(change: impl FnOnce(&mut HeaderMap)) -> Parts {
        let mut request = Request::new(());
        let headers = request.headers_mut();
        headers.insert(CONNECTION, HeaderValue::from_static("keep-alive, Upgrade"));
        headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
        headers.insert(SEC_WEBSOCKET_KEY, HeaderValue::from_static("dGhlIHNhbXBsZSBub25jZQ=="));
        change(headers);
        request.into_parts().0
    }

    /// RFC 6455 §1.3.
    #[test]
    fn the_key_is_accepted_as_the_specification_computes_it() {
        assert_eq!(accept("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assert!(wanted(&parts(|_| {})).is_ok());
    }

    #[test]
    fn what_is_no_request_for_a_websocket_is_refused() {
        type Change = fn(&mut HeaderMap);
        let set = |header: HeaderName, value: &'static str| (header, HeaderValue::from_static(value));
        let changes: [Change; 7] = [
            |headers| drop(headers.remove(UPGRADE)),
            |headers| drop(headers.remove(CONNECTION)),
            |headers| drop(headers.remove(SEC_WEBSOCKET_KEY)),
            |headers| drop(headers.insert(SEC_WEBSOCKET_KEY, HeaderValue::from_static("c2hvcnQ="))),
            |headers| drop(headers.insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("8"))),
            |headers| drop(headers.insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static("chat"))),
            |headers| drop(headers.insert(TRANSFER_ENCODING, HeaderValue::from_static("chunked"))),
        ];
        for change in changes {
            assert!(wanted(&parts(change)).is_err());
        }
        let (header, value) = set(CONTENT_LENGTH, "3");
        assert!(wanted(&parts(|headers| drop(headers.insert(header, value)))).is_err());
        let mut older = parts(|_| {});
        older.version = Version::HTTP_2;
        assert!(wanted(&older).is_err());
    }

    #[test]
    fn a_browser_sends_its_token_as_a_protocol() {
        let named = parts(|headers| {
            headers.insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static("rose.json, bearer.sbt_x"));
        });

        assert_eq!(token(&named.headers).as_deref(), Some("sbt_x"));
        assert!(wanted(&named).is_ok_and(|wanted| wanted.is_named));
        assert_eq!(token(&parts(|_| {}).headers), None);
    }
}
