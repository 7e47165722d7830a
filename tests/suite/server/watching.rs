//! The program watches whom a source knows, from its configuration to what is answered.

use reqwest::Method;
use serde_json::{Value, json};
use suite::graph::{Graph, User, id};
use suite::program::{Client, Program};
use suite::ucwa::{Person, Ucwa};
use tokio::time::{Duration, timeout};

const PROGRAM: &str = env!("CARGO_BIN_EXE_switchboard-under-test");
const LOOPBACK_ALLOWED: &str = "[sources.outbound]\nis_loopback_allowed = true";
const PATIENCE: Duration = Duration::from_mins(1);

/// Asks until the answer is so.
async fn until(admin: &Client, path: &str, is_so: impl Fn(&Value) -> bool) -> Value {
    let asking = async {
        loop {
            let answer = admin.get(path).await;
            if is_so(&answer) {
                return answer;
            }
        }
    };
    timeout(PATIENCE, asking).await.expect("it becomes so")
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_marked_as_hybrid_is_shown_as_graph_says() {
    let graph = Graph::start((0..3).map(User::new).collect(), 100).await;
    graph.set_presence(&id(1), json!({"availability": "Busy", "activity": "InACall"}));
    let program = tokio::task::spawn_blocking(|| Program::start(PROGRAM, LOOPBACK_ALLOWED)).await.unwrap();
    let (admin, tenant) = Client::of_new_tenant(&program).await;
    let base = format!("/tenants/{tenant}");
    let mut connection = serde_json::to_value(graph.connection()).unwrap();
    connection["kind"] = "graph".into();
    let body = json!({"name": "Entra", "connection": connection, "presence": {"reads_presence": true}});
    let source = admin.make(&format!("{base}/sources"), body).await;
    let secret = Some(json!({"secret": graph.secret().expose()}));
    admin.ask(Method::PUT, &format!("{base}/sources/{source}/secret"), secret).await;
    assert_eq!(admin.run(&tenant, &source).await["state"], "succeeded");
    let found = admin.get(&format!("{base}/contacts?q=user1")).await;
    let anna = format!("{base}/contacts/{}", found["items"][0]["id"].as_str().unwrap());
    assert_eq!(admin.get(&format!("{anna}/presence")).await["availability"], "unknown");

    admin.patch(&anna, json!({"is_hybrid": true})).await;

    let shown = until(&admin, &format!("{anna}/presence"), |shown| shown["availability"] != "unknown").await;
    assert_eq!((&shown["availability"], &shown["activity"]), (&json!("busy"), &json!("on_the_phone")));
    let why = admin.get(&format!("{anna}/presence/why")).await;
    assert_eq!((&why["is_hybrid"], &why["claims"][0]["claim"]["source"]), (&json!(true), &json!(source)));
    let health = admin.get(&format!("{base}/sources/{source}/presence")).await;
    assert_eq!(health["aspects"][0]["counts"]["polling"], 1, "{health}");
    assert_eq!(health["contacts"]["items"][0]["state"], "polling", "{health}");

    graph.set_presence(&id(1), json!({"availability": "Available", "activity": "Available"}));
    let asked = admin.ask(Method::POST, &format!("{anna}/resubscribe"), None).await;
    assert_eq!(asked, json!({"subscriptions": 1}));
    until(&admin, &format!("{anna}/presence"), |shown| shown["availability"] == "available").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_skype_for_business_server_says_is_shown_and_explained() {
    let presence = ("Busy".to_owned(), Some("on-the-phone".to_owned()));
    let anna = Person { presence, ..Person::new("anna@example.com", "anna@example.com", "Anna") };
    let server = Ucwa::start(vec![anna]).await;
    let program = tokio::task::spawn_blocking(|| Program::start(PROGRAM, LOOPBACK_ALLOWED)).await.unwrap();
    let (admin, tenant) = Client::of_new_tenant(&program).await;
    let base = format!("/tenants/{tenant}");
    let contact =
        admin.make(&format!("{base}/contacts"), json!({"display_name": "Anna", "sip": "sip:anna@example.com"})).await;
    let mut connection = serde_json::to_value(server.connection()).unwrap();
    connection["kind"] = "ucwa".into();
    let body = json!({"name": "Lync", "connection": connection, "presence": {"reads_presence": true}});
    let source = admin.make(&format!("{base}/sources"), body).await;
    let secret = Some(json!({"secret": server.secret().expose()}));
    admin.ask(Method::PUT, &format!("{base}/sources/{source}/secret"), secret).await;
    let anna = format!("{base}/contacts/{contact}");

    let shown = until(&admin, &format!("{anna}/presence"), |shown| shown["availability"] == "busy").await;

    assert_eq!(shown["activity"], "on_the_phone", "{shown}");
    let why = admin.get(&format!("{anna}/presence/why")).await;
    let claim = &why["claims"][0]["claim"];
    assert_eq!((&claim["source"], &claim["kind"]), (&json!(source), &json!("platform")), "{why}");
    assert_eq!(why["claims"][0]["part"], "decides", "{why}");
    let health = admin.get(&format!("{base}/sources/{source}/presence")).await;
    assert_eq!(health["aspects"][0]["counts"]["subscribed"], 1, "{health}");

    server.set_presence("anna@example.com", "Online", None);
    until(&admin, &format!("{anna}/presence"), |shown| shown["availability"] == "available").await;
}
