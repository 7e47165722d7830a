//! Backups of a gateway at work, and databases of other versions.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use directory_model::id::{CountedIds, TenantId};
use directory_store::database::{Database, OpenOptions};
use directory_store::{changes, contacts, tenants};
use serde_json::json;
use suite::filled::execute;
use suite::postgres;
use suite::process::wait_until;
use suite::program::{Client, setup_token};

use super::place::{Place, name};

async fn database(url: &str) -> Database {
    Database::open(&OpenOptions::new(url, Arc::<CountedIds>::default())).await.unwrap()
}

async fn file(path: &Path) -> Database {
    database(&format!("sqlite:{}", path.display())).await
}

/// Asserts that the store is as it was after some transaction: every contact up to one, and
/// the line of changes up to that.
async fn require_one_moment(database: Database, tenant: TenantId) -> usize {
    let look = move |conn: &mut directory_store::connection::Connection| {
        let contacts = contacts::all(conn, tenant, 0, 10_000)?;
        let line = changes::list(conn, tenant, 0, 10_000)?;
        Ok((contacts, line, tenants::change_seq(conn, tenant)?))
    };
    let (contacts, line, newest) = database.read(look).await.unwrap();
    let names = contacts.iter().filter_map(|(_, contact)| contact.fields.display_name.clone());
    let expected = (0..contacts.len()).map(|number| format!("Contact {number}")).collect::<BTreeSet<_>>();
    assert_eq!(names.collect::<BTreeSet<_>>(), expected);
    assert_eq!(line.last().map(|change| change.seq), newest);
    let numbers = line.iter().map(|change| change.seq).collect::<BTreeSet<_>>();
    assert!(numbers.iter().copied().eq(1..=newest.unwrap()), "the line has a gap: {numbers:?}");
    contacts.len()
}

async fn back_up_while_written_to(place: Place, target: &dyn Fn() -> Place) {
    let (place, server) = tokio::task::spawn_blocking(|| {
        let server = place.serve();
        (place, server)
    })
    .await
    .unwrap();
    let (admin, tenant) = Client::of_new_tenant_at(&place.url(), &setup_token(&server.log())).await;
    let (written, is_enough) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicBool::new(false)));
    let writing = tokio::spawn({
        let (written, is_enough, path) = (written.clone(), is_enough.clone(), format!("/tenants/{tenant}/contacts"));
        async move {
            while !is_enough.load(Ordering::Relaxed) {
                let number = written.load(Ordering::Relaxed);
                admin.make(&path, json!({ "display_name": format!("Contact {number}") })).await;
                written.fetch_add(1, Ordering::Relaxed);
            }
        }
    });

    let mut kept: Vec<(PathBuf, u32)> = Vec::new();
    for number in 0..3 {
        let before = written.load(Ordering::Relaxed);
        wait_until("something to be written", || written.load(Ordering::Relaxed) > before + 3);
        let backup = place.file(&format!("{number}.backup"));
        let at_least = written.load(Ordering::Relaxed);
        place.ask(&["backup", name(&backup)]);
        kept.push((backup, at_least));
    }
    is_enough.store(true, Ordering::Relaxed);
    writing.await.unwrap();

    let tenant: TenantId = tenant.parse().unwrap();
    for (backup, at_least) in kept {
        let target = target();
        target.ask(&["restore", name(&backup)]);
        let restored = require_one_moment(database(&target.database_url()).await, tenant).await;
        assert!(restored >= at_least as usize, "{restored} of at least {at_least}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_a_file_that_is_written_to_is_of_one_moment() {
    back_up_while_written_to(Place::new(), &Place::new).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_postgresql_that_is_written_to_is_of_one_moment() {
    let server = postgres::server();
    let name = server.create();
    back_up_while_written_to(Place::of(&server.url(&name), ""), &Place::new).await;
    server.remove(&name);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_a_newer_program_is_refused_by_every_command() {
    let place = Place::new();
    place.ask(&["migrate"]);
    let version = "INSERT INTO __diesel_schema_migrations (version) VALUES ('99991231000001')";
    execute(&file(&place.file("switchboard.db")).await, vec![version.into()]).await;

    let expected = "switchboard: the database has schema version 99991231000001, which is newer than this program; \
                    use a newer program\n";
    for command in [&["serve"][..], &["migrate"], &["backup", "kept.backup"], &["admin", "set-up-link"]] {
        let refusal = place.refusal(command);
        assert!(refusal.ends_with(expected), "{command:?}: {refusal}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_an_older_program_is_copied_before_it_is_migrated() {
    for command in ["migrate", "serve"] {
        let place = Place::new();
        let path = place.file("switchboard.db");
        place.ask(&["migrate"]);
        let old = file(&path).await;
        old.revert_last_migration().await.unwrap().unwrap();
        let version = old.schema_version().await.unwrap().unwrap();
        drop(old);

        let said = if command == "serve" { place.serve().log() } else { place.ask(&["migrate"]) };

        let copy = place.file(&format!("switchboard.db.{version}.bak"));
        assert!(said.contains("copied the database") && said.contains(name(&copy)), "{said}");
        assert_eq!(file(&copy).await.schema_version().await.unwrap(), Some(version));
        file(&path).await.check_schema().await.unwrap();
    }
}
