//! Sessions and API tokens: what a secret opens, and until when.

use std::time::Duration;

use directory_model::audit::Act;
use directory_model::clock::Clock;
use directory_model::id::{TenantId, UserId};
use directory_model::page::PageRequest;
use directory_model::rights::{Role, Scope};
use directory_model::tenant::TenantFields;
use directory_model::user::{Session, Token, UserFields};
use directory_model::valid::Check;
use directory_store::sessions::NewSession;
use directory_store::tokens::NewToken;
use directory_store::{PLATFORM, audit, sessions, tenants, tokens, users};
use suite::backend::TestDatabase;
use suite::on_each_backend;

const HOUR: Duration = Duration::from_hours(1);
const ALMOST_A_MINUTE: Duration = Duration::from_secs(59);

async fn sign_in(db: &TestDatabase, tenant: TenantId, user: UserId, secret: u8) -> Option<Session> {
    let new = NewSession {
        user,
        secret_hash: [secret; 32],
        csrf_token: "csrf".into(),
        user_agent: "Firefox".into(),
        expires_at: db.clock.now().plus(HOUR),
        provider: None,
    };
    db.write(tenant, move |tx| sessions::insert(tx, &new)).await
}

async fn issue(db: &TestDatabase, tenant: TenantId, user: UserId, secret: u8) -> Option<Token> {
    let new = NewToken {
        user,
        name: format!("export {secret}"),
        role: Role::Contact,
        scope: Scope::Tenant(tenant),
        secret_hash: [secret; 32],
        expires_at: db.clock.now().plus(HOUR),
    };
    db.write(tenant, move |tx| tokens::insert(tx, &new)).await
}

/// Whether the secret opens a session, and whether it opens a token.
async fn opens(db: &TestDatabase, secret: u8) -> (bool, bool) {
    let now = db.clock.now();
    db.read(move |conn| {
        let session = sessions::find_by_hash(conn, &[secret; 32], now)?;
        Ok((session.is_some(), tokens::find_by_hash(conn, &[secret; 32], now)?.is_some()))
    })
    .await
}

on_each_backend! {
    async fn a_session_opens_with_its_secret_until_it_expires(db: TestDatabase) {
        let tenant = db.tenant("Acme").await;
        let anna = db.user(tenant, "anna").await.id;
        let session = sign_in(&db, tenant, anna, 7).await.expect("a user");
        let now = db.clock.now();

        let signed_in = db.read(move |conn| sessions::find_by_hash(conn, &[7; 32], now)).await.expect("open");

        assert_eq!((signed_in.tenant, &signed_in.session, signed_in.csrf_token.as_str()), (tenant, &session, "csrf"));
        assert_eq!((signed_in.user.id, signed_in.user.signed_in_at), (anna, Some(now)));
        assert_eq!(opens(&db, 8).await, (false, false));
        db.clock.advance(HOUR);
        assert_eq!(opens(&db, 7).await, (false, false));
        let later = db.clock.now();
        assert_eq!(db.read(move |conn| sessions::of_user(conn, tenant, anna, later, later.minus(HOUR * 2))).await, []);
        assert_eq!(db.database.write_unnumbered(move |conn| sessions::purge(conn, later)).await.expect("purged"), 1);
    }

    async fn a_token_opens_with_its_secret_until_it_expires(db: TestDatabase) {
        let tenant = db.tenant("Acme").await;
        let anna = db.user(tenant, "anna").await.id;
        let token = issue(&db, tenant, anna, 7).await.expect("a user");
        let now = db.clock.now();

        let bearer = db.read(move |conn| tokens::find_by_hash(conn, &[7; 32], now)).await.expect("open");

        assert_eq!((bearer.tenant, &bearer.token, bearer.user.id), (tenant, &token, anna));
        assert_eq!((token.role, token.scope, token.used_at), (Role::Contact, Scope::Tenant(tenant), None));
        assert_eq!(opens(&db, 8).await, (false, false));
        db.clock.advance(HOUR);
        assert_eq!(opens(&db, 7).await, (false, false));
        let later = db.clock.now();
        assert_eq!(db.database.write_unnumbered(move |conn| tokens::purge(conn, later)).await.expect("purged"), 1);
    }

    async fn nothing_opens_for_a_disabled_user(db: TestDatabase) {
        let tenant = db.tenant("Acme").await;
        let anna = db.user(tenant, "anna").await;
        sign_in(&db, tenant, anna.id, 7).await;
        issue(&db, tenant, anna.id, 7).await;
        assert_eq!(opens(&db, 7).await, (true, true));

        let fields = UserFields { is_disabled: true, ..anna.fields }.check().expect("valid");
        db.write(tenant, move |tx| users::update(tx, anna.id, 1, &fields)).await.expect("found");

        assert_eq!(opens(&db, 7).await, (false, false));
    }

    async fn nothing_opens_in_a_disabled_tenant(db: TestDatabase) {
        let tenant = db.tenant("Acme").await;
        let anna = db.user(tenant, "anna").await.id;
        sign_in(&db, tenant, anna, 7).await;
        issue(&db, tenant, anna, 7).await;

        let fields = TenantFields { name: "Acme".into(), is_disabled: true, ..TenantFields::default() };
        let fields = fields.check().expect("valid");
        db.write(PLATFORM, move |tx| tenants::update(tx, tenant, 1, &fields)).await.expect("found");

        assert_eq!(opens(&db, 7).await, (false, false));
    }

    async fn use_is_noted_at_most_once_a_minute(db: TestDatabase) {
        let tenant = db.tenant("Acme").await;
        let anna = db.user(tenant, "anna").await.id;
        let session = sign_in(&db, tenant, anna, 7).await.expect("a user");
        let token = issue(&db, tenant, anna, 7).await.expect("a user");
        let touch = || {
            let now = db.clock.now();
            let (session, token) = (session.id, token.id);
            db.database.write_unnumbered(move |conn| {
                Ok((sessions::touch(conn, session, now)?, tokens::touch(conn, token, now)?))
            })
        };

        assert_eq!(touch().await.expect("touched"), (false, true));
        db.clock.advance(ALMOST_A_MINUTE);
        assert!(!sessions::is_touch_due(&session, db.clock.now()) && tokens::is_touch_due(&token, db.clock.now()));
        assert_eq!(touch().await.expect("touched"), (false, false));
        db.clock.advance(Duration::from_secs(1));
        assert!(sessions::is_touch_due(&session, db.clock.now()));
        assert_eq!(touch().await.expect("touched"), (true, true));
        let now = db.clock.now();
        let used = db.read(move |conn| sessions::find_by_hash(conn, &[7; 32], now)).await.expect("open");
        assert_eq!(used.session.used_at, now);
    }

    async fn noting_use_takes_no_number_of_the_tenants_line(db: TestDatabase) {
        let tenant = db.tenant("Acme").await;
        let anna = db.user(tenant, "anna").await.id;
        let session = sign_in(&db, tenant, anna, 7).await.expect("a user").id;
        let before = db.read(move |conn| tenants::change_seq(conn, tenant)).await;

        db.clock.advance(HOUR / 2);
        let now = db.clock.now();
        let touched = db.database.write_unnumbered(move |conn| sessions::touch(conn, session, now)).await;

        assert!(touched.expect("touched"));
        assert_eq!(db.read(move |conn| tenants::change_seq(conn, tenant)).await, before);
    }

    async fn signing_out_everywhere_else_keeps_this_session(db: TestDatabase) {
        let tenant = db.tenant("Acme").await;
        let (anna, ben) = (db.user(tenant, "anna").await.id, db.user(tenant, "ben").await.id);
        let here = sign_in(&db, tenant, anna, 1).await.expect("a user").id;
        sign_in(&db, tenant, anna, 2).await;
        sign_in(&db, tenant, anna, 3).await;
        sign_in(&db, tenant, ben, 4).await;

        let ended = db.write(tenant, move |tx| sessions::remove_of_user(tx, anna, Some(here))).await;

        assert_eq!(ended, 2);
        for (secret, is_open) in [(1, true), (2, false), (3, false), (4, true)] {
            assert_eq!(opens(&db, secret).await.0, is_open, "{secret}");
        }
        assert_eq!(db.write(tenant, move |tx| sessions::remove(tx, here)).await, Some(()));
        assert_eq!(db.write(tenant, move |tx| sessions::remove(tx, here)).await, None);
        let trail = db.read(move |conn| audit::list(conn, tenant, &PageRequest::default())).await.items;
        let count = |act| trail.iter().filter(|entry| entry.act == act).count();
        assert_eq!((count(Act::SignIn), count(Act::SignOut)), (4, 3));
    }

    async fn sessions_and_tokens_of_another_tenant_are_missing(db: TestDatabase) {
        let (acme, other) = (db.tenant("Acme").await, db.tenant("Other").await);
        let anna = db.user(acme, "anna").await.id;
        let session = sign_in(&db, acme, anna, 1).await.expect("a user").id;
        let token = issue(&db, acme, anna, 2).await.expect("a user").id;
        let now = db.clock.now();

        assert_eq!(sign_in(&db, other, anna, 3).await, None);
        assert_eq!(issue(&db, other, anna, 4).await, None);
        assert_eq!(db.write(other, move |tx| sessions::remove(tx, session)).await, None);
        assert_eq!(db.write(other, move |tx| sessions::remove_of_user(tx, anna, None)).await, 0);
        assert_eq!(db.read(move |conn| sessions::of_user(conn, other, anna, now, now.minus(HOUR))).await, []);
        assert_eq!(db.write(other, move |tx| tokens::remove(tx, token)).await, None);
        assert_eq!(db.read(move |conn| tokens::find(conn, other, token)).await, None);
        let listed = db.read(move |conn| tokens::list(conn, other, None, &PageRequest::default())).await;
        assert_eq!(listed.items, []);
        assert_eq!((opens(&db, 1).await.0, opens(&db, 2).await.1), (true, true));
    }

    async fn tokens_are_listed_and_taken_back(db: TestDatabase) {
        let tenant = db.tenant("Acme").await;
        let (anna, ben) = (db.user(tenant, "anna").await.id, db.user(tenant, "ben").await.id);
        let mut issued = Vec::new();
        for (user, secret) in [(anna, 1), (ben, 2), (anna, 3)] {
            issued.push(issue(&db, tenant, user, secret).await.expect("a user"));
        }

        let all = db.read(move |conn| tokens::list(conn, tenant, None, &PageRequest::default())).await;
        let annas = db.read(move |conn| tokens::list(conn, tenant, Some(anna), &PageRequest::default())).await;
        let first = issued[0].id;
        let taken = db.write(tenant, move |tx| tokens::remove(tx, first)).await;

        assert_eq!(all.items, issued);
        assert_eq!(annas.items, [issued[0].clone(), issued[2].clone()]);
        assert_eq!(taken, Some(()));
        assert_eq!(opens(&db, 1).await, (false, false));
    }

    async fn a_removed_user_takes_sessions_and_tokens_along(db: TestDatabase) {
        let tenant = db.tenant("Acme").await;
        let anna = db.user(tenant, "anna").await.id;
        sign_in(&db, tenant, anna, 1).await;
        issue(&db, tenant, anna, 1).await;

        db.write(tenant, move |tx| users::remove(tx, anna, None)).await.expect("found");

        assert_eq!(opens(&db, 1).await, (false, false));
    }
}
