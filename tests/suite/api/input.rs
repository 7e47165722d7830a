//! Bad input: each is a clear problem that names field, value and rule, and nothing is stored.

use std::collections::BTreeMap;

use axum::body::Body;
use http::Method;
use serde_json::json;
use suite::kept::Kept;
use suite::on_each_backend;

use super::Office;

/// All that the store holds before bad input comes.
async fn kept(office: &Office) -> (Kept, BTreeMap<String, String>) {
    // The first use of a token is noted; later ones within a minute are not.
    office.ask(Method::GET, "", None).await;
    let kept = Kept::of(&office.db.database).await;
    let before = kept.rows(&office.db.database).await;
    (kept, before)
}

on_each_backend! {
    async fn values_that_break_rules_are_named(db: TestDatabase) {
        let office = Office::open(db).await;
        let (kept, before) = kept(&office).await;
        let mut wrong = Vec::new();
        for (path, body, refusals) in [
            (
                "/contacts",
                json!({"display_name": "Help", "is_ucma_endpoint": true, "is_hybrid": true}),
                &["is_hybrid = true: is only for persons, not for services (UCMA endpoints)"][..],
            ),
            (
                "/contacts",
                json!({"display_name": "Anna", "is_display_name_overwrite_enabled": true}),
                &["is_display_name_overwrite_enabled = true: is only for services (UCMA endpoints)"],
            ),
            ("/contacts", json!({"display_name": "Anna", "colour": "red"}), &["colour = red: names nothing that exists here"]),
            ("/contacts", json!({"display_name": 7, "sip": false}), &["display_name = 7: must be a string", "sip = false: must be a string"]),
            ("/contacts", json!({"display_name": "Anna", "home_site": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}), &["home_site = 01ARZ3NDEKTSV4RRFFQ69G5FAV: names nothing that exists here"]),
            ("/contacts", json!([]), &[" = : must be a JSON object"]),
            ("/sites", json!({"name": "", "time_zone": "Mars"}), &["name = : must not be empty", "time_zone = Mars: must be an IANA time zone such as Europe/Berlin"]),
            ("/domains", json!({"title": "x", "hosts": ["*.x.org"]}), &["hosts[0] = *.x.org: must be a host name without wildcard, such as www.example.com"]),
            ("/sources", json!({"name": "x"}), &["connection = : must not be empty"]),
            (
                "/sources",
                json!({"name": "x", "connection": {"kind": "file", "path": "../etc/passwd", "format": "csv"}}),
                &["connection.path = ../etc/passwd: must be a path below the folder for file sources, without `..`"],
            ),
            (
                "/sources",
                json!({"name": "x", "schedule": "0 25 * * *",
                    "connection": {"kind": "file", "path": "people.csv", "format": "csv"}}),
                &["schedule = 0 25 * * *: must be five cron fields within their ranges, such as 30 1 * * *"],
            ),
        ] {
            let refused = office.ask(Method::POST, path, Some(body.clone())).await;
            if !refused.problem().starts_with("422 invalid_value ") || refused.refusals() != refusals {
                wrong.push(format!("{path} {body}: {} {:#?}", refused.problem(), refused.refusals()));
            }
            assert!(kept.rows(&office.db.database).await == before, "{path} {body} has changed something");
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    async fn a_schedule_is_refused_with_value_and_rule_when_a_source_changes(db: TestDatabase) {
        let office = Office::open(db).await;
        let file = json!({"kind": "file", "path": "people.csv", "format": "csv"});
        let source = office.make("/sources", json!({"name": "x", "connection": file})).await;
        let path = format!("/sources/{source}");

        let refused = office.patch(&path, "1", json!({"schedule": "every night"})).await;
        let kept = office.patch(&path, "1", json!({"schedule": "*/15 6-8 * * mon-fri"})).await;

        let field = &refused.json["fields"][0];
        assert_eq!((&field["field"], &field["value"]), (&json!("schedule"), &json!("every night")));
        let sentence = "must be five cron fields within their ranges, such as 30 1 * * *";
        assert_eq!(field["message"], sentence);
        assert_eq!(kept.json["schedule"], "*/15 6-8 * * mon-fri");
    }

    async fn a_group_is_not_moved_below_itself(db: TestDatabase) {
        let office = Office::open(db).await;
        let top = office.make("/groups", json!({"name": "Top"})).await;
        let below = office.make("/groups", json!({"name": "Below", "parent": top})).await;
        let (kept, before) = kept(&office).await;

        let cycle = "must not be the node itself or one of its descendants";
        let itself = office.patch(&format!("/groups/{top}"), "1", json!({"parent": top})).await;
        let refused = office.patch(&format!("/groups/{top}"), "1", json!({"parent": below})).await;
        let renamed = office.patch(&format!("/groups/{top}"), "1", json!({"name": "Other"})).await;

        assert_eq!((itself.problem().as_str(), itself.refusals()), ("422 invalid_value parent:cycle", vec![format!("parent = {top}: {cycle}")]));
        assert_eq!((refused.problem().as_str(), refused.refusals()), ("422 invalid_value parent:cycle", vec![format!("parent = {below}: {cycle}")]));
        assert_eq!((renamed.problem().as_str(), renamed.refusals()), ("422 invalid_value name:fixed", vec!["name = Other: cannot be changed once set".to_owned()]));
        assert!(kept.rows(&office.db.database).await == before, "a group that is refused its place has changed");
    }

    async fn bodies_that_cannot_be_read_are_refused(db: TestDatabase) {
        let office = Office::open(db).await;
        let json = [("content-type", "application/json")];
        let large = format!("{{\"display_name\":\"{}\"}}", "x".repeat(10 << 20));
        let deep = "[".repeat(100_000);
        let (kept, before) = kept(&office).await;
        for (headers, body, problem, detail) in [
            (&json[..], large.into_bytes(), "413 too_large", "1048576"),
            (&json[..], b"{\"display_name\":\"\xff\"}".to_vec(), "400 malformed_request", "UTF-8"),
            (&json[..], b"{\"display_name\":\n  nope}".to_vec(), "400 malformed_request", "line 2, column 4"),
            (&json[..], deep.into_bytes(), "400 malformed_request", "line 1"),
            (&json[..], Vec::new(), "400 malformed_request", "line 1"),
            (&[("content-type", "text/plain")], b"{}".to_vec(), "415 unsupported_media_type", "application/json"),
            (&[], b"{}".to_vec(), "415 unsupported_media_type", "application/json"),
        ] {
            let path = office.at("/contacts");
            let refused = office.gateway.send(&office.admin, Method::POST, &path, headers, Body::from(body)).await;
            assert_eq!(refused.problem(), problem);
            assert!(refused.json["detail"].as_str().is_some_and(|text| text.contains(detail)), "{}", refused.json);
            assert_eq!(refused.header("content-type"), "application/problem+json");
            assert!(kept.rows(&office.db.database).await == before, "{detail}: something was kept");
        }
    }

    async fn unknown_paths_and_methods_are_problems_too(db: TestDatabase) {
        let office = Office::open(db).await;

        let nowhere = office.ask(Method::GET, "/nothing", None).await;
        let wrong = office.ask(Method::PUT, "/contacts", None).await;

        assert_eq!((nowhere.problem().as_str(), wrong.problem().as_str()), ("404 not_found", "405 method_not_allowed"));
        assert_eq!(wrong.header("allow"), "GET,HEAD,POST");
        assert_eq!(nowhere.header("x-content-type-options"), "nosniff");
    }
}
