//! Entries.
use directory_model::record::ReadEnd;
use directory_model::source::FileConnection;

use crate::report::Reporter;
use crate::{ReadRequest, SourceError};

pub(crate) struct Read {
    reporter: Reporter,
}

impl Read {
    pub(crate) fn new(_c: &FileConnection, _r: ReadRequest<'_>, reporter: Reporter) -> Self {
        Self { reporter }
    }
    pub(crate) async fn run(self) -> Result<ReadEnd, SourceError> {
        Ok(self.reporter.end())
    }
}
