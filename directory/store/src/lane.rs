//! A lane: a bounded number of connections of one kind, each used by one piece of work at a time
//! on a blocking thread.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::r2d2::{Error, ManageConnection, Pool, PooledConnection, R2D2Connection};
use diesel::result::QueryResult;
use diesel::sqlite::SqliteConnection;
use tokio::sync::Semaphore;

use crate::connection::Connection;
use crate::error::{StoreError, StoreResult};
use crate::pg::PgConnection;
use crate::ssl::Address;

/// How long SQLite waits for a lock that another process holds, and a lane for a new connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where the database is.
#[derive(Debug, Clone)]
pub(crate) enum Target {
    /// The path of a SQLite file.
    Sqlite(String),
    /// A PostgreSQL database.
    Postgres(Box<Address>),
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Reading; writing is refused by the database itself.
    Read,
    /// Reading and writing.
    Write,
    /// Migrations: no time-out, and foreign keys are checked at the end instead of along the way.
    Migrate,
}

/// Makes the connections of a lane.
#[derive(Debug)]
pub(crate) struct Opener {
    pub(crate) target: Target,
    pub(crate) purpose: Purpose,
    pub(crate) statement_timeout: Duration,
}

impl Opener {
    /// Opens a connection and sets it up for its purpose.
    pub(crate) fn open(&self) -> Result<Connection, Error> {
        match &self.target {
            Target::Sqlite(path) => {
                let mut conn = <SqliteConnection as diesel::Connection>::establish(path)?;
                self.set_up_sqlite(&mut conn).map_err(Error::QueryError)?;
                Ok(Connection::Sqlite(conn))
            }
            Target::Postgres(address) => {
                let mut conn = PgConnection::open(address)?;
                self.set_up_postgres(&mut conn).map_err(Error::QueryError)?;
                Ok(Connection::Postgres(conn))
            }
        }
    }

    fn set_up_sqlite(&self, conn: &mut SqliteConnection) -> QueryResult<()> {
        conn.batch_execute(&format!("PRAGMA busy_timeout = {}", PATIENCE.as_millis()))?;
        conn.batch_execute(match self.purpose {
            Purpose::Read => "PRAGMA foreign_keys = ON; PRAGMA query_only = ON;",
            // What was answered as written must survive a power cut; hence FULL.
            Purpose::Write => "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;",
            Purpose::Migrate => "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF;",
        })?;
        // Those who read share what the system keeps of the file.
        let cache = if self.purpose == Purpose::Read { 4000 } else { 16_000 };
        // The log may grow to 32 MB before it is worked in: a large run touches the same index pages
        // again and again, and working them in after every few transactions writes each many times.
        let sizes = format!("PRAGMA cache_size = -{cache}; PRAGMA wal_autocheckpoint = 8000;");
        conn.batch_execute(&format!("PRAGMA temp_store = MEMORY; {sizes}"))
    }

    fn set_up_postgres(&self, conn: &mut PgConnection) -> QueryResult<()> {
        let timeout = self.statement_timeout.as_millis();
        match self.purpose {
            Purpose::Read => conn.batch_execute(&format!(
                "SET statement_timeout = {timeout}; SET default_transaction_read_only = on; \
                 SET default_transaction_isolation = 'repeatable read'"
            )),
            Purpose::Write => conn.batch_execute(&format!("SET statement_timeout = {timeout}")),
            Purpose::Migrate => Ok(()),
        }
    }
}

impl ManageConnection for Opener {
    type Connection = Connection;
    type Error = Error;

    fn connect(&self) -> Result<Connection, Error> {
        self.open()
    }

    fn is_valid(&self, conn: &mut Connection) -> Result<(), Error> {
        conn.ping().map_err(Error::QueryError)
    }

    fn has_broken(&self, conn: &mut Connection) -> bool {
        std::thread::panicking() || conn.is_broken()
    }
}

/// How a transaction begins.
type Begin = fn(&mut Connection) -> QueryResult<()>;

/// A connection with a transaction. Connections that were lost while nobody used them show it here,
/// before any work is done, and are replaced.
fn begun(pool: &Pool<Opener>, begin: Begin) -> StoreResult<PooledConnection<Opener>> {
    let mut spare = pool.max_size();
    loop {
        let mut conn = pool.get().map_err(|error| no_connection(&error))?;
        match begin(&mut conn) {
            Ok(()) => return Ok(conn),
            Err(_) if spare > 0 && conn.is_broken() => spare -= 1,
            Err(error) => return Err(error.into()),
        }
    }
}

/// The last attempt's reason, which tells more than that the pool gave up.
fn no_connection(error: &impl std::fmt::Display) -> StoreError {
    let text = error.to_string();
    StoreError::Unavailable(text.rsplit_once("waiting for connection: ").map_or(text.as_str(), |found| found.1).into())
}

/// Connections and the permits to use them; waiting for a permit holds no thread.
#[derive(Clone)]
pub(crate) struct Lane {
    /// What operators call it.
    name: &'static str,
    pool: Pool<Opener>,
    permits: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
}

/// One who waits for a permit, also when the wait is given up.
struct Waiting<'a> {
    lane: &'a Lane,
    since: Instant,
}

impl<'a> Waiting<'a> {
    fn new(lane: &'a Lane) -> Self {
        lane.waiting.fetch_add(1, Ordering::Relaxed);
        metrics::gauge!("store_lane_waiting", "lane" => lane.name).increment(1.0);
        Self { lane, since: Instant::now() }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.lane.waiting.fetch_sub(1, Ordering::Relaxed);
        metrics::gauge!("store_lane_waiting", "lane" => self.lane.name).decrement(1.0);
        metrics::histogram!("store_lane_wait_seconds", "lane" => self.lane.name).record(self.since.elapsed());
    }
}

impl Lane {
    /// A lane of `size` connections, the first of them opened at once so that a wrong address is
    /// noticed here.
    pub(crate) fn open(opener: Opener, size: u32) -> StoreResult<Self> {
        let name = if opener.purpose == Purpose::Read { "read" } else { "write" };
        let pool = Pool::builder()
            .max_size(size)
            .min_idle(Some(1))
            .connection_timeout(PATIENCE)
            // A ping before each use would double the round trips; a lost connection is noticed by use.
            .test_on_check_out(false)
            .build(opener)
            .map_err(|error| no_connection(&error))?;
        Ok(Self { name, pool, permits: Arc::new(Semaphore::new(size as usize)), waiting: Arc::default() })
    }

    /// Whether somebody waits for a permit.
    pub(crate) fn is_awaited(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) > 0
    }

    /// Runs `work` on a blocking thread, with a connection on which `begin` began a transaction. It
    /// runs to its end even if nobody waits for it any more.
    pub(crate) async fn run<T, F>(&self, begin: Begin, work: F) -> StoreResult<T>
    where
        F: FnOnce(&mut Connection) -> StoreResult<T> + Send + 'static,
        T: Send + 'static,
    {
        let closed = || StoreError::Unavailable("the gateway is stopping".into());
        let waiting = Waiting::new(self);
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| closed())?;
        drop(waiting);
        let pool = self.pool.clone();
        let task = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let mut conn = begun(&pool, begin)?;
            work(&mut conn)
        });
        match task.await {
            Ok(result) => result,
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Err(_) => Err(closed()),
        }
    }
}
