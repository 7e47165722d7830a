//! Has things published, over connections that are kept.

use std::rc::Rc;
use std::time::Instant;

use directory_model::clock::{Clock, SystemClock};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::spawn_local;

use super::{Crowd, Place};

/// How many requests go on at once.
const CONNECTIONS: usize = 4;

/// The one who publishes: one topic after the other.
pub(super) struct Publisher {
    queues: Vec<mpsc::Sender<String>>,
    number: u64,
    /// Above the versions of whoever published there before.
    first_version: u64,
}

impl Publisher {
    pub(super) fn new(place: &Place) -> Self {
        let queue = |_| {
            let (sender, receiver) = mpsc::channel(1);
            spawn_local(send(place.address, receiver));
            sender
        };
        let first_version = u64::try_from(SystemClock.now().millis()).expect("later than 1970");
        Self { queues: (0..CONNECTIONS).map(queue).collect(), number: 0, first_version }
    }

    /// Publishes the next message; waits for a connection that is free.
    pub(super) async fn publish(&mut self, crowd: &Rc<Crowd>) {
        let topics = crowd.place.topics.len() as u64;
        let (at, turn) = ((self.number % topics) as usize, self.number / topics);
        let topic = &crowd.place.topics[at];
        let contacts = topic.publish.len() as u64;
        let publish = &topic.publish[(turn % contacts) as usize];
        // Each contact's next word is the other one.
        let state = if (turn / contacts).is_multiple_of(2) { "busy" } else { "available" };
        let number = self.number + 1;
        let (numbered, turned) = ((self.first_version + number).to_string(), (turn + 1).to_string());
        let body = publish.body.replace("{n}", &numbered).replace("{turn}", &turned).replace("{state}", state);
        let request = format!(
            "{} {} HTTP/1.1\r\nHost: localhost\r\n{}Content-Length: {}\r\n\r\n{body}",
            publish.method,
            publish.path,
            publish.headers,
            body.len()
        );
        self.number = number;
        crowd.published_at.borrow_mut()[at] = Instant::now();
        crowd.seen.published.set(crowd.seen.published.get() + 1);
        let queue = &self.queues[(number % CONNECTIONS as u64) as usize];
        queue.send(request).await.expect("the connection holds");
    }
}

/// Sends one request after the other.
async fn send(address: std::net::SocketAddr, mut requests: mpsc::Receiver<String>) {
    let mut stream = TcpStream::connect(address).await.expect("it is there");
    stream.set_nodelay(true).expect("a socket");
    while let Some(request) = requests.recv().await {
        stream.write_all(request.as_bytes()).await.expect("it listens");
        read_answer(&mut stream).await;
    }
}

/// Reads an answer with a length, or without a body.
async fn read_answer(stream: &mut TcpStream) {
    let mut answer = Vec::new();
    let mut part = [0; 4096];
    loop {
        if let Some(end) = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&answer[..end]).to_lowercase();
            assert!(head.starts_with("http/1.1 2"), "what was published was refused: {head}");
            let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
            let length: usize = length.map_or(0, |length| length.trim().parse().expect("a length"));
            if answer.len() >= end + 4 + length {
                return;
            }
        }
        let length = stream.read(&mut part).await.expect("it answers");
        assert!(length > 0, "the connection was closed");
        answer.extend_from_slice(&part[..length]);
    }
}
