//! The doors to the store: a lane for reading and a lane for writing.
//!
//! Everything that happens between beginning and end of a transaction happens inside one closure on
//! one blocking thread, so that nothing can be awaited while a transaction is open.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use directory_model::audit::Origin;
use directory_model::id::{IdSource, TenantId};
use directory_model::port::ChangeSink;

use crate::connection::Connection;
use crate::error::{StoreError, StoreResult};
use crate::lane::{Lane, Opener, Purpose, Target};
use crate::lease;
use crate::seal::SealingKey;
use crate::ssl::{Address, Ssl};
use crate::tx::Tx;

/// How many connections read at once.
const READERS: u32 = 4;
/// How many connections to PostgreSQL write at once; each tenant has one writer at a time anyway.
const POSTGRES_WRITERS: u32 = 4;

/// How a database is opened.
#[derive(Clone)]
pub struct OpenOptions {
    /// `sqlite:/path/to/file.db` or `postgres://user@host/name`.
    pub url: String,
    /// Where new identities come from.
    pub ids: Arc<dyn IdSource>,
    /// How many connections read at once.
    pub readers: u32,
    /// How long one statement may take on PostgreSQL.
    pub statement_timeout: Duration,
    /// What secrets are sealed with.
    pub sealing_key: Arc<SealingKey>,
    /// How connections to PostgreSQL are encrypted, unless the address says so itself.
    pub ssl: Ssl,
}

impl OpenOptions {
    /// The usual options for the database at `url`, with a key that is kept nowhere.
    pub fn new(url: impl Into<String>, ids: Arc<dyn IdSource>) -> Self {
        let sealing_key = Arc::new(SealingKey::for_this_process());
        let (url, ssl) = (url.into(), Ssl::default());
        Self { url, ids, readers: READERS, statement_timeout: Duration::from_secs(30), sealing_key, ssl }
    }
}

/// The store. Clones share the connections.
#[derive(Clone)]
pub struct Database {
    shared: Arc<Shared>,
    /// The lease under which is written.
    fence: Option<i64>,
}

struct Shared {
    read: Lane,
    write: Lane,
    ids: Arc<dyn IdSource>,
    sink: OnceLock<Arc<dyn ChangeSink>>,
    target: Target,
    sealing_key: Arc<SealingKey>,
}

impl Database {
    /// Opens the database, and makes the file when SQLite has none yet. Runs no migration. Fails
    /// when the address is of neither kind or nothing answers there.
    pub async fn open(options: &OpenOptions) -> StoreResult<Self> {
        let options = options.clone();
        let opening = tokio::task::spawn_blocking(move || Self::open_blocking(&options));
        opening.await.unwrap_or_else(|error| Err(StoreError::Unavailable(error.to_string())))
    }

    fn open_blocking(options: &OpenOptions) -> StoreResult<Self> {
        let target = Target::parse(&options.url, &options.ssl)?;
        let opener = |purpose| Opener { target: target.clone(), purpose, statement_timeout: options.statement_timeout };
        let writers = match &target {
            Target::Sqlite(path) => {
                keep_private(Path::new(path))?;
                1
            }
            Target::Postgres(_) => POSTGRES_WRITERS,
        };
        // The writer comes first: it turns WAL on, which readers cannot do at the same time.
        let write = Lane::open(opener(Purpose::Write), writers)?;
        let read = Lane::open(opener(Purpose::Read), options.readers)?;
        let (ids, sealing_key) = (Arc::clone(&options.ids), Arc::clone(&options.sealing_key));
        let shared = Shared { read, write, ids, sink: OnceLock::new(), target, sealing_key };
        Ok(Self { shared: Arc::new(shared), fence: None })
    }

    /// The same store for the gateway whose lease has the number `fence`: it writes nothing any more
    /// once another gateway has the lease.
    #[must_use]
    pub fn fenced(&self, fence: i64) -> Self {
        Self { shared: Arc::clone(&self.shared), fence: Some(fence) }
    }

    /// Tells `sink` about every committed change from now on, on all clones. Only the first sink counts.
    #[must_use]
    pub fn with_sink(self, sink: Arc<dyn ChangeSink>) -> Self {
        if self.shared.sink.set(sink).is_err() {
            tracing::warn!("a second receiver of changes was ignored");
        }
        self
    }

    /// The file, when this is SQLite.
    pub fn file(&self) -> Option<PathBuf> {
        match &self.shared.target {
            Target::Sqlite(path) => Some(PathBuf::from(path)),
            Target::Postgres(_) => None,
        }
    }

    /// Whether somebody may be waiting to write, so that long work should end its transaction soon.
    /// Known of SQLite, where all write in turn; taken for granted on PostgreSQL, where they wait in
    /// the database.
    pub fn is_awaited(&self) -> bool {
        match &self.shared.target {
            Target::Sqlite(_) => self.shared.write.is_awaited(),
            Target::Postgres(_) => true,
        }
    }

    /// Where new identities come from.
    pub fn ids(&self) -> &Arc<dyn IdSource> {
        &self.shared.ids
    }

    /// What secrets are sealed with.
    pub fn sealing_key(&self) -> &Arc<SealingKey> {
        &self.shared.sealing_key
    }

    /// Where the database is.
    pub(crate) fn target(&self) -> &Target {
        &self.shared.target
    }

    /// Runs `work` in a transaction that sees one moment and cannot write.
    pub async fn read<T, F>(&self, work: F) -> StoreResult<T>
    where
        F: FnOnce(&mut Connection) -> StoreResult<T> + Send + 'static,
        T: Send + 'static,
    {
        let reading = self.shared.read.run(Connection::begin_read, move |conn| {
            let result = work(conn);
            end(conn, result.is_ok(), result)
        });
        reading.await
    }

    /// Runs `work` in a transaction of the tenant: it takes the next number of the tenant's line of
    /// changes first, so that a tenant has one writer at a time and its numbers follow the order of
    /// commits. `None` when there is no such tenant.
    ///
    /// Work that records no change is rolled back, so that the line has no empty numbers.
    pub async fn write<T, F>(&self, tenant: TenantId, origin: Origin, work: F) -> StoreResult<Option<T>>
    where
        F: FnOnce(&mut Tx<'_>) -> StoreResult<T> + Send + 'static,
        T: Send + 'static,
    {
        let (shared, fence) = (Arc::clone(&self.shared), self.fence);
        let writing = self.shared.write.run(Connection::begin_write, move |conn| {
            let held = lease::require(conn, fence);
            let result = held.and_then(|()| numbered(conn, &*shared.ids, tenant, origin, work));
            let seq = result.as_ref().ok().and_then(|done| done.as_ref().and_then(|(_, seq)| *seq));
            let result = end(conn, seq.is_some(), result)?;
            if let (Some(seq), Some(sink)) = (seq, shared.sink.get()) {
                sink.changed(tenant, seq);
            }
            Ok(result.map(|(value, _)| value))
        });
        writing.await
    }

    /// Runs `work` in a transaction that takes no number: for rows outside any tenant's line, such
    /// as leases, when a session was used, or how far a run has come.
    pub async fn write_unnumbered<T, F>(&self, work: F) -> StoreResult<T>
    where
        F: FnOnce(&mut Connection) -> StoreResult<T> + Send + 'static,
        T: Send + 'static,
    {
        let fence = self.fence;
        let writing = self.shared.write.run(Connection::begin_write, move |conn| {
            let result = lease::require(conn, fence).and_then(|()| work(conn));
            end(conn, result.is_ok(), result)
        });
        writing.await
    }
}

/// The work of a numbered write: its value, and the number if one was used.
type Numbered<T> = StoreResult<Option<(T, Option<i64>)>>;

fn numbered<T>(
    conn: &mut Connection,
    ids: &dyn IdSource,
    tenant: TenantId,
    origin: Origin,
    work: impl FnOnce(&mut Tx<'_>) -> StoreResult<T>,
) -> Numbered<T> {
    let Some(mut tx) = Tx::begin(conn, ids, tenant, origin)? else {
        return Ok(None);
    };
    let value = work(&mut tx)?;
    let seq = tx.finish()?;
    Ok(Some((value, seq)))
}

/// Ends the transaction one way or the other; the first error is the one that is told.
fn end<T>(conn: &mut Connection, is_kept: bool, result: StoreResult<T>) -> StoreResult<T> {
    if is_kept {
        conn.commit()?;
    } else if let Err(error) = conn.roll_back() {
        tracing::warn!(%error, "a transaction could not be rolled back");
    }
    result
}

impl Target {
    fn parse(url: &str, ssl: &Ssl) -> StoreResult<Self> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            return Ok(Self::Sqlite(path.strip_prefix("//").unwrap_or(path).to_owned()));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres(Box::new(Address::parse(url, ssl)?)));
        }
        // The address may hold a password, so it is not repeated.
        let expected = "the database address must begin with `sqlite:` or `postgres://`";
        Err(StoreError::Unavailable(expected.into()))
    }
}

/// Makes the file, readable by its owner only, when there is none. SQLite gives its side files the
/// same rights.
pub(crate) fn keep_private(path: &Path) -> StoreResult<()> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) => Err(StoreError::Unavailable(format!("`{}`: {error}", path.display()))),
    }
}
