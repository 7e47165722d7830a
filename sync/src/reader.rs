//! How a run reads its source.

use directory_model::id::TenantId;
use directory_model::port::BoxFuture;
use directory_model::record::{ReadCursor, ReadEnd, Reported, ReportedPhoto, Sought, SourceGroups, WholeBecause};
use directory_model::run::RunProblem;
use directory_model::secret::Secret;
use directory_model::source::Source;
use directory_source::{PhotoTags, ReadRequest, Session, SourceError, SourcePolicy};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// What a run wants to have read.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    /// Whose source it is.
    pub tenant: TenantId,
    /// The source.
    pub source: &'a Source,
    /// What goes with its bind name.
    pub secret: Option<&'a Secret>,
    /// The entries of these contacts and no others; every entry when absent.
    pub only: Option<&'a [Sought]>,
    /// Where the last read of the source ended.
    pub last: Option<&'a ReadCursor>,
    /// Only what changed since then is wanted.
    pub only_changes: bool,
    /// The tags of photos that are known, by the identity of their entries.
    pub tags: Option<&'a PhotoTags>,
    /// What this read has in common with others of the run.
    pub session: Option<&'a Session>,
}

impl<'a> Reading<'a> {
    /// All of a source, whose last read ended at `last`.
    pub fn whole(
        tenant: TenantId,
        source: &'a Source,
        secret: Option<&'a Secret>,
        last: Option<&'a ReadCursor>,
    ) -> Self {
        Self { tenant, source, secret, only: None, last, only_changes: false, tags: None, session: None }
    }
}

/// Why a source was not read to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadFailure {
    /// What changed since the last read cannot be told: everything has to be read.
    CannotContinue(WholeBecause),
    /// The run cannot go on.
    Failed(RunProblem),
}

impl From<RunProblem> for ReadFailure {
    fn from(problem: RunProblem) -> Self {
        Self::Failed(problem)
    }
}

/// Reads a source from beginning to end.
pub trait Reader: Send + Sync {
    /// Reports the entries that are wanted to `out`. `Ok` only when the source itself said how it ended; the read stops
    /// soon after `cancel`, or after `out` was closed.
    fn read<'a>(
        &'a self,
        reading: Reading<'a>,
        out: mpsc::Sender<Reported>,
        cancel: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<ReadEnd, ReadFailure>>;

    /// Reports the photo of every entry that has one to `out`, on the same terms; `None` when the
    /// source gives no photos at all.
    fn read_photos<'a>(
        &'a self,
        reading: Reading<'a>,
        out: mpsc::Sender<ReportedPhoto>,
        cancel: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<Option<ReadEnd>, SourceError>>;

    /// Every group of the source that is to be mirrored, with everybody who belongs to it; `None` when the
    /// source mirrors none. `Ok` only when the source itself said that this was all.
    fn read_groups<'a>(
        &'a self,
        _reading: Reading<'a>,
        _cancel: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<Option<SourceGroups>, SourceError>> {
        Box::pin(async { Ok(None) })
    }
}

/// Reads real directories and files.
#[derive(Debug, Clone)]
pub struct SourceReader {
    policy: SourcePolicy,
}

impl SourceReader {
    /// A reader that keeps to `policy`.
    pub fn new(policy: SourcePolicy) -> Self {
        Self { policy }
    }

    pub(crate) fn policy(&self) -> &SourcePolicy {
        &self.policy
    }
}

impl Reader for SourceReader {
    fn read<'a>(
        &'a self,
        reading: Reading<'a>,
        out: mpsc::Sender<Reported>,
        cancel: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<ReadEnd, ReadFailure>> {
        Box::pin(async move {
            let policy = self.policy.of_tenant(reading.tenant);
            let read = directory_source::read(request(reading, &policy), out, cancel).await;
            read.map_err(|error| match error {
                SourceError::CannotContinue(because) => ReadFailure::CannotContinue(because),
                error => ReadFailure::Failed(error.to_problem()),
            })
        })
    }

    fn read_photos<'a>(
        &'a self,
        reading: Reading<'a>,
        out: mpsc::Sender<ReportedPhoto>,
        cancel: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<Option<ReadEnd>, SourceError>> {
        Box::pin(async move {
            let policy = self.policy.of_tenant(reading.tenant);
            directory_source::read_photos(request(reading, &policy), out, cancel).await
        })
    }

    fn read_groups<'a>(
        &'a self,
        reading: Reading<'a>,
        cancel: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<Option<SourceGroups>, SourceError>> {
        Box::pin(async move {
            let policy = self.policy.of_tenant(reading.tenant);
            directory_source::read_groups(request(reading, &policy), cancel).await
        })
    }
}

fn request<'a>(reading: Reading<'a>, policy: &'a SourcePolicy) -> ReadRequest<'a> {
    let Reading { source, secret, only, last, only_changes, tags, session, .. } = reading;
    let (connection, mapping) = (&source.fields.connection, source.fields.mapping.as_ref());
    let normalize_numbers = source.fields.normalize_numbers.as_deref();
    ReadRequest { connection, secret, mapping, normalize_numbers, only, last, only_changes, tags, session, policy }
}
