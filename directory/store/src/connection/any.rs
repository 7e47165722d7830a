//! The derived enum has a file and a name of its own: the derive brings names of Diesel into scope.

use diesel::sqlite::SqliteConnection;

use crate::pg::PgConnection;

/// A connection to the store, handed to query functions by the lanes of a
/// [`Database`](crate::database::Database).
#[derive(diesel::MultiConnection)]
pub enum AnyConnection {
    /// SQLite.
    Sqlite(SqliteConnection),
    /// PostgreSQL.
    Postgres(PgConnection),
}
