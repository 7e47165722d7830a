//! Both trees of migrations hold the same steps, and each can be taken back.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use diesel::RunQueryDsl;
use directory_store::database::{Database, OpenOptions};
use suite::backend::TestDatabase;

fn names(tree: &str) -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations").join(tree);
    let entries = fs::read_dir(folder).expect("the tree exists");
    entries.map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn both_trees_hold_the_same_migrations() {
    let sqlite = names("sqlite");

    assert_eq!(sqlite, names("postgres"));
    assert_eq!(sqlite.into_iter().collect::<Vec<_>>(), directory_store::migrate::known().expect("embedded"));
}

async fn up_down_up(db: TestDatabase) {
    let names = directory_store::migrate::known().expect("embedded");

    let first = db.database.migrate().await.expect("up");
    db.database.check_schema().await.expect("every column of every table is there");
    let mut taken_back = 0;
    while db.database.revert_last_migration().await.expect("down").is_some() {
        taken_back += 1;
    }
    let refusal = db.database.check_schema().await.expect_err("nothing is there any more").to_string();
    let again = db.database.migrate().await.expect("up again");

    assert_eq!(first.run, names);
    assert_eq!(first.copy, None);
    assert_eq!(taken_back, names.len());
    assert!(refusal.contains("lacks migrations"), "{refusal}");
    assert_eq!(again.run, names);
    db.database.check_schema().await.expect("every column of every table is there again");
    assert_eq!(db.database.migrate().await.expect("nothing to do").run, Vec::<String>::new());
}

#[tokio::test]
async fn sqlite_goes_up_down_and_up_again() {
    up_down_up(TestDatabase::unmigrated_sqlite().await).await;
}

#[tokio::test]
async fn postgres_goes_up_down_and_up_again() {
    up_down_up(TestDatabase::unmigrated_postgres().await).await;
}

#[tokio::test]
async fn a_file_with_data_is_copied_before_it_is_migrated() {
    let db = TestDatabase::sqlite().await;
    db.database.revert_last_migration().await.expect("down");
    let before = db.database.schema_version().await.expect("read").expect("some migrations are left");

    let copy = db.database.migrate().await.expect("up").copy.expect("a copy was made");

    let options = OpenOptions::new(format!("sqlite:{}", copy.display()), db.ids.clone());
    let copied = Database::open(&options).await.expect("the copy opens");
    assert_eq!(copied.schema_version().await.expect("read"), Some(before));
}

async fn older_program_refuses(db: TestDatabase) {
    let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('29991231000001')";
    db.database.write_unnumbered(move |conn| Ok(diesel::sql_query(newer).execute(conn)?)).await.expect("written");

    for refused in [
        db.database.migrate().await.map(|_| ()),
        db.database.check_schema().await,
        db.database.revert_last_migration().await.map(|_| ()),
    ] {
        let message = refused.expect_err("refused").to_string();
        let expected = "the database has schema version 29991231000001, which is newer than this program; \
                        use a newer program";
        assert_eq!(message, expected);
    }
}

#[tokio::test]
async fn an_older_program_refuses_a_newer_sqlite() {
    older_program_refuses(TestDatabase::sqlite().await).await;
}

#[tokio::test]
async fn an_older_program_refuses_a_newer_postgres() {
    older_program_refuses(TestDatabase::postgres().await).await;
}
