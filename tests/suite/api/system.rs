//! What whoever runs the platform sees of the gateway itself.

use std::time::Duration;

use directory_model::id::TenantId;
use directory_model::rights::{Role, Scope};
use directory_model::system::Job;
use directory_store::lease;
use http::Method;
use serde_json::{Value, json};
use suite::app::As;
use suite::on_each_backend;

use super::Office;

/// What a check says.
fn check<'a>(system: &'a Value, name: &str) -> &'a Value {
    let checks = system["checks"].as_array().expect("checks");
    &checks.iter().find(|check| check["name"] == name).expect(name)["state"]
}

/// Whoever runs the platform, whom the office has made.
fn platform() -> As {
    As { token: Some(format!("sbt_platform-{}", TenantId::PLATFORM)), ..As::default() }
}

async fn system(office: &Office) -> Value {
    let answer = office.gateway.ask(&platform(), Method::GET, "/api/v1/system", None).await;
    assert_eq!(answer.status, 200, "{}", answer.json);
    answer.json
}

on_each_backend! {
    async fn whoever_runs_the_platform_sees_how_the_gateway_is_doing(db: TestDatabase) {
        let is_sqlite = db.database.file().is_some();
        let office = Office::open(db).await;
        let (database, now) = (&office.db.database, office.db.origin().at);
        let taking = database.write_unnumbered(move |conn| lease::acquire(conn, "process 7", now, Duration::from_secs(15)));
        taking.await.unwrap();

        let shown = system(&office).await;

        assert_eq!(shown["gateway"]["version"], env!("CARGO_PKG_VERSION"));
        assert_eq!(shown["gateway"]["started_at"], json!(now));
        let kind = if is_sqlite { "sqlite" } else { "postgresql" };
        assert_eq!(shown["database"]["kind"], kind);
        assert_eq!(shown["database"]["schema_version"], shown["database"]["known_schema_version"]);
        assert!(shown["database"]["bytes"].as_u64() > Some(100_000), "{shown}");
        let version = shown["database"]["version"].as_str().unwrap();
        assert!(version.chars().all(|sign| sign.is_ascii_digit() || sign == '.'), "{version}");
        assert_eq!(shown["lease"]["holder"], "process 7");
        assert_eq!(check(&shown, "schema"), "fine");
        // The gateway of this test serves under no number.
        assert_eq!(check(&shown, "lease"), "broken");
        assert_eq!(check(&shown, "secrets"), "fine");
        assert_eq!(shown["tenants"], json!({"total": 1, "switched_off": 0}));
    }

    async fn jobs_say_how_they_went(db: TestDatabase) {
        let office = Office::open(db).await;
        let (jobs, minute) = (office.gateway.jobs.clone(), Duration::from_mins(1));
        jobs.begin(Job::PurgeRuns, minute);
        jobs.end(Job::PurgeRuns, true);
        assert_eq!(check(&system(&office).await, "jobs"), "fine");

        office.db.clock.advance(minute);
        jobs.begin(Job::PurgeRuns, minute);
        jobs.end(Job::PurgeRuns, false);
        let shown = system(&office).await;

        assert_eq!(check(&shown, "jobs"), "attention");
        let job = &shown["jobs"][0];
        assert_eq!((&job["job"], &job["outcome"], &job["is_overdue"]), (&json!("purge_runs"), &json!("failed"), &json!(false)));
        assert!(job["succeeded_at"].as_str() < job["ended_at"].as_str(), "{job}");
        office.db.clock.advance(Duration::from_mins(5));
        let late = system(&office).await;
        assert_eq!((check(&late, "jobs"), &late["jobs"][0]["is_overdue"]), (&json!("broken"), &json!(true)), "nobody does it");
    }

    async fn sources_are_counted_over_all_tenants_and_named_nowhere(db: TestDatabase) {
        let office = Office::open(db).await;
        let file = json!({"kind": "file", "path": "secret-path.csv", "format": "csv"});
        let sip = json!({"kind": "sip", "host": "sip.secret.example", "address": "sip:gateway@secret.example"});
        for (name, connection, is_disabled) in
            [("Secret HR", &file, false), ("Secret Old", &file, true), ("Secret SIP", &sip, false)]
        {
            office.make("/sources", json!({"name": name, "connection": connection, "is_disabled": is_disabled})).await;
        }

        let shown = system(&office).await;

        let none = json!({"fine": 0, "failed": 0, "awaiting_approval": 0, "never_ran": 0, "presence_only": 0, "secret_lost": 0, "switched_off": 0});
        let with = |changes: Value| {
            let mut counts = none.clone();
            counts.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
            counts
        };
        let files = with(json!({"kind": "file", "never_ran": 1, "switched_off": 1}));
        assert_eq!(shown["sources"], json!([files, with(json!({"kind": "sip", "presence_only": 1}))]));
        let text = shown.to_string().to_lowercase();
        assert!(!text.contains("secret ") && !text.contains("secret-") && !text.contains("secret."), "{text}");
        assert!(!text.contains(&office.tenant.to_string().to_lowercase()) && !text.contains("acme"), "{text}");
    }

    async fn copies_that_were_made_before_migrations_are_known(db: TestDatabase) {
        // PostgreSQL makes none: whoever runs it has backups of their own.
        let file = db.database.file();
        if let Some(file) = &file {
            let mut beside = file.clone().into_os_string();
            beside.push(".20261122000003.bak");
            std::fs::write(&beside, b"1234").expect("a copy");
        }
        let office = Office::open(db).await;

        let shown = system(&office).await;
        let copies = shown["copies"].clone();
        assert_eq!((&shown["copies_problem"], check(&shown, "copies")), (&Value::Null, &json!("fine")));
        if let Some(file) = &file {
            let room = |ending: &str| std::fs::metadata(format!("{}{ending}", file.display())).map_or(0, |about| about.len());
            assert!(room("-wal") > 0, "so that it is counted");
            assert_eq!(shown["database"]["bytes"], json!(room("") + room("-wal")));
        }

        assert_eq!(copies.as_array().map(Vec::len), Some(usize::from(file.is_some())));
        if file.is_some() {
            assert_eq!((&copies[0]["schema_version"], &copies[0]["bytes"]), (&json!("20261122000003"), &json!(4)));
        }
    }

    async fn nobody_else_has_it(db: TestDatabase) {
        let office = Office::open(db).await;

        assert_eq!(office.gateway.ask(&office.admin, Method::GET, "/api/v1/system", None).await.problem(), "404 not_found");
        let partner = json!({"name": "Partner"});
        let made = office.gateway.ask(&platform(), Method::POST, "/api/v1/resellers", Some(&partner)).await;
        let reseller = made.id();
        let home = directory_store::PLATFORM;
        let reseller = office.gateway.token(home, "partner", Role::Reseller, Scope::Reseller(reseller)).await;
        let answer = office.gateway.ask(&reseller, Method::GET, "/api/v1/system", None).await;
        assert_eq!(answer.problem(), "404 not_found");
    }
}
