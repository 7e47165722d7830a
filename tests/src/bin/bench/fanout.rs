//! Live fan-out, side by side with nchan in interleaved rounds: 10,000 visitors of 100 publications, then of one.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::crowd::{Order, Outcome, Place, Publish, Topic};
use crate::gateway::{Gateway, Shown};
use crate::measure::{cpu_seconds, median, resident_kib};
use crate::nginx::Nginx;

/// How large the measurement is; smaller ones are for whoever works on it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    pub(crate) visitors: usize,
    pub(crate) topics: usize,
    pub(crate) rounds: usize,
    pub(crate) seconds: f64,
    /// How many visitors come again in the storm.
    pub(crate) storm: usize,
}

impl Size {
    /// Case B of the reference.
    pub(crate) const WHOLE: Self = Self { visitors: 10_000, topics: 100, rounds: 5, seconds: 5.0, storm: 18_000 };
    /// To see that it works.
    pub(crate) const SMALL: Self = Self { visitors: 500, topics: 10, rounds: 2, seconds: 1.0, storm: 1_000 };
}

/// Deliveries a second at which latency is measured.
const PACED: f64 = 20_000.0;
/// How many messages may be on their way at saturation: few, and enough to be gathered.
const AHEAD: u64 = 4;
const AHEAD_OF_ONE: u64 = 40;
/// How many contacts the one publication of a broadcast shows.
const BROADCAST_CONTACTS: usize = 100;
/// What each message of ours shows in an event, and what of nchan's.
const CARD: &str = "\"kind\":\"person\"";

/// Prints each goal with its ratio, the median of the rounds.
pub(crate) fn run(binary: &str, size: Size) {
    let gateway = Gateway::showing(binary, false, Shown { publications: size.topics, contacts: 1 });
    many(&gateway, size);
    drop(gateway);
    let gateway = Gateway::showing(binary, false, Shown { publications: 1, contacts: BROADCAST_CONTACTS });
    one(&gateway, size);
    storm(&gateway, size);
}

/// A server and its visitors.
struct Side {
    name: &'static str,
    process: u32,
    crowd: Crowd,
    kib_each: f64,
}

impl Side {
    fn of_gateway(gateway: &Gateway, size: Size) -> Self {
        let place = Place {
            address: gateway.address().parse().expect("an address"),
            topics: gateway.topics(),
            visitors: size.visitors,
            welcome: "event: snapshot".into(),
            mark: CARD.into(),
        };
        Self::new("gateway", gateway.process(), &place)
    }

    fn of_nchan(nginx: &Nginx, topics: usize, message: &str, size: Size) -> Self {
        let topic = |at: usize| Topic {
            stream: format!("/sub/{at}"),
            publish: vec![Publish {
                method: "POST".into(),
                path: format!("/pub/{at}"),
                headers: String::new(),
                body: message.to_owned(),
            }],
        };
        let place = Place {
            address: nginx.address.parse().expect("an address"),
            topics: (0..topics).map(topic).collect(),
            visitors: size.visitors,
            // A comment, with which nchan begins.
            welcome: ": hi".into(),
            mark: CARD.into(),
        };
        Self::new("nchan", nginx.worker, &place)
    }

    fn new(name: &'static str, process: u32, place: &Place) -> Self {
        let (before, cpu) = (resident_kib(process), cpu_seconds(process));
        let visitors = place.visitors as f64;
        let (crowd, entered) = Crowd::start(place);
        // Whoever is not there makes all that follows look cheap, or slow.
        assert_eq!(entered.failed, 0, "{name} let not everybody in: {:?}", entered.refusal);
        crate::visitors::settled_kib(process);
        let kib_each = (resident_kib(process).saturating_sub(before)) as f64 / visitors;
        println!(
            "{name}: {} came in {:.2} s, {:.0} us of processor time and {kib_each:.2} KiB each",
            place.visitors,
            entered.seconds,
            (cpu_seconds(process) - cpu) * 1e6 / visitors
        );
        Self { name, process, crowd, kib_each }
    }

    /// Has an order carried out; also the deliveries for each second of the server's processor time.
    fn measure(&mut self, order: Order) -> (Outcome, f64) {
        let before = cpu_seconds(self.process);
        let outcome = self.crowd.order(order);
        let per_cpu = outcome.delivered as f64 / (cpu_seconds(self.process) - before).max(0.01);
        println!(
            "  {} {order:?}: {:.0} deliveries a processor second, {:.0} a second, p50 {:.2} ms, p99 {:.2} ms; {} lost, \
             {} resynced, {} cut, {} bytes",
            self.name,
            per_cpu,
            outcome.delivered as f64 / outcome.seconds,
            outcome.p50,
            outcome.p99,
            outcome.lost,
            outcome.resynced,
            outcome.failed,
            outcome.event_bytes
        );
        (outcome, per_cpu)
    }
}

fn many(gateway: &Gateway, size: Size) {
    let mut ours = Side::of_gateway(gateway, size);
    // What an event of ours holds is what nchan is given.
    let sample = ours.crowd.order(Order::Saturate { seconds: 0.2, ahead: 1 });
    let nginx = nchan();
    let mut theirs = Side::of_nchan(&nginx, size.topics, &message(sample.event_bytes), size);
    let (mut per_cpu, mut p99, mut lost) = (Vec::new(), Vec::new(), 0);
    let fan = (size.visitors / size.topics) as f64;
    for _ in 0..size.rounds {
        let saturate = Order::Saturate { seconds: size.seconds, ahead: AHEAD };
        let pace = Order::Pace { seconds: size.seconds, per_second: PACED / fan };
        let (mine, other) = (ours.measure(saturate), theirs.measure(saturate));
        per_cpu.push(mine.1 / other.1);
        let (paced, other) = (ours.measure(pace).0, theirs.measure(pace).0);
        p99.push(paced.p99 / other.p99);
        lost += mine.0.lost + paced.lost + mine.0.failed + paced.failed;
    }
    let best = p99.iter().copied().fold(f64::MAX, f64::min);
    println!("fan-out: {:.2} x nchan deliveries a processor second (at least 1.3)", median(&mut per_cpu));
    println!("memory of an idle visitor: {:.2} x nchan (at most 0.35)", ours.kib_each / theirs.kib_each);
    println!(
        "p99 at {PACED} a second: {best:.2} x nchan, the best round; median {:.2} (at most 1.1)",
        median(&mut p99)
    );
    println!("lost or out of order: {lost} (0)");
    drop((ours, theirs));
    cold(gateway, &nginx, size);
}

/// Compares how long it takes until everybody is in.
fn cold(gateway: &Gateway, nginx: &Nginx, size: Size) {
    let mut ratios = Vec::new();
    for _ in 0..size.rounds.min(3) {
        let ours = Side::of_gateway(gateway, size).crowd.entered;
        let theirs = Side::of_nchan(nginx, size.topics, "x", size).crowd.entered;
        ratios.push(ours / theirs);
    }
    println!("cold connects: {:.2} x nchan (at most 1.2)", median(&mut ratios));
}

fn one(gateway: &Gateway, size: Size) {
    let mut ours = Side::of_gateway(gateway, size);
    let sample = ours.crowd.order(Order::Saturate { seconds: 0.2, ahead: 1 });
    let nginx = nchan();
    let mut theirs = Side::of_nchan(&nginx, 1, &message(sample.event_bytes), size);
    let (mut ratios, mut lost) = (Vec::new(), 0);
    for _ in 0..size.rounds {
        let order = Order::Saturate { seconds: size.seconds, ahead: AHEAD_OF_ONE };
        let (mine, other) = (ours.measure(order), theirs.measure(order));
        ratios.push(mine.1 / other.1);
        lost += mine.0.lost + mine.0.failed;
    }
    println!("one topic: {:.2} x nchan deliveries a processor second (at least 3)", median(&mut ratios));
    println!("lost or out of order: {lost} (0)");
}

fn storm(gateway: &Gateway, size: Size) {
    let mut watchers = Side::of_gateway(gateway, Size { visitors: size.storm, ..size });
    // Everybody is known as available or busy, whoever looks.
    let every = Order::Pace { seconds: 1.0, per_second: BROADCAST_CONTACTS as f64 };
    watchers.crowd.order(every);
    let outcome = watchers.crowd.order(Order::Storm { within: 1.0 });
    println!(
        "storm: {} came again within 1 s and were all in {:.2} s after the first (at most 5); {} failed, {} shown \
         offline (0), {} given a snapshot",
        size.storm, outcome.seconds, outcome.failed, outcome.false_offline, outcome.resynced
    );
}

/// An event of nchan that is `bytes` long with what the visitors look for.
fn message(bytes: usize) -> String {
    let start = format!("{{\"v\":1,\"id\":\"0.{{turn}}\",{CARD},\"pad\":\"");
    let pad = "x".repeat(bytes.saturating_sub(start.len() + 30));
    format!("{start}{pad}\"}}")
}

fn nchan() -> Nginx {
    let head = "load_module /usr/lib/nginx/modules/ngx_nchan_module.so;";
    let server = "location ~ ^/pub/(.+)$ { nchan_publisher; nchan_channel_id $1; nchan_message_buffer_length 1000; }
        location ~ ^/sub/(.+)$ { nchan_subscriber eventsource; nchan_channel_id $1;
            nchan_subscriber_first_message newest; nchan_eventsource_ping_interval 10; }";
    Nginx::start("nchan", head, "nchan_max_reserved_memory 512M;", server)
}

/// The visitors' process.
struct Crowd {
    child: Child,
    orders: ChildStdin,
    outcomes: BufReader<ChildStdout>,
    /// How long it took until everybody was in, in seconds.
    entered: f64,
}

impl Crowd {
    fn start(place: &Place) -> (Self, Outcome) {
        let mut child = Command::new("taskset")
            .args(["-c", "1"])
            .arg(std::env::current_exe().expect("this program"))
            .arg(crate::CROWD)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("this program starts again");
        let orders = child.stdin.take().expect("piped");
        let outcomes = BufReader::new(child.stdout.take().expect("piped"));
        let mut crowd = Self { child, orders, outcomes, entered: 0.0 };
        crowd.say(&serde_json::to_string(place).expect("JSON"));
        let entered = crowd.hear();
        crowd.entered = entered.seconds;
        (crowd, entered)
    }

    fn order(&mut self, order: Order) -> Outcome {
        self.say(&serde_json::to_string(&order).expect("JSON"));
        self.hear()
    }

    fn say(&mut self, line: &str) {
        writeln!(self.orders, "{line}").expect("the visitors listen");
    }

    fn hear(&mut self) -> Outcome {
        let mut line = String::new();
        self.outcomes.read_line(&mut line).expect("the visitors speak");
        serde_json::from_str(&line).expect("an outcome")
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
