//! The people of a directory: a paged search, mapped entry by entry, of everything or, where the
//! directory can tell, of what changed.

#[cfg(test)]
mod tests;

use directory_model::invalid::{Invalid, Rule};
use directory_model::record::{Extent, ReadCursor, ReadEnd, Reported, WholeBecause};
use directory_model::source::LdapConnection;
use serde::{Deserialize, Serialize};

use super::active_directory::{self, Changes, report_tombstones};
use super::ber::Malformed;
use super::connect::Session;
use super::refresh;
use super::root_dse::{Tells, look};
use super::search::{self, Query, Search, source_filter};
use super::sought::narrowed;
use super::wire::Message;
use crate::ReadRequest;
use crate::error::SourceError;
use crate::mapping::Mapper;
use crate::report::Reporter;

/// One read of a directory.
pub(crate) struct Read {
    search: Search<Reported>,
    mapper: Mapper,
    wanted: Wanted,
}

/// Which entries are read.
enum Wanted {
    /// Those that these queries find.
    Some(Vec<Query>),
    /// Those of the whole source, or of them those that changed.
    All { query: Query, last: Option<Mark>, only_changes: bool },
}

/// Where a read ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
enum Mark {
    Usn(active_directory::Mark),
    Cookie { cookie: Vec<u8> },
}

impl Mark {
    /// A mark that somebody else made, or another version, is none.
    fn read(cursor: &ReadCursor) -> Option<Self> {
        serde_json::from_str(&cursor.0).ok()
    }

    fn cursor(&self) -> Option<ReadCursor> {
        serde_json::to_string(self).ok().map(ReadCursor)
    }
}

/// The attribute that identified every entry of the source when it was read last, as far as that is
/// known.
pub(super) fn identity(last: Option<&ReadCursor>) -> Option<&'static str> {
    match Mark::read(last?)? {
        Mark::Usn(_) => Some(active_directory::IDENTITY),
        Mark::Cookie { .. } => Some(refresh::IDENTITY),
    }
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
        let query = |filter| Query::of(connection, filter, mapper.attributes().map(str::to_owned).collect());
        let wanted = match request.only {
            Some(only) => {
                let narrowed = narrowed(&filter, &mapper, only, identity(request.last));
                Wanted::Some(narrowed.into_iter().map(query).collect())
            }
            None => Wanted::All {
                query: query(filter),
                last: request.last.and_then(Mark::read),
                only_changes: request.only_changes,
            },
        };
        Ok(Self { search: Search::new(connection, request, reporter)?, mapper, wanted })
    }

    /// Reads to the end.
    pub(crate) async fn run(mut self) -> Result<ReadEnd, SourceError> {
        let mut session = self.search.open().await?;
        let (extent, mark) = self.read(&mut session).await?;
        self.search.close(session).await;
        let cursor = mark.as_ref().and_then(Mark::cursor);
        Ok(ReadEnd { extent, cursor, ..self.search.reporter.end() })
    }

    async fn read(&mut self, session: &mut Session) -> Result<(Extent, Option<Mark>), SourceError> {
        let Self { search, mapper, wanted } = self;
        let (query, last, only_changes) = match wanted {
            Wanted::Some(queries) => {
                for query in queries {
                    search.find(session, query, |message| entry(mapper, message).map(Some)).await?;
                }
                return Ok((Extent::Whole { may_lag: false }, None));
            }
            Wanted::All { query, last, only_changes } => (query, last, *only_changes),
        };
        let directory = look(search, session).await?;
        if only_changes {
            return changes(search, session, (mapper, query), (&directory, last.as_ref())).await;
        }
        let identity = match directory {
            Tells::ActiveDirectory(_) => active_directory::IDENTITY,
            Tells::ContentSync(_) | Tells::Other => refresh::IDENTITY,
        };
        // What changed is told by this identity alone.
        let (mut is_identified, mut is_anybody) = (true, false);
        let reading = search.find(session, query, |message| {
            let (reported, identified_by) = identified(mapper, message)?;
            is_identified &= identified_by.is_none_or(|name| name.eq_ignore_ascii_case(identity));
            is_anybody |= identified_by.is_some();
            Ok(Some(reported))
        });
        reading.await?;
        let may_lag = match (&directory, &*last) {
            (Tells::ActiveDirectory(controller), Some(Mark::Usn(last))) => last.mismatch(controller).is_some(),
            (Tells::ContentSync(now), Some(Mark::Cookie { cookie })) => refresh::lags(now, cookie),
            _ => false,
        };
        if let (Tells::ActiveDirectory(controller), true) = (&directory, may_lag) {
            report_tombstones(search, session, controller).await?;
        }
        let mark = Some(directory).filter(|_| is_identified && is_anybody).and_then(mark_of);
        Ok((Extent::Whole { may_lag }, mark))
    }
}

/// Where a read of a directory ends that began when it was as it is described.
fn mark_of(directory: Tells) -> Option<Mark> {
    match directory {
        Tells::ActiveDirectory(controller) => Some(Mark::Usn(active_directory::Mark::new(&controller))),
        Tells::ContentSync(cookie) => Some(Mark::Cookie { cookie }),
        Tells::Other => None,
    }
}

/// Reports what changed since `last`.
async fn changes(
    search: &mut Search<Reported>,
    session: &mut Session,
    (mapper, query): (&Mapper, &Query),
    (directory, last): (&Tells, Option<&Mark>),
) -> Result<(Extent, Option<Mark>), SourceError> {
    match (directory, last) {
        (Tells::ActiveDirectory(controller), Some(Mark::Usn(since))) => {
            if let Some(because) = since.mismatch(controller) {
                return Err(SourceError::CannotContinue(because));
            }
            let changes = Changes { query, controller, since };
            let mut is_identified = true;
            let gone = changes.read(search, session, |message| {
                let (reported, identified_by) = identified(mapper, message)?;
                is_identified &= identified_by.is_none_or(|name| name.eq_ignore_ascii_case(active_directory::IDENTITY));
                Ok(Some(reported))
            });
            let gone = gone.await?;
            // Somebody who is known by another identity from now on has not left.
            if !is_identified {
                return Err(SourceError::CannotContinue(WholeBecause::Unsupported));
            }
            for id in gone {
                search.reporter.report(Reported::Gone(id)).await?;
            }
            Ok((Extent::Changes, mark_of(directory.clone())))
        }
        (Tells::ContentSync(_), Some(Mark::Cookie { cookie })) if refresh::is_place(cookie) => {
            let take = |message: &Message| entry(mapper, message);
            let end = refresh::refresh(search, session, query, cookie, take).await?;
            Ok((end.extent, end.cookie.map(|cookie| Mark::Cookie { cookie })))
        }
        (Tells::Other, _) => Err(SourceError::CannotContinue(WholeBecause::Unsupported)),
        _ => Err(SourceError::CannotContinue(WholeBecause::NoCursor)),
    }
}

/// Maps one entry.
pub(super) fn entry(mapper: &Mapper, message: &Message) -> Result<Reported, Malformed> {
    identified(mapper, message).map(|(reported, _)| reported)
}

/// Maps one entry, and says which attribute identifies it.
fn identified<'m>(mapper: &'m Mapper, message: &Message) -> Result<(Reported, Option<&'m str>), Malformed> {
    let (name, raw) = search::entry(mapper, message)?;
    let reported = match search::locator(name) {
        Ok(locator) => mapper.map(locator, &raw),
        Err(locator) => mapper.set_aside(locator, &raw, Invalid::new("dn", name.escape_ascii(), Rule::NotUtf8)),
    };
    Ok((reported, mapper.identified_by(&raw)))
}
