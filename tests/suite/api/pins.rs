//! Synchronised fields that are kept as they stand.

use directory_model::clock::Clock;
use directory_model::contact::{ContactFields, Provenance, SyncedField};
use directory_model::record::MappedRecord;
use directory_model::run::{RunAction, RunEntry, RunExtent, Trigger};
use directory_model::valid::Check;
use directory_store::contacts::synced::{Batch, ContactWrite, write_batch};
use directory_store::source_records::RecordWrite;
use directory_store::sync_runs::{self, Start};
use http::Method;
use serde_json::{Value, json};
use suite::app::Answer;
use suite::on_each_backend;

use super::Office;

/// A contact with company `Acme` of the source, which meanwhile said that it is `Umbrella`.
async fn synchronized(office: &Office) -> (String, String) {
    let file = json!({"kind": "file", "path": "people.csv", "format": "csv"});
    let source = office.make("/sources", json!({"name": "HR", "connection": file})).await;
    let (source_id, at) = (source.parse().expect("an identity"), office.db.clock.now());
    let fields = ContactFields {
        mail: Some("anna@x.org".into()),
        company: Some("Acme".into()),
        office: Some("B1".into()),
        ..ContactFields::default()
    };
    let said = ContactFields { company: Some("Umbrella".into()), office: None, ..fields.clone() };
    let fields = fields.check().expect("valid");
    let writing = office.db.write(office.tenant, move |tx| {
        let Start::Started(run) = sync_runs::start(tx, source_id, Trigger::Manual, RunExtent::Whole)? else {
            panic!("the run starts")
        };
        let from = Provenance { source: Some(source_id), run: Some(run.id), at, is_pinned: false };
        let provenance =
            [SyncedField::Mail, SyncedField::Company, SyncedField::Office].map(|field| (field, from.clone()));
        let record = RecordWrite {
            external_id: b"1".to_vec(),
            locator: "people.csv:2".into(),
            mapped: Box::new(MappedRecord { synced: said, ..MappedRecord::default() }),
            digest: [0; 16],
            is_extra: false,
        };
        let provenance = provenance.into_iter().collect();
        let write =
            ContactWrite { before: None, fields, disabled_by: None, provenance, record: Some(record), entry: 0 };
        let (number, action, locator) = (1, RunAction::Create, "people.csv:2".to_owned());
        let entry = RunEntry { number, action, locator, contact: None, changes: Vec::new(), reason: None };
        write_batch(tx, &run, Batch { writes: vec![write], entries: vec![entry], ..Batch::default() })
    });
    writing.await;
    let listed = office.ask(Method::GET, "/contacts", None).await;
    (listed.json["items"][0]["id"].as_str().expect("a contact").to_owned(), source)
}

async fn pin(office: &Office, method: Method, contact: &str, field: &str, revision: i64) -> Answer {
    let (path, tag) = (office.at(&format!("/contacts/{contact}/pins/{field}")), format!("\"{revision}\""));
    office.gateway.ask_with(&office.admin, method, &path, &[("if-match", &tag)], None).await
}

async fn last_audit(office: &Office) -> Value {
    let audit = office.ask(Method::GET, "/audit", None).await;
    audit.json["items"][0]["changes"].clone()
}

on_each_backend! {
    async fn a_pinned_field_is_let_go_to_what_its_source_said_last(db: TestDatabase) {
        let office = Office::open(db).await;
        let (anna, source) = synchronized(&office).await;

        let pinned = pin(&office, Method::PUT, &anna, "company", 1).await;
        assert_eq!((pinned.status.as_u16(), pinned.header("etag")), (200, "\"2\""));
        assert_eq!(pinned.json["provenance"]["company"]["is_pinned"], true);
        assert_eq!((&pinned.json["company"], &pinned.json["provenance"]["company"]["source"]), (&json!("Acme"), &json!(source)));
        assert_eq!(last_audit(&office).await, json!({"pinned": [null, "company"]}));
        let changes = office.ask(Method::GET, "/changes?after=0", None).await;
        let again = pin(&office, Method::PUT, &anna, "company", 2).await;
        assert_eq!(again.header("etag"), "\"2\"", "it is pinned already");

        let freed = pin(&office, Method::DELETE, &anna, "company", 2).await;
        assert_eq!((&freed.json["company"], freed.header("etag")), (&json!("Umbrella"), "\"3\""));
        let provenance = &freed.json["provenance"]["company"];
        let at = office.db.clock.now();
        assert_eq!(*provenance, json!({"source": source, "run": null, "at": at, "is_pinned": false}));
        assert_eq!(last_audit(&office).await, json!({"pinned": ["company", null], "company": ["Acme", "Umbrella"]}));
        let after = office.ask(Method::GET, "/changes?after=0", None).await;
        assert_ne!(changes.json, after.json, "those who follow the changes learn of it");
    }

    async fn a_pin_on_what_the_source_does_not_say_is_let_go_to_nothing(db: TestDatabase) {
        let office = Office::open(db).await;
        let (anna, _) = synchronized(&office).await;

        pin(&office, Method::PUT, &anna, "office", 1).await;
        let freed = pin(&office, Method::DELETE, &anna, "office", 2).await;

        assert_eq!((&freed.json["office"], &freed.json["provenance"]["office"]), (&json!(null), &json!(null)));
    }

    async fn a_value_entered_by_hand_can_be_pinned_and_keeps_its_pin_when_it_is_edited(db: TestDatabase) {
        let office = Office::open(db).await;
        let (anna, source) = synchronized(&office).await;
        let path = format!("/contacts/{anna}");

        office.patch(&path, "1", json!({"company": "By hand"})).await;
        let pinned = pin(&office, Method::PUT, &anna, "company", 2).await;
        assert_eq!(pinned.json["provenance"]["company"]["source"], json!(null));
        let edited = office.patch(&path, "3", json!({"company": "Again"})).await;
        assert_eq!(edited.json["provenance"]["company"]["is_pinned"], true);
        let freed = pin(&office, Method::DELETE, &anna, "company", 4).await;

        assert_eq!((&freed.json["company"], &freed.json["provenance"]["company"]["source"]), (&json!("Umbrella"), &json!(source)));
        let unpinned_again = pin(&office, Method::DELETE, &anna, "company", 5).await;
        assert_eq!(unpinned_again.header("etag"), "\"5\"", "there is nothing to let go");
    }

    async fn an_address_that_is_taken_meanwhile_stays_pinned(db: TestDatabase) {
        let office = Office::open(db).await;
        let (anna, _) = synchronized(&office).await;
        let path = format!("/contacts/{anna}");
        pin(&office, Method::PUT, &anna, "mail", 1).await;
        office.patch(&path, "2", json!({"mail": "other@x.org"})).await;
        office.make("/contacts", json!({"display_name": "Ben", "mail": "anna@x.org"})).await;

        let refused = pin(&office, Method::DELETE, &anna, "mail", 3).await;

        assert_eq!(refused.json["detail"], "Contact with the same Mail: Ben already exists.");
        let shown = office.ask(Method::GET, &path, None).await;
        assert_eq!((&shown.json["mail"], &shown.json["provenance"]["mail"]["is_pinned"]), (&json!("other@x.org"), &json!(true)));
    }

    async fn pins_need_the_revision_and_a_synchronised_field(db: TestDatabase) {
        let office = Office::open(db).await;
        let (anna, _) = synchronized(&office).await;
        let at = |field: &str| office.at(&format!("/contacts/{anna}/pins/{field}"));

        let untagged = office.gateway.ask(&office.admin, Method::PUT, &at("company"), None).await;
        assert_eq!(untagged.problem(), "428 precondition_required");
        assert_eq!(pin(&office, Method::PUT, &anna, "company", 7).await.problem(), "412 changed_meanwhile");
        for field in ["sip", "first_name", "Company", "x"] {
            assert_eq!(pin(&office, Method::PUT, &anna, field, 1).await.problem(), "404 not_found", "{field}");
        }
    }
}
