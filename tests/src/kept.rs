//! What a database holds: to compare it row by row, and to bring it back as it was.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use directory_store::connection::Connection;
use directory_store::database::Database;

use crate::filled::execute;

/// Where the rows of a table are kept.
const KEPT: &str = "kept_";

/// The rows of a database as they were at one moment, kept in tables of their own beside it.
pub struct Kept {
    /// In the order of their making, which on SQLite is that of their references.
    tables: Vec<String>,
    /// Answers every row of every table.
    every_row: String,
    is_sqlite: bool,
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct Rows {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Nullable<Text>)]
    rows: Option<String>,
}

impl Kept {
    /// Keeps what `database` holds now.
    pub async fn of(database: &Database) -> Self {
        let is_sqlite = database.file().is_some();
        let looking = database.read(move |conn| Ok(shape(conn, is_sqlite)?));
        let (tables, every_row) = looking.await.expect("the tables can be listed");
        let keep = |table: &String| format!("CREATE TABLE \"{KEPT}{table}\" AS SELECT * FROM \"{table}\"");
        execute(database, tables.iter().map(keep).collect()).await;
        Self { tables, every_row, is_sqlite }
    }

    /// Lets `database` hold what was kept, and nothing else.
    pub async fn bring_back(&self, database: &Database) {
        let unchecked = if self.is_sqlite {
            "PRAGMA defer_foreign_keys = ON"
        } else {
            "SET LOCAL session_replication_role = replica"
        };
        let empty = self.tables.iter().rev().map(|table| format!("DELETE FROM \"{table}\""));
        let refill = |table: &String| format!("INSERT INTO \"{table}\" SELECT * FROM \"{KEPT}{table}\"");
        let refill = self.tables.iter().map(refill);
        execute(database, std::iter::once(unchecked.to_owned()).chain(empty).chain(refill).collect()).await;
    }

    /// Every row that `database` holds now, as text, by table.
    pub async fn rows(&self, database: &Database) -> BTreeMap<String, String> {
        let query = self.every_row.clone();
        let reading = database.read(move |conn| Ok(diesel::sql_query(query).load::<Rows>(conn)?));
        let tables = reading.await.expect("every table can be read").into_iter();
        tables.map(|table| (table.name, table.rows.unwrap_or_default())).collect()
    }
}

fn shape(conn: &mut Connection, is_sqlite: bool) -> QueryResult<(Vec<String>, String)> {
    let tables: Vec<Name> = diesel::sql_query(if is_sqlite {
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_\\_%' ESCAPE '\\' \
         AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid"
    } else {
        "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public' AND left(tablename, 2) <> '__' \
         ORDER BY tablename"
    })
    .load(conn)?;
    let tables: Vec<String> = tables.into_iter().map(|table| table.name).collect();
    let mut rows = Vec::new();
    for table in &tables {
        let all = if is_sqlite {
            let columns = format!("SELECT name FROM pragma_table_info('{table}')");
            let columns: Vec<Name> = diesel::sql_query(columns).load(conn)?;
            let values: Vec<String> = columns.iter().map(|column| format!("quote(\"{}\")", column.name)).collect();
            let line = values.join(" || ',' || ");
            format!("SELECT group_concat(line, char(10)) FROM (SELECT {line} AS line FROM \"{table}\" ORDER BY 1)")
        } else {
            format!("SELECT string_agg(t::text, chr(10) ORDER BY t::text) FROM \"{table}\" t")
        };
        rows.push(format!("SELECT '{table}' AS name, ({all}) AS rows"));
    }
    Ok((tables, rows.join(" UNION ALL ")))
}
