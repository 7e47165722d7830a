//! `If-Match`: which revision a change is based on.

use axum::extract::FromRequestParts;
use http::header::IF_MATCH;
use http::request::Parts;

use crate::problem::Problem;

/// The revision that a change is based on; a change without it is refused.
#[derive(Debug, Clone, Copy)]
pub(crate) struct IfMatch(i64);

/// The revision that a removal is based on, when it says one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct IfMatchAtAll(pub(crate) Option<i64>);

impl IfMatch {
    /// The revision, when it is still `present`.
    pub(crate) fn against(self, present: i64) -> Result<i64, Problem> {
        if self.0 == present { Ok(present) } else { Err(Problem::changed_meanwhile()) }
    }
}

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        read(parts)?.map(Self).ok_or_else(Problem::precondition_required)
    }
}

impl<S: Sync> FromRequestParts<S> for IfMatchAtAll {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        read(parts).map(Self)
    }
}

/// A tag that we never gave out cannot be the present one.
fn read(parts: &Parts) -> Result<Option<i64>, Problem> {
    let Some(tag) = parts.headers.get(IF_MATCH) else { return Ok(None) };
    let bare = tag.to_str().ok().and_then(|tag| tag.strip_prefix('"')).and_then(|tag| tag.strip_suffix('"'));
    bare.and_then(|tag| tag.parse().ok()).map(Some).ok_or_else(Problem::changed_meanwhile)
}
