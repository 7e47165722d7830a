//! The same stream as the body of an HTTP/2 response.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use directory_model::clock::Clock;
use http_body::{Body, Frame};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until, timeout};

use super::counters::{End, Tally};
use super::{Policy, Subscription, begin, ping};
use crate::feed::Tail;

/// How many parts may wait for the connection to take them.
const CAPACITY: usize = 4;

/// A body that goes on until the publication, the client or the gateway ends.
#[derive(Debug)]
pub struct FeedBody {
    parts: mpsc::Receiver<Bytes>,
}

impl Body for FeedBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.parts.poll_recv(context).map(|part| part.map(|part| Ok(Frame::data(part))))
    }
}

/// Feeds one body.
pub(super) struct Carrier {
    pub(super) policy: Arc<Policy>,
    pub(super) tally: Arc<Tally>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) stop: watch::Receiver<bool>,
    /// When the first ping is due.
    pub(super) ping_at: Instant,
}

impl Carrier {
    /// The body for `subscription`, with the future that feeds it.
    pub(super) fn body(self, subscription: Subscription, retry: Bytes) -> (FeedBody, impl Future<Output = ()> + Send) {
        let (sender, parts) = mpsc::channel(CAPACITY);
        self.tally.taken();
        let tally = self.tally.clone();
        let carry = async move {
            let end = self.carry(subscription, retry, sender).await;
            tally.left(end);
        };
        (FeedBody { parts }, carry)
    }

    async fn carry(mut self, subscription: Subscription, retry: Bytes, sender: mpsc::Sender<Bytes>) -> End {
        let Subscription { ticket, last_event_id } = subscription;
        let (topic, coding) = (&ticket.topic, ticket.coding);
        let mut news = topic.watch();
        let (start, mut seq) = begin(&ticket, last_event_id, self.clock.as_ref());
        for part in [coding.first(retry), start] {
            if let Err(end) = self.send(&sender, part).await {
                return end;
            }
        }
        loop {
            let mut part = Bytes::new();
            tokio::select! {
                _ = news.changed() => {}
                () = sleep_until(self.ping_at) => {
                    part = coding.piece(ping(self.clock.now()));
                    self.ping_at = Instant::now() + self.policy.ping_every;
                }
                () = sender.closed() => return End::Gone,
                _ = self.stop.wait_for(|stop| *stop) => return End::Ended,
            }
            if ticket.has_ended() {
                return End::Ended;
            }
            if topic.is_behind(seq, 0, self.policy.max_backlog_bytes) {
                return End::Slow;
            }
            match topic.after(seq).coded(coding) {
                Tail::Nothing => {}
                Tail::Gone => return End::Slow,
                Tail::Events { bytes, head } => {
                    self.tally.delivered(head - seq);
                    seq = head;
                    part = bytes;
                }
            }
            if let Err(end) = self.send(&sender, part).await {
                return end;
            }
        }
    }

    async fn send(&self, sender: &mpsc::Sender<Bytes>, part: Bytes) -> Result<(), End> {
        if part.is_empty() {
            return Ok(());
        }
        match timeout(self.policy.stall, sender.send(part)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(End::Gone),
            Err(_) => Err(End::Slow),
        }
    }
}
