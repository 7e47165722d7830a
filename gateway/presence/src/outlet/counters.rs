//! What the outlet has done, for metrics.

use std::sync::atomic::{AtomicU64, Ordering};

/// What the outlet has done since it was started.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counters {
    /// Connections that are open.
    pub connections: u64,
    /// Connections that were ever taken.
    pub taken: u64,
    /// Deltas that were handed to a connection, each as often as there were connections.
    pub deliveries: u64,
    /// Connections that ended because the client went.
    pub gone: u64,
    /// Connections that were closed because the client read too slowly.
    pub slow: u64,
    /// Connections that were closed because the client kept talking.
    pub talking: u64,
    /// Connections that were closed because the publication is no longer served, or no longer to
    /// pages of that origin.
    pub ended: u64,
}

/// Why a connection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Gone,
    Slow,
    Talking,
    Ended,
}

/// The same, while it goes on.
#[derive(Debug, Default)]
pub(super) struct Tally {
    taken: AtomicU64,
    left: AtomicU64,
    deliveries: AtomicU64,
    gone: AtomicU64,
    slow: AtomicU64,
    talking: AtomicU64,
    ended: AtomicU64,
}

impl Tally {
    pub(super) fn taken(&self) {
        self.taken.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn delivered(&self, deltas: u64) {
        self.deliveries.fetch_add(deltas, Ordering::Relaxed);
    }

    pub(super) fn left(&self, end: End) {
        let cause = match end {
            End::Gone => &self.gone,
            End::Slow => &self.slow,
            End::Talking => &self.talking,
            End::Ended => &self.ended,
        };
        cause.fetch_add(1, Ordering::Relaxed);
        self.left.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn counters(&self) -> Counters {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Counters {
            connections: read(&self.taken).saturating_sub(read(&self.left)),
            taken: read(&self.taken),
            deliveries: read(&self.deliveries),
            gone: read(&self.gone),
            slow: read(&self.slow),
            talking: read(&self.talking),
            ended: read(&self.ended),
        }
    }
}
