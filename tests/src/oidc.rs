//! A real identity provider: the npm package `oidc-provider`, with its own sign-in page.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Client, Response, Url};

use crate::process::{Server, Stop, free_port, wait_until};

/// As what the gateway is registered.
pub const CLIENT_ID: &str = "switchboard";
/// Its secret.
pub const CLIENT_SECRET: &str = "s3cret & more + than = letters";
/// As what somebody else is registered there.
pub const OTHER_CLIENT: &str = "other";

/// A running provider.
#[derive(Debug)]
pub struct IdentityProvider {
    server: Server,
    /// Its address.
    pub issuer: String,
    http: Client,
}

impl IdentityProvider {
    /// Starts a provider at which the gateway at `gateway` is registered.
    pub fn start(gateway: &str) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/e2e/identity-provider.mjs");
        let port = free_port();
        let mut node = Command::new("node");
        node.arg(script).args([gateway, &port.to_string()]);
        let server = Server::start("identity-provider", &mut node, Stop::Politely);
        let issuer = format!("http://127.0.0.1:{port}");
        wait_until("the identity provider", || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        Self { server, issuer, http }
    }

    /// Stops it, and says where it was.
    pub fn stop(self) -> String {
        drop(self.server);
        self.issuer
    }

    /// Gives it another key.
    pub async fn rotate(&self) {
        let answer = self.http.post(format!("{}/control/rotate", self.issuer)).send().await.expect("an answer");
        assert!(answer.status().is_success());
    }

    /// Signs `name` in at the provider's own page, to which `url` leads; says where it sends the browser then.
    pub async fn sign_in(&self, url: &str, name: &str) -> Url {
        let mut jar = Jar::default();
        let mut at = Url::parse(url).expect("an address");
        for _ in 0..10 {
            let answer = self.get(&mut jar, &at).await;
            if let Some(next) = onward(&at, &answer) {
                if next.origin() != at.origin() {
                    return next;
                }
                at = next;
                continue;
            }
            let page = answer.text().await.expect("a page");
            assert!(page.contains("name=\"login\""), "a page that asks for a name: {page}");
            let form = format!("prompt=login&login={name}&password=any");
            let sent = self.http.post(at.clone()).header("content-type", "application/x-www-form-urlencoded");
            let answer = sent.header(COOKIE, jar.sent()).body(form).send().await.expect("an answer");
            jar.keep(&answer);
            at = onward(&at, &answer).expect("it goes on");
        }
        panic!("the provider does not come to an end");
    }

    async fn get(&self, jar: &mut Jar, at: &Url) -> Response {
        let answer = self.http.get(at.clone()).header(COOKIE, jar.sent()).send().await.expect("an answer");
        jar.keep(&answer);
        answer
    }
}

fn onward(at: &Url, answer: &Response) -> Option<Url> {
    let place = answer.headers().get(LOCATION)?.to_str().ok()?;
    at.join(place).ok()
}

/// Cookies of one server, wherever they are for.
#[derive(Default)]
struct Jar(BTreeMap<String, String>);

impl Jar {
    fn keep(&mut self, answer: &Response) {
        for line in answer.headers().get_all(SET_COOKIE).iter().filter_map(|line| line.to_str().ok()) {
            let pair = line.split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                self.0.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    fn sent(&self) -> String {
        self.0.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }
}
