//! How a run reads its source.

use directory_model::id::TenantId;
use directory_model::port::BoxFuture;
use directory_model::record::{ReadEnd, Reported, Sought};
use directory_model::run::RunProblem;
use directory_model::secret::Secret;
use directory_model::source::Source;
use directory_source::{ReadRequest, SourcePolicy};
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
}

impl Reader for SourceReader {
    fn read<'a>(
        &'a self,
        reading: Reading<'a>,
        out: mpsc::Sender<Reported>,
        cancel: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<ReadEnd, RunProblem>> {
        Box::pin(async move {
            let Reading { tenant, source, secret, only } = reading;
            let request = ReadRequest {
                connection: &source.fields.connection,
                secret,
                mapping: source.fields.mapping.as_ref(),
                only,
                policy: &self.policy.of_tenant(tenant),
            };
            let read = directory_source::read(request, out, cancel).await;
            read.map_err(|error| error.to_problem())
        })
    }
}
