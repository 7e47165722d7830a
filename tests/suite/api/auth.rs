//! Setting up, signing in, staying signed in, and being kept out.

use std::net::Ipv4Addr;
use std::time::Duration;

use directory_model::clock::Clock;
use directory_model::id::TenantId;
use directory_store::setup;
use gateway_api::{ApiSettings, Rate, hash_secret};
use http::Method;
use serde_json::json;
use suite::app::{Answer, As, TestGateway};
use suite::backend::TestDatabase;
use suite::on_each_backend;

use super::{Office, PASSWORD, signed_in};

async fn set_up(gateway: &TestGateway, token: &str) -> Answer {
    let body = json!({"token": token, "name": "root", "password": PASSWORD});
    gateway.ask(&As::default(), Method::POST, "/api/v1/setup", Some(&body)).await
}

async fn sign_in(gateway: &TestGateway, password: &str) -> Answer {
    let body = json!({"name": "Root", "password": password});
    gateway.ask(&As::default(), Method::POST, "/api/v1/session", Some(&body)).await
}

/// A gateway whose first user was made, and that user's session.
async fn with_root(db: TestDatabase) -> (TestDatabase, TestGateway, As) {
    let gateway = TestGateway::over(&db.database, &db.clock);
    let (hash, now) = (hash_secret("link"), db.clock.now());
    let offering = move |conn: &mut _| setup::offer(conn, &hash, now, now.plus(Duration::from_hours(1)));
    db.database.write_unnumbered(offering).await.expect("the link is offered");
    let made = set_up(&gateway, "link").await;
    assert_eq!(made.status, 201, "{}", made.json);
    let root = signed_in(&sign_in(&gateway, PASSWORD).await);
    (db, gateway, root)
}

on_each_backend! {
    async fn a_set_up_link_works_once(db: TestDatabase) {
        let (_db, gateway, root) = with_root(db).await;

        assert_eq!(set_up(&gateway, "link").await.problem(), "422 invalid_value token:format");
        assert_eq!(set_up(&gateway, "other").await.problem(), "422 invalid_value token:format");
        let session = gateway.ask(&root, Method::GET, "/api/v1/session", None).await;
        assert_eq!(session.json["grants"], json!([{"role": "platform", "scope": {"kind": "platform"}}]));
    }

    async fn the_cookie_is_for_http_alone_and_changes_need_the_csrf_token(db: TestDatabase) {
        let (_db, gateway, root) = with_root(db).await;
        let again = sign_in(&gateway, PASSWORD).await;
        let cookie = again.header("set-cookie");
        assert!(cookie.contains("; HttpOnly; SameSite=Lax;") && cookie.contains("Path=/"), "{cookie}");

        let body = json!({"name": "Acme"});
        for (csrf_token, problem) in [(None, "403 csrf_token_missing"), (Some("x".to_owned()), "403 csrf_token_missing")] {
            let who = As { csrf_token, ..root.clone() };
            assert_eq!(gateway.ask(&who, Method::POST, "/api/v1/tenants", Some(&body)).await.problem(), problem);
        }
        assert_eq!(gateway.ask(&root, Method::POST, "/api/v1/tenants", Some(&body)).await.status, 201);
    }

    async fn a_session_ends_when_idle_when_old_and_when_signed_out(db: TestDatabase) {
        let (db, gateway, first) = with_root(db).await;
        let is_in = async |who: &As| gateway.ask(who, Method::GET, "/api/v1/tenants", None).await.status == 200;

        db.clock.advance(Duration::from_mins(29));
        assert!(is_in(&first).await);
        db.clock.advance(Duration::from_mins(31));
        assert!(!is_in(&first).await, "idle");

        let second = signed_in(&sign_in(&gateway, PASSWORD).await);
        for _ in 0..35 {
            db.clock.advance(Duration::from_mins(20));
            assert!(is_in(&second).await);
        }
        db.clock.advance(Duration::from_mins(20));
        assert!(!is_in(&second).await, "twelve hours old");

        let third = signed_in(&sign_in(&gateway, PASSWORD).await);
        assert_eq!(gateway.ask(&third, Method::DELETE, "/api/v1/session", None).await.status, 204);
        assert!(!is_in(&third).await, "signed out");
    }

    async fn a_new_password_ends_the_other_sessions(db: TestDatabase) {
        let (_db, gateway, first) = with_root(db).await;
        let second = signed_in(&sign_in(&gateway, PASSWORD).await);
        let session = gateway.ask(&first, Method::GET, "/api/v1/session", None).await;
        let user = session.json["user"].as_str().expect("a user").to_owned();
        let path = format!("/api/v1/tenants/{}/users/{user}/password", TenantId::PLATFORM);

        let without = json!({"password": "another long secret"});
        let refused = gateway.ask(&first, Method::PUT, &path, Some(&without)).await;
        assert_eq!(refused.problem(), "422 invalid_value current_password:format");
        let body = json!({"password": "another long secret", "current_password": PASSWORD});
        let changed = gateway.ask(&first, Method::PUT, &path, Some(&body)).await;

        assert_eq!(changed.status, 204, "{}", changed.json);
        assert_eq!(gateway.ask(&first, Method::GET, "/api/v1/session", None).await.status, 200);
        assert_eq!(gateway.ask(&second, Method::GET, "/api/v1/session", None).await.status, 401);
        assert_eq!(sign_in(&gateway, PASSWORD).await.problem(), "401 not_signed_in");
        let short = json!({"password": "short", "current_password": "another long secret"});
        let refused = gateway.ask(&first, Method::PUT, &path, Some(&short)).await;
        assert_eq!(refused.problem(), "422 invalid_value password:too_short");
    }

    async fn guessing_is_slowed_down_for_each_account(db: TestDatabase) {
        let (db, gateway, _) = with_root(db).await;
        for _ in 0..5 {
            assert_eq!(sign_in(&gateway, "wrong").await.problem(), "401 not_signed_in");
        }

        let limited = sign_in(&gateway, PASSWORD).await;

        assert_eq!((limited.problem().as_str(), limited.header("retry-after")), ("429 too_many_requests", "30"));
        db.clock.advance(Duration::from_secs(30));
        assert_eq!(sign_in(&gateway, PASSWORD).await.status, 200);
    }

    async fn guessing_is_slowed_down_for_each_address(db: TestDatabase) {
        let (_db, gateway, _) = with_root(db).await;
        let mut statuses = Vec::new();
        for guess in 0..25 {
            let body = json!({"name": format!("user{guess}"), "password": "wrong"});
            statuses.push(gateway.ask(&As::default(), Method::POST, "/api/v1/session", Some(&body)).await.status.as_u16());
        }

        assert_eq!((statuses[0], statuses[24]), (401, 429));
    }

    async fn a_token_does_what_it_was_made_for_until_it_expires(db: TestDatabase) {
        let office = Office::open(db).await;
        let expires_at = office.db.clock.now().plus(Duration::from_hours(1));
        let body = json!({"name": "robot", "role": "agent", "scope": {"kind": "tenant", "id": office.tenant}, "expires_at": expires_at});

        let made = office.ask(Method::POST, "/tokens", Some(body)).await;

        let secret = made.json["secret"].as_str().expect("a secret").to_owned();
        assert!(secret.starts_with("sbt_"));
        let shown = office.ask(Method::GET, &format!("/tokens/{}", made.id::<String>()), None).await;
        assert_eq!(shown.json["secret"], json!(null));
        let robot = As { token: Some(secret), ..As::default() };
        let contacts = office.at("/contacts");
        assert_eq!(office.gateway.ask(&robot, Method::GET, &contacts, None).await.status, 200);
        let written = office.gateway.ask(&robot, Method::POST, &contacts, Some(&json!({"display_name": "A"}))).await;
        assert_eq!(written.problem(), "403 forbidden");
        assert_eq!(office.gateway.ask(&robot, Method::GET, &office.at("/users"), None).await.problem(), "404 not_found");
        office.db.clock.advance(Duration::from_hours(1));
        assert_eq!(office.gateway.ask(&robot, Method::GET, &contacts, None).await.problem(), "401 not_signed_in");
    }

    async fn somebody_is_left_who_runs_the_platform(db: TestDatabase) {
        let (_db, gateway, root) = with_root(db).await;
        let at = format!("/api/v1/tenants/{}", TenantId::PLATFORM);
        let session = gateway.ask(&root, Method::GET, "/api/v1/session", None).await;
        let me = format!("{at}/users/{}", session.json["user"].as_str().expect("a user"));
        let grants = gateway.ask(&root, Method::GET, &format!("{at}/grants"), None).await;
        let grant = format!("{at}/grants/{}", grants.json["items"][0]["id"].as_str().expect("a grant"));
        let other = gateway.ask(&root, Method::POST, &format!("{at}/users"), Some(&json!({"name": "other"}))).await;
        let other: String = other.id();
        let scope = json!({"kind": "platform"});
        let given = json!({"user": other, "role": "platform", "scope": scope});
        assert_eq!(gateway.ask(&root, Method::POST, &format!("{at}/grants"), Some(&given)).await.status, 201);
        let tag = gateway.ask(&root, Method::GET, &me, None).await.header("etag").to_owned();
        let disable = async || {
            let body = json!({"is_disabled": true});
            gateway.ask_with(&root, Method::PATCH, &me, &[("if-match", &tag)], Some(&body)).await
        };

        // The other one has no password, and so cannot help.
        for refused in [
            gateway.ask(&root, Method::DELETE, &me, None).await,
            gateway.ask(&root, Method::DELETE, &grant, None).await,
            disable().await,
        ] {
            assert_eq!(refused.problem(), "409 not_possible_now");
            let detail = refused.json["detail"].as_str().unwrap_or_default();
            assert!(detail.starts_with("Nobody else can sign in and run the platform"), "{detail}");
        }
        let password = json!({"password": PASSWORD});
        let path = format!("{at}/users/{other}/password");
        assert_eq!(gateway.ask(&root, Method::PUT, &path, Some(&password)).await.status, 204);
        assert_eq!(disable().await.status, 200);
        assert_eq!(gateway.ask(&root, Method::GET, "/api/v1/session", None).await.status, 401);
    }

    async fn guessing_from_many_addresses_is_slowed_down_and_locks_nobody_out(db: TestDatabase) {
        let (db, _, _) = with_root(db).await;
        let settings = ApiSettings {
            trusted_proxies: vec![Ipv4Addr::LOCALHOST.into()],
            sign_in_per_account: Rate { burst: 1, seconds_each: 30 },
            ..ApiSettings::default()
        };
        let gateway = TestGateway::with(&db.database, &db.clock, settings);
        let try_from = async |address: &str, name: &str, password: &str| {
            let body = json!({"name": name, "password": password});
            let from = [("x-forwarded-for", address)];
            gateway.ask_with(&As::default(), Method::POST, "/api/v1/session", &from, Some(&body)).await.status.as_u16()
        };
        assert_eq!(try_from("192.0.2.1", "root", PASSWORD).await, 200);

        let mut guesses = Vec::new();
        for address in 0..11 {
            guesses.push(try_from(&format!("198.51.100.{address}"), "root", "wrong").await);
        }

        // Signing in from the familiar address took the first of ten attempts.
        assert_eq!(guesses, [401, 401, 401, 401, 401, 401, 401, 401, 401, 429, 429]);
        assert_eq!(try_from("192.0.2.1", "root", PASSWORD).await, 200, "from where the user is known");
        assert_eq!(try_from("203.0.113.1", "somebody", "wrong").await, 401, "another account");
        assert_eq!(try_from("2001:db8::1", "whoever", "wrong").await, 401);
        assert_eq!(try_from("2001:db8::2", "whoever", "wrong").await, 429, "the same network of 64 bits");
    }
}
