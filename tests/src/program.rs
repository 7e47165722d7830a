//! The whole program in a process of its own, and somebody who talks to its API as any client would.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use directory_model::clock::{Clock, SystemClock};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::backend::new_folder;
use crate::process::{Server, Stop, free_port, wait_until};

/// The password of everybody whom a test makes.
pub const PASSWORD: &str = "correct horse battery staple";

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running `switchboard serve` over an embedded database in a folder of its own.
pub struct Program {
    /// Where it speaks HTTP: `http://127.0.0.1:PORT`.
    pub url: String,
    /// The folder with its database and configuration.
    pub folder: PathBuf,
    server: Server,
}

impl Program {
    /// Starts the program at `binary` with `settings` (TOML tables besides `server` and
    /// `database`), and waits until it answers.
    pub fn start(binary: &str, settings: &str) -> Self {
        Self::start_in(new_folder(), Command::new(binary), "", settings)
    }

    /// The same with further keys of the table `server`, a folder that may hold a database, and
    /// the command that starts it, such as one that pins it to a processor.
    pub fn start_in(folder: PathBuf, mut command: Command, server_keys: &str, settings: &str) -> Self {
        let port = free_port();
        let configuration = folder.join("switchboard.toml");
        let database = folder.join("switchboard.db");
        let text = format!(
            "[server]\nlisten = \"127.0.0.1:{port}\"\n{server_keys}\n[database]\nurl = \"sqlite:{}\"\n{settings}\n",
            database.display()
        );
        fs::write(&configuration, text).expect("the configuration can be written");
        command.arg("--config").arg(&configuration).arg("serve");
        let mut server = Server::start(&format!("switchboard-{port}"), &mut command, Stop::Politely);
        let answers = || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok();
        if let Err(log) = server.wait_until(answers) {
            panic!("the program ended at once: {log}");
        }
        Self { url: format!("http://127.0.0.1:{port}"), folder, server }
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.server.id()
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        self.server.log()
    }

    /// The one-time token of its first start.
    pub fn setup_token(&self) -> String {
        setup_token(&self.log())
    }

    /// Ends it as a crash would.
    pub fn kill(&mut self) {
        self.server.kill();
    }
}

/// The one-time token that the program announced in its `log`.
pub fn setup_token(log: &str) -> String {
    let link = log.split_once("/setup#").expect("the link is announced").1;
    link.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect()
}

/// Somebody signed in.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    url: String,
    cookie: String,
    csrf_token: String,
}

impl Client {
    /// Sets the program up, makes a tenant with an administrator, and signs that one in. The
    /// tenant's identity comes with it.
    pub async fn of_new_tenant(program: &Program) -> (Self, String) {
        Self::of_new_tenant_at(&program.url, &program.setup_token()).await
    }

    /// The same for the program at `url`, whose one-time token is `setup_token`.
    pub async fn of_new_tenant_at(url: &str, setup_token: &str) -> (Self, String) {
        // Fails only when another test was first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().timeout(PATIENCE).build().expect("a client");
        let nobody = Self { http, url: url.to_owned(), cookie: String::new(), csrf_token: String::new() };
        let root = json!({ "token": setup_token, "name": "root", "password": PASSWORD });
        nobody.ask(Method::POST, "/setup", Some(root)).await;
        let platform = nobody.sign_in(None, "root").await;
        let tenant = platform.make("/tenants", json!({ "name": "Example" })).await;
        let user = platform.make(&format!("/tenants/{tenant}/users"), json!({ "name": "admin" })).await;
        let password = Some(json!({ "password": PASSWORD }));
        platform.ask(Method::PUT, &format!("/tenants/{tenant}/users/{user}/password"), password).await;
        let scope = json!({ "kind": "tenant", "id": tenant });
        let grant = json!({ "user": user, "role": "tenant", "scope": scope });
        platform.make(&format!("/tenants/{tenant}/grants"), grant).await;
        (nobody.sign_in(Some("Example"), "admin").await, tenant)
    }

    /// The same browser without a session.
    #[must_use]
    pub fn nobody(&self) -> Self {
        Self { http: self.http.clone(), url: self.url.clone(), cookie: String::new(), csrf_token: String::new() }
    }

    /// A visitor, for whom a proxy says that they are at `address`.
    #[must_use]
    pub fn visitor_at(&self, address: &str) -> Self {
        let name = HeaderName::from_static("x-forwarded-for");
        let forwarded = HeaderMap::from_iter([(name, HeaderValue::from_str(address).expect("an address"))]);
        let http = reqwest::Client::builder().timeout(PATIENCE).default_headers(forwarded).build().expect("a client");
        Self { http, ..self.nobody() }
    }

    /// Signs in as somebody else whose password is [`PASSWORD`].
    pub async fn sign_in(&self, tenant: Option<&str>, name: &str) -> Self {
        let body = json!({ "tenant": tenant, "name": name, "password": PASSWORD });
        let response = self.send(Method::POST, "/session", Some(body), None).await;
        let cookie = response.headers()["set-cookie"].to_str().expect("text");
        let cookie = cookie.split(';').next().expect("a first part").to_owned();
        let session: Value = response.json().await.expect("JSON");
        let csrf_token = session["csrf_token"].as_str().expect("a token").to_owned();
        Self { http: self.http.clone(), url: self.url.clone(), cookie, csrf_token }
    }

    /// The session's cookie, as a browser sends it.
    pub fn cookie(&self) -> &str {
        &self.cookie
    }

    /// Makes something and says its identity.
    pub async fn make(&self, path: &str, body: Value) -> String {
        let made = self.ask(Method::POST, path, Some(body)).await;
        made["id"].as_str().unwrap_or_else(|| panic!("`{path}` answered without identity: {made}")).to_owned()
    }

    /// Reads.
    pub async fn get(&self, path: &str) -> Value {
        self.ask(Method::GET, path, None).await
    }

    /// Changes something, whatever its revision.
    pub async fn patch(&self, path: &str, body: Value) -> Value {
        let revision = self.get(path).await["revision"].to_string();
        read(self.send(Method::PATCH, path, Some(body), Some(format!("\"{revision}\""))).await).await
    }

    /// The status of what is answered, whatever that is.
    pub async fn status(&self, method: Method, path: &str) -> u16 {
        self.send(method, path, None, None).await.status().as_u16()
    }

    /// Makes an API token with the administrator's rights, and says its secret.
    pub async fn token(&self, tenant: &str) -> String {
        let expires_at = SystemClock.now().plus(Duration::from_hours(1));
        let scope = json!({ "kind": "tenant", "id": tenant });
        let token = json!({ "name": "Command line", "role": "tenant", "scope": scope, "expires_at": expires_at });
        let made = self.ask(Method::POST, &format!("/tenants/{tenant}/tokens"), Some(token)).await;
        made["secret"].as_str().expect("a secret").to_owned()
    }

    /// Asks, and takes every refusal for the test's failure.
    pub async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Value {
        read(self.send(method, path, body, None).await).await
    }

    /// Asks, and says the status and the body of the answer.
    pub async fn try_ask(&self, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
        let response = self.send(method, path, body, None).await;
        (response.status().as_u16(), response.json().await.unwrap_or_default())
    }

    /// Gives a JPEG file, and takes every refusal for the test's failure.
    pub async fn upload(&self, path: &str, file: Vec<u8>) -> Value {
        let request = self.request(Method::POST, path).header("content-type", "image/jpeg").body(file);
        read(request.send().await.expect("the gateway answers")).await
    }

    /// Gives a JPEG or PNG file, and says the status and the body of the answer.
    pub async fn try_upload(&self, path: &str, file: Vec<u8>) -> (u16, Value) {
        let kind = if file.starts_with(b"\x89PNG") { "image/png" } else { "image/jpeg" };
        let request = self.request(Method::POST, path).header("content-type", kind).body(file);
        let response = request.send().await.expect("the gateway answers");
        (response.status().as_u16(), response.json().await.unwrap_or_default())
    }

    /// Asks a gateway that may die meanwhile: `None` when there was no whole answer. Takes every
    /// refusal for the test's failure.
    pub async fn ask_mortal(&self, method: Method, path: &str, body: Option<Value>) -> Option<Value> {
        let mut request = self.request(method, path);
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        whole(request.send().await).await
    }

    /// Gives a JPEG file to such a gateway.
    pub async fn upload_mortal(&self, path: &str, file: Vec<u8>) -> Option<Value> {
        let request = self.request(Method::POST, path).header("content-type", "image/jpeg").body(file);
        whole(request.send().await).await
    }

    /// Loads a file of the API that is at `path` of the server.
    pub async fn file(&self, path: &str) -> bytes::Bytes {
        let path = path.trim_start_matches("/api/v1");
        let answer = self.request(Method::GET, path).send().await.expect("the gateway answers");
        assert!(answer.status().is_success(), "{path} answered {}", answer.status());
        answer.bytes().await.expect("a whole answer")
    }

    /// Loads what a web page would, as nobody in particular.
    pub async fn load(&self, url: &str) -> bytes::Bytes {
        let answer = self.http.get(url).send().await.expect("the gateway answers");
        assert!(answer.status().is_success(), "{url} answered {}", answer.status());
        answer.bytes().await.expect("a whole answer")
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
        if_match: Option<String>,
    ) -> reqwest::Response {
        let is_patch = method == Method::PATCH;
        let mut request = self.request(method, path);
        if let Some(revision) = if_match {
            request = request.header("if-match", revision);
        }
        if let Some(body) = body {
            let kind = if is_patch { "application/merge-patch+json" } else { "application/json" };
            request = request.header("content-type", kind).body(body.to_string());
        }
        request.send().await.expect("the gateway answers")
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.http.request(method, format!("{}/api/v1{path}", self.url));
        request.header("cookie", &self.cookie).header("x-csrf-token", &self.csrf_token)
    }

    /// Starts a run of `source` and waits for its end; says how it ended.
    pub async fn run(&self, tenant: &str, source: &str) -> Value {
        let run = self.make(&format!("/tenants/{tenant}/sources/{source}/runs"), json!({})).await;
        let path = format!("/tenants/{tenant}/runs/{run}");
        loop {
            let run = self.get(&path).await;
            if run["state"] != "running" {
                return run;
            }
            let mut asked = false;
            wait_until("the run to go on", || std::mem::replace(&mut asked, true));
        }
    }
}

async fn read(response: reqwest::Response) -> Value {
    let (status, url) = (response.status(), response.url().clone());
    let body = response.bytes().await.expect("a whole answer");
    parsed(status, &url, &body)
}

/// What was answered, if that arrived whole.
async fn whole(response: reqwest::Result<reqwest::Response>) -> Option<Value> {
    let response = response.ok()?;
    let (status, url) = (response.status(), response.url().clone());
    let body = response.bytes().await.ok()?;
    Some(parsed(status, &url, &body))
}

fn parsed(status: StatusCode, url: &reqwest::Url, body: &[u8]) -> Value {
    assert!(status.is_success(), "{url} answered {status}: {}", String::from_utf8_lossy(body));
    if status == StatusCode::NO_CONTENT || body.is_empty() {
        return Value::Null;
    }
    serde_json::from_slice(body).expect("JSON")
}
