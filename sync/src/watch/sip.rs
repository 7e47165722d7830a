//! How available people are, and whether they are on the telephone, as a SIP server tells by itself.
//!
//! Each contact has a subscription of its own at the server, over one way to it. What the server tells is taken in by a
//! task of that way ([`listening`]), whoever asks meanwhile.

mod listening;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use directory_model::clock::Clock;
use directory_model::id::{ContactId, TenantId};
use directory_model::port::{BoxFuture, SourceRules};
use directory_model::presence::lync::LowNumbers;
use directory_model::run::RunProblem;
use directory_model::secret::Secret;
use directory_model::source::{Aspect, SipConnection};
use directory_model::timestamp::Timestamp;
use directory_source::SourcePolicy;
use directory_source::sip::{Agent, Outcome as Said, Package, SubscriptionId};
use futures_util::future::join_all;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use self::listening::Listening;
use super::connector::{Ask, Connector, News, Outcome, Trouble};
use crate::upkeep::{Act, Answer, Refusal, Terms};

/// How many contacts are asked about together.
const AT_ONCE: usize = 16;
/// A server may say once that the lifetime is too short, and once that somebody is elsewhere.
const MAX_TRIES: u8 = 3;
/// The longest lifetime that a server may insist on.
const LONGEST: Duration = Duration::from_hours(24);
/// How much news waits to be taken in.
const NEWS: usize = 64;

/// How such a server is asked.
pub(super) fn terms(connection: &SipConnection) -> Terms {
    let patience = Duration::from_secs(connection.timeout_seconds.into());
    let lifetime = Duration::from_secs(connection.expires_seconds.into());
    Terms {
        is_polled: false,
        is_grouped: false,
        // Nothing is polled.
        fast: lifetime,
        slow: lifetime,
        at_once: AT_ONCE,
        requests_per_second: 50.0,
        // Connecting, and being asked who we are, are requests of their own.
        answer_within: patience * 4,
        // Each renewal is to be answered with a notification (RFC 6665, 4.2.1.2).
        stale_after: lifetime * 2,
    }
}

/// How the tenant of the source has documents read; as by default where nobody says.
#[derive(Clone)]
pub(super) struct Rules {
    pub(super) tenant: TenantId,
    pub(super) of_tenants: Option<Arc<dyn SourceRules>>,
}

impl Rules {
    fn low_numbers(&self) -> LowNumbers {
        self.of_tenants.as_ref().map(|rules| rules.low_lync_numbers(self.tenant)).unwrap_or_default()
    }
}

/// Subscriptions at one server.
pub(super) struct SipSubscriptions {
    connection: SipConnection,
    secret: Option<Secret>,
    policy: SourcePolicy,
    package: Package,
    clock: Arc<dyn Clock>,
    rules: Rules,
    way: tokio::sync::Mutex<Option<Arc<Way>>>,
    news: tokio::sync::Mutex<mpsc::Receiver<News>>,
    told: mpsc::Sender<News>,
    tasks: Mutex<JoinSet<()>>,
}

/// One way to the server, with the subscriptions over it.
pub(super) struct Way {
    agent: Agent,
    lifetime: Duration,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    is_lost: bool,
    ids: HashMap<ContactId, SubscriptionId>,
    contacts: HashMap<SubscriptionId, ContactId>,
    /// Those whose subscription the server granted.
    granted: HashSet<ContactId>,
}

impl Known {
    /// Whether the server keeps a subscription of somebody else than these.
    fn works_for_others(&self, asked: &[ContactId]) -> bool {
        self.granted.iter().any(|contact| !asked.contains(contact))
    }

    /// Puts a subscription, or none, in the place of the one that the contact had.
    fn replace(&mut self, contact: ContactId, new: Option<SubscriptionId>) -> Option<SubscriptionId> {
        self.granted.remove(&contact);
        let old = match new {
            Some(id) => self.ids.insert(contact, id),
            None => self.ids.remove(&contact),
        };
        if let Some(old) = old {
            self.contacts.remove(&old);
        }
        self.contacts.extend(new.map(|id| (id, contact)));
        old
    }
}

impl Way {
    fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The subscription of a contact, which is then nobody's.
    fn take(&self, contact: ContactId) -> Option<SubscriptionId> {
        self.known().replace(contact, None)
    }

    /// A new subscription of a contact, known before it is asked for: notices may come at once.
    fn new_id(&self, contact: ContactId) -> SubscriptionId {
        let id = self.agent.new_id();
        self.known().replace(contact, Some(id));
        id
    }
}

impl SipSubscriptions {
    pub(super) fn new(
        connection: &SipConnection,
        secret: Option<&Secret>,
        policy: &SourcePolicy,
        aspect: Aspect,
        clock: Arc<dyn Clock>,
        rules: Rules,
    ) -> Self {
        let (told, news) = mpsc::channel(NEWS);
        Self {
            connection: connection.clone(),
            secret: secret.cloned(),
            policy: policy.clone(),
            package: if aspect == Aspect::Calls { Package::Calls } else { Package::Presence },
            clock,
            rules,
            way: tokio::sync::Mutex::default(),
            news: tokio::sync::Mutex::new(news),
            told,
            tasks: Mutex::default(),
        }
    }

    /// The way to the server, opened when there is none.
    async fn way(&self) -> Result<Arc<Way>, Trouble> {
        let mut current = self.way.lock().await;
        if let Some(way) = current.as_ref().filter(|way| !way.known().is_lost) {
            return Ok(Arc::clone(way));
        }
        let (agent, notices) = Agent::connect(&self.connection, self.secret.as_ref(), &self.policy.outbound).await?;
        let lifetime = Duration::from_secs(self.connection.expires_seconds.into());
        let way = Arc::new(Way { agent, lifetime, known: Mutex::default() });
        let listening =
            Listening::new(Arc::clone(&way), Arc::clone(&self.clock), self.rules.clone(), self.told.clone());
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        // Those of ways that were lost have ended.
        while tasks.try_join_next().is_some() {}
        tasks.spawn(listening.run(notices));
        drop(tasks);
        *current = Some(Arc::clone(&way));
        Ok(way)
    }

    async fn one(&self, way: &Way, ask: &Ask) -> Option<Said> {
        let contact = ask.order.contact;
        match (ask.order.act, ask.who.as_ref().and_then(|who| who.sip.as_deref())) {
            (Act::Unsubscribe, _) | (_, None) => {
                if let Some(id) = way.take(contact) {
                    way.agent.unsubscribe(id).await;
                }
                None
            }
            (Act::Subscribe, Some(sip)) => {
                if let Some(old) = way.take(contact) {
                    way.agent.unsubscribe(old).await;
                }
                Some(self.subscribe(way, contact, sip).await)
            }
            (Act::Renew, Some(_)) => Some(self.renew(way, contact).await),
            // It is asked for when nothing was heard for two lifetimes, although renewals are to be heard: the
            // subscription does not work, whatever the server says.
            (Act::Poll, Some(_)) => None,
        }
    }

    async fn subscribe(&self, way: &Way, contact: ContactId, sip: &str) -> Said {
        let scheme = if sip.contains(':') { "" } else { "sip:" };
        let (mut target, mut lifetime) = (format!("{scheme}{sip}"), way.lifetime);
        let mut outcome = Said::NoAnswer;
        for _ in 0..MAX_TRIES {
            let id = way.new_id(contact);
            outcome = way.agent.subscribe(id, &target, self.package, lifetime).await;
            match &outcome {
                Said::TooBrief { at_least } if *at_least <= LONGEST => lifetime = *at_least,
                Said::Moved { to } => target.clone_from(to),
                _ => break,
            }
        }
        if matches!(outcome, Said::Granted { .. }) {
            // Unless it has ended meanwhile.
            let mut known = way.known();
            if known.ids.contains_key(&contact) {
                known.granted.insert(contact);
            }
        } else {
            way.take(contact);
        }
        outcome
    }

    async fn renew(&self, way: &Way, contact: ContactId) -> Said {
        let id = way.known().ids.get(&contact).copied();
        let Some(id) = id else { return Said::Refused { status: 481, retry_after: None } };
        let outcome = way.agent.refresh(id, way.lifetime).await;
        match outcome {
            Said::TooBrief { at_least } if at_least <= LONGEST => way.agent.refresh(id, at_least).await,
            outcome => {
                if outcome.is_gone() {
                    way.take(contact);
                }
                outcome
            }
        }
    }

    /// What stands against the server as a whole, when nobody was granted anything: not that it is silent about
    /// one, or refuses one, while it keeps the subscriptions of others.
    fn trouble(&self, way: &Way, asks: &[Ask], said: &[Option<Said>]) -> Option<Trouble> {
        let all: Vec<&Said> = said.iter().flatten().collect();
        let asked: Vec<ContactId> = asks.iter().map(|ask| ask.order.contact).collect();
        let is_lost = all.iter().all(|said| matches!(said, Said::Lost));
        if all.is_empty() || (!is_lost && way.known().works_for_others(&asked)) {
            return None;
        }
        let (url, seconds) = (self.connection.url(), self.connection.timeout_seconds);
        let detail = |detail: &str| detail.to_owned();
        let problem = if all.iter().all(|said| matches!(said, Said::Unauthorized)) {
            RunProblem::RequestRefused { url, status: 401, detail: detail("the name or the password is wrong") }
        } else if all.iter().all(|said| matches!(said, Said::NoAnswer)) {
            RunProblem::Unreachable { url, detail: format!("no answer within {seconds} seconds") }
        } else if is_lost {
            RunProblem::Unreachable { url, detail: detail("the server ended the connection") }
        } else {
            return None;
        };
        Some(Trouble { is_busy: false, retry_after: None, problem })
    }
}

impl Connector for SipSubscriptions {
    fn ask<'a>(&'a self, asks: &'a [Ask], _: Timestamp) -> BoxFuture<'a, Result<Vec<Outcome>, Trouble>> {
        Box::pin(async move {
            let way = self.way().await?;
            let said = join_all(asks.iter().map(|ask| self.one(&way, ask))).await;
            if let Some(trouble) = self.trouble(&way, asks, &said) {
                return Err(trouble);
            }
            let outcome = |(ask, said): (&Ask, Option<Said>)| {
                let answer = said.map_or(Answer::Differs, |said| answer(&said));
                Outcome { order: ask.order, answer, said: None }
            };
            Ok(asks.iter().zip(said).map(outcome).collect())
        })
    }

    fn news(&self) -> BoxFuture<'_, News> {
        Box::pin(async move {
            match self.news.lock().await.recv().await {
                Some(news) => news,
                // Never: the other end is ours as well.
                None => std::future::pending().await,
            }
        })
    }
}

/// What the server said to a request, in the words of upkeep.
fn answer(said: &Said) -> Answer {
    let refused = |refusal, retry_after| Answer::Refused { refusal, retry_after };
    match *said {
        Said::Granted { lifetime, .. } => Answer::Granted { lifetime },
        Said::NoAnswer | Said::Lost => Answer::Lost,
        Said::TooBrief { .. } | Said::Moved { .. } | Said::Unauthorized | Said::NotSent => {
            refused(Refusal::Rejected, None)
        }
        Said::Refused { status, retry_after } => match status {
            404 | 410 | 481 | 484 | 485 | 604 => refused(Refusal::NotKnown, retry_after),
            408 => Answer::Lost,
            // Who is not to be reached now may be later.
            480 | 486 | 500..=599 | 600 if status != 501 => refused(Refusal::Busy, retry_after),
            _ => refused(Refusal::Rejected, retry_after),
        },
    }
}

#[cfg(test)]
mod tests {
    use directory_model::id::CountedIds;

    use super::*;

    #[test]
    fn a_server_works_as_long_as_it_keeps_a_subscription_of_somebody_else() {
        let ids = CountedIds::default();
        let [anna, bert] = [(); 2].map(|()| ContactId::new(&ids));
        let mut known = Known::default();
        assert!(!known.works_for_others(&[anna]), "what was not granted proves nothing");

        known.granted.insert(bert);
        assert!(known.works_for_others(&[anna]));
        assert!(!known.works_for_others(&[anna, bert]) && !known.works_for_others(&[bert]));

        known.replace(bert, None);
        assert!(!known.works_for_others(&[anna]));
    }

    #[test]
    fn each_status_means_one_thing() {
        const HOUR: Duration = Duration::from_hours(1);
        let refused = |status| Said::Refused { status, retry_after: None };
        for (said, expected) in [
            (Said::Granted { lifetime: LONGEST, is_pending: true }, Answer::Granted { lifetime: LONGEST }),
            (Said::NoAnswer, Answer::Lost),
            (Said::Lost, Answer::Lost),
            (refused(408), Answer::Lost),
            (refused(404), Answer::Refused { refusal: Refusal::NotKnown, retry_after: None }),
            (refused(410), Answer::Refused { refusal: Refusal::NotKnown, retry_after: None }),
            (refused(481), Answer::Refused { refusal: Refusal::NotKnown, retry_after: None }),
            (refused(604), Answer::Refused { refusal: Refusal::NotKnown, retry_after: None }),
            (refused(302), Answer::Refused { refusal: Refusal::Rejected, retry_after: None }),
            (refused(403), Answer::Refused { refusal: Refusal::Rejected, retry_after: None }),
            (refused(489), Answer::Refused { refusal: Refusal::Rejected, retry_after: None }),
            (refused(501), Answer::Refused { refusal: Refusal::Rejected, retry_after: None }),
            (refused(503), Answer::Refused { refusal: Refusal::Busy, retry_after: None }),
            (refused(480), Answer::Refused { refusal: Refusal::Busy, retry_after: None }),
            (Said::Unauthorized, Answer::Refused { refusal: Refusal::Rejected, retry_after: None }),
            (Said::NotSent, Answer::Refused { refusal: Refusal::Rejected, retry_after: None }),
            (Said::TooBrief { at_least: HOUR }, Answer::Refused { refusal: Refusal::Rejected, retry_after: None }),
            (Said::Moved { to: String::new() }, Answer::Refused { refusal: Refusal::Rejected, retry_after: None }),
        ] {
            assert_eq!(answer(&said), expected, "{said:?}");
        }
    }
}
