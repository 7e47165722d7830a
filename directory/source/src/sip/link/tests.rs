use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::task::JoinHandle;

use super::super::agent::Agent;
use super::*;

const HOUR: Duration = Duration::from_hours(1);

/// An agent whose server is the test; over datagrams, as far as it knows, unless `is_reliable`.
fn agent(is_reliable: bool) -> (Arc<Agent>, mpsc::Receiver<Notice>, DuplexStream) {
    let connection = r#"{"host": "sip.example.com", "address": "sip:gw@example.com"}"#;
    let connection: SipConnection = serde_json::from_str(connection).expect("a connection");
    let (ours, theirs) = tokio::io::duplex(64 * 1024);
    let local = "192.0.2.1:5062".parse().expect("an address");
    let mut wire = Wire::over_stream(ours, local, Duration::from_secs(30));
    wire.is_reliable = is_reliable;
    let (agent, notices) = Agent::over(wire, &connection, None);
    (Arc::new(agent), notices, theirs)
}

fn subscribe(agent: &Arc<Agent>) -> (SubscriptionId, JoinHandle<Outcome>) {
    let (agent, id) = (Arc::clone(agent), agent.new_id());
    let asking = async move { agent.subscribe(id, "sip:anna@example.com", Package::Presence, HOUR).await };
    (id, tokio::spawn(asking))
}

/// What comes next, and after how many milliseconds since `start`.
async fn next(server: &mut DuplexStream, start: Instant) -> (u128, String) {
    let mut bytes = vec![0; 4096];
    let count = server.read(&mut bytes).await.expect("the agent lives");
    (start.elapsed().as_millis(), String::from_utf8_lossy(&bytes[..count]).into_owned())
}

async fn answer(server: &mut DuplexStream, request: &str, status: &str) {
    let kept = |name: &str| request.lines().find(|line| line.starts_with(name)).unwrap_or_default().to_owned();
    let [via, from, to, call, cseq] = ["Via:", "From:", "To:", "Call-ID:", "CSeq:"].map(kept);
    let answer =
        format!("SIP/2.0 {status}\r\n{via}\r\n{from}\r\n{to};tag=pa\r\n{call}\r\n{cseq}\r\nExpires: 3600\r\n\r\n");
    server.write_all(answer.as_bytes()).await.expect("the agent lives");
}

#[tokio::test(start_paused = true)]
async fn a_request_is_sent_again_until_it_is_given_up() {
    let (agent, _notices, mut server) = agent(false);
    let start = Instant::now();
    let (_, outcome) = subscribe(&agent);

    let (mut at, mut texts) = (Vec::new(), Vec::new());
    for _ in 0..10 {
        let (when, text) = next(&mut server, start).await;
        at.push(when);
        texts.push(text);
    }

    assert_eq!(at, [0, 500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500]);
    assert!(texts.iter().all(|text| text == &texts[0]), "the very same each time");
    assert_eq!(outcome.await.expect("an outcome"), Outcome::NoAnswer);
    assert_eq!(start.elapsed().as_secs(), 30);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_is_worked_on_is_sent_less_often() {
    let (agent, _notices, mut server) = agent(false);
    let start = Instant::now();
    let (_, outcome) = subscribe(&agent);
    let (_, request) = next(&mut server, start).await;
    answer(&mut server, &request, "100 Trying").await;

    assert_eq!(next(&mut server, start).await.0, 500);
    assert_eq!(next(&mut server, start).await.0, 4500);
    answer(&mut server, &request, "404 Not Found").await;
    assert_eq!(outcome.await.expect("an outcome"), Outcome::Refused { status: 404, retry_after: None });
}

#[tokio::test(start_paused = true)]
async fn a_server_of_which_nothing_is_heard_is_asked_and_then_lost() {
    let (agent, mut notices, mut server) = agent(true);
    let start = Instant::now();

    assert_eq!(next(&mut server, start).await, (30_000, "\r\n\r\n".into()));
    let (at, question) = next(&mut server, start).await;
    assert!(
        at == 60_000 && question.starts_with("OPTIONS sip:sip.example.com:5061;transport=tls SIP/2.0\r\n"),
        "{question}"
    );
    let lost = notices.recv().await.expect("a notice");
    assert!(matches!(lost, Notice::Lost(SourceError::Unreachable { .. })), "{lost:?}");
    assert_eq!(start.elapsed().as_secs(), 90);
    assert_eq!(agent.ask().await, Outcome::Lost);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_answers_is_not_lost() {
    let (_agent, mut notices, mut server) = agent(true);
    let start = Instant::now();
    for round in 1..=10_u128 {
        let (at, text) = next(&mut server, start).await;
        assert_eq!(at, round * 30_000);
        if text.starts_with("OPTIONS") {
            answer(&mut server, &text, "405 Method Not Allowed").await;
        } else if round > 5 {
            server.write_all(b"\r\n").await.expect("the agent lives");
        }
    }
    server.write_all(b"\r\n\r\n").await.expect("the agent lives");
    assert_eq!(next(&mut server, start).await.1, "\r\n", "and is told that we are there");
    assert!(notices.try_recv().is_err());
}

#[tokio::test(start_paused = true)]
async fn a_subscription_of_which_nothing_is_told_is_over() {
    let (agent, mut notices, mut server) = agent(true);
    let start = Instant::now();
    let (id, outcome) = subscribe(&agent);
    let (_, request) = next(&mut server, start).await;
    answer(&mut server, &request, "200 OK").await;
    assert_eq!(outcome.await.expect("an outcome"), Outcome::Granted { lifetime: HOUR, is_pending: false });

    let told = notices.recv().await.expect("a notice");
    let standing = Standing::Terminated { reason: Reason::Silent, retry_after: None };
    assert_eq!(told, Notice::Told { subscription: id, standing, told: None });
    assert_eq!(start.elapsed().as_secs(), 32);
    assert!(agent.refresh(id, HOUR).await.is_gone());
}

#[tokio::test(start_paused = true)]
async fn a_server_that_takes_nothing_is_lost() {
    let (agent, mut notices, _server) = agent(true);
    for _ in 0..400 {
        let agent = Arc::clone(&agent);
        tokio::spawn(async move { agent.ask().await });
    }

    let lost = notices.recv().await.expect("a notice");
    assert!(
        matches!(&lost, Notice::Lost(SourceError::Unreachable { detail, .. }) if detail.contains("does not take")),
        "{lost:?}"
    );
}
