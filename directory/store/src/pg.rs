//! A synchronous PostgreSQL connection without libpq: diesel-async's connection, driven to the end
//! of each call on a runtime of its own.
//!
//! The runtime belongs to the connection, so that a connection works the same on whichever thread a
//! pool made it, and outlives the runtime of whoever uses it. Connections are not encrypted yet.

use std::any::Any;
use std::future::Future;

use diesel::connection::{
    CacheSize, Connection, ConnectionSealed, Instrumentation, LoadConnection, MultiConnectionHelper, SimpleConnection,
    TransactionManager, TransactionManagerStatus,
};
use diesel::expression::QueryMetadata;
use diesel::migration::MigrationConnection;
use diesel::pg::{Pg, PgMetadataLookup, PgTypeMetadata};
use diesel::query_builder::{Query, QueryFragment, QueryId};
use diesel::r2d2::R2D2Connection;
use diesel::result::{ConnectionResult, DatabaseErrorKind, Error, QueryResult};
use diesel::sql_types::TypeMetadata;
use diesel_async::AsyncPgConnection;
use diesel_async::async_connection_wrapper::{AsyncConnectionWrapper, BlockOn};
use tokio::runtime::{Builder, Runtime};

type Inner = AsyncConnectionWrapper<AsyncPgConnection, OwnRuntime>;
type InnerManager = <Inner as Connection>::TransactionManager;
type Lookup = <Pg as TypeMetadata>::MetadataLookup;

/// A runtime that drives one connection.
pub struct OwnRuntime(Option<Runtime>);

impl BlockOn for OwnRuntime {
    #[expect(clippy::expect_used, reason = "the runtime is taken out in `drop` only")]
    fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.0.as_ref().expect("the runtime lives as long as its connection").block_on(future)
    }

    #[expect(clippy::expect_used, reason = "the trait leaves no way to say that the system gave no epoll handle")]
    fn get_runtime() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build();
        Self(Some(runtime.expect("the system has a handle left for a database connection")))
    }
}

impl Drop for OwnRuntime {
    fn drop(&mut self) {
        // A plain drop waits, which is forbidden on an asynchronous thread.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// A connection to PostgreSQL.
pub struct PgConnection {
    inner: Box<Inner>,
    is_lost: bool,
}

impl PgConnection {
    fn watch<T>(&mut self, result: QueryResult<T>) -> QueryResult<T> {
        self.is_lost |= result.as_ref().is_err_and(is_loss);
        result
    }
}

/// Whether the connection is of no use any more.
fn is_loss(error: &Error) -> bool {
    match error {
        Error::DatabaseError(DatabaseErrorKind::UnableToSendCommand | DatabaseErrorKind::ClosedConnection, _) => true,
        // The farewell of a server that stops, or of one whose administrator ends sessions.
        Error::DatabaseError(_, information) => information.message().starts_with("terminating connection"),
        _ => false,
    }
}

impl SimpleConnection for PgConnection {
    fn batch_execute(&mut self, query: &str) -> QueryResult<()> {
        let result = self.inner.batch_execute(query);
        self.watch(result)
    }
}

impl ConnectionSealed for PgConnection {}

impl Connection for PgConnection {
    type Backend = Pg;
    type TransactionManager = PgTransactions;

    fn establish(url: &str) -> ConnectionResult<Self> {
        Inner::establish(url).map(|inner| Self { inner: Box::new(inner), is_lost: false })
    }

    fn execute_returning_count<T>(&mut self, source: &T) -> QueryResult<usize>
    where
        T: QueryFragment<Pg> + QueryId,
    {
        let result = self.inner.execute_returning_count(source);
        self.watch(result)
    }

    fn transaction_state(&mut self) -> &mut <PgTransactions as TransactionManager<Self>>::TransactionStateData {
        self.inner.transaction_state()
    }

    fn instrumentation(&mut self) -> &mut dyn Instrumentation {
        self.inner.instrumentation()
    }

    fn set_instrumentation(&mut self, instrumentation: impl Instrumentation) {
        self.inner.set_instrumentation(instrumentation);
    }

    fn set_prepared_statement_cache_size(&mut self, size: CacheSize) {
        self.inner.set_prepared_statement_cache_size(size);
    }
}

impl LoadConnection for PgConnection {
    type Cursor<'conn, 'query> = <Inner as LoadConnection>::Cursor<'conn, 'query>;
    type Row<'conn, 'query> = <Inner as LoadConnection>::Row<'conn, 'query>;

    fn load<'conn, 'query, T>(&'conn mut self, source: T) -> QueryResult<Self::Cursor<'conn, 'query>>
    where
        T: Query + QueryFragment<Pg> + QueryId + 'query,
        Pg: QueryMetadata<T::SqlType>,
    {
        let Self { inner, is_lost } = self;
        let result = LoadConnection::load(&mut **inner, source);
        *is_lost |= result.as_ref().is_err_and(is_loss);
        result
    }
}

/// Transactions of a [`PgConnection`].
pub struct PgTransactions;

impl TransactionManager<PgConnection> for PgTransactions {
    type TransactionStateData = <InnerManager as TransactionManager<Inner>>::TransactionStateData;

    fn begin_transaction(conn: &mut PgConnection) -> QueryResult<()> {
        let result = InnerManager::begin_transaction(&mut conn.inner);
        conn.watch(result)
    }

    fn rollback_transaction(conn: &mut PgConnection) -> QueryResult<()> {
        let result = InnerManager::rollback_transaction(&mut conn.inner);
        conn.watch(result)
    }

    fn commit_transaction(conn: &mut PgConnection) -> QueryResult<()> {
        let result = InnerManager::commit_transaction(&mut conn.inner);
        conn.watch(result)
    }

    fn transaction_manager_status_mut(conn: &mut PgConnection) -> &mut TransactionManagerStatus {
        InnerManager::transaction_manager_status_mut(&mut conn.inner)
    }
}

impl R2D2Connection for PgConnection {
    fn ping(&mut self) -> QueryResult<()> {
        self.batch_execute("SELECT 1")
    }

    fn is_broken(&mut self) -> bool {
        self.is_lost || PgTransactions::is_broken_transaction_manager(self)
    }
}

impl MigrationConnection for PgConnection {
    fn setup(&mut self) -> QueryResult<usize> {
        self.inner.setup()
    }
}

/// Answers no look-up: custom types are not used.
struct NoLookup;

impl PgMetadataLookup for NoLookup {
    fn lookup_type(&mut self, _: &str, _: Option<&str>) -> PgTypeMetadata {
        PgTypeMetadata::new(0, 0)
    }
}

impl MultiConnectionHelper for PgConnection {
    fn to_any<'a>(_: &mut Lookup) -> &mut (dyn Any + 'a) {
        // A value without size: the box holds no memory and leaking it costs nothing.
        Box::leak(Box::new(NoLookup))
    }

    fn from_any(lookup: &mut dyn Any) -> Option<&mut Lookup> {
        lookup.downcast_mut::<NoLookup>().map(|found| found as _)
    }
}
