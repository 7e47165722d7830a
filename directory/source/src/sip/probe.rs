//! Whether a SIP server can be asked: every step from its name to a subscription, one by one.

use std::time::Duration;

use directory_model::probe::{Finding, ProbeKind, ProbeOutcome, Steps, Tested};
use directory_model::source::{SipConnection, SipTransport};
use tokio::time::timeout;

use super::agent::Agent;
use super::notice::{Outcome, Package};
use super::wire::{Opening, Wire};
use crate::ReadRequest;
use crate::error::{SourceError, no_answer_within};
use crate::ldap::probe::{detail_of, encryption_of};
use crate::outbound::Allowed;

/// What is tried, in order.
const PLANNED: [ProbeKind; 4] = [ProbeKind::Name, ProbeKind::Connection, ProbeKind::Encryption, ProbeKind::SignIn];
/// How long all of it may take: somebody waits for it.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long one step may take.
const STEP_PATIENCE: u32 = 8;
/// For how long the subscription is asked for that is tried; it is ended at once.
const MOMENT: Duration = Duration::from_mins(1);

/// Tries to subscribe at the server; the first step that fails says why the rest was not tried.
pub(crate) async fn test(connection: &SipConnection, request: ReadRequest<'_>) -> Tested {
    let mut steps = Steps::new(&PLANNED);
    let hurried =
        SipConnection { timeout_seconds: connection.timeout_seconds.min(STEP_PATIENCE), ..connection.clone() };
    let trial = Trial { connection: &hurried, request };
    if timeout(PATIENCE, trial.run(&mut steps)).await.is_err() {
        steps.fail(Finding::TookTooLong { seconds: PATIENCE.as_secs() });
    }
    steps.end(Vec::new())
}

struct Trial<'a> {
    connection: &'a SipConnection,
    request: ReadRequest<'a>,
}

/// A step failed, which is written down, so those after it are not tried.
struct Failed;

fn failed(steps: &mut Steps, finding: Finding) -> Failed {
    steps.fail(finding);
    Failed
}

impl Trial<'_> {
    async fn run(&self, steps: &mut Steps) {
        // Whatever came of it is among the steps.
        let _: Result<(), Failed> = async {
            let allowed = self.name(steps).await?;
            let wire = match self.connection.transport {
                SipTransport::Udp => self.socket(steps, allowed).await?,
                SipTransport::Tcp | SipTransport::Tls => self.stream(steps, allowed).await?,
            };
            self.subscription(steps, wire).await
        }
        .await;
    }

    fn opening(&self) -> Opening<'_> {
        Opening::new(self.connection)
    }

    async fn name(&self, steps: &mut Steps) -> Result<Allowed, Failed> {
        let host = self.connection.host.clone();
        let allowed = self.opening().resolve(&self.request.policy.outbound).await;
        let addresses = u32::try_from(allowed.count()).unwrap_or(u32::MAX);
        if addresses == 0 {
            return Err(failed(steps, Finding::NameUnknown { host }));
        }
        steps.next(ProbeOutcome::Passed, Finding::NameFound { host, addresses });
        Ok(allowed)
    }

    async fn socket(&self, steps: &mut Steps, allowed: Allowed) -> Result<Wire, Failed> {
        let wire = self.opening().over_datagrams(allowed).await.map_err(|error| self.not_connected(steps, error))?;
        // Datagrams connect nobody: whether somebody is there shows when they answer.
        let (agent, _notices) = Agent::over(wire, self.connection, None);
        if !matches!(agent.ask().await, Outcome::Granted { .. }) {
            let detail = no_answer_within(Duration::from_secs(self.connection.timeout_seconds.into()));
            let (host, port) = self.place();
            return Err(failed(steps, Finding::NotConnected { host, port, detail }));
        }
        self.connected(steps);
        steps.next(ProbeOutcome::Warning, Finding::ReadableOnTheWay);
        let allowed = self.opening().resolve(&self.request.policy.outbound).await;
        self.opening().over_datagrams(allowed).await.map_err(|error| self.not_connected(steps, error))
    }

    async fn stream(&self, steps: &mut Steps, allowed: Allowed) -> Result<Wire, Failed> {
        let opening = self.opening();
        let stream = opening.connect(allowed).await.map_err(|error| self.not_connected(steps, error))?;
        self.connected(steps);
        if self.connection.transport == SipTransport::Tcp {
            steps.next(ProbeOutcome::Warning, Finding::ReadableOnTheWay);
            return opening.over_connection(stream).map_err(|error| self.not_connected(steps, error));
        }
        match opening.encrypt(stream).await {
            Ok(stream) => {
                steps.next(ProbeOutcome::Passed, encryption_of(&stream));
                opening.over_encrypted(stream).map_err(|error| self.not_connected(steps, error))
            }
            Err(SourceError::CertificateRefused { detail, .. }) => {
                Err(failed(steps, Finding::CertificateRefused { detail }))
            }
            Err(error) => Err(failed(steps, Finding::EncryptionFailed { detail: detail_of(error) })),
        }
    }

    fn place(&self) -> (String, u16) {
        (self.connection.host.clone(), self.connection.port())
    }

    fn connected(&self, steps: &mut Steps) {
        let (host, port) = self.place();
        steps.next(ProbeOutcome::Passed, Finding::Connected { host, port });
    }

    fn not_connected(&self, steps: &mut Steps, error: SourceError) -> Failed {
        let (host, port) = self.place();
        failed(steps, Finding::NotConnected { host, port, detail: detail_of(error) })
    }

    /// Subscribes to ourselves, whom the server knows if anybody.
    async fn subscription(&self, steps: &mut Steps, wire: Wire) -> Result<(), Failed> {
        let (agent, _notices) = Agent::over(wire, self.connection, self.request.secret);
        let (mut id, name) = (agent.new_id(), self.connection.user().to_owned());
        let mut outcome = agent.subscribe(id, &self.connection.address, Package::Presence, MOMENT).await;
        if let Outcome::TooBrief { at_least } = outcome {
            id = agent.new_id();
            outcome = agent.subscribe(id, &self.connection.address, Package::Presence, at_least).await;
        }
        let detail = match outcome {
            Outcome::Granted { .. } => {
                steps.next(ProbeOutcome::Passed, Finding::SignedIn { name });
                agent.unsubscribe(id).await;
                return Ok(());
            }
            Outcome::Unauthorized if self.request.secret.is_none() => {
                return Err(failed(steps, Finding::SecretMissing { name }));
            }
            Outcome::Unauthorized => return Err(failed(steps, Finding::SignInRefused { name })),
            Outcome::Refused { status, .. } => {
                format!("the server refuses a subscription to `{}` with status {status}", self.connection.address)
            }
            Outcome::Moved { .. } => "the server sends us to another one".into(),
            Outcome::TooBrief { .. } | Outcome::NotSent => "the server grants no subscription".into(),
            Outcome::NoAnswer => no_answer_within(Duration::from_secs(self.connection.timeout_seconds.into())),
            Outcome::Lost => "the server ended the connection".into(),
        };
        Err(failed(steps, Finding::SignInFailed { detail }))
    }
}
