//! Which sources can be asked about presence, and how. A new kind is one more arm here.

use std::sync::Arc;
use std::time::Duration;

use directory_model::clock::Clock;
use directory_model::id::TenantId;
use directory_model::port::{OwnWords, SourceRules};
use directory_model::run::RunProblem;
use directory_model::secret::Secret;
use directory_model::source::{Aspect, Connection, Source};
use directory_source::free_busy::NoAnswer;
use directory_source::graph::presence::MOST_USERS;
use directory_source::graph::schedules::MOST_CALENDARS;
use directory_source::{SourceError, SourcePolicy, exchange};

use super::calendar::{ExchangeCalendars, GraphCalendars};
use super::connector::{Connector, Connectors, Trouble};
use super::graph::GraphUsers;
use super::sip::{self, Rules, SipSubscriptions};
use super::ucwa::{self, Account, UcwaSubscriptions};
use crate::upkeep::Terms;

/// Connects to real sources.
#[derive(Clone)]
pub struct SourceConnectors {
    policy: SourcePolicy,
    clock: Arc<dyn Clock>,
    words: Option<Arc<dyn OwnWords>>,
    rules: Option<Arc<dyn SourceRules>>,
}

impl SourceConnectors {
    /// Connections that keep to `policy`.
    pub fn new(policy: SourcePolicy, clock: Arc<dyn Clock>) -> Self {
        Self { policy, clock, words: None, rules: None }
    }

    /// The same, with what people say of themselves, for sources that are told so.
    #[must_use]
    pub fn with_own_words(self, words: Arc<dyn OwnWords>) -> Self {
        Self { words: Some(words), ..self }
    }

    /// The same, with how tenants have what sources say read.
    #[must_use]
    pub fn with_rules(self, rules: Arc<dyn SourceRules>) -> Self {
        Self { rules: Some(rules), ..self }
    }
}

impl Connectors for SourceConnectors {
    fn terms(&self, source: &Source, aspect: Aspect) -> Terms {
        match (&source.fields.connection, aspect) {
            // 1,500 requests in 30 seconds are allowed for each application and tenant (peers.md §5.3), of
            // which a tenth is used, because others ask as the same application.
            (Connection::Graph(_), Aspect::Presence) => Terms {
                fast: Duration::from_secs(15),
                slow: Duration::from_mins(2),
                at_once: MOST_USERS,
                requests_per_second: 5.0,
                ..polled()
            },
            (Connection::Graph(_), Aspect::Calendar) => {
                Terms { at_once: MOST_CALENDARS, requests_per_second: 5.0, ..polled() }
            }
            (Connection::Sip(sip), _) => sip::terms(sip),
            (Connection::Ucwa(ucwa), Aspect::Presence) => ucwa::terms(ucwa),
            _ => polled(),
        }
    }

    fn connect(
        &self,
        tenant: TenantId,
        source: &Source,
        secret: Option<&Secret>,
        aspect: Aspect,
    ) -> Result<Box<dyn Connector>, Trouble> {
        let policy = self.policy.of_tenant(tenant);
        Ok(match (&source.fields.connection, aspect) {
            (Connection::Graph(graph), Aspect::Presence) => Box::new(GraphUsers::new(graph, secret, &policy)?),
            (Connection::Graph(graph), Aspect::Calendar) => Box::new(GraphCalendars::new(graph, secret, &policy)?),
            (Connection::Exchange(exchange), Aspect::Calendar) => {
                Box::new(ExchangeCalendars::new(exchange, secret, &policy)?)
            }
            (Connection::Sip(connection), _) => {
                let (clock, rules) = (Arc::clone(&self.clock), Rules { tenant, of_tenants: self.rules.clone() });
                Box::new(SipSubscriptions::new(connection, secret, &policy, aspect, clock, rules))
            }
            (Connection::Ucwa(connection), Aspect::Presence) => {
                let account = Account { tenant, words: self.words.clone() };
                Box::new(UcwaSubscriptions::new(connection, secret, &policy, Arc::clone(&self.clock), account))
            }
            // Refused when the source was entered.
            (
                Connection::Ldap(_)
                | Connection::File(_)
                | Connection::Exchange(_)
                | Connection::Graph(_)
                | Connection::Ucwa(_),
                _,
            ) => {
                let (retry_after, problem) = (None, RunProblem::Internal);
                return Err(Trouble { is_busy: false, retry_after, problem });
            }
        })
    }
}

/// How calendars of Exchange are asked, and whatever is polled and not said otherwise: they change less often
/// than people move, and what turns in them is known beforehand.
fn polled() -> Terms {
    Terms {
        is_polled: true,
        is_grouped: false,
        fast: Duration::from_mins(2),
        slow: Duration::from_mins(15),
        at_once: exchange::availability::MOST_MAILBOXES,
        requests_per_second: 2.0,
        answer_within: Duration::from_mins(2),
        stale_after: Duration::from_hours(24),
    }
}

impl From<NoAnswer> for Trouble {
    fn from(NoAnswer { error, retry_after }: NoAnswer) -> Self {
        let is_busy = matches!(error, SourceError::Busy { .. });
        Self { is_busy, retry_after, problem: error.to_problem() }
    }
}

impl From<SourceError> for Trouble {
    fn from(error: SourceError) -> Self {
        NoAnswer::from(error).into()
    }
}
