//! Codes besides passwords: setting up, signing in, losing the authenticator.

use std::time::Duration;

use directory_model::clock::Clock;
use http::Method;
use serde_json::{Value, json};
use suite::app::{Answer, As};
use suite::on_each_backend;
use suite::totp::code;

use super::{Office, PASSWORD, signed_in};

const FACTOR: &str = "/api/v1/session/second_factor";

async fn sign_in(office: &Office, password: &str, code: Option<&str>) -> Answer {
    let body = json!({"tenant": "acme", "name": "anna", "password": password, "code": code});
    office.gateway.ask(&As::default(), Method::POST, "/api/v1/session", Some(&body)).await
}

async fn post(office: &Office, who: &As, path: &str, body: Value) -> Answer {
    office.gateway.ask(who, Method::POST, path, Some(&body)).await
}

/// Sets a second factor up for whoever is signed in; says the secret and the recovery codes.
async fn set_up(office: &Office, who: &As) -> (String, Vec<String>) {
    let begun = post(office, who, FACTOR, json!({"password": PASSWORD})).await;
    assert_eq!(begun.status, 201, "{}", begun.json);
    let secret = begun.json["secret"].as_str().expect("a secret").to_owned();
    let shown = code(&secret, office.db.clock.now());
    let confirmed = post(office, who, &format!("{FACTOR}/confirmation"), json!({"code": shown})).await;
    assert_eq!(confirmed.status, 200, "{}", confirmed.json);
    let codes = confirmed.json["recovery_codes"].as_array().expect("codes");
    office.db.clock.advance(Duration::from_mins(1));
    (secret, codes.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

on_each_backend! {
    async fn a_code_is_asked_for_once_it_was_confirmed(db: TestDatabase) {
        let office = Office::open(db).await;
        let anna = office.user("anna").await;
        let who = signed_in(&sign_in(&office, PASSWORD, None).await);
        let elsewhere = signed_in(&sign_in(&office, PASSWORD, None).await);
        let wrong = post(&office, &who, FACTOR, json!({"password": "wrong"})).await;
        assert_eq!(wrong.problem(), "422 invalid_value password:format");

        let begun = post(&office, &who, FACTOR, json!({"password": PASSWORD})).await;
        let secret = begun.json["secret"].as_str().expect("a secret").to_owned();
        assert!(begun.json["uri"].as_str().is_some_and(|uri| uri.starts_with("otpauth://totp/Switchboard:anna%20%28Acme%29?")));
        assert!(begun.json["qr_code"].as_str().is_some_and(|picture| picture.starts_with("<svg ")));
        signed_in(&sign_in(&office, PASSWORD, None).await);
        let refused = post(&office, &who, &format!("{FACTOR}/confirmation"), json!({"code": "12345"})).await;
        assert_eq!(refused.problem(), "422 invalid_value code:format");
        let shown = code(&secret, office.db.clock.now());
        let confirmed = post(&office, &who, &format!("{FACTOR}/confirmation"), json!({"code": shown})).await;
        assert_eq!(confirmed.json["recovery_codes"].as_array().map(Vec::len), Some(10));

        let gone = office.gateway.ask(&elsewhere, Method::GET, "/api/v1/session", None).await;
        assert_eq!(gone.problem(), "401 not_signed_in", "other sessions ended");
        assert_eq!(sign_in(&office, PASSWORD, None).await.problem(), "401 second_factor_needed");
        assert_eq!(sign_in(&office, "wrong", None).await.problem(), "401 not_signed_in");
        assert_eq!(sign_in(&office, "wrong", Some(&shown)).await.problem(), "401 not_signed_in");
        assert_eq!(sign_in(&office, PASSWORD, Some(&shown)).await.problem(), "401 second_factor_needed", "used");
        office.db.clock.advance(Duration::from_mins(2));
        let next = code(&secret, office.db.clock.now());
        signed_in(&sign_in(&office, PASSWORD, Some(&next)).await);
        assert_eq!(sign_in(&office, PASSWORD, Some(&next)).await.problem(), "401 second_factor_needed", "used");

        let state = office.gateway.ask(&who, Method::GET, FACTOR, None).await;
        assert_eq!(state.json, json!({"is_set": true, "recovery_codes": 10, "is_required": false}));
        let again = post(&office, &who, FACTOR, json!({"password": PASSWORD})).await;
        assert_eq!(again.problem(), "409 not_possible_now");
        let shown = office.ask(Method::GET, &format!("/users/{anna}"), None).await;
        assert!(shown.json["second_factor_since"].is_string());
        let trail = office.ask(Method::GET, "/audit?limit=100", None).await.json.to_string();
        assert!(trail.contains("second_factor") && !trail.contains(&secret));
    }

    async fn a_recovery_code_works_once(db: TestDatabase) {
        let office = Office::open(db).await;
        office.user("anna").await;
        let who = signed_in(&sign_in(&office, PASSWORD, None).await);
        let (_, codes) = set_up(&office, &who).await;

        let careless = codes[3].to_lowercase().replace('-', "");
        signed_in(&sign_in(&office, PASSWORD, Some(&careless)).await);
        assert_eq!(sign_in(&office, PASSWORD, Some(&codes[3])).await.problem(), "401 second_factor_needed");
        let left = office.gateway.ask(&who, Method::GET, FACTOR, None).await;
        assert_eq!(left.json["recovery_codes"], 9);
    }

    async fn guessing_codes_is_slowed_down_whatever_the_address(db: TestDatabase) {
        let office = Office::open(db).await;
        office.user("anna").await;
        let who = signed_in(&sign_in(&office, PASSWORD, None).await);
        set_up(&office, &who).await;
        let removal = format!("{FACTOR}/removal");

        let mut answers = Vec::new();
        for guess in 0..7 {
            answers.push(post(&office, &who, &removal, json!({"code": format!("wrong {guess}")})).await.status.as_u16());
        }

        assert_eq!(answers, [422, 422, 422, 422, 422, 429, 429]);
    }

    async fn who_has_a_code_takes_the_second_factor_away(db: TestDatabase) {
        let office = Office::open(db).await;
        office.user("anna").await;
        let who = signed_in(&sign_in(&office, PASSWORD, None).await);
        let (secret, _) = set_up(&office, &who).await;
        let removal = format!("{FACTOR}/removal");

        assert_eq!(post(&office, &who, &removal, json!({"code": "abc"})).await.problem(), "422 invalid_value code:format");
        let shown = code(&secret, office.db.clock.now());
        assert_eq!(post(&office, &who, &removal, json!({"code": shown})).await.status, 204);

        signed_in(&sign_in(&office, PASSWORD, None).await);
        assert_eq!(post(&office, &who, &removal, json!({"code": shown})).await.problem(), "409 not_possible_now");
    }

    async fn an_administrator_resets_the_second_factor_of_who_lost_it(db: TestDatabase) {
        let office = Office::open(db).await;
        let anna = office.user("anna").await;
        let who = signed_in(&sign_in(&office, PASSWORD, None).await);
        set_up(&office, &who).await;

        let own = office.gateway.ask(&who, Method::DELETE, &office.at(&format!("/users/{anna}/second_factor")), None).await;
        assert_eq!(own.problem(), "403 forbidden");
        assert_eq!(office.ask(Method::DELETE, &format!("/users/{anna}/second_factor"), None).await.status, 204);

        let ended = office.gateway.ask(&who, Method::GET, "/api/v1/session", None).await;
        assert_eq!(ended.problem(), "401 not_signed_in");
        signed_in(&sign_in(&office, PASSWORD, None).await);
        let trail = office.ask(Method::GET, "/audit?limit=100", None).await.json;
        let entries = trail["items"].as_array().expect("a list").iter();
        let reset = entries.filter(|entry| entry["changes"]["second_factor"] == json!(["***", null]));
        assert_eq!(reset.count(), 1);
    }

    async fn a_link_stands_for_the_password_alone(db: TestDatabase) {
        let office = Office::open(db).await;
        let anna = office.user("anna").await;
        let who = signed_in(&sign_in(&office, PASSWORD, None).await);
        let (secret, _) = set_up(&office, &who).await;
        let link = office.ask(Method::POST, &format!("/users/{anna}/link"), None).await;
        let token = link.json["token"].clone();
        let by_link = async |code: Option<String>| {
            post(&office, &As::default(), "/api/v1/session/link", json!({"token": token, "code": code})).await
        };

        assert_eq!(by_link(None).await.problem(), "401 second_factor_needed");
        let shown = code(&secret, office.db.clock.now());
        signed_in(&by_link(Some(shown)).await);
    }

    async fn whoever_needs_a_second_factor_sets_it_up_before_all_else(db: TestDatabase) {
        let office = Office::open(db).await;
        office.user("anna").await;
        let tenant = office.gateway.ask(&office.admin, Method::GET, &office.at(""), None).await;
        let revision = tenant.json["revision"].to_string();
        let required = office.patch("", &revision, json!({"is_second_factor_required": true})).await;
        assert_eq!(required.status, 200, "{}", required.json);

        let begun = sign_in(&office, PASSWORD, None).await;
        let who = signed_in(&begun);

        assert_eq!(begun.json["is_second_factor_missing"], true);
        let user = begun.json["user"].as_str().expect("a user").to_owned();
        for (method, path) in [(Method::GET, office.at("/contacts")), (Method::GET, office.at(&format!("/users/{user}")))] {
            let refused = office.gateway.ask(&who, method, &path, None).await;
            assert_eq!(refused.problem(), "403 second_factor_not_set_up", "{path}");
        }
        assert_eq!(office.ask(Method::GET, "/contacts", None).await.status, 200, "API tokens are as they were");
        set_up(&office, &who).await;
        let state = office.gateway.ask(&who, Method::GET, "/api/v1/session", None).await;
        assert_eq!(state.json["is_second_factor_missing"], false);
        let own = office.gateway.ask(&who, Method::GET, &office.at(&format!("/users/{user}")), None).await;
        assert_eq!(own.status, 200);
    }
}
