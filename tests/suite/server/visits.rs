//! Who looks on at a publication of the running program, and for how long.

use std::process::Command;
use std::time::Duration;

use reqwest::{Client as Http, Method, Response};
use serde_json::json;
use suite::backend::new_folder;
use suite::program::{Client, Program};

const PROGRAM: &str = env!("CARGO_BIN_EXE_switchboard-under-test");

/// A program with one publication, which pages of `www.example` may show.
struct Show {
    program: Program,
    admin: Client,
    domain: String,
    stream: String,
    http: Http,
}

impl Show {
    async fn open(server_keys: &'static str, settings: &'static str) -> Self {
        let start = move || Program::start_in(new_folder(), Command::new(PROGRAM), server_keys, settings);
        let program = tokio::task::spawn_blocking(start).await.unwrap();
        let (admin, tenant) = Client::of_new_tenant(&program).await;
        let base = format!("/tenants/{tenant}");
        let domain = admin.make(&format!("{base}/domains"), json!({ "title": "Web", "hosts": ["www.example"] })).await;
        let fields = json!({ "title": "Team", "domains": [domain] });
        let publication = admin.make(&format!("{base}/publications"), fields).await;
        let key = admin.get(&format!("{base}/publications/{publication}")).await["key"].as_str().unwrap().to_owned();
        let stream = format!("{}/api/v1/visitor/publications/{key}/stream", program.url);
        let http = Http::builder().timeout(Duration::from_mins(1)).build().unwrap();
        Self { program, admin, domain: format!("{base}/domains/{domain}"), stream, http }
    }

    /// The answer to a request for the stream with one more header.
    async fn visit(&self, name: &str, value: &str) -> Response {
        self.http.get(&self.stream).header(name, value).send().await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn forwarded_addresses_count_only_when_a_trusted_proxy_says_them() {
    // A client may say what it likes: the proxy's own word is the right-most.
    let visitors = ["198.51.100.1", "198.51.100.2", "192.0.2.7, 198.51.100.2", "198.51.100.3"];
    for (server_keys, expected) in
        [("trusted_proxies = [\"127.0.0.1\"]", [200, 200, 429, 200]), ("trusted_proxies = []", [200, 429, 429, 429])]
    {
        let show = Show::open(server_keys, "[feed]\nmax_streams_per_address = 1").await;
        let mut answers = Vec::new();
        for visitor in visitors {
            answers.push(show.visit("x-forwarded-for", visitor).await);
        }

        let statuses: Vec<u16> = answers.iter().map(|answer| answer.status().as_u16()).collect();
        assert_eq!(statuses, expected, "{server_keys} {}", show.program.log());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_ends_when_its_domain_is_removed() {
    let show = Show::open("", "").await;
    let mut stream = show.visit("origin", "https://www.example").await;
    assert_eq!(stream.status().as_u16(), 200);
    assert!(stream.chunk().await.unwrap().is_some());

    show.admin.ask(Method::DELETE, &show.domain, None).await;

    // The end of the connection, with whatever was on its way; a stream that stays times out.
    while stream.chunk().await.unwrap_or_else(|reason| panic!("{reason}: {}", show.program.log())).is_some() {}
    assert_eq!(show.visit("origin", "https://www.example").await.status().as_u16(), 403);
}
