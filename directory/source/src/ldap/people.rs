//! The people of a directory: one paged search, mapped entry by entry.

#[cfg(test)]
mod tests;

use std::time::Duration;

use directory_model::invalid::{Invalid, Rule};
use directory_model::record::{ReadEnd, Reported};
use directory_model::secret::Secret;
use directory_model::source::LdapConnection;
use ldap3::asn1::Tag;
use tokio::time::{Instant, timeout};
use tracing::info;

use super::ber::{Elements, Malformed, OCTET_STRING, SEQUENCE, SET};
use super::connect::{Session, bind_name, connect, describe, patience};
use super::escape;
use super::sought::narrowed;
use super::wire::{self, Message, Outcome, WireError};
use crate::ReadRequest;
use crate::error::SourceError;
use crate::mapping::{Mapper, RawEntry, default_mapping};
use crate::outbound::OutboundPolicy;
use crate::report::Reporter;

/// The result code that LDAP libraries use for a filter they cannot send.
const FILTER_ERROR: u32 = 87;
/// A server that keeps sending pages without entries does not mean to end.
const MAX_EMPTY_PAGES: u32 = 1000;
/// What is shown of an entry's name.
const MAX_DN_CHARS: usize = 1024;

/// One read of a directory.
pub(crate) struct Read {
    connection: LdapConnection,
    secret: Option<Secret>,
    policy: OutboundPolicy,
    /// One search for each.
    filters: Vec<Tag>,
    mapper: Mapper,
    reporter: Reporter,
    references: u64,
}

/// How a page ended.
struct PageEnd {
    cookie: Vec<u8>,
    entries: u32,
}

impl Read {
    /// Checks what can be checked without a connection.
    pub(crate) fn new(
        connection: &LdapConnection,
        request: ReadRequest<'_>,
        reporter: Reporter,
    ) -> Result<Self, SourceError> {
        // An empty password with a name would be accepted as anonymous (RFC 4513, 5.1.2).
        let has_secret = request.secret.is_some_and(|secret| !secret.expose().is_empty());
        if bind_name(connection).is_some() && !has_secret {
            return Err(SourceError::SecretMissing);
        }
        let filter = escape::parse(&connection.filter)
            .map_err(|invalid| SourceError::SearchRefused { result: FILTER_ERROR, detail: invalid.to_string() })?;
        let default = default_mapping(request.connection);
        let mapper = Mapper::new(request.mapping.unwrap_or(&default), &default);
        let filters = request.only.map(|only| narrowed(&filter, &mapper, only));
        Ok(Self {
            connection: connection.clone(),
            secret: request.secret.cloned(),
            policy: request.policy.outbound.clone(),
            filters: filters.unwrap_or_else(|| vec![filter]),
            mapper,
            reporter,
            references: 0,
        })
    }

    /// Reads to the end.
    pub(crate) async fn run(mut self) -> Result<ReadEnd, SourceError> {
        let opening = connect(&self.connection, self.secret.as_ref(), &self.policy);
        let mut session = self.reporter.unless_stopped(opening).await??;
        let end = self.search(&mut session).await;
        if end.is_ok() {
            session.unbind().await;
        }
        if self.references > 0 {
            info!(source.references = self.references, "references to other directories were not followed");
        }
        end.map(|()| self.reporter.end())
    }

    async fn search(&mut self, session: &mut Session) -> Result<(), SourceError> {
        for filter in std::mem::take(&mut self.filters) {
            self.search_for(session, &filter).await?;
        }
        Ok(())
    }

    async fn search_for(&mut self, session: &mut Session, filter: &Tag) -> Result<(), SourceError> {
        let (mut cookie, mut empty_pages) = (Vec::new(), 0);
        loop {
            let attributes = self.mapper.attributes().filter(|name| is_description(name));
            let request = wire::search_request(&self.connection.base_dn, filter.clone(), attributes);
            let mut time = PageTime::new(patience(&self.connection));
            let control = wire::page_control(self.connection.page_size, &cookie);
            let sending = async { session.send(request, Some(control?)).await };
            let id = self.waited(&mut time, sending).await?;
            let page = self.page(session, id, &mut time).await?;
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
    async fn page(&mut self, session: &mut Session, id: u32, time: &mut PageTime) -> Result<PageEnd, SourceError> {
        let mut entries = 0;
        loop {
            let message = self.waited(time, session.receive()).await?;
            let malformed = |reporter: &Reporter| reporter.cut_short(WireError::Malformed.to_string());
            let answer = message.answer().map_err(|_| malformed(&self.reporter))?;
            match answer.operation.tag {
                wire::EXTENDED_RESPONSE if answer.id == 0 => {
                    let outcome = answer.outcome().map_err(|_| malformed(&self.reporter))?;
                    return Err(self.reporter.cut_short(describe(&outcome)));
                }
                _ if answer.id != id => {}
                wire::SEARCH_ENTRY => {
                    let reported = entry(&self.mapper, &message).map_err(|_| malformed(&self.reporter))?;
                    self.reporter.report(reported).await?;
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
    async fn waited<T>(
        &self,
        time: &mut PageTime,
        work: impl Future<Output = Result<T, WireError>>,
    ) -> Result<T, SourceError> {
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

/// Maps one entry.
fn entry(mapper: &Mapper, message: &Message) -> Result<Reported, Malformed> {
    let mut parts = Elements(message.answer()?.operation.content);
    let name = parts.expect(OCTET_STRING)?;
    let mut attributes = Elements(parts.expect(SEQUENCE)?);
    let mut raw = RawEntry::default();
    while let Some(attribute) = attributes.next()? {
        let mut parts = Elements(attribute.content);
        let Some(place) = mapper.place(parts.expect(OCTET_STRING)?) else { continue };
        let mut values = Elements(parts.expect(SET)?);
        while let Some(value) = values.next()? {
            raw.push(place, value.content);
        }
    }
    if let Ok(name) = std::str::from_utf8(name) {
        return Ok(mapper.map(name.chars().take(MAX_DN_CHARS).collect(), &raw));
    }
    let invalid = Invalid::new("dn", name.escape_ascii(), Rule::NotUtf8);
    let locator = name.escape_ascii().to_string().chars().take(MAX_DN_CHARS).collect();
    Ok(mapper.set_aside(locator, &raw, invalid))
}

/// Whether `name` can be an attribute; a column's heading or `*` is not asked for.
pub(super) fn is_description(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "-.;_".contains(c))
}
