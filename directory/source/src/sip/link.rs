//! What goes on over one way to a server: our requests until they are answered (RFC 3261, 17.1.2), the server's requests
//! and their answers (17.2.2), and the subscriptions.
//!
//! One task owns all of it and never waits for anybody: what is sent goes into a queue with an end, what is told is kept
//! once for each subscription until it is taken. So nothing that a server or a caller does or leaves undone holds up the
//! rest, a caller may cease to wait at any moment, and memory is bounded.

mod answering;
mod asking;

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::Duration;

use directory_model::secret::Secret;
use directory_model::source::SipConnection;
use ring::rand::{SecureRandom, SystemRandom};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until};

use self::answering::Answers;
use self::asking::{Asked, Question};
use super::digest::Keyring;
use super::frame::Frame;
use super::hex;
use super::message::{Message, Start};
use super::notice::{Notice, Outcome, Package, Reason, Standing, SubscriptionId, Told};
use super::subscription::Subscription;
use super::wire::{Arrival, Wire, host_of};
use crate::error::SourceError;

/// The most requests that wait for an answer.
const MAX_ASKED: usize = 256;
/// The most subscriptions of one agent, those whose end was not taken yet included.
const MAX_SUBSCRIPTIONS: usize = 50_000;
/// How often the server is shown that we are there (RFC 5626, 4.4.1).
const KEEP_ALIVE: Duration = Duration::from_secs(30);
/// For how long nothing may be told after a subscription was granted: Timer N (RFC 6665, 4.1.2.4).
const TIMER_N: Duration = Duration::from_secs(32);

/// What an agent wants.
#[derive(Debug)]
pub(super) enum Command {
    Subscribe {
        id: SubscriptionId,
        target: String,
        package: Package,
        expires: Duration,
        reply: oneshot::Sender<Outcome>,
    },
    Refresh {
        id: SubscriptionId,
        expires: Duration,
        reply: oneshot::Sender<Outcome>,
    },
    Unsubscribe {
        id: SubscriptionId,
        reply: oneshot::Sender<Outcome>,
    },
    Ask {
        reply: oneshot::Sender<Outcome>,
    },
}

/// What is due at a moment.
#[derive(Debug)]
enum Timer {
    Resend(String),
    GiveUp(String),
    Silence(SubscriptionId),
    Ended(SubscriptionId),
    KeepAlive,
}

/// What a task waits for.
enum Happening {
    Wish(Option<Command>),
    Arrival(Arrival),
    Due,
    /// There is room for a notice, or nobody takes them any more.
    Room(bool),
}

/// Why the task ends.
enum End {
    /// Nobody wants anything any more.
    LetGo,
    /// The way ended.
    Lost(String),
}

/// The task of an agent.
pub(super) struct Link {
    wire: Wire,
    url: String,
    address: String,
    transport: &'static str,
    patience: Duration,
    keyring: Keyring,
    commands: mpsc::Receiver<Command>,
    notices: mpsc::Sender<Notice>,
    subscriptions: HashMap<SubscriptionId, Subscription>,
    by_call: HashMap<String, SubscriptionId>,
    asked: HashMap<String, Asked>,
    questions: HashMap<u64, Question>,
    answers: Answers,
    untold: HashMap<SubscriptionId, (Standing, Option<Told>)>,
    order: VecDeque<SubscriptionId>,
    timers: BTreeMap<(Instant, u64), Timer>,
    counter: u64,
    /// How the server sees us, where a network in between translates addresses (RFC 3581).
    seen_as: Option<(String, u16)>,
    has_heard: bool,
}

impl Link {
    pub(super) fn new(
        wire: Wire,
        connection: &SipConnection,
        secret: Option<Secret>,
        commands: mpsc::Receiver<Command>,
        notices: mpsc::Sender<Notice>,
    ) -> Self {
        Self {
            wire,
            url: connection.url(),
            address: connection.address.clone(),
            transport: connection.transport.word(),
            patience: Duration::from_secs(connection.timeout_seconds.into()),
            keyring: Keyring::new(connection.user(), secret),
            commands,
            notices,
            subscriptions: HashMap::new(),
            by_call: HashMap::new(),
            asked: HashMap::new(),
            questions: HashMap::new(),
            answers: Answers::default(),
            untold: HashMap::new(),
            order: VecDeque::new(),
            timers: BTreeMap::new(),
            counter: 0,
            seen_as: None,
            has_heard: true,
        }
    }

    /// Works until nobody wants anything any more, or the way ends; that is then told.
    pub(super) async fn run(mut self) {
        self.after(KEEP_ALIVE, Timer::KeepAlive);
        if let End::Lost(detail) = self.work().await {
            let lost = SourceError::Unreachable { url: self.url.clone(), detail };
            // Whoever waits for an answer learns it before the notice is taken.
            drop((self.commands, self.asked, self.questions, self.wire));
            let _ = self.notices.send(Notice::Lost(lost)).await;
        }
    }

    async fn work(&mut self) -> End {
        loop {
            let goes_on = match self.next().await {
                Happening::Wish(Some(command)) => self.obey(command),
                Happening::Wish(None) | Happening::Room(false) => return End::LetGo,
                Happening::Arrival(arrival) => self.arrived(arrival),
                Happening::Due => self.fire(),
                Happening::Room(true) => {
                    self.tell_next();
                    Ok(())
                }
            };
            if let Err(reason) = goes_on {
                return End::Lost(reason);
            }
        }
    }

    /// What happens next. Everything that is awaited here may be abandoned without losing anything.
    async fn next(&mut self) -> Happening {
        let due = self.timers.first_key_value().map(|((at, _), _)| *at);
        let due = due.unwrap_or_else(|| Instant::now() + KEEP_ALIVE);
        tokio::select! {
            command = self.commands.recv(), if self.asked.len() < MAX_ASKED => Happening::Wish(command),
            arrival = self.wire.receive() => Happening::Arrival(arrival),
            () = sleep_until(due) => Happening::Due,
            room = self.notices.reserve(), if !self.order.is_empty() => Happening::Room(room.is_ok()),
        }
    }

    /// Hands on the notice that has waited longest; nobody else could have taken the room for it.
    fn tell_next(&mut self) {
        let Some(subscription) = self.order.pop_front() else { return };
        if let Some((standing, told)) = self.untold.remove(&subscription) {
            let _ = self.notices.try_send(Notice::Told { subscription, standing, told });
        }
    }

    fn arrived(&mut self, arrival: Arrival) -> Result<(), String> {
        self.has_heard = true;
        match arrival {
            Arrival::End(reason) => return Err(reason),
            Arrival::Sign => {}
            Arrival::Frame(Frame::Ping) => self.send(b"\r\n".to_vec())?,
            Arrival::Frame(Frame::Message(message)) => match message.start {
                Start::Response(status) => self.answered(status, &message)?,
                Start::Request { .. } => self.requested(&message, false)?,
            },
            Arrival::Frame(Frame::TooLarge(message)) => match message.start {
                // Nothing of an answer's body is ever read.
                Start::Response(status) => self.answered(status, &message)?,
                Start::Request { .. } => self.requested(&message, true)?,
            },
        }
        Ok(())
    }

    /// Does what is due.
    fn fire(&mut self) -> Result<(), String> {
        let now = Instant::now();
        while let Some(entry) = self.timers.first_entry().filter(|entry| entry.key().0 <= now) {
            match entry.remove() {
                Timer::Resend(branch) => self.resend(&branch)?,
                Timer::GiveUp(branch) => self.give_up(&branch)?,
                Timer::Silence(id) => self.silent(id),
                Timer::Ended(id) => self.forget(id),
                Timer::KeepAlive => self.keep_alive()?,
            }
        }
        Ok(())
    }

    fn after(&mut self, wait: Duration, timer: Timer) {
        self.counter += 1;
        self.timers.insert((Instant::now() + wait, self.counter), timer);
    }

    fn send(&self, bytes: Vec<u8>) -> Result<(), String> {
        if self.wire.send(bytes) { Ok(()) } else { Err("the server does not take what it is sent".into()) }
    }

    /// Shows that we are there, and asks a server from which nothing came since the last time whether it is.
    fn keep_alive(&mut self) -> Result<(), String> {
        self.after(KEEP_ALIVE, Timer::KeepAlive);
        if self.has_heard {
            self.has_heard = false;
            return self.send(b"\r\n\r\n".to_vec());
        }
        if self.asked.values().any(Asked::asks_for_life) { Ok(()) } else { self.ask_for_life(None) }
    }

    /// A subscription was granted, and nobody notified.
    fn silent(&mut self, id: SubscriptionId) {
        let is_silent = self.subscriptions.get(&id).is_some_and(|subscription| !subscription.is_confirmed());
        if is_silent {
            self.forget(id);
            self.tell(id, Standing::Terminated { reason: Reason::Silent, retry_after: None }, None);
        }
    }

    fn forget(&mut self, id: SubscriptionId) {
        if let Some(gone) = self.subscriptions.remove(&id) {
            self.by_call.remove(&gone.call_id);
        }
    }

    /// Keeps what is to be told until it is taken.
    fn tell(&mut self, id: SubscriptionId, standing: Standing, told: Option<Told>) {
        if let Some((known, document)) = self.untold.get_mut(&id) {
            *known = standing;
            if told.is_some() {
                *document = told;
            }
        } else {
            self.untold.insert(id, (standing, told));
            self.order.push_back(id);
        }
    }

    /// Where we are reached.
    fn contact(&self) -> String {
        let user = self.address.split_once(':').and_then(|(_, rest)| rest.split_once('@')).map_or("", |(user, _)| user);
        let (host, port) = match &self.seen_as {
            Some((host, port)) => (host.clone(), *port),
            None => (host_of(self.wire.local.ip()), self.wire.local.port()),
        };
        format!("sip:{user}@{host}:{port};transport={}", self.transport)
    }

    /// A word that nobody else has.
    fn word(&mut self) -> String {
        self.counter += 1;
        let mut bytes = [0; 12];
        // Without randomness the words are still different from each other.
        let _ = SystemRandom::new().fill(&mut bytes);
        format!("{}{:x}", hex(&bytes), self.counter)
    }
}

/// What stands in the first Via of an answer about us.
fn seen(message: &Message) -> Option<(String, u16)> {
    let via = message.header("via").and_then(super::header::Via::parse)?;
    let ip: std::net::IpAddr = via.received.as_deref()?.trim_matches(['[', ']']).parse().ok()?;
    Some((host_of(ip), via.rport?))
}

#[cfg(test)]
mod tests;
