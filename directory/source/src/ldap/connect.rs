//! From a configured connection to a bound one.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use directory_model::secret::Secret;
use directory_model::source::LdapConnection;
use rustls::ClientConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::config::{Encryption, Endpoint};
use super::wire::{self, Outcome, TooLarge, Wire, WireError};
use crate::error::{SourceError, no_answer_within};
use crate::outbound::OutboundPolicy;
use crate::tls::{certificate_problem, tls};

/// Either kind of stream.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

pub(super) type Session = Wire<Box<dyn Stream>>;

/// The words for common results, for whoever does not know the numbers.
pub(super) fn describe(outcome: &Outcome) -> String {
    let words = match outcome.result {
        1 => "the directory cannot do this now",
        3 => "the directory stopped at its time limit",
        4 => "the directory stopped at its size limit",
        8 => "the directory wants a stronger way to sign in",
        10 => "the entries are in another directory",
        11 => "the directory stopped at an administrative limit",
        12 => "the directory does not know paged results",
        13 => "the directory wants an encrypted connection",
        32 => "there is no such place in the directory, or it may not be read",
        34 => "the name of a place in the directory is not well-formed",
        48 => "the directory does not allow this way to sign in",
        50 => "the directory does not allow it",
        51 => "the directory is busy",
        52 => "the directory is not available",
        53 => "the directory is not willing to do it",
        _ => "the directory reports an error",
    };
    if outcome.text.is_empty() { words.into() } else { format!("{words}: {}", outcome.text) }
}

/// Opens a connection and signs in, each step within the connection's time-out.
pub(super) async fn connect(
    connection: &LdapConnection,
    secret: Option<&Secret>,
    policy: &OutboundPolicy,
) -> Result<Session, SourceError> {
    let opening = Opening { url: &connection.url, patience: patience(connection) };
    let endpoint = Endpoint::of(connection);
    let endpoint = endpoint.ok_or_else(|| opening.unreachable("it is not an address such as ldap://host:389"))?;
    let stream = policy.connect(&endpoint.host, endpoint.port, opening.patience).await;
    let stream = stream.map_err(|detail| opening.unreachable(detail))?;
    // Requests are small and answered at once; nothing is gained by waiting to send more.
    let _ = stream.set_nodelay(true);
    let stream: Box<dyn Stream> = match endpoint.encryption {
        Encryption::None => Box::new(stream),
        Encryption::FromTheStart => Box::new(opening.encrypt(stream, &endpoint, connection).await?),
        Encryption::StartTls => {
            let stream = opening.start_tls(stream).await?;
            Box::new(opening.encrypt(stream, &endpoint, connection).await?)
        }
    };
    let mut session = Wire::new(stream);
    opening.bind(&mut session, bind_name(connection), secret).await?;
    Ok(session)
}

/// The name to sign in with; an empty one is none.
pub(super) fn bind_name(connection: &LdapConnection) -> Option<&str> {
    connection.bind_dn.as_deref().filter(|name| !name.trim().is_empty())
}

/// How long connecting, signing in, or a page may take.
pub(super) fn patience(connection: &LdapConnection) -> Duration {
    Duration::from_secs(connection.timeout_seconds.into())
}

/// The steps from an address to a bound connection.
pub(super) struct Opening<'a> {
    pub(super) url: &'a str,
    pub(super) patience: Duration,
}

impl Opening<'_> {
    fn unreachable(&self, detail: impl Into<String>) -> SourceError {
        SourceError::Unreachable { url: self.url.to_owned(), detail: detail.into() }
    }

    async fn in_time<T>(&self, work: impl Future<Output = T>) -> Result<T, SourceError> {
        timeout(self.patience, work).await.map_err(|_| self.unreachable(no_answer_within(self.patience)))
    }

    /// Sends one request and waits for its one answer.
    async fn ask<S: Stream>(
        &self,
        wire: &mut Wire<S>,
        request: ldap3::asn1::Tag,
        response: u8,
    ) -> Result<Outcome, SourceError> {
        let exchange = async {
            let id = wire.send(request, Vec::new()).await?;
            let message = wire.receive(TooLarge::Fails).await?;
            let answer = message.answer()?;
            // The server's own notice (such as that it goes away) comes instead of an answer.
            if answer.operation.tag != response || (answer.id != id && answer.id != 0) {
                return Err(WireError::Malformed);
            }
            Ok(answer.outcome()?)
        };
        self.in_time(exchange).await?.map_err(|reason: WireError| self.unreachable(reason.to_string()))
    }

    pub(super) async fn start_tls(&self, stream: TcpStream) -> Result<TcpStream, SourceError> {
        let mut wire = Wire::new(stream);
        let outcome = self.ask(&mut wire, wire::start_tls_request(), wire::EXTENDED_RESPONSE).await?;
        if outcome.result != 0 {
            return Err(self.unreachable(format!("StartTLS is refused: {}", describe(&outcome))));
        }
        // What comes in clear after the answer was put there by somebody else.
        wire.into_stream().ok_or_else(|| self.unreachable("StartTLS was answered with too much"))
    }

    pub(super) async fn encrypt(
        &self,
        stream: TcpStream,
        endpoint: &Endpoint,
        connection: &LdapConnection,
    ) -> Result<TlsStream<TcpStream>, SourceError> {
        let refused = |detail: String| SourceError::CertificateRefused { url: self.url.to_owned(), detail };
        let config: Arc<ClientConfig> = tls(connection.trusted_certificates.as_deref()).map_err(refused)?;
        let name = endpoint.server_name();
        let name = name.ok_or_else(|| self.unreachable("its host name cannot be in a certificate"))?;
        let handshake = self.in_time(TlsConnector::from(config).connect(name, stream)).await?;
        handshake.map_err(|reason| {
            let cause = reason.get_ref().and_then(|cause| cause.downcast_ref::<rustls::Error>());
            match cause.and_then(|cause| certificate_problem(cause, &endpoint.host)) {
                Some(detail) => refused(detail),
                None => self.unreachable("no encrypted connection could be agreed on"),
            }
        })
    }

    pub(super) async fn bind(
        &self,
        session: &mut Session,
        bind_dn: Option<&str>,
        secret: Option<&Secret>,
    ) -> Result<(), SourceError> {
        let Some(name) = bind_dn else { return Ok(()) };
        let password = secret.map(Secret::expose).unwrap_or_default();
        let outcome = self.ask(session, wire::bind_request(name, password), wire::BIND_RESPONSE).await?;
        match outcome.result {
            0 => Ok(()),
            // No such object, bad name, inappropriate authentication, invalid credentials.
            32 | 34 | 48 | 49 => Err(SourceError::BindRefused { bind_dn: name.to_owned() }),
            51 | 52 => Err(self.unreachable(describe(&outcome))),
            result => Err(SourceError::SearchRefused { result, detail: describe(&outcome) }),
        }
    }
}
