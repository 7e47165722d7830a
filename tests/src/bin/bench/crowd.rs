//! A crowd of visitors in a process of its own: it holds thousands of streams, has things published, and says when
//! everybody was told.
//!
//! What it is to do comes in as lines of JSON, what came of it goes out as lines of JSON. Every event has a number
//! `"id":"EPOCH.N"` in its data; a number that is left out or comes twice is counted, a snapshot in the middle too.

use std::cell::{Cell, RefCell};
use std::io::Write;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tokio::sync::{Notify, mpsc};
use tokio::task::{JoinHandle, LocalSet, spawn_local};
use tokio::time::{sleep, sleep_until, timeout};

mod publisher;
mod visitor;

use publisher::Publisher;
use visitor::Seen;

/// What can be looked at, and how it is changed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Topic {
    /// The path of its stream.
    pub(crate) stream: String,
    /// The requests that change it, one after the other.
    pub(crate) publish: Vec<Publish>,
}

/// A request. In its body `{n}` is replaced by a number that counts up, `{turn}` by one that counts up for each topic,
/// `{state}` by one of two states in turn.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Publish {
    pub(crate) method: String,
    pub(crate) path: String,
    /// Lines that each end with CR LF.
    pub(crate) headers: String,
    pub(crate) body: String,
}

/// Where the crowd goes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Place {
    pub(crate) address: SocketAddr,
    pub(crate) topics: Vec<Topic>,
    /// How many visitors come, to one topic after the other.
    pub(crate) visitors: usize,
    /// Somebody is in when this was read.
    pub(crate) welcome: String,
    /// How often each message shows in what a visitor is sent.
    pub(crate) mark: String,
}

/// What the crowd is to do.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) enum Order {
    /// Publish as fast as everybody is told, at most so many messages ahead.
    Saturate { seconds: f64, ahead: u64 },
    /// Publish so many messages a second.
    Pace { seconds: f64, per_second: f64 },
    /// Leave, and come again within so many seconds, each from the last event on.
    Storm { within: f64 },
}

/// What came of it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Outcome {
    pub(crate) seconds: f64,
    /// How many messages were published.
    pub(crate) published: u64,
    /// How many arrived, each as often as there were visitors.
    pub(crate) delivered: u64,
    /// How many events were missing, came twice or out of order.
    pub(crate) lost: u64,
    /// How often a visitor was given a snapshot in the middle.
    pub(crate) resynced: u64,
    /// How many visitors were not let in, or cut.
    pub(crate) failed: u64,
    /// How often somebody was shown as offline or unknown.
    pub(crate) false_offline: u64,
    /// From the request to the visitor, in milliseconds.
    pub(crate) p50: f64,
    pub(crate) p99: f64,
    /// The size of an event that was seen.
    pub(crate) event_bytes: usize,
    /// Why the first of those that failed did.
    pub(crate) refusal: Option<String>,
}

/// What all visitors share.
pub(super) struct Crowd {
    place: Place,
    seen: Seen,
    /// Something arrived.
    arrived: Notify,
    /// When something was last published, by topic.
    published_at: RefCell<Vec<Instant>>,
    is_timed: Cell<bool>,
    latencies: RefCell<Vec<f32>>,
}

/// Runs the crowd until nothing more is ordered.
pub(crate) fn run() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    LocalSet::new().block_on(&runtime, async {
        let mut orders = lines();
        let place = orders.recv().await.expect("a place");
        let place: Place = serde_json::from_str(&place).expect("a place");
        let topics = place.topics.len();
        let crowd = Rc::new(Crowd {
            seen: Seen::new(place.visitors),
            arrived: Notify::new(),
            published_at: RefCell::new(vec![Instant::now(); topics]),
            is_timed: Cell::new(false),
            latencies: RefCell::default(),
            place,
        });
        let started = Instant::now();
        let mut visits = crowd.enter(Duration::ZERO).await;
        say(&Outcome { seconds: started.elapsed().as_secs_f64(), ..crowd.outcome() });
        let mut publisher = Publisher::new(&crowd.place);
        while let Some(order) = orders.recv().await {
            let order: Order = serde_json::from_str(&order).expect("an order");
            crowd.seen.forget();
            crowd.latencies.borrow_mut().clear();
            let begun = Instant::now();
            match order {
                Order::Saturate { seconds, ahead } => crowd.saturate(&mut publisher, seconds, ahead).await,
                Order::Pace { seconds, per_second } => crowd.pace(&mut publisher, seconds, per_second).await,
                Order::Storm { within } => visits = crowd.storm(visits, within).await,
            }
            say(&Outcome { seconds: begun.elapsed().as_secs_f64(), ..crowd.outcome() });
        }
        drop(visits);
    });
}

/// What the parent says, line by line.
fn lines() -> mpsc::Receiver<String> {
    let (sender, lines) = mpsc::channel(1);
    std::thread::spawn(move || {
        let said = std::io::stdin().lines().map_while(Result::ok);
        said.take_while(|line| sender.blocking_send(line.clone()).is_ok()).for_each(drop);
    });
    lines
}

fn say(outcome: &Outcome) {
    println!("{}", serde_json::to_string(outcome).expect("JSON"));
    std::io::stdout().flush().expect("the parent listens");
}

impl Crowd {
    /// Has everybody come, spread over `within`, and waits until all are in or failed.
    async fn enter(self: &Rc<Self>, within: Duration) -> Vec<JoinHandle<()>> {
        let count = self.place.visitors;
        let begun = tokio::time::Instant::now();
        let visit = |at: usize| {
            let (crowd, at_once) = (Rc::clone(self), within.is_zero());
            spawn_local(async move {
                if !at_once {
                    sleep_until(begun + within.mul_f64(at as f64 / count as f64)).await;
                }
                visitor::visit(crowd, at).await;
            })
        };
        let visits = (0..count).map(visit).collect();
        while self.seen.entered() < count as u64 {
            self.arrived.notified().await;
        }
        visits
    }

    async fn storm(self: &Rc<Self>, visits: Vec<JoinHandle<()>>, within: f64) -> Vec<JoinHandle<()>> {
        for visit in visits {
            visit.abort();
        }
        self.seen.everybody_left();
        self.enter(Duration::from_secs_f64(within)).await
    }

    async fn saturate(self: &Rc<Self>, publisher: &mut Publisher, seconds: f64, ahead: u64) {
        let until = Instant::now() + Duration::from_secs_f64(seconds);
        let fan = self.fan();
        while Instant::now() < until {
            while self.seen.published.get() * fan >= self.seen.delivered.get() + ahead * fan {
                if timeout(Duration::from_secs(10), self.arrived.notified()).await.is_err() {
                    return;
                }
            }
            publisher.publish(self).await;
        }
        self.drain().await;
    }

    async fn pace(self: &Rc<Self>, publisher: &mut Publisher, seconds: f64, per_second: f64) {
        self.is_timed.set(true);
        let begun = tokio::time::Instant::now();
        let count = (seconds * per_second) as u64;
        for number in 0..count {
            sleep_until(begun + Duration::from_secs_f64(number as f64 / per_second)).await;
            publisher.publish(self).await;
        }
        self.drain().await;
        self.is_timed.set(false);
    }

    /// Waits until everybody was told everything, or nothing comes any more.
    async fn drain(&self) {
        while self.seen.delivered.get() < self.seen.published.get() * self.fan() {
            if timeout(Duration::from_secs(5), self.arrived.notified()).await.is_err() {
                return;
            }
        }
        sleep(Duration::from_millis(50)).await;
    }

    /// How many visitors each message is for.
    fn fan(&self) -> u64 {
        (self.place.visitors / self.place.topics.len()) as u64
    }

    fn outcome(&self) -> Outcome {
        let mut latencies = self.latencies.borrow_mut();
        latencies.sort_unstable_by(f32::total_cmp);
        let at = |part: f64| latencies.get((latencies.len() as f64 * part) as usize).copied().map_or(0.0, f64::from);
        let (p50, p99) = (at(0.5), at(0.99));
        Outcome { p50, p99, ..self.seen.outcome() }
    }
}
