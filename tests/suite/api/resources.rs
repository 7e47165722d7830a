//! Every other kind of object: made, shown, listed, changed, removed.

use std::time::Duration;

use directory_model::id::RunId;
use directory_model::rights::{Role, Scope};
use directory_model::run::{RunExtent, Trigger};
use directory_store::sync_runs::{self, Start};
use http::Method;
use serde_json::{Value, json};
use suite::app::As;
use suite::on_each_backend;

use super::Office;

on_each_backend! {
    async fn every_list_that_offers_a_search_searches(db: TestDatabase) {
        let office = Office::open(db).await;
        let user = office.make("/users", json!({"name": "koenig", "last_name": "König"})).await;
        let scope = json!({"kind": "tenant", "id": office.tenant});
        let file = json!({"kind": "file", "path": "people.csv", "format": "csv"});
        let until = "2026-12-01T00:00:00Z";
        let source = json!({"name": "König file", "connection": file});
        for (list, body) in [
            ("/contacts", json!({"display_name": "Anna König"})),
            ("/sites", json!({"name": "König site"})),
            ("/groups", json!({"name": "König group"})),
            ("/domains", json!({"title": "König web", "hosts": ["www.x.org"]})),
            ("/publications", json!({"title": "König page"})),
            ("/sources", source),
            ("/grants", json!({"user": user, "role": "agent", "scope": scope})),
            ("/tokens", json!({"user": user, "name": "König's robot", "role": "agent", "scope": scope, "expires_at": until})),
        ] {
            let made = office.make(list, body).await;
            let ids = async |q: &str| {
                let found = office.ask(Method::GET, &format!("{list}?q={q}"), None).await;
                let items = found.json["items"].as_array().unwrap_or_else(|| panic!("{list}: {}", found.json)).clone();
                items.iter().filter_map(|item| item["id"].as_str()).map(str::to_owned).collect::<Vec<_>>()
            };
            assert!(ids("KONIG").await.contains(&made), "{list}");
            for nothing in ["nobody", "konig+nobody", "k%25g", "k_nig"] {
                assert_eq!(ids(nothing).await, Vec::<String>::new(), "{list}?q={nothing}");
            }
        }
        let runs = office.ask(Method::GET, "/runs?q=anna", None).await;
        assert_eq!(runs.problem(), "400 malformed_request", "where nothing is searched, nobody is told that it is");
        let of_user = office.ask(Method::GET, &format!("/audit?q={user}"), None).await;
        let objects: Vec<_> = of_user.json["items"].as_array().expect("items").iter().map(|item| item["object"].clone()).collect();
        assert_eq!(objects, [json!(user)]);
    }

    async fn each_kind_of_object_is_made_shown_listed_changed_and_removed(db: TestDatabase) {
        let office = Office::open(db).await;
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

    async fn secrets_go_in_and_never_come_out(db: TestDatabase) {
        let office = Office::open(db).await;
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

    async fn keys_are_rotated_and_the_trail_says_who_did_it(db: TestDatabase) {
        let office = Office::open(db).await;
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

    async fn runs_are_started_approved_and_cancelled_by_synchronization(db: TestDatabase) {
        let office = Office::open(db).await;
        let file = json!({"kind": "file", "path": "people.csv", "format": "csv"});
        let source = office.make("/sources", json!({"name": "HR", "connection": file})).await;

        let refused = office.ask(Method::POST, &format!("/sources/{source}/runs"), None).await;

        assert_eq!(refused.problem(), "409 not_possible_now");
        let asked = office.gateway.sync.asked.lock().expect("a lock").clone();
        assert_eq!(asked, [format!("start {source}")]);
    }

    async fn what_a_run_is_to_do_is_understood_as_a_whole_or_refused(db: TestDatabase) {
        let office = Office::open(db).await;
        let file = json!({"kind": "file", "path": "people.csv", "format": "csv"});
        let source = office.make("/sources", json!({"name": "HR", "connection": file})).await;
        let one = format!("/sources/{source}/runs");

        for (path, query, problem) in [
            (&*one, "extent=changes&is_preview=true", "409 not_possible_now"),
            (&one, "is_preview=yes", "400 malformed_request"),
            (&one, "extent=some", "400 malformed_request"),
            (&one, "extent=whole&extent=changes", "400 malformed_request"),
            (&one, "extent=whole&is_dry=true", "400 malformed_request"),
            ("/runs", "extent=some", "400 malformed_request"),
            ("/runs", "is_preview=true", "400 malformed_request"),
        ] {
            let answer = office.ask(Method::POST, &format!("{path}?{query}"), None).await;
            assert_eq!(answer.problem(), problem, "{path}?{query}");
        }
    }

    async fn grants_are_listed_by_the_kind_of_their_scope(db: TestDatabase) {
        let office = Office::open(db).await;
        let site = office.make("/sites", json!({"name": "Berlin"})).await;
        let user = office.make("/users", json!({"name": "anna"})).await;
        let given = json!({"user": user, "role": "site", "scope": {"kind": "site", "id": site}});
        let grant = office.make("/grants", given).await;

        let on = async |query: &str| office.ask(Method::GET, &format!("/grants?{query}"), None).await;
        let ids = async |query: &str| {
            let items = on(query).await.json["items"].as_array().expect("items").clone();
            items.into_iter().map(|one| one["id"].clone()).collect::<Vec<_>>()
        };

        assert_eq!(ids("scope=site").await, [json!(grant)]);
        assert_eq!(ids("scope=site&q=anna").await, [json!(grant)]);
        assert_eq!(ids("scope=group").await, Vec::<Value>::new());
        assert!(!ids("scope=tenant").await.contains(&json!(grant)));
        assert_eq!(on("scope=somewhere").await.problem(), "400 malformed_request");
    }

    async fn a_run_that_is_asked_for_again_is_started_once(db: TestDatabase) {
        let office = Office::open(db).await;
        let file = json!({"kind": "file", "path": "people.csv", "format": "csv"});
        let source = office.make("/sources", json!({"name": "HR", "connection": file})).await;
        let runs = office.at(&format!("/sources/{source}/runs"));
        let ask = async |who: &As, key: &str, body: Option<&Value>| {
            office.gateway.ask_with(who, Method::POST, &runs, &[("idempotency-key", key)], body).await
        };
        let refused = ask(&office.admin, "a", None).await;
        assert_eq!(refused.problem(), "409 not_possible_now", "synchronization is switched off");
        *office.gateway.sync.run.lock().expect("a lock") = Some(begin(&office, &source).await);

        let first = ask(&office.admin, "a", None).await;
        let again = ask(&office.admin, "a", None).await;

        assert_eq!(first.status, 201, "what was refused is not remembered: {}", first.json);
        assert_eq!((again.status, &again.bytes), (first.status, &first.bytes));
        for header in ["location", "etag", "content-type"] {
            assert!(!first.header(header).is_empty() && again.header(header) == first.header(header), "{header}");
        }
        let asked = || office.gateway.sync.asked.lock().expect("a lock").len();
        assert_eq!(asked(), 2, "the refused one and the first");
        let other = ask(&office.admin, "a", Some(&json!({"is_dry": true}))).await;
        assert_eq!(other.problem(), "422 invalid_value Idempotency-Key:format");
        assert_eq!(ask(&office.admin, "", None).await.problem(), "422 invalid_value Idempotency-Key:format");
        assert_eq!(asked(), 2);
        let scope = Scope::Tenant(office.tenant);
        let colleague = office.gateway.token(office.tenant, "colleague", Role::Site, scope).await;
        assert_eq!(ask(&colleague, "a", None).await.status, 201, "somebody else's key is another one");
        office.db.clock.advance(Duration::from_hours(24));
        assert_eq!(ask(&office.admin, "a", None).await.status, 201);
        assert_eq!(asked(), 4);
    }
}

/// A run that is recorded, for a gateway whose synchronization only pretends.
async fn begin(office: &Office, source: &str) -> RunId {
    let source = source.parse().expect("an identity");
    match office
        .db
        .write(office.tenant, move |tx| sync_runs::start(tx, source, Trigger::Manual, RunExtent::Whole))
        .await
    {
        Start::Started(run) => run.id,
        other => panic!("{other:?}"),
    }
}
