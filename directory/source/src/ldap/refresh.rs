//! What changed since a directory was read last, by content synchronisation (RFC 4533, refresh only).

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use directory_model::record::{Extent, Reported, WholeBecause};

use super::ber::{BOOLEAN, ENUMERATED, Element, Elements, Malformed, OCTET_STRING, SEQUENCE, SET, number};
use super::connect::{Session, describe, patience};
use super::search::{PageTime, Query, Search};
use super::wire::{self, Answer, Control, Message, TooLarge, WireError};
use crate::error::SourceError;

/// The control that asks for it.
pub(super) const SYNC_REQUEST: &str = "1.3.6.1.4.1.4203.1.9.1.1";
const SYNC_STATE: &str = "1.3.6.1.4.1.4203.1.9.1.2";
const SYNC_DONE: &str = "1.3.6.1.4.1.4203.1.9.1.3";
const SYNC_INFO: &str = "1.3.6.1.4.1.4203.1.9.1.4";
/// The attribute that content synchronisation names entries by.
pub(super) const IDENTITY: &str = "entryUUID";

/// e-syncRefreshRequired: the server does not know any more what changed since.
const REFRESH_REQUIRED: u32 = 4096;
/// Unavailable critical extension, unwilling to perform: the server does not do this here.
const NOT_HERE: [u32; 2] = [12, 53];
/// Time, size and administrative limits: there is no second page of changes.
const LIMITS: [u32; 3] = [3, 4, 11];

/// How a refresh ended.
pub(super) struct Refreshed {
    /// Whether only changes were told, or of every entry that it is still there.
    pub(super) extent: Extent,
    /// Where the next one continues.
    pub(super) cookie: Option<Vec<u8>>,
}

/// What is told of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Present,
    Changed,
    Deleted,
}

/// Whether a server that would give `now` as its cookie has not heard of everything that one with
/// `last` had: OpenLDAP's cookies name the last change number of each server.
pub(super) fn lags(now: &[u8], last: &[u8]) -> bool {
    let (now, last) = (numbers(now), numbers(last));
    last.iter().any(|(server, number)| now.get(server).is_none_or(|own| own < number))
}

/// Whether changes can be asked for from there. OpenLDAP takes a cookie that names no change number for none at all, and
/// then tells everybody as if these were the changes: who left in between would never be missed.
pub(super) fn is_place(cookie: &[u8]) -> bool {
    !numbers(cookie).is_empty()
}

/// The change numbers of a cookie by server; none when it is somebody else's.
fn numbers(cookie: &[u8]) -> HashMap<String, String> {
    let text = String::from_utf8_lossy(cookie);
    let list = text.split(',').find_map(|part| part.strip_prefix("csn=")).unwrap_or_default();
    let numbers = list.split(';').filter_map(|number| {
        let server = number.split('#').nth(2)?;
        Some((server.to_owned(), number.to_owned()))
    });
    numbers.collect()
}

/// Reports what changed since `cookie`.
pub(super) async fn refresh(
    search: &mut Search<Reported>,
    session: &mut Session,
    query: &Query,
    cookie: &[u8],
    take: impl Fn(&Message) -> Result<Reported, Malformed>,
) -> Result<Refreshed, SourceError> {
    let mut last = Some(cookie.to_vec());
    let whole = patience(&search.connection);
    let sending = async { session.send(query.request(), vec![Control::refresh(cookie)?]).await };
    let id = search.waited(&mut PageTime::new(whole), sending).await?;
    loop {
        // Each message in time: a refresh as a whole takes as long as it takes.
        let message = search.waited(&mut PageTime::new(whole), session.receive(TooLarge::Fails)).await?;
        let told =
            tell(&message, id, &take).map_err(|_| search.reporter.cut_short(WireError::Malformed.to_string()))?;
        match told {
            Told::Nothing => {}
            Told::Cookie(cookie) => last = Some(cookie),
            Told::Entry(reported, uuid) => {
                if reported.external_id().is_some_and(|id| id != uuid) {
                    return Err(SourceError::CannotContinue(WholeBecause::Unsupported));
                }
                search.reporter.report(reported).await?;
            }
            Told::Entries { ids, are_deleted, cookie } => {
                last = cookie.or(last);
                for id in ids {
                    let reported = if are_deleted { Reported::Gone(id) } else { Reported::Unchanged(id) };
                    search.reporter.report(reported).await?;
                }
            }
            Told::Done { result: 0, is_of_deletions, cookie, .. } => {
                let extent = if is_of_deletions { Extent::Changes } else { Extent::Whole { may_lag: false } };
                return Ok(Refreshed { extent, cookie: cookie.or(last) });
            }
            Told::Done { result, detail, .. } => return Err(refused(search, result, detail)),
        }
    }
}

fn refused(search: &Search<Reported>, result: u32, detail: String) -> SourceError {
    match result {
        REFRESH_REQUIRED => SourceError::CannotContinue(WholeBecause::CursorExpired),
        result if NOT_HERE.contains(&result) => SourceError::CannotContinue(WholeBecause::Unsupported),
        result if LIMITS.contains(&result) => SourceError::CannotContinue(WholeBecause::TooManyChanges),
        _ => search.reporter.cut_short(detail),
    }
}

/// What one message says.
enum Told {
    Nothing,
    Cookie(Vec<u8>),
    Entry(Reported, Vec<u8>),
    Entries { ids: Vec<Vec<u8>>, are_deleted: bool, cookie: Option<Vec<u8>> },
    Done { result: u32, detail: String, is_of_deletions: bool, cookie: Option<Vec<u8>> },
}

fn tell(message: &Message, id: u32, take: impl Fn(&Message) -> Result<Reported, Malformed>) -> Result<Told, Malformed> {
    let answer = message.answer()?;
    match answer.operation.tag {
        wire::EXTENDED_RESPONSE if answer.id == 0 => done(&answer),
        _ if answer.id != id => Ok(Told::Nothing),
        wire::SEARCH_ENTRY => {
            let (state, uuid) = state(answer.control(SYNC_STATE)?.ok_or(Malformed)?)?;
            Ok(match state {
                State::Present => Told::Entry(Reported::Unchanged(uuid.clone()), uuid),
                State::Deleted => Told::Entry(Reported::Gone(uuid.clone()), uuid),
                State::Changed => Told::Entry(take(message)?, uuid),
            })
        }
        wire::INTERMEDIATE_RESPONSE => information(&answer),
        wire::SEARCH_DONE => done(&answer),
        _ => Ok(Told::Nothing),
    }
}

/// RFC 4533, 2.2: state, identity, and perhaps a cookie.
fn state(value: &[u8]) -> Result<(State, Vec<u8>), Malformed> {
    let mut parts = Elements(Elements(value).expect(SEQUENCE)?);
    let state = match number(parts.expect(ENUMERATED)?)? {
        0 => State::Present,
        1 | 2 => State::Changed,
        3 => State::Deleted,
        _ => return Err(Malformed),
    };
    Ok((state, parts.expect(OCTET_STRING)?.to_vec()))
}

/// RFC 4533, 2.5: a cookie, the end of a phase, or a set of identities.
fn information(answer: &Answer<'_>) -> Result<Told, Malformed> {
    let (mut parts, mut is_ours, mut value) = (Elements(answer.operation.content), false, None);
    while let Some(part) = parts.next()? {
        match part.tag {
            0x80 => is_ours = part.content == SYNC_INFO.as_bytes(),
            0x81 => value = Some(part.content),
            _ => {}
        }
    }
    let Some(value) = value.filter(|_| is_ours) else { return Ok(Told::Nothing) };
    let Element { tag, content } = Elements(value).next()?.ok_or(Malformed)?;
    match tag {
        0x80 => Ok(Told::Cookie(content.to_vec())),
        0xa1 | 0xa2 => Ok(end_of(content)?.1.map_or(Told::Nothing, Told::Cookie)),
        0xa3 => {
            let (mut ids, mut are_deleted, mut cookie) = (Vec::new(), false, None);
            let mut parts = Elements(content);
            while let Some(part) = parts.next()? {
                match part.tag {
                    OCTET_STRING => cookie = Some(part.content.to_vec()),
                    BOOLEAN => are_deleted = part.content != [0],
                    SET => {
                        let mut values = Elements(part.content);
                        while let Some(value) = values.next()? {
                            ids.push(value.content.to_vec());
                        }
                    }
                    _ => return Err(Malformed),
                }
            }
            Ok(Told::Entries { ids, are_deleted, cookie })
        }
        _ => Err(Malformed),
    }
}

/// A flag and a cookie, either of which may be missing.
fn end_of(content: &[u8]) -> Result<(bool, Option<Vec<u8>>), Malformed> {
    let (mut parts, mut flag, mut cookie) = (Elements(content), false, None);
    while let Some(part) = parts.next()? {
        match part.tag {
            OCTET_STRING => cookie = Some(part.content.to_vec()),
            BOOLEAN => flag = part.content != [0],
            _ => return Err(Malformed),
        }
    }
    Ok((flag, cookie))
}

fn done(answer: &Answer<'_>) -> Result<Told, Malformed> {
    let outcome = answer.outcome()?;
    let detail = describe(&outcome);
    let is_end = answer.operation.tag == wire::SEARCH_DONE;
    let control = if is_end { answer.control(SYNC_DONE)? } else { None };
    let (is_of_deletions, cookie) = match control {
        Some(value) => end_of(Elements(value).expect(SEQUENCE)?)?,
        // A server that ends well without it did not synchronise anything.
        None if is_end && outcome.result == 0 => return Err(Malformed),
        None => (false, None),
    };
    // A server that says good-bye by itself has not ended the refresh, whatever it calls that.
    let result = if is_end { outcome.result } else { outcome.result.max(1) };
    Ok(Told::Done { result, detail, is_of_deletions, cookie })
}
