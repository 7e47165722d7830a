//! The reader's side of the channel, and the thread that it works on.

use std::collections::HashSet;
use std::future::Future;

use directory_model::address::ContactKey;
use directory_model::record::{ReadEnd, Reported, ReportedPhoto, Sought};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use tracing::error;

use crate::error::SourceError;

/// How many entries are taken for each contact whose entry is asked for. A second one tells that it
/// is not clear whose entry is whose; more tell nothing else.
const MAX_ENTRIES_EACH: u64 = 20;

/// Hands what is reported over, counts it, and stops when asked.
#[derive(Debug)]
pub(crate) struct Reporter<T> {
    out: mpsc::Sender<T>,
    stop: CancellationToken,
    wanted: Option<Wanted>,
    seen: u64,
    sent: u64,
    max_entries: u64,
}

/// What is reported, as far as it tells whose it is.
pub(crate) trait Sighting {
    /// What identifies the entry.
    fn external_id(&self) -> Option<&[u8]>;
    /// Where the entry is found.
    fn locator(&self) -> &str;
    /// The addresses by which contacts are matched.
    fn keys(&self) -> Vec<ContactKey>;
    /// Whether it tells of something that the source holds.
    fn is_held(&self) -> bool {
        true
    }
}

impl Sighting for Reported {
    fn external_id(&self) -> Option<&[u8]> {
        self.external_id()
    }

    fn locator(&self) -> &str {
        self.locator()
    }

    fn keys(&self) -> Vec<ContactKey> {
        self.keys()
    }

    fn is_held(&self) -> bool {
        !matches!(self, Self::Gone(_))
    }
}

/// Photos are asked for by the identity of their entry alone.
impl Sighting for ReportedPhoto {
    fn external_id(&self) -> Option<&[u8]> {
        self.external_id()
    }

    fn locator(&self) -> &str {
        self.locator()
    }

    fn keys(&self) -> Vec<ContactKey> {
        Vec::new()
    }
}

/// What the entries that are asked for have.
#[derive(Debug)]
struct Wanted {
    ids: HashSet<Vec<u8>>,
    keys: HashSet<ContactKey>,
    // What was handed over: several searches may find the same entry.
    known: HashSet<(Option<Vec<u8>>, String)>,
    max_entries: u64,
}

impl Wanted {
    fn new(only: &[Sought]) -> Self {
        let id = |sought: &Sought| match sought {
            Sought::Entry(id) => Some(id.clone()),
            Sought::Addresses { .. } => None,
        };
        Self {
            ids: only.iter().filter_map(id).collect(),
            keys: only.iter().flat_map(Sought::keys).collect(),
            known: HashSet::new(),
            max_entries: only.len() as u64 * MAX_ENTRIES_EACH,
        }
    }

    /// Whether the entry is asked for and was not handed over yet.
    fn takes(&mut self, reported: &impl Sighting) -> bool {
        let id = reported.external_id();
        let is_sought =
            id.is_some_and(|id| self.ids.contains(id)) || reported.keys().iter().any(|key| self.keys.contains(key));
        is_sought && self.known.insert((id.map(<[u8]>::to_vec), reported.locator().to_owned()))
    }
}

impl<T: Sighting> Reporter<T> {
    pub(crate) fn new(out: mpsc::Sender<T>, stop: CancellationToken, max_entries: u64) -> Self {
        Self { out, stop, wanted: None, seen: 0, sent: 0, max_entries }
    }

    /// Hands over only what may be the entry of one of these contacts, and drops the rest.
    pub(crate) fn only(self, only: Option<&[Sought]>) -> Self {
        Self { wanted: only.map(Wanted::new), ..self }
    }

    /// Hands one entry over, waiting while the receiver is behind.
    pub(crate) async fn report(&mut self, reported: T) -> Result<(), SourceError> {
        if self.seen >= self.max_entries {
            return Err(self.cut_short(format!("the source has more than {} entries", self.max_entries)));
        }
        if self.stop.is_cancelled() {
            return Err(SourceError::Cancelled);
        }
        let counts = u64::from(reported.is_held());
        self.seen += counts;
        if let Some(wanted) = &mut self.wanted {
            if !wanted.takes(&reported) {
                return Ok(());
            }
            if self.sent >= wanted.max_entries {
                let limit = wanted.max_entries;
                return Err(self.cut_short(format!("more than {limit} entries were found for the contacts")));
            }
        }
        match self.out.try_send(reported) {
            Ok(()) => {}
            Err(TrySendError::Full(reported)) => {
                let sent = self.stop.run_until_cancelled(self.out.send(reported)).await;
                sent.ok_or(SourceError::Cancelled)?.map_err(|_| SourceError::Cancelled)?;
            }
            Err(TrySendError::Closed(_)) => return Err(SourceError::Cancelled),
        }
        self.sent += counts;
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

    /// The same error, with how many entries were reported before it.
    pub(crate) fn after_some(&self, error: SourceError) -> SourceError {
        match error {
            SourceError::CutShort { detail, .. } => self.cut_short(detail),
            SourceError::Unreachable { detail, .. } if self.sent > 0 => self.cut_short(detail),
            other => other,
        }
    }

    /// How many entries were reported.
    pub(crate) fn sent(&self) -> u64 {
        self.sent
    }

    /// The end of a read of everything that the source declared complete.
    pub(crate) fn end(&self) -> ReadEnd {
        ReadEnd::whole(self.sent)
    }
}

/// Runs `work` on a thread and a runtime of its own, so that decoding and mapping a large
/// directory takes no turn away from those who are being served.
pub(crate) async fn on_own_thread<T, W>(name: &str, work: W) -> Result<T, SourceError>
where
    T: Send + 'static,
    W: Future<Output = Result<T, SourceError>> + Send + 'static,
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
