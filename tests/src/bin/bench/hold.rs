//! The visitors of a measurement: many connections that each hold one live feed.

use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use http::Request;
use http_body_util::{BodyExt, Empty};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http2::{SendRequest, handshake};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// What visitors speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// HTTP/1.1.
    Plain,
    /// HTTP/1.1 over TLS.
    Tls,
    /// HTTP/2 over TLS, each visitor on a connection of its own.
    Http2,
}

impl Protocol {
    /// Every protocol.
    pub(crate) const ALL: [Self; 3] = [Self::Plain, Self::Tls, Self::Http2];

    /// How it is called.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain h1",
            Self::Tls => "h1 over TLS",
            Self::Http2 => "h2 over TLS",
        }
    }

    /// The protocol of that name.
    pub(crate) fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|protocol| protocol.name() == name).expect("a protocol")
    }
}

/// Opens `count` connections at once, asks each for the stream at `path`, waits for its first
/// event, says how long all took and how many failed, and holds them until a line comes in.
pub(crate) fn run(address: &str, path: &str, count: usize, protocol: Protocol) {
    let address: SocketAddr = address.parse().expect("an address");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let connector = TlsConnector::from(Arc::new(trusting(protocol)));
        let started = Instant::now();
        let visits: Vec<_> =
            (0..count).map(|_| tokio::spawn(visit(address, path.to_owned(), protocol, connector.clone()))).collect();
        let mut held = Vec::with_capacity(count);
        let mut failures = 0;
        for visit in visits {
            match visit.await.expect("a visit does not panic") {
                Ok(visitor) => held.push(visitor),
                Err(_) => failures += 1,
            }
        }
        println!("{} {failures}", started.elapsed().as_secs_f64());
        std::io::stdout().flush().expect("the parent listens");
        // Connections over HTTP/2 must go on answering pings meanwhile.
        let _ = tokio::task::spawn_blocking(|| std::io::stdin().read_line(&mut String::new())).await;
        drop(held);
    });
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// What a visitor holds.
enum Visitor {
    /// A connection that is nothing but its stream.
    Whole { _stream: Box<dyn Stream> },
    /// A stream of a connection that lives in a task.
    Part { _sender: SendRequest<Empty<Bytes>>, _body: Incoming },
}

async fn visit(
    address: SocketAddr,
    path: String,
    protocol: Protocol,
    connector: TlsConnector,
) -> std::io::Result<Visitor> {
    let tcp = TcpStream::connect(address).await?;
    if protocol == Protocol::Plain {
        return look_on(Box::new(tcp), &path).await;
    }
    let tls = connector.connect(ServerName::try_from("localhost").expect("a name"), tcp).await?;
    if protocol == Protocol::Tls {
        return look_on(Box::new(tls), &path).await;
    }
    let (mut sender, connection) = handshake(TokioExecutor::new(), TokioIo::new(tls)).await.map_err(other)?;
    tokio::spawn(connection);
    let request = Request::get(format!("https://localhost{path}")).body(Empty::new()).expect("a request");
    let mut body = sender.send_request(request).await.map_err(other)?.into_body();
    let mut seen = Vec::new();
    while !has_snapshot(&seen) {
        let frame = body.frame().await.ok_or(std::io::ErrorKind::UnexpectedEof)?.map_err(other)?;
        seen.extend_from_slice(frame.data_ref().map(AsRef::as_ref).unwrap_or_default());
    }
    Ok(Visitor::Part { _sender: sender, _body: body })
}

fn other(reason: hyper::Error) -> std::io::Error {
    std::io::Error::other(reason)
}

fn has_snapshot(seen: &[u8]) -> bool {
    seen.windows(15).any(|bytes| bytes == b"event: snapshot")
}

async fn look_on(mut stream: Box<dyn Stream>, path: &str) -> std::io::Result<Visitor> {
    stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").as_bytes()).await?;
    let mut seen = Vec::new();
    let mut part = [0; 4096];
    while !has_snapshot(&seen) {
        let length = stream.read(&mut part).await?;
        if length == 0 || !seen.is_empty() && !seen.starts_with(b"HTTP/1.1 200") {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        seen.extend_from_slice(&part[..length]);
    }
    Ok(Visitor::Whole { _stream: stream })
}

fn trusting(protocol: Protocol) -> ClientConfig {
    let mut config = ClientConfig::builder()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(AnyCertificate))
        .with_no_client_auth();
    let name: &[u8] = if protocol == Protocol::Http2 { b"h2" } else { b"http/1.1" };
    config.alpn_protocols = vec![name.to_vec()];
    config
}

/// Takes every certificate: the server is our own, made for this run.
#[derive(Debug)]
struct AnyCertificate;

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        rustls::crypto::ring::default_provider().signature_verification_algorithms.supported_schemes()
    }
}
