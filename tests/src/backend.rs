//! The same test on both databases.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use directory_model::audit::{Actor, Origin};
use directory_model::clock::{Clock, ManualClock};
use directory_model::id::{CountedIds, TenantId};
use directory_model::timestamp::Timestamp;
use directory_store::connection::Connection;
use directory_store::database::{Database, OpenOptions};
use directory_store::error::StoreResult;
use directory_store::tx::Tx;
use tokio::sync::OnceCell;

use crate::postgres::server;
use crate::process::scratch;

/// When the clock of a test stands at its beginning: 2026-11-22T09:30:00Z, a Sunday.
const START: i64 = 1_795_339_800_000;

/// Stamps a module with the tests `sqlite` and `postgres` from one body, which gets a migrated,
/// empty [`TestDatabase`]:
///
/// ```text
/// on_each_backend! {
///     async fn a_name_is_unique_in_its_tenant(db: TestDatabase) { … }
/// }
/// ```
#[macro_export]
macro_rules! on_each_backend {
    ($(async fn $name:ident($db:ident: TestDatabase) $body:block)+) => {$(
        mod $name {
            use super::*;

            async fn test($db: $crate::backend::TestDatabase) $body

            #[tokio::test]
            async fn sqlite() {
                test($crate::backend::TestDatabase::sqlite().await).await;
            }

            #[tokio::test]
            async fn postgres() {
                test($crate::backend::TestDatabase::postgres().await).await;
            }
        }
    )+};
}

/// A database of one test, with a clock that stands still and identities that count.
pub struct TestDatabase {
    /// The migrated, empty store.
    pub database: Database,
    /// The clock that [`TestDatabase::origin`] reads.
    pub clock: ManualClock,
    /// The identities that the store hands out.
    pub ids: Arc<CountedIds>,
    /// Where the database is.
    pub url: String,
    place: Place,
}

/// What is removed when the test is over.
enum Place {
    Folder(PathBuf),
    Postgres(String),
}

impl TestDatabase {
    /// A new SQLite file.
    pub async fn sqlite() -> Self {
        let made = Self::unmigrated_sqlite().await;
        made.database.migrate().await.expect("the migrations run");
        made
    }

    /// A new PostgreSQL database, copied from one that was migrated once.
    pub async fn postgres() -> Self {
        static TEMPLATE: OnceCell<String> = OnceCell::const_new();
        let template = TEMPLATE.get_or_init(|| async {
            let name = blocking(|| server().create()).await;
            let database = open(&server().url(&name), &Arc::default()).await;
            database.migrate().await.expect("the migrations run");
            name
        });
        let template = template.await;
        let name = blocking(|| server().create_from(template)).await;
        Self::at(server().url(&name), Place::Postgres(name)).await
    }

    /// A new SQLite file without any table.
    pub async fn unmigrated_sqlite() -> Self {
        let folder = new_folder();
        let url = format!("sqlite:{}", folder.join("switchboard.db").display());
        Self::at(url, Place::Folder(folder)).await
    }

    /// A new PostgreSQL database without any table.
    pub async fn unmigrated_postgres() -> Self {
        let name = blocking(|| server().create()).await;
        Self::at(server().url(&name), Place::Postgres(name)).await
    }

    async fn at(url: String, place: Place) -> Self {
        let ids = Arc::default();
        let clock = ManualClock::new(Timestamp::from_millis(START));
        Self { database: open(&url, &ids).await, clock, ids, url, place }
    }

    /// The system itself, acting now.
    pub fn origin(&self) -> Origin {
        Origin { actor: Actor::System, request: None, at: self.clock.now() }
    }

    /// Reads, and takes any failure for the test's.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> StoreResult<T> + Send + 'static,
    ) -> T {
        self.database.read(work).await.expect("the store reads")
    }

    /// Writes in the tenant's line, and takes any failure for the test's.
    pub async fn write<T: Send + 'static>(
        &self,
        tenant: TenantId,
        work: impl FnOnce(&mut Tx<'_>) -> StoreResult<T> + Send + 'static,
    ) -> T {
        self.try_write(tenant, work).await.expect("the store writes")
    }

    /// Writes in the tenant's line, which exists.
    pub async fn try_write<T: Send + 'static>(
        &self,
        tenant: TenantId,
        work: impl FnOnce(&mut Tx<'_>) -> StoreResult<T> + Send + 'static,
    ) -> StoreResult<T> {
        let written = self.database.write(tenant, self.origin(), work).await?;
        Ok(written.expect("the tenant exists"))
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        match &self.place {
            Place::Folder(folder) => remove_folder(folder),
            Place::Postgres(name) => server().remove(name),
        }
    }
}

/// A new folder of this test process; the watchdog removes it.
pub fn new_folder() -> PathBuf {
    static FOLDERS: AtomicU32 = AtomicU32::new(0);
    let folder = scratch().join(format!("folder-{}", FOLDERS.fetch_add(1, Ordering::Relaxed)));
    fs::create_dir(&folder).expect("a folder can be made");
    folder
}

fn remove_folder(folder: &Path) {
    // Left to the watchdog when a connection still writes its side files.
    let _ = fs::remove_dir_all(folder);
}

async fn open(url: &str, ids: &Arc<CountedIds>) -> Database {
    let ids = Arc::clone(ids);
    Database::open(&OpenOptions::new(url, ids)).await.expect("the database opens")
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.expect("the work does not panic")
}
