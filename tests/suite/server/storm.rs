//! Thousands of visitors who come again at once, to the running program.

use std::net::SocketAddr;
use std::process::Command;
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use suite::backend::new_folder;
use suite::program::{Client, Program};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::door::Reader;

const PROGRAM: &str = env!("CARGO_BIN_EXE_switchboard-under-test");
const VISITORS: usize = 2_000;
/// How many changes visitors miss, and see after they came again.
const MISSED: usize = 5;
const SEEN: usize = 3;
/// How long all of it may take on a busy machine.
const PATIENCE: Duration = Duration::from_mins(3);

/// A program that shows one contact, who is here.
struct Show {
    program: Program,
    admin: Client,
    claims: String,
    path: String,
    version: u64,
}

impl Show {
    async fn open() -> Self {
        let keys = "max_connections = 8000\nmax_connections_per_address = 8000";
        let settings = "[feed]\nmax_streams_per_address = 8000";
        let start = || Program::start_in(new_folder(), Command::new(PROGRAM), keys, settings);
        let program = tokio::task::spawn_blocking(start).await.unwrap();
        let (admin, tenant) = Client::of_new_tenant(&program).await;
        let base = format!("/tenants/{tenant}");
        let anna = admin.make(&format!("{base}/contacts"), json!({ "display_name": "Anna" })).await;
        let publication = admin.make(&format!("{base}/publications"), json!({ "title": "Team" })).await;
        let entries = json!({ "entries": [{ "contact": anna }] });
        admin.ask(Method::PUT, &format!("{base}/publications/{publication}/entries"), Some(entries)).await;
        let key = admin.get(&format!("{base}/publications/{publication}")).await["key"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/visitor/publications/{key}/stream");
        let mut show = Self { program, admin, claims: format!("{base}/contacts/{anna}/claims"), path, version: 0 };
        show.say("available").await;
        show
    }

    fn address(&self) -> SocketAddr {
        self.program.url.trim_start_matches("http://").parse().unwrap()
    }

    /// Says what Anna's computer says next.
    async fn say(&mut self, availability: &str) {
        self.version += 1;
        let claim = json!({ "kind": "computer", "source": "pc", "version": self.version, "availability": availability, "ttl_seconds": 3600 });
        self.admin.ask(Method::PUT, &self.claims, Some(claim)).await;
    }

    /// Waits until what was said last is told: a new visitor is shown it.
    async fn settled(&self) {
        let mut visitor = Visitor::come(self.address(), &self.path, None).await;
        let (_, snapshot) = visitor.next().await;
        let (_, at_least) = number(&snapshot["id"]);
        if at_least + 1 < self.version {
            // The delta is on its way to whoever looks on.
            visitor.next().await;
        }
    }

    /// Has everybody come at once, each from the event on that they saw last.
    async fn enter(&self, last: &[Option<String>]) -> Vec<Visitor> {
        let mut coming = JoinSet::new();
        for last in last.iter().cloned() {
            let (address, path) = (self.address(), self.path.clone());
            coming.spawn(async move { Visitor::come(address, &path, last).await });
        }
        coming.join_all().await
    }
}

struct Visitor {
    reader: Reader<TcpStream>,
}

impl Visitor {
    async fn come(address: SocketAddr, path: &str, last: Option<String>) -> Self {
        let mut reader = Reader::new(TcpStream::connect(address).await.unwrap());
        let query = last.map(|last| format!("?last_event_id={last}")).unwrap_or_default();
        reader.send(&format!("GET {path}{query} HTTP/1.1\r\nhost: test\r\n\r\n")).await;
        let head = reader.until("\r\n\r\n").await;
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        Self { reader }
    }

    /// The next event but pings: its name and data.
    async fn next(&mut self) -> (String, Value) {
        loop {
            let block = self.reader.until("\n\n").await;
            let field =
                |name: &str| block.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().to_owned();
            let (event, data) = (field("event: "), field("data: "));
            if !event.is_empty() && event != "ping" {
                return (event, serde_json::from_str(&data).unwrap());
            }
        }
    }
}

fn number(id: &Value) -> (String, u64) {
    let (epoch, number) = id.as_str().unwrap().split_once('.').unwrap();
    (epoch.to_owned(), number.parse().unwrap())
}

/// The state of the one card of a snapshot or delta.
fn state(data: &Value) -> String {
    let cards = if data["cards"].is_array() { &data["cards"] } else { &data["changed"] };
    cards[0]["state"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn when_everybody_comes_again_at_once_nobody_is_shown_offline_and_nothing_is_missed() {
    timeout(PATIENCE, async {
        let mut show = Show::open().await;
        let mut ids: Vec<Option<String>> = Vec::with_capacity(VISITORS);
        for mut visitor in show.enter(&vec![None; VISITORS]).await {
            let (event, snapshot) = visitor.next().await;
            assert_eq!((event.as_str(), state(&snapshot)), ("snapshot", "available".into()));
            ids.push(snapshot["id"].as_str().map(str::to_owned));
        }
        // All have gone; what they miss is kept.
        let words = ["busy", "available", "away", "busy", "available", "away", "busy", "available"];
        let (missed, seen) = words.split_at(MISSED);
        for word in missed {
            show.say(word).await;
            // Each is a delta of its own once the one before it was made.
            show.settled().await;
        }

        let visitors = show.enter(&ids).await;
        for word in seen {
            show.say(word).await;
            show.settled().await;
        }

        let mut watching = JoinSet::new();
        for (mut visitor, last) in visitors.into_iter().zip(ids) {
            let (epoch, mut last) = number(&json!(last.unwrap()));
            watching.spawn(async move {
                let mut states = Vec::new();
                while states.len() < MISSED + SEEN {
                    let (event, delta) = visitor.next().await;
                    assert_eq!((event.as_str(), number(&delta["id"])), ("delta", (epoch.clone(), last + 1)));
                    last += 1;
                    states.push(state(&delta));
                }
                states
            });
        }
        for states in watching.join_all().await {
            assert_eq!(states, words, "in order, each once, and never offline or unknown");
        }
    })
    .await
    .unwrap();
}
