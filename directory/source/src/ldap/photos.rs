//! The photos of a directory: a search of its own for the entries that have one.
//!
//! Photos are far larger than all else of an entry, so the read of people does not ask for them.
//! Here pages are small, and no more than a few photos are in memory at a time.

#[cfg(test)]
mod tests;

use directory_model::record::{ReadEnd, ReportedPhoto};
use directory_model::source::LdapConnection;
use ldap3::asn1::{OctetString, Sequence, Tag, TagClass};

use super::ber::Malformed;
use super::search::{self, Search, Wanted, is_description, source_filter};
use super::sought::narrowed;
use super::wire::{MAX_MESSAGE_BYTES, Message, TooLarge};
use crate::ReadRequest;
use crate::error::SourceError;
use crate::mapping::PhotoMapper;
use crate::report::Reporter;

/// The most entries in a page: the directory may have all of one in memory.
const MAX_PAGE_SIZE: u32 = 50;

const AND: u64 = 0;
const OR: u64 = 1;
const PRESENT: u64 = 7;

/// One read of the photos of a directory.
pub(crate) struct Read {
    search: Search<ReportedPhoto>,
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
        let wanted = Wanted {
            filters: request.only.map_or_else(|| vec![filter.clone()], |only| narrowed(&filter, mapper.entry(), only)),
            attributes: mapper.entry().attributes().map(str::to_owned).collect(),
            page_size: connection.page_size.min(MAX_PAGE_SIZE),
            too_large: TooLarge::IsCut,
        };
        Ok(Some(Self { search: Search::new(connection, request, wanted, reporter)?, mapper }))
    }

    /// Reads to the end.
    pub(crate) async fn run(self) -> Result<ReadEnd, SourceError> {
        let Self { search, mapper } = self;
        search.run(move |message| photo(&mapper, message)).await
    }
}

/// Those that `filter` finds and that have one of the attributes.
pub(super) fn having(filter: Tag, attributes: &[&str]) -> Tag {
    let of = |id, inner| Tag::Sequence(Sequence { id, class: TagClass::Context, inner });
    let present = |name: &&str| {
        Tag::OctetString(OctetString { id: PRESENT, class: TagClass::Context, inner: name.as_bytes().to_vec() })
    };
    of(AND, vec![filter, of(OR, attributes.iter().map(present).collect())])
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
