//! A synchronisation run, as it is recorded.

use serde::{Deserialize, Serialize};

use crate::contact::SyncedField;
use crate::id::{ContactId, RunId, SourceId};
use crate::invalid::Invalid;
use crate::timestamp::Timestamp;

/// What started a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// A request.
    Manual,
    /// The source's schedule.
    Schedule,
}

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// Reading, planning or applying.
    Running,
    /// Planned; a guard asks for approval before anything is applied.
    AwaitingApproval,
    /// Applied.
    Succeeded,
    /// Ended without applying anything more.
    Failed,
    /// Stopped by request, or refused instead of approved.
    Cancelled,
}

/// How many entries had which fate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Counts {
    /// Entries read.
    pub read: u64,
    /// Contacts created.
    pub created: u64,
    /// Manual contacts linked to their entry.
    pub linked: u64,
    /// Contacts changed.
    pub updated: u64,
    /// Contacts disabled.
    pub disabled: u64,
    /// Disabled contacts taken back into service.
    pub enabled: u64,
    /// Entries that changed nothing.
    pub unchanged: u64,
    /// Entries left out.
    pub set_aside: u64,
}

/// Why a run did not simply succeed; worded by whoever shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum RunProblem {
    /// The host name could not be resolved, or nothing listens there.
    Unreachable {
        /// The address tried.
        url: String,
        /// What the system said.
        detail: String,
    },
    /// The certificate was not accepted.
    CertificateRefused {
        /// The address tried.
        url: String,
        /// What is wrong with it.
        detail: String,
    },
    /// The directory refused the name or password.
    BindRefused {
        /// The DN used.
        bind_dn: String,
    },
    /// The directory refused the search.
    SearchRefused {
        /// LDAP result code.
        result: u32,
        /// What the directory said.
        detail: String,
    },
    /// The connection broke, or the time-out passed, before the source said that this was all.
    CutShort {
        /// Entries read until then.
        read: u64,
        /// What happened.
        detail: String,
    },
    /// The source answered, but with no entry at all.
    Empty,
    /// More contacts would be disabled than the source's threshold allows.
    TooManyRemovals {
        /// How many would be disabled.
        removals: u64,
        /// How many contacts the source has.
        known: u64,
        /// The threshold.
        threshold_percent: u8,
    },
    /// The file is missing, too large, or not of its format.
    FileRefused {
        /// The path.
        path: String,
        /// What is wrong.
        detail: String,
    },
    /// The source's secret cannot be opened and must be entered again.
    SecretUnreadable,
    /// The store changed since the plan was made.
    Stale,
    /// The gateway stopped while the run was going on.
    Interrupted,
    /// Something that is our fault; the log says more.
    Internal,
}

/// A run as it is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its public identity.
    pub id: RunId,
    /// The source that was read.
    pub source: SourceId,
    /// What started it.
    pub trigger: Trigger,
    /// Where it stands.
    pub state: RunState,
    /// How many entries had which fate.
    pub counts: Counts,
    /// Why it stopped or waits.
    pub problem: Option<RunProblem>,
    /// When it started.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

/// What a run does, or did, with one entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunAction {
    /// A contact is created.
    Create,
    /// A manual contact is linked to its entry.
    Link,
    /// A contact's fields change.
    Update,
    /// A contact is disabled.
    Disable,
    /// A contact that synchronisation disabled is taken back into service.
    Enable,
    /// The entry is left out.
    SetAside,
}

/// One field before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FieldChange {
    /// The field.
    pub field: SyncedField,
    /// Its value before.
    pub old: Option<String>,
    /// Its value after.
    pub new: Option<String>,
}

/// One line of a run's record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunEntry {
    /// Its place in the run, from 1.
    pub number: i64,
    /// What was done.
    pub action: RunAction,
    /// Where the entry is found: its DN, or file and line.
    pub locator: String,
    /// The contact concerned.
    pub contact: Option<ContactId>,
    /// What changed.
    pub changes: Vec<FieldChange>,
    /// Why it was left out.
    pub reason: Option<Invalid>,
}
