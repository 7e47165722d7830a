//! What a request that got no answer failed of, in words for an administrator.

use std::error::Error;
use std::io;
use std::time::Duration;

use reqwest::Url;

use super::gate::{NoAddress, shown};
use crate::error::{SourceError, no_answer_within};
use crate::outbound::{no_address, words_for};
use crate::tls::certificate_problem;

/// Why nothing came back from `url`.
pub(super) fn no_answer(url: &Url, reason: &reqwest::Error, patience: Duration) -> SourceError {
    let host = url.host_str().unwrap_or_default();
    let unreachable = |detail: String| SourceError::Unreachable { url: shown(url), detail };
    if cause::<NoAddress>(reason).is_some() {
        return unreachable(no_address(host));
    }
    if let Some(tls) = cause::<rustls::Error>(reason) {
        return match certificate_problem(tls, host.trim_matches(['[', ']'])) {
            Some(detail) => SourceError::CertificateRefused { url: shown(url), detail },
            None => unreachable("no encrypted connection could be agreed on".into()),
        };
    }
    if reason.is_timeout() {
        return too_slow(url, patience);
    }
    match cause::<io::Error>(reason) {
        Some(io) if reason.is_connect() => unreachable(words_for(io)),
        _ if reason.is_connect() => unreachable("no connection could be made".into()),
        _ => unreachable("the connection broke before there was a whole answer".into()),
    }
}

/// The answer took too long.
pub(super) fn too_slow(url: &Url, patience: Duration) -> SourceError {
    SourceError::Unreachable { url: shown(url), detail: no_answer_within(patience) }
}

/// The first cause that is an `E`. What an [`io::Error`] wraps is not among its sources.
fn cause<'e, E: Error + 'static>(error: &'e (dyn Error + 'static)) -> Option<&'e E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<E>() {
            return Some(found);
        }
        next = match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    None
}
