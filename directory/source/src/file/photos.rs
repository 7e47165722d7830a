//! The photos of a file: it is read once more, for nothing else.

use directory_model::record::{ReadEnd, ReportedPhoto};
use directory_model::source::{FileConnection, FileFormat};

use super::config::open;
use super::ldif::{LdifEntries, LdifEntry, Purpose};
use super::people::report;
use crate::ReadRequest;
use crate::error::SourceError;
use crate::mapping::PhotoMapper;
use crate::policy::SourcePolicy;
use crate::report::Reporter;

/// One read of the photos of a file.
pub(crate) struct Read {
    connection: FileConnection,
    policy: SourcePolicy,
    mapper: PhotoMapper,
    reporter: Reporter<ReportedPhoto>,
}

impl Read {
    /// Prepares a read; nothing is opened yet. `None` when a file of this format gives no photos.
    pub(crate) fn new(
        connection: &FileConnection,
        request: ReadRequest<'_>,
        mapper: PhotoMapper,
        reporter: Reporter<ReportedPhoto>,
    ) -> Option<Self> {
        let (connection, policy) = (connection.clone(), request.policy.clone());
        (connection.format == FileFormat::Ldif).then_some(Self { connection, policy, mapper, reporter })
    }

    /// Reads to the end.
    pub(crate) async fn run(mut self) -> Result<ReadEnd, SourceError> {
        let input = open(&self.connection, &self.policy)?;
        let entries = LdifEntries::new(input, self.mapper.entry(), Purpose::Photos);
        let photos = entries.filter_map(|entry| entry.map(|entry| photo(&self.mapper, entry)).transpose());
        report(&self.connection, photos, &mut self.reporter).await?;
        Ok(self.reporter.end())
    }
}

fn photo(mapper: &PhotoMapper, entry: LdifEntry) -> Option<ReportedPhoto> {
    let LdifEntry { name, values, refused, .. } = entry;
    mapper.photo(name, &values, &refused)
}
