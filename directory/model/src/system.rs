//! How the gateway itself is doing, for whoever runs it: numbers and kinds, nothing of what is in tenants.

mod checks;
mod jobs;

use serde::{Deserialize, Serialize};

pub use self::checks::{Check, CheckName, CheckState, Facts, checks};
pub use self::jobs::{Job, JobHealth, JobOutcome, Jobs};
use crate::run::RunState;
use crate::source::{Connection, SecretState};
use crate::timestamp::Timestamp;
use crate::upkeep::UpkeepCounts;

/// Where everything is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DatabaseKind {
    /// A file of `SQLite`.
    Sqlite,
    /// A `PostgreSQL` database.
    Postgresql,
}

/// What the database says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct DatabaseFacts {
    /// Which database it is.
    pub kind: DatabaseKind,
    /// The version of its program or library.
    pub version: String,
    /// The newest migration that it has.
    pub schema_version: String,
    /// The newest migration that this gateway knows.
    pub known_schema_version: String,
    /// How much room it takes, in bytes; of `SQLite` its write-ahead log is a part.
    pub bytes: u64,
}

/// Who has the right to serve the database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct LeaseHolder {
    /// Who, as it calls itself.
    pub holder: String,
    /// Grows with each holder.
    pub fence: i64,
    /// Until when, unless renewed.
    pub until: Timestamp,
}

/// A copy that was made of the database before it was migrated; it lies beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct DatabaseCopy {
    /// The newest migration in it.
    pub schema_version: String,
    /// Its size, in bytes.
    pub bytes: u64,
    /// When it was made.
    pub made_at: Timestamp,
}

/// Why the copies of the database are not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CopiesProblem {
    /// The folder in which they lie cannot be read.
    Unreadable,
}

/// How many tenants there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct TenantCounts {
    /// All of them.
    pub total: u64,
    /// Those that are switched off.
    pub switched_off: u64,
}

/// The kind of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// An LDAP directory.
    Ldap,
    /// A file.
    File,
    /// An Exchange Server.
    Exchange,
    /// A Microsoft Entra tenant.
    Graph,
    /// A Lync or Skype for Business server.
    Ucwa,
    /// A SIP server.
    Sip,
}

impl From<&Connection> for SourceKind {
    fn from(connection: &Connection) -> Self {
        match connection {
            Connection::Ldap(_) => Self::Ldap,
            Connection::File(_) => Self::File,
            Connection::Exchange(_) => Self::Exchange,
            Connection::Graph(_) => Self::Graph,
            Connection::Ucwa(_) => Self::Ucwa,
            Connection::Sip(_) => Self::Sip,
        }
    }
}

/// How a source is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceHealth {
    /// It, or its tenant, is switched off.
    SwitchedOff,
    /// Its secret cannot be opened, because the key changed or was lost.
    SecretLost,
    /// It says only how available people are.
    PresenceOnly,
    /// No run of it has come to an end.
    NeverRan,
    /// A plan waits for approval.
    AwaitingApproval,
    /// The latest run failed.
    Failed,
    /// The latest run succeeded.
    Fine,
}

impl SourceHealth {
    /// How a source is doing of which `latest` is how its latest run ended or that it waits; runs that go on or
    /// were cancelled say nothing.
    pub fn of(is_off: bool, secret: SecretState, connection: &Connection, latest: Option<RunState>) -> Self {
        if is_off {
            return Self::SwitchedOff;
        }
        if secret == SecretState::EnterAgain {
            return Self::SecretLost;
        }
        if !connection.has_entries() {
            return Self::PresenceOnly;
        }
        match latest {
            None | Some(RunState::Running | RunState::Cancelled) => Self::NeverRan,
            Some(RunState::AwaitingApproval) => Self::AwaitingApproval,
            Some(RunState::Failed) => Self::Failed,
            Some(RunState::Succeeded) => Self::Fine,
        }
    }
}

/// How many sources of a kind, over all tenants, are doing how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct SourceCounts {
    /// The kind.
    pub kind: SourceKind,
    /// The latest run succeeded.
    pub fine: u64,
    /// The latest run failed.
    pub failed: u64,
    /// A plan waits for approval.
    pub awaiting_approval: u64,
    /// No run has come to an end.
    pub never_ran: u64,
    /// They say only how available people are.
    pub presence_only: u64,
    /// Their secret must be entered again.
    pub secret_lost: u64,
    /// They, or their tenant, are switched off.
    pub switched_off: u64,
}

impl SourceCounts {
    /// None of this kind.
    pub fn none(kind: SourceKind) -> Self {
        let (fine, failed, awaiting_approval, never_ran) = (0, 0, 0, 0);
        let (presence_only, secret_lost, switched_off) = (0, 0, 0);
        Self { kind, fine, failed, awaiting_approval, never_ran, presence_only, secret_lost, switched_off }
    }

    /// The count of those that are doing so.
    pub fn of_mut(&mut self, health: SourceHealth) -> &mut u64 {
        match health {
            SourceHealth::SwitchedOff => &mut self.switched_off,
            SourceHealth::SecretLost => &mut self.secret_lost,
            SourceHealth::PresenceOnly => &mut self.presence_only,
            SourceHealth::NeverRan => &mut self.never_ran,
            SourceHealth::AwaitingApproval => &mut self.awaiting_approval,
            SourceHealth::Failed => &mut self.failed,
            SourceHealth::Fine => &mut self.fine,
        }
    }
}

/// How presence of sources is kept alive, over all tenants.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct UpkeepTotals {
    /// How many sources are asked, be it about presence, calendars or both.
    pub asked: u64,
    /// Those of them against which something stands as a whole, in one of these.
    pub with_problem: u64,
    /// Contacts' subscriptions, by state.
    pub counts: UpkeepCounts,
}

/// What connections are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// Connections of any kind, those of visitors included.
    Http,
    /// Visitors who look on at a publication.
    Visitors,
    /// Who looks on at presence in the portal or with a program.
    Presence,
    /// Who follows a run or reads a report.
    Runs,
    /// Clients at their sockets; how many there may be is up to licences.
    Clients,
}

/// How many connections are open, and may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Occupancy {
    /// What they are for.
    pub line: Line,
    /// How many are open now.
    pub open: u64,
    /// How many there may be; null when nothing of the gateway's own limits them.
    pub most: Option<u64>,
}

impl Occupancy {
    /// Whether nine in ten are taken.
    pub fn is_nearly_full(&self) -> bool {
        self.most.is_some_and(|most| self.open.saturating_mul(10) >= most.saturating_mul(9))
    }
}

#[cfg(test)]
mod tests;
