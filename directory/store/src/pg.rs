//! A synchronous PostgreSQL connection without libpq: diesel-async's connection, driven to the end
//! of each call on a runtime of its own.
//!
//! The runtime belongs to the connection, so that a connection works the same on whichever thread a
//! pool made it, and outlives the runtime of whoever uses it. Diesel-async has a blocking wrapper,
//! but that opens connections by itself, and then they cannot be encrypted.

use std::any::Any;
use std::future::Future;
use std::pin::Pin;

use diesel::connection::{
    CacheSize, Connection, ConnectionSealed, Instrumentation, LoadConnection, MultiConnectionHelper, SimpleConnection,
    TransactionManager, TransactionManagerStatus,
};
use diesel::expression::QueryMetadata;
use diesel::migration::{CREATE_MIGRATIONS_TABLE, MigrationConnection};
use diesel::pg::{Pg, PgMetadataLookup, PgTypeMetadata};
use diesel::query_builder::{Query, QueryFragment, QueryId};
use diesel::r2d2::R2D2Connection;
use diesel::result::{ConnectionError, ConnectionResult, DatabaseErrorKind, Error, QueryResult};
use diesel::sql_types::TypeMetadata;
use diesel_async::{
    AnsiTransactionManager, AsyncConnection, AsyncConnectionCore, AsyncPgConnection, SimpleAsyncConnection,
    TransactionManager as _,
};
use futures_util::{Stream, StreamExt};
use tokio::runtime::{Builder, Runtime};

use crate::ssl::{Address, Ssl, sentence};

type Lookup = <Pg as TypeMetadata>::MetadataLookup;
type Rows<'conn, 'query> = <AsyncPgConnection as AsyncConnectionCore>::Stream<'conn, 'query>;
type Row<'conn, 'query> = <AsyncPgConnection as AsyncConnectionCore>::Row<'conn, 'query>;

/// A runtime that drives one connection.
struct OwnRuntime(Option<Runtime>);

impl OwnRuntime {
    fn new() -> std::io::Result<Self> {
        Builder::new_current_thread().enable_all().build().map(|runtime| Self(Some(runtime)))
    }

    #[expect(clippy::expect_used, reason = "the runtime is taken out in `drop` only")]
    fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.0.as_ref().expect("the runtime lives as long as its connection").block_on(future)
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
    inner: Box<AsyncPgConnection>,
    runtime: OwnRuntime,
    is_lost: bool,
}

impl PgConnection {
    /// Connects to `address`.
    pub(crate) fn open(address: &Address) -> ConnectionResult<Self> {
        let failed = |reason: String| ConnectionError::BadConnection(reason);
        let runtime = OwnRuntime::new().map_err(|reason| failed(reason.to_string()))?;
        let connecting = async {
            let connected = address.config.connect(address.tls.clone()).await;
            let (client, connection) = connected.map_err(|reason| failed(sentence(&reason)))?;
            AsyncPgConnection::try_from_client_and_connection(client, connection).await
        };
        let inner = runtime.block_on(connecting)?;
        Ok(Self { inner: Box::new(inner), runtime, is_lost: false })
    }

    /// Runs one call to its end, and notices when it shows that the connection is lost.
    fn drive<'conn, T, F>(&'conn mut self, call: impl FnOnce(&'conn mut AsyncPgConnection) -> F) -> QueryResult<T>
    where
        F: Future<Output = QueryResult<T>>,
    {
        let Self { inner, runtime, is_lost } = self;
        let result = runtime.block_on(call(inner));
        *is_lost |= result.as_ref().is_err_and(is_loss);
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
        self.drive(|conn| conn.batch_execute(query))
    }
}

impl ConnectionSealed for PgConnection {}

impl Connection for PgConnection {
    type Backend = Pg;
    type TransactionManager = PgTransactions;

    fn establish(url: &str) -> ConnectionResult<Self> {
        let address = Address::parse(url, &Ssl::default());
        Self::open(&address.map_err(|reason| ConnectionError::InvalidConnectionUrl(reason.to_string()))?)
    }

    fn execute_returning_count<T>(&mut self, source: &T) -> QueryResult<usize>
    where
        T: QueryFragment<Pg> + QueryId,
    {
        self.drive(|conn| conn.execute_returning_count(source))
    }

    fn transaction_state(&mut self) -> &mut AnsiTransactionManager {
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

/// The rows of one answer, fetched as they are asked for.
pub struct PgCursor<'conn, 'query> {
    rows: Pin<Box<Rows<'conn, 'query>>>,
    runtime: &'conn OwnRuntime,
}

impl<'conn, 'query> Iterator for PgCursor<'conn, 'query> {
    type Item = <Rows<'conn, 'query> as Stream>::Item;

    fn next(&mut self) -> Option<Self::Item> {
        self.runtime.block_on(self.rows.next())
    }
}

impl LoadConnection for PgConnection {
    type Cursor<'conn, 'query> = PgCursor<'conn, 'query>;
    type Row<'conn, 'query> = Row<'conn, 'query>;

    fn load<'conn, 'query, T>(&'conn mut self, source: T) -> QueryResult<Self::Cursor<'conn, 'query>>
    where
        T: Query + QueryFragment<Pg> + QueryId + 'query,
        Pg: QueryMetadata<T::SqlType>,
    {
        let Self { inner, runtime, is_lost } = self;
        let result = runtime.block_on(inner.load(source));
        *is_lost |= result.as_ref().is_err_and(is_loss);
        result.map(|rows| PgCursor { rows: Box::pin(rows), runtime })
    }
}

/// Transactions of a [`PgConnection`].
pub struct PgTransactions;

impl TransactionManager<PgConnection> for PgTransactions {
    type TransactionStateData = AnsiTransactionManager;

    fn begin_transaction(conn: &mut PgConnection) -> QueryResult<()> {
        conn.drive(AnsiTransactionManager::begin_transaction)
    }

    fn rollback_transaction(conn: &mut PgConnection) -> QueryResult<()> {
        conn.drive(AnsiTransactionManager::rollback_transaction)
    }

    fn commit_transaction(conn: &mut PgConnection) -> QueryResult<()> {
        conn.drive(AnsiTransactionManager::commit_transaction)
    }

    fn transaction_manager_status_mut(conn: &mut PgConnection) -> &mut TransactionManagerStatus {
        AnsiTransactionManager::transaction_manager_status_mut(&mut *conn.inner)
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
        self.batch_execute(CREATE_MIGRATIONS_TABLE).map(|()| 0)
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
