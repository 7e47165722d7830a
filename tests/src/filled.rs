//! A database in which every table has rows, with values that are easily damaged on the way to
//! another database. Made from the schema itself, so that a new table or column is never forgotten.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use directory_store::database::Database;

use crate::backend::TestDatabase;

/// How many rows each table has.
pub const ROWS: i64 = 3;
/// The first whole number that a floating-point number cannot hold.
const LARGE: i64 = 9_007_199_254_740_993;
/// Quotes of all kinds, an escape, a line break, and characters of two, three and four bytes.
const AWKWARD: &str = "'one' \"two\" \\n \n ß … 😀 %_";

#[derive(QueryableByName)]
struct Table {
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = BigInt)]
    is_required: i64,
}

#[derive(QueryableByName)]
struct Reference {
    #[diesel(sql_type = Text)]
    column: String,
    #[diesel(sql_type = Text)]
    table: String,
}

/// Fills every table of a migrated, empty database, and says the names of the tables.
pub async fn fill(db: &TestDatabase) -> Vec<String> {
    // SQLite tells the shape of the tables, whichever database is filled.
    let model = TestDatabase::sqlite().await;
    let is_sqlite = db.database.file().is_some();
    let (tables, statements) = model.read(move |conn| Ok(statements(conn, is_sqlite)?)).await;
    execute(&db.database, statements).await;
    tables
}

/// Runs statements, all or none.
pub async fn execute(database: &Database, statements: Vec<String>) {
    let executed = database.write_unnumbered(move |conn| {
        for statement in &statements {
            diesel::sql_query(statement).execute(conn)?;
        }
        Ok(())
    });
    executed.await.expect("the statements run");
}

fn statements(
    conn: &mut directory_store::connection::Connection,
    is_sqlite: bool,
) -> QueryResult<(Vec<String>, Vec<String>)> {
    // In the order of their making, which is that of their references.
    let tables: Vec<Table> = diesel::sql_query(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_\\_%' ESCAPE '\\' \
         AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid",
    )
    .load(conn)?;
    let names: Vec<String> = tables.into_iter().map(|table| table.name).collect();
    let mut first = Vec::new();
    for table in &names {
        let columns: Vec<Column> = diesel::sql_query(format!(
            "SELECT name, type AS kind, \"notnull\" AS is_required FROM pragma_table_info('{table}')"
        ))
        .load(conn)?;
        let references: Vec<Reference> = diesel::sql_query(format!(
            "SELECT \"from\" AS \"column\", \"table\" FROM pragma_foreign_key_list('{table}')"
        ))
        .load(conn)?;
        let references = references.into_iter().map(|reference| (reference.column, reference.table)).collect();
        // The migrations made the first tenant, the platform's.
        let start = if table == "tenants" { 2 } else { 1 };
        let row = |number| insert(table, &columns, &references, number, is_sqlite);
        first.extend((start..=ROWS).map(row));
    }
    // The first group is below the last one.
    first.push(format!("UPDATE \"groups\" SET parent_id = {ROWS} WHERE id = 1"));
    Ok((names, first))
}

fn insert(
    table: &str,
    columns: &[Column],
    references: &HashMap<String, String>,
    number: i64,
    is_sqlite: bool,
) -> String {
    let names = columns.iter().map(|column| format!("\"{}\"", column.name)).collect::<Vec<_>>().join(", ");
    let value = |column: &Column| match references.get(&column.name).map(String::as_str) {
        // One of the two, and never both.
        _ if table == "publication_entries" && column.name == "contact_id" && number == 1 => "NULL".into(),
        _ if table == "publication_entries" && column.name == "group_id" && number != 1 => "NULL".into(),
        _ if ["avatars", "avatar_statuses"].contains(&table) && column.name == "contact_id" && number == 1 => {
            "NULL".into()
        }
        _ if ["avatars", "avatar_statuses"].contains(&table) && column.name == "domain_id" && number != 1 => {
            "NULL".into()
        }
        Some("groups") if table == "groups" => "NULL".into(),
        Some("blobs") => blob(number, is_sqlite),
        Some(_) => number.to_string(),
        None if column.name == "id" => number.to_string(),
        None if column.is_required == 0 && number == 1 => "NULL".into(),
        None => value(column, number, is_sqlite),
    };
    let values = columns.iter().map(value).collect::<Vec<_>>().join(", ");
    format!("INSERT INTO \"{table}\" ({names}) VALUES ({values})")
}

fn value(column: &Column, number: i64, is_sqlite: bool) -> String {
    match column.kind.as_str() {
        "BLOB" => blob(number, is_sqlite),
        "INTEGER" if ["is_", "can_", "may_"].iter().any(|start| column.name.starts_with(start)) => {
            if number == 2 {
                "TRUE".into()
            } else {
                "FALSE".into()
            }
        }
        "INTEGER" => (LARGE + number).to_string(),
        "TEXT" => format!("'{} {number} {}'", column.name, AWKWARD.replace('\'', "''")),
        other => panic!("`{}` is of the unknown type `{other}`", column.name),
    }
}

/// Bytes that are no text.
fn blob(number: i64, is_sqlite: bool) -> String {
    let digits = format!("00ff{number:02x}0d0a");
    if is_sqlite { format!("X'{digits}'") } else { format!("'\\x{digits}'::bytea") }
}
