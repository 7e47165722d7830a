//! How a server refuses what an application asks, and what that means. Pure.
//!
//! | status | subcode | means |
//! |---|---|---|
//! | 404 | `ApplicationNotFound` | the application is lost; of a subscription only that it has expired |
//! | 404 | another | there is no such thing |
//! | 401, 410, 502; any | –; `MigrationInProgress`, `InactiveApplicationExpired` | the application is lost: the account is elsewhere |
//! | 403, 409 | `LimitExceeded`, `TooManyContacts`, `TooManyGroups` | there are too many subscriptions |
//! | 409 | `PGetReplaced` | somebody else listens as this application |
//! | 409 | `MakeMeAvailableRequired` | the account must be made available first |
//! | 408, 429, 500, 503, 504 | | the server has too much to do |
//! | others | | it is refused |
//!
//! An expired subscription is refused in the same words as a lost application (the published descriptions show it so), so
//! requests to subscriptions do not prove that an application is gone; the event channel does.

use serde_json::Value;

use super::application::problem;
use crate::error::SourceError;
use crate::free_busy::NoAnswer;
use crate::http::{Answer, Call, refusal};

/// Why a request of an application came to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// There is nothing there: no such person, or a subscription that has expired.
    NotKnown,
    /// There are too many subscriptions.
    Limited,
    /// Somebody else listens as the same application.
    Replaced,
    /// The account must be made available first.
    NotAvailable,
    /// The server does not want it.
    Rejected(SourceError),
    /// The answer makes no sense.
    Unreadable(SourceError),
    /// The server has too much to do.
    Busy(NoAnswer),
    /// The application is of no use any more: the server is to be looked for anew, and another one made.
    Lost(SourceError),
}

impl From<SourceError> for Refused {
    /// What a request led to that got no answer.
    fn from(error: SourceError) -> Self {
        match error {
            SourceError::Busy { .. } => Self::Busy(error.into()),
            SourceError::CutShort { .. } => Self::Unreadable(error),
            error => Self::Lost(error),
        }
    }
}

impl Refused {
    /// What the answer to `call` means, which is none that was wished for.
    pub(super) fn of(call: &Call, answer: &Answer) -> Self {
        let said = problem(&answer.body);
        let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let error = refusal(call, answer, &said);
        match kind(answer.status.as_u16(), body["subcode"].as_str().unwrap_or_default()) {
            Kind::NotKnown => Self::NotKnown,
            Kind::Limited => Self::Limited,
            Kind::Replaced => Self::Replaced,
            Kind::NotAvailable => Self::NotAvailable,
            Kind::Rejected => Self::Rejected(error),
            Kind::Lost => Self::Lost(error),
            Kind::Busy => {
                let SourceError::RequestRefused { url, detail, .. } = error else { return Self::Rejected(error) };
                Self::Busy(NoAnswer { error: SourceError::Busy { url, detail }, retry_after: answer.retry_after() })
            }
        }
    }

    /// The same of a request to a subscription.
    pub(super) fn of_subscription(call: &Call, answer: &Answer) -> Self {
        Self::of(call, answer).of_lost_subscription()
    }

    /// The same, when it was a request to a subscription.
    pub(super) fn of_lost_subscription(self) -> Self {
        match self {
            Self::Lost(SourceError::RequestRefused { status: 404, .. }) => Self::NotKnown,
            refused => refused,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    NotKnown,
    Limited,
    Replaced,
    NotAvailable,
    Rejected,
    Busy,
    Lost,
}

fn kind(status: u16, subcode: &str) -> Kind {
    match (status, subcode) {
        (_, "MigrationInProgress" | "InactiveApplicationExpired")
        | (404, "ApplicationNotFound")
        | (401 | 410 | 502, _) => Kind::Lost,
        (404, _) => Kind::NotKnown,
        (403 | 409, "LimitExceeded" | "TooManyContacts" | "TooManyGroups") => Kind::Limited,
        (409, "PGetReplaced") => Kind::Replaced,
        (409, "MakeMeAvailableRequired") => Kind::NotAvailable,
        (408 | 429 | 500 | 503 | 504, _) => Kind::Busy,
        _ => Kind::Rejected,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_means_one_thing() {
        for (status, subcode, expected) in [
            (404, "ApplicationNotFound", Kind::Lost),
            (404, "", Kind::NotKnown),
            (404, "ResourceNotFound", Kind::NotKnown),
            (401, "", Kind::Lost),
            (410, "CannotRedirect", Kind::Lost),
            (502, "", Kind::Lost),
            (503, "MigrationInProgress", Kind::Lost),
            (409, "InactiveApplicationExpired", Kind::Lost),
            (403, "LimitExceeded", Kind::Limited),
            (409, "TooManyContacts", Kind::Limited),
            (403, "", Kind::Rejected),
            (409, "PGetReplaced", Kind::Replaced),
            (409, "MakeMeAvailableRequired", Kind::NotAvailable),
            (409, "AlreadyExists", Kind::Rejected),
            (429, "", Kind::Busy),
            (503, "", Kind::Busy),
            (504, "ExchangeTimeout", Kind::Busy),
            (400, "ParameterValidationFailure", Kind::Rejected),
            (302, "", Kind::Rejected),
        ] {
            assert_eq!(kind(status, subcode), expected, "{status} {subcode}");
        }
    }

    #[test]
    fn what_gets_no_answer_has_lost_the_application_unless_it_is_only_busy() {
        let (url, detail) = ("https://x/".to_owned(), "…".to_owned());
        let unreachable = SourceError::Unreachable { url: url.clone(), detail: detail.clone() };
        assert_eq!(Refused::from(unreachable.clone()), Refused::Lost(unreachable));
        let busy = SourceError::Busy { url, detail };
        assert_eq!(Refused::from(busy.clone()), Refused::Busy(busy.into()));
        let malformed = SourceError::CutShort { read: 0, detail: "…".into() };
        assert_eq!(Refused::from(malformed.clone()), Refused::Unreadable(malformed));
    }
}
