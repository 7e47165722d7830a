//! Groups that mirror those of a source: shown to everybody, changed by nobody who asks.

use directory_model::run::{Counts, RunExtent, Trigger};
use directory_store::groups::synced::{GroupAct, GroupChange, write_batch};
use directory_store::sync_runs::{self, Start};
use http::Method;
use serde_json::json;
use suite::on_each_backend;

use super::Office;

/// Mirrors a group of the source, as a run does.
async fn mirror(office: &Office, source: &str, name: &str) {
    let (source, name) = (source.parse().expect("an identity"), name.to_owned());
    let writing = office.db.write(office.tenant, move |tx| {
        let Start::Started(run) = sync_runs::start(tx, source, Trigger::Manual, RunExtent::Whole)? else {
            panic!("the run starts")
        };
        let change = GroupChange { external_id: b"1".into(), locator: "cn=1".into(), act: GroupAct::Create(name) };
        write_batch(tx, &run, vec![change], &mut Counts::default())
    });
    writing.await;
}

on_each_backend! {
    async fn a_mirrored_group_is_shown_and_refuses_every_change_in_one_way(db: TestDatabase) {
        let office = Office::open(db).await;
        let ldap = json!({"kind": "ldap", "url": "ldaps://dc.x.org", "base_dn": "dc=x", "group_filter": "(cn=*)"});
        let source = office.make("/sources", json!({"name": "Head office", "connection": ldap})).await;
        mirror(&office, &source, "Sales").await;
        let contact = office.make("/contacts", json!({"display_name": "Anna"})).await;
        let user = office.make("/users", json!({"name": "somebody"})).await;
        let own = office.make("/groups", json!({"name": "Own"})).await;

        let listed = office.ask(Method::GET, "/groups", None).await;
        let find = |name: &str| {
            let items = listed.json["items"].as_array().expect("items");
            items.iter().find(|group| group["name"] == name).unwrap_or_else(|| panic!("{name}")).clone()
        };
        let (node, sales) = (find("Head office"), find("Sales"));
        assert_eq!((&node["synced_from"], &sales["synced_from"]), (&json!(source), &json!(source)));
        assert_eq!(sales["parent"], node["id"]);

        for group in [node, sales] {
            let id = group["id"].as_str().expect("an identity");
            let (at, scope) = (format!("/groups/{id}"), json!({"kind": "group", "id": id}));
            let member = format!("{at}/members/{contact}");
            let token = json!({"user": user, "name": "t", "role": "group", "scope": scope,
                "expires_at": "2026-12-01T00:00:00Z"});
            let granted = json!({"user": user, "role": "group", "scope": scope});
            for (answer, field) in [
                (office.patch(&at, "1", json!({"name": "Other"})).await, "synced_from"),
                (office.ask(Method::DELETE, &at, None).await, "synced_from"),
                (office.ask(Method::PUT, &member, None).await, "contact"),
                (office.ask(Method::POST, "/groups", Some(json!({"name": "Below", "parent": id}))).await, "parent"),
                (office.patch(&format!("/groups/{own}"), "1", json!({"parent": id})).await, "parent"),
                (office.ask(Method::POST, "/grants", Some(granted)).await, "scope"),
                (office.ask(Method::POST, "/tokens", Some(token)).await, "scope"),
            ] {
                assert_eq!(answer.problem(), format!("422 invalid_value {field}:mirrored"), "{}", answer.json);
            }
            let shown = office.ask(Method::GET, &at, None).await;
            assert_eq!(shown.json, group);
        }

        // A publication may show it, and loses it with its source.
        let publication = format!("/publications/{}", office.make("/publications", json!({"title": "Team"})).await);
        let sales = find("Sales")["id"].clone();
        let entries = json!({"entries": [{"group": sales}]});
        let set = office.ask(Method::PUT, &format!("{publication}/entries"), Some(entries)).await;
        assert!(set.status.is_success(), "{}", set.json);
        assert_eq!(office.ask(Method::DELETE, &format!("/sources/{source}"), None).await.status, 204);
        let entries = office.ask(Method::GET, &format!("{publication}/entries"), None).await;
        assert_eq!(entries.json, json!({"entries": []}));
        let left = office.ask(Method::GET, "/groups", None).await;
        assert_eq!(left.json["items"].as_array().map(Vec::len), Some(1), "{}", left.json);
    }

    async fn a_group_base_needs_a_group_filter(db: TestDatabase) {
        let office = Office::open(db).await;
        let ldap = |filter: &str| {
            let base = "ou=groups,dc=x";
            json!({"name": "AD", "connection": {"kind": "ldap", "url": "ldaps://dc.x.org", "base_dn": "dc=x",
                "group_filter": filter, "group_base_dn": base}})
        };

        let refused = office.ask(Method::POST, "/sources", Some(ldap(" "))).await;
        let made = office.ask(Method::POST, "/sources", Some(ldap("(cn=*)"))).await;

        assert_eq!(refused.problem(), "422 invalid_value connection.group_base_dn:needs");
        assert_eq!(made.json["connection"]["group_filter"], "(cn=*)");
    }
}
