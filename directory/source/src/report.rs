//! The reader's side of the channel, and the thread that it works on.

use std::future::Future;

use directory_model::record::ReadEnd;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use tracing::error;

use crate::error::SourceError;

/// Hands what is reported over, counts it, and stops when asked.
#[derive(Debug)]
pub(crate) struct Reporter<T> {
    out: mpsc::Sender<T>,
    stop: CancellationToken,
    sent: u64,
    max_entries: u64,
}

impl<T> Reporter<T> {
    pub(crate) fn new(out: mpsc::Sender<T>, stop: CancellationToken, max_entries: u64) -> Self {
        Self { out, stop, sent: 0, max_entries }
    }

    /// Hands one entry over, waiting while the receiver is behind.
    pub(crate) async fn report(&mut self, reported: T) -> Result<(), SourceError> {
        if self.sent >= self.max_entries {
            return Err(self.cut_short(format!("the source has more than {} entries", self.max_entries)));
        }
        if self.stop.is_cancelled() {
            return Err(SourceError::Cancelled);
        }
        match self.out.try_send(reported) {
            Ok(()) => {}
            Err(TrySendError::Full(reported)) => {
                let sent = self.stop.run_until_cancelled(self.out.send(reported)).await;
                sent.ok_or(SourceError::Cancelled)?.map_err(|_| SourceError::Cancelled)?;
            }
            Err(TrySendError::Closed(_)) => return Err(SourceError::Cancelled),
        }
        self.sent += 1;
        Ok(())
    }

    /// Waits for `work`, but not longer than until the read is stopped.
    pub(crate) async fn unless_stopped<W>(&self, work: impl Future<Output = W>) -> Result<W, SourceError> {
        self.stop.run_until_cancelled(work).await.ok_or(SourceError::Cancelled)
    }

    /// The error for a source that ended before it said that this was all.
    pub(crate) fn cut_short(&self, detail: impl Into<String>) -> SourceError {
        SourceError::CutShort { read: self.sent, detail: detail.into() }
    }

    /// How many entries were reported.
    pub(crate) fn sent(&self) -> u64 {
        self.sent
    }

    /// The end of a read that the source declared complete.
    pub(crate) fn end(&self) -> ReadEnd {
        ReadEnd { entries: self.sent, is_complete: true }
    }
}

/// Runs `work` on a thread and a runtime of its own, so that decoding and mapping a large
/// directory takes no turn away from those who are being served.
pub(crate) async fn on_own_thread<W>(name: &str, work: W) -> Result<ReadEnd, SourceError>
where
    W: Future<Output = Result<ReadEnd, SourceError>> + Send + 'static,
{
    let (done, result) = oneshot::channel();
    let thread = std::thread::Builder::new().name(name.to_owned()).spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let end = match runtime {
            Ok(runtime) => {
                let end = runtime.block_on(work);
                // Not waiting for a name that is still being resolved.
                runtime.shutdown_background();
                end
            }
            Err(reason) => {
                error!(%reason, "no runtime for a read");
                Err(SourceError::Internal)
            }
        };
        // Nobody listens when the read was dropped.
        let _ = done.send(end);
    });
    if let Err(reason) = thread {
        error!(%reason, "no thread for a read");
        return Err(SourceError::Internal);
    }
    result.await.unwrap_or_else(|_| {
        error!("the thread of a read panicked");
        Err(SourceError::Internal)
    })
}
