//! One visitor, and what all of them have seen.

use std::cell::{Cell, RefCell};
use std::convert::Infallible;
use std::rc::Rc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Crowd, Outcome};

/// Where each event's number stands in its data.
const NUMBER: &[u8] = b"\"id\":\"";
/// The name of the events that hold everything.
const SNAPSHOT: &[u8] = b"event: snapshot";
/// Nobody is, in any measurement.
const OFFLINE: [&[u8]; 2] = [b"\"state\":\"offline\"", b"\"state\":\"unknown\""];

/// What all visitors have seen.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) published: Cell<u64>,
    pub(super) delivered: Cell<u64>,
    entered: Cell<u64>,
    failed: Cell<u64>,
    lost: Cell<u64>,
    resynced: Cell<u64>,
    false_offline: Cell<u64>,
    event_bytes: Cell<usize>,
    /// Why the first one was not let in, or cut.
    refusal: RefCell<Option<String>>,
    /// The last event of each visitor, as `EPOCH.N`.
    last: RefCell<Vec<Option<(String, u64)>>>,
}

impl Seen {
    pub(super) fn new(visitors: usize) -> Self {
        Self { last: RefCell::new(vec![None; visitors]), ..Self::default() }
    }

    /// How many are in or were not let in.
    pub(super) fn entered(&self) -> u64 {
        self.entered.get()
    }

    /// Begins to count anew; who is in stays in.
    pub(super) fn forget(&self) {
        for count in [&self.published, &self.delivered, &self.failed, &self.lost, &self.resynced, &self.false_offline] {
            count.set(0);
        }
    }

    pub(super) fn everybody_left(&self) {
        self.entered.set(0);
    }

    pub(super) fn outcome(&self) -> Outcome {
        Outcome {
            published: self.published.get(),
            delivered: self.delivered.get(),
            lost: self.lost.get(),
            resynced: self.resynced.get(),
            failed: self.failed.get(),
            false_offline: self.false_offline.get(),
            event_bytes: self.event_bytes.get(),
            refusal: self.refusal.borrow().clone(),
            ..Outcome::default()
        }
    }
}

fn add(count: &Cell<u64>, more: u64) {
    count.set(count.get() + more);
}

fn position(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|bytes| bytes == part)
}

/// Looks on until the connection ends, which nobody expects.
pub(super) async fn visit(crowd: Rc<Crowd>, at: usize) {
    let mut is_in = false;
    let Err(reason) = look_on(&crowd, at, &mut is_in).await;
    crowd.seen.refusal.borrow_mut().get_or_insert_with(|| reason.to_string());
    if !is_in {
        add(&crowd.seen.entered, 1);
    }
    add(&crowd.seen.failed, 1);
    crowd.arrived.notify_one();
}

async fn look_on(crowd: &Rc<Crowd>, at: usize, is_in: &mut bool) -> std::io::Result<Infallible> {
    let topic = at % crowd.place.topics.len();
    let path = &crowd.place.topics[topic].stream;
    let last = crowd.seen.last.borrow()[at].clone();
    let query = last.map(|(epoch, number)| format!("?last_event_id={epoch}.{number}")).unwrap_or_default();
    let mut stream = TcpStream::connect(crowd.place.address).await?;
    let request = format!("GET {path}{query} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut held: Vec<u8> = Vec::new();
    // Small: there are thousands of them.
    let mut part = vec![0; 2048];
    let mut is_answered = false;
    loop {
        let length = stream.read(&mut part).await?;
        if length == 0 || !is_answered && !part.starts_with(b"HTTP/1.1 200") {
            let said = String::from_utf8_lossy(&part[..length]).into_owned();
            return Err(std::io::Error::other(format!("the connection ended with `{said}`")));
        }
        is_answered = true;
        held.extend_from_slice(&part[..length]);
        if !*is_in
            && (position(&held, crowd.place.welcome.as_bytes()).is_some() || query.len() > 1 && held.ends_with(b"\n\n"))
        {
            *is_in = true;
            add(&crowd.seen.entered, 1);
            crowd.arrived.notify_one();
        }
        let mut done = 0;
        while let Some(end) = position(&held[done..], b"\n\n") {
            take(crowd, at, topic, &held[done..done + end]);
            done += end + 2;
        }
        held.drain(..done);
        if held.is_empty() && held.capacity() > 4096 {
            held = Vec::new();
        }
    }
}

/// Takes one event in.
fn take(crowd: &Rc<Crowd>, at: usize, topic: usize, event: &[u8]) {
    let seen = &crowd.seen;
    if OFFLINE.iter().any(|word| position(event, word).is_some()) {
        add(&seen.false_offline, 1);
    }
    let Some(start) = position(event, NUMBER) else { return };
    let id = &event[start + NUMBER.len()..];
    let id = &id[..position(id, b"\"").unwrap_or(id.len())];
    let Some((epoch, number)) = std::str::from_utf8(id).ok().and_then(|id| id.split_once('.')) else { return };
    let Ok(number) = number.parse::<u64>() else { return };
    let last = seen.last.borrow_mut()[at].replace((epoch.to_owned(), number));
    if position(event, SNAPSHOT).is_some() {
        add(&seen.resynced, u64::from(last.is_some()));
        return;
    }
    let is_next = last.is_none_or(|(known, last)| known == epoch && number == last + 1);
    add(&seen.lost, u64::from(!is_next));
    let mark = crowd.place.mark.as_bytes();
    let messages = event.windows(mark.len()).filter(|bytes| *bytes == mark).count() as u64;
    add(&seen.delivered, messages);
    seen.event_bytes.set(event.len() + 2);
    if crowd.is_timed.get() {
        let took = crowd.published_at.borrow()[topic].elapsed();
        crowd.latencies.borrow_mut().push((took.as_secs_f64() * 1000.0) as f32);
    }
    crowd.arrived.notify_one();
}
