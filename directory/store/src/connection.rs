//! One connection type for both databases.

use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::result::QueryResult;

use crate::pg::PgTransactions;

mod any;
pub(crate) mod rows;

pub use any::AnyConnection as Connection;

/// The two-in-one backend of [`Connection`].
pub(crate) type Backend = <Connection as diesel::Connection>::Backend;

/// Runs the same Diesel expression typed for each database: for `on_conflict`, batch insert and
/// `as_returning`, which the two-in-one connection cannot express.
macro_rules! per_backend {
    ($conn:expr, |$typed:ident| $run:expr) => {
        match $conn {
            $crate::connection::Connection::Sqlite($typed) => $run,
            $crate::connection::Connection::Postgres($typed) => $run,
        }
    };
}
pub(crate) use per_backend;

impl Connection {
    /// Begins a transaction that may write. SQLite takes its write lock at once: a lock that is
    /// only asked for later is refused at once when another process holds it.
    pub(crate) fn begin_write(&mut self) -> QueryResult<()> {
        match self {
            Self::Sqlite(conn) => AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN IMMEDIATE"),
            Self::Postgres(conn) => PgTransactions::begin_transaction(conn),
        }
    }

    /// Begins a transaction that only reads: everything in it sees the same moment.
    pub(crate) fn begin_read(&mut self) -> QueryResult<()> {
        match self {
            Self::Sqlite(conn) => AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN DEFERRED"),
            // The reading lane's connections are set to one moment for each transaction.
            Self::Postgres(conn) => PgTransactions::begin_transaction(conn),
        }
    }

    /// Ends the transaction for good.
    pub(crate) fn commit(&mut self) -> QueryResult<()> {
        match self {
            Self::Sqlite(conn) => AnsiTransactionManager::commit_transaction(conn),
            Self::Postgres(conn) => PgTransactions::commit_transaction(conn),
        }
    }

    /// Ends the transaction as if it had not been.
    pub(crate) fn roll_back(&mut self) -> QueryResult<()> {
        match self {
            Self::Sqlite(conn) => AnsiTransactionManager::rollback_transaction(conn),
            Self::Postgres(conn) => PgTransactions::rollback_transaction(conn),
        }
    }

    /// Whether this is SQLite, where text of a few statements differs.
    pub(crate) fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }
}
