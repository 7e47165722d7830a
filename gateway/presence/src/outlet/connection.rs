//! One connection that was handed over: what it was sent, and what it still has to be sent.

use std::collections::VecDeque;
use std::task::{Context, Poll, Waker};

use bytes::{Buf, Bytes};
use tokio::time::Instant;

use super::counters::{End, Tally};
use super::stream::Stream;
use super::{Policy, Ticket};
use crate::feed::Tail;

/// A connection in a shard. Small, because most of the time it only waits: what is waiting to be
/// written has its own allocation, and while nothing is there is none.
pub(super) struct Connection {
    stream: Stream,
    waker: Waker,
    pub(super) ticket: Ticket,
    /// The number of the last delta that was written or waits to be.
    seq: u64,
    waiting: Option<Box<Waiting>>,
    /// How many bytes the client has said since its request.
    heard: usize,
    /// Where the connection stands in its topic's list.
    pub(super) place: u32,
}

/// What could not be written yet.
struct Waiting {
    parts: VecDeque<Bytes>,
    /// The start of the stream: it may be as long as the publication is.
    is_start: bool,
    /// Since when nothing could be written.
    stalled_since: Instant,
}

/// What fan-out needs of its surroundings.
#[derive(Clone, Copy)]
pub(super) struct Surroundings<'a> {
    pub(super) policy: &'a Policy,
    pub(super) tally: &'a Tally,
    pub(super) now: Instant,
}

impl Connection {
    pub(super) fn new(stream: Stream, waker: Waker, ticket: Ticket) -> Self {
        Self { stream, waker, ticket, seq: 0, waiting: None, heard: 0, place: 0 }
    }

    /// Writes the start of the stream, after which the client has everything up to `seq`.
    pub(super) fn start(&mut self, parts: [Bytes; 3], seq: u64, around: Surroundings<'_>) -> Result<(), End> {
        self.seq = seq;
        let parts = parts.into_iter().filter(|part| !part.is_empty()).collect();
        self.waiting = Some(Box::new(Waiting { parts, is_start: true, stalled_since: around.now }));
        self.listen(around.policy)?;
        self.write_on(around)
    }

    /// Which delta the client will have when everything that waits is written.
    pub(super) fn seq(&self) -> u64 {
        self.seq
    }

    /// Hands `tail`, what comes after [`Connection::seq`], to the client.
    pub(super) fn tell(&mut self, tail: &Tail, around: Surroundings<'_>) -> Result<(), End> {
        if self.waiting.is_some() {
            return self.check_backlog(around.policy);
        }
        match tail {
            Tail::Nothing => Ok(()),
            Tail::Gone => Err(End::Slow),
            Tail::Events { bytes, head } => {
                around.tally.delivered(head - self.seq);
                self.seq = *head;
                self.write(bytes, around.now)
            }
        }
    }

    /// Writes `ping`, unless something waits: then that shows that the gateway lives.
    pub(super) fn ping(&mut self, ping: &Bytes, around: Surroundings<'_>) -> Result<(), End> {
        match &self.waiting {
            Some(waiting) if around.now.duration_since(waiting.stalled_since) >= around.policy.stall => Err(End::Slow),
            Some(_) => Ok(()),
            None => self.write(ping, around.now),
        }
    }

    /// The socket can be read or written again.
    pub(super) fn ready(&mut self, around: Surroundings<'_>) -> Result<(), End> {
        self.listen(around.policy)?;
        if self.waiting.is_some() { self.write_on(around) } else { Ok(()) }
    }

    pub(super) fn close(self) {
        let Self { stream, waker, .. } = self;
        stream.close(&mut Context::from_waker(&waker));
    }

    /// Reads until there is nothing more, so that the socket tells when there is.
    fn listen(&mut self, policy: &Policy) -> Result<(), End> {
        let mut context = Context::from_waker(&self.waker);
        loop {
            match self.stream.poll_ignore(&mut context) {
                Poll::Pending => return Ok(()),
                Poll::Ready(Ok(0) | Err(_)) => return Err(End::Gone),
                Poll::Ready(Ok(heard)) => self.heard += heard,
            }
            if self.heard > policy.max_heard_bytes {
                return Err(End::Talking);
            }
        }
    }

    /// Writes `bytes` when nothing waits; what cannot be written waits.
    fn write(&mut self, bytes: &Bytes, now: Instant) -> Result<(), End> {
        let mut context = Context::from_waker(&self.waker);
        let mut rest = bytes.as_ref();
        while !rest.is_empty() {
            match self.stream.poll_write(&mut context, rest) {
                Poll::Ready(Ok(written)) if written > 0 => rest.advance(written),
                Poll::Ready(_) => return Err(End::Gone),
                Poll::Pending => {
                    let parts = VecDeque::from([bytes.slice(bytes.len() - rest.len()..)]);
                    self.waiting = Some(Box::new(Waiting { parts, is_start: false, stalled_since: now }));
                    return Ok(());
                }
            }
        }
        match self.stream.poll_flush(&mut context) {
            Poll::Ready(Ok(())) => Ok(()),
            Poll::Ready(Err(_)) => Err(End::Gone),
            Poll::Pending => {
                let parts = VecDeque::new();
                self.waiting = Some(Box::new(Waiting { parts, is_start: false, stalled_since: now }));
                Ok(())
            }
        }
    }

    /// Writes what waits, and then the deltas that came meanwhile.
    fn write_on(&mut self, around: Surroundings<'_>) -> Result<(), End> {
        while let Some(waiting) = &mut self.waiting {
            let mut context = Context::from_waker(&self.waker);
            while let Some(part) = waiting.parts.front_mut() {
                match self.stream.poll_write(&mut context, part) {
                    Poll::Pending => return Ok(()),
                    Poll::Ready(Ok(written)) if written > 0 => part.advance(written),
                    Poll::Ready(_) => return Err(End::Gone),
                }
                waiting.stalled_since = around.now;
                if part.is_empty() {
                    waiting.parts.pop_front();
                }
            }
            match self.stream.poll_flush(&mut context) {
                Poll::Pending => return Ok(()),
                Poll::Ready(Ok(())) => self.waiting = None,
                Poll::Ready(Err(_)) => return Err(End::Gone),
            }
            let tail = self.ticket.topic.after(self.seq).coded(self.ticket.coding);
            self.tell(&tail, around)?;
        }
        Ok(())
    }

    fn check_backlog(&self, policy: &Policy) -> Result<(), End> {
        let waiting = self.waiting.as_deref().filter(|waiting| !waiting.is_start);
        let written: usize = waiting.map_or(0, |waiting| waiting.parts.iter().map(Bytes::len).sum());
        let is_behind = self.ticket.topic.is_behind(self.seq, written as u64, policy.max_backlog_bytes);
        if is_behind { Err(End::Slow) } else { Ok(()) }
    }
}
