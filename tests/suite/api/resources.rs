//! Every other kind of object: made, shown, listed, changed, removed.

use http::Method;
use serde_json::{Value, json};

use super::Office;

#[tokio::test]
async fn each_kind_of_object_is_made_shown_listed_changed_and_removed() {
    let office = Office::open().await;
    let file = json!({"kind": "file", "path": "people.csv", "format": "csv"});
    for (path, body, patch) in [
        ("/sites", json!({"name": "Berlin"}), json!({"city": "Berlin"})),
        ("/groups", json!({"name": "Sales"}), json!({})),
        ("/domains", json!({"title": "Web", "hosts": ["www.x.org"]}), json!({"is_http_allowed": true})),
        ("/publications", json!({"title": "Page"}), json!({"is_enabled": false})),
        ("/users", json!({"name": "bernd"}), json!({"first_name": "Bernd"})),
        ("/sources", json!({"name": "HR", "connection": file}), json!({"schedule": null})),
    ] {
        let object = format!("{path}/{}", office.make(path, body.clone()).await);

        let shown = office.ask(Method::GET, &object, None).await;
        let listed = office.ask(Method::GET, path, None).await;
        assert!(listed.json["items"].as_array().expect("items").contains(&shown.json), "{path}");
        let changed = office.patch(&object, "1", patch.clone()).await;
        assert_eq!(changed.status, 200, "{path} {}", changed.json);
        let differs = |(field, value): (&String, &Value)| changed.json[field] != *value;
        assert!(!patch.as_object().expect("a patch").iter().any(differs), "{path} {}", changed.json);
        let again = office.ask(Method::POST, path, Some(body)).await;
        assert_eq!(again.problem(), "409 already_exists", "{path}");
        assert_eq!(office.ask(Method::DELETE, &object, None).await.status, 204, "{path}");
        assert_eq!(office.ask(Method::GET, &object, None).await.problem(), "404 not_found", "{path}");
    }
}

#[tokio::test]
async fn secrets_go_in_and_never_come_out() {
    let office = Office::open().await;
    let ldap = json!({"kind": "ldap", "url": "ldaps://dc.x.org", "base_dn": "dc=x", "bind_dn": "cn=reader"});
    let source = format!("/sources/{}", office.make("/sources", json!({"name": "AD", "connection": ldap})).await);

    let set = office.ask(Method::PUT, &format!("{source}/secret"), Some(json!({"secret": "hunter2"}))).await;

    assert_eq!(set.status, 204);
    let shown = office.ask(Method::GET, &source, None).await;
    assert_eq!(shown.json["secret"], "present");
    let audit = office.ask(Method::GET, "/audit", None).await;
    for answer in [shown, audit] {
        assert!(!String::from_utf8_lossy(&answer.bytes).contains("hunter2"), "{}", answer.json);
    }
}

#[tokio::test]
async fn keys_are_rotated_and_the_trail_says_who_did_it() {
    let office = Office::open().await;
    let page = format!("/publications/{}", office.make("/publications", json!({"title": "Page"})).await);
    let before = office.ask(Method::GET, &page, None).await.json["key"].clone();

    let after = office.ask(Method::POST, &format!("{page}/key/rotate"), None).await;

    assert_ne!(after.json["key"], before);
    let entry = office.ask(Method::GET, "/audit?limit=1", None).await.json["items"][0].clone();
    assert_eq!(
        (&entry["act"], &entry["kind"], &entry["actor"]["kind"]),
        (&json!("rotate"), &json!("publication"), &json!("token"))
    );
    let changes = office.ask(Method::GET, "/changes?after=0", None).await;
    assert_eq!(
        changes.json["items"].as_array().and_then(|all| all.last()).map(|last| &last["object"]),
        Some(&after.json["id"])
    );
}

#[tokio::test]
async fn runs_are_started_approved_and_cancelled_by_synchronization() {
    let office = Office::open().await;
    let file = json!({"kind": "file", "path": "people.csv", "format": "csv"});
    let source = office.make("/sources", json!({"name": "HR", "connection": file})).await;

    let refused = office.ask(Method::POST, &format!("/sources/{source}/runs"), None).await;

    assert_eq!(refused.problem(), "409 not_possible_now");
    let asked = office.gateway.sync.asked.lock().expect("a lock").clone();
    assert_eq!(asked, [format!("start {source}")]);
}
