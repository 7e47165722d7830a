//! What keeps outside presence alive: when each contact's subscription at a source is asked for, renewed,
//! polled, or made anew. Pure: moments and chance are given, requests are handed out, answers are told.
//!
//! [`subscription`] is one contact at one source, [`keeper`] all contacts at one source, in the order in
//! which they are due and at a pace that bursts nowhere ([`pace`]). `crate::watch` carries it out.

pub mod keeper;
pub mod pace;
pub mod subscription;
#[cfg(test)]
mod tests;

use std::time::Duration;

use directory_model::timestamp::Timestamp;

/// How a source is asked.
#[derive(Debug, Clone)]
pub struct Terms {
    /// The source is asked again and again, instead of saying what changes.
    pub is_polled: bool,
    /// One request subscribes to as many as it may be about, so they are asked for together, by night as well.
    pub is_grouped: bool,
    /// How often somebody is asked about at whom somebody looks now.
    pub fast: Duration,
    /// How often others are asked about.
    pub slow: Duration,
    /// How many contacts one request may be about.
    pub at_once: usize,
    /// How many requests a second are sent that are no renewals.
    pub requests_per_second: f64,
    /// How long an answer may take before it counts as lost.
    pub answer_within: Duration,
    /// After how long without a word from the source a subscription is compared with what a poll says.
    pub stale_after: Duration,
}

/// What is asked of a source about one contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Act {
    /// To say from now on what changes; in place of whatever subscription there was.
    Subscribe,
    /// To go on saying it.
    Renew,
    /// How it is now.
    Poll,
    /// To say nothing any more. No answer is waited for.
    Unsubscribe,
}

/// Names a request, so that an answer that comes too late is known as such.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u32);

/// What a request led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The subscription holds for so long, which may be shorter or longer than was asked for.
    Granted {
        /// From now on.
        lifetime: Duration,
    },
    /// The poll was answered; nothing speaks against a subscription that there is.
    Polled,
    /// The poll was answered, and otherwise than the subscription said: it has stopped to work.
    Differs,
    /// It was refused.
    Refused {
        /// In which way.
        refusal: Refusal,
        /// How long the source wants to be left alone, if it says so.
        retry_after: Option<Duration>,
    },
    /// There was no answer, or the connection broke.
    Lost,
    /// The source as a whole does not answer; it is not asked again before then.
    Held {
        /// Until when.
        until: Timestamp,
        /// Whether it had too much to do.
        is_busy: bool,
    },
}

/// How a request was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The source does not know the subscription, or the person (404, 410, 481).
    NotKnown,
    /// There are too many subscriptions: only polls are answered.
    Limited,
    /// Nothing is said about the person.
    Rejected,
    /// The source has too much to do.
    Busy,
    /// The answer could not be understood.
    Unreadable,
}

/// What the source says by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// How the contact is.
    Heard,
    /// The subscription should be made anew, somewhere else perhaps.
    Resubscribe,
    /// The subscription has ended (RFC 6665, 4.1.3).
    Terminated {
        /// Why.
        reason: Termination,
        /// How long the source wants to be left alone, if it says so.
        retry_after: Option<Duration>,
    },
    /// The connection broke that the subscription came over.
    Lost,
}

/// Why a source ended a subscription (RFC 6665, 4.1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Termination {
    /// It may be made anew at once, perhaps at another place.
    Deactivated,
    /// It may be made anew later.
    Probation,
    /// The policy has changed: it is not wanted any more.
    Rejected,
    /// It was not renewed in time.
    Timeout,
    /// Nobody allowed it in time.
    GiveUp,
    /// There is nobody of that name.
    NoResource,
    /// What it says never changes.
    Invariant,
    /// For another reason, or none.
    Other,
}

/// A moment, with the chance that belongs to it.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    /// Now.
    pub now: Timestamp,
    /// When the next nightly resubscription of the one that is asked falls due.
    pub night: Timestamp,
    /// From 0 to 1.
    pub random: f64,
}

/// Chance that is the same whenever the seed is.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// A sequence that begins at `seed`.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number from 0 to 1 (`SplitMix64`, of which the upper 53 bits count).
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    pub fn roll(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        (mixed >> 11) as f64 / (1_u64 << 53) as f64
    }
}
