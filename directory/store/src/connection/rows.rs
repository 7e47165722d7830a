//! Inserting many rows of one kind.
//!
//! PostgreSQL takes them in batches, where each statement is a round trip. SQLite takes them one by
//! one: a statement for many rows would be compiled anew each time, and one whose text is written
//! out by Diesel for each row costs as much again as the row itself. Here the text of a kind of row
//! is fixed, so it is compiled once and only the values are handed over.

use std::marker::PhantomData;

use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sqlite::{Sqlite, SqliteConnection};

/// A row that SQLite takes by a statement of fixed text; made by [`sqlite_row`].
pub(crate) trait SqliteRow {
    /// The table, by which a compiled statement is found again.
    type Table: 'static;

    /// Writes the statement and hands the values over, in the same order.
    fn insert<'b>(&'b self, out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()>;
}

struct InsertOne<'a, R>(&'a R);

impl<R: SqliteRow> QueryFragment<Sqlite> for InsertOne<'_, R> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        self.0.insert(out)
    }
}

/// What stands for the statement of a table among the compiled ones.
struct InsertInto<T>(PhantomData<T>);

impl<R: SqliteRow> QueryId for InsertOne<'_, R> {
    type QueryId = InsertInto<R::Table>;

    const HAS_STATIC_QUERY_ID: bool = true;
}

/// Inserts one row after the other.
pub(crate) fn insert_each<R: SqliteRow>(conn: &mut SqliteConnection, rows: &[R]) -> QueryResult<()> {
    rows.iter().try_for_each(|row| diesel::Connection::execute_returning_count(conn, &InsertOne(row)).map(drop))
}

/// Says by which statement SQLite takes a row: an `INSERT`, and, after `or`, what becomes of a row
/// that is in the way.
macro_rules! sqlite_row {
    ($kind:ty, $table:ident, |$row:ident| {
        $first:ident: $first_value:expr $(, $column:ident: $value:expr)* $(,)?
    } $(or $conflict:literal)?) => {
        impl $crate::connection::rows::SqliteRow for $kind {
            type Table = $table::table;

            fn insert<'b>(
                &'b self,
                mut out: ::diesel::query_builder::AstPass<'_, 'b, ::diesel::sqlite::Sqlite>,
            ) -> ::diesel::result::QueryResult<()> {
                let $row = self;
                out.push_sql(concat!("INSERT INTO ", stringify!($table), " (", stringify!($first)));
                out.push_sql(concat!($(", ", stringify!($column),)* ") VALUES ("));
                out.push_bind_param::<::diesel::dsl::SqlTypeOf<$table::$first>, _>(&$first_value)?;
                $(
                    out.push_sql(", ");
                    out.push_bind_param::<::diesel::dsl::SqlTypeOf<$table::$column>, _>(&$value)?;
                )*
                out.push_sql(concat!(")" $(, " ", $conflict)?));
                Ok(())
            }
        }
    };
}
pub(crate) use sqlite_row;

/// Inserts many rows, on PostgreSQL `batch` in each statement. An `upsert` finishes a statement of
/// PostgreSQL; the rows say by their verb what SQLite does.
macro_rules! insert_rows {
    ($conn:expr, $table:expr, $rows:expr, $batch:expr $(, |$insert:ident| $upsert:expr)?) => {
        match $conn {
            $crate::connection::Connection::Sqlite(conn) => $crate::connection::rows::insert_each(conn, $rows)?,
            $crate::connection::Connection::Postgres(conn) => {
                for batch in $rows.chunks($batch) {
                    let insert = ::diesel::insert_into($table).values(batch);
                    $(let $insert = insert; let insert = $upsert;)?
                    insert.execute(conn)?;
                }
            }
        }
    };
}
pub(crate) use insert_rows;
