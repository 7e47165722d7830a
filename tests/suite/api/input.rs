//! Bad input: each is a clear problem that names field, value and rule, and nothing is stored.

use axum::body::Body;
use http::Method;
use serde_json::json;
use suite::on_each_backend;

use super::Office;

on_each_backend! {
    async fn values_that_break_rules_are_named(db: TestDatabase) {
        let office = Office::open(db).await;
        for (path, body, problem) in [
            (
                "/contacts",
                json!({"display_name": "Help", "is_ucma_endpoint": true, "is_hybrid": true}),
                "422 invalid_value is_hybrid:only_for_persons",
            ),
            (
                "/contacts",
                json!({"display_name": "Anna", "is_display_name_overwrite_enabled": true}),
                "422 invalid_value is_display_name_overwrite_enabled:only_for_services",
            ),
            ("/contacts", json!({"display_name": "Anna", "colour": "red"}), "422 invalid_value colour:unknown"),
            ("/contacts", json!({"display_name": 7, "sip": false}), "422 invalid_value display_name:format sip:format"),
            (
                "/contacts",
                json!({"display_name": "Anna", "home_site": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}),
                "422 invalid_value home_site:unknown",
            ),
            ("/contacts", json!([]), "422 invalid_value :format"),
            ("/sites", json!({"name": "", "time_zone": "Mars"}), "422 invalid_value name:required time_zone:format"),
            ("/domains", json!({"title": "x", "hosts": ["*.x.org"]}), "422 invalid_value hosts[0]:format"),
            ("/sources", json!({"name": "x"}), "422 invalid_value connection:required"),
            (
                "/sources",
                json!({"name": "x", "connection": {"kind": "file", "path": "../etc/passwd", "format": "csv"}}),
                "422 invalid_value connection.path:format",
            ),
            (
                "/sources",
                json!({"name": "x", "schedule": "0 25 * * *",
                    "connection": {"kind": "file", "path": "people.csv", "format": "csv"}}),
                "422 invalid_value schedule:format",
            ),
        ] {
            let refused = office.ask(Method::POST, path, Some(body.clone())).await;
            assert_eq!(refused.problem(), problem, "{path} {body}");
        }
        let contacts = office.ask(Method::GET, "/contacts", None).await;
        assert_eq!(contacts.json["items"], json!([]));
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

        let refused = office.patch(&format!("/groups/{top}"), "1", json!({"parent": below})).await;
        let renamed = office.patch(&format!("/groups/{top}"), "1", json!({"name": "Other"})).await;

        assert_eq!(refused.problem(), "422 invalid_value parent:cycle");
        assert_eq!(renamed.problem(), "422 invalid_value name:fixed");
    }

    async fn bodies_that_cannot_be_read_are_refused(db: TestDatabase) {
        let office = Office::open(db).await;
        let json = [("content-type", "application/json")];
        let large = format!("{{\"display_name\":\"{}\"}}", "x".repeat(10 << 20));
        let deep = "[".repeat(100_000);
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
