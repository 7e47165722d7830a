//! Streams for those who take gzip say the same as the others.

use std::io::Read;

use flate2::read::GzDecoder;

use super::*;

/// What can be read of a gzip stream that goes on.
fn read(sent: &[u8]) -> String {
    let mut read = Vec::new();
    let mut some = [0; 4096];
    let mut decoder = GzDecoder::new(sent);
    while let Ok(length @ 1..) = decoder.read(&mut some) {
        read.extend_from_slice(&some[..length]);
    }
    String::from_utf8(read).expect("text")
}

fn packed(gateway: &Gateway, last: Option<FeedId>) -> Subscription {
    gateway.outlet.subscribe(KEY, last, None, None).expect("a seat").coded(Coding::Gzip)
}

/// Reads until the text after the head, and after the line that is random, holds `word`; gives that text.
async fn told(stream: &mut TcpStream, sent: &mut Vec<u8>, word: &str) -> String {
    loop {
        let text = read(sent.get(HEAD.len()..).unwrap_or_default());
        let text = text.split_once("\n\n").map(|(_, rest)| rest.to_owned()).unwrap_or_default();
        if text.contains(word) && text.ends_with("\n\n") {
            return text;
        }
        assert!(stream.read_buf(sent).await.expect("a stream") > 0, "it ended after {text}");
    }
}

/// What the next client without gzip is told up to `word`.
async fn plainly(gateway: &Gateway, last: Option<FeedId>, word: &str) -> String {
    let mut client = Client::new(gateway.connect(last).await);
    let mut text = String::new();
    for _ in 0..2 {
        client.block(usize::MAX).await.expect("head and retry");
    }
    while !text.contains(word) {
        text += &client.block(usize::MAX).await.expect("an event");
    }
    text
}

#[tokio::test]
async fn whoever_takes_gzip_is_told_the_same() {
    let mut gateway = Gateway::new(quiet());
    let (mut client, server) = pair().await;
    let snapshot = plainly(&gateway, None, "event: snapshot").await;
    gateway.outlet.take(packed(&gateway, None), HEAD.into(), server);
    let mut sent = Vec::new();

    assert_eq!(told(&mut client, &mut sent, "event: snapshot").await, snapshot);
    let id = gateway.world.feed.snapshot(KEY).map(|snapshot| snapshot.id);
    gateway.change();
    gateway.change();
    let deltas = plainly(&gateway, id, ".2\"").await;
    assert_eq!(told(&mut client, &mut sent, ".2\"").await, snapshot + &deltas);

    // Somebody who was away meanwhile, too.
    let (mut again, server) = pair().await;
    gateway.outlet.take(packed(&gateway, id), HEAD.into(), server);
    assert_eq!(told(&mut again, &mut Vec::new(), ".2\"").await, deltas);
}

#[tokio::test]
async fn a_reader_with_little_room_gets_all_of_it() {
    let mut gateway = Gateway::new(quiet());
    let (mut client, server) = pair().await;
    socket2::SockRef::from(&server).set_send_buffer_size(4_096).expect("a small buffer");
    gateway.outlet.take(packed(&gateway, None), HEAD.into(), server);
    let mut sent = Vec::new();
    told(&mut client, &mut sent, "event: snapshot").await;
    // Several blocks each.
    for _ in 0..3 {
        gateway.change_much(100_000);
    }

    let text = told(&mut client, &mut sent, ".3\"").await;

    assert_eq!((text.matches("event: delta").count(), text.matches("\n\n").count()), (3, 4));
}

#[tokio::test(start_paused = true)]
async fn pings_and_bodies_are_gzip_as_well() {
    let mut gateway = Gateway::new(Policy::default());
    let mut body = gateway.outlet.body(packed(&gateway, None));
    let mut sent = Vec::new();
    for word in ["event: snapshot", "event: ping", "event: delta"] {
        while !read(&sent).contains(word) {
            let frame = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await;
            sent.extend_from_slice(&frame.expect("a frame").expect("infallible").into_data().expect("data"));
        }
        gateway.change();
    }

    let (mut client, server) = pair().await;
    gateway.outlet.take(packed(&gateway, None), HEAD.into(), server);
    told(&mut client, &mut Vec::new(), "event: ping").await;
}
