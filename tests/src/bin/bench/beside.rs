//! What a synchronization of 100,000 people leaves to others: visitors who read a snapshot, and an
//! administrator who saves a contact, while it runs and while it does not.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::json;
use suite::program::{Client, Program};
use suite::slapd::{BIND_DN, PASSWORD, PEOPLE};
use tokio::time::sleep;

use crate::directory::{ENTRIES, serve};
use crate::measure::median;

/// How many contacts the visitors see.
const CONTACTS: usize = 10;
/// How long readers read while nothing else happens, and between two looks at a run.
const IDLE: Duration = Duration::from_secs(5);
const LOOK: Duration = Duration::from_millis(100);
/// An administrator saves so often.
const SAVE_EVERY: Duration = Duration::from_millis(50);

/// Prints the rate of visitors' reads and the time of a save, in a first synchronization against idle.
pub(crate) fn run(binary: &str) {
    let slapd = serve();
    let settings = "[sources.outbound]\nis_loopback_allowed = true";
    let program = Program::start(binary, settings);
    tokio::runtime::Runtime::new().expect("a runtime").block_on(async {
        let (client, tenant) = Client::of_new_tenant(&program).await;
        let (contact, snapshot) = publish(&client, &tenant, &program.url).await;
        let save = format!("/tenants/{tenant}/contacts/{contact}");
        let source = source(&client, &tenant, &slapd.url()).await;

        let (idle_rate, mut idle_saves) = beside(&client, &snapshot, &save, async || sleep(IDLE).await).await;
        let runs = format!("/tenants/{tenant}/sources/{source}/runs");
        for what in ["first synchronization", "comparison with nothing changed"] {
            let run = async || {
                let run = client.make(&runs, json!({})).await;
                let path = format!("/tenants/{tenant}/runs/{run}");
                loop {
                    let run = client.get(&path).await;
                    if run["state"] != "running" {
                        assert_eq!((&run["state"], &run["counts"]["read"]), (&json!("succeeded"), &json!(ENTRIES)));
                        break;
                    }
                    sleep(LOOK).await;
                }
            };
            let started = Instant::now();
            let (rate, mut saves) = beside(&client, &snapshot, &save, run).await;
            let seconds = started.elapsed().as_secs_f64();
            println!(
                "{what} in {seconds:.1} s: visitors read at {:.2} x their idle rate (at least 0.7); {} saves, median \
                 {:.1} ms, longest {:.1} ms (under 100)",
                rate / idle_rate,
                saves.len(),
                median(&mut saves),
                saves.last().copied().unwrap_or_default(),
            );
        }
        println!(
            "idle: {idle_rate:.0} reads a second, saves take {:.1} ms, longest {:.1} ms",
            median(&mut idle_saves),
            idle_saves.last().copied().unwrap_or_default()
        );
    });
}

/// Reads and saves as long as `work` takes; says how many snapshots were read in a second, and how many
/// milliseconds each save took.
async fn beside(client: &Client, snapshot: &str, save: &str, work: impl AsyncFnOnce()) -> (f64, Vec<f64>) {
    let readers = Readers::start(snapshot);
    let started = Instant::now();
    let mut saves = Vec::new();
    let saving = async {
        loop {
            let began = Instant::now();
            client.patch(save, json!({ "job_title": format!("Title {}", saves.len()) })).await;
            saves.push(began.elapsed().as_secs_f64() * 1000.0);
            sleep(SAVE_EVERY).await;
        }
    };
    tokio::select! {
        () = saving => {}
        () = work() => {}
    }
    let seconds = started.elapsed().as_secs_f64();
    (readers.end() / seconds, saves)
}

/// `wrk`, which reads until it is told to stop.
struct Readers(Child);

impl Readers {
    fn start(url: &str) -> Self {
        let wrk = Command::new("wrk").args(["-t1", "-c16", "-d600s", url]).stdout(Stdio::piped()).spawn();
        Self(wrk.expect("wrk is installed"))
    }

    /// How often it read.
    fn end(self) -> f64 {
        assert!(suite::process::signal(self.0.id(), "INT"), "it is there");
        let output = self.0.wait_with_output().expect("it ends");
        let report = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(!report.contains("Non-2xx"), "wrk got other answers than 200: {report}");
        let reads = report.lines().find_map(|line| line.split_once(" requests in ")).expect("wrk counts").0.trim();
        reads.parse().expect("a number of requests")
    }
}

/// Publishes some contacts; says the identity of one more and where the snapshot is.
async fn publish(client: &Client, tenant: &str, url: &str) -> (String, String) {
    let path = |rest: &str| format!("/tenants/{tenant}/{rest}");
    let domain = client.make(&path("domains"), json!({ "title": "Web", "hosts": ["localhost"] })).await;
    let mut entries = Vec::new();
    for number in 0..CONTACTS {
        let person = json!({ "display_name": format!("Reader {number}"), "sip": format!("sip:r{number}@example.net") });
        entries.push(json!({ "contact": client.make(&path("contacts"), person).await }));
    }
    let made = json!({ "title": "Team", "domains": [domain] });
    let publication = client.ask(Method::POST, &path("publications"), Some(made)).await;
    let [id, key] = ["id", "key"].map(|name| publication[name].as_str().expect("text").to_owned());
    let listed = Some(json!({ "entries": entries }));
    client.ask(Method::PUT, &path(&format!("publications/{id}/entries")), listed).await;
    let saved =
        client.make(&path("contacts"), json!({ "display_name": "Saved", "sip": "sip:saved@example.net" })).await;
    (saved, format!("{url}/api/v1/visitor/publications/{key}/snapshot"))
}

async fn source(client: &Client, tenant: &str, url: &str) -> String {
    let connection = json!({ "kind": "ldap", "url": url, "bind_dn": BIND_DN, "base_dn": PEOPLE,
        "filter": "(objectClass=inetOrgPerson)" });
    let source = json!({ "name": "Directory", "connection": connection });
    let source = client.make(&format!("/tenants/{tenant}/sources"), source).await;
    let secret = Some(json!({ "secret": PASSWORD }));
    client.ask(Method::PUT, &format!("/tenants/{tenant}/sources/{source}/secret"), secret).await;
    source
}
