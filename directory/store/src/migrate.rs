//! The schema's version: running and reverting the embedded migrations.

use std::path::PathBuf;

use diesel::RunQueryDsl;
use diesel::migration::{Migration, MigrationSource, MigrationVersion};
use diesel::sql_types::{BigInt, Text};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::connection::{Backend, Connection};
use crate::database::Database;
use crate::error::{StoreError, StoreResult};
use crate::lane::{Opener, Purpose};
use crate::schema;

const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

/// Any number that no other program locks on this database.
const ADVISORY_LOCK: i64 = 0x5357_4254;

/// What running the migrations did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Migrated {
    /// The migrations that were run, in order.
    pub run: Vec<String>,
    /// The copy of the SQLite file that was made before.
    pub copy: Option<PathBuf>,
}

impl Database {
    /// Brings the schema to this program's version. A SQLite file that already holds data is copied
    /// first. Fails without touching anything when the schema is newer than this program.
    pub async fn migrate(&self) -> StoreResult<Migrated> {
        self.with_migration_connection(|conn, file| {
            refuse_newer(conn)?;
            let pending = pending(conn)?;
            if pending.is_empty() {
                return Ok(Migrated::default());
            }
            let copy = match (file, applied(conn)?.first()) {
                (Some(file), Some(version)) => Some(copy_file(conn, &file, version)?),
                _ => None,
            };
            bring_up(conn)?;
            Ok(Migrated { run: pending, copy })
        })
        .await
    }

    /// Takes the newest migration back and says its name; `None` when there is none to take back.
    pub async fn revert_last_migration(&self) -> StoreResult<Option<String>> {
        self.with_migration_connection(|conn, _| {
            refuse_newer(conn)?;
            let Some(newest) = applied(conn)?.into_iter().next() else { return Ok(None) };
            conn.revert_last_migration(source(conn)).map_err(|error| StoreError::Schema(error.to_string()))?;
            Ok(Some(newest))
        })
        .await
    }

    /// The version of the schema; `None` before the first migration.
    pub async fn schema_version(&self) -> StoreResult<Option<String>> {
        self.with_migration_connection(|conn, _| Ok(applied(conn)?.into_iter().next())).await
    }

    /// Fails unless the schema is exactly of this program's version.
    pub async fn check_schema(&self) -> StoreResult<()> {
        self.with_migration_connection(|conn, _| {
            refuse_newer(conn)?;
            match pending(conn)?.as_slice() {
                [] => schema::check(conn),
                missing => Err(StoreError::Schema(format!(
                    "the database lacks migrations that this program needs: {}",
                    missing.join(", ")
                ))),
            }
        })
        .await
    }

    async fn with_migration_connection<T, F>(&self, work: F) -> StoreResult<T>
    where
        F: FnOnce(&mut Connection, Option<PathBuf>) -> StoreResult<T> + Send + 'static,
        T: Send + 'static,
    {
        let target = self.target().clone();
        let file = self.file();
        let task = tokio::task::spawn_blocking(move || {
            let opener = Opener { target, purpose: Purpose::Migrate, statement_timeout: std::time::Duration::ZERO };
            let mut conn = opener.open().map_err(|error| StoreError::Unavailable(error.to_string()))?;
            if !conn.is_sqlite() {
                // Held until the connection closes: two starting gateways migrate one after the other.
                diesel::sql_query("SELECT pg_advisory_lock($1)").bind::<BigInt, _>(ADVISORY_LOCK).execute(&mut conn)?;
            }
            work(&mut conn, file)
        });
        task.await.unwrap_or_else(|error| Err(StoreError::Unavailable(error.to_string())))
    }
}

/// Runs the migrations that are missing.
pub(crate) fn bring_up(conn: &mut Connection) -> StoreResult<()> {
    conn.run_pending_migrations(source(conn)).map_err(|error| StoreError::Schema(error.to_string()))?;
    check_foreign_keys(conn)?;
    schema::check(conn)
}

/// The names of this program's migrations, oldest first.
pub fn known() -> StoreResult<Vec<String>> {
    names(&SQLITE)
}

fn names(source: &EmbeddedMigrations) -> StoreResult<Vec<String>> {
    let migrations: Vec<Box<dyn Migration<Backend>>> =
        source.migrations().map_err(|error| StoreError::Schema(error.to_string()))?;
    let mut names: Vec<String> = migrations.iter().map(|migration| migration.name().to_string()).collect();
    names.sort_unstable();
    Ok(names)
}

/// The versions that this program's migrations have in the database, oldest first.
pub(crate) fn known_versions(conn: &Connection) -> StoreResult<Vec<String>> {
    let migrations: Vec<Box<dyn Migration<Backend>>> =
        source(conn).migrations().map_err(|error| StoreError::Schema(error.to_string()))?;
    let mut versions: Vec<String> = migrations
        .iter()
        .map(|migration| MigrationVersion::as_owned(&migration.name().version()).to_string())
        .collect();
    versions.sort_unstable();
    Ok(versions)
}

fn source(conn: &Connection) -> EmbeddedMigrations {
    if conn.is_sqlite() { SQLITE } else { POSTGRES }
}

/// The versions that the database has, newest first.
pub(crate) fn applied(conn: &mut Connection) -> StoreResult<Vec<String>> {
    let versions = conn.applied_migrations().map_err(|error| StoreError::Schema(error.to_string()))?;
    Ok(versions.iter().map(ToString::to_string).collect())
}

/// The migrations that the database lacks, oldest first.
pub(crate) fn pending(conn: &mut Connection) -> StoreResult<Vec<String>> {
    let migrations = conn.pending_migrations(source(conn)).map_err(|error| StoreError::Schema(error.to_string()))?;
    Ok(migrations.iter().map(|migration| migration.name().to_string()).collect())
}

/// Fails when the database was migrated by a newer program: what this one would write could be
/// wrong there.
pub(crate) fn refuse_newer(conn: &mut Connection) -> StoreResult<()> {
    let known = known_versions(conn)?;
    match applied(conn)?.into_iter().find(|version| !known.contains(version)) {
        Some(version) => Err(StoreError::Schema(format!(
            "the database has schema version {version}, which is newer than this program; use a newer program"
        ))),
        None => Ok(()),
    }
}

/// Copies the file to `<file>.<version>.bak` beside it, replacing an older copy of that version.
fn copy_file(conn: &mut Connection, file: &std::path::Path, version: &str) -> StoreResult<PathBuf> {
    let beside = |ending: &str| {
        let mut name = file.as_os_str().to_owned();
        name.push(format!(".{version}.{ending}"));
        PathBuf::from(name)
    };
    let (part, copy) = (beside("part"), beside("bak"));
    let failed = |error: std::io::Error| StoreError::Unavailable(format!("`{}`: {error}", copy.display()));
    if part.exists() {
        std::fs::remove_file(&part).map_err(failed)?;
    }
    diesel::sql_query("VACUUM INTO ?").bind::<Text, _>(part.to_string_lossy().into_owned()).execute(conn)?;
    std::fs::rename(&part, &copy).map_err(failed)?;
    Ok(copy)
}

/// Fails when SQLite holds rows that refer to missing ones: it does not check while migrations run.
pub(crate) fn check_foreign_keys(conn: &mut Connection) -> StoreResult<()> {
    #[derive(diesel::QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        broken: i64,
    }
    if !conn.is_sqlite() {
        return Ok(());
    }
    let count: Count = diesel::sql_query("SELECT count(*) AS broken FROM pragma_foreign_key_check").get_result(conn)?;
    match count.broken {
        0 => Ok(()),
        broken => Err(StoreError::Schema(format!("{broken} rows refer to missing rows"))),
    }
}
