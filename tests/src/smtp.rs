//! A mail server that keeps what it is given: enough of SMTP (RFC 5321) for somebody who hands mail in,
//! with STARTTLS and AUTH PLAIN.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufReader as FileReader};
use std::sync::{Arc, Mutex, PoisonError};

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufStream};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use crate::tls::Certificate;

/// A mail as it arrived.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mail {
    /// From whom, on the envelope.
    pub from: String,
    /// To whom, on the envelope.
    pub to: Vec<String>,
    /// Header and body.
    pub data: String,
    /// The connection was encrypted.
    pub is_encrypted: bool,
    /// As whom it was handed in: name and password.
    pub user: Option<(String, String)>,
}

/// A mail server that listens until it is dropped.
#[derive(Debug)]
pub struct Smtp {
    port: u16,
    mails: Arc<Mutex<Vec<Mail>>>,
    refusals: Arc<Mutex<VecDeque<&'static str>>>,
    unknown: Arc<Mutex<Vec<String>>>,
    serving: JoinHandle<()>,
}

trait Io: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Io for T {}

impl Smtp {
    /// Starts a server that offers STARTTLS with `certificate`, and takes nothing without it.
    pub async fn start(certificate: &Certificate) -> Self {
        Self::start_at(certificate, 0).await
    }

    /// The same on a port that is known before.
    pub async fn start_at(certificate: &Certificate, port: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).await.expect("a port is free");
        let port = listener.local_addr().expect("it listens").port();
        let tls = acceptor(certificate);
        let (mails, refusals) = (Arc::<Mutex<Vec<Mail>>>::default(), Arc::<Mutex<VecDeque<&'static str>>>::default());
        let unknown = Arc::<Mutex<Vec<String>>>::default();
        let (kept, refused, nobody) = (Arc::clone(&mails), Arc::clone(&refusals), Arc::clone(&unknown));
        let serving = tokio::spawn(async move {
            while let Ok((tcp, _)) = listener.accept().await {
                let (mails, refusals, unknown) = (Arc::clone(&kept), Arc::clone(&refused), Arc::clone(&nobody));
                let session = Session { mails, refusals, unknown, tls: tls.clone() };
                // A client that goes away in the middle is what some tests are about.
                tokio::spawn(async move { session.serve(tcp).await.ok() });
            }
        });
        Self { port, mails, refusals, unknown, serving }
    }

    /// Where it listens on this machine.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Everything that arrived so far.
    pub fn mails(&self) -> Vec<Mail> {
        self.mails.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Answers the next mail so, such as `451 later`.
    pub fn refuse(&self, answer: &'static str) {
        self.refusals.lock().unwrap_or_else(PoisonError::into_inner).push_back(answer);
    }

    /// Refuses the next mail to `address` for good.
    pub fn refuse_address(&self, address: &str) {
        self.unknown.lock().unwrap_or_else(PoisonError::into_inner).push(address.to_owned());
    }
}

impl Drop for Smtp {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

struct Session {
    mails: Arc<Mutex<Vec<Mail>>>,
    refusals: Arc<Mutex<VecDeque<&'static str>>>,
    unknown: Arc<Mutex<Vec<String>>>,
    tls: TlsAcceptor,
}

impl Session {
    async fn serve(&self, tcp: TcpStream) -> io::Result<()> {
        let mut plain = BufStream::new(tcp);
        plain.write_all(b"220 sink ESMTP\r\n").await?;
        if self.talk(&mut plain, false).await? {
            let tls = self.tls.accept(plain.into_inner()).await?;
            self.talk(&mut BufStream::new(tls), true).await?;
        }
        Ok(())
    }

    /// Speaks until the client leaves; whether it leaves to encrypt the connection.
    async fn talk<S: Io>(&self, stream: &mut BufStream<S>, is_encrypted: bool) -> io::Result<bool> {
        let mut mail = Mail { is_encrypted, ..Mail::default() };
        loop {
            stream.flush().await?;
            let mut line = String::new();
            if stream.read_line(&mut line).await? == 0 {
                return Ok(false);
            }
            let line = line.trim_end();
            let (verb, rest) = line.split_once([' ', ':']).unwrap_or((line, ""));
            let answer = match verb.to_ascii_uppercase().as_str() {
                "EHLO" if is_encrypted => "250-sink\r\n250 AUTH PLAIN".to_owned(),
                "EHLO" => "250-sink\r\n250 STARTTLS".to_owned(),
                "STARTTLS" if !is_encrypted => {
                    stream.write_all(b"220 go ahead\r\n").await?;
                    stream.flush().await?;
                    return Ok(true);
                }
                "QUIT" => {
                    stream.write_all(b"221 bye\r\n").await?;
                    stream.flush().await?;
                    return Ok(false);
                }
                "NOOP" | "RSET" => "250 fine".to_owned(),
                _ if !is_encrypted => "530 encrypt first".to_owned(),
                "AUTH" => {
                    mail.user = plain_user(rest);
                    "235 welcome".to_owned()
                }
                "MAIL" => {
                    mail.from = address(rest);
                    "250 fine".to_owned()
                }
                "RCPT" => {
                    let address = address(rest);
                    let mut unknown = self.unknown.lock().unwrap_or_else(PoisonError::into_inner);
                    if let Some(at) = unknown.iter().position(|one| *one == address) {
                        unknown.remove(at);
                        "550 there is nobody of that name".to_owned()
                    } else {
                        mail.to.push(address);
                        "250 fine".to_owned()
                    }
                }
                "DATA" => self.take(stream, &mut mail).await?,
                _ => "502 what".to_owned(),
            };
            stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
        }
    }

    async fn take<S: Io>(&self, stream: &mut BufStream<S>, mail: &mut Mail) -> io::Result<String> {
        stream.write_all(b"354 go ahead\r\n").await?;
        stream.flush().await?;
        mail.data.clear();
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await? == 0 || line == ".\r\n" {
                break;
            }
            mail.data.push_str(line.strip_prefix('.').unwrap_or(&line));
        }
        let refused = self.refusals.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        if let Some(refused) = refused {
            mail.to.clear();
            return Ok(refused.to_owned());
        }
        let next = Mail { is_encrypted: mail.is_encrypted, user: mail.user.clone(), ..Mail::default() };
        self.mails.lock().unwrap_or_else(PoisonError::into_inner).push(std::mem::replace(mail, next));
        Ok("250 kept".to_owned())
    }
}

fn address(text: &str) -> String {
    text.split_once('<')
        .and_then(|(_, rest)| rest.split_once('>'))
        .map(|(inner, _)| inner.to_owned())
        .unwrap_or_default()
}

fn plain_user(text: &str) -> Option<(String, String)> {
    use base64::Engine;
    let encoded = text.strip_prefix("PLAIN ")?;
    let decoded = base64::engine::general_purpose::STANDARD.decode(encoded).ok()?;
    let text = String::from_utf8(decoded).ok()?;
    let mut parts = text.split('\0').skip(1);
    Some((parts.next()?.to_owned(), parts.next()?.to_owned()))
}

fn acceptor(certificate: &Certificate) -> TlsAcceptor {
    let file = |path| FileReader::new(File::open(path).expect("the certificate is there"));
    let chain = CertificateDer::pem_reader_iter(file(&certificate.certificate));
    let chain: Vec<_> = chain.collect::<Result<_, _>>().expect("a certificate");
    let key = PrivateKeyDer::from_pem_reader(file(&certificate.key)).expect("a key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .expect("a certificate and its key");
    TlsAcceptor::from(Arc::new(config))
}
