//! Whether a directory can be read: every step from its name to its entries, one by one.

use std::time::Duration;

use directory_model::probe::{
    DirectoryKind, Finding, MAX_COUNTED, ProbeKind, ProbeOutcome, SAMPLE_SIZE, Steps, Tested,
};
use directory_model::source::LdapConnection;
use ldap3::asn1::Tag;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::client::TlsStream;

use super::ask::{Answered, Ask, NO_ATTRIBUTES, ask, attributes_of};
use super::ber::Malformed;
use super::certificate::expires_at;
use super::config::{Encryption, Endpoint};
use super::connect::{Opening, Session, Stream, bind_name, patience};
use super::escape::parse;
use super::people;
use super::photos::having;
use super::refresh::SYNC_REQUEST;
use super::root_dse::{ACTIVE_DIRECTORY, lies_in};
use super::search::{is_description, source_filter};
use super::wire::{Bounds, Message, Scope, Wire};
use crate::ReadRequest;
use crate::error::SourceError;
use crate::look::Counted;
use crate::mapping::{PhotoMapper, default_mapping};

/// What is tried, in order.
const PLANNED: [ProbeKind; 8] = [
    ProbeKind::Name,
    ProbeKind::Connection,
    ProbeKind::Encryption,
    ProbeKind::SignIn,
    ProbeKind::Base,
    ProbeKind::Entries,
    ProbeKind::Photos,
    ProbeKind::Changes,
];
/// How long all of it may take: somebody waits for it.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long one step may take.
const STEP_PATIENCE: Duration = Duration::from_secs(8);

/// Tries to read the directory; the first step that fails says why the rest was not tried.
pub(crate) async fn test(connection: &LdapConnection, request: ReadRequest<'_>) -> Tested {
    let mut steps = Steps::new(&PLANNED);
    let mut counted = Counted::default();
    let trial = Trial { connection, request, patience: patience(connection).min(STEP_PATIENCE) };
    if timeout(PATIENCE, trial.run(&mut steps, &mut counted)).await.is_err() {
        steps.fail(Finding::TookTooLong { seconds: PATIENCE.as_secs() });
    }
    steps.end(counted.sample)
}

struct Trial<'a> {
    connection: &'a LdapConnection,
    request: ReadRequest<'a>,
    patience: Duration,
}

/// A step failed, which is written down, so those after it are not tried.
struct Failed;

impl Trial<'_> {
    async fn run(&self, steps: &mut Steps, counted: &mut Counted) {
        // Whatever came of it is among the steps.
        let _: Result<(), Failed> = async {
            let (stream, endpoint) = self.connect(steps).await?;
            let mut session = self.encrypt(steps, stream, &endpoint).await?;
            self.sign_in(steps, &mut session).await?;
            self.base(steps, &mut session).await?;
            let filter = self.filter(steps)?;
            self.entries(steps, &mut session, filter.clone(), counted).await?;
            self.photos(steps, &mut session, filter).await?;
            self.changes(steps, &mut session).await?;
            session.unbind().await;
            Ok(())
        }
        .await;
    }

    fn opening(&self) -> Opening<'_> {
        Opening { url: &self.connection.url, patience: self.patience }
    }

    async fn connect(&self, steps: &mut Steps) -> Result<(TcpStream, Endpoint), Failed> {
        let url = self.connection.url.clone();
        let endpoint = Endpoint::of(self.connection);
        let endpoint = endpoint.ok_or_else(|| failed(steps, Finding::NoAddress { url }))?;
        let (host, port) = (endpoint.host.clone(), endpoint.port);
        let allowed = self.request.policy.outbound.resolve(&host, port, self.patience).await;
        let addresses = u32::try_from(allowed.count()).unwrap_or(u32::MAX);
        if addresses == 0 {
            return Err(failed(steps, Finding::NameUnknown { host }));
        }
        steps.next(ProbeOutcome::Passed, Finding::NameFound { host: host.clone(), addresses });
        match allowed.connect(self.patience).await {
            Some(Ok(stream)) => {
                steps.next(ProbeOutcome::Passed, Finding::Connected { host, port });
                Ok((stream, endpoint))
            }
            Some(Err(detail)) => Err(failed(steps, Finding::NotConnected { host, port, detail })),
            None => Err(failed(steps, Finding::NameUnknown { host })),
        }
    }

    async fn encrypt(&self, steps: &mut Steps, stream: TcpStream, endpoint: &Endpoint) -> Result<Session, Failed> {
        let opening = self.opening();
        let encrypted = match endpoint.encryption {
            Encryption::None => {
                steps.next(ProbeOutcome::Warning, Finding::NotEncrypted);
                let stream: Box<dyn Stream> = Box::new(stream);
                return Ok(Wire::new(stream));
            }
            Encryption::FromTheStart => opening.encrypt(stream, endpoint, self.connection).await,
            Encryption::StartTls => match opening.start_tls(stream).await {
                Ok(stream) => opening.encrypt(stream, endpoint, self.connection).await,
                Err(error) => Err(error),
            },
        };
        match encrypted {
            Ok(stream) => {
                steps.next(ProbeOutcome::Passed, encryption_of(&stream));
                let stream: Box<dyn Stream> = Box::new(stream);
                Ok(Wire::new(stream))
            }
            Err(SourceError::CertificateRefused { detail, .. }) => {
                Err(failed(steps, Finding::CertificateRefused { detail }))
            }
            Err(error) => Err(failed(steps, Finding::EncryptionFailed { detail: detail_of(error) })),
        }
    }

    async fn sign_in(&self, steps: &mut Steps, session: &mut Session) -> Result<(), Failed> {
        let Some(name) = bind_name(self.connection) else {
            steps.next(ProbeOutcome::Passed, Finding::Anonymous);
            return Ok(());
        };
        let secret = self.request.secret.filter(|secret| !secret.expose().is_empty());
        let name = name.to_owned();
        if secret.is_none() {
            return Err(failed(steps, Finding::SecretMissing { name }));
        }
        match self.opening().bind(session, Some(&name), secret).await {
            Ok(()) => {
                steps.next(ProbeOutcome::Passed, Finding::SignedIn { name });
                Ok(())
            }
            Err(SourceError::BindRefused { .. }) => Err(failed(steps, Finding::SignInRefused { name })),
            Err(error) => Err(failed(steps, Finding::SignInFailed { detail: detail_of(error) })),
        }
    }

    async fn base(&self, steps: &mut Steps, session: &mut Session) -> Result<(), Failed> {
        let base = self.connection.base_dn.clone();
        let bounds = Bounds { scope: Scope::Base, is_types_only: true, limit: 1 };
        let asked = Ask { base: base.clone(), filter: any(steps)?, attributes: none(), bounds, shows_deleted: false };
        let answered = self.ask(steps, session, asked, |_| Ok(())).await?;
        if answered.is_success() && answered.count > 0 {
            steps.next(ProbeOutcome::Passed, Finding::BaseFound { base });
            return Ok(());
        }
        let detail = if answered.is_success() { "it may not be read".to_owned() } else { answered.detail() };
        Err(failed(steps, Finding::BaseMissing { base, detail }))
    }

    fn filter(&self, steps: &mut Steps) -> Result<Tag, Failed> {
        let invalid = |_| failed(steps, Finding::FilterInvalid { filter: self.connection.filter.clone() });
        source_filter(self.connection).map_err(invalid)
    }

    /// Counts as far as entries are counted, and shows some of them.
    async fn entries(
        &self,
        steps: &mut Steps,
        session: &mut Session,
        filter: Tag,
        counted: &mut Counted,
    ) -> Result<(), Failed> {
        let all = self.below(filter.clone(), none(), true, MAX_COUNTED);
        let answered = self.succeed(steps, session, all, |_| Ok(())).await?;
        counted.count = answered.count;
        counted.is_all = answered.outcome.result == 0;
        let mapper = self.request.mapper();
        let attributes = mapper.attributes().filter(|name| is_description(name));
        let attributes = attributes.map(str::to_owned).collect();
        let some = self.below(filter, attributes, false, SAMPLE_SIZE);
        let take = |message: &Message| {
            counted.show(&people::entry(&mapper, message)?);
            Ok(())
        };
        self.succeed(steps, session, some, take).await?;
        let (outcome, finding) = counted.finding();
        steps.next(outcome, finding);
        Ok(())
    }

    async fn photos(&self, steps: &mut Steps, session: &mut Session, filter: Tag) -> Result<(), Failed> {
        let default = default_mapping(self.request.connection);
        let mapper = PhotoMapper::new(self.request.mapping.unwrap_or(&default), &default);
        let names: Vec<String> = mapper.iter().flat_map(PhotoMapper::photo_attributes).map(str::to_owned).collect();
        let asked: Vec<&str> = names.iter().map(String::as_str).filter(|name| is_description(name)).collect();
        if asked.is_empty() {
            steps.next(ProbeOutcome::Skipped, Finding::PhotosNotRead);
            return Ok(());
        }
        let mut found = None;
        let asked = self.below(having(filter, &asked), names.clone(), true, 1);
        let take = |message: &Message| {
            found = attributes_of(message)?.into_iter().map(|(name, _)| name).next();
            Ok(())
        };
        self.succeed(steps, session, asked, take).await?;
        match found {
            Some(attribute) => steps.next(ProbeOutcome::Passed, Finding::PhotosFound { attribute }),
            None => steps.next(ProbeOutcome::Warning, Finding::NoPhotos { attributes: names.join(", ") }),
        }
        Ok(())
    }

    /// Whether a run may read only what changed, as far as that can be seen without one.
    async fn changes(&self, steps: &mut Steps, session: &mut Session) -> Result<(), Failed> {
        let root = self.root(steps, session).await?;
        let says = |value: &str| root.iter().any(|(_, said)| said == value);
        let named = |name: &'static str| {
            let values = root.iter().filter(move |(said, _)| said.eq_ignore_ascii_case(name));
            values.map(|(_, value)| value)
        };
        if says(ACTIVE_DIRECTORY) {
            let domain = named("defaultNamingContext").next().cloned().unwrap_or_default();
            let container = format!("CN=Deleted Objects,{domain}");
            let (outcome, finding) = if self.sees_deleted(steps, session, &container).await? {
                (ProbeOutcome::Passed, Finding::TellsChanges { directory: DirectoryKind::ActiveDirectory })
            } else {
                (ProbeOutcome::Warning, Finding::DeletionsHidden { container })
            };
            steps.next(outcome, finding);
            return Ok(());
        }
        let around = named("namingContexts").filter(|context| lies_in(&self.connection.base_dn, context));
        let nearest = around.max_by_key(|context| context.len()).filter(|_| says(SYNC_REQUEST));
        let is_counting = match nearest {
            Some(context) => self.counts_changes(steps, session, context).await?,
            None => false,
        };
        if is_counting {
            steps.next(ProbeOutcome::Passed, Finding::TellsChanges { directory: DirectoryKind::ContentSync });
        } else {
            steps.next(ProbeOutcome::Warning, Finding::TellsNoChanges);
        }
        Ok(())
    }

    /// What the directory says of itself in its root (RFC 4512, 5.1).
    async fn root(&self, steps: &mut Steps, session: &mut Session) -> Result<Vec<(String, String)>, Failed> {
        let names = ["supportedCapabilities", "supportedControl", "namingContexts", "defaultNamingContext"];
        let bounds = Bounds { scope: Scope::Base, is_types_only: false, limit: 1 };
        let attributes = names.map(str::to_owned).to_vec();
        let asked = Ask { base: String::new(), filter: any(steps)?, attributes, bounds, shows_deleted: false };
        let mut said = Vec::new();
        let take = |message: &Message| {
            for (name, values) in attributes_of(message)? {
                said.extend(values.iter().map(|value| (name.clone(), String::from_utf8_lossy(value).into_owned())));
            }
            Ok(())
        };
        self.ask(steps, session, asked, take).await?;
        Ok(said)
    }

    /// Whether the database behind `context` counts its changes; the server may know how, and not do it there.
    async fn counts_changes(&self, steps: &mut Steps, session: &mut Session, context: &str) -> Result<bool, Failed> {
        let bounds = Bounds { scope: Scope::Base, is_types_only: true, limit: 1 };
        let attributes = vec!["contextCSN".to_owned()];
        let asked = Ask { base: context.to_owned(), filter: any(steps)?, attributes, bounds, shows_deleted: false };
        let mut counts = false;
        let take = |message: &Message| {
            counts = !attributes_of(message)?.is_empty();
            Ok(())
        };
        self.ask(steps, session, asked, take).await?;
        Ok(counts)
    }

    /// Whether the account sees any deleted object, which no domain is long without.
    async fn sees_deleted(&self, steps: &mut Steps, session: &mut Session, container: &str) -> Result<bool, Failed> {
        let deleted = parse("(isDeleted=TRUE)");
        let filter = deleted.map_err(|invalid| failed(steps, Finding::SearchFailed { detail: invalid.to_string() }))?;
        let bounds = Bounds { scope: Scope::OneLevel, is_types_only: true, limit: 1 };
        let asked = Ask { base: container.to_owned(), filter, attributes: none(), bounds, shows_deleted: true };
        Ok(self.ask(steps, session, asked, |_| Ok(())).await?.count > 0)
    }

    fn below(&self, filter: Tag, attributes: Vec<String>, is_types_only: bool, limit: u32) -> Ask {
        let bounds = Bounds { scope: Scope::Subtree, is_types_only, limit };
        Ask { base: self.connection.base_dn.clone(), filter, attributes, bounds, shows_deleted: false }
    }

    async fn ask(
        &self,
        steps: &mut Steps,
        session: &mut Session,
        asked: Ask,
        take: impl FnMut(&Message) -> Result<(), Malformed>,
    ) -> Result<Answered, Failed> {
        let answered = ask(session, self.patience, asked, take).await;
        answered.map_err(|detail| failed(steps, Finding::SearchFailed { detail }))
    }

    /// The same, of a directory that should have an answer.
    async fn succeed(
        &self,
        steps: &mut Steps,
        session: &mut Session,
        asked: Ask,
        take: impl FnMut(&Message) -> Result<(), Malformed>,
    ) -> Result<Answered, Failed> {
        let answered = self.ask(steps, session, asked, take).await?;
        if answered.is_success() {
            return Ok(answered);
        }
        Err(failed(steps, Finding::SearchFailed { detail: answered.detail() }))
    }
}

fn failed(steps: &mut Steps, finding: Finding) -> Failed {
    steps.fail(finding);
    Failed
}

fn none() -> Vec<String> {
    vec![NO_ATTRIBUTES.to_owned()]
}

fn any(steps: &mut Steps) -> Result<Tag, Failed> {
    parse("(objectClass=*)").map_err(|invalid| failed(steps, Finding::SearchFailed { detail: invalid.to_string() }))
}

pub(crate) fn encryption_of(stream: &TlsStream<TcpStream>) -> Finding {
    let session = stream.get_ref().1;
    let protocol = session.protocol_version().and_then(|version| version.as_str()).unwrap_or("TLS");
    let protocol = protocol.replace("TLSv1_", "TLS 1.");
    let certificate = session.peer_certificates().and_then(<[_]>::first);
    Finding::Encrypted { protocol, expires_at: certificate.and_then(|certificate| expires_at(certificate)) }
}

/// What happened, without what the step says anyway.
pub(crate) fn detail_of(error: SourceError) -> String {
    match error {
        SourceError::Unreachable { detail, .. }
        | SourceError::SearchRefused { detail, .. }
        | SourceError::CertificateRefused { detail, .. } => detail,
        other => other.to_string(),
    }
}
