//! The connections of those who look on.
//!
//! After the head of a response is decided, an HTTP/1.1 socket is handed over to a *shard*: a
//! task that owns sockets, so that one who only waits costs no task, no channel and no buffer.
//! HTTP/2 streams stay with their connection and get a body. Both are sent the same bytes: a
//! retry line, the snapshot or the missed deltas, the deltas, and a ping every ten seconds.
//! Nothing is queued for anybody: a connection knows the number it has and reads on in the
//! topic's own memory, so a slow reader costs no more than a fast one until it is closed.

mod body;
mod connection;
mod counters;
mod nudge;
mod seat;
mod shard;
mod stream;

use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use directory_model::clock::Clock;
use directory_model::timestamp::Timestamp;
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use self::body::Carrier;
pub use self::body::FeedBody;
pub use self::counters::Counters;
use self::counters::Tally;
use self::nudge::Nudges;
pub use self::seat::{Seat, Seats};
use self::shard::{Command, Floor, Handed, Shard};
pub use self::stream::{Duplex, Stream};
use crate::coding::Coding;
use crate::feed::{Feed, FeedId, Leave, Topic};
use crate::random::Random;

/// After this long without an acknowledgement the kernel gives a silent client up.
const SILENCE: Duration = Duration::from_secs(40);

/// How much the kernel may hold for a client that reads slowly; by itself it would take megabytes.
const SEND_BUFFER: usize = 64 << 10;

/// The limits of an outlet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// How many tasks share the connections; as many as there are cores when 0.
    pub shards: usize,
    /// How many connections there may be.
    pub max_connections: usize,
    /// How many of them may come from one address (IPv6: from one network of 64 bits).
    pub max_connections_of_source: usize,
    /// How often each connection is pinged.
    pub ping_every: Duration,
    /// A client that could not be written to for this long is closed.
    pub stall: Duration,
    /// A client that is this many bytes of deltas behind is closed.
    pub max_backlog_bytes: u64,
    /// A client that says more than this after its request is closed.
    pub max_heard_bytes: usize,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            shards: 0,
            max_connections: 100_000,
            max_connections_of_source: 2_000,
            ping_every: Duration::from_secs(10),
            stall: Duration::from_secs(30),
            max_backlog_bytes: 256 << 10,
            max_heard_bytes: 4 << 10,
        }
    }
}

/// Why somebody cannot look on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Nothing is served under the key.
    #[error("nothing is served under this key")]
    Unknown,
    /// Pages of this origin may not show the publication.
    #[error("pages of this origin may not show the publication")]
    OriginNotCovered,
    /// There are as many connections as there may be.
    #[error("there are too many connections")]
    Full,
    /// There are as many connections from this address as there may be.
    #[error("there are too many connections from this address")]
    FullForSource,
}

/// The right to look on at one topic, from one event on. Holds a seat until the last copy and the
/// connection made of it are gone.
#[derive(Debug, Clone)]
pub struct Subscription {
    ticket: Ticket,
    last_event_id: Option<FeedId>,
}

impl Subscription {
    /// The same, written as `coding` says.
    #[must_use]
    pub fn coded(mut self, coding: Coding) -> Self {
        self.ticket.coding = coding;
        self
    }
}

/// What somebody who looks on holds for as long as that lasts.
#[derive(Debug, Clone)]
struct Ticket {
    topic: Arc<Topic>,
    /// The leave of the page that looks on, if a page does.
    leave: Option<Arc<Leave>>,
    coding: Coding,
    _seat: Arc<Seat>,
}

/// Carries the feed to connections.
pub struct Outlet {
    feed: Arc<Feed>,
    policy: Arc<Policy>,
    tally: Arc<Tally>,
    seats: Arc<Seats>,
    shards: Vec<mpsc::UnboundedSender<Command>>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
    next: AtomicUsize,
    random: Mutex<Random>,
    stop: watch::Sender<bool>,
}

impl Outlet {
    /// Starts the shards, in the runtime that this is called in.
    pub fn start(feed: Arc<Feed>, policy: Policy) -> Arc<Self> {
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        let count = if policy.shards == 0 { cores() } else { policy.shards };
        let seats = Seats::new(policy.max_connections, policy.max_connections_of_source);
        let (policy, tally) = (Arc::new(policy), Arc::new(Tally::default()));
        let mut shards = Vec::with_capacity(count);
        let mut tasks = Vec::with_capacity(count);
        for _ in 0..count {
            let (sender, commands) = mpsc::unbounded_channel();
            let shard = Shard {
                commands,
                news: feed.listen(),
                policy: policy.clone(),
                tally: tally.clone(),
                clock: feed.clock(),
                nudges: Arc::new(Nudges::default()),
                random: Random::from_system(),
                floor: Floor::default(),
            };
            shards.push(sender);
            // A budget for each task would stop a shard in the middle of a fan-out.
            tasks.push(tokio::spawn(tokio::task::unconstrained(shard.run())));
        }
        let (next, random) = (AtomicUsize::new(0), Mutex::new(Random::from_system()));
        let (tasks, stop) = (Mutex::new(tasks), watch::Sender::new(false));
        Arc::new(Self { feed, policy, tally, seats, shards, tasks, next, random, stop })
    }

    /// Lets somebody at `source` look on at the publication under `key`, from after
    /// `last_event_id` if that can still be had, else from the snapshot. A page of `origin` is cut
    /// when its origin may no longer show the publication.
    pub fn subscribe(
        &self,
        key: &str,
        last_event_id: Option<FeedId>,
        source: Option<IpAddr>,
        origin: Option<&str>,
    ) -> Result<Subscription, Refused> {
        let topic = self.feed.topic(key).ok_or(Refused::Unknown)?;
        let admit = |origin| self.feed.admit(&topic, origin).ok_or(Refused::OriginNotCovered);
        let leave = origin.map(admit).transpose()?;
        let seat = Arc::new(self.seats.take(source)?);
        Ok(Subscription { ticket: Ticket { topic, leave, coding: Coding::Plain, _seat: seat }, last_event_id })
    }

    /// Takes a socket over. `head` is written first: status line, headers and the blank line.
    pub fn take(&self, subscription: Subscription, head: Bytes, stream: impl Into<Stream>) {
        let stream = stream.into();
        if let Stream::Plain(socket) = &stream {
            tune(socket);
            // What the kernel does not hold waits in the topic, where it is held once for all.
            let _ = socket2::SockRef::from(socket).set_send_buffer_size(SEND_BUFFER);
        }
        let at = self.next.fetch_add(1, Ordering::Relaxed) % self.shards.len().max(1);
        if let Some(shard) = self.shards.get(at) {
            // A shard that has stopped drops the socket, which is what stopping means.
            let _ = shard.send(Command::Take(Box::new(Handed { subscription, head, stream })));
        }
    }

    /// The stream as a body, for a connection that carries other requests as well.
    pub fn body(&self, subscription: Subscription) -> FeedBody {
        let mut random = self.random.lock().unwrap_or_else(PoisonError::into_inner);
        let spread = self.policy.ping_every.mul_f64(f64::from(u8::try_from(random.next() >> 56).unwrap_or(0)) / 256.0);
        let carrier = Carrier {
            policy: self.policy.clone(),
            tally: self.tally.clone(),
            clock: self.feed.clock(),
            stop: self.stop.subscribe(),
            ping_at: Instant::now() + spread,
        };
        let (body, carry) = carrier.body(subscription, retry(&mut random));
        drop(tokio::spawn(carry));
        body
    }

    /// What has been done.
    pub fn counters(&self) -> Counters {
        self.tally.counters()
    }

    /// How many look on, and may.
    pub fn occupied(&self) -> (usize, usize) {
        self.seats.occupied()
    }

    /// Closes every connection and waits until the shards have ended.
    pub async fn stop(&self) {
        self.stop.send_replace(true);
        for shard in &self.shards {
            let _ = shard.send(Command::Stop);
        }
        let tasks = std::mem::take(&mut *self.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        for task in tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a shard ended by itself");
            }
        }
    }
}

/// Makes the kernel send at once and give up clients that are silent. To be called before TLS;
/// plain sockets that are handed over get it by themselves.
pub fn tune(socket: &TcpStream) {
    let kept = socket2::SockRef::from(socket).set_tcp_user_timeout(Some(SILENCE));
    // Neither is needed to be right, and a socket whose client has gone refuses both.
    let _ = (kept, socket.set_nodelay(true));
}

impl Ticket {
    /// Whether there is nothing more to tell: the publication or the page's leave has ended.
    fn has_ended(&self) -> bool {
        self.topic.is_closed() || self.leave.as_ref().is_some_and(|leave| leave.is_withdrawn())
    }
}

/// When the client shall come again after a cut: spread, so that not all come at once.
fn retry(random: &mut Random) -> Bytes {
    Bytes::from(format!("retry: {}\n\n", 1_000 + random.next() % 4_001))
}

/// What a client is sent first, and the number it then has. One that missed nothing gets a ping, so
/// that it knows at once that the gateway is there.
fn begin(ticket: &Ticket, last: Option<FeedId>, clock: &dyn Clock) -> (Bytes, u64) {
    let (start, seq) = ticket.topic.begin(last, ticket.coding);
    (if start.is_empty() { ticket.coding.piece(ping(clock.now())) } else { start }, seq)
}

fn ping(at: Timestamp) -> Bytes {
    Bytes::from(format!("event: ping\ndata: {{\"at\":\"{at}\"}}\n\n"))
}

#[cfg(test)]
mod tests;
