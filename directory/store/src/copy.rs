//! Every row of one database into another one: moving from SQLite to PostgreSQL, and backups.
//!
//! Rows travel as JSON objects that both databases write and read themselves, so that no table
//! needs code of its own here. What arrived is read back and compared by count and hash before
//! anything is kept. One of the two databases is SQLite, which knows the shape of the tables.

use std::collections::BTreeMap;

use diesel::connection::{DefaultLoadingMode, SimpleConnection};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use ring::digest::{Context, SHA256};
use serde_json::Value;

use crate::PLATFORM;
use crate::column::hex;
use crate::connection::Connection;
use crate::database::Database;
use crate::error::{StoreError, StoreResult};
use crate::lane::{Opener, Purpose, Target};
use crate::migrate::check_foreign_keys;
use crate::schema::TABLES;
use crate::statistics;

/// Who serves one database says nothing about who serves its copy.
const NOT_COPIED: &str = "gateway_lease";
/// Rows in one batch, as long as they are short.
const BATCH_ROWS: usize = 500;
/// Characters in one batch, beyond which it takes no more rows.
const BATCH_CHARS: usize = 4 << 20;
/// Rows that PostgreSQL is asked for at a time; they may be pictures.
const FETCH: &str = "FETCH 50 FROM walk";

/// What was copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// Every table, in the order in which they were copied.
    pub tables: Vec<CopiedTable>,
}

/// One table, the same in both databases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopiedTable {
    /// Its name.
    pub table: &'static str,
    /// How many rows it has.
    pub rows: u64,
    /// The SHA-256 hash of all rows in the order of their keys, in hexadecimal digits.
    pub sha256: String,
}

/// Copies everything into `target`, which gets its schema first and must hold nothing else. Keeps
/// all or nothing. Fails when the schema of `source` is not this program's.
pub async fn copy_store(source: &Database, target: &Database) -> StoreResult<Copied> {
    source.check_schema().await?;
    target.migrate().await?;
    let (source, target) = (source.target().clone(), target.target().clone());
    blocking(move || copy_all(&mut open(&source, Purpose::Read)?, &mut open(&target, Purpose::Migrate)?)).await
}

/// Runs `work` on a thread that may block.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> StoreResult<T> + Send + 'static,
) -> StoreResult<T> {
    let task = tokio::task::spawn_blocking(work);
    task.await.unwrap_or_else(|error| Err(StoreError::Unavailable(error.to_string())))
}

/// Opens a connection outside the lanes, whose statements may take as long as they need.
pub(crate) fn open(target: &Target, purpose: Purpose) -> StoreResult<Connection> {
    let opener = Opener { target: target.clone(), purpose, statement_timeout: std::time::Duration::ZERO };
    opener.open().map_err(|error| StoreError::Unavailable(error.to_string()))
}

/// Copies everything, as of one moment, in one transaction.
pub(crate) fn copy_all(from: &mut Connection, to: &mut Connection) -> StoreResult<Copied> {
    from.begin_read()?;
    to.begin_write()?;
    let result = copy_tables(from, to);
    from.roll_back()?;
    if result.is_ok() {
        to.commit()?;
    } else {
        to.roll_back()?;
    }
    result
}

fn copy_tables(from: &mut Connection, to: &mut Connection) -> StoreResult<Copied> {
    make_room(to)?;
    let mut tables = Vec::new();
    for &table in TABLES.iter().filter(|table| **table != NOT_COPIED) {
        let shape = if to.is_sqlite() { Shape::of(to, table)? } else { Shape::of(from, table)? };
        let mut left = Summary::new();
        walk(from, &shape, |rows| {
            left.add(rows)?;
            insert(to, &shape, rows)
        })?;
        let mut arrived = Summary::new();
        walk(to, &shape, |rows| arrived.add(rows))?;
        let (left, arrived) = (left.finish(table), arrived.finish(table));
        if left != arrived {
            return Err(StoreError::Schema(format!(
                "table `{table}` did not arrive as it left: {} rows became {}",
                left.rows, arrived.rows
            )));
        }
        if let Connection::Postgres(conn) = to {
            conn.batch_execute(&shape.restart_counting())?;
        }
        tables.push(arrived);
    }
    check_foreign_keys(to)?;
    statistics::refresh(to)?;
    Ok(Copied { tables })
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Fails unless the database is as the migrations leave it, and takes away what they put there.
fn make_room(conn: &mut Connection) -> StoreResult<()> {
    for table in TABLES {
        let filter = if *table == "tenants" { format!("public_id <> '{PLATFORM}'") } else { "TRUE".into() };
        let query = format!("SELECT count(*) AS count FROM \"{table}\" WHERE {filter}");
        let found: Count = diesel::sql_query(query).get_result(conn)?;
        if found.count > 0 && *table != NOT_COPIED {
            return Err(StoreError::Schema(format!(
                "the target is not empty: `{table}` has {} rows; use a new database",
                found.count
            )));
        }
    }
    if let Connection::Postgres(conn) = conn {
        // A group may come before its parent.
        conn.batch_execute("SET CONSTRAINTS ALL DEFERRED")?;
    }
    conn.batch_execute("DELETE FROM tenants")?;
    Ok(())
}

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    /// The place in the primary key, from one; zero outside it.
    #[diesel(sql_type = BigInt)]
    key: i64,
}

/// The columns of a table.
struct Shape {
    table: &'static str,
    columns: Vec<Column>,
}

impl Shape {
    fn of(conn: &mut Connection, table: &'static str) -> StoreResult<Self> {
        if !conn.is_sqlite() {
            return Err(StoreError::Schema("one of the two databases must be SQLite".into()));
        }
        let query = format!("SELECT name, type AS kind, pk AS \"key\" FROM pragma_table_info('{table}')");
        Ok(Self { table, columns: diesel::sql_query(query).load(conn)? })
    }

    fn names(&self) -> String {
        self.columns.iter().map(|column| format!("\"{}\"", column.name)).collect::<Vec<_>>().join(", ")
    }

    /// The primary key, in which both databases order alike.
    fn order(&self, is_sqlite: bool) -> String {
        let mut key: Vec<&Column> = self.columns.iter().filter(|column| column.key > 0).collect();
        key.sort_by_key(|column| column.key);
        let term = |column: &Column| match column.kind.as_str() {
            "TEXT" if !is_sqlite => format!("\"{}\" COLLATE \"C\"", column.name),
            _ => format!("\"{}\"", column.name),
        };
        key.into_iter().map(term).collect::<Vec<_>>().join(", ")
    }

    fn select_from_sqlite(&self) -> String {
        let value = |Column { name, kind, .. }: &Column| match kind.as_str() {
            // As PostgreSQL writes binary values.
            "BLOB" => format!("'{name}', CASE WHEN \"{name}\" IS NOT NULL THEN '\\x' || lower(hex(\"{name}\")) END"),
            _ => format!("'{name}', \"{name}\""),
        };
        let values = self.columns.iter().map(value).collect::<Vec<_>>().join(", ");
        format!("SELECT json_object({values}) AS line FROM \"{}\" ORDER BY {}", self.table, self.order(true))
    }

    fn select_from_postgres(&self) -> String {
        format!("SELECT row_to_json(t)::text AS line FROM \"{}\" t ORDER BY {}", self.table, self.order(false))
    }

    fn insert_into_sqlite(&self) -> String {
        let value = |Column { name, kind, .. }: &Column| match kind.as_str() {
            "BLOB" => format!("unhex(substr(json_extract(value, '$.{name}'), 3))"),
            _ => format!("json_extract(value, '$.{name}')"),
        };
        let values = self.columns.iter().map(value).collect::<Vec<_>>().join(", ");
        format!("INSERT INTO \"{}\" ({}) SELECT {values} FROM json_each(?)", self.table, self.names())
    }

    fn insert_into_postgres(&self) -> String {
        let (table, names) = (self.table, self.names());
        format!(
            "INSERT INTO \"{table}\" ({names}) \
             SELECT {names} FROM json_populate_recordset(NULL::\"{table}\", $1::json)"
        )
    }

    /// Lets PostgreSQL go on counting after the highest row key that was copied.
    fn restart_counting(&self) -> String {
        let table = self.table;
        if !self.columns.iter().any(|column| column.name == "id" && column.key == 1) {
            return String::new();
        }
        format!(
            "SELECT setval(pg_get_serial_sequence('\"{table}\"', 'id'), coalesce(max(id), 1), max(id) IS NOT NULL) \
             FROM \"{table}\""
        )
    }
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// Hands every row of the table to `each`, as JSON objects, in batches, in the order of their keys.
fn walk(conn: &mut Connection, shape: &Shape, mut each: impl FnMut(&[String]) -> StoreResult<()>) -> StoreResult<()> {
    let mut batch = Vec::new();
    let mut chars = 0;
    let mut take = |line: String| {
        chars += line.len();
        batch.push(line);
        if batch.len() >= BATCH_ROWS || chars >= BATCH_CHARS {
            chars = 0;
            return each(&std::mem::take(&mut batch));
        }
        Ok(())
    };
    match conn {
        Connection::Sqlite(conn) => {
            let rows = diesel::sql_query(shape.select_from_sqlite());
            for row in rows.load_iter::<Line, DefaultLoadingMode>(conn)? {
                take(row?.line)?;
            }
        }
        Connection::Postgres(conn) => {
            conn.batch_execute(&format!("DECLARE walk NO SCROLL CURSOR FOR {}", shape.select_from_postgres()))?;
            loop {
                let rows: Vec<Line> = diesel::sql_query(FETCH).load(conn)?;
                if rows.is_empty() {
                    break;
                }
                rows.into_iter().try_for_each(|row| take(row.line))?;
            }
            conn.batch_execute("CLOSE walk")?;
        }
    }
    if batch.is_empty() { Ok(()) } else { each(&batch) }
}

fn insert(conn: &mut Connection, shape: &Shape, rows: &[String]) -> StoreResult<()> {
    let rows = format!("[{}]", rows.join(","));
    match conn {
        Connection::Sqlite(conn) => {
            diesel::sql_query(shape.insert_into_sqlite()).bind::<Text, _>(rows).execute(conn)?;
        }
        Connection::Postgres(conn) => {
            diesel::sql_query(shape.insert_into_postgres()).bind::<Text, _>(rows).execute(conn)?;
        }
    }
    Ok(())
}

/// Counts and hashes rows, whichever database wrote them.
struct Summary {
    rows: u64,
    hash: Context,
}

impl Summary {
    fn new() -> Self {
        Self { rows: 0, hash: Context::new(&SHA256) }
    }

    fn add(&mut self, rows: &[String]) -> StoreResult<()> {
        for row in rows {
            let unreadable = |error: serde_json::Error| StoreError::Schema(format!("a row is no JSON object: {error}"));
            // Sorted by name, because the databases order columns differently.
            let mut values: BTreeMap<String, Value> = serde_json::from_str(row).map_err(unreadable)?;
            for value in values.values_mut() {
                if let Value::Bool(is_true) = value {
                    *value = Value::from(i64::from(*is_true));
                }
            }
            self.hash.update(serde_json::to_string(&values).map_err(unreadable)?.as_bytes());
            self.hash.update(b"\n");
        }
        self.rows += rows.len() as u64;
        Ok(())
    }

    fn finish(self, table: &'static str) -> CopiedTable {
        CopiedTable { table, rows: self.rows, sha256: hex(self.hash.finish().as_ref()) }
    }
}
