//! The right to be the one gateway of a database.
//!
//! A lease row with a fencing number holds on both databases. Beside an SQLite file there is also a
//! locked file, which the system gives back when a process dies: after a crash nobody waits, and
//! commands that need the database for themselves see at once that a gateway runs.

use std::fs::{File, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use directory_model::clock::{Clock, SystemClock};
use directory_model::timestamp::Timestamp;
use directory_store::database::Database;
use directory_store::lease::{self, Lease};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::failure::Failure;
use crate::open;
use crate::settings::Settings;

/// How long the lease holds without renewal.
const TTL: Duration = Duration::from_secs(15);

/// How often it is renewed, and how often a newcomer looks whether it was.
const RENEWAL: Duration = Duration::from_secs(4);

/// A locked file. It is unlocked when dropped, also by a crash.
#[derive(Debug)]
pub(crate) struct FileLock {
    _file: File,
}

/// Locks the file beside `database`; fails when somebody else has it.
pub(crate) fn lock_beside(database: &Path) -> Result<FileLock, Failure> {
    let mut name = database.as_os_str().to_owned();
    name.push(".lock");
    let failed = |reason| Failure::File { path: name.clone().into(), reason };
    let mut options = File::options();
    let mut file = options.read(true).write(true).create(true).truncate(false).open(&name).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut by = String::new();
            // Who it is only helps; that there is somebody is known already.
            let _ = file.read_to_string(&mut by);
            return Err(Failure::Served { by: by.trim().to_owned() });
        }
        Err(TryLockError::Error(reason)) => return Err(failed(reason)),
    }
    file.set_len(0).and_then(|()| file.rewind()).and_then(|()| file.write_all(me().as_bytes())).map_err(failed)?;
    Ok(FileLock { _file: file })
}

/// Does `work` while no gateway may serve `database`, which is the configured one: under the lock
/// beside its file, or under its lease.
pub(crate) async fn alone<T>(
    settings: &Settings,
    database: &Database,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    if let Some(file) = open::database_file(settings) {
        let _lock = lock_beside(&file)?;
        return work.await;
    }
    // Without a schema there is no lease, and nobody who could serve.
    if database.schema_version().await?.is_none() {
        return work.await;
    }
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let held = Held::take(database, &clock, None, CancellationToken::new()).await?;
    let done = work.await;
    held.release().await;
    done
}

/// The lease, renewed until it is given up.
pub(crate) struct Held {
    database: Database,
    fence: i64,
    renewing: JoinHandle<()>,
}

impl Held {
    /// Takes the lease, for which `lock` proves that an earlier holder is gone. Without a lock a
    /// lease that is not renewed is waited for, and one that is renewed is somebody's.
    pub(crate) async fn take(
        database: &Database,
        clock: &Arc<dyn Clock>,
        lock: Option<&FileLock>,
        lost: CancellationToken,
    ) -> Result<Self, Failure> {
        let mut seen: Option<Timestamp> = None;
        loop {
            let now = clock.now();
            let asked_at = if lock.is_some() { seen.unwrap_or(now).max(now) } else { now };
            match database.write_unnumbered(move |conn| lease::acquire(conn, &me(), asked_at, TTL)).await? {
                Lease::Ours { fence } => return Ok(Self::hold(database.clone(), Arc::clone(clock), fence, lost)),
                Lease::Taken { until, by } if lock.is_none() && seen.is_some_and(|seen| seen != until) => {
                    return Err(Failure::Served { by });
                }
                Lease::Taken { until, .. } => seen = Some(until),
            }
            if lock.is_none() {
                tracing::info!("waiting for the lease of a gateway that may have died");
                tokio::time::sleep(RENEWAL + Duration::from_secs(1)).await;
            }
        }
    }

    fn hold(database: Database, clock: Arc<dyn Clock>, fence: i64, lost: CancellationToken) -> Self {
        let renewing = tokio::spawn(renew(database.clone(), clock, fence, lost));
        Self { database, fence, renewing }
    }

    /// The database, written to only as long as the lease is ours.
    pub(crate) fn database(&self) -> Database {
        self.database.fenced(self.fence)
    }

    /// The number under which it is held.
    pub(crate) fn fence(&self) -> i64 {
        self.fence
    }

    /// Gives the lease up, so that the next gateway need not wait.
    pub(crate) async fn release(self) {
        self.renewing.abort();
        let fence = self.fence;
        if let Err(error) = self.database.write_unnumbered(move |conn| lease::release(conn, fence)).await {
            tracing::warn!(%error, "the lease could not be given up and will run out");
        }
    }
}

/// Renews the lease until somebody else has it, or nobody could be asked for as long as it holds.
async fn renew(database: Database, clock: Arc<dyn Clock>, fence: i64, lost: CancellationToken) {
    let mut held_until = clock.now().plus(TTL);
    loop {
        tokio::time::sleep(RENEWAL).await;
        let now = clock.now();
        match database.write_unnumbered(move |conn| lease::renew(conn, fence, now, TTL)).await {
            Ok(true) => held_until = now.plus(TTL),
            Ok(false) => break tracing::error!("another gateway has taken this database over"),
            Err(error) if clock.now() >= held_until => break tracing::error!(%error, "the lease ran out"),
            Err(error) => tracing::warn!(%error, "the lease could not be renewed"),
        }
    }
    lost.cancel();
}

/// How this process calls itself.
fn me() -> String {
    format!("process {}", std::process::id())
}
