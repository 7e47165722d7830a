//! One gateway for each PostgreSQL database, where no locked file helps.

use std::time::Duration;

use directory_model::change::ObjectKind;
use directory_store::changes;
use directory_store::error::StoreError;
use directory_store::lease::{self, Lease};
use suite::backend::TestDatabase;
use suite::postgres;
use suite::process::wait_until;

use super::place::{Place, is_listening, name};

/// A PostgreSQL database of one test.
struct Shared(String);

impl Shared {
    fn new() -> Self {
        Self(postgres::server().create())
    }

    fn place(&self) -> Place {
        Place::of(&postgres::server().url(&self.0), "")
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        postgres::server().remove(&self.0);
    }
}

#[test]
fn a_second_gateway_is_refused_and_the_next_one_follows_a_crash() {
    let database = Shared::new();
    let (first, second, third) = (database.place(), database.place(), database.place());
    let mut serving = first.serve();

    let refusal = second.refusal(&["serve"]);
    serving.kill();
    let mut next = third.start();
    wait_until("the wait for the lease", || next.log().contains("waiting for the lease"));
    assert!(!is_listening(third.port), "nobody is served before the lease is there");
    next.wait_until(|| is_listening(third.port)).unwrap();

    let expected = format!("switchboard: another gateway serves this database: process {}\n", serving.id());
    // Above it stands the log, with what the program did until then.
    assert!(refusal.ends_with(&expected), "{refusal}");
}

#[test]
fn what_needs_the_database_for_itself_takes_the_lease() {
    let database = Shared::new();
    let (gateway, operator) = (database.place(), database.place());
    let (backup, elsewhere) = (operator.file("kept.backup"), operator.file("elsewhere.db"));
    let to = format!("sqlite:{}", elsewhere.display());
    let mut serving = gateway.serve();
    operator.ask(&["backup", name(&backup)]);

    let commands = [
        &["migrate"][..],
        &["restore", name(&backup)],
        &["copy-store", "--to", &to],
        &["admin", "rekey"],
        &["admin", "reset-password", "--user", "root"],
    ];
    let refusals = std::thread::scope(|scope| {
        let asked = commands.map(|command| scope.spawn(|| operator.refusal(command)));
        asked.map(|asked| asked.join().unwrap())
    });
    serving.signal("TERM");
    assert_eq!(serving.ended(), Some(0), "{}", serving.log());
    let migrated = operator.ask(&["migrate"]);
    let next = gateway.serve();

    let expected = format!("switchboard: another gateway serves this database: process {}\n", serving.id());
    assert_eq!(refusals, [(); 5].map(|()| expected.clone()));
    assert!(!elsewhere.exists(), "a refused copy leaves nothing behind");
    assert_eq!(migrated, "the database is up to date\n");
    assert!(!next.log().contains("waiting"), "the command has given the lease back: {}", next.log());
}

#[test]
fn a_gateway_that_slept_too_long_ends_when_it_wakes() {
    let database = Shared::new();
    let (first, second) = (database.place(), database.place());
    let mut sleeper = first.serve();
    sleeper.signal("STOP");

    let _next = second.serve();
    sleeper.signal("CONT");

    assert_eq!(sleeper.ended(), Some(1), "{}", sleeper.log());
    assert!(sleeper.log().contains("another gateway has taken this database over"), "{}", sleeper.log());
    assert!(sleeper.log().ends_with("switchboard: the right to serve this database was lost\n"), "{}", sleeper.log());
}

#[tokio::test]
async fn whoever_lost_the_lease_writes_nothing_any_more() {
    let db = TestDatabase::postgres().await;
    let tenant = db.tenant("Acme").await;
    let (now, ttl) = (db.origin().at, Duration::from_secs(15));
    let take = |who: &'static str, at| db.database.write_unnumbered(move |conn| lease::acquire(conn, who, at, ttl));
    assert_eq!(take("one", now).await.unwrap(), Lease::Ours { fence: 1 });
    let held = db.database.fenced(1);
    let write = || {
        held.write(tenant, db.origin(), |tx| {
            tx.changed(ObjectKind::Site, "a");
            Ok(())
        })
    };
    assert_eq!(write().await.unwrap(), Some(()));

    assert_eq!(take("two", now.plus(Duration::from_secs(16))).await.unwrap(), Lease::Ours { fence: 2 });
    let numbered = write().await;
    let unnumbered = held.write_unnumbered(|_| Ok(())).await;

    for refused in [numbered.map(drop), unnumbered] {
        let Err(StoreError::Unavailable(sentence)) = refused else { panic!("{refused:?}") };
        assert_eq!(sentence, "another gateway has taken this database over");
    }
    assert_eq!(db.read(move |conn| changes::list(conn, tenant, 0, 10)).await.len(), 1);
    assert!(held.read(|_| Ok(())).await.is_ok());
}
