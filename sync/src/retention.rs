//! Lets ended runs go once they are old enough, a few rows at a time.

use std::sync::Arc;
use std::time::Duration;

use directory_model::audit::{Actor, Origin};
use directory_model::clock::Clock;
use directory_model::system::{Job, Jobs};
use directory_store::database::Database;
use directory_store::error::StoreResult;
use directory_store::sync_runs;
use tracing::{info, warn};

/// How often it is looked for old runs.
const INTERVAL: Duration = Duration::from_hours(1);
/// How many runs are looked up at once.
const RUNS: usize = 100;
/// How many lines of a record one transaction takes, so that others wait for a moment only.
const LINES: i64 = 2000;

/// Purges again and again, for ever.
pub async fn run(database: Database, clock: Arc<dyn Clock>, jobs: Arc<Jobs>) {
    let mut ticks = tokio::time::interval(INTERVAL);
    loop {
        ticks.tick().await;
        jobs.begin(Job::PurgeRuns, INTERVAL);
        let purged = purge(&database, &*clock).await;
        jobs.end(Job::PurgeRuns, purged.is_ok());
        match purged {
            Ok(0) => {}
            Ok(runs) => info!(runs, "old runs were purged"),
            Err(reason) => warn!(%reason, "old runs could not be purged"),
        }
    }
}

/// Removes every run that is older than its source keeps runs, and says how many these were.
pub async fn purge(database: &Database, clock: &dyn Clock) -> StoreResult<usize> {
    let mut purged = 0;
    loop {
        let now = clock.now();
        let old = database.read(move |conn| sync_runs::old(conn, now, RUNS)).await?;
        if old.is_empty() {
            return Ok(purged);
        }
        for run in old {
            let tenant = run.tenant;
            loop {
                let thinned = run.clone();
                if !database.write_unnumbered(move |conn| sync_runs::thin(conn, &thinned, LINES)).await? {
                    break;
                }
            }
            let origin = Origin { actor: Actor::System, request: None, at: now };
            database.write(tenant, origin, move |tx| sync_runs::remove(tx, &run)).await?;
            purged += 1;
        }
    }
}
