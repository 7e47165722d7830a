//! Presence by hand, by programs, and why.

use std::time::Duration;

use directory_model::rights::{Role, Scope};
use directory_model::tenant::TenantFields;
use gateway_presence::facts::{FactChange, TenantFacts};
use http::Method;
use serde_json::json;
use suite::backend::TestDatabase;
use suite::on_each_backend;

use super::Office;

async fn office_with_anna(db: TestDatabase) -> (Office, String) {
    let office = Office::open(db).await;
    let facts = TenantFacts::new(&TenantFields::default());
    office.gateway.book.apply(office.tenant, vec![FactChange::Tenant(facts)]);
    let anna = office.make("/contacts", json!({"display_name": "Anna"})).await;
    (office, format!("/contacts/{anna}"))
}

on_each_backend! {
    async fn ones_own_word_counts_until_it_is_taken_back(db: TestDatabase) {
        let (office, anna) = office_with_anna(db).await;
        let manual = format!("{anna}/presence/manual");
        let presence = format!("{anna}/presence");

        let set = office.ask(Method::PUT, &manual, Some(json!({"availability": "busy", "custom": "Coffee break"}))).await;

        assert_eq!(set.status, 204, "{}", set.json);
        let shown = office.ask(Method::GET, &presence, None).await;
        assert_eq!((&shown.json["availability"], &shown.json["custom"]), (&json!("busy"), &json!("Coffee break")));
        let why = office.ask(Method::GET, &format!("{anna}/presence/why"), None).await;
        assert_eq!(why.json["claims"][0]["part"], "decides");
        assert_eq!(office.ask(Method::DELETE, &manual, None).await.status, 204);
        assert_eq!(office.ask(Method::GET, &presence, None).await.json["availability"], "unknown");
    }

    async fn a_programs_claim_expires_and_an_older_one_is_refused(db: TestDatabase) {
        let (office, anna) = office_with_anna(db).await;
        let claims = format!("{anna}/claims");
        let claim = |version: i64, availability: &str| json!({"kind": "computer", "source": "pc", "version": version, "availability": availability, "ttl_seconds": 60});

        assert_eq!(office.ask(Method::PUT, &claims, Some(claim(2, "available"))).await.status, 204);
        assert_eq!(office.ask(Method::PUT, &claims, Some(claim(1, "away"))).await.problem(), "409 not_possible_now");
        let presence = format!("{anna}/presence");
        assert_eq!(office.ask(Method::GET, &presence, None).await.json["availability"], "available");
        office.db.clock.advance(Duration::from_mins(2));
        assert_eq!(office.ask(Method::GET, &presence, None).await.json["availability"], "unknown");

        let bad = json!({"kind": "manual", "source": "", "version": 1, "availability": "busy", "ttl_seconds": 0});
        let refused = office.ask(Method::PUT, &claims, Some(bad)).await;
        assert_eq!(refused.problem(), "422 invalid_value kind:one_of source:required ttl_seconds:out_of_range");
    }

    async fn nobody_displaces_the_claim_of_another_user(db: TestDatabase) {
        let (office, anna) = office_with_anna(db).await;
        let claims = office.at(&format!("{anna}/claims"));
        let other = office.gateway.token(office.tenant, "other", Role::Supervisor, Scope::Tenant(office.tenant)).await;
        let claim = |version: i64, availability: &str| json!({"kind": "computer", "source": "pc", "version": version, "availability": availability, "ttl_seconds": 60});
        let last = 1 << 53;

        for (who, version, availability, problem) in [
            (&office.admin, 1, "busy", "204"),
            (&other, last, "available", "204"),
            (&other, last + 1, "away", "422 invalid_value version:out_of_range"),
            (&other, -1, "away", "422 invalid_value version:out_of_range"),
            (&office.admin, 2, "busy", "204"),
        ] {
            let answer = office.gateway.ask(who, Method::PUT, &claims, Some(&claim(version, availability))).await;
            assert_eq!(answer.problem(), problem, "{version} {}", answer.json);
        }

        let why = office.ask(Method::GET, &format!("{anna}/presence/why"), None).await;
        let held = why.json["claims"].as_array().expect("claims");
        let mut sources: Vec<&str> = held.iter().filter_map(|held| held["claim"]["source"].as_str()).collect();
        sources.dedup();
        assert_eq!(sources.len(), 2, "{}", why.json);
        assert!(sources.iter().all(|source| source.ends_with("/pc")), "{sources:?}");
    }

    async fn notes_come_and_go(db: TestDatabase) {
        let (office, anna) = office_with_anna(db).await;
        let notes = format!("{anna}/notes");

        let made = office.ask(Method::POST, &notes, Some(json!({"text": "back at noon"}))).await;

        let note = made.id::<String>();
        assert_eq!(office.ask(Method::GET, &notes, None).await.json["items"], json!([made.json]));
        assert_eq!(office.ask(Method::DELETE, &format!("{notes}/{note}"), None).await.status, 204);
        assert_eq!(office.ask(Method::DELETE, &format!("{notes}/{note}"), None).await.problem(), "404 not_found");
    }
}
