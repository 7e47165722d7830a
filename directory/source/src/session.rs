//! What reads of the same source have in common.

use std::sync::{Arc, OnceLock};

use futures_util::stream::{self, Stream, StreamExt};

use crate::error::SourceError;
use crate::exchange::photos::ExchangePhotos;
use crate::ucwa::photos::UcwaPhotos;

/// How many people a source is asked for at once: enough that nobody waits for the way there and back, and few
/// enough for a server that has others to serve.
const AT_ONCE: usize = 4;

/// The answers to questions, in their order: to the first by itself, so that a password that is refused is not tried
/// again and again, then to a few at once.
pub(crate) fn answers<Q: Future>(questions: impl Iterator<Item = Q>) -> impl Stream<Item = Q::Output> {
    let mut questions = questions;
    let first = questions.next();
    stream::iter(first).buffered(1).chain(stream::iter(questions).buffered(AT_ONCE))
}

/// A source that is asked again and again, page by page: the way to it is found once, and so are tokens. Good for
/// one source as it is configured now; clones are the same session.
#[derive(Debug, Clone, Default)]
pub struct Session {
    exchange: Arc<OnceLock<Arc<ExchangePhotos>>>,
    ucwa: Arc<OnceLock<Arc<UcwaPhotos>>>,
}

impl Session {
    /// The session's Exchange server, which is `made` unless it was before.
    pub(crate) fn exchange(
        session: Option<&Self>,
        made: impl FnOnce() -> Result<ExchangePhotos, SourceError>,
    ) -> Result<Arc<ExchangePhotos>, SourceError> {
        kept(session.map(|session| &*session.exchange), made)
    }

    /// The session's UCWA server, likewise.
    pub(crate) fn ucwa(
        session: Option<&Self>,
        made: impl FnOnce() -> Result<UcwaPhotos, SourceError>,
    ) -> Result<Arc<UcwaPhotos>, SourceError> {
        kept(session.map(|session| &*session.ucwa), made)
    }
}

fn kept<T>(
    place: Option<&OnceLock<Arc<T>>>,
    made: impl FnOnce() -> Result<T, SourceError>,
) -> Result<Arc<T>, SourceError> {
    if let Some(kept) = place.and_then(OnceLock::get) {
        return Ok(Arc::clone(kept));
    }
    let made = Arc::new(made()?);
    Ok(match place {
        Some(place) => Arc::clone(place.get_or_init(|| made)),
        None => made,
    })
}
