//! HTTPS: streams over HTTP/1.1 and HTTP/2, and certificates that change.

use std::fs;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::http::Request;
use directory_model::presence::Availability;
use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use suite::tls::{Authority, Certificate, Validity};
use switchboard::settings::TlsSettings;
use switchboard::tls::Certificates;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::door::{Door, Reader, request};

/// A pair of files in one place, as an operator would have it, and what reads them.
pub(super) struct Pair {
    pub(super) settings: TlsSettings,
    authority: Authority,
}

impl Pair {
    pub(super) fn new() -> Self {
        let authority = Authority::new();
        let made = authority.certificate(&["IP:127.0.0.1"], Validity::Valid);
        let settings = toml::from_str(&format!(
            "listen = \"\"\ncertificate = \"{}\"\nkey = \"{}\"\nreload_interval = \"1h\"",
            made.certificate.with_extension("live").display(),
            made.key.with_extension("live-key").display(),
        ));
        let pair = Self { settings: settings.unwrap(), authority };
        pair.put(&made);
        pair
    }

    fn put(&self, made: &Certificate) {
        fs::copy(&made.certificate, self.settings.certificate.as_ref().unwrap()).unwrap();
        fs::copy(&made.key, self.settings.key.as_ref().unwrap()).unwrap();
    }

    pub(super) fn renew(&self) -> Certificate {
        let made = self.authority.certificate(&["IP:127.0.0.1"], Validity::Valid);
        self.put(&made);
        made
    }

    async fn connect(&self, door: &Door, protocol: &[u8]) -> TlsStream<TcpStream> {
        self.connect_to(door.address, protocol).await
    }

    pub(super) async fn connect_to(&self, address: SocketAddr, protocol: &[u8]) -> TlsStream<TcpStream> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(self.authority.pem().as_bytes()).unwrap()).unwrap();
        let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let builder = builder.with_safe_default_protocol_versions().unwrap();
        let mut config = builder.with_root_certificates(roots).with_no_client_auth();
        config.alpn_protocols = vec![protocol.to_vec()];
        let tcp = TcpStream::connect(address).await.unwrap();
        let name = ServerName::try_from("127.0.0.1").unwrap();
        TlsConnector::from(Arc::new(config)).connect(name, tcp).await.unwrap()
    }
}

pub(super) fn shown(stream: &TlsStream<TcpStream>) -> CertificateDer<'static> {
    stream.get_ref().1.peer_certificates().unwrap()[0].clone().into_owned()
}

pub(super) fn inside(made: &Certificate) -> CertificateDer<'static> {
    CertificateDer::from_pem_file(&made.certificate).unwrap()
}

#[tokio::test]
async fn a_new_certificate_is_used_without_losing_a_connection() {
    let pair = Pair::new();
    let certificates = Certificates::load(&pair.settings).unwrap();
    let door = Door::open(Some(Arc::new(certificates.server_config().unwrap())));
    let mut early = Reader::new(pair.connect(&door, b"http/1.1").await);

    assert!(!certificates.reload().unwrap(), "nothing has changed yet");
    let renewed = pair.renew();
    assert!(certificates.reload().unwrap());
    let late = pair.connect(&door, b"http/1.1").await;

    assert_eq!(shown(&late), inside(&renewed));
    early.send(&request("/small")).await;
    early.until("small").await;
}

#[tokio::test]
async fn a_broken_certificate_leaves_the_old_one_in_use() {
    let pair = Pair::new();
    let certificates = Certificates::load(&pair.settings).unwrap();
    let door = Door::open(Some(Arc::new(certificates.server_config().unwrap())));
    let before = shown(&pair.connect(&door, b"http/1.1").await);
    let certificate = pair.settings.certificate.as_ref().unwrap();

    let other = pair.authority.certificate(&["IP:127.0.0.1"], Validity::Valid);
    fs::copy(&other.certificate, certificate).unwrap();
    let unfit = certificates.reload().unwrap_err().to_string();
    fs::write(certificate, "half a fi").unwrap();
    let broken = certificates.reload().unwrap_err().to_string();
    fs::remove_file(certificate).unwrap();
    let missing = certificates.reload().unwrap_err().to_string();

    assert!(unfit.contains("do not fit"), "{unfit}");
    assert_eq!(broken, format!("{} holds no certificate in PEM", certificate.display()));
    assert!(missing.starts_with(&format!("cannot read {}: ", certificate.display())), "{missing}");
    assert_eq!(shown(&pair.connect(&door, b"http/1.1").await), before);
}

#[tokio::test]
async fn a_stream_goes_over_https_on_a_used_connection() {
    let pair = Pair::new();
    let certificates = Certificates::load(&pair.settings).unwrap();
    let door = Door::open(Some(Arc::new(certificates.server_config().unwrap())));
    let mut client = Reader::new(pair.connect(&door, b"http/1.1").await);

    client.send(&request("/small")).await;
    client.until("small").await;
    client.send(&request("/stream")).await;
    client.until("Anna Berg").await;
    door.claim(1, Availability::Away);

    client.until("\"away\"").await;
    assert_eq!(door.outlet.counters().connections, 1);
}

#[tokio::test]
async fn a_stream_over_http_2_leaves_its_connection_to_others() {
    let pair = Pair::new();
    let certificates = Certificates::load(&pair.settings).unwrap();
    let door = Door::open(Some(Arc::new(certificates.server_config().unwrap())));
    let io = TokioIo::new(pair.connect(&door, b"h2").await);
    let (mut client, connection) =
        hyper::client::conn::http2::handshake::<_, _, Empty<Bytes>>(TokioExecutor::new(), io).await.unwrap();
    tokio::spawn(connection);
    let ask = |path: &str| Request::get(format!("https://127.0.0.1{path}")).body(Empty::new()).unwrap();

    let mut stream = client.send_request(ask("/stream")).await.unwrap().into_body();
    let mut heard = String::new();
    let mut hear = async |end: &str| {
        while !heard.contains(end) {
            let frame = stream.frame().await.expect("the stream goes on").unwrap();
            heard.push_str(std::str::from_utf8(frame.data_ref().unwrap()).unwrap());
        }
    };
    hear("Anna Berg").await;
    let small = client.send_request(ask("/small")).await.unwrap().into_body().collect().await.unwrap().to_bytes();
    door.claim(1, Availability::DoNotDisturb);
    hear("do_not_disturb").await;

    assert_eq!(small, "small");
}

#[tokio::test]
async fn a_stream_over_http_2_makes_room_for_the_next_connection() {
    let pair = Pair::new();
    let certificates = Certificates::load(&pair.settings).unwrap();
    let door = Door::open_for(1, Some(Arc::new(certificates.server_config().unwrap())));
    let io = TokioIo::new(pair.connect(&door, b"h2").await);
    let (mut visitor, connection) =
        hyper::client::conn::http2::handshake::<_, _, Empty<Bytes>>(TokioExecutor::new(), io).await.unwrap();
    let connection = tokio::spawn(connection);
    let ask = Request::get("https://127.0.0.1/stream").body(Empty::new()).unwrap();
    let stream = visitor.send_request(ask).await.unwrap().into_body();

    let mut next = Reader::new(pair.connect(&door, b"http/1.1").await);
    next.send(&request("/small")).await;
    next.until("small").await;

    // The room is taken now: without its stream the visitor's connection has to go.
    drop(stream);
    assert!(connection.await.unwrap().is_ok());
    next.send(&request("/small")).await;
    next.until("small").await;
}
