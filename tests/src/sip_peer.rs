//! A SIP server that does what a test orders, right or wrong. It reads and writes text.

use std::sync::Arc;

use directory_model::source::{SipConnection, SipTransport};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio_rustls::TlsAcceptor;

use crate::tls::{Authority, Validity};

/// Either kind of stream.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

enum Listener {
    Datagrams(UdpSocket),
    Connections(TcpListener, Option<TlsAcceptor>),
}

/// A server that waits for its one client.
pub struct Listening {
    listener: Listener,
    transport: SipTransport,
    port: u16,
    authority: Authority,
}

enum Way {
    Datagrams(UdpSocket),
    Stream(Box<dyn Stream>),
}

/// A server with its client.
pub struct Peer {
    way: Way,
    transport: SipTransport,
    read: Vec<u8>,
}

impl Listening {
    /// Listens on a free port.
    pub async fn start(transport: SipTransport) -> Self {
        let authority = Authority::new();
        let listener = match transport {
            SipTransport::Udp => Listener::Datagrams(UdpSocket::bind("127.0.0.1:0").await.expect("a free port")),
            SipTransport::Tcp => Listener::Connections(listen().await, None),
            SipTransport::Tls => Listener::Connections(listen().await, Some(acceptor(&authority))),
        };
        let address = match &listener {
            Listener::Datagrams(socket) => socket.local_addr(),
            Listener::Connections(listener, _) => listener.local_addr(),
        };
        Self { listener, transport, port: address.expect("it listens").port(), authority }
    }

    /// How a source speaks with it.
    pub fn connection(&self) -> SipConnection {
        SipConnection {
            host: "127.0.0.1".into(),
            transport: self.transport,
            port: Some(self.port),
            address: "sip:switchboard@example.com".into(),
            user_name: None,
            address_domains: Vec::new(),
            expires_seconds: 3600,
            trusted_certificates: Some(self.authority.pem()),
            timeout_seconds: 30,
        }
    }

    /// Waits for the client, over datagrams for the first one that it sends.
    pub async fn accept(self) -> Peer {
        let mut read = Vec::new();
        let way = match self.listener {
            Listener::Datagrams(socket) => {
                let mut bytes = vec![0; 65_535];
                let (count, from) = socket.recv_from(&mut bytes).await.expect("a datagram");
                socket.connect(from).await.expect("the client is there");
                read.extend_from_slice(&bytes[..count]);
                Way::Datagrams(socket)
            }
            Listener::Connections(listener, acceptor) => {
                let (stream, _) = listener.accept().await.expect("a client");
                Way::Stream(secured(stream, acceptor).await)
            }
        };
        Peer { way, transport: self.transport, read }
    }
}

async fn listen() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.expect("a free port")
}

fn acceptor(authority: &Authority) -> TlsAcceptor {
    let files = authority.certificate(&["IP:127.0.0.1"], Validity::Valid);
    let certificate = CertificateDer::from_pem_file(&files.certificate).expect("a certificate");
    let key = PrivateKeyDer::from_pem_file(&files.key).expect("its key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = builder.expect("its versions are known").with_no_client_auth();
    TlsAcceptor::from(Arc::new(builder.with_single_cert(vec![certificate], key).expect("they belong together")))
}

async fn secured(stream: TcpStream, acceptor: Option<TlsAcceptor>) -> Box<dyn Stream> {
    match acceptor {
        Some(acceptor) => Box::new(acceptor.accept(stream).await.expect("the client trusts the certificate")),
        None => Box::new(stream),
    }
}

impl Peer {
    /// Sends bytes as they are; over datagrams they are one.
    pub async fn send(&mut self, bytes: &[u8]) {
        match &mut self.way {
            Way::Datagrams(socket) => {
                socket.send(bytes).await.expect("the client is there");
            }
            Way::Stream(stream) => {
                stream.write_all(bytes).await.expect("the client is there");
                stream.flush().await.expect("the client is there");
            }
        }
    }

    /// The next message of the client; empty lines are passed over. The client's messages have no bodies.
    pub async fn receive(&mut self) -> String {
        loop {
            let start = self.read.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            self.read.drain(..start);
            let end = self.read.windows(4).position(|window| window == b"\r\n\r\n");
            if let Some(end) = end {
                let message: Vec<u8> = self.read.drain(..end + 4).collect();
                return String::from_utf8(message).expect("text");
            }
            let mut bytes = vec![0; 65_535];
            let count = match &mut self.way {
                Way::Datagrams(socket) => socket.recv(&mut bytes).await.expect("the client is there"),
                Way::Stream(stream) => stream.read(&mut bytes).await.expect("the client is there"),
            };
            assert!(count > 0, "the client has gone");
            self.read.extend_from_slice(&bytes[..count]);
        }
    }

    /// Answers a request of the client; `more` are further headers, each with its end of line.
    pub async fn answer(&mut self, request: &str, status: &str, more: &str) {
        let kept = |name: &str| request.lines().filter(|line| line.starts_with(name)).collect::<Vec<_>>().join("\r\n");
        let to = kept("To: ");
        let to = if to.contains(";tag=") { to } else { format!("{to};tag=server") };
        let (via, from, call, cseq) = (kept("Via: "), kept("From: "), kept("Call-ID: "), kept("CSeq: "));
        let text = format!(
            "SIP/2.0 {status}\r\n{via}\r\n{from}\r\n{to}\r\n{call}\r\n{cseq}\r\n{more}Content-Length: 0\r\n\r\n"
        );
        self.send(text.as_bytes()).await;
    }

    /// The start and headers of a notification in the dialog that `subscribe` asks for, without its length.
    pub fn notify(&self, subscribe: &str, tag: &str, number: u32, more: &str) -> String {
        let value = |name: &str| {
            let line = subscribe.lines().find_map(|line| line.strip_prefix(name));
            line.unwrap_or_else(|| panic!("no {name} in {subscribe}")).to_owned()
        };
        let (contact, call) = (value("Contact: "), value("Call-ID: "));
        let uri = contact.trim_matches(['<', '>']);
        // Each is a request of its own; two with the same tag, number and headers are one that is sent again.
        let branch = format!("{tag}{number}{}", more.len());
        format!(
            "NOTIFY {uri} SIP/2.0\r\nVia: SIP/2.0/{} 127.0.0.1:5060;branch=z9hG4bK{branch}\r\nMax-Forwards: 70\r\n\
             From: <sip:anna@example.com>;tag={tag}\r\nTo: {}\r\nCall-ID: {call}\r\nCSeq: {number} NOTIFY\r\n\
             Contact: <sip:anna@127.0.0.1:5060>\r\nEvent: {}\r\n{more}",
            self.transport.word().to_uppercase(),
            value("From: "),
            value("Event: "),
        )
    }

    /// The same with a presence document in which somebody is available or not.
    pub fn presence(&self, subscribe: &str, tag: &str, number: u32, is_open: bool) -> String {
        let basic = if is_open { "open" } else { "closed" };
        let body = format!(
            "<presence entity=\"x\"><tuple id=\"t\"><status><basic>{basic}</basic></status></tuple></presence>"
        );
        let more = format!(
            "Subscription-State: active;expires=600\r\nContent-Type: application/pidf+xml\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        self.notify(subscribe, tag, number, &more)
    }

    /// Sends a request and gives the status of its answer, while the client asks nothing.
    pub async fn ask(&mut self, request: &str) -> String {
        self.send(request.as_bytes()).await;
        let answer = self.receive().await;
        answer.lines().next().and_then(|line| line.strip_prefix("SIP/2.0 ")).expect("an answer").to_owned()
    }
}
