//! How a run reads its source.

use directory_model::id::TenantId;
use directory_model::port::BoxFuture;
use directory_model::record::{ReadEnd, Reported, ReportedPhoto, Sought};
use directory_model::run::RunProblem;
use directory_model::secret::Secret;
use directory_model::source::Source;
use directory_source::{ReadRequest, SourceError, SourcePolicy};
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
    ) -> BoxFuture<'a, Result<ReadEnd, RunProblem>>;

    /// Reports the photo of every entry that has one to `out`, on the same terms; `None` when the
    /// source gives no photos at all.
    fn read_photos<'a>(
        &'a self,
        reading: Reading<'a>,
        out: mpsc::Sender<ReportedPhoto>,
        cancel: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<Option<ReadEnd>, SourceError>>;
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
    ) -> BoxFuture<'a, Result<ReadEnd, RunProblem>> {
        Box::pin(async move {
            let policy = self.policy.of_tenant(reading.tenant);
            let read = directory_source::read(request(reading, &policy), out, cancel).await;
            read.map_err(|error| error.to_problem())
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
}

fn request<'a>(reading: Reading<'a>, policy: &'a SourcePolicy) -> ReadRequest<'a> {
    let Reading { source, secret, only, .. } = reading;
    let (connection, mapping) = (&source.fields.connection, source.fields.mapping.as_ref());
    let normalize_numbers = source.fields.normalize_numbers.as_deref();
    ReadRequest { connection, secret, mapping, normalize_numbers, only, policy }
}
