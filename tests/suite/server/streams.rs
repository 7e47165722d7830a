//! Streams to visitors over one's own accept loop.

use std::time::Duration;

use directory_model::presence::Availability;
use switchboard::serve::Limits;
use tokio::net::TcpStream;

use super::door::{Door, LARGE_BYTES, Reader, request};

#[tokio::test]
async fn a_connection_that_was_used_before_becomes_a_stream() {
    let door = Door::open(None);
    let mut client = Reader::new(TcpStream::connect(door.address).await.unwrap());

    client.send(&request("/small")).await;
    assert!(client.until("\r\n\r\n").await.starts_with("HTTP/1.1 200 OK\r\n"));
    assert_eq!(client.exactly(5).await, b"small");
    client.send(&request("/stream")).await;
    let head = client.until("\r\n\r\n").await;
    let first = client.until("event: snapshot\n").await;
    let snapshot = client.until("\n\n").await;
    door.claim(1, Availability::Busy);
    let delta = client.until("event: delta\n").await + &client.until("\n\n").await;

    assert!(head.starts_with("HTTP/1.1 200 OK\r\n") && head.contains("content-type: text/event-stream\r\n"), "{head}");
    assert!(!head.contains("content-length") && head.contains("\r\ndate: "), "{head}");
    assert!(first.starts_with("retry: "), "{first}");
    assert!(snapshot.contains("Anna Berg") && snapshot.contains("\"unknown\""), "{snapshot}");
    assert!(delta.contains("\"busy\""), "{delta}");
    assert_eq!(door.outlet.counters().connections, 1);
}

#[tokio::test]
async fn what_was_asked_before_the_stream_arrives_whole() {
    let door = Door::open(None);
    let mut client = Reader::new(TcpStream::connect(door.address).await.unwrap());

    client.send(&(request("/large") + &request("/stream"))).await;
    client.until("\r\n\r\n").await;
    let large = client.exactly(LARGE_BYTES).await;
    let head = client.until("\r\n\r\n").await;

    assert!(large.iter().all(|byte| *byte == b'x'));
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    client.until("Anna Berg").await;
}

#[tokio::test]
async fn asking_for_the_head_of_a_stream_is_answered_with_a_head() {
    let door = Door::open(None);
    let mut client = Reader::new(TcpStream::connect(door.address).await.unwrap());

    client.send("HEAD /stream HTTP/1.1\r\nhost: test\r\n\r\n").await;
    assert!(client.until("\r\n\r\n").await.starts_with("HTTP/1.1 200 OK\r\n"));
    client.send(&request("/small")).await;

    assert!(client.until("\r\n\r\n").await.starts_with("HTTP/1.1 200 OK\r\n"));
    assert_eq!(door.outlet.counters().taken, 0);
}

#[tokio::test]
async fn a_connection_too_many_is_closed_at_the_door() {
    let door = Door::open_for(1, None);
    let mut first = Reader::new(TcpStream::connect(door.address).await.unwrap());
    first.send(&request("/small")).await;
    first.until("small").await;

    let mut second = Reader::new(TcpStream::connect(door.address).await.unwrap());

    assert!(second.is_closed().await);
    first.send(&request("/small")).await;
    first.until("small").await;
}

#[tokio::test]
async fn a_stream_makes_room_for_the_next_connection() {
    let door = Door::open_for(1, None);
    let mut visitor = Reader::new(TcpStream::connect(door.address).await.unwrap());
    visitor.send(&request("/stream")).await;
    visitor.until("event: snapshot").await;

    let mut next = Reader::new(TcpStream::connect(door.address).await.unwrap());
    next.send(&request("/small")).await;

    next.until("small").await;
}

#[tokio::test]
async fn one_address_cannot_take_all_the_room() {
    let limits = |trusted_proxies| Limits {
        trusted_proxies,
        max_connections: 100,
        max_connections_per_address: 1,
        header_timeout: Duration::from_secs(30),
    };
    let door = Door::with(limits(Vec::new()), None);
    let mut first = Reader::new(TcpStream::connect(door.address).await.unwrap());
    first.send(&request("/small")).await;
    first.until("small").await;
    assert!(Reader::new(TcpStream::connect(door.address).await.unwrap()).is_closed().await);

    // A proxy speaks for many.
    let door = Door::with(limits(vec!["127.0.0.0/8".parse().unwrap()]), None);
    let mut clients = Vec::new();
    for _ in 0..3 {
        let mut client = Reader::new(TcpStream::connect(door.address).await.unwrap());
        client.send(&request("/small")).await;
        client.until("small").await;
        clients.push(client);
    }
}

#[tokio::test]
async fn a_client_that_says_nothing_is_closed() {
    let door = Door::with(
        Limits {
            trusted_proxies: Vec::new(),
            max_connections: 100,
            max_connections_per_address: 100,
            header_timeout: Duration::from_millis(1),
        },
        None,
    );

    assert!(Reader::new(TcpStream::connect(door.address).await.unwrap()).is_closed().await);
}

#[tokio::test]
async fn stopping_ends_streams_and_idle_connections() {
    let door = Door::open(None);
    let mut silent = Reader::new(TcpStream::connect(door.address).await.unwrap());
    let mut idle = Reader::new(TcpStream::connect(door.address).await.unwrap());
    idle.send(&request("/small")).await;
    idle.until("small").await;
    let mut visitor = Reader::new(TcpStream::connect(door.address).await.unwrap());
    visitor.send(&request("/stream")).await;
    visitor.until("\n\n").await;
    visitor.until("Anna Berg").await;
    visitor.until("\n\n").await;

    tokio::join!(door.server.stop(Duration::from_secs(30)), door.outlet.stop());

    assert!(silent.is_closed().await);
    assert!(idle.is_closed().await);
    assert!(visitor.is_closed().await);
    assert!(TcpStream::connect(door.address).await.is_err());
}
