//! One numbered stream: what a publication shows under its key.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use bytes::Bytes;
use directory_model::timestamp::Timestamp;
use tokio::sync::watch;

use super::leave::{Leave, Leaves};
use super::ring::{Ring, Tail};
use super::shelf::Shelf;
use super::{FeedId, Snapshot};
use crate::book::{Book, Dirt, Served};
use crate::coding::Coding;
use crate::view::View;

/// One stream of deltas, with its latest state.
#[derive(Debug)]
pub struct Topic {
    key: String,
    served: Served,
    epoch: u64,
    state: Mutex<State>,
    head: watch::Sender<u64>,
    leaves: Leaves,
    is_closed: AtomicBool,
    used_at: AtomicI64,
}

#[derive(Debug, Default)]
struct State {
    shelf: Shelf,
    ring: Ring,
    snapshot: Option<Written>,
    looked_at: Option<Timestamp>,
}

/// A snapshot in its forms; the body is a part of the event.
#[derive(Debug, Clone)]
struct Written {
    event: Bytes,
    body: Bytes,
    /// The event as gzip, once somebody has asked for it.
    small: Arc<OnceLock<Bytes>>,
}

impl Written {
    /// The event; made small once, however many are sent it. To be called without the topic's lock.
    fn coded(self, coding: Coding) -> Bytes {
        match coding {
            Coding::Plain => self.event,
            Coding::Gzip => self.small.get_or_init(|| coding.small_piece(&self.event)).clone(),
        }
    }
}

/// What a look at the book found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing new.
    Same,
    /// A new delta.
    Delta,
    /// The publication is no longer served under the topic's key.
    Closed,
}

impl Topic {
    /// The topic of what is served under `key` now; `None` when nothing is.
    pub(super) fn open(key: &str, epoch: u64, book: &Book, now: Timestamp) -> Option<Self> {
        let mut state = State { looked_at: Some(now), ..State::default() };
        let served = book.look(key, |served, tenant| {
            let view = View::new(tenant, served, None, now)?;
            // What is there at first is no difference: it is what the snapshot shows.
            let _ = state.shelf.update(&view, Some(&Dirt::All), now);
            Some(served)
        })??;
        Some(Self {
            key: key.to_owned(),
            served,
            epoch,
            state: Mutex::new(state),
            head: watch::Sender::new(0),
            leaves: Leaves::default(),
            is_closed: AtomicBool::new(false),
            used_at: AtomicI64::new(now.millis()),
        })
    }

    /// The key under which it is served.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// What it shows.
    pub fn served(&self) -> Served {
        self.served
    }

    /// Looks at the book again and numbers what is different.
    pub(super) fn refresh(&self, book: &Book, dirt: Option<&Dirt>, now: Timestamp) -> Found {
        let mut state = self.lock();
        let found = book.look(&self.key, |served, tenant| {
            let opening = state.shelf.opening(dirt, now);
            let view = View::new(tenant, served, opening, now).filter(|_| served == self.served)?;
            Some(state.shelf.update(&view, dirt, now))
        });
        match found.flatten() {
            None => Found::Closed,
            Some(None) => Found::Same,
            Some(Some(difference)) => {
                let id = FeedId { epoch: self.epoch, seq: state.ring.head() + 1 };
                let mut event = format!("id: {id}\nevent: delta\ndata: ");
                difference.write(id, now, &mut event);
                event.push_str("\n\n");
                state.ring.push(Bytes::from(event));
                state.snapshot = None;
                state.looked_at = Some(now);
                self.head.send_replace(id.seq);
                Found::Delta
            }
        }
    }

    /// Lets pages of `origin` look on until [`Topic::review`] finds that they may no more; `None`
    /// when they may not now.
    pub(super) fn admit(&self, book: &Book, origin: &str) -> Option<Arc<Leave>> {
        self.leaves.give(origin, || book.covers_origin(&self.key, origin))
    }

    /// Withdraws what was given to origins that may no longer look on; whether there were any.
    pub(super) fn review(&self, book: &Book) -> bool {
        let has_withdrawn = self.leaves.review(|origin| book.covers_origin(&self.key, origin));
        if has_withdrawn {
            self.head.send_modify(|_| {});
        }
        has_withdrawn
    }

    /// Ends the topic: its connections are closed, its numbers never come again.
    pub(super) fn close(&self) {
        self.is_closed.store(true, Ordering::Release);
        self.head.send_modify(|_| {});
    }

    /// Whether it has ended.
    pub(crate) fn is_closed(&self) -> bool {
        self.is_closed.load(Ordering::Acquire)
    }

    /// Tells when there are new deltas, when the topic has ended, or when a leave was withdrawn.
    pub(crate) fn watch(&self) -> watch::Receiver<u64> {
        self.head.subscribe()
    }

    /// When it must be looked at again even if nothing is claimed.
    pub(super) fn recheck(&self) -> Option<Timestamp> {
        self.lock().shelf.recheck
    }

    pub(super) fn use_at(&self, now: Timestamp) {
        self.used_at.store(now.millis(), Ordering::Relaxed);
    }

    pub(super) fn used_at(&self) -> Timestamp {
        Timestamp::from_millis(self.used_at.load(Ordering::Relaxed))
    }

    pub(super) fn snapshot(&self) -> Snapshot {
        let mut state = self.lock();
        let id = FeedId { epoch: self.epoch, seq: state.ring.head() };
        Snapshot { body: self.written(&mut state, id).body, id }
    }

    /// What somebody who last saw `last` is sent first, and the number it then has: the deltas it
    /// missed if they are all kept, else the snapshot.
    pub(crate) fn begin(&self, last: Option<FeedId>, coding: Coding) -> (Bytes, u64) {
        let mut state = self.lock();
        let id = FeedId { epoch: self.epoch, seq: state.ring.head() };
        let missed = last.filter(|last| last.epoch == self.epoch).map(|last| state.ring.after(last.seq));
        match missed {
            Some(Tail::Nothing) => (Bytes::new(), id.seq),
            Some(Tail::Events { bytes, head }) => {
                drop(state);
                (coding.piece(bytes), head)
            }
            Some(Tail::Gone) | None => {
                let written = self.written(&mut state, id);
                drop(state);
                (written.coded(coding), id.seq)
            }
        }
    }

    /// What somebody who has everything up to `seq` must be sent.
    pub(crate) fn after(&self, seq: u64) -> Tail {
        self.lock().ring.after(seq)
    }

    /// Whether somebody who has everything up to `seq`, except for `waiting` bytes on their way, is
    /// more than `limit` bytes behind; one large delta does not count.
    pub(crate) fn is_behind(&self, seq: u64, waiting: u64, limit: u64) -> bool {
        self.lock().ring.is_behind(seq, waiting, limit)
    }

    fn written(&self, state: &mut State, id: FeedId) -> Written {
        if let Some(written) = &state.snapshot {
            return written.clone();
        }
        let at = state.looked_at.unwrap_or(self.used_at());
        let mut text = format!("id: {id}\nevent: snapshot\ndata: ");
        let start = text.len();
        state.shelf.snapshot(id, at, &mut text);
        let end = text.len();
        text.push_str("\n\n");
        let event = Bytes::from(text);
        let written = Written { body: event.slice(start..end), event, small: Arc::default() };
        state.snapshot = Some(written.clone());
        written
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
