//! The demo, as somebody sees it who tries the program out.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use axum::http::header::{ACCEPT_ENCODING, ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_ENCODING, CONTENT_TYPE, ORIGIN, VARY};
use reqwest::{Client, Response, StatusCode};
use serde_json::Value;
use suite::backend::new_folder;
use suite::postgres;
use suite::process::{free_port, python, signal, wait_until};

use super::place::{Place, rows};

/// The program, ended when dropped.
pub(crate) struct Demo {
    child: std::process::Child,
    pub(crate) folder: PathBuf,
    pub(crate) gateway: String,
    website: String,
    /// What it said about where everything is.
    pub(crate) links: String,
}

impl Demo {
    /// Starts it, and waits until everything that it announces is there.
    pub(crate) fn start() -> Self {
        let (port, website_port) = (free_port(), free_port());
        let folder = new_folder();
        let log = folder.join("demo.log");
        let output = std::fs::File::create(&log).unwrap();
        let mut command = Self::command(&folder, port, website_port);
        command.stdout(output.try_clone().unwrap()).stderr(output);
        let child = command.spawn().unwrap();
        let [gateway, website] = [port, website_port].map(|port| format!("http://127.0.0.1:{port}"));
        let mut demo = Self { child, folder: folder.join("run"), gateway, website, links: String::new() };
        let said = || std::fs::read_to_string(&log).unwrap();
        wait_until("the demo's links", || {
            assert!(demo.child.try_wait().unwrap().is_none(), "{}", said());
            said().contains("Ctrl-C ends it")
        });
        demo.links = said();
        demo
    }

    fn command(folder: &Path, port: u16, website_port: u16) -> Command {
        let below = |path: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        let mut command = Command::new(env!("CARGO_BIN_EXE_switchboard-under-test"));
        command.args(["demo", "--port", &port.to_string(), "--website-port", &website_port.to_string()]);
        command.arg("--folder").arg(folder.join("run")).arg("--companies").arg(below("../config/demo"));
        command.arg("--website").arg(below("../web/demo/serve.mjs"));
        command
    }
}

impl Demo {
    /// Tells it to end, and says with which code it did.
    fn end(&mut self) -> Option<i32> {
        assert!(signal(self.child.id(), "TERM"), "it is there");
        self.child.wait().unwrap().code()
    }
}

impl Drop for Demo {
    /// Asked to, it takes its website along; killed, it cannot.
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) && !signal(self.child.id(), "TERM") {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}

async fn get(client: &Client, url: String) -> Response {
    client.get(url).send().await.unwrap()
}

/// Whether `url` is sent compressed to whoever takes that, and is the same then.
async fn is_compressed(client: &Client, folder: &Path, url: &str) -> bool {
    let ask = async |coding: &str| client.get(url).header(ACCEPT_ENCODING, coding).send().await.unwrap();
    let (plain, packed) = (ask("identity").await, ask("br, gzip").await);
    for name in [CONTENT_TYPE, VARY] {
        assert_eq!(plain.headers().get(&name), packed.headers().get(&name), "{name}");
    }
    assert_eq!(
        (plain.headers().get(CONTENT_ENCODING), &plain.headers()[VARY]),
        (None, &"accept-encoding".parse().unwrap())
    );
    let is_compressed = packed.headers().get(CONTENT_ENCODING).is_some_and(|coding| coding == "gzip");
    let (file, sent) = (folder.join("sent.gz"), packed.bytes().await.unwrap());
    fs::write(&file, &sent).unwrap();
    let unpack = "import gzip,sys;print(gzip.decompress(open(sys.argv[1],'rb').read()).decode(),end='')";
    let plain = plain.text().await.unwrap();
    is_compressed && sent.len() < plain.len() / 2 && python(unpack, [file.to_str().unwrap()]) == plain
}

/// The keys of the publications that a page embeds.
fn keys(page: &str) -> Vec<&str> {
    page.split("<switchboard-contacts publication=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

async fn snapshot(client: &Client, demo: &Demo, key: &str, origin: &str) -> Response {
    let url = format!("{}/api/v1/visitor/publications/{key}/snapshot", demo.gateway);
    client.get(url).header(ORIGIN, origin).send().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_shows_two_widgets_and_ends_when_told() {
    // Fails only when another test was first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder().timeout(Duration::from_secs(30)).build().unwrap();
    let mut demo = tokio::task::spawn_blocking(Demo::start).await.unwrap();

    let page = get(&client, demo.website.clone()).await;
    assert_eq!(page.status(), StatusCode::OK);
    let page = page.text().await.unwrap();
    let [services, team] = keys(&page)[..] else { panic!("{page}") };
    for key in [services, team] {
        let answer = snapshot(&client, &demo, key, &demo.website).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()[ACCESS_CONTROL_ALLOW_ORIGIN], demo.website.as_str());
        let shown: Value = answer.json().await.unwrap();
        let cards = shown["cards"].as_array().unwrap();
        if key == services {
            assert_eq!(cards.len(), 5, "{shown:#}");
        } else {
            let has_members = |card: &Value| card["members"].as_array().is_some_and(|members| !members.is_empty());
            assert!(!cards.is_empty() && cards.iter().all(has_members), "{shown:#}");
        }
        let foreign = snapshot(&client, &demo, key, "http://elsewhere.example").await;
        assert_eq!(foreign.status(), StatusCode::FORBIDDEN);
    }
    for path in ["/api/docs/", "/api/v1/openapi.json", "/widget/v1.js", "/metrics"] {
        assert_eq!(get(&client, format!("{}{path}", demo.gateway)).await.status(), StatusCode::OK, "{path}");
    }
    for script in ["v1.js", "module.js", "de.js", "enquiry.js", "template.js", "tabs.js"] {
        assert!(is_compressed(&client, &demo.folder, &format!("{}/widget/{script}", demo.gateway)).await, "{script}");
    }

    let ended = tokio::task::spawn_blocking(move || demo.end()).await.unwrap();
    assert_eq!(ended, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_website_that_cannot_start_ends_the_demo_with_a_reason() {
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let ended = tokio::task::spawn_blocking(move || {
        let folder = new_folder();
        let mut command = Demo::command(&folder, free_port(), taken.local_addr().unwrap().port());
        command.output().unwrap()
    });
    let ended = ended.await.unwrap();

    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(!ended.status.success() && said.contains("the website did not start"), "{said}");
    assert!(said.contains("EADDRINUSE"), "{said}");
    assert!(!String::from_utf8_lossy(&ended.stdout).contains("Ctrl-C ends it"));
}

/// The names on the cards of a publication, as far as they do not change by themselves.
fn names(shown: &Value) -> Vec<String> {
    shown["cards"].as_array().unwrap().iter().map(|card| card["name"].to_string()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_moves_to_postgresql_and_is_served_from_there() {
    // Fails only when another test was first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder().timeout(Duration::from_secs(30)).build().unwrap();
    let mut demo = tokio::task::spawn_blocking(Demo::start).await.unwrap();
    let page = get(&client, demo.website.clone()).await.text().await.unwrap();
    let key = keys(&page)[0];
    let before: Value = snapshot(&client, &demo, key, &demo.website).await.json().await.unwrap();
    assert_eq!(demo.end(), Some(0));
    let server = postgres::server();
    let database = server.create();

    let from = Place::of(&format!("sqlite:{}", demo.folder.join("demo.db").display()), "");
    let copied = from.ask(&["copy-store", "--to", &server.url(&database)]);
    let there = Place::of(&server.url(&database), "");
    let serving = there.serve();
    demo.gateway = there.url();
    let after: Value = snapshot(&client, &demo, key, &demo.website).await.json().await.unwrap();

    assert!(rows(&copied, "contacts") == 78 && rows(&copied, "tenants") == 3, "{copied}");
    assert!(copied.ends_with("now name the other database in `database.url`\n"), "{copied}");
    assert_eq!((names(&after), names(&before).len()), (names(&before), 5));
    assert!(!serving.log().contains("/setup#"), "the users have moved too: {}", serving.log());
    drop(serving);
    server.remove(&database);
}
