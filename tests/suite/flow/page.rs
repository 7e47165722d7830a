//! A website on another origin that shows the widget, and the Chromium that looks at it.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// A website, not yet open.
pub(super) struct Site {
    listener: TcpListener,
    address: SocketAddr,
}

impl Site {
    /// A website whose address is known.
    pub(super) async fn bound() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        Self { listener, address }
    }

    /// Its host and port, as a domain lists it.
    pub(super) fn host(&self) -> String {
        self.address.to_string()
    }

    /// Opens with one page that shows the publication; says its address.
    pub(super) fn open(self, gateway: &str, key: &str) -> String {
        let page = format!(
            "<!doctype html><html lang=en><meta charset=utf-8><title>Example</title>\
             <script async src=\"{gateway}/widget/v1.js\"></script>\
             <switchboard-contacts publication=\"{key}\" gateway=\"{gateway}\"></switchboard-contacts></html>"
        );
        let app = Router::new().route("/", get(move || async move { Html(page) }));
        tokio::spawn(async move { axum::serve(self.listener, app).await });
        format!("http://{}/", self.address)
    }
}

/// Chromium with one page open, asked in JSON lines (see `web/e2e/watch.mjs`).
pub(super) struct Browser {
    child: Child,
    commands: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Browser {
    /// Opens `url`.
    pub(super) async fn open(url: String) -> Self {
        blocking(move || {
            let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../web/e2e/watch.mjs");
            let mut child = Command::new("node")
                .args([script, &url])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .expect("node is missing and the tests need it");
            // Node makes a pipe that it is given non-blocking, so it does not get the one that the tests write to.
            let mut errors = child.stderr.take().unwrap();
            std::thread::spawn(move || std::io::copy(&mut errors, &mut std::io::stderr()));
            let commands = child.stdin.take().unwrap();
            let answers = BufReader::new(child.stdout.take().unwrap());
            let mut browser = Self { child, commands, answers };
            let ready = browser.answer();
            assert_eq!(ready["ready"], true, "Chromium opens the page: {ready}");
            browser
        })
        .await
    }

    /// Waits until a card is as `wanted` says, and gives it.
    pub(super) async fn card(self, mut wanted: Value) -> (Self, Value) {
        wanted["cmd"] = "wait_card".into();
        let (browser, answer) = self.ask(wanted).await;
        (browser, answer["card"].clone())
    }

    /// Waits until something that `selector` finds says `text`.
    pub(super) async fn sees(self, selector: &str, text: &str) -> Self {
        self.ask(json!({ "cmd": "wait_text", "selector": selector, "text": text })).await.0
    }

    /// Runs `script` in the page; `root` is what the widget is drawn in.
    pub(super) async fn runs(self, script: &str) -> Self {
        let script = format!("const root = document.querySelector('switchboard-contacts').shadowRoot; {script}");
        self.ask(json!({ "cmd": "eval", "script": script })).await.0
    }

    /// Asks, and takes a failed answer for the test's failure.
    pub(super) async fn ask(mut self, command: Value) -> (Self, Value) {
        blocking(move || {
            writeln!(self.commands, "{command}").unwrap();
            let answer = self.answer();
            assert_eq!(answer["ok"], true, "{command}: {answer}");
            (self, answer)
        })
        .await
    }

    /// Closes it.
    pub(super) async fn close(self) {
        let (mut browser, _) = self.ask(json!({ "cmd": "close" })).await;
        blocking(move || browser.child.wait().unwrap()).await;
    }

    fn answer(&mut self) -> Value {
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("the browser's driver said `{line}`"))
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.unwrap()
}
