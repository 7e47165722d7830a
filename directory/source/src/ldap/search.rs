//! A paged search of a directory (RFC 2696), whose entries are taken one by one.

use std::time::Duration;

use directory_model::secret::Secret;
use directory_model::source::LdapConnection;
use ldap3::asn1::{OctetString, Sequence, Tag, TagClass};
use tokio::time::{Instant, timeout};
use tracing::info;

use super::ber::{Elements, Malformed, OCTET_STRING, SEQUENCE, SET};
use super::connect::{Session, bind_name, connect, describe, patience};
use super::escape;
use super::wire::{self, Bounds, Control, Message, Outcome, Scope, TooLarge, WireError};
use crate::ReadRequest;
use crate::error::{SourceError, seconds};
use crate::mapping::{Mapper, RawEntry};
use crate::outbound::OutboundPolicy;
use crate::report::{Reporter, Sighting};

/// The result code that LDAP libraries use for a filter they cannot send.
const FILTER_ERROR: u32 = 87;
/// A server that keeps sending pages without entries does not mean to end.
const MAX_EMPTY_PAGES: u32 = 1000;
/// What is shown of an entry's name.
const MAX_DN_CHARS: usize = 1024;

/// What is searched for.
#[derive(Clone)]
pub(super) struct Query {
    /// Where.
    pub(super) base: String,
    pub(super) scope: Scope,
    /// Which entries; [`source_filter`] gives all of the source.
    pub(super) filter: Tag,
    /// Their attributes; what cannot be one is not asked for.
    pub(super) attributes: Vec<String>,
    /// Entries in a page.
    pub(super) page_size: u32,
    /// Whether deleted objects are searched as well.
    pub(super) shows_deleted: bool,
    /// So many entries are enough, and no page is asked for; all when absent.
    pub(super) at_most: Option<u32>,
    /// What is done with an entry that is larger than a message may be.
    pub(super) too_large: TooLarge,
}

impl Query {
    /// A search of all of a source.
    pub(super) fn of(connection: &LdapConnection, filter: Tag, attributes: Vec<String>) -> Self {
        Self {
            base: connection.base_dn.clone(),
            scope: Scope::Subtree,
            filter,
            attributes,
            page_size: connection.page_size,
            shows_deleted: false,
            at_most: None,
            too_large: TooLarge::Fails,
        }
    }

    /// A look at one entry.
    pub(super) fn at(connection: &LdapConnection, dn: &str, attributes: &[&str]) -> Self {
        let attributes = attributes.iter().map(|name| (*name).to_owned()).collect();
        Self { base: dn.to_owned(), scope: Scope::Base, ..Self::of(connection, present("objectClass"), attributes) }
    }

    /// What goes with the request for the page after `cookie`.
    fn controls(&self, cookie: &[u8]) -> Result<Vec<Control>, WireError> {
        let mut controls = Vec::new();
        if self.scope == Scope::Subtree && self.at_most.is_none() {
            controls.push(Control::page(self.page_size, cookie)?);
        }
        if self.shows_deleted {
            controls.push(Control::show_deleted());
        }
        Ok(controls)
    }

    /// The request itself.
    pub(super) fn request(&self) -> Tag {
        let attributes = self.attributes.iter().map(String::as_str);
        let attributes = attributes.filter(|name| is_description(name) || is_range(name));
        let bounds = Bounds { scope: self.scope, is_types_only: false, limit: self.at_most.unwrap_or(0) };
        wire::search_request(&self.base, bounds, self.filter.clone(), attributes)
    }
}

/// A filter for entries that have the attribute.
pub(super) fn present(attribute: &str) -> Tag {
    let inner = attribute.as_bytes().to_vec();
    Tag::OctetString(OctetString { id: 7, class: TagClass::Context, inner })
}

/// A filter for entries that every one of `filters` finds.
pub(super) fn all_of(filters: Vec<Tag>) -> Tag {
    Tag::Sequence(Sequence { id: 0, class: TagClass::Context, inner: filters })
}

/// A filter for entries that one of `filters` finds.
pub(super) fn any_of(filters: Vec<Tag>) -> Tag {
    Tag::Sequence(Sequence { id: 1, class: TagClass::Context, inner: filters })
}

/// One read of a directory, whose entries become `T`s.
pub(super) struct Search<T> {
    pub(super) connection: LdapConnection,
    secret: Option<Secret>,
    policy: OutboundPolicy,
    pub(super) reporter: Reporter<T>,
    /// The most entries that one search may find, whatever becomes of them.
    pub(super) most: u64,
    references: u64,
}

/// How a page ended.
struct PageEnd {
    cookie: Vec<u8>,
    entries: u32,
}

impl<T: Sighting> Search<T> {
    /// Checks what can be checked without a connection.
    pub(super) fn new(
        connection: &LdapConnection,
        request: ReadRequest<'_>,
        reporter: Reporter<T>,
    ) -> Result<Self, SourceError> {
        // An empty password with a name would be accepted as anonymous (RFC 4513, 5.1.2).
        let has_secret = request.secret.is_some_and(|secret| !secret.expose().is_empty());
        if bind_name(connection).is_some() && !has_secret {
            return Err(SourceError::SecretMissing);
        }
        Ok(Self {
            connection: connection.clone(),
            secret: request.secret.cloned(),
            policy: request.policy.outbound.clone(),
            reporter,
            most: u64::MAX,
            references: 0,
        })
    }

    /// Connects and signs in.
    pub(super) async fn open(&mut self) -> Result<Session, SourceError> {
        let opening = connect(&self.connection, self.secret.as_ref(), &self.policy);
        self.reporter.unless_stopped(opening).await?
    }

    /// Says good-bye after everything was read.
    pub(super) async fn close(&self, session: Session) {
        session.unbind().await;
        if self.references > 0 {
            info!(source.references = self.references, "references to other directories were not followed");
        }
    }

    /// Searches to the end. What `take` makes of an entry is reported, unless it makes nothing of it.
    pub(super) async fn find(
        &mut self,
        session: &mut Session,
        query: &Query,
        mut take: impl FnMut(&Message) -> Result<Option<T>, Malformed>,
    ) -> Result<(), SourceError> {
        let (mut cookie, mut empty_pages, mut found) = (Vec::new(), 0, 0);
        loop {
            let mut time = PageTime::new(patience(&self.connection));
            let sending = async { session.send(query.request(), query.controls(&cookie)?).await };
            let id = self.waited(&mut time, sending).await?;
            let page = self.page(session, (id, query, self.most.saturating_sub(found)), &mut time, &mut take).await?;
            found += u64::from(page.entries);
            empty_pages = if page.entries == 0 { empty_pages + 1 } else { 0 };
            if page.cookie.is_empty() {
                return Ok(());
            }
            if empty_pages > MAX_EMPTY_PAGES {
                return Err(self.reporter.cut_short("the directory sends pages without entries"));
            }
            cookie = page.cookie;
        }
    }

    /// Reports the entries of one page.
    async fn page(
        &mut self,
        session: &mut Session,
        (id, query, most): (u32, &Query, u64),
        time: &mut PageTime,
        take: &mut impl FnMut(&Message) -> Result<Option<T>, Malformed>,
    ) -> Result<PageEnd, SourceError> {
        let mut entries = 0;
        loop {
            let message = self.waited(time, session.receive(query.too_large)).await?;
            let malformed = |reporter: &Reporter<T>| reporter.cut_short(WireError::Malformed.to_string());
            let answer = message.answer().map_err(|_| malformed(&self.reporter))?;
            match answer.operation.tag {
                wire::EXTENDED_RESPONSE if answer.id == 0 => {
                    let outcome = answer.outcome().map_err(|_| malformed(&self.reporter))?;
                    return Err(self.reporter.cut_short(describe(&outcome)));
                }
                _ if answer.id != id => {}
                wire::SEARCH_ENTRY => {
                    if u64::from(entries) >= most {
                        let most = self.most;
                        return Err(self
                            .reporter
                            .cut_short(format!("the directory has more than {most} such entries")));
                    }
                    if let Some(taken) = take(&message).map_err(|_| malformed(&self.reporter))? {
                        self.reporter.report(taken).await?;
                    }
                    entries += 1;
                }
                wire::SEARCH_REFERENCE => self.references += 1,
                wire::SEARCH_DONE => {
                    let outcome = answer.outcome().map_err(|_| malformed(&self.reporter))?;
                    let cookie = answer.page_cookie().map_err(|_| malformed(&self.reporter))?.to_vec();
                    // Size limit: there are more than so many.
                    let is_enough = outcome.result == 4 && query.at_most.is_some_and(|most| entries >= most);
                    let done = if is_enough { Ok(()) } else { self.done(&outcome) };
                    return done.map(|()| PageEnd { cookie, entries });
                }
                _ => {}
            }
        }
    }

    pub(super) fn done(&self, outcome: &Outcome) -> Result<(), SourceError> {
        match outcome.result {
            0 => Ok(()),
            // Time, size or administrative limit, busy, unavailable: there would have been more.
            3 | 4 | 11 | 51 | 52 => Err(self.reporter.cut_short(describe(outcome))),
            result if self.reporter.sent() == 0 => {
                Err(SourceError::SearchRefused { result, detail: describe(outcome) })
            }
            _ => Err(self.reporter.cut_short(describe(outcome))),
        }
    }

    /// Waits for the directory, not for those who take the entries.
    pub(super) async fn waited<W>(
        &self,
        time: &mut PageTime,
        work: impl Future<Output = Result<W, WireError>>,
    ) -> Result<W, SourceError> {
        let started = Instant::now();
        let work = self.reporter.unless_stopped(timeout(time.left, work)).await?;
        time.left = time.left.saturating_sub(started.elapsed());
        work.map_err(|_| self.reporter.cut_short(format!("a page took longer than {}", seconds(time.whole))))?
            .map_err(|reason| self.reporter.cut_short(reason.to_string()))
    }
}

/// The time that the directory may take for a page.
pub(super) struct PageTime {
    whole: Duration,
    left: Duration,
}

impl PageTime {
    pub(super) fn new(whole: Duration) -> Self {
        Self { whole, left: whole }
    }
}

/// The filter of everything that belongs to the source.
pub(super) fn source_filter(connection: &LdapConnection) -> Result<Tag, SourceError> {
    escape::parse(&connection.filter)
        .map_err(|invalid| SourceError::SearchRefused { result: FILTER_ERROR, detail: invalid.to_string() })
}

/// The name and the mapped values of an entry; of one that was cut, those that came whole.
pub(super) fn entry<'m>(mapper: &Mapper, message: &'m Message) -> Result<(&'m [u8], RawEntry<'m>), Malformed> {
    let mut raw = RawEntry::default();
    let name = values(message, |attribute, value| {
        if let Some(place) = mapper.place(attribute) {
            raw.push(place, value);
        }
    })?;
    Ok((name, raw))
}

/// Hands out every attribute's name with each of its values, and returns the name of the entry.
pub(super) fn values<'m>(
    message: &'m Message,
    mut each: impl FnMut(&'m [u8], &'m [u8]),
) -> Result<&'m [u8], Malformed> {
    let mut parts = Elements(message.answer()?.operation.content);
    let name = parts.expect(OCTET_STRING)?;
    let attributes = if message.is_cut() { parts.beginning()? } else { parts.next()?.ok_or(Malformed)? };
    if attributes.tag != SEQUENCE {
        return Err(Malformed);
    }
    let mut attributes = Elements(attributes.content);
    loop {
        let attribute = match attributes.next() {
            Ok(Some(attribute)) => attribute,
            Ok(None) => break,
            Err(Malformed) if message.is_cut() => break,
            Err(malformed) => return Err(malformed),
        };
        let mut parts = Elements(attribute.content);
        let description = parts.expect(OCTET_STRING)?;
        let mut values = Elements(parts.expect(SET)?);
        while let Some(value) = values.next()? {
            each(description, value.content);
        }
    }
    Ok(name)
}

/// An entry's name as it is shown; `Err` with what can be shown of one that is no text.
pub(super) fn locator(name: &[u8]) -> Result<String, String> {
    let short = |text: &str| text.chars().take(MAX_DN_CHARS).collect();
    std::str::from_utf8(name).map(short).map_err(|_| short(&name.escape_ascii().to_string()))
}

/// Whether `name` can be an attribute; a column's heading or `*` is not asked for.
pub(super) fn is_description(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "-.;_".contains(c))
}

/// Whether `name` asks for some of an attribute's values, as Active Directory has it: `member;range=0-*`.
fn is_range(name: &str) -> bool {
    name.split_once(";range=").is_some_and(|(attribute, range)| {
        is_description(attribute) && range.bytes().all(|byte| byte.is_ascii_digit() || b"-*".contains(&byte))
    })
}

/// Which of its values an attribute came with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    /// The place of the first.
    pub(super) start: u64,
    /// The place of the last; `None` when that is the last one there is.
    pub(super) end: Option<u64>,
}

/// The range that an attribute's name says it came with (MS-ADTS 3.1.1.3.1.3.3).
pub(super) fn range_of(description: &[u8]) -> Option<Range> {
    let text = std::str::from_utf8(description).ok()?;
    let option =
        text.split(';').skip(1).find(|option| option.get(..6).is_some_and(|o| o.eq_ignore_ascii_case("range=")))?;
    let (start, end) = option[6..].split_once('-')?;
    let end = if end == "*" { None } else { Some(end.parse().ok()?) };
    Some(Range { start: start.parse().ok()?, end })
}
