//! The list of contacts: its filters, its count, and how who left it comes back.

use std::time::Duration;

use directory_model::clock::Clock;
use directory_store::{avatars, contacts};
use http::Method;
use serde_json::{Value, json};
use suite::on_each_backend;
use suite::picture::png;

use super::Office;
use super::avatars::upload;

/// The names of all contacts that a list with `query` holds, read in pages of two.
async fn names(office: &Office, query: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut path = format!("/contacts?limit=2&{query}");
    loop {
        let page = office.ask(Method::GET, &path, None).await;
        let items = page.json["items"].as_array().unwrap_or_else(|| panic!("{query}: {}", page.json));
        names.extend(items.iter().map(|item| item["shown_name"].as_str().expect("a name").to_owned()));
        let Some(next) = page.json["next"].as_str() else { return names };
        path = format!("/contacts?limit=2&{query}&after={next}");
    }
}

async fn count(office: &Office, query: &str) -> Value {
    office.ask(Method::GET, &format!("/contacts/count?{query}"), None).await.json["count"].clone()
}

on_each_backend! {
    async fn a_list_is_narrowed_by_what_contacts_are(db: TestDatabase) {
        let office = Office::open(db).await;
        let site = office.make("/sites", json!({"name": "Graz"})).await;
        let other = office.make("/sites", json!({"name": "Wien"})).await;
        let group = office.make("/groups", json!({"name": "Sales"})).await;
        let anna = office.make("/contacts", json!({"display_name": "Anna", "home_site": site, "is_hybrid": true})).await;
        office.make("/contacts", json!({"display_name": "Bea", "home_site": other, "is_vcard_enabled": true})).await;
        office.make("/contacts", json!({"display_name": "Cleo", "home_site": site, "is_disabled": true})).await;
        let desk = office.make("/contacts", json!({"display_name": "Desk", "is_ucma_endpoint": true})).await;
        for member in [&anna, &desk] {
            let path = format!("/groups/{group}/members/{member}");
            assert_eq!(office.ask(Method::PUT, &path, None).await.status, 204);
        }
        let root = office.ask(Method::GET, &format!("/sites/{site}"), None).await.json["root_group"].clone();
        let root = root.as_str().expect("a group");

        for (query, found) in [
            (String::new(), vec!["Anna", "Bea", "Cleo", "Desk"]),
            (format!("site={site}"), vec!["Anna", "Cleo"]),
            (format!("site={site}&is_disabled=false"), vec!["Anna"]),
            (format!("group={group}"), vec!["Anna", "Desk"]),
            (format!("group={root}"), vec!["Anna", "Cleo"]),
            (format!("group={group}&kind=service"), vec!["Desk"]),
            ("kind=person&is_hybrid=false".to_owned(), vec!["Bea", "Cleo"]),
            ("is_vcard_enabled=true".to_owned(), vec!["Bea"]),
            ("source=none".to_owned(), vec!["Anna", "Bea", "Cleo", "Desk"]),
            ("source=none&q=ann".to_owned(), vec!["Anna"]),
            (format!("source={site}"), vec![]),
            ("site=01ARZ3NDEKTSV4RRFFQ69G5FAV".to_owned(), vec![]),
        ] {
            assert_eq!(names(&office, &query).await, found, "{query}");
            assert_eq!(count(&office, &query).await, json!(found.len()), "{query}");
        }
    }

    async fn a_list_by_state_holds_who_shows_it_now(db: TestDatabase) {
        let office = Office::open(db).await;
        for (name, state) in [("Anna", "busy"), ("Bea", "away"), ("Cleo", "busy"), ("Dora", "busy"), ("Eva", "")] {
            let id = office.make("/contacts", json!({"display_name": name})).await;
            if !state.is_empty() {
                let path = format!("/contacts/{id}/presence/manual");
                let set = office.ask(Method::PUT, &path, Some(json!({"availability": state}))).await;
                assert_eq!(set.status, 204);
            }
        }
        let off = office.make("/contacts", json!({"display_name": "Finn", "is_disabled": true})).await;
        let path = format!("/contacts/{off}/presence/manual");
        office.ask(Method::PUT, &path, Some(json!({"availability": "busy"}))).await;

        for (query, found) in [
            ("state=busy", vec!["Anna", "Cleo", "Dora"]),
            ("state=busy,away&q=a", vec!["Anna", "Bea", "Dora"]),
            ("state=unknown", vec!["Eva"]),
            ("state=offline", vec![]),
        ] {
            assert_eq!(names(&office, query).await, found, "{query}");
            assert_eq!(count(&office, query).await, Value::Null, "{query}");
        }
        for query in ["state=happy", "state=busy&is_disabled=true", "kind=robot", "group=x", "is_hybrid=yes"] {
            let refused = office.ask(Method::GET, &format!("/contacts?{query}"), None).await;
            assert!(refused.problem().starts_with("422 invalid_value"), "{query}: {}", refused.problem());
        }
        let unknown = office.ask(Method::GET, "/contacts?colour=red", None).await;
        assert!(unknown.problem().starts_with("400"), "{}", unknown.problem());
    }

    async fn a_removed_contact_comes_back_as_it_was(db: TestDatabase) {
        let office = Office::open(db).await;
        let site = office.make("/sites", json!({"name": "Graz"})).await;
        let body = json!({"display_name": "Anna", "sip": "anna@x.org", "home_site": site, "job_title": "Head"});
        let anna = office.make("/contacts", body).await;
        let (group, gone) =
            (office.make("/groups", json!({"name": "Sales"})).await, office.make("/groups", json!({"name": "Old"})).await);
        let publication = office.make("/publications", json!({"title": "Page"})).await;
        for group in [&group, &gone] {
            office.ask(Method::PUT, &format!("/groups/{group}/members/{anna}"), None).await;
        }
        let entries = format!("/publications/{publication}/entries");
        let shown = json!({"entries": [{"group": group}, {"contact": anna}]});
        office.ask(Method::PUT, &entries, Some(shown.clone())).await;
        let path = format!("/contacts/{anna}");
        let given = upload(&office, &format!("{path}/avatars"), "image/png", &png([9, 9, 9])).await;
        assert_eq!(given.status, 201, "{}", given.json);
        let before = office.ask(Method::GET, &path, None).await.json;
        assert_eq!(office.ask(Method::DELETE, &path, None).await.status, 204);
        office.ask(Method::DELETE, &format!("/groups/{gone}"), None).await;
        let later = office.db.clock.now().plus(Duration::from_hours(100));
        office.db.database.write_unnumbered(move |conn| avatars::sweep(conn, later)).await.expect("swept");

        let restore = format!("/removed_contacts/{anna}/restore");
        let restored = office.ask(Method::POST, &restore, None).await;

        assert_eq!((restored.status.as_u16(), restored.header("location")), (201, office.at(&path).as_str()));
        let unlike = |mut contact: Value| {
            for field in ["revision", "updated_at"] {
                contact[field] = Value::Null;
            }
            contact
        };
        assert_eq!(unlike(restored.json.clone()), unlike(before));
        assert_eq!(office.ask(Method::GET, &entries, None).await.json, shown);
        assert_eq!(names(&office, &format!("group={group}")).await, ["Anna"]);
        let pictures = office.ask(Method::GET, &format!("{path}/avatars"), None).await;
        assert_eq!(pictures.json["items"].as_array().map(Vec::len), Some(1), "{}", pictures.json);
        let url = pictures.json["items"][0]["url"].as_str().expect("an address");
        assert_eq!(office.gateway.ask(&office.admin, Method::GET, url, None).await.status, 200);
        assert_eq!(office.ask(Method::POST, &restore, None).await.problem(), "404 not_found");
    }

    async fn nobody_comes_back_over_another_or_after_a_month(db: TestDatabase) {
        let office = Office::open(db).await;
        let anna = office.make("/contacts", json!({"display_name": "Anna", "sip": "anna@x.org"})).await;
        office.ask(Method::DELETE, &format!("/contacts/{anna}"), None).await;
        let other = office.make("/contacts", json!({"display_name": "Annabel", "sip": "anna@x.org"})).await;
        let restore = format!("/removed_contacts/{anna}/restore");

        let refused = office.ask(Method::POST, &restore, None).await;
        office.ask(Method::DELETE, &format!("/contacts/{other}"), None).await;
        let later = office.db.clock.now().plus(Duration::from_hours(24 * 31));
        office.db.database.write_unnumbered(move |conn| contacts::purge_removed(conn, later)).await.expect("purged");

        let detail = "Contact with the same SIP: Annabel already exists.";
        assert_eq!((refused.problem().as_str(), &refused.json["detail"]), ("409 already_exists", &json!(detail)));
        assert_eq!(office.ask(Method::POST, &restore, None).await.problem(), "404 not_found");
    }
}
