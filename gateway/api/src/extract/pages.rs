//! Cursor pages: `?limit=&after=&q=` in, `{"items", "next"}` out.

use axum::extract::{FromRequestParts, Query};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use directory_model::invalid::{Invalid, Rule};
use directory_model::page::{Cursor, MAX_LIMIT, PageRequest};
use directory_model::text::search_words;
use http::request::Parts;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::problem::{Problem, ProblemKind};

/// The longest cursor that is looked at, in characters.
const CURSOR_CHARS: usize = 2048;

/// Which page of a list is wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// At most this many items, 1 to 500; 50 when absent.
    #[param(minimum = 1, maximum = 500, value_type = Option<u32>)]
    limit: Option<String>,
    /// The `next` of the page before.
    after: Option<String>,
    /// Words that each must occur, whatever their case and accents.
    q: Option<String>,
}

/// Which page of a list in which nothing is searched is wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct TurnQuery {
    /// At most this many items, 1 to 500; 50 when absent.
    #[param(minimum = 1, maximum = 500, value_type = Option<u32>)]
    limit: Option<String>,
    /// The `next` of the page before.
    after: Option<String>,
}

/// A page request of a list in which nothing is searched.
#[derive(Debug)]
pub(crate) struct Turned(pub(crate) PageRequest);

impl<S: Sync> FromRequestParts<S> for Turned {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Ok(Query(TurnQuery { limit, after })) = Query::try_from_uri(&parts.uri) else {
            return Err(Problem::new(ProblemKind::MalformedRequest, "This list knows `limit` and `after`."));
        };
        Pages::asked(limit, after, None).map(|Pages(page)| Self(page))
    }
}

/// A page request that can be carried out.
#[derive(Debug)]
pub(crate) struct Pages(pub(crate) PageRequest);

impl<S: Sync> FromRequestParts<S> for Pages {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Ok(Query(PageQuery { limit, after, q })) = Query::try_from_uri(&parts.uri) else {
            return Err(Problem::new(ProblemKind::MalformedRequest, "Lists know `limit`, `after` and `q`."));
        };
        Self::asked(limit, after, q)
    }
}

impl Pages {
    /// The page that the texts ask for.
    pub(crate) fn asked(limit: Option<String>, after: Option<String>, q: Option<String>) -> Result<Self, Problem> {
        let query = PageQuery { limit, after, q };
        query.request().map(Self).map_err(|invalid| Problem::invalid(vec![invalid]))
    }
}

impl PageQuery {
    fn request(self) -> Result<PageRequest, Invalid> {
        let limit = self.limit.map(|limit| self::limit(&limit)).transpose()?;
        let after = self.after.map(|cursor| open(&cursor)).transpose()?;
        Ok(PageRequest { after, limit, words: search_words(&sought(&self.q.unwrap_or_default())) })
    }
}

/// A text to look for, whatever it holds: PostgreSQL is given no NUL, and what stands in its place is in no text that is
/// kept, so nobody is found by it.
pub(crate) fn sought(text: &str) -> String {
    text.replace('\0', "\u{1}")
}

fn limit(text: &str) -> Result<u32, Invalid> {
    let range = Rule::OutOfRange { min: 1, max: i64::from(MAX_LIMIT) };
    text.parse().ok().filter(|limit| (1..=MAX_LIMIT).contains(limit)).ok_or(Invalid::new("limit", text, range))
}

/// The opaque form of `cursor`.
pub(crate) fn seal(cursor: &Cursor) -> String {
    URL_SAFE_NO_PAD.encode(format!("{}\n{}", cursor.key, cursor.sort))
}

fn open(text: &str) -> Result<Cursor, Invalid> {
    let refused = || Invalid::new("after", text, Rule::Format { expected: "the `next` of another page".into() });
    if text.len() > CURSOR_CHARS {
        return Err(refused());
    }
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| refused())?;
    // No database is given a NUL, whoever makes cursors of their own.
    let plain = String::from_utf8(bytes).ok().filter(|plain| !plain.contains('\0')).ok_or_else(refused)?;
    let (key, sort) = plain.split_once('\n').ok_or_else(refused)?;
    Ok(Cursor { sort: sort.to_owned(), key: key.parse().map_err(|_| refused())? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_its_text_and_nothing_else_is_taken() {
        let cursor = Cursor { sort: "müller\nanna".into(), key: -7 };

        assert_eq!(open(&seal(&cursor)), Ok(cursor));
        for text in ["", "x", "!!!", "YWJj", &"A".repeat(3000)] {
            assert!(open(text).is_err(), "{text}");
        }
    }

    #[test]
    fn limits_outside_1_to_500_are_refused() {
        for (text, limit) in [("1", Some(1)), ("500", Some(500)), ("0", None), ("501", None), ("-1", None), ("x", None)]
        {
            assert_eq!(super::limit(text).ok(), limit, "{text}");
        }
    }
}
