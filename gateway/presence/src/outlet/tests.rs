mod coded;

use std::pin::Pin;

use directory_model::id::ContactId;
use directory_model::presence::Availability;
use directory_model::publication::{PublicationEntry, PublicationFields};
use http_body::Body;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;
use crate::facts::{FactChange, PresenceFacts};
use crate::fixture::{KEY, World, note, settings};

const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";

/// A world that shows Anna, and an outlet for it.
struct Gateway {
    world: World,
    anna: ContactId,
    outlet: Arc<Outlet>,
    said: usize,
}

impl Gateway {
    fn new(policy: Policy) -> Self {
        let world = World::new();
        let anna = world.person("Anna");
        world.publish(&[PublicationEntry::Contact(anna)]);
        world.say(anna, Availability::Available);
        let outlet = Outlet::start(world.feed.clone(), policy);
        Self { world, anna, outlet, said: 0 }
    }

    /// Makes one delta.
    fn change(&mut self) {
        self.said += 1;
        self.world.say(self.anna, if self.said % 2 == 1 { Availability::Away } else { Availability::Busy });
        self.world.feed.pump();
    }

    /// Makes one delta of about `bytes` bytes.
    fn change_much(&mut self, bytes: usize) {
        self.said += 1;
        let note = note(format!("{}{}", self.said, "x".repeat(bytes)), None);
        self.world.apply(FactChange::Presence(PresenceFacts {
            contact: self.anna,
            as_of: 0,
            stored: vec![],
            notes: vec![note],
        }));
        self.world.feed.pump();
    }

    async fn connect(&self, last: Option<FeedId>) -> TcpStream {
        let (client, server) = pair().await;
        let subscription = self.outlet.subscribe(KEY, last, None, None).expect("a seat");
        self.outlet.take(subscription, HEAD.into(), server);
        client
    }
}

async fn pair() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound");
    let (client, server) = tokio::join!(TcpStream::connect(address), listener.accept());
    (client.expect("connected"), server.expect("accepted").0)
}

/// An event as a client sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seen {
    event: String,
    id: Option<FeedId>,
}

/// Reads events like a browser does.
struct Client<S> {
    stream: S,
    buffer: Vec<u8>,
    has_head: bool,
}

impl<S: AsyncRead + Unpin> Client<S> {
    fn new(stream: S) -> Self {
        Self { stream, buffer: Vec::new(), has_head: false }
    }

    /// The next block of lines; `None` at the end of the stream. Reads at most `at_most` bytes.
    async fn block(&mut self, at_most: usize) -> Option<String> {
        let mut read = 0;
        loop {
            let end = if self.has_head { "\n\n" } else { "\r\n\r\n" };
            if let Some(at) = self.buffer.windows(end.len()).position(|window| window == end.as_bytes()) {
                let rest = self.buffer.split_off(at + end.len());
                let block = std::mem::replace(&mut self.buffer, rest);
                self.has_head = true;
                return String::from_utf8(block).ok();
            }
            let mut chunk = vec![0; 4096.min(at_most - read)];
            let count = self.stream.read(&mut chunk).await.unwrap_or(0);
            if count == 0 {
                return None;
            }
            read += count;
            self.buffer.extend_from_slice(&chunk[..count]);
        }
    }

    /// The next event with a name.
    async fn event(&mut self, at_most: usize) -> Option<Seen> {
        loop {
            let block = self.block(at_most).await?;
            let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name));
            if let Some(event) = field("event: ") {
                return Some(Seen { event: event.into(), id: field("id: ").and_then(|id| id.parse().ok()) });
            }
        }
    }

    async fn next(&mut self) -> Seen {
        self.event(usize::MAX).await.expect("an event")
    }
}

/// Lets the other tasks work until `holds`.
async fn until(holds: impl Fn() -> bool) {
    let patience = async {
        while !holds() {
            tokio::task::yield_now().await;
        }
    };
    timeout_real(patience).await;
}

async fn timeout_real(work: impl Future<Output = ()>) {
    tokio::time::timeout(Duration::from_mins(1), work).await.expect("it happens in time");
}

fn quiet() -> Policy {
    Policy { shards: 2, ping_every: Duration::from_hours(1), ..Policy::default() }
}

#[tokio::test]
async fn a_stream_starts_with_head_retry_and_snapshot() {
    let mut gateway = Gateway::new(quiet());
    let mut client = Client::new(gateway.connect(None).await);

    assert_eq!(client.block(usize::MAX).await.as_deref(), Some(HEAD));
    let retry = client.block(usize::MAX).await.expect("a line");
    let millis: u64 = retry.trim().strip_prefix("retry: ").and_then(|text| text.parse().ok()).expect("a number");
    assert!((1_000..=5_000).contains(&millis));
    let start = client.next().await;
    assert_eq!(start.event, "snapshot");
    gateway.change();
    let delta = client.next().await;
    assert_eq!((delta.event.as_str(), delta.id.map(|id| id.seq)), ("delta", start.id.map(|id| id.seq + 1)));
    assert_eq!(gateway.outlet.counters().deliveries, 1);
}

#[tokio::test]
async fn cuts_at_random_lose_and_repeat_nothing() {
    const DELTAS: u64 = 1_000;
    for seed in [1, 2026] {
        let mut gateway = Gateway::new(quiet());
        let mut random = Random::seeded(seed);
        let mut deltas = Vec::new();
        let mut snapshots = 0;
        let mut cuts = 0;
        let mut last = None;
        let mut sent = 0;
        while deltas.last() != Some(&DELTAS) {
            let mut client = Client::new(gateway.connect(last).await);
            // Sometimes in the middle of an event, sometimes after hundreds of them.
            let mut budget = 1 << (random.next() % 18);
            budget += usize::try_from(random.next() % 700).unwrap_or(0);
            cuts += 1;
            while budget > 0 && deltas.last() != Some(&DELTAS) {
                for _ in 0..random.next() % 4 {
                    if sent < DELTAS {
                        gateway.change();
                        sent += 1;
                    }
                }
                if last.is_some_and(|last: FeedId| last.seq == sent) {
                    continue;
                }
                let Some(seen) = client.event(budget).await else { break };
                budget = budget.saturating_sub(600);
                match seen.event.as_str() {
                    "snapshot" => snapshots += 1,
                    "delta" => deltas.extend(seen.id.map(|id| id.seq)),
                    other => assert_eq!(other, "ping"),
                }
                last = seen.id.or(last);
            }
        }

        let first = deltas.first().copied().unwrap_or(0);
        assert!(deltas.iter().copied().eq(first..=DELTAS), "seed {seed}: {deltas:?}");
        assert_eq!(snapshots, 1, "seed {seed}");
        assert!(cuts > 10, "seed {seed}: {cuts}");
    }
}

#[tokio::test]
async fn somebody_who_missed_nothing_hears_at_once_that_the_gateway_is_there() {
    let gateway = Gateway::new(quiet());
    let last = gateway.world.feed.snapshot(KEY).map(|snapshot| snapshot.id);
    let mut client = Client::new(gateway.connect(last).await);

    assert_eq!(client.next().await, Seen { event: "ping".into(), id: None });
}

#[tokio::test]
async fn a_restart_gives_one_new_snapshot() {
    let mut before = Gateway::new(quiet());
    let mut client = Client::new(before.connect(None).await);
    let _ = client.next().await;
    before.change();
    let _ = client.next().await;
    before.outlet.stop().await;
    let mut last = None;
    while let Some(seen) = client.event(usize::MAX).await {
        last = seen.id;
    }

    let mut after = Gateway::new(quiet());
    let mut client = Client::new(after.connect(last).await);
    let start = client.next().await;
    after.change();
    let delta = client.next().await;

    assert_eq!((start.event.as_str(), delta.event.as_str()), ("snapshot", "delta"));
    assert_ne!(start.id.map(|id| id.epoch), last.map(|id| id.epoch));
    assert_eq!(delta.id.map(|id| id.seq), start.id.map(|id| id.seq + 1));
}

#[tokio::test]
async fn a_slow_reader_is_closed_and_the_others_miss_nothing() {
    let mut gateway = Gateway::new(Policy { shards: 1, ..quiet() });
    let (idle, server) = pair().await;
    let small = [
        socket2::SockRef::from(&idle).set_recv_buffer_size(4_096),
        socket2::SockRef::from(&server).set_send_buffer_size(4_096),
    ];
    small.into_iter().collect::<Result<(), _>>().expect("small buffers");
    gateway.outlet.take(gateway.outlet.subscribe(KEY, None, None, None).expect("a seat"), HEAD.into(), server);
    let mut fast = Client::new(gateway.connect(None).await);
    let start = fast.next().await;
    let mut seqs = Vec::new();

    // More than the sockets' buffers and the limit can hold together.
    for _ in 0..200 {
        gateway.change_much(4_000);
        seqs.extend(fast.next().await.id.map(|id| id.seq));
    }

    let first = start.id.map_or(0, |id| id.seq) + 1;
    assert!(seqs.iter().copied().eq(first..first + 200));
    let counters = gateway.outlet.counters();
    assert_eq!((counters.slow, counters.connections), (1, 1));
    drop(idle);
}

#[tokio::test]
async fn a_large_delta_cuts_nobody() {
    let mut gateway = Gateway::new(Policy { shards: 1, max_backlog_bytes: 1_000, ..quiet() });
    let mut body = gateway.outlet.body(gateway.outlet.subscribe(KEY, None, None, None).expect("a seat"));
    let (client, server) = tokio::io::duplex(4_096);
    gateway.outlet.take(
        gateway.outlet.subscribe(KEY, None, None, None).expect("a seat"),
        HEAD.into(),
        Stream::other(server),
    );
    let mut client = Client::new(client);
    let (start, _) = (client.next().await, (frame(&mut body).await, frame(&mut body).await));

    // What the stream cannot hold waits, and a small one comes behind it.
    gateway.change_much(300_000);
    assert!(frame(&mut body).await.is_some_and(|text| text.len() > 300_000));
    gateway.change();
    assert!(frame(&mut body).await.is_some_and(|text| text.contains("event: delta\n")));

    for at in 1..=2 {
        assert_eq!(client.next().await.id.map(|id| id.seq), start.id.map(|id| id.seq + at));
    }
    let counters = gateway.outlet.counters();
    assert_eq!((counters.slow, counters.connections), (0, 2));
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_stands_still_is_closed_after_a_while() {
    let policy = Policy { shards: 1, max_backlog_bytes: u64::MAX, ..Policy::default() };
    let mut gateway = Gateway::new(policy);
    // What the client does not take waits: the stream has room for a hundred bytes only.
    let (client, server) = tokio::io::duplex(100);
    let subscription = gateway.outlet.subscribe(KEY, None, None, None).expect("a seat");
    gateway.outlet.take(subscription, HEAD.into(), Stream::other(server));
    gateway.change();
    let began = Instant::now();

    while gateway.outlet.counters().slow == 0 {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }

    let waited = began.elapsed();
    assert!(waited >= Duration::from_secs(30) && waited <= Duration::from_secs(41), "{waited:?}");
    drop(client);
}

#[tokio::test]
async fn a_stream_with_little_room_arrives_whole() {
    let mut gateway = Gateway::new(quiet());
    let (client, server) = tokio::io::duplex(7);
    let subscription = gateway.outlet.subscribe(KEY, None, None, None).expect("a seat");
    gateway.outlet.take(subscription, HEAD.into(), Stream::other(server));
    let mut client = Client::new(client);
    let start = client.next().await;
    for _ in 0..20 {
        gateway.change();
    }

    for at in 1..=20 {
        assert_eq!(client.next().await.id.map(|id| id.seq), start.id.map(|id| id.seq + at));
    }
}

#[tokio::test(start_paused = true)]
async fn everybody_is_pinged_every_ten_seconds_at_different_moments() {
    let gateway = Gateway::new(Policy { shards: 1, ..Policy::default() });
    let mut phases = Vec::new();
    for _ in 0..5 {
        let mut client = Client::new(gateway.connect(None).await);
        assert_eq!(client.next().await.event, "snapshot");
        let mut moments = Vec::new();
        for _ in 0..4 {
            assert_eq!(client.next().await, Seen { event: "ping".into(), id: None });
            moments.push(Instant::now());
        }
        for two in moments.windows(2) {
            let between = two[1] - two[0];
            assert!(between > Duration::from_secs(9) && between < Duration::from_secs(11), "{between:?}");
        }
        phases.push(client);
    }

    let mut moments = Vec::new();
    for client in &mut phases {
        let _ = client.next().await;
        moments.push(Instant::now());
    }
    moments.dedup();
    assert!(moments.len() > 1, "pings are spread");
}

#[tokio::test]
async fn a_client_that_went_frees_its_seat() {
    let gateway = Gateway::new(Policy { max_connections: 1, ..quiet() });
    let client = gateway.connect(None).await;
    assert_eq!(gateway.outlet.subscribe(KEY, None, None, None).err(), Some(Refused::Full));

    drop(client);
    until(|| gateway.outlet.counters().gone == 1).await;

    assert!(gateway.outlet.subscribe(KEY, None, None, None).is_ok());
    assert_eq!(gateway.outlet.counters().connections, 0);
    assert_eq!(gateway.outlet.subscribe("no such key", None, None, None).err(), Some(Refused::Unknown));
}

#[tokio::test]
async fn a_client_that_keeps_talking_is_closed() {
    let gateway = Gateway::new(quiet());
    let mut client = gateway.connect(None).await;

    client.write_all(b"GET / HTTP/1.1\r\n\r\n").await.expect("sent");
    let mut reader = Client::new(&mut client);
    assert_eq!(reader.next().await.event, "snapshot");
    client.write_all(&[b'x'; 5_000]).await.expect("sent");

    until(|| gateway.outlet.counters().talking == 1).await;
}

#[tokio::test]
async fn connections_end_when_the_publication_is_switched_off() {
    let gateway = Gateway::new(quiet());
    let mut client = Client::new(gateway.connect(None).await);
    assert_eq!(client.next().await.event, "snapshot");

    gateway.world.apply(settings(|tenant| tenant.is_disabled = true));
    gateway.world.feed.pump();

    assert_eq!(client.event(usize::MAX).await, None);
    assert_eq!(gateway.outlet.counters().ended, 1);
    assert_eq!(gateway.outlet.subscribe(KEY, None, None, None).err(), Some(Refused::Unknown));
}

#[tokio::test]
async fn pages_of_a_domain_that_was_removed_are_cut_and_others_stay() {
    let gateway = Gateway::new(quiet());
    let (kept, removed) = (gateway.world.domain("kept.example"), gateway.world.domain("removed.example"));
    let fields = PublicationFields { domains: vec![kept, removed], ..PublicationFields::default() };
    gateway.world.publish_as(fields, &[PublicationEntry::Contact(gateway.anna)]);
    let subscribe = |origin| gateway.outlet.subscribe(KEY, None, None, origin);
    let mut sockets = Vec::new();
    let mut bodies = Vec::new();
    for origin in [Some("https://removed.example"), Some("https://kept.example"), None] {
        let (client, server) = pair().await;
        gateway.outlet.take(subscribe(origin).expect("covered"), HEAD.into(), server);
        let mut client = Client::new(client);
        assert_eq!(client.next().await.event, "snapshot");
        sockets.push(client);
        bodies.push(gateway.outlet.body(subscribe(origin).expect("covered")));
    }
    // Asked for before the removal, and handed over after it.
    let (client, server) = pair().await;
    let late = subscribe(Some("https://removed.example")).expect("covered");

    gateway.world.apply(FactChange::DomainRemoved(removed));
    gateway.world.feed.pump();
    gateway.outlet.take(late, HEAD.into(), server);

    assert_eq!(sockets[0].event(usize::MAX).await, None);
    assert_eq!(Client::new(client).event(usize::MAX).await, None);
    while frame(&mut bodies[0]).await.is_some() {}
    until(|| gateway.outlet.counters().ended == 3).await;
    assert_eq!(gateway.outlet.counters().connections, 4);
    assert_eq!(subscribe(Some("https://removed.example")).err(), Some(Refused::OriginNotCovered));
    gateway.world.say(gateway.anna, Availability::Busy);
    gateway.world.feed.pump();
    for stays in &mut sockets[1..] {
        assert_eq!(stays.next().await.event, "delta");
    }
}

async fn frame(body: &mut FeedBody) -> Option<String> {
    let frame = std::future::poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await?;
    let data = frame.expect("infallible").into_data().expect("data");
    String::from_utf8(data.to_vec()).ok()
}

#[tokio::test]
async fn a_body_carries_the_same_stream_until_the_outlet_stops() {
    let mut gateway = Gateway::new(quiet());
    let mut body = gateway.outlet.body(gateway.outlet.subscribe(KEY, None, None, None).expect("a seat"));

    assert!(frame(&mut body).await.is_some_and(|text| text.starts_with("retry: ")));
    assert!(frame(&mut body).await.is_some_and(|text| text.contains("event: snapshot\n")));
    gateway.change();
    assert!(frame(&mut body).await.is_some_and(|text| text.contains("event: delta\n")));

    gateway.outlet.stop().await;
    assert_eq!(frame(&mut body).await, None);
}

#[tokio::test(start_paused = true)]
async fn a_body_is_pinged_and_a_slow_one_ends() {
    let mut gateway = Gateway::new(Policy::default());
    let mut body = gateway.outlet.body(gateway.outlet.subscribe(KEY, None, None, None).expect("a seat"));
    for _ in 0..2 {
        let _ = frame(&mut body).await;
    }
    assert!(frame(&mut body).await.is_some_and(|text| text.starts_with("event: ping\n")));

    for _ in 0..10 {
        gateway.change_much(100_000);
    }
    until(|| gateway.outlet.counters().slow == 1).await;
    while frame(&mut body).await.is_some() {}
    assert_eq!(gateway.outlet.counters().connections, 0);
}
