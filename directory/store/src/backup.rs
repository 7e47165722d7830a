//! Backups: one SQLite file with everything in it, whichever database it was made from. The key
//! that secrets are sealed with is not in it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::connection::Connection;
use crate::copy::{Copied, blocking, copy_all, open};
use crate::database::{Database, keep_private};
use crate::error::{StoreError, StoreResult};
use crate::lane::{Purpose, Target};
use crate::migrate::{applied, bring_up, pending, refuse_newer};

/// A backup that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// The version of the schema in it.
    pub schema_version: String,
    /// The size of the file.
    pub bytes: u64,
}

/// Writes everything, as of one moment, into a new file at `path`. The database may be in use.
/// Fails when there is such a file already.
pub async fn backup(database: &Database, path: &Path) -> StoreResult<Backup> {
    database.check_schema().await?;
    let (target, path) = (database.target().clone(), path.to_owned());
    blocking(move || {
        if path.exists() {
            return Err(StoreError::Unavailable(format!("`{}` exists already", path.display())));
        }
        let part = Scratch::beside(&path, "part")?;
        match target {
            Target::Sqlite(_) => vacuum_into(&mut open(&target, Purpose::Read)?, &part.0)?,
            Target::Postgres(_) => dump(&target, &part.0)?,
        }
        let schema_version = check(&part.0)?;
        keep(&part.0, &path).map_err(|error| failed(&path, &error))?;
        let bytes = fs::metadata(&path).map_err(|error| failed(&path, &error))?.len();
        Ok(Backup { schema_version, bytes })
    })
    .await
}

/// Reads the backup at `path` into `database`, which gets its schema first and must hold nothing
/// else. Keeps all or nothing. A backup of an older version is brought up to date on the way; one
/// of a newer version is refused.
pub async fn restore(path: &Path, database: &Database) -> StoreResult<Copied> {
    let file = path.to_owned();
    let is_old = blocking(move || {
        let mut backup = open_backup(&file)?;
        refuse_newer(&mut backup)?;
        Ok(!pending(&mut backup)?.is_empty())
    });
    let is_old = is_old.await?;
    database.migrate().await?;
    let (target, path) = (database.target().clone(), path.to_owned());
    blocking(move || {
        let mut backup = open_backup(&path)?;
        let mut target = open(&target, Purpose::Migrate)?;
        if !is_old {
            return copy_all(&mut backup, &mut target);
        }
        let work = Scratch::beside(&path, "migrating")?;
        vacuum_into(&mut backup, &work.0)?;
        let mut backup = open(&sqlite(&work.0), Purpose::Migrate)?;
        bring_up(&mut backup)?;
        copy_all(&mut backup, &mut target)
    })
    .await
}

/// A file that is removed, with SQLite's side files, unless it was renamed before.
struct Scratch(PathBuf);

impl Scratch {
    /// An empty file called `<path>.<ending>`, readable by its owner only.
    fn beside(path: &Path, ending: &str) -> StoreResult<Self> {
        let scratch = Self(with_ending(path, ending));
        scratch.remove();
        keep_private(&scratch.0)?;
        Ok(scratch)
    }

    fn remove(&self) {
        for ending in ["", "-wal", "-shm", "-journal"] {
            let mut name = self.0.as_os_str().to_owned();
            name.push(ending);
            match fs::remove_file(&name) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    tracing::warn!(file = %Path::new(&name).display(), %error, "a temporary file stays");
                }
                _ => {}
            }
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        self.remove();
    }
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{ending}"));
    PathBuf::from(name)
}

fn sqlite(path: &Path) -> Target {
    Target::Sqlite(path.to_string_lossy().into_owned())
}

/// SQLite's own copy, of one moment; `path` is missing or an empty file.
fn vacuum_into(conn: &mut Connection, path: &Path) -> StoreResult<()> {
    // A connection that may only query may not even write elsewhere.
    conn.batch_execute("PRAGMA query_only = OFF")?;
    diesel::sql_query("VACUUM INTO ?").bind::<Text, _>(path.to_string_lossy().into_owned()).execute(conn)?;
    Ok(())
}

/// Copies PostgreSQL's rows into a SQLite file.
fn dump(from: &Target, path: &Path) -> StoreResult<()> {
    let mut file = open(&sqlite(path), Purpose::Migrate)?;
    bring_up(&mut file)?;
    copy_all(&mut open(from, Purpose::Read)?, &mut file)?;
    // One file without side files.
    file.batch_execute("PRAGMA journal_mode = DELETE")?;
    Ok(())
}

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Text)]
    answer: String,
}

/// Reads the whole file and says its schema version. Fails when anything in it is damaged.
fn check(path: &Path) -> StoreResult<String> {
    let mut conn = open(&sqlite(path), Purpose::Read)?;
    let query = "SELECT integrity_check AS answer FROM pragma_integrity_check";
    let found: Answer = diesel::sql_query(query).get_result(&mut conn)?;
    if found.answer != "ok" {
        return Err(StoreError::Schema(format!("`{}` is damaged: {}", path.display(), found.answer)));
    }
    applied(&mut conn)?.into_iter().next().ok_or_else(|| no_backup(path))
}

/// Opens a backup without changing it.
fn open_backup(path: &Path) -> StoreResult<Connection> {
    // SQLite would make a missing file.
    fs::metadata(path).map_err(|error| failed(path, &error))?;
    let mut conn = open(&sqlite(path), Purpose::Read).map_err(|_| no_backup(path))?;
    let query = "SELECT name AS answer FROM sqlite_master WHERE name = '__diesel_schema_migrations'";
    let found: Result<Option<Answer>, _> = diesel::sql_query(query).get_result(&mut conn).optional();
    match found {
        Ok(Some(_)) => Ok(conn),
        _ => Err(no_backup(path)),
    }
}

fn no_backup(path: &Path) -> StoreError {
    StoreError::Schema(format!("`{}` is not a backup of this program", path.display()))
}

fn failed(path: &Path, error: &std::io::Error) -> StoreError {
    StoreError::Unavailable(format!("`{}`: {error}", path.display()))
}

/// Gives the finished file its name, so that it survives a power cut from then on.
fn keep(part: &Path, path: &Path) -> std::io::Result<()> {
    File::open(part)?.sync_all()?;
    fs::rename(part, path)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}
