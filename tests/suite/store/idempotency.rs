//! Answers that are repeated.

use std::time::Duration;

use directory_model::clock::Clock;
use directory_model::id::{TenantId, UserId};
use directory_store::idempotency::{self, LASTS, PATIENCE, Request, Reserved};
use suite::backend::TestDatabase;
use suite::on_each_backend;

fn request(db: &TestDatabase, tenant: TenantId, user: UserId, key: &str) -> Request {
    Request { tenant, user, key: key.into(), fingerprint: [1; 32], at: db.clock.now() }
}

async fn reserve(db: &TestDatabase, request: Request) -> Option<Reserved> {
    let reserving = db.database.write_unnumbered(move |conn| idempotency::reserve(conn, &request));
    reserving.await.expect("the store writes")
}

async fn answer(db: &TestDatabase, request: Request, answer: &'static str) {
    let answering = db.database.write_unnumbered(move |conn| idempotency::answer(conn, &request, answer));
    answering.await.expect("the store writes");
}

on_each_backend! {
    async fn a_request_is_worked_on_once_and_answered_alike_for_a_day(db: TestDatabase) {
        let tenant = db.tenant("Acme").await;
        let anna = db.user(tenant, "anna").await.id;
        let asked = request(&db, tenant, anna, "a");

        assert_eq!(reserve(&db, asked.clone()).await, Some(Reserved::Fresh));
        assert_eq!(reserve(&db, asked.clone()).await, Some(Reserved::Underway));
        answer(&db, asked.clone(), "done").await;
        assert_eq!(reserve(&db, asked.clone()).await, Some(Reserved::Answered("done".into())));
        let other = Request { fingerprint: [2; 32], ..asked.clone() };
        assert_eq!(reserve(&db, other).await, Some(Reserved::OtherRequest));
        db.clock.advance(LASTS.saturating_sub(Duration::from_millis(1)));
        assert_eq!(reserve(&db, request(&db, tenant, anna, "a")).await, Some(Reserved::Answered("done".into())));
        db.clock.advance(Duration::from_millis(1));
        assert_eq!(reserve(&db, request(&db, tenant, anna, "a")).await, Some(Reserved::Fresh));
    }

    async fn a_key_is_its_users_in_one_tenant(db: TestDatabase) {
        let (acme, other) = (db.tenant("Acme").await, db.tenant("Other").await);
        let (anna, bert) = (db.user(acme, "anna").await.id, db.user(acme, "bert").await.id);
        let nobody = UserId::new(&*db.ids);

        for (tenant, user) in [(acme, anna), (acme, bert), (other, anna)] {
            assert_eq!(reserve(&db, request(&db, tenant, user, "a")).await, Some(Reserved::Fresh));
        }
        assert_eq!(reserve(&db, request(&db, acme, nobody, "a")).await, None);
    }

    async fn what_came_to_nothing_is_asked_anew(db: TestDatabase) {
        let tenant = db.tenant("Acme").await;
        let anna = db.user(tenant, "anna").await.id;
        let asked = request(&db, tenant, anna, "a");
        reserve(&db, asked.clone()).await;

        let given_up = asked.clone();
        db.database.write_unnumbered(move |conn| idempotency::release(conn, &given_up)).await.expect("the store writes");

        assert_eq!(reserve(&db, asked).await, Some(Reserved::Fresh));
        db.clock.advance(PATIENCE);
        let left = request(&db, tenant, anna, "a");
        assert_eq!(reserve(&db, left).await, Some(Reserved::Fresh), "whoever worked on it is gone");
    }

    async fn a_user_keeps_the_latest_hundred_keys(db: TestDatabase) {
        let tenant = db.tenant("Acme").await;
        let anna = db.user(tenant, "anna").await.id;
        for number in 0..120 {
            let asked = request(&db, tenant, anna, &number.to_string());
            assert_eq!(reserve(&db, asked.clone()).await, Some(Reserved::Fresh));
            answer(&db, asked, "done").await;
        }

        assert_eq!(reserve(&db, request(&db, tenant, anna, "119")).await, Some(Reserved::Answered("done".into())));
        assert_eq!(reserve(&db, request(&db, tenant, anna, "21")).await, Some(Reserved::Answered("done".into())));
        assert_eq!(reserve(&db, request(&db, tenant, anna, "0")).await, Some(Reserved::Fresh));
    }
}
