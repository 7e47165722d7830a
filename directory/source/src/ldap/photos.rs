//! The photos of a directory: a search of its own for the entries that have one.
//!
//! Photos are far larger than all else of an entry, so the read of people does not ask for them.
//! Here pages are small, and no more than a few photos are in memory at a time.

#[cfg(test)]
mod tests;

use directory_model::record::{ReadEnd, ReportedPhoto};
use directory_model::source::LdapConnection;
use ldap3::asn1::Tag;

use super::ber::Malformed;
use super::people::identity;
use super::search::{self, Query, Search, all_of, any_of, is_description, present, source_filter};
use super::sought::narrowed;
use super::wire::{MAX_MESSAGE_BYTES, Message, TooLarge};
use crate::ReadRequest;
use crate::error::SourceError;
use crate::mapping::PhotoMapper;
use crate::report::Reporter;

/// The most entries in a page: the directory may have all of one in memory.
const MAX_PAGE_SIZE: u32 = 50;

/// One read of the photos of a directory.
pub(crate) struct Read {
    search: Search<ReportedPhoto>,
    queries: Vec<Query>,
    mapper: PhotoMapper,
}

impl Read {
    /// Checks what can be checked without a connection; `None` when no directory can have what the
    /// mapping names.
    pub(crate) fn new(
        connection: &LdapConnection,
        request: ReadRequest<'_>,
        mapper: PhotoMapper,
        reporter: Reporter<ReportedPhoto>,
    ) -> Result<Option<Self>, SourceError> {
        let photos: Vec<&str> = mapper.photo_attributes().filter(|name| is_description(name)).collect();
        if photos.is_empty() {
            return Ok(None);
        }
        let filter = having(source_filter(connection)?, &photos);
        let filters = request.only.map_or_else(
            || vec![filter.clone()],
            |only| narrowed(&filter, mapper.entry(), only, identity(request.last)),
        );
        let queries = filters.into_iter().map(|filter| Query {
            page_size: connection.page_size.min(MAX_PAGE_SIZE),
            too_large: TooLarge::IsCut,
            ..Query::of(connection, filter, mapper.entry().attributes().map(str::to_owned).collect())
        });
        let queries = queries.collect();
        Ok(Some(Self { search: Search::new(connection, request, reporter)?, queries, mapper }))
    }

    /// Reads to the end.
    pub(crate) async fn run(self) -> Result<ReadEnd, SourceError> {
        let Self { mut search, queries, mapper } = self;
        let mut session = search.open().await?;
        for query in &queries {
            search.find(&mut session, query, |message| photo(&mapper, message)).await?;
        }
        search.close(session).await;
        Ok(search.reporter.end())
    }
}

/// Those that `filter` finds and that have one of the attributes.
pub(super) fn having(filter: Tag, attributes: &[&str]) -> Tag {
    all_of(vec![filter, any_of(attributes.iter().map(|name| present(name)).collect())])
}

/// The photo of one entry.
fn photo(mapper: &PhotoMapper, message: &Message) -> Result<Option<ReportedPhoto>, Malformed> {
    let (name, raw) = search::entry(mapper.entry(), message)?;
    let locator = search::locator(name).unwrap_or_else(|shown| shown);
    Ok(if message.is_cut() {
        Some(mapper.too_large(locator, &raw, MAX_MESSAGE_BYTES))
    } else {
        mapper.photo(locator, &raw, &[])
    })
}
