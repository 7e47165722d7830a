//! The commands about the database as a whole: migrate, backup, restore, copy-store.

use std::path::PathBuf;

use clap::Args;
use directory_model::secret::Secret;
use directory_store::copy::Copied;
use directory_store::{backup, copy};

use crate::cli::print;
use crate::failure::Failure;
use crate::hold::alone;
use crate::open;
use crate::settings::Settings;

/// Where a backup goes.
#[derive(Debug, Args)]
pub(crate) struct BackupOptions {
    /// The file to write; there must be none yet.
    file: PathBuf,
}

/// Where a backup comes from.
#[derive(Debug, Args)]
pub(crate) struct RestoreOptions {
    /// The file to read. The configured database must be empty, or there must be none yet.
    file: PathBuf,
}

/// Where everything is copied to.
#[derive(Debug, Args)]
pub(crate) struct CopyStoreOptions {
    /// The other database, `postgres://…` or `sqlite:FILE`; it must be empty.
    #[arg(long, value_name = "URL", required_unless_present = "to_file")]
    to: Option<String>,
    /// A file that holds the other database's URL, because it has a password in it.
    #[arg(long, value_name = "FILE", conflicts_with = "to")]
    to_file: Option<PathBuf>,
}

/// Brings the database to this program's version.
pub(crate) async fn migrate(settings: &Settings) -> Result<(), Failure> {
    let database = open::database(settings).await?;
    let migrated = alone(settings, &database, async { Ok(database.migrate().await?) }).await?;
    if let Some(copy) = migrated.copy {
        print(&format!("copied the database to {} before", copy.display()))?;
    }
    match migrated.run.as_slice() {
        [] => print("the database is up to date"),
        run => print(&format!("ran {}", run.join(", "))),
    }
}

/// Writes everything, as of one moment, into a file.
pub(crate) async fn backup(options: &BackupOptions, settings: &Settings) -> Result<(), Failure> {
    let database = open::database(settings).await?;
    let made = backup::backup(&database, &options.file).await?;
    let file = options.file.display();
    print(&format!("{file}: {} bytes, schema version {}", made.bytes, made.schema_version))?;
    match &settings.secrets.key {
        Some(_) => Ok(()),
        None => print(&format!("secrets open only with the key, which is not in it: {}", key(settings))),
    }
}

/// Fills the configured database from a backup.
pub(crate) async fn restore(options: &RestoreOptions, settings: &Settings) -> Result<(), Failure> {
    let database = open::database(settings).await?;
    let restoring = async { Ok(backup::restore(&options.file, &database).await?) };
    let restored = alone(settings, &database, restoring).await?;
    print(&table(&restored))
}

/// Copies everything to another database.
pub(crate) async fn copy_store(options: &CopyStoreOptions, settings: &Settings) -> Result<(), Failure> {
    let url = match (&options.to, &options.to_file) {
        (Some(url), _) => Secret::new(url),
        (None, Some(path)) => {
            let read = std::fs::read_to_string(path);
            let text = read.map_err(|reason| Failure::File { path: path.clone(), reason })?;
            Secret::new(text.trim())
        }
        (None, None) => return Err(Failure::said("`--to` or `--to-file` is needed")),
    };
    let source = open::database(settings).await?;
    let copying = async {
        let target = open::database_at(settings, url.expose()).await?;
        Ok(copy::copy_store(&source, &target).await?)
    };
    // Nobody may write meanwhile.
    let copied = alone(settings, &source, copying).await?;
    print(&table(&copied))?;
    print("now name the other database in `database.url`")
}

fn key(settings: &Settings) -> String {
    open::key_file(settings).display().to_string()
}

/// What was copied: table, rows and the beginning of their hash, one a line.
fn table(copied: &Copied) -> String {
    let lines = copied.tables.iter().map(|table| {
        let hash = table.sha256.get(..16).unwrap_or(&table.sha256);
        format!("{:<22} {:>9}  {hash}", table.table, table.rows)
    });
    lines.collect::<Vec<_>>().join("\n")
}
