//! The line of changes.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use diesel::RunQueryDsl;
use directory_model::change::ObjectKind;
use directory_model::id::TenantId;
use directory_model::port::ChangeSink;
use directory_model::tenant::TenantFields;
use directory_model::valid::Check;
use directory_store::error::StoreError;
use directory_store::lease::{self, Lease};
use directory_store::{PLATFORM, changes, tenants};
use suite::backend::TestDatabase;
use suite::on_each_backend;

async fn acme(db: &TestDatabase) -> TenantId {
    let fields = TenantFields { name: "Acme".into(), ..TenantFields::default() }.check().expect("valid");
    db.write(PLATFORM, move |tx| tenants::insert(tx, &fields)).await.id
}

#[derive(Default)]
struct Heard(Mutex<Vec<i64>>);

impl ChangeSink for Heard {
    fn changed(&self, _: TenantId, seq: i64) {
        self.0.lock().expect("not poisoned").push(seq);
    }
}

on_each_backend! {
    async fn a_long_write_learns_that_somebody_waits(db: TestDatabase) {
        let tenant = acme(&db).await;
        let database = db.database.clone();
        let (begun, has_begun) = tokio::sync::oneshot::channel();

        let long = db.write(tenant, move |_| {
            begun.send(()).expect("the other one waits for it");
            let started = Instant::now();
            while !database.is_awaited() && started.elapsed() < Duration::from_mins(1) {
                std::thread::yield_now();
            }
            Ok(database.is_awaited())
        });
        let other = async {
            has_begun.await.expect("the first one begins");
            db.write(tenant, |_| Ok(())).await;
        };

        let (is_awaited, ()) = tokio::join!(long, other);
        assert!(is_awaited);
        let is_sqlite = db.database.file().is_some();
        assert_eq!(db.database.is_awaited(), !is_sqlite, "nobody waits any more");
    }

    async fn eight_writers_leave_no_gap_and_no_double(db: TestDatabase) {
        let tenant = acme(&db).await;
        let heard = Arc::new(Heard::default());
        let database = db.database.clone().with_sink(Arc::clone(&heard) as Arc<dyn ChangeSink>);

        let mut writers = Vec::new();
        for writer in 0..8 {
            let (database, origin) = (database.clone(), db.origin());
            writers.push(tokio::spawn(async move {
                for turn in 0..10 {
                    let write = database.write(tenant, origin, move |tx| {
                        if turn == 3 {
                            return Err(StoreError::Stale);
                        }
                        if turn != 7 {
                            tx.changed(ObjectKind::Site, format!("{writer}-{turn}"));
                        }
                        Ok(())
                    });
                    assert_eq!(write.await.is_err(), turn == 3);
                }
            }));
        }
        for writer in writers {
            writer.await.expect("the writer ends");
        }

        let line = db.read(move |conn| changes::list(conn, tenant, 0, 1000)).await;
        let numbers: Vec<i64> = line.iter().map(|change| change.seq).collect();
        assert_eq!(numbers, (1..=64).collect::<Vec<_>>());
        let mut heard = heard.0.lock().expect("not poisoned").clone();
        heard.sort_unstable();
        assert_eq!(heard, numbers);
    }

    async fn a_transaction_is_never_cut_in_two(db: TestDatabase) {
        let tenant = acme(&db).await;
        for size in [2, 5, 1] {
            db.write(tenant, move |tx| {
                (0..size).for_each(|number| tx.changed(ObjectKind::Contact, number));
                Ok(())
            }).await;
        }

        let sizes = |seq, limit| db.read(move |conn| Ok(changes::list(conn, tenant, seq, limit)?.len()));

        assert_eq!(sizes(0, 3).await, 2);
        assert_eq!(sizes(1, 3).await, 5);
        assert_eq!(sizes(2, 3).await, 1);
        assert_eq!(sizes(3, 3).await, 0);
        assert_eq!(sizes(0, 7).await, 7);
    }

    async fn a_removal_outweighs_a_change_of_the_same_transaction(db: TestDatabase) {
        let tenant = acme(&db).await;
        db.write(tenant, |tx| {
            tx.removed(ObjectKind::Site, "a");
            tx.changed(ObjectKind::Site, "a");
            Ok(())
        }).await;

        let line = db.read(move |conn| changes::list(conn, tenant, 0, 10)).await;

        assert_eq!(line.len(), 1);
        assert!(line[0].is_removal);
    }

    async fn readers_cannot_write(db: TestDatabase) {
        let written = db.database.read(|conn| lease::acquire(conn, "x", directory_model::timestamp::Timestamp::MAX, Duration::ZERO));

        assert!(written.await.is_err());
    }

    async fn the_lease_has_one_holder_and_a_growing_number(db: TestDatabase) {
        let (now, ttl) = (db.origin().at, Duration::from_secs(30));
        let later = now.plus(Duration::from_secs(31));
        let ask = |who: &'static str, at| db.database.write_unnumbered(move |conn| lease::acquire(conn, who, at, ttl));

        assert_eq!(ask("one", now).await.expect("asked"), Lease::Ours { fence: 1 });
        let taken = Lease::Taken { by: "one".into(), until: now.plus(ttl) };
        assert_eq!(ask("two", now).await.expect("asked"), taken);
        assert_eq!(ask("two", later).await.expect("asked"), Lease::Ours { fence: 2 });
        let renewed = db.database.write_unnumbered(move |conn| lease::renew(conn, 1, later, ttl)).await;
        assert!(!renewed.expect("asked"), "the first holder has lost it");
        let released = db.database.write_unnumbered(|conn| lease::release(conn, 2)).await;
        assert!(released.expect("asked"));
        assert_eq!(ask("three", later).await.expect("asked"), Lease::Ours { fence: 3 });
    }
}

#[tokio::test]
async fn connections_lost_while_idle_are_replaced_unnoticed() {
    let db = TestDatabase::postgres().await;
    let tenant = acme(&db).await;
    let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                  WHERE datname = current_database() AND pid <> pg_backend_pid()";

    for _ in 0..3 {
        let killed = db.database.write_unnumbered(move |conn| Ok(diesel::sql_query(others).execute(conn)?)).await;

        assert!(killed.expect("asked") > 0);
        assert!(db.read(move |conn| tenants::find(conn, tenant)).await.is_some());
        db.write(tenant, |tx| {
            tx.changed(ObjectKind::Site, "a");
            Ok(())
        })
        .await;
    }
}
