//! What whoever runs the gateway may know of the store: kinds and counts over all tenants, nobody's names.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use directory_model::run::RunState;
use directory_model::system::{
    CopiesProblem, DatabaseCopy, DatabaseFacts, DatabaseKind, LeaseHolder, SourceCounts, SourceHealth, SourceKind,
    TenantCounts,
};
use directory_model::timestamp::Timestamp;

use crate::PLATFORM;
use crate::column::{Column, word};
use crate::connection::Connection;
use crate::database::Database;
use crate::error::{StoreError, StoreResult};
use crate::lease;
use crate::migrate::known_versions;
use crate::schema::tenants;
use crate::seal::SealingKey;
use crate::sources::standing_of_all;

/// What is known of the database without asking it about what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outside {
    copies: Result<Vec<DatabaseCopy>, CopiesProblem>,
    /// The room that its files take, where there are some.
    bytes: Option<u64>,
}

/// What of the store may be known to whoever runs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreFacts {
    /// The database itself.
    pub database: DatabaseFacts,
    /// The copies that lie beside it because they were made before it was migrated, newest first; or why they are not
    /// known.
    pub copies: Result<Vec<DatabaseCopy>, CopiesProblem>,
    /// Who serves it.
    pub lease: Option<LeaseHolder>,
    /// How many tenants there are.
    pub tenants: TenantCounts,
    /// How their sources are doing, by kind; kinds of which there are none are left out.
    pub sources: Vec<SourceCounts>,
}

/// What the store knows now.
pub fn facts(conn: &mut Connection, key: &SealingKey, outside: Outside) -> StoreResult<StoreFacts> {
    let Outside { copies, bytes } = outside;
    Ok(StoreFacts {
        database: database(conn, bytes)?,
        copies,
        lease: lease::holder(conn)?,
        tenants: count_tenants(conn)?,
        sources: count_sources(conn, key)?,
    })
}

#[derive(QueryableByName)]
struct About {
    #[diesel(sql_type = Text)]
    version: String,
    #[diesel(sql_type = Text)]
    schema_version: String,
    #[diesel(sql_type = BigInt)]
    bytes: i64,
}

fn database(conn: &mut Connection, bytes: Option<u64>) -> StoreResult<DatabaseFacts> {
    // Read here, and not by what migrates: that waits for whoever migrates.
    let schema = "(SELECT max(version) FROM __diesel_schema_migrations) AS schema_version";
    let (kind, query) = if conn.is_sqlite() {
        let pages = "pragma_page_count() AS pages, pragma_page_size() AS size";
        (
            DatabaseKind::Sqlite,
            format!("SELECT sqlite_version() AS version, {schema}, page_count * page_size AS bytes FROM {pages}"),
        )
    } else {
        let version = "split_part(current_setting('server_version'), ' ', 1) AS version";
        (DatabaseKind::Postgresql, format!("SELECT {version}, {schema}, pg_database_size(current_database()) AS bytes"))
    };
    let about: About = diesel::sql_query(query).get_result(conn)?;
    Ok(DatabaseFacts {
        kind,
        version: about.version,
        schema_version: about.schema_version,
        known_schema_version: known_versions(conn)?.pop().unwrap_or_default(),
        bytes: bytes.unwrap_or_else(|| u64::try_from(about.bytes).unwrap_or_default()),
    })
}

fn count_tenants(conn: &mut Connection) -> StoreResult<TenantCounts> {
    let theirs = || tenants::table.filter(tenants::public_id.ne(PLATFORM.to_string()));
    let total: i64 = theirs().count().get_result(conn)?;
    let switched_off: i64 = theirs().filter(tenants::is_disabled.eq(true)).count().get_result(conn)?;
    let count = |number: i64| u64::try_from(number).unwrap_or_default();
    Ok(TenantCounts { total: count(total), switched_off: count(switched_off) })
}

fn count_sources(conn: &mut Connection, key: &SealingKey) -> StoreResult<Vec<SourceCounts>> {
    let mut counts: BTreeMap<SourceKind, SourceCounts> = BTreeMap::new();
    let latest = latest_runs(conn)?;
    for standing in standing_of_all(conn, key)? {
        let latest = latest.get(&standing.row).copied();
        let kind = SourceKind::from(&standing.connection);
        let health = SourceHealth::of(standing.is_off, standing.secret, &standing.connection, latest);
        *counts.entry(kind).or_insert_with(|| SourceCounts::none(kind)).of_mut(health) += 1;
    }
    Ok(counts.into_values().collect())
}

#[derive(QueryableByName)]
struct Latest {
    #[diesel(sql_type = BigInt)]
    source_id: i64,
    #[diesel(sql_type = Nullable<Text>)]
    state: Option<String>,
}

/// How the latest run over all of each source ended, or that it waits; the index of a source's runs is read backwards.
fn latest_runs(conn: &mut Connection) -> StoreResult<HashMap<i64, RunState>> {
    let (running, cancelled) = (word(RunState::Running), word(RunState::Cancelled));
    let latest = format!(
        "SELECT r.state FROM sync_runs r WHERE r.source_id = sources.id AND r.contacts IS NULL AND r.undoes IS NULL \
         AND r.state NOT IN ('{running}', '{cancelled}') ORDER BY r.id DESC LIMIT 1"
    );
    let rows: Vec<Latest> =
        diesel::sql_query(format!("SELECT id AS source_id, ({latest}) AS state FROM sources")).load(conn)?;
    let known = rows.into_iter().filter_map(|Latest { source_id, state }| Some((source_id, state?)));
    known.map(|(source, state)| Ok((source, Column("sync_runs", "state").word(&state)?))).collect()
}

/// Looks at the database from outside. A folder that cannot be read says so and is no failure.
pub async fn outside(database: &Database) -> StoreResult<Outside> {
    let Some(file) = database.file() else {
        return Ok(Outside { copies: Ok(Vec::new()), bytes: None });
    };
    let looking = tokio::task::spawn_blocking(move || (copies_beside(&file), room_of(&file)));
    let (copies, bytes) = looking.await.map_err(|error| StoreError::Unavailable(error.to_string()))?;
    Ok(Outside { copies: copies.map_err(|_| CopiesProblem::Unreadable), bytes })
}

/// The room that a file of SQLite takes, with what has not been taken over from its write-ahead log yet.
fn room_of(file: &Path) -> Option<u64> {
    let mut log = file.as_os_str().to_owned();
    log.push("-wal");
    let of_log = std::fs::metadata(log).map_or(0, |about| about.len());
    std::fs::metadata(file).ok().map(|about| about.len() + of_log)
}

fn copies_beside(file: &Path) -> std::io::Result<Vec<DatabaseCopy>> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let (folder, name) = (folder.map_or_else(|| PathBuf::from("."), Path::to_path_buf), file.file_name());
    let Some(prefix) = name.and_then(|name| name.to_str()) else { return Ok(Vec::new()) };
    let mut copies = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let Some(version) = version_of(prefix, &entry.file_name().to_string_lossy()) else { continue };
        // It may have been removed since it was listed.
        let Ok(about) = entry.metadata() else { continue };
        let age = about.modified()?.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        let made_at = Timestamp::from_millis(i64::try_from(age.as_millis()).unwrap_or(i64::MAX));
        copies.push(DatabaseCopy { schema_version: version, bytes: about.len(), made_at });
    }
    copies.sort_by_key(|copy| std::cmp::Reverse(copy.made_at));
    Ok(copies)
}

/// The version in the name of a copy of the file `prefix`.
fn version_of(prefix: &str, name: &str) -> Option<String> {
    let version = name.strip_prefix(prefix)?.strip_prefix('.')?.strip_suffix(".bak")?;
    let is_version = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit());
    is_version.then(|| version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_cannot_be_read_has_no_list_and_a_database_its_log() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("switchboard.db");
        let gone = folder.path().join("gone").join("switchboard.db");
        for (name, bytes) in [("switchboard.db", 10), ("switchboard.db-wal", 5), ("switchboard.db.7.bak", 3)] {
            std::fs::write(folder.path().join(name), vec![0; bytes]).expect("a file");
        }

        let copies = copies_beside(&file).expect("copies");
        assert_eq!(
            copies.iter().map(|copy| (copy.schema_version.as_str(), copy.bytes)).collect::<Vec<_>>(),
            [("7", 3)]
        );
        assert_eq!((room_of(&file), room_of(&gone)), (Some(15), None));
        assert!(copies_beside(&gone).is_err());
    }

    #[test]
    fn only_copies_of_this_file_count() {
        for (name, version) in [
            ("switchboard.db.20261122000003.bak", Some("20261122000003")),
            ("switchboard.db.part.bak", None),
            ("switchboard.db..bak", None),
            ("switchboard.db.20261122000003.part", None),
            ("other.db.20261122000003.bak", None),
            ("switchboard.db", None),
        ] {
            assert_eq!(version_of("switchboard.db", name).as_deref(), version, "{name}");
        }
    }
}
