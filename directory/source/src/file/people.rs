//! The people of a file.

use std::io::{BufReader, Read as _};

use directory_model::record::{ReadEnd, Reported};
use directory_model::source::{FileConnection, FileFormat};

use super::config::{open, refused};
use super::csv::CsvEntries;
use super::ldif::LdifEntries;
use crate::ReadRequest;
use crate::error::SourceError;
use crate::mapping::{Mapper, default_mapping};
use crate::policy::SourcePolicy;
use crate::report::Reporter;

/// One read of a file.
pub(crate) struct Read {
    connection: FileConnection,
    policy: SourcePolicy,
    mapper: Mapper,
    reporter: Reporter,
}

impl Read {
    /// Prepares a read; nothing is opened yet.
    pub(crate) fn new(connection: &FileConnection, request: ReadRequest<'_>, reporter: Reporter) -> Self {
        let default = default_mapping(request.connection);
        Self {
            connection: connection.clone(),
            policy: request.policy.clone(),
            mapper: Mapper::new(request.mapping.unwrap_or(&default), &default),
            reporter,
        }
    }

    /// Reads to the end.
    pub(crate) async fn run(mut self) -> Result<ReadEnd, SourceError> {
        let file = open(&self.connection, &self.policy)?;
        // A file that grows while it is read ends here instead of never.
        let input = BufReader::with_capacity(64 * 1024, file.take(self.policy.max_file_bytes.saturating_add(1)));
        let end = match self.connection.format {
            FileFormat::Ldif => {
                let entries = LdifEntries::new(input, &self.mapper);
                report(&self.connection, entries, &mut self.reporter).await
            }
            FileFormat::Csv => match CsvEntries::new(input, &self.connection.path, &self.mapper) {
                Ok(entries) => report(&self.connection, entries, &mut self.reporter).await,
                Err(detail) => Err(refused(&self.connection, &detail)),
            },
        };
        end.map(|()| self.reporter.end())
    }
}

/// Reports `entries` to the last, or to the first thing that spoils the whole file.
async fn report(
    connection: &FileConnection,
    entries: impl Iterator<Item = Result<Reported, String>>,
    reporter: &mut Reporter,
) -> Result<(), SourceError> {
    for entry in entries {
        let entry = entry.map_err(|detail| refused(connection, &detail))?;
        reporter.report(entry).await?;
    }
    Ok(())
}
