//! What comes of subscriptions: answers to our requests, and what the server tells by itself.

use std::time::Duration;

use super::dialog_info::Call;
use super::pidf::Pidf;
use crate::error::SourceError;

/// What is subscribed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Package {
    /// Presence (RFC 3856).
    Presence,
    /// Calls (RFC 4235).
    Calls,
}

impl Package {
    /// The word for it in the header Event.
    pub(super) fn event(self) -> &'static str {
        match self {
            Self::Presence => "presence",
            Self::Calls => "dialog",
        }
    }

    /// The kinds of documents that we read; the first is the standard's.
    pub(super) fn accepts(self) -> &'static [&'static str] {
        match self {
            Self::Presence => &["application/pidf+xml", "text/xml+msrtc.pidf"],
            Self::Calls => &["application/dialog-info+xml"],
        }
    }

    /// How many answer at most when the request forks: of presence the first (RFC 3856, 6.9), of calls each of the
    /// person's telephones (RFC 4235, 3.9).
    pub(super) fn max_legs(self) -> usize {
        match self {
            Self::Presence => 1,
            Self::Calls => 8,
        }
    }
}

/// A subscription of one agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SubscriptionId(pub(super) u64);

/// What a request came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was granted.
    Granted {
        /// For how long, from now; not longer than was asked for.
        lifetime: Duration,
        /// Whether it waits for somebody's approval.
        is_pending: bool,
    },
    /// The server grants no lifetime that is so short (423).
    TooBrief {
        /// The shortest that it grants.
        at_least: Duration,
    },
    /// The name or the password is wrong, or the server asks for a way to sign in that we do not know.
    Unauthorized,
    /// The target is somewhere else (3xx).
    Moved {
        /// Where.
        to: String,
    },
    /// It was refused.
    Refused {
        /// The status code.
        status: u16,
        /// When the server wants to be asked again, if it says so.
        retry_after: Option<Duration>,
    },
    /// There was no answer.
    NoAnswer,
    /// The way to the server ended.
    Lost,
    /// It was not sent: the target is no SIP address, or there are too many subscriptions.
    NotSent,
}

impl Outcome {
    /// Whether the subscription is gone at the server, so that it can only be made anew (RFC 6665, 4.1.2.2; RFC 5057, 5.1).
    pub fn is_gone(&self) -> bool {
        matches!(self, Self::Refused { status: 404 | 405 | 410 | 416 | 480..=485 | 489 | 501 | 604, .. } | Self::Lost)
    }

    /// Of two answers to one question that went two ways.
    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Granted { lifetime, is_pending }, Self::Granted { lifetime: other, is_pending: also }) => {
                Self::Granted { lifetime: lifetime.min(other), is_pending: is_pending && also }
            }
            (granted @ Self::Granted { .. }, _) | (_, granted @ Self::Granted { .. }) => granted,
            (first, _) => first,
        }
    }
}

/// What the server tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// Something about a subscription. When more than one thing happened since the last notice about it, the last
    /// state and the last document are told.
    Told {
        /// Which.
        subscription: SubscriptionId,
        /// How it stands.
        standing: Standing,
        /// What came with it; `None` when it is only about the subscription itself.
        told: Option<Told>,
    },
    /// The way to the server ended, and every subscription with it. Nothing comes after it.
    Lost(SourceError),
}

/// How a subscription stands (RFC 6665, 4.1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It was granted.
    Active {
        /// For how long, from when it was told.
        expires: Option<Duration>,
    },
    /// It waits for somebody's approval.
    Pending {
        /// For how long it will be kept.
        expires: Option<Duration>,
    },
    /// It is over.
    Terminated {
        /// Why.
        reason: Reason,
        /// When the server wants to be asked again, if it says so.
        retry_after: Option<Duration>,
    },
}

/// Why a subscription is over (RFC 6665, 4.1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// It is to be made anew at once, perhaps elsewhere.
    Deactivated,
    /// It is to be made anew later.
    Probation,
    /// The person does not want it.
    Rejected,
    /// It was not refreshed in time.
    Timeout,
    /// Nobody approved it in time.
    GiveUp,
    /// There is nothing to subscribe to any more.
    NoResource,
    /// It will never change again.
    Invariant,
    /// It was granted, and nothing was told (Timer N).
    Silent,
    /// Something else, or not said.
    Other,
}

impl Reason {
    pub(super) fn parse(word: Option<&str>) -> Self {
        match word.unwrap_or_default().to_ascii_lowercase().as_str() {
            "deactivated" => Self::Deactivated,
            "probation" => Self::Probation,
            "rejected" => Self::Rejected,
            "timeout" => Self::Timeout,
            "giveup" => Self::GiveUp,
            "noresource" => Self::NoResource,
            "invariant" => Self::Invariant,
            _ => Self::Other,
        }
    }

    /// Whether asking again can help at all.
    pub fn may_ask_again(self) -> bool {
        !matches!(self, Self::Rejected | Self::NoResource | Self::Invariant)
    }
}

/// What is told of the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// Nothing is known of the person now.
    Nothing,
    /// A presence document.
    Presence(Box<Pidf>),
    /// The person's calls.
    Calls {
        /// Those that are not over.
        calls: Vec<Call>,
        /// Whether nothing is missing; else the subscription is to be refreshed.
        is_whole: bool,
    },
    /// Something that cannot be read.
    Unusable(Unusable),
}

/// Why a document cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unusable {
    /// It is too large.
    TooLarge,
    /// It is of another kind, or encoded.
    OtherKind,
    /// It is not what it says it is.
    Malformed,
}
