//! What whoever runs the gateway should look at.

use serde::{Deserialize, Serialize};

use super::{CopiesProblem, DatabaseFacts, JobHealth, JobOutcome, LeaseHolder, Occupancy, SourceCounts, UpkeepTotals};
use crate::timestamp::Timestamp;

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckName {
    /// The database has exactly the schema that this gateway knows.
    Schema,
    /// The right to serve the database is this gateway's.
    Lease,
    /// Every job is done in time and to its end.
    Jobs,
    /// The secrets of sources can be opened.
    Secrets,
    /// Of several sources that are asked about presence one answers at least: a single one is its tenant's to see to.
    Presence,
    /// There is room for connections.
    Connections,
    /// The copies that were made before migrations can be listed.
    Copies,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckState {
    /// Nothing has to be done.
    Fine,
    /// Somebody should look.
    Attention,
    /// Something does not work.
    Broken,
}

/// One thing that was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Check {
    /// What.
    pub name: CheckName,
    /// What came of it.
    pub state: CheckState,
}

/// What is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The database.
    pub database: &'a DatabaseFacts,
    /// Who serves it.
    pub lease: Option<&'a LeaseHolder>,
    /// Under which number this gateway serves it.
    pub fence: i64,
    /// The jobs.
    pub jobs: &'a [JobHealth],
    /// The sources.
    pub sources: &'a [SourceCounts],
    /// What is asked of them.
    pub upkeep: &'a UpkeepTotals,
    /// The connections.
    pub connections: &'a [Occupancy],
    /// Why the copies are not known.
    pub copies_problem: Option<CopiesProblem>,
}

/// Looks at everything, at `now`.
pub fn checks(facts: Facts<'_>, now: Timestamp) -> Vec<Check> {
    let broken_unless = |is_fine: bool| if is_fine { CheckState::Fine } else { CheckState::Broken };
    let look_if = |is_odd: bool| if is_odd { CheckState::Attention } else { CheckState::Fine };
    let is_ours = facts.lease.is_some_and(|lease| lease.fence == facts.fence && lease.until > now);
    [
        (CheckName::Schema, broken_unless(facts.database.schema_version == facts.database.known_schema_version)),
        (CheckName::Lease, broken_unless(is_ours)),
        (CheckName::Jobs, of_jobs(facts.jobs)),
        (CheckName::Secrets, look_if(facts.sources.iter().any(|counts| counts.secret_lost > 0))),
        (CheckName::Presence, look_if(is_cut_off(facts.upkeep))),
        (CheckName::Connections, look_if(facts.connections.iter().any(Occupancy::is_nearly_full))),
        (CheckName::Copies, look_if(facts.copies_problem.is_some())),
    ]
    .map(|(name, state)| Check { name, state })
    .to_vec()
}

/// Whether none of several sources answers, which is hardly each tenant's own fault.
fn is_cut_off(upkeep: &UpkeepTotals) -> bool {
    upkeep.asked > 1 && upkeep.with_problem == upkeep.asked
}

/// A job that is not done any more is broken; one that failed is tried again.
fn of_jobs(jobs: &[JobHealth]) -> CheckState {
    if jobs.iter().any(|job| job.is_overdue) {
        return CheckState::Broken;
    }
    let has_failed = jobs.iter().any(|job| job.outcome == Some(JobOutcome::Failed));
    if has_failed { CheckState::Attention } else { CheckState::Fine }
}
