//! Contacts, end to end.

use std::collections::BTreeMap;

use directory_model::clock::Clock;
use directory_model::contact::{ContactFields, Provenance, SyncedField};
use directory_model::id::RunId;
use directory_model::run::{RunAction, RunEntry, RunExtent, Trigger};
use directory_model::valid::Check;
use directory_store::contacts::synced::{Batch, ContactWrite, write_batch};
use directory_store::sync_runs::{self, Start};
use http::Method;
use serde_json::{Value, json};
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

    async fn each_synchronized_field_says_where_it_came_from(db: TestDatabase) {
        let office = Office::open(db).await;
        let file = json!({"kind": "file", "path": "people.csv", "format": "csv"});
        let source = office.make("/sources", json!({"name": "HR", "connection": file})).await;
        let run = synchronize(&office, &source).await;

        let listed = office.ask(Method::GET, "/contacts", None).await;
        let path = format!("/contacts/{}", listed.json["items"][0]["id"].as_str().expect("a contact"));
        let shown = office.ask(Method::GET, &path, None).await;

        let at = office.db.clock.now();
        let from = |field: SyncedField| {
            let is_pinned = field == SyncedField::Office;
            (field.name(), json!({"source": source, "run": run, "at": at, "is_pinned": is_pinned}))
        };
        let all: BTreeMap<&str, Value> = SyncedField::ALL.into_iter().map(from).collect();
        assert_eq!(all.len(), 11);
        assert_eq!(shown.json["provenance"], json!(all));
        assert_eq!(listed.json["items"][0]["provenance"], json!(all));
        let changed = office.patch(&path, "1", json!({"job_title": "By hand", "first_name": "Anna"})).await;
        let left: BTreeMap<&str, Value> = all.into_iter().filter(|(field, _)| *field != "job_title").collect();
        assert_eq!(changed.json["provenance"], json!(left), "what is set by hand came from nowhere else");
    }
}

/// A run that makes one contact with all eleven fields, of which one is pinned.
async fn synchronize(office: &Office, source: &str) -> RunId {
    let (source, at) = (source.parse().expect("an identity"), office.db.clock.now());
    let mut fields = ContactFields { mail: Some("anna@x.org".into()), ..ContactFields::default() };
    for field in SyncedField::ALL.into_iter().filter(|field| *field != SyncedField::Mail) {
        *field.of_mut(&mut fields) = Some(format!("the {}", field.name()));
    }
    let fields = fields.check().expect("valid");
    let writing = office.db.write(office.tenant, move |tx| {
        let Start::Started(run) = sync_runs::start(tx, source, Trigger::Manual, RunExtent::Whole)? else {
            panic!("the run starts")
        };
        let from = |field| {
            let is_pinned = field == SyncedField::Office;
            (field, Provenance { source: Some(source), run: Some(run.id), at, is_pinned })
        };
        let provenance = SyncedField::ALL.into_iter().map(from).collect();
        let write = ContactWrite { before: None, fields, disabled_by: None, provenance, record: None, entry: 0 };
        let (number, action, locator) = (1, RunAction::Create, "cn=anna".to_owned());
        let entry = RunEntry { number, action, locator, contact: None, changes: Vec::new(), reason: None };
        write_batch(tx, &run, Batch { writes: vec![write], entries: vec![entry], ..Batch::default() })?;
        Ok(run.id)
    });
    writing.await
}
