//! How available people are, as a Skype for Business server tells by itself over UCWA.
//!
//! The gateway is one application there, signed in as one account. It subscribes to people in groups ([`groups`]), and a
//! task listens to the application's event channel ([`listening`]), reads what has changed, and says of the account
//! what it is to say ([`publishing`]). When the application is lost, so is everything about it: it is made anew, after
//! looking anew for the server that has the account.

mod groups;
mod listening;
mod publishing;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use directory_model::address::{AddressKind, bare_address};
use directory_model::clock::Clock;
use directory_model::id::{ContactId, TenantId};
use directory_model::port::{BoxFuture, OwnWord, OwnWords};
use directory_model::presence::{NoteKind, SourceNote};
use directory_model::secret::Secret;
use directory_model::source::UcwaConnection;
use directory_model::timestamp::Timestamp;
use directory_source::SourcePolicy;
use directory_source::ucwa::{Agent, MOST_CONTACTS, Refused, Stated, Subscription};
use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use self::groups::Groups;
use self::listening::Listening;
use super::connector::{Ask, Connector, News, Outcome, Statement, Trouble, Word};
use crate::upkeep::keeper::Order;
use crate::upkeep::{Act, Answer, Notice, Refusal, Termination, Terms};

/// How many requests about single contacts are out at once.
const AT_ONCE: usize = 8;
/// How much news waits to be taken in.
const NEWS: usize = 64;
/// How often a subscription is halved whose refusal may be about one of its contacts only.
const MAX_REQUESTS: usize = 24;

/// How such a server is asked.
pub(super) fn terms(connection: &UcwaConnection) -> Terms {
    Terms {
        is_polled: false,
        is_grouped: true,
        // Only where there are too many subscriptions.
        fast: Duration::from_secs(30),
        slow: Duration::from_mins(5),
        at_once: MOST_CONTACTS,
        requests_per_second: 5.0,
        // Looking for the server and signing in are requests of their own.
        answer_within: Duration::from_secs(connection.timeout_seconds.into()) * 6,
        // Who is away for hours is not told of for hours.
        stale_after: Duration::from_hours(1),
    }
}

/// Whose own words are told to the server.
pub(super) struct Account {
    pub(super) tenant: TenantId,
    pub(super) words: Option<Arc<dyn OwnWords>>,
}

impl Account {
    /// What the contact says of itself now.
    fn word(&self, contact: Option<ContactId>) -> Option<OwnWord> {
        self.words.as_ref()?.own_word(self.tenant, contact?)
    }
}

/// Subscriptions at one server.
pub(super) struct UcwaSubscriptions {
    connection: UcwaConnection,
    secret: Option<Secret>,
    policy: SourcePolicy,
    clock: Arc<dyn Clock>,
    account: Arc<Account>,
    way: tokio::sync::Mutex<Option<Arc<Way>>>,
    news: tokio::sync::Mutex<mpsc::Receiver<News>>,
    told: mpsc::Sender<News>,
    tasks: Mutex<JoinSet<()>>,
}

/// One application, with the subscriptions that it made.
struct Way {
    agent: Agent,
    minutes: u32,
    groups: Mutex<Groups>,
    lost: CancellationToken,
}

impl Way {
    fn groups(&self) -> MutexGuard<'_, Groups> {
        self.groups.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lifetime(&self) -> Duration {
        Duration::from_mins(self.minutes.into())
    }

    /// What a refusal means for the way as a whole: nothing, or that it is of no use now.
    fn trouble(&self, refused: Refused) -> Result<Refused, Trouble> {
        match refused {
            Refused::Busy(busy) => Err(busy.into()),
            Refused::Lost(error) => {
                self.lost.cancel();
                Err(error.into())
            }
            refused => Ok(refused),
        }
    }
}

/// What became of one order.
type Done = (Order, Answer, Option<Statement>);

impl UcwaSubscriptions {
    pub(super) fn new(
        connection: &UcwaConnection,
        secret: Option<&Secret>,
        policy: &SourcePolicy,
        clock: Arc<dyn Clock>,
        account: Account,
    ) -> Self {
        let (told, news) = mpsc::channel(NEWS);
        Self {
            connection: connection.clone(),
            secret: secret.cloned(),
            policy: policy.clone(),
            clock,
            account: Arc::new(account),
            way: tokio::sync::Mutex::default(),
            news: tokio::sync::Mutex::new(news),
            told,
            tasks: Mutex::default(),
        }
    }

    /// The application, made when there is none.
    async fn way(&self) -> Result<Arc<Way>, Trouble> {
        let mut current = self.way.lock().await;
        if let Some(way) = current.as_ref().filter(|way| !way.lost.is_cancelled()) {
            return Ok(Arc::clone(way));
        }
        let agent = Agent::connect(&self.connection, self.secret.as_ref(), &self.policy).await?;
        let channel = agent.channel()?;
        let (minutes, lost) = (self.connection.subscription_minutes, CancellationToken::new());
        let way = Arc::new(Way { agent, minutes, groups: Mutex::default(), lost });
        let clock = Arc::clone(&self.clock);
        let (account, mode) = (Arc::clone(&self.account), self.connection.publishes);
        let listening = Listening::new(Arc::clone(&way), clock, self.told.clone(), account, mode);
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        // Those of ways that were lost have ended.
        while tasks.try_join_next().is_some() {}
        tasks.spawn(listening.run(channel));
        drop(tasks);
        *current = Some(Arc::clone(&way));
        Ok(way)
    }

    /// Subscribes to people together, wherever they were before.
    async fn subscribe(&self, way: &Way, orders: Vec<(Order, String)>, now: Timestamp) -> Result<Vec<Done>, Trouble> {
        for (order, _) in &orders {
            leave(way, order.contact).await;
        }
        let (mut done, mut waiting, mut requests) = (Vec::new(), vec![orders], 0);
        while let Some(batch) = waiting.pop().filter(|batch| !batch.is_empty()) {
            requests += 1;
            if requests > MAX_REQUESTS {
                // Whoever is left out is asked about again.
                break;
            }
            let answer = match self.join(way, &batch, now).await {
                Ok(lifetime) => Answer::Granted { lifetime },
                Err(refused) => match way.trouble(refused)? {
                    Refused::Limited => refusal(Refusal::Limited),
                    // One whom the server does not want must not keep the others from being told of.
                    _ if batch.len() > 1 => {
                        let (one, other) = batch.split_at(batch.len() / 2);
                        waiting.extend([other.to_vec(), one.to_vec()]);
                        continue;
                    }
                    refused => answer(&refused),
                },
            };
            done.extend(batch.into_iter().map(|(order, _)| (order, answer, None)));
        }
        Ok(done)
    }

    /// Puts people into a subscription, which may be one with room; for how long it holds.
    async fn join(&self, way: &Way, batch: &[(Order, String)], now: Timestamp) -> Result<Duration, Refused> {
        let contacts: Vec<ContactId> = batch.iter().map(|(order, _)| order.contact).collect();
        let addresses: Vec<&str> = batch.iter().map(|(_, address)| address.as_str()).collect();
        let room = way.groups().room_for(&contacts, now);
        if let Some((subscription, ends)) = room {
            match way.agent.add(&subscription, &addresses).await {
                Ok(()) => {
                    way.groups().put(&subscription, &contacts, ends);
                    return Ok(ends.since(now));
                }
                Err(refused @ (Refused::Busy(_) | Refused::Lost(_))) => return Err(refused),
                // It is gone, full, or takes nobody in.
                Err(_) => {}
            }
        }
        let subscription = way.agent.subscribe(&addresses, way.minutes).await?;
        way.groups().put(&subscription, &contacts, now.plus(way.lifetime()));
        Ok(way.lifetime())
    }

    /// Has subscriptions go on; one that was extended for another of its contacts already does.
    async fn renew(&self, way: &Way, orders: Vec<Order>, now: Timestamp) -> Result<Vec<Done>, Trouble> {
        let (mut done, mut due) = (Vec::new(), BTreeMap::<Subscription, Vec<Order>>::new());
        for order in orders {
            let found = way.groups().of(order.contact);
            match found {
                None => done.push((order, refusal(Refusal::NotKnown), None)),
                Some((_, ends)) if ends.since(now) * 2 > way.lifetime() => {
                    done.push((order, Answer::Granted { lifetime: ends.since(now) }, None));
                }
                Some((subscription, _)) => due.entry(subscription).or_default().push(order),
            }
        }
        let extended = join_all(due.into_iter().map(|(subscription, orders)| async move {
            let extended = way.agent.extend(&subscription, way.minutes).await;
            (subscription, orders, extended)
        }));
        for (subscription, orders, extended) in extended.await {
            let answer = match extended {
                Ok(()) => {
                    way.groups().extended(&subscription, now.plus(way.lifetime()));
                    Answer::Granted { lifetime: way.lifetime() }
                }
                Err(refused) => {
                    let refused = way.trouble(refused)?;
                    let members = way.groups().end(&subscription);
                    let asked: Vec<ContactId> = orders.iter().map(|order| order.contact).collect();
                    for contact in members.into_iter().filter(|member| !asked.contains(member)) {
                        ended(&self.told, contact).await;
                    }
                    match refused {
                        Refused::NotKnown => refusal(Refusal::NotKnown),
                        refused => answer(&refused),
                    }
                }
            };
            done.extend(orders.into_iter().map(|order| (order, answer, None)));
        }
        Ok(done)
    }

    /// Asks how people are, one by one.
    async fn poll(&self, way: &Way, orders: Vec<(Order, String)>) -> Result<Vec<Done>, Trouble> {
        let asked = orders.into_iter().map(|(order, address)| async move {
            let known = way.agent.look_up(&address).await;
            (order, known)
        });
        let mut answers = stream::iter(asked).buffer_unordered(AT_ONCE);
        let mut done = Vec::new();
        while let Some((order, known)) = answers.next().await {
            done.push(match known {
                Ok(known) if known.stated.is_none() => (order, refusal(Refusal::Unreadable), None),
                Ok(known) => (order, Answer::Polled, Some(statement(known.stated, known.note))),
                Err(refused) => (order, answer(&way.trouble(refused)?), None),
            });
        }
        Ok(done)
    }
}

impl Connector for UcwaSubscriptions {
    fn ask<'a>(&'a self, asks: &'a [Ask], now: Timestamp) -> BoxFuture<'a, Result<Vec<Outcome>, Trouble>> {
        Box::pin(async move {
            let way = self.way().await?;
            let (mut starts, mut renewals, mut polls) = (Vec::new(), Vec::new(), Vec::new());
            for ask in asks {
                let contact = ask.order.contact;
                let sip = ask.who.as_ref().and_then(|who| who.sip.as_deref());
                let Some(address) = sip.map(|sip| bare_address(AddressKind::Sip, sip).to_lowercase()) else {
                    forget(&way, contact).await;
                    continue;
                };
                if ask.order.act == Act::Unsubscribe {
                    forget(&way, contact).await;
                    continue;
                }
                way.groups().name(contact, &address);
                match ask.order.act {
                    Act::Subscribe => starts.push((ask.order, address)),
                    Act::Renew => renewals.push(ask.order),
                    Act::Poll | Act::Unsubscribe => polls.push((ask.order, address)),
                }
            }
            let started = self.subscribe(&way, starts, now);
            let (started, renewed, polled) =
                tokio::try_join!(started, self.renew(&way, renewals, now), self.poll(&way, polls))?;
            let outcome = |(order, answer, said): Done| Outcome { order, answer, said };
            Ok(started.into_iter().chain(renewed).chain(polled).map(outcome).collect())
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

/// The contact is subscribed to no more; a subscription without anybody is ended, or expires soon.
async fn leave(way: &Way, contact: ContactId) {
    let empty = way.groups().leave(contact);
    end(way, empty).await;
}

async fn forget(way: &Way, contact: ContactId) {
    let empty = way.groups().forget(contact);
    end(way, empty).await;
}

async fn end(way: &Way, empty: Option<Subscription>) {
    if let Some(subscription) = empty {
        let _ = way.agent.end(&subscription).await;
    }
}

/// Tells that somebody's subscription has ended before its time.
async fn ended(told: &mpsc::Sender<News>, contact: ContactId) {
    let notice = Notice::Terminated { reason: Termination::Timeout, retry_after: None };
    let _ = told.send(News { contact: Some(contact), notice, said: None }).await;
}

/// What is known of somebody, as it is told.
fn statement(stated: Option<Stated>, note: Option<SourceNote>) -> Statement {
    let mut words = Vec::new();
    if let Some(Stated { mut said, custom }) = stated {
        // Such a note is shown only while somebody is out of office.
        said.is_out_of_office |= note.as_ref().is_some_and(|note| note.kind == NoteKind::OutOfOffice);
        words.push(Word { device: String::new(), said, custom, since: None });
    }
    Statement::State { words, notes: note.into_iter().collect() }
}

fn refusal(refusal: Refusal) -> Answer {
    Answer::Refused { refusal, retry_after: None }
}

/// What a refusal about one contact means for upkeep.
fn answer(refused: &Refused) -> Answer {
    match refused {
        Refused::NotKnown => refusal(Refusal::NotKnown),
        Refused::Limited => refusal(Refusal::Limited),
        Refused::Rejected(_) | Refused::NotAvailable => refusal(Refusal::Rejected),
        Refused::Unreadable(_) => refusal(Refusal::Unreadable),
        Refused::Busy(_) | Refused::Lost(_) | Refused::Replaced => Answer::Lost,
    }
}
