//! Tells whoever looks how far a run has come.

use std::sync::Arc;

use directory_model::clock::Clock;
use directory_model::progress::{Phase, Progress};
use directory_model::run::Counts;
use tokio::sync::watch;

/// The end of a run that tells.
pub(crate) struct Meter {
    out: watch::Sender<Progress>,
    clock: Arc<dyn Clock>,
}

impl Meter {
    pub(crate) fn new(out: watch::Sender<Progress>, clock: Arc<dyn Clock>) -> Self {
        Self { out, clock }
    }

    /// Another phase begins, of about `expected` entries or steps where that is known.
    pub(crate) fn enter(&self, phase: Phase, expected: Option<u64>) {
        let since = self.clock.now();
        self.out.send_modify(|progress| *progress = Progress { phase, expected, since, done: 0, ..*progress });
    }

    /// So many entries are read.
    pub(crate) fn read(&self, counts: Counts) {
        self.tell(counts, counts.read);
    }

    /// So many steps more are done.
    pub(crate) fn applied(&self, counts: Counts, steps: usize) {
        let done = self.out.borrow().done;
        self.tell(counts, done.saturating_add(steps as u64));
    }

    /// Other counts, while the phase is where it was.
    pub(crate) fn count(&self, counts: Counts) {
        let done = self.out.borrow().done;
        self.tell(counts, done);
    }

    fn tell(&self, counts: Counts, done: u64) {
        self.out.send_modify(|progress| (progress.counts, progress.done) = (counts, done));
    }
}
