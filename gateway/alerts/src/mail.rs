//! Mail over SMTP.

use std::time::Duration;

use directory_model::alert::{AlertMessage, DeliveryFailure, Language};
use directory_model::secret::Secret;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

use crate::words::{Letter, letter};

/// How long the mail server may take for one command.
const PATIENCE: Duration = Duration::from_secs(20);

/// How the connection to the mail server is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encryption {
    /// Upgraded before anything is said; a server that cannot is not spoken to.
    Starttls,
    /// From the first byte on.
    Tls,
    /// Not at all, for a server on this machine.
    None,
}

/// Where mail is handed in, and as whom.
#[derive(Debug, Clone)]
pub struct MailServer {
    /// The server's name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How it is spoken to.
    pub encryption: Encryption,
    /// With which name and password, if any.
    pub credentials: Option<(String, Secret)>,
    /// Certificates in PEM to trust besides the usual authorities.
    pub trusted_certificates: Option<Vec<u8>>,
    /// From whom mails are.
    pub from: String,
}

/// The mail server cannot be used as it is configured.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The sender is no mail address.
    #[error("`mail.from` is no mail address: {0}")]
    From(String),
    /// The certificates cannot be used, or the server's name.
    #[error("no TLS for mail: {0}")]
    Tls(String),
}

/// Sends mail.
#[derive(Debug, Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    public_url: String,
}

impl Mailer {
    /// A sender of mails that point to the portal at `public_url`.
    pub fn new(server: MailServer, public_url: String) -> Result<Self, MailError> {
        let from: Mailbox =
            server.from.parse().map_err(|reason: lettre::address::AddressError| MailError::From(reason.to_string()))?;
        let tls = || {
            let mut parameters = TlsParameters::builder(server.host.clone());
            if let Some(pem) = &server.trusted_certificates {
                let certificate = Certificate::from_pem(pem).map_err(|reason| MailError::Tls(reason.to_string()))?;
                parameters = parameters.add_root_certificate(certificate);
            }
            parameters.build().map_err(|reason| MailError::Tls(reason.to_string()))
        };
        let tls = match server.encryption {
            Encryption::Starttls => Tls::Required(tls()?),
            Encryption::Tls => Tls::Wrapper(tls()?),
            Encryption::None => Tls::None,
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(server.host.clone());
        builder = builder.port(server.port).tls(tls).timeout(Some(PATIENCE));
        if let Some((user, password)) = server.credentials {
            builder = builder.credentials(Credentials::new(user, password.expose().to_owned()));
        }
        Ok(Self { transport: builder.build(), from, public_url })
    }

    /// Sends the message to all addresses at once. The second value of a failure says that trying again
    /// is useless.
    pub(crate) async fn send(
        &self,
        message: &AlertMessage,
        addresses: &[String],
        language: Language,
    ) -> Result<(), (DeliveryFailure, bool)> {
        let refused = |detail: String, is_final| (DeliveryFailure::Refused { detail }, is_final);
        let mail = self.compose(message, addresses, language).map_err(|detail| refused(detail, true))?;
        match self.transport.send(mail).await {
            Ok(_) => Ok(()),
            Err(reason) if reason.is_permanent() => Err(refused(root(&reason), true)),
            Err(reason) if reason.is_transient() => Err(refused(root(&reason), false)),
            Err(reason) => Err((DeliveryFailure::Unanswered { detail: root(&reason) }, false)),
        }
    }

    fn compose(&self, message: &AlertMessage, addresses: &[String], language: Language) -> Result<Message, String> {
        let Letter { subject, text } = letter(message, language, &self.public_url);
        let host = self.from.email.domain();
        let date = std::time::UNIX_EPOCH + Duration::from_millis(u64::try_from(message.at.millis()).unwrap_or(0));
        let mut builder = Message::builder()
            .from(self.from.clone())
            .subject(subject)
            .date(date)
            // The same however often it is sent, so that who gets it twice can tell.
            .message_id(Some(format!("<{}@{host}>", message.id)))
            .header(ContentType::TEXT_PLAIN);
        for address in addresses {
            let address = address.parse().map_err(|reason: lettre::address::AddressError| reason.to_string())?;
            builder = builder.to(Mailbox::new(None, address));
        }
        // Nobody's holiday notice is an answer to it (RFC 3834).
        let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
        builder = builder.raw_header(HeaderValue::new(automatic, "auto-generated".to_owned()));
        builder.body(text).map_err(|reason| reason.to_string())
    }
}

/// The innermost reason, which is the one that helps.
fn root(reason: &(dyn std::error::Error + 'static)) -> String {
    let mut inner = reason;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string().chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect()
}
