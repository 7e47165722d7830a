//! A paged search of a directory (RFC 2696), whose entries are taken one by one.

use std::time::Duration;

use directory_model::record::ReadEnd;
use directory_model::secret::Secret;
use directory_model::source::LdapConnection;
use ldap3::asn1::Tag;
use tokio::time::{Instant, timeout};
use tracing::info;

use super::ber::{Elements, Malformed, OCTET_STRING, SEQUENCE, SET};
use super::connect::{Session, bind_name, connect, describe, patience};
use super::escape;
use super::wire::{self, Message, Outcome, TooLarge, WireError};
use crate::ReadRequest;
use crate::error::SourceError;
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
pub(super) struct Wanted {
    /// Which entries, a search for each filter; [`source_filter`] gives all of the source.
    pub(super) filters: Vec<Tag>,
    /// Their attributes; what cannot be one is not asked for.
    pub(super) attributes: Vec<String>,
    /// Entries in a page.
    pub(super) page_size: u32,
    /// What is done with an entry that is larger than a message may be.
    pub(super) too_large: TooLarge,
}

/// One search, whose entries become `T`s.
pub(super) struct Search<T> {
    connection: LdapConnection,
    secret: Option<Secret>,
    policy: OutboundPolicy,
    pub(super) wanted: Wanted,
    pub(super) reporter: Reporter<T>,
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
        wanted: Wanted,
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
            wanted,
            reporter,
            references: 0,
        })
    }

    /// Searches to the end. What `take` makes of an entry is reported, unless it makes nothing of it.
    pub(super) async fn run(
        mut self,
        take: impl Fn(&Message) -> Result<Option<T>, Malformed>,
    ) -> Result<ReadEnd, SourceError> {
        let opening = connect(&self.connection, self.secret.as_ref(), &self.policy);
        let mut session = self.reporter.unless_stopped(opening).await??;
        let end = self.pages(&mut session, take).await;
        if end.is_ok() {
            session.unbind().await;
        }
        if self.references > 0 {
            info!(source.references = self.references, "references to other directories were not followed");
        }
        end.map(|()| self.reporter.end())
    }

    /// Searches over a session that is open.
    pub(super) async fn pages(
        &mut self,
        session: &mut Session,
        take: impl Fn(&Message) -> Result<Option<T>, Malformed>,
    ) -> Result<(), SourceError> {
        for filter in std::mem::take(&mut self.wanted.filters) {
            self.pages_of(session, &filter, &take).await?;
        }
        Ok(())
    }

    async fn pages_of(
        &mut self,
        session: &mut Session,
        filter: &Tag,
        take: &impl Fn(&Message) -> Result<Option<T>, Malformed>,
    ) -> Result<(), SourceError> {
        let (mut cookie, mut empty_pages) = (Vec::new(), 0);
        loop {
            let attributes = self.wanted.attributes.iter().map(String::as_str).filter(|name| is_description(name));
            let request = wire::search_request(&self.connection.base_dn, filter.clone(), attributes);
            let mut time = PageTime::new(patience(&self.connection));
            let control = wire::page_control(self.wanted.page_size, &cookie);
            let sending = async { session.send(request, Some(control?)).await };
            let id = self.waited(&mut time, sending).await?;
            let page = self.page(session, id, &mut time, take).await?;
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
        id: u32,
        time: &mut PageTime,
        take: &impl Fn(&Message) -> Result<Option<T>, Malformed>,
    ) -> Result<PageEnd, SourceError> {
        let mut entries = 0;
        loop {
            let message = self.waited(time, session.receive(self.wanted.too_large)).await?;
            let malformed = |reporter: &Reporter<T>| reporter.cut_short(WireError::Malformed.to_string());
            let answer = message.answer().map_err(|_| malformed(&self.reporter))?;
            match answer.operation.tag {
                wire::EXTENDED_RESPONSE if answer.id == 0 => {
                    let outcome = answer.outcome().map_err(|_| malformed(&self.reporter))?;
                    return Err(self.reporter.cut_short(describe(&outcome)));
                }
                _ if answer.id != id => {}
                wire::SEARCH_ENTRY => {
                    if let Some(taken) = take(&message).map_err(|_| malformed(&self.reporter))? {
                        self.reporter.report(taken).await?;
                    }
                    entries += 1;
                }
                wire::SEARCH_REFERENCE => self.references += 1,
                wire::SEARCH_DONE => {
                    let outcome = answer.outcome().map_err(|_| malformed(&self.reporter))?;
                    let cookie = answer.page_cookie().map_err(|_| malformed(&self.reporter))?.to_vec();
                    return self.done(&outcome).map(|()| PageEnd { cookie, entries });
                }
                _ => {}
            }
        }
    }

    fn done(&self, outcome: &Outcome) -> Result<(), SourceError> {
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
    async fn waited<W>(
        &self,
        time: &mut PageTime,
        work: impl Future<Output = Result<W, WireError>>,
    ) -> Result<W, SourceError> {
        let started = Instant::now();
        let work = self.reporter.unless_stopped(timeout(time.left, work)).await?;
        time.left = time.left.saturating_sub(started.elapsed());
        let seconds = time.whole.as_secs();
        work.map_err(|_| self.reporter.cut_short(format!("a page took longer than {seconds} seconds")))?
            .map_err(|reason| self.reporter.cut_short(reason.to_string()))
    }
}

/// The time that the directory may take for a page.
struct PageTime {
    whole: Duration,
    left: Duration,
}

impl PageTime {
    fn new(whole: Duration) -> Self {
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
    let mut parts = Elements(message.answer()?.operation.content);
    let name = parts.expect(OCTET_STRING)?;
    let mut raw = RawEntry::default();
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
        let Some(place) = mapper.place(parts.expect(OCTET_STRING)?) else { continue };
        let mut values = Elements(parts.expect(SET)?);
        while let Some(value) = values.next()? {
            raw.push(place, value.content);
        }
    }
    Ok((name, raw))
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
