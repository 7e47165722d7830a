//! The groups of a directory, with everybody who belongs to them.
//!
//! First everybody of the source is listed by name and identity alone, then the groups with what they
//! list, and then groups are closed over each other in memory: never a search for each person or group.
//! What a group lists is resolved as it comes and kept as numbers, so that a large directory takes
//! little room. Two things are special in Active Directory: of a large group it gives a part of the
//! members at a time (MS-ADTS 3.1.1.3.1.3.3), and those whose primary group it is (`primaryGroupID`) are
//! not listed at all.
//!
//! A group in a group counts also when the group filter does not find it, wherever below the groups'
//! base it lies. Groups that nobody asked for are listed by name alone, and read one by one as far as
//! somebody lists them.

mod listing;
#[cfg(test)]
mod tests;

use directory_model::record::{Reported, SourceGroups};
use directory_model::source::{LdapConnection, Mapping};
use ldap3::asn1::Tag;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use self::listing::{Listing, Part};
use super::ask::{NO_ATTRIBUTES, NO_SUCH_OBJECT};
use super::connect::Session;
use super::escape::parse;
use super::search::{self, Query, Search, present, source_filter};
use super::wire::{Scope, TooLarge};
use crate::ReadRequest;
use crate::error::SourceError;
use crate::mapping::{Mapper, default_mapping};
use crate::report::Reporter;

/// The most groups that are read, those in groups included.
const MAX_GROUPS: u64 = 50_000;
/// The most names of groups, whether they are read or not.
const MAX_NAMES: u64 = 200_000;
/// A large group is one message where the directory gives all of its members at once.
const MAX_GROUP_BYTES: usize = 32 * 1024 * 1024;
/// The most groups in a page: the directory may have all of one in memory.
const MAX_PAGE_SIZE: u32 = 200;
/// What a group may be that lies in another.
const ANY_GROUP: &str =
    "(|(objectClass=group)(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)(objectClass=posixGroup))";

/// What is asked for of a group, besides its identity.
const OF_GROUP: [&str; 6] = ["displayName", "cn", "objectSid", "member", "uniqueMember", "memberUid"];
/// What is asked for of a person, besides the identity.
const OF_PERSON: [&str; 3] = ["uid", "objectSid", "primaryGroupID"];

/// One read of the groups of a directory.
pub(crate) struct Read {
    search: Search<Reported>,
    people: Query,
    groups: Query,
    names: Query,
    person: Mapper,
    group: Mapper,
    max_entries: u64,
}

impl Read {
    /// Checks what can be checked without a connection; `None` when no groups are asked for.
    pub(crate) fn new(
        connection: &LdapConnection,
        request: ReadRequest<'_>,
        stop: CancellationToken,
    ) -> Result<Option<Self>, SourceError> {
        let Some(filter) = &connection.group_filter else { return Ok(None) };
        let default = default_mapping(request.connection);
        let only_id = |mapping: &Mapping| Mapping { external_id: mapping.external_id.clone(), ..Mapping::default() };
        let person = Mapper::new(&only_id(request.mapping.unwrap_or(&default)), &default);
        // What identifies people may be something that groups do not have.
        let group = Mapper::new(&only_id(&default), &default);
        let filter = source_filter(&LdapConnection { filter: filter.clone(), ..connection.clone() })?;
        let any_group = parse(ANY_GROUP).map_err(|_| SourceError::Internal)?;
        let base = connection.group_base_dn.as_ref().unwrap_or(&connection.base_dn);
        let of_groups = |filter: Tag| Query {
            base: base.clone(),
            page_size: connection.page_size.min(MAX_PAGE_SIZE),
            too_large: TooLarge::FailsAbove(MAX_GROUP_BYTES),
            ..Query::of(connection, filter, asked(&group, &OF_GROUP))
        };
        let people = Query::of(connection, source_filter(connection)?, asked(&person, &OF_PERSON));
        let names = Query { base: base.clone(), ..Query::of(connection, any_group, vec![NO_ATTRIBUTES.to_owned()]) };
        let groups = of_groups(filter);
        // Nothing is handed over entry by entry.
        let reporter = Reporter::new(mpsc::channel(1).0, stop, 0);
        let search = Search::new(connection, request, reporter)?;
        let max_entries = request.policy.max_entries;
        Ok(Some(Self { search, people, groups, names, person, group, max_entries }))
    }

    /// Reads to the end.
    pub(crate) async fn run(mut self) -> Result<SourceGroups, SourceError> {
        let mut session = self.search.open().await?;
        let read = self.read(&mut session).await?;
        self.search.close(session).await;
        Ok(read)
    }

    async fn read(&mut self, session: &mut Session) -> Result<SourceGroups, SourceError> {
        let Self { search, person, group, .. } = self;
        let mut listing = Listing::default();
        search.most = self.max_entries;
        let listed = search.find(session, &self.people, |message| {
            listing.take_person(person, message)?;
            Ok(None)
        });
        listed.await?;
        search.most = MAX_GROUPS;
        take(search, session, (&self.groups, &mut listing), group, true).await?;
        if listing.has_unknown() {
            search.most = MAX_NAMES;
            let named = search.find(session, &self.names, |message| {
                listing.take_name(message)?;
                Ok(None)
            });
            named.await?;
            while let Some(dn) = listing.next_listed() {
                let at = Query { base: dn, scope: Scope::Base, ..self.groups.clone() };
                let at = Query { filter: present("objectClass"), ..at };
                match take(search, session, (&at, &mut listing), group, false).await {
                    // It went meanwhile.
                    Err(SourceError::SearchRefused { result: NO_SUCH_OBJECT, .. }) => {}
                    taken => taken?,
                }
            }
        }
        listing.close().map_err(|detail| search.reporter.cut_short(detail))
    }
}

/// Takes in the groups that a search finds, with all of their members.
async fn take(
    search: &mut Search<Reported>,
    session: &mut Session,
    (query, listing): (&Query, &mut Listing),
    group: &Mapper,
    is_wanted: bool,
) -> Result<(), SourceError> {
    let mut parts = Vec::new();
    let listed = search.find(session, query, |message| {
        parts.extend(listing.take_group(group, message, is_wanted)?);
        Ok(None)
    });
    let listed = listed.await;
    // That it was too much goes before whatever became of it.
    listing.check().map_err(|detail| search.reporter.cut_short(detail))?;
    listed?;
    for part in parts {
        rest(search, session, (query, listing), part).await?;
    }
    Ok(())
}

fn asked(mapper: &Mapper, more: &[&str]) -> Vec<String> {
    mapper.attributes().chain(more.iter().copied()).map(str::to_owned).collect()
}

/// Reads the members of a group that the directory gives a part at a time.
async fn rest(
    search: &mut Search<Reported>,
    session: &mut Session,
    (query, listing): (&Query, &mut Listing),
    part: Part,
) -> Result<(), SourceError> {
    let Part { group, dn, attribute, mut next } = part;
    loop {
        let name = format!("{attribute};range={next}-*");
        let at = Query { too_large: query.too_large, ..Query::at(&search.connection, &dn, &[&name]) };
        let mut after = None;
        let looked = search.find(session, &at, |message| {
            after = listing.take_part(group, &attribute, message)?;
            Ok(None)
        });
        looked.await?;
        let broken = || search.reporter.cut_short(format!("the members of `{dn}` changed while they were read"));
        match after.ok_or_else(broken)? {
            search::Range { start, .. } if start != next => return Err(broken()),
            search::Range { end: None, .. } => return Ok(()),
            search::Range { end: Some(end), .. } if end < next => return Err(broken()),
            search::Range { end: Some(end), .. } => next = end + 1,
        }
        listing.check().map_err(|detail| search.reporter.cut_short(detail))?;
    }
}
