//! The visitors of a measurement: many connections that each hold one live feed.

use std::io::{BufRead, Write};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// Opens `count` connections at once, asks each for the stream at `path`, waits for its first
/// event, says how long all took and how many failed, and holds them until a line comes in.
pub(crate) fn run(address: &str, path: &str, count: usize, is_tls: bool) {
    let address: SocketAddr = address.parse().expect("an address");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let connector = is_tls.then(|| TlsConnector::from(Arc::new(trusting())));
        let started = Instant::now();
        let visits: Vec<_> =
            (0..count).map(|_| tokio::spawn(visit(address, path.to_owned(), connector.clone()))).collect();
        let mut held = Vec::with_capacity(count);
        let mut failures = 0;
        for visit in visits {
            match visit.await.expect("a visit does not panic") {
                Ok(stream) => held.push(stream),
                Err(_) => failures += 1,
            }
        }
        println!("{} {failures}", started.elapsed().as_secs_f64());
        std::io::stdout().flush().expect("the parent listens");
        let _ = std::io::stdin().lock().read_line(&mut String::new());
    });
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

async fn visit(address: SocketAddr, path: String, tls: Option<TlsConnector>) -> std::io::Result<Box<dyn Stream>> {
    let tcp = TcpStream::connect(address).await?;
    let mut stream: Box<dyn Stream> = match tls {
        Some(tls) => Box::new(tls.connect(ServerName::try_from("localhost").expect("a name"), tcp).await?),
        None => Box::new(tcp),
    };
    stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").as_bytes()).await?;
    let mut seen = Vec::new();
    let mut part = [0; 4096];
    while !seen.windows(15).any(|bytes| bytes == b"event: snapshot") {
        let length = stream.read(&mut part).await?;
        if length == 0 || !seen.is_empty() && !seen.starts_with(b"HTTP/1.1 200") {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        seen.extend_from_slice(&part[..length]);
    }
    Ok(stream)
}

fn trusting() -> ClientConfig {
    let mut config = ClientConfig::builder()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(AnyCertificate))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
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
