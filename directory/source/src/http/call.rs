//! A request that can be sent again, and its answer.

use std::time::Duration;

use jiff::fmt::rfc2822;
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::{Method, StatusCode, Url};

/// A request, without what it signs in with.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
    pub(super) max_bytes: usize,
    pub(super) is_cut: bool,
    pub(super) patience: Option<Duration>,
}

impl Call {
    /// Asks for what is at `url`; an answer of more than `max_bytes` is refused.
    pub(crate) fn get(url: Url, max_bytes: usize) -> Self {
        Self::of(Method::GET, url, max_bytes)
    }

    /// Removes what is at `url`.
    pub(crate) fn delete(url: Url, max_bytes: usize) -> Self {
        Self::of(Method::DELETE, url, max_bytes)
    }

    fn of(method: Method, url: Url, max_bytes: usize) -> Self {
        let (headers, body) = (HeaderMap::new(), Vec::new());
        Self { method, url, headers, body, max_bytes, is_cut: false, patience: None }
    }

    /// Sends `body` to `url`.
    pub(crate) fn post(url: Url, content_type: &'static str, body: impl Into<Vec<u8>>, max_bytes: usize) -> Self {
        let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(content_type))]);
        Self { headers, body: body.into(), ..Self::of(Method::POST, url, max_bytes) }
    }

    /// The same, but the answer may take so long.
    pub(crate) fn patient(self, patience: Duration) -> Self {
        Self { patience: Some(patience), ..self }
    }

    /// The same, but an answer that is too large is no failure: nothing of it is kept.
    pub(crate) fn cut(self) -> Self {
        Self { is_cut: true, ..self }
    }

    /// The same with one more header; what cannot be in one is left out.
    pub(crate) fn with(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }
}

/// An answer that was read to its end.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    /// The body is larger than was asked for, and was left out.
    pub(crate) is_cut: bool,
}

impl Answer {
    /// The value of a header, as far as it is text.
    pub(crate) fn header(&self, name: &HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// How long the service wants to be left alone (RFC 9110, 10.2.3), by its own clock.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        let asked = self.header(&RETRY_AFTER)?.trim();
        if let Ok(seconds) = asked.parse() {
            return Some(Duration::from_secs(seconds));
        }
        let moment = |text: &str| Some(rfc2822::parse(text.trim()).ok()?.timestamp().as_second());
        let seconds = moment(asked)?.saturating_sub(moment(self.header(&DATE)?)?);
        Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
    }
}

/// What a service said about a refusal, as one short line.
pub(crate) fn one_line(text: &str) -> String {
    const MAX_CHARS: usize = 300;
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    let plain: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_CHARS).collect();
    if line.chars().count() > MAX_CHARS { format!("{plain}…") } else { plain }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(headers: &[(HeaderName, &'static str)]) -> Answer {
        let headers = headers.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value)));
        Answer { status: StatusCode::TOO_MANY_REQUESTS, headers: headers.collect(), body: Vec::new(), is_cut: false }
    }

    #[test]
    fn a_service_says_in_seconds_or_by_its_clock_when_to_come_back() {
        let date = (DATE, "Fri, 31 Dec 1999 23:58:59 GMT");
        for (headers, expected) in [
            (vec![(RETRY_AFTER, "120")], Some(120)),
            (vec![date.clone(), (RETRY_AFTER, "Fri, 31 Dec 1999 23:59:59 GMT")], Some(60)),
            (vec![date.clone(), (RETRY_AFTER, "Fri, 31 Dec 1999 23:00:00 GMT")], Some(0)),
            (vec![(RETRY_AFTER, "Fri, 31 Dec 1999 23:59:59 GMT")], None),
            (vec![date, (RETRY_AFTER, "soon")], None),
            (vec![(RETRY_AFTER, "-1")], None),
            (vec![], None),
        ] {
            assert_eq!(answer(&headers).retry_after(), expected.map(Duration::from_secs), "{headers:?}");
        }
    }

    #[test]
    fn what_a_service_says_becomes_one_short_line() {
        assert_eq!(one_line("\r\n  AADSTS7000215: no\u{7}\r\nTrace ID: 1"), "AADSTS7000215: no ");
        assert_eq!(one_line(&"x".repeat(1000)).chars().count(), 301);
        assert_eq!(one_line(""), "");
    }
}
