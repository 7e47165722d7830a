//! Moving a store, backing it up and restoring it: with every table filled.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use directory_model::id::IdSource;
use directory_store::backup::{backup, restore};
use directory_store::copy::{Copied, copy_store};
use directory_store::error::{StoreError, StoreResult};
use directory_store::tenants;
use suite::backend::{TestDatabase, new_folder};
use suite::filled::{ROWS, execute, fill};
use suite::on_each_backend;

/// Asserts that everything was copied: each table of `tables` but the lease, with all its rows.
fn require_complete(copied: &Copied, tables: &[String]) {
    let mut expected: Vec<(&str, u64)> =
        tables.iter().filter(|table| *table != "gateway_lease").map(|table| (table.as_str(), ROWS as u64)).collect();
    let mut found: Vec<(&str, u64)> = copied.tables.iter().map(|copied| (copied.table, copied.rows)).collect();
    expected.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, expected);
}

fn refusal<T>(result: StoreResult<T>) -> String {
    match result {
        Err(StoreError::Schema(text) | StoreError::Unavailable(text)) => text,
        Err(other) => panic!("refused for another reason: {other}"),
        Ok(_) => panic!("not refused"),
    }
}

fn file_of(db: &TestDatabase) -> PathBuf {
    db.database.file().expect("a SQLite database")
}

#[tokio::test]
async fn a_filled_store_moves_to_postgresql_and_back_unchanged() {
    let (sqlite, postgres) = (TestDatabase::sqlite().await, TestDatabase::postgres().await);
    let back = TestDatabase::unmigrated_sqlite().await;
    let tables = fill(&sqlite).await;

    let there = copy_store(&sqlite.database, &postgres.database).await.expect("copied");
    let again = copy_store(&postgres.database, &back.database).await.expect("copied back");

    require_complete(&there, &tables);
    assert_eq!(there, again);
}

#[tokio::test]
async fn more_rows_than_one_batch_holds_arrive_in_order() {
    let (sqlite, postgres) = (TestDatabase::sqlite().await, TestDatabase::unmigrated_postgres().await);
    let back = TestDatabase::unmigrated_sqlite().await;
    let row = |number| format!("INSERT INTO meta (\"key\", value) VALUES ('Key_{number}', '{number}')");
    execute(&sqlite.database, (0..1234).map(row).collect()).await;

    let there = copy_store(&sqlite.database, &postgres.database).await.expect("copied");
    let again = copy_store(&postgres.database, &back.database).await.expect("copied back");

    assert_eq!(there.tables.iter().find(|copied| copied.table == "meta").map(|copied| copied.rows), Some(1234));
    assert_eq!(there, again);
}

#[tokio::test]
async fn a_moved_store_goes_on_counting() {
    let (sqlite, postgres) = (TestDatabase::sqlite().await, TestDatabase::unmigrated_postgres().await);
    sqlite.tenant("Acme").await;
    let acme = sqlite.tenant("Berg").await;
    sqlite.contact(acme, "Anna Berg").await;

    copy_store(&sqlite.database, &postgres.database).await.expect("copied");

    // The identities of the two tests count alike, so the copy's must be ahead.
    for _ in 0..100 {
        postgres.ids.next_ulid();
    }
    let new = postgres.tenant("Cole").await;
    postgres.contact(new, "Ben Cole").await;
    let found = postgres.read(tenants::all).await;
    assert_eq!(found.into_iter().map(|tenant| tenant.fields.name).collect::<Vec<_>>(), ["Acme", "Berg", "Cole"]);
}

#[tokio::test]
async fn nothing_is_copied_into_a_database_in_use() {
    let (sqlite, postgres) = (TestDatabase::sqlite().await, TestDatabase::postgres().await);
    sqlite.tenant("Acme").await;
    postgres.tenant("Berg").await;

    let refused = copy_store(&sqlite.database, &postgres.database).await;

    assert!(refusal(refused).contains("not empty"));
    let left = postgres.read(tenants::all).await;
    assert_eq!(left.len(), 1);
}

#[tokio::test]
async fn a_backup_of_an_older_version_is_brought_up_to_date() {
    let (old, target) = (TestDatabase::sqlite().await, TestDatabase::postgres().await);
    old.tenant("Acme").await;
    old.database.revert_last_migration().await.expect("reverted").expect("one to revert");

    restore(&file_of(&old), &target.database).await.expect("restored");

    let found = target.read(tenants::all).await;
    assert_eq!(found[0].fields.name, "Acme");
    assert!(old.database.check_schema().await.is_err(), "the backup itself stays as it is");
}

#[tokio::test]
async fn what_is_no_backup_is_refused() {
    let target = TestDatabase::sqlite().await;
    let folder = new_folder();
    let (text, empty, missing) = (folder.join("text"), folder.join("empty"), folder.join("missing"));
    fs::write(&text, "not a database at all, but long enough to have a header".repeat(100)).expect("written");
    fs::write(&empty, "").expect("written");

    for file in [&text, &empty] {
        assert!(refusal(restore(file, &target.database).await).contains("is not a backup"));
    }
    refusal(restore(&missing, &target.database).await);
    assert!(!missing.exists());
}

on_each_backend! {
    async fn a_backup_restores_everything_into_either_database(db: TestDatabase) {
        let tables = fill(&db).await;
        let folder = new_folder();
        let file = folder.join("switchboard.backup");

        let made = backup(&db.database, &file).await.expect("backed up");

        let files: Vec<_> = fs::read_dir(&folder).expect("listed").map(|entry| entry.expect("read").file_name()).collect();
        assert_eq!(files, ["switchboard.backup"]);
        let metadata = fs::metadata(&file).expect("there");
        assert_eq!((metadata.permissions().mode() & 0o777, metadata.len()), (0o600, made.bytes));
        assert_eq!(Some(made.schema_version), db.database.schema_version().await.expect("read"));
        let (sqlite, postgres) = (TestDatabase::unmigrated_sqlite().await, TestDatabase::unmigrated_postgres().await);
        let one = restore(&file, &sqlite.database).await.expect("restored");
        let other = restore(&file, &postgres.database).await.expect("restored");
        require_complete(&one, &tables);
        assert_eq!(one, other);
        assert_eq!(fs::metadata(&file).expect("there").len(), made.bytes, "the backup itself stays as it is");
    }

    async fn a_backup_never_replaces_a_file(db: TestDatabase) {
        let file = new_folder().join("switchboard.backup");
        fs::write(&file, "precious").expect("written");

        let refused = backup(&db.database, &file).await;

        assert!(refusal(refused).contains("exists already"));
        assert_eq!(fs::read_to_string(&file).expect("read"), "precious");
    }

    async fn a_backup_of_a_newer_version_is_refused(db: TestDatabase) {
        let newer = TestDatabase::sqlite().await;
        let version = "INSERT INTO __diesel_schema_migrations (version) VALUES ('99991231000001')";
        execute(&newer.database, vec![version.into()]).await;

        let refused = restore(&file_of(&newer), &db.database).await;

        assert!(refusal(refused).contains("newer than this program"));
    }

    async fn a_backup_is_not_restored_into_a_database_in_use(db: TestDatabase) {
        let file = new_folder().join("switchboard.backup");
        db.tenant("Acme").await;
        backup(&db.database, &file).await.expect("backed up");

        let refused = restore(&file, &db.database).await;

        assert!(refusal(refused).contains("not empty"));
    }
}
