//! How what keeps outside presence alive is doing: for each source, and for each contact of it.

use serde::{Deserialize, Serialize};

use crate::id::ContactId;
use crate::page::Page;
use crate::run::RunProblem;
use crate::source::Aspect;
use crate::timestamp::Timestamp;

/// Where a contact's subscription at a source stands (features.md §3.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UpkeepState {
    /// It is being asked for.
    Subscribing,
    /// The source says what changes.
    Subscribed,
    /// The source is asked again and again.
    Polling,
    /// Something went wrong; it is tried again soon.
    WaitingToRetry,
    /// The source wants nothing of it; it is tried again at night.
    Failed,
}

/// Why a subscription waits or failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UpkeepReason {
    /// The source did not answer, or the connection broke.
    NoAnswer,
    /// The source had too much to do.
    Busy,
    /// What the source answered could not be understood.
    Unreadable,
    /// The source ended the subscription, or did not know it any more.
    Ended,
    /// The source does not know the person.
    NobodyThere,
    /// The source refuses to say anything about the person.
    Refused,
}

/// The subscription of one contact at a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Upkeep {
    /// Whom it is about.
    pub contact: ContactId,
    /// What of them.
    pub aspect: Aspect,
    /// Where it stands.
    pub state: UpkeepState,
    /// Since when.
    pub since: Timestamp,
    /// When something is done next.
    pub due_at: Timestamp,
    /// When the source was last heard about the contact.
    pub heard_at: Option<Timestamp>,
    /// When the subscription ends unless it is renewed.
    pub expires_at: Option<Timestamp>,
    /// Why it waits or failed.
    pub reason: Option<UpkeepReason>,
    /// Somebody looks at the contact now, so the source is asked more often.
    pub is_watched: bool,
}

/// How many contacts' subscriptions are in which state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct UpkeepCounts {
    /// Being asked for.
    pub subscribing: u64,
    /// The source says what changes.
    pub subscribed: u64,
    /// Asked again and again.
    pub polling: u64,
    /// Tried again soon.
    pub waiting_to_retry: u64,
    /// Tried again at night.
    pub failed: u64,
}

impl UpkeepCounts {
    /// The count of a state.
    pub fn of_mut(&mut self, state: UpkeepState) -> &mut u64 {
        match state {
            UpkeepState::Subscribing => &mut self.subscribing,
            UpkeepState::Subscribed => &mut self.subscribed,
            UpkeepState::Polling => &mut self.polling,
            UpkeepState::WaitingToRetry => &mut self.waiting_to_retry,
            UpkeepState::Failed => &mut self.failed,
        }
    }

    /// Adds those of another source.
    pub fn add(&mut self, other: Self) {
        self.subscribing += other.subscribing;
        self.subscribed += other.subscribed;
        self.polling += other.polling;
        self.waiting_to_retry += other.waiting_to_retry;
        self.failed += other.failed;
    }

    /// All of them together.
    pub fn total(&self) -> u64 {
        self.subscribing + self.subscribed + self.polling + self.waiting_to_retry + self.failed
    }
}

/// How one thing that a source says is kept alive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct AspectHealth {
    /// What.
    pub aspect: Aspect,
    /// The contacts, by state.
    pub counts: UpkeepCounts,
    /// What stands against the source as a whole now.
    pub problem: Option<RunProblem>,
    /// Since when the source has been asked.
    pub since: Timestamp,
    /// When it last answered.
    pub answered_at: Option<Timestamp>,
}

/// How presence of one source is kept alive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpkeepHealth {
    /// What the source is asked for; empty when for nothing.
    pub aspects: Vec<AspectHealth>,
    /// The contacts, by identity.
    pub contacts: Page<Upkeep>,
}
