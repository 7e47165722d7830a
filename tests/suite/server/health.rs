//! What the operator's machines ask: is it alive, is it ready, how much does it do.

use std::io::{Read, Write};
use std::net::TcpStream;

use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};
use suite::postgres;
use suite::process::{Server, wait_until};
use suite::program::setup_token;

use super::place::{Place, is_listening};

/// A gateway of one test.
struct Gateway {
    place: Place,
    client: Client,
    server: Server,
}

impl Gateway {
    async fn serve(place: Place) -> Self {
        // Fails only when another test was first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let (place, server) = tokio::task::spawn_blocking(|| {
            let server = place.serve();
            (place, server)
        })
        .await
        .unwrap();
        Self { place, client: Client::builder().build().unwrap(), server }
    }

    async fn ask(&self, method: Method, path: &str, forwarded_for: Option<&str>) -> Response {
        let mut request = self.client.request(method, format!("{}{path}", self.place.url()));
        if let Some(client) = forwarded_for {
            request = request.header("x-forwarded-for", client);
        }
        request.send().await.unwrap()
    }

    async fn status(&self, path: &str) -> StatusCode {
        self.ask(Method::GET, path, None).await.status()
    }
}

fn embedded(settings: &str) -> Place {
    let database = suite::backend::new_folder().join("switchboard.db");
    Place::of(&format!("sqlite:{}", database.display()), settings)
}

/// All of an answer that does not differ from one to the next.
async fn fixed(answer: Response) -> (StatusCode, Vec<(String, String)>, Value) {
    let changing = ["date", "x-request-id"];
    let headers = answer.headers().iter().filter(|(name, _)| !changing.contains(&name.as_str()));
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
    let status = answer.status();
    let mut body: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap_or_default();
    if let Some(body) = body.as_object_mut() {
        body.retain(|name, _| name != "request_id" && name != "instance");
    }
    (status, headers, body)
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_are_shown_to_those_who_may_see_them() {
    let gateway = Gateway::serve(embedded("[metrics]\nallowed = [\"127.0.0.1\"]")).await;

    let numbers = gateway.ask(Method::GET, "/metrics", None).await;

    assert_eq!(numbers.status(), StatusCode::OK);
    assert_eq!(numbers.headers()["content-type"], "text/plain; version=0.0.4");
    let text = numbers.text().await.unwrap();
    assert!(text.contains("http_connections_total") && text.contains("feed_streams 0"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_runs_and_waits_are_counted_under_few_names() {
    let gateway = Gateway::serve(embedded("[metrics]\nallowed = [\"127.0.0.1\"]")).await;
    let (admin, tenant) =
        suite::program::Client::of_new_tenant_at(&gateway.place.url(), &setup_token(&gateway.server.log())).await;
    let connection = json!({ "kind": "file", "path": "none.csv", "format": "csv" });
    let source =
        admin.make(&format!("/tenants/{tenant}/sources"), json!({ "name": "HR", "connection": connection })).await;
    assert_eq!(admin.run(&tenant, &source).await["state"], "failed");
    for number in 0..3 {
        gateway.status(&format!("/api/v1/nothing-{number}")).await;
        gateway.status(&format!("/api/v1/visitor/publications/key-{number}/snapshot")).await;
    }
    let made_up = Method::from_bytes(b"BREW").unwrap();
    gateway.ask(made_up, "/healthz", None).await;

    let text = gateway.ask(Method::GET, "/metrics", None).await.text().await.unwrap();

    let snapshot = "/api/v1/visitor/publications/{key}/snapshot";
    for line in [
        "http_requests_total{method=\"POST\",route=\"/api/v1/tenants/{tenant}/sources\",status=\"201\"} 1".to_owned(),
        "http_requests_total{method=\"GET\",route=\"other\",status=\"404\"} 3".to_owned(),
        format!("http_requests_total{{method=\"GET\",route=\"{snapshot}\",status=\"404\"}} 3"),
        "http_requests_total{method=\"other\",route=\"/healthz\",status=\"405\"} 1".to_owned(),
        format!("http_request_duration_seconds_count{{route=\"{snapshot}\"}} 3"),
        "sync_runs_total{state=\"failed\"} 1".to_owned(),
        "store_lane_waiting{lane=\"write\"} 0".to_owned(),
    ] {
        assert!(text.lines().any(|known| known == line), "{line} is not in {text}");
    }
    assert!(text.contains("store_lane_wait_seconds_bucket{lane=\"read\",le=\"0.001\"}"), "{text}");
    for secret in [tenant.as_str(), &source, "nothing-0", "key-0", "BREW"] {
        assert!(!text.contains(secret), "{secret} is in {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn to_everybody_else_there_is_no_such_page() {
    let settings = "[metrics]\nallowed = [\"10.9.9.9\"]";
    let gateway = Gateway::serve(embedded(settings)).await;

    for method in [Method::GET, Method::HEAD, Method::POST, Method::OPTIONS] {
        // Nobody has said that this client's word about its address counts.
        for forwarded_for in [None, Some("10.9.9.9")] {
            let forbidden = fixed(gateway.ask(method.clone(), "/metrics", forwarded_for).await).await;
            let missing = fixed(gateway.ask(method.clone(), "/nothing", forwarded_for).await).await;
            assert_eq!(forbidden, missing, "{method}");
            assert_eq!(forbidden.0, StatusCode::NOT_FOUND);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_proxy_the_clients_own_address_decides() {
    let place = embedded("[metrics]\nallowed = [\"10.9.9.9\"]");
    let file = place.file("switchboard.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("[server]", "[server]\ntrusted_proxies = [\"127.0.0.1\"]")).unwrap();
    let gateway = Gateway::serve(place).await;

    for (client, status) in [("10.9.9.9", StatusCode::OK), ("10.9.9.8", StatusCode::NOT_FOUND)] {
        assert_eq!(gateway.ask(Method::GET, "/metrics", Some(client)).await.status(), status, "{client}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_database_a_gateway_lives_and_is_not_ready() {
    let server = postgres::server();
    let database = server.create();
    let gateway = Gateway::serve(Place::of(&server.url(&database), "")).await;
    let before = (gateway.status("/healthz").await, gateway.status("/readyz").await);

    server.execute(&format!("ALTER DATABASE {database} ALLOW_CONNECTIONS false"));
    server.execute(&format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'"));
    let gone = gateway.ask(Method::GET, "/readyz", None).await;
    let lives = gateway.status("/healthz").await;
    server.execute(&format!("ALTER DATABASE {database} ALLOW_CONNECTIONS true"));
    let again = gateway.status("/readyz").await;

    assert_eq!(before, (StatusCode::NO_CONTENT, StatusCode::NO_CONTENT));
    assert_eq!((gone.status(), lives), (StatusCode::SERVICE_UNAVAILABLE, StatusCode::NO_CONTENT));
    let problem: Value = gone.json().await.unwrap();
    assert_eq!(problem["type"], "/problems/temporarily_unavailable", "{problem}");
    assert!(!problem.to_string().contains(&database), "{problem}");
    assert_eq!(again, StatusCode::NO_CONTENT, "{}", gateway.server.log());
    drop(gateway);
    server.remove(&database);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_stops_answers_what_was_asked_and_nobody_new() {
    let mut gateway = Gateway::serve(embedded("")).await;
    let body = "{\"tenant\":null,\"name\":\"nobody\",\"password\":\"wrong\"}";
    let mut early = TcpStream::connect(("127.0.0.1", gateway.place.port)).unwrap();
    let head = "POST /api/v1/session HTTP/1.1\r\nhost: test\r\ncontent-type: application/json\r\ncontent-length: ";
    write!(early, "{head}{}\r\n\r\n{}", body.len(), &body[..10]).unwrap();
    // Whoever connects later is served later: the early one's head has been read.
    assert_eq!(gateway.status("/healthz").await, StatusCode::NO_CONTENT);

    gateway.server.signal("TERM");
    wait_until("the door to close", || !is_listening(gateway.place.port));
    early.write_all(&body.as_bytes()[10..]).unwrap();
    let mut answer = String::new();
    early.read_to_string(&mut answer).unwrap();

    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    assert_eq!(gateway.server.ended(), Some(0), "{}", gateway.server.log());
}
