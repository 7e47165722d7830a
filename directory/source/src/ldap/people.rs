//! The people of a directory: one paged search, mapped entry by entry.

#[cfg(test)]
mod tests;

use directory_model::invalid::{Invalid, Rule};
use directory_model::record::{ReadEnd, Reported};
use directory_model::source::LdapConnection;

use super::ber::Malformed;
use super::search::{self, Search, Wanted, source_filter};
use super::sought::narrowed;
use super::wire::{Message, TooLarge};
use crate::ReadRequest;
use crate::error::SourceError;
use crate::mapping::Mapper;
use crate::report::Reporter;

/// One read of a directory.
pub(crate) struct Read {
    search: Search<Reported>,
    mapper: Mapper,
}

impl Read {
    /// Checks what can be checked without a connection.
    pub(crate) fn new(
        connection: &LdapConnection,
        request: ReadRequest<'_>,
        reporter: Reporter<Reported>,
    ) -> Result<Self, SourceError> {
        let mapper = request.mapper();
        let filter = source_filter(connection)?;
        let wanted = Wanted {
            filters: request.only.map_or_else(|| vec![filter.clone()], |only| narrowed(&filter, &mapper, only)),
            attributes: mapper.attributes().map(str::to_owned).collect(),
            page_size: connection.page_size,
            too_large: TooLarge::Fails,
        };
        Ok(Self { search: Search::new(connection, request, wanted, reporter)?, mapper })
    }

    /// Reads to the end.
    pub(crate) async fn run(self) -> Result<ReadEnd, SourceError> {
        let Self { search, mapper } = self;
        search.run(move |message| entry(&mapper, message).map(Some)).await
    }
}

/// Maps one entry.
pub(super) fn entry(mapper: &Mapper, message: &Message) -> Result<Reported, Malformed> {
    let (name, raw) = search::entry(mapper, message)?;
    Ok(match search::locator(name) {
        Ok(locator) => mapper.map(locator, &raw),
        Err(locator) => mapper.set_aside(locator, &raw, Invalid::new("dn", name.escape_ascii(), Rule::NotUtf8)),
    })
}
