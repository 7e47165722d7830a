//! What the gateway does again and again, and how that went.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clock::Clock;
use crate::timestamp::Timestamp;

/// A job may be late by its own interval and this much more before somebody should know.
const SLACK: Duration = Duration::from_mins(2);

/// Something that the gateway does again and again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Job {
    /// Runs of sources are started whose time has come.
    StartRuns,
    /// Messages are sent to people and programs.
    SendAlerts,
    /// Users' call settings follow their profiles and meetings.
    FollowProfiles,
    /// What is known of presence is written down.
    PersistClaims,
    /// Sessions, links, tokens, removed contacts and notes that have expired are thrown away.
    PurgeExpired,
    /// What visitors left is forgotten after its days.
    ForgetEnquiries,
    /// Pictures that nobody shows any more are thrown away.
    SweepPictures,
    /// Runs that are old enough are forgotten.
    PurgeRuns,
    /// The certificate's files are looked at.
    ReloadCertificate,
}

/// How a turn of a job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobOutcome {
    /// It came to its end. What it was about, such as a run or a message, says itself how it went.
    Succeeded,
    /// Something could not be done; the log says what.
    Failed,
}

/// How a job goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct JobHealth {
    /// Which.
    pub job: Job,
    /// How often it is done, in seconds.
    pub every_seconds: u64,
    /// It is being done now.
    pub is_going_on: bool,
    /// When it was last begun.
    pub began_at: Option<Timestamp>,
    /// When it last ended.
    pub ended_at: Option<Timestamp>,
    /// How it ended then.
    pub outcome: Option<JobOutcome>,
    /// When it last came to its end.
    pub succeeded_at: Option<Timestamp>,
    /// When it is done next.
    pub next_at: Timestamp,
    /// It should have been done again long ago: it hangs, or nobody does it any more.
    pub is_overdue: bool,
}

impl JobHealth {
    fn expected(job: Job, every: Duration, next_at: Timestamp) -> Self {
        let (began_at, ended_at, outcome, succeeded_at) = (None, None, None, None);
        let (every_seconds, is_going_on, is_overdue) = (every.as_secs(), false, false);
        Self { job, every_seconds, is_going_on, began_at, ended_at, outcome, succeeded_at, next_at, is_overdue }
    }

    fn begun(&mut self, now: Timestamp) {
        self.is_going_on = true;
        self.began_at = Some(now);
        self.next_at = now.plus(Duration::from_secs(self.every_seconds));
    }

    fn ended(&mut self, now: Timestamp, outcome: JobOutcome) {
        self.is_going_on = false;
        self.ended_at = Some(now);
        self.outcome = Some(outcome);
        if outcome == JobOutcome::Succeeded {
            self.succeeded_at = Some(now);
        }
    }

    fn at(mut self, now: Timestamp) -> Self {
        self.is_overdue = now > self.next_at.plus(Duration::from_secs(self.every_seconds)).plus(SLACK);
        self
    }
}

/// Remembers how each job goes, in memory: since the gateway was started.
pub struct Jobs {
    clock: Arc<dyn Clock>,
    known: Mutex<BTreeMap<Job, JobHealth>>,
}

impl Jobs {
    /// Knows no job yet.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, known: Mutex::default() }
    }

    /// `job` will be done every so often, for the first time after that.
    pub fn expect(&self, job: Job, every: Duration) {
        let next_at = self.clock.now().plus(every);
        self.lock().entry(job).or_insert_with(|| JobHealth::expected(job, every, next_at));
    }

    /// `job`, which is done every so often, begins.
    pub fn begin(&self, job: Job, every: Duration) {
        let now = self.clock.now();
        self.lock().entry(job).or_insert_with(|| JobHealth::expected(job, every, now)).begun(now);
    }

    /// `job` ended; whether all of it could be done.
    pub fn end(&self, job: Job, is_done: bool) {
        let now = self.clock.now();
        let outcome = if is_done { JobOutcome::Succeeded } else { JobOutcome::Failed };
        if let Some(known) = self.lock().get_mut(&job) {
            known.ended(now, outcome);
        }
    }

    /// How every job goes now.
    pub fn health(&self) -> Vec<JobHealth> {
        let now = self.clock.now();
        self.lock().values().map(|known| known.clone().at(now)).collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Job, JobHealth>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Jobs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Jobs").field("known", &self.known).finish_non_exhaustive()
    }
}
