//! The people of a file.

use directory_model::record::{ReadEnd, Reported};
use directory_model::source::{FileConnection, FileFormat};

use super::config::{open, refused};
use super::csv::CsvEntries;
use super::ldif::{LdifEntries, LdifEntry, Purpose};
use crate::ReadRequest;
use crate::error::SourceError;
use crate::mapping::Mapper;
use crate::policy::SourcePolicy;
use crate::report::{Reporter, Sighting};

/// One read of a file.
pub(crate) struct Read {
    connection: FileConnection,
    policy: SourcePolicy,
    mapper: Mapper,
    reporter: Reporter<Reported>,
}

impl Read {
    /// Prepares a read; nothing is opened yet.
    pub(crate) fn new(connection: &FileConnection, request: ReadRequest<'_>, reporter: Reporter<Reported>) -> Self {
        let (connection, policy) = (connection.clone(), request.policy.clone());
        Self { connection, policy, mapper: request.mapper(), reporter }
    }

    /// Reads to the end.
    pub(crate) async fn run(mut self) -> Result<ReadEnd, SourceError> {
        let input = open(&self.connection, &self.policy)?;
        let end = match self.connection.format {
            FileFormat::Ldif => {
                let entries = LdifEntries::new(input, &self.mapper, Purpose::Fields);
                let entries = entries.map(|entry| Ok(mapped(&self.mapper, entry?)));
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

pub(super) fn mapped(mapper: &Mapper, entry: LdifEntry) -> Reported {
    let LdifEntry { name, values, refused, .. } = entry;
    match refused.into_iter().next() {
        Some((_, invalid)) => mapper.set_aside(name, &values, invalid),
        None => mapper.map(name, &values),
    }
}

/// Reports `entries` to the last, or to the first thing that spoils the whole file.
pub(super) async fn report<T: Sighting>(
    connection: &FileConnection,
    entries: impl Iterator<Item = Result<T, String>>,
    reporter: &mut Reporter<T>,
) -> Result<(), SourceError> {
    for entry in entries {
        let entry = entry.map_err(|detail| refused(connection, &detail))?;
        reporter.report(entry).await?;
    }
    Ok(())
}
