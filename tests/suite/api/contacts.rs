//! Contacts, end to end.

use http::Method;
use serde_json::json;
use suite::on_each_backend;

use super::Office;

on_each_backend! {
    async fn a_contact_is_made_read_changed_and_removed(db: TestDatabase) {
        let office = Office::open(db).await;

        let made =
            office.ask(Method::POST, "/contacts", Some(json!({"display_name": "Anna Berg", "sip": "anna@x.org"}))).await;
        let path = format!("/contacts/{}", made.id::<String>());
        assert_eq!((made.status.as_u16(), made.header("location")), (201, office.at(&path).as_str()));
        assert_eq!(made.json["sip"], "sip:anna@x.org");

        let read = office.ask(Method::GET, &path, None).await;
        assert_eq!((read.header("etag"), &read.json), ("\"1\"", &made.json));

        let without = office.ask(Method::PATCH, &path, Some(json!({"job_title": "Head"}))).await;
        assert_eq!(without.problem(), "428 precondition_required");
        let changed = office.patch(&path, "1", json!({"job_title": "Head", "sip": null})).await;
        assert_eq!((changed.header("etag"), &changed.json["job_title"]), ("\"2\"", &json!("Head")));
        assert_eq!((&changed.json["sip"], &changed.json["display_name"]), (&json!(null), &json!("Anna Berg")));
        let stale = office.patch(&path, "1", json!({"job_title": "Boss"})).await;
        assert_eq!(stale.problem(), "412 changed_meanwhile");

        let gone = office.ask(Method::DELETE, &path, None).await;
        assert_eq!(gone.status, 204);
        assert_eq!(office.ask(Method::GET, &path, None).await.problem(), "404 not_found");
    }

    async fn an_address_belongs_to_one_contact_and_the_refusal_names_it(db: TestDatabase) {
        let office = Office::open(db).await;
        let anna = json!({"display_name": "Anna Berg", "sip": "anna@x.org", "mail": "a@x.org", "skype": "live:anna"});
        office.make("/contacts", anna).await;

        for (body, detail) in [
            (json!({"display_name": "B", "sip": "SIP:Anna@X.org"}), "Contact with the same SIP: Anna Berg already exists."),
            (json!({"display_name": "B", "mail": "A@x.org"}), "Contact with the same Mail: Anna Berg already exists."),
            (json!({"display_name": "B", "skype": "Live:Anna"}), "Contact with the same Skype: Anna Berg already exists."),
        ] {
            let refused = office.ask(Method::POST, "/contacts", Some(body)).await;
            assert_eq!((refused.problem().as_str(), &refused.json["detail"]), ("409 already_exists", &json!(detail)));
        }
    }

    async fn a_list_is_paged_in_order_and_searched_without_accents(db: TestDatabase) {
        let office = Office::open(db).await;
        for name in ["Émile Zola", "Anna Berg", "Bernd Müller", "Änne Zorn", "Zoe Ünal"] {
            office.make("/contacts", json!({"display_name": name})).await;
        }

        let mut seen = Vec::new();
        let mut path = "/contacts?limit=2".to_owned();
        loop {
            let page = office.ask(Method::GET, &path, None).await;
            let items = page.json["items"].as_array().expect("items");
            seen.extend(items.iter().map(|item| item["shown_name"].as_str().expect("a name").to_owned()));
            let Some(next) = page.json["next"].as_str() else { break };
            path = format!("/contacts?limit=2&after={next}");
        }
        assert_eq!(seen, ["Anna Berg", "Änne Zorn", "Bernd Müller", "Émile Zola", "Zoe Ünal"]);

        let found = office.ask(Method::GET, "/contacts?q=MULLER%20bern", None).await;
        assert_eq!(found.json["items"].as_array().map(Vec::len), Some(1));
        for path in ["/contacts?limit=0", "/contacts?limit=501", "/contacts?after=nonsense"] {
            assert!(office.ask(Method::GET, path, None).await.problem().starts_with("422 invalid_value"), "{path}");
        }
    }

    async fn a_removed_contact_leaves_its_groups_and_publications(db: TestDatabase) {
        let office = Office::open(db).await;
        let anna = office.make("/contacts", json!({"display_name": "Anna"})).await;
        let group = office.make("/groups", json!({"name": "Sales"})).await;
        let publication = office.make("/publications", json!({"title": "Page"})).await;
        let member = format!("/groups/{group}/members/{anna}");
        let entries = format!("/publications/{publication}/entries");
        assert_eq!(office.ask(Method::PUT, &member, None).await.status, 204);
        let shown = json!({"entries": [{"contact": anna}, {"group": group}]});
        assert_eq!(office.ask(Method::PUT, &entries, Some(shown.clone())).await.json, shown);

        office.ask(Method::DELETE, &format!("/contacts/{anna}"), None).await;

        let members = office.ask(Method::GET, &format!("/groups/{group}/members"), None).await;
        assert_eq!(members.json["items"], json!([]));
        assert_eq!(office.ask(Method::GET, &entries, None).await.json, json!({"entries": [{"group": group}]}));
    }

    async fn a_malformed_identity_is_a_missing_object(db: TestDatabase) {
        let office = Office::open(db).await;
        let mut answers = Vec::new();
        for id in ["x", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "..%2F..", "%00", "ß"] {
            let path = format!("/contacts/{}", id.replace('ß', "%C3%9F"));
            let mut answer = office.ask(Method::GET, &path, None).await;
            answer.json["instance"] = json!(null);
            answers.push((answer.status, answer.json));
        }

        assert!(answers.iter().all(|answer| *answer == answers[0] && answer.0 == 404), "{answers:?}");
    }
}
