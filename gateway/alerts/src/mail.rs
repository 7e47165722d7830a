//! Mail over SMTP.

use std::time::Duration;

use directory_model::alert::{AlertMessage, DeliveryFailure, Language};
use directory_model::secret::Secret;
use directory_store::alert_outbox::Told;
use lettre::address::AddressError;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::response::Code;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

use crate::outcome::Outcome;
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
        let from: Mailbox = server.from.parse().map_err(|reason: AddressError| MailError::From(reason.to_string()))?;
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

    /// Sends the message to each address that was not `told` yet, a mail each: what becomes of one says
    /// nothing of the others.
    pub(crate) async fn send(
        &self,
        message: &AlertMessage,
        addresses: &[String],
        language: Language,
        told: Told,
    ) -> Outcome {
        let mut outcome = Outcome { told, ..Outcome::default() };
        for address in addresses {
            if outcome.told.addresses.contains(address) {
                continue;
            }
            let Err(failed) = self.send_to(message, address, language).await else {
                outcome.has_arrived = true;
                outcome.told.addresses.push(address.clone());
                continue;
            };
            if let Failed::Finally(failure) = &failed {
                outcome.told.addresses.push(address.clone());
                outcome.told.refusal.get_or_insert_with(|| failure.clone());
                continue;
            }
            let is_deaf = matches!(failed, Failed::Unheard(_));
            outcome.is_again = true;
            outcome.failure.get_or_insert(failed.into());
            if is_deaf {
                // Whoever does not listen at all would not hear of the others either.
                break;
            }
        }
        outcome.failure = outcome.told.refusal.clone().or(outcome.failure);
        outcome
    }

    async fn send_to(&self, message: &AlertMessage, address: &str, language: Language) -> Result<(), Failed> {
        let refused = |detail: &str| DeliveryFailure::Refused { detail: format!("{address}: {detail}") };
        let mail = self.compose(message, address, language);
        let mail = mail.map_err(|detail| Failed::Finally(refused(&detail)))?;
        let Err(reason) = self.transport.send(mail).await else { return Ok(()) };
        let detail = root(&reason);
        Err(match reason.status() {
            // Who hands in is not let in: that is mended in the configuration.
            Some(code) if is_about_credentials(code) => Failed::Unheard(DeliveryFailure::Refused { detail }),
            Some(_) if reason.is_permanent() => Failed::Finally(refused(&detail)),
            Some(_) => Failed::ForNow(refused(&detail)),
            None => Failed::Unheard(DeliveryFailure::Unanswered { detail }),
        })
    }

    fn compose(&self, message: &AlertMessage, address: &str, language: Language) -> Result<Message, String> {
        let Letter { subject, text } = letter(message, language, &self.public_url);
        let host = self.from.email.domain();
        let date = std::time::UNIX_EPOCH + Duration::from_millis(u64::try_from(message.at.millis()).unwrap_or(0));
        let mut builder = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, address.parse().map_err(|reason: AddressError| reason.to_string())?))
            .subject(subject)
            .date(date)
            // The same however often it is sent, so that who gets it twice can tell.
            .message_id(Some(format!("<{}@{host}>", message.id)))
            .header(ContentType::TEXT_PLAIN);
        // Nobody's holiday notice is an answer to it (RFC 3834).
        let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
        builder = builder.raw_header(HeaderValue::new(automatic, "auto-generated".to_owned()));
        let asker = message.object.enquiry.as_ref().and_then(|told| told.said.asker.mail.as_ref());
        if let Some(address) = asker.and_then(|mail| mail.parse().ok()) {
            // Whoever answers, answers the visitor.
            builder = builder.reply_to(Mailbox::new(None, address));
        }
        builder.body(text).map_err(|reason| reason.to_string())
    }
}

/// Why a mail to one address did not arrive.
enum Failed {
    /// Trying again is useless.
    Finally(DeliveryFailure),
    /// Trying again may help.
    ForNow(DeliveryFailure),
    /// So it is with every address now.
    Unheard(DeliveryFailure),
}

impl From<Failed> for DeliveryFailure {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Finally(failure) | Failed::ForNow(failure) | Failed::Unheard(failure) => failure,
        }
    }
}

/// Whether the server refused who hands in, not the mail (RFC 4954, 6).
fn is_about_credentials(code: Code) -> bool {
    matches!(u16::from(code), 530 | 534 | 535 | 538)
}

/// The innermost reason, which is the one that helps.
fn root(reason: &(dyn std::error::Error + 'static)) -> String {
    let mut inner = reason;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string().chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect()
}
