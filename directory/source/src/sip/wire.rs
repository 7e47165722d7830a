//! The way to a server: datagrams, a connection, or an encrypted one. Two tasks read and write; what they hold is bounded.

use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use directory_model::source::{SipConnection, SipTransport};
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::frame::{Frame, Framer, datagram};
use crate::error::{SourceError, no_answer_within};
use crate::outbound::{Allowed, OutboundPolicy, no_address, words_for};
use crate::tls::{certificate_problem, tls};

/// How many messages wait to be sent.
const TO_SEND: usize = 64;
/// How many wait to be looked at; each may be as long as a message may be.
const ARRIVED: usize = 16;
/// How much is read at once.
const PIECE: usize = 16 * 1024;
/// The longest datagram.
const DATAGRAM: usize = 65_535;

/// What comes from the server.
#[derive(Debug)]
pub(super) enum Arrival {
    /// Something that can be read.
    Frame(Frame),
    /// Something that says only that it is there.
    Sign,
    /// Nothing will come any more; the words may be shown.
    End(String),
}

/// An open way to a server.
#[derive(Debug)]
pub(super) struct Wire {
    outgoing: mpsc::Sender<Vec<u8>>,
    incoming: mpsc::Receiver<Arrival>,
    /// Our own end of it.
    pub(super) local: SocketAddr,
    /// Whether what is sent arrives, or the way ends (RFC 3261, 17.1.2.2).
    pub(super) is_reliable: bool,
    _tasks: JoinSet<()>,
}

impl Wire {
    /// Opens the way, within the platform's policy.
    pub(super) async fn open(connection: &SipConnection, policy: &OutboundPolicy) -> Result<Self, SourceError> {
        let opening = Opening::new(connection);
        let allowed = opening.resolve(policy).await;
        if connection.transport == SipTransport::Udp {
            return opening.over_datagrams(allowed).await;
        }
        let stream = opening.connect(allowed).await?;
        match connection.transport {
            SipTransport::Tls => opening.over_encrypted(opening.encrypt(stream).await?),
            SipTransport::Udp | SipTransport::Tcp => opening.over_connection(stream),
        }
    }

    pub(super) fn over_stream<S>(stream: S, local: SocketAddr, patience: Duration) -> Self
    where
        S: AsyncRead + AsyncWrite + Send + 'static,
    {
        let (reading, writing) = tokio::io::split(stream);
        let (outgoing, to_send) = mpsc::channel(TO_SEND);
        let (arrived, incoming) = mpsc::channel(ARRIVED);
        let mut tasks = JoinSet::new();
        tasks.spawn(write(writing, to_send, arrived.clone(), patience));
        tasks.spawn(read(reading, arrived));
        Self { outgoing, incoming, local, is_reliable: true, _tasks: tasks }
    }

    fn over_datagrams(socket: UdpSocket, local: SocketAddr) -> Self {
        let socket = Arc::new(socket);
        let (outgoing, to_send) = mpsc::channel(TO_SEND);
        let (arrived, incoming) = mpsc::channel(ARRIVED);
        let mut tasks = JoinSet::new();
        tasks.spawn(send_datagrams(Arc::clone(&socket), to_send, arrived.clone()));
        tasks.spawn(receive_datagrams(socket, arrived));
        Self { outgoing, incoming, local, is_reliable: false, _tasks: tasks }
    }

    /// Sends without waiting. False when the server takes nothing any more.
    pub(super) fn send(&self, bytes: Vec<u8>) -> bool {
        self.outgoing.try_send(bytes).is_ok()
    }

    /// What arrives next. Nothing is lost when it is not awaited to its end.
    pub(super) async fn receive(&mut self) -> Arrival {
        self.incoming.recv().await.unwrap_or_else(|| Arrival::End("the connection ended".into()))
    }
}

/// The address inside an IPv4 address that is written as one of IPv6.
fn canonical(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}

/// An address as it is written before a port.
pub(super) fn host_of(ip: IpAddr) -> String {
    if ip.is_ipv6() { format!("[{ip}]") } else { ip.to_string() }
}

/// The steps from a server's name to a way to it.
pub(super) struct Opening<'a> {
    connection: &'a SipConnection,
    patience: Duration,
}

impl<'a> Opening<'a> {
    pub(super) fn new(connection: &'a SipConnection) -> Self {
        Self { connection, patience: Duration::from_secs(connection.timeout_seconds.into()) }
    }

    /// The server's addresses that may be spoken to.
    pub(super) async fn resolve(&self, policy: &OutboundPolicy) -> Allowed {
        policy.resolve(&self.connection.host, self.connection.port(), self.patience).await
    }

    pub(super) async fn over_datagrams(&self, allowed: Allowed) -> Result<Wire, SourceError> {
        let socket = allowed.socket().await.unwrap_or_else(|| Err(no_address(&self.connection.host)));
        let socket = socket.map_err(|detail| self.unreachable(detail))?;
        let local = socket.local_addr().map_err(|reason| self.no_socket(&reason))?;
        Ok(Wire::over_datagrams(socket, canonical(local)))
    }

    pub(super) async fn connect(&self, allowed: Allowed) -> Result<TcpStream, SourceError> {
        let stream = allowed.connect(self.patience).await.unwrap_or_else(|| Err(no_address(&self.connection.host)));
        let stream = stream.map_err(|detail| self.unreachable(detail))?;
        // A request waits for nothing that could be sent with it.
        let _ = stream.set_nodelay(true);
        Ok(stream)
    }

    pub(super) fn over_connection(&self, stream: TcpStream) -> Result<Wire, SourceError> {
        let local = stream.local_addr().map_err(|reason| self.no_socket(&reason))?;
        Ok(Wire::over_stream(stream, canonical(local), self.patience))
    }

    pub(super) fn over_encrypted(&self, stream: TlsStream<TcpStream>) -> Result<Wire, SourceError> {
        let local = stream.get_ref().0.local_addr().map_err(|reason| self.no_socket(&reason))?;
        Ok(Wire::over_stream(stream, canonical(local), self.patience))
    }

    fn unreachable(&self, detail: impl Into<String>) -> SourceError {
        SourceError::Unreachable { url: self.connection.url(), detail: detail.into() }
    }

    fn no_socket(&self, reason: &std::io::Error) -> SourceError {
        self.unreachable(words_for(reason))
    }

    pub(super) async fn encrypt(&self, stream: TcpStream) -> Result<TlsStream<TcpStream>, SourceError> {
        let refused = |detail: String| SourceError::CertificateRefused { url: self.connection.url(), detail };
        let config = tls(self.connection.trusted_certificates.as_deref()).map_err(refused)?;
        let name = ServerName::try_from(self.connection.host.clone());
        let name = name.map_err(|_| self.unreachable("its host name cannot be in a certificate"))?;
        let handshake = self.in_time(TlsConnector::from(config).connect(name, stream)).await?;
        handshake.map_err(|reason| {
            let cause = reason.get_ref().and_then(|cause| cause.downcast_ref::<rustls::Error>());
            match cause.and_then(|cause| certificate_problem(cause, &self.connection.host)) {
                Some(detail) => refused(detail),
                None => self.unreachable("no encrypted connection could be agreed on"),
            }
        })
    }

    async fn in_time<T>(&self, work: impl Future<Output = T>) -> Result<T, SourceError> {
        timeout(self.patience, work).await.map_err(|_| self.unreachable(no_answer_within(self.patience)))
    }
}

async fn write<S: AsyncWrite>(
    stream: tokio::io::WriteHalf<S>,
    mut to_send: mpsc::Receiver<Vec<u8>>,
    arrived: mpsc::Sender<Arrival>,
    patience: Duration,
) {
    let mut stream = stream;
    while let Some(bytes) = to_send.recv().await {
        let written = timeout(patience, async {
            stream.write_all(&bytes).await?;
            stream.flush().await
        });
        let reason = match written.await {
            Ok(Ok(())) => continue,
            Ok(Err(reason)) => words_for(&reason),
            Err(_) => "the server does not take what it is sent".into(),
        };
        let _ = arrived.send(Arrival::End(reason)).await;
        return;
    }
    // Whoever held the way has let it go.
    let _ = stream.shutdown().await;
}

async fn read<S: AsyncRead>(stream: tokio::io::ReadHalf<S>, arrived: mpsc::Sender<Arrival>) {
    let mut stream = stream;
    let mut framer = Framer::default();
    let mut piece = vec![0; PIECE];
    let end = loop {
        match stream.read(&mut piece).await {
            Ok(0) => break "the server ended the connection".to_owned(),
            Ok(count) => framer.push(&piece[..count]),
            Err(reason) => break words_for(&reason),
        }
        if arrived.send(Arrival::Sign).await.is_err() {
            return;
        }
        let broken = loop {
            match framer.next() {
                Ok(Some(frame)) => {
                    if arrived.send(Arrival::Frame(frame)).await.is_err() {
                        return;
                    }
                }
                Ok(None) => break false,
                Err(_) => break true,
            }
        };
        if broken {
            break "what the server sends is not SIP".to_owned();
        }
    };
    let _ = arrived.send(Arrival::End(end)).await;
}

async fn send_datagrams(socket: Arc<UdpSocket>, mut to_send: mpsc::Receiver<Vec<u8>>, arrived: mpsc::Sender<Arrival>) {
    while let Some(bytes) = to_send.recv().await {
        if let Err(reason) = socket.send(&bytes).await {
            let _ = arrived.send(Arrival::End(words_for(&reason))).await;
            return;
        }
    }
}

async fn receive_datagrams(socket: Arc<UdpSocket>, arrived: mpsc::Sender<Arrival>) {
    let mut bytes = vec![0; DATAGRAM];
    loop {
        let arrival = match socket.recv(&mut bytes).await {
            // Most datagrams that cannot be read are nobody's: they are not answered, and end nothing.
            Ok(count) => datagram(&bytes[..count]).map_or(Arrival::Sign, Arrival::Frame),
            Err(reason) => Arrival::End(words_for(&reason)),
        };
        let is_end = matches!(arrival, Arrival::End(_));
        if arrived.send(arrival).await.is_err() || is_end {
            return;
        }
    }
}
